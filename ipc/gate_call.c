/*
 * Gated calls as the gate sees them. Every change of state goes through call_step, which looks it
 * up in core/life.h; the gate's state decides every race, because only the gate knows whether the
 * bytes have left.
 *
 * A call is answered at most once: whoever answers takes its key out of the pending table.
 */
#include "config.h"

#include "ipc/gate.h"

#include "core/effects/extract.h"
#include "core/refusal.h"
#include "core/rpc.h"
#include "ipc/fault.h"
#include "ipc/log.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct call *call_find(struct gate *g, struct span id)
{
	return map_get(&g->calls, id);
}

void call_step(struct call *call, enum life_event event)
{
	struct life_step step = life_next(call->state, event);
	if (step.effect == LIFE_REFUSED) {
		log_line("%s: %s means nothing while %s", call->id, life_event_name(event),
			life_state_name(call->state));
		return;
	}
	fault_at(FAULT_GATE, event);
	call->state = step.next;
}

bool call_undecided(const struct call *call)
{
	return call->state == LIFE_HELD && call->stage != CALL_ANSWERED;
}

/* Waits for an answer that only bascule can give? */
bool call_waits(const struct call *call)
{
	return call->state == LIFE_HELD || call->state == LIFE_APPROVED;
}

static void set_deadlines(struct call *call)
{
	struct gate *g = call->gate;
	uint64_t now = uv_now(g->loop);
	int64_t hold_max = g->config->number[OPTION_GATE_HOLD_MAX];
	call->deadline_ms = call->park_ms = 0;
	if (call->from == SIDE_SERVER) {
		return; /* servers wait for people: sampling has no known limit */
	}
	if (hold_max > 0) {
		call->park_ms = now + (uint64_t)hold_max * 1000;
		return;
	}
	if (g->deadline->seconds) {
		call->deadline_ms = now + g->deadline->seconds * 1000ull;
		call->park_ms = call->deadline_ms - DEADLINE_MARGIN * 1000ull;
	}
}

void call_take_request(struct call *call, const struct message *m)
{
	free(call->reply_id);
	free(call->token);
	call->reply_id = span_dup(m->id);
	call->token = m->progress_token.at ? span_dup(m->progress_token) : NULL;
	memcpy(call->key, m->key, sizeof(call->key));
	call->progress_ms = uv_now(call->gate->loop) +
		(uint64_t)call->gate->config->number[OPTION_GATE_PROGRESS];
	set_deadlines(call);
}

static struct call *create(
	struct gate *g, enum gate_side from, const struct message *m, struct span line)
{
	struct call *call = xcalloc(1, sizeof(*call));
	size_t at = 0;
	struct stream *in = from == SIDE_CLIENT ? g->client_in : g->server_out;
	call->gate = g;
	call->from = from;
	call->state = LIFE_HELD;
	snprintf(call->id, sizeof(call->id), "%s-%u", g->instance, ++g->call_count);
	call->message = *m;
	if (stream_take_line(in, &call->line, &at)) {
		buf_drop(&call->line, at);
	} else {
		buf_add(&call->line, line.at, line.len + 1);
	}
	message_rebase(&call->message, call->line.data);
	call->tool = call->message.name.at ? json_strdup(call->message.name) : NULL;
	call->tool = call->tool ? call->tool : xstrdup("");
	call_take_request(call, &call->message);
	call->prev = g->last_call;
	*(g->last_call ? &g->last_call->next : &g->first_call) = call;
	g->last_call = call;
	map_put(&g->calls, span_of(call->id), call);
	g->waiting++;
	return call;
}

static void decided(struct call *call)
{
	assert(call->gate->waiting);
	call->gate->waiting--;
}

void call_destroy(struct call *call)
{
	struct gate *g = call->gate;
	if (g->some_behind) {
		gate_tick(g, uv_now(g->loop));
	}
	if (call->key[0]) {
		pending_destroy(map_take(&g->pending[call->from], span_of(call->key)));
	}
	lane_forget(g->lane, call);
	map_take(&g->calls, span_of(call->id));
	*(call->prev ? &call->prev->next : &g->first_call) = call->next;
	*(call->next ? &call->next->prev : &g->last_call) = call->prev;
	gate_before_free(call);
	effects_finish(&call->effects);
	buf_finish(&call->line);
	buf_finish(&call->proposed);
	free(call->edited_by);
	free(call->tool);
	free(call->reply_id);
	free(call->token);
	free(call->state_token);
	free(call->late_words);
	free(call);
}

/* ---- from arrival to the broker ---- */

struct look {
	struct gate *gate;
	char id[40];
};

static void facts_known(struct call *call)
{
	if (call->state == LIFE_APPROVED) {
		wire_facts(call->gate->wire, "ready", call, &call->effects);
		return;
	}
	if (call->stage == CALL_ANSWERED) { /* edited: it goes on waiting */
		wire_submit(call->gate->wire, call);
		return;
	}
	call->stage = CALL_ASKED;
	call->asked_ms = uv_now(call->gate->loop);
	wire_submit(call->gate->wire, call);
}

static void on_facts(void *data, struct effects *effects)
{
	struct look *look = data;
	struct call *call = call_find(look->gate, span_of(look->id));
	free(look);
	bool waits = call && call_waits(call);
	if (waits && !effects_same(&call->effects, effects)) {
		effects_finish(effects);
		call_gather(call); /* it was read again meanwhile */
	} else if (waits) {
		effects_finish(&call->effects);
		call->effects = *effects;
		*effects = (struct effects){ 0 };
		facts_known(call);
	} else {
		effects_finish(effects);
	}
}

void call_extract(struct call *call)
{
	const struct gate *g = call->gate;
	const struct extract extract = { .profiles = g->profiles,
		.profile = span_of(g->as_profile ? g->as_profile : g->claim.profile),
		.method = span_of(call->message.method_name),
		.tool = span_of(call->tool),
		.arguments = call->message.arguments,
		.server = g->as_name ? g->as_name : g->claim.name,
		.named = true,
		.cwd = g->facts.cwd };
	effects_extract(&call->effects, &extract);
}

void call_gather(struct call *call)
{
	struct gate *g = call->gate;
	bool arrives = call->state == LIFE_HELD && call->stage != CALL_ANSWERED;
	if (arrives && gate_waits_behind(call)) {
		call->stage = CALL_BEHIND;
		g->some_behind = true;
		gate_tick(g, call->arrived_ms + GATE_BEHIND_MS);
		return;
	}
	if (facts_gather(&g->facts, &call->effects)) {
		facts_known(call);
		return;
	}
	struct look *look = xcalloc(1, sizeof(*look));
	struct effects copy = { 0 };
	look->gate = g;
	memcpy(look->id, call->id, sizeof(look->id));
	if (arrives) {
		call->stage = CALL_FACTS;
	}
	effects_copy(&copy, &call->effects); /* a preview may want ours meanwhile */
	facts_work(g->loop, &g->facts, &copy, on_facts, look);
}

void call_arrived(struct gate *g, enum gate_side from, const struct message *m, struct span line)
{
	const char *why = NULL;
	if (g->waiting >= (unsigned)g->config->number[OPTION_QUEUE_PENDING]) {
		struct buf out = { 0 };
		refusal_answer(&out, m, m->id,
			"NOT executed: too many calls wait for approval already. Wait for those "
			"first.");
		gate_to_side(g, from, &out);
		return;
	}
	struct pending *entry = xcalloc(1, sizeof(*entry));
	if (!gate_expect(g, from, m->key, entry, &why)) {
		pending_destroy(entry);
		gate_refuse(g, from, (struct span){ 0 }, RPC_INVALID, why);
		return;
	}
	struct call *call = create(g, from, m, line);
	entry->call = call;
	call->arrived_ms = uv_now(g->loop);
	call_extract(call);
	if (from == SIDE_CLIENT) {
		lane_add_call(g->lane, call);
	}
	if (m->entry->special == METHOD_TOOLS_CALL && !tools_fresh(g->tools) &&
		tools_ask(g->tools, &call->message)) {
		call->stage = CALL_LISTING;
		return;
	}
	call_gather(call);
}

/* ---- what the broker says ---- */

void call_allowed(struct call *call, int64_t number)
{
	if (!call_undecided(call)) {
		return;
	}
	call->number = number;
	call_step(call, LIFE_EV_ALLOW);
	decided(call);
	if (!call->in_lane) {
		call_forward(call);
	}
}

void call_held(struct call *call, int64_t number)
{
	if (call->state != LIFE_HELD) {
		return;
	}
	call->stage = CALL_ANSWERED;
	call->number = number;
	lane_forget(call->gate->lane, call);
	gate_tick(call->gate, uv_now(call->gate->loop));
}

static bool has_room(const struct call *call)
{
	const struct gate *g = call->gate;
	uint64_t room = (uint64_t)g->config->number[OPTION_GATE_ROOM] * 1000;
	uint64_t p95 = tools_p95_ms(g->tools, span_of(call->tool));
	if (!call->deadline_ms || (call->token && g->deadline->progress_extends)) {
		return true;
	}
	return uv_now(g->loop) + (p95 > room ? p95 : room) <= call->deadline_ms;
}

static void park(struct call *call, char *words)
{
	words = call_edited_words(call, words);
	gate_answer(call->gate, call, words);
	free(words);
	call_step(call, LIFE_EV_PARK);
	decided(call);
	wire_note(call->gate->wire, "parked", call, NULL, NULL, -1, -1);
	call->park_ms = uv_now(call->gate->loop) +
		(uint64_t)call->gate->config->number[OPTION_GATE_PARK_SECONDS] * 1000;
	gate_tick(call->gate, call->park_ms);
}

void call_check(struct call *call)
{
	if (call->state != LIFE_HELD) {
		return; /* what this call owes the broker is on its way */
	}
	call_step(call, LIFE_EV_APPROVE);
	if (!call->key[0]) {
		call->check_waits = true;
	} else if (!has_room(call)) {
		park(call, refusal_approved_late(call->number));
	} else {
		call_gather(call);
	}
}

void call_back(struct call *call)
{
	if (call->state == LIFE_APPROVED) {
		call_step(call, LIFE_EV_CHANGED);
		call->check_waits = false;
		gate_tick(call->gate, uv_now(call->gate->loop));
	}
}

void call_go(struct call *call, const struct hash *bytes)
{
	struct hash mine = hash_of(call->message.params);
	if (call->state != LIFE_APPROVED || !call->key[0]) {
		return;
	}
	if (!hash_same(&mine, bytes) && guard_on(GUARD_BYTES)) {
		log_line("%s: the released bytes are not the held ones; not forwarded", call->id);
		call_withdraw(call, "bytes differ");
		return;
	}
	struct gate *g = call->gate;
	char id[sizeof(call->id)];
	memcpy(id, call->id, sizeof(id));
	if (guard_on(GUARD_WITHDRAWN)) {
		stream_read_now(call->from == SIDE_CLIENT ? g->client_in : g->server_out);
	}
	call = call_find(g, span_of(id)); /* the client may have taken it back just now */
	if (call && call->state == LIFE_APPROVED) {
		call->by_person = true;
		call_step(call, LIFE_EV_READY);
		decided(call);
		call_forward(call);
	}
}

void call_denied(struct call *call, struct span said, bool by_person)
{
	if (call_waits(call)) {
		char *words = call_denied_words(said, by_person);
		call_step(call, LIFE_EV_DENY);
		decided(call);
		if (!call->key[0]) {
			call->late_words = words; /* between rounds: the next one is told */
			return;
		}
		gate_answer(call->gate, call, words);
		free(words);
	} else if (call->state != LIFE_PARKED && call->state != LIFE_ARMED) {
		return;
	}
	struct lane *lane = call->gate->lane;
	call_destroy(call);
	lane_move(lane);
}

/* ---- to the other side, and its answer ---- */

/* A later round of a multi-round hold has its own id and token; everything else is what came first.
 */
static void splice_round(struct call *call)
{
	struct buf out = { 0 };
	struct message *m = &call->message;
	if (call->token && m->progress_token.at) {
		message_splice(
			buf_view(&call->line), m->progress_token, span_of(call->token), &out);
		ptrdiff_t shift = (ptrdiff_t)strlen(call->token) - (ptrdiff_t)m->progress_token.len;
		if (m->id.at > m->progress_token.at) {
			m->id.at += shift;
		}
		message_rebase(m, out.data);
		buf_finish(&call->line);
		call->line = out;
		out = (struct buf){ 0 };
	}
	message_splice(buf_view(&call->line), m->id, span_of(call->reply_id), &out);
	buf_finish(&call->line);
	call->line = out;
}

void call_forward(struct call *call)
{
	struct gate *g = call->gate;
	assert(call->state == LIFE_RELEASED);
	if (call->rounds) {
		splice_round(call);
	}
	gate_before_read(call);
	call->forwarded_us = uv_hrtime() / 1000;
	gate_to_side(g, call->from == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT, &call->line);
	call_step(call, LIFE_EV_FORWARD);
	if (call->by_person) {
		wire_note(g->wire, "forwarded", call, NULL, NULL, -1, -1);
	}
	if (call->before) {
		wire_note(g->wire, "before", call, NULL, NULL, -1, -1);
	}
}

void call_finished(struct call *call, const char *outcome, int64_t size)
{
	uint64_t took = uv_hrtime() / 1000 - call->forwarded_us;
	call_step(call, LIFE_EV_FINISH);
	if (size >= 0) {
		tools_took(call->gate->tools, call->tool, took);
	}
	facts_remember(&call->gate->facts, &call->effects);
	wire_note(call->gate->wire, "done", call, "outcome", outcome, size, (int64_t)took);
	call_destroy(call);
}

void call_withdraw(struct call *call, const char *why)
{
	struct lane *lane = call->gate->lane;
	if (call_waits(call) || call->state == LIFE_RELEASED) {
		if (call_waits(call)) {
			decided(call);
		}
		call_step(call, LIFE_EV_WITHDRAW);
		if (call->submitted) {
			wire_note(call->gate->wire, "withdrawn", call, "why", why, -1, -1);
		}
		call_destroy(call);
		lane_move(lane);
	}
}

void call_withdraw_all(struct gate *g, const char *why, const char *words)
{
	struct call *next;
	for (struct call *call = g->first_call; call; call = next) {
		next = call->next;
		if (!call_waits(call) && call->state != LIFE_RELEASED) {
			continue;
		}
		if (words && call->key[0]) {
			gate_answer(g, call, words);
		}
		lane_forget(g->lane, call);
		call_withdraw(call, why);
	}
}

void call_park_all(struct gate *g)
{
	struct call *next;
	for (struct call *call = g->first_call; call; call = next) {
		next = call->next;
		if (call->from == SIDE_CLIENT && call_waits(call) && call->stage == CALL_ANSWERED &&
			call->key[0]) {
			park(call, refusal_waiting(call->number, wire_watched(g->wire)));
		}
	}
}

bool call_no_broker(struct gate *g, uint64_t now, uint64_t after_ms)
{
	struct call *next;
	bool some = false;
	for (struct call *call = g->first_call; call; call = next) {
		next = call->next;
		if (!call_undecided(call) || call->stage != CALL_ASKED) {
			continue;
		}
		if (now < call->asked_ms + after_ms) {
			some = true;
			continue;
		}
		char *words = refusal_no_broker();
		gate_answer(g, call, words);
		free(words);
		call_withdraw(call, "no broker");
	}
	return some;
}

void call_resubmit_all(struct gate *g)
{
	for (struct call *call = g->first_call; call; call = call->next) {
		if (call->state == LIFE_FORWARDED) {
			wire_note(g->wire, "forwarded", call, NULL, NULL, -1, -1);
			continue;
		}
		if (call->state == LIFE_APPROVED) {
			/* the decision is with the broker: it asks again */
			call_step(call, LIFE_EV_CHANGED);
		}
		if ((call->state == LIFE_HELD && call->stage >= CALL_ASKED) ||
			call->state == LIFE_PARKED || call->state == LIFE_ARMED) {
			wire_submit(g->wire, call);
		}
	}
}

/* ---- time ---- */

static void send_progress(struct call *call, uint64_t now)
{
	struct gate *g = call->gate;
	struct buf out = { 0 };
	char *words = xasprintf("waiting for approval (#%lld %s)%s", (long long)call->number,
		call->tool, wire_watched(g->wire) ? "" : ": open a terminal and run: bascule");
	refusal_progress(&out, span_of(call->token), ++call->progress, words);
	free(words);
	gate_to_side(g, call->from, &out);
	call->progress_ms = now + (uint64_t)g->config->number[OPTION_GATE_PROGRESS];
	if (g->deadline->progress_extends && !g->config->number[OPTION_GATE_HOLD_MAX]) {
		set_deadlines(call);
	}
}

static void due_waiting(struct call *call, uint64_t now)
{
	struct gate *g = call->gate;
	if (call->between_ms) {
		if (now >= call->between_ms + CALL_BETWEEN_MS) {
			call_withdraw(call, "client_left");
		} else {
			gate_tick(g, call->between_ms + CALL_BETWEEN_MS);
		}
		return;
	}
	if (call->token && now >= call->progress_ms) {
		send_progress(call, now);
	}
	if (call->park_ms && now >= call->park_ms && call->state == LIFE_HELD) {
		if (call_can_round(call)) {
			call_end_round(call);
		} else {
			park(call, refusal_waiting(call->number, wire_watched(g->wire)));
		}
		return;
	}
	if (call->park_ms && call->state == LIFE_HELD) {
		gate_tick(g, call->park_ms);
	}
	if (call->token) {
		gate_tick(g, call->progress_ms);
	}
}

void call_due(struct gate *g, uint64_t now)
{
	struct call *next;
	for (struct call *call = g->first_call; call; call = next) {
		next = call->next;
		if (call_undecided(call) && call->stage == CALL_BEHIND) {
			call_gather(call);
		} else if (call_waits(call) && call->stage == CALL_ANSWERED) {
			due_waiting(call, now);
		} else if (call->late_words && now >= call->between_ms + CALL_BETWEEN_MS) {
			call_destroy(call);
		} else if (call->state == LIFE_PARKED || call->state == LIFE_ARMED) {
			if (now >= call->park_ms) {
				call_step(call, LIFE_EV_EXPIRE);
				call_destroy(call);
			} else {
				gate_tick(g, call->park_ms);
			}
		}
	}
}
