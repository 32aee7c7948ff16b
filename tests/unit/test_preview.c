/* What a file will hold after a call: the rules of the filesystem server's write and edit tools,
 * and their doubts. */
#include "config.h"

#include "core/preview.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/json.h"

struct row {
	const char *tool, *arguments;
	const char *before; /* NULL: no such file */
	enum preview_kind kind;
	const char *after;
	const char *note;
};

#define EDIT(old, new) \
	"{\"path\":\"/w/f\",\"edits\":[{\"oldText\":\"" old "\",\"newText\":\"" new "\"}]}"
#define LOOSE "white space was put aside to place an edit"
#define FIRST "the text of an edit stands in the file more than once: the first is replaced"
#define ABSENT "the edit's text is not in the file"

static const struct row rows[] = {
	/* write_file: what is given, as it is */
	{ "write_file", "{\"path\":\"/w/f\",\"content\":\"a\\r\\nb\\u00e9\"}", "old", PREVIEW_DIFF,
		"a\r\nbé", "" },
	{ "write_file", "{\"content\":\"\",\"path\":\"\\/w\\u002ff\",\"more\":1}", NULL,
		PREVIEW_DIFF, "", "" },
	/* edit_file: literally, once */
	{ "edit_file", EDIT("b", "B"), "a b b\n", PREVIEW_DIFF, "a B b\n", FIRST },
	{ "edit_file", EDIT("b", "$&$1"), "abc", PREVIEW_DIFF, "a$&$1c", "" },
	{ "edit_file", EDIT("", "x"), "abc", PREVIEW_DIFF, "xabc", "" },
	{ "edit_file", EDIT("", "x"), "", PREVIEW_DIFF, "x", "" },
	{ "edit_file", EDIT("abc\\n", ""), "abc\n", PREVIEW_DIFF, "", "" },
	{ "edit_file", EDIT("é", "è"), "né", PREVIEW_DIFF, "nè", "" },
	/* in order, each on what the last one left */
	{ "edit_file",
		"{\"path\":\"/w/f\",\"edits\":[{\"oldText\":\"a\",\"newText\":\"b\"},"
		"{\"oldText\":\"bb\",\"newText\":\"c\"}],\"dryRun\":false}",
		"ab", PREVIEW_DIFF, "c", "" },
	{ "edit_file", "{\"path\":\"/w/f\",\"edits\":[]}", "ab", PREVIEW_DIFF, "ab", "" },
	/* line ends */
	{ "edit_file", EDIT("b\\nc", "x"), "a\r\nb\r\nc\r\n", PREVIEW_DIFF, "a\nx\n",
		"line ends CR LF become LF" },
	{ "edit_file", EDIT("b\\r\\nc", "x\\r\\ny"), "a\nb\nc\n", PREVIEW_DIFF, "a\nx\ny\n", "" },
	{ "edit_file", EDIT("x", "y"), "a\rx\r\r\n", PREVIEW_DIFF, "a\ry\r\n",
		"line ends CR LF become LF" },
	/* lines with the white space around them aside */
	{ "edit_file", EDIT("if (a) {\\nb();\\n}", "if (c) {\\nd();\\n}"),
		"x\n  if (a) {\n    b();\n  }\ny\n", PREVIEW_DIFF, "x\n  if (c) {\nd();\n}\ny\n",
		LOOSE },
	{ "edit_file", EDIT("if (a) {\\n  b();\\n}", "if (c) {\\n  d();\\n    e();\\n}"),
		"\tif (a) {\n\t\tb();\n\t}\n", PREVIEW_DIFF, "\tif (c) {\n\td();\n    e();\n}\n",
		LOOSE },
	{ "edit_file", EDIT("  a\\n  b", "  a\\n     b\\n c"), "\ta\n\tb\n", PREVIEW_DIFF,
		"\ta\n\t   b\n c\n", LOOSE },
	{ "edit_file", EDIT("    a\\n    b", "  a\\n  b"), "\ta\n\tb", PREVIEW_DIFF, "\ta\n\tb",
		LOOSE },
	{ "edit_file", EDIT(" a ", "b"), "x\na\na\n", PREVIEW_DIFF, "x\nb\na\n", LOOSE },
	{ "edit_file", EDIT("a \\n", "b"), "a\n\nc", PREVIEW_DIFF, "b\nc", LOOSE },
	{ "edit_file", EDIT("a \\n", "b"), "a\n", PREVIEW_DIFF, "b", LOOSE },
	{ "edit_file", EDIT(" \\n ", "x"), "a\n\t\n\nb", PREVIEW_DIFF, "a\n\tx\nb", LOOSE },
	{ "edit_file", EDIT(" a\\u00a0", "b"),
		"\xe2\x80\x83"
		"a\n",
		PREVIEW_DIFF,
		"\xe2\x80\x83"
		"b\n",
		LOOSE },
	{ "edit_file", EDIT("a x", "b"),
		"\xef\xbb\xbf"
		"a x \n",
		PREVIEW_DIFF,
		"\xef\xbb\xbf"
		"b \n",
		"" },
	{ "edit_file", EDIT(" a\\n c", "b"), "a\nb\na\nc\n", PREVIEW_DIFF, "a\nb\nb\n", LOOSE },
	/* not there */
	{ "edit_file", EDIT("b", "c"), "a\n", PREVIEW_FAILS, "", ABSENT },
	{ "edit_file", EDIT("b", "c"), "", PREVIEW_FAILS, "", ABSENT },
	{ "edit_file", EDIT("a\\nb\\nc", "x"), "a\nb", PREVIEW_FAILS, "", ABSENT },
	{ "edit_file", EDIT("b", "c"), "a\r\n", PREVIEW_FAILS, "", ABSENT },
	{ "edit_file", EDIT("b", "c"), NULL, PREVIEW_FAILS, "", "there is no such file to edit" },
	{ "edit_file",
		"{\"path\":\"/w/f\",\"edits\":[{\"oldText\":\"a\",\"newText\":\"b\"},"
		"{\"oldText\":\"a\",\"newText\":\"c\"}]}",
		"a", PREVIEW_FAILS, "", "the second edit's text is not in the file" },
	/* said, not hidden */
	{ "edit_file",
		"{\"path\":\"/w/"
		"f\",\"edits\":[{\"oldText\":\"a\",\"newText\":\"b\"}],\"dryRun\":true}",
		"a", PREVIEW_DIFF, "b", "a dry run: the file should stay as it is" },
	{ "edit_file", EDIT("a", "b"),
		"\xff"
		"a\xe2\x82"
		"a\xed\xa0\x80",
		PREVIEW_DIFF,
		"\xef\xbf\xbd"
		"b\xef\xbf\xbd"
		"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
		"bytes that are not UTF-8 are replaced; " FIRST },
};

static struct preview make(const char *tool, const char *arguments, const char *before)
{
	struct json_scan scan = { 0 };
	struct preview preview;
	assert_true(json_validate(&scan, span_of(arguments), JSON_STRICT));
	const struct preview_file file = { SPAN("/w/f"), span_of(before), true };
	preview_make(&preview,
		&(struct preview_ask){
			SPAN("filesystem"), span_of(tool), scan.value, &file, 1, 0 });
	json_finish(&scan);
	return preview;
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct preview preview = make(rows[i].tool, rows[i].arguments, rows[i].before);
		if (preview.kind != rows[i].kind ||
			strcmp(buf_cstr(&preview.after), rows[i].after) != 0) {
			print_error("row %zu: %d [%s] %s\n", i, preview.kind,
				buf_cstr(&preview.after), preview.note);
		}
		assert_int_equal(preview.kind, rows[i].kind);
		assert_string_equal(buf_cstr(&preview.after), rows[i].after);
		assert_string_equal(preview.note, rows[i].note);
		assert_string_equal(preview.path, "/w/f");
		preview_finish(&preview);
		assert_null(preview.path);
	}
	preview_finish(NULL);
}

/* Arguments that the tool would refuse, and tools that are not known: nothing is claimed. */
static void test_not_known(void **state)
{
	static const struct {
		const char *tool, *arguments, *note;
	} cases[] = {
		{ "write_file", "{\"path\":\"/w/f\"}",
			"the arguments are not what write_file takes" },
		{ "write_file", "{\"path\":\"/w/f\",\"Content\":\"a\"}",
			"the arguments are not what write_file takes" },
		{ "write_file", "{\"path\":1,\"content\":\"a\"}",
			"the arguments are not what write_file takes" },
		{ "write_file", "[]", "the arguments are not what write_file takes" },
		{ "edit_file", "{\"path\":\"/w/f\",\"edits\":{}}",
			"the arguments are not what edit_file takes" },
		{ "edit_file", "{\"path\":\"/w/f\",\"edits\":[1]}",
			"the arguments are not what edit_file takes" },
		{ "edit_file",
			"{\"path\":\"/w/f\",\"edits\":[{\"oldText\":\"a\",\"newText\":null}]}",
			"the arguments are not what edit_file takes" },
		{ "edit_file", "{\"path\":\"/w/f\",\"edits\":[],\"dryRun\":\"no\"}",
			"the arguments are not what edit_file takes" },
		{ "move_file", "{\"source\":\"a\",\"destination\":\"b\"}", "" },
		{ "Write_file", "{\"path\":\"/w/f\",\"content\":\"a\"}", "" },
	};
	struct preview preview;
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		preview = make(cases[i].tool, cases[i].arguments, "a");
		assert_int_equal(preview.kind, PREVIEW_ARGUMENTS);
		assert_string_equal(preview.note, cases[i].note);
		assert_int_equal(preview.after.len, 0);
		preview_finish(&preview);
	}
	const struct preview_file file = { SPAN("a"), SPAN("a"), true };
	preview_make(&preview,
		&(struct preview_ask){ SPAN("git"), SPAN("write_file"),
			SPAN("{\"path\":\"a\",\"content\":\"b\"}"), &file, 1, 0 });
	assert_int_equal(preview.kind, PREVIEW_ARGUMENTS);
	preview_finish(&preview);
	preview_make(&preview,
		&(struct preview_ask){
			SPAN("filesystem"), SPAN("write_file"), (struct span){ 0 }, &file, 1, 0 });
	assert_int_equal(preview.kind, PREVIEW_ARGUMENTS);
	preview_finish(&preview);
}

static void test_ordinals(void **state)
{
	static const char *const notes[] = { [0] = "the first edit's text is not in the file",
		[9] = "the tenth edit's text is not in the file",
		[10] = "the text of edit 11 is not in the file" };
	(void)state;
	for (size_t bad = 0; bad < COUNT_OF(notes); bad++) {
		struct buf text = { 0 };
		buf_text(&text, "{\"path\":\"f\",\"edits\":[");
		for (size_t i = 0; i < 12; i++) {
			buf_printf(&text, "%s{\"oldText\":\"%s\",\"newText\":\"a\"}", i ? "," : "",
				i == bad ? "b" : "a");
		}
		buf_text(&text, "]}");
		struct preview preview = make("edit_file", buf_cstr(&text), "a");
		assert_int_equal(preview.kind, PREVIEW_FAILS);
		if (notes[bad]) {
			assert_string_equal(preview.note, notes[bad]);
		}
		preview_finish(&preview);
		buf_finish(&text);
	}
}

static void repeat(struct buf *out, const char *text, size_t times)
{
	while (times--) {
		buf_text(out, text);
	}
}

/* Edits made to take for ever, or all memory: given up, and said. */
static void test_hard(void **state)
{
	static const char note[] = "what these edits give is too much work to find out";
	struct buf file = { 0 }, text = { 0 };
	clock_t start = clock();
	(void)state;

	/* every line begins a match that fails at its end */
	repeat(&file, "\n", 1 << 20);
	buf_text(&text, "{\"path\":\"f\",\"edits\":[{\"newText\":\"\",\"oldText\":\"");
	repeat(&text, " \\n", 50000);
	buf_text(&text, "x\"}]}");
	struct preview preview = make("edit_file", buf_cstr(&text), buf_cstr(&file));
	assert_int_equal(preview.kind, PREVIEW_ARGUMENTS);
	assert_string_equal(preview.note, note);
	preview_finish(&preview);

	/* a deep indentation for each of many lines */
	buf_clear(&file);
	buf_clear(&text);
	repeat(&file, " ", 1 << 20);
	buf_text(&file, "x");
	buf_text(&text, "{\"path\":\"f\",\"edits\":[{\"oldText\":\"x \\n");
	repeat(&text, " \\n", 50000);
	buf_text(&text, "\",\"newText\":\"");
	repeat(&text, " a\\n", 50000);
	buf_text(&text, "\"}]}");
	repeat(&file, "\n", 50001);
	preview = make("edit_file", buf_cstr(&text), buf_cstr(&file));
	assert_int_equal(preview.kind, PREVIEW_ARGUMENTS);
	assert_string_equal(preview.note, note);
	preview_finish(&preview);

	/* many edits of a large file */
	buf_clear(&text);
	buf_text(&text, "{\"path\":\"f\",\"edits\":[{\"oldText\":\"x\",\"newText\":\"x\"}");
	repeat(&text, ",{\"oldText\":\"x\",\"newText\":\"x\"}", 100000);
	buf_text(&text, "]}");
	preview = make("edit_file", buf_cstr(&text), buf_cstr(&file));
	assert_int_equal(preview.kind, PREVIEW_ARGUMENTS);
	assert_string_equal(preview.note, note);
	preview_finish(&preview);

	buf_finish(&file);
	buf_finish(&text);
	assert_true(clock() - start < 20 * CLOCKS_PER_SEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_not_known),
		cmocka_unit_test(test_ordinals),
		cmocka_unit_test(test_hard),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
