/*
 * Which rule is offered for a call: as the policy in force reads it, examples included.
 */
#include "config.h"

#include "core/policy/grant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	enum effect_kind kind;
	const char *given, *how, *word, *path;
	const char *rule; /* NULL: none is offered */
} rows[] = {
	{ EFFECT_EXEC, "mdfind notes", "unproven", "mdfind", NULL,
		"allow exec argv mdfind notes\n  ok  mdfind notes\n" },
	{ EFFECT_EXEC, "shellcheck -x", "unproven", "shellcheck", NULL,
		"allow exec argv shellcheck -x\n  ok  shellcheck -x\n" },
	{ EFFECT_EXEC, "shellcheck a.sh", "unproven", "shellcheck", NULL,
		"allow exec argv shellcheck a.sh\n  ok  shellcheck a.sh\n" },
	{ EFFECT_EXEC, "foo bar 'a b'", "unproven", "foo", NULL,
		"allow exec argv foo bar \"a b\"\n  ok  foo bar 'a b'\n" },
	{ EFFECT_EXEC, "foo bar '*'", "unproven", "foo", NULL, NULL },
	{ EFFECT_EXEC, "foo bar '\"'", "unproven", "foo", NULL, NULL },
	{ EFFECT_EXEC, "rg --pre=./x foo", "unproven", "rg", NULL, NULL },
	{ EFFECT_EXEC, "foo except", "unproven", "foo", NULL, NULL },
	{ EFFECT_EXEC, "./gen x", "unproven", "./gen", NULL, NULL },
	{ EFFECT_EXEC, "python3 x", "unproven", "python3", NULL, NULL },
	{ EFFECT_EXEC, "foo", "wide", "foo", NULL, NULL },
	{ EFFECT_EXEC, "git foo", "unproven", "git", NULL, NULL },
	{ EFFECT_TASK, "just gen v2", "just", "gen", NULL,
		"allow task argv just gen ...\n  ok  just gen v2\n" },
	{ EFFECT_READ, "/usr/include/a.h", "", "", "/usr/include/a.h",
		"allow read /usr/include/**\n  ok  /usr/include/a.h\n" },
	{ EFFECT_READ, "/etc/hosts", "", "", "/etc/hosts",
		"allow read /etc/hosts\n  ok  /etc/hosts\n" },
	{ EFFECT_READ, "/opt/a b/c", "list", "", "/opt/a b/c",
		"allow read list \"/opt/a b/**\"\n  ok  /opt/a b/c\n" },
	{ EFFECT_READ, "/opt/a[b/c", "", "", "/opt/a[b/c", NULL },
	{ EFFECT_READ, "/home/u/.ssh/id_rsa", "", "", "/home/u/.ssh/id_rsa", NULL },
	{ EFFECT_WRITE, "/home/u/x/a", "edit", "", "/home/u/x/a",
		"allow write edit /home/u/x/*\n  ok  /home/u/x/a\n" },
	{ EFFECT_DELETE, "/home/u/x/a", "file", "", "/home/u/x/a", NULL },
	{ EFFECT_NET, "https://a.dev/x", "remote", "a.dev", NULL,
		"allow net a.dev\n  ok  a.dev\n" },
	{ EFFECT_REMOTE, "gh pr comment", "write", "gh", NULL,
		"allow tool gh \"gh pr comment\"\n  ok  gh pr comment\n" },
	{ EFFECT_PUSH, "feature/x", "origin", "", NULL,
		"allow push feature/x unprotected to origin\n  ok  feature/x\n" },
	{ EFFECT_PUSH, "main", "origin", "", NULL, NULL },
	{ EFFECT_PUSH, "feature/x", "origin", "force", NULL, NULL },
	{ EFFECT_INSTALL, "left-pad", "npm", "add", NULL, NULL },
	{ EFFECT_SECRET, "k", "r", "", NULL, NULL },
	{ EFFECT_UNKNOWN, "fault", "", "", NULL, NULL },
	{ EFFECT_SQL, "select 1", "read", "", NULL, NULL },
	{ EFFECT_CLOUD, "kubectl get pods", "kubectl", "read", NULL, NULL },
	/* beside and below others of these, whatever their rules cover */
	{ EFFECT_READ, "/usr/include/.env", "", "", "/usr/include/.env", NULL },
	{ EFFECT_READ, "/usr/include/x/id_rsa", "", "", "/usr/include/x/id_rsa", NULL },
	{ EFFECT_WRITE, "/home/u/x/.git/config", "edit", "", "/home/u/x/.git/config", NULL },
	{ EFFECT_WRITE, "/home/u/x/y/.envrc", "edit", "", "/home/u/x/y/.envrc", NULL },
	{ EFFECT_PUSH, "feature/y", "origin", "delete", NULL, NULL },
	{ EFFECT_WRITE, "/home/u/x/y/Makefile", "edit", "", "/home/u/x/y/Makefile",
		"allow write edit /home/u/x/y/*\n  ok  /home/u/x/y/Makefile\n" },
};

static struct effect *add(struct effects *effects, size_t row, unsigned part)
{
	struct effect *e = effects_add(
		effects, rows[row].kind, "command", rows[row].given, rows[row].how, rows[row].word);
	free(e->base);
	e->base = xstrdup("/ws");
	e->fact.path = xstrdup(rows[row].path);
	e->fact.text = xstrdup("text");
	e->fact.state = rows[row].path ? FACT_FILE : FACT_UNKNOWN;
	e->part = part;
	return e;
}

static struct rules *rules;

static struct policy_call call_of(const struct effects *effects)
{
	return (struct policy_call){ .effects = effects,
		.rules = rules,
		.home = "/home/u",
		.server = SPAN("commands"),
		.agreed = true,
		.listed = true };
}

static void rows_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct effects effects = { 0 };
		struct buf out = { 0 };
		char why[160];
		add(&effects, i, 1);
		struct policy_call call = call_of(&effects);
		bool ok = rule_write(&call, RULE_USUAL, (struct span){ NULL, 0 }, &out, why);
		if (strcmp(buf_cstr(&out), rows[i].rule ? rows[i].rule : "") != 0) {
			print_error("%s: %s\n", rows[i].given, why);
		}
		assert_string_equal(buf_cstr(&out), rows[i].rule ? rows[i].rule : "");
		assert_int_equal(ok, rows[i].rule != NULL);
		assert_int_equal(ok, !why[0]);
		buf_finish(&out);
		effects_finish(&effects);
	}
}

/* What a hold rule of the user holds, no further rule can allow. */
static void held_test(void **state)
{
	struct effects effects = { 0 };
	struct buf out = { 0 };
	struct err err;
	char why[160];
	(void)state;
	add(&effects, 0, 1);
	struct policy_call call = call_of(&effects);
	struct rules *user = rules_parse("policy.rules", LEVEL_USER,
		SPAN("version 1\nhold exec argv mdfind ...\n"), NULL, &err);
	const struct rules *levels[] = { call.rules, user };
	struct rules *joined = rules_join(levels, COUNT_OF(levels), NULL, NULL);
	assert_true(rule_write(&call, RULE_USUAL, SPAN("mdfind notes"), &out, why));
	buf_clear(&out);
	call.rules = joined;
	assert_false(rule_write(&call, RULE_USUAL, SPAN("mdfind notes"), &out, why));
	assert_int_equal(out.len, 0);
	assert_non_null(strstr(why, "holds it"));
	rules_destroy(joined);
	rules_destroy(user);
	effects_finish(&effects);
	buf_finish(&out);
}

/* A line for every part that is asked about, and none twice. */
static void parts_test(void **state)
{
	struct effects effects = { 0 };
	struct buf out = { 0 };
	char why[160];
	(void)state;
	add(&effects, 0, 1);
	effects_add(&effects, EFFECT_UNKNOWN, "command", "why", "mdfind", "")->part = 1;
	add(&effects, 0, 2);
	effects_add(&effects, EFFECT_EXEC, "command", "ls", "readonly", "ls")->part = 3;
	add(&effects, 20, 4);
	struct policy_call call = call_of(&effects);
	assert_true(rule_write(&call, RULE_USUAL, SPAN("mdfind notes && x"), &out, why));
	assert_string_equal(buf_cstr(&out),
		"allow exec argv mdfind notes\n  ok  mdfind notes\n"
		"allow net a.dev\n  ok  a.dev\n");
	buf_clear(&out);
	add(&effects, 21, 1); /* two rules for one command: no example passes by one of them */
	assert_true(rule_write(&call, RULE_USUAL, SPAN("x"), &out, why));
	assert_true(span_starts(buf_view(&out), "allow exec argv mdfind notes\nallow "));
	buf_clear(&out);
	add(&effects, 25, 5);
	assert_false(rule_write(&call, RULE_USUAL, SPAN("x"), &out, why));
	assert_int_equal(out.len, 0);
	assert_non_null(strstr(why, "left-pad"));
	effects_finish(&effects);
	buf_finish(&out);
}

/* Of a row: the rules from exact to wide, each only if it says something else. */
static const struct {
	const char *given;
	const char *steps[RULE_WIDTH_COUNT];
} widths[] = {
	{ "mdfind notes", { "allow exec argv mdfind notes\n" } },
	{ "just gen v2", { "allow task argv just gen v2\n", "allow task argv just gen ...\n" } },
	{ "/usr/include/a.h",
		{ "allow read /usr/include/a.h\n", "allow read /usr/include/*\n",
			"allow read /usr/include/**\n" } },
	{ "/etc/hosts", { "allow read /etc/hosts\n" } },
	{ "/home/u/.ssh/id_rsa", { NULL } },
	{ "/home/u/x/a",
		{ "allow write edit /home/u/x/a\n", "allow write edit /home/u/x/*\n",
			"allow write edit /home/u/x/** except task\n" } },
	{ "/home/u/x/y/Makefile",
		{ "allow write edit /home/u/x/y/Makefile\n", "allow write edit /home/u/x/y/*\n" } },
	{ "https://a.dev/x", { "allow net a.dev\n" } },
	{ "gh pr comment", { "allow tool gh \"gh pr comment\"\n" } },
	{ "feature/x",
		{ "allow push feature/x unprotected to origin\n",
			"allow push feature/* unprotected to origin\n" } },
	{ "main", { NULL } },
	{ "left-pad", { NULL } },
	{ "k", { NULL } },
	{ "python3 x", { NULL } },
};

static size_t row_of(const char *given)
{
	size_t row = 0;
	while (strcmp(rows[row].given, given) != 0) {
		assert_true(++row < COUNT_OF(rows));
	}
	return row;
}

static void steps_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(widths); i++) {
		struct effects effects = { 0 };
		char why[160], *steps[RULE_WIDTH_COUNT];
		add(&effects, row_of(widths[i].given), 1);
		struct policy_call call = call_of(&effects);
		size_t count = rule_steps(&call, steps, why), want = 0;
		while (want < RULE_WIDTH_COUNT && widths[i].steps[want]) {
			want++;
		}
		assert_int_equal(count, want);
		assert_int_equal(!why[0], count > 0);
		for (size_t k = 0; k < count; k++) {
			assert_true(span_starts(span_of(steps[k]), widths[i].steps[k]));
			free(steps[k]);
		}
		effects_finish(&effects);
	}
}

static bool passes(const char *line, size_t row)
{
	struct effects effects = { 0 };
	struct judgement judgement;
	struct err err;
	char *text = xasprintf("version 1\n%s", line);
	struct rules *user = rules_parse("policy.rules", LEVEL_USER, span_of(text), NULL, &err);
	assert_non_null(user);
	const struct rules *levels[] = { rules, user };
	struct rules *joined = rules_join(levels, COUNT_OF(levels), NULL, NULL);
	add(&effects, row, 1);
	struct policy_call call = call_of(&effects);
	call.rules = joined;
	policy_judge(&call, &judgement);
	effects_finish(&effects);
	rules_destroy(joined);
	rules_destroy(user);
	free(text);
	return judgement.verdict == VERDICT_ALLOW;
}

/* Each step allows the call that it is for, none one that has no rule. */
static void steps_allow_the_call_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct effects effects = { 0 };
		char why[160], *steps[RULE_WIDTH_COUNT];
		add(&effects, i, 1);
		struct policy_call call = call_of(&effects);
		size_t count = rule_steps(&call, steps, why);
		assert_true(count || !rows[i].rule);
		for (size_t k = 0; k < count; k++) {
			assert_true(passes(steps[k], i));
			for (size_t other = 0; other < COUNT_OF(rows); other++) {
				assert_false(!rows[other].rule && passes(steps[k], other));
			}
			free(steps[k]);
		}
		effects_finish(&effects);
	}
}

static void tasks_are_not_below_test(void **state)
{
	(void)state;
	static const char below[] = "allow write edit /home/u/x/**";
	char *written = xasprintf("%s except task\n", below), *whole = xasprintf("%s\n", below);
	assert_true(passes(whole, row_of("/home/u/x/y/Makefile")));
	assert_false(passes(written, row_of("/home/u/x/y/Makefile")));
	free(written);
	free(whole);
}

static void nothing_held_test(void **state)
{
	struct effects effects = { 0 };
	struct buf out = { 0 };
	char why[160];
	(void)state;
	effects_add(&effects, EFFECT_EXEC, "command", "ls", "readonly", "ls");
	struct policy_call call = call_of(&effects);
	assert_false(rule_write(&call, RULE_USUAL, SPAN("ls"), &out, why));
	assert_string_equal(why, "no part of it is held");
	effects_finish(&effects);
	buf_finish(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_test),
		cmocka_unit_test(held_test),
		cmocka_unit_test(parts_test),
		cmocka_unit_test(steps_test),
		cmocka_unit_test(steps_allow_the_call_test),
		cmocka_unit_test(tasks_are_not_below_test),
		cmocka_unit_test(nothing_held_test),
	};
	rules = rules_builtin();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	rules_destroy(rules);
	return failed;
}
