/* Every ending puts the terminal back and decides nothing. */
#include "config.h"

#include "tests/tui/items.h"
#include "tests/tui/vt.h"

#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

static const char queue[] = SNAPSHOT(ITEM(1, 1, "medium", WRITES("a.c")));

static const struct wire_show shows[] = { { "c-1", SHOW_WRITE(1, "a.c", "new\\n", "old\\n") },
	{ NULL, NULL } };

static struct vt *start(const struct vt_options *options)
{
	struct vt *vt = vt_start(options, queue, shows);
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	return vt;
}

static bool wrote(const struct vt *vt, const char *sequence)
{
	return memmem(vt->raw.data, vt->raw.len, sequence, strlen(sequence)) != NULL;
}

static bool cooked(const struct vt *vt)
{
	struct termios t;
	assert_int_equal(tcgetattr(vt->master, &t), 0);
	return (t.c_lflag & (ECHO | ICANON | ISIG)) == (ECHO | ICANON | ISIG) &&
		(t.c_iflag & ICRNL);
}

static const char *last(const struct vt *vt, const char *sequence)
{
	const char *at = NULL, *from = vt->raw.data, *end = from + vt->raw.len;
	size_t n = strlen(sequence);
	while ((from = memmem(from, (size_t)(end - from), sequence, n))) {
		at = from;
		from += n;
	}
	return at;
}

/* As a terminal is that nobody has touched. */
static bool untouched(const struct vt *vt)
{
	struct termios now, fresh;
	int master, slave;
	assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
	assert_int_equal(tcgetattr(vt->master, &now), 0);
	assert_int_equal(tcgetattr(slave, &fresh), 0);
	close(master);
	close(slave);
	return now.c_iflag == fresh.c_iflag && now.c_oflag == fresh.c_oflag &&
		now.c_cflag == fresh.c_cflag && now.c_lflag == fresh.c_lflag &&
		memcmp(now.c_cc, fresh.c_cc, sizeof(now.c_cc)) == 0;
}

/* What was switched on is switched off after that; what may be on is off in any case. */
static void assert_restored(struct vt *vt)
{
	static const char *const modes[][2] = { { "\033[?2004h", "\033[?2004l" },
		{ "\033[?1004h", "\033[?1004l" }, { "\033[?2031h", "\033[?2031l" },
		{ "\033[?1000h", "\033[?1000l" }, { "\033[?1006h", "\033[?1006l" },
		{ "\033[22;2t", "\033[23;2t" } };
	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		const char *on = last(vt, modes[i][0]), *off = last(vt, modes[i][1]);
		assert_true(off && (!on || off > on));
	}
	assert_true(wrote(vt, "\033[?2004h") && wrote(vt, "\033[?1004h"));
	assert_true(wrote(vt, "\033[22;2t"));
	assert_true(untouched(vt));
	assert_false(vt->alt);
	assert_true(vt->cursor_visible);
	assert_int_equal(vt->wire.decide_count, 0);
}

static void quit_leaves_what_waits(void **state)
{
	(void)state;
	struct vt *vt = start(&(struct vt_options){ 0 });
	assert_true(vt->alt);
	assert_false(untouched(vt));
	vt_send(vt, "q");
	assert_true(vt_wait_end(vt, VT_MS));
	assert_true(WIFEXITED(vt->status) && WEXITSTATUS(vt->status) == 0);
	assert_restored(vt);
	assert_true(vt_wait(vt, "1 call is still waiting; nothing was decided by leaving", VT_MS));
	vt_stop(vt);
}

static void signals_restore_the_terminal(void **state)
{
	static const int signals[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV, SIGABRT, SIGBUS };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(signals); i++) {
		struct vt *vt = start(&(struct vt_options){ 0 });
		kill(vt->pid, signals[i]);
		assert_true(vt_wait_end(vt, VT_MS));
		assert_true(WIFSIGNALED(vt->status));
		assert_int_equal(WTERMSIG(vt->status), signals[i]);
		assert_restored(vt);
		vt_stop(vt);
	}
}

static void the_mouse_is_given_back(void **state)
{
	char root[] = "/tmp/bascule-ends-XXXXXX";
	(void)state;
	assert_non_null(mkdtemp(root));
	char *dir = xasprintf("%s/config", root), *path = xasprintf("%s/config.ini", dir);
	assert_int_equal(mkdir(dir, 0700), 0);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs("[console]\nmouse = yes\n", file);
	fclose(file);
	for (int number = SIGTERM; number; number = number == SIGTERM ? SIGSEGV : 0) {
		struct vt *vt = start(&(struct vt_options){ .root = root });
		assert_true(wrote(vt, "\033[?1000h\033[?1006h"));
		kill(vt->pid, number);
		assert_true(vt_wait_end(vt, VT_MS));
		assert_restored(vt);
		vt_stop(vt);
	}
	vt_remove(root);
	free(path);
	free(dir);
}

static void a_prompt_is_no_obstacle(void **state)
{
	(void)state;
	struct vt *vt = start(&(struct vt_options){ 0 });
	vt_pump(vt, 450);
	vt_send(vt, "D");
	assert_true(vt_wait(vt, "reason:", VT_MS));
	vt_send(vt, "half a thought");
	assert_true(vt_wait(vt, "half a thought", VT_MS));
	kill(vt->pid, SIGTERM);
	assert_true(vt_wait_end(vt, VT_MS));
	assert_restored(vt);
	vt_stop(vt);
}

static void without_its_broker_too(void **state)
{
	(void)state;
	struct vt *vt = start(&(struct vt_options){ 0 });
	wire_hang_up(&vt->wire);
	assert_true(vt_wait(vt, "no broker", VT_MS));
	vt_send(vt, "q");
	assert_true(vt_wait_end(vt, VT_MS));
	assert_restored(vt);
	vt_stop(vt);
}

static void a_terminal_that_goes_ends_it(void **state)
{
	(void)state;
	struct vt *vt = start(&(struct vt_options){ 0 });
	close(vt->master);
	vt->ended = true;
	assert_true(vt_wait_end(vt, VT_MS));
	vt->master = dup(STDERR_FILENO);
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

static void vt100_is_put_back_too(void **state)
{
	(void)state;
	struct vt *vt = start(&(struct vt_options){ .term = "vt100" });
	assert_false(cooked(vt));
	kill(vt->pid, SIGTERM);
	assert_true(vt_wait_end(vt, VT_MS));
	vt_stop(vt);
}

/* ^Z: the shell gets its terminal, and the console comes back with a full screen and guarded anew.
 */
static void suspend_and_continue(void **state)
{
	int status = 0;
	(void)state;
	struct vt *vt = start(&(struct vt_options){ 0 });
	vt_send(vt, "\032");
	assert_true(vt_wait_flag(vt, &vt->alt, false, VT_MS));
	assert_int_equal(waitpid(vt->pid, &status, WUNTRACED), vt->pid);
	assert_true(WIFSTOPPED(status));
	assert_true(cooked(vt));
	kill(vt->pid, SIGCONT);
	assert_true(vt_wait_flag(vt, &vt->alt, true, VT_MS));
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	assert_false(cooked(vt));
	vt_pump(vt, 100); /* what was typed before the new frame is thrown away without a word */
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "ignored", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	vt_send(vt, "q");
	assert_true(vt_wait_end(vt, VT_MS));
	assert_restored(vt);
	vt_stop(vt);
}

static void stopped_from_outside(void **state)
{
	int status = 0;
	(void)state;
	struct vt *vt = start(&(struct vt_options){ 0 });
	kill(vt->pid, SIGTSTP);
	assert_true(vt_wait_flag(vt, &vt->alt, false, VT_MS));
	assert_int_equal(waitpid(vt->pid, &status, WUNTRACED), vt->pid);
	kill(vt->pid, SIGCONT);
	assert_true(vt_wait_flag(vt, &vt->alt, true, VT_MS));
	vt_pump(vt, 100);
	vt_send(vt, "q");
	assert_true(vt_wait_end(vt, VT_MS));
	assert_restored(vt);
	vt_stop(vt);
}

/* Where the cursor cannot be moved it goes on line by line, and says why. */
static void a_dumb_terminal_is_written_line_by_line(void **state)
{
	static const struct {
		const char *term, *why;
	} rows[] = { { "dumb", "Line by line: TERM does not name a terminal" },
		{ "no-such-terminal", "not known here" } };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct vt *vt = vt_start(
			&(struct vt_options){ .term = rows[i].term, .rows = 60 }, queue, shows);
		assert_true(vt_wait(vt, rows[i].why, VT_MS));
		assert_true(vt_wait(vt, "To approve: a 1", VT_MS));
		vt_send(vt, "quit\r");
		assert_true(vt_wait_end(vt, VT_MS));
		assert_int_equal(vt->wire.decide_count, 0);
		assert_null(memchr(vt->raw.data, '\033', vt->raw.len));
		assert_int_equal(vt_stop(vt), 0);
	}
}

/* bascule pop: over when nothing waits any more, and at once when nothing did. */
static void a_popup_ends_with_the_queue(void **state)
{
	static const char one[] = SNAPSHOT(ITEM(1, 4, "medium", WRITES("a.c")));
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ .pop = true }, one, NULL);
	assert_true(vt_wait(vt, "a.c", VT_MS));
	wire_tell(&vt->wire, "gone",
		"{\"call\":\"c-1\",\"number\":1,\"state\":\"done\",\"by\":\"other\"}");
	assert_true(vt_wait_end(vt, VT_MS));
	assert_int_equal(vt_stop(vt), 0);
	vt = vt_start(&(struct vt_options){ .pop = true }, SNAPSHOT(""), NULL);
	assert_true(vt_wait_end(vt, VT_MS));
	assert_int_equal(vt_stop(vt), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quit_leaves_what_waits),
		cmocka_unit_test(signals_restore_the_terminal),
		cmocka_unit_test(the_mouse_is_given_back),
		cmocka_unit_test(a_prompt_is_no_obstacle),
		cmocka_unit_test(without_its_broker_too),
		cmocka_unit_test(a_terminal_that_goes_ends_it),
		cmocka_unit_test(vt100_is_put_back_too),
		cmocka_unit_test(suspend_and_continue),
		cmocka_unit_test(stopped_from_outside),
		cmocka_unit_test(a_dumb_terminal_is_written_line_by_line),
		cmocka_unit_test(a_popup_ends_with_the_queue),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
