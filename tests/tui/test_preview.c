/* How what a call would change is shown: words that differ, halves, what it is like; copying it,
 * and themes. */
#include "config.h"

#include "tests/tui/items.h"
#include "tests/tui/vt.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "core/buf.h"

static const char queue[] = SNAPSHOT(
	ITEM(1, 1, "medium", WRITES("src/a.c")) "," ITEM(2, 1, "high", WRITES("b.sh")));

static const struct wire_show shows[] = {
	{ "c-1",
		SHOW_WRITE(1, "src/a.c", "one\\ntwo and more\\nthree\\n", "one\\ntwo\\nthree\\n") },
	{ "c-2",
		SHOW_ARGS(1,
			"{\"command\":\"rm\",\"args\":[\"-rf\",\"my "
			"dir\"],\"n\":12345678901234567890}") },
	{ NULL, NULL },
};

static void stop_clean(struct vt *vt)
{
	char why[128] = "";
	bool clean = vt_clean(vt, why);
	vt_stop(vt);
	if (!clean) {
		fail_msg("%s", why);
	}
}

static bool is_reversed(struct vt *vt, const char *line, size_t at)
{
	int row = 0, col = 0;
	assert_true(vt_find(vt, line, &row, &col));
	return vt_cell(vt, row, col + (int)at).attrs.reverse;
}

/* Of a line that was changed, the words that differ stand out, on both sides. */
static void changed_words_stand_out(void **state)
{
	static const struct wire_show words[] = {
		{ "c-1",
			SHOW_WRITE(
				1, "a.c", "\\tx\\tlet b = 2;\\nnew\\n", "\\tx\\tlet a = 1;\\n") },
		{ NULL, NULL },
	};
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ .rows = 30, .cols = 80 }, queue, words);
	assert_true(vt_wait(vt, "see the diff", VT_MS)); /* the last row */
	assert_true(is_reversed(vt, "let a = 1;", 4));
	assert_true(is_reversed(vt, "let b = 2;", 8));
	assert_false(is_reversed(vt, "let b = 2;", 0));
	assert_false(is_reversed(vt, "let b = 2;", 9));
	assert_false(is_reversed(vt, "+ new", 2)); /* has no partner */
	stop_clean(vt);
}

static bool row_has_both(struct vt *vt, const char *left, const char *right)
{
	int row = 0, col = 0;
	if (!vt_find(vt, left, &row, &col)) {
		return false;
	}
	char *text = vt_row(vt, row);
	bool both = strstr(text, right) != NULL;
	free(text);
	return both;
}

/* Old and new beside each other where there is room, or where it is asked for; a line too many on
 * one side stands alone. */
static void side_by_side(void **state)
{
	static const struct wire_show lines[] = {
		{ "c-1",
			SHOW_WRITE(1, "a.c", "same\\nlet b = 2;\\nadded\\nend\\n",
				"same\\nlet a = 1;\\nend\\n") },
		{ NULL, NULL },
	};
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ .rows = 50, .cols = 200 }, queue, lines);
	assert_true(vt_wait(vt, "see the diff", VT_MS)); /* the last row */
	assert_true(row_has_both(vt, "2 - let a = 1;", "2 + let b = 2;"));
	assert_true(row_has_both(vt, "1   same", "│"));
	assert_true(row_has_both(vt, "3   end", "4   end"));
	vt_resize(vt, 40, 80);
	assert_true(vt_wait_row(vt, 0, "waiting", VT_MS));
	assert_true(vt_wait(vt, "    2 + let b = 2;", VT_MS));
	assert_false(row_has_both(vt, "- let a = 1;", "+ let b = 2;"));
	vt_send(vt, "|");
	assert_true(vt_wait(vt, "diffs: side by side", VT_MS)); /* the row before the last */
	assert_true(row_has_both(vt, "2 - let a = 1;", "2 + let b = 2;"));
	assert_true(is_reversed(vt, "let a = 1;", 4));
	vt_send(vt, "||");
	assert_true(vt_wait(vt, "where there is room", VT_MS));
	vt_send(vt, "[[[");
	assert_true(vt_wait_gone(vt, "same", VT_MS));
	vt_send(vt, "]");
	assert_true(vt_wait(vt, "same", VT_MS));
	stop_clean(vt);
}

static void put_file(const char *root, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", root, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	free(path);
}

static void put_dir(const char *root, const char *name)
{
	char *path = xasprintf("%s/%s", root, name);
	assert_int_equal(mkdir(path, 0700), 0);
	free(path);
}

/* What stands below the list is painted in the theme's own background. */
static void expect_background(const char *root, int colour)
{
	struct vt *vt = vt_start(
		&(struct vt_options){ .rows = 30, .cols = 80, .root = root }, queue, shows);
	assert_true(vt_wait(vt, "see the diff", VT_MS));
	assert_int_equal(vt_cell(vt, 25, 70).bg.indexed.idx, colour);
	assert_int_equal(vt_cell(vt, 4, 1).bg.indexed.idx, colour);
	stop_clean(vt);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st;
	(void)kind;
	(void)walk;
	return remove(path);
}

/* A theme by its name, and the person's own over it. */
static void themes_are_chosen_by_name(void **state)
{
	char root[] = "/tmp/bascule-theme-XXXXXX";
	(void)state;
	assert_non_null(mkdtemp(root));
	put_dir(root, "config");
	put_dir(root, "config/themes");
	put_file(root, "config/config.ini", "[console]\ntheme = gruvbox-dark\n");
	expect_background(root, 235);
	put_file(root, "config/themes/gruvbox-dark.ini", "[style]\ntext = default, #000087\n");
	expect_background(root, 18);
	/* while it runs */
	struct vt *vt = vt_start(
		&(struct vt_options){ .rows = 30, .cols = 80, .root = root }, queue, shows);
	assert_true(vt_wait(vt, "see the diff", VT_MS));
	put_file(root, "config/themes/gruvbox-dark.ini", "[style]\ntext = default, #005f00\n");
	for (int i = 0; i < 100 && vt_cell(vt, 25, 70).bg.indexed.idx != 22; i++) {
		vt_pump(vt, 50);
	}
	assert_int_equal(vt_cell(vt, 25, 70).bg.indexed.idx, 22);
	put_file(root, "config/config.ini", "[console]\ntheme = solarizd-dark\n");
	assert_true(vt_wait(vt, "no theme is called solarizd-dark", VT_MS));
	stop_clean(vt);
	assert_int_equal(nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* What is copied is sent as base64 and nothing else, cleaned like what is shown. */
static void copying(void **state)
{
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ .rows = 30 }, queue, shows);
	assert_true(vt_wait(vt, "see the diff", VT_MS));
	vt_send(vt, "y");
	assert_true(vt_wait(vt, "sent to the terminal: 7 bytes", VT_MS));
	assert_non_null(strstr(buf_cstr(&vt->raw), "\033]52;c;c3JjL2EuYw==\033\\")); /* src/a.c */
	vt_send(vt, "Y");
	assert_true(vt_wait(vt, "sent to the terminal:", VT_MS));
	wire_tell(&vt->wire, "item", ITEM(9, 1, "low", WRITES("a\\u001b]52;c;eA==\\u0007")));
	vt_send(vt, "G");
	assert_true(vt_wait(vt, "U+001B", VT_MS));
	vt_send(vt, "y");
	vt_pump(vt, 300);
	stop_clean(vt);
}

static void an_earlier_call_like_it_is_named(void **state)
{
	static const struct wire_answer answers[] = {
		{ "like",
			"{\"number\":118,\"decision\":\"denied\",\"at\":1,\"except\":\"path\","
			"\"approved\":4,\"denied\":1}" },
		{ NULL, NULL },
	};
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ .rows = 30 }, SNAPSHOT(""), shows);
	assert_true(vt_wait(vt, "Nothing waits", VT_MS));
	vt->wire.answers = answers;
	wire_tell(&vt->wire, "item", ITEM(1, 1, "medium", WRITES("src/a.c")));
	assert_true(vt_wait(vt, "same as #118 except path, which was denied", VT_MS));
	assert_true(vt_wait(vt, "approved 4, denied", VT_MS));
	stop_clean(vt);
}

static void a_call_that_was_denied_before_says_so(void **state)
{
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ .rows = 30 },
		SNAPSHOT(ITEM(1, 1, "medium",
			"\"denied_before\":{\"count\":2,\"number\":12,\"at\":1,\"reason\":"
			"\"use \\u001b[2Jmake\"}," WRITES("src/a.c"))),
		shows);
	assert_true(vt_wait(vt, "again denied 2 times before, last", VT_MS));
	assert_true(vt_wait(vt, "(#12): use ", VT_MS));
	stop_clean(vt);
}

/* From change to change; and lines that are cut are not approved. */
static void changes_are_jumped_to_and_long_lines_cut(void **state)
{
	struct buf old = { 0 }, new = { 0 };
	(void)state;
	for (int i = 0; i < 120; i++) {
		buf_printf(&old, "line %d\\n", i);
		buf_printf(&new, i % 40 == 20 ? "LINE %d  \\n" : "line %d\\n", i);
	}
	for (int i = 0; i < 30; i++) {
		buf_text(&new, "0123456789");
	}
	buf_text(&new, "THE END\\n");
	char *show = xasprintf("{\"revision\":1,\"params\":{\"name\":\"write_file\",\"arguments\":"
			       "{\"path\":\"a\",\"content\":\"%s\"}},\"cut\":false,\"files\":[{"
			       "\"path\":\"/w/a\",\"state\":\"file\",\"text\":\"%s\"}]}",
		buf_cstr(&new), buf_cstr(&old));
	const struct wire_show one[] = { { "c-1", show }, { NULL, NULL } };
	struct vt *vt = vt_start(&(struct vt_options){ .rows = 12, .cols = 80 },
		SNAPSHOT(ITEM(1, 1, "medium", WRITES("a"))), one);
	assert_true(vt_wait(vt, "waits for you", VT_MS));
	vt_send(vt, "\r");
	assert_true(vt_wait(vt, "q back", VT_MS));
	vt_send(vt, "}");
	assert_true(vt_wait(vt, "@@ -18,7 +18,7 @@", VT_MS));
	assert_true(vt_wait(vt, "+ LINE 20··", VT_MS));
	vt_send(vt, "}");
	assert_true(vt_wait(vt, "@@ -58,7 +58,7 @@", VT_MS));
	vt_send(vt, "{");
	assert_true(vt_wait(vt, "@@ -18,7 +18,7 @@", VT_MS));
	vt_send(vt, "w");
	assert_true(vt_wait(vt, "long lines are cut", VT_MS));
	vt_send(vt, "G");
	assert_true(vt_wait(vt, "1234567890…", VT_MS));
	assert_false(vt_wait(vt, "THE END", 0));
	vt_pump(vt, 2500);
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "ignored", VT_MS));
	vt_send(vt, "w");
	assert_true(vt_wait(vt, "long lines are wrapped", VT_MS));
	assert_true(vt_wait(vt, "THE END", VT_MS));
	stop_clean(vt);
	free(show);
	buf_finish(&old);
	buf_finish(&new);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changed_words_stand_out),
		cmocka_unit_test(side_by_side),
		cmocka_unit_test(an_earlier_call_like_it_is_named),
		cmocka_unit_test(a_call_that_was_denied_before_says_so),
		cmocka_unit_test(copying),
		cmocka_unit_test(themes_are_chosen_by_name),
		cmocka_unit_test(changes_are_jumped_to_and_long_lines_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
