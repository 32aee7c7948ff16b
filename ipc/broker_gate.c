/*
 * What gates say. A gate's notes are taken as what happened; what they lead to is the table's
 * business. Nothing that a gate says can decide a call.
 */
#include "config.h"

#include "ipc/broker.h"
#include "ipc/broker_before.h"
#include "ipc/broker_body.h"
#include "ipc/broker_grant.h"
#include "ipc/broker_stand.h"

#include "core/hook.h"
#include "core/rpc.h"
#include "ipc/fault.h"
#include "ipc/log.h"
#include "ipc/wire.h"

#include <stdlib.h>
#include <string.h>

/* ---- hello ---- */

static bool instance_fits(const char *text)
{
	return text && strlen(text) == 16 && strspn(text, "0123456789abcdef") == 16;
}

bool gate_write_session(struct conn *c, struct err *err)
{
	struct broker *b = c->broker;
	char *argv = xstrdup(c->claims.argv_json), *program = xstrdup(c->claims.program);
	body_mark(b, &argv); /* keys are handed to servers as arguments, too */
	body_mark(b, &program);
	struct history_session s = {
		.instance = span_of(c->instance),
		.server = span_of(c->claims.name),
		.profile = span_of(c->claims.profile),
		.program = span_of(program),
		.argv_json = span_of(argv),
		.scope_json = span_of(c->claims.scope_json),
		.cwd = span_of(c->claims.cwd),
		.agent_pid = c->agent ? c->agent->process.pid : 0,
		.agent_start = c->agent ? c->agent->process.start : 0,
		.boot = span_of(b->boot),
		.started_us = clock_wall_ms() * 1000,
	};
	memcpy(s.tuple, c->claims.tuple.byte, HISTORY_HASH);
	bool ok = history_session(b->history, &s, &c->session, err);
	free(argv);
	free(program);
	return ok;
}

/* A session that could not be recorded at hello is recorded as soon as it can be. */
static void record_session(struct conn *c)
{
	struct err err;
	if (c->session || !record_begin(c->broker)) {
		return;
	}
	c->session_new = gate_write_session(c, &err);
	if (!c->session_new) {
		c->session = 0;
		record_failed(c->broker, &err);
	}
}

static void find_trust(struct conn *c)
{
	struct err err;
	bool yes = false;
	c->trust = TRUST_ASK;
	if (history_trusted(c->broker->history, c->claims.tuple.byte, &yes, &err) && yes) {
		c->trust = TRUST_YES;
	}
}

static void note_parents(struct conn *c, const char *narrow)
{
	struct process agent, parent;
	if (process_read(c->process.parent, &parent) && parent.pid > 1) {
		broker_add_asker(c->broker, &parent);
	}
	if (peer_session(c->process.pid, &agent)) {
		broker_add_asker(c->broker, &agent);
		c->agent = agent_hold(c->broker, &agent, narrow);
	}
}

/* The session that a hook names: *narrow, owned, NULL if there is none. False: no name. */
static bool read_narrow(const struct message *m, char **narrow)
{
	struct span value;
	*narrow = NULL;
	if (!json_member(m->params, "session", &value) || json_type(value) == JSON_NULL) {
		return true;
	}
	*narrow = json_strdup(value);
	size_t len = *narrow ? strlen(*narrow) : 0;
	if (len > 0 && len <= HOOK_LABEL_MAX) {
		return true;
	}
	free(*narrow);
	*narrow = NULL;
	return false;
}

/* A gate that comes again while its old connection seems to live: that one is over. False: it is
 * another process's. */
static bool replace_old(struct conn *c)
{
	for (struct conn *old = c->broker->conns; old; old = old->next) {
		if (old == c || old->role != ROLE_GATE || strcmp(old->instance, c->instance) != 0) {
			continue;
		}
		if (old->process.pid != c->process.pid || old->process.start != c->process.start) {
			log_line("peer %d says it is the gate of process %d", (int)c->process.pid,
				(int)old->process.pid);
			return false;
		}
		conn_close(old, "came again");
		return true;
	}
	return true;
}

void gate_hello(struct conn *c, const struct message *m)
{
	struct span server;
	struct err err = { 0 };
	struct buf line = { 0 };
	char *narrow = NULL, *instance = json_member_text(m->params, "instance");
	if (!instance_fits(instance) || !json_member(m->params, "server", &server) ||
		!read_narrow(m, &narrow) || !claims_read(&c->claims, server, &err)) {
		free(instance);
		free(narrow);
		wire_error(c, m->id, WIRE_NOT_UNDERSTOOD, "hello lacks what a gate must say");
		return;
	}
	memcpy(c->instance, instance, strlen(instance) + 1);
	free(instance);
	if (!replace_old(c)) {
		free(narrow);
		claims_finish(&c->claims);
		wire_error(c, m->id, WIRE_NOT_UNDERSTOOD, "a gate of this instance is connected");
		return;
	}
	c->role = ROLE_GATE;
	c->since_ms = clock_wall_ms();
	note_parents(c, narrow);
	free(narrow);
	who_learn(c, m->params);
	stand_hello(c, m->params);
	dotenv_learn(c);
	find_trust(c);
	record_session(c); /* if it cannot be recorded now, everything of it is held until it can */
	struct jsonw w = rpc_answer(&line, m->id, "result");
	jw_kv_text(&w, "protocol", WIRE_PROTOCOL);
	jw_kv_text(&w, "version", PACKAGE_VERSION);
	jw_kv_text(&w, "broker", c->broker->instance);
	jw_kv_bool(&w, "watched", feed_is_watched(c->broker));
	jw_kv_text(&w, "accepted",
		c->trust == TRUST_YES          ? "yes"
			: c->trust == TRUST_NO ? "denied"
					       : "no");
	jw_kv_text(&w, "root", c->broker->paths->root);
	stand_write(c, &w);
	policy_write(c->broker, &w);
	rpc_close(&w);
	conn_send(c, &line);
	c->broker->counters_dirty = true;
}

void gate_server_decided(struct broker *b, const struct hash *tuple, bool yes)
{
	for (struct conn *c = b->conns; c; c = c->next) {
		if (c->role == ROLE_GATE && hash_same(&c->claims.tuple, tuple)) {
			c->trust = yes ? TRUST_YES : TRUST_NO;
			b->counters_dirty = true; /* consoles list it */
		}
	}
}

/* ---- notes ---- */

struct note {
	const char *method;
	void (*take)(struct conn *c, const char *call, const struct message *m);
};

/* Outcomes are stored as these words only. */
static const char *outcome_word(struct span params)
{
	static const char *const words[] = { "result", "tool_error", "error", "cancelled",
		"server_gone" };
	struct span value;
	for (size_t i = 0; json_member(params, "outcome", &value) && i < COUNT_OF(words); i++) {
		if (json_is(value, words[i])) {
			return words[i];
		}
	}
	return "result";
}

static const char *why_word(struct span params)
{
	static const char *const words[] = { "cancelled", "client_left", "server_gone", "no broker",
		"bytes differ" };
	struct span value;
	for (size_t i = 0; json_member(params, "why", &value) && i < COUNT_OF(words); i++) {
		if (json_is(value, words[i])) {
			return words[i];
		}
	}
	return "withdrawn";
}

static int64_t number_of(struct span params, const char *name)
{
	struct span value;
	int64_t n = -1;
	return json_member(params, name, &value) && json_int(value, &n) ? n : -1;
}

/* The row of a call that has no item: one that policy allowed. */
static int64_t take_flight(struct conn *c, const char *call)
{
	int64_t number = (int64_t)(uintptr_t)map_take(&c->flights, span_of(call));
	if (!number) {
		struct lost *lost = lost_take(c->broker, span_of(call));
		number = lost ? lost->number : 0;
		lost_free(lost);
	}
	return number;
}

static void on_done(struct conn *c, const char *call, const struct message *m)
{
	struct item *item = item_find(c->broker, span_of(call));
	const char *outcome = outcome_word(m->params);
	int64_t size = number_of(m->params, "size"), took = number_of(m->params, "took_us");
	fault_at(FAULT_BROKER, LIFE_EV_FINISH);
	if (stand_leaves(c)) {
		grant_settle_once(c, strcmp(outcome, "result") == 0);
	}
	int64_t number = item ? item->number : take_flight(c, call);
	body_result(c->broker, number, m->params);
	before_after(c->broker, number, m->params);
	if (item) {
		item_done(item, outcome, size, took);
	} else {
		record_finish(c->broker, number, LIFE_DONE, outcome, size, took);
	}
}

static void on_forwarded(struct conn *c, const char *call, const struct message *m)
{
	struct item *item = item_find(c->broker, span_of(call));
	(void)m;
	if (item) {
		item_step(item, LIFE_EV_FORWARD);
		return;
	}
	int64_t number = take_flight(c, call); /* said again after a reconnect: it is under way */
	if (number) {
		map_put(&c->flights, span_of(call), (void *)(uintptr_t)number);
	}
}

static void on_before(struct conn *c, const char *call, const struct message *m)
{
	struct item *item = item_find(c->broker, span_of(call));
	int64_t number = item ? item->number : take_flight(c, call);
	if (!item && number) {
		map_put(&c->flights, span_of(call), (void *)(uintptr_t)number);
	}
	before_note(c, number, m->params);
}

static void on_parked(struct conn *c, const char *call, const struct message *m)
{
	struct item *item = item_find(c->broker, span_of(call));
	(void)m;
	if (item) {
		item_step(item, LIFE_EV_PARK);
	}
}

static void on_withdrawn(struct conn *c, const char *call, const struct message *m)
{
	struct item *item = item_find(c->broker, span_of(call));
	if (stand_leaves(c)) {
		grant_settle_once(c, false);
	}
	if (item) {
		item_step(item, LIFE_EV_WITHDRAW);
	} else {
		record_finish(c->broker, take_flight(c, call), LIFE_WITHDRAWN, why_word(m->params),
			-1, -1);
	}
}

/* Facts that were gathered again: after a check, or because a file has changed meanwhile. */
static void take_facts(struct conn *c, const char *call, const struct message *m,
	void (*take)(struct item *item, struct effects *effects, struct span branch))
{
	struct item *item = item_find(c->broker, span_of(call));
	struct span value, branch_text;
	struct effects effects;
	struct err err;
	if (!item || item->conn != c || !json_member(m->params, "effects", &value) ||
		!effects_read(&effects, value, &err)) {
		return;
	}
	struct buf branch = { 0 };
	if (json_member(m->params, "branch", &branch_text) &&
		json_type(branch_text) == JSON_STRING) {
		json_decode(branch_text, &branch);
	}
	take(item, &effects, buf_view(&branch));
	buf_finish(&branch);
}

static void on_ready(struct conn *c, const char *call, const struct message *m)
{
	take_facts(c, call, m, item_ready);
}

static void on_facts(struct conn *c, const char *call, const struct message *m)
{
	take_facts(c, call, m, item_looked);
}

static void on_passed(struct conn *c, const char *call, const struct message *m)
{
	struct broker *b = c->broker;
	struct span methods;
	struct err err;
	(void)call;
	if (c->session && json_member(m->params, "methods", &methods) &&
		json_type(methods) == JSON_OBJECT && record_begin(b) &&
		!history_session_passed(b->history, c->session, methods, 0, &err)) {
		record_failed(b, &err);
	}
}

static const struct note notes[] = {
	{ "done", on_done },
	{ "forwarded", on_forwarded },
	{ "before", on_before },
	{ "parked", on_parked },
	{ "withdrawn", on_withdrawn },
	{ "ready", on_ready },
	{ "facts", on_facts },
	{ "passed", on_passed },
};

static void learn_client(struct conn *c, const struct message *m)
{
	struct broker *b = c->broker;
	struct span client;
	struct err err;
	if (c->client_known || !c->session || !json_member(m->params, "client", &client) ||
		json_type(client) != JSON_OBJECT) {
		return;
	}
	char *name = json_member_text(client, "name"),
	     *version = json_member_text(client, "version");
	if (name && record_begin(b)) {
		c->client_known = history_session_client(
			b->history, c->session, span_of(name), span_of(version), &err);
		if (!c->client_known) {
			record_failed(b, &err);
		}
	}
	free(name);
	free(version);
}

void gate_message(struct conn *c, const struct message *m)
{
	if (!m->params.at) {
		wire_error(c, m->id, WIRE_NOT_UNDERSTOOD, "no params");
		return;
	}
	if (strcmp(m->method_name, "submit") == 0 && m->kind == MESSAGE_REQUEST) {
		record_session(c);
		learn_client(c, m);
		judge_submit(c, m);
		return;
	}
	if (strcmp(m->method_name, "project") == 0) {
		policy_project(c, m->params);
		return;
	}
	if (strcmp(m->method_name, "server") == 0) {
		if (!c->stands[0]) { /* of its own list nothing counts */
			servers_told(c, m->params);
		}
		return;
	}
	char *call = json_member_text(m->params, "call");
	int64_t seq = number_of(m->params, "seq");
	for (size_t i = 0; i < COUNT_OF(notes); i++) {
		if (strcmp(m->method_name, notes[i].method) == 0) {
			/* A gate speaks of its own calls only. */
			bool own = !call || strncmp(call, c->instance, strlen(c->instance)) == 0;
			if (own) {
				notes[i].take(c, call ? call : "", m);
			}
			if (seq > 0 && (uint64_t)seq > c->seq) {
				c->seq = (uint64_t)seq;
				record_note(c->broker);
			}
			free(call);
			return;
		}
	}
	free(call);
	if (m->kind == MESSAGE_REQUEST) {
		wire_error(c, m->id, RPC_NO_METHOD, "no such method on this socket");
	}
}

void gate_response(struct conn *c, const struct message *m)
{
	console_preview_answer(c, m);
}
