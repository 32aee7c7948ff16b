/*
 * What each command does, a row each; what is not here is the view's own (moving, scrolling,
 * marking). Called by app.c with the time at which the key was pressed at the earliest.
 */
#include "config.h"

#include "tui/app.h"

#include "tui/decide.h"
#include "tui/model_read.h"

typedef void act_fn(struct app *app, enum command command, int64_t at);

/* With marked calls, deciding begins with their list. */
static void act_decide(struct app *app, enum command command, int64_t at)
{
	if (app_open_batch(app)) {
		return;
	}
	if (command == COMMAND_APPROVE) {
		decide_approve(app, at);
	} else if (command == COMMAND_DENY) {
		decide_deny(app, at);
	} else {
		decide_deny_why(app, at);
	}
}

static void act_batch(struct app *app, enum command command, int64_t at)
{
	if (command == COMMAND_BATCH_DENY_WHY) {
		decide_batch_why(app, at);
	} else {
		decide_batch(app, command == COMMAND_BATCH_APPROVE, at);
	}
}

static void act_undo(struct app *app, enum command command, int64_t at)
{
	(void)command;
	(void)at;
	app_undo(app);
}

static void act_step(struct app *app, enum command command, int64_t at)
{
	decide_step(app, (size_t)(command - COMMAND_STEP_1), at);
}

static void act_save(struct app *app, enum command command, int64_t at)
{
	(void)command;
	decide_save(app, at);
}

static void act_revoke(struct app *app, enum command command, int64_t at)
{
	(void)command;
	decide_revoke(app, at);
}

static void act_master(struct app *app, enum command command, int64_t at)
{
	decide_master(app, command == COMMAND_DENY_ALL, at);
}

static void act_mute(struct app *app, enum command command, int64_t at)
{
	enum { MINUTES = 30 };
	(void)command;
	(void)at;
	app_will_mute(app);
	feed_mute(app->feed, app->model.muted_until ? 0 : MINUTES);
}

static void act_open(struct app *app, enum command command, int64_t at)
{
	(void)at;
	switch (command) {
	case COMMAND_OFFERS:
		app_open_offers(app);
		break;
	case COMMAND_TAB_SERVERS:
		app_open_roster(app);
		break;
	case COMMAND_TAB_RULES:
		app_open_book(app);
		break;
	case COMMAND_TAB_HISTORY:
		if (app->past.rule) {
			past_finish(&app->past);
		}
		app_view(app, &view_history);
		app_ask_history(app);
		break;
	case COMMAND_TO_RULE:
		app_to_rule(app);
		break;
	case COMMAND_TO_CALLS:
		app_to_calls(app);
		break;
	case COMMAND_HELP:
		app->help_from = app->view;
		page_clear(&app->help);
		app_view(app, &view_help);
		break;
	default:
		app_view(app, &view_queue);
	}
}

static void act_alike(struct app *app, enum command command, int64_t at)
{
	(void)at;
	if (command == COMMAND_TO_SESSION) {
		app_to_session(app);
	} else {
		app_to_file(app);
	}
}

static void act_follow(struct app *app, enum command command, int64_t at)
{
	(void)command;
	(void)at;
	app_follow(app);
}

static void act_find(struct app *app, enum command command, int64_t at)
{
	(void)at;
	switch (command) {
	case COMMAND_FILTER:
		app_ask_filter(app);
		break;
	case COMMAND_FILTER_OFF:
		app_toggle_filter(app);
		break;
	case COMMAND_FILTER_END:
		app_end_filter(app);
		break;
	case COMMAND_SEARCH:
		app_ask_search(app);
		break;
	case COMMAND_FIND:
		app_ask_find(app);
		break;
	case COMMAND_FIND_NEXT:
	case COMMAND_FIND_BACK:
		app_find_again(app, command == COMMAND_FIND_BACK);
		break;
	case COMMAND_PALETTE:
		app_ask_command(app);
		break;
	default:
		app_jump(app, command);
	}
}

static void act_back(struct app *app, enum command command, int64_t at)
{
	(void)command;
	(void)at;
	if (app->find.text) {
		app_end_find(app); /* out of the search first */
	} else if (app->view->back) {
		app->view->back(app);
	} else {
		app_view(app, &view_queue);
	}
}

static void act_refresh(struct app *app, enum command command, int64_t at)
{
	struct model_item *item = app_item(app);
	(void)at;
	if (command == COMMAND_REFRESH) {
		app->wish = APP_RELOAD;
	}
	if (app->view->refresh) {
		app->view->refresh(app);
	} else if (item && item->show != SHOW_ASKED) {
		item->show = SHOW_NONE;
		item->stamp = ++app->model.last_stamp;
		app_ask_preview(app);
	}
}

/* All of it, however large; the guard begins anew. */
static void act_view_all(struct app *app, enum command command, int64_t at)
{
	struct model_item *item = app_item(app);
	if (item && !item->whole && item->show == SHOW_HERE) {
		item->whole = true;
		act_refresh(app, command, at);
	} else {
		app_say(app, safe_printf("all that can be shown is shown"));
	}
}

/* The arguments as they were shown, or all of the request. */
static struct span arguments_of(const struct model_item *item)
{
	struct span arguments = model_arguments(item);
	return arguments.at ? arguments : model_params(item);
}

/* Sanitised like everything else, and no more than a terminal takes. */
static void act_copy(struct app *app, enum command command, int64_t at)
{
	enum { COPY_MOST = 8192 };
	const struct model_item *item = app_item(app);
	const struct past_row *row = past_selected(&app->past);
	bool past = app->view == &view_history || app->view == &view_event;
	struct span text = past && row    ? span_of(row->target)
		: past || !item           ? (struct span){ 0 }
		: command == COMMAND_COPY ? model_target(item)
					  : arguments_of(item);
	(void)at;
	if (!text.at || !text.len || text.len > COPY_MOST) {
		app_say(app,
			safe_printf(text.at && text.len ? "not copied: more than 8 KiB"
							: "there is nothing to copy"));
		return;
	}
	safe_finish(&app->copied);
	app->copied = paint_foreign(&app->paint, text, SAFE_ONE_LINE);
	app->wish = APP_COPY;
	app_say(app, safe_printf("sent to the terminal: %zu bytes", app->copied.bytes));
}

static void act_form(struct app *app, enum command command, int64_t at)
{
	enum { CONTEXT_MOST = 100 };
	static const char *const halves[] = { "side by side where there is room",
		"one above the other", "side by side" };
	struct diff_form *form = &app->form;
	(void)at;
	if (command == COMMAND_RAW) {
		form->raw = !form->raw;
		app_say(app,
			safe_printf("%s",
				form->raw ? "parameters as they came" : "arguments for reading"));
		return;
	}
	if (command == COMMAND_HALVES) {
		form->halves = form->halves == HALVES_BY_ROOM ? HALVES_ALWAYS
			: form->halves == HALVES_ALWAYS       ? HALVES_NEVER
							      : HALVES_BY_ROOM;
		app_say(app, safe_printf("diffs: %s", halves[form->halves]));
		return;
	}
	if (command == COMMAND_WRAP) {
		form->cut_lines = !form->cut_lines;
		app_say(app,
			safe_printf("long lines are %s",
				form->cut_lines ? "cut: nothing that is cut is approved"
						: "wrapped"));
		return;
	}
	if (command == COMMAND_CONTEXT_MORE) {
		form->context += form->context < CONTEXT_MOST;
	} else {
		form->context -= form->context > 0;
	}
	app_say(app, safe_printf("%u unchanged lines around a change", form->context));
}

static void act_pane(struct app *app, enum command command, int64_t at)
{
	(void)at;
	app_pane(app, command);
}

static void act_edit(struct app *app, enum command command, int64_t at)
{
	(void)at;
	if (command == COMMAND_EDIT) {
		app_edit(app);
	} else {
		app_read_copy(app);
	}
}

static void act_wish(struct app *app, enum command command, int64_t at)
{
	(void)at;
	app->wish = command == COMMAND_REDRAW ? APP_REDRAW
		: command == COMMAND_TO_PANE  ? APP_JUMP
		: command == COMMAND_SUSPEND  ? APP_SUSPEND
					      : APP_QUIT;
}

static act_fn *const acts[COMMAND_COUNT] = {
	[COMMAND_APPROVE] = act_decide,
	[COMMAND_DENY] = act_decide,
	[COMMAND_DENY_WHY] = act_decide,
	[COMMAND_BATCH_APPROVE] = act_batch,
	[COMMAND_BATCH_DENY] = act_batch,
	[COMMAND_BATCH_DENY_WHY] = act_batch,
	[COMMAND_UNDO] = act_undo,
	[COMMAND_STEP_1] = act_step,
	[COMMAND_STEP_2] = act_step,
	[COMMAND_STEP_3] = act_step,
	[COMMAND_SAVE_RULE] = act_save,
	[COMMAND_REVOKE] = act_revoke,
	[COMMAND_HOLD_ALL] = act_master,
	[COMMAND_DENY_ALL] = act_master,
	[COMMAND_MUTE] = act_mute,
	[COMMAND_OFFERS] = act_open,
	[COMMAND_TAB_RULES] = act_open,
	[COMMAND_TAB_SERVERS] = act_open,
	[COMMAND_TO_RULE] = act_open,
	[COMMAND_TO_CALLS] = act_open,
	[COMMAND_TO_SESSION] = act_alike,
	[COMMAND_TO_FILE] = act_alike,
	[COMMAND_TAB_QUEUE] = act_open,
	[COMMAND_TAB_HISTORY] = act_open,
	[COMMAND_HELP] = act_open,
	[COMMAND_SEARCH] = act_find,
	[COMMAND_FILTER] = act_find,
	[COMMAND_FILTER_OFF] = act_find,
	[COMMAND_FILTER_END] = act_find,
	[COMMAND_NEXT_RISK] = act_find,
	[COMMAND_PALETTE] = act_find,
	[COMMAND_FIND] = act_find,
	[COMMAND_FIND_NEXT] = act_find,
	[COMMAND_FIND_BACK] = act_find,
	[COMMAND_NEXT_DEADLINE] = act_find,
	[COMMAND_BACK] = act_back,
	[COMMAND_REFRESH] = act_refresh,
	[COMMAND_EDIT] = act_edit,
	[COMMAND_READ] = act_edit,
	[COMMAND_VIEW_ALL] = act_view_all,
	[COMMAND_COPY] = act_copy,
	[COMMAND_COPY_ALL] = act_copy,
	[COMMAND_CONTEXT_MORE] = act_form,
	[COMMAND_CONTEXT_LESS] = act_form,
	[COMMAND_HALVES] = act_form,
	[COMMAND_WRAP] = act_form,
	[COMMAND_RAW] = act_form,
	[COMMAND_FOLLOW] = act_follow,
	[COMMAND_FOCUS_NEXT] = act_pane,
	[COMMAND_FOCUS_PREVIOUS] = act_pane,
	[COMMAND_FOCUS_LIST] = act_pane,
	[COMMAND_ZOOM] = act_pane,
	[COMMAND_ZOOM_OUT] = act_pane,
	[COMMAND_REDRAW] = act_wish,
	[COMMAND_TO_PANE] = act_wish,
	[COMMAND_SUSPEND] = act_wish,
	[COMMAND_QUIT] = act_wish,
};

void app_act(struct app *app, enum command command, int64_t at)
{
	if (acts[command]) {
		acts[command](app, command, at);
	} else {
		app_command(app, app_pane_command(app, command));
	}
	app_ask_preview(app);
}
