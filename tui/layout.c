/*
 * From the outside in: header and hint take the first and last row, the status row goes above the
 * hint where there is room, and what remains is shared between list and detail. The list's width is
 * capped absolutely: what is wide is the diff. Called by app.c for every frame.
 */
#include "config.h"

#include "tui/layout.h"

enum { STATUS_FROM_ROWS = 10, RULE_FROM_ROWS = 10 };

static int clamp(int n, int low, int high)
{
	return n < low ? low : n > high ? high : n;
}

static struct rect take_top(struct rect *body, int rows)
{
	struct rect top = { body->y, body->x, clamp(rows, 0, body->rows), body->cols };
	body->y += top.rows;
	body->rows -= top.rows;
	return top;
}

static struct rect take_bottom(struct rect *body, int rows)
{
	int n = clamp(rows, 0, body->rows);
	body->rows -= n;
	return (struct rect){ body->y + body->rows, body->x, n, body->cols };
}

static void columns(struct layout *l, struct rect body, const struct layout_sizes *sizes)
{
	int width = clamp(body.cols / 3, sizes->list_min, sizes->list_max);
	width = clamp(width, 1, body.cols / 2);
	l->list = (struct rect){ body.y, body.x, body.rows, width };
	struct rect right = { body.y, body.x + width + 1, body.rows, body.cols - width - 1 };
	l->rule = take_top(&right, 1);
	l->detail = right;
}

static void stacked(struct layout *l, struct rect body, int items)
{
	int most = clamp(body.rows / 3, 1, body.rows);
	l->list = take_top(&body, clamp(items, most < 2 ? most : 2, most));
	l->rule = take_top(&body, body.rows >= RULE_FROM_ROWS / 2 ? 1 : 0);
	l->detail = body;
}

struct layout layout_make(const struct layout_want *want)
{
	struct layout l = { .shape = LAYOUT_STACKED };
	struct rect body = { 0, 0, clamp(want->rows, 1, 10000), clamp(want->cols, 1, 10000) };
	if (want->cols < want->sizes->badge_cols || want->rows < want->sizes->badge_rows) {
		l.shape = LAYOUT_BADGE;
		l.header = take_top(&body, 1);
		l.status = take_top(&body, 1);
		return l;
	}
	l.header = take_top(&body, 1);
	l.hint = take_bottom(&body, 1);
	l.status = take_bottom(&body, want->rows >= STATUS_FROM_ROWS ? 1 : 0);
	l.palette = take_bottom(&body, want->palette);
	l.trouble = take_top(&body, want->trouble);
	if (want->open || want->zoom == LAYOUT_DETAIL) {
		l.list = take_top(&body, 0);
		l.rule = take_top(&body, want->rows >= RULE_FROM_ROWS ? 1 : 0);
		l.detail = body;
	} else if (want->zoom == LAYOUT_LIST) {
		l.list = take_top(&body, body.rows);
		l.rule = l.detail = body;
	} else if (want->cols >= want->sizes->columns_from) {
		l.shape = LAYOUT_COLUMNS;
		columns(&l, body, want->sizes);
	} else {
		stacked(&l, body, want->items);
	}
	return l;
}
