/*
 * Submissions of what was there before: an identical call while the first is parked, a call whose
 * connection broke, a row that a dead broker left. Each keeps its row, its place in the queue and
 * its decision.
 */
#include "config.h"

#include "ipc/broker_submission.h"

#include "core/diag.h"
#include "ipc/fault.h"
#include "ipc/log.h"
#include "ipc/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An identical call of the same session while the first is parked: the same question, the same row.
 */
struct item *again_find_parked(struct conn *c, const struct submission *s)
{
	for (struct item *item = c->broker->first; item; item = item->next) {
		if ((item->state == LIFE_PARKED || item->state == LIFE_ARMED) &&
			hash_same(&item->same, &s->same) && item->agent &&
			(item->agent == c->agent ||
				(c->stands[0] && agent_same_process(item->agent, c->agent)))) {
			return item;
		}
	}
	return NULL;
}

/* From now on the row is found by the new id: what is said of the old one must not arm it again. */
static bool renew_row(const struct item *item, const struct conn *c, const struct submission *s)
{
	struct broker *b = c->broker;
	struct history_call row = {
		.number = item->number, .call = span_of(s->call), .session = c->session
	};
	struct err err;
	memcpy(row.bytes, s->bytes.byte, HISTORY_HASH);
	if (!record_begin(b)) {
		return false;
	}
	if (item->number && !history_renew(b->history, &row, &err)) {
		if (err.code != DIAG_BAD_MESSAGE) { /* as in record_row */
			record_failed(b, &err);
		}
		return false;
	}
	return true;
}

static void renew(struct item *item, struct conn *c, struct submission *s)
{
	edit_forget(item); /* the client's own by now */
	item_rename(item, s->call);
	item->conn = c;
	item->lost_at = 0;
	item->dies_at = 0;
	item->session = c->session;
	item->bytes = s->bytes; /* _meta may differ: what is released is what came last */
	item->deadline_ms = s->deadline_ms;
	free(item->head);
	item->head = span_dup((struct span){
		s->params.at, s->params.len < BROKER_HEAD ? s->params.len : BROKER_HEAD });
	item->counted = true;
	c->waiting++;
}

void submission_take_facts(struct item *item, struct submission *s)
{
	effects_finish(&item->effects);
	item->effects = s->effects;
	s->effects = (struct effects){ 0 };
	free(item->branch);
	item->branch = xstrdup(s->branch ? s->branch : "");
	item->facts = s->facts;
}

void again_parked(struct item *item, struct conn *c, struct submission *s)
{
	bool armed = item->state == LIFE_ARMED;
	bool same = s->agreed && hash_same(&item->facts, &s->facts) &&
		s->judgement.verdict != VERDICT_DENY;
	if (!renew_row(item, c, s)) {
		bool trouble = c->broker->record.trouble[0];
		wire_error(c, s->rpc, trouble ? WIRE_NOT_RECORDED : WIRE_NOT_UNDERSTOOD,
			trouble ? c->broker->record.trouble : submission_used_before);
		return;
	}
	renew(item, c, s);
	if (!item_step(item, LIFE_EV_RESUBMIT)) {
		submission_answer(c, s, VERDICT_HOLD, item->number, "history");
		return;
	}
	if (armed && same) {
		item->by_answer = true;
		if (item_step(item, LIFE_EV_READY)) {
			s->judgement.rule = "approved";
			submission_answer(c, s, VERDICT_ALLOW, item->number, "policy");
			return;
		}
		item->by_answer = false;
	}
	submission_take_facts(item, s);
	item->judgement = s->judgement;
	if (armed) {
		free(item->decider);
		item->decider = NULL;
		item_step(item, LIFE_EV_CHANGED);
		item_say(item, "changed since you approved; look again");
	} else {
		item_changed(item);
		attention_new(c->broker, item);
	}
	submission_answer(c, s, VERDICT_HOLD, item->number, "policy");
}

const char submission_other_bytes[] = "this call was submitted with other params before";

/* The connection broke and came back: the item is still here. */
void again_item(struct item *item, struct conn *c, struct submission *s)
{
	bool edited = edit_fits(item, s);
	if (!hash_same(&item->bytes, &s->bytes) && !edited) {
		wire_error(c, s->rpc, WIRE_NOT_UNDERSTOOD, submission_other_bytes);
		return;
	}
	if (item->conn != c) {
		item->conn = c;
		item->lost_at = 0;
		item->counted = !s->parked;
		c->waiting += item->counted;
	}
	item->by_answer = false;
	if (edited) {
		edit_take(item, c, s);
	} else if (item->editing) {
		free(item->editing);
		item->editing = NULL;
		item_say(item, "the edit was not taken%s%.120s; the arguments are as before",
			s->edit_trouble ? ": " : "", s->edit_trouble ? s->edit_trouble : "");
	}
	if (!s->parked) { /* its agent has an answer: nothing changes until it calls again */
		item_step(item, LIFE_EV_RESUBMIT);
	}
	submission_answer(c, s, VERDICT_HOLD, item->number, "policy");
}

bool again_is_lost(const struct lost *lost, struct conn *c, const struct submission *s)
{
	struct history *history = c->broker->history;
	struct hash proposed = hash_of(s->proposed);
	return history_hash_same(history, s->bytes.byte, lost->bytes) ||
		(s->proposed.at && history_hash_same(history, proposed.byte, lost->bytes));
}

/* A row that a dead broker, or a broken connection, left behind. */
void again_lost(struct lost *lost, struct conn *c, struct submission *s)
{
	bool decided = lost->decider &&
		(lost->state == LIFE_APPROVED || lost->state == LIFE_RELEASED ||
			lost->state == LIFE_ARMED) &&
		history_hash_same(c->broker->history, s->bytes.byte, lost->bytes);
	s->arrived_ms = lost->arrived_ms;
	if (!decided && !s->parked) {
		submission_by_policy(c, s, lost->number);
		return;
	}
	struct item *item = submission_item(c, s, lost->number);
	if (!decided && c->trust == TRUST_ASK) {
		item->hidden = true;
		item_changed(item_server_question(c->broker, c));
	}
	if (s->parked) {
		item_step(item, LIFE_EV_PARK);
	}
	if (decided) {
		item->decider = xstrdup(lost->decider);
		item->decision_reason = xstrdup(lost->decision_reason);
		item->decided_yes = true;
		item->decided_ms = clock_wall_ms();
		item->by_stored = true;
		memcpy(item->stored_facts, lost->facts, sizeof(item->stored_facts));
		item_step(item, LIFE_EV_APPROVE);
	}
	feed_item(item);
	submission_answer(c, s, VERDICT_HOLD, item->number, "policy");
}

struct ended {
	bool ended;
	int64_t number;
	enum life_state state;
	char reason[240];
};

static bool read_ended(
	void *data, const struct history_call *call, const struct history_session *session)
{
	struct ended *e = data;
	(void)session;
	e->ended = life_is_end(call->state);
	e->number = call->number;
	e->state = call->state;
	if (call->decision_reason.at) {
		snprintf(e->reason, sizeof(e->reason), "%.*s", SPAN_FMT(call->decision_reason));
	}
	return false;
}

/* Decided to its end while the gate did not hear of it: the end is said again, never changed. */
bool again_ended(struct conn *c, struct submission *s)
{
	struct ended e = { 0 };
	bool found = false;
	struct err err;
	if (!history_find(c->broker->history, span_of(s->call), read_ended, &e, &found, &err) ||
		!found || !e.ended) {
		return false;
	}
	snprintf(s->judgement.reason, sizeof(s->judgement.reason), "%s",
		e.state == LIFE_DENIED ? e.reason
				       : "it was withdrawn while the broker was away; call again");
	submission_answer(c, s, VERDICT_DENY, e.number, "policy");
	return true;
}
