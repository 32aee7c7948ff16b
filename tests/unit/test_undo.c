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

static void marks_are_as_before(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	play_show(&p, "medium");
	play_key(&p, ' ');
	assert_true(play_sees("[x]"));
	play_key(&p, 'U');
	assert_false(play_sees("[x]"));
	play_key(&p, 'u');
	assert_true(play_sees("taken back: 1 marked, as before"));
	assert_true(play_sees("[x]"));
	play_key(&p, 'u'); /* one step */
	assert_true(play_sees("no decision that could be taken back"));
	play_asked("");
	play_stop(&p);
}

static void it_rings_again(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	play_key(&p, 'm');
	play_asked("mute 30\n");
	play_tell(&p, FEED_MUTED_NOW, "{\"muted_until\":1800000}", NULL);
	play_key(&p, 'u');
	play_asked("mute 0\n");
	assert_true(play_sees("taken back: it rings again"));
	play_key(&p, 'm');
	play_asked("mute 0\n");
	play_key(&p, 'u');
	play_asked("mute 31\n"); /* what was left, rounded up */
	play_stop(&p);
}

static void a_grant_is_revoked_and_a_rule_taken_out(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	play_show(&p, "medium");
	play_tell(&p, FEED_DECIDED, "{\"state\":\"approved\",\"grant\":3}", NULL);
	assert_true(play_sees("approved, with a grant: u revokes it"));
	play_key(&p, 'u');
	play_asked("revoke 3\n");
	play_tell(&p, FEED_SAVED, "{\"rule\":\"allow read /x\",\"saved\":true}", NULL);
	play_key(&p, 'u');
	play_asked("drop allow read /x\n");
	play_tell(&p, FEED_DROPPED, "{\"rule\":\"allow read /x\"}", NULL);
	assert_true(play_sees("taken back: the rule is out of policy.rules again"));
	play_stop(&p);
}

/* What was done last comes first: here the decision, not the mark before it. */
static void the_last_one_counts(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	play_show(&p, "medium");
	play_key(&p, ' ');
	play_key(&p, ' ');
	play_pass(&p, SHOWN_HIGH);
	play_key(&p, 'd');
	play_asked("deny c-1 4 in 1500 ms\n");
	play_tell(&p, FEED_DECIDED, "{\"state\":\"held\",\"denied_at\":1500}", NULL);
	play_key(&p, 'u');
	play_asked("undo c-1\n");
	play_stop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_yes_is_held_if_the_person_wants_it),
		cmocka_unit_test(a_no_overtakes_it),
		cmocka_unit_test(there_is_nothing_to_take_back),
		cmocka_unit_test(marks_are_as_before),
		cmocka_unit_test(it_rings_again),
		cmocka_unit_test(a_grant_is_revoked_and_a_rule_taken_out),
		cmocka_unit_test(the_last_one_counts),
	};
	play_terminal();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
