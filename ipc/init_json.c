/* The plan and what became of it as one JSON document, for scripts. */
#include "config.h"

#include "ipc/init.h"

#include "core/jsonw.h"

#include <stdio.h>

static const char *const states[] = {
	[INIT_ABSENT] = "absent",
	[INIT_SAME] = "same",
	[INIT_CHANGE] = "change",
	[INIT_LEFT] = "left",
	[INIT_WRITTEN] = "written",
	[INIT_UNWRITTEN] = "failed",
};

static void write_file(struct jsonw *w, const struct init_file *file)
{
	jw_open(w, '{');
	jw_kv_text(w, "path", file->path);
	jw_kv_text(w, "agent", file->agent ? file->agent->name : NULL);
	jw_kv_text(w, "state", states[file->state]);
	jw_kv_bool(w, "exists", file->now.exists);
	jw_key(w, "plan");
	jw_open(w, '[');
	for (size_t i = 0; i < file->edit.note_count; i++) {
		if (!file->edit.notes[i].left) {
			jw_text(w, file->edit.notes[i].words);
		}
	}
	jw_close(w, ']');
	jw_key(w, "findings");
	jw_open(w, '[');
	for (size_t i = 0; i < file->edit.note_count; i++) {
		if (file->edit.notes[i].left) {
			jw_text(w, file->edit.notes[i].words);
		}
	}
	if (file->why.text[0]) {
		jw_text(w, file->why.text);
	}
	jw_close(w, ']');
	jw_close(w, '}');
}

static void write_agent(struct jsonw *w, const struct init_agent *a)
{
	jw_open(w, '{');
	jw_kv_text(w, "name", a->agent->name);
	jw_kv_text(w, "title", a->agent->title);
	jw_kv_bool(w, "here", a->here);
	jw_kv_text(w, "program", a->program);
	jw_kv_text(w, "outside", a->agent->outside);
	jw_kv_text(w, "after", a->agent->after);
	if (a->checked) {
		jw_key(w, "check");
		jw_open(w, '{');
		jw_kv_int(w, "code", a->check_code);
		jw_kv_span(w, "said", buf_view(&a->check_said));
		jw_close(w, '}');
	}
	jw_close(w, '}');
}

void init_print_json(const struct init *init, bool dry, bool done)
{
	struct buf out = { 0 };
	struct jsonw w = jw_start(&out);
	jw_open(&w, '{');
	jw_kv_text(&w, "program", init->front.program);
	jw_kv_text(&w, "home", init->home);
	jw_kv_text(&w, "project", init->project);
	jw_kv_bool(&w, "dry_run", dry);
	jw_kv_bool(&w, "done", done);
	jw_key(&w, "agents");
	jw_open(&w, '[');
	for (size_t i = 0; i < init->agent_count; i++) {
		write_agent(&w, &init->agents[i]);
	}
	jw_close(&w, ']');
	jw_key(&w, "files");
	jw_open(&w, '[');
	for (size_t i = 0; i < init->file_count; i++) {
		write_file(&w, &init->files[i]);
	}
	jw_close(&w, ']');
	jw_close(&w, '}');
	printf("%s\n", buf_cstr(&out));
	buf_finish(&out);
}
