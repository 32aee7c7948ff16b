/* Keys that change how something is shown, and nothing of what is: raw bytes, follow and pause. */
#include "config.h"

#include "tests/unit/play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <curses.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- raw ---- */

static void the_bytes_are_shown_as_they_came(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	play_item(&p, "medium", 4, "null");
	play_asked("show c-1 4\n");
	play_tell(&p, FEED_SHOWN,
		"{\"revision\":4,\"params\":{ \"name\":\"read_file\",\"arguments\" : "
		"{\"path\":\"/x/\\u0061\\u202e\",\"n\":1.50,  \"\xe2\x80\xae\":\"\x7f\"}}}",
		NULL);
	assert_true(play_sees("path: \"/x/a"));
	assert_false(play_sees("\"name\":"));
	play_pass(&p, SHOWN);
	play_key(&p, 'i');
	assert_true(play_sees("parameters as they came, 83 bytes"));
	assert_true(play_sees("{ \"name\":\"read_file\",\"arguments\" : {\"path\":"));
	assert_true(play_sees("\"n\":1.50,  "));
	assert_false(play_sees("\xe2\x80\xae"));
	assert_true(play_sees("why")); /* what is decided on stays */
	play_key(&p, 'a');
	play_asked(""); /* a key before it */
	play_pass(&p, SHOWN);
	play_key(&p, 'i');
	assert_true(play_sees("path: \"/x/a"));
	play_pass(&p, SHOWN);
	play_key(&p, 'a');
	play_asked("approve c-1 4\n");
	play_stop(&p);
}

/* ---- follow ---- */

#define PAST(n) \
	"{\"number\":" #n ",\"state\":\"done\",\"tool\":\"read_file\",\"target\":\"/h/" #n \
	"\",\"arrived\":1}"
#define PASSED(n) \
	"{\"number\":" #n ",\"tool\":\"read_file\",\"target\":\"/t/" #n "\",\"rule\":\"r\"}"

static void the_tail_stands_still(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	play_tell(&p, FEED_PASSED, PASSED(7), NULL);
	assert_true(play_sees("/t/7"));
	play_key(&p, 'F');
	play_tell(&p, FEED_PASSED, PASSED(8), NULL);
	assert_true(play_sees("/t/7"));
	assert_true(play_sees("passed lately; paused"));
	assert_false(play_sees("/t/8"));
	play_asked("");
	play_key(&p, 'F');
	play_asked("history - before 0, 200\n");
	play_tell(&p, FEED_HISTORY, "{\"calls\":[" PAST(7) "," PAST(8) "]}", NULL);
	assert_true(play_sees("/h/8"));
	play_tell(&p, FEED_PASSED, PASSED(9), NULL);
	assert_true(play_sees("/t/9"));
	assert_false(play_sees("paused,"));
	play_stop(&p);
}

static void the_history_follows_the_newest_or_stands_still(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	play_key(&p, '2');
	play_tell(&p, FEED_HISTORY, "{\"calls\":[" PAST(7) "," PAST(8) "]}", NULL);
	play_asked("history - before 0, 200\nevent 8\n");
	play_key(&p, 'j'); /* away from the newest: nothing is asked for */
	play_asked("event 7\n");
	play_pass(&p, 5000);
	play_tell(&p, FEED_COUNTERS, "{\"waiting\":0,\"allowed\":9}", NULL);
	play_asked("");
	play_key(&p, 'F');
	assert_int_equal(p.app.past.selected, 8);
	play_asked("history - before 0, 200\n");
	play_tell(&p, FEED_HISTORY, "{\"calls\":[" PAST(7) "," PAST(8) "," PAST(9) "]}", NULL);
	assert_int_equal(p.app.past.selected, 9);
	play_asked("event 9\n");
	play_key(&p, 'F');
	assert_true(play_sees("paused"));
	play_pass(&p, 5000);
	play_tell(&p, FEED_COUNTERS, "{\"waiting\":0,\"allowed\":10}", NULL);
	play_asked("");
	assert_true(play_sees("\302\267 paused"));
	play_key(&p, 'F');
	play_asked("history - before 0, 200\n");
	play_stop(&p);
}

/* ---- a stop ---- */

static void the_word_is_typed_at_a_stretch(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	play_show(&p, "highest");
	play_pass(&p, SHOWN_HIGH);
	play_key(&p, 'a');
	assert_true(play_sees("to approve type read_file"));
	for (const char *at = "read_fil"; *at; at++) {
		play_key(&p, (uint32_t)*at);
	}
	play_key(&p, K_CTRL('z'));
	assert_int_equal(p.app.wish, APP_SUSPEND);
	assert_false(play_sees("to approve type"));
	play_key(&p, 'e');
	play_key(&p, K_ENTER);
	play_asked("");
	play_stop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_bytes_are_shown_as_they_came),
		cmocka_unit_test(the_tail_stands_still),
		cmocka_unit_test(the_word_is_typed_at_a_stretch),
		cmocka_unit_test(the_history_follows_the_newest_or_stands_still),
	};
	play_terminal();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
