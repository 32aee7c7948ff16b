/* The writer: the exact bytes for what must look a certain way, and "one valid line" for
 * anything at all. */
#include "config.h"

#include "core/json.h"
#include "core/jsonw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void shape_test(void **state)
{
	(void)state;
	struct buf b = { 0 };
	struct jsonw w = jw_start(&b);
	jw_open(&w, '{');
	jw_kv_text(&w, "a", "x");
	jw_kv_int(&w, "b", INT64_MIN);
	jw_key(&w, "c");
	jw_open(&w, '[');
	jw_int(&w, 1);
	jw_bool(&w, true);
	jw_open(&w, '[');
	jw_close(&w, ']');
	jw_open(&w, '{');
	jw_close(&w, '}');
	jw_text(&w, NULL);
	jw_close(&w, ']');
	jw_kv_bool(&w, "d", false);
	jw_kv_raw(&w, "e", SPAN("{ \"x\": 1e400 }"));
	jw_kv_raw(&w, "f", (struct span){ NULL, 0 });
	jw_kv_raw(&w, "g", SPAN(""));
	jw_kv_span(&w, "h", (struct span){ NULL, 0 });
	jw_kv_span(&w, "i", SPAN(""));
	jw_close(&w, '}');
	assert_string_equal(buf_cstr(&b),
		"{\"a\":\"x\",\"b\":-9223372036854775808,\"c\":[1,true,[],{},null],\"d\":false,"
		"\"e\":{ \"x\": 1e400 },\"f\":null,\"g\":null,\"h\":null,\"i\":\"\"}");
	buf_finish(&b);
}

#define BYTES(literal) \
	{ \
		literal, sizeof(literal) - 1 \
	}

static void escape_test(void **state)
{
	(void)state;
	static const struct {
		struct span text;
		const char *json;
	} cases[] = {
		{ BYTES("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"" },
		{ BYTES("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"" },
		{ BYTES("a\0b\x1b[2J\x1f"), "\"a\\u0000b\\u001b[2J\\u001f\"" },
		{ BYTES("x\x7f\x7fy"), "\"x\\u007f\\u007fy\"" },
		{ BYTES("\xc2\x9b"
			"31m\xc2\xa0"),
			"\"\\u009b31m\xc2\xa0\"" },
		{ BYTES("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
			"\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"" },
		{ BYTES("\xff"
			"a\xc3"),
			"\"\xef\xbf\xbd"
			"a\xef\xbf\xbd\"" },
		{ BYTES("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf b = { 0 };
		struct jsonw w = jw_start(&b);
		jw_span(&w, cases[i].text);
		assert_string_equal(buf_cstr(&b), cases[i].json);
		buf_finish(&b);
	}
}

/* A raw value cannot end the line early; apart from that it stays byte for byte. */
static void raw_test(void **state)
{
	(void)state;
	struct buf b = { 0 };
	struct jsonw w = jw_start(&b);
	buf_text(&b, "\n");
	jw_raw(&w, SPAN("\n{\n\"a\\n\":\r\t1}\n"));
	assert_string_equal(buf_cstr(&b), "\n { \"a\\n\":\r\t1} ");
	buf_finish(&b);
}

/* Any bytes become one strict line that decodes to them, or to them with U+FFFD for what is no
 * UTF-8. */
static void round_trip_test(void **state)
{
	(void)state;
	struct json_scan scan = { 0 };
	uint32_t seed = 1;
	for (int round = 0; round < 20000; round++) {
		unsigned char bytes[40];
		struct buf line = { 0 }, back = { 0 }, again = { 0 };
		struct jsonw w = jw_start(&line);
		for (size_t i = 0; i < sizeof(bytes); i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[i] = (unsigned char)(round % 2 ? seed >> 24 : seed >> 25);
		}
		jw_span(&w, (struct span){ (const char *)bytes, sizeof(bytes) });
		for (size_t i = 0; i < line.len; i++) {
			assert_true((unsigned char)line.data[i] >= 0x20 && line.data[i] != 0x7f);
		}
		bool accepted = json_validate(&scan, buf_view(&line), JSON_STRICT);
		assert_true(accepted || strcmp(scan.fault, "escaped NUL") == 0);
		assert_true(json_decode(buf_view(&line), &back));
		if (round % 2 == 0) {
			assert_int_equal(back.len, sizeof(bytes));
			assert_memory_equal(back.data, bytes, sizeof(bytes));
		}
		w = jw_start(&again);
		jw_span(&w, buf_view(&back));
		assert_true(span_same(buf_view(&again), buf_view(&line)));
		buf_finish(&line);
		buf_finish(&back);
		buf_finish(&again);
	}
	json_finish(&scan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shape_test),
		cmocka_unit_test(escape_test),
		cmocka_unit_test(raw_test),
		cmocka_unit_test(round_trip_test),
	};
	return cmocka_run_group_tests_name("jsonw", tests, NULL, NULL);
}
