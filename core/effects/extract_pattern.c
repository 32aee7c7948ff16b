/*
 * Arguments that are patterns of file names: what lists or reads by them, and what a search is
 * restricted to.
 *
 * Promises: a pattern is a READ below the directory that it begins with, so that a link on the way
 * is seen; one that may begin elsewhere, by ".." or an alternative, is UNKNOWN. What a search asks
 * for becomes the word of its effect, for policy to judge. Called by extract_roles.c.
 */
#include "config.h"

#include "core/effects/extract_impl.h"

#include <stdlib.h>
#include <string.h>

enum { PATTERNS_MAX = 16 };

static const char wild[] = "*?[{!(";

static bool may_lead_anywhere(const char *pattern)
{
	bool odd = strstr(pattern, "..") || pattern[0] == '~' || strchr(pattern, '\\') ||
		strstr(pattern, "://");
	for (const char *at = pattern; !odd && (at = strpbrk(at, "{,(|")); at++) {
		odd = at[1] == '/' || at[1] == '~';
	}
	return odd;
}

/* A pattern that ends in wildcards says nothing of the name. */
static bool says_nothing(const char *pattern)
{
	const char *slash = strrchr(pattern, '/');
	const char *name = slash ? slash + 1 : pattern;
	return strspn(name, "*") == strlen(name) && !strstr(pattern, "/.") && pattern[0] != '.';
}

static void add_read(
	struct reading *r, const char *arg, const char *given, const char *how, const char *word)
{
	struct effect *e = effects_add(r->out, EFFECT_READ, arg, given, how, word);
	if (e->kind == EFFECT_READ) {
		free(e->base);
		e->base = xstrdup(r->base);
	}
}

/* How much of the pattern is the directory that it begins with. */
static size_t literal_dir(const char *pattern)
{
	size_t literal = strcspn(pattern, wild);
	while (literal && pattern[literal - 1] != '/') {
		literal--;
	}
	while (literal > 1 && pattern[literal - 1] == '/') {
		literal--;
	}
	return literal;
}

/* What is listed by the pattern, below the directory that another argument names. */
static void list_by(struct reading *r, const char *arg, const char *pattern)
{
	size_t literal = literal_dir(pattern);
	struct span value = reading_value(r, ARG_LIST);
	char *dir = pattern[0] != '/' && value.at && json_type(value) == JSON_STRING
		? json_strdup(value)
		: NULL;
	if (literal) {
		char *given = xasprintf(
			"%s%s%.*s", dir ? dir : "", dir ? "/" : "", (int)literal, pattern);
		add_read(r, arg, given, "list", NULL);
		free(given);
	}
	free(dir);
}

void reading_glob(struct reading *r, const char *arg, const char *pattern, bool content)
{
	if (may_lead_anywhere(pattern)) {
		reading_unknown(r->out, arg, "a pattern that may lead anywhere");
	} else if (!content) {
		list_by(r, arg, pattern);
	} else if (!pattern[strcspn(pattern, wild)]) {
		add_read(r, arg, pattern, "tree", NULL);
	} else {
		char *dir = span_dup((struct span){ pattern, literal_dir(pattern) });
		add_read(r, arg, dir[0] ? dir : ".", "tree", says_nothing(pattern) ? "" : pattern);
		free(dir);
	}
}

/* ---- what a search is restricted to ---- */

/* Gives every search of the call this pattern, or one more search by it to those that have one. */
static void narrow(struct reading *r, const char *pattern, size_t end)
{
	for (size_t i = 0; i < end; i++) {
		struct effect *e = &r->out->list[i];
		if (e->kind != EFFECT_READ || strcmp(e->how, "tree") != 0) {
			continue;
		}
		if (!e->word[0]) {
			free(e->word);
			e->word = xstrdup(pattern);
		} else {
			char *arg = xstrdup(e->arg), *given = xstrdup(e->given);
			add_read(r, arg, given, "tree", pattern);
			free(arg);
			free(given);
		}
	}
}

/* The next of several patterns, apart by space, "|", or a comma outside of braces. */
static char *next_pattern(char **at)
{
	char *start = *at + strspn(*at, " \t\n|,"), *end = start;
	unsigned depth = 0;
	for (; *end && (depth ? *end != '\0' : !strchr(" \t\n|,", *end)); end++) {
		depth += *end == '{';
		depth -= *end == '}' && depth;
	}
	*at = end + (*end != '\0');
	*end = '\0';
	return *start ? start : NULL;
}

void reading_filter(struct reading *r, const char *arg, char *patterns)
{
	size_t count = 0, end = r->out->count;
	for (char *pattern; (pattern = next_pattern(&patterns));) {
		if (pattern[0] == '!' || says_nothing(pattern)) {
			continue;
		}
		if (count == PATTERNS_MAX) {
			reading_unknown(r->out, arg, "more patterns than are read");
			return;
		}
		count++;
		narrow(r, pattern, end);
	}
}
