/* The starter policy: what it says of a repository, and that nothing found there can say more. */
#include "config.h"

#include "core/policy/rules.h"
#include "core/policy/starter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct starter_repo repo;

static void put(enum starter_id id, const char *text)
{
	repo.there[id] = true;
	repo.text[id] = span_of(text);
}

static int clear(void **state)
{
	(void)state;
	repo = (struct starter_repo){ 0 };
	return 0;
}

/* The text, which must parse where it is meant to lie. */
static char *made(void)
{
	struct buf out = { 0 };
	struct err err = { 0 };
	starter_policy(&repo, &out);
	struct rules *rules = rules_parse("starter", LEVEL_PROJECT, buf_view(&out), NULL, &err);
	assert_string_equal(err.text, "");
	assert_non_null(rules);
	rules_destroy(rules);
	char *text = span_dup(buf_view(&out));
	buf_finish(&out);
	return text;
}

static void says(const char *text, const char *words)
{
	if (!strstr(text, words)) {
		fail_msg("\"%s\" is not in:\n%s", words, text);
	}
}

static void says_not(const char *text, const char *words)
{
	if (strstr(text, words)) {
		fail_msg("\"%s\" is in:\n%s", words, text);
	}
}

/* Between the heading that begins with `from` and the next empty line. */
static char *part(const char *text, const char *from)
{
	const char *at = strstr(text, from);
	assert_non_null(at);
	const char *end = strstr(at, "\n\n");
	return span_dup((struct span){ at, end ? (size_t)(end - at) : strlen(at) });
}

static void an_empty_directory_has_a_frame(void **state)
{
	(void)state;
	char *text = made();
	says(text, "version 1\n");
	says_not(text, "\n\n");
	says_not(text, "\nhold ");
	free(text);
}

static void scripts_of_a_package_are_told_apart(void **state)
{
	(void)state;
	put(STARTER_PACKAGE_JSON,
		"{\"scripts\":{\"test\":\"vitest\",\"pretest\":\"x\",\"lint:all\":\"eslint .\","
		"\"deploy:prod\":\"x\",\"gen\":\"node gen.js\",\"release\":\"x\",\"n\":1}}");
	char *text = made();
	char *passing = part(text, "# Found here, and passing");
	char *waiting = part(text, "# Found here, and waiting");
	says(text, "hold task deploy:prod release\n");
	says(passing, "#   npm run test\n");
	says(passing, "#   npm run lint:all");
	says_not(text, "pretest");
	says_not(text, "run n\n");
	says(waiting, "#   npm run gen");
	says_not(passing, "gen");
	free(text);
	free(passing);
	free(waiting);
}

static void the_lockfile_names_the_manager(void **state)
{
	static const struct {
		enum starter_id id;
		const char *line;
	} cases[] = {
		{ STARTER_PNPM_LOCK, "#   pnpm run test" },
		{ STARTER_YARN_LOCK, "#   yarn run test" },
		{ STARTER_BUN_LOCK, "#   bun run test" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		clear(NULL);
		put(STARTER_PACKAGE_JSON, "{\"scripts\":{\"test\":\"vitest\"}}");
		repo.there[cases[i].id] = true;
		char *text = made();
		char *passing = part(text, "# Found here, and passing");
		says(passing, cases[i].line);
		free(passing);
		free(text);
	}
}

static void targets_of_make_and_just(void **state)
{
	(void)state;
	put(STARTER_MAKEFILE,
		"CC := gcc\nX = a:b\n.PHONY: all\nall check: build/a.o\n\tlint: no\nbuild/a.o: "
		"a.c\n"
		"%.o: %.c\n# doc: x\ndeploy:\n\tscp\nlint::\n");
	put(STARTER_JUSTFILE,
		"set shell := [\"sh\"]\nv := \"1\"\n@fmt arg='x':\n  x\ntest: fmt\n"
		"alias t := test\n  inner: x\n");
	char *text = made();
	char *passing = part(text, "# Found here, and passing");
	says(passing, "#   make all\n#   make check\n");
	says(passing, "#   just fmt\n#   just test");
	says(text, "hold task deploy\n");
	static const char *const none[] = { "CC", "a.o", "%", "doc", "alias", "inner", "set\n",
		"make X", "PHONY" };
	for (size_t i = 0; i < COUNT_OF(none); i++) {
		says_not(passing, none[i]);
	}
	free(passing);
	free(text);
}

static void runners_with_tasks_of_their_own(void **state)
{
	(void)state;
	repo.there[STARTER_CARGO] = repo.there[STARTER_GO_MOD] = true;
	put(STARTER_PYPROJECT, "[tool.pytest.ini_options]\n[tool.ruff]\nx = 1\n");
	char *text = made();
	char *passing = part(text, "# Found here, and passing");
	static const char *const lines[] = { "cargo test", "cargo clippy", "cargo build",
		"go test ./...", "go vet ./...", "pytest", "ruff check ." };
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		says(passing, lines[i]);
	}
	says_not(passing, "mypy");
	free(passing);
	free(text);
}

static void branches_of_origin_and_of_the_configuration(void **state)
{
	(void)state;
	put(STARTER_ORIGIN_HEAD, "ref: refs/remotes/origin/next\n");
	put(STARTER_CONFIG,
		"[branch \"next\"]\n\tremote = origin\n[branch \"release/2\"]\n\tremote = origin\n"
		"[branch \"feature/x\"]\n\tremote = origin\n[branch \"live\"]\n\tmerge = a\n"
		"\tremote = b\n");
	char *text = made();
	says(text, "\nprotect branch next release/2 live\n");
	free(text);
}

static void ignored_output_is_told_from_what_is_not_known(void **state)
{
	(void)state;
	put(STARTER_IGNORE,
		"# x\nnode_modules\n/dist/\n!keep/\n*.log\ndata/\n.env\na/../b/\n.next/\n");
	char *text = made();
	char *output = part(text, "# Output that git ignores");
	char *unknown = part(text, "# Ignored by git, but");
	says(output, "#   node_modules\n#   dist\n#   .next");
	says(unknown, "#   data");
	static const char *const none[] = { "keep", ".log", ".env", ".." };
	for (size_t i = 0; i < COUNT_OF(none); i++) {
		says_not(output, none[i]);
		says_not(unknown, none[i]);
	}
	free(output);
	free(unknown);
	free(text);
}

/* Every byte of a repository may be an agent's. */
static void names_are_words_and_nothing_else(void **state)
{
	(void)state;
	put(STARTER_PACKAGE_JSON,
		"{\"scripts\":{\"deploy\\nallow exec readonly\":\"\",\"deploy "
		"*\":\"\",\"deploy\\u001b[2J\""
		":\"\",\"#deploy\":\"\",\"\\\"deploy\":\"\",\"deploy-\\u202eabc\":\"\",\"-deploy\":"
		"\"\","
		"\"deploy except\":\"\"}}");
	put(STARTER_ORIGIN_HEAD, "ref: refs/remotes/origin/*\n");
	put(STARTER_CONFIG, "[branch \"release/\\\"x\"]\n a = b\n[branch \"prod *\"]\n a = b\n");
	put(STARTER_MAKEFILE, "deploy-$(X) deploy?: a\n\033deploy: x\nprod\"x: y\n");
	put(STARTER_IGNORE, "build \nallow\033/\n\"x\"/\n[ab]/\n");
	char *text = made();
	says_not(text, "protect");
	says_not(text, "hold task");
	says_not(text, "allow");
	says_not(text, "\033");
	free(text);
}

static void many_are_counted(void **state)
{
	struct buf json = { 0 };
	(void)state;
	buf_text(&json, "{\"scripts\":{");
	for (int i = 0; i < 3000; i++) {
		buf_printf(&json, "%s\"test:%d\":\"x\",\"deploy:%d\":\"x\"", i ? "," : "", i, i);
	}
	buf_text(&json, "}}");
	put(STARTER_PACKAGE_JSON, buf_cstr(&json));
	char *text = made();
	says(text, "#   and 2988 more\n");
	assert_true(strlen(text) < 4096);
	free(text);
	buf_finish(&json);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup(test, clear)
	const struct CMUnitTest tests[] = {
		T(an_empty_directory_has_a_frame),
		T(scripts_of_a_package_are_told_apart),
		T(the_lockfile_names_the_manager),
		T(targets_of_make_and_just),
		T(runners_with_tasks_of_their_own),
		T(branches_of_origin_and_of_the_configuration),
		T(ignored_output_is_told_from_what_is_not_known),
		T(names_are_words_and_nothing_else),
		T(many_are_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
