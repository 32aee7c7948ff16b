/* Theme files: what is read, and what is refused with its line. */
#include "config.h"

#include "tui/theme.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct row {
	const char *text;
	struct theme_style style;
	const char *error; /* NULL: good */
};

static const struct row rows[] = {
	{ "", { -1, -1, 0 }, NULL },
	{ "default", { -1, -1, 0 }, NULL },
	{ "red", { 1, -1, 0 }, NULL },
	{ "bright-white, blue +bold", { 15, 4, THEME_BOLD }, NULL },
	{ "default,red +reverse +underline", { -1, 1, THEME_REVERSE | THEME_UNDERLINE }, NULL },
	{ "rde", { 0 }, "unknown colour" },
	{ "red, blue, green", { 0 }, "too many colours" },
	{ "red +blink", { 0 }, "unknown attribute" },
};

static void styles_are_parsed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct theme_style style = { 0 };
		struct err err = { 0 };
		bool ok = theme_style_parse(span_of(rows[i].text), &style, &err);
		assert_int_equal(ok, !rows[i].error);
		if (ok) {
			assert_memory_equal(&style, &rows[i].style, sizeof(style));
		} else {
			assert_non_null(strstr(err.text, rows[i].error));
		}
	}
}

/* The built-in table goes through the same parser; a slip in it must not pass unseen. */
static void every_built_in_style_is_good(void **state)
{
	static const char *const texts[] = {
#define X(id, name, rich, mono) rich, mono,
		THEME_ROLES(X)
#undef X
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct theme_style style;
		assert_true(theme_style_parse(span_of(texts[i]), &style, NULL));
		if (i % 2) {
			assert_int_equal(style.foreground, THEME_DEFAULT_COLOUR);
			assert_int_equal(style.background, THEME_DEFAULT_COLOUR);
		}
	}
}

static void a_file_is_laid_over(void **state)
{
	struct theme theme;
	struct err err = { 0 };
	(void)state;
	theme_builtin(&theme);
	assert_true(theme_read(&theme, "t.ini",
		SPAN("# mine\n[style]\nrisk.high = magenta +bold\n[style:mono]\nrisk.high = "
		     "+reverse\n"),
		&err));
	assert_int_equal(theme.rich[ROLE_RISK_HIGH].foreground, 5);
	assert_int_equal(theme.mono[ROLE_RISK_HIGH].attrs, THEME_REVERSE);
	assert_int_equal(theme.rich[ROLE_ADDED].foreground, 2);
}

static void a_wrong_file_changes_nothing(void **state)
{
	static const char *const wrong[] = {
		"[style]\ntext = red\nrisk.hihg = red\n",
		"[style]\ntext = red\n\nhint = rad\n",
		"[stlye]\ntext = red\n",
		"[style]\ntext\n",
	};
	static const char *const said[] = { "t.ini:3:", "t.ini:4:", "t.ini:2:", "t.ini:2:" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct theme theme, before;
		struct err err = { 0 };
		theme_builtin(&theme);
		before = theme;
		assert_false(theme_read(&theme, "t.ini", span_of(wrong[i]), &err));
		assert_memory_equal(&theme, &before, sizeof(theme));
		assert_int_equal(strncmp(err.text, said[i], strlen(said[i])), 0);
	}
}

/* The file that people copy says what is built in. */
static void the_default_file_is_the_built_in_theme(void **state)
{
	struct theme built_in, read;
	struct err err = { 0 };
	char text[16384];
	(void)state;
	FILE *file = fopen(SRCDIR "/themes/default.ini", "r");
	assert_non_null(file);
	size_t n = fread(text, 1, sizeof(text), file);
	fclose(file);
	theme_builtin(&built_in);
	memset(&read, 0, sizeof(read));
	assert_true(theme_read(&read, "default.ini", (struct span){ text, n }, &err));
	assert_memory_equal(&read, &built_in, sizeof(read));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(styles_are_parsed),
		cmocka_unit_test(every_built_in_style_is_good),
		cmocka_unit_test(a_file_is_laid_over),
		cmocka_unit_test(a_wrong_file_changes_nothing),
		cmocka_unit_test(the_default_file_is_the_built_in_theme),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
