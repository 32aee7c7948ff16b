/* What u takes back, and what it says of it. */
#include "config.h"

#include "tests/unit/play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_yes_is_held_if_the_person_wants_it(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	p.app.settings.approve_delay_ms = 1500;
	play_show(&p, "medium");
	play_key(&p, 'a');
	play_asked("approve c-1 4 in 1500 ms\n");
	play_tell(&p, FEED_DECIDED, "{\"state\":\"held\",\"approved_at\":1500}", NULL);
	assert_true(play_sees("#7 is being approved: u takes it back"));
	assert_true(play_sees("approving (u: undo)"));
	assert_true(play_sees("approved in 2 s"));
	play_pass(&p, SHOWN_HIGH);
	play_key(&p, 'a');
	assert_true(play_sees("it is being approved: u takes that back"));
	play_key(&p, 'u');
	play_asked("undo c-1\n");
	play_tell(&p, FEED_UNDONE, "{\"state\":\"held\"}", NULL);
	assert_true(play_sees("taken back: it waits again"));
	play_stop(&p);
}

static void a_no_overtakes_it(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	p.app.settings.approve_delay_ms = 1500;
	play_show(&p, "medium");
	play_key(&p, 'a');
	play_tell(&p, FEED_DECIDED, "{\"state\":\"held\",\"approved_at\":1500}", NULL);
	play_pass(&p, SHOWN_HIGH);
	play_key(&p, 'd');
	play_asked("approve c-1 4 in 1500 ms\ndeny c-1 4 in 1500 ms\n");
	play_stop(&p);
}

static void there_is_nothing_to_take_back(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	play_show(&p, "medium");
	play_key(&p, 'u');
	assert_true(play_sees("no decision that could be taken back"));
	play_asked("");
	play_stop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_yes_is_held_if_the_person_wants_it),
		cmocka_unit_test(a_no_overtakes_it),
		cmocka_unit_test(there_is_nothing_to_take_back),
	};
	play_terminal();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
