/*
 * Edits of configuration files: before and after as whole files, what is refused and where, and the
 * law that what was added comes out again without a trace.
 */
#include "config.h"

#include "tests/unit/conf_law.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum edit { REPLACE, ADD, REMOVE };
enum { STEPS = 8, FILE_MAX = 8192 };

static const struct edit_case {
	const char *name;
	enum conf_format format;
	enum edit edit;
	const char *path, *raw;
	size_t made;
} cases[] = {
#include "tests/unit/conf_cases_table.h"
};

static void load(const char *name, const char *ending, struct buf *out)
{
	char *path = xasprintf("%s/tests/configs/%s.%s", SRCDIR, name, ending);
	FILE *f = fopen(path, "rb");
	if (!f) {
		fail_msg("%s is not there", path);
		return;
	}
	buf_room(out, FILE_MAX);
	out->len = fread(out->data, 1, FILE_MAX, f);
	assert_true(out->len < FILE_MAX);
	fclose(f);
	free(path);
}

/* "a/#1" as steps; `text` is cut. */
static struct conf_path path_of(char *text, struct conf_step steps[STEPS])
{
	size_t count = 0;
	for (char *at = strtok(text, "/"); at; at = strtok(NULL, "/")) {
		bool index = at[0] == '#';
		steps[count++] = (struct conf_step){ index ? NULL : at,
			index ? (size_t)atoi(at + 1) : 0 };
	}
	return (struct conf_path){ steps, count };
}

static void expect(const struct edit_case *t, const struct buf *got, const struct buf *want)
{
	if (!span_same(buf_view(got), buf_view(want))) {
		fail_msg("%s: got [%.*s]", t->name, SPAN_FMT(buf_view(got)));
	}
}

static void run(const struct edit_case *t)
{
	struct buf before = { 0 }, after = { 0 }, got = { 0 }, back = { 0 };
	struct conf conf = { 0 }, changed = { 0 };
	struct conf_step steps[STEPS];
	struct err err = { 0 };
	char *text = xstrdup(t->path);
	struct conf_path path = path_of(text, steps);
	size_t made = 0;
	load(t->name, "before", &before);
	load(t->name, "after", &after);
	bool good = conf_parse(&conf, t->format, t->name, buf_view(&before), &err);
	good = good &&
		(t->edit == ADD ? conf_add(&conf, path, span_of(t->raw), &made, &got, &err)
				: t->edit == REMOVE
				? conf_remove(&conf, path, &got, &err)
				: conf_replace(&conf, path, span_of(t->raw), &got, &err));
	if (!good) {
		fail_msg("%s: %s", t->name, err.text);
	}
	expect(t, &got, &after);
	if (t->edit == ADD) {
		assert_int_equal(made, t->made);
		path.count = made;
		assert_true(conf_parse(&changed, t->format, t->name, buf_view(&got), &err));
		if (!conf_remove(&changed, path, &back, &err)) {
			fail_msg("%s: undo: %s", t->name, err.text);
		}
		expect(t, &back, &before);
	}
	conf_finish(&conf);
	conf_finish(&changed);
	buf_finish(&before);
	buf_finish(&after);
	buf_finish(&got);
	buf_finish(&back);
	free(text);
}

static void edits_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		run(&cases[i]);
	}
}

static void files_keep_the_law(void **state)
{
	static const char *const values[] = { "1", "\"x\"", "[]", "[1,[2]]", "true" };
	static const char *const objects[] = { "{}", "{\"a\":{\"b\":[{}]},\"c\":2}" };
	static const char *const tables[] = { "{}", "{ a = { b = [{}] }, c = 2 }" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		for (size_t after = 0; after < 2; after++) {
			struct buf text = { 0 };
			size_t refused = 0, added = 0;
			bool toml = cases[i].format == CONF_TOML;
			load(cases[i].name, after ? "after" : "before", &text);
			for (size_t k = 0; k < COUNT_OF(values); k++) {
				added += conf_law(cases[i].format, buf_view(&text),
					span_of(values[k]), 1000, &refused);
				assert_true(toml || !refused);
			}
			for (size_t k = 0; k < COUNT_OF(objects); k++) {
				added += conf_law(cases[i].format, buf_view(&text),
					span_of((toml ? tables : objects)[k]), 1000, &refused);
				assert_true(toml || !refused);
			}
			assert_true(added > 0);
			buf_finish(&text);
		}
	}
}

/* A text of random values, spaces and comments, from a seed. */
struct dice {
	uint64_t state;
	bool comments, crlf;
	unsigned keys;
};

static unsigned roll(struct dice *d, unsigned sides)
{
	d->state = d->state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (unsigned)(d->state >> 33) % sides;
}

static void space(struct dice *d, struct buf *out)
{
	static const char *const gaps[] = { "", "", "", " ", "\t", "  ", " \t " };
	for (unsigned n = roll(d, 3); n; n--) {
		unsigned kind = roll(d, d->comments ? 6 : 3);
		buf_text(out, gaps[roll(d, COUNT_OF(gaps))]);
		if (kind == 5) {
			buf_text(out, roll(d, 2) ? "/* } */" : "/**/");
		} else if (kind == 4) {
			buf_text(out, roll(d, 2) ? "// ], \" \t" : "//");
		}
		if (kind == 4 || kind == 2) {
			buf_text(out, d->crlf ? "\r\n" : "\n");
			buf_text(out, gaps[roll(d, COUNT_OF(gaps))]);
		}
	}
}

static void value(struct dice *d, unsigned depth, struct buf *out)
{
	static const char *const scalars[] = { "1", "-0.5e+3", "\"\"", "\"a\\n\\\"]}//\"",
		"\"\xe6\x97\xa5\"", "true", "null" };
	unsigned kind = depth ? roll(d, 4) : 3;
	if (kind > 1) {
		buf_text(out, scalars[roll(d, COUNT_OF(scalars))]);
		return;
	}
	buf_char(out, kind ? '{' : '[');
	space(d, out);
	unsigned count = roll(d, 4);
	for (unsigned i = 0; i < count; i++) {
		if (kind) {
			buf_printf(out, "\"k\\u0031%u\"", d->keys++);
			space(d, out);
			buf_char(out, ':');
			space(d, out);
		}
		value(d, depth - 1, out);
		space(d, out);
		if (i + 1 < count || (d->comments && roll(d, 2))) {
			buf_char(out, ',');
			space(d, out);
		}
	}
	buf_char(out, kind ? '}' : ']');
}

static void random_texts_keep_the_law(void **state)
{
	static const char *const values[] = { "1", "{\"a\":[{}]}" };
	size_t added = 0;
	(void)state;
	for (unsigned seed = 0; seed < 4000; seed++) {
		struct dice d = { .state = seed, .comments = seed & 1, .crlf = seed & 2 };
		struct buf text = { 0 };
		size_t refused = 0;
		buf_text(&text, seed & 4 ? "\xef\xbb\xbf" : "");
		space(&d, &text);
		if (seed % 16) {
			value(&d, 4, &text);
		}
		space(&d, &text);
		added += conf_law(d.comments ? CONF_JSONC : CONF_JSON, buf_view(&text),
			span_of(values[seed / 8 % 2]), 100, &refused);
		if (refused) {
			fail_msg("refused in [%.*s]", SPAN_FMT(buf_view(&text)));
		}
		buf_finish(&text);
	}
	assert_true(added > 4000);
}

static void toml_value(struct dice *d, unsigned depth, struct buf *out)
{
	static const char *const scalars[] = { "1_0", "\"a # ] \\\"\"", "'\\'", "true",
		"\"\"\"x\n\"\"]]\"\"\"", "'''\n[t]\n'''", "07:32:00", "-inf" };
	unsigned kind = depth ? roll(d, 4) : 3, count = roll(d, 3);
	if (kind > 1) {
		buf_text(out, scalars[roll(d, COUNT_OF(scalars))]);
		return;
	}
	buf_text(out, kind ? "{" : roll(d, 2) ? "[" : "[ # ]\n\t");
	for (unsigned i = 0; i < count; i++) {
		buf_text(out, i ? "," : "");
		buf_text(out, !kind && roll(d, 3) == 0 ? " # c\n  " : roll(d, 2) ? " " : "");
		if (kind) {
			buf_printf(out, "\"k %u\"=", d->keys++);
		}
		toml_value(d, depth - 1, out);
	}
	buf_text(out, kind ? " }" : count && roll(d, 2) ? " ,\n]" : " ]");
}

static void toml_text(struct dice *d, struct buf *out)
{
	static const char *const lines[] = { "", "  ", "# c", "\t# [x]" };
	for (unsigned n = roll(d, 12); n; n--) {
		unsigned kind = roll(d, 8), k = d->keys++;
		buf_text(out, roll(d, 4) ? "" : "  ");
		if (kind < 2) {
			buf_text(out, lines[roll(d, COUNT_OF(lines))]);
		} else if (kind == 2) {
			buf_text(out, roll(d, 2) ? "[s" : "[ p . s");
			buf_printf(out, "%u ] # h", k);
		} else if (kind == 3) {
			buf_text(out, roll(d, 2) ? "[[a]]" : "[[p.b]]#");
		} else {
			buf_printf(out, "k%u%s = ", k, kind == 4 ? " . 'e'" : "");
			toml_value(d, 3, out);
			buf_text(out, roll(d, 3) ? "" : " # v ");
		}
		buf_text(out, n > 1 || roll(d, 2) ? "\n" : "");
	}
}

/* The same; where a table stands in several places an addition may be refused. */
static void random_toml_keeps_the_law(void **state)
{
	static const char *const values[] = { "1", "{ a = [{}], \"b c\" = '' }" };
	size_t added = 0, refused = 0;
	(void)state;
	for (unsigned seed = 0; seed < 4000; seed++) {
		struct dice d = { .state = seed };
		struct buf text = { 0 };
		struct conf conf;
		struct err err = { 0 };
		size_t no = 0;
		toml_text(&d, &text);
		if (!conf_parse(&conf, CONF_TOML, "f", buf_view(&text), &err)) {
			fail_msg("%s in [%.*s]", err.text, SPAN_FMT(buf_view(&text)));
		}
		conf_finish(&conf);
		added += conf_law(CONF_TOML, buf_view(&text), span_of(values[seed % 2]), 100, &no);
		refused += no;
		buf_finish(&text);
	}
	assert_true(added > 8000);
	assert_true(refused < added / 5);
}

static const struct {
	enum conf_format format;
	struct span text;
	const char *error;
} refusals[] = {
	{ CONF_JSON, SPAN("{\n  // x\n}"), "f:2:3: a comment, which strict JSON does not have" },
	{ CONF_JSON, SPAN("{\"a\": 1,\n \"b\": 2,\n}"),
		"f:2:8: a comma behind the last one, which strict JSON does not have" },
	{ CONF_JSON, SPAN("{\"a\": 1,\n \"\\u0061\": 2}"), "f:2:2: the key \"a\" is given twice" },
	{ CONF_JSON, SPAN("{\"\x1b[2J\": 1}"), "f:1:3: a control character in a string" },
	{ CONF_JSON, SPAN("{\"\\u001b[2J\":1,\"\\u001b[2J\":1}"),
		"f:1:16: the key \"?[2J\" is given twice" },
	{ CONF_JSON, SPAN("{\"a\": \"\xc3\xa9\", b}"), "f:1:12: expected a key in quotes" },
	{ CONF_JSON, SPAN("\xef\xbb\xbf{\"a\" 1}"), "f:1:6: expected a colon behind the key" },
	{ CONF_JSON, SPAN("{\"a\": 01}"), "f:1:7: expected a value" },
	{ CONF_JSON, SPAN("{\"a\": 1 \"b\": 1}"), "f:1:9: expected a comma or }" },
	{ CONF_JSON, SPAN("{\"a\": [1}"), "f:1:9: expected a comma or ]" },
	{ CONF_JSON, SPAN("{\"a\": [1"), "f:1:7: a bracket without its ]" },
	{ CONF_JSON, SPAN("{\"a\":"), "f:1:6: the file ends too early" },
	{ CONF_JSON, SPAN("{} {}"), "f:1:4: something behind the value" },
	{ CONF_JSON, SPAN("\"\\ud800\""), "f:1:2: an escape that means no character" },
	{ CONF_JSON, SPAN("\"\\u0000\""), "f:1:2: an escape that means no character" },
	{ CONF_JSON, SPAN("\"a"), "f:1:1: a string that does not end" },
	{ CONF_JSON, SPAN("{\n\"\xff\"}"), "f:2:2: bytes that are not UTF-8" },
	{ CONF_JSON, SPAN("{\0}"), "f:1:2: a NUL" },
	{ CONF_JSON, SPAN("{\r}"), "f:1:2: a carriage return without a line feed" },
	{ CONF_JSONC, SPAN("{,}"), "f:1:2: expected a key in quotes" },
	{ CONF_JSONC, SPAN("[1,,]"), "f:1:4: expected a value" },
	{ CONF_JSONC, SPAN("[1 /* \n"), "f:1:4: a comment that does not end" },
	{ CONF_JSONC, SPAN("[1 / 2]"), "f:1:4: expected a comma or ]" },
	{ CONF_TOML, SPAN("a = 1\na = 2"), "f:2:1: the key \"a\" is given twice" },
	{ CONF_TOML, SPAN("[a]\n[b]\n[a]"), "f:3:2: a table that is defined elsewhere already" },
	{ CONF_TOML, SPAN("a = {}\n[a.b]"), "f:2:2: a table that is defined elsewhere already" },
	{ CONF_TOML, SPAN("a = []\n[[a]]"), "f:2:3: a table that is defined elsewhere already" },
	{ CONF_TOML, SPAN("[a.b]\n[a]\nb.c = 1"),
		"f:3:1: a table that is defined elsewhere already" },
	{ CONF_TOML, SPAN("a.b = 1\n[a]"), "f:2:2: a table that is defined elsewhere already" },
	{ CONF_TOML, SPAN("[a]\nb = {\n}"), "f:2:6: expected a key" },
	{ CONF_TOML, SPAN("b = { a = 1, }"), "f:1:14: expected a key" },
	{ CONF_TOML, SPAN("b = { a.b = 1 }"),
		"f:1:7: a dotted key in an inline table is not read here" },
	{ CONF_TOML, SPAN("a = 1 b = 2"), "f:1:7: expected the end of the line" },
	{ CONF_TOML, SPAN("a = 01"), "f:1:5: expected a value" },
	{ CONF_TOML, SPAN("a = 1__0"), "f:1:5: expected a value" },
	{ CONF_TOML, SPAN("a = 1979-05-27 7"), "f:1:5: expected a value" },
	{ CONF_TOML, SPAN("a = True"), "f:1:5: expected a value" },
	{ CONF_TOML, SPAN("a = \"x\ny\""), "f:1:7: a control character in a string" },
	{ CONF_TOML, SPAN("a = \"\\x41\""), "f:1:6: an escape that means no character" },
	{ CONF_TOML, SPAN("\n[[a]\n"), "f:2:5: expected ]]" },
	{ CONF_TOML, SPAN("a = [1\n,\n2"), "f:1:5: a bracket without its ]" },
	{ CONF_TOML, SPAN("a = '''\n''"), "f:1:5: a string that does not end" },
	{ CONF_JSONC, SPAN("{} # x"), "f:1:4: something behind the value" },
};

static void refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(refusals); i++) {
		struct conf conf;
		struct err err = { 0 };
		assert_false(conf_parse(&conf, refusals[i].format, "f", refusals[i].text, &err));
		assert_string_equal(err.text, refusals[i].error);
		conf_finish(&conf);
	}
}

static void refuses_edits(void **state)
{
	static const struct {
		enum edit edit;
		const char *path, *raw;
	} edits[] = { { ADD, "a", "1" }, { ADD, "a/x", "1" }, { ADD, "l/#2", "1" },
		{ ADD, "l/x", "1" }, { ADD, "#0", "1" }, { ADD, "x", "1 2" }, { ADD, "x", "" },
		{ ADD, "x", "1, \"y\": 2" }, { ADD, "x", "{\"q\":1,\"q\":2}" }, { ADD, "", "1" },
		{ REPLACE, "x", "1" }, { REPLACE, "a", "2, \"y\": 3" }, { REPLACE, "a", "" },
		{ REMOVE, "x", "" }, { REMOVE, "l/#1", "" } };
	struct conf conf;
	(void)state;
	assert_true(conf_parse(&conf, CONF_JSON, "f", SPAN("{\"a\":1,\"l\":[1]}"), NULL));
	for (size_t i = 0; i < COUNT_OF(edits); i++) {
		struct conf_step steps[STEPS];
		struct buf out = { 0 };
		struct err err = { 0 };
		char *text = xstrdup(edits[i].path);
		struct conf_path path = path_of(text, steps);
		struct span raw = span_of(edits[i].raw);
		assert_false(edits[i].edit == ADD ? conf_add(&conf, path, raw, NULL, &out, &err)
				: edits[i].edit == REMOVE
				? conf_remove(&conf, path, &out, &err)
				: conf_replace(&conf, path, raw, &out, &err));
		assert_true(err.text[0]);
		assert_int_equal(out.len, 0);
		buf_finish(&out);
		free(text);
	}
	conf_finish(&conf);
}

static void finds_and_reads(void **state)
{
	struct conf conf;
	struct buf text = { 0 };
	(void)state;
	assert_true(conf_parse(&conf, CONF_JSONC, "f",
		SPAN("{\"s\": {\"b\": 1, \"a\\u0062\": [0, \"x\\ty\",]}}"), NULL));
	conf_id id = conf_find(&conf, CONF_PATH(CONF_KEY("s")));
	id = conf_node(&conf, id)->first;
	assert_true(span_is(conf_key(&conf, id), "b"));
	id = conf_node(&conf, id)->next;
	assert_true(span_is(conf_key(&conf, id), "ab"));
	assert_true(span_is(conf_value(&conf, id), "[0, \"x\\ty\",]"));
	assert_int_equal(conf_node(&conf, id)->next, CONF_NOWHERE);
	id = conf_find(&conf, CONF_PATH(CONF_KEY("s"), CONF_KEY("ab"), CONF_INDEX(1)));
	assert_true(conf_text(&conf, id, &text));
	assert_true(span_is(buf_view(&text), "x\ty"));
	assert_int_equal(conf_find(&conf, CONF_PATH(CONF_KEY("s"), CONF_INDEX(0))), CONF_NOWHERE);
	buf_finish(&text);
	conf_finish(&conf);
}

/* What the strings of TOML mean. */
static void reads_toml(void **state)
{
	static const char *const forms[] = { "\"a\\tb'\\u00e9\"", "'a\tb''\xc3\xa9'",
		"\"\"\"\na\tb\\\n \n'\xc3\xa9\"\"\"", "\"\"\"a\tb'\\U000000e9\"\"\"" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		struct conf conf;
		struct buf file = { 0 }, text = { 0 };
		buf_printf(&file, "a = [ %s, +1_0.5e-3, 0xfF, nan, 07:32:00 ]\n[[t]]\n[[t]]\n[t.u]",
			forms[i]);
		bool good = conf_parse(&conf, CONF_TOML, "f", buf_view(&file), NULL);
		assert_true(good == (i != 1));
		if (good) {
			conf_id id = conf_find(&conf, CONF_PATH(CONF_KEY("a"), CONF_INDEX(0)));
			assert_true(conf_text(&conf, id, &text));
			assert_true(span_is(buf_view(&text), "a\tb'\xc3\xa9"));
			id = conf_find(
				&conf, CONF_PATH(CONF_KEY("t"), CONF_INDEX(1), CONF_KEY("u")));
			assert_int_not_equal(id, CONF_NOWHERE);
		}
		conf_finish(&conf);
		buf_finish(&file);
		buf_finish(&text);
	}
}

/* Bounds: levels, bytes, values; and a million keys do not take minutes. */
static void stays_within_bounds(void **state)
{
	struct conf conf;
	struct buf text = { 0 };
	struct err err;
	(void)state;
	for (int i = 0; i < CONF_DEPTH + 1; i++) {
		buf_char(&text, '[');
	}
	assert_false(conf_parse(&conf, CONF_JSON, "f", buf_view(&text), &err));
	assert_string_equal(err.text, "f:1:129: nested deeper than 128 levels");
	conf_finish(&conf);
	buf_clear(&text);
	buf_char(&text, '{');
	for (int i = 0; i < 600000; i++) {
		buf_printf(&text, "%s\"k%06d\":1", i ? "," : "", i);
	}
	buf_char(&text, '}');
	assert_true(conf_parse(&conf, CONF_JSON, "f", buf_view(&text), &err));
	assert_int_not_equal(conf_find(&conf, CONF_PATH(CONF_KEY("k599999"))), CONF_NOWHERE);
	conf_finish(&conf);
	text.data[0] = '[';
	memset(text.data + 1, ' ', text.len - 1);
	for (size_t i = 0; i < CONF_NODES; i++) {
		memcpy(text.data + 1 + 2 * i, "1,", 2);
	}
	assert_false(conf_parse(&conf, CONF_JSONC, "f", buf_view(&text), &err));
	assert_non_null(strstr(err.text, "more than 1048576 values"));
	conf_finish(&conf);
	buf_room(&text, CONF_BYTES);
	memset(text.data, ' ', text.len = CONF_BYTES + 1);
	assert_false(conf_parse(&conf, CONF_JSON, "f", buf_view(&text), &err));
	assert_string_equal(err.text, "f:1:1: larger than 8 MiB");
	conf_finish(&conf);
	buf_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edits_files),
		cmocka_unit_test(files_keep_the_law),
		cmocka_unit_test(random_texts_keep_the_law),
		cmocka_unit_test(random_toml_keeps_the_law),
		cmocka_unit_test(refuses),
		cmocka_unit_test(refuses_edits),
		cmocka_unit_test(finds_and_reads),
		cmocka_unit_test(reads_toml),
		cmocka_unit_test(stays_within_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
