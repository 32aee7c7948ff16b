/* What the files of the shell lexer share; nobody else includes it. */
#ifndef BASCULE_CORE_EFFECTS_SHELL_LEX_H
#define BASCULE_CORE_EFFECTS_SHELL_LEX_H

#include "core/effects/shell.h"

enum { SHELL_HERE_MAX = 16, SHELL_BODY_MAX = 1 << 20 };

/* A here-document that was announced and whose body is still to come. */
struct shell_here {
	struct shell_redirect *redirect;
	struct span end; /* the line that ends it */
	size_t at; /* of its << */
	bool tabs; /* <<-: tabs at the start of a line do not count */
	bool quoted; /* the body is literal */
	bool inside; /* of $( ), where bash also looks for the parenthesis */
};

struct shell_lexer {
	struct shell_line *line;
	const char *text;
	size_t at, end;
	size_t body; /* how many bytes before `at` belong to here-documents */
	bool cut; /* the text goes on behind `end` with what no command may hold */
	char *out; /* where decoded text goes; as large as the text and its words need */
	struct shell_word *words; /* the next one that is free, as is the next */
	struct shell_redirect *redirects;
	struct shell_here here[SHELL_HERE_MAX];
	size_t here_count;
};

/* The byte at `at` + ahead, NUL behind the end: the text itself holds none. */
static inline char shell_peek(const struct shell_lexer *x, size_t ahead)
{
	return ahead < x->end - x->at ? x->text[x->at + ahead] : '\0';
}

static inline bool shell_blank(char c)
{
	return c == ' ' || c == '\t';
}

static inline bool shell_ends_word(char c)
{
	return c == '\0' || shell_blank(c) || c == '\n' || c == ';' || c == '&' || c == '|' ||
		c == '<' || c == '>';
}

static inline bool shell_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool shell_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* The first one counts; returns false. */
static inline bool shell_fault(struct shell_lexer *x, size_t at, const char *words)
{
	if (!x->line->fault) {
		x->line->fault = words;
		x->line->fault_at = at;
	}
	return false;
}

/* shell_word.c: the word that begins at `at` */
bool shell_lex_word(struct shell_lexer *x, struct shell_word *word);

/* shell_redirect.c */
bool shell_starts_redirect(const struct shell_lexer *x);
/* the redirection that begins at `at`, added to the command */
bool shell_lex_redirect(struct shell_lexer *x, struct shell_command *command);

/* shell_here.c */
/* `at` is behind the <<; announces the body for the next newline. */
bool shell_lex_here(struct shell_lexer *x, struct shell_redirect *redirect);
/* `at` is behind a newline: every announced body, in order. */
bool shell_lex_bodies(struct shell_lexer *x);
/* `at` is at "$("; adds the body of the one here-document inside to the word that is written. */
bool shell_lex_cat(struct shell_lexer *x);

#endif
