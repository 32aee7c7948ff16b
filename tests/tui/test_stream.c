/*
 * A thousand calls come in while a hand approves: each decision is about the call whose number was
 * on the screen when its key was pressed, there is none without a key, and no arrival moves the
 * selection. Now and then the call that is looked at leaves as the key is pressed.
 */
#include "config.h"

#include "tests/tui/items.h"
#include "tests/tui/speed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ARRIVALS = 1000, GAP_MS = 6, KEY_EVERY = 110, LEAVES_EVERY = 3, FIRST = 3, FRAME_MS = 60 };

static const struct wire_show shows[] = { { "*", SHOW_WRITE(1, "a.c", "new\\n", "old\\n") },
	{ NULL, NULL } };

/* The number in the rule above the card; -1: there is none. */
static long painted(struct vt *vt)
{
	static const char rule[] = "─ #";
	long number = -1;
	for (int row = 0; row < vt->rows && number < 0; row++) {
		char *text = vt_row(vt, row), *at = strstr(text, rule);
		number = at ? strtol(at + sizeof(rule) - 1, NULL, 10) : -1;
		free(text);
	}
	return number;
}

static void leave(struct vt *vt, long number, const char *state)
{
	char *params = xasprintf(
		"{\"call\":\"c-%ld\",\"number\":%ld,\"state\":\"%s\",\"by\":\"other\"}", number,
		number, state);
	wire_tell(&vt->wire, "gone", params);
	free(params);
}

static void arrive(struct vt *vt, size_t number)
{
	char *item = speed_call(number);
	wire_tell(&vt->wire, "item", item);
	free(item);
	vt_pump(vt, GAP_MS);
}

struct hand {
	struct vt *vt;
	size_t keys, decided; /* pressed; decisions that came in */
	long shown; /* at the last key */
};

/* What has come in since the last key is about what was shown then, and is one decision at most. */
static void account(struct hand *hand)
{
	struct wire *wire = &hand->vt->wire;
	assert_in_range(wire->decide_count, hand->decided, hand->decided + 1);
	if (wire->decide_count > hand->decided) {
		char *call = xasprintf("\"call\":\"c-%ld\"", hand->shown);
		assert_non_null(strstr(wire->decides[hand->decided], call));
		assert_non_null(strstr(wire->decides[hand->decided], "approve"));
		free(call);
		hand->decided++;
		leave(hand->vt, hand->shown, "done");
	}
}

static void press(struct hand *hand)
{
	vt_pump(hand->vt, GAP_MS);
	hand->shown = painted(hand->vt);
	assert_true(hand->shown >= 0);
	if (++hand->keys % LEAVES_EVERY == 0) {
		leave(hand->vt, hand->shown, "done");
		vt_pump(hand->vt, hand->keys % 2 ? FRAME_MS : 0); /* the next one is on screen */
	}
	vt_send(hand->vt, "a");
}

static void what_is_approved_was_shown(void **state)
{
	char *snapshot = speed_snapshot(FIRST);
	long looked_at = -1;
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ 0 }, snapshot, shows);
	struct hand hand = { .vt = vt, .shown = -1 };
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	for (size_t i = 0; i < ARRIVALS; i++) {
		arrive(vt, FIRST + 1 + i);
		account(&hand);
		if (i % KEY_EVERY == KEY_EVERY / 2) {
			looked_at = painted(vt); /* since the answer to the last key */
		} else if (i % KEY_EVERY == KEY_EVERY - 1) {
			assert_int_equal(painted(vt), looked_at);
			press(&hand);
		}
	}
	vt_pump(vt, 300);
	account(&hand);
	assert_true(hand.keys > 6 && hand.decided >= hand.keys / 2 && hand.decided < hand.keys);
	vt_stop(vt);
	free(snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_approved_was_shown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
