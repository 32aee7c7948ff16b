/*
 * The rules' tab: what is asked of the broker and when, what the filter lists, and the way from a
 * call to the rule that judged it and back. The list is asked for when the tab is opened and, while
 * it is, when something happened, at most once in so long; nothing is asked while nothing happens.
 * Called by app.c; view_rules.c paints.
 */
#include "config.h"

#include "tui/app.h"

#include <stdlib.h>
#include <string.h>

enum { AGAIN_MS = 2000 };

static bool is_open(const struct app *app)
{
	return app->view == &view_rules || app->view == &view_rule;
}

/* ---- asking ---- */

void app_ask_book(struct app *app)
{
	struct book *book = &app->book;
	if (app->connected && !book->asked) {
		book->asked = true;
		book->stale = false;
		book->asked_at = app->now;
		feed_rules(app->feed);
	}
}

void app_book_stale(struct app *app)
{
	app->book.stale = true;
	app_check_book(app);
}

/* A grant on the list has run out. */
static bool ran_out(const struct app *app)
{
	const struct book *book = &app->book;
	for (size_t i = 0; i < book->count; i++) {
		if (book->list[i].until >= 0 && book->list[i].until < app->now) {
			return true;
		}
	}
	return false;
}

void app_check_book(struct app *app)
{
	struct book *book = &app->book;
	if (is_open(app) && app->now - book->asked_at >= AGAIN_MS &&
		(book->stale || ran_out(app))) {
		app_ask_book(app);
	}
}

bool app_book_ages(const struct app *app)
{
	const struct book *book = &app->book;
	bool timed = false;
	for (size_t i = 0; i < book->count; i++) {
		timed |= book->list[i].until >= 0;
	}
	return is_open(app) && app->connected && (timed || book->stale);
}

/* ---- the filter ---- */

static const struct query *query_of(const struct app_filter *filter)
{
	return filter->text && !filter->off ? &filter->query : NULL;
}

void app_filter_book(struct app *app)
{
	book_filter(&app->book, query_of(&app->book_filter));
	app->book.stamp = ++app->model.last_stamp;
}

/* ---- coming and going ---- */

void app_open_book(struct app *app)
{
	app->book_from = &view_queue;
	app_view(app, &view_rules);
	app_ask_book(app);
}

static void want_finish(struct app *app)
{
	free(app->book_want.rule);
	app->book_want = (struct app_want){ 0 };
}

/* The rule that is wanted is selected, or it is said why not. */
static void find_wanted(struct app *app)
{
	struct app_want *want = &app->book_want;
	struct book *book = &app->book;
	const struct book_row *row = book_find(book, want->rule);
	if (!want->rule || !book->here || book->asked) {
		return;
	}
	if (row && row->hidden) {
		app_drop_filter(app, &app->book_filter);
		app_filter_book(app);
		row = book_find(book, want->rule);
	}
	bool other = row &&
		(row->kind == BOOK_GRANT ? want->number && want->number <= row->number
					 : want->at && want->at < row->since);
	struct safe_text name = paint_foreign(&app->paint, span_of(want->rule), SAFE_ONE_LINE);
	if (!row || (other && row->kind == BOOK_GRANT)) {
		app_say(app, safe_printf("%s is not in force any more", safe_cstr(&name)));
	} else if (other) {
		app_say(app,
			safe_printf("%s has said something else since then", safe_cstr(&name)));
	}
	safe_finish(&name);
	if (row) {
		book_select(book, row);
		book->stamp = ++app->model.last_stamp;
	}
	want_finish(app);
}

/* From a call to its rule. */
static void to_rule(struct app *app, const char *rule, int64_t number, int64_t at)
{
	if (!rule || !rule[0]) {
		app_say(app, safe_printf("no rule judged it"));
		return;
	}
	want_finish(app);
	app->book_want = (struct app_want){ xstrdup(rule), number, at };
	/* the calls of a rule lead back to it, and not round in a circle */
	if (app->past.rule) {
		past_finish(&app->past);
	} else {
		app->book_from = app->view;
	}
	app_view(app, &view_rules);
	app_ask_book(app);
}

void app_to_calls(struct app *app)
{
	const struct book_row *row = book_selected(&app->book);
	if (!row || row->kind == BOOK_BROKEN) {
		app_say(app, safe_printf("that judged no call"));
		return;
	}
	struct past *past = &app->past;
	past_finish(past);
	past->rule = xstrdup(row->rule);
	past->since = row->kind == BOOK_GRANT ? 0 : row->since;
	past->behind = row->kind == BOOK_GRANT ? row->number : 0;
	app_view(app, &view_history);
	app_ask_history(app);
}

void app_to_rule(struct app *app)
{
	const struct past_row *row = past_selected(&app->past);
	const struct model_item *item = app_item(app);
	if (app->view == &view_history || app->view == &view_event) {
		to_rule(app, row ? row->rule : NULL, row ? row->number : 0, row ? row->arrived : 0);
	} else {
		to_rule(app, item ? item->rule : NULL, 0, 0);
	}
}

int64_t app_book_grant(const struct app *app)
{
	const struct book_row *row = is_open(app) ? book_selected(&app->book) : NULL;
	return row && row->kind == BOOK_GRANT ? row->grant : 0;
}

void app_book_back(struct app *app)
{
	if (app->view == &view_rule) {
		app_view(app, &view_rules);
	} else if (app->book_filter.text) {
		app_drop_filter(app, &app->book_filter);
		app_filter_book(app);
	} else {
		app_view(app, app->book_from);
		app->book_from = &view_queue;
	}
}

/* ---- answers ---- */

static void came(struct app *app, const struct feed_note *note)
{
	struct book *book = &app->book;
	char *before = book->selected ? xstrdup(book->selected) : NULL;
	book->asked = false;
	if (note->kind == FEED_RULES) {
		book_read(book, note->json, app->now);
		app_filter_book(app);
	} else {
		free(book->why);
		book->why = xstrdup(note->text);
	}
	find_wanted(app);
	if (app->view == &view_rule && before &&
		(!book->selected || strcmp(before, book->selected) != 0)) {
		app_say(app, safe_printf("it is not in force any more"));
		app_view(app, &view_rules);
	}
	free(before);
	book->stamp = ++app->model.last_stamp;
}

bool app_note_book(struct app *app, const struct feed_note *note)
{
	switch (note->kind) {
	case FEED_RULES:
	case FEED_RULES_FAILED:
		came(app, note);
		return true;
	case FEED_REVOKED:
		app_say(app, safe_printf("revoked: such calls are asked about again"));
		app_ask_book(app);
		return true;
	case FEED_REVOKE_FAILED:
		app_warn(app, note->text);
		app_ask_book(app);
		return true;
	default:
		return false;
	}
}

void app_book_finish(struct app *app)
{
	want_finish(app);
	book_finish(&app->book);
	app_filter_finish(&app->book_filter);
	page_finish(&app->book_page);
}
