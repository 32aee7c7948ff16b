/*
 * Lines from the server. Each is classified whole before its first byte goes out, because the
 * server may not answer a call that it was never given: the client would take that for the answer,
 * and a later approval would run the call.
 */
#include "config.h"

#include "ipc/gate.h"

#include "core/refusal.h"
#include "ipc/log.h"

#include <stdlib.h>

enum { INSPECT_MAX = 1 << 20 /* longer results are not looked into for the record */ };

static const char *outcome_of(const struct message *m)
{
	struct span flag;
	bool failed = false;
	if (m->error.at) {
		return "error";
	}
	if (m->result.len <= INSPECT_MAX && json_type(m->result) == JSON_OBJECT &&
		json_member(m->result, "isError", &flag)) {
		json_bool(flag, &failed);
	}
	return failed ? "tool_error" : "result";
}

static void inspect(struct gate *g, const struct pending *entry, const struct message *m)
{
	if (entry->special == METHOD_TOOLS_LIST && m->result.at) {
		tools_page(g->tools, entry->first_page, m->result);
	} else if (entry->special == METHOD_INITIALIZE && m->result.at) {
		gate_learn_server(g, m->result);
	}
}

static void response(struct gate *g, const struct message *m, struct span line)
{
	if (!m->key[0]) {
		gate_pass(g, SIDE_SERVER, line); /* an error that answers nothing in particular */
		return;
	}
	struct map *table = &g->pending[SIDE_CLIENT];
	struct pending *entry = map_get(table, span_of(m->key));
	struct call *call = entry ? entry->call : NULL;
	if (!entry || (call && call->state != LIFE_FORWARDED)) {
		log_line("the server answered %s; dropped",
			entry ? "a call that waits for approval" : "nothing it was asked");
		return;
	}
	map_take(table, span_of(m->key));
	inspect(g, entry, m);
	if (entry->own) {
		tools_own_answer(g->tools, m);
		pending_destroy(entry);
		return;
	}
	pending_destroy(entry);
	if (call) {
		call->key[0] = '\0';
		call->result = m->error.at ? m->error : m->result;
		call_finished(call, outcome_of(m), (int64_t)line.len);
	}
	gate_pass(g, SIDE_SERVER, line);
}

static void request(struct gate *g, const struct message *m, struct span line)
{
	const char *why = NULL;
	if (g->modern_seen && !g->legacy_seen) {
		log_line("the server sent a request in an era that has none; dropped: %s",
			m->method_name);
		return;
	}
	if (m->entry->action == METHOD_REFUSE) {
		log_line(
			"a request of the server is not known and was refused: %s", m->method_name);
		gate_refuse(g, SIDE_SERVER, m->id, RPC_NO_METHOD, "Method not found");
		return;
	}
	if (m->entry->action == METHOD_GATE) {
		/* The line was read loosely; what a person is to judge must be strict. */
		struct json_scan strict = { 0 };
		bool clean = !m->params.at || json_validate(&strict, m->params, JSON_STRICT);
		json_finish(&strict);
		if (clean) {
			call_arrived(g, SIDE_SERVER, m, line);
		} else {
			gate_refuse(
				g, SIDE_SERVER, m->id, RPC_PARAMS, "params are not strict JSON");
		}
		return;
	}
	struct pending *entry = xcalloc(1, sizeof(*entry));
	entry->special = m->entry->special;
	if (!gate_expect(g, SIDE_SERVER, m->key, entry, &why)) {
		pending_destroy(entry);
		gate_refuse(g, SIDE_SERVER, (struct span){ 0 }, RPC_INVALID, why);
		return;
	}
	wire_count(g->wire, m->method_name);
	gate_pass(g, SIDE_SERVER, line);
}

/* Progress for a call that the server has not been given can only be made up. */
static bool names_held_token(struct gate *g, const struct message *m)
{
	for (struct call *call = g->first_call; call; call = call->next) {
		if (call->token && call->key[0] && call->from == SIDE_CLIENT &&
			call->state != LIFE_FORWARDED && m->progress_token.at &&
			span_is(m->progress_token, call->token)) {
			return true;
		}
	}
	return false;
}

/* The server takes back a request of its own that waits for a person. */
static bool cancels_held(struct gate *g, const struct message *m)
{
	char key[MESSAGE_KEY];
	struct pending *entry = m->request_id.at && message_key(m->request_id, key)
		? map_get(&g->pending[SIDE_SERVER], span_of(key))
		: NULL;
	if (!entry || !entry->call || entry->call->state == LIFE_FORWARDED) {
		return false;
	}
	call_withdraw(entry->call, "cancelled");
	return true;
}

static void notification(struct gate *g, const struct message *m, struct span line)
{
	if (m->entry->special == METHOD_PROGRESS && names_held_token(g, m)) {
		log_line("the server reported progress of a call that waits for approval; dropped");
		return;
	}
	if (m->entry->special == METHOD_CANCELLED && cancels_held(g, m)) {
		return;
	}
	if (m->entry->special == METHOD_TOOLS_CHANGED) {
		tools_stale(g->tools);
	}
	wire_count(g->wire, m->method_name);
	gate_pass(g, SIDE_SERVER, line);
}

void gate_server_line(void *data, struct span line)
{
	struct gate *g = data;
	struct message m;
	message_parse(&m, &g->scan, line, METHOD_SERVER);
	switch (m.kind) {
	case MESSAGE_RESPONSE:
		response(g, &m, line);
		break;
	case MESSAGE_REQUEST:
		request(g, &m, line);
		break;
	case MESSAGE_NOTIFICATION:
		notification(g, &m, line);
		break;
	case MESSAGE_NOISE:
	case MESSAGE_BLANK:
		gate_pass(g, SIDE_SERVER, line); /* as without us: clients skip it */
		break;
	case MESSAGE_BATCH:
	case MESSAGE_REFUSED:
		log_line("a line of the server is not one message and was dropped: %s", m.why);
		break;
	}
}

void gate_server_over(void *data)
{
	struct gate *g = data;
	/* Whose answer it is cannot be known before its end: nothing that waits may be left to be
	 * answered by it. */
	log_line("a line of the server is over 16 MiB: streamed");
	call_park_all(g);
	g->streaming = true;
}

void gate_server_piece(void *data, struct span piece, bool end)
{
	struct gate *g = data;
	stream_write(g->client_out, piece);
	if (end) {
		g->streaming = false;
		stream_write(g->client_out, buf_view(&g->held_output));
		buf_finish(&g->held_output);
	}
	gate_pressure(g);
}

struct gone {
	struct gate *gate;
	const char *why;
	struct buf lines;
};

static void collect(void *data, struct span key, void *value)
{
	struct gone *gone = data;
	struct pending *entry = value;
	if (!entry->own && !entry->call && entry->special != METHOD_DISCOVER && entry->raw_id) {
		refusal_error(&gone->lines, span_of(entry->raw_id), RPC_DENIED, gone->why);
	}
	(void)key;
}

void gate_server_gone(struct gate *g, const char *why)
{
	struct gone gone = { .gate = g, .why = why };
	struct call *next;
	char *words = refusal_gone(why);
	for (struct call *call = g->first_call; call; call = next) {
		next = call->next;
		if (call->state == LIFE_FORWARDED && call->from == SIDE_CLIENT) {
			char *late = xasprintf("It may or may not have been executed: %s.", why);
			gate_answer(g, call, late);
			free(late);
			call_finished(call, "server_gone", -1);
		}
	}
	call_withdraw_all(g, "server_gone", words);
	map_each(&g->pending[SIDE_CLIENT], collect, &gone);
	gate_to_client(g, &gone.lines);
	free(words);
}
