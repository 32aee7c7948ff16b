/*
 * Who asks, in words for a person: the agent's labels of a call, the processes above the agent, its
 * tmux pane and its editor. The labels and the pane are what a gate says; the processes are the
 * kernel's, looked at once for each agent. Nothing is decided by any of them.
 */
#include "config.h"

#include "ipc/broker.h"
#include "ipc/broker_body.h"

#include <stdlib.h>
#include <string.h>

void who_look(struct agent *a)
{
	a->above_count = peer_above(&a->process, a->above, COUNT_OF(a->above));
}

/* A shell that a pane's program has left behind in an editor or another terminal still names the
 * pane: it counts only where that tmux server is above. */
static bool under_tmux(const struct agent *a)
{
	for (size_t i = 0; i < a->above_count; i++) {
		if (strncmp(a->above[i].name, "tmux: server", strlen("tmux: server")) == 0) {
			return true;
		}
	}
	return false;
}

static const char *editor_above(const struct agent *a)
{
	const char *editor = NULL;
	for (size_t i = 0; i < a->above_count && !editor; i++) {
		editor = seat_editor(a->above[i].name);
	}
	return editor;
}

void who_learn(struct conn *c, struct span hello)
{
	struct span object;
	struct seat said = { 0 };
	if (json_member(hello, "seat", &object) && json_type(object) == JSON_OBJECT) {
		seat_parse(&said, object);
	}
	if (!c->agent || !under_tmux(c->agent)) {
		const char *editor = said.editor;
		seat_finish(&said);
		said.editor = editor;
	}
	const char *above = c->agent ? editor_above(c->agent) : NULL;
	said.editor = above ? above : said.editor;
	seat_finish(&c->from);
	c->from = said;
}

void who_write(const struct caller *caller, const struct seat *seat, const struct agent *agent,
	struct jsonw *w)
{
	caller_write(caller, w);
	seat_write(seat, w);
	jw_key(w, "above");
	jw_open(w, '[');
	for (size_t i = 0; agent && i < agent->above_count; i++) {
		jw_open(w, '{');
		jw_kv_int(w, "pid", agent->above[i].pid);
		jw_kv_text(w, "name", agent->above[i].name);
		jw_close(w, '}');
	}
	jw_close(w, ']');
}

void who_record(struct conn *c, int64_t number, struct span params, bool asked)
{
	struct caller caller;
	caller_read(&caller, params);
	if (asked || !caller_is_empty(&caller)) {
		struct buf out = { 0 };
		struct jsonw w = jw_start(&out);
		jw_open(&w, '{');
		who_write(&caller, &c->from, c->agent, &w);
		jw_close(&w, '}');
		char *json = buf_cstr(&out);
		body_mark(c->broker, &json);
		record_who(c->broker, number, json);
	}
	caller_finish(&caller);
}
