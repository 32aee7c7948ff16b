/*
 * `bascule init --undo`: every file as it was, byte for byte; where it was changed since, what was
 * added is taken out and the rest stays; where that cannot be told apart, the file is left and
 * named.
 */
#include "config.h"

#include "ipc/init.h"

#include "core/json.h"
#include "core/jsonw.h"
#include "ipc/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct telling {
	bool json;
	struct jsonw w;
	struct buf out;
	size_t count;
};

static void tell(
	void *data, const struct journal_entry *entry, enum journal_fate fate, const char *todo)
{
	struct telling *t = data;
	t->count++;
	if (t->json) {
		jw_open(&t->w, '{');
		jw_kv_text(&t->w, "path", entry->path);
		jw_kv_text(&t->w, "agent", entry->agent);
		jw_kv_text(&t->w, "fate", journal_fate_words(fate));
		jw_kv_text(&t->w, "todo", todo);
		jw_close(&t->w, '}');
		return;
	}
	init_print("", entry->path, " ");
	printf("%s\n", journal_fate_words(fate));
	if (*todo) {
		init_print("    ", todo, "\n");
	}
}

/* Calls `each` with every path of the notes, an array, until it returns true. */
static bool each_path(struct span notes, bool (*each)(void *data, struct span path), void *data)
{
	struct json_scan scan = { 0 };
	struct span edits = { 0 }, edit, path;
	bool found = false;
	if (json_validate(&scan, notes, JSON_STRICT) && scan.type == JSON_OBJECT &&
		json_member(scan.value, "edits", &edits) && json_type(edits) == JSON_ARRAY) {
		struct json_walk walk = json_walk_of(edits);
		while (!found && json_next(&walk, NULL, &edit)) {
			found = json_member(edit, "path", &path) && json_type(path) == JSON_ARRAY &&
				each(data, path);
		}
	}
	json_finish(&scan);
	return found;
}

/* The project of a path ["projects",PROJECT,...]. */
static bool is_of_project(void *data, struct span path)
{
	char **project = data;
	struct span step = { 0 };
	struct json_walk walk = json_walk_of(path);
	if (json_next(&walk, NULL, &step) && json_is(step, "projects") &&
		json_next(&walk, NULL, &step)) {
		*project = json_strdup(step);
	}
	return *project != NULL;
}

static bool has_step(void *data, struct span path)
{
	struct span step;
	struct json_walk walk = json_walk_of(path);
	while (json_next(&walk, NULL, &step)) {
		if (json_is(step, data)) {
			return true;
		}
	}
	return false;
}

/* A server or event that the notes name. */
static bool is_noted(void *data, const char *name)
{
	const struct journal_entry *entry = data;
	char *copy = xstrdup(name);
	bool noted = each_path(span_of(entry->added), has_step, copy);
	free(copy);
	return noted;
}

/* What the table says of the file of an entry; NULL: nothing. */
static const struct agent_file *file_of(const struct journal_entry *entry)
{
	const struct agent *agent = agent_find(span_of(entry->agent));
	const struct agent_file *file = agent ? agent->files : NULL;
	for (; file && file->path; file++) {
		const char *tail = file->path + (strncmp(file->path, "~/", 2) == 0 ? 2 : 0);
		if (!(file->holds & AGENT_PLUGIN) && path_ends(span_of(entry->path), tail)) {
			return file;
		}
	}
	return NULL;
}

/* By the notes; if what they say was changed, by what stands in the file. */
static bool take_out(void *data, const struct journal_entry *entry, struct span now,
	struct buf *out, struct err *err)
{
	const struct agent_file *file = file_of(entry);
	struct err ignored; /* the first reason is told */
	(void)data;
	if (conf_take_back(entry->path, span_of(entry->added), now, out, err)) {
		return true;
	}
	if (!file) {
		return false;
	}
	char *project = NULL;
	struct journal_entry of = *entry; /* borrowed */
	each_path(span_of(entry->added), is_of_project, &project);
	bool good = agent_unwrap(agent_find(span_of(entry->agent)), file, entry->path, now,
		project ? project : "", is_noted, &of, out, &ignored);
	free(project);
	return good;
}

bool init_take_back(const struct paths *paths, init_told *told, void *data, struct err *err)
{
	struct journal_undoing how = { told, take_out, data };
	struct journal j;
	if (!paths_prepare(paths, err)) {
		return false;
	}
	bool good = journal_open(&j, paths->state, err) && journal_undo(&j, &how, err);
	journal_close(&j);
	return good;
}

static void list(struct telling *t, const struct journal *j)
{
	for (size_t i = j->count; i-- > 0;) {
		const struct journal_entry *e = &j->entries[i];
		if (e->state == JOURNAL_UNDONE) {
			continue;
		}
		t->count++;
		if (t->json) {
			jw_open(&t->w, '{');
			jw_kv_text(&t->w, "path", e->path);
			jw_kv_text(&t->w, "agent", e->agent);
			jw_kv_text(&t->w, "time", e->time);
			jw_close(&t->w, '}');
		} else {
			init_print("would undo: ", e->path, "");
			init_print("  (", e->time, ")\n");
		}
	}
}

int init_undo(const struct paths *paths, bool dry, bool json)
{
	struct telling t = { .json = json };
	struct journal j;
	struct err err = { 0 };
	t.w = jw_start(&t.out);
	jw_open(&t.w, '{');
	jw_key(&t.w, dry ? "would_undo" : "undone");
	jw_open(&t.w, '[');
	bool good = true;
	if (dry) {
		good = journal_look(&j, paths->state, &err);
		list(&t, &j);
		journal_close(&j);
	} else {
		good = init_take_back(paths, tell, &t, &err);
	}
	jw_close(&t.w, ']');
	jw_kv_text(&t.w, "error", good ? NULL : err.text);
	jw_close(&t.w, '}');
	if (json) {
		printf("%s\n", buf_cstr(&t.out));
	} else if (good && !t.count) {
		printf("Nothing is to be undone.\n");
	}
	buf_finish(&t.out);
	return good ? cmd_written("init") : cmd_fail("init", &err, INIT_FAILED);
}
