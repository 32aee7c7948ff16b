/* The grants in force, and the table of keys. */
#include "config.h"

#include "tests/unit/play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <curses.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LIVE(id, more) \
	"{\"grant\":" #id ",\"number\":7,\"words\":\"reads /x/" #id \
	"\",\"server\":\"files\",\"by\":\"me\",\"used\":" more "}"

static void grants_are_listed_and_revoked(void **state)
{
	(void)state;
	struct play p;
	play_start(&p, false);
	play_key(&p, '3');
	play_asked("grants\n");
	play_key(&p, 'x');
	play_asked("");
	play_tell(&p, FEED_GRANTS,
		"{\"grants\":[" LIVE(5, "1,\"uses_left\":9,\"seconds_left\":61") "," LIVE(
			3, "0,\"uses_left\":-1,\"seconds_left\":-1") "]}",
		NULL);
	assert_true(play_sees("> reads /x/5"));
	assert_true(play_sees("used once \302\267 9 more, 2 min left"));
	assert_true(play_sees("this session"));
	play_pass(&p, SHOWN);
	play_key(&p, 'j');
	play_key(&p, 'x'); /* too fast */
	play_asked("");
	play_pass(&p, SHOWN);
	play_key(&p, 'x');
	play_asked("revoke 3\n");
	play_tell(&p, FEED_REVOKED, "{}", NULL);
	play_asked("grants\n");
	play_tell(&p, FEED_GRANTS, "{\"grants\":[" LIVE(5, "1") "]}", NULL);
	assert_int_equal(p.app.live.selected, 5);
	play_key(&p, 'q');
	assert_ptr_equal(p.app.view, &view_queue);
	play_stop(&p);
}

/* The list changes between the frame and the key. */
static void only_the_painted_grant_is_revoked(void **state)
{
	(void)state;
	struct play p;
	play_start(&p, false);
	play_key(&p, '3');
	play_tell(&p, FEED_GRANTS, "{\"grants\":[" LIVE(5, "0") "," LIVE(3, "0") "]}", NULL);
	play_pass(&p, SHOWN);
	live_read(&p.app.live, SPAN("{\"grants\":[{\"grant\":3}]}"));
	struct keydec_event x = { .kind = KEYDEC_KEY, .key = 'x' };
	app_input(&p.app, &x, p.now);
	play_asked("grants\n");
	play_stop(&p);
}

static void a_read_only_console_revokes_nothing(void **state)
{
	(void)state;
	struct play p;
	play_start(&p, true);
	play_key(&p, '3');
	play_tell(&p, FEED_GRANTS, "{\"grants\":[" LIVE(5, "0") "]}", NULL);
	play_pass(&p, SHOWN);
	play_key(&p, 'x');
	assert_true(play_sees("only looks"));
	play_asked("grants\n");
	play_stop(&p);
}

static void no_grants_and_no_answer_are_said(void **state)
{
	(void)state;
	struct play p;
	play_start(&p, false);
	play_key(&p, '3');
	play_tell(&p, FEED_GRANTS_FAILED, NULL, "no such method");
	assert_true(play_sees("no such method"));
	play_key(&p, 'R');
	play_asked("grants\ngrants\n");
	play_tell(&p, FEED_GRANTS, "{\"grants\":[]}", NULL);
	assert_true(play_sees("No grants"));
	play_stop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grants_are_listed_and_revoked),
		cmocka_unit_test(only_the_painted_grant_is_revoked),
		cmocka_unit_test(a_read_only_console_revokes_nothing),
		cmocka_unit_test(no_grants_and_no_answer_are_said),
	};
	play_terminal();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
