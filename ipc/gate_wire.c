/*
 * The gate's side of ipc/PROTOCOL.md. Notes are owed: they are kept until the broker says that they
 * are in the database, and said again to its successor after a crash. Submissions are repeated
 * under the same call id.
 */
#include "config.h"

#include "ipc/gate.h"

#include "core/diag.h"
#include "core/rpc.h"
#include "core/refusal.h"
#include "ipc/clock.h"
#include "ipc/fault.h"
#include "ipc/log.h"
#include "ipc/wire.h"

#include <stdlib.h>
#include <string.h>

enum {
	NO_BROKER_MS = 10000, /* undecided calls are refused when no broker came for so long */
	HOPELESS_MS = 1000, /* the same where none can be started from here */
	LOOK_MS = 100,
	/* notes; beyond it the connection is given up and the oldest are lost to the record only */
	OWED_MAX = 65536,
	PART = 2, /* submissions */
	NOTES_MS = 10,
	/* counts of ungated traffic ride along with other notes, at most so often */
	COUNT_MS = 5000,
};

struct owed {
	struct owed *next; /* wire.owed */
	uint64_t seq;
	struct buf line;
};

struct wire {
	struct gate *gate;
	struct link *link;
	struct json_scan scan;
	bool ready, hopeless, watched, moved;
	uint64_t seq;
	struct owed *owed, **owed_tail;
	struct owed *unsent; /* the first that was not sent on this connection */
	uint64_t notes_due; /* loop time at which the unsent ones go; 0: with what is sent next */
	size_t owed_count;
	struct map counts; /* method -> count, as pointer-sized number */
	uint64_t counted_ms;
	char branch[256]; /* of the loop turn `branch_at` */
	uint64_t branch_at;
	unsigned unflushed;
};

static void forget_first(struct wire *w)
{
	struct owed *first = w->owed;
	w->owed = first->next;
	w->unsent = w->unsent == first ? first->next : w->unsent;
	if (!w->owed) {
		w->owed_tail = &w->owed;
	}
	w->owed_count--;
	buf_finish(&first->line);
	free(first);
}

/* ---- out ---- */

static void write_for(const struct gate_for *is_for, struct jsonw *j)
{
	if (!is_for->server && !is_for->tool) {
		return;
	}
	jw_key(j, "for");
	jw_open(j, '{');
	if (is_for->server) {
		jw_kv_text(j, "server", is_for->server);
	} else {
		jw_kv_text(j, "tool", is_for->tool);
		jw_kv_text(j, "joint", is_for->joint);
	}
	jw_kv_text(j, "id", is_for->id);
	jw_close(j, '}');
}

static void say_hello(struct wire *w)
{
	struct buf line = { 0 };
	struct jsonw j = rpc_open(&line, SPAN("\"hello\""), "hello");
	jw_kv_text(&j, "protocol", WIRE_PROTOCOL);
	jw_kv_text(&j, "role", "gate");
	jw_kv_text(&j, "version", PACKAGE_VERSION);
	jw_kv_text(&j, "instance", w->gate->instance);
	if (w->gate->session) {
		jw_kv_text(&j, "session", w->gate->session);
	}
	if (w->gate->event) {
		jw_kv_text(&j, "event", w->gate->event);
		jw_kv_text(&j, "beside", w->gate->beside);
	}
	gate_write_seat(&j);
	write_for(&w->gate->is_for, &j);
	jw_key(&j, "server");
	claim_write(&w->gate->claim, &j);
	rpc_close(&j);
	link_send_buf(w->link, &line);
}

static void send_notes(struct wire *w)
{
	for (; w->ready && w->unsent; w->unsent = w->unsent->next) {
		link_send(w->link, buf_view(&w->unsent->line));
	}
}

/* What became of a call that nobody waits to hear of is no reason to wake the broker: it goes along
 * with the next submission, or a little later. */
static void send_notes_soon(struct wire *w)
{
	if (!w->notes_due) {
		w->notes_due = uv_now(w->gate->loop) + NOTES_MS;
		gate_tick(w->gate, w->notes_due);
	}
}

/* The branch as of this loop turn: calls that arrive together share one look. */
static const char *branch_now(struct wire *w)
{
	uint64_t now = uv_now(w->gate->loop);
	if (now != w->branch_at || !now) {
		facts_branch(&w->gate->facts, w->branch);
		w->branch_at = now;
	}
	return w->branch;
}

void wire_submit(struct wire *w, struct call *call)
{
	struct gate *g = w->gate;
	struct buf line = { 0 };
	if (!w->ready) {
		wire_wake(w);
		link_retry(w->link);
		gate_tick(g, uv_now(g->loop) + LOOK_MS);
		return; /* call_resubmit_all comes when it is */
	}
	gate_send_project(g);
	char id[sizeof(call->id) + 2];
	snprintf(id, sizeof(id), "\"%s\"", call->id);
	struct jsonw j = rpc_open(&line, span_of(id), "submit");
	gate_write_submission(&j, call, branch_now(w));
	rpc_close(&j);
	call->submitted = true;
	call->edit_trouble = NULL;
	send_notes(w);
	link_send_buf(w->link, &line);
	/* A long batch is handed over in parts, so that the broker judges the first while the rest
	 * is read. */
	if (++w->unflushed >= PART) {
		w->unflushed = 0;
		link_flush(w->link);
	}
}

void wire_tell(struct wire *w, struct buf *line)
{
	if (w->ready) {
		link_send_buf(w->link, line);
	}
	buf_finish(line);
}

static void owe(struct wire *w, struct buf *line)
{
	struct owed *owed = xcalloc(1, sizeof(*owed));
	owed->seq = w->seq;
	owed->line = *line;
	*line = (struct buf){ 0 };
	*w->owed_tail = owed;
	w->owed_tail = &owed->next;
	w->unsent = w->unsent ? w->unsent : owed;
	if (++w->owed_count > OWED_MAX) {
		forget_first(w);
	}
}

static void write_count(void *data, struct span key, void *value)
{
	struct jsonw *j = data;
	char name[MESSAGE_METHOD + 1] = "";
	memcpy(name, key.at, key.len < MESSAGE_METHOD ? key.len : MESSAGE_METHOD);
	jw_span(j, span_of(name));
	buf_char(j->out, ':');
	j->comma = false;
	jw_int(j, (int64_t)(uintptr_t)value);
}

static void send_counts(struct wire *w)
{
	if (!w->counts.count) {
		return;
	}
	struct buf line = { 0 };
	struct jsonw j = rpc_open(&line, (struct span){ 0 }, "passed");
	jw_kv_int(&j, "seq", (int64_t)++w->seq);
	jw_key(&j, "methods");
	jw_open(&j, '{');
	map_each(&w->counts, write_count, &j);
	jw_close(&j, '}');
	rpc_close(&j);
	map_finish(&w->counts);
	w->counted_ms = uv_now(w->gate->loop);
	owe(w, &line);
}

void wire_count(struct wire *w, const char *method)
{
	struct span key = span_of(method);
	uintptr_t n = (uintptr_t)map_get(&w->counts, key);
	if (n || w->counts.count < 256) {
		map_put(&w->counts, key, (void *)(n + 1));
	}
}

void wire_note(struct wire *w, const char *method, const struct call *call, const char *name,
	const char *text, int64_t size, int64_t took_us)
{
	struct buf line = { 0 };
	struct jsonw j = rpc_open(&line, (struct span){ 0 }, method);
	jw_kv_int(&j, "seq", (int64_t)++w->seq);
	jw_kv_text(&j, "call", call->id);
	if (name) {
		jw_kv_text(&j, name, text);
	}
	if (took_us >= 0) {
		jw_kv_int(&j, "size", size);
		jw_kv_int(&j, "took_us", took_us);
	}
	if (call->result.at) {
		gate_write_result(call->result, &j);
	}
	gate_write_before(call, method, &j);
	rpc_close(&j);
	owe(w, &line);
	if (uv_now(w->gate->loop) - w->counted_ms > COUNT_MS) {
		send_counts(w);
	}
	if (call->state == LIFE_DONE && !call->by_person) {
		send_notes_soon(w);
	} else {
		send_notes(w);
	}
}

void wire_facts(
	struct wire *w, const char *method, const struct call *call, const struct effects *effects)
{
	struct buf line = { 0 };
	char branch[256];
	if (!w->ready) {
		return; /* submitted anew when there is a broker again */
	}
	send_notes(w);
	struct jsonw j = rpc_open(&line, (struct span){ 0 }, method);
	jw_kv_int(&j, "seq", (int64_t)++w->seq);
	jw_kv_text(&j, "call", call->id);
	gate_write_doubt(&j, call);
	jw_key(&j, "effects");
	effects_write(effects, &j);
	jw_kv_text(&j, "branch", facts_branch(&w->gate->facts, branch));
	rpc_close(&j);
	link_send_buf(w->link, &line);
}

/* ---- in ---- */

static void on_hello(struct wire *w, struct span result)
{
	struct span value;
	if (!result.at || json_type(result) != JSON_OBJECT) {
		log_line("the broker does not want this gate");
		w->hopeless = true;
		gate_tick(w->gate, uv_now(w->gate->loop));
		link_drop(w->link, "hello was refused");
		return;
	}
	struct span server = { 0 };
	if (json_member(result, "for", &server) && json_type(server) != JSON_OBJECT) {
		server = (struct span){ 0 };
	}
	if (w->gate->host->greeted && !w->gate->host->greeted(w->gate, server)) {
		link_drop(w->link, "this broker does not know the server of the call (yet)");
		return;
	}
	w->ready = true;
	w->hopeless = false;
	w->watched = false;
	if (json_member(result, "watched", &value)) {
		json_bool(value, &w->watched);
	}
	gate_forget_project(w->gate);
	if (json_member(result, "policy", &value)) {
		gate_take_policy(w->gate, value);
	}
	gate_tell_server(w->gate);
	w->unsent = w->owed; /* all over again: the successor may not have them */
	send_notes(w);
	call_resubmit_all(w->gate);
}

static void on_verdict(struct wire *w, struct call *call, struct span result)
{
	struct span verdict = { 0 }, value;
	int64_t number = 0;
	if (json_type(result) != JSON_OBJECT || !json_member(result, "verdict", &verdict)) {
		return;
	}
	if (json_member(result, "number", &value)) {
		json_int(value, &number);
	}
	if (json_is(verdict, "allow")) {
		call_allowed(call, number);
		w->moved = true;
	} else if (json_is(verdict, "hold")) {
		call_held(call, number);
		w->moved = true;
	} else if (json_is(verdict, "deny")) {
		call->number = number;
		call_denied(call, result, false);
	}
}

static void on_refusal(struct wire *w, struct call *call, struct span error)
{
	struct span code = { 0 };
	int64_t n = 0;
	if (json_type(error) == JSON_OBJECT && json_member(error, "code", &code)) {
		json_int(code, &n);
	}
	if (n == WIRE_NOT_RECORDED && !call->resubmitted) {
		call->resubmitted = true; /* it will be held now, with the reason */
		wire_submit(w, call);
		return;
	}
	call_denied(call, error, false);
}

static void on_response(struct wire *w, const struct json_scan *scan)
{
	struct span id = { 0 }, result = { 0 }, error = { 0 };
	for (size_t i = 0; i < scan->top_count; i++) {
		const struct json_member *m = &scan->top[i];
		struct span *to = json_key_is(m->key, "id") ? &id
			: json_key_is(m->key, "result")     ? &result
			: json_key_is(m->key, "error")      ? &error
							    : NULL;
		if (to) {
			*to = m->value;
		}
	}
	if (json_is(id, "hello")) {
		on_hello(w, result);
		return;
	}
	/* Call ids hold no escapes: the text between the quotes is the id. */
	struct call *call = id.len > 2 ? call_find(w->gate, (struct span){ id.at + 1, id.len - 2 })
				       : NULL;
	if (call && result.at) {
		on_verdict(w, call, result);
	} else if (call && error.at) {
		on_refusal(w, call, error);
	}
}

static void on_kept(struct wire *w, struct span params)
{
	struct span value;
	int64_t seq = 0;
	if (!json_member(params, "seq", &value) || !json_int(value, &seq)) {
		return;
	}
	while (w->owed && w->owed->seq <= (uint64_t)seq) {
		forget_first(w);
	}
}

static void on_go(struct call *call, struct span params)
{
	struct span hex;
	struct hash bytes;
	struct buf text = { 0 };
	if (json_member(params, "bytes", &hex) && json_type(hex) == JSON_STRING) {
		json_decode(hex, &text);
	}
	if (hash_from_hex(buf_view(&text), &bytes)) {
		call_go(call, &bytes);
	}
	buf_finish(&text);
}

static void on_edit(struct call *call, struct span params)
{
	struct span arguments = { 0 }, by;
	struct buf name = { 0 };
	if (json_member(params, "by", &by) && json_type(by) == JSON_STRING) {
		json_decode(by, &name);
	}
	if (json_member(params, "arguments", &arguments)) {
		call_edit(call, arguments, buf_view(&name));
	}
	buf_finish(&name);
}

static void on_preview(struct wire *w, struct call *call, const struct message *m)
{
	struct buf line = { 0 };
	if (call && call->line.data) { /* else it is on its way: its bytes are not ours any more */
		call_preview(call, m->id, m->params);
	} else {
		refusal_error(&line, m->id, WIRE_NOT_WAITING, "the call is gone");
		link_send_buf(w->link, &line);
	}
}

static void on_message(struct wire *w, const struct message *m)
{
	struct span id, value;
	struct call *call = NULL;
	if (m->params.at && json_member(m->params, "call", &id) && json_type(id) == JSON_STRING) {
		call = call_find(w->gate, (struct span){ id.at + 1, id.len - 2 });
	}
	if (strcmp(m->method_name, "preview") == 0 && m->id.at) {
		on_preview(w, call, m);
	} else if (strcmp(m->method_name, "kept") == 0 && m->params.at) {
		on_kept(w, m->params);
	} else if (strcmp(m->method_name, "goodbye") == 0) {
		log_line("the broker ends; looking for the next one");
	} else if (strcmp(m->method_name, "watched") == 0 && m->params.at &&
		json_member(m->params, "watched", &value)) {
		json_bool(value, &w->watched);
	} else if (strcmp(m->method_name, "policy") == 0) {
		gate_take_policy(w->gate, m->params);
	} else if (!call) {
		log_debug("the broker spoke of a call that is gone: %s", m->method_name);
	} else if (strcmp(m->method_name, "check") == 0) {
		call_check(call);
	} else if (strcmp(m->method_name, "go") == 0) {
		on_go(call, m->params);
	} else if (strcmp(m->method_name, "denied") == 0) {
		call_denied(call, m->params, denied_by_person(m->params));
	} else if (strcmp(m->method_name, "edit") == 0) {
		on_edit(call, m->params);
	} else if (strcmp(m->method_name, "back") == 0) {
		call_back(call);
	}
}

static void on_line(void *data, struct span line)
{
	struct wire *w = data;
	struct message m;
	message_parse_frame(&m, &w->scan, line);
	log_debug("broker: %zu bytes, %s", line.len, m.method_name);
	if (m.kind == MESSAGE_RESPONSE) {
		on_response(w, &w->scan);
	} else if (m.kind == MESSAGE_REQUEST || m.kind == MESSAGE_NOTIFICATION) {
		on_message(w, &m);
	}
}

/* Verdicts of one read are acted on together: first what the client has taken back meanwhile, then
 * the rest leaves in the order in which it came. */
static void on_batch(void *data)
{
	struct wire *w = data;
	if (w->moved) {
		w->moved = false;
		if (guard_on(GUARD_WITHDRAWN)) {
			stream_read_now(w->gate->client_in);
		}
		lane_move(w->gate->lane);
	}
}

static void on_up(void *data)
{
	say_hello(data);
}

static void on_down(void *data, const char *why)
{
	struct wire *w = data;
	log_line("%s", why);
	w->ready = false;
	gate_tick(w->gate, uv_now(w->gate->loop));
}

static void on_hopeless(void *data, const char *why)
{
	struct wire *w = data;
	log_line("%s", why);
	w->hopeless = true;
	if (w->gate->host->hopeless) {
		w->gate->host->hopeless(w->gate);
	}
	gate_tick(w->gate, uv_now(w->gate->loop));
}

/* ---- life ---- */

struct wire *wire_create(struct gate *g)
{
	struct wire *w = xcalloc(1, sizeof(*w));
	w->gate = g;
	w->owed_tail = &w->owed;
	return w;
}

void wire_wake(struct wire *w)
{
	static const struct link_calls calls = { .on_up = on_up,
		.on_line = on_line,
		.on_down = on_down,
		.on_hopeless = on_hopeless,
		.on_batch = on_batch };
	struct gate *g = w->gate;
	if (w->link) {
		return;
	}
	struct link_options options = { .which = HOME_CALLS,
		.socket = g->socket,
		.fd = -1,
		.launch = g->config->number[OPTION_BROKER_AUTOSTART] };
	w->link = link_create(g->loop, &g->turn, g->paths, &options, &calls, w);
}

bool wire_watched(const struct wire *w)
{
	return w->ready && w->watched;
}

void wire_due(struct wire *w, uint64_t now)
{
	if (w->notes_due && now >= w->notes_due) {
		w->notes_due = 0;
		send_notes(w);
	} else if (w->notes_due) {
		gate_tick(w->gate, w->notes_due);
	}
	if (w->link && !w->ready &&
		call_no_broker(w->gate, now, w->hopeless ? HOPELESS_MS : NO_BROKER_MS)) {
		gate_tick(w->gate, now + LOOK_MS);
	}
}

void wire_goodbye(struct wire *w)
{
	if (w->ready) {
		send_counts(w);
		send_notes(w);
		link_flush(w->link);
	}
}

void wire_destroy(struct wire *w)
{
	if (!w) {
		return;
	}
	link_destroy(w->link);
	while (w->owed) {
		forget_first(w);
	}
	map_finish(&w->counts);
	json_finish(&w->scan);
	free(w);
}
