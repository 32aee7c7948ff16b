/*
 * `bascule policy replay`: what this policy would ask a person about, call by call in their order,
 * as if every question were answered with yes and each yes left the grant that is chosen.
 *
 * The calls are those of the history, each with the effects and facts that were recorded, or those
 * of a log. Of the history it also says what has become of each verdict, and a call that the person
 * denied leaves no grant. With --inject, labelled calls that must never pass are tried against what
 * each session's grants have become at its end.
 */
#include <config.h>

#include "ipc/policy_replay.h"

#include "core/diag.h"
#include "core/safe_text.h"

#include <stdlib.h>
#include <string.h>

static void tally(struct replay *r, enum replay_tallies which, const char *words)
{
	for (size_t i = 0; i < r->all_count[which]; i++) {
		if (strcmp(r->all[which][i].words, words) == 0) {
			r->all[which][i].count++;
			return;
		}
	}
	r->all[which] = xgrow(
		r->all[which], &r->all_cap[which], r->all_count[which] + 1, sizeof(**r->all));
	r->all[which][r->all_count[which]++] = (struct replay_tally){ .words = xstrdup(words),
		.count = 1 };
}

static struct replay_owner *owner_of(struct replay *r, const char *name)
{
	char *key = xasprintf("o:%s", name);
	struct replay_owner *owner = map_get(&r->by_name, span_of(key));
	if (!owner) {
		owner = xcalloc(1, sizeof(*owner));
		owner->name = xstrdup(name);
		owner->next = r->owners;
		r->owners = owner;
		map_put(&r->by_name, span_of(key), owner);
	}
	free(key);
	return owner;
}

static struct replay_session *session_of(struct replay *r, const char *name, const char *owner)
{
	char *key = xasprintf("s:%s", name);
	struct replay_session *session = map_get(&r->by_name, span_of(key));
	if (!session) {
		session = xcalloc(1, sizeof(*session));
		session->name = xstrdup(name);
		session->next = r->sessions;
		r->sessions = session;
		r->session_count++;
		map_put(&r->by_name, span_of(key), session);
	}
	/* one agent may work in several scopes */
	session->owner = owner_of(r, owner);
	free(key);
	return session;
}

/* What the question is about, in the words of the effect that decided. */
static void tell(struct replay *r, const struct replay_call *c)
{
	const struct judgement *j = c->judgement;
	const struct effects *effects = c->call->effects;
	const struct effect *e = effects && j->effect < effects->count ? &effects->list[j->effect]
								       : NULL;
	char words[200], why[160];
	struct buf line = { 0 };
	snprintf(words, sizeof(words), "%s%s%.100s", e ? effect_kind_name(e->kind) : "none",
		e && e->how[0] ? " " : "", e ? e->how : "");
	tally(r, TALLY_REASONS, words);
	if (effects && rule_write(c->call, RULE_USUAL, span_of(""), &line, why)) {
		line.len = line.len ? strcspn(buf_cstr(&line), "\n") : 0;
		tally(r, TALLY_RULES, buf_cstr(&line));
	}
	buf_finish(&line);
	if (r->list && !r->json && !r->history) {
		struct safe_text id = safe_make(span_of(c->id), SAFE_ONE_LINE);
		struct safe_text tool = safe_make(c->tool, SAFE_ONE_LINE);
		struct safe_text reason = safe_make(span_of(j->reason), SAFE_ONE_LINE);
		printf("%s %s: %s (%s)\n", safe_cstr(&id), safe_cstr(&tool), safe_cstr(&reason),
			words);
		safe_finish(&id);
		safe_finish(&tool);
		safe_finish(&reason);
	}
}

static bool covered(const struct replay_owner *owner, const struct policy_call *call)
{
	size_t used[EFFECTS_MAX], count = 0;
	return grants_cover(call, owner->grants, owner->count, used, &count);
}

/* Are only places asked about? Then a person is offered the directory. */
static bool about_places(const struct policy_call *call)
{
	for (size_t i = 0; i < call->effects->count; i++) {
		struct effect_judgement j;
		policy_judge_effect(call, &call->effects->list[i], &j);
		if (j.verdict != VERDICT_ALLOW && !effect_has_path(call->effects->list[i].kind)) {
			return false;
		}
	}
	return true;
}

/* Was another tool of this server asked about before? Then a person is offered all of its sort. */
static bool asked_of(const struct replay_owner *owner, const struct policy_call *call)
{
	char *start = xasprintf("tool write %.*s ", SPAN_FMT(call->server));
	char *other = xasprintf("tool unknown %.*s ", SPAN_FMT(call->server));
	bool before = false;
	for (size_t i = 0; i < owner->count && !before; i++) {
		for (size_t k = 0; k < owner->grants[i]->count && !before; k++) {
			before = strncmp(owner->grants[i]->forms[k], start, strlen(start)) == 0 ||
				strncmp(owner->grants[i]->forms[k], other, strlen(other)) == 0;
		}
	}
	free(start);
	free(other);
	return before;
}

/* What a yes leaves behind here: the directory for places, the normal form for all else, and where
 * there is none the very same again. */
static bool give(
	const struct replay_owner *owner, const struct policy_call *call, struct grant *grant)
{
	return ((about_places(call) || asked_of(owner, call)) &&
		       grant_create(call, GRANT_WIDE, grant)) ||
		grant_create(call, GRANT_FORM, grant) || grant_create(call, GRANT_EXACT, grant);
}

static void ask(struct replay *r, struct replay_session *session, const struct replay_call *c)
{
	struct replay_owner *owner = session->owner;
	if (r->kind != GRANTS_NONE && covered(owner, c->call)) {
		r->granted++;
		return;
	}
	r->asks++;
	session->asks++;
	tell(r, c);
	struct grant *grant = xcalloc(1, sizeof(*grant));
	if (r->kind != GRANTS_NONE && !c->refused && owner->count < REPLAY_GRANTS_MAX &&
		give(owner, c->call, grant)) {
		grant->uses_left = -1;
		owner->grants[owner->count++] = grant;
	} else {
		free(grant);
	}
}

void replay_take(struct replay *r, const struct replay_call *c)
{
	struct replay_session *session = session_of(r, c->session, c->owner);
	r->calls++;
	if (c->judgement->verdict == VERDICT_HOLD) {
		ask(r, session, c);
	} else if (c->judgement->verdict == VERDICT_DENY) {
		r->denied++;
		tell(r, c);
	}
}

/* ---- a log ---- */

static void replay_line(struct replay *r, struct span text)
{
	struct policy_case c;
	struct case_verdict verdict;
	struct err err = { 0 };
	if (!case_read(&c, &r->places.bench, text, &err)) {
		r->faults++;
		case_finish(&c);
		return;
	}
	case_judge(&r->places.bench, &c, &verdict);
	replay_take(r,
		&(struct replay_call){ .id = c.id,
			.session = c.session,
			.tool = span_of(c.tool),
			.owner = r->kind == GRANTS_PROJECT ? c.scope[0] : c.session,
			.call = &verdict.call,
			.judgement = &verdict.judgement });
	case_verdict_finish(&verdict);
	case_finish(&c);
}

/* A labelled call that must not pass, against everybody's grants. */
static void inject_line(struct replay *r, struct span text)
{
	struct policy_case c;
	struct case_verdict verdict;
	struct err err = { 0 };
	if (!case_read(&c, &r->places.bench, text, &err) || !c.expect ||
		strcmp(c.expect, verdict_name(VERDICT_ALLOW)) == 0) {
		case_finish(&c);
		return;
	}
	case_judge(&r->places.bench, &c, &verdict);
	for (struct replay_owner *owner = r->owners; owner; owner = owner->next) {
		bool passes = verdict.judgement.verdict == VERDICT_ALLOW ||
			(verdict.judgement.verdict == VERDICT_HOLD &&
				covered(owner, &verdict.call));
		r->injected++;
		r->unsafe += passes;
		if (passes) {
			struct safe_text id = safe_make(span_of(c.id), SAFE_ONE_LINE);
			struct safe_text name = safe_make(span_of(owner->name), SAFE_ONE_LINE);
			fprintf(stderr, "UNSAFE %s passes in %s\n", safe_cstr(&id),
				safe_cstr(&name));
			safe_finish(&id);
			safe_finish(&name);
		}
	}
	case_verdict_finish(&verdict);
	case_finish(&c);
}

static bool each_line(
	struct replay *r, const char *file, void (*take)(struct replay *, struct span))
{
	FILE *in = policy_open_lines("policy replay", file);
	char *line = NULL;
	size_t cap = 0;
	struct span text;
	while (in && policy_next_line(in, &line, &cap, &text)) {
		take(r, text);
	}
	free(line);
	if (in && in != stdin) {
		fclose(in);
	}
	return in != NULL;
}

static void finish_owners(struct replay *r)
{
	for (struct replay_owner *o = r->owners, *next; o; o = next) {
		next = o->next;
		for (size_t i = 0; i < o->count; i++) {
			grant_finish(o->grants[i]);
			free(o->grants[i]);
		}
		free(o->name);
		free(o);
	}
	for (struct replay_session *s = r->sessions, *next; s; s = next) {
		next = s->next;
		free(s->name);
		free(s);
	}
}

static void replay_finish(struct replay *r)
{
	finish_owners(r);
	for (int which = 0; which < TALLY_COUNT; which++) {
		for (size_t i = 0; i < r->all_count[which]; i++) {
			free(r->all[which][i].words);
		}
		free(r->all[which]);
	}
	for (int which = 0; which < CHANGE_COUNT; which++) {
		for (size_t i = 0; i < r->changed_kept[which]; i++) {
			free(r->changed[which][i].words);
		}
		free(r->changed[which]);
	}
	map_finish(&r->by_name);
	policy_places_close(&r->places);
}

/* ---- the command ---- */

struct request {
	const char *root, *log, *grants, *since;
	int64_t since_us;
	bool assume;
};

static bool parse_kind(const char *text, enum replay_grants *kind, struct err *err)
{
	static const char *const names[] = { "none", "session", "project" };
	for (size_t i = 0; text && i < COUNT_OF(names); i++) {
		if (strcmp(text, names[i]) == 0) {
			*kind = (enum replay_grants)i;
			return true;
		}
	}
	return !text ||
		fail(err, DIAG_USAGE, "--grants %.40s: expected none, session or project", text);
}

static bool parse(int argc, char **argv, struct replay *r, struct request *q, struct err *err)
{
	const struct cmd_flag flags[] = { { "--root", &q->root, NULL }, { "--log", &q->log, NULL },
		{ "--grants", &q->grants, NULL }, { "--since", &q->since, NULL },
		{ "--inject", &r->inject, NULL }, { "--assume-facts", NULL, &q->assume },
		{ "--json", NULL, &r->json }, { "--list", NULL, &r->list } };
	if (!cmd_read_flags(argc, argv, flags, COUNT_OF(flags), err) ||
		!parse_kind(q->grants, &r->kind, err) ||
		(q->since && !replay_since(q->since, &q->since_us, err))) {
		return false;
	}
	if (q->log && q->since) {
		return fail(err, DIAG_USAGE, "--since: the history has times, --log has none");
	}
	if (!q->log && (q->assume || r->inject)) {
		return fail(err, DIAG_USAGE, "%s: only with --log; the history has its own facts",
			r->inject ? "--inject" : "--assume-facts");
	}
	return true;
}

int policy_cmd_replay(int argc, char **argv)
{
	static const char name[] = "policy replay";
	struct request q = { 0 };
	struct replay r = { 0 };
	struct err err = { 0 };
	if (!parse(argc, argv, &r, &q, &err)) {
		return cmd_fail(name, &err, CMD_USAGE);
	}
	if (!policy_places_open(&r.places, name, q.root)) {
		return CMD_FAILED;
	}
	r.places.bench.assume = q.assume;
	r.history = !q.log;
	bool ok = q.log ? each_line(&r, q.log, replay_line) : replay_history(&r, q.since_us, &err);
	if (!ok && err.text[0]) {
		cmd_fail(name, &err, CMD_FAILED);
	}
	ok = ok && (!r.inject || each_line(&r, r.inject, inject_line));
	if (ok) {
		replay_print(&r);
	}
	ok = ok && !r.unsafe;
	replay_finish(&r);
	int code = cmd_written(name);
	return ok ? code : CMD_FAILED;
}
