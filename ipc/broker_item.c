/*
 * Held calls. item_step is the only writer of a state; what a step asks for happens in item_after,
 * when the turn is committed. Steps that lead towards execution are refused while the history
 * cannot be written; steps that lead away from it always happen.
 */
#include "config.h"

#include "ipc/broker.h"
#include "ipc/broker_body.h"
#include "ipc/broker_grant.h"
#include "ipc/broker_stand.h"

#include "core/rpc.h"
#include "ipc/fault.h"
#include "ipc/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Behind everything that arrived no later: a call that outlived a broker keeps its place. */
static void put_in_order(struct broker *b, struct item *item)
{
	item->prev = b->last;
	while (item->prev && item->prev->arrived_ms > item->arrived_ms) {
		item->prev = item->prev->prev;
	}
	item->next = item->prev ? item->prev->next : b->first;
	*(item->prev ? &item->prev->next : &b->first) = item;
	*(item->next ? &item->next->prev : &b->last) = item;
}

struct item *item_create(
	struct broker *b, enum item_kind kind, const char *call, int64_t arrived_ms)
{
	struct item *item = xcalloc(1, sizeof(*item));
	item->broker = b;
	item->kind = kind;
	item->state = LIFE_HELD;
	item->call = xstrdup(call);
	item->revision = 1;
	item->arrived_ms = arrived_ms ? arrived_ms : clock_wall_ms();
	put_in_order(b, item);
	map_put(&b->items, span_of(item->call), item);
	return item;
}

void item_destroy(struct item *item)
{
	struct broker *b = item->broker;
	map_take(&b->items, span_of(item->call));
	*(item->prev ? &item->prev->next : &b->first) = item->next;
	*(item->next ? &item->next->prev : &b->last) = item->prev;
	agent_release(item->agent);
	decide_forget(item);
	edit_forget(item);
	claims_finish(&item->claims);
	effects_finish(&item->effects);
	caller_finish(&item->caller);
	seat_finish(&item->from);
	char *const texts[] = { item->call, item->method, item->tool, item->target, item->toward,
		item->era, item->client, item->client_version, item->branch, item->said,
		item->decider, item->decision_reason, item->kept_reason, item->head };
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		free(texts[i]);
	}
	free(item);
	broker_idle(b);
}

struct item *item_find(struct broker *b, struct span call)
{
	return map_get(&b->items, call);
}

void item_rename(struct item *item, const char *call)
{
	map_take(&item->broker->items, span_of(item->call));
	free(item->call);
	item->call = xstrdup(call);
	map_put(&item->broker->items, span_of(item->call), item);
}

bool item_is_open(const struct item *item)
{
	return item->state == LIFE_HELD || item->state == LIFE_APPROVED ||
		item->state == LIFE_PARKED || item->state == LIFE_ARMED;
}

unsigned item_waiting(const struct broker *b)
{
	unsigned n = 0;
	for (const struct item *item = b->first; item; item = item->next) {
		n += item->state == LIFE_HELD || item->state == LIFE_PARKED;
	}
	return n;
}

void item_changed(struct item *item)
{
	item->revision++;
	feed_item(item);
}

void item_say(struct item *item, const char *format, ...)
{
	char text[400];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	free(item->said);
	item->said = xstrdup(text);
	item_changed(item);
}

void item_row(struct item *item, struct history_call *row)
{
	free(item->kept_reason);
	item->kept_reason = NULL;
	if (item->decider && item->decision_reason) {
		item->kept_reason = xstrdup(item->decision_reason);
		body_mark(item->broker, &item->kept_reason);
	}
	*row = (struct history_call){
		.number = item->number,
		.call = span_of(item->call),
		.session = item->session,
		.state = item->state,
		.method = span_of(item->method),
		.tool = span_of(item->tool),
		.target = span_of(item->target),
		.era = span_of(item->era),
		.toward = span_of(item->toward),
		.verdict = span_of(verdict_name(item->judgement.verdict)),
		.rule = span_of(item->judgement.rule),
		.reason = span_of(item->judgement.reason),
		.arrived_us = item->arrived_ms * 1000,
		.decided_us = item->decided_ms * 1000,
		.branch = span_of(item->branch),
		.size = -1,
		.took_us = -1,
	};
	if (item->decider) {
		row->decision = span_of(item->decided_yes ? "approved" : "denied");
		row->decider = span_of(item->decider);
		row->decision_reason = span_of(item->kept_reason);
	}
	if (life_is_end(item->state)) {
		row->finished_us = clock_wall_ms() * 1000;
	}
	memcpy(row->bytes, item->bytes.byte, HISTORY_HASH);
	memcpy(row->same, item->same.byte, HISTORY_HASH);
	memcpy(row->facts, item->facts.byte, HISTORY_HASH);
}

bool item_needs_record(enum life_effect effect)
{
	return effect == LIFE_CHECK || effect == LIFE_GO || effect == LIFE_GRANT ||
		effect == LIFE_REJUDGE;
}

bool item_write(struct item *item)
{
	struct history_call row;
	struct err err;
	item_row(item, &row);
	if (history_update(item->broker->history, &row, &err) && edit_record(item, &err)) {
		return true;
	}
	record_failed(item->broker, &err);
	return false;
}

bool item_step(struct item *item, enum life_event event)
{
	struct broker *b = item->broker;
	enum life_state before = item->state;
	struct life_step step = life_next(before, event);
	if (step.effect == LIFE_REFUSED) {
		log_debug("%s: %s means nothing while %s", item->call, life_event_name(event),
			life_state_name(before));
		return false;
	}
	bool open = item->kind == ITEM_CALL && item->number > 0 && record_begin(b);
	if (item_needs_record(step.effect) && item->kind == ITEM_CALL && !open) {
		return false;
	}
	item->state = step.next;
	if (step.next != before) {
		free(item->editing); /* too late for it */
		item->editing = NULL;
	}
	if (open && !item_write(item) && item_needs_record(step.effect)) {
		item->state = before;
		return false;
	}
	fault_at(FAULT_BROKER, event);
	record_after(b, item, event, step.effect, before);
	return true;
}

void item_undo(struct item *item, enum life_event event, enum life_state before)
{
	/* Its gate waits for a word and would wait for ever: back into the queue. */
	bool back = before == LIFE_APPROVED || before == LIFE_RELEASED;
	if (item->state != life_next(before, event).next) {
		return; /* a later step, which stands, led elsewhere */
	}
	item->state = back ? LIFE_APPROVED : before;
	free(item->decider);
	item->decider = NULL;
	item->decided_ms = 0;
	item->by_answer = false;
	item_say(item, "%s", item->broker->record.trouble);
	if (back) {
		item_step(item, LIFE_EV_CHANGED);
	}
}

/* Why, how often before, and what the rules allow: of the agent's own arguments alone. */
static void write_no(const struct item *item, struct jsonw *w)
{
	struct broker *b = item->broker;
	struct denied_before before = denied_before(b, item->agent, &item->asked);
	struct buf instead = { 0 };
	/* the rules may deny what a person has just approved */
	bool by_person = item->decider &&
		!(item->decided_yes && item->judgement.verdict == VERDICT_DENY);
	jw_kv_text(w, "reason", item->decision_reason ? item->decision_reason : "");
	jw_kv_text(w, "by", by_person ? item->decider : "policy");
	denied_write(&before, w);
	if (item->conn->trust == TRUST_YES && !item->edit) {
		struct policy_call call = grant_call(item);
		denied_instead(b, &call, by_person, &instead);
		denied_write_instead(&instead, w);
	}
	buf_finish(&instead);
}

static void tell(struct item *item, const char *method)
{
	struct buf line = { 0 };
	char hex[HASH_HEX + 1];
	if (!item->conn) {
		return;
	}
	struct jsonw w = rpc_open(&line, (struct span){ 0 }, method);
	jw_kv_text(&w, "call", item->call);
	if (strcmp(method, "go") == 0) {
		hash_hex(&item->bytes, hex);
		jw_kv_text(&w, "bytes", hex);
	} else if (strcmp(method, "denied") == 0) {
		write_no(item, &w);
	} else if (strcmp(method, "back") == 0) {
		jw_kv_text(&w, "reason", item->said ? item->said : "");
	}
	rpc_close(&w);
	conn_send(item->conn, &line);
}

void item_check(struct item *item)
{
	tell(item, "check");
}

/* Its gate has room for another one. */
static void no_longer_waiting(struct item *item)
{
	if (item->counted && item->conn) {
		item->conn->waiting--;
	}
	item->counted = false;
}

/* The person's yes to a server is in the database: what waits behind the question moves. */
static void server_accepted(struct item *item)
{
	gate_server_decided(item->broker, &item->claims.tuple, true);
	item_release_behind(item, true);
	item_step(item, LIFE_EV_READY);
	item_step(item, LIFE_EV_FINISH);
}

void item_after(struct item *item, enum life_effect effect)
{
	struct broker *b = item->broker;
	switch (effect) {
	case LIFE_GO:
		no_longer_waiting(item);
		denied_forget(b, item->agent, &item->asked);
		stand_released(item);
		if (!item->by_answer) {
			tell(item, "go");
		}
		break;
	case LIFE_CHECK:
		if (item->kind == ITEM_SERVER) {
			server_accepted(item);
			return;
		}
		break;
	case LIFE_REJUDGE: /* still approved: its gate never heard `go` */
		if (item->state == LIFE_APPROVED) {
			item_check(item);
		}
		break;
	case LIFE_TELL_DENIED:
		tell(item, "denied");
		break;
	case LIFE_ASK_AGAIN:
		tell(item, "back");
		attention_new(b, item);
		break;
	case LIFE_GRANT:
		item->dies_at = uv_now(b->loop) +
			(uint64_t)b->config->number[OPTION_GATE_PARK_SECONDS] * 1000;
		broker_tick(b, item->dies_at);
		break;
	default:
		break;
	}
	if (item->state == LIFE_PARKED || item->state == LIFE_ARMED) {
		no_longer_waiting(item);
		if (!item->dies_at) {
			item->dies_at = uv_now(b->loop) +
				(uint64_t)b->config->number[OPTION_GATE_PARK_SECONDS] * 1000;
			broker_tick(b, item->dies_at);
		}
	}
	b->counters_dirty = true;
	if (item_is_open(item)) {
		feed_item(item);
		return;
	}
	feed_gone(item);
	if (item->state == LIFE_DENIED && item->kind == ITEM_CALL) {
		denied_note(b, item->agent, &item->asked, item->number, item->decision_reason);
	}
	if (life_is_end(item->state)) {
		b->counters.denied += item->state == LIFE_DENIED;
		b->counters.withdrawn += item->state == LIFE_WITHDRAWN ||
			item->state == LIFE_EXPIRED;
		no_longer_waiting(item);
		item_destroy(item);
	}
}

void item_done(struct item *item, const char *outcome, int64_t size, int64_t took_us)
{
	struct life_step step = life_next(item->state, LIFE_EV_FINISH);
	if (step.effect == LIFE_REFUSED) {
		return;
	}
	item->state = step.next;
	record_finish(item->broker, item->number, step.next, outcome, size, took_us);
	feed_gone(item);
	item_destroy(item);
}

/* ---- the facts at release ---- */

/* `when`: since when it is another than it was */
static void say_change(
	struct item *item, const char *when, const struct effects *now, struct span branch)
{
	for (size_t i = 0; i < now->count && i < item->effects.count; i++) {
		const struct fact *a = &item->effects.list[i].fact, *n = &now->list[i].fact;
		const char *what = strcmp(a->path ? a->path : "", n->path ? n->path : "") != 0
			? "leads elsewhere now"
			: a->state != n->state                 ? "is another kind of file now"
			: a->ino != n->ino || a->dev != n->dev ? "was replaced"
			: a->mtime_us != n->mtime_us || a->size != n->size ? "was changed"
			: a->links != n->links                             ? "has other links now"
									   : NULL;
		if (what) {
			item_say(item, "changed %s: %.200s %s", when, now->list[i].given, what);
			return;
		}
	}
	if (!span_is(branch, item->branch ? item->branch : "")) {
		item_say(item, "changed %s: the branch is %.*s now", when,
			(int)(branch.len < 100 ? branch.len : 100), branch.at);
		return;
	}
	item_say(item, "changed %s; look again", when);
}

static bool as_approved(const struct item *item, const struct hash *facts)
{
	if (item->by_stored) {
		return history_hash_same(item->broker->history, facts->byte, item->stored_facts);
	}
	return hash_same(facts, &item->facts);
}

static void take_facts(
	struct item *item, struct effects *effects, struct span branch, const struct hash *facts)
{
	effects_finish(&item->effects);
	item->effects = *effects;
	*effects = (struct effects){ 0 };
	free(item->branch);
	item->branch = span_dup(branch);
	item->facts = *facts;
	item->by_stored = false;
}

void item_ready(struct item *item, struct effects *effects, struct span branch)
{
	struct judgement judgement;
	if (item->state != LIFE_APPROVED) {
		effects_finish(effects);
		return;
	}
	policy_complete_again(item, effects);
	struct hash facts = effects_hash(effects, branch);
	bool same = as_approved(item, &facts) && effects_same(effects, &item->effects);
	judge_item(item, effects, &judgement);
	if (item->broker->master.mode == MASTER_DENY) {
		master_tightens(
			item->broker, &judgement); /* a yes from before does not outrun it */
	}
	if (judgement.verdict == VERDICT_DENY) {
		item->judgement = judgement;
		item->decision_reason = item->decision_reason ? item->decision_reason
							      : xstrdup(judgement.reason);
		item_step(item, LIFE_EV_DENY);
	} else if (same) {
		take_facts(item, effects, branch, &facts);
		policy_accepted(item);
		if (!item_step(item, LIFE_EV_READY)) {
			free(item->decider);
			item->decider = NULL;
			item_say(item, "%s", item->broker->record.trouble);
			item_step(item, LIFE_EV_CHANGED);
		}
	} else {
		say_change(item, "since you approved", effects, branch);
		take_facts(item, effects, branch, &facts);
		item->judgement = judgement;
		free(item->decider);
		item->decider = NULL;
		item_step(item, LIFE_EV_CHANGED);
	}
	effects_finish(effects);
}

void item_looked(struct item *item, struct effects *effects, struct span branch)
{
	struct judgement now;
	bool waits = item->kind == ITEM_CALL && item->state == LIFE_HELD;
	if (waits) {
		policy_complete_again(item, effects);
	}
	struct hash facts = effects_hash(effects, branch);
	if (waits && effects_same(effects, &item->effects) && !hash_same(&facts, &item->facts)) {
		judge_item(item, effects, &now);
		say_change(item, "while it waited", effects, branch);
		take_facts(item, effects, branch, &facts);
		if (now.verdict == VERDICT_DENY) {
			item->judgement = now;
			free(item->decision_reason);
			item->decision_reason = xstrdup(now.reason);
			item_step(item, LIFE_EV_DENY);
		} else if (now.verdict == VERDICT_HOLD) {
			item->judgement = now;
			item->releasable = false;
		}
	}
	effects_finish(effects);
}

/* ---- servers that nobody accepted yet ---- */

static void question_id(const struct hash *tuple, char out[HASH_HEX + 16])
{
	memcpy(out, "server-", 7);
	hash_hex(tuple, out + 7);
	out[7 + 16] = '\0';
}

struct item *item_server_question(struct broker *b, const struct conn *c)
{
	char id[HASH_HEX + 16];
	question_id(&c->claims.tuple, id);
	struct item *item = item_find(b, span_of(id));
	if (item) {
		return item;
	}
	item = item_create(b, ITEM_SERVER, id, 0);
	claims_copy(&item->claims, &c->claims);
	item->method = xstrdup("server");
	item->tool = xstrdup("");
	item->target = xstrdup(c->claims.program);
	item->judgement = (struct judgement){
		.verdict = VERDICT_HOLD, .risk = RISK_HIGH, .rule = "built-in:server"
	};
	char *reason = item->judgement.reason;
	if (!stand_says(c, reason, sizeof(item->judgement.reason))) {
		snprintf(
			reason, sizeof(item->judgement.reason), "a server that was never accepted");
	}
	feed_item(item);
	attention_new(b, item);
	return item;
}

void item_release_behind(struct item *server, bool yes)
{
	struct broker *b = server->broker;
	struct item *next;
	for (struct item *item = b->first; item; item = next) {
		next = item->next;
		if (item->kind != ITEM_CALL || !item->hidden ||
			!hash_same(&item->claims.tuple, &server->claims.tuple)) {
			continue;
		}
		item->hidden = false;
		if (!yes) {
			item->decider = xstrdup(server->decider);
			item->decision_reason = xstrdup("the user did not accept this MCP server");
			item->decided_ms = clock_wall_ms();
			item_step(item, LIFE_EV_DENY);
		} else if (item->judgement.verdict == VERDICT_ALLOW &&
			!master_tightens(b, &item->judgement)) {
			item->decider = xstrdup(server->decider);
			item->decided_yes = true;
			item->decided_ms = clock_wall_ms();
			item_step(item, LIFE_EV_APPROVE);
		} else {
			item_changed(item);
			attention_new(b, item);
		}
	}
}

void item_answer_question(struct broker *b, const struct hash *tuple)
{
	char id[HASH_HEX + 16];
	question_id(tuple, id);
	struct item *question = item_find(b, span_of(id));
	for (struct item *item = b->first; question && item; item = item->next) {
		if (item->hidden && hash_same(&item->claims.tuple, tuple)) {
			item->hidden = false; /* who accepted the server has not seen this call */
			item_changed(item);
			attention_new(b, item);
		}
	}
	if (question) {
		item_step(question, LIFE_EV_WITHDRAW);
	}
}
