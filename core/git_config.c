/*
 * The reader of git's configuration syntax. It accepts no more than git does, and refuses some that
 * git accepts: words of more than some length, and NULs. Used by ipc/git_repo.c and
 * ipc/facts_push.c.
 */
#include "config.h"

#include "core/git_config.h"

#include "core/buf.h"

#include <string.h>
#include <strings.h>

enum { NAME_MOST = 128, SUB_MOST = 512, VALUE_MOST = 8192 };

struct config_reader {
	const char *at, *end;
	char section[NAME_MOST + 1], sub[SUB_MOST + 1], key[NAME_MOST + 1];
	struct buf value;
	git_config_visit *visit;
	void *data;
};

/* The next character, -1 at the end; a carriage return before a newline is none. */
static int peek(struct config_reader *r)
{
	if (r->end - r->at >= 2 && r->at[0] == '\r' && r->at[1] == '\n') {
		r->at++;
	}
	return r->at < r->end ? (unsigned char)*r->at : -1;
}

static int take(struct config_reader *r)
{
	int c = peek(r);
	r->at += c >= 0;
	return c;
}

static bool is_space(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static bool is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_word(int c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '-';
}

static char lower(int c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool append(char *to, size_t most, int c)
{
	size_t n = strlen(to);
	if (n >= most || c <= 0) {
		return false;
	}
	to[n] = (char)c;
	to[n + 1] = '\0';
	return true;
}

static void skip_line(struct config_reader *r)
{
	int c;
	while ((c = take(r)) >= 0 && c != '\n') {
	}
}

/* ["sub"] behind the section's name and its space */
static bool read_quoted_sub(struct config_reader *r)
{
	int c;
	while (is_space(peek(r))) {
		r->at++;
	}
	if (take(r) != '"') {
		return false;
	}
	while ((c = take(r)) != '"') {
		if (c == '\\') {
			c = take(r);
		}
		if (c == '\n' || !append(r->sub, SUB_MOST, c)) {
			return false;
		}
	}
	return take(r) == ']';
}

/* Behind "[". "[a.b]" is the old way to write [a "b"]. */
static bool read_section(struct config_reader *r)
{
	char *to = r->section;
	size_t most = NAME_MOST;
	int c;
	r->section[0] = r->sub[0] = '\0';
	while ((c = take(r)) != ']') {
		if (is_space(c)) {
			return r->section[0] && !r->sub[0] && read_quoted_sub(r);
		}
		if (c == '.' && to == r->section) {
			to = r->sub;
			most = SUB_MOST;
			continue;
		}
		if ((!is_word(c) && c != '.') || !append(to, most, lower(c))) {
			return false;
		}
	}
	return r->section[0] != '\0';
}

/* What a backslash and the next character stand for; 0 for a line that goes on, -1: nothing. */
static int escaped(int c)
{
	static const char from[] = "ntb\"\\", to[] = "\n\t\b\"\\";
	if (c == '\n') {
		return 0;
	}
	const char *found = c > 0 ? strchr(from, c) : NULL;
	return found && *found ? to[found - from] : -1;
}

/* Behind "=": up to the end of the line; spaces at its end do not count unless quoted. */
static bool read_value(struct config_reader *r)
{
	bool quoted = false, comment = false;
	size_t solid = 0;
	buf_clear(&r->value);
	for (;;) {
		int c = take(r);
		if (c == '\n' || c < 0) {
			r->value.len = solid;
			return !quoted;
		}
		if (comment || (is_space(c) && !quoted && !r->value.len)) {
			continue;
		}
		if (!quoted && (c == '#' || c == ';')) {
			comment = true;
			continue;
		}
		if (c == '"') {
			quoted = !quoted;
			solid = r->value.len;
			continue;
		}
		bool literal = c == '\\';
		if (literal && (c = escaped(take(r))) == 0) {
			continue;
		}
		if (c <= 0 || r->value.len >= VALUE_MOST) {
			return false;
		}
		buf_char(&r->value, (char)c);
		solid = quoted || literal || !is_space(c) ? r->value.len : solid;
	}
}

static bool read_setting(struct config_reader *r)
{
	r->key[0] = '\0';
	while (is_word(peek(r))) {
		if (!append(r->key, NAME_MOST, lower(take(r)))) {
			return false;
		}
	}
	while (peek(r) == ' ' || peek(r) == '\t') {
		r->at++;
	}
	int c = take(r);
	bool valued = c == '=';
	if (!valued && c != '\n' && c >= 0) {
		return false;
	}
	if (!r->section[0] || (valued && !read_value(r))) {
		return false;
	}
	const struct git_setting setting = { .section = r->section,
		.sub = r->sub,
		.key = r->key,
		.value = valued ? buf_cstr(&r->value) : NULL };
	r->visit(r->data, &setting);
	return true;
}

static bool read_all(struct config_reader *r)
{
	for (;;) {
		int c = peek(r);
		if (c < 0) {
			return true;
		}
		if (c == '\n' || is_space(c)) {
			r->at++;
		} else if (c == '#' || c == ';') {
			skip_line(r);
		} else if (c == '[') {
			r->at++;
			if (!read_section(r)) {
				return false;
			}
		} else if (!is_letter(c) || !read_setting(r)) {
			return false;
		}
	}
}

bool git_config_parse(struct span text, git_config_visit *visit, void *data)
{
	struct config_reader r = {
		.at = text.at, .end = text.at + text.len, .visit = visit, .data = data
	};
	if (text.len && memchr(text.at, '\0', text.len)) {
		return false;
	}
	if (span_starts(text, "\xef\xbb\xbf")) {
		r.at += 3;
	}
	bool ok = read_all(&r);
	buf_finish(&r.value);
	return ok;
}

bool git_config_bool(const char *value, bool *out)
{
	static const char *const yes[] = { "true", "yes", "on", "1" },
				 *const no[] = { "false", "no", "off", "0", "" };
	*out = true;
	for (size_t i = 0; value && i < COUNT_OF(no); i++) {
		if (strcasecmp(value, no[i]) == 0) {
			*out = false;
			return true;
		}
	}
	for (size_t i = 0; value && i < COUNT_OF(yes); i++) {
		if (strcasecmp(value, yes[i]) == 0) {
			return true;
		}
	}
	return !value;
}
