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

bool span_same(struct span a, struct span b)
{
	return a.at && b.at && a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

bool span_starts(struct span s, const char *prefix)
{
	size_t n = strlen(prefix);
	return s.at && s.len >= n && memcmp(s.at, prefix, n) == 0;
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
