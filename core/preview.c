/*
 * Applies the arguments of known write tools to a file's content, as the server would.
 *
 * Owns the arguments of each tool, one function a tool, chosen by a table. Promises: the same
 * result as the server's, or the word that there is none, in bounded time.
 *
 * Does not touch files and does not judge paths. Called for what a person is shown before deciding,
 * and again before a release, when the file may have changed.
 */
#include "config.h"

#include "core/preview.h"

#include "core/edit_text.h"
#include "core/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Adds to the note, which holds our words only: nothing of the arguments or the file. */
__attribute__((format(printf, 2, 3))) static void add_note(
	struct preview *out, const char *format, ...)
{
	size_t len = strlen(out->note);
	va_list args;
	if (len) {
		len += (size_t)snprintf(out->note + len, sizeof(out->note) - len, "; ");
	}
	if (len < sizeof(out->note)) {
		va_start(args, format);
		vsnprintf(out->note + len, sizeof(out->note) - len, format, args);
		va_end(args);
	}
}

static bool read_text(struct span object, const char *name, struct buf *out)
{
	struct span value;
	return json_member(object, name, &value) && json_type(value) == JSON_STRING &&
		json_decode(value, out);
}

/* Reads one member of `edits`; false if it is not of that form. */
static bool read_edit(struct span value, struct buf *old, struct buf *new)
{
	buf_clear(old);
	buf_clear(new);
	return json_type(value) == JSON_OBJECT && read_text(value, "oldText", old) &&
		read_text(value, "newText", new);
}

/* The server looks at all of its arguments before it does anything. */
static bool check_edits(struct span edits, size_t *count)
{
	struct json_walk walk = json_walk_of(edits);
	struct buf old = { 0 }, new = { 0 };
	struct span value;
	bool good = true;
	for (*count = 0; good && json_next(&walk, NULL, &value); ++*count) {
		good = read_edit(value, &old, &new);
	}
	buf_finish(&old);
	buf_finish(&new);
	return good;
}

static void note_failure(struct preview *out, size_t index, size_t count)
{
	static const char *const ordinals[] = { "first", "second", "third", "fourth", "fifth",
		"sixth", "seventh", "eighth", "ninth", "tenth" };
	if (count == 1) {
		add_note(out, "the edit's text is not in the file");
	} else if (index < COUNT_OF(ordinals)) {
		add_note(out, "the %s edit's text is not in the file", ordinals[index]);
	} else {
		add_note(out, "the text of edit %zu is not in the file", index + 1);
	}
}

static enum preview_kind apply_edits(
	struct preview *out, struct edit_text *e, struct span edits, size_t count)
{
	struct json_walk walk = json_walk_of(edits);
	struct buf old = { 0 }, new = { 0 };
	struct span value;
	enum preview_kind kind = PREVIEW_DIFF;
	for (size_t i = 0; kind == PREVIEW_DIFF && json_next(&walk, NULL, &value); i++) {
		read_edit(value, &old, &new);
		if (edit_text_apply(e, buf_view(&old), buf_view(&new))) {
			continue;
		}
		kind = e->gave_up ? PREVIEW_ARGUMENTS : PREVIEW_FAILS;
		if (e->gave_up) {
			add_note(out, "what these edits give is too much work to find out");
		} else {
			note_failure(out, i, count);
		}
	}
	buf_finish(&old);
	buf_finish(&new);
	return kind;
}

static void note_changes(struct preview *out, const struct edit_text *e, bool dry_run)
{
	static const char *const words[] = { "a dry run: the file should stay as it is",
		"line ends CR LF become LF", "bytes that are not UTF-8 are replaced",
		"white space was put aside to place an edit" };
	const bool holds[COUNT_OF(words)] = { dry_run, e->crlf, e->replaced, e->loose };
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (holds[i]) {
			add_note(out, "%s", words[i]);
		}
	}
}

static bool edit_file(struct preview *out, struct span arguments, struct span before)
{
	struct edit_text e = { 0 };
	struct span edits, dry;
	bool dry_run = false;
	size_t count;
	if (!json_member(arguments, "edits", &edits) || json_type(edits) != JSON_ARRAY ||
		!check_edits(edits, &count) ||
		(json_member(arguments, "dryRun", &dry) && !json_bool(dry, &dry_run))) {
		return false;
	}
	if (!before.at) {
		out->kind = PREVIEW_FAILS;
		add_note(out, "there is no such file to edit");
		return true;
	}
	edit_text_load(&e, before);
	out->kind = apply_edits(out, &e, edits, count);
	if (out->kind == PREVIEW_DIFF) {
		note_changes(out, &e, dry_run);
		out->after = e.content;
		e.content = (struct buf){ 0 };
	}
	edit_text_finish(&e);
	return true;
}

static bool write_file(struct preview *out, struct span arguments, struct span before)
{
	(void)before;
	if (!read_text(arguments, "content", &out->after)) {
		return false;
	}
	out->kind = PREVIEW_DIFF;
	return true;
}

static const struct {
	const char *profile, *tool;
	/* Fills what it can tell; false if the arguments are not what the tool takes. */
	bool (*make)(struct preview *out, struct span arguments, struct span before);
} tools[] = {
	{ "filesystem", "edit_file", edit_file },
	{ "filesystem", "write_file", write_file },
};

void preview_make(struct preview *out, struct span profile, struct span tool, struct span arguments,
	struct span before)
{
	struct span path;
	*out = (struct preview){ .kind = PREVIEW_ARGUMENTS };
	for (size_t i = 0; i < COUNT_OF(tools); i++) {
		if (!span_is(profile, tools[i].profile) || !span_is(tool, tools[i].tool)) {
			continue;
		}
		bool object = arguments.at && json_type(arguments) == JSON_OBJECT;
		if (object && json_member(arguments, "path", &path)) {
			out->path = json_strdup(path);
		}
		if (!out->path || !tools[i].make(out, arguments, before)) {
			buf_finish(&out->after);
			add_note(out, "the arguments are not what %s takes", tools[i].tool);
		}
		break;
	}
}

void preview_finish(struct preview *preview)
{
	if (preview) {
		free(preview->path);
		buf_finish(&preview->after);
		*preview = (struct preview){ 0 };
	}
}
