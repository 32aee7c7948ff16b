/*
 * Any bytes as a rule file: read, refused or formatted without a fault; what the form gives is read
 * again and is its own form; no file of a project lets anything pass that is held without it.
 */
#include "config.h"

#include "core/policy/policy.h"

#include "core/effects/command.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool condition)
{
	if (!condition) {
		abort();
	}
}

/* The shell's reader has a target of its own. */
void shell_effects(struct effects *out, const char *arg, struct span text, const char *cwd)
{
	char *line = span_dup(text);
	(void)cwd;
	effects_add(out, EFFECT_EXEC, arg, line, "unproven", "")->part = 1;
	free(line);
}

static void judge(const struct rules *rules, struct effects *effects, enum verdict *verdicts)
{
	static const char *const scope[] = { "/w", NULL };
	struct policy_call call = { .effects = effects, .rules = rules, .scope = scope };
	struct effect_judgement out;
	for (size_t i = 0; i < effects->count; i++) {
		policy_judge_effect(&call, &effects->list[i], &out);
		verdicts[i] = out.verdict;
	}
}

static void fill(struct effects *out)
{
	for (int kind = 0; kind < EFFECT_KIND_COUNT; kind++) {
		struct effect *e = effects_add(
			out, (enum effect_kind)kind, "", "docs/a.md", "read", "test");
		e->fact = (struct fact){ .path = xstrdup("/w/docs/a.md"),
			.inside = true,
			.state = FACT_FILE,
			.links = 1,
			.marks = MARK_TRACKED | MARK_COMMITTED,
			.text = xstrdup("feature/x") };
	}
}

static void only_tightens(const struct rules *project)
{
	struct effects effects = { 0 };
	enum verdict before[EFFECT_KIND_COUNT], after[EFFECT_KIND_COUNT];
	struct rules *builtin = rules_builtin();
	const struct rules *const levels[] = { builtin, project };
	struct rules *joined = rules_join(levels, 2, "/w", NULL);
	fill(&effects);
	judge(builtin, &effects, before);
	judge(joined, &effects, after);
	for (size_t i = 0; i < effects.count; i++) {
		demand(after[i] >= before[i]);
	}
	effects_finish(&effects);
	rules_destroy(joined);
	rules_destroy(builtin);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	struct buf form = { 0 }, again = { 0 }, more = { 0 };
	struct err err;
	struct rules *rules = rules_parse("f", LEVEL_USER, text, &more, &err);
	if (rules_format(text, &form, &err)) {
		demand(rules_format(buf_view(&form), &again, &err));
		demand(span_same(buf_view(&form), buf_view(&again)));
	}
	demand(!rules || form.len || !size);
	rules_destroy(rules);
	rules = rules_parse("f", LEVEL_PROJECT, text, &more, &err);
	if (rules) {
		only_tightens(rules);
		rules_destroy(rules);
	}
	buf_finish(&form);
	buf_finish(&again);
	buf_finish(&more);
	return 0;
}
