/* The write, edit, move and patch shapes of the profiles: what each makes of the files it names. */
#include "config.h"

#include "core/preview.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/json.h"

struct row {
	const char *profile, *tool, *arguments;
	const char
		*a; /* content of the file "a", the one that is asked about; NULL: there is none */
	enum preview_kind kind;
	const char *after, *note;
};

#define SEVERAL "its text stands 2 times in the file, and must stand there once"
#define NOT_THERE "its text is not in the file"
#define LOOSELY \
	"its text does not stand in the file to the letter: where the tool puts it is not known"
#define ASIDE "white space was put aside to place a part of the patch"
#define CLAUDE(old, new, more) \
	"{\"file_path\":\"a\",\"old_string\":\"" old "\",\"new_string\":\"" new "\"" more "}"
#define PATCH(body) "{\"input\":\"*** Begin Patch\\n" body "*** End Patch\\n\"}"
#define BLOCKS(blocks) "{\"path\":\"a\",\"diff\":\"" blocks "\"}"
#define BLOCK(old, new) "------- SEARCH\\n" old "=======\\n" new "+++++++ REPLACE\\n"
#define BLOCKS_ROW(blocks, a, kind, after, note) \
	{ \
		"cline", "replace_in_file", BLOCKS(blocks), a, kind, after, note \
	}
#define NO_FORM \
	"its blocks are not of the form that is known: what the tool makes of them is not known"
#define AT_THE_END "the tool may leave other white space at the end of the file"
#define CELL(more) "{\"notebook_path\":\"a\",\"new_source\":\"x\"" more "}"
#define BY_ID(id, more) CELL(",\"cell_id\":\"" id "\"" more)
#define NOTEBOOK \
	"{\"cells\":[{\"id\":\"p\",\"cell_type\":\"code\",\"source\":[\"1\\n\",\"2\"]}," \
	"{\"id\":\"q\",\"cell_type\":\"markdown\",\"source\":\"3\"},{\"source\":7}," \
	"{\"id\":\"cell-0\",\"source\":\"4\\n\"},{\"id\":\"q\",\"source\":\"\"}]}\n"
#define CELL_ROW(arguments, a, kind, after, note) \
	{ \
		"claude-code", "NotebookEdit", arguments, a, kind, after, note \
	}
#define CELL_NOTE(which) \
	"cell " which \
	" of 5, its source alone: a code cell's outputs go too, and the file is written anew"
#define GOES_NOTE(which) "cell " which " of 5 goes, here its source alone: the file is written anew"
#define NEW_NOTE(behind) \
	"a new cell behind the first " behind " of 5, its source alone: the file is written anew"
#define NO_NOTEBOOK "the file is no notebook that can be read here"
#define NO_CELL "the notebook has no such cell"
#define NO_ARGUMENTS "the arguments are not what NotebookEdit takes"
#define UPDATE(chunks) PATCH("*** Update File: a\\n" chunks)

static const struct row rows[] = {
	{ "claude-code", "Write", "{\"file_path\":\"a\",\"content\":\"x\"}", NULL, PREVIEW_DIFF,
		"x", "" },
	{ "copilot", "create", "{\"path\":\"a\",\"file_text\":\"x\"}", "y", PREVIEW_DIFF, "x", "" },
	{ "cline", "write_to_file", "{\"path\":\"a\",\"content\":\"x\"}", "y", PREVIEW_DIFF, "x",
		"" },
	{ "opencode", "write", "{\"filePath\":\"a\",\"content\":\"x\"}", "y", PREVIEW_DIFF, "x",
		"" },
	{ "desktop-commander", "write_file",
		"{\"path\":\"a\",\"content\":\"x\",\"mode\":\"append\"}", "y\n", PREVIEW_DIFF,
		"y\nx", "" },
	{ "desktop-commander", "write_file",
		"{\"path\":\"a\",\"content\":\"x\",\"mode\":\"rewrite\"}", "y\n", PREVIEW_DIFF, "x",
		"" },
	{ "claude-code", "Write", "{\"file_path\":\"a\"}", "y", PREVIEW_ARGUMENTS, "",
		"the arguments are not what Write takes" },
	/* an edit in one place, and in all */
	{ "claude-code", "Edit", CLAUDE("b", "B", ""), "abc", PREVIEW_DIFF, "aBc", "" },
	{ "claude-code", "Edit", CLAUDE("b", "B", ""), "abcb", PREVIEW_FAILS, "", SEVERAL },
	{ "claude-code", "Edit", CLAUDE("b", "B", ",\"replace_all\":true"), "abcb", PREVIEW_DIFF,
		"aBcB", "2 places" },
	{ "claude-code", "Edit", CLAUDE("b", "B", ",\"replace_all\":false"), "abcb", PREVIEW_FAILS,
		"", SEVERAL },
	{ "claude-code", "Edit", CLAUDE("x", "B", ""), "abc", PREVIEW_FAILS, "", NOT_THERE },
	{ "claude-code", "Edit", CLAUDE("x", "B", ""), NULL, PREVIEW_FAILS, "",
		"there is no such file to edit" },
	{ "claude-code", "Edit", CLAUDE("", "B", ""), NULL, PREVIEW_DIFF, "B", "" },
	{ "claude-code", "Edit", CLAUDE("", "B", ""), "abc", PREVIEW_FAILS, "",
		"it is to replace an empty text in a file that is not empty" },
	{ "gemini-cli", "replace", CLAUDE("x", "B", ""), "abc", PREVIEW_ARGUMENTS, "", LOOSELY },
	{ "gemini-cli", "replace", CLAUDE("b", "B", ",\"allow_multiple\":true"), "bb", PREVIEW_DIFF,
		"BB", "2 places" },
	{ "qwen-code", "edit", CLAUDE("b", "B", ""), "bb", PREVIEW_FAILS, "", SEVERAL },
	{ "desktop-commander", "edit_block", CLAUDE("b", "B", ",\"expected_replacements\":2"), "bb",
		PREVIEW_DIFF, "BB", "2 places" },
	{ "opencode", "edit", "{\"filePath\":\"a\",\"oldString\":\"b\",\"newString\":\"\"}", "abc",
		PREVIEW_DIFF, "ac", "" },
	{ "copilot", "edit", "{\"path\":\"a\",\"old_str\":\"b\",\"new_str\":\"c\"}", "abc",
		PREVIEW_DIFF, "acc", "" },
	{ "goose", "developer__edit", "{\"path\":\"a\",\"before\":\"b\",\"after\":\"c\"}", "abc",
		PREVIEW_DIFF, "acc", "" },
	{ "goose", "developer__edit", "{\"path\":\"a\",\"before\":\"x\",\"after\":\"c\"}", "abc",
		PREVIEW_ARGUMENTS, "", LOOSELY },
	{ "goose", "developer__write", "{\"path\":\"a\",\"content\":\"x\"}", "y", PREVIEW_DIFF, "x",
		"" },
	/* several, each on what the last one left */
	{ "claude-code", "MultiEdit",
		"{\"file_path\":\"a\",\"edits\":[{\"old_string\":\"a\",\"new_string\":\"b\"},"
		"{\"old_string\":\"bb\",\"new_string\":\"c\"}]}",
		"ab", PREVIEW_DIFF, "c", "" },
	{ "claude-code", "MultiEdit",
		"{\"file_path\":\"a\",\"edits\":[{\"old_string\":\"a\",\"new_string\":\"b\"},"
		"{\"old_string\":\"a\",\"new_string\":\"c\"}]}",
		"a", PREVIEW_FAILS, "", NOT_THERE },
	{ "claude-code", "MultiEdit", "{\"file_path\":\"a\",\"edits\":[7]}", "a", PREVIEW_ARGUMENTS,
		"", "the arguments are not what MultiEdit takes" },
	/* blocks of SEARCH and REPLACE */
	BLOCKS_ROW(BLOCK("b\\n", "B\\n"), "a\nb\nc\n", PREVIEW_DIFF, "a\nB\nc\n", ""),
	BLOCKS_ROW(BLOCK("a\\n", "1\\n") "\\n" BLOCK("c\\n", ""), "a\nb\nc\nd\n", PREVIEW_DIFF,
		"1\nb\nd\n", ""),
	BLOCKS_ROW(BLOCK("b\\n", "c\\n") BLOCK("b\\n", "d\\n"), "b\nb\n", PREVIEW_DIFF, "c\nd\n",
		"its text stands more than once in the file: the first is replaced"),
	BLOCKS_ROW(BLOCK("", "x\\n"), "a\nb\n", PREVIEW_DIFF, "x\n", ""),
	BLOCKS_ROW(BLOCK("", "x\\n"), NULL, PREVIEW_DIFF, "x\n", AT_THE_END),
	BLOCKS_ROW(BLOCK("a\\n", ""), "a\n", PREVIEW_DIFF, "\n", ""),
	BLOCKS_ROW(BLOCK("b\\n", "\\n"), "a\nb\n", PREVIEW_DIFF, "a\n\n", AT_THE_END),
	BLOCKS_ROW("------- SEARCH\\na\\n=======\\nb\\n+++++++ REPLACE", "a\n", PREVIEW_DIFF, "b\n",
		""),
	BLOCKS_ROW(BLOCK("q\\n", "B\\n"), "a\nb\n", PREVIEW_FAILS, "", NOT_THERE),
	BLOCKS_ROW(BLOCK("a\\n", "B\\n"), NULL, PREVIEW_FAILS, "", "there is no such file to edit"),
	BLOCKS_ROW(BLOCK("a\\n", "1\\n") BLOCK("q\\n", ""), "a\nb\n", PREVIEW_FAILS, "", NOT_THERE),
	/* which a loose rule may place */
	BLOCKS_ROW(BLOCK("b\\n", "B\\n"), "a\n  b\u00a0", PREVIEW_ARGUMENTS, "", LOOSELY),
	BLOCKS_ROW(BLOCK("a\\nx\\nc\\n", "B\\n"), "a\nb\nc\n", PREVIEW_ARGUMENTS, "", LOOSELY),
	BLOCKS_ROW(BLOCK("b\\n", "") BLOCK("a\\n", ""), "a\nb\n", PREVIEW_ARGUMENTS, "", LOOSELY),
	BLOCKS_ROW(BLOCK("\\nq\\n", ""), "a\n", PREVIEW_ARGUMENTS, "", LOOSELY),
	/* of which some version makes something else */
	BLOCKS_ROW("", "a\n", PREVIEW_ARGUMENTS, "", NO_FORM),
	BLOCKS_ROW("text\\n" BLOCK("a\\n", ""), "a\n", PREVIEW_ARGUMENTS, "", NO_FORM),
	BLOCKS_ROW("------- SEARCH\\na\\n=======\\nb\\n", "a\n", PREVIEW_ARGUMENTS, "", NO_FORM),
	BLOCKS_ROW("=======\\nb\\n+++++++ REPLACE", "a\n", PREVIEW_ARGUMENTS, "", NO_FORM),
	BLOCKS_ROW(BLOCK("a\\n", "=======\\n"), "a\n", PREVIEW_ARGUMENTS, "", NO_FORM),
	BLOCKS_ROW(BLOCK("a\\n", "===\\n"), "a\n", PREVIEW_ARGUMENTS, "", NO_FORM),
	BLOCKS_ROW(BLOCK("a\\n", "<<<<<<< SEARCH\\n"), "a\n", PREVIEW_ARGUMENTS, "", NO_FORM),
	BLOCKS_ROW(BLOCK("a\\n", "--- SEARCH>\\n"), "a\n", PREVIEW_ARGUMENTS, "", NO_FORM),
	BLOCKS_ROW(
		BLOCK("a\\n", "b\\n") BLOCK("", "c\\n"), "a\nx\n", PREVIEW_ARGUMENTS, "", NO_FORM),
	BLOCKS_ROW("------- SEARCH\\r\\na\\r\\n=======\\r\\n+++++++ REPLACE\\r\\n", "a\r\n",
		PREVIEW_ARGUMENTS, "", NO_FORM),
	BLOCKS_ROW(BLOCK("a\\n", "&lt;b\\n"), "a\n", PREVIEW_ARGUMENTS, "",
		"it holds HTML escapes, which the tool replaces for some models"),
	{ "cline", "replace_in_file", "{\"path\":\"a\",\"diff\":7}", "a\n", PREVIEW_ARGUMENTS, "",
		"the arguments are not what replace_in_file takes" },
	/* a cell of a notebook */
	CELL_ROW(BY_ID("p", ""), NOTEBOOK, PREVIEW_DIFF, "x\n", CELL_NOTE("1")),
	CELL_ROW(BY_ID("q", ",\"cell_type\":\"code\""), NOTEBOOK, PREVIEW_DIFF, "x\n",
		CELL_NOTE("2") "; it becomes a code cell; several have its id"),
	{ "qwen-code", "notebook_edit", BY_ID("p", ""), NOTEBOOK, PREVIEW_DIFF, "x\n",
		CELL_NOTE("1") },
	CELL_ROW(BY_ID("cell-1", ""), NOTEBOOK, PREVIEW_DIFF, "x\n", CELL_NOTE("2")),
	CELL_ROW(BY_ID("cell-0", ""), NOTEBOOK, PREVIEW_DIFF, "x", CELL_NOTE("4")),
	CELL_ROW(BY_ID("p", ",\"edit_mode\":\"delete\""), NOTEBOOK, PREVIEW_DIFF, "",
		GOES_NOTE("1")),
	CELL_ROW(BY_ID("p", ",\"edit_mode\":\"insert\",\"cell_type\":\"code\""), NOTEBOOK,
		PREVIEW_DIFF, "x\n", NEW_NOTE("1")),
	CELL_ROW(CELL(",\"edit_mode\":\"insert\",\"cell_type\":\"code\""), NOTEBOOK, PREVIEW_DIFF,
		"x\n", NEW_NOTE("0")),
	CELL_ROW(CELL(",\"edit_mode\":\"insert\""), NOTEBOOK, PREVIEW_FAILS, "",
		"a new cell needs a cell_type"),
	CELL_ROW(BY_ID("", ""), NOTEBOOK, PREVIEW_FAILS, "", "it names no cell"),
	CELL_ROW(CELL(""), NOTEBOOK, PREVIEW_FAILS, "", "it names no cell"),
	CELL_ROW(BY_ID("p", ""), NULL, PREVIEW_FAILS, "", "there is no such file to edit"),
	CELL_ROW(BY_ID("r", ""), NOTEBOOK, PREVIEW_FAILS, "", NO_CELL),
	CELL_ROW(BY_ID("1", ""), NOTEBOOK, PREVIEW_FAILS, "", NO_CELL),
	CELL_ROW(BY_ID("cell-5", ""), NOTEBOOK, PREVIEW_FAILS, "", NO_CELL),
	CELL_ROW(BY_ID("cell--1", ""), NOTEBOOK, PREVIEW_FAILS, "", NO_CELL),
	CELL_ROW(BY_ID("cell-", ""), NOTEBOOK, PREVIEW_FAILS, "", NO_CELL),
	CELL_ROW(BY_ID("cell-2147483648", ""), NOTEBOOK, PREVIEW_FAILS, "", NO_CELL),
	CELL_ROW(BY_ID("cell-18446744073709551616", ""), NOTEBOOK, PREVIEW_FAILS, "", NO_CELL),
	CELL_ROW(BY_ID("cell-2", ""), NOTEBOOK, PREVIEW_ARGUMENTS, "", NO_NOTEBOOK),
	CELL_ROW(BY_ID("p", ""), "{\"cells\":[7]}", PREVIEW_ARGUMENTS, "", NO_NOTEBOOK),
	CELL_ROW(BY_ID("p", ""), "{\"cells\":{}}", PREVIEW_ARGUMENTS, "", NO_NOTEBOOK),
	CELL_ROW(BY_ID("p", ""), "{\"cells\":[", PREVIEW_ARGUMENTS, "", NO_NOTEBOOK),
	CELL_ROW(BY_ID("p", ""), "", PREVIEW_ARGUMENTS, "", NO_NOTEBOOK),
	CELL_ROW(BY_ID("p", ",\"edit_mode\":\"move\""), NOTEBOOK, PREVIEW_ARGUMENTS, "",
		NO_ARGUMENTS),
	CELL_ROW(BY_ID("p", ",\"cell_type\":7"), NOTEBOOK, PREVIEW_ARGUMENTS, "", NO_ARGUMENTS),
	CELL_ROW(CELL(",\"cell_number\":1"), NOTEBOOK, PREVIEW_ARGUMENTS, "", NO_ARGUMENTS),
	/* patches */
	{ "codex", "apply_patch", PATCH("*** Add File: a\\n+x\\n+\\n+y\\n"), NULL, PREVIEW_DIFF,
		"x\n\ny\n", "" },
	/* as its hooks spell it, and both spellings at once */
	{ "codex", "apply_patch",
		"{\"command\":\"*** Begin Patch\\n*** Add File: a\\n+x\\n*** End Patch\\n\"}", NULL,
		PREVIEW_DIFF, "x\n", "" },
	{ "codex", "apply_patch",
		"{\"command\":\"*** Begin Patch\\n*** Add File: a\\n+x\\n*** End Patch\\n\","
		"\"input\":\"*** Begin Patch\\n*** Add File: a\\n+y\\n*** End Patch\\n\"}",
		NULL, PREVIEW_ARGUMENTS, "", "the arguments are not what apply_patch takes" },
	{ "codex", "apply_patch", PATCH("*** Delete File: a\\n"), "x", PREVIEW_GOES, "", "" },
	{ "codex", "apply_patch", UPDATE("@@\\n 1\\n-2\\n+two\\n 3\\n"), "0\n1\n2\n3\n4\n",
		PREVIEW_DIFF, "0\n1\ntwo\n3\n4\n", "" },
	{ "codex", "apply_patch", UPDATE("@@ f()\\n-x\\n+y\\n"), "x\nf()\nx\n", PREVIEW_DIFF,
		"x\nf()\ny\n", "" },
	{ "codex", "apply_patch", UPDATE("@@\\n-x\\n+y\\n@@\\n-x\\n+z\\n"), "x\na\nx\n",
		PREVIEW_DIFF, "y\na\nz\n", "" },
	{ "codex", "apply_patch", UPDATE("@@\\n-x\\n+y\\n*** End of File\\n"), "x\na\nx\n",
		PREVIEW_DIFF, "x\na\ny\n", "" },
	{ "codex", "apply_patch", UPDATE("@@\\n+y\\n"), "x\n", PREVIEW_DIFF, "x\ny\n", "" },
	{ "codex", "apply_patch", UPDATE("@@\\n x\\n-b\\n+c\\n"), "\tx  \n b\n", PREVIEW_DIFF,
		"x\nc\n", ASIDE },
	{ "codex", "apply_patch", UPDATE("@@\\n-q\\n+y\\n"), "x\n", PREVIEW_FAILS, "",
		"a part of the patch does not fit the file" },
	{ "codex", "apply_patch", UPDATE("@@ nowhere\\n-x\\n+y\\n"), "x\n", PREVIEW_FAILS, "",
		"a part of the patch does not fit the file" },
	{ "codex", "apply_patch", UPDATE("*** Move to: b\\n@@\\n-x\\n+y\\n"), "x\n", PREVIEW_GOES,
		"", "" },
	/* line numbers and counts place nothing, and a unified diff is no patch to any of these
	   tools */
	{ "codex", "apply_patch", UPDATE("@@ -2147483648,9 +1,4294967296 @@\\n-x\\n+y\\n"), "x\n",
		PREVIEW_FAILS, "", "a part of the patch does not fit the file" },
	{ "codex", "apply_patch",
		"{\"input\":\"diff --git a/a b/a\\n--- a/a\\n+++ b/a\\n@@ -1 +1 @@\\n-x\\n+y\\n\"}",
		"x\n", PREVIEW_ARGUMENTS, "", "the arguments are not what apply_patch takes" },
	{ "codex", "apply_patch", PATCH("*** Update File: ../a\\n@@\\n-x\\n+y\\n"), "x\n",
		PREVIEW_ARGUMENTS, "", "the arguments are not what apply_patch takes" },
	{ "codex", "apply_patch", PATCH("*** Update File: b/../a\\n@@\\n-x\\n+y\\n"), "x\n",
		PREVIEW_ARGUMENTS, "", "the arguments are not what apply_patch takes" },
	{ "opencode", "apply_patch",
		"{\"patchText\":\"*** Begin Patch\\n*** Add File: a\\n+x\\n*** End Patch\"}", NULL,
		PREVIEW_DIFF, "x\n", "" },
	{ "filesystem", "move_file", "{\"source\":\"a\",\"destination\":\"b\"}", "x", PREVIEW_GOES,
		"", "" },
};

static struct preview make(const struct row *row, const struct preview_file *files, size_t which)
{
	struct json_scan scan = { 0 };
	struct preview preview;
	assert_true(json_validate(&scan, span_of(row->arguments), JSON_STRICT));
	preview_make(&preview,
		&(struct preview_ask){
			span_of(row->profile), span_of(row->tool), scan.value, files, 2, which });
	json_finish(&scan);
	return preview;
}

static void check(const struct row *row, const struct preview *preview, size_t i)
{
	if (preview->kind != row->kind || strcmp(preview->note, row->note) != 0 ||
		!span_is(buf_view(&preview->after), row->after)) {
		fail_msg("row %zu, %s: %d [%.*s] %s", i, row->tool, preview->kind,
			(int)preview->after.len, preview->after.len ? preview->after.data : "",
			preview->note);
	}
}

static void each_shape(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct preview_file files[] = { { SPAN("a"), span_of(rows[i].a), true },
			{ SPAN("b"), SPAN("old"), true } };
		struct preview preview = make(&rows[i], files, 0);
		check(&rows[i], &preview, i);
		preview_finish(&preview);
	}
}

/* Where a file arrives, its content is the other one's. */
static void what_is_moved(void **state)
{
	static const struct row arrives[] = {
		{ "filesystem", "move_file", "{\"source\":\"a\",\"destination\":\"b\"}", "x\n",
			PREVIEW_DIFF, "x\n", "" },
		{ "codex", "apply_patch", UPDATE("*** Move to: b\\n@@\\n-x\\n+y\\n"), "x\n",
			PREVIEW_DIFF, "y\n", "" },
		{ "codex", "apply_patch", UPDATE("*** Move to: b\\n"), "x\n", PREVIEW_DIFF, "x\n",
			"" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(arrives); i++) {
		struct preview_file files[] = { { SPAN("a"), SPAN("x\n"), true },
			{ SPAN("b"), { NULL, 0 }, true } };
		struct preview preview = make(&arrives[i], files, 1);
		check(&arrives[i], &preview, i);
		assert_string_equal(preview.other, "a");
		preview_finish(&preview);
		preview = make(&arrives[i], files, 0);
		assert_int_equal(preview.kind, PREVIEW_GOES);
		assert_string_equal(preview.other, "b");
		preview_finish(&preview);
		files[0].known = false; /* binary, too large */
		preview = make(&arrives[i], files, 1);
		assert_int_equal(preview.kind, PREVIEW_ARGUMENTS);
		assert_string_equal(preview.other, "a");
		preview_finish(&preview);
	}
}

/* Of a file that could not be read no change is foretold, only what takes its place. */
static void what_is_not_known(void **state)
{
	static const struct row unknown[] = {
		{ "claude-code", "Write", "{\"file_path\":\"a\",\"content\":\"x\"}", NULL,
			PREVIEW_DIFF, "x", "" },
		{ "desktop-commander", "write_file", "{\"path\":\"a\",\"content\":\"x\"}", NULL,
			PREVIEW_ARGUMENTS, "", "" },
		{ "claude-code", "Edit", CLAUDE("", "B", ""), NULL, PREVIEW_ARGUMENTS, "", "" },
		{ "codex", "apply_patch", UPDATE("@@\\n-q\\n+y\\n"), NULL, PREVIEW_ARGUMENTS, "",
			"" },
	};
	const struct preview_file files[] = { { SPAN("a"), { NULL, 0 }, false },
		{ SPAN("b"), { NULL, 0 }, false } };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(unknown); i++) {
		struct preview preview = make(&unknown[i], files, 0);
		check(&unknown[i], &preview, i);
		preview_finish(&preview);
	}
}

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* others may be using the machine */
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A megabyte that is all alike, and a patch that nearly fits everywhere. */
static void nothing_takes_long(void **state)
{
	struct buf text = { 0 }, arguments = { 0 };
	(void)state;
	for (size_t i = 0; i < 1 << 19; i++) {
		buf_text(&text, "x\n");
	}
	buf_text(&arguments, "{\"input\":\"*** Begin Patch\\n*** Update File: a\\n");
	for (size_t i = 0; i < 20000; i++) {
		buf_text(&arguments, "-x\\n");
	}
	buf_text(&arguments, "-y\\n*** End Patch\"}");
	const struct row row = { "codex", "apply_patch", buf_cstr(&arguments), NULL, PREVIEW_FAILS,
		"", "where the patch fits is too much work to find out" };
	const struct preview_file files[] = { { SPAN("a"), buf_view(&text), true },
		{ SPAN("b"), { NULL, 0 }, true } };
	double from = seconds();
	struct preview preview = make(&row, files, 0);
	check(&row, &preview, 0);
	assert_true(seconds() - from < 2); /* measured: 0.05 s */
	preview_finish(&preview);
	const struct row all = { "claude-code", "Edit",
		CLAUDE("x",
			"0123456789"
			"0123456789"
			"0123456789"
			"0123456789",
			",\"replace_all\":true"),
		NULL, PREVIEW_ARGUMENTS, "", "it makes the file too large to be shown" };
	from = seconds();
	preview = make(&all, files, 0);
	check(&all, &preview, 0);
	assert_true(seconds() - from < 2);
	preview_finish(&preview);
	buf_finish(&text);
	buf_finish(&arguments);
}

/* A hundred thousand chunks, each of which fits where the last one ended. */
static void many_chunks_do_not_take_long(void **state)
{
	struct buf text = { 0 }, arguments = { 0 }, after = { 0 };
	(void)state;
	buf_text(&arguments, "{\"input\":\"*** Begin Patch\\n*** Update File: a\\n");
	for (size_t i = 0; i < 100000; i++) {
		buf_text(&text, "x\n");
		buf_text(&after, "y\n");
		buf_text(&arguments, "@@\\n-x\\n+y\\n");
	}
	buf_text(&arguments, "*** End Patch\"}");
	const struct row row = { "codex", "apply_patch", buf_cstr(&arguments), NULL, PREVIEW_DIFF,
		buf_cstr(&after), "" };
	const struct preview_file files[] = { { SPAN("a"), buf_view(&text), true },
		{ SPAN("b"), { NULL, 0 }, true } };
	double from = seconds();
	struct preview preview = make(&row, files, 0);
	check(&row, &preview, 0);
	assert_true(seconds() - from < 2); /* measured: 0.1 s */
	preview_finish(&preview);
	buf_finish(&text);
	buf_finish(&after);
	buf_finish(&arguments);
}

/* A hundred thousand blocks, each of which stands once: the whole file is looked through for each.
 */
static void many_blocks_do_not_take_long(void **state)
{
	struct buf text = { 0 }, arguments = { 0 };
	(void)state;
	buf_text(&arguments, "{\"path\":\"a\",\"diff\":\"");
	for (size_t i = 0; i < 100000; i++) {
		buf_printf(&text, "%06zu\n", i);
		buf_printf(&arguments, BLOCK("%06zu\\n", "x\\n"), i);
	}
	buf_text(&arguments, "\"}");
	const struct row row = { "cline", "replace_in_file", buf_cstr(&arguments), NULL,
		PREVIEW_ARGUMENTS, "", "where its blocks fit is too much work to find out" };
	const struct preview_file files[] = { { SPAN("a"), buf_view(&text), true },
		{ SPAN("b"), { NULL, 0 }, true } };
	double from = seconds();
	struct preview preview = make(&row, files, 0);
	check(&row, &preview, 0);
	assert_true(seconds() - from < 2); /* measured: 0.1 s */
	preview_finish(&preview);
	buf_finish(&text);
	buf_finish(&arguments);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_shape),
		cmocka_unit_test(what_is_moved),
		cmocka_unit_test(what_is_not_known),
		cmocka_unit_test(nothing_takes_long),
		cmocka_unit_test(many_chunks_do_not_take_long),
		cmocka_unit_test(many_blocks_do_not_take_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
