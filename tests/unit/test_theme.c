/* Theme files: what is read, and what is refused with its line. */
#include "config.h"

#include "tui/theme.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
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
	{ "#83a598", { THEME_RGB | 0x83a598, -1, 0 }, NULL },
	{ "#83A598, #000000 +bold", { THEME_RGB | 0x83a598, THEME_RGB, THEME_BOLD }, NULL },
	{ "#83a59", { 0 }, "expected a colour such as" },
	{ "#83a59g", { 0 }, "expected a colour such as" },
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
	assert_int_equal(theme.appearance, THEME_ANY);
	assert_true(theme_read(&theme, "t.ini", SPAN("[theme]\nappearance = light\n"), &err));
	assert_int_equal(theme.appearance, THEME_LIGHT);
}

static void a_wrong_file_changes_nothing(void **state)
{
	static const char *const wrong[] = {
		"[style]\ntext = red\nrisk.hihg = red\n",
		"[style]\ntext = red\n\nhint = rad\n",
		"[stlye]\ntext = red\n",
		"[style]\ntext\n",
		"[theme]\nappearance = drak\n",
		"[theme]\nname = mine\n",
	};
	static const char *const said[] = {
		"t.ini:3:", "t.ini:4:", "t.ini:2:", "t.ini:2:", "t.ini:2:", "t.ini:2:"
	};
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

static void names_of_the_files_own(void **state)
{
	struct theme theme;
	struct err err = { 0 };
	(void)state;
	theme_builtin(&theme);
	assert_true(theme_read(&theme, "t.ini",
		SPAN("[palette]\nink = #fb4934\nred = #9d0006\n[style]\ntext = ink\n"
		     "dim = red\nhint = red\n[style:8]\nhint = bright-blue\n"),
		&err));
	assert_int_equal(theme.rich[ROLE_TEXT].foreground, THEME_RGB | 0xfb4934);
	assert_int_equal(theme.eight[ROLE_TEXT].foreground, 1); /* the nearest */
	assert_int_equal(theme.rich[ROLE_DIM].foreground, THEME_RGB | 0x9d0006);
	assert_int_equal(theme.eight[ROLE_HINT].foreground, 12); /* as it says */
	assert_false(theme_read(&theme, "t.ini", SPAN("[palette]\nx = #12\n"), &err));
	assert_int_equal(strncmp(err.text, "t.ini:2:", 8), 0);
}

static void fewer_colours(void **state)
{
	(void)state;
	assert_int_equal(theme_nearest_256(3), 3);
	assert_int_equal(theme_nearest_256(-1), -1);
	assert_int_equal(theme_nearest_256(THEME_RGB | 0x000000), 16);
	assert_int_equal(theme_nearest_256(THEME_RGB | 0xffffff), 231);
	assert_int_equal(theme_nearest_256(THEME_RGB | 0x282828), 235);
	assert_int_equal(theme_nearest_256(THEME_RGB | 0x5f87af), 67);
	assert_int_equal(theme_nearest_8(THEME_RGB | 0xfb4934), 1);
	assert_int_equal(theme_nearest_8(THEME_RGB | 0x002b36), 0);
	assert_int_equal(theme_nearest_8(9), 1);
}

/* Light that reaches the eye, of a colour; the sixteen are the terminal's. */
static double luminance(int colour)
{
	double sum = 0, weights[] = { 0.2126, 0.7152, 0.0722 };
	for (int i = 0; i < 3; i++) {
		double c = (colour >> (16 - 8 * i) & 255) / 255.0;
		sum += weights[i] * (c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double contrast(const struct theme *theme, enum role role)
{
	int back = theme->rich[role].background;
	back = back < THEME_RGB ? theme->rich[ROLE_TEXT].background : back;
	double a = luminance(theme->rich[role].foreground), b = luminance(back);
	return ((a > b ? a : b) + 0.05) / ((a > b ? b : a) + 0.05);
}

/* Every shipped one is good, and says how every role looks; ours can be read. */
static void the_shipped_themes(void **state)
{
	static const enum role read[] = { ROLE_TEXT, ROLE_DIM, ROLE_TROUBLE, ROLE_SELECTED,
		ROLE_RISK_HIGH, ROLE_RISK_MEDIUM, ROLE_RISK_LOW, ROLE_WARNING, ROLE_ADDED,
		ROLE_REMOVED, ROLE_ADDED_WORD, ROLE_REMOVED_WORD, ROLE_HINT };
	static const char *const ours[] = { "dark", "light" };
	(void)state;
	size_t count = 0;
	for (const struct theme_text *t = theme_texts; t->name; t++, count++) {
		struct theme theme;
		struct err err = { 0 };
		for (int i = 0; i < ROLE_COUNT; i++) {
			theme.rich[i].foreground = -2;
		}
		char *name = span_dup((struct span){ t->name, strlen(t->name) - 4 });
		if (!theme_load(&theme, name, &err)) {
			fail_msg("%s", err.text);
		}
		for (int i = 0; i < ROLE_COUNT; i++) {
			if (theme.rich[i].foreground == -2) {
				fail_msg("%s: role %d is not said", name, i);
			}
		}
		for (size_t i = 0; i < COUNT_OF(ours); i++) {
			for (size_t k = 0; strcmp(name, ours[i]) == 0 && k < COUNT_OF(read); k++) {
				if (contrast(&theme, read[k]) < 4.5) {
					fail_msg("%s: role %d: %.2f", name, (int)read[k],
						contrast(&theme, read[k]));
				}
			}
		}
		free(name);
	}
	assert_true(count >= 6);
	struct theme theme;
	struct err err = { 0 };
	assert_false(theme_load(&theme, "grubvox-dark", &err));
	assert_string_equal(
		err.text, "no theme is called grubvox-dark; the nearest is gruvbox-dark");
}

/* --- eyes that see fewer colours --- */

/* What such eyes make of linear red, green and blue: Machado, Oliveira and Fernandes 2009, severity
 * 1; the first row of three is for eyes that see all. */
static const double eyes[][9] = {
	{ 1, 0, 0, 0, 1, 0, 0, 0, 1 },
	{ 0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116,
		1.051998 }, /* no red */
	{ 0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940,
		0.968881 }, /* no green */
	{ 1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367,
		0.303900 }, /* no blue */
};

static double linear(int colour, int channel)
{
	double c = (colour >> (16 - 8 * channel) & 255) / 255.0;
	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double root3(double t)
{
	return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116;
}

/* CIE L*a*b* of a colour as the eyes see it, white D65. */
static void lab_of(int colour, const double eye[9], double lab[3])
{
	double seen[3], xyz[3];
	static const double to_xyz[9] = { 0.4124, 0.3576, 0.1805, 0.2126, 0.7152, 0.0722, 0.0193,
		0.1192, 0.9505 };
	static const double white[3] = { 0.9505, 1, 1.089 };
	for (int i = 0; i < 3; i++) {
		seen[i] = 0;
		for (int k = 0; k < 3; k++) {
			seen[i] += eye[3 * i + k] * linear(colour, k);
		}
		seen[i] = fmin(1, fmax(0, seen[i]));
	}
	for (int i = 0; i < 3; i++) {
		xyz[i] = 0;
		for (int k = 0; k < 3; k++) {
			xyz[i] += to_xyz[3 * i + k] * seen[k];
		}
		xyz[i] = root3(xyz[i] / white[i]);
	}
	lab[0] = 116 * xyz[1] - 16;
	lab[1] = 500 * (xyz[0] - xyz[1]);
	lab[2] = 200 * (xyz[1] - xyz[2]);
}

static double difference(int a, int b, const double eye[9])
{
	double x[3], y[3];
	lab_of(a, eye, x);
	lab_of(b, eye, y);
	return sqrt(pow(x[0] - y[0], 2) + pow(x[1] - y[1], 2) + pow(x[2] - y[2], 2));
}

/* The theme for them keeps apart what is told by colour, for every kind of eyes. */
static void colours_that_eyes_confuse(void **state)
{
	enum { APART = 20 }; /* some ten times what is just noticed */
	static const enum role pairs[][2] = { { ROLE_ADDED, ROLE_REMOVED },
		{ ROLE_RISK_HIGH, ROLE_RISK_MEDIUM }, { ROLE_RISK_MEDIUM, ROLE_RISK_LOW },
		{ ROLE_RISK_HIGH, ROLE_RISK_LOW } };
	struct theme theme;
	struct err err = { 0 };
	(void)state;
	assert_true(theme_load(&theme, "colour-blind", &err));
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		for (size_t k = 0; k < COUNT_OF(eyes); k++) {
			double apart = difference(theme.rich[pairs[i][0]].foreground,
				theme.rich[pairs[i][1]].foreground, eyes[k]);
			if (apart < APART) {
				fail_msg("roles %d and %d, eyes %zu: %.1f", (int)pairs[i][0],
					(int)pairs[i][1], k, apart);
			}
		}
	}
	/* it would be noticed: red and green, for who sees no green */
	assert_true(difference(0xcc3333, 0x777722, eyes[2]) <
		difference(0xcc3333, 0x777722, eyes[0]) / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(styles_are_parsed),
		cmocka_unit_test(every_built_in_style_is_good),
		cmocka_unit_test(a_file_is_laid_over),
		cmocka_unit_test(a_wrong_file_changes_nothing),
		cmocka_unit_test(the_default_file_is_the_built_in_theme),
		cmocka_unit_test(names_of_the_files_own),
		cmocka_unit_test(fewer_colours),
		cmocka_unit_test(the_shipped_themes),
		cmocka_unit_test(colours_that_eyes_confuse),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
