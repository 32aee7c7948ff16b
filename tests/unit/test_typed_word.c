/* The word that the highest class asks for can be typed, and is read on the screen as it is. */
#include "config.h"

#include "tui/typed_word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *tool, *kind, *given, *text;
	const char *word;
} rows[] = {
	{ "git_push", "push", "main", "", "main" },
	{ "git_push", "push", "", "release/1.2", "release/1.2" },
	{ "git_push", "push", "", "", "git_push" },
	{ "git_push", "push", "m\xd0\xb0in", "", "git_push" }, /* a Cyrillic letter */
	{ "git_push", "push", "two words", "", "git_push" },
	{ "drop_table", "sql", "main", "", "drop_table" },
	{ "npm publish", "publish", "x", "", "approve" },
	{ "", "publish", "x", "", "approve" },
	{ NULL, "publish", "x", "", "approve" },
	{ "0123456789012345678901234567890123456789", "sql", "", "",
		"0123456789012345678901234567890123456789" },
	{ "01234567890123456789012345678901234567890", "sql", "", "", "approve" },
};

static void words_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char word[TYPED_WORD_MAX + 1];
		struct model_effect effect = { .kind = xstrdup(rows[i].kind),
			.given = xstrdup(rows[i].given),
			.text = xstrdup(rows[i].text) };
		struct model_item item = { .tool = xstrdup(rows[i].tool),
			.effects = &effect,
			.effect_count = 1 };
		typed_word(&item, word);
		assert_string_equal(word, rows[i].word);
		free(effect.kind);
		free(effect.given);
		free(effect.text);
		free(item.tool);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(words_test) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
