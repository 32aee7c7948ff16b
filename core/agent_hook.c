/*
 * How an entry in an agent's configuration starts our hook: the words, the line for those that hand
 * it to a shell, the list for those that do not.
 */
#include "config.h"

#include "core/agent_impl.h"

enum { WORDS = 8 };

static size_t words_of(const struct agent_front *front, const char *name, const char **words)
{
	size_t n = 0;
	words[n++] = front->program;
	words[n++] = "hook";
	words[n++] = name;
	if (front->root) {
		words[n++] = "--root";
		words[n++] = front->root;
	}
	words[n++] = "--limit";
	words[n++] = AGENT_HOOK_TEXT;
	return n;
}

/* Quoted for a shell where it must be. */
static void add_shell_word(struct buf *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._-+:@%";
	if (*word && !word[strspn(word, plain)]) {
		buf_text(out, word);
		return;
	}
	buf_char(out, '\'');
	for (; *word; word++) {
		if (*word == '\'') {
			buf_text(out, "'\\''");
		} else {
			buf_char(out, *word);
		}
	}
	buf_char(out, '\'');
}

void agent_hook_line(const struct agent_front *front, const char *name, struct buf *out)
{
	const char *words[WORDS];
	size_t count = words_of(front, name, words);
	struct buf line = { 0 };
	for (size_t i = 0; i < count; i++) {
		buf_text(&line, i ? " " : "");
		add_shell_word(&line, words[i]);
	}
	conf_quote(CONF_JSON, buf_view(&line), out);
	buf_finish(&line);
}

void agent_hook_args(const struct agent_front *front, const char *name, struct buf *out)
{
	const char *words[WORDS];
	size_t count = words_of(front, name, words);
	for (size_t i = 1; i < count; i++) {
		buf_text(out, i > 1 ? ", " : "");
		conf_quote(CONF_JSON, span_of(words[i]), out);
	}
}

void agent_line_with(const char *line, bool is_line, const char *program, struct buf *out)
{
	struct buf text = { 0 }, word = { 0 };
	if (is_line) {
		add_shell_word(&text, program);
		line += strspn(line, " \t");
		buf_text(&text, agent_word_end(line, &word));
	} else {
		buf_text(&text, program);
	}
	conf_quote(CONF_JSON, buf_view(&text), out);
	buf_finish(&text);
	buf_finish(&word);
}
