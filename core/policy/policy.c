/*
 * The first policy, small and strict: reads inside the scope by tools that a profile knows are
 * allowed, everything else is held. The rules are data already, so that files can add to them.
 */
#include "config.h"

#include "core/policy/policy.h"

#include <stdio.h>
#include <string.h>

struct rule {
	const char *id;
	enum verdict verdict;
	enum effect_kind kind;
	bool inside_only;
	const char *words; /* of the reason, when it decides */
};

static const struct rule rules[] = {
	{ "built-in:1", VERDICT_ALLOW, EFFECT_READ, true, "reads inside the scope" },
	{ "built-in:2", VERDICT_ALLOW, EFFECT_NOTHING, false, "touches nothing" },
};

/* What decides when no rule allows. */
static const char no_rule[] = "built-in:default";
static const char rule_unlisted[] = "built-in:unlisted";
static const char rule_disagree[] = "built-in:disagree";

static const char *const verdict_names[] = {
#define X(id, name) name,
	VERDICTS(X)
#undef X
};

static const char *const risk_names[] = {
#define X(id, name) name,
	RISKS(X)
#undef X
};

const char *verdict_name(enum verdict verdict)
{
	return verdict_names[verdict];
}

bool verdict_parse(struct span name, enum verdict *verdict)
{
	for (size_t i = 0; i < COUNT_OF(verdict_names); i++) {
		if (span_is(name, verdict_names[i])) {
			*verdict = (enum verdict)i;
			return true;
		}
	}
	return false;
}

const char *risk_name(enum risk risk)
{
	return risk_names[risk];
}

static bool is_ascii(const char *text)
{
	while (*text && !(*text & 0x80)) {
		text++;
	}
	return !*text;
}

/* A name that is not there may be found by a server in another Unicode spelling, as a link that
 * leads elsewhere. */
static bool settled(const struct effect *effect)
{
	const struct fact *fact = &effect->fact;
	return fact->path &&
		(fact->state == FACT_FILE || fact->state == FACT_DIRECTORY ||
			(fact->state == FACT_ABSENT && is_ascii(effect->given)));
}

static const struct rule *rule_for(const struct effect *effect)
{
	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		if (rules[i].kind == effect->kind &&
			(!rules[i].inside_only || (effect->fact.inside && settled(effect)))) {
			return &rules[i];
		}
	}
	return NULL;
}

static enum risk risk_of(const struct effect *effect)
{
	bool path = effect->kind == EFFECT_READ || effect->kind == EFFECT_WRITE;
	if (!path) {
		return RISK_MEDIUM;
	}
	if (effect->kind == EFFECT_WRITE &&
		(!effect->fact.inside || effect->fact.state == FACT_SPECIAL)) {
		return RISK_HIGH;
	}
	return RISK_MEDIUM;
}

static void say_effect(const struct effect *effect, char *out, size_t size)
{
	const struct fact *fact = &effect->fact;
	if (effect->kind != EFFECT_READ && effect->kind != EFFECT_WRITE) {
		snprintf(out, size, "%s", effect->given);
		return;
	}
	const char *verb = effect_kind_verb(effect->kind);
	if (effect->kind == EFFECT_WRITE && fact->state == FACT_FILE) {
		verb = "overwrites";
	} else if (effect->kind == EFFECT_WRITE && fact->state == FACT_ABSENT) {
		verb = "creates";
	}
	const char *where = !fact->path ? "at a place that could not be resolved"
		: fact->inside          ? "inside the scope"
					: "outside the scope";
	snprintf(out, size, "%s %.150s %s%s", verb, effect->given, where,
		fact->state == FACT_SPECIAL ? ", not a regular file" : "");
}

static void hold(struct judgement *out, const char *rule, enum risk risk, const char *reason)
{
	out->verdict = VERDICT_HOLD;
	out->rule = rule;
	out->risk = risk > out->risk ? risk : out->risk;
	snprintf(out->reason, sizeof(out->reason), "%.*s", (int)sizeof(out->reason) - 1, reason);
}

void policy_judge(const struct policy_call *call, struct judgement *out)
{
	*out = (struct judgement){ .verdict = VERDICT_ALLOW, .rule = no_rule };
	for (size_t i = 0; i < call->effects->count; i++) {
		const struct effect *effect = &call->effects->list[i];
		const struct rule *rule = rule_for(effect);
		if (rule && out->verdict == VERDICT_ALLOW) {
			out->rule = rule->id;
			snprintf(out->reason, sizeof(out->reason), "%s", rule->words);
		} else if (!rule &&
			(out->verdict == VERDICT_ALLOW || risk_of(effect) > out->risk)) {
			char words[240];
			say_effect(effect, words, sizeof(words));
			hold(out, no_rule, risk_of(effect), words);
		}
	}
	if (!call->effects->count) {
		hold(out, no_rule, RISK_MEDIUM, "what it does is not known");
	}
	if (!call->agreed) {
		hold(out, rule_disagree, RISK_HIGH, "gate and broker read its effects differently");
	} else if (!call->listed && out->verdict == VERDICT_ALLOW) {
		hold(out, rule_unlisted, RISK_MEDIUM,
			"the server does not list this tool, or its list is not known yet");
	}
}
