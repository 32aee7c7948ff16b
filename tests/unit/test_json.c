/*
 * The validator by a table of texts and by properties. Every text of the table stands at the end of
 * readable memory, so that one byte read too far is a crash.
 */
#include "config.h"

#include "core/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* A text that ends where the readable memory ends. */
struct fence {
	char *map;
	size_t size, page;
};

static struct fence fence_of(size_t most)
{
	struct fence f = { .page = (size_t)sysconf(_SC_PAGESIZE) };
	f.size = (most / f.page + 2) * f.page;
	f.map = mmap(NULL, f.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(f.map != MAP_FAILED);
	assert_int_equal(mprotect(f.map + f.size - f.page, f.page, PROT_NONE), 0);
	return f;
}

static struct span fence_put(struct fence *f, struct span text)
{
	char *at = f->map + f->size - f->page - text.len;
	if (text.len) {
		memcpy(at, text.at, text.len);
	}
	return (struct span){ at, text.len };
}

static void fence_finish(struct fence *f)
{
	munmap(f->map, f->size);
}

enum { YES = 1, NO = 0 };

#define T(text, strict, loose, fault) \
	{ \
		{ text, sizeof(text) - 1 }, strict, loose, fault \
	}

static const struct entry {
	struct span text;
	int strict, loose;
	const char *fault; /* of the first rule that refuses */
} table[] = {
	/* one value, with or without space */
	T("{}", YES, YES, NULL),
	T("[]", YES, YES, NULL),
	T("\"\"", YES, YES, NULL),
	T("0", YES, YES, NULL),
	T("true", YES, YES, NULL),
	T("false", YES, YES, NULL),
	T("null", YES, YES, NULL),
	T(" \t\r\n{ \t\r\n} \t\r\n", YES, YES, NULL),
	T("[1 , 2 ,\n3 ]", YES, YES, NULL),
	T("{ \"a\" : [ { } , [ ] ] }", YES, YES, NULL),
	T("[[],{},[[]],[{}]]", YES, YES, NULL),
	T("", NO, NO, "no value"),
	T(" \r\n", NO, NO, "no value"),
	T("{} {}", NO, NO, "something follows the value"),
	T("{}x", NO, NO, "something follows the value"),
	T("1 2", NO, NO, "something follows the value"),
	T("{}\0", NO, NO, "NUL byte"),
	T("\0", NO, NO, "NUL byte"),
	T("\xef\xbb\xbf{}", NO, NO, "byte order mark"),
	T("\xef\xbb", NO, NO, "value expected"),
	T("\f{}", NO, NO, "value expected"),
	T("\v1", NO, NO, "value expected"),
	T("\x01{}", NO, NO, "value expected"),
	T("\xc2\xa0{}", NO, NO, "value expected"),
	/* words */
	T("tru", NO, NO, "value expected"),
	T("True", NO, NO, "value expected"),
	T("nul", NO, NO, "value expected"),
	T("falsy", NO, NO, "value expected"),
	T("[truex]", NO, NO, "comma or ] expected"),
	T("NaN", NO, NO, "value expected"),
	T("Infinity", NO, NO, "value expected"),
	T("undefined", NO, NO, "value expected"),
	T("// c\n1", NO, NO, "value expected"),
	T("[1/**/]", NO, NO, "comma or ] expected"),
	/* containers */
	T("{", NO, NO, "the text ends too early"),
	T("[", NO, NO, "the text ends too early"),
	T("}", NO, NO, "value expected"),
	T("]", NO, NO, "value expected"),
	T("[1", NO, NO, "the text ends too early"),
	T("[1,", NO, NO, "the text ends too early"),
	T("[1}", NO, NO, "comma or ] expected"),
	T("{\"a\":1]", NO, NO, "comma or } expected"),
	T("[1,]", NO, NO, "value expected"),
	T("[,1]", NO, NO, "value expected"),
	T("[,]", NO, NO, "value expected"),
	T("[1,,2]", NO, NO, "value expected"),
	T("[1 2]", NO, NO, "comma or ] expected"),
	T("[\"a\":1]", NO, NO, "comma or ] expected"),
	T("{\"a\":1,}", NO, NO, "key expected"),
	T("{,\"a\":1}", NO, NO, "key expected"),
	T("{\"a\" 1}", NO, NO, "colon expected"),
	T("{\"a\"}", NO, NO, "colon expected"),
	T("{\"a\":}", NO, NO, "value expected"),
	T("{\"a\"::1}", NO, NO, "value expected"),
	T("{\"a\"", NO, NO, "the text ends too early"),
	T("{\"a\":", NO, NO, "the text ends too early"),
	T("{\"a\":1", NO, NO, "the text ends too early"),
	T("{a:1}", NO, NO, "key expected"),
	T("{'a':1}", NO, NO, "key expected"),
	T("{1:1}", NO, NO, "key expected"),
	T("{]", NO, NO, "key expected"),
	T("[}", NO, NO, "value expected"),
	T("[1]]", NO, NO, "something follows the value"),
	/* numbers */
	T("-0", YES, YES, NULL),
	T("-1", YES, YES, NULL),
	T("10", YES, YES, NULL),
	T("0.5", YES, YES, NULL),
	T("-0.0e-0", YES, YES, NULL),
	T("1e5", YES, YES, NULL),
	T("1E+5", YES, YES, NULL),
	T("1e400", YES, YES, NULL),
	T("9007199254740993", YES, YES, NULL),
	T("123456789012345678901234567890", YES, YES, NULL),
	T("01", NO, NO, "number with a leading zero"),
	T("[-01]", NO, NO, "number with a leading zero"),
	T("007", NO, NO, "number with a leading zero"),
	T("1.", NO, NO, "the text ends too early"),
	T("[1.]", NO, NO, "number without digits after its point"),
	T("[1.e1]", NO, NO, "number without digits after its point"),
	T(".5", NO, NO, "value expected"),
	T("+1", NO, NO, "value expected"),
	T("-", NO, NO, "the text ends too early"),
	T("[-]", NO, NO, "number without digits"),
	T("--1", NO, NO, "number without digits"),
	T("-Infinity", NO, NO, "number without digits"),
	T("[1e]", NO, NO, "number without digits in its exponent"),
	T("1e+", NO, NO, "the text ends too early"),
	T("0x10", NO, NO, "something follows the value"),
	T("1a", NO, NO, "something follows the value"),
	T("1_000", NO, NO, "something follows the value"),
	/* strings */
	T("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\"", YES, YES, NULL),
	T("\"\x7f\"", YES, YES, NULL),
	T("\"\\u2028\xe2\x80\xa8\"", YES, YES, NULL),
	T("\"", NO, NO, "the text ends inside a string"),
	T("\"abc", NO, NO, "the text ends inside a string"),
	T("\"\\", NO, NO, "bad escape in a string"),
	T("\"\\\"", NO, NO, "the text ends inside a string"),
	T("'a'", NO, NO, "value expected"),
	T("\"\\x41\"", NO, NO, "bad escape in a string"),
	T("\"\\a\"", NO, NO, "bad escape in a string"),
	T("\"\\'\"", NO, NO, "bad escape in a string"),
	T("\"\\0\"", NO, NO, "bad escape in a string"),
	T("\"\\U0041\"", NO, NO, "bad escape in a string"),
	T("\"\\u\"", NO, NO, "bad escape in a string"),
	T("\"\\u004\"", NO, NO, "bad escape in a string"),
	T("\"\\u004g\"", NO, NO, "bad escape in a string"),
	T("\"\\u00", NO, NO, "bad escape in a string"),
	T("\"\\\xc3\xa9\"", NO, NO, "bad escape in a string"),
	T("\"a\nb\"", NO, NO, "raw control character in a string"),
	T("\"a\tb\"", NO, NO, "raw control character in a string"),
	T("[[\"\x1f\"]]", NO, NO, "raw control character in a string"),
	T("[[\"\x1b[2J\"]]", NO, NO, "raw control character in a string"),
	T("[[\"a\0b\"]]", NO, NO, "NUL byte"),
	/* escaped NUL and surrogates: refused at the top, and anywhere by the strict rule */
	T("\"\\u0000\"", NO, NO, "escaped NUL"),
	T("{\"a\":\"safe\\u0000evil\"}", NO, NO, "escaped NUL"),
	T("{\"a\\u0000b\":1}", NO, NO, "escaped NUL"),
	T("{\"a\":{\"b\":\"safe\\u0000evil\"}}", NO, YES, "escaped NUL"),
	T("{\"a\":{\"na\\u0000me\":1}}", NO, YES, "escaped NUL"),
	T("\"\\ud83d\\ude00\"", YES, YES, NULL),
	T("\"\\uD83D\\uDE00\"", YES, YES, NULL),
	T("\"\\ud800\"", NO, NO, "lone surrogate"),
	T("\"\\udc00\"", NO, NO, "lone surrogate"),
	T("\"\\udc00\\ud800\"", NO, NO, "lone surrogate"),
	T("\"\\ud800\\ud800\"", NO, NO, "lone surrogate"),
	T("\"\\ud800x\"", NO, NO, "lone surrogate"),
	T("\"\\ud800\\n\"", NO, NO, "lone surrogate"),
	T("\"\\ud800\\u00", NO, NO, "lone surrogate"),
	T("{\"\\ud800\":1}", NO, NO, "lone surrogate"),
	T("{\"a\":[\"\\ud800\"]}", NO, YES, "lone surrogate"),
	T("{\"a\":[\"\\ud800\\ud83d\\ude00\"]}", NO, YES, "lone surrogate"),
	T("{\"a\":[\"\\ud800\\u00\"]}", NO, NO, "lone surrogate"),
	/* UTF-8 */
	T("\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\"", YES, YES, NULL),
	T("\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"", YES, YES, NULL),
	T("\"\xef\xbb\xbf\"", YES, YES, NULL),
	T("\"\x80\"", NO, NO, "not UTF-8"),
	T("\"\xff\xfe\"", NO, NO, "not UTF-8"),
	T("\"\xc3(\"", NO, NO, "not UTF-8"),
	T("\"\xc3\"", NO, NO, "not UTF-8"),
	T("\"\xc3", NO, NO, "not UTF-8"),
	T("\"\xe2\x82\"", NO, NO, "not UTF-8"),
	T("\"\xe2\x82", NO, NO, "not UTF-8"),
	T("\"\xc0\xaf\"", NO, NO, "not UTF-8"),
	T("\"\xc1\xbf\"", NO, NO, "not UTF-8"),
	T("\"\xe0\x80\xaf\"", NO, NO, "not UTF-8"),
	T("\"\xf0\x80\x80\xaf\"", NO, NO, "not UTF-8"),
	T("\"\xed\xa0\x80\"", NO, NO, "not UTF-8"),
	T("\"\xed\xbf\xbf\"", NO, NO, "not UTF-8"),
	T("\"\xf4\x90\x80\x80\"", NO, NO, "not UTF-8"),
	T("\"\xf5\x80\x80\x80\"", NO, NO, "not UTF-8"),
	T("\"\xf0\x9f\x98\"", NO, NO, "not UTF-8"),
	T("\"\xf0\x9f\x98", NO, NO, "not UTF-8"),
	T("{\"a\xff\":1}", NO, NO, "not UTF-8"),
	T("{\"a\":\"\xff\"}", NO, NO, "not UTF-8"),
	T("{\"a\":{\"\xff\":\"\xc0\xaf\xed\xa0\x80\"}}", NO, YES, "not UTF-8"),
	/* duplicate keys */
	T("{\"a\":1,\"A\":2}", YES, YES, NULL),
	T("{\"a\":{\"b\":1},\"b\":{\"a\":1}}", YES, YES, NULL),
	T("[{\"a\":1},{\"a\":1}]", YES, YES, NULL),
	T("{\"\":1}", YES, YES, NULL),
	T("{\"name\":\"sum\",\"name\":\"echo\"}", NO, NO, "duplicate key"),
	T("{\"\":1,\"\":2}", NO, NO, "duplicate key"),
	T("{\"a\":1,\"b\":{},\"c\":[],\"a\":1}", NO, NO, "duplicate key"),
	T("{\"name\":1,\"n\\u0061me\":2}", NO, NO, "duplicate key"),
	T("{\"n\\u0061me\":1,\"nam\\u0065\":2}", NO, NO, "duplicate key"),
	T("{\"a/b\":1,\"a\\/b\":2}", NO, NO, "duplicate key"),
	T("{\"\xc3\xa9\":1,\"\\u00E9\":2}", NO, NO, "duplicate key"),
	T("{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":2}", NO, NO, "duplicate key"),
	T("{\"e\xcc\x81\":1,\"\xc3\xa9\":2}", YES, YES, NULL), /* equal only when normalised */
	T("{\"long key of many bytes\":1,\"long \\u006bey of many bytes\":2}", NO, NO,
		"duplicate key"),
	T("{\"params\":{\"path\":1,\"path\":2}}", NO, YES, "duplicate key"),
	T("{\"p\":[[{\"q\":{\"path\":1,\"p\\u0061th\":2}}]]}", NO, YES, "duplicate key"),
	T("[{\"a\":1,\"a\":2}]", NO, YES, "duplicate key"),
};

static void expect(
	struct json_scan *scan, const struct entry *e, struct span text, enum json_rule rule)
{
	bool accepted = json_validate(scan, text, rule);
	int wanted = rule == JSON_STRICT ? e->strict : e->loose;
	if (accepted != (wanted == YES)) {
		fail_msg("%s %s: %.*s (%s)", rule == JSON_STRICT ? "strict" : "loose",
			accepted ? "accepts" : "refuses", SPAN_FMT(text),
			accepted ? "" : scan->fault);
	}
	if (accepted) {
		assert_null(scan->fault);
		assert_int_equal(scan->type, json_type(scan->value));
		return;
	}
	assert_true(scan->fault_at <= text.len);
	assert_int_equal(scan->top_count, 0);
	assert_int_equal(scan->type, JSON_NONE);
	if (rule == JSON_STRICT) {
		assert_string_equal(scan->fault, e->fault);
	}
}

static void table_test(void **state)
{
	(void)state;
	struct fence fence = fence_of(4096);
	struct json_scan scan = { 0 };
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		struct span text = fence_put(&fence, table[i].text);
		expect(&scan, &table[i], text, JSON_STRICT);
		expect(&scan, &table[i], text, JSON_LOOSE);
	}
	json_finish(&scan);
	fence_finish(&fence);
}

/* Whatever the distance to the next block of the scanner, a byte that matters is seen and the
 * end is not passed. */
static void offsets_test(void **state)
{
	(void)state;
	static const struct entry stops[] = {
		T("\x1f", NO, NO, "raw control character in a string"),
		T("\\q", NO, NO, "bad escape in a string"),
		T("\xff", NO, NO, "not UTF-8"),
		T("\xe2\x82", NO, NO, "not UTF-8"),
		T("\\ud800", NO, NO, "lone surrogate"),
		T("\xe2\x82\xac", YES, YES, NULL),
		T("\\n", YES, YES, NULL),
		T("\x7f ~!#[]", YES, YES, NULL),
	};
	struct fence fence = fence_of(256);
	struct json_scan scan = { 0 };
	for (size_t before = 0; before < 40; before++) {
		for (size_t after = 0; after < 40; after++) {
			for (size_t i = 0; i < COUNT_OF(stops); i++) {
				char text[128];
				size_t len = stops[i].text.len;
				memset(text, 'x', sizeof(text));
				text[0] = '"';
				memcpy(text + 1 + before, stops[i].text.at, len);
				text[1 + before + len + after] = '"';
				struct span whole = { text, before + len + after + 2 };
				expect(&scan, &stops[i], fence_put(&fence, whole), JSON_STRICT);
				whole.len--;
				assert_false(
					json_validate(&scan, fence_put(&fence, whole), JSON_LOOSE));
			}
		}
	}
	json_finish(&scan);
	fence_finish(&fence);
}

/* No beginning of a text is a text, and none is read past its end. */
static void cut_test(void **state)
{
	(void)state;
	static const char text[] =
		"{\"jsonrpc\":\"2.0\",\"id\":-1.5e+7,\"m\\u00e9\":[true,false,null,"
		"{\"a\":\"\xf0\x9f\x98\x80\\ud83d\\ude00\"}]}";
	struct fence fence = fence_of(sizeof(text));
	struct json_scan scan = { 0 };
	for (size_t len = 0; len < sizeof(text) - 1; len++) {
		struct span part = fence_put(&fence, (struct span){ text, len });
		assert_false(json_validate(&scan, part, JSON_STRICT));
		assert_false(json_validate(&scan, part, JSON_LOOSE));
	}
	assert_true(json_validate(&scan, fence_put(&fence, span_of(text)), JSON_STRICT));
	json_finish(&scan);
	fence_finish(&fence);
}

static void nest(struct buf *b, const char *open, const char *close, size_t depth)
{
	buf_clear(b);
	for (size_t i = 0; i < depth; i++) {
		buf_text(b, open);
	}
	buf_text(b, "1");
	for (size_t i = 0; i < depth; i++) {
		buf_text(b, close);
	}
}

static void depth_test(void **state)
{
	(void)state;
	static const char *const shapes[][2] = { { "[", "]" }, { "{\"a\":", "}" },
		{ "[{\"a\":", "}]" } };
	struct json_scan scan = { 0 };
	struct buf b = { 0 };
	for (size_t i = 0; i < COUNT_OF(shapes); i++) {
		size_t levels = i == 2 ? 2 : 1;
		nest(&b, shapes[i][0], shapes[i][1], JSON_DEPTH_STRICT / levels);
		assert_true(json_validate(&scan, buf_view(&b), JSON_STRICT));
		nest(&b, shapes[i][0], shapes[i][1], JSON_DEPTH_STRICT / levels + 1);
		assert_false(json_validate(&scan, buf_view(&b), JSON_STRICT));
		assert_string_equal(scan.fault, "nested too deeply");
		nest(&b, shapes[i][0], shapes[i][1], JSON_DEPTH_LOOSE / levels);
		assert_true(json_validate(&scan, buf_view(&b), JSON_LOOSE));
		nest(&b, shapes[i][0], shapes[i][1], JSON_DEPTH_LOOSE / levels + 1);
		assert_false(json_validate(&scan, buf_view(&b), JSON_LOOSE));
		nest(&b, shapes[i][0], "", 1000000);
		assert_false(json_validate(&scan, buf_view(&b), JSON_LOOSE));
		assert_string_equal(scan.fault, "nested too deeply");
	}
	buf_finish(&b);
	json_finish(&scan);
}

/* Key number i of a pattern; "spread" puts its digits eight and four bytes apart, where weak
 * hashes fail. */
static void put_key(char key[64], const char *pattern, int i)
{
	if (strcmp(pattern, "spread") == 0) {
		memset(key, '_', 24);
		key[24] = '\0';
		for (size_t at = 7; at < 24; at += 4, i /= 10) {
			key[at] = (char)('0' + i % 10);
		}
		return;
	}
	const char *digits = strchr(pattern, '#');
	snprintf(key, 64, "%.*s%d%s", (int)(digits - pattern), pattern, i, digits + 1);
}

/* `count` keys; the last is key number `last`. */
static void put_keys(struct buf *b, const char *pattern, int count, int last)
{
	buf_clear(b);
	buf_text(b, "{\"nested\":{");
	for (int i = 0; i < count; i++) {
		char key[64];
		put_key(key, pattern, i == count - 1 ? last : i);
		buf_printf(b, "%s\"%s\":0", i ? "," : "", key);
	}
	buf_text(b, "}}");
}

static void many_keys_test(void **state)
{
	(void)state;
	static const char *const patterns[] = { "#", "key_#", "#_a_long_tail", "0123456789abcde#",
		"\\u0061#", "spread" };
	static const int counts[] = { 2, 3, 39, 40, 41, 42, 255, 1000, 50000 };
	struct json_scan scan = { 0 };
	struct buf b = { 0 };
	for (size_t p = 0; p < COUNT_OF(patterns); p++) {
		for (size_t c = 0; c < COUNT_OF(counts); c++) {
			put_keys(&b, patterns[p], counts[c], counts[c] - 1);
			assert_true(json_validate(&scan, buf_view(&b), JSON_STRICT));
			put_keys(&b, patterns[p], counts[c], counts[c] / 3);
			assert_false(json_validate(&scan, buf_view(&b), JSON_STRICT));
			assert_string_equal(scan.fault, "duplicate key");
			assert_true(json_validate(&scan, buf_view(&b), JSON_LOOSE));
		}
	}
	buf_finish(&b);
	json_finish(&scan);
}

/* Quadratic would be minutes. The scratch of such a text does not stay. */
static void million_keys_test(void **state)
{
	(void)state;
	struct json_scan scan = { 0 };
	struct buf b = { 0 };
	put_keys(&b, "#", 1000000, 999999);
	clock_t start = clock();
	assert_true(json_validate(&scan, buf_view(&b), JSON_STRICT));
	assert_true(clock() - start < CLOCKS_PER_SEC);
	assert_true(scan.hash_cap < 100000);
	put_keys(&b, "#", 1000000, 0);
	assert_false(json_validate(&scan, buf_view(&b), JSON_STRICT));
	assert_string_equal(scan.fault, "duplicate key");
	buf_finish(&b);
	json_finish(&scan);
}

static void fault_place_test(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t at;
	} faults[] = {
		{ "{\"a\":01}", 5 },
		{ "{\"a\":\"\\q\"}", 6 },
		{ "[1,2", 4 },
		{ "  [1,]", 5 },
		{ "{} 1", 3 },
		{ "{\"a\":1,\"a\":2}", 12 },
	};
	struct json_scan scan = { 0 };
	for (size_t i = 0; i < COUNT_OF(faults); i++) {
		assert_false(json_validate(&scan, span_of(faults[i].text), JSON_STRICT));
		assert_int_equal(scan.fault_at, faults[i].at);
	}
	assert_false(json_validate(&scan, (struct span){ NULL, 0 }, JSON_STRICT));
	json_finish(&scan);
	json_finish(NULL);
}

static void top_test(void **state)
{
	(void)state;
	static const char text[] = " { \"result\" : {\"a\":[1,{\"id\":9}]} ,"
				   "\"i\\u0064\":\"x\\\"y\",\"n\":-1.5 , \"t\":true,\"e\":[ ]} ";
	static const char *const keys[] = { "result", "i\\u0064", "n", "t", "e" };
	static const char *const values[] = { "{\"a\":[1,{\"id\":9}]}", "\"x\\\"y\"", "-1.5",
		"true", "[ ]" };
	struct json_scan scan = { 0 };
	for (int rule = JSON_STRICT; rule <= JSON_LOOSE; rule++) {
		assert_true(json_validate(&scan, span_of(text), rule));
		assert_int_equal(scan.type, JSON_OBJECT);
		assert_ptr_equal(scan.value.at, text + 1);
		assert_int_equal(scan.value.len, sizeof(text) - 3);
		assert_int_equal(scan.top_count, COUNT_OF(keys));
		assert_false(scan.top_more);
		for (size_t i = 0; i < COUNT_OF(keys); i++) {
			assert_true(span_is(scan.top[i].key, keys[i]));
			assert_true(span_is(scan.top[i].value, values[i]));
		}
	}
	assert_true(json_validate(&scan, SPAN(" [ {\"a\":1} ] "), JSON_STRICT));
	assert_int_equal(scan.top_count, 0);
	assert_true(span_is(scan.value, "[ {\"a\":1} ]"));
	assert_true(json_validate(&scan, SPAN(" -7\n"), JSON_STRICT));
	assert_true(span_is(scan.value, "-7"));
	json_finish(&scan);
}

static void top_more_test(void **state)
{
	(void)state;
	struct json_scan scan = { 0 };
	struct buf b = { 0 };
	for (int count = JSON_TOP_MAX; count <= JSON_TOP_MAX + 1; count++) {
		buf_clear(&b);
		for (int i = 0; i < count; i++) {
			buf_printf(&b, "%s\"k%d\":%d", i ? "," : "{", i, i);
		}
		buf_char(&b, '}');
		assert_true(json_validate(&scan, buf_view(&b), JSON_STRICT));
		assert_int_equal(scan.top_count, JSON_TOP_MAX);
		assert_int_equal(scan.top_more, count > JSON_TOP_MAX);
		assert_true(span_is(scan.top[JSON_TOP_MAX - 1].value, "23"));
	}
	buf_finish(&b);
	json_finish(&scan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_test),
		cmocka_unit_test(offsets_test),
		cmocka_unit_test(cut_test),
		cmocka_unit_test(depth_test),
		cmocka_unit_test(many_keys_test),
		cmocka_unit_test(million_keys_test),
		cmocka_unit_test(fault_place_test),
		cmocka_unit_test(top_test),
		cmocka_unit_test(top_more_test),
	};
	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
