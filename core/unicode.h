/*
 * Unicode as far as a terminal needs it: reading UTF-8 strictly, and what a character does to a row
 * of cells.
 *
 * Source: Unicode Character Database 15.0.0 (general category, East_Asian_Width,
 * Default_Ignorable_Code_Point).
 */
#ifndef BASCULE_CORE_UNICODE_H
#define BASCULE_CORE_UNICODE_H

#include "core/base.h"

enum unicode_class {
	UNICODE_HIDDEN, /* not to be drawn: control, format, space but U+0020, blank, unassigned */
	UNICODE_ONE, /* one column */
	UNICODE_WIDE, /* two columns */
	UNICODE_MARK, /* no column: drawn on the character before it */
	UNICODE_SIDE, /* one column, but belongs to the character before it */
	UNICODE_JAMO, /* no column: vowel or tail of the Hangul syllable before it */
};

enum unicode_class unicode_class(uint32_t c);

struct unicode_char {
	uint32_t c;
	unsigned bytes;
	bool valid; /* else c is U+FFFD, and bytes what decoders replace by one of them (> 0) */
};

/* The character at `at`, of which `left` (> 0) bytes may be read. Overlong forms and surrogates are
 * not valid. */
struct unicode_char unicode_read(const char *at, size_t left);
bool unicode_valid(struct span text);

#endif
