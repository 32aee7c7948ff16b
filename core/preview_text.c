/*
 * Owns the form: one "--- / +++" block a file, as patch(1) reads it, with a line in words where
 * there is no diff to give. Called by the broker's writer thread.
 */
#include "config.h"

#include "core/preview_text.h"

#include "core/diff.h"
#include "core/json.h"
#include "core/preview.h"

#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 8 };

struct file {
	char *path, *given, *kind, *state;
	struct buf text;
};

struct files {
	struct file file[FILES_MAX];
	struct preview_file now[FILES_MAX];
	size_t count;
};

static struct span member(struct span json, const char *name)
{
	struct span value = { 0 };
	return json_member(json, name, &value) ? value : (struct span){ 0 };
}

static char *text_at(struct span json, const char *name)
{
	char *text = json_strdup(member(json, name));
	return text ? text : xstrdup("");
}

static void read_file(struct files *files, struct span json)
{
	struct file *file = &files->file[files->count];
	*file = (struct file){ .path = text_at(json, "path"),
		.given = text_at(json, "given"),
		.kind = text_at(json, "kind"),
		.state = text_at(json, "state") };
	struct span text = member(json, "text");
	if (json_type(text) == JSON_STRING) {
		json_decode(text, &file->text);
	}
	bool is_file = strcmp(file->state, "file") == 0;
	struct span now = file->text.len ? buf_view(&file->text) : SPAN("");
	files->now[files->count++] = (struct preview_file){ .given = span_of(file->given),
		.text = is_file ? now : (struct span){ 0 },
		.known = is_file || strcmp(file->state, "absent") == 0 };
}

static void read_files(struct files *files, struct span list)
{
	struct json_walk walk = json_walk_of(list);
	struct span value;
	while (files->count < FILES_MAX && json_next(&walk, NULL, &value)) {
		if (json_type(value) == JSON_OBJECT) {
			read_file(files, value);
		}
	}
}

static void finish_files(struct files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		struct file *file = &files->file[i];
		free(file->path);
		free(file->given);
		free(file->kind);
		free(file->state);
		buf_finish(&file->text);
	}
}

/* A name with a line end in it would make a line of the diff. */
static void add_name(struct buf *out, const char *sign, const char *name)
{
	buf_text(out, sign);
	for (; *name; name++) {
		unsigned char c = (unsigned char)*name;
		if (c < 0x20 || c == 0x7f) {
			buf_printf(out, "\\x%02x", c);
		} else {
			buf_char(out, (char)c);
		}
	}
	buf_char(out, '\n');
}

static void hunks(const struct diff *diff, struct buf *out)
{
	for (size_t i = 0; i < diff->hunk_count; i++) {
		const struct diff_hunk *h = &diff->hunks[i];
		buf_printf(out, "@@ -%u,%u +%u,%u @@\n", h->old_start, h->old_count, h->new_start,
			h->new_count);
		for (size_t k = h->first; k < h->first + h->count; k++) {
			const struct diff_line *line = &diff->lines[k];
			buf_char(out, (char)line->sign);
			buf_span(out, line->text);
			buf_char(out, '\n');
			if (line->no_newline) {
				buf_text(out, "\\ No newline at end of file\n");
			}
		}
	}
}

/* Where its content comes from, if it is moved. */
static struct span before_of(const struct files *files, size_t which, const struct preview *preview)
{
	struct span before = files->now[which].text;
	if (preview->part) {
		return preview->before.len ? buf_view(&preview->before) : SPAN("");
	}
	for (size_t i = 0; !before.at && preview->other && i < files->count; i++) {
		if (files->now[i].known && span_is(files->now[i].given, preview->other)) {
			return files->now[i].text;
		}
	}
	return before;
}

static void one_diff(
	const struct files *files, size_t which, const struct preview *preview, struct buf *out)
{
	const struct file *file = &files->file[which];
	struct span before = before_of(files, which, preview), after = { NULL, 0 };
	struct diff diff = { 0 };
	if (preview->kind == PREVIEW_DIFF) {
		after = preview->after.len ? buf_view(&preview->after) : SPAN("");
	}
	diff_make(&diff, before, after, DIFF_CONTEXT);
	add_name(out, "--- ", before.at ? file->path : "/dev/null");
	add_name(out, "+++ ", after.at ? file->path : "/dev/null");
	if (diff.binary) {
		buf_text(out, "(not text)\n");
	}
	hunks(&diff, out);
	if (diff.cut) {
		buf_text(out, "(lines in between are left out)\n");
	}
	diff_finish(&diff);
}

static void one_file(const struct files *files, size_t which, struct span profile, struct span tool,
	struct span arguments, struct buf *out)
{
	const struct file *file = &files->file[which];
	struct preview preview;
	preview_make(&preview,
		&(struct preview_ask){ profile, tool, arguments, files->now, files->count, which });
	if (preview.kind == PREVIEW_DIFF ||
		(preview.kind == PREVIEW_GOES && files->now[which].text.at)) {
		one_diff(files, which, &preview, out);
	} else {
		add_name(out, "--- ", file->path);
		add_name(out, "state: ", file->state);
	}
	if (preview.note[0]) {
		buf_printf(out, "(%s)\n", preview.note);
	}
	preview_finish(&preview);
}

void preview_text(struct span profile, struct span tool, struct span json, struct buf *out)
{
	struct files files = { 0 };
	struct span params = member(json, "params"), list = member(json, "files");
	struct span arguments = json_type(params) == JSON_OBJECT ? member(params, "arguments")
								 : (struct span){ 0 };
	if (json_type(list) == JSON_ARRAY && json_type(arguments) == JSON_OBJECT) {
		read_files(&files, list);
	}
	for (size_t i = 0; i < files.count; i++) {
		one_file(&files, i, profile, tool, arguments, out);
	}
	finish_files(&files);
}
