/*
 * Owns redirections of a shell line: which file, descriptor or text a command reads or writes.
 *
 * Takes only what sh, bash and zsh read in the same way; "&>" is the exception, see shell.c.
 * Called by shell.c.
 */
#include "config.h"

#include "core/effects/shell_lex.h"

#include <string.h>

struct direction {
	const char *text;
	int fd; /* unless a digit is before it */
	enum shell_redirect_kind kind;
	const char *fault;
};

/* the longer ones first */
// clang-format off
static const struct direction directions[] = {
	{ "<<<", 0, REDIRECT_READ, "a here-string" },
	{ "<<", 0, REDIRECT_TEXT, NULL },
	{ "<>", 0, REDIRECT_BOTH, "a file opened for reading and writing" },
	{ "<(", 0, REDIRECT_READ, "process substitution" },
	{ "<&", 0, REDIRECT_DUP, "a duplicated input" },
	{ "<", 0, REDIRECT_READ, NULL },
	{ ">>|", 1, REDIRECT_APPEND, "a forced redirection" },
	{ ">>!", 1, REDIRECT_APPEND, "a forced redirection" },
	{ ">>&", 1, REDIRECT_APPEND, "a redirection that shells differ about" },
	{ ">>(", 1, REDIRECT_APPEND, "process substitution" },
	{ ">>", 1, REDIRECT_APPEND, NULL },
	{ ">|", 1, REDIRECT_WRITE, "a forced redirection" },
	{ ">!", 1, REDIRECT_WRITE, "a forced redirection" },
	{ ">(", 1, REDIRECT_WRITE, "process substitution" },
	{ ">&", 1, REDIRECT_DUP, NULL },
	{ ">", 1, REDIRECT_WRITE, NULL },
	{ "&>>", 1, REDIRECT_BOTH, "a redirection that shells differ about" },
	{ "&>|", 1, REDIRECT_BOTH, "a forced redirection" },
	{ "&>!", 1, REDIRECT_BOTH, "a forced redirection" },
	{ "&>&", 1, REDIRECT_BOTH, "a redirection that shells differ about" },
	{ "&>(", 1, REDIRECT_BOTH, "process substitution" },
	{ "&>", 1, REDIRECT_BOTH, NULL },
};
// clang-format on

static const struct direction *find_direction(const struct shell_lexer *x, size_t ahead)
{
	size_t left = x->end - x->at - ahead;
	for (size_t i = 0; i < COUNT_OF(directions); i++) {
		size_t length = strlen(directions[i].text);
		if (length <= left &&
			!memcmp(directions[i].text, x->text + x->at + ahead, length)) {
			return &directions[i];
		}
	}
	return NULL;
}

/* 2>&1 and nothing glued to it */
static bool lex_dup(struct shell_lexer *x, struct shell_redirect *redirect)
{
	char digit = shell_peek(x, 0), after = shell_peek(x, 1);
	if (!shell_digit(digit) || !shell_ends_word(after) || after == '<' || after == '>' ||
		(after == '&' && shell_peek(x, 2) == '>')) {
		return shell_fault(x, x->at, "a redirection that shells differ about");
	}
	redirect->to = digit - '0';
	redirect->word = (struct shell_word){ .text = "" };
	x->at++;
	return true;
}

/* zsh: <1-9> is a pattern of numbers */
static bool number_pattern(const struct shell_lexer *x)
{
	size_t n = 0;
	while (shell_digit(shell_peek(x, n)) || shell_peek(x, n) == '-') {
		n++;
	}
	return n && shell_peek(x, n) == '>';
}

/* bash connects instead of opening a file */
static bool connects(const struct shell_word *word)
{
	return !strncmp(word->text, "/dev/tcp/", 9) || !strncmp(word->text, "/dev/udp/", 9);
}

static bool lex_file(struct shell_lexer *x, struct shell_redirect *redirect)
{
	while (shell_blank(shell_peek(x, 0))) {
		x->at++;
	}
	size_t from = x->at;
	if (shell_ends_word(shell_peek(x, 0))) {
		return shell_fault(x, from, "a redirection without a file");
	}
	if (!shell_lex_word(x, &redirect->word)) {
		return false;
	}
	if (redirect->word.glob || redirect->word.status) {
		return shell_fault(x, from, "a redirection to a file that is not known");
	}
	return !connects(&redirect->word) || shell_fault(x, from, "a network connection");
}

/* Input is descriptor 0 and output is another one: zsh refuses the rest before a pipe. */
static bool usual_descriptor(const struct shell_redirect *redirect)
{
	bool input = redirect->kind == REDIRECT_READ || redirect->kind == REDIRECT_TEXT;
	return (redirect->fd == 0) == input;
}

static bool lex_target(struct shell_lexer *x, struct shell_redirect *redirect)
{
	switch (redirect->kind) {
	case REDIRECT_TEXT:
		return shell_lex_here(x, redirect);
	case REDIRECT_DUP:
		return lex_dup(x, redirect);
	case REDIRECT_READ:
		if (number_pattern(x)) {
			return shell_fault(x, x->at, "a pattern of numbers");
		}
		break;
	default:
		break;
	}
	return lex_file(x, redirect);
}

bool shell_starts_redirect(const struct shell_lexer *x)
{
	char c = shell_peek(x, 0), next = shell_peek(x, 1);
	return c == '<' || c == '>' || (c == '&' && next == '>') ||
		(shell_digit(c) && (next == '<' || next == '>'));
}

bool shell_lex_redirect(struct shell_lexer *x, struct shell_command *command)
{
	bool digit = shell_digit(shell_peek(x, 0));
	const struct direction *direction = find_direction(x, digit);
	struct shell_redirect *redirect = x->redirects;
	if (direction->fault) {
		return shell_fault(x, x->at, direction->fault);
	}
	redirect->kind = direction->kind;
	redirect->fd = digit ? shell_peek(x, 0) - '0' : direction->fd;
	redirect->to = -1;
	if (!usual_descriptor(redirect)) {
		return shell_fault(x, x->at, "an unusual redirection");
	}
	x->at += digit + strlen(direction->text);
	if (!lex_target(x, redirect)) {
		return false;
	}
	x->redirects++;
	command->redirect_count++;
	return true;
}
