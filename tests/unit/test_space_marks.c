/* White space that is the change is seen, other white space is left alone. */
#include "config.h"

#include "tui/space_marks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* As a pair of lines; what differs in brackets. */
static const struct {
	const char *old, *new, *old_says, *new_says;
} pairs[] = {
	{ "int a;", "int a;  ", "int a;", "int a;[··]" },
	{ "int a;\t", "int a;", "int a;[»\t]", "int a;" },
	{ "    int a;", "\tint a;", "[····]int a;", "[»\t]int a;" },
	{ "a  b c", "a b c", "a[··]b c", "a[·]b c" },
	{ "x = one", "x = two ", "x = [one]", "x = [two·]" },
	{ "f(a)  ", "f(b)  ", "f([a])  ", "f([b])  " },
};

static char *bracketed(const struct marked_line *line)
{
	struct buf out = { 0 };
	size_t at = 0;
	for (size_t i = 0; i < line->count; i++) {
		buf_add(&out, line->text.data + at, line->parts[i].from - at);
		buf_char(&out, '[');
		buf_add(&out, line->text.data + line->parts[i].from,
			line->parts[i].to - line->parts[i].from);
		buf_char(&out, ']');
		at = line->parts[i].to;
	}
	if (line->text.len > at) {
		buf_add(&out, line->text.data + at, line->text.len - at);
	}
	char *text = span_dup(out.len ? buf_view(&out) : SPAN(""));
	buf_finish(&out);
	return text;
}

static void says(const char *text, const struct diff_range *parts, size_t count, bool new, bool cr,
	bool ascii, const char *wanted)
{
	struct marked_line line;
	space_marks(&line, span_of(text), parts, count, new, cr, ascii);
	char *is = bracketed(&line);
	assert_string_equal(is, wanted);
	free(is);
	space_marks_finish(&line);
}

static void pairs_of_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		struct diff_words words;
		assert_true(diff_words(&words, span_of(pairs[i].old), span_of(pairs[i].new)));
		says(pairs[i].old, words.old, words.old_count, false, false, false,
			pairs[i].old_says);
		says(pairs[i].new, words.new, words.new_count, true, false, false,
			pairs[i].new_says);
	}
}

static void lines_without_a_partner(void **state)
{
	(void)state;
	says("\tnew \t", NULL, 0, true, false, false, "\tnew[·»\t]");
	says("\tnew \t", NULL, 0, true, false, true, "\tnew[.>\t]");
	says("  ", NULL, 0, true, false, false, "[··]");
	says("", NULL, 0, true, false, false, "");
	says("old ", NULL, 0, false, false, false, "old ");
	says("new", NULL, 0, true, true, false, "new[␍]");
	says("new ", NULL, 0, true, true, true, "new[.][^M]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_of_lines),
		cmocka_unit_test(lines_without_a_partner),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
