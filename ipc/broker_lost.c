/*
 * What is left when somebody is gone: rows of a broker that died, calls of a gate whose connection
 * broke, parked calls of an agent that ended. A gate may come back for BROKER_LOST_MS; a gate whose
 * process has ended is not waited for.
 */
#include "config.h"

#include "ipc/broker.h"
#include "ipc/broker_grant.h"

#include "ipc/fault.h"
#include "ipc/log.h"

#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 100 };

void lost_free(struct lost *l)
{
	if (l) {
		free(l->call);
		free(l->decider);
		free(l->decision_reason);
		free(l);
	}
}

static struct lost *add(struct broker *b, struct span call, int64_t number, enum life_state state)
{
	struct lost *l = xcalloc(1, sizeof(*l));
	l->call = span_dup(call);
	l->number = number;
	l->state = state;
	l->since = uv_now(b->loop);
	l->next = b->lost;
	b->lost = l;
	broker_tick(b, l->since + LOOK_MS);
	return l;
}

static bool load_one(
	void *data, const struct history_call *call, const struct history_session *session)
{
	struct lost *l = add(data, call->call, call->number, call->state);
	(void)session;
	if (call->decider.at && call->decider.len && span_is(call->decision, "approved")) {
		l->decider = span_dup(call->decider);
		l->decision_reason = call->decision_reason.at ? span_dup(call->decision_reason)
							      : NULL;
	}
	l->arrived_ms = call->arrived_us / 1000;
	memcpy(l->facts, call->facts, sizeof(l->facts));
	memcpy(l->bytes, call->bytes, sizeof(l->bytes));
	l->stored = true;
	return true;
}

void lost_load(struct broker *b)
{
	struct err err;
	if (!history_open_calls(b->history, load_one, b, &err)) {
		log_line("%s", err.text);
	}
}

struct lost *lost_take(struct broker *b, struct span call)
{
	for (struct lost **link = &b->lost; *link; link = &(*link)->next) {
		if (span_is(call, (*link)->call)) {
			struct lost *l = *link;
			*link = l->next;
			l->next = NULL;
			return l;
		}
	}
	return NULL;
}

static void lose_flight(void *data, struct span call, void *value)
{
	struct conn *c = data;
	struct lost *l = add(c->broker, call, (int64_t)(uintptr_t)value, LIFE_RELEASED);
	l->pid = c->process.pid;
	l->start = c->process.start;
}

void lost_conn(struct conn *c)
{
	struct broker *b = c->broker;
	grant_settle_once(c, false); /* who has not said that its agent goes on has not told it */
	map_each(&c->flights, lose_flight, c);
	map_finish(&c->flights);
	for (struct item *item = b->first; item; item = item->next) {
		if (item->conn == c) {
			item->conn = NULL;
			item->counted = false;
			item->gate_pid = c->process.pid;
			item->gate_start = c->process.start;
			item->lost_at = uv_now(b->loop);
			broker_tick(b, item->lost_at);
		}
	}
}

/* Is this gate not coming back? */
static bool given_up(int64_t pid, int64_t start, uint64_t since, uint64_t now)
{
	return now >= since + BROKER_LOST_MS || (pid && !process_alive((pid_t)pid, start));
}

static void end_row(struct broker *b, const struct lost *l)
{
	struct life_step step = life_next(l->state, LIFE_EV_LOSE);
	log_line("#%lld was %s when its gate ended: %s", (long long)l->number,
		life_state_name(l->state), life_state_name(step.next));
	fault_at(FAULT_BROKER, LIFE_EV_LOSE);
	record_finish(b, l->number, step.next, "gate_gone", -1, -1);
}

static void due_rows(struct broker *b, uint64_t now)
{
	struct lost **link = &b->lost;
	while (*link) {
		struct lost *l = *link;
		if (given_up(l->pid, l->start, l->since, now)) {
			*link = l->next;
			end_row(b, l);
			lost_free(l);
		} else {
			link = &l->next;
		}
	}
	if (b->lost) {
		broker_tick(b, now + LOOK_MS);
	}
}

static void due_item(struct item *item, uint64_t now)
{
	struct broker *b = item->broker;
	bool parked = item->state == LIFE_PARKED || item->state == LIFE_ARMED;
	if (item->agent && item->agent->gone) {
		item_step(item, LIFE_EV_LOSE);
	} else if (parked && item->dies_at && now >= item->dies_at) {
		item_step(item, LIFE_EV_EXPIRE);
	} else if (parked && item->dies_at) {
		broker_tick(b, item->dies_at);
	} else if (item->lost_at &&
		given_up(item->gate_pid, item->gate_start, item->lost_at, now)) {
		item_step(item, LIFE_EV_LOSE);
	} else if (item->lost_at) {
		broker_tick(b, now + LOOK_MS);
	}
}

/* A server question is asked for its gates; without any left there is nobody to ask for. */
static void due_question(struct item *item)
{
	for (const struct conn *c = item->broker->conns; c; c = c->next) {
		if (c->role == ROLE_GATE && hash_same(&c->claims.tuple, &item->claims.tuple)) {
			return;
		}
	}
	for (const struct item *other = item->broker->first; other; other = other->next) {
		if (other->hidden && hash_same(&other->claims.tuple, &item->claims.tuple)) {
			return;
		}
	}
	item_step(item, LIFE_EV_WITHDRAW);
}

void lost_due(struct broker *b, uint64_t now)
{
	struct item *next;
	due_rows(b, now);
	for (struct item *item = b->first; item; item = next) {
		next = item->next;
		if (item->kind == ITEM_SERVER) {
			due_question(item);
		} else {
			due_item(item, now);
		}
	}
}

void lost_finish(struct broker *b)
{
	while (b->lost) {
		struct lost *l = b->lost;
		b->lost = l->next;
		lost_free(l);
	}
}
