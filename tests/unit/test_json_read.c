/*
 * The readers, on texts that the validator has accepted and, for memory alone, on some that it
 * has not.
 */
#include "config.h"

#include "core/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void walk_test(void **state)
{
	(void)state;
	static const char text[] = "{ \"a\" : 1 ,\"b\\\"}\":\"],}\\\\\", "
				   "\"c\":[ {\"x\":\"]\"} , [] ,-2 , null],\"\":{}}";
	static const char *const keys[] = { "a", "b\\\"}", "c", "" };
	static const char *const values[] = { "1", "\"],}\\\\\"",
		"[ {\"x\":\"]\"} , [] ,-2 , null]", "{}" };
	static const char *const elements[] = { "{\"x\":\"]\"}", "[]", "-2", "null" };
	struct span key, value, list;
	struct json_walk walk = json_walk_of(span_of(text));
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		assert_true(json_next(&walk, &key, &value));
		assert_true(span_is(key, keys[i]));
		assert_true(span_is(value, values[i]));
	}
	assert_false(json_next(&walk, &key, &value));
	assert_false(json_next(&walk, &key, &value));
	assert_true(json_member(span_of(text), "c", &list));
	walk = json_walk_of(list);
	for (size_t i = 0; i < COUNT_OF(elements); i++) {
		assert_true(json_next(&walk, &key, &value));
		assert_null(key.at);
		assert_true(span_is(value, elements[i]));
	}
	assert_false(json_next(&walk, NULL, NULL));
}

static void walk_nothing_test(void **state)
{
	(void)state;
	static const char *const nothing[] = { "{}", "[]", "{ }", "[ \n]", "1", "\"[1]\"", "", "{",
		"true" };
	struct json_walk walk = json_walk_of((struct span){ NULL, 0 });
	assert_false(json_next(&walk, NULL, NULL));
	for (size_t i = 0; i < COUNT_OF(nothing); i++) {
		walk = json_walk_of(span_of(nothing[i]));
		assert_false(json_next(&walk, NULL, NULL));
	}
}

/* What was never validated gives nonsense, but an end. */
static void walk_garbage_test(void **state)
{
	(void)state;
	static const char *const garbage[] = { "[}]", "{\"a\"}", "{\"a\":}", "[,,,]", "{\"a",
		"[\"\\\"]", "{a:1}", "[[[[]", "{\"a\":\"b}", "[{]}]", "{\"\\" };
	for (size_t i = 0; i < COUNT_OF(garbage); i++) {
		struct span key, value;
		char *copy = xstrdup(garbage[i]); /* on the heap, where a sanitizer sees its end */
		struct json_walk walk = json_walk_of(span_of(copy));
		int steps = 0;
		while (json_next(&walk, &key, &value)) {
			assert_true(
				value.at >= copy && value.at + value.len <= copy + strlen(copy));
			assert_true(++steps < 10);
		}
		free(copy);
	}
}

static void member_test(void **state)
{
	(void)state;
	struct span value;
	assert_true(json_member(SPAN("{\"Name\":1,\"n\\u0061me\":2,\"name2\":3}"), "name", &value));
	assert_true(span_is(value, "2"));
	assert_false(
		json_member(SPAN("{\"NAME\":1,\"nam\":1,\"a\":{\"name\":1}}"), "name", &value));
	assert_false(json_member(SPAN("[\"name\",1]"), "name", &value));
	/* nested and loose only */
	assert_true(json_member(SPAN("{\"path\":1,\"path\":2}"), "path", &value));
	assert_true(span_is(value, "2"));
	assert_false(json_member((struct span){ NULL, 0 }, "a", &value));
}

static void key_test(void **state)
{
	(void)state;
	assert_true(json_key_is(SPAN("name"), "name"));
	assert_true(json_key_is(SPAN("\\u006eam\\u0065"), "name"));
	assert_true(json_key_is(SPAN("\\u00e9"), "\xc3\xa9"));
	assert_true(json_key_is(SPAN("\\ud83d\\ude00"), "\xf0\x9f\x98\x80"));
	assert_true(json_key_is(SPAN(""), ""));
	assert_false(json_key_is(SPAN("Name"), "name"));
	assert_false(json_key_is(SPAN("\\u006eam"), "name"));
	assert_false(json_key_is(SPAN("\\u006eames"), "name"));
	assert_false(json_key_is(SPAN("name\\u0000"), "name"));
	assert_false(json_key_is(SPAN("name\\u0000x"), "name"));
	assert_false(json_key_is(SPAN("\\ud800"), "\xef\xbf\xbd"));
	assert_false(json_key_is((struct span){ NULL, 0 }, ""));
}

static void fold_test(void **state)
{
	(void)state;
	static const char *const yes[] = { "tasks", "TASKS", "Ta\\u0053ks", "ta\xc5\xbfks",
		"ta\\u017fk\xc5\xbf", "tas\xe2\x84\xaas", "tas\\u212As", "\\u0054asks" };
	static const char *const no[] = { "task", "taskss", "tasks\\u0000", "ta\xc3\x9f",
		"tas\xc4\xb8s", "", "t\xc3\xa4sks" };
	for (size_t i = 0; i < COUNT_OF(yes); i++) {
		assert_true(json_key_folds_to(span_of(yes[i]), "tasks"));
		assert_true(json_key_folds_to(span_of(yes[i]), "Tasks"));
	}
	for (size_t i = 0; i < COUNT_OF(no); i++) {
		assert_false(json_key_folds_to(span_of(no[i]), "tasks"));
	}
	assert_false(json_key_folds_to((struct span){ NULL, 0 }, ""));
}

#define BYTES(literal) \
	{ \
		literal, sizeof(literal) - 1 \
	}

static const struct decoding {
	struct span json, text;
	bool clean;
} decodings[] = {
	{ BYTES("\"\""), BYTES(""), true },
	{ BYTES("\"plain\""), BYTES("plain"), true },
	{ BYTES("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), BYTES("\"\\/\b\f\n\r\t"), true },
	{ BYTES("\"a\\u00e9\xc3\xa9\\u20AC\""), BYTES("a\xc3\xa9\xc3\xa9\xe2\x82\xac"), true },
	{ BYTES("\"\\ud83d\\ude00!\""), BYTES("\xf0\x9f\x98\x80!"), true },
	{ BYTES("\"a\\u0000b\""), BYTES("a\0b"), true },
	{ BYTES("\"\\ud800\""), BYTES("\xef\xbf\xbd"), false },
	{ BYTES("\"\\udc00\\ud800x\""), BYTES("\xef\xbf\xbd\xef\xbf\xbdx"), false },
	{ BYTES("\"\\ud800\\ud83d\\ude00\""), BYTES("\xef\xbf\xbd\xf0\x9f\x98\x80"), false },
	{ BYTES("\"a\xff\xc0\xaf\""), BYTES("a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"), false },
	{ BYTES("\"\xed\xa0\x80\""), BYTES("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"), false },
	{ BYTES("12"), BYTES(""), false },
};

static void decode_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(decodings); i++) {
		struct buf b = { 0 };
		buf_text(&b, "before");
		assert_int_equal(json_decode(decodings[i].json, &b), decodings[i].clean);
		buf_drop(&b, strlen("before"));
		assert_true(span_same(buf_view(&b), decodings[i].text));
		buf_finish(&b);
	}
}

static void strdup_test(void **state)
{
	(void)state;
	char *text = json_strdup(SPAN("\"a\\tb\""));
	assert_string_equal(text, "a\tb");
	free(text);
	text = json_strdup(SPAN("\"safe\\u0000evil\""));
	assert_string_equal(text,
		"safe\xef\xbf\xbd"
		"evil");
	free(text);
	text = json_strdup(SPAN("\"\""));
	assert_string_equal(text, "");
	free(text);
	assert_null(json_strdup(SPAN("12")));
	assert_null(json_strdup((struct span){ NULL, 0 }));
}

static void is_test(void **state)
{
	(void)state;
	assert_true(json_is(SPAN("\"2.0\""), "2.0"));
	assert_true(json_is(SPAN("\"tools\\/call\""), "tools/call"));
	assert_true(json_is(SPAN("\"\""), ""));
	assert_false(json_is(SPAN("\"2.0 \""), "2.0"));
	assert_false(json_is(SPAN("\"2.0\\u0000\""), "2.0"));
	assert_false(json_is(SPAN("2.0"), "2.0"));
	assert_false(json_is(SPAN("{}"), ""));
	assert_false(json_is((struct span){ NULL, 0 }, ""));
}

static void int_test(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t n;
	} good[] = {
		{ "0", 0 },
		{ "7", 7 },
		{ "-1", -1 },
		{ "9007199254740991", 9007199254740991 },
		{ "-9007199254740991", -9007199254740991 },
	};
	static const char *const bad[] = { "-0", "1.0", "1e3", "9007199254740992",
		"-9007199254740992", "9007199254740993", "12345678901234567890",
		"99999999999999999", "18446744073709551616", "\"1\"", "true", "null", "", "-" };
	int64_t n = 42;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		assert_true(json_int(span_of(good[i].text), &n));
		assert_true(n == good[i].n);
	}
	n = 42;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		assert_false(json_int(span_of(bad[i]), &n));
	}
	assert_false(json_int((struct span){ NULL, 0 }, &n));
	assert_true(n == 42);
}

static void bool_test(void **state)
{
	(void)state;
	bool b = false;
	assert_true(json_bool(SPAN("true"), &b) && b);
	assert_true(json_bool(SPAN("false"), &b) && !b);
	assert_false(json_bool(SPAN("1"), &b));
	assert_false(json_bool(SPAN("\"true\""), &b));
	assert_false(json_bool((struct span){ NULL, 0 }, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walk_test),
		cmocka_unit_test(walk_nothing_test),
		cmocka_unit_test(walk_garbage_test),
		cmocka_unit_test(member_test),
		cmocka_unit_test(key_test),
		cmocka_unit_test(fold_test),
		cmocka_unit_test(decode_test),
		cmocka_unit_test(strdup_test),
		cmocka_unit_test(is_test),
		cmocka_unit_test(int_test),
		cmocka_unit_test(bool_test),
	};
	return cmocka_run_group_tests_name("json_read", tests, NULL, NULL);
}
