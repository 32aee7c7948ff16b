/*
 * A call in the person's editor: its arguments to be changed, or a copy to be read. What comes back
 * changed is sent to the broker, which judges it anew; nothing is approved here. What cannot be
 * taken changes nothing, it is said why, and what was written is opened again by the next E.
 *
 * The call goes on living meanwhile: what comes back is for the revision that was opened. Called by
 * app.c and app_act.c; main.c opens the editor.
 */
#include "config.h"

#include "tui/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/rewrite.h"
#include "tui/decide.h"
#include "tui/model_read.h"

void app_edit_finish(struct app *app)
{
	buf_finish(&app->file.text);
	free(app->edit.call);
	buf_finish(&app->edit.from);
	buf_finish(&app->edit.draft);
}

/* ---- to be changed ---- */

static const char *cannot_edit(const struct app *app, const struct model_item *item)
{
	const char *why = decide_cannot(app);
	if (why) {
		return why;
	}
	if (!item || item->ended) {
		return "no call that waits is shown";
	}
	if (item->kind != MODEL_CALL || !item->method || strcmp(item->method, "tools/call") != 0) {
		return "only a tool call has arguments";
	}
	if (item->state == LIFE_PARKED) {
		return "its agent has an answer already: a parked call cannot be edited";
	}
	if (item->state != LIFE_HELD || item->sent != SENT_NONE) {
		return "already decided";
	}
	if (model_pending(item)) {
		return "it is being decided: u takes that back";
	}
	if (item->show != SHOW_HERE) {
		return "the preview is not here yet";
	}
	struct span arguments = model_arguments(item);
	return arguments.len > REWRITE_MAX || !model_params(item).at
		? "its arguments are too large to be edited here"
		: json_type(arguments) != JSON_OBJECT ? "it has no arguments"
						      : NULL;
}

/* What was written of the same call, unless its arguments are others by now. */
static bool has_draft(const struct app_edit *e, const char *call, struct span from)
{
	return e->draft.len && e->call && strcmp(e->call, call) == 0 &&
		span_same(buf_view(&e->from), from);
}

void app_edit(struct app *app)
{
	struct app_edit *e = &app->edit;
	struct app_file *file = &app->file;
	const struct model_item *item = app_item(app);
	const char *why = cannot_edit(app, item);
	struct buf from = { 0 };
	if (why) {
		decide_eaten(app, why);
		return;
	}
	rewrite_layout(model_arguments(item), &from);
	if (!has_draft(e, item->call, buf_view(&from))) {
		buf_clear(&e->draft);
	}
	buf_finish(&e->from);
	free(e->call);
	e->from = from;
	e->call = xstrdup(item->call);
	e->revision = item->revision;
	file->read_only = false;
	snprintf(file->name, sizeof(file->name), "call-%lld.json", (long long)item->number);
	buf_clear(&file->text);
	buf_span(&file->text, buf_view(e->draft.len ? &e->draft : &from));
	app->wish = APP_EDIT;
}

static bool is_blank(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!memchr(" \t\r\n", text.at[i], 4)) {
			return false;
		}
	}
	return true;
}

static void keep_draft(struct app *app, struct span text)
{
	buf_clear(&app->edit.draft);
	buf_span(&app->edit.draft, text);
}

/* The call that was opened, if it is still what it was. */
static const char *gone_meanwhile(const struct app *app)
{
	const struct app_edit *e = &app->edit;
	const struct model_item *item = model_find(&app->model, e->call);
	return !app->connected        ? "no broker is connected; E opens what you wrote"
		: !item               ? "the call does not wait any more"
		: item->ended         ? "the call was withdrawn, or ended, meanwhile"
		: model_pending(item) ? "the call is being decided; u takes that back, then E"
		: !model_waits(item)  ? "the call was decided meanwhile"
		: item->revision != e->revision ? "the call changed meanwhile; look again, then E"
						: NULL;
}

static void send_edit(struct app *app, struct span text)
{
	struct app_edit *e = &app->edit;
	struct buf now = { 0 }, before = { 0 };
	struct err err = { 0 };
	const char *why = NULL;
	if (!rewrite_read(text, &now, &err)) {
		struct safe_text what = paint_foreign(
			&app->paint, span_of(err.text), SAFE_ONE_LINE);
		keep_draft(app, text);
		app_say(app,
			safe_printf("not taken: %s; E opens what you wrote", safe_cstr(&what)));
		safe_finish(&what);
	} else if (rewrite_read(buf_view(&e->from), &before, NULL) &&
		span_same(buf_view(&before), buf_view(&now))) {
		buf_clear(&e->draft);
		app_say(app, safe_printf("not changed: nothing was sent"));
	} else if ((why = gone_meanwhile(app))) {
		keep_draft(app, text);
		app_say(app, safe_printf("not sent: %s", why));
	} else {
		keep_draft(app, text);
		feed_edit(app->feed, e->call, e->revision, buf_view(&now));
		app_say(app, safe_printf("sent: it is judged anew"));
	}
	buf_finish(&now);
	buf_finish(&before);
}

void app_edited(struct app *app, const char *failed, struct span text)
{
	if (failed) {
		struct safe_text what = paint_foreign(&app->paint, span_of(failed), SAFE_ONE_LINE);
		app_say(app, safe_printf("nothing changed: %s", safe_cstr(&what)));
		safe_finish(&what);
	} else if (app->file.read_only) {
		app_say(app, safe_printf("read; nothing was changed"));
	} else if (is_blank(text)) {
		buf_clear(&app->edit.draft);
		app_say(app, safe_printf("nothing changed: the file was emptied"));
	} else {
		send_edit(app, text);
	}
	buf_finish(&app->file.text);
	app_ask_preview(app);
}

bool app_note_edit(struct app *app, const struct feed_note *note)
{
	if (note->kind == FEED_EDITED) {
		buf_clear(&app->edit.draft);
		app_say(app,
			safe_printf("edited: look at it as it is now; nothing is approved yet"));
	} else if (note->kind == FEED_EDIT_FAILED) {
		app_warn(app, note->text);
	} else {
		return false;
	}
	return true;
}

/* ---- to be read ---- */

static void put_file(struct buf *out, struct span file)
{
	char *path = json_strdup(model_read_member(file, "path")),
	     *state = json_strdup(model_read_member(file, "state"));
	struct span text = model_read_member(file, "text");
	buf_printf(out, "\n---- %s, as it is now: %s\n", path ? path : "", state ? state : "");
	if (json_type(text) == JSON_STRING) {
		json_decode(text, out);
		buf_char(out, '\n');
	}
	free(path);
	free(state);
}

static void put_files(struct buf *out, const struct model_item *item)
{
	struct span shown = { item->show_text, item->show_len };
	struct span files = model_read_member(shown, "files"), file;
	struct json_walk walk = json_walk_of(files);
	while (json_type(files) == JSON_ARRAY && json_next(&walk, NULL, &file)) {
		put_file(out, file);
	}
}

static void put_part(struct buf *out, const char *title, struct span text)
{
	if (text.at) {
		buf_printf(out, "\n---- %s\n", title);
		buf_span(out, text);
		buf_char(out, '\n');
	}
}

/* The bytes as they came: this is a file and no screen. */
static void put_call(struct buf *out, const struct model_item *item)
{
	struct span target = model_target(item), arguments = model_arguments(item);
	struct buf text = { 0 };
	buf_printf(out, "#%lld %s %s\n", (long long)item->number, item->server ? item->server : "",
		item->tool && item->tool[0] ? item->tool
			: item->method      ? item->method
					    : "");
	put_part(out, "on", target);
	put_part(out, "why", span_of(item->reason));
	if (arguments.at) {
		rewrite_layout(arguments, &text);
		put_part(out, "arguments, laid out", buf_view(&text));
		buf_finish(&text);
	}
	if (item->show == SHOW_HERE) {
		put_part(out, "request, byte for byte", model_params(item));
		put_files(out, item);
	}
}

void app_read_copy(struct app *app)
{
	struct app_file *file = &app->file;
	const struct model_item *item = app_item(app);
	if (!item) {
		app_say(app, safe_printf("no call is shown"));
		return;
	}
	buf_clear(&file->text);
	put_call(&file->text, item);
	snprintf(file->name, sizeof(file->name), "call-%lld.txt", (long long)item->number);
	file->read_only = true;
	app->wish = APP_EDIT;
}
