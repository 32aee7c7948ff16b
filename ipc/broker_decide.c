/*
 * What a person decides. A decision names the call and the revision that was shown; anything else
 * is refused, so that a key can never act on what came in its place.
 *
 * Either may be asked for with a delay: until it is over the call goes on waiting, every console
 * sees that it is about to be decided, and that can be taken back. A yes never overtakes a no under
 * way. When the broker ends, a no is delivered first; a yes is not, and neither is one of a call
 * that has changed meanwhile.
 */
#include "config.h"

#include "ipc/broker.h"
#include "ipc/broker_body.h"
#include "ipc/broker_event.h"
#include "ipc/broker_grant.h"

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
static void say_state(
	struct conn *c, struct span rpc_id, const char *state, bool yes, int64_t grant)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_answer(&line, rpc_id, "result");
	jw_kv_text(&w, "state", state);
	if (grant) {
		jw_kv_int(&w, "grant", grant);
	}
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
		if (!body_trust(b, k, span_of(item->decider), &err)) {
			record_failed(b, &err);
			wire_error(c, rpc_id, WIRE_NOT_RECORDED, err.text);
			return;
		}
		item_step(item, LIFE_EV_APPROVE); /* the rest when it is committed */
	} else {
		decide_deny(item);
	}
	event_server(b, k, c->seat, yes);
	say_state(c, rpc_id, yes ? "approved" : "denied", yes, 0);
}

/* A no needs no record. False: it could not be, and that was said. */
static bool decide_call(
	struct conn *c, struct item *item, bool yes, int64_t grant, struct span rpc_id)
{
	struct broker *b = c->broker;
	const char *trouble = b->record.trouble;
	if (yes ? item->number && item_step(item, LIFE_EV_APPROVE) : decide_deny(item)) {
		b->counters.approved += yes;
		say_state(c, rpc_id, life_state_name(item->state), yes, grant);
		return true;
	}
	free(item->decider);
	item->decider = NULL;
	wire_error(c, rpc_id, trouble[0] ? WIRE_NOT_RECORDED : WIRE_NOT_WAITING,
		trouble[0] ? trouble : "the call does not wait any more");
	return false;
}

/* ---- what is asked ---- */

struct wish {
	char *call, *decision, *reason;
	int64_t revision, delay_ms, shown_ms;
	struct span grant; /* absent: none */
	bool yes, no;
};

static struct wish wish_read(struct span params)
{
	struct span value;
	struct wish wish = { .call = json_member_text(params, "call"),
		.decision = json_member_text(params, "decision"),
		.reason = json_member_text(params, "reason"),
		.revision = -1,
		.shown_ms = -1 };
	if (params.at && json_member(params, "revision", &value)) {
		json_int(value, &wish.revision);
	}
	if (params.at && json_member(params, "shown_ms", &value)) {
		json_int(value, &wish.shown_ms);
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
	if (item->later.due && wish->yes) {
		return item->later.yes ? "it is being approved already"
				       : "it is being denied; take that back first";
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

/* ---- a little later ---- */

static bool is_delayed(const struct item *item, int64_t delay_ms)
{
	return delay_ms > 0 && delay_ms <= DELAY_MOST_MS &&
		(!item->deadline_ms ||
			item->deadline_ms - clock_wall_ms() > delay_ms + DELAY_ROOM_MS);
}

static void decide_later(struct conn *c, struct item *item, const struct wish *wish, char *reason,
	struct span rpc_id)
{
	struct broker *b = c->broker;
	struct buf line = { 0 };
	item->later = (struct later){ .due = uv_now(b->loop) + (uint64_t)wish->delay_ms,
		.at_ms = clock_wall_ms() + wish->delay_ms,
		.by = xstrdup(c->seat),
		.reason = reason,
		.yes = wish->yes,
		.revision = wish->revision };
	broker_tick(b, item->later.due);
	feed_item(item);
	struct jsonw w = rpc_answer(&line, rpc_id, "result");
	jw_kv_text(&w, "state", life_state_name(item->state));
	jw_kv_int(&w, wish->yes ? "approved_at" : "denied_at", item->later.at_ms);
	rpc_close(&w);
	conn_send(c, &line);
}

/* What a person said yes to is what is released, or nothing. */
static void deliver_yes(struct item *item, const char *by, int64_t revision)
{
	const struct wish wish = { .call = item->call, .yes = true, .revision = revision };
	int code = 0;
	if (refusal_of(&wish, item, &code)) {
		item_say(item, "it changed before the approval was delivered: look again");
		return;
	}
	put_decider(item, by, NULL, true);
	if (item->number && item_step(item, LIFE_EV_APPROVE)) {
		item->broker->counters.approved++;
		return;
	}
	free(item->decider);
	item->decider = NULL;
	item_say(item, "the approval could not be recorded: it still waits");
}

static void deliver(struct item *item, bool ends)
{
	struct later later = item->later;
	item->later = (struct later){ 0 };
	if (!later.yes) {
		put_decider(item, later.by, later.reason, false);
		later.reason = NULL;
		decide_deny(item);
	} else if (!ends) {
		deliver_yes(item, later.by, later.revision);
	}
	free(later.by);
	free(later.reason);
}

void decide_due(struct broker *b, uint64_t now)
{
	struct item *next;
	for (struct item *item = b->first; item; item = next) {
		next = item->next;
		if (item->later.due && now >= item->later.due) {
			deliver(item, now == UINT64_MAX);
		} else if (item->later.due) {
			broker_tick(b, item->later.due);
		}
	}
}

void decide_forget(struct item *item)
{
	free(item->later.by);
	free(item->later.reason);
	item->later = (struct later){ 0 };
}

void decide_undo(struct conn *c, const struct message *m)
{
	char *call = json_member_text(m->params, "call");
	struct item *item = call ? item_find(c->broker, span_of(call)) : NULL;
	if (item && item->later.due) {
		decide_forget(item);
		feed_item(item);
		say_state(c, m->id, life_state_name(item->state), false, 0);
	} else {
		wire_error(c, m->id, WIRE_NOT_WAITING, "too late: the agent has been told");
	}
	free(call);
}

/* ---- `decide` ---- */

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
	body_decision(item,
		&(struct decided){ .yes = wish->yes,
			.by = c->seat,
			.shown_ms = wish->shown_ms,
			.delay_ms = wish->delay_ms,
			.grant = wish->grant,
			.grant_id = grant });
	if ((wish->no || (item->kind == ITEM_CALL && !grant)) && is_delayed(item, wish->delay_ms)) {
		decide_later(c, item, wish, reason, rpc_id);
		return;
	}
	put_decider(item, c->seat, reason, wish->yes);
	if (item->kind == ITEM_SERVER) {
		decide_server(c, item, wish->yes, rpc_id);
	} else if (!decide_call(c, item, wish->yes, grant, rpc_id) && grant) {
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
