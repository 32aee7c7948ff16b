/* Which characters are hidden, and which only look as if they were. */
#include "config.h"

#include "core/policy/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct row {
	const char *text, *name; /* NULL: none is hidden */
};

#define M4 "\xcc\x81\xcc\x82\xcc\x83\xcc\x84"

// clang-format off
static const struct row contents[] = {
	{ "", NULL },
	{ "export const R = /[`$|;&<>]/g;\n", NULL },
	{ "a\tb\r\nc\n", NULL },
	{ "\xef\xbb\xbf# title\n", NULL }, /* a byte order mark at the start */
	{ "d\xc3\xa9j\xc3\xa0 vu \xe2\x80\x94 \xe2\x80\x9cq\xe2\x80\x9d\n", NULL },
	{ "e\xcc\x81", NULL }, /* combining acute */
	{ "a" M4 M4 "b" M4, NULL },
	{ "\xc2\xab\xc2\xa0x\xc2\xa0\xc2\xbb\xc2\xa0: 10\xe2\x80\xaf" "000\xc2\xa0\xe2\x82\xac", NULL },
	{ "\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7\n", NULL }, /* Arabic */
	{ "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", NULL }, /* Hebrew */
	/* Persian */
	{ "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae\xd9\x88\xd8\xa7\xd9\x87\xd9\x85", NULL },
	{ "\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8d\xe0\xa4\xb7", NULL }, /* Devanagari */
	/* wide space */
	{ "# \xe8\xa8\xad\xe8\xa8\x88\n\xe3\x80\x80\xe6\x9c\xac\xe6\x96\x87", NULL },
	{ "\xed\x95\x9c\xea\xb5\xad\xec\x96\xb4", NULL },
	{ "\xe2\x9d\xa4\xef\xb8\x8f \xe2\x9a\xa0\xef\xb8\x8f", NULL }, /* heart, warning */
	{ "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", NULL }, /* woman at a computer */
	/* with a skin tone */
	{ "\xf0\x9f\x91\xa9\xf0\x9f\x8f\xbd\xe2\x80\x8d\xf0\x9f\x92\xbb", NULL },
	{ "\xf0\x9f\x8f\xb3\xef\xb8\x8f\xe2\x80\x8d\xf0\x9f\x8c\x88", NULL }, /* flag, joined */
	{ "\xf0\x9f\x87\xab\xf0\x9f\x87\xb7", NULL }, /* regional indicators */
	{ "1\xef\xb8\x8f\xe2\x83\xa3", NULL }, /* keycap */
	{ "\xe2\x94\x82 \xe2\x96\x88 \xe2\x9c\x93 \xe2\x86\x92", NULL }, /* boxes and arrows */

	{ "ok\x1b[2J", "U+001B ESCAPE" },
	{ "a\rb", "U+000D CARRIAGE RETURN" },
	{ "a\r", "U+000D CARRIAGE RETURN" },
	{ "a\x08", "U+0008 BACKSPACE" },
	{ "a\x7f", "U+007F DELETE" },
	{ "a\x01", "U+0001 control character" },
	{ "\xc2\x9b" "2J", "U+009B CONTROL SEQUENCE INTRODUCER" },
	{ "\xc2\x85", "U+0085 NEXT LINE" },
	{ "a\xc2\xa0", "U+00A0 NO-BREAK SPACE" },
	{ "a\xc2\xad", "U+00AD SOFT HYPHEN" },
	{ "a\xe2\x80\x8b", "U+200B ZERO WIDTH SPACE" },
	{ "a\xe2\x80\x8c" "b", "U+200C ZERO WIDTH NON-JOINER" },
	{ "a\xe2\x80\x8d" "b", "U+200D ZERO WIDTH JOINER" },
	{ "\xf0\x9f\x91\xa9\xe2\x80\x8d" "a", "U+200D ZERO WIDTH JOINER" },
	{ "\xf0\x9f\x91\xa9\xe2\x80\x8d", "U+200D ZERO WIDTH JOINER" },
	{ "\xf0\x9f\x91\xa9\xe2\x80\x8d\xe2\x80\x8d\xf0\x9f\x92\xbb", "U+200D ZERO WIDTH JOINER" },
	{ "a\xef\xb8\x8f", "U+FE0F VARIATION SELECTOR" },
	{ "1\xef\xb8\x8f", "U+FE0F VARIATION SELECTOR" },
	{ "\xe2\x9d\xa4\xef\xb8\x8f\xef\xb8\x8f", "U+FE0F VARIATION SELECTOR" },
	{ "a\xe3\x80\x80" "b", "U+3000 IDEOGRAPHIC SPACE" },
	{ "a\xef\xbb\xbf", "U+FEFF BYTE ORDER MARK" },
	{ "\xef\xbb\xbf\xef\xbb\xbf", "U+FEFF BYTE ORDER MARK" },
	{ "\xe2\x80\xae" "gnp.sh", "U+202E RIGHT-TO-LEFT OVERRIDE" },
	{ "if (a \xe2\x81\xa6)", "U+2066 LEFT-TO-RIGHT ISOLATE" },
	{ "\xd8\xa7\xe2\x80\x8f", "U+200F RIGHT-TO-LEFT MARK" },
	{ "\xe2\x80\xa8", "U+2028 LINE SEPARATOR" },
	{ "\xe2\x80\xa9", "U+2029 PARAGRAPH SEPARATOR" },
	{ "\xe2\xa0\x80", "U+2800 BRAILLE PATTERN BLANK" },
	{ "\xe3\x85\xa4", "U+3164 HANGUL FILLER" },
	{ "\xf3\xa0\x81\xb2", "U+E0072 TAG" },
	{ "\xf3\xa0\x84\x80", "U+E0100 VARIATION SELECTOR" },
	{ "\xee\x80\x80", "U+E000 private use" },
	{ "\xf4\x8f\xbf\xbd", "U+10FFFD private use" },
	{ "\xcd\xb8", "U+0378 not to be shown" }, /* unassigned */
	{ "\xef\xbf\xbf", "U+FFFF not to be shown" },
	{ "a" M4 M4 M4, "a pile of marks on one character" },
	{ "\xff", "bytes that are no UTF-8" },
	{ "a\xe2\x80", "bytes that are no UTF-8" },
	{ "\xed\xa0\x80", "bytes that are no UTF-8" },
};

static const struct row paths[] = {
	{ "/ws/src/index.ts", NULL },
	{ "/ws/docs/\xe8\xa8\xad\xe8\xa8\x88.md", NULL },
	{ "/ws/a b.txt", NULL },
	{ "/w\xd1\x95/README.md", NULL }, /* a look-alike is not hidden */
	{ "/ws/a\nb.txt", "U+000A LINE FEED" },
	{ "/ws/a\tb", "U+0009 TAB" },
	{ "/ws/a\r\n", "U+000D CARRIAGE RETURN" },
	{ "\xef\xbb\xbf/ws/a", "U+FEFF BYTE ORDER MARK" },
	{ "/ws/re\xe2\x80\x8b" "adme.md", "U+200B ZERO WIDTH SPACE" },
	{ "/ws/\xe2\x80\xaegnp.sh", "U+202E RIGHT-TO-LEFT OVERRIDE" },
	{ "/ws/\xe2\x9d\xa4\xef\xb8\x8f", "U+FE0F VARIATION SELECTOR" },
	{ "/ws/\xe6\x9c\xac\xe3\x80\x80", "U+3000 IDEOGRAPHIC SPACE" },
};
// clang-format on

static void check(const struct row *row, bool path)
{
	char name[80] = "none";
	bool found = hidden_character(span_of(row->text), path, name);
	if (found != (row->name != NULL) || (found && strcmp(name, row->name) != 0)) {
		fail_msg("\"%s\": %s, expected %s", row->text, found ? name : "none",
			row->name ? row->name : "none");
	}
}

static void contents_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(contents); i++) {
		check(&contents[i], false);
	}
}

static void paths_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		check(&paths[i], true);
	}
}

/* The fast way over plain blocks finds what the slow one does, wherever it stands. */
static void places_test(void **state)
{
	char text[200], name[80];
	(void)state;
	for (size_t i = 0; i + 3 < sizeof(text); i++) {
		memset(text, 'x', sizeof(text));
		assert_false(hidden_character((struct span){ text, sizeof(text) }, true, name));
		memcpy(text + i, "\xe2\x80\x8b", 3);
		assert_true(hidden_character((struct span){ text, sizeof(text) }, false, name));
		assert_string_equal(name, "U+200B ZERO WIDTH SPACE");
		memcpy(text + i, "\r\nx", 3);
		assert_false(hidden_character((struct span){ text, sizeof(text) }, false, name));
		assert_true(hidden_character((struct span){ text, sizeof(text) }, true, name));
		memcpy(text + i, "\xe2\x9c\x93", 3);
		memcpy(text + i + 3, "\xef\xb8\x8f", i + 6 <= sizeof(text) ? 3 : 0);
		assert_false(hidden_character(
			(struct span){ text, i + 6 <= sizeof(text) ? sizeof(text) : i + 3 }, false,
			name));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contents_test),
		cmocka_unit_test(paths_test),
		cmocka_unit_test(places_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
