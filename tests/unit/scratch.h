/* A scratch directory with files in it, for tests of what replaces files of the user's. */
#ifndef BASCULE_TESTS_SCRATCH_H
#define BASCULE_TESTS_SCRATCH_H

#include "core/buf.h"

#include <errno.h>
#include <dirent.h>
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

struct scratch {
	char dir[64];
	char *path[64]; /* all that were asked for */
	unsigned count;
};

/* The full path of a name in it; borrowed until the test ends. */
static inline const char *in(struct scratch *s, const char *name)
{
	size_t skip = strlen(s->dir) + 1;
	for (unsigned i = 0; i < s->count; i++) {
		if (strcmp(s->path[i] + skip, name) == 0) {
			return s->path[i];
		}
	}
	assert_true(s->count < COUNT_OF(s->path));
	s->path[s->count] = xasprintf("%s/%s", s->dir, name);
	return s->path[s->count++];
}

static inline void put_bytes(const char *path, struct span bytes, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes.at, bytes.len), (ssize_t)bytes.len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static inline void put_text(const char *path, const char *text)
{
	put_bytes(path, span_of(text), 0600);
}

/* All of a file; absent if it is not there. The caller finishes it. */
static inline struct buf file_bytes(const char *path)
{
	struct buf b = { 0 };
	ssize_t n = 1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && n > 0) {
		buf_room(&b, 4096);
		n = read(fd, b.data + b.len, 4096);
		assert_true(n >= 0);
		b.len += (size_t)n;
	}
	if (fd >= 0) {
		close(fd);
	}
	return b;
}

static inline bool holds(const char *path, struct span bytes)
{
	struct buf b = file_bytes(path);
	bool same = b.data && b.len == bytes.len && memcmp(b.data, bytes.at, b.len) == 0;
	buf_finish(&b);
	return same;
}

#define assert_holds(path, text) assert_true(holds(path, span_of(text)))

static inline bool is_there(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0;
}

/* How many entries a directory has. */
static inline int entries(const char *dir)
{
	DIR *d = opendir(dir);
	int n = 0;
	assert_non_null(d);
	for (const struct dirent *e = readdir(d); e; e = readdir(d)) {
		n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	}
	closedir(d);
	return n;
}

static inline int scratch_remove(
	const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st;
	(void)kind;
	(void)walk;
	return remove(path);
}

static inline int scratch_begin(void **state)
{
	struct scratch *s = xcalloc(1, sizeof(*s));
	char dir[] = "/tmp/bascule-test-XXXXXX", *real = mkdtemp(dir) ? realpath(dir, NULL) : NULL;
	assert_non_null(real);
	snprintf(s->dir, sizeof(s->dir), "%s", real);
	free(real);
	*state = s;
	return 0;
}

static inline int scratch_end(void **state)
{
	struct scratch *s = *state;
	nftw(s->dir, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
	while (s->count) {
		free(s->path[--s->count]);
	}
	free(s);
	return 0;
}

/* Runs it in a child and says how that ended: its code, or 200 and the signal. */
static inline int in_child(int (*run)(void *data), void *data)
{
	int status = 0;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		_exit(run(data));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 200 + WTERMSIG(status);
}

#endif
