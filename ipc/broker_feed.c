/*
 * What consoles are told: items as they change, what left the queue, counters, trouble. Everything
 * here happens after the commit of the turn. A console that does not keep up misses news and gets a
 * snapshot when it has caught up.
 */
#include "config.h"

#include "ipc/broker.h"

#include "core/rpc.h"
#include "ipc/wire.h"

#include <stdlib.h>
#include <string.h>

enum {
	COUNTERS_MS = 250,
	BEHIND_MAX = 24 /* calls listed behind a server question; the rest is a number */
};

static void write_claims(struct jsonw *w, const struct claims *c)
{
	jw_kv_text(w, "server", c->name);
	jw_kv_text(w, "profile", c->profile);
	jw_kv_text(w, "cwd", c->cwd);
}

static void write_behind(struct jsonw *w, const struct item *server)
{
	int64_t count = 0;
	jw_key(w, "behind");
	jw_open(w, '[');
	for (const struct item *item = server->broker->first; item; item = item->next) {
		if (item->hidden && hash_same(&item->claims.tuple, &server->claims.tuple) &&
			++count <= BEHIND_MAX) {
			jw_open(w, '{');
			jw_kv_int(w, "number", item->number);
			jw_kv_text(w, "tool", item->tool);
			jw_kv_text(w, "target", item->target);
			jw_kv_text(w, "would",
				item->judgement.verdict == VERDICT_ALLOW ? "allow" : "hold");
			jw_close(w, '}');
		}
	}
	jw_close(w, ']');
	jw_kv_int(w, "behind_count", count);
}

static void write_server(struct jsonw *w, const struct item *item)
{
	jw_kv_raw(w, "argv", span_of(item->claims.argv_json));
	jw_kv_text(w, "program", item->claims.program);
	jw_kv_raw(w, "scope", span_of(item->claims.scope_json));
	write_behind(w, item);
}

static void write_client(struct jsonw *w, const struct item *item)
{
	jw_key(w, "client");
	jw_open(w, '{');
	jw_kv_text(w, "name", item->client);
	jw_kv_text(w, "version", item->client_version);
	jw_kv_int(w, "pid", item->agent ? item->agent->process.pid : 0);
	jw_kv_text(w, "program", item->agent ? item->agent->exe : NULL);
	who_write(&item->caller, &item->from, item->agent, w);
	jw_close(w, '}');
}

static void write_item(struct jsonw *w, const struct item *item)
{
	char hex[HASH_HEX + 1];
	jw_kv_text(w, "call", item->call);
	jw_kv_int(w, "number", item->number);
	jw_kv_int(w, "revision", item->revision);
	jw_kv_text(w, "kind", item->kind == ITEM_SERVER ? "server" : "call");
	jw_kv_text(w, "state", life_state_name(item->state));
	jw_kv_text(w, "method", item->method);
	jw_kv_text(w, "tool", item->tool);
	jw_kv_text(w, "target", item->target);
	jw_kv_text(w, "toward", item->toward);
	write_claims(w, &item->claims);
	write_client(w, item);
	jw_kv_text(w, "risk", risk_name(item->judgement.risk));
	jw_key(w, "effects");
	effects_write(&item->effects, w);
	jw_kv_text(w, "rule", item->judgement.rule);
	jw_kv_text(w, "reason", item->judgement.reason);
	jw_kv_int(w, "arrived", item->arrived_ms);
	jw_key(w, "deadline");
	item->deadline_ms ? jw_int(w, item->deadline_ms) : jw_span(w, (struct span){ 0 });
	jw_kv_text(w, "branch", item->branch);
	hash_hex(&item->bytes, hex);
	jw_kv_text(w, "bytes", hex);
	jw_kv_text(w, "said", item->said);
	jw_kv_text(w, "decider", item->decider);
	if (item->edit) {
		jw_kv_text(w, "edited_by", item->edit->by);
	}
	if (item->dies_at) {
		uint64_t now = uv_now(item->broker->loop);
		jw_kv_int(w, "expires",
			clock_wall_ms() +
				(item->dies_at > now ? (int64_t)(item->dies_at - now) : 0));
	}
	if (item->later.due) {
		jw_kv_int(w, item->later.yes ? "approved_at" : "denied_at", item->later.at_ms);
		jw_kv_text(w, item->later.yes ? "approved_by" : "denied_by", item->later.by);
	}
	struct denied_before before = denied_before(item->broker, item->agent, &item->asked);
	denied_write(&before, w);
	if (item->kind == ITEM_SERVER) {
		write_server(w, item);
	}
}

static bool is_shown(const struct item *item)
{
	return item_is_open(item) && !item->hidden;
}

void feed_items(struct broker *b, struct jsonw *w)
{
	jw_key(w, "items");
	jw_open(w, '[');
	for (const struct item *item = b->first; item; item = item->next) {
		if (is_shown(item)) {
			jw_open(w, '{');
			write_item(w, item);
			jw_close(w, '}');
		}
	}
	jw_close(w, ']');
}

static void write_counters(struct broker *b, struct jsonw *w)
{
	int64_t gates = 0;
	for (const struct conn *c = b->conns; c; c = c->next) {
		gates += c->role == ROLE_GATE;
	}
	jw_kv_int(w, "waiting", item_waiting(b));
	jw_kv_int(w, "allowed", b->counters.allowed);
	jw_kv_int(w, "approved", b->counters.approved);
	jw_kv_int(w, "denied", b->counters.denied);
	jw_kv_int(w, "withdrawn", b->counters.withdrawn);
	jw_kv_int(w, "gates", gates);
}

void feed_counters(struct broker *b, struct jsonw *w)
{
	jw_key(w, "counters");
	jw_open(w, '{');
	write_counters(b, w);
	jw_close(w, '}');
}

static struct span trouble_of(const struct broker *b)
{
	return b->record.trouble[0]       ? span_of(b->record.trouble)
		: b->policy.files.trouble ? span_of(b->policy.files.trouble)
		: b->details[0]           ? span_of(b->details)
					  : (struct span){ 0 };
}

void feed_write_trouble(const struct broker *b, struct jsonw *w)
{
	jw_kv_span(w, "trouble", trouble_of(b));
}

void feed_snapshot(struct conn *c, struct jsonw *w)
{
	struct broker *b = c->broker;
	feed_items(b, w);
	feed_counters(b, w);
	jw_kv_text(w, "you", c->seat);
	jw_key(w, "broker");
	jw_open(w, '{');
	jw_kv_int(w, "pid", uv_os_getpid());
	jw_kv_text(w, "version", PACKAGE_VERSION);
	jw_kv_text(w, "instance", b->instance);
	jw_kv_int(w, "since", b->started_ms);
	jw_kv_text(w, "root", b->paths->root);
	feed_write_trouble(b, w);
	policy_write_files(b, w);
	jw_close(w, '}');
	master_write(b, w);
	attention_write(b, w);
}

static bool may_hear(struct conn *c)
{
	if (!c->watching || !c->stream) {
		return false;
	}
	if (stream_queued(c->stream) > BROKER_SLOW_CONSOLE) {
		c->stale = true;
	}
	return !c->stale;
}

/* The same line to every console; *line is empty afterwards. */
static void tell_all(struct broker *b, struct buf *line)
{
	for (struct conn *c = b->conns; c; c = c->next) {
		if (may_hear(c)) {
			stream_write(c->stream, buf_view(line));
		}
	}
	buf_finish(line);
}

bool feed_is_watched(const struct broker *b)
{
	for (const struct conn *c = b->conns; c; c = c->next) {
		if (c->watching) {
			return true;
		}
	}
	return false;
}

void feed_room(struct conn *c)
{
	if (c->stale && c->watching) {
		struct buf line = { 0 };
		struct jsonw w = rpc_open(&line, (struct span){ 0 }, "snapshot");
		c->stale = false;
		feed_snapshot(c, &w);
		rpc_close(&w);
		conn_send(c, &line);
	}
}

void feed_item(struct item *item)
{
	item->dirty = true;
	item->broker->items_dirty = item->broker->counters_dirty = true;
}

void feed_gone(struct item *item)
{
	struct broker *b = item->broker;
	item->dirty = false;
	b->counters_dirty = true;
	if (item->visible) {
		struct buf line = { 0 };
		struct jsonw w = rpc_open(&line, (struct span){ 0 }, "gone");
		item->visible = false;
		jw_kv_text(&w, "call", item->call);
		jw_kv_int(&w, "number", item->number);
		jw_kv_text(&w, "state", life_state_name(item->state));
		jw_kv_text(&w, "by", item->decider);
		rpc_close(&w);
		tell_all(b, &line);
	}
	attention_gone(b);
}

static void on_counters(uv_timer_t *timer)
{
	struct broker *b = timer->data;
	struct buf line = { 0 };
	b->counters_dirty = false;
	if (!feed_is_watched(b)) {
		return;
	}
	struct jsonw w = rpc_open(&line, (struct span){ 0 }, "counters");
	write_counters(b, &w);
	rpc_close(&w);
	tell_all(b, &line);
	if (b->last_passed) {
		struct buf passed = { 0 };
		buf_text(&passed, b->last_passed);
		free(b->last_passed);
		b->last_passed = NULL;
		tell_all(b, &passed);
	}
}

void feed_flush(struct broker *b)
{
	for (struct item *item = b->items_dirty ? b->first : NULL; item; item = item->next) {
		if (item->dirty && is_shown(item)) {
			struct buf line = { 0 };
			struct jsonw w = rpc_open(&line, (struct span){ 0 }, "item");
			item->visible = true;
			item->dirty = false;
			write_item(&w, item);
			rpc_close(&w);
			tell_all(b, &line);
		}
	}
	b->items_dirty = false;
	if (b->counters_dirty && feed_is_watched(b) &&
		!uv_is_active((uv_handle_t *)&b->feed_timer)) {
		uv_timer_start(&b->feed_timer, on_counters, COUNTERS_MS, 0);
	}
}

void feed_trouble(struct broker *b)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_open(&line, (struct span){ 0 }, "trouble");
	jw_kv_span(&w, "text", trouble_of(b));
	policy_write_files(b, &w);
	rpc_close(&w);
	tell_all(b, &line);
}

void feed_muted(struct broker *b)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_open(&line, (struct span){ 0 }, "muted");
	attention_write(b, &w);
	rpc_close(&w);
	tell_all(b, &line);
}

void feed_master(struct broker *b)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_open(&line, (struct span){ 0 }, "master");
	master_write(b, &w);
	rpc_close(&w);
	tell_all(b, &line);
}

void feed_passed(struct broker *b, const struct conn *c, int64_t number, struct span tool,
	const char *target, const char *rule)
{
	b->counters.allowed++;
	b->counters_dirty = true;
	if (!feed_is_watched(b)) {
		return;
	}
	/* one a tick of the counters, the latest: a tail, not a log */
	struct buf line = { 0 };
	struct jsonw w = rpc_open(&line, (struct span){ 0 }, "passed");
	jw_kv_int(&w, "number", number);
	jw_kv_span(&w, "tool", tool);
	jw_kv_text(&w, "target", target);
	jw_kv_text(&w, "server", c->claims.name);
	jw_kv_text(&w, "rule", rule);
	rpc_close(&w);
	free(b->last_passed);
	b->last_passed = xstrdup(buf_cstr(&line));
	buf_finish(&line);
}

void feed_watched(struct broker *b)
{
	bool watched = feed_is_watched(b);
	for (struct conn *c = b->conns; c; c = c->next) {
		if (c->role == ROLE_GATE) {
			struct buf line = { 0 };
			struct jsonw w = rpc_open(&line, (struct span){ 0 }, "watched");
			jw_kv_bool(&w, "watched", watched);
			rpc_close(&w);
			conn_send(c, &line);
		}
	}
}

void feed_details(struct broker *b)
{
	char now[WRITER_TROUBLE] = "";
	if (b->writer) {
		writer_trouble(b->writer, now);
	}
	if (strcmp(now, b->details) != 0) {
		memcpy(b->details, now, sizeof(now));
		feed_trouble(b);
	}
}
