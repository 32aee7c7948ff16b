/*
 * The matcher of gitignore lines. It follows git's own, oddities included (what stands before the
 * first wildcard is compared first and cut off, so "a**" after it reads as at the beginning);
 * matching is bounded in steps, and what goes past them is unknown.
 *
 * It does not know about parents: a file below an ignored directory is ignored, and it is the
 * caller who asks for the directory first. Used by ipc/facts_git.c.
 */
#include "config.h"

#include "core/ignore.h"

#include <string.h>

enum { STEPS_MAX = 20000, STARS_MAX = 32 };

struct wild {
	const char *end; /* of the pattern */
	const char *text_end;
	bool pathname; /* "*" and "?" stop at a slash */
	unsigned steps, depth;
};

enum wild_result { WILD_NO, WILD_YES, WILD_ABORT, WILD_ABORT_TO_STARSTAR, WILD_UNKNOWN };

static bool class_holds(struct span name, unsigned char c)
{
	bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z',
	     digit = c >= '0' && c <= '9';
	bool graph = c > 0x20 && c < 0x7f;
	const struct {
		const char *name;
		bool holds;
	} classes[] = {
		{ "alnum", upper || lower || digit },
		{ "alpha", upper || lower },
		{ "blank", c == ' ' || c == '\t' },
		{ "cntrl", c < 0x20 || c == 0x7f },
		{ "digit", digit },
		{ "graph", graph },
		{ "lower", lower },
		{ "print", graph || c == ' ' },
		{ "punct", graph && !upper && !lower && !digit },
		{ "space", c == ' ' || (c >= '\t' && c <= '\r') },
		{ "upper", upper },
		{ "xdigit", digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') },
	};
	for (size_t i = 0; i < COUNT_OF(classes); i++) {
		if (span_is(name, classes[i].name)) {
			return classes[i].holds;
		}
	}
	return false;
}

static bool class_known(struct span name)
{
	static const char *const names[] = { "alnum", "alpha", "blank", "cntrl", "digit", "graph",
		"lower", "print", "punct", "space", "upper", "xdigit" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (span_is(name, names[i])) {
			return true;
		}
	}
	return false;
}

/* At "[:" inside brackets: the class's end, NULL if it has none and "[" is a character like any
 * other. */
static const char *class_end(const char *p, const char *end)
{
	const char *close = p + 2;
	while (close < end && *close != ']') {
		close++;
	}
	return close < end && close - p >= 3 && close[-1] == ':' ? close : NULL;
}

/* One member of a bracket expression at *at, which moves on. False: malformed, nothing matches. */
static bool bracket_member(
	const char **at, const char *end, unsigned char c, int *previous, bool *found)
{
	const char *p = *at;
	const char *close = *p == '[' && p + 1 < end && p[1] == ':' ? class_end(p, end) : NULL;
	if (close) {
		struct span name = { p + 2, (size_t)(close - p) - 3 };
		if (!class_known(name)) {
			return false;
		}
		*found |= class_holds(name, c);
		*previous = -1;
		*at = close + 1;
		return true;
	}
	if (*p == '[' && p + 1 < end && p[1] == ':') {
		/* git demands the "]" that would end a class, wherever it stands */
		if (!memchr(p + 2, ']', (size_t)(end - p - 2))) {
			return false;
		}
	}
	if (*p == '-' && *previous >= 0 && p + 1 < end && p[1] != ']') {
		const char *last = p + 1;
		if (*last == '\\' && ++last >= end) {
			return false;
		}
		*found |= c <= (unsigned char)*last && c >= (unsigned char)*previous;
		*previous = -1;
		*at = last + 1;
		return true;
	}
	if (*p == '\\' && ++p >= end) {
		return false;
	}
	*found |= c == (unsigned char)*p;
	*previous = (unsigned char)*p;
	*at = p + 1;
	return true;
}

/* `*at` stands behind "["; afterwards behind "]". */
static enum wild_result bracket(struct wild *w, const char **at, unsigned char c)
{
	const char *p = *at;
	bool negated = p < w->end && (*p == '!' || *p == '^'), found = false, first = true;
	int previous = -1;
	p += negated;
	while (p < w->end && (first || *p != ']')) {
		first = false;
		if (!bracket_member(&p, w->end, c, &previous, &found)) {
			return WILD_ABORT;
		}
	}
	if (p >= w->end) {
		return WILD_ABORT;
	}
	*at = p + 1;
	return found == negated || (w->pathname && c == '/') ? WILD_NO : WILD_YES;
}

static enum wild_result wild(struct wild *w, const char *p, const char *text);

static bool next_slash(const struct wild *w, const char **text)
{
	const char *slash = memchr(*text, '/', (size_t)(w->text_end - *text));
	*text = slash;
	return slash != NULL;
}

/* What is left of the pattern at every place that the star may reach. */
static enum wild_result star_tries(
	struct wild *w, const char *p, const char *text, bool match_slash)
{
	for (; text < w->text_end; text++) {
		enum wild_result result = wild(w, p, text);
		if (result != WILD_NO) {
			if (!match_slash || result != WILD_ABORT_TO_STARSTAR) {
				return result;
			}
		} else if (!match_slash && *text == '/') {
			return WILD_ABORT_TO_STARSTAR;
		}
	}
	return WILD_ABORT;
}

/* `*at` stands on a star. WILD_NO with *at moved: go on behind it, at *text. */
static enum wild_result star(
	struct wild *w, const char *start, const char **at, const char **text, bool *go_on)
{
	const char *p = *at, *before = p - 1;
	bool match_slash = !w->pathname, two = p + 1 < w->end && p[1] == '*';
	while (p < w->end && *p == '*') {
		p++;
	}
	if (two && w->pathname && (before < start || *before == '/') &&
		(p == w->end || *p == '/' || (*p == '\\' && p + 1 < w->end && p[1] == '/'))) {
		enum wild_result result = p < w->end && *p == '/' ? wild(w, p + 1, *text) : WILD_NO;
		if (result == WILD_YES || result == WILD_UNKNOWN) {
			return result;
		}
		match_slash = true;
	}
	if (p == w->end) {
		const char *rest = *text;
		return !match_slash && next_slash(w, &rest) ? WILD_NO : WILD_YES;
	}
	if (!match_slash && *p == '/') {
		*go_on = next_slash(w, text);
		*at = p;
		return WILD_NO;
	}
	return star_tries(w, p, *text, match_slash);
}

static enum wild_result wild_run(struct wild *w, const char *p, const char *text)
{
	const char *start = p;
	for (; p < w->end; text++) {
		if (++w->steps > STEPS_MAX) {
			return WILD_UNKNOWN;
		}
		if (*p == '*') {
			bool go_on = false;
			enum wild_result result = star(w, start, &p, &text, &go_on);
			if (!go_on) {
				return result;
			}
			p++; /* the slash that both stand on */
			continue;
		}
		if (text >= w->text_end) {
			return WILD_ABORT;
		}
		if (*p == '[') {
			p++;
			enum wild_result result = bracket(w, &p, (unsigned char)*text);
			if (result != WILD_YES) {
				return result;
			}
			continue;
		}
		if (*p == '?') {
			if (w->pathname && *text == '/') {
				return WILD_NO;
			}
			p++;
			continue;
		}
		if (*p == '\\' && ++p >= w->end) {
			return WILD_NO;
		}
		if (*p++ != *text) {
			return WILD_NO;
		}
	}
	return text < w->text_end ? WILD_NO : WILD_YES;
}

static enum wild_result wild(struct wild *w, const char *p, const char *text)
{
	if (++w->depth > STARS_MAX) {
		return WILD_UNKNOWN;
	}
	enum wild_result result = wild_run(w, p, text);
	w->depth--;
	return result;
}

static bool is_special(char c)
{
	return c == '*' || c == '?' || c == '[' || c == '\\';
}

static size_t plain_length(struct span pattern)
{
	size_t n = 0;
	while (n < pattern.len && !is_special(pattern.at[n])) {
		n++;
	}
	return n;
}

static enum wild_result fits_wild(struct span pattern, struct span text, bool pathname)
{
	struct wild w = { .end = pattern.at + pattern.len,
		.text_end = text.at + text.len,
		.pathname = pathname };
	return wild(&w, pattern.at, text.at);
}

static struct span cut(struct span s, size_t n)
{
	return (struct span){ s.at + n, s.len - n };
}

static enum wild_result fits_name(struct span pattern, struct span path)
{
	size_t at = path.len;
	while (at && path.at[at - 1] != '/') {
		at--;
	}
	struct span name = cut(path, at);
	size_t plain = plain_length(pattern);
	if (plain == pattern.len) {
		return span_same(pattern, name) ? WILD_YES : WILD_NO;
	}
	if (pattern.at[0] == '*' && plain_length(cut(pattern, 1)) == pattern.len - 1) {
		struct span tail = cut(pattern, 1);
		return tail.len <= name.len && span_same(tail, cut(name, name.len - tail.len))
			? WILD_YES
			: WILD_NO;
	}
	return fits_wild(pattern, name, false);
}

static enum wild_result fits_path(struct span pattern, struct span path)
{
	if (pattern.len && pattern.at[0] == '/') {
		pattern = cut(pattern, 1);
	}
	size_t plain = plain_length(pattern);
	if (plain > path.len || memcmp(pattern.at, path.at, plain) != 0) {
		return WILD_NO;
	}
	pattern = cut(pattern, plain);
	path = cut(path, plain);
	if (!pattern.len) {
		return path.len ? WILD_NO : WILD_YES;
	}
	return fits_wild(pattern, path, true);
}

/* Spaces at the end do not count, unless a backslash stands before them. */
static size_t without_spaces(struct span line)
{
	size_t end = line.len;
	bool open = false;
	for (size_t i = 0; i < line.len; i++) {
		if (line.at[i] == ' ') {
			end = open ? end : i;
			open = true;
			continue;
		}
		open = false;
		end = line.len;
		if (line.at[i] == '\\' && ++i >= line.len) {
			return line.len;
		}
	}
	return open ? end : line.len;
}

/* One line, without its newline; `*answer` changes if it fits. */
static void match_line(
	struct span line, struct span path, bool directory, enum ignore_answer *answer)
{
	if (line.len && line.at[line.len - 1] == '\r') {
		line.len--;
	}
	const char *nul = line.len ? memchr(line.at, '\0', line.len) : NULL;
	if (nul) {
		line.len = (size_t)(nul - line.at);
	}
	if (!line.len || line.at[0] == '#') {
		return;
	}
	line.len = without_spaces(line);
	bool negated = line.len && line.at[0] == '!';
	line = cut(line, negated);
	bool only_directory = line.len && line.at[line.len - 1] == '/';
	line.len -= only_directory;
	if (only_directory && !directory) {
		return;
	}
	enum wild_result result = line.len && memchr(line.at, '/', line.len)
		? fits_path(line, path)
		: (line.len ? fits_name(line, path) : WILD_NO);
	if (result == WILD_UNKNOWN) {
		*answer = IGNORE_UNKNOWN;
	} else if (result == WILD_YES) {
		*answer = negated ? IGNORE_NO : IGNORE_YES;
	}
}

enum ignore_answer ignore_match(struct span text, struct span path, bool directory)
{
	enum ignore_answer answer = IGNORE_NONE;
	if (span_starts(text, "\xef\xbb\xbf")) {
		text = cut(text, 3);
	}
	for (struct span line; span_line(&text, &line);) {
		match_line(line, path, directory, &answer);
		if (answer == IGNORE_UNKNOWN) {
			return answer;
		}
	}
	return answer;
}
