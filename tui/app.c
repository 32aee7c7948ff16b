/*
 * What an event means. A decision carries the call and the revision that the last written frame
 * showed, never what the selection has become since; the guard is asked with the time at which the
 * key may have been pressed at the earliest. Called by main.c; paints nothing (app_paint.c does)
 * and reads no socket (feed.c does).
 */
#include "config.h"

#include "tui/app.h"

#include <stdlib.h>
#include <string.h>

#include "tui/model_read.h"

enum { STATUS_MS = 8000, ACTIVE_EVERY_MS = 5000 };

void app_init(struct app *app, bool read_only, int64_t now, int64_t wall)
{
	*app = (struct app){
		.read_only = read_only, .now = now, .wall = wall, .view = &view_queue
	};
	app->active_at = now - ACTIVE_EVERY_MS;
	guard_init(&app->guard, &guard_times_default, now);
	doc_init(&app->card, &app->paint);
	doc_init(&app->help, &app->paint);
}

static void end_prompt(struct app *app)
{
	app->prompt.active = false;
	prompt_finish(&app->prompt.line);
	free(app->prompt.call);
	app->prompt.call = NULL;
}

void app_finish(struct app *app)
{
	end_prompt(app);
	model_finish(&app->model);
	doc_finish(&app->card);
	doc_finish(&app->help);
	safe_finish(&app->status);
	free(app->looked_at);
	buf_finish(&app->prompt.draft);
	free(app->shown.call);
	free(app->down_why);
}

void app_time(struct app *app, int64_t now, int64_t wall)
{
	app->now = now;
	app->wall = wall;
	if (app->status.bytes && now >= app->status_until) {
		safe_finish(&app->status);
		app->status = (struct safe_text){ 0 };
		app->dirty |= APP_DIRTY_NEWS;
	}
}

bool app_ages(const struct app *app)
{
	return app->model.count > 0 || app->status.bytes > 0;
}

void app_say(struct app *app, struct safe_text status)
{
	safe_finish(&app->status);
	app->status = status;
	app->status_until = app->now + STATUS_MS;
	app->dirty |= APP_DIRTY_HAND;
}

void app_warn(struct app *app, const char *foreign)
{
	app_say(app, paint_foreign(&app->paint, span_of(foreign), SAFE_ONE_LINE));
}

struct model_item *app_item(struct app *app)
{
	return model_selected(&app->model);
}

void app_view(struct app *app, const struct view_ops *view)
{
	app->view = view;
	app->help_top = 0;
	app->dirty |= APP_DIRTY_HAND;
}

void app_resized(struct app *app)
{
	app->dirty |= APP_DIRTY_HAND;
}

void app_gap(struct app *app)
{
	guard_gap(&app->guard, app->now);
}

/* --- what the broker says --- */

/* The selected call's preview is asked for once a stamp; others' are let go. */
static void ask_preview(struct app *app)
{
	struct model_item *item = app_item(app);
	if (item && item->kind == MODEL_CALL && !item->ended && item->show == SHOW_NONE &&
		app->connected) {
		item->show = SHOW_ASKED;
		model_forget_shows(&app->model);
		feed_show(app->feed, item->call, item->revision);
	}
}

static void went_down(struct app *app, const struct feed_note *note)
{
	app->connected = false;
	app->final = note->final;
	free(app->down_why);
	app->down_why = xstrdup(note->text ? note->text : "");
	end_prompt(app);
	if (model_ask_anew(&app->model)) {
		app_say(app,
			safe_printf("the connection went before the answer: look whether it still "
				    "waits"));
	}
}

static void was_shown(struct app *app, const struct feed_note *note)
{
	struct model_item *item = model_find(&app->model, note->call);
	if (!item || item->show != SHOW_ASKED) {
		return;
	}
	if (note->kind == FEED_SHOW_FAILED) {
		model_show_failed(&app->model, item, note->text);
	} else if (!model_shown(&app->model, item, note->json) &&
		note->revision == item->revision) {
		/* shown is a newer revision: its item is on the way, and asks again */
		model_show_failed(&app->model, item, "the call has just changed");
	}
}

static void was_decided(struct app *app, const struct feed_note *note)
{
	struct model_item *item = model_find(&app->model, note->call);
	if (note->kind == FEED_REFUSED) {
		if (item) {
			item->sent = SENT_NONE;
		}
		app_warn(app, note->text);
		return;
	}
	buf_clear(&app->prompt.draft);
	if (item &&
		note->revision ==
			item->revision) { /* else its present state came with the newer revision */
		char *state = json_strdup(model_read_member(note->json, "state"));
		life_state_parse(state ? state : "", &item->state);
		item->sent = SENT_NONE;
		item->stamp = ++app->model.last_stamp;
		free(state);
	}
	if (item && item == app_item(app)) {
		model_next_undecided(&app->model);
	}
}

static void went(struct app *app, struct span json)
{
	char *words = NULL;
	model_gone(&app->model, json, &words);
	if (words) {
		app_warn(app, words);
	}
	free(words);
}

void app_note(struct app *app, const struct feed_note *note)
{
	switch (note->kind) {
	case FEED_UP:
		app->connected = app->ever_connected = true;
		break;
	case FEED_DOWN:
		went_down(app, note);
		break;
	case FEED_SNAPSHOT:
		model_snapshot(&app->model, note->json);
		break;
	case FEED_ITEM:
		model_item(&app->model, note->json);
		break;
	case FEED_GONE:
		went(app, note->json);
		break;
	case FEED_COUNTERS:
		model_counters(&app->model, note->json);
		break;
	case FEED_PASSED:
		model_passed(&app->model, note->json);
		break;
	case FEED_TROUBLE:
		model_trouble(&app->model, note->json);
		break;
	case FEED_SHOWN:
	case FEED_SHOW_FAILED:
		was_shown(app, note);
		break;
	case FEED_DECIDED:
	case FEED_REFUSED:
		was_decided(app, note);
		break;
	}
	ask_preview(app);
	app->dirty |= APP_DIRTY_NEWS;
}

/* --- what the person does --- */

static void eaten(struct app *app, const char *why)
{
	app->eaten++;
	if (app->eaten == 1) {
		app_say(app, safe_printf("ignored: %s", why));
	} else {
		app_say(app, safe_printf("%u keys ignored: %s", app->eaten, why));
	}
}

/* The item that the last frame showed, if it may still be decided; else NULL, and it has been said
 * why. */
static struct model_item *decidable(struct app *app)
{
	struct model_item *item = model_find(&app->model, app->shown.call);
	const char *why = NULL;
	if (app->read_only) {
		why = "this console only looks (--read-only)";
	} else if (!app->connected) {
		why = "no broker is connected";
	} else if (!app->shown.call) {
		why = "no call is shown";
	} else if (!item || item->ended) {
		why = "it does not wait any more";
	} else if (item != app_item(app) || item->revision != app->shown.revision ||
		item->stamp != app->shown.stamp) {
		why = "it changed just now: look again";
	} else if (item->sent != SENT_NONE) {
		why = "already decided, waiting for the broker";
	}
	if (why) {
		eaten(app, why);
	}
	return why ? NULL : item;
}

static bool allowed_by_state(struct app *app, const struct model_item *item, enum life_event event)
{
	if (life_next(item->state, event).effect != LIFE_REFUSED) {
		return true;
	}
	app_say(app, safe_printf("nothing to decide: it is %s", life_state_name(item->state)));
	return false;
}

static void approve(struct app *app, int64_t at)
{
	struct model_item *item = decidable(app);
	if (!item || !allowed_by_state(app, item, LIFE_EV_APPROVE)) {
		return;
	}
	if (item->kind == MODEL_CALL && item->show != SHOW_HERE) {
		bool failed = item->show == SHOW_FAILED;
		eaten(app,
			failed ? "there is no preview (R asks again)"
			       : "the preview is not here yet");
		return;
	}
	enum guard_answer answer = guard_may_approve(&app->guard, at);
	if (answer != GUARD_OK) {
		eaten(app, guard_words(answer));
		return;
	}
	app->eaten = 0;
	item->sent = SENT_APPROVE;
	feed_decide(
		app->feed, app->shown.call, app->shown.revision, true, (struct span){ NULL, 0 });
}

static struct model_item *deniable(struct app *app, int64_t at)
{
	struct model_item *item = decidable(app);
	if (!item || !allowed_by_state(app, item, LIFE_EV_DENY)) {
		return NULL;
	}
	enum guard_answer answer = guard_may_deny(&app->guard, at);
	if (answer != GUARD_OK) {
		eaten(app, guard_words(answer));
		return NULL;
	}
	app->eaten = 0;
	return item;
}

static void deny(struct app *app, int64_t at)
{
	struct model_item *item = deniable(app, at);
	if (item) {
		item->sent = SENT_DENY;
		feed_decide(app->feed, app->shown.call, app->shown.revision, false,
			(struct span){ NULL, 0 });
	}
}

static void ask_reason(struct app *app, int64_t at)
{
	if (deniable(app, at)) {
		end_prompt(app);
		app->prompt.active = true;
		app->prompt.call = xstrdup(app->shown.call);
		app->prompt.revision = app->shown.revision;
		prompt_start(&app->prompt.line, buf_view(&app->prompt.draft));
	}
}

static void send_reason(struct app *app)
{
	struct model_item *item = model_find(&app->model, app->prompt.call);
	if (!item || item->ended) {
		app_say(app, safe_printf("not sent: the call does not wait any more"));
	} else {
		struct span reason = buf_view(&app->prompt.line.text);
		item->sent = SENT_DENY;
		buf_clear(&app->prompt.draft);
		buf_span(&app->prompt.draft, reason);
		feed_decide(app->feed, app->prompt.call, app->prompt.revision, false,
			reason.len ? reason : (struct span){ NULL, 0 });
	}
	end_prompt(app);
}

static void prompt_answer(struct app *app, enum prompt_answer answer)
{
	switch (answer) {
	case PROMPT_GOES_ON:
		break;
	case PROMPT_DONE:
		send_reason(app);
		break;
	case PROMPT_CANCELLED:
		end_prompt(app);
		app_say(app, safe_printf("nothing sent; the call still waits"));
		break;
	case PROMPT_FULL:
		app_say(app, safe_printf("a reason has at most %d bytes", PROMPT_MAX));
		break;
	}
}

static void refresh(struct app *app)
{
	struct model_item *item = app_item(app);
	if (item && item->show != SHOW_ASKED) {
		item->show = SHOW_NONE;
		item->stamp = ++app->model.last_stamp;
		ask_preview(app);
	}
}

static void perform(struct app *app, enum command command, int64_t at)
{
	switch (command) {
	case COMMAND_APPROVE:
		approve(app, at);
		break;
	case COMMAND_DENY:
		deny(app, at);
		break;
	case COMMAND_DENY_WHY:
		ask_reason(app, at);
		break;
	case COMMAND_HELP:
		app_view(app, &view_help);
		break;
	case COMMAND_BACK:
		app_view(app, &view_queue);
		break;
	case COMMAND_REFRESH:
		refresh(app);
		break;
	case COMMAND_REDRAW:
		app->wish = APP_REDRAW;
		break;
	case COMMAND_SUSPEND:
		app->wish = APP_SUSPEND;
		break;
	case COMMAND_QUIT:
		app->wish = APP_QUIT;
		break;
	default:
		app->view->command(app, command);
		ask_preview(app);
	}
}

static void key(struct app *app, uint32_t key, int64_t at)
{
	if (app->prompt.active) {
		prompt_answer(app, prompt_key(&app->prompt.line, key));
		return;
	}
	enum command command = command_find(app->view->context, key);
	if (command != COMMAND_NONE) {
		if (command_specs[command].class == CLASS_LOOK) {
			app->eaten = 0;
		}
		perform(app, command, at);
	} else {
		eaten(app, "that key does nothing here (? shows the keys)");
	}
}

static void say_active(struct app *app)
{
	if (app->connected && app->now - app->active_at >= ACTIVE_EVERY_MS) {
		app->active_at = app->now;
		feed_active(app->feed);
	}
}

void app_input(struct app *app, const struct keydec_event *event, int64_t at)
{
	switch (event->kind) {
	case KEYDEC_KEY:
		key(app, event->key, at);
		say_active(app);
		break;
	case KEYDEC_PASTE:
		if (app->prompt.active) {
			prompt_answer(app, prompt_paste(&app->prompt.line, event->text));
		} else {
			app_say(app, safe_printf("paste ignored: it approves nothing"));
		}
		break;
	case KEYDEC_FOCUS_IN:
	case KEYDEC_FOCUS_OUT:
		guard_focus(&app->guard, event->kind == KEYDEC_FOCUS_IN, app->now);
		app->dirty |= APP_DIRTY_HAND;
		return;
	case KEYDEC_NOISE:
		break;
	}
	guard_input(&app->guard, app->now);
	app->dirty |= APP_DIRTY_HAND;
}
