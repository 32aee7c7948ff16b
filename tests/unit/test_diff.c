/* Line diffs: exact on random edits, as short as can be, bounded on texts made to be hard. */
#include "config.h"

#include "core/diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/buf.h"
#include "core/match.h"

/* The diff as `diff -u` would print it, with ^M for the CR of a line end and flags at the end. */
static char *render(const struct diff *diff)
{
	struct buf out = { 0 };
	for (size_t h = 0; h < diff->hunk_count; h++) {
		const struct diff_hunk *hunk = &diff->hunks[h];
		buf_printf(&out, "@@ -%u,%u +%u,%u @@\n", hunk->old_start, hunk->old_count,
			hunk->new_start, hunk->new_count);
		for (size_t i = hunk->first; i < hunk->first + hunk->count; i++) {
			const struct diff_line *line = &diff->lines[i];
			buf_char(&out, (char)line->sign);
			buf_span(&out, line->text);
			buf_text(&out, line->cr ? "^M\n" : "\n");
			buf_text(&out, line->no_newline ? "\\\n" : "");
		}
	}
	buf_text(&out, diff->same ? "same\n" : "");
	buf_text(&out, diff->binary ? "binary\n" : "");
	buf_text(&out, diff->coarse ? "coarse\n" : "");
	buf_text(&out, diff->cut ? "cut\n" : "");
	buf_text(&out, diff->line_ends_change ? "line ends\n" : "");
	buf_cstr(&out);
	return out.data;
}

struct row {
	const char *before, *after; /* NULL: no such file */
	unsigned context;
	const char *out;
	unsigned added, removed;
};

static const struct row rows[] = {
	{ "a\n", "a\n", 3, "same\n", 0, 0 },
	{ NULL, NULL, 3, "same\n", 0, 0 },
	{ "", "", 3, "same\n", 0, 0 },
	{ NULL, "", 3, "", 0, 0 }, /* an empty file is something */
	{ "", NULL, 3, "", 0, 0 },
	{ NULL, "a\nb\n", 3, "@@ -0,0 +1,2 @@\n+a\n+b\n", 2, 0 },
	{ "a\nb\n", NULL, 3, "@@ -1,2 +0,0 @@\n-a\n-b\n", 0, 2 },
	{ "a\nb\nc\n", "a\nB\nc\n", 3, "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n", 1, 1 },
	{ "a\nb\nc\n", "a\nB\nc\n", 0, "@@ -2,1 +2,1 @@\n-b\n+B\n", 1, 1 },
	{ "a\nb\n", "a\nx\nb\n", 0, "@@ -1,0 +2,1 @@\n+x\n", 1, 0 },
	{ "a\nx\nb\n", "a\nb\n", 0, "@@ -2,1 +1,0 @@\n-x\n", 0, 1 },
	{ "a\n", "a", 3, "@@ -1,1 +1,1 @@\n-a\n+a\n\\\n", 1, 1 },
	{ "a", "a\nb", 3, "@@ -1,1 +1,2 @@\n-a\n\\\n+a\n+b\n\\\n", 2, 1 },
	{ "x\na", "y\na", 3, "@@ -1,2 +1,2 @@\n-x\n+y\n a\n\\\n", 1, 1 },
	{ "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\nX\n3\n4\n5\n6\n7\nY\n9\n", 1,
		"@@ -1,3 +1,3 @@\n 1\n-2\n+X\n 3\n@@ -7,3 +7,3 @@\n 7\n-8\n+Y\n 9\n", 2, 2 },
	{ "1\n2\n3\n4\n5\n6\n", "1\nX\n3\n4\nY\n6\n", 1,
		"@@ -1,6 +1,6 @@\n 1\n-2\n+X\n 3\n 4\n-5\n+Y\n 6\n", 2,
		2 }, /* near ones together */
	{ "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nX\n6\n7\n8\n9\n", 2,
		"@@ -3,5 +3,5 @@\n 3\n 4\n-5\n+X\n 6\n 7\n", 1, 1 },
	/* behind the brace, not before it */
	{ "f {\n}\n\ng {\n}\n", "f {\n}\n\nh {\n}\n\ng {\n}\n", 1,
		"@@ -3,2 +3,5 @@\n \n+h {\n+}\n+\n g {\n", 3, 0 },
	{ "{\n}\n", "{\n}\n{\n}\n", 9, "@@ -1,2 +1,4 @@\n {\n }\n+{\n+}\n", 2, 0 },
	/* line ends */
	{ "a\r\nb\r\n", "a\nb\n", 3, "line ends\n", 0, 0 },
	{ "a\nb\n", "a\r\nb\r\n", 3, "line ends\n", 0, 0 },
	{ "a\r\nb\nc\r\n", "a\nB\nc\n", 3, "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\nline ends\n", 1, 1 },
	{ "a\nb\n", "a\r\nB\r\n", 3, "@@ -1,2 +1,2 @@\n a^M\n-b\n+B^M\nline ends\n", 1, 1 },
	{ "a\nb\n", "a\r\nb\n", 3, "@@ -1,2 +1,2 @@\n-a\n+a^M\n b\n", 1,
		1 }, /* mixed: shown line by line */
	{ "a\rb\n", "a\rc\n", 3, "@@ -1,1 +1,1 @@\n-a\rb\n+a\rc\n", 1, 1 },
	{ "a\n\xff\n", "a\nb\n", 3, "binary\n", 0, 0 },
	{ "a\n", "\xc0\x80\n", 3, "binary\n", 0, 0 },
	{ "é\n", "è\n", 3, "@@ -1,1 +1,1 @@\n-é\n+è\n", 1, 1 },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct diff diff;
		diff_make(&diff, span_of(rows[i].before), span_of(rows[i].after), rows[i].context);
		char *out = render(&diff);
		if (strcmp(out, rows[i].out) != 0) {
			print_error("row %zu\n", i);
		}
		assert_string_equal(out, rows[i].out);
		assert_int_equal(diff.added, rows[i].added);
		assert_int_equal(diff.removed, rows[i].removed);
		free(out);
		diff_finish(&diff);
		assert_null(diff.lines);
	}
	struct diff nul;
	diff_make(&nul, SPAN("a\0b"), SPAN("a"), 3);
	assert_true(nul.binary && !nul.same && !nul.line_count);
	diff_finish(&nul);
	diff_finish(NULL);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* The next line of *text with its end taken off; false at the end. */
static bool take_line(struct span *text, struct span *line, const char **end)
{
	if (!text->len) {
		return false;
	}
	const char *lf = memchr(text->at, '\n', text->len);
	size_t n = lf ? (size_t)(lf - text->at) + 1 : text->len;
	*end = !lf ? "" : n > 1 && lf[-1] == '\r' ? "\r\n" : "\n";
	*line = (struct span){ text->at, n - strlen(*end) };
	text->at += n;
	text->len -= n;
	return true;
}

static void put(struct buf *out, struct span line, const char *end)
{
	buf_span(out, line);
	buf_text(out, end);
}

/* What `after` ends its lines with, if it has one kind only. */
static const char *kept_end(const struct diff *diff, struct span after, const char *end)
{
	if (!diff->line_ends_change || !*end) {
		return end;
	}
	return memchr(after.at, '\r', after.len) ? "\r\n" : "\n";
}

/* Applies the hunks to `before` without looking at anything but the diff (and the one line end of
 * `after`). */
static void apply(const struct diff *diff, struct span before, struct span after, struct buf *out)
{
	unsigned old = 1, new = 1;
	struct span line;
	const char *end;
	for (size_t h = 0; h < diff->hunk_count; h++) {
		const struct diff_hunk *hunk = &diff->hunks[h];
		unsigned first = hunk->old_start + (hunk->old_count == 0);
		unsigned old_count = 0, new_count = 0;
		for (; old < first; old++, new ++) {
			assert_true(take_line(&before, &line, &end));
			put(out, line, kept_end(diff, after, end));
		}
		assert_int_equal(new, hunk->new_start + (hunk->new_count == 0));
		for (size_t i = hunk->first; i < hunk->first + hunk->count; i++) {
			const struct diff_line *d = &diff->lines[i];
			assert_int_equal(d->old_number, d->sign == DIFF_NEW ? 0 : old);
			assert_int_equal(d->new_number, d->sign == DIFF_OLD ? 0 : new);
			if (d->sign != DIFF_NEW) {
				assert_true(take_line(&before, &line, &end));
				assert_true(span_same(line, d->text));
				old++;
				old_count++;
			}
			if (d->sign != DIFF_OLD) {
				put(out, d->text, d->no_newline ? "" : d->cr ? "\r\n" : "\n");
				new ++;
				new_count++;
			}
		}
		assert_int_equal(old_count, hunk->old_count);
		assert_int_equal(new_count, hunk->new_count);
	}
	while (take_line(&before, &line, &end)) {
		put(out, line, kept_end(diff, after, end));
	}
}

static void check_exact(struct span before, struct span after, unsigned context)
{
	struct diff diff;
	struct buf out = { 0 };
	diff_make(&diff, before, after, context);
	assert_false(diff.binary || diff.cut);
	apply(&diff, before, after, &out);
	if (!span_same(buf_view(&out), after)) {
		char *text = render(&diff);
		print_error("before [%.*s] after [%.*s] gave [%.*s]\n%s", (int)before.len,
			before.at, (int)after.len, after.at, (int)out.len, out.data, text);
		free(text);
	}
	assert_true(span_same(buf_view(&out), after));
	buf_finish(&out);
	diff_finish(&diff);
}

static void random_text(
	struct buf *out, uint32_t *seed, uint32_t lines, uint32_t letters, uint32_t ends)
{
	for (uint32_t i = next_random(seed) % lines; i; i--) {
		uint32_t end = ends == 2 ? next_random(seed) % 2 : ends;
		buf_printf(out, "%c", (int)('a' + next_random(seed) % letters));
		buf_text(out, end ? "\r\n" : "\n");
	}
	if (next_random(seed) % 4 == 0) {
		buf_char(out, 'z'); /* no line end */
	}
}

/* Copies `from` with some lines left out, changed or added. */
static void edit_text(struct buf *out, struct span from, uint32_t *seed, uint32_t letters)
{
	struct span line;
	const char *end;
	while (take_line(&from, &line, &end)) {
		uint32_t what = next_random(seed) % 12;
		if (what == 0) {
			continue;
		}
		if (what == 1) {
			buf_printf(out, "%c\n", (int)('a' + next_random(seed) % letters));
		}
		put(out, line, what == 2 && *end ? (end[1] ? "\n" : "\r\n") : end);
	}
}

static void test_random_edits(void **state)
{
	static const unsigned contexts[] = { 0, 1, 3, 7, (unsigned)-1 };
	uint32_t seed = 3;
	(void)state;
	for (int round = 0; round < 20000; round++) {
		uint32_t lines = 2 + next_random(&seed) % 60, letters = 1 + next_random(&seed) % 20;
		struct buf before = { 0 }, after = { 0 };
		random_text(&before, &seed, lines, letters, next_random(&seed) % 3);
		if (round % 3) {
			edit_text(&after, buf_view(&before), &seed, letters);
		} else {
			random_text(&after, &seed, lines, letters, next_random(&seed) % 3);
		}
		check_exact(
			buf_view(&before), buf_view(&after), contexts[round % COUNT_OF(contexts)]);
		buf_finish(&before);
		buf_finish(&after);
	}
}

enum { SHORT = 40 };

/* The length of the longest common subsequence, by the table. */
static size_t common_length(const uint32_t *a, size_t n, const uint32_t *b, size_t m)
{
	size_t table[SHORT + 1][SHORT + 1] = { { 0 } };
	for (size_t i = 1; i <= n; i++) {
		for (size_t j = 1; j <= m; j++) {
			size_t up = table[i - 1][j], left = table[i][j - 1];
			size_t best = up > left ? up : left;
			table[i][j] = a[i - 1] == b[j - 1] ? table[i - 1][j - 1] + 1 : best;
		}
	}
	return table[n][m];
}

static void test_shortest(void **state)
{
	uint32_t seed = 11;
	(void)state;
	for (int round = 0; round < 20000; round++) {
		uint32_t a[SHORT], b[SHORT], kinds = 1 + next_random(&seed) % 12;
		bool a_changed[SHORT] = { 0 }, b_changed[SHORT] = { 0 };
		size_t n = next_random(&seed) % SHORT, m = next_random(&seed) % SHORT;
		size_t i, j, kept = 0;
		for (i = 0; i < SHORT; i++) {
			a[i] = next_random(&seed) % kinds;
			b[i] = next_random(&seed) % kinds;
		}
		struct match_side old = { a, n, a_changed }, new = { b, m, b_changed };
		assert_true(match_sides(&old, &new, kinds, DIFF_BUDGET));
		for (i = 0, j = 0; i < n; i++) {
			if (!a_changed[i]) {
				while (j < m && b_changed[j]) {
					j++;
				}
				assert_true(j < m && a[i] == b[j]);
				j++;
				kept++;
			}
		}
		while (j < m && b_changed[j]) {
			j++;
		}
		assert_int_equal(j, m);
		assert_int_equal(kept, common_length(a, n, b, m));
	}
}

static void fill(struct buf *out, const char *format, unsigned factor, size_t bytes)
{
	for (unsigned i = 0; out->len < bytes; i++) {
		buf_printf(out, "line %u of ", i * factor);
		buf_text(out, format);
	}
}

static void test_nothing_common(void **state)
{
	struct buf a = { 0 }, b = { 0 };
	struct diff diff;
	(void)state;
	fill(&a, "the old text, which is long\n", 1, DIFF_MAX_BYTES - 64);
	fill(&b, "the new one, which is not old\n", 3, DIFF_MAX_BYTES - 64);
	diff_make(&diff, buf_view(&a), buf_view(&b), 3);
	assert_true(!diff.coarse && !diff.cut && diff.hunk_count == 1);
	assert_int_equal(diff.line_count, diff.added + diff.removed);
	diff_finish(&diff);
	buf_finish(&a);
	buf_finish(&b);
}

/* The same lines in another order: over the budget, which is said, and still exact. */
static void test_budget(void **state)
{
	struct buf a = { 0 }, b = { 0 };
	struct diff diff;
	uint32_t seed = 5;
	clock_t start = clock();
	(void)state;
	for (int i = 0; i < 50000; i++) {
		buf_printf(&a, "%u\n", (unsigned)next_random(&seed) % 1000);
		buf_printf(&b, "%u\n", (unsigned)next_random(&seed) % 1000);
	}
	diff_make(&diff, buf_view(&a), buf_view(&b), 3);
	assert_true(diff.coarse && !diff.cut);
	diff_finish(&diff);
	check_exact(buf_view(&a), buf_view(&b), 3);
	buf_finish(&a);
	buf_finish(&b);
	assert_true(clock() - start < 20 * CLOCKS_PER_SEC);
}

/* Past the size: one line changed is exact all the same, all of it new is a sample. */
static void test_past_size(void **state)
{
	struct buf a = { 0 }, b = { 0 };
	struct diff diff;
	(void)state;
	fill(&a, "a text over the size\n", 1, DIFF_MAX_BYTES + DIFF_MAX_BYTES / 2);
	buf_span(&b, buf_view(&a));
	b.data[b.len / 2] = '#';
	diff_make(&diff, buf_view(&a), buf_view(&b), 3);
	assert_true(!diff.coarse && !diff.cut && diff.line_count == 8);
	assert_true(diff.added == 1 && diff.removed == 1);
	diff_finish(&diff);
	check_exact(buf_view(&a), buf_view(&b), 3);

	diff_make(&diff, (struct span){ 0 }, buf_view(&a), 3);
	assert_true(diff.coarse && diff.cut && diff.hunk_count == 2);
	assert_int_equal(diff.line_count, 2 * DIFF_SAMPLE);
	assert_int_equal(diff.lines[0].new_number, 1);
	assert_int_equal(diff.lines[2 * DIFF_SAMPLE - 1].new_number, diff.added);
	assert_int_equal(diff.hunks[1].new_start, diff.added - DIFF_SAMPLE + 1);
	diff_finish(&diff);
	buf_finish(&a);
	buf_finish(&b);
}

/* Nothing but line ends; nothing but one line. */
static void test_odd_lines(void **state)
{
	struct buf text = { 0 };
	struct diff diff;
	(void)state;
	while (text.len <= DIFF_MAX_LINES) {
		buf_char(&text, '\n');
	}
	diff_make(&diff, SPAN("x\n"), buf_view(&text), 3);
	assert_true(diff.coarse && diff.cut);
	assert_true(diff.removed == 1 && diff.added == DIFF_MAX_LINES + 1);
	diff_finish(&diff);

	buf_clear(&text);
	while (text.len < 2 * DIFF_MAX_BYTES) {
		buf_text(&text, "no line end here ");
	}
	diff_make(&diff, buf_view(&text), SPAN("short"), 3);
	assert_true(diff.coarse && !diff.cut && diff.line_count == 2); /* no line was left out */
	diff_finish(&diff);
	buf_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_random_edits),
		cmocka_unit_test(test_shortest),
		cmocka_unit_test(test_nothing_common),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_past_size),
		cmocka_unit_test(test_odd_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
