/*
 * What a person decides. A decision names the call and the revision that was shown; anything else
 * is refused, so that a key can never act on what came in its place.
 *
 * A denial may be asked for with a delay: until it is over the call goes on waiting, every console
 * sees that it is about to be denied, and it can be taken back. A yes is never delayed, and never
 * overtakes a denial under way. When the broker ends, what was asked for is delivered first.
 */
#include "config.h"

#include "ipc/broker.h"

#include "core/deadline.h"
#include "core/rpc.h"
#include "ipc/wire.h"

#include <stdlib.h>
#include <string.h>

enum {
	DELAY_MOST_MS = 10000,
	/* a client that is told "still waiting" sooner than this after the delay hears of it now */
	DELAY_ROOM_MS = (DEADLINE_MARGIN + 1) * 1000,
};

/* A yes is acknowledged when it is committed; a no stands in any case. */
static void say_state(struct conn *c, struct span rpc_id, const char *state, bool yes)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_answer(&line, rpc_id, "result");
	jw_kv_text(&w, "state", state);
	rpc_close(&w);
	yes ? record_reply(c, rpc_id, &line) : conn_send(c, &line);
}

static void put_decider(struct item *item, const char *by, char *reason, bool yes)
{
	free(item->decider);
	free(item->decision_reason);
	item->decider = xstrdup(by);
	item->decision_reason = reason;
	item->decided_yes = yes;
	item->decided_ms = clock_wall_ms();
}

/* ---- at once ---- */

static bool decide_deny(struct item *item)
{
	if (item->kind == ITEM_SERVER) {
		gate_server_decided(item->broker, &item->claims.tuple, false);
		item_release_behind(item, false);
	}
	return item_step(item, LIFE_EV_DENY);
}

static void decide_server(struct conn *c, struct item *item, bool yes, struct span rpc_id)
{
	struct broker *b = c->broker;
	struct err err;
	const struct claims *k = &item->claims;
	if (yes) {
		if (!record_begin(b)) {
			wire_error(c, rpc_id, WIRE_NOT_RECORDED, b->record.trouble);
			return;
		}
		if (!history_trust(b->history, k->tuple.byte, span_of(k->name),
			    span_of(k->argv_json), span_of(k->scope_json), span_of(item->decider),
			    clock_wall_ms() * 1000, &err)) {
			record_failed(b, &err);
			wire_error(c, rpc_id, WIRE_NOT_RECORDED, err.text);
			return;
		}
		item_step(item, LIFE_EV_APPROVE); /* the rest when it is committed */
	} else {
		decide_deny(item);
	}
	say_state(c, rpc_id, yes ? "approved" : "denied", yes);
}

/* A no needs no record. False: it could not be, and that was said. */
static bool decide_call(struct conn *c, struct item *item, bool yes, struct span rpc_id)
{
	struct broker *b = c->broker;
	const char *trouble = b->record.trouble;
	if (yes ? item->number && item_step(item, LIFE_EV_APPROVE) : decide_deny(item)) {
		b->counters.approved += yes;
		say_state(c, rpc_id, life_state_name(item->state), yes);
		return true;
	}
	free(item->decider);
	item->decider = NULL;
	wire_error(c, rpc_id, trouble[0] ? WIRE_NOT_RECORDED : WIRE_NOT_WAITING,
		trouble[0] ? trouble : "the call does not wait any more");
	return false;
}

/* ---- a little later ---- */

static bool is_delayed(const struct item *item, int64_t delay_ms)
{
	return delay_ms > 0 && delay_ms <= DELAY_MOST_MS &&
		(!item->deadline_ms ||
			item->deadline_ms - clock_wall_ms() > delay_ms + DELAY_ROOM_MS);
}

static void deny_later(
	struct conn *c, struct item *item, char *reason, int64_t delay_ms, struct span rpc_id)
{
	struct broker *b = c->broker;
	struct buf line = { 0 };
	item->denial = (struct denial){ .due = uv_now(b->loop) + (uint64_t)delay_ms,
		.at_ms = clock_wall_ms() + delay_ms,
		.by = xstrdup(c->seat),
		.reason = reason };
	broker_tick(b, item->denial.due);
	feed_item(item);
	struct jsonw w = rpc_answer(&line, rpc_id, "result");
	jw_kv_text(&w, "state", life_state_name(item->state));
	jw_kv_int(&w, "denied_at", item->denial.at_ms);
	rpc_close(&w);
	conn_send(c, &line);
}

static void deliver(struct item *item)
{
	char *by = item->denial.by;
	put_decider(item, by, item->denial.reason, false);
	item->denial = (struct denial){ 0 };
	decide_deny(item);
	free(by);
}

void decide_due(struct broker *b, uint64_t now)
{
	struct item *next;
	for (struct item *item = b->first; item; item = next) {
		next = item->next;
		if (item->denial.due && now >= item->denial.due) {
			deliver(item);
		} else if (item->denial.due) {
			broker_tick(b, item->denial.due);
		}
	}
}

void decide_forget(struct item *item)
{
	free(item->denial.by);
	free(item->denial.reason);
	item->denial = (struct denial){ 0 };
}

void decide_undo(struct conn *c, const struct message *m)
{
	char *call = json_member_text(m->params, "call");
	struct item *item = call ? item_find(c->broker, span_of(call)) : NULL;
	if (item && item->denial.due) {
		decide_forget(item);
		feed_item(item);
		say_state(c, m->id, life_state_name(item->state), false);
	} else {
		wire_error(c, m->id, WIRE_NOT_WAITING, "too late: the agent has been told");
	}
	free(call);
}

/* ---- `decide` ---- */

struct wish {
	char *call, *decision, *reason;
	int64_t revision, delay_ms;
	struct span grant; /* absent: none */
	bool yes, no;
};

static struct wish wish_read(struct span params)
{
	struct span value;
	struct wish wish = { .call = json_member_text(params, "call"),
		.decision = json_member_text(params, "decision"),
		.reason = json_member_text(params, "reason"),
		.revision = -1 };
	if (params.at && json_member(params, "revision", &value)) {
		json_int(value, &wish.revision);
	}
	if (params.at && json_member(params, "delay_ms", &value)) {
		json_int(value, &wish.delay_ms);
	}
	wish.yes = wish.decision && strcmp(wish.decision, "approve") == 0;
	wish.no = wish.decision && strcmp(wish.decision, "deny") == 0;
	if (!wish.yes || !json_member(params, "grant", &wish.grant)) {
		wish.grant = (struct span){ 0 };
	}
	return wish;
}

/* Why it is refused, with the code; NULL: it is not. */
static const char *refusal_of(const struct wish *wish, const struct item *item, int *code)
{
	bool open = item && !item->hidden &&
		(item->state == LIFE_HELD || item->state == LIFE_PARKED ||
			item->state == LIFE_ARMED);
	*code = WIRE_NOT_UNDERSTOOD;
	if (!wish->call || (!wish->yes && !wish->no) || wish->revision < 0) {
		return "a decision needs call, revision and approve or deny";
	}
	*code = WIRE_NOT_WAITING;
	if (!open) {
		return "the call does not wait any more";
	}
	if (item->denial.due && wish->yes) {
		return "it is being denied; take that back first";
	}
	if (wish->yes && item->editing) {
		return "it is being edited; look again";
	}
	if (wish->yes && item->edit && item->judgement.verdict == VERDICT_DENY) {
		return "the rules deny it like this: edit it again, or deny it";
	}
	*code = WIRE_CHANGED;
	return (int64_t)item->revision != wish->revision
		? "the call changed since it was shown; look again"
		: NULL;
}

static void decide(struct conn *c, struct item *item, struct wish *wish, struct span rpc_id)
{
	struct err err = { 0 };
	int64_t grant = 0;
	if (wish->grant.at &&
		(item->kind != ITEM_CALL ||
			!grant_give(item, wish->grant, c->seat, &grant, &err))) {
		wire_error(c, rpc_id, WIRE_NOT_UNDERSTOOD,
			err.text[0] ? err.text : "a server is accepted, not granted");
		return;
	}
	char *reason = wish->reason;
	wish->reason = NULL;
	decide_forget(item);
	if (wish->no && is_delayed(item, wish->delay_ms)) {
		deny_later(c, item, reason, wish->delay_ms, rpc_id);
		return;
	}
	put_decider(item, c->seat, reason, wish->yes);
	if (item->kind == ITEM_SERVER) {
		decide_server(c, item, wish->yes, rpc_id);
	} else if (!decide_call(c, item, wish->yes, rpc_id) && grant) {
		grant_revoke(c->broker, grant);
	}
}

void decide_message(struct conn *c, const struct message *m)
{
	struct wish wish = wish_read(m->params);
	struct item *item = wish.call ? item_find(c->broker, span_of(wish.call)) : NULL;
	int code = 0;
	const char *why = refusal_of(&wish, item, &code);
	if (why) {
		wire_error(c, m->id, code, why);
	} else {
		decide(c, item, &wish, m->id);
	}
	free(wish.call);
	free(wish.decision);
	free(wish.reason);
}
