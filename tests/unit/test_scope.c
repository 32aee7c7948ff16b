/* What can be a scope and what is chosen when none is named; the branch of the work tree around. */
#include "config.h"

#include "ipc/facts.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char base[128]; /* of the running test; removed after it */

static char *at(const char *rest)
{
	return xasprintf("%s%s%s", base, *rest ? "/" : "", rest);
}

static void make_dir(const char *rest)
{
	char *path = at(rest);
	assert_int_equal(mkdir(path, 0700), 0);
	free(path);
}

static void make_file(const char *rest, const char *text)
{
	char *path = at(rest);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	free(path);
}

static void make_link(const char *target, const char *rest)
{
	char *path = at(rest);
	assert_int_equal(symlink(target, path), 0);
	free(path);
}

static void go(const char *rest)
{
	char *path = at(rest);
	assert_int_equal(chdir(path), 0);
	free(path);
}

static int set_up(void **state)
{
	char name[] = "/tmp/bascule-scope-XXXXXX",
	     *real = mkdtemp(name) ? realpath(name, NULL) : NULL;
	(void)state;
	assert_non_null(real);
	snprintf(base, sizeof(base), "%s", real);
	free(real);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st;
	(void)kind;
	(void)walk;
	return remove(path);
}

static int tear_down(void **state)
{
	(void)state;
	assert_int_equal(chdir("/"), 0);
	nftw(base, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return 0;
}

/* Scopes below the base in one text, "none", or "refused". */
static void check_scope(
	const char *const *scope, size_t count, const char *home, const char *expected)
{
	struct facts facts;
	struct err err;
	struct buf have = { 0 };
	bool ok = facts_init(&facts, (char *const *)(uintptr_t)scope, count, home, &err);
	if (!ok) {
		buf_text(&have, "refused");
		assert_non_null(strstr(err.text, "--scope"));
	} else if (!facts.count) {
		buf_text(&have, "none");
	}
	for (size_t i = 0; ok && i < facts.count; i++) {
		assert_int_equal(strncmp(facts.dirs[i].path, base, strlen(base)), 0);
		buf_printf(&have, "%s%s", i ? " " : "", facts.dirs[i].path + strlen(base));
	}
	assert_string_equal(buf_cstr(&have), expected);
	buf_finish(&have);
	facts_finish(&facts);
}

static void check_one(const char *scope, const char *home, const char *expected)
{
	const char *list[] = { scope, NULL };
	check_scope(list, scope != NULL, home, expected);
}

static void named_test(void **state)
{
	(void)state;
	char *home = at("home"), *user = at("home/user"), *linked = at("link");
	make_dir("home");
	make_dir("home/user");
	make_dir("home/user/work");
	make_dir("home/username");
	make_link("home/user", "link");
	make_file("file", "");
	go("home");
	check_one("user/work", user, "/home/user/work");
	check_one("./user/../user/work/", user, "/home/user/work");
	check_one("username", user, "/home/username");
	check_one("/", user, "refused");
	check_one("/../", user, "refused");
	check_one("user", user, "refused");
	check_one("../link", user, "refused");
	check_one("../link/.", user, "refused");
	check_one("user", linked, "refused"); /* the home directory may itself be named by a link */
	check_one(".", user, "refused"); /* what holds it holds it too */
	check_one("..", user, "refused");
	check_one("/tmp", user, "refused");
	check_one("", user, "refused");
	check_one("../file", user, "refused");
	check_one("nowhere", user, "refused");
	check_one(".", NULL, "/home");
	const char *two[] = { "user/work", "username" }, *bad[] = { "user/work", "/" };
	check_scope(two, 2, user, "/home/user/work /home/username");
	check_scope(bad, 2, user, "refused");
	free(home);
	free(user);
	free(linked);
}

static void default_test(void **state)
{
	(void)state;
	char *home = at("home"), *tree = at("home/tree");
	make_dir("home");
	make_dir("home/tree");
	make_dir("home/tree/.git");
	make_dir("home/tree/deep");
	make_dir("home/tree/deep/er");
	make_dir("home/plain");
	make_dir("home/linked");
	make_file("home/linked/.git", "gitdir: /nowhere\n");
	go("home/tree/deep/er");
	check_one(NULL, home, "/home/tree");
	go("home/tree");
	check_one(NULL, home, "/home/tree");
	go("home/linked");
	check_one(NULL, home, "/home/linked");
	go("home/plain");
	check_one(NULL, home, "/home/plain");
	go("home");
	check_one(NULL, home, "none");
	go("");
	check_one(NULL, home, "none");
	assert_int_equal(chdir("/"), 0);
	check_one(NULL, home, "none");
	/* Dotfiles kept in git make the home directory a work tree; that is no scope either. */
	make_dir("home/.git");
	go("home/plain");
	check_one(NULL, home, "none");
	free(home);
	free(tree);
}

static void check_branch(const char *expected)
{
	struct facts facts;
	struct err err;
	char branch[256];
	assert_true(facts_init(&facts, NULL, 0, NULL, &err));
	assert_string_equal(facts_branch(&facts, branch), expected);
	facts_finish(&facts);
}

static void branch_test(void **state)
{
	(void)state;
	static const struct {
		const char *head, *branch;
	} rows[] = {
		{ "ref: refs/heads/main\n", "main" },
		{ "ref: refs/heads/feature/x", "feature/x" },
		{ "ref: refs/heads/a\nref: refs/heads/b\n", "a" },
		{ "0123456789012345678901234567890123456789\n", "(detached)" },
		{ "ref: refs/remotes/x/y\n", "(detached)" },
		{ "garbage", "(detached)" },
		{ "", "?" },
	};
	make_dir("plain");
	go("plain");
	check_branch("");
	make_dir("tree");
	make_dir("tree/.git");
	make_dir("tree/sub");
	go("tree/sub");
	check_branch("?");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		make_file("tree/.git/HEAD", rows[i].head);
		check_branch(rows[i].branch);
	}
	struct buf longest = { 0 };
	char branch[256];
	struct facts facts;
	struct err err;
	buf_text(&longest, "ref: refs/heads/");
	for (int i = 0; i < 1000; i++) {
		buf_char(&longest, 'b');
	}
	make_file("tree/.git/HEAD", buf_cstr(&longest));
	assert_true(facts_init(&facts, NULL, 0, NULL, &err));
	facts_branch(&facts, branch);
	assert_true(strlen(branch) > 200 && strspn(branch, "b") == strlen(branch));
	/* Read anew each time. */
	make_file("tree/.git/HEAD", "ref: refs/heads/other\n");
	assert_string_equal(facts_branch(&facts, branch), "other");
	facts_finish(&facts);
	buf_finish(&longest);
}

/* What cannot be read as a small file is not waited for. */
static void head_test(void **state)
{
	(void)state;
	char *head = at("tree/.git/HEAD");
	make_dir("tree");
	make_dir("tree/.git");
	make_dir("tree/.git/HEAD");
	go("tree");
	check_branch("?");
	assert_int_equal(rmdir(head), 0);
	assert_int_equal(mkfifo(head, 0600), 0);
	check_branch("?");
	assert_int_equal(unlink(head), 0);
	make_file("elsewhere", "ref: refs/heads/main\n");
	make_link("../../elsewhere", "tree/.git/HEAD");
	check_branch("?");
	make_dir("pipe");
	char *git = at("pipe/.git");
	assert_int_equal(mkfifo(git, 0600), 0);
	go("pipe");
	check_branch("");
	free(git);
	free(head);
}

static void linked_test(void **state)
{
	(void)state;
	char *text = xasprintf("gitdir: %s/main/.git/worktrees/w\n", base);
	make_dir("main");
	make_dir("main/.git");
	make_file("main/.git/HEAD", "ref: refs/heads/main\n");
	make_dir("main/.git/worktrees");
	make_dir("main/.git/worktrees/w");
	make_file("main/.git/worktrees/w/HEAD", "ref: refs/heads/topic\n");
	make_dir("w");
	make_dir("w/sub");
	make_file("w/.git", text);
	go("w/sub");
	check_branch("topic");
	make_file("w/.git", "gitdir: ../main/.git/worktrees/w\n");
	check_branch("topic");
	make_file("w/.git", "gitdir: /nowhere\n");
	check_branch("?");
	make_file("w/.git", "something else\n");
	check_branch("");
	make_file("w/.git", "");
	check_branch("");
	free(text);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(named_test),
		T(default_test),
		T(branch_test),
		T(head_test),
		T(linked_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
