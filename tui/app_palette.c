/*
 * The line behind `:`. It presses a key by its name, no more: what decides goes through app_act and
 * the guard with the time of Enter, on what the last frame showed beside the list, and has to be
 * typed, not pasted. If the guard refuses, the line stays there. Called by app_act.c.
 */
#include "config.h"

#include "tui/app.h"

#include <stdio.h>
#include <stdlib.h>

#include "tui/decide.h"

enum { LIST_MOST = 8, NAME_COLS = 26, KEYS_COLS = 12, WIDE = 70, NUMBER_MAX = 6 };

static void typed(struct app *app, struct span text)
{
	palette_make(&app->palette, &app->keys, app->view->context, text);
}

static bool tab(struct app *app, uint32_t key)
{
	struct prompt *line = &app->prompt.line;
	if (key != K_TAB && key != K_BACKTAB) {
		return false;
	}
	struct span text = palette_complete(&app->palette, buf_view(&line->text), key == K_BACKTAB);
	if (text.at) {
		prompt_put(line, text);
	}
	return true;
}

/* ---- Enter ---- */

static bool stay(struct app *app, const char *why)
{
	app_warn(app, why);
	app->prompt.stays = true;
	return false;
}

static bool is_deciding(enum command command)
{
	enum command_class class = command_specs[command].class;
	return class == CLASS_APPROVE || class == CLASS_DENY;
}

/* As for the key, and the line is there for the next Enter. */
static bool guarded(struct app *app, enum command command)
{
	enum guard_answer answer = command_specs[command].class == CLASS_APPROVE
		? guard_may_approve(&app->guard, app->prompt.at)
		: guard_may_deny(&app->guard, app->prompt.at);
	if (app->prompt.line.pasted) {
		return stay(app, "ignored: what decides has to be typed, not pasted");
	}
	if (answer != GUARD_OK) {
		app->prompt.stays = true;
		decide_eaten(app, guard_words(answer));
	}
	return answer == GUARD_OK;
}

/* What may stand behind a command. */
static bool takes_rest(enum command command)
{
	return command == COMMAND_FILTER || command == COMMAND_SEARCH ||
		command == COMMAND_DENY_WHY || command == COMMAND_BATCH_DENY_WHY ||
		command == COMMAND_MUTE;
}

static bool allowed(struct app *app, const struct palette_line *line)
{
	if (!(command_specs[line->command].contexts & app->view->context)) {
		return stay(app, "that does nothing here (? shows what does)");
	}
	if (line->rest.len && !takes_rest(line->command)) {
		return stay(app, "nothing may stand behind this command");
	}
	if (line->command == COMMAND_MUTE && line->rest.len &&
		(!span_digits(line->rest) || line->rest.len >= NUMBER_MAX)) {
		return stay(app, "expected minutes");
	}
	return !is_deciding(line->command) || guarded(app, line->command);
}

static void run_command(struct app *app, enum command command, const char *rest, int64_t at)
{
	if (!rest[0]) {
		app_act(app, command, at);
	} else if (command == COMMAND_FILTER) {
		app_filter_by(app, span_of(rest));
	} else if (command == COMMAND_SEARCH) {
		app_search_history(app, rest);
	} else if (command == COMMAND_MUTE) {
		feed_mute(app->feed, atoi(rest));
	} else { /* a reason: one Enter more */
		app_act(app, command, at);
		if (app->prompt.use) {
			prompt_put(&app->prompt.line, span_of(rest));
		}
	}
}

static void run_set(struct app *app, const struct palette_line *line)
{
	int64_t number = 0;
	struct err err = { 0 };
	if (!option_parse(line->option, line->rest, &number, &err)) {
		char *range = option_range(line->option);
		struct buf words = { 0 };
		buf_printf(&words, "%s: expected %s", option_specs[line->option].name, range);
		stay(app, buf_cstr(&words));
		buf_finish(&words);
		free(range);
		return;
	}
	free(app->set_value);
	app->set_value = span_dup(line->rest);
	app->set_option = line->option;
	app->wish = APP_SET;
	app_say(app, safe_printf("set for this console"));
}

static void entered(struct app *app, struct span text)
{
	struct palette_line line;
	struct err err = { 0 };
	if (!span_trim(text).len) {
		return;
	}
	if (!palette_parse(&line, text, &err)) {
		stay(app, err.text);
		return;
	}
	if (line.set) {
		run_set(app, &line);
	} else if (allowed(app, &line)) {
		char *rest = span_dup(line.rest);
		int64_t at = app->prompt.at;
		app_end_prompt(app);
		run_command(app, line.command, rest, at);
		free(rest);
	}
}

/* An arrow and Enter never decide. */
static bool kept(struct span text)
{
	struct palette_line line;
	struct err err = { 0 };
	return palette_parse(&line, text, &err) && !is_deciding(line.command);
}

static const struct prompt_use palette_prompt = {
	.recall = RECALL_PALETTE,
	.hint = "Tab completes  Enter runs  Esc ends",
	.changed = typed,
	.key = tab,
	.kept = kept,
	.done = entered,
};

void app_ask_command(struct app *app)
{
	app_ask(app, &palette_prompt, "command", SPAN(""));
	typed(app, SPAN(""));
}

/* ---- the list ---- */

int app_palette_rows(const struct app *app)
{
	int most = app->paint.rows / 4;
	return app->prompt.use != &palette_prompt ? 0 : most < LIST_MOST ? most : LIST_MOST;
}

static void paint_row(struct app *app, struct rect r, const struct palette_row *row, bool here)
{
	enum role role = here ? ROLE_SELECTED : ROLE_TEXT;
	int x = r.x + 1, end = r.x + r.cols, keys_cols = r.cols >= WIDE ? KEYS_COLS : 0;
	paint_fill(&app->paint, r, role);
	paint_own(&app->paint, r.y, x, NAME_COLS - 1, here ? role : ROLE_STRONG,
		safe_printf("%s", row->name));
	paint_own(&app->paint, r.y, x + NAME_COLS, keys_cols - (keys_cols > 0),
		here ? role : ROLE_KEY, safe_make(span_of(row->keys), SAFE_ONE_LINE));
	x += NAME_COLS + keys_cols;
	if (x < end) {
		paint_own(&app->paint, r.y, x, end - x, role, safe_printf("%s", row->help));
	}
}

void app_paint_palette(struct app *app)
{
	const struct palette *p = &app->palette;
	struct rect r = app->layout.palette;
	size_t rows = (size_t)r.rows, top = 0;
	if (p->at < p->count && p->at >= rows) {
		top = p->at - rows + 1;
	}
	for (size_t i = 0; i < rows; i++) {
		struct rect line = { r.y + (int)i, r.x, 1, r.cols };
		if (top + i < p->count) {
			paint_row(app, line, &p->rows[top + i], top + i == p->at);
		} else if (i == 0) {
			paint_own(&app->paint, r.y, r.x + 1, r.cols - 1, ROLE_DIM,
				safe_printf("no command has that in its name"));
		}
	}
	if (r.rows && p->count > top + rows) {
		paint_fill(&app->paint, (struct rect){ r.y + r.rows - 1, r.x + r.cols - 9, 1, 9 },
			ROLE_DIM);
		paint_own(&app->paint, r.y + r.rows - 1, r.x + r.cols - 9, 9, ROLE_DIM,
			safe_printf(" %zu more", p->count - top - rows));
	}
}
