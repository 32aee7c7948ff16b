/*
 * Rectangles by the size of the terminal. Pure. Every size has a layout; below 24x6 it is a badge
 * of one line, in which nothing can be approved, because nothing is shown.
 */
#ifndef BASCULE_TUI_LAYOUT_H
#define BASCULE_TUI_LAYOUT_H

#include "core/base.h"

struct rect {
	int y, x, rows, cols; /* rows 0: not shown */
};

enum layout_shape { LAYOUT_BADGE, LAYOUT_STACKED, LAYOUT_COLUMNS };

enum layout_zoom { LAYOUT_BOTH, LAYOUT_LIST, LAYOUT_DETAIL };

struct layout_want {
	int rows, cols; /* of the terminal */
	int items; /* rows that the list would like */
	int trouble; /* rows for what the broker complains of */
	bool open; /* the detail at full height */
	enum layout_zoom zoom; /* list or detail has the room of both */
	int palette; /* rows for the list of commands */
};

struct layout {
	enum layout_shape shape;
	struct rect header, trouble, list, rule, detail, palette, status, hint;
};

enum {
	LAYOUT_COLUMNS_FROM = 100,
	LAYOUT_LIST_MIN = 38,
	LAYOUT_LIST_MAX = 44,
	LAYOUT_BADGE_COLS = 24,
	LAYOUT_BADGE_ROWS = 6,
};

struct layout layout_make(const struct layout_want *want);

#endif
