/* What no line of a rule file may ever do to judgement. */
#include "tests/unit/policy_world.h"

static const char *const strict_lines[] = { "hold read", "deny read in-scope", "hold write *.c",
	"deny write secret", "hold exec readonly", "deny exec argv ls ...", "hold task",
	"hold branch unprotected", "deny net", "hold sql on dev", "hold tool * *", "hold nothing",
	"hold read write delete /w/**", "deny delete in-scope except tracked",
	"hold write in-scope except new", "hold publish cloud install", "deny push protected",
	"hold read except list", "secret path f", "control path *.md" };

static void strict_rules_never_loosen(void **state)
{
	struct rules *own, *builtin, *plain = rules_builtin();
	(void)state;
	for (size_t k = 0; k < COUNT_OF(strict_lines); k++) {
		char text[256];
		snprintf(text, sizeof(text), "version 1\n%s\n", strict_lines[k]);
		struct rules *rules = policy_of(text, &own, &builtin);
		unsigned changed = 0;
		for (size_t i = 0; i < COUNT_OF(rows); i++) {
			struct judgement a = judge_by(plain, &rows[i].effect, 1, true, true);
			struct judgement b = judge_by(rules, &rows[i].effect, 1, true, true);
			assert_true(b.verdict >= a.verdict);
			assert_true(b.risk >= a.risk);
			changed += a.verdict != b.verdict;
		}
		assert_true(changed > 0 || strict_lines[k][0] == 'h' || strict_lines[k][0] == 'd');
		rules_destroy(rules);
		rules_destroy(own);
		rules_destroy(builtin);
	}
	rules_destroy(plain);
}

/* Adds the rule unless it stands there, or makes another one useless. */
static void add_line(struct buf *text, const char *rule)
{
	char line[256];
	snprintf(line, sizeof(line), "%s\n", rule);
	if (!strstr(buf_cstr(text), line) && strcmp(rule, "deny publish") != 0 &&
		strcmp(rule, "deny write docs/**") != 0) {
		buf_text(text, line);
	}
}

static void order_never_matters(void **state)
{
	struct buf text[2] = { { 0 }, { 0 } };
	struct rules *own[2], *builtin[2], *rules[2];
	(void)state;
	for (size_t k = 0; k < 2; k++) {
		buf_text(&text[k], "version 1\n");
		for (size_t i = 0; i < COUNT_OF(ruled); i++) {
			add_line(&text[k], ruled[k ? COUNT_OF(ruled) - 1 - i : i].rule);
		}
		rules[k] = policy_of(buf_cstr(&text[k]), &own[k], &builtin[k]);
	}
	for (size_t i = 0; i < COUNT_OF(rows) + COUNT_OF(ruled); i++) {
		const struct given *g = i < COUNT_OF(rows) ? &rows[i].effect
							   : &ruled[i - COUNT_OF(rows)].effect;
		assert_int_equal(judge_by(rules[0], g, 1, true, true).verdict,
			judge_by(rules[1], g, 1, true, true).verdict);
	}
	for (size_t k = 0; k < 2; k++) {
		rules_destroy(rules[k]);
		rules_destroy(own[k]);
		rules_destroy(builtin[k]);
		buf_finish(&text[k]);
	}
}

/* A project's file may only tighten, and only where it lies. */
static void projects_only_tighten(void **state)
{
	struct err err;
	struct rules *builtin = rules_builtin();
	struct rules *project = rules_parse("p", LEVEL_PROJECT,
		SPAN("version 1\nprotect branch feature/x\nhold write docs/**\ndeny publish\n"),
		NULL, &err);
	const struct rules *const levels[] = { builtin, project };
	struct rules *here = rules_join(levels, 2, "/w", NULL);
	struct rules *there = rules_join(levels, 2, "/v", NULL);
	static const struct given doc = E(EFFECT_WRITE, "docs/a", "edit", "", FILE_);
	(void)state;
	assert_non_null(project);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		assert_true(
			judge_by(here, &rows[i].effect, 1, true, true).verdict >= rows[i].verdict);
	}
	assert_int_equal(judge_by(here, &doc, 1, true, true).verdict, HOLD);
	assert_string_equal(judge_by(here, &doc, 1, true, true).rule, "p:3");
	assert_int_equal(judge_by(there, &doc, 1, true, true).verdict, ALLOW);
	rules_destroy(there);
	rules_destroy(here);
	rules_destroy(project);
	rules_destroy(builtin);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strict_rules_never_loosen),
		cmocka_unit_test(order_never_matters),
		cmocka_unit_test(projects_only_tighten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
