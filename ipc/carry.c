/*
 * Calls of an agent's own tools: a gate in this process carries each between a client and a server
 * which are both ours. What arrives at the server's end may run, and with those arguments; what
 * comes back at the client's end is why not. Facts, rules, queue and history are the gate's.
 *
 * The tools of this server are those that were asked for: the agent has what it calls, its profile
 * knows the arguments, no schema does. A name that is new makes the list stale, and its call is
 * sent only when the gate has heard so.
 *
 * Promises: whoever asked is told once of each call; what it could not be told is recorded as a
 * failure, not as something that ran. Called by hook_main.c and permission_main.c.
 */
#include "config.h"

#include "ipc/carry.h"

#include "core/diag.h"
#include "core/hook.h"
#include "core/jsonw.h"
#include "core/rpc.h"
#include "ipc/gate.h"
#include "ipc/hook_stand.h"
#include "ipc/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TOOLS_MAX = 1000 }; /* names that one agent can ask for */

struct carry {
	struct gate gate; /* first: what the gate hands back is this */
	const struct hook_form *form;
	const struct carry_calls *calls;
	void *data;
	struct stream *asks, *told; /* the client's end: what we write and read there */
	struct stream *serves, *answers; /* the server's: read and write */
	char *argv[4]; /* what it claims to be */
	struct map tools; /* names that are listed; the value is of no meaning */
	struct stand stand; /* of the only call, if there is just one: its gate is NULL if not */
	struct carried only;
	int64_t only_number;
	struct buf unsent; /* lines that wait until the gate has heard of a new name */
};

static const char *on_edit(struct gate *g, const struct message *m, struct span arguments)
{
	struct carry *c = (struct carry *)g;
	int64_t number = 0;
	return c->calls->edit_trouble && json_int(m->id, &number)
		? c->calls->edit_trouble(c->data, number, arguments)
		: NULL;
}

/* ---- the server's end ---- */

static void write_name(void *data, struct span name, void *value)
{
	struct jsonw *w = data;
	(void)value;
	jw_open(w, '{');
	jw_kv_span(w, "name", name);
	jw_close(w, '}');
}

static void list(struct carry *c, const struct message *m)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_answer(&line, m->id, "result");
	jw_key(&w, "tools");
	jw_open(&w, '[');
	map_each(&c->tools, write_name, &w);
	jw_close(&w, ']');
	rpc_close(&w);
	stream_write_buf(c->answers, &line);
}

static void passed(struct carry *c, const struct message *m)
{
	struct buf line = { 0 };
	int64_t number = 0;
	bool told = json_int(m->id, &number) && c->calls->allowed(c->data, number, m->arguments);
	struct jsonw w = rpc_answer(&line, m->id, told ? "result" : "error");
	if (told) {
		jw_key(&w, "content");
		jw_open(&w, '[');
		jw_close(&w, ']');
	} else {
		jw_kv_int(&w, "code", RPC_DENIED);
		jw_kv_text(&w, "message", "the agent could not be told");
	}
	rpc_close(&w);
	stream_write_buf(c->answers, &line);
}

static void on_served(void *data, struct span line)
{
	struct carry *c = data;
	struct json_scan scan = { 0 };
	struct message m;
	message_parse(&m, &scan, line, METHOD_CLIENT);
	if (m.kind == MESSAGE_REQUEST && m.entry->special == METHOD_TOOLS_LIST) {
		list(c, &m);
	} else if (m.kind == MESSAGE_REQUEST && m.entry->special == METHOD_TOOLS_CALL) {
		passed(c, &m);
	}
	json_finish(&scan);
}

/* ---- the client's end ---- */

static struct span words_of(const struct message *m)
{
	struct span value = { 0 }, first = { 0 };
	if (m->error.at) {
		return json_member(m->error, "message", &first) ? first : m->error;
	}
	if (json_type(m->result) != JSON_OBJECT || !json_member(m->result, "content", &value) ||
		json_type(value) != JSON_ARRAY) {
		return value;
	}
	struct json_walk walk = json_walk_of(value);
	return json_next(&walk, NULL, &first) && json_member(first, "text", &value)
		? value
		: (struct span){ 0 };
}

static void told(struct carry *c, const struct message *m)
{
	int64_t number = 0;
	struct buf words = { 0 };
	struct span text = words_of(m);
	if (!m->id.at || !json_int(m->id, &number)) {
		return;
	}
	if (text.at && json_type(text) == JSON_STRING) {
		json_decode(text, &words);
	}
	c->calls->over(c->data, number, words.len ? buf_view(&words) : SPAN("NOT executed"));
	buf_finish(&words);
}

static void on_told(void *data, struct span line)
{
	struct carry *c = data;
	struct json_scan scan = { 0 };
	struct message m;
	message_parse(&m, &scan, line, METHOD_SERVER);
	if (m.kind == MESSAGE_RESPONSE) {
		told(c, &m);
	} else if (m.kind == MESSAGE_NOTIFICATION && m.entry->special == METHOD_TOOLS_CHANGED) {
		stream_write_buf(c->asks, &c->unsent);
	}
	json_finish(&scan);
}

/* ---- calls ---- */

/* A session, in which the agent's calls follow. */
static void greet(struct carry *c)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_open(&line, SPAN("-1"), "initialize");
	jw_kv_text(&w, "protocolVersion", "2025-11-25");
	jw_key(&w, "clientInfo");
	jw_open(&w, '{');
	jw_kv_text(&w, "name", c->form->profile);
	char *version = hook_version(c->form, getenv("AI_AGENT"));
	jw_kv_text(&w, "version", version);
	free(version);
	jw_close(&w, '}');
	rpc_close(&w);
	stream_write_buf(c->asks, &line);
	w = rpc_open(&line, (struct span){ 0 }, "notifications/initialized");
	rpc_close(&w);
	stream_write_buf(c->asks, &line);
}

/* Behind what waits already. */
static void send_line(struct carry *c, struct buf *line)
{
	if (c->unsent.len) {
		buf_span(&c->unsent, buf_view(line));
		buf_finish(line);
	} else {
		stream_write_buf(c->asks, line);
	}
}

static void write_caller(struct jsonw *w, const struct caller *caller)
{
	jw_key(w, "_meta");
	jw_open(w, '{');
	jw_key(w, CALLER_OWN);
	jw_open(w, '{');
	caller_write(caller, w);
	jw_close(w, '}');
	jw_close(w, '}');
}

static void say_changed(struct carry *c)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_open(&line, (struct span){ 0 }, "notifications/tools/list_changed");
	rpc_close(&w);
	stream_write_buf(c->answers, &line);
}

bool carry_call(struct carry *c, int64_t number, const struct carried *call)
{
	struct buf line = { 0 };
	char id[24];
	bool first = !c->tools.count, known = map_get(&c->tools, span_of(call->tool)) != NULL;
	if (!known && c->tools.count >= TOOLS_MAX) {
		return false;
	}
	snprintf(id, sizeof(id), "%lld", (long long)number);
	struct jsonw w = rpc_open(&line, span_of(id), "tools/call");
	jw_kv_text(&w, "name", call->tool);
	jw_kv_raw(&w, "arguments", call->arguments);
	write_caller(&w, &call->caller);
	rpc_close(&w);
	if (first) {
		greet(c);
	}
	if (known || first) {
		send_line(c, &line);
	} else {
		buf_span(&c->unsent, buf_view(&line));
		buf_finish(&line);
		say_changed(c);
	}
	if (!known) {
		map_put(&c->tools, span_of(call->tool), c);
	}
	return true;
}

static void ask_only(struct gate *g, const char *tool)
{
	struct carry *c = (struct carry *)g;
	struct carried call = c->only;
	call.tool = tool;
	if (g->as_name && call.plain.at) {
		call.arguments = call.plain; /* that gate gets what was called, and no more */
	}
	carry_call(c, c->only_number, &call);
}

static void fail_only(struct gate *g, const char *why)
{
	struct carry *c = (struct carry *)g;
	carry_withdraw_all(c, "withdrawn");
	c->calls->over(c->data, c->only_number, span_of(why));
}

void carry_only(
	struct carry *c, int64_t number, const struct carried *call, const struct hook_call *said)
{
	c->only = *call;
	c->only_number = number;
	c->stand = (struct stand){
		.gate = &c->gate, .call = said, .ask = ask_only, .fail = fail_only
	};
	stand_begin(&c->stand, c->form);
}

void carry_cancel(struct carry *c, int64_t number)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_open(&line, (struct span){ 0 }, "notifications/cancelled");
	jw_kv_int(&w, "requestId", number);
	rpc_close(&w);
	send_line(c, &line);
	stream_flush(c->asks); /* before a yes that is on its way */
}

void carry_withdraw_all(struct carry *c, const char *why)
{
	buf_clear(&c->unsent);
	call_withdraw_all(&c->gate, why, NULL);
}

void carry_end(struct carry *c)
{
	struct gate *g = &c->gate;
	if (!g->ending) {
		g->ending = true;
		wire_goodbye(g->wire);
		turn_flush(&g->turn);
		uv_stop(g->loop);
	}
}

/* ---- the beginning ---- */

/* Pipes, because the gate reads and writes different descriptors. */
static bool open_ends(int ours[4], struct gate_ends *ends, struct err *err)
{
	int pipes[4][2];
	for (int i = 0; i < 4; i++) {
		if (pipe2(pipes[i], O_CLOEXEC) != 0) {
			return fail(err, DIAG_NONE, "no pipe: %s", strerror(errno));
		}
	}
	*ends = (struct gate_ends){ .client_in = pipes[0][0],
		.client_out = pipes[1][1],
		.server_in = pipes[2][1],
		.server_out = pipes[3][0] };
	ours[0] = pipes[0][1];
	ours[1] = pipes[1][0];
	ours[2] = pipes[2][0];
	ours[3] = pipes[3][1];
	return true;
}

static bool open_ours(struct carry *c, const int ours[4], struct err *err)
{
	static const struct stream_calls told = { .on_line = on_told },
					 served = { .on_line = on_served }, sink = { 0 };
	static const struct stream_options lines = { GATE_CLIENT_CAP, STREAM_SKIP },
					   none = { 0, STREAM_SKIP };
	struct gate *g = &c->gate;
	c->asks = stream_create(&g->turn, g->loop, ours[0], &none, &sink, c, err);
	c->told = c->asks ? stream_create(&g->turn, g->loop, ours[1], &lines, &told, c, err) : NULL;
	c->serves = c->told ? stream_create(&g->turn, g->loop, ours[2], &lines, &served, c, err)
			    : NULL;
	c->answers = c->serves ? stream_create(&g->turn, g->loop, ours[3], &none, &sink, c, err)
			       : NULL;
	if (c->answers) {
		stream_start(c->told);
		stream_start(c->serves);
	}
	return c->answers != NULL;
}

static void on_side_left(struct gate *g)
{
	(void)g; /* both are ours */
}

static bool on_greeted(struct gate *g, struct span server)
{
	struct carry *c = (struct carry *)g;
	return !c->stand.gate || stand_greeted(&c->stand, server);
}

static void on_hopeless(struct gate *g)
{
	struct carry *c = (struct carry *)g;
	if (c->stand.gate) {
		stand_hopeless(&c->stand);
	}
}

/* One server to be accepted, whichever way an agent's calls come; each MCP server behind it is
 * another, as nothing but the agent's word says which program it is. */
static void name_ourselves(struct carry *c)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	path[n > 0 ? n : 0] = '\0';
	c->argv[0] = xstrdup(n > 0 ? path : "bascule");
	c->argv[1] = xstrdup("hook");
	c->argv[2] = xstrdup(c->form->name);
}

struct carry *carry_create(uv_loop_t *loop, const struct carry_setup *a,
	const struct carry_calls *calls, void *data, struct err *err)
{
	static const struct gate_host host = { .client_left = on_side_left,
		.server_left = on_side_left,
		.edit_trouble = on_edit,
		.greeted = on_greeted,
		.hopeless = on_hopeless };
	struct carry *c = xcalloc(1, sizeof(*c));
	c->gate.loop = loop;
	c->gate.paths = a->paths;
	c->gate.config = a->config;
	c->form = a->form;
	c->calls = calls;
	c->data = data;
	name_ourselves(c);
	struct gate_setup setup = { .name = a->server ? hook_server_name(a->form, a->server)
						      : a->form->name,
		.profile = a->form->profile,
		.socket = a->socket,
		.session = a->session,
		.event = a->event == HOOK_BEFORE_TOOL && a->form->asks_again ? "before"
			: a->event == HOOK_PERMISSION                        ? "permission"
									     : NULL,
		.beside = a->beside,
		.scope = a->scope,
		.scope_count = a->scope_count,
		.argv = c->argv,
		.host = &host };
	int ours[4] = { -1, -1, -1, -1 };
	bool good = open_ends(ours, &setup.ends, err) && gate_begin(&c->gate, &setup, err) &&
		open_ours(c, ours, err);
	return good ? c : NULL; /* the process ends now; nothing is taken apart */
}

bool carry_load(
	struct paths *paths, struct config *config, const struct carry_places *a, struct err *err)
{
	struct err ignored = { 0 };
	char limit[32];
	if (!paths_init(paths, a->root, err)) {
		return false;
	}
	if (!config_load(config, paths, &ignored)) {
		log_line("%s", ignored.text); /* the values in force are usable all the same */
	}
	/* the client's end has no limit of its own: that of whoever asked comes first */
	snprintf(limit, sizeof(limit), "%d", CARRY_NEVER_S);
	paths_prepare(paths, &ignored);
	log_open(paths->log, a->who,
		a->debug || strcmp(config->text[OPTION_LOG_LEVEL], "debug") == 0);
	return config_set(config, OPTION_GATE_HOLD_MAX, limit, err);
}
