/*
 * From a submission to a verdict. The effects are extracted again here, from the client's own
 * bytes; the gate's facts are taken, its reading is compared. A call that was submitted before (the
 * connection broke, a broker died) is the same call: it keeps its row, its place and its decision.
 */
#include "config.h"

#include "ipc/broker_body.h"
#include "ipc/broker_grant.h"
#include "ipc/broker_stand.h"
#include "ipc/broker_submission.h"

#include "core/effects/extract.h"
#include "core/canon.h"
#include "core/diag.h"
#include "core/jsonw.h"
#include "core/rewrite.h"
#include "ipc/fault.h"
#include "ipc/log.h"
#include "ipc/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void finish_submission(struct submission *s)
{
	char *const texts[] = { s->call, s->method, s->tool, s->era, s->toward, s->branch,
		s->client, s->client_version, s->doubt, s->edited_by, s->edit_trouble, s->target };
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		free(texts[i]);
	}
	effects_finish(&s->effects);
}

static char *text_of(struct span value)
{
	return value.at ? json_strdup(value) : NULL;
}

static bool flag_of(struct span value)
{
	bool flag = false;
	return value.at && json_bool(value, &flag) && flag;
}

static void read_client(struct submission *s, struct span client)
{
	struct span name = { 0 }, version = { 0 };
	const struct json_want wants[] = { JSON_WANT("name", &name),
		JSON_WANT("version", &version) };
	if (client.at && json_type(client) == JSON_OBJECT) {
		json_pick(client, wants, COUNT_OF(wants));
		s->client = text_of(name);
		s->client_version = text_of(version);
	}
}

static void read_pin(struct submission *s, struct span pin)
{
	/* Hex needs no escape: what stands between the quotes is the text. */
	s->listed = pin.len == HASH_HEX + 2 &&
		hash_from_hex((struct span){ pin.at + 1, HASH_HEX }, &s->pin);
}

static bool call_id_fits(const char *call, const struct conn *c)
{
	size_t n = strlen(c->instance);
	return call && strncmp(call, c->instance, n) == 0 && call[n] == '-' && strlen(call) < 40 &&
		strspn(call + n + 1, "0123456789") == strlen(call + n + 1) && call[n + 1] > '0' &&
		strlen(call + n + 1) <= 15;
}

static bool read_submission(
	struct submission *s, const struct conn *c, const struct message *m, struct err *err)
{
	struct span call = { 0 }, method = { 0 }, tool = { 0 }, era = { 0 }, toward = { 0 },
		    branch = { 0 }, doubt = { 0 }, again = { 0 }, parked = { 0 }, client = { 0 },
		    pin = { 0 }, deadline = { 0 }, effects = { 0 }, edited_by = { 0 },
		    edit_trouble = { 0 };
	const struct json_want wants[] = { JSON_WANT("call", &call), JSON_WANT("again", &again),
		JSON_WANT("parked", &parked), JSON_WANT("method", &method),
		JSON_WANT("tool", &tool), JSON_WANT("toward", &toward), JSON_WANT("era", &era),
		JSON_WANT("client", &client), JSON_WANT("pin", &pin),
		JSON_WANT("effects", &effects), JSON_WANT("branch", &branch),
		JSON_WANT("doubt", &doubt), JSON_WANT("deadline", &deadline),
		JSON_WANT("params", &s->params), JSON_WANT("proposed", &s->proposed),
		JSON_WANT("edited_by", &edited_by), JSON_WANT("edit_trouble", &edit_trouble) };
	json_pick(m->params, wants, COUNT_OF(wants));
	s->rpc = m->id;
	s->call = text_of(call);
	s->method = text_of(method);
	s->tool = text_of(tool);
	s->era = text_of(era);
	s->toward = text_of(toward);
	s->branch = text_of(branch);
	s->doubt = text_of(doubt);
	s->edited_by = text_of(edited_by);
	s->edit_trouble = text_of(edit_trouble);
	s->again = flag_of(again);
	s->parked = flag_of(parked);
	read_client(s, client);
	c->stands[0] ? stand_pin(c, s) : read_pin(s, pin);
	if (deadline.at) {
		json_int(deadline, &s->deadline_ms);
	}
	if (s->rpc.len >= sizeof(((struct answer *)NULL)->rpc) || !call_id_fits(s->call, c) ||
		!s->method || !s->tool || !s->toward || json_type(s->params) != JSON_OBJECT) {
		return fail(
			err, WIRE_NOT_UNDERSTOOD, "a submission lacks what the protocol asks for");
	}
	return effects_read(&s->effects, effects, err);
}

/* The tool named to the broker must be the one in the bytes: it is what is judged, shown and
 * recorded. */
static bool read_params(struct submission *s, struct err *err)
{
	const struct json_want wants[] = { JSON_WANT("name", &s->name),
		JSON_WANT("arguments", &s->arguments), JSON_WANT("uri", &s->uri) };
	json_pick(s->params, wants, COUNT_OF(wants));
	if (strcmp(s->method, "tools/call") == 0 && !json_is(s->name, s->tool)) {
		return fail(err, WIRE_NOT_UNDERSTOOD, "the tool is not the one in params");
	}
	if (s->arguments.at && json_type(s->arguments) != JSON_OBJECT) {
		return fail(err, WIRE_NOT_UNDERSTOOD, "arguments are not an object");
	}
	if (s->proposed.at && !edit_is_sound(s)) {
		return fail(err, WIRE_NOT_UNDERSTOOD, "more than the arguments was changed");
	}
	return true;
}

static struct hash same_form(
	const struct submission *s, const struct conn *c, struct span arguments)
{
	struct hash_run run;
	hash_begin(&run);
	hash_part(&run, span_of(s->method));
	hash_part(&run, (struct span){ (const char *)c->claims.tuple.byte, HASH_BYTES });
	hash_part(&run, (struct span){ (const char *)s->pin.byte, s->listed ? HASH_BYTES : 0 });
	canon_hash(&run, s->name);
	canon_hash(&run, s->uri);
	canon_hash(&run, arguments);
	if (!s->name.at && !s->uri.at) {
		canon_hash(&run, s->params);
	}
	return hash_end(&run);
}

static struct hash plain_form(const struct submission *s, const struct conn *c)
{
	struct buf plain = { 0 };
	if (!c->beside[0] || !s->arguments.at) {
		return s->same;
	}
	rewrite_without(s->arguments, c->beside, &plain);
	struct hash hash = same_form(s, c, buf_view(&plain));
	buf_finish(&plain);
	return hash;
}

static struct policy_call call_of(const struct submission *s)
{
	return (struct policy_call){ .method = span_of(s->method),
		.tool = span_of(s->tool),
		.same = span_of(s->same_hex),
		.effects = &s->effects,
		.agreed = s->agreed,
		.listed = s->listed };
}

static void judge(struct submission *s, struct conn *c)
{
	struct effects mine;
	const struct extract reading = { .profiles = c->broker->policy.files.profiles,
		.profile = span_of(c->claims.profile),
		.method = span_of(s->method),
		.tool = span_of(s->tool),
		.arguments = s->arguments,
		.server = c->claims.name,
		.named = true,
		.cwd = c->claims.cwd };
	effects_extract(&mine, &reading);
	s->agreed = effects_same(&mine, &s->effects);
	effects_finish(&mine);
	policy_complete(
		c, s->tool, s->arguments, s->listed ? &s->pin : NULL, s->doubt, &s->effects);
	s->bytes = hash_of(s->params);
	s->same = same_form(s, c, s->arguments);
	s->plain = plain_form(s, c);
	hash_hex(&s->same, s->same_hex);
	struct policy_call call = call_of(s);
	policy_fill(c->broker, c, &c->claims, &call);
	policy_verdict(c->broker, &call, &s->judgement);
	if (c->broker->master.mode == MASTER_DENY) {
		master_tightens(c->broker, &s->judgement);
	}
	s->facts = effects_hash(&s->effects, span_of(s->branch));
}

void judge_item(const struct item *item, const struct effects *effects, struct judgement *out)
{
	struct policy_call call = { .method = span_of(item->method),
		.tool = span_of(item->tool),
		.effects = effects,
		.agreed = effects_same(effects, &item->effects),
		.listed = item->listed };
	policy_fill(item->broker, item->conn, &item->claims, &call);
	policy_verdict(item->broker, &call, out);
}

/* ---- answers ---- */

void submission_answer(struct conn *c, const struct submission *s, enum verdict verdict,
	int64_t number, const char *because)
{
	struct answer a = { .conn = c->id,
		.verdict = verdict,
		.number = number,
		.rule = s->judgement.rule,
		.because = because,
		.instead = s->instead,
		.before = { s->before.count, s->before.number, s->before.at_ms, NULL } };
	snprintf(a.call, sizeof(a.call), "%s", s->call);
	snprintf(a.rpc, sizeof(a.rpc), "%.*s", SPAN_FMT(s->rpc));
	snprintf(a.reason, sizeof(a.reason), "%s", s->judgement.reason);
	record_answer(c->broker, &a);
}

static void fill_row(const struct submission *s, const struct conn *c, enum life_state state,
	struct history_call *row)
{
	*row = (struct history_call){
		.call = span_of(s->call),
		.session = c->session,
		.state = state,
		.method = span_of(s->method),
		.tool = span_of(s->tool),
		.target = span_of(s->target),
		.era = span_of(s->era),
		.toward = span_of(s->toward),
		.verdict = span_of(verdict_name(s->judgement.verdict)),
		.rule = span_of(s->judgement.rule),
		.reason = span_of(s->judgement.reason),
		.arrived_us = (s->arrived_ms ? s->arrived_ms : clock_wall_ms()) * 1000,
		.branch = span_of(s->branch),
		.size = -1,
		.took_us = -1,
	};
	memcpy(row->bytes, s->bytes.byte, HISTORY_HASH);
	memcpy(row->same, s->same.byte, HISTORY_HASH);
	memcpy(row->facts, s->facts.byte, HISTORY_HASH);
}

/* Writes the row of a verdict that needs no person. False: not recorded, so not said. */
static bool record_row(
	struct conn *c, const struct submission *s, enum life_state state, int64_t *number)
{
	struct broker *b = c->broker;
	struct history_call row;
	struct err err;
	fill_row(s, c, state, &row);
	row.number = *number;
	if (life_is_end(state)) {
		row.finished_us = row.decided_us = row.arrived_us;
	}
	if (!record_begin(b)) {
		return false;
	}
	if (!(*number ? history_update(b->history, &row, &err)
		      : history_add(b->history, &row, &err))) {
		if (err.code != DIAG_BAD_MESSAGE) { /* an id that was used before is this call's
						       trouble alone */
			record_failed(b, &err);
		}
		return false;
	}
	c->calls += *number == 0;
	*number = row.number;
	record_effects(b, row.number, policy_effects_json(b, &s->effects, s->clean));
	body_submission(b, row.number, s);
	who_record(c, row.number, s->params, state == LIFE_HELD);
	return true;
}

struct item *submission_item(struct conn *c, struct submission *s, int64_t number)
{
	struct item *item = item_create(c->broker, ITEM_CALL, s->call, s->arrived_ms);
	size_t head = s->params.len < BROKER_HEAD ? s->params.len : BROKER_HEAD;
	item->conn = c;
	item->session = c->session;
	item->agent = agent_ref(c->agent);
	claims_copy(&item->claims, &c->claims);
	item->number = number;
	item->method = xstrdup(s->method);
	item->tool = xstrdup(s->tool);
	item->target = xstrdup(s->target);
	item->toward = xstrdup(s->toward);
	item->era = xstrdup(s->era);
	item->client = xstrdup(s->client);
	item->client_version = xstrdup(s->client_version);
	caller_read(&item->caller, s->params);
	seat_copy(&item->from, &c->from);
	item->branch = xstrdup(s->branch ? s->branch : "");
	item->effects = s->effects;
	s->effects = (struct effects){ 0 };
	item->judgement = s->judgement;
	item->deadline_ms = s->deadline_ms;
	item->bytes = s->bytes;
	item->same = item->asked = s->same;
	memcpy(item->same_hex, s->same_hex, sizeof(item->same_hex));
	item->facts = s->facts;
	item->pin = s->pin;
	item->listed = s->listed;
	item->head = span_dup((struct span){ s->params.at, head });
	item->said = s->said[0] ? xstrdup(s->said) : NULL;
	item->counted = true;
	c->waiting++;
	if (s->proposed.at) {
		edit_attach(item, s);
	}
	return item;
}

/* ---- the ways a submission can go ---- */

const char submission_used_before[] = "this call id was used before";

/* A call that could not be recorded: in the queue, with the reason, and nothing can release it
 * before it is. An id that was used before can never be recorded and is refused. */
static void unrecorded(struct conn *c, struct submission *s)
{
	struct broker *b = c->broker;
	if (!b->record.trouble[0]) {
		wire_error(c, s->rpc, WIRE_NOT_UNDERSTOOD, submission_used_before);
		return;
	}
	s->judgement.verdict = VERDICT_HOLD;
	s->judgement.rule = "built-in:history";
	snprintf(s->judgement.reason, sizeof(s->judgement.reason), "%s", b->record.trouble);
	struct item *item = submission_item(c, s, 0);
	item_say(item, "%s", b->record.trouble);
	submission_answer(c, s, VERDICT_HOLD, 0, "history");
	attention_new(b, item);
}

static void allow(struct conn *c, struct submission *s, int64_t number, const char *because)
{
	struct broker *b = c->broker;
	if (!record_row(c, s, LIFE_RELEASED, &number)) {
		unrecorded(c, s);
		return;
	}
	fault_at(FAULT_BROKER, LIFE_EV_ALLOW);
	denied_forget(b, c->agent, &s->same);
	map_put(&c->flights, span_of(s->call), (void *)(uintptr_t)number);
	if (strcmp(because, "grant") == 0) {
		stand_granted(c, s, number);
	}
	submission_answer(c, s, VERDICT_ALLOW, number, because);
	feed_passed(b, c, number, span_of(s->tool), s->target, s->judgement.rule);
}

static void hold(struct conn *c, struct submission *s, int64_t number, const char *because)
{
	struct broker *b = c->broker;
	enum verdict judged = s->judgement.verdict;
	bool added = number == 0;
	s->judgement.verdict = VERDICT_HOLD;
	bool recorded = record_row(c, s, LIFE_HELD, &number);
	s->judgement.verdict = judged;
	if (!recorded) {
		return unrecorded(c, s);
	}
	struct item *item = submission_item(c, s, number);
	item->added = added;
	if (item->edit) {
		item_step(item, LIFE_EV_RESUBMIT); /* writes both arguments */
	}
	if (c->trust == TRUST_ASK) {
		item->hidden = true;
		item_changed(item_server_question(b, c));
	} else {
		feed_item(item);
		attention_new(b, item);
	}
	submission_answer(c, s, VERDICT_HOLD, item->number, because);
}

static void deny(struct conn *c, struct submission *s, int64_t number)
{
	s->judgement.verdict = VERDICT_DENY;
	record_row(c, s, LIFE_DENIED, &number);
	c->broker->counters.denied++;
	c->broker->counters_dirty = true;
	s->before = denied_before(c->broker, c->agent, &s->same);
	if (c->trust == TRUST_YES) {
		struct policy_call call = call_of(s);
		policy_fill(c->broker, c, &c->claims, &call);
		denied_instead(c->broker, &call, false, &s->instead);
	}
	submission_answer(c, s, VERDICT_DENY, number, "policy");
	denied_note(c->broker, c->agent, &s->same, number, s->judgement.reason);
}

/* A grant stands in for the person, and like a person's yes it needs a history to write to. */
static bool granted(struct conn *c, struct submission *s)
{
	struct policy_call call = call_of(s);
	policy_fill(c->broker, c, &c->claims, &call);
	return !c->broker->record.trouble[0] && grant_covers(c, &call, &s->judgement);
}

void submission_by_policy(struct conn *c, struct submission *s, int64_t number)
{
	struct broker *b = c->broker;
	struct judgement asked;
	bool released = stand_asked(c, s, &asked);
	if (c->trust == TRUST_NO) {
		s->judgement.rule = "built-in:server";
		snprintf(s->judgement.reason, sizeof(s->judgement.reason),
			"the user did not accept this MCP server");
		deny(c, s, number);
	} else if (s->judgement.verdict == VERDICT_DENY) {
		deny(c, s, number);
	} else if (c->trust == TRUST_ASK) {
		hold(c, s, number, "server");
	} else if (s->proposed.at) { /* what a person has edited, a person releases */
		hold(c, s, number, "policy");
	} else if (s->judgement.verdict == VERDICT_ALLOW && !b->record.trouble[0] &&
		!master_tightens(b, &s->judgement)) {
		allow(c, s, number, "policy");
	} else if (released) {
		s->judgement = asked;
		allow(c, s, number, "hook");
	} else if (b->master.mode == MASTER_POLICY && granted(c, s)) {
		allow(c, s, number, "grant");
	} else {
		hold(c, s, number, b->record.trouble[0] ? "history" : "policy");
	}
}

static void decide(struct conn *c, struct submission *s)
{
	struct broker *b = c->broker;
	struct item *item = item_find(b, span_of(s->call));
	struct lost *lost = lost_take(b, span_of(s->call));
	if (item) {
		again_item(item, c, s);
	} else if (lost && lost->stored && !again_is_lost(lost, c, s)) {
		wire_error(c, s->rpc, WIRE_NOT_UNDERSTOOD, submission_other_bytes);
		lost->next = b->lost;
		b->lost = lost;
		return;
	} else if (lost) {
		again_lost(lost, c, s);
	} else if (s->again && again_ended(c, s)) {
		return;
	} else if (s->parked) {
		/* Its row went on under the identical call that took its place, or there never was
		 * one. */
		submission_answer(c, s, VERDICT_DENY, 0, "policy");
	} else if ((item = again_find_parked(c, s))) {
		again_parked(item, c, s);
	} else {
		submission_by_policy(c, s, 0);
	}
	lost_free(lost);
}

/* What is shown and kept of it everywhere: without the secrets in it. */
static void name_target(struct submission *s, struct broker *b)
{
	s->clean = s->arguments.at && !policy_carries_secret(&s->effects);
	if (!s->clean) {
		char *reason = xstrdup(s->judgement.reason);
		body_mark(b, &reason);
		snprintf(s->judgement.reason, sizeof(s->judgement.reason), "%s", reason);
		free(reason);
	}
	s->target = s->clean ? xstrdup(effects_target(&s->effects))
			     : body_target(b, &s->effects);
}

void judge_submit(struct conn *c, const struct message *m)
{
	struct submission s = { 0 };
	struct err err = { 0 };
	if (c->waiting >= (unsigned)c->broker->config->number[OPTION_QUEUE_PENDING]) {
		wire_error(c, m->id, WIRE_TOO_MANY, "too many calls of this client wait already");
	} else if (!read_submission(&s, c, m, &err) || !read_params(&s, &err)) {
		log_line("gate %d: %s", (int)c->process.pid, err.text);
		wire_error(c, m->id, WIRE_NOT_UNDERSTOOD, err.text);
	} else if (map_get(&c->flights, span_of(s.call))) {
		log_line("gate %d: a call was submitted twice", (int)c->process.pid);
		wire_error(c, m->id, WIRE_NOT_UNDERSTOOD, "this call was allowed already");
	} else {
		judge(&s, c);
		name_target(&s, c->broker);
		decide(c, &s);
	}
	finish_submission(&s);
}
