/* Dark or light: what each answer means, and that none counts which was not asked for. */
#include "config.h"

#include "tui/appearance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void what_the_environment_says(void **state)
{
	static const struct {
		const char *text;
		bool light;
	} rows[] = { { NULL, false }, { "", false }, { "15;0", false }, { "0;15", true },
		{ "0;default;15", true }, { "0;7", true }, { "7;8", false }, { "15", false },
		{ "0;default", false }, { "0;15x", false }, { "0;115", false } };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct appearance a;
		appearance_init(&a, rows[i].text);
		assert_int_equal(a.light, rows[i].light);
	}
}

static void what_the_terminal_answers(void **state)
{
	static const struct {
		const char *text;
		bool light;
	} rows[] = { { "11;rgb:ffff/ffff/ffff", true }, { "11;rgb:0000/0000/0000", false },
		{ "11;rgb:fd/f6/e3", true }, { "11;rgb:00/2b/36", false },
		{ "11;rgba:f/f/f/0", true }, { "11;rgba:ffff/ffff/ffff/ffff", true },
		{ "11;rgb:FFFF/FFFF/FFFF", true }, { "11;rgb:ffff/ffff", false },
		{ "11;rgb:fffff/ffff/ffff", false }, { "11;rgb://", false }, { "11;", false },
		{ "11;white", false }, { "10;rgb:ffff/ffff/ffff", false },
		{ "11;rgb:gg/gg/gg", false }, { "?997;2n", true }, { "?997;1n", false },
		{ "?997;2", false }, { "?62;4c", false } };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct appearance a;
		appearance_init(&a, NULL);
		appearance_ask(&a, 1000);
		assert_int_equal(appearance_reply(&a, span_of(rows[i].text), 1100), rows[i].light);
		assert_int_equal(a.light, rows[i].light);
	}
}

static void which_answers_count(void **state)
{
	const struct span white = SPAN("11;rgb:ffff/ffff/ffff"), black = SPAN("11;rgb:0/0/0");
	struct appearance a;
	(void)state;
	appearance_init(&a, NULL);
	assert_false(appearance_reply(&a, white, 0)); /* nobody asked */
	assert_false(appearance_reply(&a, SPAN("?997;2n"), 0));
	appearance_ask(&a, 1000);
	assert_false(appearance_reply(&a, white, 3001)); /* too late */
	assert_true(appearance_reply(&a, white, 2999));
	assert_false(appearance_reply(&a, black, 2999)); /* once */
	assert_true(appearance_reply(&a, SPAN("?997;1n"), 900000));
	appearance_ask(&a, 1000);
	assert_false(appearance_reply(&a, SPAN("?62;4c"), 1001));
	assert_false(appearance_reply(&a, white, 1002)); /* behind the last of all answers */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_environment_says),
		cmocka_unit_test(what_the_terminal_answers),
		cmocka_unit_test(which_answers_count),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
