/* Listing only some calls: always said, never decided unseen, and jumps. */
#include "config.h"

#include "tests/tui/items.h"
#include "tests/tui/vt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SHOWN_MS = 700, SETTLE_MS = 300 };

static const char queue[] = SNAPSHOT(ITEM(1, 4, "medium", WRITES("a.c")) "," ITEM(
	2, 1, "low", WRITES("b.h")) "," ITEM(3, 2, "high", WRITES("c.c")));

static const struct wire_show shows[] = {
	{ "c-1", SHOW_WRITE(4, "a.c", "new\\n", "old\\n") },
	{ "c-2", SHOW_WRITE(1, "b.h", "two\\n", "old\\n") },
	{ "c-3", SHOW_WRITE(2, "c.c", "three\\n", "old\\n") },
	{ NULL, NULL },
};

static struct vt *start(void)
{
	struct vt *vt = vt_start(&(struct vt_options){ .rows = 30, .cols = 80 }, queue, shows);
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	return vt;
}

static void it_lists_while_it_is_typed(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_send(vt, "/");
	assert_true(vt_wait(vt, "filter:", VT_MS));
	vt_send(vt, "b.");
	assert_true(vt_wait_row(vt, 0, "1 of 3", VT_MS));
	assert_true(vt_wait_row(vt, 1, "b.h", VT_MS));
	assert_true(vt_wait_gone(vt, "a.c", VT_MS));
	vt_send(vt, "\r");
	assert_true(vt_wait_row(vt, 28, "1 of 3: filter b.;", VT_MS)); /* goes on being said */
	vt_send(vt, "\\");
	assert_true(vt_wait_row(vt, 28, "filter b. is off", VT_MS));
	assert_true(vt_wait_row(vt, 1, "a.c", VT_MS));
	vt_send(vt, "\\");
	assert_true(vt_wait_row(vt, 1, "b.h", VT_MS));
	vt_send(vt, "/");
	assert_true(vt_wait_row(vt, 28, "filter: b.", VT_MS)); /* to be edited */
	vt_send(vt, "\033");
	vt_pump(vt, SETTLE_MS);
	vt_send(vt, "\033");
	assert_true(vt_wait_row(vt, 1, "a.c", VT_MS));
	assert_true(vt_wait_gone(vt, "filter", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

/* The arrows bring back what was filtered by before; a paste into the line stays in it. */
static void earlier_filters_come_back(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_send(vt, "/b.\r");
	assert_true(vt_wait_row(vt, 28, "1 of 3: filter b.;", VT_MS));
	vt_send(vt, "\033");
	assert_true(vt_wait_row(vt, 1, "a.c", VT_MS));
	vt_send(vt, "/risk:high\r");
	assert_true(vt_wait_row(vt, 28, "filter risk:high;", VT_MS));
	vt_send(vt, "/\025c.\033[A");
	assert_true(vt_wait_row(vt, 28, "filter: risk:high", VT_MS));
	vt_send(vt, "\033[A");
	assert_true(vt_wait_row(vt, 28, "filter: b.", VT_MS));
	vt_send(vt, "\033[B\033[B");
	assert_true(vt_wait_row(vt, 28, "filter: c.", VT_MS));
	vt_send(vt, "\025\033[200~a\rd\r\033[201~");
	assert_true(vt_wait_row(vt, 28, "filter: a d", VT_MS));
	vt_send(vt, "\025\x7f"); /* backspace on nothing */
	assert_true(vt_wait_gone(vt, "filter:", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

static void fields_and_mistakes(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_send(vt, "/risk:high\r");
	assert_true(vt_wait_row(vt, 1, "c.c", VT_MS));
	vt_send(vt, "\033");
	assert_true(vt_wait_row(vt, 1, "a.c", VT_MS));
	vt_send(vt, "/rsk:high");
	assert_true(vt_wait(vt, "at 1: no field is called rsk; the nearest is risk", VT_MS));
	vt_stop(vt);
}

/* What is hidden is not decided, and nothing is when all is hidden. */
static void nothing_hidden_is_decided(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_send(vt, "/nowhere\r");
	assert_true(vt_wait(vt, "None of the 3 calls fits the filter", VT_MS));
	assert_true(vt_wait_row(vt, 0, "3 waiting", VT_MS));
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "no call is shown", VT_MS));
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "d");
	vt_pump(vt, SETTLE_MS);
	vt_send(vt, "*");
	vt_pump(vt, SETTLE_MS);
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

/* The selected call changes so that the filter would hide it: it stays where it is. */
static void news_do_not_move_the_selection(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_send(vt, "/a.c\r");
	assert_true(vt_wait_row(vt, 0, "1 of 3", VT_MS));
	wire_tell(&vt->wire, "item", ITEM(1, 5, "medium", WRITES("other.h")));
	assert_true(vt_wait_row(vt, 1, "other.h", VT_MS));
	wire_tell(&vt->wire, "item", ITEM(4, 1, "low", WRITES("also/a.c")));
	assert_true(vt_wait_row(vt, 0, "2 of 4", VT_MS));
	wire_tell(&vt->wire, "gone",
		"{\"call\":\"c-1\",\"number\":1,\"state\":\"done\",\"by\":\"other\"}");
	assert_true(vt_wait_row(vt, 1, "also/a.c", VT_MS)); /* never one that is hidden */
	assert_true(vt_wait_row(vt, 1, ">", VT_MS));
	vt_stop(vt);
}

static void jumps(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_send(vt, "!");
	assert_true(vt_wait_row(vt, 3, ">", VT_MS));
	vt_send(vt, "'");
	assert_true(vt_wait(vt, "no client gives up by itself", VT_MS));
	wire_tell(&vt->wire, "item",
		"{\"call\":\"c-9\",\"number\":9,\"revision\":1,\"kind\":\"call\",\"state\":"
		"\"held\",\"tool\":\"t\",\"risk\":\"low\",\"deadline\":4700000000000}");
	assert_true(vt_wait_row(vt, 4, "t", VT_MS));
	vt_send(vt, "'");
	assert_true(vt_wait_row(vt, 4, ">", VT_MS));
	vt_stop(vt);
}

/* A click selects, the wheel moves and scrolls; neither decides, and both are input to the guard.
 */
static void the_mouse_selects(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_send(vt, "\033[<0;5;4M\033[<0;5;4m"); /* the third row of the list */
	assert_true(vt_wait_row(vt, 3, ">", VT_MS));
	vt_send(vt, "\033[<64;5;3M"); /* the wheel over the list */
	assert_true(vt_wait_row(vt, 2, ">", VT_MS));
	vt_send(vt, "\033[<0;5;20M\033[<2;5;2M\033[<0;1;1M\033[<0;5M\033[<35;1;1M");
	vt_pump(vt, SETTLE_MS);
	assert_true(vt_wait_row(vt, 2, ">", VT_MS));
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "\033[<0;5;3Ma"); /* a click is input like a key */
	assert_true(vt_wait(vt, "too fast", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_lists_while_it_is_typed),
		cmocka_unit_test(earlier_filters_come_back),
		cmocka_unit_test(fields_and_mistakes),
		cmocka_unit_test(nothing_hidden_is_decided),
		cmocka_unit_test(news_do_not_move_the_selection),
		cmocka_unit_test(jumps),
		cmocka_unit_test(the_mouse_selects),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
