/* Which words of two lines differ. */
#include "config.h"

#include "core/diff_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The lines with what differs in brackets; NULL: not the same line. */
static const struct {
	const char *old, *new, *old_marked, *new_marked;
} rows[] = {
	{ "let a = 1;", "let a = 2;", "let a = [1];", "let a = [2];" },
	{ "call(a, b)", "call(a, b, c)", "call(a, b)", "call(a, b[, c])" },
	{ "return x;", "return -x;", "return x;", "return [-]x;" },
	{ "the old words here", "the new terms here", "the [old words] here",
		"the [new terms] here" },
	{ "alpha beta", "gamma delta", NULL, NULL },
	{ "", "x", NULL, NULL },
	{ "  x = 1", "    x = 1", "[  ]x = 1", "[    ]x = 1" },
	{ "a\tb", "a b", "a[\t]b", "a[ ]b" },
	{ "stra\xc3\x9f"
	  "e 1",
		"stra\xc3\x9f"
		"e 2",
		"stra\xc3\x9f"
		"e [1]",
		"stra\xc3\x9f"
		"e [2]" },
	{ "same", "same", "same", "same" },
};

static char *marked(const char *line, const struct diff_range *ranges, size_t count)
{
	char *out = xmalloc(strlen(line) + 2 * count + 1);
	size_t at = 0, n = 0, k = 0;
	for (; line[at]; at++) {
		if (k < count && ranges[k].from == at) {
			out[n++] = '[';
		}
		out[n++] = line[at];
		if (k < count && ranges[k].to == at + 1) {
			out[n++] = ']';
			k++;
		}
	}
	out[n] = '\0';
	return out;
}

static void rows_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct diff_words words;
		bool pair = diff_words(&words, span_of(rows[i].old), span_of(rows[i].new));
		if (pair != (rows[i].old_marked != NULL)) {
			fail_msg("%s | %s: %d", rows[i].old, rows[i].new, pair);
		}
		if (pair) {
			char *old = marked(rows[i].old, words.old, words.old_count);
			char *new = marked(rows[i].new, words.new, words.new_count);
			assert_string_equal(old, rows[i].old_marked);
			assert_string_equal(new, rows[i].new_marked);
			free(old);
			free(new);
		}
	}
}

/* Long lines, and lines with very many words, are refused and not worked on. */
static void bounds_test(void **state)
{
	(void)state;
	static char a[DIFF_WORDS_BYTES + 2], b[DIFF_WORDS_BYTES + 2];
	struct diff_words words;
	memset(a, 'a', sizeof(a) - 1);
	memset(b, 'a', sizeof(b) - 1);
	assert_false(diff_words(&words, span_of(a), span_of(b)));
	for (size_t i = 0; i < DIFF_WORDS_BYTES; i++) {
		a[i] = i % 2 ? ';' : ',';
		b[i] = i % 3 ? ';' : ',';
	}
	a[DIFF_WORDS_BYTES] = b[DIFF_WORDS_BYTES] = '\0';
	assert_false(diff_words(&words, span_of(a), span_of(b)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_test),
		cmocka_unit_test(bounds_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
