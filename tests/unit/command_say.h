/* What a line would do, in a row of words, for tests of the command tables. */
#ifndef BASCULE_TESTS_COMMAND_SAY_H
#define BASCULE_TESTS_COMMAND_SAY_H

#include "core/effects/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct command_case {
	const char *line;
	/* "kind given how word; ..."; what is empty is left out, of EXEC, TASK and the like
	 * `given` too: it is the line. UNKNOWN, the reason for people, is left out. */
	const char *effects;
};

static bool says_line(enum effect_kind kind)
{
	return kind == EFFECT_EXEC || kind == EFFECT_TASK || kind == EFFECT_PUBLISH ||
		kind == EFFECT_CLOUD || kind == EFFECT_SELF || kind == EFFECT_PROCESS ||
		kind == EFFECT_SECRET || kind == EFFECT_DESTRUCTIVE;
}

static void add_word(struct buf *out, const char *word)
{
	if (word[0] != 0) {
		buf_printf(out, " %s", word);
	}
}

static char *command_say(const char *line)
{
	struct effects effects = { 0 };
	struct buf out = { 0 };
	shell_effects(&effects, "command", span_of(line), "/ws");
	for (size_t i = 0; i < effects.count; i++) {
		const struct effect *e = &effects.list[i];
		if (e->kind == EFFECT_UNKNOWN) {
			continue;
		}
		buf_printf(&out, "%s%s", out.len > 0 ? "; " : "", effect_kind_name(e->kind));
		if (!says_line(e->kind)) {
			add_word(&out, e->given);
		}
		add_word(&out, e->how);
		if (e->kind != EFFECT_EXEC) {
			add_word(&out, e->word);
		}
		if (e->late) {
			buf_text(&out, " late");
		}
	}
	char *text = xstrdup(buf_cstr(&out));
	buf_finish(&out);
	effects_finish(&effects);
	return text;
}

static void check_commands(const struct command_case *cases, size_t count)
{
	size_t wrong = 0;
	for (size_t i = 0; i < count; i++) {
		char *said = command_say(cases[i].line);
		if (strcmp(said, cases[i].effects) != 0) {
			print_error("%s\n  is   %s\n  want %s\n", cases[i].line, said,
				cases[i].effects);
			wrong++;
		}
		free(said);
	}
	assert_int_equal(wrong, 0);
}

/* Does a person have to be asked, by the effects alone? */
static bool is_asked(const char *said)
{
	static const char *const signs[] = { "unproven", "wide", "install", "cloud", "publish",
		"self", "destructive", "tool", "process", "secret", " /out", "..", "odd",
		" write dev;", " .git/", "/p:" };
	for (size_t i = 0; i < COUNT_OF(signs); i++) {
		if (strstr(said, signs[i]) != NULL) {
			return true;
		}
	}
	return said[0] == 0;
}

/* Every line is asked about, or none. */
static void check_lines(const char *const *lines, size_t count, bool asked)
{
	size_t wrong = 0;
	for (size_t i = 0; i < count; i++) {
		char *said = command_say(lines[i]);
		if (is_asked(said) != asked) {
			print_error("%s\n  is %s\n", lines[i], said);
			wrong++;
		}
		free(said);
	}
	assert_int_equal(wrong, 0);
}

#endif
