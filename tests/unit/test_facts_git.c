/* What repositories say of paths and branches, compared with what git says of the same ones. */
#include "config.h"

#include "tests/unit/facts_world.h"

static void check_marks(struct facts_world *w, enum effect_kind kind, const char *how,
	const char *given, const char *words)
{
	struct effects effects = facts_one(w, kind, given, how, "", "@scope", 1);
	char *have = fact_marks_words(effects.list[0].fact.marks);
	if (strcmp(have, words) != 0) {
		print_error("%s %s:%s, expected%s\n", how, given, have, words);
	}
	assert_string_equal(have, words);
	free(have);
	effects_finish(&effects);
}

static const struct {
	enum effect_kind kind;
	const char *how, *given, *words;
} marks[] = {
	{ EFFECT_READ, "", "tracked", "" },
	{ EFFECT_WRITE, "replace", "tracked", " tracked repo" },
	{ EFFECT_DELETE, "file", "tracked", " tracked repo" },
	{ EFFECT_WRITE, "replace", "changed", " tracked changed repo" },
	{ EFFECT_WRITE, "replace", "touched", " tracked repo" },
	{ EFFECT_WRITE, "replace", "same_size", " tracked changed repo" },
	{ EFFECT_WRITE, "replace", "untracked", " repo" },
	{ EFFECT_WRITE, "replace", "announced", " repo" },
	{ EFFECT_WRITE, "replace", "new", " repo" },
	{ EFFECT_WRITE, "replace", "x.log", " ignored repo" },
	{ EFFECT_WRITE, "replace", "kept.log", " tracked repo" },
	{ EFFECT_DELETE, "tree", "src", " tracked repo" },
	{ EFFECT_DELETE, "tree", "dist", " ignored repo" },
	{ EFFECT_DELETE, "tree", "dist/deep", " ignored repo" },
	{ EFFECT_DELETE, "file", "dist/deep/f", " ignored repo" },
	{ EFFECT_DELETE, "tree", "build", " tracked repo" }, /* ignored, with one added */
	{ EFFECT_DELETE, "tree", "loose", " repo" },
	{ EFFECT_DELETE, "tree", "nested", " repo" }, /* ignored, but a repository */
	{ EFFECT_DELETE, "file", "nested/f", " repo" },
	{ EFFECT_DELETE, "tree", ".git", " repo" },
	{ EFFECT_WRITE, "replace", ".git/config", "" },
	{ EFFECT_DELETE, "tree", "@scope", "" },
	{ EFFECT_DELETE, "file", "@out/secret", "" },
	{ EFFECT_DELETE, "file", "link", " tracked repo" },
	{ EFFECT_DELETE, "file", "new_link", " repo" },
};

static void marks_test(void **state)
{
	struct facts_world *w = *state;
	static const char *const files[] = { "tracked", "changed", "touched", "same_size", "src/a",
		"src/b/c", "kept.log", "build/added", "build/other" };
	world_file(&w->git, "scope/.gitignore", "*.log\n/dist/\nbuild/\nnested\n.git\n");
	git_do(&w->git, "scope", "init -q .");
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		char *path = xasprintf("scope/%s", files[i]);
		world_file(&w->git, path, "content\n");
		free(path);
	}
	char *link = world_at(&w->git, "scope/link"),
	     *new_link = world_at(&w->git, "scope/new_link");
	assert_int_equal(symlink("../out/secret", link), 0);
	assert_int_equal(symlink("../out/secret", new_link), 0);
	git_do(&w->git, "scope", "add .gitignore tracked changed touched same_size src link");
	git_do(&w->git, "scope", "add -f kept.log build/added");
	world_file(&w->git, "scope/untracked", "u");
	world_file(&w->git, "scope/announced", "u");
	git_do(&w->git, "scope", "add -N announced");
	world_file(&w->git, "scope/x.log", "u");
	world_file(&w->git, "scope/dist/deep/f", "u");
	world_file(&w->git, "scope/loose/f", "u");
	world_dir(&w->git, "scope/nested");
	git_do(&w->git, "scope/nested", "init -q .");
	world_file(&w->git, "scope/nested/f", "u");
	usleep(20000); /* a later time than the index's */
	world_file(&w->git, "scope/changed", "more content\n");
	world_file(&w->git, "scope/touched", "content\n");
	world_file(&w->git, "scope/same_size", "CONTENT\n");
	for (int again = 0; again < 2; again++) {
		for (size_t i = 0; i < COUNT_OF(marks); i++) {
			check_marks(w, marks[i].kind, marks[i].how, marks[i].given, marks[i].words);
		}
		git_do(&w->git, "scope", "update-index --index-version 4");
	}
	/* as soon as the index changes, so do we */
	git_do(&w->git, "scope", "rm -q --cached tracked");
	check_marks(w, EFFECT_WRITE, "replace", "tracked", " repo");
	free(link);
	free(new_link);
}

static void set_time(const struct facts_world *w, const char *rest, int64_t second)
{
	char *path = world_at(&w->git, rest);
	const struct timespec times[2] = { { .tv_sec = second }, { .tv_sec = second } };
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	free(path);
}

/* A change right after "add" may have the index's own time; then only the content tells. */
static void racy_test(void **state)
{
	struct facts_world *w = *state;
	git_do(&w->git, "scope", "init -q .");
	world_file(&w->git, "scope/file", "one");
	set_time(w, "scope/file", 1700000000);
	git_do(&w->git, "scope", "add file");
	set_time(w, "scope/.git/index", 1700000000);
	check_marks(w, EFFECT_WRITE, "replace", "file", " tracked repo");
	world_file(&w->git, "scope/file", "two");
	set_time(w, "scope/file", 1700000000);
	check_marks(w, EFFECT_WRITE, "replace", "file", " tracked changed repo");
}

/* Every path that git calls ignored and we do not, or the other way round, is a failure. */
static void ignore_oracle_test(void **state)
{
	struct facts_world *w = *state;
	struct buf files = { 0 }, ignored = { 0 };
	static const char *const dirs[] = { "", "a/", "a/b/", "a/b/c/", "x/", "x/a/" };
	static const char *const names[] = { "f.o", "f.c", "out", "keep.o", "b" };
	git_do(&w->git, "scope", "init -q .");
	world_file(&w->git, "scope/.gitignore", "*.o\n!keep.o\n/x/a/\n");
	world_file(&w->git, "scope/a/.gitignore", "!f.o\nout\n/b/c\n");
	world_file(&w->git, "scope/a/b/.gitignore", "*.o\n!c\n");
	world_file(&w->git, "scope/.git/info/exclude", "f.c\n");
	for (size_t i = 0; i < COUNT_OF(dirs); i++) {
		for (size_t k = 0; k < COUNT_OF(names); k++) {
			char *path = xasprintf("scope/%s%s", dirs[i], names[k]),
			     *full = world_at(&w->git, path);
			struct stat st;
			if (stat(full, &st) != 0) {
				if (strcmp(names[k], "b") != 0) {
					world_file(&w->git, path, "x");
				} else {
					mkdir(full, 0755);
				}
				buf_printf(&files, "%s%s\n", dirs[i], names[k]);
			}
			free(path);
			free(full);
		}
	}
	git_run(&w->git, "scope", "check-ignore --stdin", buf_view(&files), &ignored);
	char *rest = buf_cstr(&files), *line, *said = buf_cstr(&ignored);
	size_t count = 0;
	while ((line = strsep(&rest, "\n")) && line[0]) {
		size_t n = strlen(line);
		bool theirs = strncmp(said, line, n) == 0 && said[n] == '\n';
		check_marks(w, EFFECT_DELETE, "file", line, theirs ? " ignored repo" : " repo");
		said += theirs ? n + 1 : 0;
		count += theirs;
	}
	assert_true(count > 5 && !said[0]);
	buf_finish(&files);
	buf_finish(&ignored);
}

/* A file is quickly told about once the repository is known. */
static void quick_test(void **state)
{
	struct facts_world *w = *state;
	git_do(&w->git, "scope", "init -q .");
	world_file(&w->git, "scope/a", "a");
	git_do(&w->git, "scope", "add a");
	check_marks(w, EFFECT_WRITE, "replace", "a", " tracked repo");
	assert_false(w->quick);
	check_marks(w, EFFECT_WRITE, "replace", "a", " tracked repo");
	assert_true(w->quick);
	check_marks(w, EFFECT_WRITE, "replace", "new", " repo");
	assert_true(w->quick);
	check_marks(w, EFFECT_WRITE, "mkdir", "n/e/w", " repo");
	assert_true(w->quick);
	check_marks(w, EFFECT_READ, "", "a", "");
	assert_true(w->quick);
}

/* What git would take for a repository although nothing is named ".git". */
static void bare_test(void **state)
{
	struct facts_world *w = *state;
	static const struct {
		const char *base, *state;
	} rows[] = {
		{ "@scope", "in directory /scope" },
		{ "@scope/bare", "in special /scope/bare" },
		{ "@scope/bare/sub", "in special /scope/bare/sub" },
		{ "@scope/linked", "in special /scope/linked" },
		{ "@scope/.git", "in special /scope/.git" },
		{ "@scope/head", "in directory /scope/head" },
		{ "@scope/bare/own", "in directory /scope/bare/own" },
	};
	git_do(&w->git, "scope", "init -q .");
	git_do(&w->git, "scope", "init -q --bare bare");
	world_dir(&w->git, "scope/bare/sub");
	world_file(&w->git, "scope/linked/HEAD", "ref: refs/heads/main\n");
	world_file(&w->git, "scope/linked/commondir", "../bare\n");
	world_file(&w->git, "scope/head/HEAD", "x\n");
	world_dir(&w->git, "scope/bare/own");
	git_do(&w->git, "scope/bare/own", "init -q .");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct effects effects = facts_one(
			w, EFFECT_READ, ".", "list", "", rows[i].base, 1);
		char *have = fact_words(w, &effects.list[0].fact);
		assert_string_equal(have, rows[i].state);
		free(have);
		effects_finish(&effects);
	}
}

/* ---- branches ---- */

static void check_branch(struct facts_world *w, enum effect_kind kind, const char *given,
	const char *remote, const char *base, const char *words)
{
	struct effects effects = facts_one(w, kind, given, remote, "", base, 1);
	const struct fact *fact = &effects.list[0].fact;
	char *have = fact->path ? xasprintf("%s:%s", fact->text, fact->more) : xstrdup("unknown");
	if (strcmp(have, words) != 0) {
		print_error("%s, expected %s\n", have, words);
	}
	assert_string_equal(have, words);
	assert_int_equal(fact->inside, fact->path != NULL);
	assert_int_equal(fact->marks, fact->path ? MARK_REPO : 0);
	free(have);
	effects_finish(&effects);
}

static void branch_test(void **state)
{
	struct facts_world *w = *state;
	check_branch(w, EFFECT_BRANCH, "", "commit", "@scope", "unknown");
	git_do(&w->git, "scope", "init -q -b trunk .");
	world_dir(&w->git, "scope/sub");
	check_branch(w, EFFECT_BRANCH, "", "commit", "@scope", "trunk:");
	check_branch(w, EFFECT_BRANCH, "", "commit", "@scope/sub", "trunk:");
	check_branch(w, EFFECT_BRANCH, "x", "create", "@scope/sub/..", "trunk:");
	check_branch(w, EFFECT_BRANCH, "", "commit", "scope:", "trunk:");
	check_branch(w, EFFECT_BRANCH, "", "commit", "", "unknown");
	check_branch(w, EFFECT_BRANCH, "", "commit", "@out", "unknown");
	check_branch(w, EFFECT_BRANCH, "", "commit", "@scope/none", "unknown");
	check_branch(w, EFFECT_BRANCH, "", "commit", "@scope/.git", "unknown");
	world_file(
		&w->git, "scope/.git/refs/remotes/origin/HEAD", "ref: refs/remotes/origin/main\n");
	check_branch(w, EFFECT_BRANCH, "", "commit", "@scope", "trunk:main");
	world_file(&w->git, "scope/a", "a");
	git_do(&w->git, "scope", "add a");
	git_do(&w->git, "scope", "commit -qm a");
	git_do(&w->git, "scope", "worktree add -q -b feature/x linked");
	check_branch(w, EFFECT_BRANCH, "", "commit", "@scope/linked", "feature/x:main");
	git_do(&w->git, "scope", "checkout -q --detach");
	check_branch(w, EFFECT_BRANCH, "", "commit", "@scope", ":main");
	/* a repository around the scope is not in it */
	git_do(&w->git, "", "init -q .");
	git_do(&w->git, "scope", "worktree remove --force linked");
	char *git = world_at(&w->git, "scope/.git"), *away = world_at(&w->git, "out/git");
	assert_int_equal(rename(git, away), 0);
	check_branch(w, EFFECT_BRANCH, "", "commit", "@scope", "unknown");
	check_marks(w, EFFECT_DELETE, "file", "a", "");
	free(git);
	free(away);
}

/* What "git push" alone would move; compared with what it says it would. */
static void push_test(void **state)
{
	struct facts_world *w = *state;
	static const struct {
		const char *config, *remote, *branch; /* branch: "" if more or other is moved */
	} rows[] = {
		{ "", "", "work" },
		{ "", "origin", "work" },
		{ "[push]\ndefault = simple\n", "", "work" },
		{ "[push]\ndefault = current\n", "", "work" },
		{ "[push]\ndefault = matching\n", "", "" },
		{ "[push]\ndefault = nothing\n", "", "" },
		{ "[push]\ndefault = upstream\n", "", "" },
		{ "[push]\ndefault = upstream\n[branch \"work\"]\nremote = origin\n"
		  "merge = refs/heads/work\n",
			"", "work" },
		{ "[push]\ndefault = upstream\n[branch \"work\"]\nremote = origin\n"
		  "merge = refs/heads/main\n",
			"", "" },
		{ "[push]\ndefault = upstream\n[branch \"work\"]\nremote = origin\n"
		  "merge = refs/heads/work\npushRemote = other\n",
			"", "" },
		{ "[remote \"origin\"]\npush = refs/heads/work:refs/heads/main\n", "", "" },
		{ "[remote \"origin\"]\nmirror = true\n", "", "" },
		{ "[remote \"origin\"]\nmirror = false\n", "", "work" },
		{ "[remote \"origin\"]\nmirror\n", "", "" },
		{ "[push]\nfollowTags = true\n", "", "" },
		{ "[push]\nrecurseSubmodules = on-demand\n", "", "" },
		{ "[submodule]\nrecurse = true\n", "", "" },
		{ "[include]\npath = /tmp/x\n", "", "" },
		{ "[includeIf \"gitdir:x\"]\npath = /tmp/x\n", "", "" },
		{ "[push\n", "", "" },
	};
	git_do(&w->git, "scope", "init -q -b work .");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *words = xasprintf("%s:", rows[i].branch);
		for (int where = 0; where < 2; where++) {
			/* the user's own configuration counts as the repository's */
			const char *user = where ? rows[i].config : "",
				   *own = where ? "" : rows[i].config;
			world_file(&w->git, "home/.gitconfig", user);
			world_file(&w->git, "scope/.git/config", own);
			bool broken = strcmp(own, "[push\n") == 0;
			check_branch(w, EFFECT_PUSH, "", rows[i].remote, "@scope",
				broken ? "unknown" : words);
			check_branch(w, EFFECT_PUSH, "x", rows[i].remote, "@scope",
				broken ? "unknown" : "work:");
		}
		free(words);
	}
	world_file(&w->git, "home/.gitconfig", "");
	world_file(&w->git, "scope/.git/config", "");
	check_branch(w, EFFECT_PUSH, "", "", "@scope", "work:");
	world_file(&w->git, "scope/.git/remotes/origin", "URL: x\nPush: a:b\n");
	check_branch(w, EFFECT_PUSH, "", "", "@scope", ":");
	setenv("GIT_CONFIG_COUNT", "0", 1);
	check_branch(w, EFFECT_PUSH, "", "other", "@scope", ":");
	unsetenv("GIT_CONFIG_COUNT");
	check_branch(w, EFFECT_PUSH, "", "other", "@scope", "work:");
}

static void environment_test(void **state)
{
	struct facts_world *w = *state;
	git_do(&w->git, "scope", "init -q -b work .");
	setenv("GIT_DIR", "/tmp/x", 1);
	facts_start(w);
	unsetenv("GIT_DIR");
	check_branch(w, EFFECT_BRANCH, "", "commit", "@scope", "unknown");
	world_file(&w->git, "scope/a", "a");
	check_marks(w, EFFECT_DELETE, "file", "a", "");
	facts_start(w);
	check_branch(w, EFFECT_BRANCH, "", "commit", "@scope", "work:");
}

/* ---- own ---- */

/* A call that writes `text` to `given`: facts, the writing, and remembering, as the gate does. */
static void write_call(struct facts_world *w, const char *given, const char *how, const char *text)
{
	struct effects effects = facts_one(w, EFFECT_WRITE, given, how, "", "@scope", 1);
	char *path = xasprintf("scope/%s", given);
	if (text) {
		usleep(8000); /* files of the same tick of the clock look alike */
		world_file(&w->git, path, text);
	}
	facts_remember(&w->facts, &effects);
	effects_finish(&effects);
	free(path);
}

static void own_test(void **state)
{
	struct facts_world *w = *state;
	check_marks(w, EFFECT_WRITE, "replace", "a", "");
	write_call(w, "a", "replace", "one");
	check_marks(w, EFFECT_WRITE, "replace", "a", " own");
	check_marks(w, EFFECT_DELETE, "file", "a", " own");
	check_marks(w, EFFECT_READ, "", "a", "");
	write_call(w, "a", "edit", "one two");
	check_marks(w, EFFECT_WRITE, "replace", "a", " own");
	usleep(8000);
	world_file(&w->git, "scope/a", "ours no more");
	check_marks(w, EFFECT_WRITE, "replace", "a", "");
	write_call(w, "a", "edit", "ours in part"); /* the rest is still somebody else's */
	check_marks(w, EFFECT_WRITE, "replace", "a", "");
	write_call(w, "a", "replace", NULL); /* failed: nothing was written */
	check_marks(w, EFFECT_WRITE, "replace", "a", "");
	write_call(w, "a", "replace", "ours again");
	check_marks(w, EFFECT_WRITE, "replace", "a", " own");
	write_call(w, "new", "edit", "appended to nothing");
	check_marks(w, EFFECT_WRITE, "replace", "new", " own");
	world_file(&w->git, "scope/mode", "x");
	write_call(w, "mode", "mode", "y");
	check_marks(w, EFFECT_WRITE, "replace", "mode", "");
	char *a = world_at(&w->git, "scope/a"), *b = world_at(&w->git, "scope/b");
	assert_int_equal(link(a, b), 0);
	check_marks(w, EFFECT_WRITE, "replace", "a", "");
	assert_int_equal(rename(a, b), 0);
	free(a);
	free(b);
}

static void own_bound_test(void **state)
{
	struct facts_world *w = *state;
	for (int i = 0; i < 4200; i++) {
		struct effects effects = { 0 };
		char *rest = xasprintf("scope/f%d", i), *path = world_at(&w->git, rest);
		effects_add(&effects, EFFECT_WRITE, "", path, "replace", "");
		facts_gather(&w->facts, &effects);
		world_file(&w->git, rest, "x");
		facts_remember(&w->facts, &effects);
		effects_finish(&effects);
		free(rest);
		free(path);
	}
	check_marks(w, EFFECT_DELETE, "file", "f0", "");
	check_marks(w, EFFECT_DELETE, "file", "f103", "");
	check_marks(w, EFFECT_DELETE, "file", "f104", " own");
	check_marks(w, EFFECT_DELETE, "file", "f4199", " own");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FACTS_TEST(marks_test),
		FACTS_TEST(racy_test),
		FACTS_TEST(ignore_oracle_test),
		FACTS_TEST(quick_test),
		FACTS_TEST(bare_test),
		FACTS_TEST(branch_test),
		FACTS_TEST(push_test),
		FACTS_TEST(environment_test),
		FACTS_TEST(own_test),
		FACTS_TEST(own_bound_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
