/* Called by the console's queue, and for the history. */
#include "config.h"

#include "core/query.h"

#include "core/diag.h"
#include "core/ini.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[QUERY_FIELD_COUNT] = {
#define X(id, name, meaning) [QUERY_##id] = name,
	QUERY_FIELDS(X)
#undef X
};

const char *query_field_name(enum query_field field)
{
	return field < QUERY_FIELD_COUNT ? names[field] : "";
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

void query_finish(struct query *query)
{
	for (size_t i = 0; i < query->count; i++) {
		free(query->terms[i].text);
	}
	*query = (struct query){ 0 };
}

/* ---- reading ---- */

struct reader {
	struct query *query;
	struct span text;
	size_t at;
	struct err *err;
};

/* The field that a word begins with; its name and colon are taken off. */
static bool take_field(struct reader *r, size_t end, enum query_field *field)
{
	const char *from = r->text.at + r->at;
	const char *colon = memchr(from, ':', end - r->at);
	struct span name = { from, colon ? (size_t)(colon - from) : 0 };
	*field = QUERY_ANY;
	/* "C:" or a time: only what looks like a name is taken for a field's */
	if (name.len < 2 || (end - r->at > name.len + 2 && colon[1] == '/' && colon[2] == '/') ||
		strspn(from, "abcdefghijklmnopqrstuvwxyz") < name.len) {
		return true;
	}
	for (size_t i = 0; i < QUERY_FIELD_COUNT; i++) {
		if (span_is(name, names[i])) {
			*field = (enum query_field)i;
			r->at += name.len + 1;
			return true;
		}
	}
	const char *near = ini_nearest(name, names, QUERY_FIELD_COUNT);
	return fail(r->err, DIAG_USAGE, "at %zu: no field is called %.*s%s%s", r->at + 1,
		(int)(name.len < 40 ? name.len : 40), name.at, near ? "; the nearest is " : "",
		near ? near : "");
}

static size_t word_end(const struct reader *r)
{
	bool quoted = false;
	size_t at = r->at;
	for (; at < r->text.len && (quoted || (r->text.at[at] != ' ' && r->text.at[at] != '\t'));
		at++) {
		quoted ^= r->text.at[at] == '"';
	}
	return at;
}

static bool read_term(struct reader *r)
{
	size_t end = word_end(r), n = 0;
	struct query_term term = { .field = QUERY_ANY, .at = r->at + 1 };
	if (r->query->count == QUERY_TERMS_MAX) {
		return fail(r->err, DIAG_USAGE, "at %zu: more than %d words", r->at + 1,
			QUERY_TERMS_MAX);
	}
	if (r->text.at[r->at] == '-' && r->at + 1 < end) {
		term.negated = true;
		r->at++;
	}
	if (!take_field(r, end, &term.field)) {
		return false;
	}
	if (r->at == end) {
		return fail(r->err, DIAG_USAGE, "at %zu: %s: what?", r->at + 1, names[term.field]);
	}
	term.text = xmalloc(end - r->at + 1);
	for (; r->at < end; r->at++) {
		if (r->text.at[r->at] != '"') {
			term.text[n++] = lower(r->text.at[r->at]);
		}
	}
	term.text[n] = '\0';
	r->query->terms[r->query->count++] = term;
	return true;
}

bool query_parse(struct query *query, struct span text, struct err *err)
{
	struct reader r = { .query = query, .text = text, .err = err };
	*query = (struct query){ 0 };
	for (; r.at < text.len; r.at++) {
		if (text.at[r.at] == ' ' || text.at[r.at] == '\t') {
			continue;
		}
		if (!read_term(&r)) {
			query_finish(query);
			return false;
		}
	}
	return true;
}

/* ---- comparing ---- */

static bool begins(const char *value, const char *word)
{
	while (*word && lower(*value) == *word) {
		value++;
		word++;
	}
	return !*word;
}

/* `*` stands for anything, `?` for one byte; the last star is tried again. */
static bool fits_whole(const char *value, const char *pattern)
{
	const char *star = NULL, *from = NULL;
	while (*value) {
		if (*pattern == '*') {
			star = pattern++;
			from = value;
		} else if (*pattern == '?' || (*pattern && *pattern == lower(*value))) {
			pattern++;
			value++;
		} else if (star) {
			pattern = star + 1;
			value = ++from;
		} else {
			return false;
		}
	}
	return pattern[strspn(pattern, "*")] == '\0';
}

static bool fits(const char *value, const char *word)
{
	if (!value) {
		return false;
	}
	if (strpbrk(word, "*?")) {
		return fits_whole(value, word);
	}
	for (; *value; value++) {
		if (begins(value, word)) {
			return true;
		}
	}
	return !*word;
}

static bool term_fits(const struct query_term *term, query_value *value, const void *record)
{
	if (term->field != QUERY_ANY) {
		return fits(value(record, term->field), term->text);
	}
	for (size_t i = 0; i < QUERY_FIELD_COUNT; i++) {
		if (fits(value(record, (enum query_field)i), term->text)) {
			return true;
		}
	}
	return false;
}

bool query_fits(const struct query *query, query_value *value, const void *record)
{
	for (size_t i = 0; i < query->count; i++) {
		const struct query_term *term = &query->terms[i];
		if (term_fits(term, value, record) == term->negated) {
			return false;
		}
	}
	return true;
}
