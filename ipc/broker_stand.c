/*
 * One call, one question (core/policy/once.h): a hook whose call is of an MCP server's tool stands
 * for the gate in front of that server, and what is approved there is not asked again here.
 *
 * Promises: a hook speaks with the claims of a gate only if that gate is connected and has told
 * of its server, is accepted, of the same agent process, and the only one of its name; its call
 * leaves a way through for that gate's next equal call, once, and only if a person or a grant
 * released it. The same for the permission question that an agent asks after a hook of its own, of
 * the same call. Called by broker_gate.c, broker_item.c and broker_judge.c.
 */
#include "config.h"

#include "ipc/broker_grant.h"
#include "ipc/broker_stand.h"

#include "core/hook.h"
#include "ipc/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In front of a server, not for an agent's own tools, and of the same agent process as this hook.
 */
static bool is_gate_of(const struct conn *gate, const struct conn *hook)
{
	return gate != hook && gate->role == ROLE_GATE && gate->stream && !gate->stands[0] &&
		!hook_find(span_of(gate->claims.profile)) &&
		agent_same_process(gate->agent, hook->agent);
}

/* The only gate of this name and this agent process; NULL: there is none, or more than one. */
static const struct conn *gate_of(const struct conn *c, const char *name)
{
	const struct conn *found = NULL;
	for (const struct conn *gate = c->broker->conns; gate; gate = gate->next) {
		if (!is_gate_of(gate, c) || strcmp(gate->claims.name, name) != 0) {
			continue;
		}
		if (found) {
			return NULL;
		}
		found = gate;
	}
	return found;
}

/* Whose tool is it that the agent calls NAME JOINT TOOL? The tool, in `name`; NULL: nobody's, or it
 * can be read in two ways. */
static const struct conn *gate_by_tool(
	const struct conn *c, const char *name, const char *joint, const char **tool)
{
	const struct conn *found = NULL;
	for (const struct conn *gate = c->broker->conns; gate; gate = gate->next) {
		size_t n = is_gate_of(gate, c) ? strlen(gate->claims.name) : 0;
		struct hash ignored;
		if (!n || strncmp(name, gate->claims.name, n) != 0 ||
			strncmp(name + n, joint, strlen(joint)) != 0 ||
			!servers_pin(gate, name + n + strlen(joint), &ignored)) {
			continue;
		}
		if (found) {
			return NULL;
		}
		found = gate;
		*tool = name + n + strlen(joint);
	}
	return found;
}

static const struct conn *find_gate(struct conn *c, struct span is_for)
{
	char *server = json_member_text(is_for, "server"), *name = json_member_text(is_for, "tool"),
	     *joint = json_member_text(is_for, "joint");
	const char *tool = NULL;
	const struct conn *gate = NULL;
	if (server) {
		gate = gate_of(c, server);
	} else if (name && joint && joint[0] && (gate = gate_by_tool(c, name, joint, &tool))) {
		c->stands_tool = xstrdup(tool);
	}
	free(server);
	free(name);
	free(joint);
	return gate;
}

static void read_event(struct conn *c, struct span params)
{
	struct span value;
	c->event = HOOK_UNREAD;
	c->beside[0] = '\0';
	if (!json_member(params, "event", &value)) {
		return;
	}
	c->event = json_is(value, "before")    ? HOOK_BEFORE_TOOL
		: json_is(value, "permission") ? HOOK_PERMISSION
					       : HOOK_UNREAD;
	char *beside = json_member_text(params, "beside");
	if (beside && c->event == HOOK_PERMISSION && strlen(beside) < sizeof(c->beside)) {
		memcpy(c->beside, beside, strlen(beside) + 1);
	}
	free(beside);
}

bool stand_leaves(const struct conn *c)
{
	return c->stands[0] || c->event == HOOK_BEFORE_TOOL;
}

void stand_hello(struct conn *c, struct span params)
{
	struct span value;
	read_event(c, params);
	if (!json_member(params, "for", &value) || json_type(value) != JSON_OBJECT) {
		return;
	}
	const struct conn *gate = find_gate(c, value);
	char *id = json_member_text(value, "id");
	bool fits = !id || strlen(id) <= HOOK_LABEL_MAX;
	if (gate && gate->trust == TRUST_YES && gate->told && fits) {
		claims_finish(&c->claims);
		claims_copy(&c->claims, &gate->claims);
		memcpy(c->stands, gate->instance, sizeof(c->stands));
		c->stands_id = id;
		id = NULL;
		log_debug("hook %d: stands for gate %s", (int)c->process.pid, c->stands);
	}
	free(id);
}

bool stand_says(const struct conn *c, char *out, size_t room)
{
	const char *server;
	const struct hook_form *form = hook_of_server(c->claims.name, &server);
	if (form && hook_find(span_of(c->claims.profile)) == form) {
		snprintf(out, room, "server %.100s as %s calls it (%s)", server, form->name,
			gate_of(c, server) ? "not through its gate" : "not behind bascule");
		return true;
	}
	return false;
}

void stand_write(const struct conn *c, struct jsonw *w)
{
	if (!c->stands[0]) {
		return;
	}
	jw_key(w, "for");
	jw_open(w, '{');
	jw_kv_text(w, "instance", c->stands);
	jw_kv_text(w, "name", c->claims.name);
	jw_kv_text(w, "profile", c->claims.profile);
	jw_kv_raw(w, "scope", span_of(c->claims.scope_json));
	jw_kv_text(w, "cwd", c->claims.cwd);
	if (c->stands_tool) {
		jw_kv_text(w, "tool", c->stands_tool);
	}
	jw_close(w, '}');
}

void stand_pin(const struct conn *c, struct submission *s)
{
	s->listed = false;
	for (const struct conn *gate = c->broker->conns; gate; gate = gate->next) {
		if (is_gate_of(gate, c) && strcmp(gate->instance, c->stands) == 0) {
			s->listed = servers_pin(gate, s->tool, &s->pin);
		}
	}
}

void stand_released(const struct item *item)
{
	if (!item->conn || !stand_leaves(item->conn)) {
		return;
	}
	const struct once_left left = { .same = item->same,
		.effects = &item->effects,
		.branch = span_of(item->branch),
		.tool = item->tool,
		.by = item->decider ? item->decider : "a person",
		.number = item->number,
		.call_id = item->caller.call_id,
		.by_person = true };
	grant_leave_once(item->conn, &left);
}

void stand_granted(struct conn *c, const struct submission *s, int64_t number)
{
	struct caller caller = { 0 };
	if (!stand_leaves(c)) {
		return;
	}
	caller_read(&caller, s->params);
	const struct once_left left = { .same = s->same,
		.effects = &s->effects,
		.branch = span_of(s->branch ? s->branch : ""),
		.tool = s->tool,
		.by = s->judgement.rule,
		.number = number,
		.call_id = caller.call_id };
	grant_leave_once(c, &left);
	caller_finish(&caller);
}

/* Would a yes that was given at the hook let it pass now? */
static bool counts(const struct broker *b, const struct once_taken *taken)
{
	return !b->record.trouble[0] &&
		(b->master.mode == MASTER_POLICY ||
			(b->master.mode == MASTER_HOLD && taken->by_person));
}

bool stand_asked(struct conn *c, struct submission *s, struct judgement *out)
{
	struct broker *b = c->broker;
	struct once_taken taken;
	struct caller caller = { 0 };
	char name[40];
	bool permission = c->event == HOOK_PERMISSION;
	if (!c->agent || (c->stands[0] && !permission) || strcmp(s->toward, "server") != 0) {
		return false;
	}
	caller_read(&caller, s->params);
	const struct once_call call = { .pid = c->agent->process.pid,
		.start = c->agent->process.start,
		.tuple = c->claims.tuple,
		.same = s->same,
		.facts = once_facts(&s->effects, span_of(s->branch ? s->branch : "")),
		.params = s->params,
		.permission = permission,
		.plain = s->plain,
		.id = caller.call_id };
	enum once_fit fit = grant_take_once(b, &call, &taken);
	caller_finish(&caller);
	if (fit == ONCE_CHANGED) {
		snprintf(s->said, sizeof(s->said),
			taken.count > 1 ? "asked at the hook more than once, last as #%lld; which "
					  "of them this is cannot be told"
					: "asked as #%lld at the hook, but it has changed since",
			(long long)taken.number);
	}
	if (fit != ONCE_FITS || !s->agreed || !counts(b, &taken)) {
		return false;
	}
	snprintf(name, sizeof(name), "hook:%lld", (long long)taken.number);
	*out = (struct judgement){ .verdict = VERDICT_ALLOW,
		.risk = RISK_LOW,
		.rule = policy_name(b, name),
		.effect = s->effects.count };
	snprintf(out->reason, sizeof(out->reason), "asked as #%lld at the hook, which %.60s %s",
		(long long)taken.number, taken.by, taken.by_person ? "approved" : "covered");
	return true;
}
