/*
 * Judgement: every effect by the rules of its kind, the call by its strictest effect.
 *
 * Promises: looks at nothing but its arguments; what no rule allows is held; adding a rule that
 * holds or denies never loosens anything; the reason is the most severe effect's. Called by the
 * broker for every call, by grants and explain for single effects, by the examples of rule files.
 */
#include "config.h"

#include "core/policy/policy_impl.h"

#include <stdio.h>
#include <string.h>

/* What decides when no rule does. */
static const char no_rule[] = "built-in:default";
static const char rule_unlisted[] = "built-in:unlisted";
static const char rule_disagree[] = "built-in:disagree";
static const char rule_hold_all[] = "built-in:hold-all";

static const char *const verdict_names[] = {
#define X(id, name) name,
	VERDICTS(X)
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

/* ---- one effect ---- */

/* The command that an effect is part of, and stands or falls with. What is not known of an unproven
 * command is known to who names its words in an allow rule. And a task that may run unasked may
 * write below a directory that it is told: it could do that anyway. */
const struct effect *effect_command(const struct effects *effects, const struct effect *effect)
{
	bool unknown = effect->kind == EFFECT_UNKNOWN;
	bool tree = effect->kind == EFFECT_WRITE && strcmp(effect->how, "tree") == 0;
	for (size_t i = 0; effect->part && (unknown || tree) && i < effects->count; i++) {
		const struct effect *other = &effects->list[i];
		bool unproven = other->kind == EFFECT_EXEC && strcmp(other->how, "unproven") == 0 &&
			strcmp(other->word, effect->how) == 0;
		if (other->part == effect->part &&
			(unknown ? unproven : other->kind == EFFECT_TASK)) {
			return other;
		}
	}
	return NULL;
}

/* Nothing is held against the effect but that no rule names it. */
static bool may_go_along(const struct target *t)
{
	unsigned closed = SET_SECRET | SET_CONTROL | SET_SELF;
	return t->effect->kind == EFFECT_UNKNOWN ||
		(t->effect->fact.inside && !target_doubt(t) && !(t->sets & closed));
}

/* How many sorts of the rule fit, for the closest one. */
static void note_near(
	const struct rule *rule, const struct target *t, struct effect_judgement *out, size_t *best)
{
	char why[sizeof(out->why)];
	size_t score = 1;
	if (rule_fits(rule, t, why, sizeof(why))) {
		return;
	}
	for (size_t i = 0; i < rule->count; i++) {
		const struct term *term = &rule->terms[i];
		score += term->sort == TERM_HOW && strcmp(term->text, t->how) == 0 ? 4 : 0;
	}
	score += strncmp(why, "it leaves out", 13) == 0 ? 8 : 0;
	score += rule->level == LEVEL_USER ? 2 : 0;
	if (score > *best) {
		*best = score;
		out->near = rule;
		snprintf(out->why, sizeof(out->why), "%s", why);
	}
}

static void judge_target(const struct target *t, bool explain, struct effect_judgement *out)
{
	const struct rule_index *index = &t->rules->index[t->effect->kind];
	const char *doubt = target_doubt(t);
	const struct rule *decides = NULL;
	size_t best = 0;
	*out = (struct effect_judgement){ .verdict = VERDICT_HOLD, .rule = no_rule };
	for (size_t i = 0; i < index->count; i++) {
		const struct rule *rule = index->list[i];
		bool stricter = !decides || rule->verdict > decides->verdict;
		if (stricter && (rule->verdict != VERDICT_ALLOW || !doubt) &&
			rule_fits(rule, t, NULL, 0)) {
			decides = rule;
		} else if (explain && rule->verdict == VERDICT_ALLOW) {
			note_near(rule, t, out, &best);
		}
	}
	if (decides) {
		out->verdict = decides->verdict;
		out->rule = decides->id;
	}
	if (t->rules->hold_all && out->verdict != VERDICT_DENY) {
		out->verdict = VERDICT_HOLD;
		out->rule = rule_hold_all;
		snprintf(out->why, sizeof(out->why), "%.150s", t->rules->hold_all);
	} else if (explain && doubt && out->verdict == VERDICT_HOLD) {
		snprintf(out->why, sizeof(out->why), "no rule allows this: it%s",
			doubt[0] ? doubt + 1 : " is not known or never allowed");
	}
	out->risk = out->verdict == VERDICT_ALLOW ? RISK_LOW : target_risk(t);
}

static void judge_effect(const struct policy_call *call, const struct effect *effect, bool explain,
	struct effect_judgement *out)
{
	struct target t;
	target_init(&t, call, effect, call->rules);
	judge_target(&t, explain, out);
	bool open = out->verdict == VERDICT_HOLD && out->rule == no_rule && may_go_along(&t);
	target_finish(&t);
	const struct effect *command = open ? effect_command(call->effects, effect) : NULL;
	if (command) {
		struct effect_judgement its;
		judge_effect(call, command, false, &its); /* which is part of none itself */
		if (its.verdict == VERDICT_ALLOW) {
			*out = its;
		}
	}
}

void policy_judge_effect(
	const struct policy_call *call, const struct effect *effect, struct effect_judgement *out)
{
	judge_effect(call, effect, true, out);
}

enum risk effect_risk(const struct policy_call *call, const struct effect *effect)
{
	struct effect_judgement out;
	judge_effect(call, effect, false, &out);
	return out.risk;
}

/* ---- the reason ---- */

/* What makes it more than its own words say. */
static const char *because(const struct target *t)
{
	const struct effect *e = t->effect;
	const struct fact *fact = &e->fact;
	const char *doubt = target_doubt(t);
	if (!effect_has_path(e->kind)) {
		return doubt ? doubt : "";
	}
	if (t->sets & SET_SELF) {
		return ", bascule's own";
	}
	if (t->sets & SET_SECRET) {
		return ", which may hold secrets";
	}
	if (e->kind != EFFECT_READ && (t->sets & SET_CONTROL)) {
		return ", which makes other programs run or obey it";
	}
	if (doubt) {
		return doubt;
	}
	bool loses = e->kind == EFFECT_DELETE || strcmp(t->how, "replace") == 0 ||
		strcmp(t->how, "away") == 0;
	return loses && fact->inside && fact->state == FACT_FILE && !(fact->marks & MARK_TRACKED)
		? ", which git does not track"
		: "";
}

static void say(const struct policy_call *call, const struct effect *effect,
	const struct effect_judgement *its, struct judgement *out)
{
	struct target t;
	char words[sizeof(out->reason)];
	if (its->rule == rule_hold_all) {
		snprintf(out->reason, sizeof(out->reason), "%s", its->why);
		return;
	}
	effect_say(effect, words, sizeof(words));
	if (its->verdict == VERDICT_ALLOW) {
		snprintf(out->reason, sizeof(out->reason), "%s", words);
		return;
	}
	target_init(&t, call, effect, call->rules);
	const char *why = because(&t);
	snprintf(out->reason, sizeof(out->reason), "%.*s%s",
		(int)(sizeof(out->reason) - 1 - strlen(why)), words, why);
	target_finish(&t);
}

/* ---- the call ---- */

static void hold(struct judgement *out, const char *rule, enum risk risk, const char *reason)
{
	out->verdict = out->verdict > VERDICT_HOLD ? out->verdict : VERDICT_HOLD;
	out->rule = rule;
	out->risk = risk > out->risk ? risk : out->risk;
	snprintf(out->reason, sizeof(out->reason), "%.*s", (int)sizeof(out->reason) - 1, reason);
}

static bool is_worse(const struct effect_judgement *a, const struct effect_judgement *b)
{
	return a->verdict > b->verdict || (a->verdict == b->verdict && a->risk > b->risk);
}

void policy_judge(const struct policy_call *call, struct judgement *out)
{
	struct effect_judgement worst = { 0 }, its;
	size_t count = call->rules ? call->effects->count : 0;
	*out = (struct judgement){
		.verdict = VERDICT_ALLOW, .rule = no_rule, .effect = call->effects->count
	};
	for (size_t i = 0; i < count; i++) {
		judge_effect(call, &call->effects->list[i], call->rules->hold_all, &its);
		if (i == 0 || is_worse(&its, &worst)) {
			worst = its;
			out->effect = i;
		}
	}
	if (count) {
		out->verdict = worst.verdict;
		out->rule = worst.rule;
		out->risk = worst.risk;
		say(call, &call->effects->list[out->effect], &worst, out);
	} else {
		hold(out, no_rule, RISK_MEDIUM, "what it does is not known");
	}
	if (!call->agreed && out->verdict != VERDICT_DENY) {
		hold(out, rule_disagree, RISK_HIGH, "gate and broker read its effects differently");
	} else if (!call->listed && out->verdict == VERDICT_ALLOW) {
		hold(out, rule_unlisted, RISK_MEDIUM,
			"the server does not list this tool, or its list is not known yet");
	}
}
