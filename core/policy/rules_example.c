/*
 * The `ok` and `not` lines of a rule file, run when it is read.
 *
 * An example is judged in a made-up world: the scope is /scope, everything below it is tracked and
 * as committed, the branch is feature/x. Of an allow rule, `ok` means that the rule and the
 * built-in policy together allow it, and not without the rule; of another, that the rule speaks of
 * a part of it. `not` means the opposite. Opens nothing.
 */
#include "config.h"

#include "core/policy/policy_impl.h"

#include "core/effects/command.h"
#include "core/policy/assume.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define K(kind) (1u << EFFECT_##kind)

/* of which an example is a shell's line */
static const uint32_t by_line = K(EXEC) | K(TASK) | K(INSTALL) | K(PUBLISH) | K(CLOUD) |
	K(DESTRUCTIVE) | K(PROCESS) | K(SELF);
static const char scope[] = "/scope";
static const char *const scopes[] = { scope, NULL };
static const char home[] = "/home/user";
static const struct assumed world = {
	.scope = scopes, .scope_count = 1, .home = home, .branch = "feature/x", .default_branch = ""
};

/* ---- effects ---- */

static const char *text_of_sort(const struct rule *rule, enum term_sort sort, const char *otherwise)
{
	for (size_t i = 0; i < rule->count; i++) {
		if (rule->terms[i].sort == sort && rule->terms[i].text) {
			return rule->terms[i].text;
		}
	}
	return otherwise;
}

static const char *usual_how(enum effect_kind kind)
{
	return kind == EFFECT_WRITE     ? "replace"
		: kind == EFFECT_DELETE ? "file"
		: kind == EFFECT_BRANCH ? "create"
		: kind == EFFECT_REMOTE ? "unknown"
		: kind == EFFECT_NET    ? "remote"
		: kind == EFFECT_SQL    ? "read"
					: "";
}

static void add_named(
	struct effects *out, const struct rule *rule, enum effect_kind kind, const char *text)
{
	const char *how = text_of_sort(rule, TERM_HOW, usual_how(kind));
	const char *word = "";
	if (kind == EFFECT_PUSH) {
		word = text_of_sort(rule, TERM_HOW, "");
		how = text_of_sort(rule, TERM_TO, "origin");
	} else if (kind == EFFECT_REMOTE) {
		word = text_of_sort(rule, TERM_SERVER, "server");
	} else if (kind == EFFECT_NET) {
		word = text;
	} else if (kind == EFFECT_SQL) {
		word = "dev";
	}
	struct effect *e = effects_add(out, kind, "", text, how, word);
	free(e->base);
	e->base = xstrdup(scope);
}

static void example_effects(struct effects *out, const struct rule *rule, const char *text)
{
	*out = (struct effects){ 0 };
	if (rule->kinds & by_line) {
		shell_effects(out, "", span_of(text), scope);
	} else {
		for (size_t kind = 0; kind < EFFECT_KIND_COUNT; kind++) {
			if (rule->kinds >> kind & 1) {
				add_named(out, rule, (enum effect_kind)kind, text);
			}
		}
	}
	effects_assume(out, &world);
	for (size_t i = 0; i < out->count; i++) {
		bool lockfile = out->list[i].kind == EFFECT_INSTALL;
		out->list[i].fact.marks |= lockfile ? MARK_COMMITTED : 0;
	}
}

/* ---- judgement ---- */

static bool fits(const struct rule *rule, const struct policy_call *call,
	const struct effect *effect, const struct rules *rules)
{
	struct target t;
	target_init(&t, call, effect, rules);
	bool may = rule->verdict != VERDICT_ALLOW || !target_doubt(&t);
	bool fit = may && rule_fits(rule, &t, NULL, 0);
	target_finish(&t);
	return fit;
}

static bool allows_all(
	const struct rule *rule, const struct policy_call *call, const struct rules *rules)
{
	bool by_rule[EFFECTS_MAX] = { false };
	size_t fitting = 0;
	for (size_t i = 0; i < call->effects->count; i++) {
		by_rule[i] = fits(rule, call, &call->effects->list[i], rules);
		fitting += by_rule[i];
	}
	for (size_t i = 0; i < call->effects->count; i++) {
		struct effect_judgement other;
		const struct effect *effect = &call->effects->list[i];
		const struct effect *command = effect_command(call->effects, effect);
		if (by_rule[i] || (command && by_rule[command - call->effects->list])) {
			continue;
		}
		policy_judge_effect(call, effect, &other);
		if (other.verdict != VERDICT_ALLOW) {
			return false;
		}
	}
	return fitting;
}

static bool speaks_of_any(
	const struct rule *rule, const struct policy_call *call, const struct rules *rules)
{
	for (size_t i = 0; i < call->effects->count; i++) {
		if (fits(rule, call, &call->effects->list[i], rules)) {
			return true;
		}
	}
	return false;
}

/* The rules under which an example is judged beside its own: the built-in ones, with what this file
 * says of branches, sets and scopes. */
static void run(const struct rules *rules, const struct rules *others, const struct rule *rule,
	const struct rule_example *example, rule_finding *found, void *data)
{
	struct effects effects;
	char words[300];
	example_effects(&effects, rule, example->text);
	struct policy_call call = { .method = SPAN("tools/call"),
		.server = span_of(text_of_sort(rule, TERM_SERVER, "server")),
		.effects = &effects,
		.rules = others,
		.home = home,
		.scope = scopes,
		.agreed = true,
		.listed = true };
	bool fit = rule->verdict == VERDICT_ALLOW ? allows_all(rule, &call, rules)
						  : speaks_of_any(rule, &call, rules);
	if (fit != example->ok) {
		snprintf(words, sizeof(words), "its example in line %u: %.120s: %s", example->line,
			example->text,
			example->ok ? "the rule does not fit, expected that it does"
				    : "the rule fits, expected that it does not");
		found(data, rule, words);
	}
	effects_finish(&effects);
}

void rules_examples(const struct rules *rules, rule_finding *found, void *data)
{
	struct rules *builtin = NULL, *joined = NULL;
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->list[i];
		for (size_t k = 0; k < rule->example_count; k++) {
			if (!joined) {
				struct rules file = *rules;
				memset(file.index, 0, sizeof(file.index));
				file.count = 0;
				builtin = rules_builtin();
				const struct rules *const levels[] = { builtin, &file };
				joined = rules_join(levels, 2, NULL, NULL);
			}
			run(joined, joined, rule, &rule->examples[k], found, data);
		}
	}
	rules_destroy(joined);
	rules_destroy(builtin);
}
