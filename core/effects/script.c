/*
 * The little languages of text tools: which scripts of sed, awk and jq only transform what they are
 * given. Strict readers of a subset; what lies outside of it is not proven.
 *
 * Where implementations differ (a delimiter inside a bracket expression, a slash that may divide)
 * the script is refused.
 */
#include "config.h"

#include "core/effects/readers.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct cursor {
	const char *at, *end;
	char *why;
};

static bool refuse(struct cursor *c, const char *what)
{
	snprintf(c->why, 160, "%s", what);
	return false;
}

static char peek(const struct cursor *c)
{
	return c->at < c->end ? *c->at : 0;
}

static bool take(struct cursor *c, char want)
{
	if (c->at < c->end && *c->at == want) {
		c->at++;
		return true;
	}
	return false;
}

static size_t take_any(struct cursor *c, const char *set)
{
	const char *from = c->at;
	while (c->at < c->end && *c->at && strchr(set, *c->at)) {
		c->at++;
	}
	return (size_t)(c->at - from);
}

/* Up to the next bare delimiter. If the delimiter could lie inside of a bracket expression,
 * implementations differ about its end. */
static bool take_until(struct cursor *c, char delimiter, bool brackets)
{
	bool open = false;
	for (; c->at < c->end; c->at++) {
		if (*c->at == delimiter) {
			c->at++;
			return !open || refuse(c, "a delimiter inside of brackets");
		}
		if (*c->at == '\n') {
			break;
		}
		if (*c->at == '\\' && c->at + 1 < c->end) {
			/* A backslash in brackets means itself to some. */
			if (open && c->at[1] == delimiter) {
				return refuse(c, "a delimiter inside of brackets");
			}
			c->at++;
		} else if (brackets && *c->at == '[') {
			open = true;
		} else if (*c->at == ']') {
			open = false;
		}
	}
	return refuse(c, "an expression without its end");
}

/* ---- sed ---- */

static const char digits[] = "0123456789";

/* True with *found: an address was there. */
static bool sed_address(struct cursor *c, bool second, bool *found)
{
	*found = true;
	if (take(c, '$')) {
		return true;
	}
	if (second && (take(c, '+') || take(c, '~'))) {
		return take_any(c, digits) || refuse(c, "an address that is not proven");
	}
	if (take_any(c, digits)) {
		return !take(c, '~') || take_any(c, digits) ||
			refuse(c, "an address that is not proven");
	}
	if (take(c, '/')) {
		bool ok = take_until(c, '/', true);
		take_any(c, "IM");
		return ok;
	}
	*found = false;
	return true;
}

static bool sed_substitute(struct cursor *c, bool transliterate)
{
	char delimiter = peek(c);
	if (!delimiter || delimiter == '\n' || delimiter == '\\' || delimiter == '[' ||
		delimiter == ']' || isalnum((unsigned char)delimiter) || delimiter == ' ') {
		return refuse(c, "a delimiter that is not proven");
	}
	c->at++;
	if (!take_until(c, delimiter, !transliterate) || !take_until(c, delimiter, false)) {
		return false;
	}
	if (!transliterate) {
		take_any(c, "gpiIM0123456789");
	}
	return true;
}

/* Text to insert, up to a newline that no backslash is before. */
static bool sed_text(struct cursor *c)
{
	while (c->at < c->end && *c->at != '\n') {
		c->at += *c->at == '\\' && c->at + 1 < c->end ? 2 : 1;
	}
	return c->at == c->end && c->at[-1] == '\\' ? refuse(c, "text that goes on") : true;
}

static bool sed_label(struct cursor *c)
{
	take_any(c, " ");
	while (c->at < c->end && (isalnum((unsigned char)*c->at) || *c->at == '_')) {
		c->at++;
	}
	return true;
}

static bool sed_command(struct cursor *c)
{
	char command = peek(c);
	c->at += c->at < c->end;
	switch (command) {
	case 'p':
	case 'P':
	case 'd':
	case 'D':
	case 'n':
	case 'N':
	case 'g':
	case 'G':
	case 'h':
	case 'H':
	case 'x':
	case '=':
	case '{':
	case '}':
		return true;
	case 'q':
	case 'Q':
	case 'l':
		take_any(c, " ");
		take_any(c, digits);
		return true;
	case 's':
		return sed_substitute(c, false);
	case 'y':
		return sed_substitute(c, true);
	case 'a':
	case 'i':
	case 'c':
		return sed_text(c);
	case 'b':
	case 't':
	case 'T':
	case ':':
		return sed_label(c);
	default:
		return refuse(c, "a command of sed that is not proven");
	}
}

static bool sed_statement(struct cursor *c)
{
	bool first, second;
	if (!sed_address(c, false, &first)) {
		return false;
	}
	take_any(c, " ");
	if (first && take(c, ',')) {
		take_any(c, " ");
		if (!sed_address(c, true, &second) || !second) {
			return refuse(c, "an address that is not proven");
		}
	}
	take_any(c, " ");
	take_any(c, "!");
	take_any(c, " ");
	char command = peek(c);
	if (!sed_command(c)) {
		return false;
	}
	take_any(c, " ");
	return command == '{' || command == '}' || c->at == c->end || strchr(";\n}", *c->at) ||
		refuse(c, "something behind a command of sed");
}

bool sed_reads(struct span script, char why[160])
{
	struct cursor c = { script.at, script.at + script.len, why };
	if (memchr(script.at, 0, script.len)) {
		return refuse(&c, "a NUL");
	}
	while (take_any(&c, " ;\n\t"), c.at < c.end) {
		if (!sed_statement(&c)) {
			return false;
		}
	}
	return true;
}

/* ---- awk ---- */

/* What decides whether "/" begins a regular expression or divides. */
enum awk_last { AWK_OPERATOR, AWK_OPERAND, AWK_CLOSED /* by ")" */, AWK_EITHER };

struct awk {
	struct cursor c;
	enum awk_last last;
	unsigned parens, braces;
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool in_words(const char *const *list, struct span word)
{
	for (; *list; list++) {
		if (span_is(word, *list)) {
			return true;
		}
	}
	return false;
}

static bool awk_word(struct awk *a)
{
	static const char *const refused[] = { "system", "getline", "ENVIRON", "ARGV", "ARGC",
		"ARGIND", "PROCINFO", "SYMTAB", "FUNCTAB", "include", "load", "extension", "close",
		NULL };
	static const char *const operators[] = { "print", "printf", "return", "in", "if", "else",
		"while", "for", "do", "delete", "BEGIN", "END", NULL };
	static const char *const either[] = { "length", "exit", "next", "nextfile", "break",
		"continue", "function", "func", "switch", "case", "default", "fflush", NULL };
	const char *from = a->c.at;
	while (a->c.at < a->c.end && is_word(*a->c.at)) {
		a->c.at++;
	}
	struct span word = { from, (size_t)(a->c.at - from) };
	/* `for (print > "f";;)` */
	bool prints = span_is(word, "print") || span_is(word, "printf");
	if (in_words(refused, word) || (prints && a->parens > 0)) {
		return refuse(&a->c, "awk: a word that is not proven");
	}
	a->last = in_words(operators, word) ? AWK_OPERATOR
		: in_words(either, word)    ? AWK_EITHER
					    : AWK_OPERAND;
	return true;
}

static bool awk_slash(struct awk *a)
{
	/* `if (x) /re/` and `(x) / y`: without another slash it cannot be the first. */
	bool alone = !memchr(a->c.at + 1, '/', (size_t)(a->c.end - a->c.at - 1));
	if (a->last == AWK_EITHER || (a->last == AWK_CLOSED && !alone)) {
		return refuse(&a->c, "awk: a slash that may mean two things");
	}
	a->c.at++;
	if (a->last != AWK_OPERATOR) {
		a->last = AWK_OPERATOR;
		return true;
	}
	a->last = AWK_OPERAND;
	return take_until(&a->c, '/', true);
}

/* ">" compares in a pattern and in parentheses; else it may be where print writes to. */
static bool awk_greater(struct awk *a)
{
	a->c.at++;
	if (peek(&a->c) == '>' || (a->parens == 0 && a->braces > 0 && peek(&a->c) != '=')) {
		return refuse(&a->c, "awk: may write to a file");
	}
	take(&a->c, '=');
	a->last = AWK_OPERATOR;
	return true;
}

static bool awk_sign(struct awk *a)
{
	char sign = *a->c.at++;
	a->last = AWK_OPERATOR;
	switch (sign) {
	case '(':
		a->parens++;
		return true;
	case '{':
		a->braces++;
		return a->parens == 0 || refuse(&a->c, "awk: a brace in parentheses");
	case ')':
		a->last = AWK_CLOSED;
		a->parens -= a->parens > 0;
		return true;
	case ']':
		a->last = AWK_OPERAND;
		return true;
	case '}':
		a->braces -= a->braces > 0;
		return a->parens == 0 || refuse(&a->c, "awk: a brace in parentheses");
	case '$':
		return true;
	case '.':
		a->last = AWK_EITHER; /* "5./2" */
		return true;
	case '|':
		return take(&a->c, '|') || refuse(&a->c, "awk: may run a command");
	case '+':
	case '-':
		a->last = take(&a->c, sign) ? AWK_EITHER : AWK_OPERATOR;
		return true;
	default:
		return strchr(",;\n!~=<*%^?:&[", sign) ||
			refuse(&a->c, "awk: a character that is not proven");
	}
}

bool awk_reads(struct span script, char why[160])
{
	struct awk a = { .c = { script.at, script.at + script.len, why } };
	if (memchr(script.at, 0, script.len)) {
		return refuse(&a.c, "a NUL");
	}
	while (take_any(&a.c, " \t"), a.c.at < a.c.end) {
		char c = *a.c.at;
		bool ok;
		if (is_word(c)) {
			ok = awk_word(&a);
		} else if (c == '"') {
			a.c.at++;
			a.last = AWK_OPERAND;
			ok = take_until(&a.c, '"', false);
		} else if (c == '/') {
			ok = awk_slash(&a);
		} else if (c == '>') {
			ok = awk_greater(&a);
		} else {
			ok = awk_sign(&a);
		}
		if (!ok) {
			return false;
		}
	}
	return true;
}

/* ---- jq ---- */

/* Looks at every name, inside of strings too: interpolation is code. A field (".env") is none. */
bool jq_reads(struct span script, char why[160])
{
	static const char *const refused[] = { "env", "ENV", "import", "include", "modulemeta",
		"input_filename", "get_search_list", "load", "load_str", "strenv", "envsubst",
		"system", "exec", "eval", "load_xml", "load_yaml", "load_json", "load_props",
		"load_base64", "tempfile", NULL };
	for (size_t i = 0; i < script.len;) {
		if (!is_word(script.at[i])) {
			i++;
			continue;
		}
		size_t from = i;
		while (i < script.len && is_word(script.at[i])) {
			i++;
		}
		bool field = from > 0 && script.at[from - 1] == '.' &&
			(from == 1 || script.at[from - 2] != '.');
		if (!field && in_words(refused, (struct span){ script.at + from, i - from })) {
			snprintf(why, 160, "a filter that reads more than its input");
			return false;
		}
	}
	return true;
}
