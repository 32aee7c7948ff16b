/* Judgement, cell by cell, and its words. */
#include "tests/unit/policy_world.h"

static void builtin_test(void **state)
{
	struct rules *rules = rules_builtin();
	unsigned wrong = 0;
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct judgement j = judge_by(rules, &rows[i].effect, 1, true, true);
		bool words = !rows[i].reason || strstr(j.reason, rows[i].reason);
		if (j.verdict != rows[i].verdict || j.risk != rows[i].risk || !words) {
			print_error("%s %s %s: %s, %s, %s [%s]\n",
				effect_kind_name(rows[i].effect.kind), rows[i].effect.given,
				rows[i].effect.how, verdict_name(j.verdict), risk_name(j.risk),
				j.reason, j.rule);
			wrong++;
		}
		/* what the gate did not agree on, or no server lists, is never allowed */
		struct judgement other = judge_by(rules, &rows[i].effect, 1, false, true);
		assert_int_not_equal(other.verdict, ALLOW);
		assert_true(other.risk >= RISK_HIGH);
		assert_int_not_equal(
			judge_by(rules, &rows[i].effect, 1, true, false).verdict, ALLOW);
	}
	assert_int_equal(wrong, 0);
	rules_destroy(rules);
}

static void ruled_test(void **state)
{
	unsigned wrong = 0;
	(void)state;
	for (size_t i = 0; i < COUNT_OF(ruled); i++) {
		struct rules *own, *builtin;
		char text[256];
		snprintf(text, sizeof(text), "version 1\n%s\n", ruled[i].rule);
		struct rules *rules = policy_of(text, &own, &builtin);
		struct judgement j = judge_by(rules, &ruled[i].effect, 1, true, true);
		if (j.verdict != ruled[i].verdict) {
			print_error("%s: %s %s: %s [%s]\n", ruled[i].rule,
				effect_kind_name(ruled[i].effect.kind), ruled[i].effect.given,
				verdict_name(j.verdict), j.rule);
			wrong++;
		}
		rules_destroy(rules);
		rules_destroy(own);
		rules_destroy(builtin);
	}
	assert_int_equal(wrong, 0);
}

/* ---- several effects, and words ---- */

static void strictest_decides(void **state)
{
	static const struct given both[] = { E(EFFECT_READ, "f", "", "", FILE_),
		E(EFFECT_WRITE, "/etc/f", "replace", "", NEW, .outside = true),
		E(EFFECT_READ, "/etc/g", "", "", FILE_, .outside = true) };
	static const struct given denied[] = { E(EFFECT_DESTRUCTIVE, "all", "rm", ""),
		E(EFFECT_SELF, "stops the broker", "", "") };
	struct rules *rules = rules_builtin();
	struct judgement j = judge_by(rules, both, 3, true, true);
	(void)state;
	assert_int_equal(j.verdict, HOLD);
	assert_int_equal(j.risk, RISK_HIGH);
	assert_int_equal(j.effect, 1);
	assert_string_equal(j.reason, "creates /etc/f outside the scope");
	assert_string_equal(j.rule, "built-in:default");
	j = judge_by(rules, denied, 2, true, true);
	assert_int_equal(j.verdict, DENY);
	assert_int_equal(j.effect, 1);
	assert_int_equal(judge_by(rules, both, 1, false, true).effect, 0);
	assert_string_equal(judge_by(rules, both, 1, false, true).rule, "built-in:disagree");
	assert_string_equal(judge_by(rules, both, 1, true, false).rule, "built-in:unlisted");
	assert_int_equal(judge_by(rules, denied + 1, 1, false, true).verdict, DENY);
	j = judge_by(rules, NULL, 0, true, true);
	assert_int_equal(j.verdict, HOLD);
	assert_int_equal(j.effect, 0);
	assert_int_equal(judge_by(NULL, both, 1, true, true).verdict, HOLD);
	rules_destroy(rules);
}

/* What is not known of a command that a rule names is known to who wrote the rule. */
static void unknown_goes_with_its_command(void **state)
{
	static const struct given line[] = { { EFFECT_EXEC, "foo bar", "unproven", "foo",
						     .part = 1 },
		{ EFFECT_UNKNOWN, "a program that is not known", "foo", "", .part = 1 },
		{ EFFECT_UNKNOWN, "a program that is not known", "foo", "", .part = 2 } };
	static const struct given path[] = { { EFFECT_EXEC, "foo bar", "unproven", "foo",
						     .part = 1 },
		{ EFFECT_UNKNOWN, "a path that is not certain", "bar", "", .part = 1 } };
	struct rules *own, *builtin;
	struct rules *rules = policy_of("version 1\nallow exec argv foo bar\n", &own, &builtin);
	(void)state;
	assert_int_equal(judge_by(rules, line, 2, true, true).verdict, ALLOW);
	assert_int_equal(judge_by(rules, line, 3, true, true).verdict, HOLD);
	assert_int_equal(judge_by(rules, path, 2, true, true).verdict, HOLD);
	assert_int_equal(judge_by(builtin, line, 2, true, true).verdict, HOLD);
	rules_destroy(rules);
	rules_destroy(own);
	rules_destroy(builtin);
}

/* A formatter's writes are its task's. */
static void trees_go_with_their_task(void **state)
{
	static const struct {
		struct given task, write;
		enum verdict verdict;
	} cases[] = {
		{ { EFFECT_TASK, "ruff format .", "ruff", "format", .marks = MARK_COMMITTED,
			  .part = 1 },
			{ EFFECT_WRITE, ".", "tree", "", DIR_, "/w", .part = 1 }, ALLOW },
		{ { EFFECT_TASK, "ruff format .", "ruff", "format", .part = 1 },
			{ EFFECT_WRITE, ".", "tree", "", DIR_, "/w", .part = 1 }, HOLD },
		{ { EFFECT_TASK, "ruff format .", "ruff", "format", .marks = MARK_COMMITTED,
			  .part = 1 },
			{ EFFECT_WRITE, ".", "tree", "", DIR_, "/w", .part = 2 }, HOLD },
		{ { EFFECT_TASK, "ruff format x", "ruff", "format", .marks = MARK_COMMITTED,
			  .part = 1 },
			{ EFFECT_WRITE, "/x", "tree", "", DIR_, .outside = true, .part = 1 },
			HOLD },
		{ { EFFECT_TASK, "ruff format .git", "ruff", "format", .marks = MARK_COMMITTED,
			  .part = 1 },
			{ EFFECT_WRITE, ".git", "tree", "", DIR_, .part = 1 }, HOLD },
		{ { EFFECT_TASK, "ruff format .", "ruff", "format", .marks = MARK_COMMITTED,
			  .part = 1 },
			{ EFFECT_WRITE, ".", "tree", "", DIR_, "/w", .late = true, .part = 1 },
			HOLD },
	};
	struct rules *rules = rules_builtin();
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct given both[] = { cases[i].write, cases[i].task };
		assert_int_equal(judge_by(rules, both, 2, true, true).verdict, cases[i].verdict);
	}
	rules_destroy(rules);
}

static void hold_all_test(void **state)
{
	struct rules *rules = rules_hold_all("the policy is broken");
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct judgement j = judge_by(rules, &rows[i].effect, 1, true, true);
		assert_int_equal(j.verdict, rows[i].verdict == DENY ? DENY : HOLD);
		assert_true(
			rows[i].verdict == DENY || strcmp(j.reason, "the policy is broken") == 0);
	}
	rules_destroy(rules);
}

static void nearest_rule_test(void **state)
{
	static const struct given g = E(EFFECT_READ, ".env", "", "", FILE_);
	static const struct given late = E(EFFECT_READ, "a", "", "", FILE_, .late = true);
	struct rules *rules = rules_builtin();
	struct effects effects;
	struct effect_judgement j;
	struct policy_call call = { .effects = &effects, .rules = rules };
	(void)state;
	fill(&effects, &g, 1);
	policy_judge_effect(&call, &effects.list[0], &j);
	assert_int_equal(j.verdict, HOLD);
	assert_non_null(j.near);
	assert_string_equal(j.why, "it leaves out what may hold secrets");
	effects_finish(&effects);
	fill(&effects, &late, 1);
	policy_judge_effect(&call, &effects.list[0], &j);
	assert_non_null(strstr(j.why, "after an earlier part of the call"));
	assert_int_equal(effect_risk(&call, &effects.list[0]), RISK_MEDIUM);
	effects_finish(&effects);
	rules_destroy(rules);
}

/* Half of it would be another text on the wire. */
static void long_names_end(void **state)
{
	char name[2000];
	struct rules *rules = rules_builtin();
	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	struct given g = E(EFFECT_READ, name, "", "", FILE_, .outside = true);
	struct judgement j = judge_by(rules, &g, 1, true, true);
	assert_non_null(strstr(j.reason, "outside the scope"));
	rules_destroy(rules);
}

static void speed_test(void **state)
{
	enum { ROUNDS = 20 };
	struct buf text = { 0 };
	struct rules *own, *builtin;
	(void)state;
	buf_text(&text, "version 1\n");
	for (int i = 0; i < 470; i++) {
		buf_printf(
			&text, i % 2 ? "hold write gen%d/**\n" : "allow exec argv tool%d ...\n", i);
	}
	struct rules *rules = policy_of(buf_cstr(&text), &own, &builtin);
	clock_t start = clock();
	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < COUNT_OF(rows); i++) {
			judge_by(rules, &rows[i].effect, 1, true, true);
		}
	}
	double us = (double)(clock() - start) / CLOCKS_PER_SEC * 1e6 / ROUNDS / COUNT_OF(rows);
	print_message("%.1f us a call with 500 rules\n", us);
	assert_true(us < 600);
	rules_destroy(rules);
	rules_destroy(own);
	rules_destroy(builtin);
	buf_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(builtin_test),
		cmocka_unit_test(ruled_test),
		cmocka_unit_test(strictest_decides),
		cmocka_unit_test(unknown_goes_with_its_command),
		cmocka_unit_test(trees_go_with_their_task),
		cmocka_unit_test(hold_all_test),
		cmocka_unit_test(nearest_rule_test),
		cmocka_unit_test(long_names_end),
		cmocka_unit_test(speed_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
