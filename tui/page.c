/* Called by the views. */
#include "config.h"

#include "tui/page.h"

void page_init(struct page *page, const struct paint *paint)
{
	*page = (struct page){ 0 };
	doc_init(&page->doc, paint);
}

void page_finish(struct page *page)
{
	doc_finish(&page->doc);
	page->top = 0;
}

void page_clear(struct page *page)
{
	doc_finish(&page->doc);
}

static size_t last_top(const struct page *page, int rows)
{
	size_t all = page->doc.row_count;
	return rows > 0 && all > (size_t)rows ? all - (size_t)rows : 0;
}

void page_paint(struct page *page, struct paint *paint, struct rect rect)
{
	doc_wrap(&page->doc, rect.cols);
	size_t last = last_top(page, rect.rows);
	page->top = page->top < last ? page->top : last;
	doc_paint(&page->doc, paint, rect, page->top);
}

bool page_more(const struct page *page, int rows)
{
	return page->top < last_top(page, rows);
}

/* The row of the next hunk, or of the one before; where it is if there is none. */
static size_t next_hunk(const struct page *page, bool up)
{
	const struct doc *doc = &page->doc;
	size_t step = up ? (size_t)-1 : 1;
	for (size_t at = page->top + step; at < doc->row_count; at += step) {
		if (doc->lines[doc->rows[at].line].role == ROLE_HUNK && !doc->rows[at].further) {
			return at;
		}
	}
	return page->top;
}

bool page_scroll(struct page *page, enum command command, int rows)
{
	size_t last = last_top(page, rows);
	size_t step = 1, at = page->top;
	switch (command) {
	case COMMAND_PAGE_DOWN:
	case COMMAND_PAGE_UP:
		step = rows > 2 ? (size_t)rows - 1 : 1;
		break;
	case COMMAND_HALF_DOWN:
	case COMMAND_HALF_UP:
		step = rows > 3 ? (size_t)rows / 2 : 1;
		break;
	case COMMAND_TOP:
	case COMMAND_BOTTOM:
		step = page->doc.row_count;
		break;
	case COMMAND_HUNK_NEXT:
	case COMMAND_HUNK_PREVIOUS:
		at = next_hunk(page, command == COMMAND_HUNK_PREVIOUS);
		page->top = at < last ? at : last;
		return true;
	case COMMAND_DETAIL_DOWN:
	case COMMAND_DETAIL_UP:
	case COMMAND_LINE_DOWN:
	case COMMAND_LINE_UP:
		break;
	default:
		return false;
	}
	bool up = command == COMMAND_PAGE_UP || command == COMMAND_HALF_UP ||
		command == COMMAND_TOP || command == COMMAND_DETAIL_UP ||
		command == COMMAND_LINE_UP;
	at = up ? (at > step ? at - step : 0) : at + step;
	page->top = at < last ? at : last;
	return true;
}
