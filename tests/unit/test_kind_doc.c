/* Commands and statements on the card: every simple command in a row, nothing left out unsaid. */
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

#include <cmocka.h>

enum { EFFECTS = 3 };

struct row {
	const char *arguments;
	struct {
		const char *kind, *arg, *given, *how, *word;
		unsigned part;
	} effects[EFFECTS];
	const char *says[8], *never;
};

#define LINE \
	{ \
		{ \
			"exec", "command", "x", "local", "", 1 \
		} \
	}
#define UNREAD \
	{ \
		{ \
			"unknown", "command", "a loop", "", "", 0 \
		} \
	}
#define NET \
	{ \
		{ \
			"net", "url", "x", "remote", "", 0 \
		} \
	}
#define PACKAGES(a, aw, b, bw, c, cw) \
	{ \
		{ "install", "", a, "npm", aw, 1 }, { "install", "", b, "npm", bw, 1 }, \
		{ \
			"install", "", c, "npm", cw, 1 \
		} \
	}
#define SQL \
	{ \
		{ \
			"sql", "sql", "x", "write", "", 0 \
		} \
	}

static const struct row rows[] = {
	{ "{\"command\":\"git push origin main\"}", LINE,
		{ "command\n", "|git push origin main\n", "command: \"git push origin main\"" },
		"commands" },
	{ "{\"command\":\"cd web && npm i x || exit 1; make | tee log > out 2>&1\\nls\"}", LINE,
		{ "commands\n", "|cd web\n", "  &&|npm i x\n", "  |||exit 1\n", "   ;|make\n",
			"   ||tee log > out 2>&1\n", "   ;|ls\n", "bytes; see the commands)" },
		"taken apart" },
	/* not proven: as it stands, and why; what was complete before the fault is no row by itself
	 */
	{ "{\"command\":\"ls && for f in *; do\\n  rm $f\\ndone\"}", LINE,
		{ "It cannot be taken apart (a loop). As it stands:\n|ls && for f in *; do\n|  rm "
		  "$f\n|done\n",
			"(33 bytes; see the commands)" },
		"&&|" },
	{ "{\"command\":\"for f in *; do\\n  rm $f\\ndone\"}", UNREAD,
		{ "It cannot be taken apart (a loop)", "|  rm $f\n" }, NULL },
	{ "{\"command\":\"(cd x; make) &\"}", UNREAD, { "(a subshell)", "|(cd x; make) &\n" },
		NULL },
	/* a name alone makes no command line of what can be read as one: it may be a program */
	{ "{\"command\":\"a; b\"}", UNREAD, { "command: \"a; b\"" }, "commands" },
	{ "{\"command\":\"a\"}", { { "exec", "command", "a", "unproven", "", 0 } },
		{ "command: \"a\"" }, "command\n" },
	{ "{\"command\":\"a\"}", { { "unknown", "other", "what it does", "", "", 0 } },
		{ "command: \"a\"" }, "command\n" },
	/* what the rows do not hold keeps the argument whole */
	{ "{\"command\":\"ls -l # and a comment that is long enough to be shortened, were it "
	  "told\"}",
		LINE, { "|ls -l\n", "# and a comment that is" }, "see the" },
	{ "{\"command\":\"cat <<'END'\\nrm -rf /\\nEND\\nls\"}", LINE,
		{ "|cat <<'END'\n", "   ;|ls\n", "rm -rf /" }, "see the" },
	/* hostile text */
	{ "{\"command\":\"echo \\u001b[2J \\u202e\\r\\nb\"}", LINE,
		{ "It cannot be taken apart (a control character)", "|echo <U+001B>[2J <U+202E>" },
		"\x1b" },
	{ "{\"command\":\"echo '\\n  && rm x'\"}", LINE, { "|echo '\n|  && rm x'\n" }, "&&|" },
	{ "{\"command\":\"ls\",\"command\":\"rm x\"}", LINE, { "command: \"ls\"" }, "command\n" },
	{ "{\"command\":[\"ls\"]}", LINE, { "- \"ls\"" }, "command\n" },
	{ "{\"command\":\"\"}", LINE, { "command: \"\"" }, "command\n" },
	/* statements */
	{ "{\"sql\":\"delete from users\\n  where id = 1;\"}", SQL,
		{ "statement\n|delete from users\n|  where id = 1;\n",
			"sql: (33 bytes; see the statement)" },
		NULL },
	{ "{\"sql\":\"select 1\",\"other\":\"one\\ntwo\"}", SQL,
		{ "statement\n|select 1\n", "sql: \"select 1\"", "other: (text, 7 bytes)" }, NULL },
	{ "{\"sql\":\"select '\\u202e\\u0007'\"}", SQL, { "|select '<U+202E><U+0007>'\n" }, "\a" },
	/* requests */
	{ "{\"url\":\"https://a.example/x?y\",\"method\":\"POST\",\"headers\":{\"Cookie\":\"a=1\","
	  "\"X\":\"a\\r\\nHost: b\",\"n\":1},\"body\":\"1\\n2\"}",
		NET,
		{ "request\n|POST https://a.example/x?y\n|Cookie: a=1\n|X: a<U+000D>",
			"Host: b\n|n: 1\n", "body, 3 bytes\n|1\n|2\n",
			"body: (3 bytes; see the request)" },
		"\n|Host" },
	{ "{\"url\":\"https://a.example\"}", NET, { "request\n|https://a.example\n" }, "body" },
	{ "{\"url\":\"https://good.example@evil.example/\\n\\u001b[2J\",\"method\":\"A\\nB\"}", NET,
		{ "request\nA", "https://good.example@evil.example/", "<U+001B>[2J\n(" }, "\x1b" },
	{ "{\"url\":\"https://a.example\"}",
		{ { "net", "url", "x", "remote", "", 0 }, { "exec", "url", "x", "wide", "", 0 } },
		{ "url: \"https://a.example\"" }, "request" },
	/* packages */
	{ "{}", PACKAGES("left-pad", "", "@a/b@1.2", "global", "six>=1.2", "lockfile"),
		{ "packages", "|left-pad  latest   npm      registry\n",
			"|@a/b      1.2      npm      registry, for all projects\n",
			"|six       >=1.2    npm      registry, as locked\n" },
		NULL },
	{ "{}",
		PACKAGES("git+https://h/x.git", "source", "https://h/x.tgz", "source", "./x",
			"source"),
		{ "npm      git\n", "npm      URL\n", "npm      path\n", "what is there" },
		"registry" },
	{ "{}", PACKAGES("", "", "x\033[2J\n\342\200\256", "remove", "y", "odd"),
		{ "|what its files say      as they say", "|x<U+001B>[2J", "<U+202E>",
			"is removed\n", "not known    npm      not known\n" },
		"\x1b" },
	/* a call of no kind */
	{ "{\"q\":\"x\"}", { { "tool", "", "q", "read", "", 0 } }, { "q: \"x\"" }, "statement" },
};

static char *text_of(const struct doc *doc)
{
	struct buf out = { 0 };
	for (size_t i = 0; i < doc->count; i++) {
		buf_printf(&out, "%s%s%s\n", doc->lines[i].mark,
			doc->lines[i].role == ROLE_TEXT ? "|" : "", safe_cstr(&doc->lines[i].text));
	}
	char *text = xstrdup(out.len ? buf_cstr(&out) : "");
	buf_finish(&out);
	return text;
}

static void take_effects(const struct row *row, struct model_effect *effects, size_t *count)
{
	for (*count = 0; *count < EFFECTS && row->effects[*count].kind; (*count)++) {
		effects[*count] = (struct model_effect){
			.kind = xstrdup(row->effects[*count].kind),
			.arg = xstrdup(row->effects[*count].arg),
			.given = xstrdup(row->effects[*count].given),
			.how = xstrdup(row->effects[*count].how),
			.word = xstrdup(row->effects[*count].word),
			.part = row->effects[*count].part,
		};
	}
}

static void drop_effects(struct model_effect *effects, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(effects[i].kind);
		free(effects[i].arg);
		free(effects[i].given);
		free(effects[i].how);
		free(effects[i].word);
	}
}

static char *shown(const struct row *row, bool *partial)
{
	char *show = xasprintf(
		"{\"params\":{\"name\":\"t\",\"arguments\":%s},\"cut\":false,\"files\":[]}",
		row->arguments);
	char method[] = "tools/call";
	struct model_effect effects[EFFECTS];
	struct model_item item = { .method = method,
		.effects = effects,
		.show = SHOW_HERE,
		.show_text = show,
		.show_len = strlen(show) };
	struct json_scan scan = { 0 };
	struct doc doc;
	if (!json_validate(&scan, span_of(show), JSON_LOOSE)) {
		fail_msg("no JSON: %s", show);
	}
	json_finish(&scan);
	take_effects(row, effects, &item.effect_count);
	doc_init(&doc, &(struct paint){ .ascii = true });
	preview_doc(&doc, &item, &(struct diff_form){ .width = 40, .context = 3 });
	char *text = text_of(&doc);
	*partial = doc.partial;
	doc_finish(&doc);
	drop_effects(effects, item.effect_count);
	free(show);
	return text;
}

static void each_kind_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		bool partial = false;
		char *text = shown(&rows[i], &partial);
		for (size_t k = 0; k < COUNT_OF(rows[i].says) && rows[i].says[k]; k++) {
			if (!strstr(text, rows[i].says[k])) {
				fail_msg("row %zu does not say: %s\n%s", i, rows[i].says[k], text);
			}
		}
		if (rows[i].never && strstr(text, rows[i].never)) {
			fail_msg("row %zu says: %s\n%s", i, rows[i].never, text);
		}
		assert_false(partial);
		free(text);
	}
}

/* Past the bound the rows end, that is said, and the argument stands there in full. */
static void many_rows_are_bounded(void **state)
{
	struct buf lines = { 0 };
	bool partial = false;
	(void)state;
	for (int i = 0; i < 100; i++) {
		buf_printf(&lines, "select %d;\\n", i);
	}
	char *arguments = xasprintf("{\"sql\":\"%s\"}", buf_cstr(&lines));
	const struct row row = { arguments, SQL, { NULL }, NULL };
	char *text = shown(&row, &partial);
	const char *end = strstr(text, "not all of it: the argument below is whole");
	assert_non_null(end);
	assert_non_null(strstr(text, "|select 63;\n"));
	assert_true(strstr(text, "|select 63;\n") < end);
	assert_true(strstr(text, "select 64;\n") > end);
	assert_non_null(strstr(end, "select 99;\n"));
	assert_null(strstr(text, "see the statement"));
	assert_false(partial);
	free(text);
	free(arguments);
	buf_finish(&lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_kind_is_told),
		cmocka_unit_test(many_rows_are_bounded) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
