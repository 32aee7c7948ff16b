/*
 * `bascule init --undo`: every file as it was, byte for byte; where it was changed since, what was
 * added is taken out and the rest stays; where that cannot be told apart, the file is left and
 * named.
 */
#include "config.h"

#include "ipc/init.h"

#include "core/jsonw.h"
#include "ipc/cmd.h"

#include <stdio.h>

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

static bool take_out(void *data, const struct journal_entry *entry, struct span now,
	struct buf *out, struct err *err)
{
	(void)data;
	return conf_take_back(entry->path, span_of(entry->added), now, out, err);
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
