/*
 * What consoles ask. A decision names the call and the revision that was shown; anything else is
 * refused, so that a key can never act on what came in its place.
 */
#include "config.h"

#include "ipc/broker.h"
#include "ipc/broker_before.h"
#include "ipc/broker_body.h"
#include "ipc/broker_event.h"
#include "ipc/broker_grant.h"

#include "core/rpc.h"
#include "ipc/log.h"
#include "ipc/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void console_hello(struct conn *c, const struct message *m)
{
	struct buf line = { 0 };
	struct span remote;
	char *role = json_member_text(m->params, "role");
	c->role = role && strcmp(role, "console") == 0 ? ROLE_CONSOLE : ROLE_TOOL;
	free(role);
	c->remote = json_member(m->params, "remote", &remote) && span_is(remote, "true");
	struct jsonw w = rpc_answer(&line, m->id, "result");
	jw_kv_text(&w, "protocol", WIRE_PROTOCOL);
	jw_kv_text(&w, "version", PACKAGE_VERSION);
	jw_kv_text(&w, "broker", c->broker->instance);
	jw_kv_bool(&w, "watched", true);
	jw_kv_text(&w, "root", c->broker->paths->root);
	rpc_close(&w);
	conn_send(c, &line);
}

static void on_watch(struct conn *c, const struct message *m)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_answer(&line, m->id, "result");
	feed_snapshot(c, &w);
	rpc_close(&w);
	for (struct item *item = c->broker->first; item; item = item->next) {
		item->visible |= item_is_open(item) && !item->hidden;
	}
	bool first = !feed_is_watched(c->broker);
	if (!c->watching) {
		event_console(c, true);
	}
	c->watching = true;
	conn_send(c, &line);
	if (first) {
		feed_watched(c->broker);
	}
	attention_due(c->broker, uv_now(c->broker->loop));
}

static void on_queue(struct conn *c, const struct message *m)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_answer(&line, m->id, "result");
	feed_items(c->broker, &w);
	feed_counters(c->broker, &w);
	master_write(c->broker, &w);
	rpc_close(&w);
	conn_send(c, &line);
}

/* A few numbers, for a line in a prompt. */
static void on_status(struct conn *c, const struct message *m)
{
	struct broker *b = c->broker;
	struct buf line = { 0 };
	int64_t waiting[RISK_COUNT] = { 0 };
	for (const struct item *item = b->first; item; item = item->next) {
		bool waits = item->state == LIFE_HELD || item->state == LIFE_PARKED;
		waiting[item->judgement.risk] += waits && !item->hidden;
	}
	struct jsonw w = rpc_answer(&line, m->id, "result");
	jw_kv_int(&w, "waiting_all", item_waiting(b));
	jw_key(&w, "waiting");
	jw_open(&w, '{');
	for (int i = 0; i < RISK_COUNT; i++) {
		jw_kv_int(&w, risk_name((enum risk)i), waiting[i]);
	}
	jw_close(&w, '}');
	feed_counters(b, &w);
	master_write(b, &w);
	feed_write_trouble(b, &w);
	jw_kv_text(&w, "root", b->paths->root);
	rpc_close(&w);
	conn_send(c, &line);
}

/* ---- previews ---- */

/* What the protocol names and nothing else: a gate must not add members of the broker's own. */
static void write_preview(struct jsonw *w, struct span result)
{
	static const char *const names[] = { "params", "cut", "head", "size", "proposed", "files",
		"files_left", "mark", "same" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct span value = { 0 };
		if (json_member(result, names[i], &value)) {
			jw_kv_raw(w, names[i], value);
		}
	}
}

static void say_preview(
	struct conn *c, struct span rpc_id, const struct item *item, struct span result)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_answer(&line, rpc_id, "result");
	jw_kv_int(&w, "revision", item->revision);
	if (result.at && json_type(result) == JSON_OBJECT) {
		write_preview(&w, result);
	} else {
		jw_kv_raw(&w, "params", (struct span){ 0 });
		jw_kv_bool(&w, "cut", true);
		jw_kv_text(&w, "head", item->head ? item->head : "");
		jw_kv_raw(&w, "files", SPAN("[]"));
	}
	rpc_close(&w);
	conn_send(c, &line);
}

/* What the console has of it already, and whether it wants more than usual. */
static void ask_gate(
	struct conn *gate, const struct preview *p, const struct message *m, struct span call)
{
	struct buf line = { 0 };
	struct span value;
	bool whole = false;
	char id[24], *known = json_member_text(m->params, "known");
	snprintf(id, sizeof(id), "%" PRIu64, p->id);
	struct jsonw w = rpc_open(&line, span_of(id), "preview");
	jw_kv_span(&w, "call", call);
	if (known && strlen(known) == HASH_HEX) {
		jw_kv_text(&w, "known", known);
	}
	if (json_member(m->params, "whole", &value) && json_bool(value, &whole) && whole) {
		jw_kv_bool(&w, "whole", true);
	}
	rpc_close(&w);
	conn_send(gate, &line);
	free(known);
}

static void on_reload(struct conn *c, const struct message *m)
{
	struct buf line = { 0 };
	policy_refresh(c->broker);
	struct jsonw w = rpc_answer(&line, m->id, "result");
	policy_write_files(c->broker, &w);
	feed_write_trouble(c->broker, &w);
	rpc_close(&w);
	conn_send(c, &line);
}

static void on_show(struct conn *c, const struct message *m)
{
	struct broker *b = c->broker;
	char *call = json_member_text(m->params, "call");
	struct item *item = call ? item_find(b, span_of(call)) : NULL;
	if (!item) {
		wire_error(c, m->id, WIRE_NOT_WAITING, "the call does not wait any more");
	} else if (!item->conn || item->kind == ITEM_SERVER) {
		say_preview(c, m->id, item, (struct span){ 0 });
	} else {
		struct preview *p = xcalloc(1, sizeof(*p));
		*p = (struct preview){ .next = b->previews,
			.id = ++b->preview_ids,
			.console = c->id,
			.rpc = span_dup(m->id),
			.call = xstrdup(call),
			.due = uv_now(b->loop) + BROKER_PREVIEW_MS };
		b->previews = p;
		ask_gate(item->conn, p, m, span_of(call));
		broker_tick(b, p->due);
	}
	free(call);
}

static void free_preview(struct preview *p)
{
	free(p->rpc);
	free(p->call);
	free(p);
}

void console_preview_answer(struct conn *gate, const struct message *m)
{
	struct broker *b = gate->broker;
	int64_t id = 0;
	if (!m->id.at || !json_int(m->id, &id)) {
		return;
	}
	for (struct preview **link = &b->previews; *link; link = &(*link)->next) {
		struct preview *p = *link;
		struct item *item = item_find(b, span_of(p->call));
		struct conn *console = broker_conn(b, p->console);
		if (p->id != (uint64_t)id) {
			continue;
		}
		if (item && item->conn != gate) {
			return; /* it was another gate that was asked */
		}
		*link = p->next;
		if (item && m->result.at) {
			body_shown(item, m->result);
		}
		if (console && item && m->result.at) {
			say_preview(console, span_of(p->rpc), item, m->result);
		} else if (console) {
			wire_error(console, span_of(p->rpc), WIRE_NOT_WAITING,
				"the call does not wait any more");
		}
		free_preview(p);
		return;
	}
}

void console_due(struct broker *b, uint64_t now)
{
	struct preview **link = &b->previews;
	while (*link) {
		struct preview *p = *link;
		if (now < p->due && !b->stopping) {
			broker_tick(b, p->due);
			link = &p->next;
			continue;
		}
		struct conn *console = broker_conn(b, p->console);
		*link = p->next;
		if (console) {
			wire_error(console, span_of(p->rpc), WIRE_NO_PREVIEW,
				"the gate did not answer in time");
		}
		free_preview(p);
	}
}

/* ---- the rest ---- */

static void on_trust(struct conn *c, const struct message *m)
{
	struct broker *b = c->broker;
	struct claims k = { 0 };
	struct span server;
	struct err err = { 0 };
	char hex[HASH_HEX + 1];
	if (!m->params.at || !json_member(m->params, "server", &server) ||
		!claims_read(&k, server, &err)) {
		wire_error(c, m->id, WIRE_NOT_UNDERSTOOD, "trust needs a server");
	} else if (!record_begin(b) || !body_trust(b, &k, span_of(c->seat), &err)) {
		wire_error(c, m->id, WIRE_NOT_RECORDED,
			b->record.trouble[0] ? b->record.trouble : err.text);
	} else {
		struct buf line = { 0 };
		struct jsonw w = rpc_answer(&line, m->id, "result");
		gate_server_decided(b, &k.tuple, true);
		event_server(b, &k, c->seat, true);
		item_answer_question(b, &k.tuple);
		hash_hex(&k.tuple, hex);
		jw_kv_text(&w, "server", hex);
		rpc_close(&w);
		record_reply(c, m->id, &line);
	}
	claims_finish(&k);
}

static void on_stop(struct conn *c, const struct message *m)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_answer(&line, m->id, "result");
	rpc_close(&w);
	conn_send(c, &line);
	broker_stop(c->broker, "stopped");
}

/* Versions are dotted numbers; more parts are newer. */
static bool is_newer(const char *theirs, const char *ours)
{
	while (*theirs || *ours) {
		char *a, *b;
		long x = strtol(theirs, &a, 10), y = strtol(ours, &b, 10);
		if (x != y) {
			return x > y;
		}
		theirs = *a == '.' ? a + 1 : "";
		ours = *b == '.' ? b + 1 : "";
	}
	return false;
}

static void on_handover(struct conn *c, const struct message *m)
{
	char *version = json_member_text(m->params, "version");
	if (version && is_newer(version, PACKAGE_VERSION)) {
		struct buf line = { 0 };
		struct jsonw w = rpc_answer(&line, m->id, "result");
		rpc_close(&w);
		conn_send(c, &line);
		broker_stop(c->broker, "a newer broker takes over");
	} else {
		wire_error(c, m->id, WIRE_BAD_VERSION, "this broker is not older");
	}
	free(version);
}

/* ---- grants ---- */

static void on_offers(struct conn *c, const struct message *m)
{
	char *call = m->params.at ? json_member_text(m->params, "call") : NULL;
	struct item *item = call ? item_find(c->broker, span_of(call)) : NULL;
	struct buf line = { 0 };
	if (!item || item->kind != ITEM_CALL || item->hidden) {
		wire_error(c, m->id, WIRE_NOT_WAITING, "the call does not wait any more");
	} else {
		struct jsonw w = rpc_answer(&line, m->id, "result");
		jw_kv_int(&w, "revision", item->revision);
		grant_offers(item, &w);
		rpc_close(&w);
		conn_send(c, &line);
	}
	free(call);
}

static void on_grants(struct conn *c, const struct message *m)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_answer(&line, m->id, "result");
	grant_list(c->broker, &w);
	rpc_close(&w);
	conn_send(c, &line);
}

static void on_revoke(struct conn *c, const struct message *m)
{
	struct buf line = { 0 };
	struct span value;
	int64_t id = 0;
	if (!m->params.at || !json_member(m->params, "grant", &value) || !json_int(value, &id) ||
		!grant_revoke(c->broker, id)) {
		wire_error(c, m->id, WIRE_NOT_WAITING, "there is no such grant");
		return;
	}
	event_revoked(c->broker, id, c->seat);
	c->broker->counters_dirty = true; /* the other consoles list it */
	struct jsonw w = rpc_answer(&line, m->id, "result");
	rpc_close(&w);
	conn_send(c, &line);
}

void console_message(struct conn *c, const struct message *m)
{
	static const struct {
		const char *method;
		void (*take)(struct conn *c, const struct message *m);
	} methods[] = {
		{ "watch", on_watch },
		{ "show", on_show },
		{ "decide", decide_message },
		{ "edit", edit_message },
		{ "undo", decide_undo },
		{ "queue", on_queue },
		{ "status", on_status },
		{ "offers", on_offers },
		{ "master", master_message },
		{ "grants", on_grants },
		{ "revoke", on_revoke },
		{ "try_rule", rule_message },
		{ "save_rule", rule_message },
		{ "drop_rule", rule_drop_message },
		{ "reload", on_reload },
		{ "rules", book_message },
		{ "servers", servers_message },
		{ "history", query_page },
		{ "event", query_event },
		{ "like", query_like },
		{ "active", attention_active },
		{ "mute", attention_mute },
		{ "trust", on_trust },
		{ "restored", before_restored },
		{ "stop", on_stop },
		{ "handover", on_handover },
	};
	if (m->id.at && m->id.len >= sizeof(((struct answer *)NULL)->rpc)) {
		wire_error(c, m->id, WIRE_NOT_UNDERSTOOD, "the id is too long");
		return;
	}
	for (size_t i = 0; i < COUNT_OF(methods); i++) {
		bool note = strcmp(methods[i].method, "active") == 0;
		if (strcmp(m->method_name, methods[i].method) == 0 &&
			(m->kind == MESSAGE_REQUEST || note)) {
			methods[i].take(c, m);
			return;
		}
	}
	if (m->kind == MESSAGE_REQUEST) {
		wire_error(c, m->id, RPC_NO_METHOD, "no such method on this socket");
	}
}
