/*
 * Strings, numbers, words and times of TOML 1.0.0.
 *
 * Owns their grammar and what a string means. Numbers and times are not computed: two are the same
 * if they are written the same. Called by conf_toml.c and conf.c.
 */
#include "config.h"

#include "core/conf_impl.h"

#include "core/utf8.h"

#include <string.h>

static void put(struct buf *out, const void *bytes, size_t len)
{
	if (out) {
		buf_add(out, bytes, len);
	}
}

/* \uXXXX and \UXXXXXXXX */
static bool code_point(struct conf_reader *r, struct buf *out)
{
	size_t digits = r->at[1] == 'u' ? 4 : 8;
	uint32_t code = 0;
	char bytes[4];
	bool good = (size_t)(r->end - r->at) >= 2 + digits;
	for (size_t i = 0; good && i < digits; i++) {
		unsigned char c = r->at[2 + i], low = c | 0x20;
		bool letter = low >= 'a' && low <= 'f';
		good = letter || (c >= '0' && c <= '9');
		code = code << 4 | (uint32_t)(letter ? low - 'a' + 10 : c - '0');
	}
	if (!good || !code || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
		return conf_fault(r, r->at, "an escape that means no character");
	}
	put(out, bytes, utf8_put(code, bytes));
	r->at += 2 + digits;
	return true;
}

/* A backslash at the end of a line: over all white space behind it. False: it is none. */
static bool joins_lines(struct conf_reader *r)
{
	const unsigned char *at = r->at + 1, *lf = NULL;
	while (at < r->end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')) {
		lf = *at == '\n' ? at : lf;
		at++;
		if (!lf && at < r->end && *at != ' ' && *at != '\t' && *at != '\r' && *at != '\n') {
			return false;
		}
	}
	if (lf) {
		r->at = at;
	}
	return lf != NULL;
}

static bool escape(struct conf_reader *r, bool several, struct buf *out)
{
	static const char names[] = "btnfr\"\\", meant[] = "\b\t\n\f\r\"\\";
	unsigned char c = r->end - r->at > 1 ? r->at[1] : 0;
	const char *name = c ? memchr(names, c, sizeof(names) - 1) : NULL;
	if (name) {
		put(out, &meant[name - names], 1);
		r->at += 2;
		return true;
	}
	if (c == 'u' || c == 'U') {
		return code_point(r, out);
	}
	return (several && joins_lines(r)) ||
		conf_fault(r, r->at, "an escape that means no character");
}

/* How many quotes stand here, at most `most`. */
static size_t quotes(const struct conf_reader *r, unsigned char quote, size_t most)
{
	size_t n = 0;
	while (n < most && n < (size_t)(r->end - r->at) && r->at[n] == quote) {
		n++;
	}
	return n;
}

/* One character, or one escape. */
static bool character(struct conf_reader *r, bool basic, bool several, struct buf *out)
{
	unsigned char c = *r->at;
	if (basic && c == '\\') {
		return escape(r, several, out);
	}
	bool breaks = several && (c == '\n' || c == '\r'); /* a CR has its LF */
	if ((c < ' ' && c != '\t' && !breaks) || c == 0x7f) {
		return conf_fault(r, r->at, "a control character in a string");
	}
	if (c != '\r') {
		put(out, r->at, 1);
	}
	r->at++;
	return true;
}

bool conf_toml_string(struct conf_reader *r, struct buf *out)
{
	const unsigned char *from = r->at;
	unsigned char quote = *from;
	bool several = quotes(r, quote, 3) == 3;
	r->at += several ? 3 : 1;
	if (several && r->end - r->at > 1 && r->at[0] == '\r') {
		r->at++;
	}
	if (several && r->at < r->end && *r->at == '\n') {
		r->at++;
	}
	while (r->at < r->end) {
		size_t run = quotes(r, quote, several ? 5 : 1);
		if (run >= (several ? 3 : 1)) {
			put(out, r->at, several ? run - 3 : 0);
			r->at += run;
			return true;
		}
		if (run) {
			put(out, r->at, run);
			r->at += run;
		} else if (!character(r, quote == '"', several, out)) {
			return false;
		}
	}
	return conf_fault(r, from, "a string that does not end");
}

/* Does the text have this form? d digit, t T t or blank, other characters themselves. */
static bool has_form(struct span *s, const char *form)
{
	size_t len = strlen(form);
	for (size_t i = 0; i < len; i++) {
		char c = i < s->len ? s->at[i] : 0;
		bool digit = c >= '0' && c <= '9';
		bool parts = c == 'T' || c == 't' || c == ' ';
		if (form[i] == 'd' ? !digit : form[i] == 't' ? !parts : c != form[i]) {
			return false;
		}
	}
	s->at += len;
	s->len -= len;
	return true;
}

static void over_digits(struct span *s)
{
	while (s->len && *s->at >= '0' && *s->at <= '9') {
		s->at++;
		s->len--;
	}
}

static bool clock_time(struct span *s)
{
	if (!has_form(s, "dd:dd:dd")) {
		return false;
	}
	if (has_form(s, ".d")) {
		over_digits(s);
	}
	return true;
}

static bool is_time(struct span s)
{
	bool date = has_form(&s, "dddd-dd-dd");
	if (date && !s.len) {
		return true;
	}
	if ((date && !has_form(&s, "t")) || !clock_time(&s)) {
		return false;
	}
	if (date && s.len) {
		return has_form(&s, "Z") || has_form(&s, "z") || has_form(&s, "+dd:dd") ||
				has_form(&s, "-dd:dd")
			? !s.len
			: false;
	}
	return !s.len;
}

/* Digits of a base with single underscores between them. */
static bool run_of(struct span *s, const char *digits)
{
	bool any = false;
	while (s->len && strchr(digits, *s->at)) {
		any = true;
		s->at++;
		s->len--;
		if (s->len > 1 && *s->at == '_' && strchr(digits, s->at[1])) {
			s->at++;
			s->len--;
		}
	}
	return any;
}

static bool is_number(struct span s)
{
	static const struct {
		const char *prefix, *digits;
	} bases[] = { { "0x", "0123456789abcdefABCDEF" }, { "0o", "01234567" }, { "0b", "01" } };
	for (size_t i = 0; i < COUNT_OF(bases); i++) {
		if (has_form(&s, bases[i].prefix)) {
			return run_of(&s, bases[i].digits) && !s.len;
		}
	}
	if (!has_form(&s, "+")) {
		has_form(&s, "-");
	}
	if (span_is(s, "inf") || span_is(s, "nan")) {
		return true;
	}
	if (s.len > 1 && s.at[0] == '0' && (s.at[1] == '_' || (s.at[1] >= '0' && s.at[1] <= '9'))) {
		return false;
	}
	bool good = run_of(&s, "0123456789");
	if (good && has_form(&s, ".")) {
		good = run_of(&s, "0123456789");
	}
	if (good && (has_form(&s, "e") || has_form(&s, "E"))) {
		if (!has_form(&s, "+")) {
			has_form(&s, "-");
		}
		good = run_of(&s, "0123456789");
	}
	return good && !s.len;
}

static bool in_word(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		strchr("_+-.:", c);
}

bool conf_toml_scalar(struct conf_reader *r, enum conf_type *type)
{
	const unsigned char *from = r->at, *at = from;
	while (at < r->end && in_word(*at)) {
		at++;
	}
	struct span word = { (const char *)from, (size_t)(at - from) }, date = word;
	if (has_form(&date, "dddd-dd-dd") && !date.len && r->end - at > 1 && *at == ' ' &&
		at[1] >= '0' && at[1] <= '9') {
		at++;
		while (at < r->end && in_word(*at)) {
			at++;
		}
		word.len = (size_t)(at - from);
	}
	if (span_is(word, "true") || span_is(word, "false")) {
		*type = CONF_BOOL;
	} else if (is_time(word)) {
		*type = CONF_TIME;
	} else if (is_number(word)) {
		*type = CONF_NUMBER;
	} else {
		return conf_fault(r, from, "expected a value");
	}
	r->at = at;
	return true;
}
