/*
 * What every module stands on: borrowed spans of bytes, the error record,
 * and an allocator that never returns NULL.
 */
#ifndef BASCULE_CORE_BASE_H
#define BASCULE_CORE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Borrowed bytes, not terminated. A span with `at` NULL means "absent"; an empty text has a
 * non-NULL `at`. */
struct span {
	const char *at;
	size_t len;
};

#define SPAN(literal) ((struct span){ "" literal, sizeof(literal) - 1 })
#define SPAN_FMT(s) (int)(s).len, (s).at /* for "%.*s" with known-short, known-clean text */

/* Of a terminated string; NULL gives an absent span. Inline, as the next: a call's judgement asks
 * them thousands of times, most often about a literal. */
static inline struct span span_of(const char *text)
{
	return (struct span){ text, text ? strlen(text) : 0 };
}

static inline bool span_is(struct span s, const char *text)
{
	return s.at && strlen(text) == s.len && memcmp(s.at, text, s.len) == 0;
}

bool span_same(struct span a, struct span b);
bool span_starts(struct span s, const char *prefix);
bool span_ends(struct span s, const char *suffix);
bool span_in(struct span s, const char *const *list); /* one of a list that ends with NULL */
static inline bool text_in(const char *word, const char *const *list)
{
	return span_in(span_of(word), list);
}
bool span_digits(struct span s); /* at least one decimal digit, and nothing else */
struct span span_trim(struct span s); /* without the spaces and tabs at both ends */
/* Takes the next line off *rest: without its "\n", a "\r" before it stays. False at the end. */
bool span_line(struct span *rest, struct span *line);
char *span_dup(struct span s); /* a terminated copy; the caller frees it */
/* What stands behind the last "/" of a path, all of it if there is none; points into it. */
const char *path_name(const char *path);
/* Is it the path `tail`, or does it end with a "/" and that? */
bool path_ends(struct span path, const char *tail);

/* Why a fallible function returned false. `code` is one of enum diag (core/diag.h), 0 when no code
 * fits. */
struct err {
	int code;
	char text[320];
};

/* Fills *err (which may be NULL) and returns false, so that callers can write `return fail(err,
 * ...)`. */
bool fail(struct err *err, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Out of memory ends the program, after `xfatal_hook` (if set) has put the terminal right. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t size);
/* doubles *cap until it is >= need items */
void *xgrow(void *old, size_t *cap, size_t need, size_t item);
char *xstrdup(const char *text); /* NULL stays NULL */
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* the one documented global: needed where nothing can be passed */
extern void (*xfatal_hook)(void);

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
