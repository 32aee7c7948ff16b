/*
 * Arguments that a person changes before a call is released. The person's request goes to the gate,
 * which alone has the line; what comes back is a submission of the same call with other arguments.
 * It is judged like any other, gets a new revision, and is a question again: an edit releases
 * nothing, and what the rules deny cannot be approved. Both arguments are recorded with the row.
 */
#include "config.h"

#include "ipc/broker_submission.h"
#include "ipc/broker_body.h"

#include "core/rewrite.h"
#include "core/rpc.h"
#include "ipc/log.h"
#include "ipc/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the request ---- */

struct wish {
	char *call;
	int64_t revision;
	struct span arguments; /* absent: none that can be taken */
};

static struct wish wish_read(struct span params)
{
	struct span value = { 0 };
	struct wish wish = { .call = json_member_text(params, "call"), .revision = -1 };
	if (params.at && json_member(params, "revision", &value)) {
		json_int(value, &wish.revision);
	}
	bool fits = params.at && json_member(params, "arguments", &value) &&
		json_type(value) == JSON_OBJECT && value.len <= REWRITE_MAX &&
		!memchr(value.at, '\r', value.len); /* some readers would end the line there */
	wish.arguments = fits ? value : (struct span){ 0 };
	return wish;
}

/* Why not, with the code; NULL: it can be edited. */
static const char *refusal_of(const struct wish *wish, const struct item *item, int *code)
{
	*code = WIRE_NOT_UNDERSTOOD;
	if (!wish->call || wish->revision < 0 || !wish->arguments.at) {
		return "an edit needs call, revision and arguments, an object of 256 KiB at most";
	}
	*code = WIRE_NOT_WAITING;
	if (!item || item->hidden || item->state == LIFE_APPROVED || !item_is_open(item)) {
		return "the call does not wait any more";
	}
	if (item->state != LIFE_HELD) {
		return "its agent has an answer already: a parked call cannot be edited";
	}
	if (item->kind != ITEM_CALL || strcmp(item->method, "tools/call") != 0) {
		return "only a tool call has arguments";
	}
	if (item->later.due) {
		return "it is being decided; take that back first";
	}
	if (item->editing) {
		return "it is being edited already";
	}
	if (!item->conn) {
		return "its gate is not connected";
	}
	*code = WIRE_CHANGED;
	return (int64_t)item->revision != wish->revision
		? "the call changed since it was shown; look again"
		: NULL;
}

static void tell_gate(struct item *item, struct span arguments)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_open(&line, (struct span){ 0 }, "edit");
	jw_kv_text(&w, "call", item->call);
	jw_kv_text(&w, "by", item->editing);
	jw_kv_raw(&w, "arguments", arguments);
	rpc_close(&w);
	conn_send(item->conn, &line);
}

void edit_message(struct conn *c, const struct message *m)
{
	struct broker *b = c->broker;
	struct wish wish = wish_read(m->params);
	struct item *item = wish.call ? item_find(b, span_of(wish.call)) : NULL;
	struct buf line = { 0 };
	int code = 0;
	const char *why = refusal_of(&wish, item, &code);
	if (why) {
		wire_error(c, m->id, code, why);
	} else if (b->record.trouble[0] || !item->number) {
		wire_error(c, m->id, WIRE_NOT_RECORDED,
			b->record.trouble[0] ? b->record.trouble : "the call is not recorded");
	} else {
		item->editing = xstrdup(c->seat);
		tell_gate(item, wish.arguments);
		struct jsonw w = rpc_answer(&line, m->id, "result");
		jw_kv_text(&w, "state", life_state_name(item->state));
		rpc_close(&w);
		conn_send(c, &line);
	}
	free(wish.call);
}

/* ---- what the gate makes of it ---- */

bool edit_is_sound(const struct submission *s)
{
	return strcmp(s->method, "tools/call") == 0 && s->edited_by &&
		rewrite_is_of(s->proposed, s->params);
}

bool edit_fits(const struct item *item, const struct submission *s)
{
	struct hash proposed = hash_of(s->proposed);
	return s->proposed.at && (item->state == LIFE_HELD || item->state == LIFE_PARKED) &&
		!hash_same(&item->bytes, &s->bytes) &&
		hash_same(&proposed, item->edit ? &item->edit->proposed_bytes : &item->bytes);
}

static bool has_secret(struct broker *b, struct span text)
{
	struct secret_finding finding;
	size_t count = 0;
	return secrets_scan(b->policy.secrets, text, true, &finding, 1, &count) != SECRET_NONE;
}

static void attach(struct item *item, const struct submission *s, const char *by)
{
	struct broker *b = item->broker;
	struct span from = { 0 }, to = { 0 };
	json_member(s->proposed, "arguments", &from);
	json_member(s->params, "arguments", &to);
	bool keep = !policy_carries_secret(&item->effects) && !has_secret(b, from) &&
		!has_secret(b, to);
	struct edit *edit = xcalloc(1, sizeof(*edit));
	*edit = (struct edit){ .by = xstrdup(by),
		.at_ms = clock_wall_ms(),
		.proposed = keep ? span_dup(from) : NULL,
		.effective = keep ? span_dup(to) : NULL,
		.proposed_bytes = hash_of(s->proposed) };
	edit_forget(item);
	item->edit = edit;
}

/* What the rules say now; it waits in any case. */
static void say_judgement(struct item *item)
{
	struct judgement *j = &item->judgement;
	item->releasable = j->verdict == VERDICT_ALLOW;
	if (j->verdict == VERDICT_DENY) {
		item_say(item, "the rules deny it like this: %s", j->reason);
	} else if (j->verdict == VERDICT_ALLOW) {
		j->verdict = VERDICT_HOLD;
		item_say(item, "the rules would allow it now (%s)", j->rule);
	} else {
		free(item->said);
		item->said = NULL;
		item_changed(item);
	}
}

void edit_attach(struct item *item, const struct submission *s)
{
	attach(item, s, s->edited_by);
	say_judgement(item);
}

void edit_take(struct item *item, struct conn *c, struct submission *s)
{
	size_t head = s->params.len < BROKER_HEAD ? s->params.len : BROKER_HEAD;
	char *by = item->editing ? item->editing : xstrdup(s->edited_by);
	bool had_secret = policy_carries_secret(&item->effects);
	item->editing = NULL;
	submission_take_facts(item, s);
	attach(item, s, by);
	free(by);
	if (had_secret) {
		free(item->edit->proposed);
		free(item->edit->effective);
		item->edit->proposed = item->edit->effective = NULL;
	}
	item->bytes = s->bytes;
	item->same = s->same;
	memcpy(item->same_hex, s->same_hex, sizeof(item->same_hex));
	item->judgement = s->judgement;
	free(item->target);
	item->target = xstrdup(s->target);
	free(item->head);
	item->head = span_dup((struct span){ s->params.at, head });
	say_judgement(item);
	record_effects(
		c->broker, item->number, policy_effects_json(c->broker, &item->effects, false));
	body_submission(c->broker, item->number, s);
	if (item->state == LIFE_PARKED && record_begin(c->broker)) {
		item_write(item); /* else with the step that follows */
	}
}

/* ---- the record ---- */

bool edit_record(const struct item *item, struct err *err)
{
	const struct edit *edit = item->edit;
	if (!edit) {
		return true;
	}
	struct history_edit row = { .number = item->number,
		.by = span_of(edit->by),
		.at_us = edit->at_ms * 1000,
		.proposed = span_of(edit->proposed),
		.effective = span_of(edit->effective),
		.target = span_of(item->target) };
	memcpy(row.bytes, item->bytes.byte, HISTORY_HASH);
	memcpy(row.same, item->same.byte, HISTORY_HASH);
	return history_edit(item->broker->history, &row, err);
}

void edit_forget(struct item *item)
{
	if (item->edit) {
		free(item->edit->by);
		free(item->edit->proposed);
		free(item->edit->effective);
		free(item->edit);
		item->edit = NULL;
	}
	free(item->editing);
	item->editing = NULL;
}
