/* The two panes: which one the moving keys move in, and which has all the room. */
#include "config.h"

#include "tests/tui/items.h"
#include "tests/tui/vt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SHOWN_MS = 700 };

static const char queue[] = SNAPSHOT(
	ITEM(1, 1, "medium", WRITES("src/a.c")) "," ITEM(2, 1, "medium", WRITES("b.sh")));

static const struct wire_show shows[] = {
	{ "c-1",
		SHOW_WRITE(1, "src/a.c",
			"one\\ntwo and more\\nthree\\nfour\\nfive\\nsix\\nseven\\neight\\nnine\\n",
			"one\\ntwo\\nthree\\n") },
	{ "c-2", SHOW_WRITE(1, "b.sh", "one\\n", "two\\n") },
	{ NULL, NULL },
};

static const struct wire_answer answers[] = {
	{ "history",
		"{\"calls\":[{\"number\":7,\"call\":\"c-7\",\"state\":\"done\",\"decision\":null,"
		"\"tool\":\"read_file\",\"target\":\"/w/a\",\"server\":\"files\",\"rule\":"
		"\"built-in:4\",\"reason\":\"because\",\"arrived\":1700000000000}]}" },
	{ "event", "{\"number\":7,\"call\":\"c-7\",\"effects\":[]}" },
	{ NULL, NULL },
};

static struct vt *start(int rows, int cols)
{
	struct vt *vt = vt_start(&(struct vt_options){ .rows = rows, .cols = cols }, queue, shows);
	vt->wire.answers = answers;
	assert_true(vt_wait(vt, "@@", VT_MS));
	return vt;
}

static void stop(struct vt *vt)
{
	char why[128] = "";
	bool clean = vt_clean(vt, why);
	vt_stop(vt);
	if (!clean) {
		fail_msg("%s", why);
	}
}

static void moving_keys_move_in_the_pane(void **state)
{
	static const char *const there[] = { "\t", "\033[Z" };
	static const char *const back[] = { "\t", "h" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(there); i++) {
		struct vt *vt = start(16, 60);
		assert_true(vt_wait(vt, " #1 · 1-", VT_MS));
		vt_send(vt, there[i]);
		assert_true(vt_wait(vt, " > #1 · 1-", VT_MS));
		vt_send(vt, "jj");
		assert_true(vt_wait(vt, " > #1 · 3-", VT_MS));
		vt_send(vt, "k");
		assert_true(vt_wait(vt, " > #1 · 2-", VT_MS));
		vt_send(vt, "G");
		assert_true(vt_wait_gone(vt, "more below", VT_MS));
		vt_send(vt, "\033[H"); /* Home */
		assert_true(vt_wait(vt, " > #1 · 1-", VT_MS));
		vt_send(vt, back[i]);
		assert_true(vt_wait(vt, " #1 · 1-", VT_MS));
		vt_send(vt, "j");
		assert_true(vt_wait(vt, " #2 · 1-", VT_MS));
		stop(vt);
	}
}

/* From the list, without leaving it. */
static void the_call_is_scrolled_from_the_list(void **state)
{
	(void)state;
	struct vt *vt = start(16, 60);
	vt_send(vt, "J");
	assert_true(vt_wait(vt, " #1 · 2-", VT_MS));
	vt_send(vt, "K");
	assert_true(vt_wait(vt, " #1 · 1-", VT_MS));
	vt_send(vt, "\004");
	assert_true(vt_wait_gone(vt, " #1 · 1-", VT_MS));
	vt_send(vt, "\025");
	assert_true(vt_wait(vt, " #1 · 1-", VT_MS));
	vt_send(vt, "\033[6~");
	assert_true(vt_wait_gone(vt, " #1 · 1-", VT_MS));
	vt_send(vt, "\033[5~");
	assert_true(vt_wait(vt, " #1 · 1-", VT_MS));
	assert_true(vt_wait_row(vt, 1, ">!", VT_MS));
	stop(vt);
}

/* What is not on the screen is not approved. */
static void a_list_with_all_the_room_approves_nothing(void **state)
{
	(void)state;
	struct vt *vt = start(24, 80);
	vt_send(vt, "+");
	assert_true(vt_wait_row(vt, 0, "zoomed", VT_MS));
	assert_true(vt_wait_gone(vt, "medium risk", VT_MS));
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "ignored: no call is shown", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	vt_send(vt, "_");
	assert_true(vt_wait(vt, "medium risk", VT_MS));
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "a");
	assert_true(vt_wait_count(vt, &vt->wire.decide_count, 1, VT_MS));
	stop(vt);
}

static void a_call_with_all_the_room(void **state)
{
	(void)state;
	struct vt *vt = start(24, 120);
	vt_send(vt, "\t+");
	assert_true(vt_wait_row(vt, 1, "─ > #1", VT_MS));
	assert_true(vt_wait_row(vt, 23, "a approve  d deny  D deny +why  ? help", VT_MS));
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "a");
	assert_true(vt_wait_count(vt, &vt->wire.decide_count, 1, VT_MS));
	assert_non_null(strstr(vt->wire.decides[0], "c-1"));
	assert_true(vt_wait_row(vt, 1, "─ > #2", VT_MS));
	vt_send(vt, "h");
	assert_true(vt_wait_row(vt, 2, ">!", VT_MS));
	stop(vt);
}

static void the_history_has_them_too(void **state)
{
	(void)state;
	struct vt *vt = start(24, 120);
	vt_send(vt, "2");
	assert_true(vt_wait(vt, " #7", VT_MS));
	vt_send(vt, "\t");
	assert_true(vt_wait(vt, "> #7", VT_MS));
	vt_send(vt, "+");
	assert_true(vt_wait_row(vt, 1, "─ > #7", VT_MS));
	vt_send(vt, "\t");
	assert_true(vt_wait_gone(vt, "#7", VT_MS));
	assert_true(vt_wait_row(vt, 1, "read_file", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	stop(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moving_keys_move_in_the_pane),
		cmocka_unit_test(the_call_is_scrolled_from_the_list),
		cmocka_unit_test(a_list_with_all_the_room_approves_nothing),
		cmocka_unit_test(a_call_with_all_the_room),
		cmocka_unit_test(the_history_has_them_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
