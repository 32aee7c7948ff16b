/* Times as people write them. */
#include "config.h"

#include "ipc/when.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* 2026-11-24 12:34:56 in a zone without summer time */
#define NOW 1795523696
#define DAY 86400
#define MIDNIGHT (NOW - (12 * 3600 + 34 * 60 + 56))

static void times_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} rows[] = {
		{ "90s", NOW - 90 },
		{ "45m", NOW - 45 * 60 },
		{ "3h", NOW - 3 * 3600 },
		{ "2d", NOW - 2 * DAY },
		{ "2w", NOW - 14 * DAY },
		{ "0s", NOW },
		{ "today", MIDNIGHT },
		{ "yesterday", MIDNIGHT - DAY },
		{ "2026-11-24", MIDNIGHT },
		{ "2026-11-01", MIDNIGHT - 23 * DAY },
		{ "2026-11-24T10:30", MIDNIGHT + 10 * 3600 + 30 * 60 },
		{ "2026-11-24T10:30:05", MIDNIGHT + 10 * 3600 + 30 * 60 + 5 },
		{ "2028-02-29", MIDNIGHT + 462 * DAY },
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t at = 0;
		if (!when_parse(span_of(rows[i].text), NOW * 1000000LL, &at) ||
			at != rows[i].seconds * 1000000) {
			fail_msg("%s: %lld, expected %lld", rows[i].text, (long long)(at / 1000000),
				(long long)rows[i].seconds);
		}
	}
}

static void what_is_no_time_is_refused(void **state)
{
	static const char *const rows[] = { "", "2", "d", "2y", "2dd", "-2d", "2 d", "1000000d",
		"tomorrow", "2026", "2026-11", "2026-13-01", "2026-02-30", "2026-11-00",
		"2026-11-24T", "2026-11-24T25:00", "2026-11-24T10:61", "2026-11-24T10:30:61",
		"2026-11-24T10:30x", "2026-11-24 10:30", "2026-11-24T10:30:05:07",
		"99999999999999999999d", "2026-11-24T10:30:5" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t at = 0;
		if (when_parse(span_of(rows[i]), NOW * 1000000LL, &at)) {
			fail_msg("%s was taken for %lld", rows[i], (long long)(at / 1000000));
		}
	}
	int64_t at;
	assert_false(when_parse((struct span){ "2d\0x", 4 }, NOW * 1000000LL, &at));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_read),
		cmocka_unit_test(what_is_no_time_is_refused),
	};
	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
