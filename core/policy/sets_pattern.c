/*
 * Whether the names that a search is restricted to are those of secrets.
 *
 * Promises: braces are taken apart as ripgrep and the like do; a pattern that is too large or not
 * closed counts as one that asks for secrets. A search without a pattern reads every file below a
 * directory, and `*.json` asks for no more than that; `.env*`, `*.pem` and `secrets/` do. Called by
 * judgement.
 */
#include "config.h"

#include "core/policy/sets.h"

#include <string.h>

enum { PATTERN_MAX = 1024, WAYS_MAX = 64, NESTED_MAX = 6 };

/* The pattern with its first wildcards as `fill` and the others as `then`: a name that it finds. */
static bool filled_is_secret(const char *pattern, const char *fill, const char *then)
{
	char name[2 * PATTERN_MAX];
	size_t n = 0;
	for (const char *at = pattern; *at && n < sizeof(name) - 2;) {
		if (*at == '*' || *at == '?') {
			at += strspn(at, "*?");
			at += *at == '/' &&
				!fill[0]; /* none of the directories that it stands for */
			memcpy(name + n, fill, strlen(fill));
			n += strlen(fill);
			fill = then;
		} else {
			name[n++] = *at++;
		}
	}
	return path_sets((struct span){ name, n }) & SET_SECRET;
}

/* One way to read the braces. What names nothing at its beginning asks for an ending, as "*.json"
 * does; and "[" and "?" may stand for the dot of a hidden name. */
static bool seeks(const char *pattern)
{
	const char *slash = strrchr(pattern, '/');
	const char *name = slash ? slash + 1 : pattern;
	bool ending = name[0] == '*';
	for (const char *at = pattern; (at = strchr(at, '.')); at++) {
		size_t part = strcspn(at, "/");
		size_t wild = strcspn(at, "*?[");
		if ((at == pattern || at[-1] == '/') && at[part] && wild < part) {
			return true; /* hidden directories */
		}
	}
	return filled_is_secret(pattern, "", "") || filled_is_secret(pattern, "x", "x") ||
		filled_is_secret(name, ".", "") ||
		(!ending && sets_pattern_may_be_secret(span_of(pattern))) ||
		(ending && strchr(name, '['));
}

/* The brace that closes `open`, and the number of commas of its own. NULL: none. */
static const char *close_of(const char *open)
{
	unsigned depth = 0;
	for (const char *at = open; *at; at++) {
		depth += *at == '{';
		depth -= *at == '}';
		if (!depth) {
			return at;
		}
	}
	return NULL;
}

/* Behind the comma or brace that ends the alternative at `at`. */
static const char *end_of_way(const char *at)
{
	unsigned depth = 0;
	for (; *at && (depth || (*at != ',' && *at != '}')); at++) {
		depth += *at == '{';
		depth -= *at == '}';
	}
	return at;
}

static bool any_way_seeks(const char *pattern, unsigned nested, unsigned *ways)
{
	const char *open = strchr(pattern, '{'), *close = open ? close_of(open) : NULL;
	if (!open) {
		return strchr(pattern, '}') || ++*ways > WAYS_MAX || seeks(pattern);
	}
	if (!close || nested == NESTED_MAX) {
		return true;
	}
	for (const char *way = open + 1;; way++) {
		const char *end = end_of_way(way);
		size_t head = (size_t)(open - pattern), n = (size_t)(end - way);
		size_t rest = strlen(close + 1);
		char one[PATTERN_MAX];
		memcpy(one, pattern, head);
		memcpy(one + head, way, n);
		memcpy(one + head + n, close + 1, rest + 1);
		if (any_way_seeks(one, nested + 1, ways)) {
			return true;
		}
		if (end >= close) {
			return false;
		}
		way = end;
	}
}

bool sets_pattern_seeks_secret(struct span pattern)
{
	char text[PATTERN_MAX];
	unsigned ways = 0;
	if (pattern.len >= sizeof(text) || memchr(pattern.at, '\\', pattern.len) ||
		memchr(pattern.at, '\0', pattern.len)) {
		return true;
	}
	memcpy(text, pattern.at, pattern.len);
	text[pattern.len] = '\0';
	return text[0] != '!' && any_way_seeks(text, 0, &ways);
}
