/*
 * Options as lists of text, for what is read more loosely than by a spec: options before a
 * sub-command, options that go through to a script. Also what readers of verbs share: an effect
 * with the whole argv, and a command that is seen from another directory.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "core/effects/readers.h"
#include "core/effects/verb.h"

bool verb_listed(const char *list, const char *word)
{
	size_t len = strlen(word);
	if (list == NULL || len == 0 || strpbrk(word, " |") != NULL) {
		return false;
	}
	for (const char *at = list; (at = strstr(at, word)) != NULL; at++) {
		bool begins = at == list || at[-1] == ' ' || at[-1] == '|';
		if (begins && (at[len] == 0 || at[len] == ' ' || at[len] == '|')) {
			return true;
		}
	}
	return false;
}

/* ---- options ---- */

/* Compares one entry of a list with a word. */
static enum option_form entry_form(
	const char *entry, size_t len, const char *word, char *kind, const char **value)
{
	const char *colon = memchr(entry, ':', len);
	bool optional = colon == NULL && entry[len - 1] == '=';
	size_t name = colon != NULL ? (size_t)(colon - entry) : len - optional;
	*kind = colon != NULL ? colon[1] : 0;
	*value = NULL;
	if (strncmp(entry, word, name) != 0) {
		return OPTION_NONE;
	}
	if (word[name] == 0) {
		return colon != NULL ? OPTION_NEXT : OPTION_FLAG;
	}
	if (colon == NULL && !optional) {
		return OPTION_NONE;
	}
	if (word[name] == '=') {
		*value = word + name + 1;
		return OPTION_ATTACHED;
	}
	if (name == 2 && entry[1] != '-') { /* -j8 */
		*value = word + name;
		return OPTION_ATTACHED;
	}
	return OPTION_NONE;
}

enum option_form option_form(const char *list, const char *word, char *kind, const char **value)
{
	for (const char *at = list; at != NULL && *at != 0;) {
		size_t len = strcspn(at, " ");
		enum option_form form = entry_form(at, len, word, kind, value);
		if (form != OPTION_NONE) {
			return form;
		}
		at += len + strspn(at + len, " ");
	}
	*kind = 0;
	*value = NULL;
	return OPTION_NONE;
}

bool verb_find(const char *list, const struct command *command, size_t *at)
{
	for (*at = 1; *at < command->argc; (*at)++) {
		char kind;
		const char *value;
		const char *word = command->argv[*at].text;
		if (word[0] != '-') {
			return true;
		}
		enum option_form form = option_form(list, word, &kind, &value);
		if (form == OPTION_NONE) {
			return false;
		}
		*at += form == OPTION_NEXT;
	}
	*at = command->argc;
	return true;
}

/* ---- effects ---- */

struct effect *verb_add(struct command_line *line, const struct command *command,
	enum effect_kind kind, const char *how, const char *word)
{
	struct buf given = { 0 };
	for (size_t i = 0; i < command->argc; i++) {
		const struct shell_word *w = &command->argv[i];
		if (i > 0) {
			buf_char(&given, ' ');
		}
		shell_quote(&given, (struct span){ w->text, w->len });
	}
	struct effect *effect = command_add(line, kind, buf_cstr(&given), how, word);
	buf_finish(&given);
	return effect;
}

char *verb_enter(struct command_line *line, const struct shell_word *dir)
{
	char *before = line->cwd;
	command_path(line, EFFECT_READ, dir, "list");
	if (dir->glob || dir->home || dir->status || strcmp(dir->text, "-") == 0) {
		line->cwd = NULL;
	} else if (dir->text[0] == '/') {
		line->cwd = xstrdup(dir->text);
	} else if (before != NULL) {
		line->cwd = xasprintf("%s/%s", before, dir->text);
	}
	return before;
}

void verb_leave(struct command_line *line, char *before)
{
	free(line->cwd);
	line->cwd = before;
}

bool verb_jq(const char *program)
{
	char why[160];
	return program != NULL && jq_reads(span_of(program), why);
}
