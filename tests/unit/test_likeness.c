/* Calls that are much like an earlier one. */
#include "config.h"

#include "core/effects/likeness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct one {
	enum effect_kind kind;
	const char *arg, *given, *how;
};

static const struct {
	struct one a[4], b[4];
	const char *except; /* NULL: not alike */
} rows[] = {
	{ { { EFFECT_WRITE, "path", "a.c", "replace" } },
		{ { EFFECT_WRITE, "path", "a.c", "replace" } }, "" },
	{ { { EFFECT_WRITE, "path", "a.c", "replace" } },
		{ { EFFECT_WRITE, "path", "b.c", "replace" } }, "path" },
	{ { { EFFECT_WRITE, "path", "a.c", "replace" } },
		{ { EFFECT_WRITE, "path", "a.c", "edit" } }, NULL },
	{ { { EFFECT_WRITE, "path", "a.c", "replace" } },
		{ { EFFECT_DELETE, "path", "a.c", "replace" } }, NULL },
	{ { { EFFECT_WRITE, "path", "a.c", "replace" } },
		{ { EFFECT_WRITE, "file", "a.c", "replace" } }, NULL },
	{ { { EFFECT_READ, "from", "a", "" }, { EFFECT_WRITE, "to", "b", "replace" } },
		{ { EFFECT_READ, "from", "x", "" }, { EFFECT_WRITE, "to", "y", "replace" } },
		"from, to" },
	{ { { EFFECT_READ, "from", "a", "" }, { EFFECT_READ, "from", "b", "" } },
		{ { EFFECT_READ, "from", "x", "" }, { EFFECT_READ, "from", "y", "" } }, "from" },
	{ { { EFFECT_READ, "1", "a", "" }, { EFFECT_READ, "2", "b", "" },
		  { EFFECT_READ, "3", "c", "" }, { EFFECT_READ, "4", "d", "" } },
		{ { EFFECT_READ, "1", "w", "" }, { EFFECT_READ, "2", "x", "" },
			{ EFFECT_READ, "3", "y", "" }, { EFFECT_READ, "4", "z", "" } },
		NULL },
	{ { { EFFECT_READ, "1", "a", "" } },
		{ { EFFECT_READ, "1", "a", "" }, { EFFECT_READ, "2", "b", "" } }, NULL },
	{ { { 0 } }, { { 0 } }, NULL }, /* of what is not known nothing is said */
};

static struct effects effects_of(const struct one list[4])
{
	struct effects effects = { 0 };
	for (size_t i = 0; i < 4 && list[i].arg; i++) {
		effects_add(&effects, list[i].kind, list[i].arg, list[i].given, list[i].how, "");
	}
	return effects;
}

static void rows_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct effects a = effects_of(rows[i].a), b = effects_of(rows[i].b);
		struct buf except = { 0 };
		bool alike = effects_alike(&a, &b, &except);
		if (alike != (rows[i].except != NULL)) {
			fail_msg("row %zu: %d", i, alike);
		}
		if (alike) {
			assert_string_equal(buf_cstr(&except), rows[i].except);
		} else {
			assert_int_equal(except.len, 0);
		}
		buf_finish(&except);
		effects_finish(&a);
		effects_finish(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(rows_test) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
