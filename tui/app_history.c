/*
 * The history's tab: what is asked of the broker and when. The newest page when the tab is opened
 * and, while its first row is selected, whenever something new was recorded; older ones when the
 * selection nears the end; what one call would have done once it is selected. Called by app.c.
 */
#include "config.h"

#include "tui/app.h"

#include <stdlib.h>
#include <string.h>

enum { NEAR_END = 20, AGAIN_MS = 1000 };

static void ask(struct app *app, int64_t before)
{
	struct past *past = &app->past;
	if (app->connected && !past->asked) {
		past->asked = true;
		past->older = before != 0;
		app->past_asked_at = app->now;
		feed_history(app->feed,
			&(struct feed_page){ .text = past->text,
				.rule = past->rule,
				.since = past->since,
				.before = before,
				.limit = PAST_PAGE });
	}
}

void app_ask_history(struct app *app)
{
	ask(app, 0);
}

/* What stands on the screen needs more than is here. */
void app_check_history(struct app *app)
{
	struct past *past = &app->past;
	const struct past_row *row = past_selected(past);
	if (app->view != &view_history && app->view != &view_event) {
		return;
	}
	if (row && past->event_number != row->number && past->event_asked != row->number &&
		app->connected) {
		past->event_asked = row->number;
		feed_event(app->feed, row->number);
	}
	if (row && !past->whole && past_index(past) + NEAR_END >= past->count) {
		ask(app, past->list[past->count - 1].number);
	}
}

/* Something was recorded. */
void app_history_grew(struct app *app)
{
	const struct past *past = &app->past;
	bool first = !past->count || past->selected == past->list[0].number;
	if (app->view == &view_history && first && !app->paused &&
		app->now - app->past_asked_at >= AGAIN_MS) {
		ask(app, 0);
	}
}

/* Pausing keeps what is on the screen; what came meanwhile is there when it goes on. */
void app_follow(struct app *app)
{
	struct past *past = &app->past;
	bool list = app->view == &view_history;
	bool first = !list || !past->count || past->selected == past->list[0].number;
	if (first && !app->paused) {
		app->paused = true;
		app_say(app, safe_printf("paused: F shows the newest again"));
		return;
	}
	app->paused = false;
	app_say(app, safe_printf("follows the newest"));
	if (list && past->count) {
		past->selected = past->list[0].number;
	}
	model_forget_passed(&app->model);
	app_ask_history(app);
}

void app_search_history(struct app *app, const char *text)
{
	struct past *past = &app->past;
	past_finish(past);
	past->text = text && text[0] ? xstrdup(text) : NULL;
	app_view(app, &view_history);
	ask(app, 0);
}

static void search_typed(struct app *app, struct span text)
{
	char *words = span_dup(text);
	app_search_history(app, words);
	free(words);
}

static const struct prompt_use search_prompt = {
	.recall = RECALL_SEARCH,
	.hint = "Enter search tool, target, server, client, rule, reason  Esc cancel",
	.done = search_typed,
};

void app_ask_search(struct app *app)
{
	app_ask(app, &search_prompt, "search", span_of(app->past.text ? app->past.text : ""));
}

/* The list of what fits, with the call that is looked at still selected. */
static void list_alike(struct app *app, const char *filter)
{
	int64_t number = app->past.selected;
	app_search_history(app, filter);
	app->past.wanted = number;
}

void app_to_session(struct app *app)
{
	const struct past_row *row = past_selected(&app->past);
	if (!row || !row->session) {
		app_say(app, safe_printf("its session is not known"));
		return;
	}
	char *filter = xasprintf("session:%lld", (long long)row->session);
	list_alike(app, filter);
	free(filter);
}

/* A quote would end the quoted text: any byte is let stand there. */
void app_to_file(struct app *app)
{
	const struct past_row *row = past_selected(&app->past);
	if (!row || !row->target || !row->target[0]) {
		app_say(app, safe_printf("it acts on nothing that has a name"));
		return;
	}
	char *target = xstrdup(row->target);
	for (char *quote = target; (quote = strchr(quote, '"'));) {
		*quote = '?';
	}
	char *filter = xasprintf("path:\"%s\"", target);
	list_alike(app, filter);
	free(filter);
	free(target);
}

bool app_note_history(struct app *app, const struct feed_note *note)
{
	struct past *past = &app->past;
	switch (note->kind) {
	case FEED_HISTORY:
		past_read(past, note->json);
		break;
	case FEED_HISTORY_FAILED:
		past->asked = past->older = false;
		free(past->why);
		past->why = xstrdup(note->text);
		break;
	case FEED_EVENT:
		past_event(past, note->json);
		break;
	case FEED_EVENT_FAILED:
		app_warn(app, note->text);
		break;
	default:
		return false;
	}
	past->stamp = ++app->model.last_stamp;
	return true;
}
