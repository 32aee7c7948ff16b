/*
 * Owns one word of a shell line: quotes, backslashes, patterns, and what of $ ~ { } ^ # = ! every
 * shell passes on as it stands.
 *
 * Promises that a word that was accepted is the one argument that bash, zsh and dash pass (for a
 * pattern: before its expansion). It does not say what a word means. Called by shell.c.
 */
#include "config.h"

#include "core/effects/shell_lex.h"

#include <string.h>

struct spelling {
	struct shell_lexer *x;
	struct shell_word *word;
	size_t from; /* where it begins in the source */
	char *start; /* and decoded */
	char *pattern; /* the first pattern character, decoded; NULL: none */
	bool extended; /* has an unquoted ^ ~ #, which in a pattern means something to zsh */
};

static bool plain(char c)
{
	return (c >= '+' && c <= ':') || (c >= '@' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		c == '_' || c == '%' || (unsigned char)c >= 0x80;
}

/* Takes n bytes as they are. */
static bool take(struct spelling *s, size_t n)
{
	struct shell_lexer *x = s->x;
	memcpy(x->out, x->text + x->at, n);
	x->out += n;
	x->at += n;
	return true;
}

static bool fault(struct spelling *s, const char *words)
{
	return shell_fault(s->x, s->x->at, words);
}

static bool at_start(const struct spelling *s)
{
	return s->x->at == s->from;
}

/* What follows a $ that stands for itself, in quotes, in every shell. */
static bool quoted_dollar_ends(char c)
{
	return c != '\0' && strchr("\" \t\n\\|).,/;&]%", c);
}

static bool unquoted_dollar_ends(char c)
{
	return c == '\0' || strchr(" \t\n;|", c);
}

/* zsh takes a modifier or a subscript behind $? */
static bool lex_status(struct spelling *s)
{
	char after = shell_peek(s->x, 2);
	if (after == ':' || after == '[') {
		return fault(s, "an expansion of a variable");
	}
	*s->x->out++ = '0';
	s->x->at += 2;
	s->word->status = true;
	s->word->plain = false;
	return true;
}

static bool lex_dollar(struct spelling *s, bool quoted)
{
	char next = shell_peek(s->x, 1);
	if (next == '?') {
		return lex_status(s);
	}
	if (quoted ? quoted_dollar_ends(next) : unquoted_dollar_ends(next)) {
		return take(s, 1);
	}
	if (next == '(' && shell_peek(s->x, 2) == '(') {
		return fault(s, "arithmetic");
	}
	if (next == '(' && quoted) {
		return shell_lex_cat(s->x);
	}
	if (next == '(') {
		return fault(s, "command substitution");
	}
	if (!quoted && (next == '\'' || next == '"')) {
		return fault(s, "a quote that begins with $");
	}
	return fault(s, "an expansion of a variable");
}

/* A newline in quotes is part of the word, unless shells differ about where a body begins. */
static bool newline_fits(struct spelling *s, const char *at, size_t n)
{
	return !s->x->here_count || !memchr(at, '\n', n) ||
		fault(s, "a quoted newline before a here-document");
}

static bool lex_single(struct spelling *s)
{
	struct shell_lexer *x = s->x;
	const char *begin = x->text + x->at + 1;
	const char *close = memchr(begin, '\'', x->end - x->at - 1);
	if (!close) {
		return fault(s, "a quote that is not closed");
	}
	if (!newline_fits(s, begin, (size_t)(close - begin))) {
		return false;
	}
	x->at++;
	take(s, (size_t)(close - begin));
	x->at++;
	s->word->plain = false;
	return true;
}

static bool lex_quoted_escape(struct spelling *s)
{
	char next = shell_peek(s->x, 1);
	if (next == '\n') {
		return fault(s, "a line continued by a backslash");
	}
	if (next == '\\' || next == '"' || next == '$' || next == '`') {
		s->x->at++;
	}
	return take(s, 1);
}

static bool lex_quoted_piece(struct spelling *s)
{
	switch (shell_peek(s->x, 0)) {
	case '\0':
		return fault(s, "a quote that is not closed");
	case '`':
		return fault(s, "command substitution");
	case '$':
		return lex_dollar(s, true);
	case '\\':
		return lex_quoted_escape(s);
	case '\n':
		return newline_fits(s, "\n", 1) && take(s, 1);
	default:
		return take(s, 1);
	}
}

static bool lex_double(struct spelling *s)
{
	size_t opened = s->x->at++;
	while (shell_peek(s->x, 0) != '"') {
		if (s->x->at == s->x->end) {
			return shell_fault(s->x, opened, "a quote that is not closed");
		}
		if (!lex_quoted_piece(s)) {
			return false;
		}
	}
	s->x->at++;
	s->word->plain = false;
	return true;
}

static bool lex_escape(struct spelling *s)
{
	char next = shell_peek(s->x, 1);
	if (next == '\n') {
		return fault(s, "a line continued by a backslash");
	}
	if (next <= 0 || !strchr(" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", next)) {
		return fault(s, "a backslash before a letter");
	}
	s->word->plain = false;
	s->x->at++;
	return take(s, 1);
}

/* A pattern behind nothing but dots matches "." and ".." in some shells. */
static bool note_pattern(struct spelling *s)
{
	char *dots = s->x->out;
	while (dots > s->start && dots[-1] == '.') {
		dots--;
	}
	if (dots < s->x->out && (dots == s->start || dots[-1] == '/')) {
		return fault(s, "a pattern of hidden names");
	}
	if (!s->pattern) {
		s->pattern = s->x->out;
	}
	s->word->glob = true;
	s->word->plain = false;
	return true;
}

static bool lex_bracket(struct spelling *s)
{
	size_t n = 1;
	char c = shell_peek(s->x, n);
	n += c == '!' || c == '^';
	size_t first = n;
	for (c = shell_peek(s->x, n); plain(c) && c != '/'; c = shell_peek(s->x, n)) {
		n++;
	}
	if (c != ']' || n == first) {
		return fault(s, "a [ that is not a simple pattern");
	}
	return note_pattern(s) && take(s, n + 1);
}

/* bash and zsh: {name}>FILE stores the number of a descriptor */
static bool names_descriptor(const struct shell_lexer *x, size_t behind)
{
	char c = shell_peek(x, behind);
	return c == '<' || c == '>' || (c == '&' && shell_peek(x, behind + 1) == '>');
}

/* {} of find, stash@{0}, {owner}: no list and no range, so that nothing is expanded. */
static bool lex_brace(struct spelling *s)
{
	size_t n = 1;
	char c, before = 0;
	for (c = shell_peek(s->x, n); shell_letter(c) || shell_digit(c) || c == '-' || c == '.';
		c = shell_peek(s->x, n)) {
		if (c == '.' && before == '.') {
			break;
		}
		before = c;
		n++;
	}
	if (c != '}' || names_descriptor(s->x, n + 1)) {
		return fault(s, "a brace");
	}
	return take(s, n + 1);
}

/* Inside a word it is literal, unless what is before makes it look like an assignment's value. */
static bool lex_tilde(struct spelling *s)
{
	if (at_start(s)) {
		char next = shell_peek(s->x, 1);
		if (next != '/' && !shell_ends_word(next)) {
			return fault(s, "the home of another user");
		}
		s->word->home = true;
		s->word->plain = false;
		return take(s, 1);
	}
	char before = s->x->text[s->x->at - 1];
	if (!shell_letter(before) && !shell_digit(before) && !strchr("^~}@./-", before)) {
		return fault(s, "a ~ that some shells expand");
	}
	s->extended = true;
	return take(s, 1);
}

static bool lex_equals(struct spelling *s)
{
	if (at_start(s) && !shell_ends_word(shell_peek(s->x, 1))) {
		return fault(s, "a word that begins with =");
	}
	return take(s, 1);
}

static bool lex_extended(struct spelling *s)
{
	if (at_start(s)) {
		return fault(s, "a word that begins with ^ or #");
	}
	s->extended = true;
	return take(s, 1);
}

/* An interactive shell takes "!x" for a line of its history; whether one reads this is not known.
 */
static bool lex_exclamation(struct spelling *s)
{
	return shell_ends_word(shell_peek(s->x, 1)) ? take(s, 1)
						    : fault(s, "an unquoted ! in a word");
}

static bool lex_parenthesis(struct spelling *s)
{
	return fault(s, shell_peek(s->x, 1) == ')' ? "a function" : "an unquoted parenthesis");
}

static bool lex_special(struct spelling *s)
{
	switch (shell_peek(s->x, 0)) {
	case '\'':
		return lex_single(s);
	case '"':
		return lex_double(s);
	case '\\':
		return lex_escape(s);
	case '$':
		return lex_dollar(s, false);
	case '*':
	case '?':
		return note_pattern(s) && take(s, 1);
	case '[':
		return lex_bracket(s);
	case '{':
		return lex_brace(s);
	case '~':
		return lex_tilde(s);
	case '=':
		return lex_equals(s);
	case '^':
	case '#':
		return lex_extended(s);
	case '!':
		return lex_exclamation(s);
	case ']':
		return take(s, 1);
	case '}':
		return fault(s, "a brace");
	case '`':
		return fault(s, "command substitution");
	default:
		return lex_parenthesis(s);
	}
}

/* ".." as a part of the path behind the pattern: it would lead out of what the pattern names. */
static bool climbs(const char *pattern, const char *end)
{
	for (const char *at = pattern; at + 3 <= end; at++) {
		if (!memcmp(at, "/..", 3) && (at + 3 == end || at[3] == '/')) {
			return true;
		}
	}
	return false;
}

static bool check_pattern(struct spelling *s)
{
	if (*s->start == '-') {
		return shell_fault(s->x, s->from, "a pattern that begins with -");
	}
	if (s->extended) {
		return shell_fault(s->x, s->from, "a pattern with ^, ~ or #");
	}
	if (climbs(s->pattern, s->x->out)) {
		return shell_fault(s->x, s->from, "a pattern followed by ..");
	}
	return true;
}

/* 10>FILE and 2&>FILE: shells differ about whether the number is a word. */
static bool touches_redirection(const struct spelling *s)
{
	char next = shell_peek(s->x, 0);
	const char *at = s->start;
	if (next != '<' && next != '>' && !(next == '&' && shell_peek(s->x, 1) == '>')) {
		return false;
	}
	while (at < s->x->out && shell_digit(*at)) {
		at++;
	}
	return at == s->x->out;
}

bool shell_lex_word(struct shell_lexer *x, struct shell_word *word)
{
	struct spelling s = { .x = x, .word = word, .from = x->at, .start = x->out };
	*word = (struct shell_word){ .plain = true };
	for (char c = shell_peek(x, 0); !shell_ends_word(c); c = shell_peek(x, 0)) {
		if (plain(c)) {
			*x->out++ = c;
			x->at++;
		} else if (!lex_special(&s)) {
			return false;
		}
	}
	if (touches_redirection(&s)) {
		return shell_fault(x, s.from, "a number before a redirection");
	}
	if (word->glob && !check_pattern(&s)) {
		return false;
	}
	word->text = s.start;
	word->len = (size_t)(x->out - s.start);
	*x->out++ = '\0';
	return true;
}
