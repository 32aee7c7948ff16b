/* Arguments laid out for an editor and read back: tokens stay, space goes, nothing else passes. */
#include "config.h"

#include "core/rewrite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void it_is_laid_out(void **state)
{
	static const struct {
		const char *json, *text;
	} rows[] = {
		{ "{}", "{}\n" },
		{ "{\"a\":1.50e3,\"b\":[]}", "{\n  \"a\": 1.50e3,\n  \"b\": []\n}\n" },
		{ "{ \"a\" : [ 1 ,{\"b\":null} ] }",
			"{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ]\n}\n" },
		{ "{\"q\":\"a,b:{\\\"}\"}", "{\n  \"q\": \"a,b:{\\\"}\"\n}\n" },
		/* what nobody would see: a bidi override, a C1 byte, a tag letter */
		{ "{\"q\":\"a\u202eb\"}", "{\n  \"q\": \"a\\u202eb\"\n}\n" },
		{ "{\"q\":\"\xc2\x9b\"}", "{\n  \"q\": \"\\u009b\"\n}\n" },
		{ "{\"q\":\"\U000e0041\"}", "{\n  \"q\": \"\\udb40\\udc41\"\n}\n" },
		{ "{\"q\":\"\u00e4\u6f22\"}", "{\n  \"q\": \"\u00e4\u6f22\"\n}\n" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = { 0 };
		rewrite_layout(span_of(rows[i].json), &out);
		assert_string_equal(buf_cstr(&out), rows[i].text);
		buf_finish(&out);
	}
}

static void it_is_read_back(void **state)
{
	static const struct {
		const char *text, *json, *wrong;
	} rows[] = {
		{ "{\n  \"a\": 1.50e3,\n  \"b\": [ 1 , 2 ]\n}\n", "{\"a\":1.50e3,\"b\":[1,2]}",
			NULL },
		{ "\r\n{\r\n\"a b\" : \" x \\\" y \"\r\n}\r\n", "{\"a b\":\" x \\\" y \"}", NULL },
		{ "", NULL, "line 1, column 1: no value" },
		{ "[]", NULL, "one object" },
		{ "{} {}", NULL, "line 1" },
		{ "{\n\"a\": 1,\n\"a\": 2\n}", NULL, "line 4, column 1: duplicate key in" },
		{ "{\n\"a\": 1,\n}", NULL, "line 3, column 1: key" },
		{ "{\n\"\u00e4\u6f22\": nul}", NULL, "line 2, column 7" },
		{ "{\"a\": \"x\ny\"}", NULL, "line" },
		{ "{\"a\": \"\xff\"}", NULL, "line 1" },
		{ "// no\n{}", NULL, "line 1" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = { 0 };
		struct err err = { 0 };
		bool good = rewrite_read(span_of(rows[i].text), &out, &err);
		assert_int_equal(good, rows[i].json != NULL);
		if (good) {
			assert_string_equal(buf_cstr(&out), rows[i].json);
		} else {

			assert_non_null(strstr(err.text, rows[i].wrong));
		}
		buf_finish(&out);
	}
}

static void too_much_is_refused(void **state)
{
	struct buf text = { 0 }, out = { 0 };
	struct err err = { 0 };
	(void)state;
	buf_text(&text, "{\"a\":\"");
	for (size_t i = 0; i < REWRITE_MAX; i++) {
		buf_char(&text, 'x');
	}
	buf_text(&text, "\"}");
	assert_false(rewrite_read(buf_view(&text), &out, &err));
	assert_non_null(strstr(err.text, "256 KiB"));
	buf_finish(&text);
	buf_finish(&out);
}

static void only_the_arguments_may_differ(void **state)
{
	static const char before[] = "{\"name\":\"t\", \"arguments\" : {\"a\":1},\"_meta\":{}}";
	static const struct {
		const char *params;
		bool fits;
	} rows[] = {
		{ before, true },
		{ "{\"name\":\"t\", \"arguments\" : {\"a\":22,\"b\":[]},\"_meta\":{}}", true },
		{ "{\"name\":\"t\", \"arguments\" : {},\"_meta\":{}}", true },
		{ "{\"name\":\"u\", \"arguments\" : {\"a\":1},\"_meta\":{}}", false },
		{ "{\"name\":\"t\", \"arguments\": {\"a\":1},\"_meta\":{}}", false },
		{ "{\"name\":\"t\", \"arguments\" : {\"a\":1},\"_meta\":{},\"x\":1}", false },
		{ "{\"name\":\"t\", \"arguments\" : [1],\"_meta\":{}}", false },
		{ "{\"name\":\"t\",\"_meta\":{}}", false },
		{ "[]", false },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		assert_int_equal(
			rewrite_is_of(span_of(before), span_of(rows[i].params)), rows[i].fits);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_laid_out),
		cmocka_unit_test(it_is_read_back),
		cmocka_unit_test(too_much_is_refused),
		cmocka_unit_test(only_the_arguments_may_differ),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
