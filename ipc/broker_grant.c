/*
 * Grants: what decisions have left behind, for one session (struct agent) and one scope. They end
 * with their session, their time or their number, or are revoked; a broker that ends takes them
 * along.
 *
 * A person gives one with a decision. What a hook's call leaves for the gate in front of its server
 * (core/policy/once.h) is one too: for one call, and a short time.
 */
#include "config.h"

#include "ipc/broker.h"
#include "ipc/broker_grant.h"

#include "core/jsonw.h"
#include "ipc/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GRANTS_MAX = 1024, GRANT_MINUTES_MAX = 7 * 24 * 60, GRANT_USES_MAX = 1000000 };

struct held_grant {
	struct held_grant *next; /* broker.grants: latest first */
	int64_t id;
	struct agent *agent;
	char *scope_json, *server, *by;
	struct grant grant;
	struct once *once; /* for one call of a gate instead; NULL: for forms */
	uint64_t hook; /* the connection of a hook that has not told its agent yet; 0: it has */
};

static const char *const widths[] = { "exact", "form", "wide" };

static bool parse_width(struct span value, enum grant_width *width)
{
	for (size_t i = 0; i < COUNT_OF(widths); i++) {
		if (json_is(value, widths[i])) {
			*width = (enum grant_width)i;
			return true;
		}
	}
	return false;
}

static void destroy(struct held_grant *held)
{
	agent_release(held->agent);
	grant_finish(&held->grant);
	if (held->once) {
		free(held->once->id);
	}
	free(held->once);
	free(held->scope_json);
	free(held->server);
	free(held->by);
	free(held);
}

static bool is_over(const struct held_grant *held)
{
	const struct grant *g = &held->grant;
	return held->agent->gone || !g->uses_left ||
		(g->expires_us && clock_boot_us() >= g->expires_us);
}

static void sweep(struct broker *b)
{
	for (struct held_grant **at = &b->grants; *at;) {
		struct held_grant *held = *at;
		if (is_over(held)) {
			*at = held->next;
			b->grant_count--;
			destroy(held);
		} else {
			at = &held->next;
		}
	}
}

struct policy_call grant_call(const struct item *item)
{
	struct policy_call call = { .method = span_of(item->method),
		.same = span_of(item->same_hex),
		.tool = span_of(item->tool),
		.effects = &item->effects,
		.agreed = true,
		.listed = item->listed };
	policy_fill(item->broker, item->conn, &item->claims, &call);
	return call;
}

/* What was asked for: {width, uses, minutes}. */
static bool read_terms(struct span terms, enum grant_width *width, int64_t *uses, int64_t *minutes)
{
	struct span w = { 0 }, u = { 0 }, m = { 0 };
	const struct json_want wants[] = { JSON_WANT("width", &w), JSON_WANT("uses", &u),
		JSON_WANT("minutes", &m) };
	*uses = -1;
	*minutes = 0;
	if (json_type(terms) != JSON_OBJECT) {
		return false;
	}
	json_pick(terms, wants, COUNT_OF(wants));
	return w.at && parse_width(w, width) &&
		(!u.at || (json_int(u, uses) && *uses > 0 && *uses <= GRANT_USES_MAX)) &&
		(!m.at || (json_int(m, minutes) && *minutes > 0 && *minutes <= GRANT_MINUTES_MAX));
}

/* Takes the grant. */
static struct held_grant *keep(
	struct agent *agent, const struct claims *claims, const char *by, const struct grant *grant)
{
	struct broker *b = agent->broker;
	struct held_grant *held = xcalloc(1, sizeof(*held));
	*held = (struct held_grant){ .next = b->grants,
		.id = ++b->grant_ids,
		.agent = agent_ref(agent),
		.scope_json = xstrdup(claims->scope_json),
		.server = xstrdup(claims->name),
		.by = xstrdup(by),
		.grant = *grant };
	b->grants = held;
	b->grant_count++;
	log_line("grant %lld: left by call %lld", (long long)held->id, (long long)grant->number);
	return held;
}

bool grant_give(struct item *item, struct span terms, const char *by, int64_t *id, struct err *err)
{
	struct broker *b = item->broker;
	enum grant_width width;
	int64_t uses, minutes;
	struct policy_call call = grant_call(item);
	struct grant grant = { 0 };
	if (!read_terms(terms, &width, &uses, &minutes)) {
		return fail(err, 0,
			"a grant has a width (exact, form, wide), and may have uses "
			"and minutes");
	}
	sweep(b);
	if (!item->agent || item->agent->gone || b->grant_count >= GRANTS_MAX) {
		return fail(err, 0, "a grant needs a session that goes on, and room");
	}
	if (!grant_create(&call, width, &grant)) {
		return fail(err, 0, "this call can only be approved once");
	}
	grant.number = item->number;
	grant.uses_left = uses;
	grant.expires_us = minutes ? clock_boot_us() + minutes * 60 * 1000000 : 0;
	*id = keep(item->agent, &item->claims, by, &grant)->id;
	return true;
}

bool grant_covers(struct conn *c, const struct policy_call *call, struct judgement *out)
{
	struct broker *b = c->broker;
	struct grant *grants[GRANTS_MAX];
	struct held_grant *of[GRANTS_MAX];
	size_t used[EFFECTS_MAX], used_count = 0, count = 0;
	if (!b->grants || !c->agent || out->verdict != VERDICT_HOLD) {
		return false;
	}
	sweep(b);
	for (struct held_grant *held = b->grants; held; held = held->next) {
		if (!held->once && held->agent == c->agent &&
			strcmp(held->scope_json, c->claims.scope_json) == 0) {
			of[count] = held;
			grants[count++] = &held->grant;
		}
	}
	if (!count || !grants_cover(call, grants, count, used, &used_count) || !used_count) {
		return false;
	}
	char name[40];
	snprintf(name, sizeof(name), "grant:%lld", (long long)of[used[0]]->id);
	out->verdict = VERDICT_ALLOW;
	out->risk = RISK_LOW;
	out->rule = policy_name(b, name);
	snprintf(out->reason, sizeof(out->reason), "as #%lld, which %.60s approved: %.100s",
		(long long)of[used[0]]->grant.number, of[used[0]]->by,
		of[used[0]]->grant.words ? of[used[0]]->grant.words : "");
	for (size_t i = 0; i < used_count; i++) {
		struct grant *grant = grants[used[i]];
		grant->used++;
		grant->uses_left -= grant->uses_left > 0;
	}
	return true;
}

/* ---- for one call of a gate ---- */

static void leave_once(struct conn *c, const struct once_left *left, bool permission)
{
	struct broker *b = c->broker;
	int64_t seconds = b->config->number[OPTION_QUEUE_ONCE_SECONDS];
	const char *id = permission ? left->call_id : c->stands_id;
	if (!c->agent || c->agent->gone || b->grant_count >= GRANTS_MAX) {
		return;
	}
	const struct grant grant = { .words = xasprintf("%s%s, as #%lld was approved", left->tool,
					     permission ? " in a permission question" : "",
					     (long long)left->number),
		.number = left->number,
		.uses_left = 1,
		.expires_us = clock_boot_us() + seconds * 1000000 };
	struct held_grant *held = keep(c->agent, &c->claims, left->by, &grant);
	held->hook = c->id;
	held->once = xcalloc(1, sizeof(*held->once));
	*held->once = (struct once){ .pid = c->agent->process.pid,
		.start = c->agent->process.start,
		.tuple = c->claims.tuple,
		.same = left->same,
		.facts = once_facts(left->effects, left->branch),
		.id = id ? xstrdup(id) : NULL,
		.by_person = left->by_person,
		.permission = permission };
}

void grant_leave_once(struct conn *c, const struct once_left *left)
{
	sweep(c->broker);
	grant_settle_once(c, false); /* released again after a reconnect: still one */
	if (c->stands[0]) {
		leave_once(c, left, false);
	}
	if (c->event == HOOK_BEFORE_TOOL) {
		leave_once(c, left, true);
	}
}

void grant_settle_once(struct conn *c, bool goes_on)
{
	struct broker *b = c->broker;
	for (struct held_grant *held = b->grants; held; held = held->next) {
		if (held->once && held->hook == c->id) {
			held->hook = 0;
			held->grant.uses_left = goes_on ? held->grant.uses_left : 0;
		}
	}
	sweep(b);
}

/* What a yes has left for the permission question of a call is of no use once the gate has had it.
 */
static void use_up(struct broker *b, const struct held_grant *used)
{
	for (struct held_grant *held = b->grants; held; held = held->next) {
		bool same = held == used ||
			(held->once && used->once && held->grant.number == used->grant.number &&
				held->once->permission && !used->once->permission);
		held->grant.uses_left = same ? 0 : held->grant.uses_left;
	}
}

enum once_fit grant_take_once(
	struct broker *b, const struct once_call *call, struct once_taken *taken)
{
	enum once_fit fit = ONCE_OTHER;
	*taken = (struct once_taken){ 0 };
	sweep(b);
	for (struct held_grant *held = b->grants; held; held = held->next) {
		enum once_fit this = held->once ? once_fits(held->once, call) : ONCE_OTHER;
		if (this == ONCE_OTHER) {
			continue;
		}
		use_up(b, held);
		fit = taken->count++ ? ONCE_CHANGED : this;
		taken->number = held->grant.number;
		taken->by_person = held->once->by_person;
		snprintf(taken->by, sizeof(taken->by), "%s", held->by);
	}
	sweep(b);
	return fit;
}

/* ---- what there is ---- */

void grant_list(struct broker *b, struct jsonw *w)
{
	sweep(b);
	jw_key(w, "grants");
	jw_open(w, '[');
	for (const struct held_grant *held = b->grants; held; held = held->next) {
		const struct grant *g = &held->grant;
		jw_open(w, '{');
		jw_kv_int(w, "grant", held->id);
		jw_kv_int(w, "number", g->number);
		jw_kv_text(w, "words", g->words);
		jw_kv_text(w, "width", held->once ? "once" : widths[g->width]);
		jw_kv_text(w, "server", held->server);
		jw_kv_text(w, "by", held->by);
		jw_kv_int(w, "agent", held->agent->process.pid);
		jw_kv_text(w, "session", held->agent->narrow);
		jw_kv_int(w, "used", g->used);
		jw_kv_int(w, "uses_left", g->uses_left);
		jw_kv_int(w, "seconds_left",
			g->expires_us ? (g->expires_us - clock_boot_us()) / 1000000 : -1);
		jw_close(w, '}');
	}
	jw_close(w, ']');
}

bool grant_revoke(struct broker *b, int64_t id)
{
	const struct held_grant *found = b->grants;
	while (found && found->id != id) {
		found = found->next;
	}
	if (!found) {
		return false;
	}
	for (struct held_grant *held = b->grants; held; held = held->next) {
		/* what one yes has left for a gate and for a question goes together */
		bool beside = held->once && found->once &&
			held->grant.number == found->grant.number;
		held->grant.uses_left = held == found || beside ? 0 : held->grant.uses_left;
	}
	sweep(b);
	return true;
}

static void offer_rules(const struct policy_call *call, struct jsonw *w)
{
	char *steps[RULE_WIDTH_COUNT], why[160] = "";
	size_t count = rule_steps(call, steps, why);
	jw_kv_text(w, "rule", count ? steps[0] : NULL);
	jw_key(w, "wider");
	jw_open(w, '[');
	for (size_t i = 0; i < count; i++) {
		if (i) {
			jw_text(w, steps[i]);
		}
		free(steps[i]);
	}
	jw_close(w, ']');
	jw_kv_text(w, "no_rule", count ? NULL : why);
}

/* The steps that a decision on this call may leave behind, and the rules that would be written. */
void grant_offers(const struct item *item, struct jsonw *w)
{
	struct policy_call call = grant_call(item);
	char *before = NULL;
	jw_key(w, "grants");
	jw_open(w, '[');
	for (size_t i = 0; i < COUNT_OF(widths); i++) {
		struct grant grant = { 0 };
		if (grant_create(&call, (enum grant_width)i, &grant)) {
			if (!before || strcmp(before, grant.words) != 0) {
				jw_open(w, '{');
				jw_kv_text(w, "width", widths[i]);
				jw_kv_text(w, "words", grant.words);
				jw_close(w, '}');
			}
			free(before);
			before = xstrdup(grant.words);
			grant_finish(&grant);
		}
	}
	jw_close(w, ']');
	free(before);
	offer_rules(&call, w);
}

void grant_end(struct broker *b)
{
	while (b->grants) {
		struct held_grant *held = b->grants;
		b->grants = held->next;
		destroy(held);
	}
}
