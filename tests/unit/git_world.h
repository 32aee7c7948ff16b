/* A directory of its own with a repository in it, made by git itself: the oracle of what we read.
 */
#ifndef BASCULE_TESTS_UNIT_GIT_WORLD_H
#define BASCULE_TESTS_UNIT_GIT_WORLD_H

#include "core/buf.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct git_world {
	char base[128]; /* resolved */
};

static inline char *world_at(const struct git_world *w, const char *rest)
{
	return rest[0] ? xasprintf("%s/%s", w->base, rest) : xstrdup(w->base);
}

static inline void world_file(const struct git_world *w, const char *rest, const char *text)
{
	char *path = world_at(w, rest);
	for (char *p = path + strlen(w->base) + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		mkdir(path, 0755);
		*p = '/';
	}
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	free(path);
}

static inline void world_dir(const struct git_world *w, const char *rest)
{
	char *path = world_at(w, rest);
	assert_true(mkdir(path, 0755) == 0);
	free(path);
}

static inline void git_child(const char *dir, const char *const *argv, int in, int out)
{
	setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	setenv("GIT_AUTHOR_NAME", "a", 1);
	setenv("GIT_AUTHOR_EMAIL", "a@b", 1);
	setenv("GIT_COMMITTER_NAME", "a", 1);
	setenv("GIT_COMMITTER_EMAIL", "a@b", 1);
	setenv("GIT_AUTHOR_DATE", "1700000000 +0000", 1);
	setenv("GIT_COMMITTER_DATE", "1700000000 +0000", 1);
	dup2(in, 0);
	dup2(out, 1);
	if (chdir(dir) == 0) {
		execvp("git", (char *const *)(uintptr_t)argv);
	}
	_exit(127);
}

/* Runs git with these words below `dir` (relative to the base), its standard input from `text`;
 * returns its exit status and, if `out` is not NULL, what it printed. */
static inline int git_run(const struct git_world *w, const char *dir, const char *words,
	struct span text, struct buf *out)
{
	char *copy = xstrdup(words), *rest = copy, *place = world_at(w, dir);
	const char *argv[32] = { "git" };
	size_t count = 1;
	int status = 0;
	for (char *word = strsep(&rest, " "); word && count < 31; word = strsep(&rest, " ")) {
		argv[count++] = word;
	}
	FILE *in = tmpfile(), *printed = tmpfile();
	assert_true(fwrite(text.at ? text.at : "", 1, text.len, in) == text.len);
	fflush(in);
	rewind(in);
	pid_t pid = fork();
	if (pid == 0) {
		git_child(place, argv, fileno(in), fileno(printed));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (out) {
		size_t n = 1;
		buf_clear(out);
		rewind(printed);
		while (n > 0) {
			buf_room(out, 4096);
			n = fread(out->data + out->len, 1, 4096, printed);
			out->len += n;
		}
	}
	fclose(in);
	fclose(printed);
	free(copy);
	free(place);
	return WEXITSTATUS(status);
}

static inline void git_do(const struct git_world *w, const char *dir, const char *words)
{
	struct buf out = { 0 };
	int status = git_run(w, dir, words, (struct span){ 0 }, &out);
	if (status != 0) {
		print_error("git %s: %d\n%s\n", words, status, buf_cstr(&out));
	}
	assert_int_equal(status, 0);
	buf_finish(&out);
}

static inline int world_set_up(void **state)
{
	struct git_world *w = xcalloc(1, sizeof(*w));
	char base[] = "/tmp/bascule-git-XXXXXX",
	     *real = mkdtemp(base) ? realpath(base, NULL) : NULL;
	if (!real) {
		return -1;
	}
	snprintf(w->base, sizeof(w->base), "%s", real);
	free(real);
	*state = w;
	return 0;
}

static inline int world_remove(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st;
	(void)kind;
	(void)walk;
	return remove(path);
}

static inline int world_tear_down(void **state)
{
	struct git_world *w = *state;
	int gone = chdir("/");
	nftw(w->base, world_remove, 16, FTW_DEPTH | FTW_PHYS);
	free(w);
	return gone;
}

#endif
