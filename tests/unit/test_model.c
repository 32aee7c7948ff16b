/* The queue as the console knows it: order, selection, stamps, ends; and reading what is odd. */
#include "config.h"

#include "core/json.h"
#include "tui/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct span json(const char *text)
{
	struct json_scan scan = { 0 };
	assert_true(json_validate(&scan, span_of(text), JSON_LOOSE));
	json_finish(&scan);
	return span_of(text);
}

static void put(struct model *m, int number, int revision, const char *more)
{
	char text[1024];
	snprintf(text, sizeof(text),
		"{\"call\":\"c-%d\",\"number\":%d,\"revision\":%d,\"kind\":\"call\",\"state\":"
		"\"held\","
		"\"tool\":\"write_file\",\"risk\":\"medium\"%s%s}",
		number, number, revision, *more ? "," : "", more);
	model_item(m, json(text));
}

static void gone(struct model *m, int number, const char *state)
{
	char text[256];
	char *words = NULL;
	snprintf(text, sizeof(text),
		"{\"call\":\"c-%d\",\"number\":%d,\"state\":\"%s\",\"by\":\"console\"}", number,
		number, state);
	model_gone(m, json(text), &words);
	free(words);
}

static void arrivals_do_not_move_the_selection(void **state)
{
	(void)state;
	struct model m = { 0 };
	put(&m, 5, 1, "");
	assert_string_equal(m.selected, "c-5");
	put(&m, 1, 1, "");
	put(&m, 9, 1, "");
	assert_string_equal(m.selected, "c-5");
	assert_int_equal(model_index(&m, model_find(&m, "c-1")), 1);
	model_move(&m, 1);
	assert_string_equal(m.selected, "c-1");
	model_move(&m, 100);
	assert_string_equal(m.selected, "c-9");
	model_move(&m, -100);
	assert_string_equal(m.selected, "c-5");
	model_finish(&m);
}

static void the_next_one_takes_the_place(void **state)
{
	(void)state;
	struct model m = { 0 };
	for (int i = 1; i <= 3; i++) {
		put(&m, i, 1, "");
	}
	model_move(&m, 1);
	gone(&m, 2, "denied");
	assert_string_equal(m.selected, "c-3");
	gone(&m, 3, "done");
	assert_string_equal(m.selected, "c-1");
	gone(&m, 1, "done");
	assert_null(m.selected);
	gone(&m, 1, "done");
	assert_int_equal(m.count, 0);
	model_finish(&m);
}

static void withdrawn_stays_while_it_is_looked_at(void **state)
{
	(void)state;
	struct model m = { 0 };
	put(&m, 1, 1, "");
	put(&m, 2, 1, "");
	uint64_t stamp = model_selected(&m)->stamp;
	gone(&m, 1, "withdrawn");
	assert_string_equal(m.selected, "c-1");
	assert_true(model_selected(&m)->ended);
	assert_false(model_waits(model_selected(&m)));
	assert_int_not_equal(model_selected(&m)->stamp, stamp);
	model_move(&m, 1);
	assert_int_equal(m.count, 1);
	assert_string_equal(m.selected, "c-2");
	gone(&m, 99, "withdrawn");
	model_finish(&m);
}

static void a_stamp_is_new_when_the_content_is(void **state)
{
	(void)state;
	struct model m = { 0 };
	put(&m, 1, 1, "\"deadline\":1000,\"arrived\":1");
	uint64_t stamp = model_selected(&m)->stamp;
	assert_int_not_equal(stamp, 0);
	put(&m, 1, 1, "\"deadline\":2000,\"arrived\":2");
	assert_int_equal(model_selected(&m)->stamp, stamp);
	assert_int_equal(model_selected(&m)->deadline, 2000);
	put(&m, 1, 2, "\"deadline\":2000");
	assert_int_not_equal(model_selected(&m)->stamp, stamp);
	stamp = model_selected(&m)->stamp;
	put(&m, 1, 2, "\"deadline\":2000,\"said\":\"changed since you approved\"");
	assert_int_not_equal(model_selected(&m)->stamp, stamp);
	model_finish(&m);
}

static void a_preview_is_for_one_revision(void **state)
{
	(void)state;
	struct model m = { 0 };
	put(&m, 1, 2, "");
	struct model_item *item = model_selected(&m);
	uint64_t stamp = item->stamp;
	assert_false(model_shown(&m, item, json("{\"revision\":1,\"params\":{}}"), 1));
	assert_int_equal(item->show, SHOW_NONE);
	assert_true(model_shown(&m, item, json("{\"revision\":2,\"params\":{}}"), 1));
	assert_int_equal(item->show, SHOW_HERE);
	assert_int_not_equal(item->stamp, stamp);
	stamp = item->stamp;
	put(&m, 1, 2, "\"deadline\":5");
	assert_int_equal(model_selected(&m)->show, SHOW_HERE);
	assert_int_equal(model_selected(&m)->stamp, stamp);
	put(&m, 1, 3, "");
	assert_int_equal(model_selected(&m)->show, SHOW_NONE);
	model_finish(&m);
}

#define MARKED(mark, more) "{\"revision\":2,\"mark\":\"" mark "\"" more "}"

/* The files of a call are looked at again and again: only a change is news, and it stays one. */
static void a_changed_file_is_news(void **state)
{
	(void)state;
	struct model m = { 0 };
	put(&m, 1, 2, "");
	struct model_item *item = model_selected(&m);
	item->show = SHOW_ASKED;
	/* an answer to an earlier question says nothing of this one */
	assert_true(model_shown(&m, item, json(MARKED("a", ",\"same\":true")), 5));
	assert_int_equal(item->show, SHOW_ASKED);
	assert_true(model_shown(&m, item, json(MARKED("a", ",\"params\":{}")), 5));
	uint64_t stamp = item->stamp;
	assert_int_equal(item->changed_at, 0);
	item->looking = true;
	assert_true(model_shown(&m, item, json(MARKED("a", ",\"same\":true")), 7));
	assert_false(item->looking);
	assert_int_equal(item->show, SHOW_HERE);
	assert_int_equal(item->stamp, stamp);
	/* the gate is away for a moment */
	assert_true(model_shown(&m, item, json("{\"revision\":2,\"cut\":true}"), 8));
	assert_int_equal(item->stamp, stamp);
	assert_true(model_shown(&m, item, json(MARKED("b", ",\"params\":{}")), 9));
	assert_int_not_equal(item->stamp, stamp);
	assert_int_equal(item->changed_at, 9);
	put(&m, 1, 3, "");
	assert_int_equal(model_selected(&m)->changed_at, 9);
	assert_string_equal(model_selected(&m)->mark, "b");
	model_finish(&m);
}

static void a_snapshot_keeps_the_selection(void **state)
{
	(void)state;
	struct model m = { 0 };
	put(&m, 1, 1, "");
	put(&m, 2, 1, "");
	model_move(&m, 1);
	uint64_t stamp = model_selected(&m)->stamp;
	model_snapshot(&m,
		json("{\"items\":[{\"call\":\"c-7\",\"risk\":\"low\",\"state\":\"parked\"},{"
		     "\"call\":\"c-2\","
		     "\"number\":2,"
		     "\"revision\":1,\"kind\":\"call\",\"state\":\"held\",\"tool\":\"write_file\","
		     "\"risk\":"
		     "\"medium\"},{\"call\":\"c-2\"},"
		     "{\"no\":1},4],\"counters\":{\"allowed\":12},\"broker\":{\"trouble\":\"disk "
		     "full\",\"root\":\"/r\"}}"));
	assert_int_equal(m.count, 2);
	assert_string_equal(m.selected, "c-2");
	assert_int_equal(model_selected(&m)->stamp, stamp);
	assert_int_equal(m.allowed, 12);
	assert_string_equal(m.trouble, "disk full");
	assert_string_equal(m.root, "/r");
	size_t waiting[RISK_COUNT];
	model_waiting(&m, waiting);
	assert_int_equal(waiting[RISK_LOW], 1);
	assert_int_equal(waiting[RISK_MEDIUM], 1);
	model_snapshot(&m, json("{\"items\":[]}"));
	assert_null(m.selected);
	assert_null(m.trouble);
	model_finish(&m);
}

/* What is not understood fails towards care. */
static void odd_values_are_read_carefully(void **state)
{
	(void)state;
	struct model m = { 0 };
	model_item(&m,
		json("{\"call\":\"x\",\"risk\":\"Low\",\"state\":\"Held\",\"STATE\":\"held\","
		     "\"tool\":7,"
		     "\"effects\":{},"
		     "\"argv\":\"ls\",\"client\":[],\"number\":1.5,\"deadline\":\"soon\"}"));
	struct model_item *item = model_selected(&m);
	assert_int_equal(item->risk, RISK_HIGH);
	assert_int_equal(item->state, LIFE_UNKNOWN);
	assert_false(model_waits(item));
	assert_null(item->tool);
	assert_int_equal(item->effect_count, 0);
	assert_int_equal(item->argc, 0);
	assert_int_equal(item->number, 0);
	assert_int_equal(item->deadline, 0);
	model_item(&m, json("{\"call\":\"y\",\"risk\":\"highest\"}"));
	assert_int_equal(model_find(&m, "y")->risk, RISK_HIGHEST);
	model_item(&m, json("{\"call\":5}"));
	model_item(&m, json("[]"));
	assert_int_equal(m.count, 2);
	model_finish(&m);
}

static void a_call_that_the_rules_let_pass_by_now_is_known(void **state)
{
	(void)state;
	struct model m = { 0 };
	put(&m, 1, 1, "\"said\":\"the rules would allow it now (policy.rules:4)\"");
	assert_true(model_would_pass(model_selected(&m)));
	put(&m, 1, 2, "\"said\":\"changed: the rules would allow it now\"");
	assert_false(model_would_pass(model_selected(&m)));
	put(&m, 1, 3, "\"said\":null");
	assert_false(model_would_pass(model_selected(&m)));
	model_finish(&m);
}

static void next_undecided_skips_what_is_decided(void **state)
{
	(void)state;
	struct model m = { 0 };
	for (int i = 1; i <= 4; i++) {
		put(&m, i, 1, "");
	}
	m.items[0]->state = LIFE_APPROVED;
	m.items[1]->sent = SENT_APPROVE;
	model_next_undecided(&m);
	assert_string_equal(m.selected, "c-3");
	model_move(&m, 1);
	m.items[3]->state = LIFE_ARMED;
	model_next_undecided(&m);
	assert_string_equal(m.selected, "c-3");
	m.items[2]->sent = SENT_DENY;
	model_next_undecided(&m);
	assert_string_equal(m.selected, "c-3");
	assert_true(model_ask_anew(&m));
	assert_false(model_ask_anew(&m));
	model_finish(&m);
}

/* A retry takes up a parked call under another id: one row, and it goes when the retry does. */
static void a_call_that_is_renamed_is_one_row(void **state)
{
	static const char renamed[] = "{\"call\":\"c-9\",\"number\":2,\"revision\":3,"
				      "\"kind\":\"call\",\"state\":\"held\"}";
	struct model m = { 0 };
	char snapshot[200];
	(void)state;
	put(&m, 1, 1, "");
	put(&m, 2, 1, "");
	model_move(&m, 1);
	model_item(&m, json(renamed));
	assert_int_equal(m.count, 2);
	assert_string_equal(m.selected, "c-9");
	put(&m, 2, 4, ""); /* and back, by a snapshot */
	assert_string_equal(m.selected, "c-2");
	snprintf(snapshot, sizeof(snapshot), "{\"items\":[%s]}", renamed);
	model_snapshot(&m, json(snapshot));
	assert_int_equal(m.count, 1);
	assert_string_equal(m.selected, "c-9");
	gone(&m, 2, "done");
	assert_int_equal(m.count, 0);
	model_finish(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_that_is_renamed_is_one_row),
		cmocka_unit_test(arrivals_do_not_move_the_selection),
		cmocka_unit_test(the_next_one_takes_the_place),
		cmocka_unit_test(withdrawn_stays_while_it_is_looked_at),
		cmocka_unit_test(a_stamp_is_new_when_the_content_is),
		cmocka_unit_test(a_preview_is_for_one_revision),
		cmocka_unit_test(a_changed_file_is_news),
		cmocka_unit_test(a_snapshot_keeps_the_selection),
		cmocka_unit_test(odd_values_are_read_carefully),
		cmocka_unit_test(a_call_that_the_rules_let_pass_by_now_is_known),
		cmocka_unit_test(next_undecided_skips_what_is_decided),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
