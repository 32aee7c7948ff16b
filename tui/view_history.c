/* The history's tab: what was recorded, newest first, and the selected call beside or below it.
 * Decides nothing. */
#include "config.h"

#include "tui/app.h"

#include <stdio.h>
#include <time.h>

#include "tui/past_doc.h"
#include "tui/roll.h"

enum { TIME_COLS = 5, WORD_COLS = 9, TOOL_COLS = 16 };

/* "12:41" of the last day, "11-21" before. */
static void when(const struct app *app, int64_t ms, char out[8])
{
	time_t seconds = (time_t)(ms / 1000);
	bool lately = app->wall - ms < INT64_C(20) * 3600 * 1000;
	struct tm tm;
	out[0] = '\0';
	if (localtime_r(&seconds, &tm)) {
		strftime(out, 8, lately ? "%H:%M" : "%m-%d", &tm);
	}
}

/* Foreign text in at most `cols` columns; returns where the next one begins. */
static int put(struct app *app, int y, int x, int cols, enum role role, const char *foreign)
{
	int used = 0;
	struct safe_text text = paint_foreign(
		&app->paint, span_of(foreign ? foreign : ""), SAFE_ONE_LINE);
	struct safe_text cut = safe_middle(&text, cols > 0 ? (unsigned)cols : 1);
	if (cols > 0) {
		used = paint_text(&app->paint, y, x, cols, role, &cut);
	}
	safe_finish(&text);
	safe_finish(&cut);
	return x + used + 1;
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

static void paint_row(struct app *app, const struct past_row *row, struct rect r)
{
	bool selected = row->number == app->past.selected;
	enum role role = selected ? ROLE_SELECTED : ROLE_TEXT;
	char time[8];
	int end = r.x + r.cols;
	when(app, row->arrived, time);
	paint_fill(&app->paint, r, role);
	paint_own(&app->paint, r.y, r.x, 1, role, safe_printf("%s", selected ? ">" : " "));
	put(app, r.y, r.x + 1, TIME_COLS, selected ? role : ROLE_DIM, time);
	int x = r.x + TIME_COLS + 2;
	put(app, r.y, x, WORD_COLS, selected ? role : past_role(row), past_word(row));
	x += WORD_COLS + 1;
	x = put(app, r.y, x, least(end - x, TOOL_COLS), role,
		row->tool && row->tool[0] ? row->tool : row->method);
	put(app, r.y, x, end - x, role, row->target);
	if (selected) {
		app->cursor_y = r.y;
		app->cursor_x = r.x;
	}
}

static void paint_list(struct app *app)
{
	struct rect r = app->layout.list;
	struct past *past = &app->past;
	past->top = roll_top(past->top, past_index(past), past->count, r.rows);
	for (int i = 0; i < r.rows && past->top + (size_t)i < past->count; i++) {
		paint_row(app, &past->list[past->top + (size_t)i],
			(struct rect){ r.y + i, r.x, 1, r.cols });
	}
	if (app->layout.shape == LAYOUT_COLUMNS) {
		paint_rule(&app->paint, (struct rect){ r.y, r.x + r.cols, r.rows, 1 }, ROLE_RULE);
	}
}

static void paint_title(struct app *app, const struct past_row *row)
{
	struct rect r = app->layout.rule;
	const struct past *past = &app->past;
	struct safe_text text = paint_foreign(&app->paint,
		span_of(past->rule           ? past->rule
				: past->text ? past->text
					     : ""),
		SAFE_ONE_LINE);
	const char *kind = past->rule ? " · rule: " : " · search: ";
	bool more = page_more(&app->past_page, app->layout.detail.rows);
	paint_rule(&app->paint, r, ROLE_RULE);
	paint_own(&app->paint, r.y, r.x + 1, r.rows ? r.cols - 2 : 0, ROLE_RULE,
		safe_printf(" %s#%lld%s%s%s%s%s ", app_pane_mark(app),
			row ? (long long)row->number : 0, more ? " · more below" : "",
			text.bytes ? kind : "", safe_cstr(&text),
			past->whole ? "" : " · older ones follow", app->paused ? " · paused" : ""));
	safe_finish(&text);
}

static void paint_detail(struct app *app)
{
	const struct past *past = &app->past;
	const struct past_row *row = past_selected(past);
	const struct model_item *event = row && past->event_number == row->number ? past->event
										  : NULL;
	if (app->past_page_stamp != past->stamp || app->past_page_number != past->selected) {
		if (app->past_page_number != past->selected) {
			page_finish(&app->past_page);
		}
		page_clear(&app->past_page);
		past_doc(&app->past_page.doc, row, event);
		if (event) {
			const struct diff_form form = { .width = app->layout.detail.cols,
				.halves = HALVES_NEVER,
				.context = app->form.context };
			past_edit_doc(&app->past_page.doc, span_of(past->edit), &form);
		}
		app->past_page_stamp = past->stamp;
		app->past_page_number = past->selected;
	}
	page_paint(&app->past_page, &app->paint, app->layout.detail);
	paint_title(app, row);
}

static void paint_nothing(struct app *app)
{
	const struct past *past = &app->past;
	struct rect r = app->layout.list;
	struct doc doc;
	r.rows = app->layout.detail.y + app->layout.detail.rows - r.y;
	r.cols = app->paint.cols - 2;
	r.x = 1;
	doc_init(&doc, &app->paint);
	if (past->why) {
		doc_foreign(&doc, ROLE_WARNING, 0, "", span_of(past->why));
	} else if (past->asked) {
		doc_say(&doc, ROLE_DIM, 0, "asking the broker …");
	} else if (past->rule) {
		doc_say(&doc, ROLE_TEXT, 0, "It has decided no call yet: q goes back.");
	} else if (past->text) {
		doc_say(&doc, ROLE_TEXT, 0,
			"No call contains that: / searches for something else.");
	} else {
		doc_say(&doc, ROLE_TEXT, 0, "No call was recorded yet.");
		doc_say(&doc, ROLE_TEXT, 0,
			"Calls come here once a client starts its server by: bascule run");
	}
	doc_wrap(&doc, r.cols);
	doc_paint(&doc, &app->paint, r, 0);
	doc_finish(&doc);
}

static void paint_history(struct app *app)
{
	if (!app->past.count) {
		paint_nothing(app);
		return;
	}
	paint_list(app);
	paint_detail(app);
}

static size_t history_rows(const struct app *app)
{
	return app->past.count;
}

static bool history_command(struct app *app, enum command command)
{
	struct past *past = &app->past;
	size_t at = past_index(past);
	if (roll_move(command, &at, past->count)) {
		past->selected = past->count ? past->list[at].number : 0;
		app_check_history(app);
		return true;
	}
	if (command == COMMAND_OPEN) {
		if (past->count) {
			app_view(app, &view_event);
		}
		return true;
	}
	return page_scroll(&app->past_page, command, app->layout.detail.rows);
}

static void history_click(struct app *app, int row)
{
	struct past *past = &app->past;
	size_t at = past->top + (size_t)row;
	if (at < past->count) {
		past->selected = past->list[at].number;
		app_check_history(app);
	}
}

static void paint_event(struct app *app)
{
	if (app->past.count) {
		paint_detail(app);
		app->cursor_y = app->layout.detail.y;
	}
}

/* Out of the search first; from a rule's calls to the rule. */
static void history_back(struct app *app)
{
	if (app->past.rule) {
		past_finish(&app->past);
		app_view(app, &view_rules);
		app_book_stale(app);
	} else if (app->past.text) {
		app_search_history(app, NULL);
	} else {
		app_view(app, &view_queue);
	}
}

static void event_back(struct app *app)
{
	app_view(app, &view_history);
}

static bool history_idle(const struct app *app, enum command command)
{
	(void)app;
	return command == COMMAND_TAB_HISTORY;
}

static struct page *event_page_of(struct app *app)
{
	return &app->past_page;
}

const struct view_ops view_history = {
	.context = CTX_HISTORY,
	.name = "history",
	.paint = paint_history,
	.command = history_command,
	.click = history_click,
	.back = history_back,
	.refresh = app_ask_history,
	.rows = history_rows,
	.idle = history_idle,
};

const struct view_ops view_event = {
	.context = CTX_EVENT,
	.name = "history",
	.open = true,
	.paint = paint_event,
	.page = event_page_of,
	.back = event_back,
};
