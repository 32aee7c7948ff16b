/* What a person types to find calls. */
#include "config.h"

#include "core/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *value(const void *record, enum query_field field)
{
	static const char *const values[QUERY_FIELD_COUNT] = { [QUERY_TOOL] = "write_file",
		[QUERY_PATH] = "/w/src/Main.c",
		[QUERY_SERVER] = "files",
		[QUERY_CLIENT] = "claude-code",
		[QUERY_BRANCH] = "feature/login",
		[QUERY_RULE] = "built-in:12",
		[QUERY_RISK] = "high" };
	(void)record;
	return values[field];
}

static const struct {
	const char *text;
	bool fits;
} rows[] = {
	{ "", true },
	{ "  ", true },
	{ "write", true },
	{ "WRITE", true },
	{ "main.c", true },
	{ "nothing", false },
	{ "write nothing", false },
	{ "write main", true },
	{ "-nothing", true },
	{ "-write", false },
	{ "tool:write_file", true },
	{ "tool:file", true },
	{ "tool:src", false },
	{ "path:src/*", false }, /* a pattern fits the whole value */
	{ "path:*src/*", true },
	{ "path:*.c", true },
	{ "path:*.?", true },
	{ "path:*.?c", false },
	{ "-path:*.c", false },
	{ "-path:*.h", true },
	{ "risk:high client:claude", true },
	{ "risk:low", false },
	{ "reason:x", false }, /* there is none */
	{ "-reason:x", true },
	{ "rule:built-in:12", true },
	{ "built-in:12", true }, /* no field's name has a dash */
	{ "\"main.c\"", true },
	{ "\"w rite\"", false },
	{ "12:30", false }, /* a time is a word */
	{ "-", true }, /* the word "-", which stands in the client's name */
	{ "*", true },
	{ "tool:*", true },
	{ "reason:*", false },
	{ "a*a*a*a*b", false },
};

static void fits_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct query query;
		struct err err = { 0 };
		if (!query_parse(&query, span_of(rows[i].text), &err)) {
			fail_msg("%s: %s", rows[i].text, err.text);
		}
		if (query_fits(&query, value, NULL) != rows[i].fits) {
			fail_msg("%s: %d", rows[i].text, !rows[i].fits);
		}
		query_finish(&query);
	}
}

static const struct {
	const char *text, *why;
} wrong[] = {
	{ "tol:x", "at 1: no field is called tol; the nearest is tool" },
	{ "a  -clinet:x", "at 5: no field is called clinet; the nearest is client" },
	{ "tool:", "at 6: tool: what?" },
	{ "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17", "at 40: more than 16 words" },
};

static void wrong_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct query query;
		struct err err = { 0 };
		assert_false(query_parse(&query, span_of(wrong[i].text), &err));
		assert_string_equal(err.text, wrong[i].why);
		assert_int_equal(query.count, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fits_test),
		cmocka_unit_test(wrong_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
