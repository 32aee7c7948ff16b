/* Several calls by one key: the marked ones, listed in full, and nothing that came or changed
 * since. */
#include "config.h"

#include "tests/tui/items.h"
#include "tests/tui/vt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CAREFUL_MS = 1800, SETTLE_MS = 300 };

#define PUSH "\"tool\":\"git_push\",\"effects\":[{\"kind\":\"push\",\"given\":\"main\"}]"

static const char queue[] = SNAPSHOT(ITEM(1, 4, "medium", WRITES("a.c")) "," ITEM(2, 1, "low",
	WRITES("b.c")) "," ITEM(3, 2, "high", WRITES("c.c")) "," ITEM(4, 1, "highest", PUSH));

static const struct wire_show shows[] = {
	{ "c-1", SHOW_WRITE(4, "a.c", "new\\n", "old\\n") },
	{ "c-2", SHOW_WRITE(1, "b.c", "two\\n", "old\\n") },
	{ "c-3", SHOW_WRITE(2, "c.c", "three\\n", "old\\n") },
	{ "c-4", SHOW_ARGS(1, "{}") },
	{ "c-5", SHOW_WRITE(1, "e.c", "five\\n", "old\\n") },
	{ NULL, NULL },
};

static struct vt *start(void)
{
	struct vt *vt = vt_start(&(struct vt_options){ .rows = 40, .cols = 80 }, queue, shows);
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	return vt;
}

/* Was this call decided so? The order is the queue's. */
static void decided(struct vt *vt, size_t index, const char *call, const char *decision)
{
	char want_call[32], want[64];
	assert_true(vt_wait_count(vt, &vt->wire.decide_count, index + 1, VT_MS));
	snprintf(want_call, sizeof(want_call), "\"call\":\"%s\"", call);
	snprintf(want, sizeof(want), "\"decision\":\"%s\"", decision);
	assert_non_null(strstr(vt->wire.decides[index], want_call));
	assert_non_null(strstr(vt->wire.decides[index], want));
}

static void the_marked_ones_are_listed_then_approved(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_send(vt, " ");
	assert_true(vt_wait_row(vt, 1, "[x]", VT_MS));
	assert_true(vt_wait_row(vt, 2, ">", VT_MS)); /* on to the next */
	vt_send(vt, " ");
	assert_true(vt_wait_row(vt, 0, "2 marked", VT_MS));
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "a approves 2, d denies 2 of the 2 marked calls", VT_MS));
	assert_true(vt_wait(vt, "a.c", VT_MS));
	assert_true(vt_wait(vt, "b.c", VT_MS));
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "ignored", VT_MS)); /* it has just appeared */
	vt_pump(vt, CAREFUL_MS);
	assert_int_equal(vt->wire.decide_count, 0);
	vt_send(vt, "a");
	decided(vt, 0, "c-1", "approve");
	decided(vt, 1, "c-2", "approve");
	assert_true(vt_wait(vt, "2 approved", VT_MS));
	assert_int_equal(vt->wire.decide_count, 2);
	vt_stop(vt);
}

static void what_must_be_looked_at_is_not_approved_unseen(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_send(vt, "*");
	assert_true(vt_wait_row(vt, 0, "3 marked", VT_MS)); /* never the highest class */
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "a approves 2, d denies 3 of the 3 marked calls", VT_MS));
	assert_true(vt_wait(vt, "it was not looked at to its end", VT_MS));
	vt_pump(vt, CAREFUL_MS);
	vt_send(vt, "a");
	decided(vt, 1, "c-2", "approve");
	vt_pump(vt, SETTLE_MS);
	assert_int_equal(vt->wire.decide_count, 2);
	vt_stop(vt);
}

static void a_glance_is_not_a_look(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_send(vt, "jj");
	assert_true(vt_wait(vt, "three", VT_MS));
	vt_send(vt, "k*a");
	assert_true(vt_wait(vt, "a approves 2, d denies 3", VT_MS));
	vt_stop(vt);
}

static void what_was_looked_at_is_approved_with_the_others(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_send(vt, "jj");
	assert_true(vt_wait(vt, "three", VT_MS)); /* to its end: it fits */
	vt_pump(vt, CAREFUL_MS);
	vt_send(vt, "k*a");
	assert_true(vt_wait(vt, "a approves 3", VT_MS));
	vt_pump(vt, CAREFUL_MS);
	vt_send(vt, "a");
	decided(vt, 2, "c-3", "approve");
	vt_stop(vt);
}

static void the_highest_class_cannot_be_marked(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_send(vt, "G ");
	assert_true(vt_wait(vt, "not marked: the highest class is decided one by one", VT_MS));
	vt_stop(vt);
}

static void a_range_is_marked_and_unmarked(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_send(vt, " jv");
	assert_true(vt_wait_row(vt, 0, "3 marked", VT_MS));
	vt_send(vt, "U");
	assert_true(vt_wait_gone(vt, "[x]", VT_MS));
	vt_stop(vt);
}

/* What arrives is not in the list; what changes or leaves is left out, and the key before that does
 * not count. */
static void the_list_is_frozen(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_send(vt, "  a");
	assert_true(vt_wait(vt, "a approves 2", VT_MS));
	vt_pump(vt, CAREFUL_MS);
	wire_tell(&vt->wire, "item", ITEM(5, 1, "low", WRITES("e.c")));
	wire_tell(&vt->wire, "item", ITEM(1, 5, "medium", WRITES("other.c")));
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "a approves 1, d denies 1 of the 2 marked calls", VT_MS));
	assert_true(vt_wait(vt, "left out: it has changed since", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	vt_pump(vt, CAREFUL_MS);
	vt_send(vt, "a");
	decided(vt, 0, "c-2", "approve");
	vt_pump(vt, SETTLE_MS);
	assert_int_equal(vt->wire.decide_count, 1);
	vt_stop(vt);
}

static void all_are_denied_with_one_reason(void **state)
{
	(void)state;
	struct vt *vt = start();
	vt_send(vt, "  d");
	assert_true(vt_wait(vt, "d denies 2", VT_MS));
	vt_pump(vt, 450);
	vt_send(vt, "D");
	assert_true(vt_wait(vt, "reason for all:", VT_MS));
	vt_send(vt, "later\r");
	decided(vt, 0, "c-1", "deny");
	decided(vt, 1, "c-2", "deny");
	assert_non_null(strstr(vt->wire.decides[1], "\"reason\":\"later\""));
	assert_null(strstr(vt->wire.decides[1], "delay_ms"));
	vt_stop(vt);
}

/* Enter, Space, Esc and q approve nothing. */
static void leaving_the_list_decides_nothing(void **state)
{
	static const char *const keys[] = { "q", "\033", "\r", " " };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		struct vt *vt = start();
		vt_send(vt, " a");
		assert_true(vt_wait(vt, "a approves 1", VT_MS));
		vt_pump(vt, CAREFUL_MS);
		vt_send(vt, keys[i]);
		vt_pump(vt, SETTLE_MS);
		assert_int_equal(vt->wire.decide_count, 0);
		vt_stop(vt);
	}
}

static void what_the_rules_would_allow_is_marked_by_one_key(void **state)
{
	(void)state;
	struct vt *vt = start();
	wire_tell(&vt->wire, "item",
		"{\"call\":\"c-6\",\"number\":6,\"revision\":1,\"kind\":\"call\",\"state\":"
		"\"held\",\"tool\":\"t\",\"risk\":\"low\",\"said\":\"the rules would allow it "
		"now\"}");
	assert_true(vt_wait_row(vt, 5, "+", VT_MS));
	vt_send(vt, "&");
	assert_true(vt_wait_row(vt, 5, "[x]", VT_MS));
	assert_true(vt_wait_row(vt, 0, "1 marked", VT_MS));
	vt_stop(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_marked_ones_are_listed_then_approved),
		cmocka_unit_test(what_must_be_looked_at_is_not_approved_unseen),
		cmocka_unit_test(a_glance_is_not_a_look),
		cmocka_unit_test(what_was_looked_at_is_approved_with_the_others),
		cmocka_unit_test(the_highest_class_cannot_be_marked),
		cmocka_unit_test(a_range_is_marked_and_unmarked),
		cmocka_unit_test(the_list_is_frozen),
		cmocka_unit_test(all_are_denied_with_one_reason),
		cmocka_unit_test(leaving_the_list_decides_nothing),
		cmocka_unit_test(what_the_rules_would_allow_is_marked_by_one_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
