/*
 * From {params, cut, head, files} to lines. The files are what the gate read; nothing here opens
 * one. Everything is bounded: the diff by core/diff.h's budget, the text by the bounds of doc.c.
 */
#include "config.h"

#include "tui/preview_doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/diff.h"
#include "core/diff_words.h"
#include "core/json.h"
#include "core/preview.h"
#include "tui/args_doc.h"
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

static void line_mark(char mark[24], const struct diff_line *line, bool numbers)
{
	unsigned number = line->sign == DIFF_OLD ? 0 : line->new_number;
	if (!numbers) {
		snprintf(mark, 24, "%c", (char)line->sign);
	} else if (number) {
		snprintf(mark, 24, "%5u %c", number, (char)line->sign);
	} else {
		snprintf(mark, 24, "%5s %c", "", (char)line->sign);
	}
}

/* How many pairs of lines are looked into, so that no diff takes long. */
enum { PAIRS_MAX = 1000, PAIR_AHEAD = 8 };

struct diff_writer {
	struct doc *doc;
	bool numbers;
	unsigned pairs; /* looked into so far */
};

static void diff_line_doc(const struct diff_writer *w, const struct diff_line *line,
	const struct diff_range *parts, size_t part_count)
{
	bool new = line->sign == DIFF_NEW;
	enum role role = new ? ROLE_ADDED : line->sign == DIFF_OLD ? ROLE_REMOVED : ROLE_TEXT;
	unsigned indent = w->numbers ? 8 : 2;
	char mark[24];
	line_mark(mark, line, w->numbers);
	doc_foreign(w->doc, role, indent, mark, line->text);
	for (size_t i = 0; i < part_count; i++) {
		doc_part(w->doc, new ? ROLE_ADDED_WORD : ROLE_REMOVED_WORD, line->text,
			parts[i].from, parts[i].to);
	}
	if (line->no_newline) {
		doc_say(w->doc, ROLE_DIM, indent, "\\ No newline at end of file");
	}
}

/* The new line that an old one became, among the next few that have no partner yet. */
static bool find_partner(struct diff_writer *w, const struct diff_line *old,
	const struct diff_line *new, size_t count, size_t *partner, struct diff_words *words)
{
	for (size_t i = *partner; i < count && i < *partner + PAIR_AHEAD; i++) {
		if (w->pairs++ >= PAIRS_MAX) {
			return false;
		}
		if (diff_words(words, old->text, new[i].text)) {
			*partner = i;
			return true;
		}
	}
	return false;
}

/* Lines that go, then lines that come in their place. */
static void change_run_doc(
	struct diff_writer *w, const struct diff_line *lines, size_t old_count, size_t new_count)
{
	const struct diff_line *new = lines + old_count;
	size_t kept = new_count < PAIRS_MAX ? new_count : PAIRS_MAX;
	struct diff_words *words = xcalloc(kept + 1, sizeof(*words)), *found = &words[kept];
	for (size_t i = 0, next = 0; i < old_count; i++) {
		size_t partner = next;
		bool pair = find_partner(w, &lines[i], new, kept, &partner, found);
		diff_line_doc(w, &lines[i], found->old, pair ? found->old_count : 0);
		if (pair) {
			words[partner] = *found;
			next = partner + 1;
		}
	}
	for (size_t i = 0; i < new_count; i++) {
		diff_line_doc(w, &new[i], words[i < kept ? i : kept].new,
			i < kept ? words[i].new_count : 0);
	}
	free(words);
}

static size_t run_of(const struct diff_line *lines, size_t count, enum diff_sign sign)
{
	size_t n = 0;
	while (n < count && lines[n].sign == sign) {
		n++;
	}
	return n;
}

static void hunk_doc(struct diff_writer *w, const struct diff *diff, const struct diff_hunk *hunk)
{
	const struct diff_line *lines = diff->lines + hunk->first;
	doc_add(w->doc, ROLE_HUNK, 0, "",
		safe_printf("@@ -%u,%u +%u,%u @@", hunk->old_start, hunk->old_count,
			hunk->new_start, hunk->new_count));
	for (size_t at = 0; at < hunk->count;) {
		size_t old = run_of(lines + at, hunk->count - at, DIFF_OLD);
		size_t new = run_of(lines + at + old, hunk->count - at - old, DIFF_NEW);
		if (old + new) {
			change_run_doc(w, lines + at, old, new);
			at += old + new;
		} else {
			diff_line_doc(w, &lines[at++], NULL, 0);
		}
	}
}

static void diff_notes(struct doc *doc, const struct diff *diff)
{
	if (diff->binary) {
		doc_say(doc, ROLE_WARNING, 0, "The content is not text: there is no diff to show.");
	}
	if (diff->cut) {
		doc_say(doc, ROLE_WARNING, 0,
			"Too large to compare: only the beginning and the end of the change are "
			"shown.");
	} else if (diff->coarse) {
		doc_say(doc, ROLE_WARNING, 0,
			"Too much differs to align lines: old and new are shown as blocks.");
	}
	if (diff->line_ends_change) {
		doc_say(doc, ROLE_WARNING, 0, "All line ends change between LF and CR LF.");
	}
	if (diff->same) {
		doc_say(doc, ROLE_STRONG, 0, "The file stays as it is.");
	}
}

/* False: there was nothing to align, the arguments have to be shown in full. */
static bool diff_doc(
	struct doc *doc, const struct preview *preview, const struct file *file, bool numbers)
{
	bool absent = strcmp(file->state, "absent") == 0;
	struct span before = absent ? (struct span){ NULL, 0 } : buf_view(&file->text);
	struct diff diff = { 0 };
	diff_make(&diff, before, buf_view(&preview->after), DIFF_CONTEXT);
	doc_add(doc, ROLE_STRONG, 0, "",
		safe_printf("%s  +%u -%u", absent ? "new file" : "changes the file", diff.added,
			diff.removed));
	diff_notes(doc, &diff);
	struct diff_writer writer = { .doc = doc, .numbers = numbers };
	for (size_t i = 0; i < diff.hunk_count; i++) {
		hunk_doc(&writer, &diff, &diff.hunks[i]);
	}
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
	const struct file *file, bool numbers)
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
		shown = diff_doc(doc, &preview, file, numbers);
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

void preview_doc(struct doc *doc, const struct model_item *item, bool numbers)
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
	if (file_json.at && shown.at) {
		struct file file = file_read(file_json);
		diff = change_doc(doc, item, shown, &file, numbers);
		file_finish(&file);
	}
	doc_say(doc, ROLE_LABEL, 0, is_tool_call(item) ? "arguments" : "parameters");
	if (shown.at) {
		args_doc(doc, shown, 2, diff);
	} else {
		doc_say(doc, ROLE_DIM, 2, "none");
	}
}
