/* What answers a key is painted at once; what merely arrives, thirty times a second. */
#include "config.h"

#include "tests/unit/play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { LONG_MS = 3000 };

/* Whether this note, now, wants a frame of its own. */
static bool at_once(struct play *p, bool asked)
{
	const struct feed_note note = { .kind = FEED_OFFERS_FAILED,
		.call = "c-1",
		.revision = 4,
		.asked = asked,
		.text = "no" };
	p->app.dirty = 0;
	app_note(&p->app, &note);
	return p->app.dirty & APP_DIRTY_HAND;
}

static void an_answer_to_a_key_is(void **state)
{
	struct play p;
	(void)state;
	play_start(&p, false);
	assert_true(at_once(&p, true)); /* it has only just come up */
	play_pass(&p, LONG_MS);
	assert_false(at_once(&p, true)); /* nobody waits for it */
	play_key(&p, 'j');
	assert_true(at_once(&p, true));
	assert_false(at_once(&p, false));
	play_stop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_to_a_key_is),
	};
	play_terminal();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
