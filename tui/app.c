/*
 * What an event means: news of the broker change the model, keys become commands. Called by main.c;
 * decides nothing (decide.c does), paints nothing (app_paint.c does) and reads no socket (feed.c
 * does).
 */
#include "config.h"

#include "tui/app.h"

#include <stdlib.h>
#include <string.h>

#include "tui/decide.h"
#include "tui/model_read.h"

enum {
	STATUS_MS = 8000,
	ACTIVE_EVERY_MS = 5000,
	QUIET_AFTER_KEY_MS = 10000,
	WHEEL_LINES = 3,
	AWAY_MS = 5 * 60000,
	LOOK_MS = 2000,
	AWAITED_MS = 1000,
};

void app_init(struct app *app, const struct app_settings *settings, bool read_only, int64_t now,
	int64_t wall)
{
	*app = (struct app){ .read_only = read_only,
		.now = now,
		.wall = wall,
		.form = { .context = DIFF_CONTEXT },
		.view = &view_queue };
	app->active_at = now - ACTIVE_EVERY_MS;
	app->key_at = now - QUIET_AFTER_KEY_MS;
	keymap_init(&app->keys);
	guard_init(&app->guard, &settings->guard, now);
	app_set(app, settings);
	page_init(&app->card, &app->paint);
	page_init(&app->help, &app->paint);
	page_init(&app->offers_page, &app->paint);
	page_init(&app->batch_page, &app->paint);
	page_init(&app->past_page, &app->paint);
	page_init(&app->book_page, &app->paint);
	page_init(&app->roster_page, &app->paint);
	app->help_from = app->offers_from = app->book_from = &view_queue;
}

void app_set(struct app *app, const struct app_settings *settings)
{
	app->settings = *settings;
	app->guard.times = settings->guard;
	app->form.half_least = settings->half_least;
	app->dirty |= APP_DIRTY_HAND;
}

void app_finish(struct app *app)
{
	app_end_prompt(app);
	keymap_finish(&app->keys);
	model_finish(&app->model);
	page_finish(&app->card);
	page_finish(&app->help);
	page_finish(&app->offers_page);
	page_finish(&app->batch_page);
	batch_finish(&app->batch);
	past_finish(&app->past);
	app_filter_finish(&app->filter);
	free(app->rows.list);
	app_book_finish(app);
	app_roster_finish(app);
	for (int i = 0; i < RECALL_COUNT; i++) {
		recall_finish(&app->recall[i]);
	}
	app_edit_finish(app);
	app_did(app, DEED_NONE);
	page_finish(&app->past_page);
	offers_finish(&app->offers);
	safe_finish(&app->status);
	safe_finish(&app->copied);
	safe_finish(&app->reload_wrong);
	free(app->looked_at);
	buf_finish(&app->prompt.draft);
	free(app->set_value);
	app_end_find(app);
	free(app->shown.call);
	free(app->down_why);
}

/* Are the files of the call that is looked at still what is shown? */
static void look_again(struct app *app)
{
	struct model_item *item = app->connected ? app_item(app) : NULL;
	if (item && item->show == SHOW_HERE && item->mark && !item->looking && model_waits(item) &&
		app->now - app->preview_at >= LOOK_MS) {
		struct feed_wish wish = { item->mark, item->whole };
		item->looking = true;
		app->preview_at = app->now;
		feed_show(app->feed, item->call, item->revision, &wish);
	}
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
	look_again(app);
	app_check_book(app);
	app_check_roster(app);
}

bool app_ages(const struct app *app)
{
	return app->model.count > 0 || app->status.bytes > 0 || app_book_ages(app) ||
		app_roster_ages(app);
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
	struct model_item *item = model_selected(&app->model);
	return item && !item->hidden ? item : NULL;
}

bool app_command(struct app *app, enum command command)
{
	const struct view_ops *view = app->view;
	return view->command
		? view->command(app, command)
		: view->page && page_scroll(view->page(app), command, app->layout.detail.rows);
}

void app_view(struct app *app, const struct view_ops *view)
{
	app->view = view;
	app_end_find(app);
	app->help.top = 0;
	app->dirty |= APP_DIRTY_HAND;
}

void app_resized(struct app *app)
{
	app->dirty |= APP_DIRTY_HAND;
}

void app_gap(struct app *app, unsigned dropped)
{
	guard_gap(&app->guard, app->now);
	if (dropped) {
		app->eaten += dropped - 1;
		decide_eaten(app, "the screen stood still");
	}
}

/* --- what the broker says --- */

/* The selected call's preview is asked for once a stamp; others' are let go. */
void app_ask_preview(struct app *app)
{
	struct model_item *item = app_item(app);
	if (item && item->kind == MODEL_CALL && !item->ended && item->show == SHOW_NONE &&
		app->connected) {
		struct feed_wish wish = { NULL, item->whole };
		item->show = SHOW_ASKED;
		app->preview_at = app->now;
		model_forget_shows(&app->model);
		feed_show(app->feed, item->call, item->revision, &wish);
		if (!item->like.here) {
			feed_like(app->feed, item->call, item->revision);
		}
	}
}

static void went_down(struct app *app, const struct feed_note *note)
{
	app->connected = false;
	app->final = note->final;
	free(app->down_why);
	app->down_why = xstrdup(note->text ? note->text : "");
	app_end_prompt(app);
	app->book.asked = app->roster.asked = app->past.asked = false;
	app->past.event_asked = 0;
	if (model_ask_anew(&app->model)) {
		app_say(app,
			safe_printf("the connection went before the answer: look whether it still "
				    "waits"));
	}
}

static void was_shown(struct app *app, const struct feed_note *note)
{
	struct model_item *item = model_find(&app->model, note->call);
	if (!item || (item->show != SHOW_ASKED && !item->looking)) {
		return;
	}
	if (note->kind == FEED_SHOW_FAILED) {
		model_show_failed(&app->model, item, note->text);
	} else if (!model_shown(&app->model, item, note->json, app->now) &&
		note->revision == item->revision) {
		/* shown is a newer revision: its item is on the way, and asks again */
		model_show_failed(&app->model, item, "the call has just changed");
	}
}

static void was_liked(struct app *app, const struct feed_note *note)
{
	struct model_item *item = model_find(&app->model, note->call);
	if (item && !item->ended && note->revision == item->revision) {
		model_liked(&app->model, item, note->json);
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
	if (item) {
		model_decided(&app->model, item, note->revision, note->json);
	}
	int64_t grant = model_read_int(note->json, "grant", 0);
	if (grant) {
		app_did(app, DEED_GRANT);
		app->deed.grant = grant;
		app_say(app, safe_printf("approved, with a grant: u revokes it"));
	}
	if (item && item->state == LIFE_ARMED && note->approve) {
		app_say(app,
			safe_printf("#%lld: the agent was told it did not run; its next identical "
				    "call passes, once",
				(long long)item->number));
	}
	if (item && model_pending(item)) {
		app_did(app, DEED_DECISION);
		app_say(app,
			safe_printf("#%lld is being %s: u takes it back", (long long)item->number,
				item->denied_at ? "denied" : "approved"));
	}
	if (item && item == app_item(app)) {
		model_next_undecided(&app->model);
	}
}

static void went(struct app *app, const struct feed_note *note)
{
	char *words = NULL;
	model_gone(&app->model, note->json, &words);
	if (words) {
		app_warn(app, words);
	}
	free(words);
}

static void came_up(struct app *app, const struct feed_note *note)
{
	(void)note;
	app->connected = app->ever_connected = true;
	app->awaited_until = app->now + AWAITED_MS;
	app_book_stale(app);
}

/* While nothing waits, the screen shows what passed lately. */
static void ask_for_tail(struct app *app)
{
	if (!app->model.count && !app->past.count && !app->past.text && !app->past.rule) {
		app_ask_history(app);
	}
}

static void came_snapshot(struct app *app, const struct feed_note *note)
{
	const struct model *m = &app->model;
	model_snapshot(&app->model, note->json);
	ask_for_tail(app);
	if (!app->left_known) {
		app->left = (struct app_left){ m->allowed, m->denied, m->withdrawn };
		app->left_known = true;
	}
}

static void came_item(struct app *app, const struct feed_note *note)
{
	model_item(&app->model, note->json);
}

static void came_counters(struct app *app, const struct feed_note *note)
{
	model_counters(&app->model, note->json);
	app_history_grew(app);
	app_book_stale(app);
	app_roster_stale(app);
}

static void came_passed(struct app *app, const struct feed_note *note)
{
	if (!app->paused) {
		model_passed(&app->model, note->json);
	}
}

static void came_trouble(struct app *app, const struct feed_note *note)
{
	model_trouble(&app->model, model_read_member(note->json, "text"));
	if (model_read_member(note->json, "policy").at) {
		model_policy(&app->model, model_read_member(note->json, "policy"));
	}
	app_book_stale(app); /* it is said whenever the rules were read anew */
}

static void came_master(struct app *app, const struct feed_note *note)
{
	bool answer = note->kind == FEED_SWITCHED;
	model_master(&app->model, answer ? model_read_member(note->json, "master") : note->json);
}

/* Nobody is rung who looks at this window anyway. */
static void came_attention(struct app *app, const struct feed_note *note)
{
	(void)note;
	if (!app->focused && app->now - app->key_at >= QUIET_AFTER_KEY_MS) {
		app->wish = APP_RING;
	}
}

static void came_muted(struct app *app, const struct feed_note *note)
{
	app->model.muted_until = model_read_int(note->json, "muted_until", 0);
}

static void was_undone(struct app *app, const struct feed_note *note)
{
	(void)note;
	app_say(app, safe_printf("taken back: it waits again"));
}

void app_reload(struct app *app)
{
	safe_finish(&app->reload_wrong);
	app->reload_wrong = app->status;
	app->status = (struct safe_text){ 0 };
	if (app->connected) {
		feed_reload(app->feed);
		return;
	}
	bool good = !app->reload_wrong.bytes;
	app_say(app,
		safe_printf("%s; no broker is connected, whose the rules are",
			good ? "read again: settings, theme, keys"
			     : safe_cstr(&app->reload_wrong)));
}

/* What is wrong first, each with its file and line. */
static void was_reloaded(struct app *app, const struct feed_note *note)
{
	struct span policy = model_read_member(note->json, "policy");
	char *trouble = json_strdup(model_read_member(note->json, "trouble")),
	     *files = json_strdup(model_read_member(policy, "files"));
	struct safe_text rules = paint_foreign(&app->paint,
		span_of(trouble         ? trouble
				: files ? files
					: ""),
		SAFE_ONE_LINE);
	if (app->reload_wrong.bytes) {
		app_say(app,
			safe_printf("%s · rules: %s", safe_cstr(&app->reload_wrong),
				safe_cstr(&rules)));
	} else {
		app_say(app,
			safe_printf("read again: settings, theme, keys · rules: %s",
				safe_cstr(&rules)));
	}
	safe_finish(&rules);
	free(trouble);
	free(files);
}

static void was_refused(struct app *app, const struct feed_note *note)
{
	app_warn(app, note->text);
}

typedef void took_fn(struct app *app, const struct feed_note *note);

/* What is not here is about offers, grants or the history. */
static took_fn *const took[FEED_KIND_COUNT] = {
	[FEED_UP] = came_up,
	[FEED_DOWN] = went_down,
	[FEED_SNAPSHOT] = came_snapshot,
	[FEED_ITEM] = came_item,
	[FEED_GONE] = went,
	[FEED_COUNTERS] = came_counters,
	[FEED_PASSED] = came_passed,
	[FEED_TROUBLE] = came_trouble,
	[FEED_MASTER] = came_master,
	[FEED_SWITCHED] = came_master,
	[FEED_ATTENTION] = came_attention,
	[FEED_MUTED] = came_muted,
	[FEED_MUTED_NOW] = came_muted,
	[FEED_MUTE_FAILED] = was_refused,
	[FEED_SWITCH_FAILED] = was_refused,
	[FEED_SHOWN] = was_shown,
	[FEED_SHOW_FAILED] = was_shown,
	[FEED_LIKE] = was_liked,
	[FEED_DECIDED] = was_decided,
	[FEED_REFUSED] = was_decided,
	[FEED_UNDONE] = was_undone,
	[FEED_RELOADED] = was_reloaded,
	[FEED_RELOAD_FAILED] = was_refused,
	[FEED_UNDO_FAILED] = was_refused,
};

void app_note(struct app *app, const struct feed_note *note)
{
	if (took[note->kind]) {
		took[note->kind](app, note);
	} else if (!app_note_offers(app, note) && !app_note_edit(app, note) &&
		!app_note_book(app, note) && !app_note_roster(app, note)) {
		app_note_history(app, note);
	}
	app_check_filter(app);
	app_ask_preview(app);
	app_check_history(app);
	app_check_offers(app);
	app_check_batch(app);
	bool awaited = note->asked && app->now < app->awaited_until;
	app->dirty |= awaited ? APP_DIRTY_HAND : APP_DIRTY_NEWS;
}

/* --- what the person does --- */

/* Before a key leads away from it: has the person had the time to read all of it? */
static void note_read(struct app *app, int64_t at)
{
	struct model_item *item = app_item(app);
	if (item && guard_read(&app->guard, item->stamp, at)) {
		item->seen = true;
	}
}

static void key(struct app *app, uint32_t key, int64_t at)
{
	enum command command = keymap_find(&app->keys, app->view->context, key);
	bool control = (key & K_CTRL_BIT) &&
		(command == COMMAND_SUSPEND || command == COMMAND_REDRAW);
	note_read(app, at);
	if (app->prompt.use && !control) {
		app_prompt_key(app, key, at);
		return;
	}
	if (control && command == COMMAND_SUSPEND) {
		app_leave_word(app);
	}
	if (command != COMMAND_NONE) {
		if (command_specs[command].class == CLASS_LOOK) {
			app->eaten = 0;
		}
		app_act(app, command, at);
	} else {
		decide_eaten(app, "that key does nothing here (? shows the keys)");
	}
}

/* What happened since the last key, for who was away a while. */
static void digest(struct app *app)
{
	const struct model *m = &app->model;
	int64_t away = app->now - app->key_at, passed = m->allowed - app->left.allowed,
		denied = m->denied - app->left.denied,
		withdrawn = m->withdrawn - app->left.withdrawn;
	if (away >= AWAY_MS && app->connected && passed + denied + withdrawn > 0) {
		app_say(app,
			safe_printf("away %lld min: %lld passed, %lld denied, %lld withdrawn or "
				    "expired; 2 shows them",
				(long long)away / 60000, (long long)passed, (long long)denied,
				(long long)withdrawn));
	}
	app->left = (struct app_left){ m->allowed, m->denied, m->withdrawn };
}

static bool is_inside(const struct rect *r, const struct keydec_event *event)
{
	return event->y >= r->y && event->y < r->y + r->rows && event->x >= r->x &&
		event->x < r->x + r->cols;
}

/* Selects, scrolls, and nothing else. */
static void mouse(struct app *app, const struct keydec_event *event)
{
	const struct rect *list = &app->layout.list;
	bool on_list = !app->view->open && is_inside(list, event);
	bool up = event->key == K_UP;
	if (app->prompt.use) {
		return;
	}
	if (event->kind == KEYDEC_CLICK) {
		if (on_list && app->view->click) {
			app->view->click(app, event->y - list->y);
		}
	} else if (on_list) {
		app_command(app, up ? COMMAND_PREVIOUS : COMMAND_NEXT);
	} else {
		enum command line = app->view->open
			? (up ? COMMAND_LINE_UP : COMMAND_LINE_DOWN)
			: (up ? COMMAND_DETAIL_UP : COMMAND_DETAIL_DOWN);
		for (int i = 0; i < WHEEL_LINES; i++) {
			app_command(app, line);
		}
	}
	app_ask_preview(app);
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
	app->awaited_until = app->now + AWAITED_MS;
	switch (event->kind) {
	case KEYDEC_KEY:
		key(app, event->key, at);
		digest(app);
		app->key_at = app->now;
		say_active(app);
		break;
	case KEYDEC_PASTE:
		if (app->prompt.use) {
			app_prompt_paste(app, event->text);
		} else {
			app_say(app, safe_printf("paste ignored: it approves nothing"));
		}
		break;
	case KEYDEC_FOCUS_IN:
	case KEYDEC_FOCUS_OUT:
		app->focused = event->kind == KEYDEC_FOCUS_IN;
		guard_focus(&app->guard, app->focused, app->now);
		feed_focus(app->feed, app->focused);
		app->dirty |= APP_DIRTY_HAND;
		return;
	case KEYDEC_CLICK:
	case KEYDEC_WHEEL:
		note_read(app, app->now);
		mouse(app, event);
		break;
	case KEYDEC_REPLY:
	case KEYDEC_NOISE:
		break;
	}
	guard_input(&app->guard, app->now);
	app->dirty |= APP_DIRTY_HAND;
}
