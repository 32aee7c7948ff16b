/* What is said of each file of a call: text, bytes, links, what is too large, what goes. */
#include "config.h"

#include "core/buf.h"
#include "core/json.h"
#include "tui/preview_doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const struct paint terminal = { .rows = 24, .cols = 80 };

struct row {
	const char *profile, *tool, *arguments, *files; /* files: with what stands behind them */
	const char *says[6], *never;
};

#define WRITE(content) "{\"path\":\"a\",\"content\":\"" content "\"}"
#define FILE_AT(name, more) \
	"{\"path\":\"/w/" name "\",\"given\":\"" name \
	"\",\"kind\":\"write\",\"how\":\"replace\"," more "}"
#define TEXT_AT(name, text) \
	FILE_AT(name, "\"state\":\"file\",\"size\":1,\"mode\":420,\"text\":\"" text "\"")
#define NONE_AT(name) FILE_AT(name, "\"state\":\"absent\",\"size\":0")
#define PATCH(body) "{\"input\":\"*** Begin Patch\\n" body "*** End Patch\\n\"}"

static const struct row rows[] = {
	{ "filesystem", "write_file", WRITE("x\\n"), "[" NONE_AT("a") "]",
		{ "new file  +1 -0", "+x", "content: (2 bytes; see the diff)" }, "changes" },
	{ "filesystem", "write_file", WRITE("a\\nb\\n"), "[" TEXT_AT("a", "a\\r\\nb\\r\\n") "]",
		{ "changes the file", "line ends change: CR LF → LF (2 lines)" }, NULL },
	{ "filesystem", "write_file", WRITE("a\\nb\\r\\n"), "[" TEXT_AT("a", "a\\r\\nb\\r\\n") "]",
		{ "-a^M", "+a" }, "line ends change" },
	{ "filesystem", "write_file", WRITE("a"), "[" TEXT_AT("a", "a\\n") "]",
		{ "-a", "+a", "\\ No newline at end of file" }, NULL },
	{ "filesystem", "write_file", WRITE("a\\n"),
		"[" TEXT_AT("a",
			"\xef\xbb\xbf"
			"a\\n") "]",
		{ "The byte order mark at its beginning goes.", "-<U+FEFF>a" }, NULL },
	{ "filesystem", "write_file",
		WRITE("\xef\xbb\xbf"
		      "a\\n"),
		"[" TEXT_AT("a", "a\\n") "]", { "A byte order mark comes to its beginning." },
		NULL },
	{ "filesystem", "write_file", WRITE("x"),
		"[" FILE_AT("a",
			"\"state\":\"binary\",\"size\":5120,\"mode\":420,\"hash\":\"ab12\","
			"\"bytes\":\"89504e470d0a1a0a00\"") "]",
		{ "/w/a is not text", "now 5.1 kB, a PNG image", "SHA-256 now  ab12",
			"0000 89 50 4e 47 0d 0a 1a 0a", "content: \"x\"" },
		"@@" },
	{ "filesystem", "write_file", WRITE("x\\u0000"), "[" TEXT_AT("a", "y") "]",
		{ "The content is not text: there is no diff to show.", "SHA-256 then " }, "@@" },
	{ "filesystem", "write_file", WRITE("x"),
		"[" FILE_AT("a",
			"\"state\":\"file\",\"size\":2,\"mode\":420,\"text\":\"\xef\xbf\xbd\","
			"\"replaced\":true,\"hash\":\"cd\",\"bytes\":\"ff0a\"") "]",
		{ "changes the file", "SHA-256 now  cd", "SHA-256 then ", "0000 ff 0a" }, NULL },
	{ "filesystem", "write_file", WRITE("x"),
		"[" FILE_AT("a",
			"\"state\":\"large\",\"size\":3200000,\"mode\":420,\"bytes\":\"61\"") "]",
		{ "/w/a is too large to compare", "V asks for all of it.", "now 3.2 MB" }, "@@" },
	{ "filesystem", "write_file", WRITE("x"),
		"[" FILE_AT("a", "\"state\":\"large\",\"size\":90000000,\"mode\":420") "]",
		{ "past 8 MiB" }, "V asks" },
	{ "filesystem", "write_file", WRITE("x"),
		"[" FILE_AT("a", "\"state\":\"link\",\"size\":0,\"link\":\"../\\u001b[2Jb\"") "]",
		{ "/w/a is a symbolic link to ../<U+001B>[2Jb" }, "new file" },
	{ "filesystem", "write_file", WRITE("x"), "[" FILE_AT("a", "\"state\":\"special\"") "]",
		{ "/w/a is no regular file" }, NULL },
	{ "claude-code", "NotebookEdit",
		"{\"notebook_path\":\"a\",\"cell_id\":\"p\",\"new_source\":\"y\\nz\"}",
		"[" TEXT_AT("a",
			"{\\\"cells\\\":[{\\\"id\\\":\\\"p\\\",\\\"source\\\":\\\"x\\\"}]}") "]",
		{ "cell 1 of 1, its source alone", "changes a part of the file  +2 -1", "-x", "+y",
			"new_source: (3 bytes; see the diff)" },
		"No newline" },
	{ "claude-code", "NotebookEdit",
		"{\"notebook_path\":\"a\",\"cell_id\":\"p\",\"new_source\":\"y\\nz\","
		"\"edit_mode\":\"delete\"}",
		"[" TEXT_AT("a",
			"{\\\"cells\\\":[{\\\"id\\\":\\\"p\\\",\\\"source\\\":\\\"x\\\"}]}") "]",
		{ "cell 1 of 1 goes", "changes a part of the file  +0 -1", "-x" }, "see the diff" },
	{ "filesystem", "move_file", "{\"source\":\"a\",\"destination\":\"b\"}",
		"[" TEXT_AT("a", "x\\ny\\n") "," NONE_AT("b") "]",
		{ "moved to b", "moved here from a", "The file stays as it is." },
		"place of the file" },
	{ "filesystem", "move_file", "{\"source\":\"a\",\"destination\":\"b\"}",
		"[" TEXT_AT("a", "x\\n") "," TEXT_AT("b", "y\\n") "]",
		{ "moved here from a", "It takes the place of the file that is there", "-y", "+x" },
		NULL },
	{ "codex", "apply_patch",
		PATCH("*** Update File: a\\n@@\\n-x\\n+y\\n*** Delete File: b\\n*** Add File: "
		      "c\\n+new\\n"),
		"[" TEXT_AT("a", "x\\n") "," TEXT_AT("b", "old\\n") "," NONE_AT("c") "]",
		{ "-x", "+y", "deleted file  -1", "-old", "new file  +1 -0", "see the diff" },
		NULL },
	{ "codex", "apply_patch", PATCH("*** Update File: a\\n@@\\n-q\\n+y\\n"),
		"[" TEXT_AT("a", "x\\n") "]",
		{ "This edit will not apply to the file as it is:",
			"a part of the patch does not fit the file", "*** Update File: a" },
		"see the diff" },
	{ "codex", "apply_patch", PATCH("*** Add File: a\\n+x\\n"),
		"[" NONE_AT("a") "],\"files_left\":3",
		{ "new file", "3 more files are not shown", "*** Add File: a" }, "see the diff" },
	{ "", "remove", "{\"path\":\"a\"}",
		"[{\"path\":\"/w/"
		"a\",\"given\":\"a\",\"kind\":\"delete\",\"how\":\"file\",\"state\":"
		"\"file\",\"size\":4,\"text\":"
		"\"1\\n2\\n3\\n4\\n5\\n6\\n7\\n8\\n9\\n10\\n11\\n12\\n13\\n14"
		"\\n\"}]",
		{ "deleted file  -14", "-12", "and 2 lines more", "path: \"a\"" }, "-13" },
	{ "", "remove", "{\"path\":\"a\"}",
		"[{\"path\":\"/w/"
		"a\",\"given\":\"a\",\"kind\":\"delete\",\"how\":\"tree\",\"state\":"
		"\"directory\",\"size\":0,\"tree\":{\"files\":214,\"directories\":3,\"bytes\":"
		"38000000,"
		"\"cut\":false,\"names\":[\"x/\\u001b[2J\",\"y\"]}}]",
		{ "would delete 214 files in 4 directories, 38 MB", "-x/<U+001B>[2J", "-y",
			"and 212 more" },
		"could be counted" },
	{ "", "remove", "{\"path\":\"a\"}",
		"[{\"path\":\"/w/"
		"a\",\"given\":\"a\",\"kind\":\"delete\",\"how\":\"tree\",\"state\":"
		"\"directory\",\"tree\":{\"files\":1,\"directories\":0,\"bytes\":1,\"cut\":true}}]",
		{ "would delete more than 1 file in 1 directory, 1 byte",
			"There is more than could be counted." },
		NULL },
	/* a long text that no diff tells is shown in full */
	{ "claude-code", "Write",
		"{\"file_path\":\"a\",\"content\":\"1\\n2\\n\",\"other\":\"one\\ntwo\"}",
		"[" NONE_AT("a") "]",
		{ "content: (4 bytes; see the diff)", "other: (text, 7 bytes)", "two" }, NULL },
};

static char *text_of(const struct doc *doc)
{
	struct buf out = { 0 };
	for (size_t i = 0; i < doc->count; i++) {
		buf_printf(&out, "%s%s\n", doc->lines[i].mark, safe_cstr(&doc->lines[i].text));
	}
	char *text = xstrdup(out.len ? buf_cstr(&out) : "");
	buf_finish(&out);
	return text;
}

static char *shown(const struct row *row, bool whole)
{
	char *show = xasprintf("{\"params\":{\"name\":\"%s\",\"arguments\":%s},\"cut\":false,"
			       "\"files\":%s}",
		row->tool, row->arguments, row->files);
	char method[] = "tools/call";
	struct model_item item = { .profile = xstrdup(row->profile),
		.tool = xstrdup(row->tool),
		.method = method,
		.show = SHOW_HERE,
		.whole = whole,
		.show_text = show,
		.show_len = strlen(show) };
	struct json_scan scan = { 0 };
	struct doc doc;
	if (!json_validate(&scan, span_of(show), JSON_LOOSE)) {
		fail_msg("no JSON: %s", show);
	}
	json_finish(&scan);
	doc_init(&doc, &terminal);
	doc.paint = &(struct paint){ .ascii = true };
	preview_doc(&doc, &item, &(struct diff_form){ .width = 40, .context = 3 });
	char *text = text_of(&doc);
	doc_finish(&doc);
	free(item.profile);
	free(item.tool);
	free(show);
	return text;
}

static void each_file_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *text = shown(&rows[i], false);
		for (size_t k = 0; k < COUNT_OF(rows[i].says) && rows[i].says[k]; k++) {
			if (!strstr(text, rows[i].says[k])) {
				fail_msg("row %zu does not say: %s\n%s", i, rows[i].says[k], text);
			}
		}
		if (rows[i].never && strstr(text, rows[i].never)) {
			fail_msg("row %zu says: %s\n%s", i, rows[i].never, text);
		}
		free(text);
	}
}

/* A long diff begins and ends, and says what it leaves out; V asks for all of it. */
static void a_long_diff_is_bounded(void **state)
{
	struct buf content = { 0 };
	(void)state;
	for (int i = 0; i < 3000; i++) {
		buf_printf(&content, "line %d\\n", i);
	}
	char *arguments = xasprintf("{\"path\":\"a\",\"content\":\"%s\"}", buf_cstr(&content));
	const struct row row = { "filesystem", "write_file", arguments, "[" NONE_AT("a") "]",
		{ NULL }, NULL };
	for (int whole = 0; whole < 2; whole++) {
		char *text = shown(&row, whole);
		assert_non_null(strstr(text, "new file  +3000 -0"));
		assert_non_null(strstr(text, "+line 0\n"));
		assert_non_null(strstr(text, "+line 2999\n"));
		assert_int_equal(strstr(text, "+line 1500\n") != NULL, whole);
		assert_int_equal(strstr(text,
					 "1800 lines of the diff are not shown here: V shows "
					 "all.") != NULL,
			!whole);
		free(text);
	}
	free(arguments);
	buf_finish(&content);
}

static double cpu_seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A megabyte that changes in every line. */
static void a_megabyte_is_quick(void **state)
{
	struct buf content = { 0 }, files = { 0 };
	(void)state;
	buf_text(&files,
		"[{\"path\":\"/w/a\",\"given\":\"a\",\"kind\":\"write\",\"state\":\"file\","
		"\"text\":\"");
	for (int i = 0; i < 20000; i++) {
		buf_printf(&content, "new line %d of a text with some fifty bytes a row\\n", i);
		buf_printf(&files, "old line %d of a text with some fifty bytes a row\\n", i);
	}
	buf_text(&files, "\"}]");
	char *arguments = xasprintf("{\"path\":\"a\",\"content\":\"%s\"}", buf_cstr(&content));
	const struct row row = { "filesystem", "write_file", arguments, buf_cstr(&files), { NULL },
		NULL };
	double from = cpu_seconds();
	char *text = shown(&row, false);
	assert_true(cpu_seconds() - from < 0.3); /* measured: 0.02 */
	assert_non_null(strstr(text, "changes the file  +20000 -20000"));
	free(text);
	free(arguments);
	buf_finish(&content);
	buf_finish(&files);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_file_is_told),
		cmocka_unit_test(a_megabyte_is_quick), cmocka_unit_test(a_long_diff_is_bounded) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
