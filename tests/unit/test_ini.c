/* The ini reader: what it takes, what it refuses and in which words, and the nearest-name search.
 */
#include "config.h"

#include "core/ini.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void check_entry(const struct ini_entry *e, const char *section, const char *key,
	const char *value, unsigned line)
{
	assert_true(span_is(e->section, section));
	assert_true(span_is(e->key, key));
	assert_true(span_is(e->value, value));
	assert_int_equal(e->line, line);
}

static void reads_what_is_there(void **state)
{
	static const char text[] = "\xef\xbb\xbf# top\n"
				   "loose=1\r\n"
				   "\n"
				   "[ gate ]\n"
				   "  ; remark\n"
				   "\tname =  a = b \n"
				   "quoted = \"  kept  \"\n"
				   "half = \"open\n"
				   "empty =\n"
				   "[style:8]\n"
				   "name = caf\xc3\xa9 \xf0\x9f\x8c\x89";
	struct ini ini;
	struct err err;
	(void)state;
	assert_true(ini_parse(&ini, "f", span_of(text), &err));
	assert_int_equal(ini.count, 6);
	check_entry(&ini.entries[0], "", "loose", "1", 2);
	check_entry(&ini.entries[1], "gate", "name", "a = b", 6);
	check_entry(&ini.entries[2], "gate", "quoted", "  kept  ", 7);
	check_entry(&ini.entries[3], "gate", "half", "\"open", 8);
	check_entry(&ini.entries[4], "gate", "empty", "", 9);
	check_entry(&ini.entries[5], "style:8", "name", "caf\xc3\xa9 \xf0\x9f\x8c\x89", 11);
	ini_finish(&ini);
	ini_finish(&ini);
	assert_true(ini_parse(&ini, "f", SPAN(""), &err));
	assert_int_equal(ini.count, 0);
	ini_finish(NULL);
}

#define BAD_TEXT "f:1: a control character or bytes that are not UTF-8"

static const struct {
	struct span text;
	const char *error;
} refused[] = {
	{ SPAN("a=1\nword\n"), "f:2: word: no =, expected KEY = VALUE" },
	{ SPAN(" = 1\n"), "f:1: nothing before the =, expected KEY = VALUE" },
	{ SPAN("[a\n"), "f:1: a section without its end, expected [NAME]" },
	{ SPAN("["), "f:1: a section without its end, expected [NAME]" },
	{ SPAN("[ ]\n"), "f:1: a section without a name, expected [NAME]" },
	{ SPAN("[s]\nk=1\n[t]\nk=1\n[s]\nk=2\n"), "f:6: k: set before in line 2, expected once" },
	{ SPAN("a=\x01\n"), BAD_TEXT }, { SPAN("a=\0\n"), BAD_TEXT },
	{ SPAN("a=1\rb=2\n"), BAD_TEXT }, { SPAN("a=\x1b[2J\n"), BAD_TEXT },
	{ SPAN("a=\x7f\n"), BAD_TEXT }, { SPAN("a=\xc2\x9b\n"), BAD_TEXT }, /* C1 */
	{ SPAN("# \xff\n"), BAD_TEXT }, /* in a comment as well */
	{ SPAN("a=\xc0\xaf\n"), BAD_TEXT }, /* overlong */
	{ SPAN("a=\xe0\x80\xaf\n"), BAD_TEXT },
	{ SPAN("a=\xed\xa0\x80\n"), BAD_TEXT }, /* surrogate */
	{ SPAN("a=\xf4\x90\x80\x80\n"), BAD_TEXT }, /* past the end of Unicode */
	{ SPAN("a=\xe2\x82"), BAD_TEXT }, /* cut short */
};

static void refuses_with_file_and_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		struct ini ini;
		struct err err = { 0 };
		assert_false(ini_parse(&ini, "f", refused[i].text, &err));
		assert_string_equal(err.text, refused[i].error);
		assert_int_equal(ini.count, 0);
		assert_null(ini.entries);
	}
}

static void bounds_the_number_of_entries(void **state)
{
	struct ini ini;
	struct err err;
	char text[5000 * 8];
	size_t len = 0;
	(void)state;
	for (int i = 0; i < 5000; i++) {
		len += (size_t)snprintf(text + len, sizeof(text) - len, "k%d=\n", i);
	}
	assert_false(ini_parse(&ini, "f", (struct span){ text, len }, &err));
	assert_string_equal(err.text, "f:4097: more than 4096 settings");
}

static void finds_the_name_that_was_meant(void **state)
{
	static const char *const names[] = { "queue", "history", "broker", "run", "log" };
	static const struct {
		const char *word, *nearest;
	} cases[] = {
		{ "queu", "queue" },
		{ "qeueu", "queue" },
		{ "hsitory", "history" },
		{ "broke", "broker" },
		{ "rum", "run" },
		{ "lgo", "log" },
		{ "xyz", NULL },
		{ "", NULL },
		{ "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
			NULL },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *found = ini_nearest(span_of(cases[i].word), names, COUNT_OF(names));
		if (cases[i].nearest) {
			assert_non_null(found);
			assert_string_equal(found, cases[i].nearest);
		} else {
			assert_null(found);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_is_there),
		cmocka_unit_test(refuses_with_file_and_line),
		cmocka_unit_test(bounds_the_number_of_entries),
		cmocka_unit_test(finds_the_name_that_was_meant),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
