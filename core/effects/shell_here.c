/*
 * Owns here-documents: the word that announces one, and the lines up to the one that ends it.
 *
 * A body is literal text: the delimiter is quoted, or nothing in the body would be expanded. The
 * one command substitution of the subset is here too, "$(cat <<'END' ...)", which is nothing but
 * such a text. Bodies are bounded and do not count as shell text. Called by shell.c and
 * shell_word.c.
 */
#include "config.h"

#include "core/effects/shell_lex.h"

#include <string.h>

static void skip_blanks(struct shell_lexer *x)
{
	while (shell_blank(shell_peek(x, 0))) {
		x->at++;
	}
}

static bool names_end(char c)
{
	return shell_letter(c) || shell_digit(c) || c == '.';
}

/* END, 'END', "END" or \END */
static bool lex_end(struct shell_lexer *x, struct shell_here *here)
{
	char quote = shell_peek(x, 0);
	bool wrapped = quote == '\'' || quote == '"';
	here->quoted = wrapped || quote == '\\';
	x->at += here->quoted;
	here->end.at = x->text + x->at;
	while (names_end(shell_peek(x, 0))) {
		x->at++;
	}
	here->end.len = (size_t)(x->text + x->at - here->end.at);
	if (!here->end.len || (wrapped && shell_peek(x, 0) != quote)) {
		return shell_fault(x, here->at, "a here-document with an unusual end");
	}
	x->at += wrapped;
	return shell_ends_word(shell_peek(x, 0)) ||
		shell_fault(x, here->at, "a here-document with an unusual end");
}

static bool lex_announcement(struct shell_lexer *x, struct shell_here *here)
{
	*here = (struct shell_here){ .at = x->at };
	here->tabs = shell_peek(x, 0) == '-';
	x->at += here->tabs;
	skip_blanks(x);
	return lex_end(x, here);
}

/* The next line without its newline; false behind the last one. */
static bool next_line(struct shell_lexer *x, struct span *line)
{
	size_t left = x->end - x->at;
	const char *at = x->text + x->at;
	const char *newline = memchr(at, '\n', left);
	*line = (struct span){ at, newline ? (size_t)(newline - at) : left };
	x->at += line->len + (newline != NULL);
	return left > 0;
}

static void drop_tabs(struct span *line)
{
	while (line->len && *line->at == '\t') {
		line->at++;
		line->len--;
	}
}

static bool begins_with(struct span line, struct span start)
{
	return line.len >= start.len && !memcmp(line.at, start.at, start.len);
}

/* dash loses a byte there */
static bool goes_on_beyond_ascii(struct span line, struct span end)
{
	size_t same = 0;
	while (same < line.len && same < end.len && line.at[same] == end.at[same]) {
		same++;
	}
	return same && same < line.len && (unsigned char)line.at[same] >= 0x80;
}

static bool literal(struct span line)
{
	return !memchr(line.at, '$', line.len) && !memchr(line.at, '`', line.len) &&
		!memchr(line.at, '\\', line.len);
}

/* Adds the lines up to the end to x->out. Inside $( ) bash also ends a body at a line that begins
 * with the delimiter and has a parenthesis. */
static bool lex_lines(struct shell_lexer *x, const struct shell_here *here)
{
	struct span line;
	while (next_line(x, &line)) {
		if (here->tabs) {
			drop_tabs(&line);
		}
		if (span_same(line, here->end)) {
			return true;
		}
		if ((here->inside && begins_with(line, here->end)) ||
			goes_on_beyond_ascii(line, here->end)) {
			return shell_fault(x, (size_t)(line.at - x->text),
				"a here-document with a line like its end");
		}
		if (!here->quoted && !literal(line)) {
			return shell_fault(
				x, (size_t)(line.at - x->text), "an expansion in a here-document");
		}
		memcpy(x->out, line.at, line.len);
		x->out += line.len;
		*x->out++ = '\n';
	}
	return shell_fault(x, here->at, "a here-document without its end");
}

static bool lex_body(struct shell_lexer *x, const struct shell_here *here)
{
	size_t from = x->at;
	if (!lex_lines(x, here)) {
		return false;
	}
	x->body += x->at - from;
	return x->body <= SHELL_BODY_MAX || shell_fault(x, here->at, "more text than is judged");
}

bool shell_lex_here(struct shell_lexer *x, struct shell_redirect *redirect)
{
	if (x->here_count == SHELL_HERE_MAX) {
		return shell_fault(x, x->at, "more here-documents than are judged");
	}
	struct shell_here *here = &x->here[x->here_count];
	if (!lex_announcement(x, here)) {
		return false;
	}
	here->redirect = redirect;
	redirect->word = (struct shell_word){ .text = "" };
	x->here_count++;
	return true;
}

bool shell_lex_bodies(struct shell_lexer *x)
{
	for (size_t i = 0; i < x->here_count; i++) {
		struct shell_word *word = &x->here[i].redirect->word;
		const char *start = x->out;
		if (!lex_body(x, &x->here[i])) {
			return false;
		}
		word->text = start;
		word->len = (size_t)(x->out - start);
		*x->out++ = '\0';
	}
	x->here_count = 0;
	return true;
}

/* "$(cat <<" up to the end of that line */
static bool lex_cat_line(struct shell_lexer *x, struct shell_here *here)
{
	x->at += 2;
	skip_blanks(x);
	if (!begins_with((struct span){ x->text + x->at, x->end - x->at }, SPAN("cat"))) {
		return false;
	}
	x->at += 3;
	skip_blanks(x);
	if (shell_peek(x, 0) != '<' || shell_peek(x, 1) != '<') {
		return false;
	}
	x->at += 2;
	if (!lex_announcement(x, here)) {
		return false;
	}
	skip_blanks(x);
	return shell_peek(x, 0) == '\n';
}

bool shell_lex_cat(struct shell_lexer *x)
{
	struct shell_here here;
	size_t from = x->at;
	char *start = x->out;
	if (x->here_count || !lex_cat_line(x, &here)) {
		return shell_fault(x, from, "command substitution");
	}
	here.inside = true;
	x->at++;
	if (!lex_body(x, &here)) {
		return false;
	}
	while (shell_blank(shell_peek(x, 0)) || shell_peek(x, 0) == '\n') {
		x->at++;
	}
	if (shell_peek(x, 0) != ')') {
		return shell_fault(x, from, "command substitution");
	}
	x->at++;
	while (x->out > start && x->out[-1] == '\n') {
		x->out--;
	}
	return true;
}
