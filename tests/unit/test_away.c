/* What is said to who comes back. */
#include "config.h"

#include "tests/unit/play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void counters(struct play *p, int allowed, int denied, int withdrawn)
{
	char json[160];
	snprintf(json, sizeof(json),
		"{\"waiting\":0,\"allowed\":%d,\"approved\":0,\"denied\":%d,\"withdrawn\":%d,"
		"\"gates\":1}",
		allowed, denied, withdrawn);
	play_tell(p, FEED_COUNTERS, json, NULL);
}

/* What was before the console was opened is no news. */
static void a_late_first_key_is_told_what_came_since(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	play_tell(&p, FEED_SNAPSHOT,
		"{\"items\":[],\"counters\":{\"allowed\":500,\"denied\":7},\"broker\":{}}", NULL);
	play_pass(&p, 20 * 60000);
	counters(&p, 503, 7, 0);
	play_key(&p, 'j');
	assert_true(play_sees("3 passed, 0 denied"));
	play_stop(&p);
}

static void who_comes_back_is_told(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	counters(&p, 10, 1, 0);
	play_key(&p, 'j');
	assert_false(play_sees("away"));
	counters(&p, 52, 1, 2);
	play_pass(&p, 4 * 60000);
	play_key(&p, 'j');
	assert_false(play_sees("away")); /* not that long */
	counters(&p, 60, 2, 3);
	play_pass(&p, 12 * 60000);
	play_key(&p, 'j');
	assert_true(play_sees("away 12 min: 8 passed, 1 denied, 1 withdrawn or expired"));
	play_pass(&p, 10000);
	play_key(&p, 'j');
	assert_false(play_sees("away"));
	play_pass(&p, 12 * 60000);
	play_key(&p, 'j');
	assert_false(play_sees("away")); /* nothing happened */
	play_stop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_comes_back_is_told),
		cmocka_unit_test(a_late_first_key_is_told_what_came_since),
	};
	play_terminal();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
