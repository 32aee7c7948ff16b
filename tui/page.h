/* A doc and how far it is scrolled: what a view of one text paints and moves. */
#ifndef BASCULE_TUI_PAGE_H
#define BASCULE_TUI_PAGE_H

#include "tui/command.h"
#include "tui/doc.h"

struct page {
	struct doc doc;
	size_t top; /* first row that is shown */
};

void page_init(struct page *page, const struct paint *paint);
void page_finish(struct page *page); /* empty again, at the top */
void page_clear(struct page *page); /* empty, to be written anew; scrolled as it was */
/* Wraps to the rectangle, keeps `top` within what there is, paints. */
void page_paint(struct page *page, struct paint *paint, struct rect rect);
bool page_more(const struct page *page, int rows); /* something lies below */
bool page_scroll(struct page *page, enum command command, int rows); /* false: no such command */

#endif
