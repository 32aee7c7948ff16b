/* The history's tab: what was recorded, searched and looked at; it decides nothing. */
#include "config.h"

#include "tests/tui/items.h"
#include "tests/tui/vt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SETTLE_MS = 300 };

#define CALL(number, state, decision, tool, target) \
	"{\"number\":" #number ",\"call\":\"c-" #number "\",\"state\":\"" state \
	"\",\"decision\":" decision ",\"decider\":\"me@pts/1\",\"tool\":\"" tool \
	"\",\"target\":\"" target "\",\"server\":\"files\",\"client\":\"claude-code\"," \
	"\"session\":7,\"agent_pid\":4121,\"cwd\":\"/w/demo\",\"branch\":\"main\",\"rule\":" \
	"\"built-in:default\",\"reason\":\"because\",\"arrived\":1700000000000," \
	"\"took_us\":1500000,\"size\":12}"

static const struct wire_answer answers[] = {
	{ "history",
		"{\"calls\":[" CALL(1, "done", "null", "read_file", "/w/\\\"a") "," CALL(
			2, "denied", "\"denied\"", "write_file", "/w/b") "]}" },
	{ "event",
		"{\"number\":2,\"call\":\"c-2\",\"effects\":[{\"kind\":\"write\",\"given\":"
		"\"/w/b\",\"path\":\"/w/b\",\"inside\":true,\"state\":\"file\"}]}" },
	{ NULL, NULL },
};

static struct vt *start(int rows, int cols)
{
	struct vt *vt = vt_start(&(struct vt_options){ .rows = rows, .cols = cols },
		SNAPSHOT(ITEM(3, 4, "medium", WRITES("c.c"))), NULL);
	vt->wire.answers = answers;
	assert_true(vt_wait(vt, "c.c", VT_MS));
	vt_send(vt, "2");
	assert_true(vt_wait(vt, "read_file", VT_MS));
	return vt;
}

static void stop_clean(struct vt *vt)
{
	char why[128];
	assert_true(vt_clean(vt, why));
	vt_stop(vt);
}

static void newest_first_with_its_story(void **state)
{
	static const int sizes[][2] = { { 20, 40 }, { 24, 80 }, { 40, 120 }, { 50, 200 } };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		struct vt *vt = start(sizes[i][0], sizes[i][1]);
		assert_true(vt_wait_row(vt, 0, "history", VT_MS));
		assert_true(vt_wait_row(vt, 1, "denied", VT_MS));
		assert_true(vt_wait_row(vt, 2, "passed", VT_MS));
		assert_true(vt_wait(vt, "me@pts/1", VT_MS));
		assert_true(vt_wait(vt, "overwrites", VT_MS)); /* what it would have done */
		assert_true(vt_wait(vt, "because", VT_MS));
		vt_send(vt, "j");
		assert_true(vt_wait_row(vt, 2, ">", VT_MS));
		assert_true(vt_wait(vt, "passed", VT_MS));
		stop_clean(vt);
	}
}

static void nothing_is_decided_there(void **state)
{
	(void)state;
	struct vt *vt = start(24, 80);
	vt_pump(vt, 700);
	vt_send(vt, "a");
	assert_true(vt_wait(vt, "that key does nothing here", VT_MS));
	vt_pump(vt, 450);
	vt_send(vt, "d");
	vt_pump(vt, SETTLE_MS);
	assert_int_equal(vt->wire.decide_count, 0);
	stop_clean(vt);
}

static void a_search_is_shown_and_ended(void **state)
{
	(void)state;
	struct vt *vt = start(24, 80);
	vt_send(vt, "/");
	assert_true(vt_wait(vt, "search:", VT_MS));
	vt_send(vt, "fi les\r");
	assert_true(vt_wait(vt, "search: fi les", VT_MS));
	vt_send(vt, "/");
	assert_true(vt_wait_row(vt, 22, "search: fi les", VT_MS)); /* to be edited */
	vt_send(vt, "\033");
	vt_pump(vt, SETTLE_MS);
	vt_send(vt, "q");
	assert_true(vt_wait_gone(vt, "search: fi les", VT_MS));
	assert_true(vt_wait_row(vt, 0, "history", VT_MS));
	vt_send(vt, "q");
	assert_true(vt_wait(vt, "c.c", VT_MS));
	stop_clean(vt);
}

static void a_broker_without_a_history_is_said(void **state)
{
	(void)state;
	struct vt *vt = vt_start(&(struct vt_options){ 0 }, SNAPSHOT(""), NULL);
	vt->wire.refuse = 4008;
	vt->wire.refuse_text = "the history cannot be read";
	assert_true(vt_wait(vt, "Nothing waits", VT_MS));
	vt_send(vt, "2");
	assert_true(vt_wait(vt, "the history cannot be read", VT_MS));
	vt_send(vt, "1");
	assert_true(vt_wait(vt, "Nothing waits", VT_MS));
	stop_clean(vt);
}

static void open_and_back(void **state)
{
	(void)state;
	struct vt *vt = start(24, 80);
	vt_send(vt, "\r");
	assert_true(vt_wait_gone(vt, "read_file", VT_MS));
	vt_send(vt, "q");
	assert_true(vt_wait(vt, "read_file", VT_MS));
	stop_clean(vt);
}

/* From one call to those around it and to those of the same file; the call stays selected. */
static void calls_like_it_are_listed(void **state)
{
	(void)state;
	struct vt *vt = start(24, 80);
	vt_send(vt, "j");
	assert_true(vt_wait_row(vt, 2, ">", VT_MS));
	vt_send(vt, "s");
	assert_true(vt_wait(vt, "search: session:7", VT_MS));
	assert_true(vt_wait_row(vt, 2, ">", VT_MS));
	vt_send(vt, "\r");
	assert_true(vt_wait_gone(vt, "write_file", VT_MS));
	vt_send(vt, "f");
	assert_true(vt_wait(vt, "search: path:\"/w/?a\"", VT_MS));
	assert_true(vt_wait_row(vt, 2, ">", VT_MS));
	vt_send(vt, "q");
	assert_true(vt_wait_gone(vt, "search:", VT_MS));
	assert_true(vt_wait(vt, "write_file", VT_MS));
	stop_clean(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(newest_first_with_its_story),
		cmocka_unit_test(nothing_is_decided_there),
		cmocka_unit_test(a_search_is_shown_and_ended),
		cmocka_unit_test(a_broker_without_a_history_is_said),
		cmocka_unit_test(open_and_back),
		cmocka_unit_test(calls_like_it_are_listed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
