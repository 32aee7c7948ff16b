/*
 * One shell line as simple commands, if it lies in the subset whose meaning is the same for sh,
 * bash and zsh and can be proven: no expansion, no control flow. Everything else is a fault in
 * words, and the caller holds the call.
 *
 * What a word becomes here is what bash passes as argv (tests ask bash itself).
 */
#ifndef BASCULE_CORE_EFFECTS_SHELL_H
#define BASCULE_CORE_EFFECTS_SHELL_H

#include "core/buf.h"

enum { SHELL_TEXT_MAX = 4096, SHELL_COMMANDS_MAX = 32 };

struct shell_word {
	const char *text; /* decoded, terminated; owned by the line */
	size_t len;
	bool plain; /* written without quotes, backslashes and globs */
	bool glob; /* has an unquoted * ? [ ]: what it expands to is not known, only that every
		      result begins with the literal part before the first of them */
	bool status; /* holds $?: any number stands there, written here as "0" */
	bool home; /* begins with an unquoted "~" or "~/": the text is as written */
};

enum shell_join { JOIN_FIRST, JOIN_AND, JOIN_OR, JOIN_SEQUENCE, JOIN_PIPE };

enum shell_redirect_kind {
	REDIRECT_READ, /* N< FILE */
	REDIRECT_WRITE, /* N> FILE, N>| is refused */
	REDIRECT_APPEND, /* N>> FILE */
	REDIRECT_BOTH, /* &> FILE */
	REDIRECT_TEXT, /* << 'END': word is the body */
	REDIRECT_DUP, /* N>&M */
};

struct shell_redirect {
	enum shell_redirect_kind kind;
	int fd; /* the one redirected */
	int to; /* REDIRECT_DUP */
	struct shell_word word;
};

struct shell_command {
	enum shell_join join; /* to the command before */
	const struct shell_word *words; /* at least one */
	size_t count;
	const struct shell_redirect *redirects;
	size_t redirect_count;
	struct span source; /* as written, for people */
};

struct shell_line {
	struct shell_command *commands;
	size_t count;
	const char *fault; /* static words ("command substitution"); NULL: it was proven */
	size_t fault_at; /* byte offset */
	void *memory; /* private */
};

/* True if the whole text is in the subset and its caps; else line->fault says what is not, and the
 * commands that were complete before it may be looked at to say what kind of line it is, never to
 * allow. `text` must outlive it. Always shell_finish. */
bool shell_parse(struct shell_line *line, struct span text);
void shell_finish(struct shell_line *line);

/* Appends the word quoted so that sh reads it back as the same; plain words stay as they are. */
void shell_quote(struct buf *out, struct span word);

#endif
