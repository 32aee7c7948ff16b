/* Foreign bytes become text that a terminal can only draw: what is escaped, how wide it is, how it
 * is cut. */
#include "config.h"

#include "core/safe_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/buf.h"
#include "core/unicode.h"

struct row {
	const char *in, *out;
	unsigned columns, escaped;
};

static void check(const struct row *row, struct safe_text text)
{
	if (strcmp(safe_cstr(&text), row->out) != 0) {
		print_error(
			"in \"%s\" gave \"%s\", not \"%s\"\n", row->in, safe_cstr(&text), row->out);
	}
	assert_string_equal(safe_cstr(&text), row->out);
	assert_int_equal(text.bytes, strlen(row->out));
	assert_int_equal(text.columns, row->columns);
	assert_int_equal(text.escaped, row->escaped);
	safe_finish(&text);
	assert_null(text.safe_text_only_);
}

static const struct row one_line[] = {
	{ "", "", 0, 0 },
	{ "plain text ~ 0-9", "plain text ~ 0-9", 16, 0 },
	{ "a\nb\tc", "a⏎b⇥c", 5, 0 },
	{ "⏎⇥", "⟨U+23CE⟩⟨U+21E5⟩", 16, 2 }, /* ours alone */
	{ "\r", "⟨U+000D⟩", 8, 1 },
	{ "\x1b[31m", "⟨U+001B⟩[31m", 12, 1 },
	{ "\x7f", "⟨U+007F⟩", 8, 1 },
	{ "\xc2\x9bm", "⟨U+009B⟩m", 9, 1 }, /* 8-bit CSI, encoded */
	{ "\x9bm", "⟨x9B⟩m", 6, 1 }, /* 8-bit CSI, raw */
	{ "\xff\xfe", "⟨xFF⟩⟨xFE⟩", 10, 2 },
	{ "\xc0\xaf", "⟨xC0⟩⟨xAF⟩", 10, 2 }, /* overlong */
	{ "\xe0\x80\xaf", "⟨xE0⟩⟨x80⟩⟨xAF⟩", 15, 3 },
	{ "\xf4\x90\x80\x80", "⟨xF4⟩⟨x90⟩⟨x80⟩⟨x80⟩", 20, 4 }, /* past U+10FFFF */
	{ "\xe2\x82", "⟨xE2⟩⟨x82⟩", 10, 2 }, /* cut off */
	{ "\xe2\x82x", "⟨xE2⟩⟨x82⟩x", 11, 2 },
	{ "\xed\xa0\x80", "⟨U+D800⟩", 8, 1 },
	{ "\xed\xbf\xbf", "⟨U+DFFF⟩", 8, 1 },
	{ "\u202egnp.exe", "⟨U+202E⟩gnp.exe", 15, 1 },
	{ "\u2066\u2069\u200e\u061c", "⟨U+2066⟩⟨U+2069⟩⟨U+200E⟩⟨U+061C⟩", 32, 4 },
	{ "\u200b\u200c\u200d\u2060", "⟨U+200B⟩⟨U+200C⟩⟨U+200D⟩⟨U+2060⟩", 32, 4 },
	{ "\ufeff", "⟨U+FEFF⟩", 8, 1 },
	{ "❤\ufe0f", "❤⟨U+FE0F⟩", 9, 1 },
	{ "a\U000e0100", "a⟨U+E0100⟩", 10, 1 },
	{ "\U000e0001\U000e0041", "⟨U+E0001⟩⟨U+E0041⟩", 18, 2 }, /* tag letters */
	{ "\ue0b0\U000f0000\U0010fffd", "⟨U+E0B0⟩⟨U+F0000⟩⟨U+10FFFD⟩", 27, 3 }, /* private use */
	{ "\u0378\U0001ffff\ufdd0\uffff", "⟨U+0378⟩⟨U+1FFFF⟩⟨U+FDD0⟩⟨U+FFFF⟩", 33, 4 },
	{ "\u3164\u115f\u1160\uffa0", "⟨U+3164⟩⟨U+115F⟩⟨U+1160⟩⟨U+FFA0⟩", 32, 4 },
	{ "\u2800\u00ad\u034f\u180e", "⟨U+2800⟩⟨U+00AD⟩⟨U+034F⟩⟨U+180E⟩", 32, 4 },
	{ "\u2028\u2029", "⟨U+2028⟩⟨U+2029⟩", 16, 2 },
	{ "\xc2\xa0\u2003\u202f\u3000\u1680", "⟨U+00A0⟩⟨U+2003⟩⟨U+202F⟩⟨U+3000⟩⟨U+1680⟩", 40, 5 },
	{ "⟨U+202E⟩", "⟨U+27E8⟩U+202E⟨U+27E9⟩", 22, 2 }, /* no faking */
	{ "<U+202E>", "<U+202E>", 8, 0 },
	{ "é ß Ж α", "é ß Ж α", 7, 0 },
	{ "日本語", "日本語", 6, 0 },
	{ "한국", "한국", 4, 0 },
	{ "\u1112\u1161\u11ab", "\u1112\u1161\u11ab", 2, 0 }, /* a syllable in parts */
	{ "a\u1161", "a⟨U+1161⟩", 9, 1 }, /* a vowel that joins nothing */
	{ "🙂", "🙂", 2, 0 },
	{ "Ａ", "Ａ", 2, 0 },
	{ "e\u0301", "e\u0301", 1, 0 },
	{ "\u0301", "⟨U+0301⟩", 8, 1 },
	{ " \u0301", " ⟨U+0301⟩", 9, 1 },
	{ "\n\u0301", "⏎⟨U+0301⟩", 9, 1 },
	{ "\u202e\u0301", "⟨U+202E⟩⟨U+0301⟩", 16, 2 }, /* not on our bracket */
	{ "z\u0301\u0302\u0303\u0304\u0305", "z\u0301\u0302\u0303⟨U+0304⟩⟨U+0305⟩", 17, 2 },
	{ "z\u0301\u0302\u0303y\u0304", "z\u0301\u0302\u0303y\u0304", 2, 0 },
	{ "क\u093e", "क\u093e", 2, 0 }, /* a spacing mark */
	{ "\u093e", "⟨U+093E⟩", 8, 1 },
};

static void test_one_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(one_line); i++) {
		check(&one_line[i], safe_make(span_of(one_line[i].in), SAFE_ONE_LINE));
	}
	static const struct row nul = { "a\\0b", "a⟨U+0000⟩b", 10, 1 };
	check(&nul, safe_make(SPAN("a\0b"), SAFE_ONE_LINE));
	static const struct row absent = { "(absent)", "", 0, 0 };
	check(&absent, safe_make((struct span){ 0 }, SAFE_ONE_LINE));
}

static void test_many_lines(void **state)
{
	static const struct row rows[] = {
		{ "a\n\tlonger\nb", "a\n\tlonger\nb", 7, 0 },
		{ "a\r\nb", "a⟨U+000D⟩\nb", 9, 1 },
		{ "a\n\u0301", "a\n⟨U+0301⟩", 8, 1 },
		{ "⏎⇥", "⏎⇥", 2, 0 }, /* nothing to be taken for here */
		{ "a\v\fb", "a⟨U+000B⟩⟨U+000C⟩b", 18, 2 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		check(&rows[i], safe_make(span_of(rows[i].in), SAFE_MANY_LINES));
	}
}

static void test_ascii(void **state)
{
	static const struct row rows[] = {
		{ "plain", "plain", 5, 0 },
		{ "a\nb\tc", "a\\nb\\tc", 7, 0 },
		{ "a\\nb", "a\\\\nb", 5, 0 }, /* not to be taken for a newline */
		{ "é", "<U+00E9>", 8, 1 },
		{ "e\u0301", "e<U+0301>", 9, 1 },
		{ "\U0001f642", "<U+1F642>", 9, 1 },
		{ "\xff\x1b", "<xFF><U+001B>", 13, 2 },
		{ "<U+202E>", "<U+003C>U+202E>", 15, 1 },
		{ "<xFF>", "<U+003C>xFF>", 12, 1 },
		{ "<<U+1F642>", "<<U+003C>U+1F642>", 17, 1 },
		{ "<x> <U+> <xml> <U+20", "<x> <U+> <xml> <U+20", 20, 0 },
		{ "⟨", "<U+27E8>", 8, 1 },
	};
	static const struct row lines = { "(lines)", "a\\n\n\tb", 3, 0 };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		check(&rows[i], safe_ascii(span_of(rows[i].in), SAFE_ONE_LINE));
	}
	check(&lines, safe_ascii(SPAN("a\\n\n\tb"), SAFE_MANY_LINES));
}

static void test_printf(void **state)
{
	static const struct row row = { "(printf)", "2 of a⟨U+202E⟩b⏎ … é", 20, 0 };
	struct safe_text part = safe_make(SPAN("a\u202eb\n"), SAFE_ONE_LINE);
	(void)state;
	check(&row, safe_printf("%d of %s … é", 2, safe_cstr(&part)));
	safe_finish(&part);
	safe_finish(NULL);
	assert_string_equal(safe_cstr(&part), "");
	assert_string_equal(safe_cstr(NULL), "");
}

struct cut_row {
	const char *in;
	unsigned columns;
	const char *clip, *middle;
};

static const struct cut_row cuts[] = {
	{ "abcdef", 6, "abcdef", "abcdef" },
	{ "abcdef", 9, "abcdef", "abcdef" },
	{ "abcdef", 5, "abcd…", "ab…ef" },
	{ "abcdef", 4, "abc…", "a…ef" },
	{ "abcdef", 2, "a…", "…f" },
	{ "abcdef", 1, "…", "…" },
	{ "abcdef", 0, "", "" },
	{ "", 0, "", "" },
	{ "日本語", 5, "日本…", "日…語" },
	{ "日本語", 4, "日…", "…語" },
	{ "日本語", 2, "…", "…" },
	{ "ae\u0301b", 2, "a…", "…b" },
	{ "ae\u0301bc", 3, "ae\u0301…", "a…c" },
	{ "abe\u0301", 2, "a…", "…e\u0301" },
	{ "a\u202ebc", 10, "a⟨U+202E⟩…", "a…bc" }, /* an escape is one piece */
	{ "a\u202ebc", 9, "a…", "a…bc" },
	{ "\u202e", 7, "…", "…" },
	{ "\u1112\u1161\u11ab\u1112\u1161\u11ab", 3, "\u1112\u1161\u11ab…", "…" },
	{ "/home/user/project/src/main.c", 15, "/home/user/pro…", "/home/u…/main.c" },
};

static void test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cuts); i++) {
		struct safe_text text = safe_make(span_of(cuts[i].in), SAFE_ONE_LINE);
		struct safe_text clip = safe_clip(&text, cuts[i].columns);
		struct safe_text middle = safe_middle(&text, cuts[i].columns);
		assert_string_equal(safe_cstr(&clip), cuts[i].clip);
		assert_string_equal(safe_cstr(&middle), cuts[i].middle);
		assert_true(clip.columns <= cuts[i].columns && middle.columns <= cuts[i].columns);
		assert_int_equal(clip.escaped, text.escaped);
		safe_finish(&middle);
		safe_finish(&clip);
		safe_finish(&text);
	}
}

static void test_cut_ascii(void **state)
{
	static const struct cut_row rows[] = {
		{ "abcdefgh", 8, "abcdefgh", "abcdefgh" },
		{ "abcdefgh", 7, "abcd...", "ab...gh" },
		{ "abcdefgh", 3, "...", "..." },
		{ "abcdefgh", 2, "..", ".." },
		{ "abcdefgh", 0, "", "" },
		{ "é123456789", 12, "<U+00E9>1...", "...6789" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct safe_text text = safe_ascii(span_of(rows[i].in), SAFE_ONE_LINE);
		struct safe_text clip = safe_clip(&text, rows[i].columns);
		struct safe_text middle = safe_middle(&text, rows[i].columns);
		assert_string_equal(safe_cstr(&clip), rows[i].clip);
		assert_true(clip.columns <= rows[i].columns && middle.columns <= rows[i].columns);
		if (i < 5) {
			assert_string_equal(safe_cstr(&middle), rows[i].middle);
		}
		safe_finish(&middle);
		safe_finish(&clip);
		safe_finish(&text);
	}
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* The widest line by safe_next alone; fails on anything that may not be in a safe text. */
static unsigned walk(const struct safe_text *text, enum safe_lines lines)
{
	const char *at = safe_cstr(text);
	unsigned bytes, columns, line = 0, widest = 0;
	bool based = false;
	for (uint32_t c; (c = safe_next(at, &bytes, &columns)) != 0; at += bytes) {
		enum unicode_class class = unicode_class(c);
		if (c == '\n' || c == '\t') {
			assert_int_equal(lines, SAFE_MANY_LINES);
		} else {
			assert_int_not_equal(class, UNICODE_HIDDEN);
		}
		assert_true(based || class <= UNICODE_WIDE);
		based = class != UNICODE_HIDDEN && c != ' ';
		line = c == '\n' ? 0 : line + columns;
		widest = line > widest ? line : widest;
	}
	assert_ptr_equal(at, safe_cstr(text) + text->bytes);
	return widest;
}

static void check_random(struct span bytes, enum safe_lines lines, unsigned columns)
{
	struct safe_text text = safe_make(bytes, lines);
	struct safe_text ascii = safe_ascii(bytes, lines);
	assert_int_equal(walk(&text, lines), text.columns);
	assert_int_equal(walk(&ascii, lines), ascii.columns);
	for (size_t i = 0; i < ascii.bytes; i++) {
		assert_true((unsigned char)safe_cstr(&ascii)[i] < 0x7f);
	}
	if (lines == SAFE_ONE_LINE) {
		struct safe_text clip = safe_clip(&text, columns);
		struct safe_text middle = safe_middle(&text, columns);
		assert_int_equal(walk(&clip, lines), clip.columns);
		assert_int_equal(walk(&middle, lines), middle.columns);
		assert_true(clip.columns <= columns && middle.columns <= columns);
		safe_finish(&clip);
		safe_finish(&middle);
	}
	safe_finish(&ascii);
	safe_finish(&text);
}

static void test_random(void **state)
{
	/* Pieces that meet badly: halves of characters, marks, brackets, controls, wide and hidden
	 * ones. */
	static const char *const pieces[] = { "a", " ", "<", "U+202E", ">", "xFF", "⟨", "⟩",
		"\u0301", "日", "\n", "\t", "\xe2", "\x82", "\xac", "\xed\xa0\x80", "\u202e",
		"\x1b", "\u093e", "\u1112", "\u1161", "\\", "🙂", "\xf0\x9f" };
	uint32_t seed = 7;
	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct buf bytes = { 0 };
		for (uint32_t n = next_random(&seed) % 24; n; n--) {
			buf_text(&bytes, pieces[next_random(&seed) % COUNT_OF(pieces)]);
		}
		for (uint32_t n = next_random(&seed) % 4; n; n--) {
			buf_char(&bytes, (char)next_random(&seed));
		}
		check_random(buf_view(&bytes), round % 2 ? SAFE_ONE_LINE : SAFE_MANY_LINES,
			next_random(&seed) % 30);
		buf_finish(&bytes);
	}
}

/* Every scalar value after a letter: it passes as it is, or is named. */
static void test_every_character(void **state)
{
	unsigned shown = 0;
	(void)state;
	for (uint32_t c = 0x80; c < 0x110000; c++) {
		char utf8[6] = { 'a', (char)(0xf0 | c >> 18), (char)(0x80 | (c >> 12 & 0x3f)),
			(char)(0x80 | (c >> 6 & 0x3f)), (char)(0x80 | (c & 0x3f)), 0 };
		size_t drop = c < 0x800 ? 2 : c < 0x10000 ? 1 : 0;
		memmove(utf8 + 1, utf8 + 1 + drop, sizeof(utf8) - 1 - drop);
		uint32_t lead = c < 0x800 ? 0xc0 | c >> 6
			: c < 0x10000     ? 0xe0 | c >> 12
					  : 0xf0 | c >> 18;
		utf8[1] = (char)lead;
		struct safe_text text = safe_make(span_of(utf8), SAFE_ONE_LINE);
		if (text.escaped) {
			char want[24];
			snprintf(want, sizeof(want), "a⟨U+%04X⟩", (unsigned)c);
			assert_string_equal(safe_cstr(&text), want);
		} else {
			assert_string_equal(safe_cstr(&text), utf8);
			shown++;
		}
		safe_finish(&text);
	}
	/* Unicode 15.0 has 149,186 assigned characters; controls, formats, spaces and blanks are
	 * the difference. */
	assert_in_range(shown, 148000, 149186);
}

/* Nothing is quadratic: each of these would take minutes if it were. */
static void test_large(void **state)
{
	static const char *const pieces[] = { "a", "\n", "\u0301", "\x9b", "日", "<", "⟨",
		"\xf0\x9f\x99" };
	clock_t start = clock();
	(void)state;
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		struct buf bytes = { 0 };
		while (bytes.len < 1 << 20) {
			buf_text(&bytes, pieces[i]);
		}
		struct safe_text text = safe_make(buf_view(&bytes), SAFE_MANY_LINES);
		struct safe_text ascii = safe_ascii(buf_view(&bytes), SAFE_ONE_LINE);
		struct safe_text middle = safe_middle(&ascii, 80);
		assert_true(text.bytes >= bytes.len && middle.columns <= 80);
		safe_finish(&middle);
		safe_finish(&ascii);
		safe_finish(&text);
		buf_finish(&bytes);
	}
	assert_true(clock() - start < 20 * CLOCKS_PER_SEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_line),
		cmocka_unit_test(test_many_lines),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_printf),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_cut_ascii),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_every_character),
		cmocka_unit_test(test_large),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
