/*
 * The one painter. It takes struct safe_text and nothing else, cell by cell, so that no foreign
 * byte reaches the terminal by another way. Coordinates are cells of the screen; what does not fit
 * its columns is cut.
 */
#ifndef BASCULE_TUI_PAINT_H
#define BASCULE_TUI_PAINT_H

#include "core/safe_text.h"
#include "tui/layout.h"
#include "tui/theme.h"

enum { PAINT_TAB = 8 };

struct paint {
	bool ascii; /* the terminal cannot show more: our own glyphs have stand-ins */
	bool colour;
	struct theme theme;
	int pairs[ROLE_COUNT];
	int rows, cols;
};

/* After the terminal is open. `colour` false: the mono styles, no colour sequence at all. */
void paint_init(struct paint *paint, const struct theme *theme, bool ascii, bool colour);
void paint_begin(struct paint *paint); /* an empty frame of the terminal's size */
/* Writes the frame out; `y`, `x` is where the cursor is left (it stays visible: screen readers
 * follow it). */
void paint_end(struct paint *paint, int y, int x);

void paint_fill(struct paint *paint, struct rect rect, enum role role);
/* Both return the columns that were used. */
int paint_text(
	struct paint *paint, int y, int x, int cols, enum role role, const struct safe_text *text);
int paint_part(struct paint *paint, int y, int x, int cols, enum role role,
	const struct safe_text *text, size_t from, size_t to);
/* Paints our own words and frees them. */
int paint_own(struct paint *paint, int y, int x, int cols, enum role role, struct safe_text own);
/* A line of '─' or '│' along the rectangle. */
void paint_rule(struct paint *paint, struct rect rect, enum role role);

/* What stands for a glyph of ours here. */
uint32_t paint_glyph(const struct paint *paint, uint32_t point);
/* What the terminal can show of foreign bytes. */
struct safe_text paint_foreign(const struct paint *paint, struct span bytes, enum safe_lines lines);

#endif
