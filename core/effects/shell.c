/*
 * Owns the shell lexer: one line of text as simple commands, or the reason why it is not in the
 * subset that can be proven.
 *
 * The subset is a list of what is allowed. It takes only what sh, bash and zsh pass on in the same
 * way, so that it does not matter which of them runs the line. It knows no command: which names
 * and options are harmless is for the tables that read the result (core/effects/command.h).
 *
 * Words are in shell_word.c, redirections in shell_redirect.c, here-documents in shell_here.c.
 * There is no recursion, and the memory of a line is one block.
 */
#include "config.h"

#include "core/effects/shell_lex.h"

#include "core/unicode.h"

#include <stdlib.h>
#include <string.h>

/* ---- bytes that are in no line */

static const char *odd_byte(unsigned char c)
{
	if (c == '\r') {
		return "a carriage return";
	}
	return (c < ' ' && c != '\t' && c != '\n') || c == 0x7f ? "a control character" : NULL;
}

static const char *odd_character(const char *at, size_t left, size_t *length)
{
	struct unicode_char u = unicode_read(at, left);
	*length = u.bytes;
	if (!u.valid) {
		return "bytes that are not UTF-8";
	}
	return unicode_class(u.c) == UNICODE_HIDDEN ? "an invisible or unknown character" : NULL;
}

/* How much of the text may be read; *words says what is behind it, NULL at the end. */
static size_t clean_length(struct span text, const char **words)
{
	size_t length = 1;
	*words = NULL;
	for (size_t at = 0; at < text.len; at += length) {
		unsigned char c = (unsigned char)text.at[at];
		if (c >= ' ' && c < 0x7f) {
			length = 1;
			continue;
		}
		length = 1;
		*words = c < 0x80 ? odd_byte(c)
				  : odd_character(text.at + at, text.len - at, &length);
		if (*words) {
			return at;
		}
	}
	return text.len;
}

/* ---- between words */

static void skip_blanks(struct shell_lexer *x)
{
	while (shell_blank(shell_peek(x, 0))) {
		x->at++;
	}
	if (shell_peek(x, 0) == '#') {
		const char *from = x->text + x->at;
		const char *newline = memchr(from, '\n', x->end - x->at);
		x->at = newline ? (size_t)(newline - x->text) : x->end;
	}
}

static bool skip_newline(struct shell_lexer *x)
{
	x->at++;
	return shell_lex_bodies(x);
}

/* Blanks, comments and newlines. */
static bool skip_lines(struct shell_lexer *x)
{
	for (skip_blanks(x); shell_peek(x, 0) == '\n'; skip_blanks(x)) {
		if (!skip_newline(x)) {
			return false;
		}
	}
	return true;
}

static bool fits(struct shell_lexer *x)
{
	return x->at - x->body <= SHELL_TEXT_MAX ||
		shell_fault(x, x->at, "a longer line than is judged");
}

/* ---- commands */

static const struct {
	const char *name, *fault;
} reserved[] = {
	{ "if", "a condition" },
	{ "then", "a condition" },
	{ "elif", "a condition" },
	{ "else", "a condition" },
	{ "fi", "a condition" },
	{ "case", "a condition" },
	{ "esac", "a condition" },
	{ "for", "a loop" },
	{ "foreach", "a loop" },
	{ "while", "a loop" },
	{ "until", "a loop" },
	{ "repeat", "a loop" },
	{ "select", "a loop" },
	{ "in", "a loop" },
	{ "do", "a loop" },
	{ "done", "a loop" },
	{ "end", "a loop" },
	{ "function", "a function" },
	{ "coproc", "a process beside the shell" },
	{ "nocorrect", "a word of zsh alone" },
};

static bool name_character(char c)
{
	return shell_letter(c) || shell_digit(c) || c == '.' || c == '/' || c == '+' || c == '-';
}

static bool assigns(const struct shell_lexer *x)
{
	size_t n = 0;
	while (shell_letter(shell_peek(x, n)) || (n && shell_digit(shell_peek(x, n)))) {
		n++;
	}
	char c = shell_peek(x, n);
	return n && (c == '=' || c == '[' || (c == '+' && shell_peek(x, n + 1) == '='));
}

/* Why what stands at `at` is not the name of a command. */
static const char *name_fault(const struct shell_lexer *x, size_t length)
{
	char next = shell_peek(x, 1);
	if (assigns(x)) {
		return "an assignment in front";
	}
	switch (shell_peek(x, length)) {
	case '(':
		return length ? "a function" : next == '(' ? "arithmetic" : "a subshell";
	case '{':
	case '}':
		return "a group in braces";
	case '!':
		return "a negation";
	case '[':
		return next == '[' ? "a condition" : "a command that is not a plain name";
	case '$':
		return next == '(' ? "command substitution"
				   : "an expansion of a variable as the command";
	case '`':
		return "command substitution";
	case '\'':
	case '"':
	case '\\':
		return "a command name with quotes";
	default:
		return "a command that is not a plain name";
	}
}

/* A bare literal name. "[" and ":" are the two that are punctuation. */
static bool check_name(struct shell_lexer *x)
{
	size_t n = 0;
	char c = shell_peek(x, 0);
	if ((c == '[' || c == ':') && shell_ends_word(shell_peek(x, 1))) {
		return true;
	}
	while (name_character(shell_peek(x, n))) {
		n++;
	}
	if (!n || c == '-' || c == '+' || !shell_ends_word(shell_peek(x, n))) {
		return shell_fault(x, x->at, name_fault(x, n));
	}
	for (size_t i = 0; i < COUNT_OF(reserved); i++) {
		if (span_is((struct span){ x->text + x->at, n }, reserved[i].name)) {
			return shell_fault(x, x->at, reserved[i].fault);
		}
	}
	return true;
}

/* "[" is a word only here: elsewhere it begins a pattern. */
static bool lex_name(struct shell_lexer *x)
{
	if (!check_name(x)) {
		return false;
	}
	if (shell_peek(x, 0) != '[') {
		return shell_lex_word(x, x->words);
	}
	*x->words = (struct shell_word){ .text = "[", .len = 1, .plain = true };
	x->at++;
	return true;
}

static bool lex_argument(struct shell_lexer *x, struct shell_command *command)
{
	if (shell_starts_redirect(x)) {
		return shell_lex_redirect(x, command);
	}
	if (!(command->count ? shell_lex_word(x, x->words) : lex_name(x))) {
		return false;
	}
	x->words++;
	command->count++;
	return true;
}

static bool ends_command(const struct shell_lexer *x)
{
	char c = shell_peek(x, 0);
	return c == '\0' || c == '\n' || c == ';' || c == '|' ||
		(c == '&' && shell_peek(x, 1) != '>');
}

/* Up to the operator behind it; a command without any word is a fault. */
static bool lex_command(struct shell_lexer *x, struct shell_command *command)
{
	size_t from = x->at, to = x->at;
	command->words = x->words;
	command->redirects = x->redirects;
	for (skip_blanks(x); !ends_command(x); skip_blanks(x)) {
		if (!fits(x) || !lex_argument(x, command)) {
			return false;
		}
		to = x->at;
	}
	command->source = (struct span){ x->text + from, to - from };
	if (!command->count) {
		return shell_fault(x, x->at,
			command->redirect_count ? "a redirection without a command"
						: "an empty command");
	}
	return fits(x);
}

/* ---- what joins them */

static const struct {
	const char *text;
	enum shell_join join;
	const char *fault;
} joins[] = {
	{ ";;", JOIN_SEQUENCE, "a condition" },
	{ ";&", JOIN_SEQUENCE, "a condition" },
	{ ";|", JOIN_SEQUENCE, "a condition" },
	{ ";", JOIN_SEQUENCE, NULL },
	{ "\n", JOIN_SEQUENCE, NULL },
	{ "&&", JOIN_AND, NULL },
	{ "&", JOIN_SEQUENCE, "a command in the background" },
	{ "||", JOIN_OR, NULL },
	{ "|&", JOIN_PIPE, "a pipe of errors" },
	{ "|", JOIN_PIPE, NULL },
};

/* At the operator behind a command, and up to the next command; *more says whether one has to
 * follow. */
static bool lex_join(struct shell_lexer *x, enum shell_join *join, bool *more)
{
	size_t i = 0;
	*more = false;
	if (x->at == x->end) {
		return true;
	}
	while (joins[i].text[0] != shell_peek(x, 0) ||
		(joins[i].text[1] && joins[i].text[1] != shell_peek(x, 1))) {
		i++;
	}
	if (joins[i].fault) {
		return shell_fault(x, x->at, joins[i].fault);
	}
	*join = joins[i].join;
	*more = *join != JOIN_SEQUENCE;
	x->at += *joins[i].text == '\n' ? 0 : strlen(joins[i].text);
	return skip_lines(x);
}

/* Programs that only look: it is all the same whether the next command waits for them. */
static const char *const lookers[] = { "[", "cat", "grep", "ls", "test", "type", "which" };

static bool only_looks(const struct shell_command *command)
{
	const char *name = command->words[0].text;
	for (size_t i = 0; i < COUNT_OF(lookers); i++) {
		if (!strcmp(name, lookers[i])) {
			return true;
		}
	}
	return !strcmp(name, "command") && command->count > 1 &&
		!strcmp(command->words[1].text, "-v");
}

static bool takes_both(const struct shell_command *command)
{
	for (size_t i = 0; i < command->redirect_count; i++) {
		if (command->redirects[i].kind == REDIRECT_BOTH) {
			return true;
		}
	}
	return false;
}

/* dash reads "a && b &>f" as "a && b &" and ">f". So a and b are not waited for, a cd in them is
 * lost on what comes next, and f lies where the shell was before. */
static bool both_stays(const struct shell_line *line)
{
	if (line->count < 2) {
		return true;
	}
	const struct shell_command *last = &line->commands[line->count - 1];
	for (size_t i = 0; i < last->redirect_count; i++) {
		const struct shell_redirect *redirect = &last->redirects[i];
		if (redirect->kind == REDIRECT_BOTH &&
			strcmp(redirect->word.text, "/dev/null") != 0) {
			return false;
		}
	}
	return true;
}

static bool both_may_go_on(const struct shell_line *line)
{
	const struct shell_command *command = &line->commands[line->count - 1];
	if (!takes_both(command)) {
		return true;
	}
	for (; only_looks(command); command--) {
		if (command->join == JOIN_FIRST || command->join == JOIN_SEQUENCE) {
			return true;
		}
	}
	return false;
}

/* At the next command. */
static bool check_room(struct shell_lexer *x)
{
	if (x->line->count == SHELL_COMMANDS_MAX) {
		return shell_fault(x, x->at, "more commands than are judged");
	}
	return !x->line->count || both_may_go_on(x->line) ||
		shell_fault(x, x->at, "&> before another command");
}

static bool lex_commands(struct shell_lexer *x)
{
	struct shell_line *line = x->line;
	enum shell_join join = JOIN_FIRST;
	bool more = false;
	if (!skip_lines(x)) {
		return false;
	}
	while (x->at < x->end || more) {
		struct shell_command *command = &line->commands[line->count];
		if (!check_room(x)) {
			return false;
		}
		*command = (struct shell_command){ .join = join };
		if (!lex_command(x, command)) {
			return false;
		}
		line->count += x->at < x->end || !x->cut;
		if (!both_stays(line)) {
			return shell_fault(x, x->at, "&> to a file behind another command");
		}
		if (!lex_join(x, &join, &more)) {
			return false;
		}
	}
	return fits(x);
}

static bool lex_line(struct shell_lexer *x)
{
	if (!lex_commands(x)) {
		return false;
	}
	if (x->here_count) {
		return shell_fault(x, x->here[0].at, "a here-document without its end");
	}
	return x->line->count || shell_fault(x, x->at, "no command");
}

/* ---- the whole */

/* One block for everything: words and redirections are at least two bytes of shell text each. */
static void *prepare(struct shell_lexer *x)
{
	size_t most = (x->end < SHELL_TEXT_MAX ? x->end : SHELL_TEXT_MAX) / 2 + 2;
	size_t commands = SHELL_COMMANDS_MAX * sizeof(struct shell_command);
	size_t words = most * sizeof(struct shell_word);
	size_t redirects = most * sizeof(struct shell_redirect);
	char *memory = xmalloc(commands + words + redirects + x->end + 2 * most);
	x->line->commands = (void *)memory;
	x->words = (void *)(memory + commands);
	x->redirects = (void *)(memory + commands + words);
	x->out = memory + commands + words + redirects;
	return memory;
}

bool shell_parse(struct shell_line *line, struct span text)
{
	struct shell_lexer x = { .line = line, .text = text.at ? text.at : "" };
	const char *behind;
	*line = (struct shell_line){ 0 };
	if (text.len > SHELL_TEXT_MAX + SHELL_BODY_MAX) {
		line->fault = "a longer line than is judged";
		return false;
	}
	x.end = clean_length(text, &behind);
	x.cut = behind != NULL;
	line->memory = prepare(&x);
	lex_line(&x);
	if (behind) {
		line->fault = behind;
		line->fault_at = x.end;
	}
	return !line->fault;
}

void shell_finish(struct shell_line *line)
{
	free(line->memory);
	*line = (struct shell_line){ 0 };
}

/* ---- back to text */

static bool needs_quotes(struct span word)
{
	if (!word.len || *word.at == '=') {
		return true;
	}
	for (size_t i = 0; i < word.len; i++) {
		char c = word.at[i];
		if (!shell_letter(c) && !shell_digit(c) && !strchr("./:=@%+,-", c)) {
			return true;
		}
	}
	return false;
}

void shell_quote(struct buf *out, struct span word)
{
	if (!needs_quotes(word) || span_is(word, "[") || span_is(word, "]")) {
		buf_span(out, word);
		return;
	}
	buf_char(out, '\'');
	for (size_t i = 0; i < word.len; i++) {
		if (word.at[i] == '\'') {
			buf_text(out, "'\\''");
		} else {
			buf_char(out, word.at[i]);
		}
	}
	buf_char(out, '\'');
}
