/* The real program line by line, on a terminal and on a pipe. */
#include "config.h"

#include "tests/tui/items.h"
#include "tests/tui/vt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { READ_MS = 700, SETTLE_MS = 300 };

static const char queue[] = SNAPSHOT(
	ITEM(1, 4, "medium", WRITES("a.c")) "," ITEM(2, 1, "medium", WRITES("b.c")));

static const struct wire_show shows[] = {
	{ "c-1", SHOW_WRITE(4, "a.c", "new\\n", "old\\n") },
	{ "c-2", SHOW_WRITE(1, "b.c", "two\\n", "old\\n") },
	{ NULL, NULL },
};

static struct vt *start(const struct vt_options *options)
{
	struct vt_options wanted = *options;
	wanted.rows = 60;
	wanted.linear = !options->read_only;
	return vt_start(&wanted, queue, shows);
}

/* "a 1 kf" and Enter, as it stands on the screen. */
static void send_yes(struct vt *vt, const char *begin)
{
	int row, col;
	char line[16];
	assert_true(vt_find(vt, begin, &row, &col));
	char *text = vt_row(vt, row);
	snprintf(line, sizeof(line), "%.6s\r", strstr(text, "a "));
	free(text);
	vt_send(vt, line);
}

static void a_line_decides_on_the_own_terminal(void **state)
{
	(void)state;
	struct vt *vt = start(&(struct vt_options){ 0 });
	assert_true(vt_wait(vt, "2 waiting", VT_MS));
	assert_true(vt_wait(vt, "To approve: a 2", VT_MS));
	assert_true(vt_wait(vt, "+ new", VT_MS));
	assert_true(vt_wait(vt, "- old", VT_MS));
	vt_pump(vt, READ_MS);
	send_yes(vt, "To approve: a 1");
	assert_true(vt_wait_count(vt, &vt->wire.decide_count, 1, VT_MS));
	assert_string_equal(vt->wire.decides[0],
		"{\"call\":\"c-1\",\"revision\":4,\"decision\":\"approve\",\"reason\":null}");
	assert_true(vt_wait(vt, "Call 1 is approved", VT_MS));
	vt_pump(vt, READ_MS);
	vt_send(vt, "d 2 not now\r");
	assert_true(vt_wait_count(vt, &vt->wire.decide_count, 2, VT_MS));
	assert_non_null(strstr(vt->wire.decides[1], "\"reason\":\"not now\""));
	assert_true(vt->wire.active_count >= 1);
	assert_null(memchr(vt->raw.data, '\033', vt->raw.len)); /* no sequence of any kind */
	vt_stop(vt);
}

/* Typed before the call is printed, as a whole line and as half of one. */
static void what_was_typed_before_is_not_for_it(void **state)
{
	(void)state;
	struct vt *vt = start(&(struct vt_options){ 0 });
	assert_true(vt_wait(vt, "To approve: a 2", VT_MS));
	vt_pump(vt, READ_MS);
	vt_send(vt, "a 1 ");
	vt_pump(vt, SETTLE_MS);
	wire_tell(&vt->wire, "item", ITEM(1, 4, "high", WRITES("a.c")));
	assert_true(vt_wait(vt, "Call 1 has CHANGED", VT_MS));
	vt_pump(vt, 2 * READ_MS);
	vt_send(vt, "zz\r");
	assert_true(vt_wait(vt, "Not understood, nothing was done", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

static void a_paste_of_lines_decides_once_at_most(void **state)
{
	(void)state;
	struct vt *vt = start(&(struct vt_options){ 0 });
	assert_true(vt_wait(vt, "To approve: a 2", VT_MS));
	vt_pump(vt, READ_MS);
	vt_send(vt, "list\rd 1\rd 2\rhold\r");
	assert_true(vt_wait(vt, "only the first", VT_MS));
	vt_pump(vt, SETTLE_MS);
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

static void endings_decide_nothing(void **state)
{
	static const char *const ends[] = { "quit\r", "\004", "\003" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		struct vt *vt = start(&(struct vt_options){ 0 });
		assert_true(vt_wait(vt, "To approve: a 2", VT_MS));
		vt_send(vt, ends[i]);
		assert_true(vt_wait(vt, "2 calls are still waiting", VT_MS));
		assert_true(vt_wait_end(vt, VT_MS));
		assert_int_equal(vt->wire.decide_count, 0);
		assert_int_equal(vt_stop(vt), 0);
	}
}

/* The terminal is stopped, and typed into: what was typed then counts for nothing. */
static void a_stopped_terminal_loses_what_was_typed(void **state)
{
	(void)state;
	struct vt *vt = start(&(struct vt_options){ 0 });
	assert_true(vt_wait(vt, "To approve: a 2", VT_MS));
	vt_pump(vt, READ_MS);
	vt_send(vt, "\023");
	wire_tell(&vt->wire, "item", ITEM(2, 2, "high", WRITES("b.c")));
	assert_true(vt_wait_read(vt, VT_MS)); /* what it writes now is held up */
	vt_pump(vt, SETTLE_MS);
	vt_send(vt, "d 1\r");
	vt_pump(vt, SETTLE_MS);
	vt_send(vt, "\021");
	assert_true(vt_wait(vt, "Call 2 has CHANGED", VT_MS));
	vt_pump(vt, SETTLE_MS);
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

/* Lines from a pipe are read, and decide nothing. */
static void a_pipe_only_looks(void **state)
{
	int ends[2];
	(void)state;
	assert_int_equal(pipe(ends), 0);
	struct vt *vt = start(&(struct vt_options){ .input = ends[0] });
	close(ends[0]);
	assert_true(vt_wait(vt, "only looks: standard input is not its terminal", VT_MS));
	assert_true(vt_wait(vt, "Call 2, medium risk", VT_MS));
	vt_pump(vt, READ_MS);
	assert_true(vt_wait_gone(vt, "To approve", VT_MS));
	assert_int_equal(write(ends[1], "d 1\n", 4), 4);
	vt_pump(vt, READ_MS);
	assert_int_equal(write(ends[1], "why 1\na 1 bf\n", 13), 13);
	vt_pump(vt, READ_MS);
	close(ends[1]);
	vt_pump(vt, SETTLE_MS);
	assert_int_equal(vt->wire.decide_count, 0);
	assert_false(vt->gone);
	vt_stop(vt);
}

static void it_can_be_told_to_look_only(void **state)
{
	(void)state;
	struct vt *vt = start(&(struct vt_options){ .read_only = true, .term = "dumb" });
	assert_true(vt_wait(vt, "only looks (--read-only)", VT_MS));
	assert_true(vt_wait(vt, "Call 2, medium risk", VT_MS));
	vt_pump(vt, READ_MS);
	vt_send(vt, "d 1\r");
	vt_pump(vt, SETTLE_MS);
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_decides_on_the_own_terminal),
		cmocka_unit_test(what_was_typed_before_is_not_for_it),
		cmocka_unit_test(a_paste_of_lines_decides_once_at_most),
		cmocka_unit_test(endings_decide_nothing),
		cmocka_unit_test(a_stopped_terminal_loses_what_was_typed),
		cmocka_unit_test(a_pipe_only_looks),
		cmocka_unit_test(it_can_be_told_to_look_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
