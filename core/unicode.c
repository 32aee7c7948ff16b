/*
 * Owns the width and class table and the one strict UTF-8 reader of core.
 *
 * The table lists what may be shown; whatever is in no row is hidden, so that a character which a
 * later Unicode adds is escaped rather than guessed. Called by safe_text, diff and preview.
 */
#include "config.h"

#include "core/unicode.h"

#include <string.h>

struct range {
	uint32_t first, last;
	enum unicode_class class;
};

#define R(first, last, class) { 0x##first, 0x##last, UNICODE_##class },
static const struct range ranges[] = {
#include "core/unicode_table.h"
};
#undef R

enum unicode_class unicode_class(uint32_t c)
{
	size_t low = 0, high = COUNT_OF(ranges);
	if (c < 0x80) {
		return c >= ' ' && c < 0x7f ? UNICODE_ONE : UNICODE_HIDDEN;
	}
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (c > ranges[middle].last) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < COUNT_OF(ranges) && c >= ranges[low].first ? ranges[low].class
								: UNICODE_HIDDEN;
}

/* Which second bytes may follow a first byte (Unicode, table 3-7); later bytes are always 80..BF.
 */
static const struct lead {
	unsigned char first, last; /* lead bytes */
	unsigned char low, high; /* the second byte */
	unsigned char bytes;
} leads[] = {
	{ 0x00, 0x7f, 0x00, 0x00, 1 },
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static const struct lead *find_lead(unsigned char byte)
{
	for (size_t i = 0; i < COUNT_OF(leads); i++) {
		if (byte >= leads[i].first && byte <= leads[i].last) {
			return &leads[i];
		}
	}
	return NULL;
}

struct unicode_char unicode_read(const char *at, size_t left)
{
	static const unsigned char kept_bits[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	const unsigned char *byte = (const unsigned char *)at;
	const struct lead *lead = find_lead(byte[0]);
	if (!lead) {
		return (struct unicode_char){ 0xfffd, 1, false };
	}
	uint32_t c = byte[0] & kept_bits[lead->bytes];
	for (unsigned i = 1; i < lead->bytes; i++) {
		unsigned char low = i == 1 ? lead->low : 0x80, high = i == 1 ? lead->high : 0xbf;
		if (i >= left || byte[i] < low || byte[i] > high) {
			return (struct unicode_char){ 0xfffd, i, false };
		}
		c = c << 6 | (byte[i] & 0x3f);
	}
	return (struct unicode_char){ c, lead->bytes, true };
}

/* How many bytes at the start are ASCII, to the word. */
static size_t ascii_words(const char *at, size_t left)
{
	size_t n = 0;
	uint64_t word;
	while (left - n >= sizeof(word)) {
		memcpy(&word, at + n, sizeof(word));
		if (word & UINT64_C(0x8080808080808080)) {
			break;
		}
		n += sizeof(word);
	}
	return n;
}

bool unicode_valid(struct span text)
{
	size_t at = 0;
	while (at < text.len) {
		struct unicode_char u;
		at += ascii_words(text.at + at, text.len - at);
		if (at == text.len) {
			break;
		}
		u = unicode_read(text.at + at, text.len - at);
		if (!u.valid) {
			return false;
		}
		at += u.bytes;
	}
	return true;
}
