/*
 * Spans, errors and the allocator. Nothing here does I/O but the last words of a program that is
 * out of memory.
 */
#include "config.h"

#include "core/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void (*xfatal_hook)(void);

/* For those who look into a program's file: `bascule doctor`, what(1). */
__attribute__((used)) static const char version_mark[] = "@(#)bascule " PACKAGE_VERSION;

bool span_same(struct span a, struct span b)
{
	return a.at && b.at && a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

bool span_starts(struct span s, const char *prefix)
{
	size_t n = strlen(prefix);
	return s.at && s.len >= n && memcmp(s.at, prefix, n) == 0;
}

bool span_ends(struct span s, const char *suffix)
{
	size_t n = strlen(suffix);
	return s.at && s.len >= n && memcmp(s.at + s.len - n, suffix, n) == 0;
}

bool span_in(struct span s, const char *const *list)
{
	while (*list && !span_is(s, *list)) {
		list++;
	}
	return *list;
}

bool span_digits(struct span s)
{
	size_t i = 0;
	while (i < s.len && s.at[i] >= '0' && s.at[i] <= '9') {
		i++;
	}
	return s.len && i == s.len;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

struct span span_trim(struct span s)
{
	while (s.len && is_space(s.at[0])) {
		s.at++;
		s.len--;
	}
	while (s.len && is_space(s.at[s.len - 1])) {
		s.len--;
	}
	return s;
}

bool span_line(struct span *rest, struct span *line)
{
	if (!rest->len) {
		return false;
	}
	const char *end = memchr(rest->at, '\n', rest->len);
	size_t n = end ? (size_t)(end - rest->at) : rest->len;
	*line = (struct span){ rest->at, n };
	rest->at += n + (end != NULL);
	rest->len -= n + (end != NULL);
	return true;
}

const char *path_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

bool path_ends(struct span path, const char *tail)
{
	size_t n = strlen(tail);
	return span_ends(path, tail) && (path.len == n || path.at[path.len - n - 1] == '/');
}

char *span_dup(struct span s)
{
	char *copy = xmalloc(s.len + 1);
	if (s.len) {
		memcpy(copy, s.at, s.len);
	}
	copy[s.len] = '\0';
	return copy;
}

bool fail(struct err *err, int code, const char *format, ...)
{
	if (err) {
		va_list args;
		va_start(args, format);
		vsnprintf(err->text, sizeof(err->text), format, args);
		va_end(args);
		err->code = code;
	}
	return false;
}

static void out_of_memory(void)
{
	static const char words[] = "bascule: out of memory\n";
	if (xfatal_hook) {
		xfatal_hook();
	}
	ssize_t unused = write(STDERR_FILENO, words, sizeof(words) - 1);
	(void)unused;
	abort();
}

void *xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);
	if (!p) {
		out_of_memory();
	}
	return p;
}

void *xcalloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);
	if (!p) {
		out_of_memory();
	}
	return p;
}

void *xrealloc(void *old, size_t size)
{
	void *p = realloc(old, size ? size : 1);
	if (!p) {
		out_of_memory();
	}
	return p;
}

void *xgrow(void *old, size_t *cap, size_t need, size_t item)
{
	size_t want = *cap ? *cap : 16;
	if (need <= *cap) {
		return old;
	}
	while (want < need) {
		want *= 2;
	}
	*cap = want;
	return xrealloc(old, want * item);
}

char *xstrdup(const char *text)
{
	return text ? span_dup(span_of(text)) : NULL;
}

char *xasprintf(const char *format, ...)
{
	char *text = NULL;
	va_list args;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0) {
		out_of_memory();
	}
	va_end(args);
	return text;
}
