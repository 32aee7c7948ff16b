/*
 * A line that the person types: for what, is the asker's (struct prompt_use). While it is there
 * every key goes into it; the views behind it go on living.
 */
#include "config.h"

#include "tui/app.h"

#include <stdio.h>
#include <stdlib.h>

void app_ask(struct app *app, const struct prompt_use *use, const char *label, struct span text)
{
	app_end_prompt(app);
	app->prompt.use = use;
	app_say(app, (struct safe_text){ 0 });
	snprintf(app->prompt.label, sizeof(app->prompt.label), "%s", label);
	prompt_start(&app->prompt.line, text);
	recall_begin(&app->recall[use->recall]);
}

void app_end_prompt(struct app *app)
{
	app->prompt.use = NULL;
	prompt_finish(&app->prompt.line);
	free(app->prompt.call);
	app->prompt.call = NULL;
}

void app_leave_word(struct app *app)
{
	const struct prompt_use *use = app->prompt.use;
	if (use && use->keys_only) {
		app_end_prompt(app);
		app_say(app, safe_printf("%s", use->cancelled ? use->cancelled : ""));
	}
}

static void keep(struct app *app, const struct prompt_use *use)
{
	struct span text = buf_view(&app->prompt.line.text);
	if (use->recall != RECALL_NONE && (!use->kept || use->kept(text))) {
		recall_add(&app->recall[use->recall], text);
		recall_begin(&app->recall[use->recall]);
	}
}

static void answer(struct app *app, enum prompt_answer answer)
{
	const struct prompt_use *use = app->prompt.use;
	switch (answer) {
	case PROMPT_GOES_ON:
		if (use->changed) {
			use->changed(app, buf_view(&app->prompt.line.text));
		}
		break;
	case PROMPT_DONE:
		keep(app, use);
		app->prompt.stays = false;
		use->done(app, buf_view(&app->prompt.line.text));
		if (app->prompt.use == use && !app->prompt.stays) {
			app_end_prompt(app);
		}
		break;
	case PROMPT_CANCELLED:
		app_end_prompt(app);
		if (use->dropped) {
			use->dropped(app);
		}
		if (use->cancelled) {
			app_say(app, safe_printf("%s", use->cancelled));
		}
		break;
	case PROMPT_FULL:
		app_say(app, safe_printf("at most %d bytes fit here", PROMPT_MAX));
		break;
	}
}

/* The arrows walk through what was typed earlier. */
static bool recall_key(struct app *app, uint32_t key)
{
	bool older = key == K_UP || key == K_CTRL('p'), newer = key == K_DOWN || key == K_CTRL('n');
	struct prompt *line = &app->prompt.line;
	struct recall *recall = &app->recall[app->prompt.use->recall];
	struct span other;
	if (app->prompt.use->recall == RECALL_NONE || (!older && !newer)) {
		return false;
	}
	if (recall_step(recall, older, buf_view(&line->text), &other)) {
		prompt_put(line, other);
	}
	return true;
}

void app_prompt_key(struct app *app, uint32_t key, int64_t at)
{
	const struct prompt_use *use = app->prompt.use;
	app->prompt.at = at;
	if (use->key && use->key(app, key)) {
		return;
	}
	answer(app, recall_key(app, key) ? PROMPT_GOES_ON : prompt_key(&app->prompt.line, key));
}

void app_prompt_paste(struct app *app, struct span text)
{
	if (app->prompt.use->keys_only) {
		app_say(app, safe_printf("paste ignored: this has to be typed"));
	} else {
		answer(app, prompt_paste(&app->prompt.line, text));
	}
}

/* The text scrolls so that the caret stays in sight. */
void app_paint_prompt(struct app *app, struct rect r)
{
	struct span text = buf_view(&app->prompt.line.text);
	int x = r.x +
		paint_own(&app->paint, r.y, r.x, r.cols, ROLE_PROMPT,
			safe_printf("%s: ", app->prompt.label));
	int room = r.x + r.cols - x - 1;
	struct safe_text head = paint_foreign(
		&app->paint, (struct span){ text.at, app->prompt.line.caret }, SAFE_ONE_LINE);
	struct safe_text tail = paint_foreign(&app->paint,
		(struct span){
			text.at + app->prompt.line.caret, text.len - app->prompt.line.caret },
		SAFE_ONE_LINE);
	size_t from = 0;
	unsigned columns = head.columns;
	while (room > 0 && columns > (unsigned)room) {
		unsigned bytes = 0, width = 0;
		safe_next(safe_cstr(&head) + from, &bytes, &width);
		from += bytes;
		columns -= width;
	}
	x += paint_part(&app->paint, r.y, x, room, ROLE_TEXT, &head, from, head.bytes);
	app->cursor_y = r.y;
	app->cursor_x = x;
	paint_text(&app->paint, r.y, x, r.x + r.cols - x, ROLE_TEXT, &tail);
	safe_finish(&head);
	safe_finish(&tail);
}
