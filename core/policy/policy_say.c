/*
 * Effects in plain words, and how much is at stake.
 *
 * Promises: every text fits, ends, and names what is touched; what a name contains is not made safe
 * here. The highest class is what cannot be taken back or leaves the machine.
 */
#include "config.h"

#include "core/policy/packages.h"
#include "core/policy/policy_impl.h"

#include <stdio.h>
#include <string.h>

static const char *const risk_names[] = {
#define X(id, name) name,
	RISKS(X)
#undef X
};

const char *risk_name(enum risk risk)
{
	return risk_names[risk];
}

static bool is(const char *text, const char *word)
{
	return text && strcmp(text, word) == 0;
}

/* ---- words ---- */

static const struct {
	const char *how, *file, *absent, *other; /* a file is there; nothing is; anything else */
} write_verbs[] = {
	{ "replace", "overwrites", "creates", "writes" },
	{ "", "overwrites", "creates", "writes" },
	{ "edit", "edits", "creates", "writes" },
	{ "mkdir", "makes the directory", "makes the directory", "makes the directory" },
	{ "away", "moves away", "moves away", "moves away" },
	{ "mode", "changes the mode of", "changes the mode of", "changes the mode of" },
	{ "link", "puts a link over", "makes the link", "makes a link in" },
	{ "tree", "overwrites", "fills", "writes below" },
};

static const char *path_verb(const struct effect *e)
{
	if (e->kind == EFFECT_READ) {
		return is(e->how, "list") ? "lists" : is(e->how, "tree") ? "searches" : "reads";
	}
	if (e->kind == EFFECT_DELETE) {
		return is(e->how, "tree") ? "deletes all of" : "deletes";
	}
	for (size_t i = 0; i < COUNT_OF(write_verbs); i++) {
		if (is(e->how, write_verbs[i].how)) {
			return e->fact.state == FACT_FILE      ? write_verbs[i].file
				: e->fact.state == FACT_ABSENT ? write_verbs[i].absent
							       : write_verbs[i].other;
		}
	}
	return "writes";
}

static void say_path(const struct effect *e, char *out, size_t size)
{
	const struct fact *fact = &e->fact;
	const char *where = !fact->path ? "at a place that could not be resolved"
		: fact->inside          ? "inside the scope"
					: "outside the scope";
	bool tracked = e->kind != EFFECT_READ && (fact->marks & MARK_TRACKED);
	snprintf(out, size, "%s %.120s%s %s%s", path_verb(e), e->given, tracked ? ", tracked," : "",
		where, fact->state == FACT_SPECIAL ? ", not a regular file" : "");
}

static void say_push(const struct effect *e, char *out, size_t size)
{
	const char *how = is(e->how, "") ? "its remote" : e->how;
	const char *verb = is(e->word, "force") ? "pushes by force to"
		: is(e->word, "delete")         ? "deletes on"
		: is(e->word, "tags")           ? "pushes tags to"
		: is(e->word, "all")            ? "pushes everything to"
						: "pushes to";
	snprintf(out, size, "%s %.60s %.100s", verb, how,
		e->given[0] ? e->given : "the branch that git chooses");
}

static void say_branch(const struct effect *e, char *out, size_t size)
{
	const char *verb = is(e->how, "create") ? "creates the branch"
		: is(e->how, "switch")          ? "switches to the branch"
		: is(e->how, "commit")          ? "commits on"
		: is(e->how, "move")            ? "moves the branch"
		: is(e->how, "delete")          ? "deletes the branch"
						: "changes the branch";
	const char *current = e->fact.text && e->fact.text[0] ? e->fact.text
							      : "a branch that is not known";
	snprintf(out, size, "%s %.100s%s%.80s", verb, e->given[0] ? e->given : current,
		e->word[0] ? " to " : "", e->word);
}

static void say_install(const struct effect *e, char *out, size_t size)
{
	if (e->given[0]) {
		struct package_facts facts;
		char words[200];
		package_say(e->how, e->word, e->given, (struct span){ 0 }, &facts);
		package_words(&facts, words, sizeof(words));
		snprintf(out, size, "installs %.80s (%.20s)%s%.110s", e->given, e->how,
			words[0] ? ": " : "", words);
	} else {
		snprintf(out, size, "installs what the project's files name (%.20s)", e->how);
	}
}

static void say_task(const struct effect *e, char *out, size_t size)
{
	const char *state = e->fact.marks & (MARK_COMMITTED | MARK_ACCEPTED) ? ""
		: e->fact.marks & MARK_DEFINED ? ", whose text is new or changed"
					       : ", whose text is not known";
	snprintf(out, size, "runs the project's task %.60s (%.20s)%s", e->word, e->how, state);
}

void effect_say(const struct effect *e, char *out, size_t size)
{
	switch (e->kind) {
	case EFFECT_READ:
	case EFFECT_WRITE:
	case EFFECT_DELETE:
		say_path(e, out, size);
		return;
	case EFFECT_PUSH:
		say_push(e, out, size);
		return;
	case EFFECT_BRANCH:
		say_branch(e, out, size);
		return;
	case EFFECT_INSTALL:
		say_install(e, out, size);
		return;
	case EFFECT_TASK:
		say_task(e, out, size);
		return;
	case EFFECT_EXEC:
		snprintf(out, size, "runs %.160s", e->given);
		return;
	case EFFECT_CLOUD:
		snprintf(out, size, "%s by %.30s: %.120s", is(e->word, "read") ? "reads" : "acts",
			e->how, e->given);
		return;
	case EFFECT_SQL:
		snprintf(out, size, "%s a database%s: %.120s",
			is(e->how, "read") ? "queries" : "changes",
			is(e->word, "dev") ? "" : " that is not known to be for development",
			e->given);
		return;
	case EFFECT_REMOTE:
		snprintf(out, size, "uses %.80s of %.60s", e->given, e->word);
		return;
	case EFFECT_NOTHING:
		snprintf(out, size, "touches nothing");
		return;
	case EFFECT_UNKNOWN: /* these say it themselves */
	case EFFECT_DESTRUCTIVE:
		snprintf(out, size, "%.200s", e->given);
		return;
	case EFFECT_PROCESS:
		snprintf(out, size, "%s%.160s",
			is(e->how, "input") ? "types into a program that runs already: " : "",
			e->given);
		return;
	default:
		snprintf(out, size, "%s %.160s", effect_kind_verb(e->kind), e->given);
	}
}

/* ---- risk ---- */

static enum risk path_risk(const struct target *t)
{
	bool reads = t->effect->kind == EFFECT_READ;
	if (t->sets & SET_SELF) {
		return reads ? RISK_HIGH : RISK_HIGHEST;
	}
	if (t->sets & (reads ? (unsigned)SET_SECRET : SET_SECRET | SET_CONTROL)) {
		return RISK_HIGH;
	}
	bool far = !t->effect->fact.inside || t->effect->fact.state == FACT_SPECIAL;
	return !reads && far ? RISK_HIGH : RISK_MEDIUM;
}

static enum risk push_risk(const struct target *t)
{
	const struct effect *e = t->effect;
	bool far = e->word[0] || !t->branch ||
		rules_protects(t->rules, span_of(t->branch), e->fact.more);
	return far ? RISK_HIGHEST : RISK_MEDIUM;
}

static enum risk branch_risk(const struct target *t)
{
	bool far = !t->branch || rules_protects(t->rules, span_of(t->branch), t->effect->fact.more);
	return far || is(t->how, "delete") ? RISK_HIGH : RISK_MEDIUM;
}

enum risk target_risk(const struct target *t)
{
	const struct effect *e = t->effect;
	switch (e->kind) {
	case EFFECT_READ:
	case EFFECT_WRITE:
	case EFFECT_DELETE:
		return path_risk(t);
	case EFFECT_PUSH:
		return push_risk(t);
	case EFFECT_BRANCH:
		return branch_risk(t);
	case EFFECT_PUBLISH:
	case EFFECT_DESTRUCTIVE:
	case EFFECT_SECRET:
	case EFFECT_SELF:
		return RISK_HIGHEST;
	case EFFECT_CLOUD:
		return is(e->word, "read") ? RISK_MEDIUM : RISK_HIGHEST;
	case EFFECT_INSTALL:
	case EFFECT_HIDDEN:
	case EFFECT_PIN:
		return RISK_HIGH;
	case EFFECT_EXEC:
		return is(e->how, "wide") ? RISK_HIGH : RISK_MEDIUM;
	case EFFECT_PROCESS: /* what is typed may be anything */
		return is(e->how, "input") ? RISK_HIGH : RISK_MEDIUM;
	case EFFECT_NET:
		return is(e->how, "odd") ? RISK_HIGH : RISK_MEDIUM;
	case EFFECT_SQL:
		return is(e->how, "write") ? RISK_HIGH : RISK_MEDIUM;
	default:
		return RISK_MEDIUM;
	}
}
