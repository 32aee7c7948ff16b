/*
 * A text to be scrolled: lines of safe text with a mark in front, wrapped to a width. Made once,
 * painted by rows, so that painting costs what is on screen and not what there is.
 */
#ifndef BASCULE_TUI_DOC_H
#define BASCULE_TUI_DOC_H

#include "tui/paint.h"

enum {
	DOC_LINES_MAX = 60000, /* past it the rest is counted and said, not kept */
	DOC_BYTES_MAX = 8 << 20,
};

/* Bytes of a line's text that are painted in another role. */
struct doc_part {
	size_t from, to;
};

struct doc_line {
	enum role role, part_role;
	struct doc_part *parts; /* in order; NULL: none */
	size_t part_count;
	unsigned indent; /* cells left of the text */
	unsigned hang; /* more of them left of its further rows: behind a label */
	/* broken at spaces: our own sentences and fields; previews are broken where the width ends
	 */
	bool prose;
	/* our own, in the indent: line number and sign of a diff, the edge of a block */
	char mark[24];
	struct safe_text text;
	struct doc_line
		*right; /* the other half, painted beside it; NULL: it has the whole width */
};

enum { DOC_LABEL = 6 }; /* columns of the labels in front of fields */

struct doc_row {
	size_t line, from, to; /* bytes of the line's text */
	size_t right_from, right_to; /* of its other half */
	bool further, right_further; /* not the first row of that half */
};

struct doc {
	const struct paint *paint; /* what the terminal can show; borrowed */
	struct doc_line *lines;
	size_t count, cap, bytes;
	size_t dropped; /* lines past the bounds */
	bool partial; /* the writer knows of something that it could not show */
	size_t facts; /* how many of the lines are facts and not preview; the writer says so */
	struct doc_row *rows;
	size_t row_count, row_cap;
	int width; /* that the rows were made for; 0: none yet */
	unsigned made; /* another number once a line that was there is another one */
	bool cut_lines; /* a preview's line has one row, cut at the width; the writer says so */
	bool cut; /* and some were */
};

/* Some bytes of a line. */
struct doc_place {
	size_t line, from, to;
	bool right; /* of its other half */
};

void doc_init(struct doc *doc, const struct paint *paint);
void doc_finish(struct doc *doc);

/* Adds a line; takes the text. */
void doc_add(
	struct doc *doc, enum role role, unsigned indent, const char *mark, struct safe_text text);
/* our own words */
void doc_say(struct doc *doc, enum role role, unsigned indent, const char *literal);
void doc_mark(struct doc *doc, const char *mark); /* in front of the line added last */
void doc_blank(struct doc *doc);
/* Foreign text for a line of our own; NULL: none. The caller finishes it. */
struct safe_text doc_safe(const struct doc *doc, const char *foreign);
/* Foreign bytes of one line: tabs stay. */
void doc_foreign(
	struct doc *doc, enum role role, unsigned indent, const char *mark, struct span line);
/* These bytes of the foreign line that was added last stand out in `role`; `line` is the same as it
 * was given. */
void doc_part(struct doc *doc, enum role role, struct span line, size_t from, size_t to);
/* Makes the line that was added last the other half of the one before it. */
void doc_beside(struct doc *doc);
/* How wide each half is. */
int doc_half(int width);
/* "label  value": foreign value behind our own label. Nothing is added for an absent or empty
 * value. */
void doc_field(struct doc *doc, const char *label, enum role role, struct span value);
/* takes the value */
void doc_labelled(struct doc *doc, const char *label, enum role role, struct safe_text value);
/* Another value behind the label of such a line, which only ages: the rows of the others stay. */
void doc_relabel(
	struct doc *doc, size_t line, const char *label, enum role role, struct safe_text value);

void doc_wrap(struct doc *doc, int width); /* cheap when the width did not change */
/* Paints rows from `top` into the rectangle. */
void doc_paint(const struct doc *doc, struct paint *paint, struct rect rect, size_t top);
/* The same, of the bytes at this place alone, in `role`. */
void doc_paint_place(const struct doc *doc, struct paint *paint, struct rect rect, size_t top,
	const struct doc_place *place, enum role role);
size_t doc_row_of(const struct doc *doc, const struct doc_place *place); /* where it begins */

#endif
