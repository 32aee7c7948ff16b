/* Away to the shell and back, and the control keys that every program has. */
#include "config.h"

#include "tests/tui/items.h"
#include "tests/tui/vt.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

enum { QUIET_MS = 450, SHOWN_MS = 900, SETTLE_MS = 200 };

static const char queue[] = SNAPSHOT(ITEM(1, 1, "medium", WRITES("a.c")));

static const struct wire_show shows[] = { { "c-1", SHOW_WRITE(1, "a.c", "new\\n", "old\\n") },
	{ NULL, NULL } };

static struct vt *start(void)
{
	struct vt *vt = vt_start(&(struct vt_options){ 0 }, queue, shows);
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	return vt;
}

static bool cooked(const struct vt *vt)
{
	struct termios t;
	assert_int_equal(tcgetattr(vt->master, &t), 0);
	return (t.c_lflag & (ECHO | ICANON | ISIG)) == (ECHO | ICANON | ISIG);
}

static size_t written(const struct vt *vt, size_t from, const char *sequence)
{
	size_t n = 0, len = strlen(sequence);
	const char *at = vt->raw.data + from, *end = vt->raw.data + vt->raw.len;
	while (at < end && (at = memmem(at, (size_t)(end - at), sequence, len))) {
		at += len;
		n++;
	}
	return n;
}

static void stop(struct vt *vt)
{
	int status = 0;
	vt_send(vt, "\032");
	assert_true(vt_wait_flag(vt, &vt->alt, false, VT_MS));
	assert_int_equal(waitpid(vt->pid, &status, WUNTRACED), vt->pid);
	assert_true(WIFSTOPPED(status));
	vt_pump(vt, SETTLE_MS);
	assert_true(cooked(vt));
	assert_true(vt->cursor_visible);
	assert_int_equal(written(vt, 0, "\033[?2004h"), written(vt, 0, "\033[?2004l"));
	assert_int_equal(written(vt, 0, "\033[?1004h"), written(vt, 0, "\033[?1004l"));
}

static void go_on(struct vt *vt)
{
	size_t from = vt->raw.len;
	kill(vt->pid, SIGCONT);
	assert_true(vt_wait_flag(vt, &vt->alt, true, VT_MS));
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	vt_pump(vt, SETTLE_MS);
	assert_false(cooked(vt));
	assert_int_equal(written(vt, from, "\033[?2004h"), 1);
	assert_int_equal(written(vt, from, "\033[?1004h"), 1);
}

/* Typed to the shell, or to nobody: none of it is for the call that comes back to the screen. */
static void what_was_typed_meanwhile_is_gone(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_pump(vt, SHOWN_MS);
	stop(vt);
	vt_send(vt, "aDd");
	vt_pump(vt, SETTLE_MS);
	go_on(vt);
	vt_pump(vt, SHOWN_MS);
	assert_int_equal(vt->wire.decide_count, 0);
	assert_true(vt_wait_gone(vt, "reason:", VT_MS));
	assert_true(vt_wait_gone(vt, "ignored", VT_MS));
	vt_send(vt, "a"); /* seen anew, for long enough */
	assert_true(vt_wait_count(vt, &vt->wire.decide_count, 1, VT_MS));
	vt_stop(vt);
}

/* A terminal that does not read holds a frame up: the keys are dropped, and it is said. */
static void what_was_typed_into_a_still_screen_is_said(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_pump(vt, SHOWN_MS);
	for (int i = 0; i < 64; i++) {
		vt_send(vt, "\014"); /* a frame each, until one does not fit any more */
		poll(NULL, 0, 20);
	}
	poll(NULL, 0, SETTLE_MS);
	vt_send(vt, "aDd");
	assert_true(vt_wait(vt, "keys ignored: the screen stood still", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

static void the_delays_begin_anew(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_pump(vt, SHOWN_MS);
	stop(vt);
	go_on(vt);
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "ignored", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

/* A line that is half typed waits, too. */
static void a_prompt_is_there_again(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_pump(vt, QUIET_MS);
	vt_send(vt, "D");
	assert_true(vt_wait(vt, "reason:", VT_MS));
	vt_send(vt, "use m");
	assert_true(vt_wait(vt, "reason: use m", VT_MS));
	stop(vt);
	vt_send(vt, "xyz");
	go_on(vt);
	assert_true(vt_wait(vt, "reason: use m", VT_MS));
	vt_send(vt, "ake\r");
	assert_true(vt_wait_count(vt, &vt->wire.decide_count, 1, VT_MS));
	assert_non_null(strstr(vt->wire.decides[0], "\"reason\":\"use make\""));
	vt_stop(vt);
}

static void ctrl_c_cancels_then_leaves(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_pump(vt, QUIET_MS);
	vt_send(vt, "D");
	assert_true(vt_wait(vt, "reason:", VT_MS));
	vt_send(vt, "no\003");
	assert_true(vt_wait(vt, "nothing sent; the call still waits", VT_MS));
	vt_send(vt, "?");
	assert_true(vt_wait(vt, "In the queue", VT_MS));
	vt_send(vt, "\003"); /* back */
	assert_true(vt_wait_gone(vt, "In the queue", VT_MS));
	assert_false(vt->ended);
	vt_send(vt, "\003");
	assert_true(vt_wait_end(vt, VT_MS));
	assert_true(WIFEXITED(vt->status) && WEXITSTATUS(vt->status) == 0);
	assert_true(vt_wait(vt, "1 call is still waiting; nothing was decided by leaving", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

/* Every cell again, also while a line is typed. */
static void ctrl_l_draws_anew(void **state)
{
	static const char *const before[] = { "", "/a.c" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(before); i++) {
		struct vt *vt = start();
		vt_send(vt, before[i]);
		vt_pump(vt, SETTLE_MS);
		size_t from = vt->raw.len;
		vt_send(vt, "\014");
		vt_pump(vt, SETTLE_MS);
		assert_true(written(vt, from, "process 4121") > 0);
		assert_true(written(vt, from, "1 waiting") > 0);
		vt_stop(vt);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_typed_meanwhile_is_gone),
		cmocka_unit_test(what_was_typed_into_a_still_screen_is_said),
		cmocka_unit_test(the_delays_begin_anew),
		cmocka_unit_test(a_prompt_is_there_again),
		cmocka_unit_test(ctrl_c_cancels_then_leaves),
		cmocka_unit_test(ctrl_l_draws_anew),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
