/*
 * A directory of its own for a test of facts: base/scope is the scope, base/out is not.
 */
#ifndef BASCULE_TESTS_PLACE_H
#define BASCULE_TESTS_PLACE_H

#include "ipc/facts.h"
#include "tests/unit/loop.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

struct place {
	char base[128];
	struct facts facts;
};

static inline void make_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static inline char *at(const struct place *p, const char *rest)
{
	return xasprintf("%s/%s", p->base, rest);
}

static inline void make(const struct place *p, const char *rest, const char *text)
{
	char *path = at(p, rest);
	if (text) {
		make_file(path, text);
	} else {
		assert_int_equal(mkdir(path, 0700), 0);
	}
	free(path);
}

static inline void make_link(const struct place *p, const char *target, const char *rest)
{
	char *path = at(p, rest);
	assert_int_equal(symlink(target, path), 0);
	free(path);
}

static inline void go(const struct place *p, const char *rest)
{
	char *path = at(p, rest);
	assert_int_equal(chdir(path), 0);
	free(path);
}

static inline int set_up(void **state)
{
	struct place *p = xcalloc(1, sizeof(*p));
	char base[] = "/tmp/bascule-facts-XXXXXX",
	     *real = mkdtemp(base) ? realpath(base, NULL) : NULL;
	assert_non_null(real);
	snprintf(p->base, sizeof(p->base), "%s", real);
	free(real);
	make(p, "scope", NULL);
	make(p, "scope/sub", NULL);
	make(p, "scope/file", "12345");
	make(p, "out", NULL);
	make(p, "out/secret", "s");
	go(p, "scope");
	*state = p;
	return 0;
}

static inline int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st;
	(void)kind;
	(void)walk;
	return remove(path);
}

static inline int tear_down(void **state)
{
	struct place *p = *state;
	facts_finish(&p->facts);
	facts_finish(&p->facts);
	assert_int_equal(chdir("/"), 0);
	nftw(p->base, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(p);
	return 0;
}

#endif
