/* UTF-8 by Unicode's table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
 * Inline, for the hot loops. */
#ifndef BASCULE_CORE_UTF8_H
#define BASCULE_CORE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

static inline bool utf8_follows(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* Length of the well-formed sequence at `at`, 0 if there is none before `end`; `at` is before
 * `end`. */
static inline size_t utf8_length(const unsigned char *at, const unsigned char *end)
{
	size_t left = (size_t)(end - at);
	unsigned char c = at[0];

	if (c < 0x80) {
		return 1;
	}
	if (c < 0xe0) {
		return c >= 0xc2 && left >= 2 && utf8_follows(at[1]) ? 2 : 0;
	}
	if (left < 3 || !utf8_follows(at[1]) || !utf8_follows(at[2])) {
		return 0;
	}
	if (c < 0xf0) {
		bool overlong = c == 0xe0 && at[1] < 0xa0;
		bool surrogate = c == 0xed && at[1] > 0x9f;
		return overlong || surrogate ? 0 : 3;
	}
	if (left < 4 || c > 0xf4 || !utf8_follows(at[3])) {
		return 0;
	}
	return (c == 0xf0 && at[1] < 0x90) || (c == 0xf4 && at[1] > 0x8f) ? 0 : 4;
}

/* Writes a code point that is no surrogate; returns the number of bytes. */
static inline size_t utf8_put(uint32_t code, char out[4])
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xe0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3f));
		out[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3f));
	out[2] = (char)(0x80 | (code >> 6 & 0x3f));
	out[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

#endif
