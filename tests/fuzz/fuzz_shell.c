/*
 * Any bytes as a shell line: what was read lies inside the text and its words are terminated, and
 * every word, quoted, is read back as the same.
 */
#include "config.h"

#include "core/effects/shell.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool condition)
{
	if (!condition) {
		abort();
	}
}

static void quote_and_read(struct span word)
{
	struct buf text = { 0 };
	struct shell_line line;
	buf_text(&text, "x ");
	shell_quote(&text, word);
	buf_text(&text, "  y");
	bool accepted = shell_parse(&line, buf_view(&text));
	if (accepted) {
		demand(line.count == 1 && line.commands[0].count == 3);
		const struct shell_word *again = &line.commands[0].words[1];
		demand(span_same((struct span){ again->text, again->len }, word));
		demand(!again->glob && !again->home && !again->status);
	} else { /* too long as it is quoted; a lone bracket is a pattern for the lexer */
		demand(text.len > SHELL_TEXT_MAX || span_is(word, "["));
	}
	shell_finish(&line);
	buf_finish(&text);
}

static void look_at_word(const struct shell_word *word)
{
	demand(strlen(word->text) == word->len);
	demand(!word->plain || !(word->glob || word->home || word->status));
	demand(!word->home || *word->text == '~');
	demand(!word->glob || strpbrk(word->text, "*?["));
	quote_and_read((struct span){ word->text, word->len });
}

static void look_at_command(const struct shell_command *command, struct span text)
{
	demand(command->count > 0 && command->words[0].plain);
	demand(command->source.at >= text.at && command->source.len > 0);
	demand(command->source.at + command->source.len <= text.at + text.len);
	for (size_t i = 0; i < command->count; i++) {
		look_at_word(&command->words[i]);
	}
	for (size_t i = 0; i < command->redirect_count; i++) {
		const struct shell_redirect *redirect = &command->redirects[i];
		demand(redirect->fd >= 0 && redirect->fd <= 9);
		demand(redirect->kind != REDIRECT_DUP || (redirect->to >= 0 && redirect->to <= 9));
		look_at_word(&redirect->word);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = xmalloc(size ? size : 1); /* exactly as long as the text */
	memcpy(copy, data, size);
	struct span text = { copy, size };
	struct shell_line line;
	bool accepted = shell_parse(&line, text);
	demand(accepted == !line.fault && line.fault_at <= size);
	demand(line.count <= SHELL_COMMANDS_MAX && (!accepted || line.count));
	const char *behind = text.at;
	for (size_t i = 0; i < line.count; i++) {
		const struct shell_command *command = &line.commands[i];
		demand(command->source.at >= behind && (i == 0) == (command->join == JOIN_FIRST));
		behind = command->source.at + command->source.len;
		look_at_command(command, text);
	}
	shell_finish(&line);
	free(copy);
	return 0;
}
