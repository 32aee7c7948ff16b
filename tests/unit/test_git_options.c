/*
 * The lists of git's options against git itself: an option that is said to take the next word must
 * take it. If it did not, that word would be an operand that nobody looked at.
 *
 * Each such option is given last, with nothing behind it: git must then complain. Skipped where git
 * is not installed.
 */
#include "config.h"

#include "core/effects/commands_git.h"

#include <fcntl.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Each list of options once is enough; HEAD lets plumbing come as far as its options. */
static const struct {
	const char *name, *operand;
} rows[] = {
	{ "diff", "HEAD" },
	{ "log", "HEAD" },
	{ "blame", "HEAD" },
	{ "shortlog", "HEAD" },
	{ "range-diff", NULL },
	{ "ls-files", NULL },
	{ "ls-tree", NULL },
	{ "grep", NULL },
	{ "rev-parse", NULL },
	{ "describe", NULL },
	{ "name-rev", NULL },
	{ "for-each-ref", NULL },
	{ "hash-object", NULL },
	{ "format-patch", "HEAD" },
	{ "branch", NULL },
	{ "tag", NULL },
	{ "config", NULL },
	{ "worktree list", NULL },
	{ "commit", NULL },
	{ "add", NULL },
	{ "reset", NULL },
	{ "restore", NULL },
	{ "switch", NULL },
	{ "checkout", NULL },
	{ "clean", NULL },
	{ "init", NULL },
	{ "merge", NULL },
	{ "rebase", NULL },
	{ "update-ref", NULL },
	{ "push", NULL },
	{ "fetch", NULL },
	{ "clone", NULL },
	{ "remote add", NULL },
};

struct repository {
	char directory[64];
	char said[512]; /* the beginning of what git said last */
};

/* False: git could not be started. */
static bool run_git(struct repository *repository, const char *const *words)
{
	const char *argv[16] = { "git", "-C", repository->directory };
	size_t count = 3;
	while (*words && count < COUNT_OF(argv) - 1) {
		argv[count++] = *words++;
	}
	char home[80];
	snprintf(home, sizeof home, "HOME=%s", repository->directory);
	char *env[] = { home, (char[]){ "GIT_CONFIG_NOSYSTEM=1" }, (char[]){ "GIT_EDITOR=true" },
		(char[]){ "LC_ALL=C" }, NULL };
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	pid_t pid;
	bool started = posix_spawnp(&pid, "git", &actions, NULL, (char *const *)argv, env) == 0;
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	size_t len = 0;
	char rest[512];
	for (ssize_t got = 1; got > 0;) {
		bool room = len + 1 < sizeof repository->said;
		got = read(ends[0], room ? repository->said + len : rest,
			room ? sizeof repository->said - 1 - len : sizeof rest);
		len += room && got > 0 ? (size_t)got : 0;
	}
	repository->said[len] = '\0';
	close(ends[0]);
	if (started) {
		waitpid(pid, NULL, 0);
	}
	return started;
}

static bool complains(const char *said)
{
	static const char *const words[] = { "require", "unknown", "unrecognized",
		"usage:", "needs", "expects", "missing", "switch `" };
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (strstr(said, words[i])) {
			return true;
		}
	}
	return false;
}

static const char *options_of(const char *name)
{
	for (const struct git_row *row = git_rows; row->name; row++) {
		if (strcmp(row->name, name) == 0) {
			return row->options;
		}
	}
	fail_msg("no row is called %s", name);
	return NULL;
}

/* Whether the word was seen before; it is from now on. */
static bool is_listed(struct buf *seen, const char *word)
{
	char *spaced = xasprintf(" %s ", word);
	bool found = strstr(buf_cstr(seen), spaced);
	buf_text(seen, spaced);
	free(spaced);
	return found;
}

/* How many options of the row take the next word. */
static size_t check_row(struct repository *repository, size_t i)
{
	size_t checked = 0;
	struct buf seen = { 0 };
	char *options = xstrdup(options_of(rows[i].name) + (options_of(rows[i].name)[0] == '<'));
	char *name = xstrdup(rows[i].name), *rest = NULL;
	const char *words[5] = { name };
	size_t count = 1;
	char *second = strchr(name, ' ');
	if (second) {
		*second = '\0';
		words[count++] = second + 1;
	}
	if (rows[i].operand) {
		words[count++] = rows[i].operand;
	}
	for (char *word = strtok_r(options, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		char *mark = strchr(word, ':');
		bool takes = mark && mark[1] != '?';
		word[strcspn(word, ":=")] = '\0';
		/* of two entries the first counts */
		if (is_listed(&seen, word) || !takes) {
			continue;
		}
		words[count] = word;
		assert_true(run_git(repository, words));
		if (!complains(repository->said)) {
			fail_msg("git %s %s takes no word: %s", rows[i].name, word,
				repository->said);
		}
		checked++;
	}
	buf_finish(&seen);
	free(options);
	free(name);
	return checked;
}

static void test_next_word(void **state)
{
	(void)state;
	struct repository repository = { .directory = "/tmp/bascule-git-options-XXXXXX" };
	assert_non_null(mkdtemp(repository.directory));
	static const char *const init[] = { "init", "-q", NULL };
	static const char *const commit[] = { "-c", "user.name=A", "-c", "user.email=a@b.c",
		"commit", "-q", "--allow-empty", "-m", "x", NULL };
	if (!run_git(&repository, init) || !run_git(&repository, commit)) {
		rmdir(repository.directory);
		skip();
	}
	size_t checked = 0;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		checked += check_row(&repository, i);
	}
	assert_true(checked > 150);
	char *const remove[] = { (char[]){ "rm" }, (char[]){ "-rf" }, repository.directory, NULL };
	pid_t pid;
	assert_int_equal(posix_spawnp(&pid, "rm", NULL, NULL, remove, NULL), 0);
	waitpid(pid, NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_next_word),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
