/*
 * Globs of rule files: one pattern against one path, byte by byte.
 *
 * Promises: takes no memory and no recursion; its time is bounded by the product of both lengths
 * and the path's depth. Does not fold and does not know where a relative pattern is anchored: the
 * caller gives both as they are to be compared.
 */
#include "config.h"

#include "core/policy/sets.h"

#include "core/utf8.h"

#include <string.h>

/* Where to go on when what follows a star did not fit. */
struct retry {
	size_t pattern, path;
	bool set;
};

struct matching {
	struct span pattern, path;
	size_t p, s;
	struct retry star, stars; /* within the component; over components */
};

static bool at_stars(const struct matching *m)
{
	struct span p = m->pattern;
	return p.len - m->p >= 2 && p.at[m->p] == '*' && p.at[m->p + 1] == '*' &&
		(m->p == 0 || p.at[m->p - 1] == '/') &&
		(m->p + 2 == p.len || p.at[m->p + 2] == '/');
}

static size_t after_char(struct span s, size_t at)
{
	for (at++; at < s.len && utf8_follows((unsigned char)s.at[at]);) {
		at++;
	}
	return at;
}

/* "[...]" at m->p against the byte at m->s; *end gets what follows it. A class that is not closed
 * within its component is an ordinary "[". */
static bool class_match(const struct matching *m, size_t *end)
{
	struct span p = m->pattern;
	const char *slash = memchr(p.at + m->p, '/', p.len - m->p);
	size_t stop = slash ? (size_t)(slash - p.at) : p.len, i = m->p + 1;
	bool negated = i < stop && (p.at[i] == '!' || p.at[i] == '^'), found = false;
	unsigned char c = (unsigned char)m->path.at[m->s];
	i += negated;
	for (size_t first = i; i < stop && (p.at[i] != ']' || i == first); i++) {
		unsigned char low = (unsigned char)p.at[i], high = low;
		if (i + 2 < stop && p.at[i + 1] == '-' && p.at[i + 2] != ']') {
			high = (unsigned char)p.at[i + 2];
			i += 2;
		}
		found |= c >= low && c <= high;
	}
	*end = i + 1;
	if (i >= stop) {
		*end = m->p + 1;
		return c == '[';
	}
	return c != '/' && found != negated;
}

/* One step where neither side is at its end of a component. False: does not fit. */
static bool step(struct matching *m)
{
	char want = m->p < m->pattern.len ? m->pattern.at[m->p] : '\0';
	char have = m->path.at[m->s];
	size_t end;
	if (m->p == m->pattern.len) {
		return false;
	}
	if (want == '*') {
		m->star = (struct retry){ ++m->p, m->s, true };
		return true;
	}
	if (want == '?' && have != '/') {
		m->p++;
		m->s = after_char(m->path, m->s);
		return true;
	}
	if (want == '[' && class_match(m, &end)) {
		m->p = end;
		m->s++;
		return true;
	}
	if (want != have || want == '[' || want == '?') {
		return false;
	}
	m->p++;
	m->s++;
	return true;
}

/* Lets the last star take one more, or the last "**" one more component. */
static bool again(struct matching *m)
{
	if (m->star.set && m->star.path < m->path.len && m->path.at[m->star.path] != '/') {
		m->p = m->star.pattern;
		m->s = ++m->star.path;
		return true;
	}
	if (!m->stars.set) {
		return false;
	}
	const char *slash = m->stars.path < m->path.len
		? memchr(m->path.at + m->stars.path, '/', m->path.len - m->stars.path)
		: NULL;
	if (!slash) {
		return false;
	}
	m->stars.path = (size_t)(slash - m->path.at) + 1;
	m->p = m->stars.pattern;
	m->s = m->stars.path;
	m->star.set = false;
	return true;
}

/* What is left of the pattern may match nothing: stars, and a slash before "**". */
static bool at_end(const struct matching *m)
{
	struct span rest = { m->pattern.at + m->p, m->pattern.len - m->p };
	return !rest.len || span_is(rest, "*") || span_is(rest, "**") || span_is(rest, "/**");
}

bool glob_match(struct span pattern, struct span path)
{
	if (!memchr(pattern.at, '/', pattern.len)) {
		for (size_t i = path.len; i > 0; i--) {
			if (path.at[i - 1] == '/') {
				path = (struct span){ path.at + i, path.len - i };
				break;
			}
		}
	}
	struct matching m = { .pattern = pattern, .path = path };
	for (;;) {
		if (at_stars(&m)) {
			m.p += 2;
			if (m.p == pattern.len) {
				return true;
			}
			m.p++;
			m.stars = (struct retry){ m.p, m.s, true };
			m.star.set = false;
		} else if (m.s == path.len ? at_end(&m) : false) {
			return true;
		} else if (m.s < path.len && step(&m)) {
			continue;
		} else if (!again(&m)) {
			return false;
		}
	}
}

/* ---- components ---- */

/* `open`: components that a pattern may fill with others are left out. */
static uint64_t bits_of(struct span text, bool open)
{
	uint64_t bits = 0, hash = 0;
	bool plain = true;
	for (size_t i = 0; i <= text.len; i++) {
		char c = i < text.len ? text.at[i] : '/';
		if (c != '/') {
			hash = (hash ^ (unsigned char)c) * UINT64_C(0x9e3779b97f4a7c15);
			hash ^= hash >> 29;
			plain &= !open || (c != '*' && c != '?' && c != '[');
			continue;
		}
		bits |= hash && plain ? UINT64_C(1) << (hash >> 58) : 0;
		hash = 0;
		plain = true;
	}
	return bits;
}

uint64_t glob_parts(struct span path)
{
	return bits_of(path, false);
}

uint64_t glob_needs(struct span pattern)
{
	return bits_of(pattern, true);
}
