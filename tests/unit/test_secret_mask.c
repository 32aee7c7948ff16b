/* Credentials in texts for people. */
#include "config.h"

#include "core/policy/secret_mask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define TOKEN \
	"ghp_" \
	"x7Kq2mVb9RtYw4LcZ8NpD3sHf6JgA1uEo5Ti"
#define MASK \
	"\xe2\x9f\xa8" \
	"github-token" \
	"\xe2\x9f\xa9"

static int begin(void **state)
{
	static const unsigned char key[32];
	*state = secrets_create(key, NULL);
	return *state ? 0 : -1;
}

static int end(void **state)
{
	secrets_destroy(*state);
	return 0;
}

static void kinds_stand_for_values(void **state)
{
	static const struct {
		const char *text, *masked;
	} rows[] = {
		{ "", "" },
		{ "nothing here", "nothing here" },
		{ TOKEN, MASK },
		{ "a " TOKEN " b", "a " MASK " b" },
		{ TOKEN "\n" TOKEN, MASK "\n" MASK },
		{ "bytes \xff \x1b[2J stay", "bytes \xff \x1b[2J stay" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = { 0 };
		secret_mask(*state, span_of(rows[i].text), &out);
		assert_string_equal(buf_cstr(&out), rows[i].masked);
		buf_finish(&out);
	}
}

/* More than are looked for, and more than is scanned: none of it is shown. */
static void what_was_not_scanned_is_not_shown(void **state)
{
	struct buf many = { 0 }, large = { 0 }, out = { 0 };
	for (int i = 0; i < 40; i++) {
		buf_text(&many, TOKEN "\n");
	}
	secret_mask(*state, buf_view(&many), &out);
	assert_null(strstr(buf_cstr(&out), "ghp_"));
	buf_room(&large, 2 << 20);
	memset(large.data, 'x', 2 << 20);
	large.len = 2 << 20;
	buf_clear(&out);
	secret_mask(*state, buf_view(&large), &out);
	assert_string_equal(buf_cstr(&out), "\xe2\x9f\xa8not shown\xe2\x9f\xa9");
	buf_finish(&many);
	buf_finish(&large);
	buf_finish(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_stand_for_values),
		cmocka_unit_test(what_was_not_scanned_is_not_shown),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
