/* What calls would do, as read from their arguments; the form on the wire; the hash that binds a
 * decision. */
#include "config.h"

#include "core/effects/extract.h"
#include "core/effects/effect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void extract(struct effects *out, const char *tool, const char *arguments)
{
	struct json_scan scan = { 0 };
	struct span json = span_of(arguments);
	assert_true(!json.at || json_validate(&scan, json, JSON_STRICT));
	struct profiles *profiles = profiles_create();
	effects_extract(out,
		&(struct extract){ .profiles = profiles,
			.profile = SPAN("filesystem"),
			.method = SPAN("tools/call"),
			.tool = span_of(tool),
			.arguments = json });
	profiles_destroy(profiles);
	json_finish(&scan);
}

/* In a row: "kind arg=given, ..." */
static void describe(const struct effects *effects, struct buf *out)
{
	buf_clear(out);
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *e = &effects->list[i];
		buf_printf(out, "%s%s %s=%s", i ? "; " : "", effect_kind_name(e->kind), e->arg,
			e->given);
	}
	buf_cstr(out);
}

static const struct {
	const char *tool, *arguments, *effects;
} extractions[] = {
	{ "read_text_file", "{\"path\":\"/a\"}", "read path=/a" },
	{ "read_text_file", "{\"p\\u0061th\":\"\\/a\\u0062\",\"head\":3}", "read path=/ab" },
	{ "read_file", "{\"path\":\"/a\",\"tail\":1}", "read path=/a" },
	{ "read_media_file", "{\"path\":\"/a\"}", "read path=/a" },
	{ "read_multiple_files", "{\"paths\":[\"/a\",\"/b\"]}", "read paths=/a; read paths=/b" },
	{ "read_multiple_files", "{\"paths\":[]}", "unknown paths=a list that is empty" },
	{ "list_directory", "{\"path\":\"/a\"}", "read path=/a" },
	{ "list_directory_with_sizes", "{\"path\":\"/a\",\"sortBy\":\"size\"}", "read path=/a" },
	{ "directory_tree", "{\"path\":\"/a\",\"excludePatterns\":[]}", "read path=/a" },
	{ "search_files", "{\"path\":\"/a\",\"pattern\":\"/etc/*\"}", "read path=/a" },
	{ "get_file_info", "{\"path\":\"/a\"}", "read path=/a" },
	{ "list_allowed_directories", NULL, "nothing =" },
	{ "list_allowed_directories", "{}", "nothing =" },
	{ "write_file", "{\"content\":\"x\",\"path\":\"/a\"}", "write path=/a" },
	{ "edit_file", "{\"path\":\"/a\",\"edits\":[],\"dryRun\":true}", "write path=/a" },
	{ "create_directory", "{\"path\":\"/a\"}", "write path=/a" },
	{ "move_file", "{\"source\":\"/a\",\"destination\":\"/b\"}",
		"write source=/a; write destination=/b" },
	/* What nobody accounts for is unknown. */
	{ "read_text_file", "{\"path\":\"/a\",\"follow\":1}",
		"unknown =an argument that is not known: follow; read path=/a" },
	{ "read_text_file", "{\"path\":\"/a\",\"Path\":\"/b\"}",
		"unknown =two arguments that differ only in case; unknown =an argument that is "
		"not known: Path; read path=/a" },
	{ "list_allowed_directories", "{\"path\":\"/a\"}",
		"unknown =an argument that is not known: path" },
	{ "read_text_file", NULL, "unknown path=a path that is missing" },
	{ "read_text_file", "{}", "unknown path=a path that is missing" },
	{ "move_file", "{\"source\":\"/a\"}",
		"write source=/a; unknown destination=a path that is missing" },
	{ "read_text_file", "{\"path\":7}", "unknown path=a path that is not a text" },
	{ "read_text_file", "{\"path\":null}", "unknown path=a path that is not a text" },
	{ "write_file", "{\"path\":[\"/a\"],\"content\":\"\"}",
		"unknown path=a path that is not a text" },
	{ "read_multiple_files", "{\"paths\":\"/a\"}",
		"unknown paths=what should be a list is none" },
	{ "read_multiple_files", "{\"paths\":{\"0\":\"/a\"}}",
		"unknown paths=what should be a list is none" },
	{ "read_multiple_files", "{\"paths\":[\"/a\",[\"/b\"]]}",
		"read paths=/a; unknown paths=a path that is not a text" },
	{ "read_multiple_files", "{\"path\":\"/a\"}",
		"unknown =an argument that is not known: path; unknown paths=a path that is "
		"missing" },
	{ "Read_file", "{\"path\":\"/a\"}", "unknown =a tool that its profile does not know" },
	{ "", NULL, "unknown =a tool that its profile does not know" },
};

static void extract_test(void **state)
{
	(void)state;
	struct buf text = { 0 };
	for (size_t i = 0; i < COUNT_OF(extractions); i++) {
		struct effects effects;
		extract(&effects, extractions[i].tool, extractions[i].arguments);
		describe(&effects, &text);
		assert_string_equal(text.data, extractions[i].effects);
		effects_finish(&effects);
	}
	buf_finish(&text);
}

static void unknown_test(void **state)
{
	(void)state;
	static const struct {
		const char *profile, *method;
	} rows[] = { { "", "tools/call" }, { NULL, "tools/call" }, { "Filesystem", "tools/call" },
		{ "filesystem", "resources/read" }, { "filesystem", "sampling/createMessage" },
		{ "filesystem", "" } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct effects effects;
		struct profiles *profiles = profiles_create();
		effects_extract(&effects,
			&(struct extract){ .profiles = profiles,
				.profile = span_of(rows[i].profile),
				.method = span_of(rows[i].method),
				.tool = SPAN("read_file"),
				.arguments = SPAN("{\"path\":\"/a\"}") });
		profiles_destroy(profiles);
		assert_int_equal(effects.count, 1);
		assert_int_equal(effects.list[0].kind, EFFECT_UNKNOWN);
		assert_string_equal(effects_target(&effects), "");
		effects_finish(&effects);
	}
}

/* More than are judged in one call must never look like fewer. */
static void many_test(void **state)
{
	(void)state;
	for (size_t n = EFFECTS_MAX - 1; n < 3 * EFFECTS_MAX;
		n += n < EFFECTS_MAX + 2 ? 1 : EFFECTS_MAX) {
		struct buf json = { 0 };
		buf_text(&json, "{\"paths\":[");
		for (size_t i = 0; i < n; i++) {
			buf_printf(&json, "%s\"/p%zu\"", i ? "," : "", i);
		}
		buf_text(&json, "]}");
		struct effects effects;
		extract(&effects, "read_multiple_files", buf_cstr(&json));
		assert_int_equal(effects.count, n < EFFECTS_MAX ? n : EFFECTS_MAX);
		const struct effect *last = &effects.list[effects.count - 1];
		assert_int_equal(last->kind, n <= EFFECTS_MAX ? EFFECT_READ : EFFECT_UNKNOWN);
		effects_finish(&effects);
		buf_finish(&json);
	}
	struct buf json = { 0 };
	buf_text(&json, "{\"path\":\"/a\"");
	for (size_t i = 0; i < 2 * EFFECTS_MAX; i++) {
		buf_printf(&json, ",\"x%zu\":0", i);
	}
	buf_char(&json, '}');
	struct effects effects;
	extract(&effects, "read_file", buf_cstr(&json));
	assert_int_equal(effects.count, EFFECTS_MAX);
	assert_int_equal(effects.list[EFFECTS_MAX - 1].kind, EFFECT_UNKNOWN);
	effects_finish(&effects);
	buf_finish(&json);
}

static void write_read(const struct effects *effects, struct effects *back)
{
	struct buf json = { 0 };
	struct jsonw w = jw_start(&json);
	struct json_scan scan = { 0 };
	struct err err;
	effects_write(effects, &w);
	assert_true(json_validate(&scan, buf_view(&json), JSON_STRICT));
	assert_true(effects_read(back, buf_view(&json), &err));
	json_finish(&scan);
	buf_finish(&json);
}

static const struct fact some_facts[] = {
	{ 0 },
	{ .path = (char *)(uintptr_t) "/x\"\n\x7f",
		.state = FACT_FILE,
		.inside = true,
		.links = 2,
		.size = 1,
		.mtime_us = -1,
		.dev = 9,
		.ino = 8 },
	{ .path = (char *)(uintptr_t) "/d",
		.state = FACT_DIRECTORY,
		.inside = true,
		.dev = 1,
		.ino = 2 },
	{ .path = (char *)(uintptr_t) "/n", .state = FACT_ABSENT },
	{ .path = (char *)(uintptr_t) "/s",
		.state = FACT_SPECIAL,
		.dev = INT64_C(1) << 52,
		.ino = 5 },
	{ .path = (char *)(uintptr_t) "/f", .state = FACT_FILE, .size = (INT64_C(1) << 53) - 1 },
};

static struct effects with_facts(const struct fact *facts, size_t count)
{
	struct effects e = {
		.list = xcalloc(count, sizeof(*e.list)), .count = count, .cap = count
	};
	for (size_t i = 0; i < count; i++) {
		e.list[i] = (struct effect){ .kind = EFFECT_WRITE,
			.arg = xstrdup("path"),
			.given = xstrdup("/g\t"),
			.how = xstrdup("edit"),
			.word = xstrdup(""),
			.base = xstrdup("/b"),
			.fact = facts[i] };
		e.list[i].fact.path = xstrdup(facts[i].path);
	}
	return e;
}

static void wire_test(void **state)
{
	(void)state;
	struct effects out = with_facts(some_facts, COUNT_OF(some_facts)), back;
	write_read(&out, &back);
	assert_true(effects_same(&out, &back));
	struct hash one = effects_hash(&out, SPAN("b")), two = effects_hash(&back, SPAN("b"));
	assert_true(hash_same(&one, &two));
	assert_string_equal(back.list[1].fact.path, "/x\"\n\x7f");
	assert_null(back.list[0].fact.path);
	assert_int_equal(back.list[1].fact.links, 2);
	effects_finish(&back);
	effects_finish(&out);
	effects_finish(&out);
}

/* What the gate extracts and sends must be what the broker extracts itself, or it would cry wolf.
 */
static void agree_test(void **state)
{
	(void)state;
	for (size_t n = 30; n < 45; n++) {
		struct buf json = { 0 };
		struct effects gate, broker, sent;
		buf_text(&json, "{\"path\":\"/\u00e9\",\"");
		for (size_t i = 0; i < n; i++) {
			buf_char(&json, 'k');
		}
		buf_text(&json, "\u00e9\u20ac\U0001f600\":1}");
		extract(&gate, "read_file", buf_cstr(&json));
		extract(&broker, "read_file", buf_cstr(&json));
		write_read(&gate, &sent);
		assert_true(effects_same(&broker, &sent));
		effects_finish(&gate);
		effects_finish(&broker);
		effects_finish(&sent);
		buf_finish(&json);
	}
}

#define GOOD "\"arg\":\"\",\"given\":\"/a\",\"state\":\"file\""

static void refused_test(void **state)
{
	(void)state;
	static const struct {
		const char *json;
		bool ok;
	} rows[] = {
		{ "[]", true },
		{ "[{\"kind\":\"read\"," GOOD "}]", true },
		{ "[{\"kind\":\"read\"," GOOD ",\"later\":[]}]", true },
		{ "[{\"kind\":\"read\"," GOOD ",\"inside\":\"yes\"}]", false },
		{ "[{\"kind\":\"read\"," GOOD ",\"path\":7}]", false },
		{ "{}", false },
		{ "null", false },
		{ "[null]", false },
		{ "[[]]", false },
		{ "[{" GOOD "}]", false },
		{ "[{\"kind\":\"Read\"," GOOD "}]", false },
		{ "[{\"kind\":0," GOOD "}]", false },
		{ "[{\"kind\":\"read\"}]", true }, /* what is empty is left out */
		{ "[{\"kind\":\"read\",\"arg\":1,\"given\":\"\",\"state\":\"file\"}]", false },
		{ "[{\"kind\":\"read\",\"arg\":\"\",\"given\":\"/a\",\"state\":\"fine\"}]", false },
		{ "[{\"kind\":\"read\"," GOOD ",\"size\":1.5}]", false },
		{ "[{\"kind\":\"read\"," GOOD ",\"ino\":9007199254740992}]", false },
		{ "[{\"kind\":\"read\"," GOOD "},{\"kind\":\"x\"}]", false },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct effects effects;
		struct err err;
		bool ok = effects_read(&effects, span_of(rows[i].json), &err);
		if (ok != rows[i].ok) {
			print_error("%s\n", rows[i].json);
			fail();
		}
		assert_true(ok || !effects.count);
		assert_true(!ok || !effects.count || !effects.list[0].fact.inside);
		effects_finish(&effects);
	}
}

static void too_many_read_test(void **state)
{
	(void)state;
	for (size_t n = EFFECTS_MAX; n <= EFFECTS_MAX + 1; n++) {
		struct buf json = { 0 };
		struct effects effects;
		struct err err;
		buf_char(&json, '[');
		for (size_t i = 0; i < n; i++) {
			buf_printf(&json, "%s{\"kind\":\"read\"," GOOD "}", i ? "," : "");
		}
		buf_char(&json, ']');
		assert_int_equal(effects_read(&effects, buf_view(&json), &err), n <= EFFECTS_MAX);
		effects_finish(&effects);
		buf_finish(&json);
	}
}

static void same_test(void **state)
{
	(void)state;
	struct effects a, b;
	extract(&a, "move_file", "{\"source\":\"/a\",\"destination\":\"/b\"}");
	extract(&b, "move_file", "{\"source\":\"/a\",\"destination\":\"/b\"}");
	b.list[0].fact.inside = true; /* facts are not compared here */
	assert_true(effects_same(&a, &b));
	assert_string_equal(effects_target(&a), "/a");
	b.list[1].kind = EFFECT_READ;
	assert_false(effects_same(&a, &b));
	effects_finish(&b);
	extract(&b, "move_file", "{\"destination\":\"/b\",\"source\":\"/a\"}");
	assert_true(effects_same(&a, &b)); /* in the profile's order */
	effects_finish(&b);
	extract(&b, "move_file", "{\"source\":\"/a\",\"destination\":\"/c\"}");
	assert_false(effects_same(&a, &b));
	effects_finish(&b);
	extract(&b, "write_file", "{\"path\":\"/a\"}");
	assert_false(effects_same(&a, &b));
	effects_finish(&a);
	effects_finish(&b);
}

static void check_hash(
	const struct effects *effects, struct span branch, const struct hash *base, bool same)
{
	struct hash hash = effects_hash(effects, branch);
	assert_int_equal(hash_same(&hash, base), same);
}

/* Each single thing that a judgement rests on changes the hash. */
static void hash_test(void **state)
{
	(void)state;
	struct effects e = with_facts(&some_facts[1], 1);
	struct effect *x = &e.list[0];
	struct hash base = effects_hash(&e, SPAN("main"));
	int64_t *const numbers[] = { &x->fact.links, &x->fact.size, &x->fact.mtime_us, &x->fact.dev,
		&x->fact.ino };
	char **const texts[] = { &x->arg, &x->given, &x->fact.path };
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		++*numbers[i];
		check_hash(&e, SPAN("main"), &base, false);
		--*numbers[i];
	}
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		char *kept = *texts[i], other[] = "other";
		*texts[i] = other;
		check_hash(&e, SPAN("main"), &base, false);
		*texts[i] = kept;
	}
	x->kind = EFFECT_READ;
	check_hash(&e, SPAN("main"), &base, false);
	x->kind = EFFECT_WRITE;
	x->fact.inside = false;
	check_hash(&e, SPAN("main"), &base, false);
	x->fact.inside = true;
	x->fact.state = FACT_SPECIAL;
	check_hash(&e, SPAN("main"), &base, false);
	x->fact.state = FACT_FILE;
	check_hash(&e, SPAN("main2"), &base, false);
	check_hash(&e, SPAN(""), &base, false);
	check_hash(&e, SPAN("main"), &base, true);
	e.count = 0;
	check_hash(&e, SPAN("main"), &base, false);
	e.count = 1;
	effects_finish(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(extract_test),
		cmocka_unit_test(unknown_test),
		cmocka_unit_test(many_test),
		cmocka_unit_test(wire_test),
		cmocka_unit_test(agree_test),
		cmocka_unit_test(refused_test),
		cmocka_unit_test(too_many_read_test),
		cmocka_unit_test(same_test),
		cmocka_unit_test(hash_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
