/*
 * Any path, as a call may give it, against a directory with links into and out of it: what is said
 * to lie inside is what realpath finds inside, and folding a path twice is folding it once.
 */
#include "config.h"

#include "core/policy/sets.h"
#include "ipc/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char base[PATH_MAX], scope[PATH_MAX];
static struct facts facts;

static void must(bool ok, const char *what)
{
	if (!ok) {
		perror(what);
		abort();
	}
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st;
	(void)kind;
	(void)walk;
	return remove(path);
}

static void clean_up(void)
{
	facts_finish(&facts);
	must(nftw(base, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0, "cleaning");
}

/* base/w is the scope and what paths are relative to; base/o is not in it. */
static void make_world(void)
{
	static const char *const links[][2] = { { "../o", "w/a" }, { "b", "w/c" }, { ".", "w/d" },
		{ "..", "w/b/u" }, { "../../o/s", "w/b/s" }, { "none", "w/n" }, { "/", "w/r" },
		{ "../w/b", "o/w" }, { "l", "w/l" } };
	static const char *const dirs[] = { "w", "w/b", "w/b/b", "o", "wx" };
	static const char *const files[] = { "w/f", "w/b/f", "o/s", "wx/f" };
	struct err err;
	int home = open(
		".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* the fuzzer's own files lie here */
	char name[] = "/tmp/bascule-fuzz-XXXXXX";
	must(mkdtemp(name) && realpath(name, base) && chdir(base) == 0, name);
	for (size_t i = 0; i < COUNT_OF(dirs); i++) {
		must(mkdir(dirs[i], 0700) == 0, dirs[i]);
	}
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		int fd = open(files[i], O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		must(fd >= 0 && close(fd) == 0, files[i]);
	}
	for (size_t i = 0; i < COUNT_OF(links); i++) {
		must(symlink(links[i][0], links[i][1]) == 0, links[i][1]);
	}
	must(link("o/s", "w/hard") == 0 && mkfifo("w/p", 0600) == 0, "a hard link and a pipe");
	must(chdir("w") == 0 && realpath(".", scope), "w");
	char *list[] = { scope, NULL };
	must(facts_init(&facts, list, 1, base, &err), "facts");
	must(fchdir(home) == 0 && close(home) == 0, "back");
	atexit(clean_up);
}

static bool below(const char *path, const char *dir)
{
	size_t n = strlen(dir);
	return strncmp(path, dir, n) == 0 && (!path[n] || path[n] == '/');
}

/* Where the kernel would go; of what is not there, where its parent is. */
static bool leads_inside(const char *path)
{
	char real[PATH_MAX];
	if (realpath(path, real)) {
		return below(real, scope);
	}
	if (errno != ENOENT) {
		return false;
	}
	char *parent = xstrdup(path), *end = parent + strlen(parent);
	bool inside = false;
	while (end > parent) {
		while (end > parent && *end != '/') {
			end--;
		}
		*end = 0;
		if (realpath(*parent ? parent : "/", real)) {
			inside = below(real, scope);
			break;
		}
	}
	free(parent);
	return inside;
}

static void check_folding(struct span path)
{
	char once[1024], twice[1024];
	if (!path_fold(path, once, sizeof(once))) {
		return;
	}
	must(path_fold(span_of(once), twice, sizeof(twice)) && strcmp(once, twice) == 0,
		"folded again it is another");
	must(sets_of_folded(span_of(once)) == path_sets(path), "sets differ");
	sets_of_folded_tree(span_of(once));
	sets_pattern_may_be_secret(path);
	sets_pattern_seeks_secret(path);
}

static void check_glob(struct span pattern, struct span path)
{
	if (glob_match(pattern, path)) {
		must((glob_needs(pattern) & ~glob_parts(path)) == 0, "a quick no was wrong");
	}
}

static void check_place(const char *path, unsigned look)
{
	static const struct {
		enum effect_kind kind;
		const char *how;
	} looks[] = { { EFFECT_READ, "content" }, { EFFECT_READ, "list" }, { EFFECT_READ, "tree" },
		{ EFFECT_WRITE, "replace" }, { EFFECT_WRITE, "mkdir" } };
	struct effects effects = { 0 };
	look %= COUNT_OF(looks);
	effects_add(&effects, looks[look].kind, "path", path, looks[look].how, "");
	facts_gather_now(&facts, &effects);
	const struct fact *fact = &effects.list[0].fact;
	if (fact->inside && path[0] != '~') {
		char *full = path[0] == '/' ? xstrdup(path) : xasprintf("%s/%s", scope, path);
		must(leads_inside(full), path);
		must(!fact->path || below(fact->path, scope), path);
		free(full);
	}
	effects_finish(&effects);
}

/* The first byte says how it is looked at, then a pattern, then behind a newline the path. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size > 1 ? memchr(data + 1, '\n', size - 1) : NULL;
	if (!base[0]) {
		make_world();
	}
	if (!end) {
		return 0;
	}
	char *pattern = span_dup((struct span){ (const char *)data + 1, (size_t)(end - data) - 1 });
	char *path = span_dup(
		(struct span){ (const char *)end + 1, size - (size_t)(end - data) - 1 });
	check_folding(span_of(path));
	check_glob(span_of(pattern), span_of(path));
	check_place(path, data[0]);
	free(pattern);
	free(path);
	return 0;
}
