/*
 * Owns the reading of dotenv files as their readers agree on it: NAME=value, `export` before it,
 * comments, quotes that may hold several lines. Called by secret.c.
 */
#include "config.h"

#include "core/policy/secret_known.h"

#include <ctype.h>
#include <string.h>

enum { QUOTED_MAX = 16384 }; /* past it a quote was none */

struct reader {
	const char *at, *end;
};

static void skip_blanks(struct reader *r)
{
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\t')) {
		r->at++;
	}
}

static struct span rest_of_line(struct reader *r)
{
	const char *from = r->at;
	const char *end = from < r->end ? memchr(from, '\n', (size_t)(r->end - from)) : NULL;
	r->at = end ? end + 1 : r->end;
	return (struct span){ from, (size_t)((end ? end : r->end) - from) };
}

static struct span read_name(struct reader *r)
{
	const char *from = r->at;
	while (r->at < r->end &&
		(isalnum((unsigned char)*r->at) || *r->at == '_' || *r->at == '.' ||
			*r->at == '-')) {
		r->at++;
	}
	return (struct span){ from, (size_t)(r->at - from) };
}

/* The text between quotes; absent if they do not end. Escapes stay as written, which only a value
 * with quotes in it has. */
static struct span read_quoted(struct reader *r)
{
	const char *from = r->at + 1, *at = from;
	while (at < r->end && *at != *r->at && at - from < QUOTED_MAX) {
		at += *at == '\\' && *r->at == '"' && at + 1 < r->end ? 2 : 1;
	}
	if (at >= r->end || *at != *r->at) {
		return (struct span){ NULL, 0 };
	}
	r->at = at + 1;
	return (struct span){ from, (size_t)(at - from) };
}

static struct span read_plain(struct reader *r)
{
	struct span value = rest_of_line(r);
	for (size_t i = 1; i < value.len; i++) {
		if (value.at[i] == '#' && (value.at[i - 1] == ' ' || value.at[i - 1] == '\t')) {
			value.len = i;
		}
	}
	while (value.len && isspace((unsigned char)value.at[value.len - 1])) {
		value.len--;
	}
	return value;
}

static struct span read_value(struct reader *r)
{
	skip_blanks(r);
	if (r->at < r->end && strchr("\"'`", *r->at) && *r->at) {
		struct span value = read_quoted(r);
		if (value.at) {
			rest_of_line(r);
			return value;
		}
	}
	return read_plain(r);
}

void dotenv_read(struct span text, dotenv_entry *entry, void *data)
{
	struct reader r = { text.at, text.at + text.len };
	while (r.at < r.end) {
		skip_blanks(&r);
		struct span name = read_name(&r);
		if (span_is(name, "export")) {
			skip_blanks(&r);
			name = read_name(&r);
		}
		skip_blanks(&r);
		if (!name.len || r.at == r.end || (*r.at != '=' && *r.at != ':')) {
			rest_of_line(&r);
			continue;
		}
		r.at++;
		struct span value = read_value(&r);
		if (value.len) {
			entry(data, name, value);
		}
	}
}
