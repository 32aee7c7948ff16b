/* What a key may decide: exactly what was painted, only when it was meant. */
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

enum { SHOWN_MS = 700, SHOWN_HIGH_MS = 1800, SETTLE_MS = 300 };

static const char queue[] = SNAPSHOT(
	ITEM(1, 4, "medium", WRITES("a.c")) "," ITEM(2, 1, "medium", WRITES("b.c")));

static const struct wire_show shows[] = {
	{ "c-1", SHOW_WRITE(4, "a.c", "new\\n", "old\\n") },
	{ "c-2", SHOW_WRITE(1, "b.c", "two\\n", "old\\n") },
	{ "c-3", SHOW_WRITE(1, "c.c", "three\\n", "old\\n") },
	{ NULL, NULL },
};

static struct vt *start(const char *snapshot)
{
	struct vt *vt = vt_start(&(struct vt_options){ .rows = 30, .cols = 80 }, snapshot, shows);
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	return vt;
}

/* For how long it was on the screen is said too: never shorter than the guard asks for. */
static char *without_shown(const char *decide)
{
	static const char member[] = ",\"shown_ms\":";
	const char *at = strstr(decide, member);
	if (!at) {
		assert_non_null(strstr(decide, "\"reason\":\"")); /* typed: long after it */
		return xstrdup(decide);
	}
	char *rest;
	assert_true(strtol(at + strlen(member), &rest, 10) >= 100);
	return xasprintf("%.*s%s", (int)(at - decide), decide, rest);
}

static void decided(struct vt *vt, size_t index, const char *call, int revision,
	const char *decision, const char *reason)
{
	char want[256];
	assert_true(vt_wait_count(vt, &vt->wire.decide_count, index + 1, VT_MS));
	snprintf(want, sizeof(want),
		"{\"call\":\"%s\",\"revision\":%d,\"decision\":\"%s\",\"reason\":%s}", call,
		revision, decision, reason);
	char *got = without_shown(vt->wire.decides[index]);
	assert_string_equal(got, want);
	free(got);
}

static void approve_sends_what_was_painted(void **state)
{
	(void)state;
	struct vt *vt = start(queue);
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "a");
	decided(vt, 0, "c-1", 4, "approve", "null");
	assert_true(vt_wait_row(vt, 1, "approved, waiting for the gate", VT_MS));
	assert_true(vt_wait_row(vt, 2, ">", VT_MS)); /* on to the next one */
	wire_tell(&vt->wire, "gone",
		"{\"call\":\"c-1\",\"number\":1,\"state\":\"done\",\"by\":\"console\"}");
	assert_true(vt_wait_row(vt, 1, "b.c", VT_MS));
	assert_int_equal(vt->wire.decide_count, 1);
	assert_true(vt->wire.active_count >= 1);
	vt_stop(vt);
}

static void too_soon_does_nothing_and_says_so(void **state)
{
	(void)state;
	struct vt *vt = start(SNAPSHOT("" ITEM(1, 4, "medium", WRITES("a.c"))));
	wire_tell(&vt->wire, "gone",
		"{\"call\":\"c-1\",\"number\":1,\"state\":\"done\",\"by\":\"other\"}");
	assert_true(vt_wait(vt, "Nothing waits", VT_MS));
	vt_pump(vt, SHOWN_MS);
	wire_tell(&vt->wire, "item", ITEM(2, 1, "medium", WRITES("b.c")));
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "ignored: just appeared", VT_MS));
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "2 keys ignored", VT_MS));
	vt_pump(vt, SETTLE_MS);
	assert_int_equal(vt->wire.decide_count, 0);
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "a");
	decided(vt, 0, "c-2", 1, "approve", "null");
	vt_stop(vt);
}

static void typing_for_another_window_does_nothing(void **state)
{
	(void)state;
	struct vt *vt = start(queue);
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "i had a bad day\r");
	assert_true(vt_wait(vt, "ignored", VT_MS));
	vt_pump(vt, SETTLE_MS);
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

static void nothing_but_a_key_approves(void **state)
{
	static const char *const bytes[] = { "\033[200~aaaa\033[201~",
		"\033]11;rgb:aaaa/dddd/aaaa\033\\", "\033]11;rgb:aaaa/aaaa\007",
		"\033P>|aaaa\033\\", "\033[Maaa", "\033[<0;1;1M", "\033a", "\033[97u",
		"\033[?62;4a" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bytes); i++) {
		struct vt *vt = start(queue);
		vt_pump(vt, SHOWN_MS);
		vt_send(vt, bytes[i]);
		vt_pump(vt, SETTLE_MS);
		assert_int_equal(vt->wire.decide_count, 0);
		vt_send(vt, "?");
		assert_true(vt_wait(vt, "keys", VT_MS)); /* it listens again */
		assert_int_equal(vt->wire.decide_count, 0);
		vt_stop(vt);
	}
}

static void a_paste_is_said_to_be_ignored(void **state)
{
	(void)state;
	struct vt *vt = start(queue);
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "\033[200~aaaa\033[201~");
	assert_true(vt_wait(vt, "paste ignored", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

/* Calls pour in while the key is pressed: the one on the screen is the one that is approved. */
static void arrivals_do_not_change_the_target(void **state)
{
	(void)state;
	struct vt *vt = start(queue);
	vt_pump(vt, SHOWN_MS);
	for (int i = 10; i < 210; i++) {
		char item[1024];
		snprintf(item, sizeof(item),
			"{\"call\":\"n-%d\",\"number\":%d,\"revision\":1,\"kind\":\"call\","
			"\"state\":\"held\","
			"\"tool\":\"t\",\"risk\":\"low\"}",
			i, i);
		wire_tell(&vt->wire, "item", item);
		if (i == 100) {
			vt_send(vt, "a");
		}
	}
	assert_true(vt_wait_row(vt, 0, ".200", VT_MS));
	for (int i = 0; i < 3 && vt->wire.decide_count == 0;
		i++) { /* the list grew and moved the detail */
		vt_pump(vt, SHOWN_MS);
		vt_send(vt, "a");
		vt_pump(vt, SETTLE_MS);
	}
	decided(vt, 0, "c-1", 4, "approve", "null");
	vt_stop(vt);
}

/* The call changes while it is looked at: the key that was on its way does not count for the new
 * content. */
static void a_changed_call_is_looked_at_again(void **state)
{
	(void)state;
	struct vt *vt = start(queue);
	vt_pump(vt, SHOWN_MS);
	wire_tell(&vt->wire, "item", ITEM(1, 5, "medium", WRITES("other.c")));
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "ignored", VT_MS));
	vt_pump(vt, SETTLE_MS);
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

static void a_refusal_is_shown(void **state)
{
	(void)state;
	struct vt *vt = start(queue);
	vt->wire.refuse = 4006;
	vt->wire.refuse_text = "The call changed since it was shown. Look at it again.";
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "a");
	decided(vt, 0, "c-1", 4, "approve", "null");
	assert_true(vt_wait(vt, "changed since it was shown", VT_MS));
	assert_true(vt_wait_row(vt, 1, ">", VT_MS));
	vt_stop(vt);
}

/* The same queue, and the first call is about to be denied. */
static const char denying[] = ITEM(
	1, 4, "medium", "\"denied_at\":4700000001500,\"denied_by\":\"me@pts/1\"," WRITES("a.c"));

static void a_denial_can_be_taken_back(void **state)
{
	static const struct wire_answer answers[] = { { "undo", "{\"state\":\"held\"}" },
		{ NULL, NULL } };
	(void)state;
	struct vt *vt = start(queue);
	vt->wire.answers = answers;
	vt->wire.denied_at = 4700000001500;
	vt_pump(vt, 450);
	vt_send(vt, "u");
	assert_true(vt_wait(vt, "no decision that could be taken back", VT_MS));
	vt_pump(vt, 450);
	vt_send(vt, "d");
	decided(vt, 0, "c-1", 4, "deny", "null,\"delay_ms\":1500");
	wire_tell(&vt->wire, "item", denying);
	assert_true(vt_wait_row(vt, 1, "denying (u: undo)", VT_MS));
	assert_true(vt_wait_row(vt, 2, ">", VT_MS)); /* on to the next one */
	assert_true(vt_wait(vt, "#1 is being denied: u takes it back", VT_MS));
	vt_send(vt, "k");
	assert_true(vt_wait(vt, "me@pts/1", VT_MS));
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "it is being denied", VT_MS));
	vt_send(vt, "j");
	vt_send(vt, "u"); /* the one that there is, wherever the selection is */
	assert_true(vt_wait(vt, "taken back: it waits again", VT_MS));
	assert_int_equal(vt->wire.decide_count, 1);
	vt_stop(vt);
}

static void too_late_to_take_back(void **state)
{
	(void)state;
	struct vt *vt = start(queue);
	vt->wire.refuse = 4007;
	vt->wire.refuse_text = "too late: the agent has been told";
	wire_tell(&vt->wire, "item", denying);
	assert_true(vt_wait_row(vt, 1, "denying", VT_MS));
	vt_send(vt, "u");
	assert_true(vt_wait(vt, "too late", VT_MS));
	vt_stop(vt);
}

static void deny_with_a_reason(void **state)
{
	(void)state;
	struct vt *vt = start(queue);
	vt_pump(vt, 450);
	vt_send(vt, "D");
	assert_true(vt_wait(vt, "reason:", VT_MS));
	vt_send(vt, "use \"make cleanx\x7f\"");
	assert_true(vt_wait(vt, "reason: use \"make clean\"", VT_MS));
	vt_send(vt, "\033[200~ please\naa\033[201~");
	assert_true(vt_wait(vt, "please aa", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	vt_send(vt, "\r");
	decided(vt, 0, "c-1", 4, "deny", "\"use \\\"make clean\\\" please aa\"");
	vt_stop(vt);
}

static void a_reason_can_be_cancelled(void **state)
{
	(void)state;
	struct vt *vt = start(queue);
	vt_pump(vt, 450);
	vt_send(vt, "D");
	assert_true(vt_wait(vt, "reason:", VT_MS));
	vt_send(vt, "no\x7f\x7f\x7f");
	assert_true(vt_wait(vt, "nothing sent", VT_MS));
	vt_pump(vt, 450);
	vt_send(vt, "D");
	assert_true(vt_wait(vt, "reason:", VT_MS));
	vt_send(vt, "no\033");
	assert_true(vt_wait_gone(vt, "reason:", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

/* The reason is for the call that was painted when D was pressed, whatever is selected by then. */
static void a_reason_keeps_its_call(void **state)
{
	(void)state;
	struct vt *vt = start(queue);
	vt_pump(vt, 450);
	vt_send(vt, "D");
	assert_true(vt_wait(vt, "reason:", VT_MS));
	wire_tell(&vt->wire, "gone",
		"{\"call\":\"c-1\",\"number\":1,\"state\":\"denied\",\"by\":\"other\"}");
	assert_true(vt_wait_row(
		vt, 1, ">!  claude-co\342\200\246 filesystem/write_file        b.c", VT_MS));
	vt_send(vt, "why\r");
	assert_true(vt_wait(vt, "not sent", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

#define PUSHES(branch) \
	"\"tool\":\"git_push\",\"effects\":[{\"kind\":\"push\",\"given\":\"" branch \
	"\",\"how\":\"origin\"}]"

static struct vt *start_highest(void)
{
	static const char snapshot[] = SNAPSHOT(ITEM(1, 4, "highest", PUSHES("main")));
	static const struct wire_show args[] = { { "c-1", SHOW_ARGS(4, "{}") }, { NULL, NULL } };
	struct vt *vt = vt_start(&(struct vt_options){ .rows = 30 }, snapshot, args);
	assert_true(vt_wait(vt, "arguments", VT_MS));
	vt_pump(vt, SHOWN_HIGH_MS);
	return vt;
}

static void the_highest_class_asks_for_a_word(void **state)
{
	(void)state;
	struct vt *vt = start_highest();
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "to approve type main:", VT_MS));
	vt_pump(vt, SETTLE_MS);
	assert_int_equal(vt->wire.decide_count, 0);
	vt_send(vt, "mastr\r");
	assert_true(vt_wait(vt, "not approved: the word is main", VT_MS));
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "to approve type main:", VT_MS));
	vt_send(vt, "main\r");
	decided(vt, 0, "c-1", 4, "approve", "null");
	vt_stop(vt);
}

static void the_word_is_not_taken_from_a_paste(void **state)
{
	(void)state;
	struct vt *vt = start_highest();
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "to approve type main:", VT_MS));
	vt_send(vt, "\033[200~main\r\033[201~");
	assert_true(vt_wait(vt, "has to be typed", VT_MS));
	vt_send(vt, "\r");
	assert_true(vt_wait(vt, "the word is main", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

/* The call changes while the word is typed: it was typed for another one. */
static void the_word_is_for_what_was_shown(void **state)
{
	(void)state;
	struct vt *vt = start_highest();
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "to approve type main:", VT_MS));
	vt_send(vt, "mai");
	wire_tell(&vt->wire, "item", ITEM(1, 5, "highest", PUSHES("release")));
	assert_true(vt_wait(vt, "release", VT_MS));
	vt_send(vt, "n\r");
	assert_true(vt_wait(vt, "ignored", VT_MS));
	vt_pump(vt, SETTLE_MS);
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

static void high_risk_wants_the_end(void **state)
{
	static const char snapshot[] = SNAPSHOT(ITEM(1, 4, "high", WRITES("a.c")));
	static const struct wire_show longer[] = {
		{ "c-1",
			SHOW_WRITE(4, "a.c",
				"1\\n2\\n3\\n4\\n5\\n6\\n7\\n8\\n9\\n10\\n11\\n12\\n13\\n14\\n15\\n"
				"16\\n17\\n18"
				"\\n19\\n20\\n",
				"") },
		{ NULL, NULL }
	};
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ .rows = 24, .cols = 80 }, snapshot, longer);
	assert_true(vt_wait(vt, "more below", VT_MS));
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "ignored: just appeared", VT_MS));
	vt_pump(vt, SHOWN_HIGH_MS);
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "scroll to the end", VT_MS));
	vt_send(vt, "\033[6~\033[6~");
	assert_true(vt_wait_gone(vt, "more below", VT_MS));
	vt_pump(vt, SHOWN_MS);
	assert_int_equal(vt->wire.decide_count, 0);
	vt_send(vt, "a");
	decided(vt, 0, "c-1", 4, "approve", "null");
	vt_stop(vt);
}

static void without_focus_nothing_is_approved(void **state)
{
	(void)state;
	struct vt *vt = start(queue);
	vt_send(vt, "\033[O");
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "focus", VT_MS));
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "\033[I");
	vt_pump(vt, SHOWN_MS);
	assert_int_equal(vt->wire.decide_count, 0);
	vt_send(vt, "a");
	decided(vt, 0, "c-1", 4, "approve", "null");
	vt_stop(vt);
}

static void nothing_is_approved_without_its_preview(void **state)
{
	static const char snapshot[] = SNAPSHOT(ITEM(9, 1, "low", WRITES("z.c")));
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ 0 }, snapshot, shows);
	assert_true(vt_wait(vt, "Nothing is approved unseen", VT_MS));
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "there is no preview", VT_MS));
	size_t asked = vt->wire.show_count;
	vt_send(vt, "R");
	assert_true(vt_wait_count(vt, &vt->wire.show_count, asked + 1, VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

static void a_server_is_accepted(void **state)
{
	static const char snapshot[] = SNAPSHOT(
		"{\"call\":\"s-1\",\"number\":6,\"revision\":2,\"kind\":\"server\",\"state\":"
		"\"held\","
		"\"server\":\"notes\",\"program\":\"/usr/bin/node\",\"argv\":[\"npx\",\"-y\",\"my "
		"server\"],\"scope\":[\"/w\"],"
		"\"risk\":\"medium\",\"behind\":[{\"number\":7,\"tool\":\"add_note\",\"target\":"
		"\"a.md\","
		"\"would\":\"hold\"}]}");
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ .rows = 30 }, snapshot, NULL);
	assert_true(vt_wait(vt, "Accept this server?", VT_MS));
	assert_true(vt_wait(vt, "  my server", VT_MS));
	assert_true(vt_wait(vt, "#7 add_note a.md: would wait in the queue", VT_MS));
	assert_int_equal(vt->wire.show_count, 0);
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "a");
	decided(vt, 0, "s-1", 2, "approve", "null");
	vt_stop(vt);
}

static void a_read_only_console_decides_nothing(void **state)
{
	(void)state;
	struct vt *vt = vt_start(
		&(struct vt_options){ .rows = 30, .read_only = true }, queue, shows);
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	assert_true(vt_wait_row(vt, 0, "read-only", VT_MS));
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "this console only looks", VT_MS));
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "d");
	assert_true(vt_wait(vt, "2 keys ignored", VT_MS));
	assert_int_equal(vt->wire.decide_count, 0);
	vt_stop(vt);
}

/* Holding begins by one key; going back to the rules is no key that slips. */
static void the_master_switch_is_loud(void **state)
{
	static const struct wire_answer answers[] = {
		{ "master", "{\"master\":{\"mode\":\"hold\",\"by\":\"me@pts/1\",\"since\":1}}" },
		{ NULL, NULL }
	};
	(void)state;
	struct vt *vt = start(queue);
	vt->wire.answers = answers;
	vt_pump(vt, 450);
	vt_send(vt, "P");
	assert_true(vt_wait_row(vt, 0, "HOLD", VT_MS));
	assert_true(vt_wait_row(vt, 1, "HOLDING EVERYTHING (me@pts/1, since", VT_MS));
	vt_send(vt, "P");
	assert_true(vt_wait(vt, "too fast", VT_MS));
	wire_tell(&vt->wire, "master",
		"{\"master\":{\"mode\":\"deny\",\"by\":\"other\",\"since\":1}}");
	assert_true(vt_wait_row(vt, 1, "DENYING EVERYTHING (other", VT_MS));
	wire_tell(&vt->wire, "master",
		"{\"master\":{\"mode\":\"policy\",\"by\":\"other\",\"since\":1}}");
	assert_true(vt_wait_gone(vt, "EVERYTHING", VT_MS));
	vt_stop(vt);
}

/* The bell for who looks elsewhere, none for who looks here. */
static void a_ring_is_for_who_is_not_here(void **state)
{
	static const char ring[] = "{\"waiting\":1,\"risk\":\"high\"}";
	static const struct wire_answer answers[] = { { "mute", "{\"muted_until\":4700001800000}" },
		{ NULL, NULL } };
	(void)state;
	struct vt *vt = start(queue);
	vt->wire.answers = answers;
	vt_send(vt, "\033[I");
	vt_pump(vt, SETTLE_MS);
	wire_tell(&vt->wire, "attention", ring);
	vt_pump(vt, SETTLE_MS);
	assert_null(memchr(vt->raw.data, '\a', vt->raw.len));
	vt_send(vt, "\033[O");
	vt_pump(vt, SETTLE_MS);
	wire_tell(&vt->wire, "attention", ring);
	int64_t tries = 0;
	while (!memchr(vt->raw.data, '\a', vt->raw.len) && tries++ < VT_MS / 50) {
		vt_pump(vt, 50);
	}
	assert_non_null(memchr(vt->raw.data, '\a', vt->raw.len));
	vt_send(vt, "m");
	assert_true(vt_wait_row(vt, 0, "muted", VT_MS));
	vt_stop(vt);
}

static void one_key_one_decision(void **state)
{
	static const char one[] = SNAPSHOT(ITEM(1, 4, "medium", WRITES("a.c")));
	(void)state;
	struct vt *vt = start(one);
	vt->wire.silent = true; /* no answer: the second key must not send it again */
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "a");
	assert_true(vt_wait_row(vt, 1, "approving", VT_MS));
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "already decided", VT_MS));
	vt_stop(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(approve_sends_what_was_painted),
		cmocka_unit_test(too_soon_does_nothing_and_says_so),
		cmocka_unit_test(typing_for_another_window_does_nothing),
		cmocka_unit_test(nothing_but_a_key_approves),
		cmocka_unit_test(a_paste_is_said_to_be_ignored),
		cmocka_unit_test(arrivals_do_not_change_the_target),
		cmocka_unit_test(a_changed_call_is_looked_at_again),
		cmocka_unit_test(a_refusal_is_shown),
		cmocka_unit_test(a_denial_can_be_taken_back),
		cmocka_unit_test(too_late_to_take_back),
		cmocka_unit_test(deny_with_a_reason),
		cmocka_unit_test(a_reason_can_be_cancelled),
		cmocka_unit_test(a_reason_keeps_its_call),
		cmocka_unit_test(the_highest_class_asks_for_a_word),
		cmocka_unit_test(the_word_is_not_taken_from_a_paste),
		cmocka_unit_test(the_word_is_for_what_was_shown),
		cmocka_unit_test(high_risk_wants_the_end),
		cmocka_unit_test(without_focus_nothing_is_approved),
		cmocka_unit_test(nothing_is_approved_without_its_preview),
		cmocka_unit_test(a_server_is_accepted),
		cmocka_unit_test(a_read_only_console_decides_nothing),
		cmocka_unit_test(the_master_switch_is_loud),
		cmocka_unit_test(a_ring_is_for_who_is_not_here),
		cmocka_unit_test(one_key_one_decision),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
