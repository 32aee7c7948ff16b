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

/* Thresholds; all of them are settings. */
struct layout_sizes {
	int columns_from; /* list and detail side by side */
	int list_min, list_max; /* columns of the list then */
	int badge_cols, badge_rows; /* below: the badge */
};

struct layout_want {
	const struct layout_sizes *sizes;
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

struct layout layout_make(const struct layout_want *want);

#endif
