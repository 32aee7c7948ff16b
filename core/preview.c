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

#include "core/block_text.h"
#include "core/edit_text.h"
#include "core/json.h"
#include "core/notebook.h"
#include "core/patch_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void preview_note(struct preview *out, const char *format, ...)
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
		preview_note(out, "the edit's text is not in the file");
	} else if (index < COUNT_OF(ordinals)) {
		preview_note(out, "the %s edit's text is not in the file", ordinals[index]);
	} else {
		preview_note(out, "the text of edit %zu is not in the file", index + 1);
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
			preview_note(out, "what these edits give is too much work to find out");
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
		"white space was put aside to place an edit",
		"the text of an edit stands in the file more than once: the first is replaced" };
	const bool holds[COUNT_OF(words)] = { dry_run, e->crlf, e->replaced, e->loose, e->several };
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (holds[i]) {
			preview_note(out, "%s", words[i]);
		}
	}
}

struct shape;
typedef bool make_fn(struct preview *out, const struct preview_ask *ask, const struct shape *shape);

/* One tool: which of its arguments means what. */
struct shape {
	const char *profile, *tool;
	/* Fills what it can tell; false if the arguments are not what the tool takes. */
	make_fn *make;
	const char *old, *new, *all;
	bool loose; /* may place a text that is not there to the letter */
};

static struct span before_of(const struct preview_ask *ask)
{
	return ask->files[ask->which].text;
}

static bool edit_file(struct preview *out, const struct preview_ask *ask, const struct shape *shape)
{
	struct span before = before_of(ask), edits, dry;
	struct edit_text e = { 0 };
	bool dry_run = false;
	size_t count;
	(void)shape;
	if (!json_member(ask->arguments, "edits", &edits) || json_type(edits) != JSON_ARRAY ||
		!check_edits(edits, &count) ||
		(json_member(ask->arguments, "dryRun", &dry) && !json_bool(dry, &dry_run))) {
		return false;
	}
	if (!before.at) {
		out->kind = PREVIEW_FAILS;
		preview_note(out, "there is no such file to edit");
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

static bool write_file(
	struct preview *out, const struct preview_ask *ask, const struct shape *shape)
{
	struct span mode;
	bool append = shape->all && json_member(ask->arguments, shape->all, &mode) &&
		json_is(mode, "append");
	if (append) {
		buf_span(&out->after, before_of(ask));
	}
	if (!read_text(ask->arguments, shape->new, &out->after)) {
		return false;
	}
	out->kind = PREVIEW_DIFF;
	return true;
}

/* ---- edits of a text that stands there ---- */

enum { AFTER_MAX = 16 << 20 };

static size_t count_of(struct span text, struct span part)
{
	size_t n = 0;
	const char *at = text.at, *end = text.at + text.len;
	while (part.len && (at = memmem(at, (size_t)(end - at), part.at, part.len))) {
		at += part.len;
		n++;
	}
	return n;
}

static void replace(struct buf *text, struct span old, struct span new, bool all)
{
	struct buf out = { 0 };
	const char *at = text->data, *end = text->data + text->len, *next;
	while ((next = memmem(at, (size_t)(end - at), old.at, old.len))) {
		buf_add(&out, at, (size_t)(next - at));
		buf_span(&out, new);
		at = next + old.len;
		if (!all) {
			break;
		}
	}
	buf_add(&out, at, (size_t)(end - at));
	buf_finish(text);
	*text = out;
}

static enum preview_kind replace_in(
	struct preview *out, const struct shape *shape, struct span old, struct span new, bool all)
{
	struct span text = buf_view(&out->after);
	size_t n = count_of(text, old);
	if (!old.len) {
		preview_note(out, "it is to replace an empty text in a file that is not empty");
		return PREVIEW_FAILS;
	}
	if (!n && shape->loose) {
		preview_note(out,
			"its text does not stand in the file to the letter: where the tool "
			"puts it is not known");
		return PREVIEW_ARGUMENTS;
	}
	if (!n) {
		preview_note(out, "its text is not in the file");
		return PREVIEW_FAILS;
	}
	if (n > 1 && !all) {
		preview_note(
			out, "its text stands %zu times in the file, and must stand there once", n);
		return PREVIEW_FAILS;
	}
	if (new.len > old.len && (new.len - old.len) * n > AFTER_MAX) {
		preview_note(out, "it makes the file too large to be shown");
		return PREVIEW_ARGUMENTS;
	}
	if (n > 1) {
		preview_note(out, "%zu places", n);
	}
	replace(&out->after, old, new, all);
	return PREVIEW_DIFF;
}

/* One edit on what the last one left. */
static bool apply_one(struct preview *out, const struct preview_ask *ask, const struct shape *shape,
	struct span edit)
{
	struct buf old = { 0 }, new = { 0 };
	struct span value;
	int64_t times = 0;
	bool all = false,
	     reads = read_text(edit, shape->old, &old) && read_text(edit, shape->new, &new);
	if (json_member(edit, shape->all, &value)) {
		all = json_int(value, &times) ? times > 1 : json_bool(value, &all) && all;
	}
	if (reads && !old.len && !out->after.len) {
		buf_span(&out->after, buf_view(&new)); /* how a file is made by an edit */
		out->kind = PREVIEW_DIFF;
	} else if (reads && !before_of(ask).at && !out->after.len) {
		out->kind = PREVIEW_FAILS;
		preview_note(out, "there is no such file to edit");
	} else if (reads) {
		out->kind = replace_in(out, shape, buf_view(&old), buf_view(&new), all);
	}
	buf_finish(&old);
	buf_finish(&new);
	return reads;
}

static bool edit_once(struct preview *out, const struct preview_ask *ask, const struct shape *shape)
{
	buf_span(&out->after, before_of(ask));
	return apply_one(out, ask, shape, ask->arguments);
}

static bool edit_many(struct preview *out, const struct preview_ask *ask, const struct shape *shape)
{
	struct span edits, edit;
	bool good = json_member(ask->arguments, "edits", &edits) && json_type(edits) == JSON_ARRAY;
	struct json_walk walk = json_walk_of(good ? edits : SPAN("[]"));
	buf_span(&out->after, before_of(ask));
	out->kind = PREVIEW_DIFF;
	while (good && out->kind == PREVIEW_DIFF && json_next(&walk, NULL, &edit)) {
		good = json_type(edit) == JSON_OBJECT && apply_one(out, ask, shape, edit);
	}
	return good;
}

static bool replace_blocks(
	struct preview *out, const struct preview_ask *ask, const struct shape *shape)
{
	struct buf blocks = { 0 };
	struct block_text b = { 0 };
	bool reads = read_text(ask->arguments, shape->old, &blocks);
	if (reads) {
		block_text_apply(&b, buf_view(&blocks), before_of(ask));
		out->kind = b.unknown ? PREVIEW_ARGUMENTS : b.fails ? PREVIEW_FAILS : PREVIEW_DIFF;
		preview_note(out, "%s", b.unknown ? b.unknown : b.fails ? b.fails : "");
	}
	if (out->kind == PREVIEW_DIFF && b.several) {
		preview_note(
			out, "its text stands more than once in the file: the first is replaced");
	}
	if (out->kind == PREVIEW_DIFF && b.ends) {
		preview_note(out, "the tool may leave other white space at the end of the file");
	}
	out->after = b.after;
	b.after = (struct buf){ 0 };
	block_text_finish(&b);
	buf_finish(&blocks);
	return reads;
}

/* ---- a cell of a notebook ---- */

/* False: it is there, and no text or none of the words. */
static bool read_word(
	struct span object, const char *name, const char *const *words, const char **word)
{
	struct span value;
	bool given = json_member(object, name, &value);
	for (; given && *words && !json_is(value, *words); words++) {
	}
	*word = given ? *words : NULL;
	return !given || *words;
}

static void note_cell(struct preview *out, const struct notebook *n, const struct notebook_ask *ask)
{
	if (ask->mode == NOTEBOOK_REPLACE) {
		preview_note(out,
			"cell %zu of %zu, its source alone: a code cell's outputs go too, and the "
			"file is written anew",
			n->number, n->count);
	} else if (ask->mode == NOTEBOOK_DELETE) {
		preview_note(out,
			"cell %zu of %zu goes, here its source alone: the file is written anew",
			n->number, n->count);
	} else {
		preview_note(out,
			"a new cell behind the first %zu of %zu, its source alone: the file is "
			"written anew",
			n->number, n->count);
	}
	if (n->retyped) {
		preview_note(out, "it becomes a %s cell", ask->type);
	}
	if (n->several) {
		preview_note(out, "several have its id");
	}
}

static void take_cell(struct preview *out, struct notebook *n, const struct notebook_ask *ask)
{
	out->kind = n->unknown ? PREVIEW_ARGUMENTS : n->fails ? PREVIEW_FAILS : PREVIEW_DIFF;
	if (out->kind != PREVIEW_DIFF) {
		preview_note(out, "%s", n->unknown ? n->unknown : n->fails);
		return;
	}
	note_cell(out, n, ask);
	out->part = true;
	out->before = n->before;
	out->after = n->after;
	n->before = n->after = (struct buf){ 0 };
}

static bool edit_notebook(
	struct preview *out, const struct preview_ask *ask, const struct shape *shape)
{
	static const char *const modes[] = { "replace", "insert", "delete", NULL };
	static const char *const types[] = { "code", "markdown", NULL };
	struct notebook_ask cell = { 0 };
	struct notebook n = { 0 };
	struct buf source = { 0 };
	struct span value;
	const char *mode = NULL;
	bool named = json_member(ask->arguments, "cell_id", &value);
	char *id = named ? json_strdup(value) : NULL;
	bool reads = (!named || id) && read_text(ask->arguments, shape->new, &source) &&
		read_word(ask->arguments, "edit_mode", modes, &mode) &&
		read_word(ask->arguments, "cell_type", types, &cell.type) &&
		(named || !json_member(ask->arguments, "cell_number", &value));
	if (reads) {
		while (mode && strcmp(modes[cell.mode], mode) != 0) {
			cell.mode++;
		}
		cell.cell = id && id[0] ? id : NULL;
		cell.source = buf_view(&source);
		notebook_edit(&n, &cell, before_of(ask));
		take_cell(out, &n, &cell);
	}
	notebook_finish(&n);
	buf_finish(&source);
	free(id);
	return reads;
}

/* ---- what names several files ---- */

static struct span text_of(const struct preview_ask *ask, const char *given, bool *known)
{
	*known = false;
	for (size_t i = 0; given && i < ask->count; i++) {
		if (span_is(ask->files[i].given, given)) {
			*known = ask->files[i].known;
			return ask->files[i].text;
		}
	}
	return (struct span){ NULL, 0 };
}

static bool move_file(struct preview *out, const struct preview_ask *ask, const struct shape *shape)
{
	struct buf from = { 0 }, to = { 0 };
	bool known,
		reads = read_text(ask->arguments, shape->old, &from) &&
		read_text(ask->arguments, shape->new, &to);
	struct span given = ask->files[ask->which].given;
	if (reads && span_same(given, buf_view(&from))) {
		out->kind = PREVIEW_GOES;
		out->other = span_dup(buf_view(&to));
	} else if (reads) {
		struct span text = text_of(ask, buf_cstr(&from), &known);
		buf_span(&out->after, text);
		out->kind = known && text.at ? PREVIEW_DIFF : PREVIEW_ARGUMENTS;
		out->other = span_dup(buf_view(&from));
	}
	buf_finish(&from);
	buf_finish(&to);
	return reads;
}

static bool patch_files(
	struct preview *out, const struct preview_ask *ask, const struct shape *shape)
{
	struct buf patch = { 0 };
	struct patch_text p = { 0 };
	bool known = false;
	struct span here, there;
	bool new = shape->new &&json_member(ask->arguments, shape->new, &there);
	if (new &&json_member(ask->arguments, shape->old, &here)) {
		return false; /* two patches: both are shown as they came */
	}
	if (!read_text(ask->arguments, new ? shape->new : shape->old, &patch)) {
		return false;
	}
	bool found = patch_text_find(&p, buf_view(&patch), ask->files[ask->which].given);
	if (found && p.fate == PATCH_GOES) {
		out->kind = PREVIEW_GOES;
	} else if (found) {
		struct span text = text_of(ask, p.source, &known);
		bool add = p.fate == PATCH_ADD;
		if (add || (known && text.at)) {
			patch_text_apply(&p, add ? (struct span){ NULL, 0 } : text);
			out->kind = p.fails ? PREVIEW_FAILS : PREVIEW_DIFF;
		} else if (known) {
			p.fails = "there is no such file to change";
			out->kind = PREVIEW_FAILS;
		}
		preview_note(out, "%s", p.fails ? p.fails : p.note ? p.note : "");
		out->after = p.after;
		p.after = (struct buf){ 0 };
	}
	out->other = p.other;
	p.other = NULL;
	patch_text_finish(&p);
	buf_finish(&patch);
	return found;
}

static const struct shape shapes[] = {
	{ "filesystem", "edit_file", edit_file, NULL, NULL, NULL, false },
	{ "filesystem", "write_file", write_file, NULL, "content", NULL, false },
	{ "filesystem", "move_file", move_file, "source", "destination", NULL, false },
	{ "desktop-commander", "write_file", write_file, NULL, "content", "mode", false },
	{ "desktop-commander", "edit_block", edit_once, "old_string", "new_string",
		"expected_replacements", true },
	{ "desktop-commander", "move_file", move_file, "source", "destination", NULL, false },
	{ "claude-code", "Write", write_file, NULL, "content", NULL, false },
	{ "claude-code", "Edit", edit_once, "old_string", "new_string", "replace_all", false },
	{ "claude-code", "MultiEdit", edit_many, "old_string", "new_string", "replace_all", false },
	{ "claude-code", "NotebookEdit", edit_notebook, NULL, "new_source", NULL, false },
	{ "cline", "write_to_file", write_file, NULL, "content", NULL, false },
	{ "cline", "replace_in_file", replace_blocks, "diff", NULL, NULL, false },
	{ "cline", "apply_patch", patch_files, "input", NULL, NULL, false },
	{ "codex", "apply_patch", patch_files, "input", "command", NULL, false },
	{ "copilot", "create", write_file, NULL, "file_text", NULL, false },
	{ "copilot", "edit", edit_once, "old_str", "new_str", "", false },
	{ "copilot", "apply_patch", patch_files, "input", NULL, NULL, false },
	{ "gemini-cli", "write_file", write_file, NULL, "content", NULL, false },
	{ "gemini-cli", "replace", edit_once, "old_string", "new_string", "allow_multiple", true },
	{ "goose", "developer__write", write_file, NULL, "content", NULL, false },
	{ "goose", "developer__edit", edit_once, "before", "after", "", true },
	{ "qwen-code", "notebook_edit", edit_notebook, NULL, "new_source", NULL, false },
	{ "qwen-code", "write_file", write_file, NULL, "content", NULL, false },
	{ "qwen-code", "edit", edit_once, "old_string", "new_string", "replace_all", true },
	{ "opencode", "write", write_file, NULL, "content", NULL, false },
	{ "opencode", "edit", edit_once, "oldString", "newString", "replaceAll", true },
	{ "opencode", "multiedit", edit_many, "oldString", "newString", "replaceAll", true },
	{ "opencode", "patch", patch_files, "patchText", NULL, NULL, false },
	{ "opencode", "apply_patch", patch_files, "patchText", "input", NULL, false },
};

static void tell(struct preview *out, const struct shape *shape)
{
	const char *const all[] = { "edits", shape->old, shape->new };
	bool goes = out->part && !out->after.len; /* then what comes is in no diff */
	for (size_t i = 0, n = 0; i < COUNT_OF(all); i++) {
		if (all[i] && !goes) {
			out->told[n++] = all[i];
		}
	}
}

/* A change cannot be foretold of what is not known; what replaces it, and where it goes, can. */
static bool can_tell(const struct preview_ask *ask, const struct shape *shape)
{
	return ask->files[ask->which].known || shape->make == move_file ||
		shape->make == patch_files || (shape->make == write_file && !shape->all);
}

void preview_make(struct preview *out, const struct preview_ask *ask)
{
	bool object = ask->arguments.at && json_type(ask->arguments) == JSON_OBJECT;
	struct span value;
	*out = (struct preview){ .kind = PREVIEW_ARGUMENTS };
	for (size_t i = 0; i < COUNT_OF(shapes); i++) {
		const struct shape *shape = &shapes[i];
		if (!span_is(ask->profile, shape->profile) || !span_is(ask->tool, shape->tool) ||
			!can_tell(ask, shape)) {
			continue;
		}
		bool path = object && json_member(ask->arguments, "path", &value);
		out->path = path ? json_strdup(value) : NULL;
		if (!object || (path && !out->path) || !shape->make(out, ask, shape)) {
			out->kind = PREVIEW_ARGUMENTS;
			preview_note(out, "the arguments are not what %s takes", shape->tool);
		} else {
			tell(out, shape);
		}
		if (out->kind != PREVIEW_DIFF) {
			buf_finish(&out->after);
		}
		break;
	}
}

void preview_finish(struct preview *preview)
{
	if (preview) {
		free(preview->path);
		free(preview->other);
		buf_finish(&preview->before);
		buf_finish(&preview->after);
		*preview = (struct preview){ 0 };
	}
}
