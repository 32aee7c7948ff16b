/*
 * Any text as a shell line, through the whole of judging: lexer, every family of commands, the
 * built-in rules, grants and the line for policy.rules. A line always has an effect; what a grant
 * leaves behind covers the call that it came from; nothing unknown is allowed.
 */
#include "config.h"

#include "core/effects/command.h"
#include "core/policy/assume.h"
#include "core/policy/grant.h"
#include "core/policy/policy.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const scope[] = { "/w", NULL };

static void demand(bool condition)
{
	if (!condition) {
		abort();
	}
}

static void try_grants(const struct policy_call *call)
{
	for (int width = GRANT_EXACT; width <= GRANT_WIDE; width++) {
		struct grant grant, *one = &grant;
		size_t used[1], count = 0;
		if (grant_create(call, (enum grant_width)width, &grant)) {
			grant.uses_left = -1;
			demand(grants_cover(call, &one, 1, used, &count) && count == 1);
			grant_finish(&grant);
		}
	}
}

static void judge(const struct effects *effects, const struct rules *rules)
{
	const struct policy_call call = { .method = SPAN("tools/call"),
		.tool = SPAN("run"),
		.profile = SPAN("commands"),
		.server = SPAN("s"),
		.effects = effects,
		.rules = rules,
		.home = "/home/u",
		.scope = scope,
		.agreed = true,
		.listed = true };
	struct judgement judgement;
	char why[160], *steps[RULE_WIDTH_COUNT];
	policy_judge(&call, &judgement);
	for (size_t i = 0; i < effects->count; i++) {
		demand(effects->list[i].kind != EFFECT_UNKNOWN ||
			judgement.verdict != VERDICT_ALLOW);
	}
	if (judgement.verdict == VERDICT_HOLD) {
		try_grants(&call);
		size_t count = rule_steps(&call, steps, why);
		while (count) {
			free(steps[--count]);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct rules *rules;
	const struct assumed world = { .scope = scope,
		.scope_count = 1,
		.home = "/home/u",
		.branch = "feature/x",
		.default_branch = "" };
	struct span line = { (const char *)data, size };
	struct effects effects = { 0 };
	rules = rules ? rules : rules_builtin();
	shell_effects(&effects, "command", line, "/w");
	demand(effects.count && effects.count <= EFFECTS_MAX);
	effects_assume(&effects, &world);
	judge(&effects, rules);
	effects_finish(&effects);
	return 0;
}
