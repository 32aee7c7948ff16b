/*
 * From {params, cut, head, files} to lines. The files are what the gate read; nothing here opens
 * one. Everything is bounded: the diff by core/diff.h's budget, the text by the bounds of doc.c.
 */
#include "config.h"

#include "tui/preview_doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/preview.h"
#include "tui/args_doc.h"
#include "tui/edit_doc.h"
#include "tui/model_read.h"

struct file {
	char *path, *state;
	struct buf text;
	int64_t size;
};

struct state_words {
	const char *state, *words;
};

static const struct state_words state_words[] = {
	{ "special", "is no regular file" },
	{ "binary", "is not text" },
	{ "large", "is too large to compare" },
	{ "unreadable", "cannot be read" },
};

static struct file file_read(struct span json)
{
	struct file file = {
		.path = json_strdup(model_read_member(json, "path")),
		.state = json_strdup(model_read_member(json, "state")),
		.size = model_read_int(json, "size", -1),
	};
	struct span text = model_read_member(json, "text");
	if (json_type(text) == JSON_STRING) {
		json_decode(text, &file.text);
	}
	return file;
}

static void file_finish(struct file *file)
{
	free(file->path);
	free(file->state);
	buf_finish(&file->text);
}

static struct span first_of(struct span array)
{
	struct span value = { NULL, 0 };
	struct json_walk walk = json_walk_of(array);
	return json_type(array) == JSON_ARRAY && json_next(&walk, NULL, &value)
		? value
		: (struct span){ NULL, 0 };
}

/* False: there was nothing to align, the arguments have to be shown in full. */
static bool file_diff_doc(struct doc *doc, const struct preview *preview, const struct file *file,
	const struct diff_form *form)
{
	bool absent = strcmp(file->state, "absent") == 0;
	struct span before = absent ? (struct span){ NULL, 0 } : buf_view(&file->text);
	struct diff diff = { 0 };
	diff_make(&diff, before, buf_view(&preview->after), form->context);
	doc_add(doc, ROLE_STRONG, 0, "",
		safe_printf("%s  +%u -%u", absent ? "new file" : "changes the file", diff.added,
			diff.removed));
	diff_doc(doc, &diff, form);
	bool shown = !diff.binary && !diff.cut;
	doc->partial = doc->partial || diff.cut;
	diff_finish(&diff);
	return shown;
}

static void file_note(struct doc *doc, const struct file *file)
{
	for (size_t i = 0; i < COUNT_OF(state_words); i++) {
		if (file->state && strcmp(file->state, state_words[i].state) == 0) {
			struct safe_text path = paint_foreign(
				doc->paint, span_of(file->path ? file->path : ""), SAFE_ONE_LINE);
			doc_add(doc, ROLE_WARNING, 0, "",
				safe_printf("%s %s", safe_cstr(&path), state_words[i].words));
			safe_finish(&path);
		}
	}
}

static bool comparable(const struct file *file)
{
	return file->state &&
		(strcmp(file->state, "file") == 0 || strcmp(file->state, "absent") == 0);
}

/* True: a diff stands there, so long texts in the arguments need not be repeated. */
static bool change_doc(struct doc *doc, const struct model_item *item, struct span arguments,
	const struct file *file, const struct diff_form *form)
{
	struct preview preview = { 0 };
	bool absent = !file->state || strcmp(file->state, "absent") == 0;
	bool shown = false;
	if (!comparable(file)) {
		file_note(doc, file);
		return false;
	}
	preview_make(&preview, span_of(item->profile ? item->profile : ""),
		span_of(item->tool ? item->tool : ""), arguments,
		absent ? (struct span){ NULL, 0 } : buf_view(&file->text));
	if (preview.kind == PREVIEW_FAILS) {
		doc_say(doc, ROLE_WARNING, 0, "This edit will not apply to the file as it is:");
	}
	if (preview.note[0]) {
		doc_foreign(doc, ROLE_WARNING, 0, "", span_of(preview.note));
	}
	if (preview.kind == PREVIEW_DIFF) {
		shown = file_diff_doc(doc, &preview, file, form);
		doc_blank(doc);
	}
	preview_finish(&preview);
	return shown;
}

static void cut_doc(struct doc *doc, struct span json)
{
	struct buf head = { 0 };
	json_decode(model_read_member(json, "head"), &head);
	doc_add(doc, ROLE_WARNING, 0, "",
		safe_printf("Not all can be shown: the beginning (%zu bytes) of the request as it "
			    "came.",
			head.len));
	args_doc_lines(doc, ROLE_TEXT, 0, "", buf_view(&head));
	doc_say(doc, ROLE_WARNING, 0, "The rest is not shown.");
	buf_finish(&head);
}

static struct span show_of(const struct model_item *item)
{
	return (struct span){ item->show_text, item->show_len };
}

static bool is_tool_call(const struct model_item *item)
{
	return item->method && strcmp(item->method, "tools/call") == 0;
}

void preview_doc(struct doc *doc, const struct model_item *item, const struct diff_form *form)
{
	struct span json = show_of(item);
	struct span params = model_read_member(json, "params");
	bool cut = false;
	if (json_bool(model_read_member(json, "cut"), &cut) && cut) {
		doc->partial = true;
		cut_doc(doc, json);
		return;
	}
	struct span shown = is_tool_call(item) ? model_read_member(params, "arguments") : params;
	struct span file_json = first_of(model_read_member(json, "files"));
	bool diff = false;
	edit_doc(doc, model_read_member(json, "proposed"), shown, form);
	if (file_json.at && shown.at) {
		struct file file = file_read(file_json);
		diff = change_doc(doc, item, shown, &file, form);
		file_finish(&file);
	}
	doc_say(doc, ROLE_LABEL, 0, is_tool_call(item) ? "arguments" : "parameters");
	if (shown.at) {
		args_doc(doc, shown, 2, diff);
	} else {
		doc_say(doc, ROLE_DIM, 2, "none");
	}
}
