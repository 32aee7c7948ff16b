/*
 * Searching the text that a view shows. It moves the text as scrolling does, and marks what it has
 * found; what that view may decide is the guard's as before. Leaving the view ends it.
 */
#include "config.h"

#include "tui/app.h"

#include <stdio.h>

static struct page *page_here(struct app *app)
{
	return app->view->page ? app->view->page(app) : NULL;
}

void app_end_find(struct app *app)
{
	find_finish(&app->find);
}

/* The match that was jumped to is on the screen, with some rows above it. */
static void scroll_to_match(struct app *app, struct page *page)
{
	const struct find *find = &app->find;
	size_t rows = app->layout.detail.rows > 0 ? (size_t)app->layout.detail.rows : 1;
	if (find->count) {
		size_t row = doc_row_of(&page->doc, &find->list[find->at]);
		if (row < page->top || row >= page->top + rows) {
			page->top = row > rows / 3 ? row - rows / 3 : 0;
		}
	}
}

static void say_count(struct app *app)
{
	const struct find *find = &app->find;
	struct app_prompt *p = &app->prompt;
	if (!find->text) {
		snprintf(p->label, sizeof(p->label), "search");
	} else if (!find->count) {
		snprintf(p->label, sizeof(p->label), "search (not found)");
	} else {
		snprintf(p->label, sizeof(p->label), "search (%zu of %zu)", find->at + 1,
			find->count);
	}
}

static void typed(struct app *app, struct span text)
{
	struct page *page = page_here(app);
	if (page) {
		doc_wrap(&page->doc, app->layout.detail.cols);
		page->top = app->find_from;
		find_set(&app->find, &page->doc, text);
		find_from(&app->find, &page->doc, page->top);
		scroll_to_match(app, page);
		say_count(app);
	}
}

static void dropped(struct app *app)
{
	struct page *page = page_here(app);
	if (page) {
		page->top = app->find_from;
	}
	app_end_find(app);
}

static const struct prompt_use find_prompt = {
	.recall = RECALL_FIND,
	.hint = "Enter keeps it, then n and N  Esc ends",
	.changed = typed,
	.done = typed,
	.dropped = dropped,
};

void app_ask_find(struct app *app)
{
	struct page *page = page_here(app);
	if (page) {
		app->find_from = page->top;
		app_ask(app, &find_prompt, "search", SPAN(""));
	}
}

void app_find_again(struct app *app, bool back)
{
	struct page *page = page_here(app);
	if (!page || !app->find.text) {
		app_say(app, safe_printf("nothing is searched for: / begins"));
		return;
	}
	find_check(&app->find, &page->doc);
	find_next(&app->find, back);
	scroll_to_match(app, page);
}

void app_paint_find(struct app *app)
{
	struct find *find = &app->find;
	const struct page *page = page_here(app);
	if (!page || !find->text) {
		return;
	}
	find_check(find, &page->doc);
	for (size_t i = 0; i < find->count; i++) {
		doc_paint_place(&page->doc, &app->paint, app->layout.detail, page->top,
			&find->list[i], i == find->at ? ROLE_SELECTED : ROLE_WARNING);
	}
}

bool app_paint_found(struct app *app, struct rect r)
{
	const struct find *find = &app->find;
	if (!find->text || !app->view->page) {
		return false;
	}
	struct safe_text text = paint_foreign(&app->paint, span_of(find->text), SAFE_ONE_LINE);
	struct safe_text line = !find->count
		? safe_printf("not found: %s", safe_cstr(&text))
		: safe_printf("%zu of %zu%s: %s; n next, N back, Esc ends", find->at + 1,
			  find->count, find->count == FIND_MOST ? " or more" : "",
			  safe_cstr(&text));
	paint_text(&app->paint, r.y, r.x + 1, r.cols - 1, ROLE_WARNING, &line);
	safe_finish(&text);
	safe_finish(&line);
	return true;
}
