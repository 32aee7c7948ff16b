/* What the arguments of a tool that no profile knows look like. */
#include "config.h"

#include "core/effects/extract.h"
#include "core/policy/assume.h"
#include "core/policy/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char permitted[] = "version 1\nallow tool mystery do\n";

/* Judged as if the user had permitted the tool. */
static enum verdict judge(const char *arguments)
{
	static const char *const scope[] = { "/home/u/w", NULL };
	struct profiles *profiles = profiles_create();
	struct rules *builtin = rules_builtin();
	struct err err;
	struct rules *user = rules_parse("user", LEVEL_USER, span_of(permitted), NULL, &err);
	const struct rules *levels[] = { builtin, user };
	struct rules *rules = rules_join(levels, COUNT_OF(levels), NULL, NULL);
	struct effects effects;
	struct judgement judgement;
	assert_non_null(user);
	effects_extract(&effects,
		&(struct extract){ .profiles = profiles,
			.method = SPAN("tools/call"),
			.tool = SPAN("do"),
			.server = "mystery",
			.cwd = "/home/u/w",
			.arguments = span_of(arguments) });
	effects_assume(&effects,
		&(struct assumed){ .scope = scope,
			.scope_count = 1,
			.home = "/home/u",
			.branch = "x",
			.default_branch = "" });
	policy_judge(&(struct policy_call){ .method = SPAN("tools/call"),
			     .tool = SPAN("do"),
			     .server = SPAN("mystery"),
			     .effects = &effects,
			     .rules = rules,
			     .scope = scope,
			     .home = "/home/u",
			     .agreed = true,
			     .listed = true },
		&judgement);
	effects_finish(&effects);
	rules_destroy(rules);
	rules_destroy(user);
	rules_destroy(builtin);
	profiles_destroy(profiles);
	return judgement.verdict;
}

static void permitted_test(void **state)
{
	static const struct {
		const char *arguments;
		enum verdict verdict;
	} rows[] = {
		{ "{}", VERDICT_ALLOW },
		{ "{\"q\":\"a question / and an answer\",\"n\":3}", VERDICT_ALLOW },
		{ "{\"path\":\"/home/u/w/src/a.c\"}", VERDICT_ALLOW },
		{ "{\"deep\":[{\"file\":\"src/a.c\"}]}", VERDICT_ALLOW },
		{ "{\"url\":\"http://localhost:3000/\"}", VERDICT_ALLOW },
		{ "{\"command\":\"ls src\"}", VERDICT_ALLOW },
		{ "{\"path\":\"/etc/passwd\"}", VERDICT_HOLD },
		{ "{\"x\":{\"y\":[\"~/.ssh/id_rsa\"]}}", VERDICT_HOLD },
		{ "{\"x\":\"../other/a.c\"}", VERDICT_HOLD },
		{ "{\"x\":\".env\"}", VERDICT_HOLD },
		{ "{\"x\":\".github/workflows/ci.yml\"}", VERDICT_HOLD },
		{ "{\"x\":\"file:///etc/passwd\"}", VERDICT_HOLD },
		{ "{\"url\":\"https://example.com/\"}", VERDICT_HOLD },
		{ "{\"command\":\"npm install x\"}", VERDICT_HOLD },
		{ "{\"options\":{\"CMD\":\"rm -rf src\"}}", VERDICT_HOLD },
		{ "{\"code\":\"1\"}", VERDICT_HOLD },
		{ "{\"sql\":\"DROP TABLE users\"}", VERDICT_HOLD },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		enum verdict got = judge(rows[i].arguments);
		if (got != rows[i].verdict) {
			print_error("%s\n", rows[i].arguments);
		}
		assert_int_equal(got, rows[i].verdict);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(permitted_test) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
