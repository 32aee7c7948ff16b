/* What bench_console measures, with bounds that hold on a machine that is busy: they find what
 * waits for a timer or for the broker, not what is a little slower. */
#include "config.h"

#include "tests/tui/items.h"
#include "tests/tui/speed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum {
	CALLS = 1000,
	KEYS = 21,
	ARRIVALS = 200,
	START_MS = 1500,
	KEY_MS = 60,
	ESC_MS = 200,
	REST_MS = 2500,
	FRAMES_A_SECOND = 31
};

static const struct vt_options wide = { .rows = 50, .cols = 200 };

static const struct wire_show shows[] = {
	{ "*", SHOW_WRITE(1, "a.c", "one\\ntwo\\nthree\\n", "one\\nfour\\n") }, { NULL, NULL }
};

static struct vt *start(size_t calls, char **snapshot)
{
	*snapshot = speed_snapshot(calls);
	struct vt *vt = vt_start(&wide, *snapshot, shows);
	assert_true(vt_wait(vt, calls ? "+2 -1" : "Nothing waits", VT_MS));
	return vt;
}

static void stop(struct vt *vt, char *snapshot)
{
	vt_stop(vt);
	free(snapshot);
}

/* The vt does not answer what colour it has. */
static void the_first_frame_waits_for_nothing(void **state)
{
	char *snapshot = speed_snapshot(CALLS);
	(void)state;
	struct speed s = speed_start(
		&(struct speed_start){ &wide, snapshot, "1000 waiting", NULL, NULL }, 5);
	assert_true(s.median < START_MS);
	free(snapshot);
}

/* Half of them, with the preview that the broker is asked for. */
static void a_key_is_answered_at_once(void **state)
{
	static const char *const keys[] = { "j", "j", "k", "?", "q", "G", "g" };
	static const char *const esc[] = { "?", "\033" };
	char *snapshot;
	(void)state;
	struct vt *vt = start(CALLS, &snapshot);
	assert_true(speed_keys(vt, keys, COUNT_OF(keys), KEYS).median < KEY_MS);
	assert_true(speed_keys(vt, esc, COUNT_OF(esc), KEYS).median < ESC_MS);
	stop(vt, snapshot);
}

static void arrivals_make_thirty_frames_a_second(void **state)
{
	char *snapshot;
	double took = 0;
	(void)state;
	struct vt *vt = start(CALLS, &snapshot);
	size_t frames = speed_frames(vt, ARRIVALS, 2, &took);
	assert_true(frames > 0 && frames <= (size_t)(took * FRAMES_A_SECOND / 1000) + 2);
	stop(vt, snapshot);
}

static void who_rests_is_not_woken(void **state)
{
	char *snapshot;
	(void)state;
	struct vt *vt = start(0, &snapshot);
	assert_int_equal(speed_wakes(vt, vt->pid, REST_MS), 0);
	stop(vt, snapshot);
	vt = start(1, &snapshot);
	int64_t wakes = speed_wakes(vt, vt->pid, REST_MS);
	assert_true(wakes >= 1 && wakes <= REST_MS / 1000 * 2 + 2); /* a tick, and an answer */
	stop(vt, snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_frame_waits_for_nothing),
		cmocka_unit_test(a_key_is_answered_at_once),
		cmocka_unit_test(arrivals_make_thirty_frames_a_second),
		cmocka_unit_test(who_rests_is_not_woken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
