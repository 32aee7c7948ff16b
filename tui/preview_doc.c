/*
 * From {params, cut, head, files} to lines. The files are what the gate read; nothing here opens
 * one. Everything is bounded: the diff by core/diff.h's budget, the text by the bounds of doc.c.
 */
#include "config.h"

#include "tui/preview_doc.h"

#include "core/json.h"
#include "core/preview.h"
#include "tui/args_doc.h"
#include "tui/edit_doc.h"
#include "tui/file_doc.h"
#include "tui/kind_doc.h"
#include "tui/model_read.h"

enum { FILES_MAX = 16, WHOLE_MAX = 8 << 20 };

/* The files of a call, each with what becomes of it. */
struct files {
	struct file file[FILES_MAX];
	struct preview_file now[FILES_MAX];
	size_t count;
	struct args_told told[KIND_TOLD_MAX + 1]; /* members of the arguments that they tell */
};

static void files_read(struct files *files, struct span json)
{
	struct span value, array = model_read_member(json, "files");
	struct json_walk walk = json_walk_of(array.at ? array : SPAN("[]"));
	while (files->count < FILES_MAX && json_next(&walk, NULL, &value)) {
		file_read(&files->file[files->count], value);
		files->now[files->count] = file_now(&files->file[files->count]);
		files->count++;
	}
}

static void files_finish(struct files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		file_finish(&files->file[i]);
	}
}

static const struct file *source_of(const struct files *files, const struct preview *preview)
{
	for (size_t i = 0; preview->other && i < files->count; i++) {
		if (files->now[i].known && span_is(files->now[i].given, preview->other)) {
			return &files->file[i];
		}
	}
	return NULL;
}

static void tell_diffs(struct files *files, const struct preview *preview)
{
	size_t count = 0;
	while (count < KIND_TOLD_MAX && preview->told[count]) {
		files->told[count] = (struct args_told){ preview->told[count], "diff" };
		count++;
	}
	files->told[count] = (struct args_told){ 0 };
}

/* True: all that the call does to them stands there. */
static bool files_doc(struct doc *doc, const struct model_item *item, struct files *files,
	struct span arguments, const struct diff_form *form)
{
	bool told = files->count > 0;
	for (size_t i = 0; i < files->count; i++) {
		struct preview preview;
		preview_make(&preview,
			&(struct preview_ask){ span_of(item->profile ? item->profile : ""),
				span_of(item->tool ? item->tool : ""), arguments, files->now,
				files->count, i });
		told = file_doc(doc, &files->file[i], &preview, source_of(files, &preview),
			       files->count > 1, form) &&
			told;
		tell_diffs(files, &preview);
		preview_finish(&preview);
	}
	return told;
}

static void left_doc(struct doc *doc, int64_t left)
{
	if (left > 0) {
		doc->partial = true;
		doc_add(doc, ROLE_WARNING, 0, "",
			safe_printf("%lld more files are not shown", (long long)left));
	}
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
	int64_t size = model_read_int(json, "size", 0);
	doc_say(doc, ROLE_WARNING, 0,
		size > 0 && size <= WHOLE_MAX ? "The rest is not shown: V asks for all of it."
					      : "The rest is not shown.");
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

/* Nothing is told apart, sized or left out; only what a terminal would obey is escaped. */
static void raw_doc(struct doc *doc, struct span params)
{
	doc_add(doc, ROLE_LABEL, 0, "",
		safe_printf("parameters as they came, %zu bytes (i: for reading)", params.len));
	args_doc_lines(doc, ROLE_TEXT, 0, "", params);
}

static void arguments_doc(struct doc *doc, const struct model_item *item, struct span shown,
	const struct args_told *told)
{
	doc_say(doc, ROLE_LABEL, 0, is_tool_call(item) ? "arguments" : "parameters");
	if (shown.at) {
		args_doc(doc, shown, 2, told);
	} else {
		doc_say(doc, ROLE_DIM, 2, "none");
	}
}

void preview_doc(struct doc *doc, const struct model_item *item, const struct diff_form *form)
{
	struct diff_form whole = *form;
	struct span json = show_of(item);
	struct span params = model_read_member(json, "params");
	bool cut = false;
	whole.whole = item->whole;
	if (json_bool(model_read_member(json, "cut"), &cut) && cut) {
		doc->partial = true;
		cut_doc(doc, json);
		return;
	}
	struct span shown = is_tool_call(item) ? model_read_member(params, "arguments") : params;
	struct files files = { 0 };
	int64_t left = model_read_int(json, "files_left", 0);
	edit_doc(doc, model_read_member(json, "proposed"), shown, form);
	files_read(&files, json);
	bool told = shown.at && files_doc(doc, item, &files, shown, &whole) && left <= 0;
	left_doc(doc, left);
	if (!told) {
		kind_doc(doc, item, shown, files.told);
	}
	if (form->raw && params.at) {
		raw_doc(doc, params);
	} else {
		arguments_doc(doc, item, shown, files.told);
	}
	files_finish(&files);
}
