/*
 * A sandbox as data, and as bubblewrap's command line.
 *
 * Promises: pure, and the same places give the same words in the same order; every mount stands
 * before what lies below it. Does not look at the file system: whether a path is there, is a file
 * and is no link is the caller's to know.
 */
#include "config.h"

#include "core/contain/sandbox.h"

#include "core/diag.h"

#include <stdlib.h>
#include <string.h>

void sandbox_finish(struct sandbox *sandbox)
{
	for (size_t i = 0; i < sandbox->count; i++) {
		free(sandbox->places[i].path);
	}
	free(sandbox->places);
	*sandbox = (struct sandbox){ 0 };
}

void sandbox_add(
	struct sandbox *sandbox, const char *path, enum sandbox_access access, bool is_file)
{
	sandbox->places = xgrow(
		sandbox->places, &sandbox->cap, sandbox->count + 1, sizeof(*sandbox->places));
	sandbox->places[sandbox->count++] = (struct sandbox_place){
		.path = xstrdup(path), .access = access, .file = is_file
	};
}

/* Is the path `dir`, or below it? */
static bool is_in(const char *path, const char *dir)
{
	size_t n = strlen(dir);
	n -= n == 1; /* everything is below "/" */
	return strncmp(path, dir, n) == 0 && (!path[n] || path[n] == '/');
}

static bool is_below(const char *path, const char *dir)
{
	return is_in(path, dir) && strcmp(path, dir) != 0;
}

/* The nearest of the first `count` places that holds the path; NULL: none. */
static const struct sandbox_place *holder(
	const struct sandbox *sandbox, size_t count, const char *path)
{
	const struct sandbox_place *found = NULL;
	for (size_t i = 0; i < count; i++) {
		const struct sandbox_place *p = &sandbox->places[i];
		if (is_in(path, p->path) && (!found || strlen(p->path) > strlen(found->path))) {
			found = p;
		}
	}
	return found;
}

enum sandbox_access sandbox_access_of(const struct sandbox *sandbox, const char *path)
{
	const struct sandbox_place *place = holder(sandbox, sandbox->count, path);
	return place ? place->access : SANDBOX_READ;
}

bool sandbox_has_below(const struct sandbox *sandbox, const char *dir, unsigned access)
{
	for (size_t i = 0; i < sandbox->count; i++) {
		if (is_below(sandbox->places[i].path, dir) &&
			(access & sandbox->places[i].access)) {
			return true;
		}
	}
	return false;
}

/* ---- settling ---- */

/* A directory before all that is in it; of one path, what counts first. */
static int by_path(const void *left, const void *right)
{
	const struct sandbox_place *a = left, *b = right;
	int order = strcmp(a->path, b->path);
	return order ? order : (int)b->access - (int)a->access;
}

static void drop(struct sandbox *sandbox, size_t i)
{
	free(sandbox->places[i].path);
	sandbox->count--;
	memmove(&sandbox->places[i], &sandbox->places[i + 1],
		(sandbox->count - i) * sizeof(*sandbox->places));
}

static void sort(struct sandbox *sandbox)
{
	if (sandbox->count) {
		qsort(sandbox->places, sandbox->count, sizeof(*sandbox->places), by_path);
	}
	for (size_t i = 1; i < sandbox->count;) {
		if (strcmp(sandbox->places[i].path, sandbox->places[i - 1].path) == 0) {
			drop(sandbox, i);
		} else {
			i++;
		}
	}
}

/* What is hidden in a place that is empty already needs no mount, and must not get one: its name
 * would show. */
static bool is_needless(const struct sandbox *sandbox, size_t i)
{
	const struct sandbox_place *place = &sandbox->places[i];
	const struct sandbox_place *around = holder(sandbox, i, place->path);
	return around &&
		((place->access == SANDBOX_HIDDEN &&
			 (around->access & (SANDBOX_HIDDEN | SANDBOX_PRIVATE))) ||
			(place->access == SANDBOX_PRIVATE && around->access == SANDBOX_HIDDEN));
}

static bool none_comes_back(struct sandbox *sandbox, struct err *err)
{
	for (size_t i = 0; i < sandbox->count;) {
		const struct sandbox_place *place = &sandbox->places[i];
		const struct sandbox_place *around = holder(sandbox, i, place->path);
		if (is_needless(sandbox, i)) {
			drop(sandbox, i);
		} else if (around && around->access == SANDBOX_HIDDEN) {
			return fail(err, DIAG_USAGE, "%s: lies in %s, which no sandbox shows",
				place->path, around->path);
		} else {
			i++;
		}
	}
	return true;
}

/* The directories above a protected place, up to the one that can be written. */
static void anchor(struct sandbox *sandbox, const char *path, const char *top)
{
	char *dir = xstrdup(path);
	for (char *slash; (slash = strrchr(dir, '/')) && slash > dir;) {
		*slash = '\0';
		if (!is_below(dir, top)) {
			break;
		}
		sandbox_add(sandbox, dir, SANDBOX_WRITE, false);
	}
	free(dir);
}

static void add_anchors(struct sandbox *sandbox)
{
	size_t count = sandbox->count;
	for (size_t i = 0; i < count; i++) {
		const struct sandbox_place *around = holder(sandbox, i, sandbox->places[i].path);
		if (sandbox->places[i].access != SANDBOX_WRITE && around &&
			around->access == SANDBOX_WRITE) {
			char *path = xstrdup(sandbox->places[i].path);
			char *top = xstrdup(around->path); /* adding moves the places */
			anchor(sandbox, path, top);
			free(path);
			free(top);
		}
	}
	sort(sandbox);
}

bool sandbox_settle(struct sandbox *sandbox, struct err *err)
{
	sort(sandbox);
	if (!none_comes_back(sandbox, err)) {
		return false;
	}
	add_anchors(sandbox);
	return sandbox->count <= SANDBOX_PLACES_MAX ||
		fail(err, DIAG_USAGE,
			"%zu files and directories would have to be protected one by one, at most "
			"%d can be",
			sandbox->count, SANDBOX_PLACES_MAX);
}

/* ---- bubblewrap ---- */

struct words {
	char **at;
	size_t count, cap;
};

static void word(struct words *words, const char *text)
{
	words->at = xgrow(words->at, &words->cap, words->count + 2, sizeof(*words->at));
	words->at[words->count++] = xstrdup(text);
	words->at[words->count] = NULL;
}

static void mount_word(struct words *words, const char *how, const char *from, const char *to)
{
	word(words, how);
	if (from) {
		word(words, from);
	}
	word(words, to);
}

static void add_place(struct words *words, const struct sandbox_place *place)
{
	switch (place->access) {
	case SANDBOX_WRITE:
		mount_word(words, "--bind", place->path, place->path);
		break;
	case SANDBOX_READ:
		mount_word(words, "--ro-bind", place->path, place->path);
		break;
	case SANDBOX_PRIVATE:
		mount_word(words, "--tmpfs", NULL, place->path);
		break;
	case SANDBOX_HIDDEN:
		if (place->file) {
			/* without the right to devices: opening it fails */
			mount_word(words, "--ro-bind", "/dev/null", place->path);
		} else {
			mount_word(words, "--tmpfs", NULL, place->path);
		}
		break;
	}
}

char **sandbox_bwrap(
	const struct sandbox *sandbox, const char *bwrap, const char *cwd, const char *const *words)
{
	/* The order counts: /dev and /proc stand before what is private, which stands before the
	 * places in it. */
	static const char *const first[] = { "--unshare-user", "--unshare-pid", "--unshare-ipc",
		"--unshare-uts", "--die-with-parent", "--cap-drop", "ALL", "--ro-bind", "/", "/",
		"--dev", "/dev", "--proc", "/proc" };
	struct words out = { 0 };
	word(&out, bwrap);
	for (size_t i = 0; i < COUNT_OF(first); i++) {
		word(&out, first[i]);
	}
	if (!sandbox->network) {
		word(&out, "--unshare-net");
	}
	for (size_t i = 0; i < sandbox->count; i++) {
		add_place(&out, &sandbox->places[i]);
	}
	/* Only now: what lies below had to be made first. */
	for (size_t i = 0; i < sandbox->count; i++) {
		const struct sandbox_place *place = &sandbox->places[i];
		if (place->access == SANDBOX_HIDDEN && !place->file) {
			mount_word(&out, "--remount-ro", NULL, place->path);
		}
	}
	mount_word(&out, "--chdir", NULL, cwd);
	word(&out, "--");
	for (; *words; words++) {
		word(&out, *words);
	}
	return out.at;
}

void sandbox_free_words(char **words)
{
	for (char **at = words; at && *at; at++) {
		free(*at);
	}
	free(words);
}

/* ---- environment ---- */

bool sandbox_keeps_variable(struct span name, const char *const *named)
{
	static const char *const kept[] = { "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM",
		"COLORTERM", "NO_COLOR", "LANG", "LANGUAGE", "TZ", "PWD", "COLUMNS", "LINES", "CI",
		"JAVA_HOME", "GOROOT", "GOPATH", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN",
		"NVM_DIR", "NVM_BIN", "PYENV_ROOT", "VIRTUAL_ENV", "NODE_PATH", NULL };
	return span_starts(name, "LC_") || span_in(name, kept) || (named && span_in(name, named));
}
