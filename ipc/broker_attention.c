/*
 * Whose attention is asked for, and when: once a burst, of the console that was used last, and of
 * the desktop only if no console has the focus or had a key lately. A person may mute all of it,
 * and that has an end. What rings says how many wait and how risky the riskiest is, never what it
 * is.
 */
#include "config.h"

#include "ipc/broker.h"

#include <stdlib.h>

#include "core/rpc.h"
#include "ipc/wire.h"

enum { BURST_MS = 400, MUTE_MOST_MINUTES = 24 * 60 };

/* ---- who is there ---- */

static bool is_looked_at(const struct conn *c, uint64_t now)
{
	return c->focused || (c->active_at && now < c->active_at + BROKER_ACTIVE_MS);
}

/* The console that was used last, else any. */
static struct conn *last_used(struct broker *b)
{
	struct conn *last = NULL;
	for (struct conn *c = b->conns; c; c = c->next) {
		if (c->watching && c->stream && (!last || c->active_at > last->active_at)) {
			last = c;
		}
	}
	return last;
}

/* Who used bascule last sits at another machine, and this one's desktop shows nobody anything. With
 * no console it is where the broker was started from that tells. */
static bool is_remote(struct broker *b)
{
	const struct conn *c = last_used(b);
	return c ? c->remote : getenv("SSH_CONNECTION") != NULL;
}

void attention_due(struct broker *b, uint64_t now)
{
	struct attention *a = &b->attention;
	bool looked_at = false;
	for (const struct conn *c = b->conns; c; c = c->next) {
		looked_at |= is_looked_at(c, now);
		if (c->active_at && now < c->active_at + BROKER_ACTIVE_MS) {
			broker_tick(b, c->active_at + BROKER_ACTIVE_MS);
		}
	}
	if (a->muted_due && now >= a->muted_due) {
		a->muted_due = 0;
		a->muted_until_ms = 0;
		feed_muted(b);
	} else if (a->muted_due) {
		broker_tick(b, a->muted_due);
	}
	notify_mute(b->notify, looked_at || a->muted_due || is_remote(b));
}

/* The person pressed a key there, or the window got or lost the focus. */
void attention_active(struct conn *c, const struct message *m)
{
	struct span value;
	bool key = true;
	if (m->params.at && json_member(m->params, "focus", &value)) {
		json_bool(value, &c->focused);
		key = c->focused;
	}
	c->active_at = key ? uv_now(c->broker->loop) : c->active_at;
	attention_due(c->broker, uv_now(c->broker->loop));
}

/* ---- ringing ---- */

static void on_burst(uv_timer_t *timer)
{
	struct broker *b = timer->data;
	struct conn *c = last_used(b);
	unsigned waiting = item_waiting(b);
	if (c && waiting && !b->attention.muted_due) {
		struct buf line = { 0 };
		struct jsonw w = rpc_open(&line, (struct span){ 0 }, "attention");
		jw_kv_int(&w, "waiting", waiting);
		jw_kv_text(&w, "risk", risk_name(b->attention.riskiest));
		rpc_close(&w);
		conn_send(c, &line);
	}
	b->attention.riskiest = RISK_LOW;
}

void attention_new(struct broker *b, const struct item *item)
{
	struct attention *a = &b->attention;
	enum risk risk = item->judgement.risk;
	a->riskiest = risk > a->riskiest ? risk : a->riskiest;
	notify_waiting(b->notify, item_waiting(b),
		span_of(item->kind == ITEM_SERVER ? "a new server" : item->tool),
		span_of(item->claims.name), risk_name(risk));
	if (!uv_is_active((uv_handle_t *)&a->burst)) {
		uv_timer_start(&a->burst, on_burst, BURST_MS, 0);
	}
}

void attention_gone(struct broker *b)
{
	notify_waiting(b->notify, item_waiting(b), (struct span){ 0 }, (struct span){ 0 }, "low");
}

/* ---- muted ---- */

void attention_mute(struct conn *c, const struct message *m)
{
	struct broker *b = c->broker;
	struct buf line = { 0 };
	struct span value;
	int64_t minutes = -1;
	if (m->params.at && json_member(m->params, "minutes", &value)) {
		json_int(value, &minutes);
	}
	if (minutes < 0 || minutes > MUTE_MOST_MINUTES) {
		wire_error(c, m->id, WIRE_NOT_UNDERSTOOD, "minutes: expected 0 to 1440");
		return;
	}
	b->attention.muted_due = minutes ? uv_now(b->loop) + (uint64_t)minutes * 60000 : 0;
	b->attention.muted_until_ms = minutes ? clock_wall_ms() + minutes * 60000 : 0;
	attention_due(b, uv_now(b->loop));
	struct jsonw w = rpc_answer(&line, m->id, "result");
	attention_write(b, &w);
	rpc_close(&w);
	conn_send(c, &line);
	feed_muted(b);
}

void attention_write(const struct broker *b, struct jsonw *w)
{
	jw_kv_int(w, "muted_until", b->attention.muted_until_ms);
}

void attention_init(struct broker *b)
{
	uv_timer_init(b->loop, &b->attention.burst);
	uv_unref((uv_handle_t *)&b->attention.burst);
	b->attention.burst.data = b;
}
