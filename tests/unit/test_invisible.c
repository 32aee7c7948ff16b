/* What is counted as unseen. */
#include "config.h"

#include "tui/invisible.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct {
	const char *json;
	size_t count;
} rows[] = {
	{ "{\"a\":\"plain\\ttext\\r\\nof lines\\n\"}", 0 },
	{ "{\"a\":\"caf\\u00e9 \\ud83d\\ude00\"}", 0 },
	{ "{\"a\":\"x\\u202ey\\u200b\"}", 2 },
	{ "{\"a\\u200b\":1}", 1 },
	{ "{\"a\":[{\"b\":\"\\u001b[2J\"},\"\\u0007\"]}", 2 },
	{ "{\"a\":\"\\ud83e\\uddd1\\udb40\\udc41\"}", 1 }, /* a tag letter */
	{ "{\"a\":\"x\\ry\"}", 1 },
	{ "[1,true,null]", 0 },
};

static void what_nobody_sees_is_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		assert_int_equal(invisible_in(span_of(rows[i].json)), rows[i].count);
	}
	assert_int_equal(invisible_in((struct span){ NULL, 0 }), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_nobody_sees_is_counted) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
