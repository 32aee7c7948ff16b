/* The list behind `bascule doctor`: what it counts, the exit code, and what it writes. */
#include "config.h"

#include "core/diagnosis.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void add(struct diagnosis *d, enum diagnosis_level level)
{
	diagnosis_add(d, level, "check", NULL, NULL, xstrdup("what"));
}

static void the_worst_is_the_exit_code(void **state)
{
	static const struct {
		enum diagnosis_level levels[3];
		int code;
	} rows[] = {
		{ { DIAGNOSIS_OK, DIAGNOSIS_OK, DIAGNOSIS_OK }, 0 },
		{ { DIAGNOSIS_NOTE, DIAGNOSIS_NOTE, DIAGNOSIS_OK }, 0 },
		{ { DIAGNOSIS_WARNING, DIAGNOSIS_NOTE, DIAGNOSIS_OK }, 1 },
		{ { DIAGNOSIS_FAILURE, DIAGNOSIS_WARNING, DIAGNOSIS_OK }, 2 },
		{ { DIAGNOSIS_OK, DIAGNOSIS_OK, DIAGNOSIS_FAILURE }, 2 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct diagnosis d = { 0 };
		for (size_t n = 0; n < COUNT_OF(rows[i].levels); n++) {
			add(&d, rows[i].levels[n]);
		}
		assert_int_equal(diagnosis_exit(&d), rows[i].code);
		diagnosis_finish(&d);
	}
}

static void an_empty_list_is_well(void **state)
{
	struct diagnosis d = { 0 };
	(void)state;
	char *words = diagnosis_summary(&d);
	assert_int_equal(diagnosis_exit(&d), 0);
	assert_string_equal(words, "0 well, 0 notes, 0 warnings, 0 failures");
	free(words);
	diagnosis_finish(&d);
}

static void the_summary_counts_in_words(void **state)
{
	struct diagnosis d = { 0 };
	(void)state;
	add(&d, DIAGNOSIS_NOTE);
	add(&d, DIAGNOSIS_WARNING);
	add(&d, DIAGNOSIS_WARNING);
	add(&d, DIAGNOSIS_FAILURE);
	char *words = diagnosis_summary(&d);
	assert_string_equal(words, "0 well, 1 note, 2 warnings, 1 failure");
	free(words);
	diagnosis_finish(&d);
}

static void it_is_written_in_the_order_it_was_found(void **state)
{
	struct diagnosis d = { 0 };
	struct buf out = { 0 };
	struct jsonw w = jw_start(&out);
	(void)state;
	diagnosis_add(&d, DIAGNOSIS_OK, "a", NULL, NULL, xstrdup("x"));
	diagnosis_add(&d, DIAGNOSIS_FAILURE, "b", "f:1", "do \"it\"", xstrdup("y\x1b"));
	jw_open(&w, '{');
	diagnosis_write(&d, &w);
	jw_close(&w, '}');
	assert_string_equal(buf_cstr(&out),
		"{\"exit\":2,\"counts\":{\"ok\":1,\"note\":0,\"warning\":0,\"failure\":1},"
		"\"findings\":["
		"{\"level\":\"ok\",\"check\":\"a\",\"where\":null,\"what\":\"x\",\"fix\":null},"
		"{\"level\":\"failure\",\"check\":\"b\",\"where\":\"f:1\",\"what\":\"y\\u001b\","
		"\"fix\":\"do \\\"it\\\"\"}]}");
	buf_finish(&out);
	diagnosis_finish(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worst_is_the_exit_code),
		cmocka_unit_test(an_empty_list_is_well),
		cmocka_unit_test(the_summary_counts_in_words),
		cmocka_unit_test(it_is_written_in_the_order_it_was_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
