/*
 * ncurses is used for output only: setcchar and wadd_wch, never a string function, never a format.
 * Colour pairs are one a role. Called by the views; main.c begins and ends the frame.
 */
#include "config.h"

#include "tui/paint.h"

#include <curses.h>
#include <string.h>
#include <wchar.h>

struct stand_in {
	uint32_t glyph;
	char ascii;
};

/* Our own glyphs where only ASCII can be shown; everything else that is not ASCII becomes '?'. */
static const struct stand_in stand_ins[] = {
	{ 0x2026, '~' }, /* … */
	{ 0x2500, '-' }, /* ─ */
	{ 0x2502, '|' }, /* │ */
	{ 0x00b7, '.' }, /* · */
	{ 0x21aa, '>' }, /* ↪ */
	{ 0x2192, '>' }, /* → */
};

static attr_t attrs_of(unsigned bits)
{
	return (bits & THEME_BOLD ? A_BOLD : 0) | (bits & THEME_DIM ? A_DIM : 0) |
		(bits & THEME_REVERSE ? A_REVERSE : 0) |
		(bits & THEME_UNDERLINE ? A_UNDERLINE : 0) | (bits & THEME_ITALIC ? A_ITALIC : 0);
}

/* What this terminal has for a colour of a theme. */
static int colour_here(int colour)
{
	return colour < THEME_RGB     ? colour
		: COLORS >= THEME_RGB ? colour & ~THEME_RGB
				      : theme_nearest_256(colour);
}

static bool plain(const struct theme_style *style)
{
	return style->foreground == THEME_DEFAULT_COLOUR &&
		style->background == THEME_DEFAULT_COLOUR;
}

void paint_init(struct paint *paint, const struct theme *theme, bool ascii, bool colour)
{
	*paint = (struct paint){ .ascii = ascii, .colour = false, .theme = *theme };
	if (!colour || !has_colors() || start_color() == ERR || use_default_colors() == ERR) {
		return;
	}
	paint->colour = true;
	if (COLORS < 256) {
		memcpy(paint->theme.rich, theme->eight, sizeof(theme->eight));
	}
	const struct theme_style *text = &paint->theme.rich[ROLE_TEXT];
	for (int role = 0; role < ROLE_COUNT; role++) {
		struct theme_style *style = &paint->theme.rich[role];
		if (style->foreground == THEME_DEFAULT_COLOUR) {
			style->foreground = text->foreground;
		}
		if (style->background == THEME_DEFAULT_COLOUR) {
			style->background = text->background;
		}
		if (!plain(style) && role + 1 < COLOR_PAIRS) {
			paint->pairs[role] = role + 1;
			init_extended_pair(role + 1, colour_here(style->foreground),
				colour_here(style->background));
		}
	}
}

/* What no view paints has the colours of plain text. */
void paint_begin(struct paint *paint)
{
	cchar_t blank;
	int pair = paint->pairs[ROLE_TEXT];
	getmaxyx(stdscr, paint->rows, paint->cols);
	if (setcchar(&blank, L" ", 0, 0, &pair) == OK) {
		wbkgrndset(stdscr, &blank);
	}
	werase(stdscr);
}

void paint_end(struct paint *paint, int y, int x)
{
	wmove(stdscr, y < paint->rows ? y : paint->rows - 1, x < paint->cols ? x : paint->cols - 1);
	wnoutrefresh(stdscr);
	doupdate();
}

uint32_t paint_glyph(const struct paint *paint, uint32_t point)
{
	if (!paint->ascii || point < 0x80) {
		return point;
	}
	for (size_t i = 0; i < COUNT_OF(stand_ins); i++) {
		if (stand_ins[i].glyph == point) {
			return (unsigned char)stand_ins[i].ascii;
		}
	}
	return '?';
}

static void put(struct paint *paint, int y, int x, enum role role, const wchar_t *cell)
{
	const struct theme_style *style = paint->colour ? &paint->theme.rich[role]
							: &paint->theme.mono[role];
	int pair = paint->pairs[role];
	cchar_t out;
	if (setcchar(&out, cell, attrs_of(style->attrs), 0, &pair) == OK) {
		mvwadd_wch(stdscr, y, x, &out);
	}
}

static bool on_screen(const struct paint *paint, int y, int x)
{
	return y >= 0 && y < paint->rows && x >= 0 && x < paint->cols;
}

void paint_fill(struct paint *paint, struct rect rect, enum role role)
{
	for (int y = rect.y; y < rect.y + rect.rows; y++) {
		for (int x = rect.x; x < rect.x + rect.cols && on_screen(paint, y, x); x++) {
			put(paint, y, x, role, L" ");
		}
	}
}

void paint_rule(struct paint *paint, struct rect rect, enum role role)
{
	wchar_t line[2] = { (wchar_t)paint_glyph(paint, rect.rows == 1 ? 0x2500 : 0x2502), 0 };
	for (int y = rect.y; y < rect.y + rect.rows; y++) {
		for (int x = rect.x; x < rect.x + rect.cols && on_screen(paint, y, x); x++) {
			put(paint, y, x, role, line);
		}
	}
}

/* The marks that sit on the character before them join its cell; more than a cell holds are left
 * out. */
static size_t collect(const struct paint *paint, const char *text, size_t from, size_t to,
	wchar_t cell[4], int *columns)
{
	unsigned bytes = 0, width = 0;
	size_t marks = 0;
	cell[0] = (wchar_t)paint_glyph(paint, safe_next(text + from, &bytes, &width));
	*columns = (int)width;
	from += bytes;
	while (from < to) {
		uint32_t mark = safe_next(text + from, &bytes, &width);
		if (width || mark == '\t' || mark == '\n') {
			break;
		}
		if (marks < 2 && !paint->ascii) {
			cell[++marks] = (wchar_t)mark;
		}
		from += bytes;
	}
	cell[marks + 1] = 0;
	return from;
}

int paint_part(struct paint *paint, int y, int x, int cols, enum role role,
	const struct safe_text *text, size_t from, size_t to)
{
	const char *at = safe_cstr(text);
	int used = 0;
	to = to < text->bytes ? to : text->bytes;
	while (from < to && used < cols) {
		if (at[from] == '\t') {
			int step = PAINT_TAB - used % PAINT_TAB;
			for (; step && used < cols; step--, used++) {
				if (on_screen(paint, y, x + used)) {
					put(paint, y, x + used, role, L" ");
				}
			}
			from++;
			continue;
		}
		wchar_t cell[4];
		int width = 0;
		from = collect(paint, at, from, to, cell, &width);
		if (used + width > cols) {
			break;
		}
		if (width && on_screen(paint, y, x + used + width - 1)) {
			put(paint, y, x + used, role, cell);
		}
		used += width;
	}
	return used;
}

int paint_text(
	struct paint *paint, int y, int x, int cols, enum role role, const struct safe_text *text)
{
	return paint_part(paint, y, x, cols, role, text, 0, text->bytes);
}

int paint_own(struct paint *paint, int y, int x, int cols, enum role role, struct safe_text own)
{
	int used = paint_text(paint, y, x, cols, role, &own);
	safe_finish(&own);
	return used;
}

struct safe_text paint_foreign(const struct paint *paint, struct span bytes, enum safe_lines lines)
{
	return paint->ascii ? safe_ascii(bytes, lines) : safe_make(bytes, lines);
}
