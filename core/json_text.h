/*
 * What the validator (json.c) and the readers (json_read.c) share about the text between two
 * quotes. Private to these two.
 */
#ifndef BASCULE_CORE_JSON_TEXT_H
#define BASCULE_CORE_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__) && !defined(JSON_NO_SSE2)
#include <emmintrin.h>
#define JSON_SSE2 1
#else
#define JSON_SSE2 0
#endif

#define JSON_EACH_BYTE(c) (UINT64_C(0x0101010101010101) * (c))

/* Is there a byte in `word` that ends a plain run? Exact as a yes or no, in either byte order. */
static inline bool json_word_stops(uint64_t word)
{
	uint64_t quote = word ^ JSON_EACH_BYTE('"'), backslash = word ^ JSON_EACH_BYTE('\\');
	uint64_t control = (word - JSON_EACH_BYTE(0x20)) & ~word;
	quote = (quote - JSON_EACH_BYTE(1)) & ~quote;
	backslash = (backslash - JSON_EACH_BYTE(1)) & ~backslash;
	return ((word | control | quote | backslash) & JSON_EACH_BYTE(0x80)) != 0;
}

static inline bool json_byte_stops(unsigned char c)
{
	return c < 0x20 || c >= 0x80 || c == '"' || c == '\\';
}

/* The first byte from `at` on that is not printable ASCII, or is a quote or a backslash; else
 * `end`. */
static inline const unsigned char *json_skip_plain(
	const unsigned char *at, const unsigned char *end)
{
#if JSON_SSE2
	const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
	const __m128i space = _mm_set1_epi8(0x20);
	for (; end - at >= 16; at += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)at);
		/* signed: bytes from 0x80 on are negative, so one comparison finds them and the
		 * controls */
		__m128i stops = _mm_or_si128(_mm_cmplt_epi8(v, space),
			_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, backslash)));
		int mask = _mm_movemask_epi8(stops);
		if (mask) {
			return at + __builtin_ctz((unsigned)mask);
		}
	}
#endif
	for (; end - at >= 8; at += 8) {
		uint64_t word;
		memcpy(&word, at, 8);
		if (json_word_stops(word)) {
			break;
		}
	}
	while (at < end && !json_byte_stops(*at)) {
		at++;
	}
	return at;
}

static inline int json_hex(unsigned char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The 16-bit unit of the \uXXXX at `at`, or -1. */
static inline long json_unit(const unsigned char *at, const unsigned char *end)
{
	long unit = 0;
	if (end - at < 6 || at[0] != '\\' || at[1] != 'u') {
		return -1;
	}
	for (int i = 2; i < 6; i++) {
		int digit = json_hex(at[i]);
		if (digit < 0) {
			return -1;
		}
		unit = unit << 4 | digit;
	}
	return unit;
}

static inline bool json_is_surrogate(uint32_t code)
{
	return code >= 0xd800 && code <= 0xdfff;
}

/* Reads the escape at `at` (a backslash): its length, or 0 if it is none. A lone surrogate is
 * given as itself. */
static inline size_t json_escape(const unsigned char *at, const unsigned char *end, uint32_t *code)
{
	static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	if (end - at < 2) {
		return 0;
	}
	if (at[1] != 'u') {
		const char *name = memchr(names, at[1], sizeof(names) - 1);
		*code = name ? (unsigned char)meant[name - names] : 0;
		return name ? 2 : 0;
	}
	long unit = json_unit(at, end);
	if (unit < 0) {
		return 0;
	}
	*code = (uint32_t)unit;
	if (unit < 0xd800 || unit > 0xdbff) {
		return 6;
	}
	long low = json_unit(at + 6, end);
	if (low < 0xdc00 || low > 0xdfff) {
		return 6;
	}
	*code = 0x10000 + ((uint32_t)(unit - 0xd800) << 10) + (uint32_t)(low - 0xdc00);
	return 12;
}

#endif
