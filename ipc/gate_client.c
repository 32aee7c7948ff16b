/*
 * Lines from the client. Each is one of: refused here, answered here, gated, or passed on byte for
 * byte.
 */
#include "config.h"

#include "ipc/gate.h"

#include "core/refusal.h"
#include "ipc/log.h"

#include <stdlib.h>
#include <string.h>

void pending_destroy(struct pending *entry)
{
	if (entry) {
		free(entry->raw_id);
		free(entry);
	}
}

struct purge {
	struct span *keys;
	size_t count;
};

static void find_cancelled(void *data, struct span key, void *value)
{
	struct purge *purge = data;
	if (((struct pending *)value)->cancelled) {
		purge->keys[purge->count++] = key;
	}
}

/* Servers need not answer what was cancelled; such entries go when room is needed. */
static void purge_cancelled(struct map *table)
{
	struct purge purge = { .keys = xcalloc(table->count, sizeof(*purge.keys)) };
	map_each(table, find_cancelled, &purge);
	for (size_t i = 0; i < purge.count; i++) {
		char key[MESSAGE_KEY] = "";
		memcpy(key, purge.keys[i].at, purge.keys[i].len);
		pending_destroy(map_take(table, span_of(key)));
	}
	free(purge.keys);
}

bool gate_expect(struct gate *g, enum gate_side from, const char *key, struct pending *entry,
	const char **why)
{
	struct map *table = &g->pending[from];
	if (map_get(table, span_of(key))) {
		*why = "a request with this id is still waiting for its answer";
		return false;
	}
	if (table->count >= GATE_PENDING_MAX) {
		purge_cancelled(table);
	}
	if (table->count >= GATE_PENDING_MAX) {
		*why = "too many requests are waiting for their answers";
		return false;
	}
	map_put(table, span_of(key), entry);
	return true;
}

void gate_refuse(struct gate *g, enum gate_side to, struct span id, int code, const char *why)
{
	struct buf out = { 0 };
	refusal_error(&out, id, code, why);
	gate_to_side(g, to, &out);
}

void gate_answer(struct gate *g, struct call *call, const char *words)
{
	struct buf out = { 0 };
	if (!call->key[0]) {
		return;
	}
	refusal_answer(&out, &call->message, span_of(call->reply_id), words);
	pending_destroy(map_take(&g->pending[call->from], span_of(call->key)));
	call->key[0] = '\0';
	gate_to_side(g, call->from, &out);
}

static void learn_client(struct gate *g, const struct message *m)
{
	struct span name, version;
	if (m->modern) {
		g->modern_seen = true;
	} else if (m->entry->special == METHOD_INITIALIZE) {
		g->legacy_seen = true;
	}
	if (g->client_name || !m->client_info.at || json_type(m->client_info) != JSON_OBJECT) {
		return;
	}
	if (json_member(m->client_info, "name", &name) && (g->client_name = json_strdup(name))) {
		g->client_version = json_member(m->client_info, "version", &version)
			? json_strdup(version)
			: NULL;
		g->deadline = deadline_for(span_of(g->client_name));
	}
}

/* To the server, behind calls that are about to be decided; a ping goes round them. */
static void forward(struct gate *g, const struct message *m, struct span line)
{
	if (lane_busy(g->lane) && m->entry && m->entry->special != METHOD_PING) {
		struct buf copy = { 0 };
		buf_add(&copy, line.at, line.len + 1);
		lane_add_line(g->lane, &copy);
	} else {
		gate_pass(g, SIDE_CLIENT, line);
	}
}

static void request(struct gate *g, const struct message *m, struct span line)
{
	const char *why = NULL;
	if (m->entry->special != METHOD_DISCOVER) {
		wire_wake(g->wire);
	}
	learn_client(g, m);
	if (m->modern && call_retry(g, m, &why)) {
		if (why) {
			gate_refuse(g, SIDE_CLIENT, m->id, RPC_PARAMS, why);
		}
		return;
	}
	if (m->entry->action == METHOD_GATE) {
		call_arrived(g, SIDE_CLIENT, m, line);
		return;
	}
	struct pending *entry = xcalloc(1, sizeof(*entry));
	entry->special = m->entry->special;
	entry->first_page = !m->cursor.at;
	entry->raw_id = span_dup(m->id);
	if (!gate_expect(g, SIDE_CLIENT, m->key, entry, &why)) {
		pending_destroy(entry);
		gate_refuse(g, SIDE_CLIENT, (struct span){ 0 }, RPC_INVALID, why);
		return;
	}
	wire_count(g->wire, m->method_name);
	forward(g, m, line);
	g->spoken = true;
}

/* True: it was about a call that the server has never seen, and ends here. */
static bool cancels_held(struct gate *g, const struct message *m)
{
	char key[MESSAGE_KEY];
	if (!m->request_id.at || !message_key(m->request_id, key)) {
		return false;
	}
	struct pending *entry = map_get(&g->pending[SIDE_CLIENT], span_of(key));
	if (!entry) {
		return false;
	}
	entry->cancelled = true;
	struct call *call = entry->call;
	if (!call) {
		return false;
	}
	if (call->state != LIFE_FORWARDED) {
		call_withdraw(call, "cancelled");
		return true;
	}
	/* The client gave up on something that runs: an outcome of its own. The late answer may
	 * still pass. */
	entry->call = NULL;
	call->key[0] = '\0';
	call_finished(call, "cancelled", -1);
	return false;
}

static void notification(struct gate *g, const struct message *m, struct span line)
{
	if (m->entry->action == METHOD_REFUSE) {
		log_line("a notification of the client is not known and was held back: %s",
			m->method_name);
		return;
	}
	wire_wake(g->wire);
	wire_count(g->wire, m->method_name);
	if (m->entry->special == METHOD_CANCELLED && cancels_held(g, m)) {
		return;
	}
	forward(g, m, line);
	if (m->entry->special == METHOD_INITIALIZED) {
		g->initialized = true;
	}
	g->spoken = true;
}

static void response(struct gate *g, const struct message *m, struct span line)
{
	struct pending *entry = m->key[0] ? map_take(&g->pending[SIDE_SERVER], span_of(m->key))
					  : NULL;
	if (!entry) {
		log_line("an answer of the client to nothing that was asked was held back");
		return;
	}
	struct call *call = entry->call;
	pending_destroy(entry);
	if (call) {
		call->key[0] = '\0';
		call_finished(call, m->error.at ? "error" : "result", (int64_t)line.len);
	}
	forward(g, m, line);
}

static bool is_pending(const struct gate *g, const char *key)
{
	return key[0] && map_get(&g->pending[SIDE_CLIENT], span_of(key));
}

void gate_client_line(void *data, struct span line)
{
	struct gate *g = data;
	struct message m;
	struct buf out = { 0 };
	message_parse(&m, &g->scan, line, METHOD_CLIENT);
	switch (m.kind) {
	case MESSAGE_REQUEST:
		request(g, &m, line);
		break;
	case MESSAGE_NOTIFICATION:
		notification(g, &m, line);
		break;
	case MESSAGE_RESPONSE:
		response(g, &m, line);
		break;
	case MESSAGE_BATCH:
		log_line("a batch of the client was refused");
		refusal_batch(&out, g->scan.value, m.why);
		gate_to_client(g, &out);
		break;
	case MESSAGE_REFUSED:
		log_line("a line of the client was refused: %s", m.why);
		/* An id that waits for an answer already gets that one answer alone. */
		gate_refuse(g, SIDE_CLIENT, is_pending(g, m.key) ? (struct span){ 0 } : m.id,
			m.code, m.why);
		break;
	case MESSAGE_BLANK:
	case MESSAGE_NOISE:
		break;
	}
}

void gate_client_over(void *data)
{
	struct gate *g = data;
	log_line("a line of the client is over the cap and was refused");
	gate_refuse(g, SIDE_CLIENT, (struct span){ 0 }, RPC_INVALID,
		"the message is too long (over 20 MiB)");
}
