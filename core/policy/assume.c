/*
 * Assumed facts. What a real look would refuse to say stays unknown here too: a relative path that
 * nobody knows the directory of, a path with bytes that no shell or server takes literally.
 */
#include "config.h"

#include "core/policy/assume.h"

#include <stdlib.h>
#include <string.h>

char *path_collapse(const char *path)
{
	struct buf out = { 0 };
	while (*path) {
		size_t n = strcspn(path, "/");
		bool up = n == 2 && path[0] == '.' && path[1] == '.';
		if (up) {
			while (out.len && out.data[--out.len] != '/') {
			}
		} else if (n && !(n == 1 && path[0] == '.')) {
			buf_char(&out, '/');
			buf_add(&out, path, n);
		}
		path += n + (path[n] == '/');
	}
	if (!out.len) {
		buf_char(&out, '/');
	}
	return buf_cstr(&out);
}

bool path_below(const char *dir, const char *path)
{
	size_t n = strlen(dir);
	while (n > 1 && dir[n - 1] == '/') {
		n--;
	}
	return strcmp(dir, "/") == 0 ||
		(strncmp(dir, path, n) == 0 && (!path[n] || path[n] == '/'));
}

static bool in_scope(const struct assumed *assumed, const char *path)
{
	for (size_t i = 0; i < assumed->scope_count; i++) {
		if (path_below(assumed->scope[i], path)) {
			return true;
		}
	}
	return false;
}

/* A server's argument may mean something else than a path; a shell's word is what it is. */
static bool is_literal(const struct effect *e)
{
	for (const char *at = e->given; *at; at++) {
		if ((unsigned char)*at < 0x20 || *at == 0x7f) {
			return false;
		}
	}
	size_t n = strlen(e->given), scheme = strcspn(e->given, ":/");
	return e->part ||
		(n && !strpbrk(e->given, "$\\") && !strstr(e->given, "%2") &&
			e->given[scheme] != ':' && !strchr("\"'` ", e->given[0]) &&
			e->given[n - 1] != ' ');
}

/* The path it means, NULL if that is not known. */
static char *full_path(const struct effect *e, const char *text, const struct assumed *assumed)
{
	const char *base = e->base;
	if (strcmp(base, "scope:") == 0) {
		base = assumed->scope_count == 1 ? assumed->scope[0] : "";
	}
	char *joined = NULL;
	if (text[0] == '~' && e->part && assumed->home && (!text[1] || text[1] == '/')) {
		joined = xasprintf("%s%s", assumed->home, text + 1);
	} else if (text[0] == '/') {
		joined = xstrdup(text);
	} else if (text[0] && text[0] != '~' && base[0] == '/') {
		joined = xasprintf("%s/%s", base, text);
	}
	char *path = joined ? path_collapse(joined) : NULL;
	free(joined);
	return path;
}

static bool is_special(const char *path)
{
	return path_below("/proc", path) || path_below("/dev", path) || path_below("/sys", path);
}

/* "a.ts", but not "release-1.2" */
static bool is_file_name(const char *name)
{
	const char *dot = strrchr(name, '.');
	size_t n = dot ? strlen(dot + 1) : 0;
	return n && n <= 5 && strspn(dot + 1, "abcdefghijklmnopqrstuvwxyz") == n;
}

/* `git checkout NAME`, where NAME may be a branch or a file: taken as the branch it mostly is. */
static bool names_branch(const struct effects *effects, const struct effect *e)
{
	bool write = e->kind == EFFECT_WRITE && !is_file_name(e->given);
	for (size_t i = 0; write && i < effects->count; i++) {
		const struct effect *other = &effects->list[i];
		if (other->kind == EFFECT_BRANCH && other->part == e->part &&
			strcmp(other->how, "switch") == 0 && other->given[0] &&
			path_ends(span_of(e->given), other->given)) {
			return true;
		}
	}
	return false;
}

static void assume_path(
	const struct effects *effects, struct effect *e, const struct assumed *assumed)
{
	struct fact *fact = &e->fact;
	size_t n = strlen(e->given);
	fact->path = is_literal(e) ? full_path(e, e->given, assumed) : NULL;
	if (!fact->path) {
		return;
	}
	if (names_branch(effects, e)) {
		fact->state = FACT_ABSENT;
		fact->inside = in_scope(assumed, fact->path);
		return;
	}
	bool directory = (n && e->given[n - 1] == '/') || strcmp(e->given, ".") == 0 ||
		strcmp(e->how, "tree") == 0 || strcmp(e->how, "list") == 0 ||
		strcmp(e->how, "mkdir") == 0;
	fact->inside = in_scope(assumed, fact->path);
	fact->state = is_special(fact->path) ? FACT_SPECIAL
		: directory                  ? FACT_DIRECTORY
					     : FACT_FILE;
	fact->links = 1;
	fact->mtime_us = 1; /* a file whose identity is known */
	fact->marks |= MARK_TRACKED | MARK_REPO;
	if (e->kind == EFFECT_DELETE && strcmp(e->how, "tree") == 0) {
		fact->marks = (fact->marks & ~(unsigned)MARK_TRACKED) | MARK_IGNORED;
	}
	if (e->kind == EFFECT_WRITE && strcmp(e->how, "link") == 0) {
		char *target = full_path(e, e->word, assumed);
		fact->more = target && in_scope(assumed, target) ? target : xstrdup("");
		if (fact->more != target) {
			free(target);
		}
	}
}

static void assume_repository(struct effect *e, const struct assumed *assumed)
{
	char *base = e->base[0] == '/' ? path_collapse(e->base) : NULL;
	if (base && in_scope(assumed, base)) {
		e->fact.path = xasprintf("%s/.git", base);
		e->fact.inside = true;
		e->fact.state = FACT_DIRECTORY;
		e->fact.marks |= MARK_REPO;
		e->fact.text = xstrdup(assumed->branch);
		e->fact.more = xstrdup(assumed->default_branch);
	}
	free(base);
}

static void assume_task(struct effect *e, const struct assumed *assumed)
{
	char *base = e->base[0] == '/' ? path_collapse(e->base) : NULL;
	if (base) {
		e->fact.path = xstrdup(base);
		e->fact.text = xstrdup("assumed"); /* the same as ever */
		e->fact.state = FACT_FILE;
	}
	if (base && in_scope(assumed, base)) {
		e->fact.inside = true;
		e->fact.marks |= MARK_REPO | MARK_DEFINED | MARK_COMMITTED;
	}
	free(base);
}

void effects_assume(struct effects *effects, const struct assumed *assumed)
{
	for (size_t i = 0; i < effects->count; i++) {
		struct effect *e = &effects->list[i];
		free(e->fact.path);
		free(e->fact.text);
		free(e->fact.more);
		e->fact = (struct fact){ .marks = MARK_ASSUMED };
		if (effect_has_path(e->kind)) {
			assume_path(effects, e, assumed);
		} else if (effect_has_repo(e->kind)) {
			assume_repository(e, assumed);
		} else if (e->kind == EFFECT_TASK) {
			assume_task(e, assumed);
		}
	}
}
