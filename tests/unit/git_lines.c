/* The effects of lines of git as text. Called by the tests of git's commands. */
#include "config.h"

#include "tests/unit/git_lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void add_word(struct buf *out, const char *text)
{
	if (text[0]) {
		buf_printf(out, " %s", text);
	}
}

static bool is_directory(const struct effect *effect)
{
	return effect->kind == EFFECT_READ && strcmp(effect->given, ".") == 0 &&
		strcmp(effect->how, "list") == 0;
}

static void add_effect(struct buf *out, const struct effect *effect)
{
	if (effect->kind == EFFECT_UNKNOWN && strcmp(effect->how, "git") == 0) {
		return;
	}
	if (out->len > 0) {
		buf_text(out, ", ");
	}
	if (effect->kind == EFFECT_EXEC) {
		buf_text(out, effect->how);
	} else {
		buf_text(out, effect_kind_name(effect->kind));
		buf_printf(out, " %s", effect->given[0] ? effect->given : "''");
		add_word(out, effect->how);
		add_word(out, effect->word);
	}
	if (strcmp(effect->base, "/ws") != 0 && effect->given[0] != '/') {
		buf_printf(out, " @%s", effect->base);
	}
	if (effect->late && effect->kind != EFFECT_EXEC) {
		buf_char(out, '!');
	}
}

/* Every git of the line says in which directory it works. */
static void check_directories(const struct effects *effects, const char *text)
{
	size_t execs = 0, directories = 0;
	for (size_t i = 0; i < effects->count; i++) {
		execs += effects->list[i].kind == EFFECT_EXEC;
		directories += is_directory(&effects->list[i]);
	}
	if (execs == 0 || directories < execs) {
		fail_msg("%s: %zu EXEC, %zu directories", text, execs, directories);
	}
}

void git_lines_check(const struct git_line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct effects effects = { 0 };
		struct buf got = { 0 };
		shell_effects(&effects, "command", span_of(lines[i].text), "/ws");
		for (size_t k = 0; k < effects.count; k++) {
			if (!is_directory(&effects.list[k])) {
				add_effect(&got, &effects.list[k]);
			}
		}
		if (strcmp(buf_cstr(&got), lines[i].effects) != 0) {
			fail_msg("%s\n  got:      %s\n  expected: %s", lines[i].text,
				buf_cstr(&got), lines[i].effects);
		}
		check_directories(&effects, lines[i].text);
		buf_finish(&got);
		effects_finish(&effects);
	}
}
