/*
 * The one way by which foreign bytes reach a person: terminal, title, notification, log, clipboard.
 *
 * A struct safe_text can be made by these functions only (its member says so), and everything that
 * paints, logs or notifies takes nothing else. What a terminal could obey, reorder, hide or render
 * as nothing is turned into a visible escape such as ⟨U+202E⟩, and counted.
 *
 * Sources: Unicode 15 general categories and UAX #9/#31; measured: libc's iswprint and ncurses let
 * bidi controls, tag letters and C1 bytes through, so neither is a filter.
 */
#ifndef BASCULE_CORE_SAFE_TEXT_H
#define BASCULE_CORE_SAFE_TEXT_H

#include "core/base.h"

struct safe_text {
	char *safe_text_only_; /* UTF-8, terminated; made by safe_text.c alone */
	size_t bytes;
	unsigned columns; /* of the widest line, as drawn by our own width table; a tab counts 1 */
	/* how many characters had to be shown as escapes (tab and newline not counted); a cut text
		keeps the count of the whole */
	unsigned escaped;
	bool ascii; /* made by safe_ascii: a cut is marked with ... instead of … */
};

enum safe_lines {
	/* newline and tab become visible marks: for rows, titles, notifications, log lines */
	SAFE_ONE_LINE,
	SAFE_MANY_LINES, /* newline kept, tab kept (the painter expands it): for previews */
};

/* Takes any bytes, valid UTF-8 or not, and never fails. The caller owns the result: safe_finish. */
struct safe_text safe_make(struct span foreign, enum safe_lines lines);
/* the same for an ASCII-only terminal: all
	non-ASCII becomes <U+XXXX> */
struct safe_text safe_ascii(struct span foreign, enum safe_lines lines);
/* Our own words: asserts that the format yields plain printable text after its arguments were made
 * safe. Every %s argument must be the safe_cstr of a safe_text or a literal of ours. */
struct safe_text safe_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
void safe_finish(struct safe_text *text); /* NULL and zeroed are fine */

const char *safe_cstr(const struct safe_text *text); /* "" for a zeroed one */
/* end cut, marked with … */
struct safe_text safe_clip(const struct safe_text *text, unsigned columns);
/* middle cut, marked with …: paths */
struct safe_text safe_middle(const struct safe_text *text, unsigned columns);

/* Reads one character at `at` (never past its end): sets how many bytes and columns it takes
 * (newline and the end: 0 columns, tab: 1). Used by painters, which keep a character of no column
 * with the one before it. */
uint32_t safe_next(const char *at, unsigned *bytes, unsigned *columns);

#endif
