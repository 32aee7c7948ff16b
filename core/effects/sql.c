/*
 * What a statement would do.
 *
 * Promises: "read" only for one statement whose every word is accounted for, in quotes and comments
 * that all servers of the dialect end at the same place. Lists name what is allowed; the words that
 * change something are only there to say it better, and because a SELECT may hold them. Does not
 * know which tables are views or which operators somebody has defined. Called by the extraction.
 */
#include "config.h"

#include "core/effects/sql.h"

#include "core/effects/sql_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 64 << 10, TOKENS_MAX = 2048, WORD_MAX = 64, SHOW_MAX = 16 };

enum token_kind { TOKEN_WORD, TOKEN_QUOTED, TOKEN_STRING, TOKEN_NUMBER, TOKEN_SIGN, TOKEN_END };

struct token {
	enum token_kind kind;
	char sign; /* TOKEN_SIGN: the character */
	unsigned depth; /* of brackets around it */
	char word[WORD_MAX]; /* TOKEN_WORD: in lower case */
};

struct statement {
	const char *at, *end;
	enum sql_dialect dialect;
	struct token *tokens; /* ends with TOKEN_END */
	size_t count, cap;
	unsigned depth;
	const char *fault;
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static bool wrong(struct statement *s, const char *fault)
{
	s->fault = fault;
	return false;
}

static char peek(const struct statement *s, size_t ahead)
{
	return (size_t)(s->end - s->at) > ahead ? s->at[ahead] : '\0';
}

static struct token *push(struct statement *s, enum token_kind kind)
{
	s->tokens = xgrow(s->tokens, &s->cap, s->count + 1, sizeof(*s->tokens));
	struct token *token = &s->tokens[s->count++];
	*token = (struct token){ .kind = kind, .depth = s->depth };
	return token;
}

/* ---- what stands between tokens ---- */

/* To the end of the line; MySQL takes "--" without space behind as two signs. */
static bool skip_line(struct statement *s)
{
	bool loose = s->dialect == SQL_POSTGRES || s->dialect == SQL_SQLITE;
	char next = peek(s, 2);
	if (!loose && next && !is_space(next)) {
		return wrong(s, "a comment that not every server takes for one");
	}
	while (s->at < s->end && *s->at != '\n') {
		if (*s->at == '\r' && peek(s, 1) != '\n') {
			return wrong(s, "a comment that servers end at different places");
		}
		s->at++;
	}
	return true;
}

/* Some servers nest comments, and some run what stands in one that begins with "!". */
static bool skip_comment(struct statement *s)
{
	s->at += 2;
	if (peek(s, 0) == '!' || (peek(s, 0) == 'M' && peek(s, 1) == '!')) {
		return wrong(s, "a comment that some servers run");
	}
	for (; s->at < s->end; s->at++) {
		if (*s->at == '*' && peek(s, 1) == '/') {
			s->at += 2;
			return true;
		}
		if (*s->at == '/' && peek(s, 1) == '*') {
			break;
		}
	}
	return wrong(s, "a comment that servers end at different places");
}

/* False: a fault. Afterwards a token begins, or the text ends. */
static bool skip_space(struct statement *s)
{
	bool ok = true;
	while (ok && s->at < s->end) {
		if (is_space(*s->at)) {
			s->at++;
		} else if (*s->at == '\r' && peek(s, 1) == '\n') {
			s->at += 2;
		} else if (*s->at == '-' && peek(s, 1) == '-') {
			ok = skip_line(s);
		} else if (*s->at == '/' && peek(s, 1) == '*') {
			ok = skip_comment(s);
		} else {
			break;
		}
	}
	return ok;
}

/* ---- tokens ---- */

/* Behind the opening quote to behind the closing one; doubled, it stands for itself. A backslash
 * hides a quote from some servers and not from others. */
static bool read_quotes(struct statement *s, char quote, bool backslash_ok, enum token_kind kind)
{
	for (s->at++; s->at < s->end; s->at++) {
		if (*s->at == '\\' && !backslash_ok && peek(s, 1) == quote) {
			return wrong(s, "a quote behind a backslash");
		}
		if (*s->at == quote && peek(s, 1) == quote) {
			s->at++;
		} else if (*s->at == quote) {
			s->at++;
			push(s, kind);
			return true;
		}
	}
	return wrong(s, "a quote without its end");
}

static bool read_string(struct statement *s)
{
	return read_quotes(s, '\'', s->dialect == SQL_SQLITE, TOKEN_STRING);
}

/* A name in quotes, for MySQL a text; a name of which the next bracket would make a call is refused
 * later. */
static bool read_quoted(struct statement *s)
{
	bool known = s->dialect == SQL_POSTGRES || s->dialect == SQL_SQLITE;
	return read_quotes(s, '"', known, TOKEN_QUOTED);
}

static bool read_tick(struct statement *s)
{
	if (s->dialect != SQL_SQLITE && s->dialect != SQL_MYSQL) {
		return wrong(s, "a backtick");
	}
	return read_quotes(s, '`', true, TOKEN_QUOTED);
}

/* SQLite quotes a name in square brackets; PostgreSQL has them for arrays. */
static bool read_square(struct statement *s)
{
	if (s->dialect == SQL_POSTGRES) {
		push(s, TOKEN_SIGN)->sign = *s->at++;
		return true;
	}
	const char *end = s->dialect == SQL_SQLITE ? memchr(s->at, ']', (size_t)(s->end - s->at))
						   : NULL;
	if (!end) {
		return wrong(s, "a square bracket");
	}
	s->at = end + 1;
	push(s, TOKEN_QUOTED);
	return true;
}

static bool read_word(struct statement *s)
{
	const char *start = s->at;
	while (s->at < s->end && (is_letter(*s->at) || is_digit(*s->at))) {
		s->at++;
	}
	size_t n = (size_t)(s->at - start);
	if (n >= WORD_MAX) {
		return wrong(s, "a name that is very long");
	}
	if (s->at < s->end && strchr("'\"`$&", *s->at) && !(n == 1 && strchr("xXbBnN", *start))) {
		return wrong(s, "a quote with a prefix");
	}
	struct token *token = push(s, TOKEN_WORD);
	for (size_t i = 0; i < n; i++) {
		token->word[i] = (char)(start[i] >= 'A' && start[i] <= 'Z' ? start[i] + 32
									   : start[i]);
	}
	return true;
}

static bool read_number(struct statement *s)
{
	bool hex = *s->at == '0' && (peek(s, 1) | 32) == 'x';
	s->at += hex ? 2 : 0;
	while (s->at < s->end &&
		(is_digit(*s->at) || *s->at == '.' || (hex && strchr("abcdef", *s->at | 32)))) {
		s->at++;
	}
	if (!hex && (peek(s, 0) | 32) == 'e') {
		s->at += strchr("+-", peek(s, 1)) && peek(s, 1) ? 2 : 1;
		while (s->at < s->end && is_digit(*s->at)) {
			s->at++;
		}
	}
	push(s, TOKEN_NUMBER);
	return (s->at < s->end && is_letter(*s->at)) ? wrong(s, "a number that runs into a name")
						     : true;
}

/* Signs that mean something to one server only. */
static bool sign_ok(const struct statement *s, char c)
{
	if (c == '@' || c == '#' || c == ']') {
		return s->dialect == SQL_POSTGRES;
	}
	if (c == ':') {
		return s->dialect == SQL_POSTGRES || (peek(s, 1) == ':' && s->dialect == SQL_ANY);
	}
	return c && strchr("+-*/%<>=!~|&^.,()?;", c);
}

static bool read_sign(struct statement *s)
{
	char c = *s->at;
	bool second = s->count && s->tokens[s->count - 1].sign == ':' && c == ':';
	if ((!sign_ok(s, c) && !second) || (c == ':' && peek(s, 1) == '=')) {
		return wrong(s, "a sign that is not known");
	}
	if (c == ')' && !s->depth) {
		return wrong(s, "a bracket too many");
	}
	s->depth -= c == ')';
	push(s, TOKEN_SIGN)->sign = c;
	s->depth += c == '(';
	s->at++;
	return true;
}

static bool read_token(struct statement *s)
{
	char c = *s->at;
	if (c == '\'') {
		return read_string(s);
	}
	if (c == '"') {
		return read_quoted(s);
	}
	if (c == '`') {
		return read_tick(s);
	}
	if (c == '[') {
		return read_square(s);
	}
	if (is_letter(c)) {
		return read_word(s);
	}
	return is_digit(c) ? read_number(s) : read_sign(s);
}

static bool read_tokens(struct statement *s)
{
	bool ok = skip_space(s);
	while (ok && s->at < s->end) {
		ok = s->count < TOKENS_MAX ? read_token(s) && skip_space(s)
					   : wrong(s, "a statement that is very long");
	}
	push(s, TOKEN_END);
	return ok && (!s->depth || wrong(s, "a bracket without its end"));
}

/* ---- what they mean ---- */

static bool is_sign(const struct token *token, char sign)
{
	return token->kind == TOKEN_SIGN && token->sign == sign;
}

static bool is_word(const struct token *token, const char *word)
{
	return token->kind == TOKEN_WORD && strcmp(token->word, word) == 0;
}

/* Not the last token. "replace(a, b, c)" computes; no statement has a bracket there. */
static bool is_inner(const struct token *token)
{
	return text_in(token->word, sql_inner) ||
		(is_word(token, "replace") && !is_sign(token + 1, '('));
}

/* The columns of a common table expression, which are names: WITH name (a, b) AS. Before the main
 * statement nothing else stands there. */
static bool is_columns(const struct statement *s, size_t i)
{
	if (!is_word(&s->tokens[0], "with") || s->tokens[i].depth || !i) {
		return false;
	}
	for (size_t k = 0; k < i; k++) {
		if (s->tokens[k].depth == 0 && is_word(&s->tokens[k], "select")) {
			return false;
		}
	}
	const struct token *before = &s->tokens[i - 1], *after = &s->tokens[i + 1];
	while (after->kind != TOKEN_END && !is_sign(after, ')')) {
		after++;
	}
	return (is_word(before, "with") || is_word(before, "recursive") || is_sign(before, ',')) &&
		is_sign(after, ')') && is_word(after + 1, "as");
}

/* A name with a bracket behind: is it known to do nothing but compute? */
static bool call_ok(const struct statement *s, size_t i)
{
	const struct token *token = &s->tokens[i], *before = i ? token - 1 : NULL;
	if (token->kind == TOKEN_QUOTED) {
		return before && is_word(before, "as");
	}
	if (before && is_sign(before, '.')) {
		return i > 1 && is_word(before - 1, "pg_catalog") &&
			text_in(token->word, sql_functions);
	}
	return (before && is_word(before, "as")) || text_in(token->word, sql_grouping) ||
		text_in(token->word, sql_functions) || is_columns(s, i);
}

/* The accounts of MySQL and MariaDB. */
static bool is_accounts(const struct token *token)
{
	return is_word(token, "mysql") && is_sign(token + 1, '.') &&
		(is_word(token + 2, "user") || is_word(token + 2, "global_priv") ||
			token[2].kind == TOKEN_QUOTED);
}

static bool locks(const struct token *token)
{
	return (is_word(token, "for") &&
		       (is_word(token + 1, "share") || is_word(token + 1, "key") ||
			       is_word(token + 1, "no"))) ||
		(is_word(token, "lock") && is_word(token + 1, "in")) ||
		(is_word(token, "next") && is_word(token + 1, "value"));
}

/* Words that may stand anywhere in a reading statement. */
static bool check_words(const struct statement *s, char why[160])
{
	for (size_t i = 0; i + 1 < s->count; i++) {
		const struct token *token = &s->tokens[i];
		bool name = token->kind == TOKEN_WORD || token->kind == TOKEN_QUOTED;
		if (is_inner(token)) {
			snprintf(why, 160, "it holds %s", token->word);
			return false;
		}
		if (locks(token) || is_accounts(token) || text_in(token->word, sql_odd)) {
			snprintf(why, 160, "it holds %s %s", token->word, token[1].word);
			return false;
		}
		if (name && is_sign(token + 1, '(') && !call_ok(s, i)) {
			snprintf(why, 160, "it calls %s, which is not known", token->word);
			return false;
		}
		if (is_sign(token, ';') && token[1].kind != TOKEN_END) {
			snprintf(why, 160, "it is more than one statement");
			return false;
		}
		if (is_sign(token, ')') && is_sign(token + 1, '(')) {
			snprintf(why, 160, "it holds a bracket behind a bracket");
			return false;
		}
	}
	return true;
}

static bool no_form(const struct token *first, char why[160])
{
	snprintf(why, 160, "%s is in no form that is known to read",
		first->word[0] ? first->word : "it");
	return false;
}

/* PRAGMA [SCHEMA.]NAME [(ARGUMENT)] */
static bool check_pragma(const struct token *first, enum sql_dialect dialect, char why[160])
{
	const struct token *t = first + 1;
	if (t->kind == TOKEN_WORD && is_sign(t + 1, '.')) {
		t += 2;
	}
	for (size_t i = 0; i < COUNT_OF(sql_pragmas); i++) {
		if (!is_word(t, sql_pragmas[i].name) ||
			(dialect != SQL_SQLITE && dialect != SQL_ANY)) {
			continue;
		}
		t++;
		if (sql_pragmas[i].argument && is_sign(t, '(') && is_sign(t + 2, ')')) {
			t += 3;
		}
		t += is_sign(t, ';');
		return t->kind == TOKEN_END || no_form(first, why);
	}
	return no_form(first, why);
}

/* SHOW and DESCRIBE: names and texts, no bracket. */
static bool check_show(const struct token *first, char why[160])
{
	const struct token *t = first + 1;
	size_t n = 0;
	for (; t->kind != TOKEN_END && n <= SHOW_MAX; t++, n++) {
		if (is_sign(t, ';') && t[1].kind == TOKEN_END) {
			break;
		}
		if (t->kind == TOKEN_SIGN && !is_sign(t, '.') && !is_sign(t, '=')) {
			return no_form(first, why);
		}
	}
	return (n && n <= SHOW_MAX) || no_form(first, why);
}

static bool is_query(const struct token *token)
{
	return is_word(token, "select") || is_word(token, "with") || is_word(token, "values") ||
		is_word(token, "table");
}

static bool check_explain(const struct token *first, char why[160])
{
	const struct token *t = first + 1;
	while (is_sign(t, '(') || is_sign(t, ')') || is_sign(t, ',') || is_sign(t, '=') ||
		text_in(t->word, sql_explaining)) {
		t++;
	}
	return is_query(t) || no_form(first, why);
}

static bool check_statement(const struct statement *s, char why[160])
{
	const struct token *first = s->tokens;
	if (is_word(first, "pragma")) {
		return check_pragma(first, s->dialect, why);
	}
	if (is_word(first, "show")) {
		return s->dialect != SQL_SQLITE ? check_show(first, why) : no_form(first, why);
	}
	if (!check_words(s, why)) {
		return false;
	}
	if (is_word(first, "describe") || is_word(first, "desc")) {
		bool mysql = s->dialect == SQL_MYSQL || s->dialect == SQL_ANY;
		return mysql && !is_query(first + 1) ? check_show(first, why) : no_form(first, why);
	}
	if (is_word(first, "explain")) {
		return check_explain(first, why);
	}
	while (is_sign(first, '(')) {
		first++;
	}
	return is_query(first) || no_form(first, why);
}

static bool is_text(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];
		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) {
			return false;
		}
	}
	return text.len;
}

static bool judge(struct statement *s, struct span text, char why[160])
{
	if (text.len > TEXT_MAX || !is_text(text)) {
		snprintf(why, 160, "it is empty, very long, or holds control characters");
		push(s, TOKEN_END);
		return false;
	}
	if (!read_tokens(s)) {
		snprintf(why, 160, "it holds %s", s->fault);
		return false;
	}
	return check_statement(s, why);
}

bool sql_reads(struct span text, enum sql_dialect dialect, char why[160])
{
	struct statement s = { .at = text.at, .end = text.at + text.len, .dialect = dialect };
	why[0] = '\0';
	bool ok = judge(&s, text, why);
	free(s.tokens);
	return ok;
}

void sql_effect(
	struct effects *out, const char *arg, struct span text, enum sql_dialect dialect, bool dev)
{
	struct statement s = { .at = text.at, .end = text.at + text.len, .dialect = dialect };
	char why[160] = "";
	bool reads = judge(&s, text, why), changes = false;
	for (size_t i = 0; !reads && i + 1 < s.count && !changes; i++) {
		bool first = !i || is_sign(&s.tokens[i - 1], ';');
		changes = is_inner(&s.tokens[i]) ||
			(first && text_in(s.tokens[i].word, sql_changing));
	}
	char *given = span_dup(text);
	effects_add(out, EFFECT_SQL, arg, given,
		reads             ? "read"
			: changes ? "write"
				  : "odd",
		dev ? "dev" : "");
	free(given);
	free(s.tokens);
}
