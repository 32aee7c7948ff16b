/* Effects with facts, judged by the built-in policy and lines beside it. */
#ifndef BASCULE_TESTS_UNIT_POLICY_WORLD_H
#define BASCULE_TESTS_UNIT_POLICY_WORLD_H

#include "config.h"

#include "core/policy/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

struct given {
	enum effect_kind kind;
	const char *given, *how, *word;
	enum fact_state state;
	const char *path; /* NULL: "/w/" and given, if it is relative; "" : not resolved */
	unsigned marks;
	const char *text, *more;
	bool outside, late;
	int64_t links;
	unsigned part;
};

#define E(...) \
	{ \
		__VA_ARGS__, .part = 0 \
	}
#define FILE_ FACT_FILE
#define DIR_ FACT_DIRECTORY
#define NEW FACT_ABSENT
#define TRACKED MARK_TRACKED
#define IGNORED MARK_IGNORED
#define OWN MARK_OWN
#define ALLOW VERDICT_ALLOW
#define HOLD VERDICT_HOLD
#define DENY VERDICT_DENY

static const char *const self[] = { "/home/u/.config/bascule", "/run/user/1000/bascule", NULL };
static const char *const scope[] = { "/w", NULL };

static void fill(struct effects *out, const struct given *given, size_t count)
{
	*out = (struct effects){ 0 };
	for (size_t i = 0; i < count; i++) {
		const struct given *g = &given[i];
		struct effect *e = effects_add(out, g->kind, "path", g->given, g->how, g->word);
		if (effect_has_path(g->kind) && !(g->path && !g->path[0])) {
			e->fact.path = g->path       ? xstrdup(g->path)
				: g->given[0] == '/' ? xstrdup(g->given)
						     : xasprintf("/w/%s", g->given);
		}
		free(e->base);
		e->base = xstrdup("/w");
		e->fact.inside = effect_has_path(g->kind) && !g->outside;
		e->fact.state = g->state;
		e->fact.marks = g->marks;
		e->fact.links = g->links ? g->links : 1;
		e->fact.text = xstrdup(g->text);
		e->fact.more = xstrdup(g->more);
		e->late = g->late;
		e->part = g->part;
	}
}

static struct judgement judge_by(const struct rules *rules, const struct given *given, size_t count,
	bool agreed, bool listed)
{
	struct effects effects;
	struct judgement out;
	fill(&effects, given, count);
	struct policy_call call = { .method = SPAN("tools/call"),
		.tool = SPAN("t"),
		.profile = SPAN("filesystem"),
		.server = SPAN("github"),
		.effects = &effects,
		.rules = rules,
		.self = self,
		.home = "/home/u",
		.scope = scope,
		.agreed = agreed,
		.listed = listed };
	policy_judge(&call, &out);
	effects_finish(&effects);
	return out;
}

static struct rules *policy_of(const char *user, struct rules **own, struct rules **builtin)
{
	struct err err = { 0 };
	*builtin = rules_builtin();
	*own = user ? rules_parse("u", LEVEL_USER, span_of(user), NULL, &err) : NULL;
	if (user && !*own) {
		fail_msg("%s", err.text);
	}
	const struct rules *const levels[] = { *builtin, *own };
	return rules_join(levels, 2, NULL, NULL);
}

static const struct {
	struct given effect;
	enum verdict verdict;
	enum risk risk;
	const char *reason; /* part of it; NULL: any */
} rows[] = {
#include "tests/unit/policy_rows_table.h"
};

static const struct {
	const char *rule;
	struct given effect;
	enum verdict verdict;
} ruled[] = {
#include "tests/unit/policy_ruled_table.h"
};

#endif
