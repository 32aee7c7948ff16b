/* The history's contract: what is written is read back, keyed, found, filtered; what is not
 * committed is not there. */
#include "config.h"

#include "core/diag.h"
#include "core/hash.h"
#include "tests/unit/history_world.h"

#include <sqlite3.h>

/* ---- rows ---- */

/* A copy of what was lent, as text, so that a test can look at it afterwards. */
struct seen {
	size_t count, stop_after;
	char ids[512];
	struct history_call call;
	struct history_session session;
	char text[1024];
};

static bool note(void *data, const struct history_call *c, const struct history_session *s)
{
	struct seen *seen = data;
	size_t used = strlen(seen->ids);
	const char *n = memrchr(c->call.at, '-', c->call.len);
	snprintf(seen->ids + used, sizeof(seen->ids) - used, "%.*s ",
		(int)(c->call.at + c->call.len - n), n);
	snprintf(seen->text, sizeof(seen->text),
		"%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s",
		SPAN_FMT(c->call), SPAN_FMT(c->method), SPAN_FMT(c->tool), SPAN_FMT(c->target),
		SPAN_FMT(c->verdict), SPAN_FMT(c->rule), SPAN_FMT(c->reason), SPAN_FMT(c->decision),
		SPAN_FMT(c->decider), SPAN_FMT(c->decision_reason), SPAN_FMT(c->branch),
		SPAN_FMT(c->outcome), SPAN_FMT(s->server));
	seen->call = *c;
	seen->session = *s;
	return ++seen->count != seen->stop_after;
}

static struct seen find(struct world *w, const char *id)
{
	struct seen seen = { 0 };
	bool found;
	WORKS(history_find(w->h, span_of(id), note, &seen, &found, &w->err));
	assert_int_equal(found, seen.count == 1);
	return seen;
}

static void a_call_is_read_back(void **state)
{
	struct world *w = *state;
	int64_t number = record(w, INSTANCE "-1");
	struct seen seen = find(w, INSTANCE "-1");
	assert_int_equal(seen.count, 1);
	assert_string_equal(seen.text,
		INSTANCE "-1|tools/call|write_file|/home/dev/work/a.c|hold|built-in:rest|writes|"
			 "|||main||fs");
	assert_int_equal(seen.call.number, number);
	assert_int_equal(seen.call.session, w->session);
	assert_int_equal(seen.call.state, LIFE_HELD);
	assert_int_equal(seen.call.arrived_us, test_now + 1);
	assert_int_equal(seen.call.decided_us, 0);
	assert_int_equal(seen.call.size, -1);
	assert_int_equal(seen.call.took_us, -1);
	assert_null(seen.call.decision.at);
	assert_int_equal(seen.session.agent_pid, 4242);
	assert_int_equal(seen.session.agent_start, 777);
	assert_int_equal(seen.session.started_us, test_now);
}

static void decision_and_end_are_read_back(void **state)
{
	struct world *w = *state;
	int64_t number = record(w, INSTANCE "-1");
	struct history_call change = { .number = number,
		.state = LIFE_RELEASED,
		.decision = SPAN("approve"),
		.decider = SPAN("me on tty1"),
		.decision_reason = SPAN("fine"),
		.decided_us = test_now + 5 };
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_update(w->h, &change, &w->err));
	WORKS(history_finish(
		w->h, number, LIFE_DONE, SPAN("result"), 12, 34, test_now + 9, &w->err));
	WORKS(history_commit(w->h, &w->err));
	struct seen seen = find(w, INSTANCE "-1");
	assert_string_equal(seen.text,
		INSTANCE "-1|tools/call|write_file|/home/dev/work/a.c|hold|built-in:rest|writes|"
			 "approve|me on tty1|fine|main|result|fs");
	assert_int_equal(seen.call.state, LIFE_DONE);
	assert_int_equal(seen.call.decided_us, test_now + 5);
	assert_int_equal(seen.call.finished_us, test_now + 9);
	assert_int_equal(seen.call.size, 12);
	assert_int_equal(seen.call.took_us, 34);
	unsigned char facts[HISTORY_HASH];
	memset(facts, 3, sizeof(facts));
	/* No new facts: the old ones stay. */
	assert_true(history_hash_same(w->h, facts, seen.call.facts));
}

static void hashes_are_stored_keyed(void **state)
{
	struct world *w = *state;
	unsigned char plain[HISTORY_HASH], other[HISTORY_HASH] = { 9 }, none[HISTORY_HASH] = { 0 };
	struct history_call c = a_call(w, INSTANCE "-2");
	memset(plain, 1, sizeof(plain));
	memset(c.same, 0, sizeof(c.same));
	record(w, INSTANCE "-1");
	struct seen seen = find(w, INSTANCE "-1");
	assert_memory_not_equal(seen.call.bytes, plain, sizeof(plain));
	assert_true(history_hash_same(w->h, plain, seen.call.bytes));
	assert_false(history_hash_same(w->h, other, seen.call.bytes));
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_add(w->h, &c, &w->err));
	WORKS(history_commit(w->h, &w->err));
	seen = find(w, INSTANCE "-2");
	assert_memory_equal(seen.call.same, none, sizeof(none)); /* no hash, and equal to none */
	assert_false(history_hash_same(w->h, none, seen.call.same));
}

static void only_its_own_form_is_an_id(void **state)
{
	static const char *const wrong[] = { "", "-", "-1", INSTANCE, INSTANCE "-", INSTANCE "-01",
		INSTANCE "-+1", INSTANCE "-1 ", INSTANCE "-1x", INSTANCE "--1",
		INSTANCE "-9999999999999999", "fedcba9876543210-1", "0123456789ABCDEF-1" };
	struct world *w = *state;
	record(w, INSTANCE "-1");
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct history_call c = a_call(w, wrong[i]);
		assert_false(is_there(w, wrong[i]));
		WORKS(history_begin(w->h, &w->err));
		assert_false(history_add(w->h, &c, &w->err));
		history_rollback(w->h);
	}
	assert_true(is_there(w, INSTANCE "-1"));
	record(w, INSTANCE "-999999999999999");
	assert_true(is_there(w, INSTANCE "-999999999999999"));
	record(w, INSTANCE "-0");
	assert_true(is_there(w, INSTANCE "-0"));
}

/* A gate that says an id twice, or another's, harms itself alone: the turn goes on without that
 * row. */
static void a_call_is_recorded_once(void **state)
{
	struct world *w = *state;
	struct history_call again = a_call(w, INSTANCE "-1"), other = a_call(w, INSTANCE "-2");
	record(w, INSTANCE "-1");
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_add(w->h, &other, &w->err));
	assert_false(history_add(w->h, &again, &w->err));
	assert_int_equal(w->err.code, DIAG_BAD_MESSAGE);
	assert_int_equal(again.number, 0);
	again.call = SPAN("fedcba9876543210-9");
	assert_false(history_add(w->h, &again, &w->err));
	assert_int_equal(w->err.code, DIAG_BAD_MESSAGE);
	WORKS(history_commit(w->h, &w->err));
	assert_true(is_there(w, INSTANCE "-2"));
	assert_false(is_there(w, "fedcba9876543210-9"));
}

/* An identical call took the place of a parked one: the row is found by the new id alone. */
static void a_row_goes_on_under_another_id(void **state)
{
	struct world *w = *state;
	struct history_call c = a_call(w, INSTANCE "-1"), other = a_call(w, INSTANCE "-2");
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_add(w->h, &c, &w->err));
	WORKS(history_add(w->h, &other, &w->err));
	c.call = SPAN(INSTANCE "-3");
	WORKS(history_renew(w->h, &c, &w->err));
	c.call = SPAN(INSTANCE "-2"); /* somebody else's */
	assert_false(history_renew(w->h, &c, &w->err));
	assert_int_equal(w->err.code, DIAG_BAD_MESSAGE);
	c.call = SPAN("fedcba9876543210-4"); /* not of this session */
	assert_false(history_renew(w->h, &c, &w->err));
	WORKS(history_commit(w->h, &w->err));
	assert_int_equal(find(w, INSTANCE "-1").count, 0);
	assert_int_equal(find(w, INSTANCE "-3").call.number, c.number);
	assert_int_equal(find(w, INSTANCE "-2").call.number, other.number);
}

static void what_is_not_there_cannot_change(void **state)
{
	struct world *w = *state;
	struct history_call none = { .number = 99, .state = LIFE_DENIED };
	WORKS(history_begin(w->h, &w->err));
	assert_false(history_update(w->h, &none, &w->err));
	history_rollback(w->h);
	WORKS(history_begin(w->h, &w->err));
	assert_false(history_finish(w->h, 99, LIFE_DONE, SPAN("result"), 1, 1, 1, &w->err));
	history_rollback(w->h);
}

static void a_rolled_back_session_leaves_no_trace(void **state)
{
	struct world *w = *state;
	struct history_session one = a_session("1111111111111111"),
			       two = a_session("2222222222222222");
	int64_t first, second;
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_session(w->h, &one, &first, &w->err));
	w->session = first;
	struct history_call c = a_call(w, "1111111111111111-1");
	WORKS(history_add(w->h, &c, &w->err));
	history_rollback(w->h);
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_session(w->h, &two, &second, &w->err));
	/* The row id is given again: the call must be under its new owner. */
	assert_int_equal(first, second);
	c = a_call(w, "1111111111111111-1");
	assert_false(history_add(w->h, &c, &w->err));
	history_rollback(w->h);
}

static void long_texts_are_cut_at_a_character(void **state)
{
	struct world *w = *state;
	char *longest = xmalloc(100000);
	for (size_t i = 0; i < 99999; i += 3) {
		memcpy(longest + i, "€", 3);
	}
	struct history_call c = a_call(w, INSTANCE "-1");
	c.target = (struct span){ longest, 99999 };
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_add(w->h, &c, &w->err));
	WORKS(history_commit(w->h, &w->err));
	struct seen seen = find(w, INSTANCE "-1");
	assert_in_range(seen.call.target.len, 4090, 4096);
	assert_int_equal(seen.call.target.len % 3, 0);
	free(longest);
}

/* ---- lists ---- */

static void only_open_calls_are_left_behind(void **state)
{
	struct world *w = *state;
	struct seen seen = { 0 };
	char id[64];
	WORKS(history_begin(w->h, &w->err));
	for (int i = 0; i < LIFE_STATE_COUNT; i++) {
		snprintf(id, sizeof(id), INSTANCE "-%d", i);
		struct history_call c = a_call(w, id);
		c.state = (enum life_state)i;
		WORKS(history_add(w->h, &c, &w->err));
		assert_true(life_is_end(c.state) == (i >= LIFE_DONE));
	}
	WORKS(history_commit(w->h, &w->err));
	WORKS(history_open_calls(w->h, note, &seen, &w->err));
	assert_string_equal(seen.ids, "-0 -1 -2 -3 -4 -5 ");
	seen = (struct seen){ .stop_after = 2 };
	WORKS(history_open_calls(w->h, note, &seen, &w->err));
	assert_int_equal(seen.count, 2);
}

/* The place where open calls begin moves with the checkpoint, and never past one. */
static void an_old_open_call_is_found(void **state)
{
	struct world *w = *state;
	struct seen seen = { 0 };
	char id[64];
	WORKS(history_begin(w->h, &w->err));
	for (int i = 0; i < 3000; i++) {
		snprintf(id, sizeof(id), INSTANCE "-%d", i);
		struct history_call c = a_call(w, id);
		c.state = i == 1000 || i == 2500 ? LIFE_PARKED : LIFE_DONE;
		WORKS(history_add(w->h, &c, &w->err));
	}
	WORKS(history_commit(w->h, &w->err));
	WORKS(history_checkpoint_file(w->path, &w->err));
	WORKS(history_open_calls(w->h, note, &seen, &w->err));
	assert_string_equal(seen.ids, "-1000 -2500 ");
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_finish(
		w->h, 1001, LIFE_EXPIRED, (struct span){ 0 }, -1, -1, test_now, &w->err));
	WORKS(history_commit(w->h, &w->err));
	WORKS(history_checkpoint_file(w->path, &w->err));
	seen = (struct seen){ 0 };
	WORKS(history_open_calls(w->h, note, &seen, &w->err));
	assert_string_equal(seen.ids, "-2500 ");
	record(w, INSTANCE "-3000");
	seen = (struct seen){ 0 };
	WORKS(history_open_calls(w->h, note, &seen, &w->err));
	assert_string_equal(seen.ids, "-2500 -3000 ");
}

static void the_latest_come_oldest_first(void **state)
{
	static const struct {
		const char *text;
		int64_t limit;
		const char *ids;
	} cases[] = {
		{ NULL, 2, "-5 -6 " },
		{ NULL, 100, "-1 -2 -3 -4 -5 -6 " },
		{ NULL, 0, "" },
		{ NULL, -1, "" },
		{ "", 1, "-6 " },
		{ "READ_", 100, "-2 -4 " }, /* _ is a letter, case is not */
		{ "%", 100, "-3 " },
		{ "\\", 100, "" },
		{ "payments", 1, "-5 " },
		{ "payments", 9, "-1 -5 " },
		{ "fs", 2, "-5 -6 " }, /* server */
		{ "claude", 1, "-6 " }, /* client */
		{ "built-in", 1, "-6 " }, /* rule */
		{ "because", 9, "-4 " }, /* reason */
		{ "nowhere", 9, "" },
	};
	struct world *w = *state;
	static const char *const tools[] = { "write_file", "read_file", "100%", "read_dir",
		"write_file", "readXfile" };
	char id[64];
	for (int i = 0; i < 6; i++) {
		snprintf(id, sizeof(id), INSTANCE "-%d", i + 1);
		struct history_call c = a_call(w, id);
		c.tool = span_of(tools[i]);
		c.target = i == 0 || i == 4 ? SPAN("/src/payments.ts") : (struct span){ 0 };
		c.reason = i == 3 ? SPAN("just because") : (struct span){ 0 };
		WORKS(history_begin(w->h, &w->err));
		WORKS(history_add(w->h, &c, &w->err));
		WORKS(history_commit(w->h, &w->err));
	}
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct seen seen = { 0 };
		WORKS(history_latest(w->h, span_of(cases[i].text), INT64_MAX, cases[i].limit, note,
			&seen, &w->err));
		assert_string_equal(seen.ids, cases[i].ids);
	}
	struct seen older = { 0 };
	WORKS(history_latest(w->h, SPAN("fs"), 5, 2, note, &older, &w->err));
	assert_string_equal(older.ids, "-3 -4 ");
	struct seen none = { 0 };
	WORKS(history_latest(w->h, (struct span){ 0 }, 1, 9, note, &none, &w->err));
	assert_string_equal(none.ids, "");
}

/* ---- sessions ---- */

static int64_t ask(struct world *w, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;
	assert_int_equal(sqlite3_open_v2(w->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	int64_t n = sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : -1;
	sqlite3_finalize(s);
	sqlite3_close(db);
	return n;
}

static void a_session_is_found_again(void **state)
{
	struct world *w = *state;
	struct history_session same = a_session(INSTANCE), other = a_session("fedcba9876543210");
	int64_t id = 0;
	same.client = SPAN("somebody else");
	other.client = other.client_version = (struct span){ 0 };
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_session_passed(w->h, w->session, (struct span){ 0 }, test_now, &w->err));
	WORKS(history_session(w->h, &same, &id, &w->err));
	assert_int_equal(id, w->session);
	WORKS(history_session(w->h, &other, &id, &w->err));
	assert_int_not_equal(id, w->session);
	WORKS(history_session_client(w->h, id, SPAN("cursor"), SPAN("1"), &w->err));
	WORKS(history_session_client(w->h, id, SPAN("another"), SPAN("2"), &w->err));
	WORKS(history_commit(w->h, &w->err));
	assert_int_equal(ask(w, "SELECT count(*) FROM session"), 2);
	assert_int_equal(ask(w, "SELECT count(*) FROM session WHERE ended_us IS NULL"), 2);
	/* the first that is said stays */
	assert_int_equal(ask(w,
				 "SELECT count(*) FROM session WHERE client='cursor'"
				 " AND client_version='1'"),
		1);
}

static void ungated_traffic_is_added_up(void **state)
{
	static const char *const rubbish[] = { "", "[1,2]", "7", "{\"x\":", "{\"x\":-5}",
		"{\"x\":\"9\"}", "{\"x\":1.5}", "null", "{\"x\":true}", "{\"x\":{\"y\":1}}",
		"{\"x\":99999999999999999999}" };
	struct world *w = *state;
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_session_passed(
		w->h, w->session, SPAN("{\"ping\":2,\"tools/list\":1}"), 0, &w->err));
	WORKS(history_session_passed(
		w->h, w->session, SPAN("{\"ping\":3}"), test_now + 7, &w->err));
	for (size_t i = 0; i < COUNT_OF(rubbish); i++) {
		WORKS(history_session_passed(w->h, w->session, span_of(rubbish[i]), 0, &w->err));
	}
	WORKS(history_commit(w->h, &w->err));
	assert_int_equal(ask(w, "SELECT count FROM passed WHERE method='ping'"), 5);
	assert_int_equal(ask(w, "SELECT count FROM passed WHERE method='tools/list'"), 1);
	assert_int_equal(ask(w, "SELECT count(*) FROM passed"), 2);
	assert_int_equal(ask(w, "SELECT ended_us FROM session"), test_now + 7);
}

static void a_session_needs_an_instance(void **state)
{
	struct world *w = *state;
	struct history_session s = a_session("");
	int64_t id;
	WORKS(history_begin(w->h, &w->err));
	assert_false(history_session(w->h, &s, &id, &w->err));
	history_rollback(w->h);
}

/* ---- trust, askers ---- */

static void trust_is_by_hash(void **state)
{
	struct world *w = *state;
	unsigned char ours[HISTORY_HASH] = { 1 }, other[HISTORY_HASH] = { 2 },
		      none[HISTORY_HASH] = { 0 };
	bool yes = true;
	WORKS(history_trusted(w->h, ours, &yes, &w->err));
	assert_false(yes);
	for (int i = 0; i < 2; i++) { /* twice is once */
		WORKS(history_begin(w->h, &w->err));
		WORKS(history_trust(w->h, ours, SPAN("fs"), SPAN("[]"), SPAN("[]"), SPAN("me"),
			test_now, &w->err));
		WORKS(history_commit(w->h, &w->err));
	}
	WORKS(history_trusted(w->h, ours, &yes, &w->err));
	assert_true(yes);
	WORKS(history_trusted(w->h, other, &yes, &w->err));
	assert_false(yes);
	WORKS(history_begin(w->h, &w->err));
	assert_false(history_trust(
		w->h, none, SPAN("x"), SPAN("[]"), SPAN("[]"), SPAN("me"), test_now, &w->err));
	history_rollback(w->h);
	WORKS(history_trusted(w->h, none, &yes, &w->err));
	assert_false(yes);
}

static bool sum_askers(void *data, int64_t pid, int64_t start)
{
	*(int64_t *)data += pid * 1000 + start;
	return true;
}

static void askers_of_other_boots_go(void **state)
{
	struct world *w = *state;
	int64_t sum = 0;
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_asker_add(w->h, 1, 5, SPAN("a"), &w->err));
	WORKS(history_asker_add(w->h, 2, 6, SPAN("a"), &w->err));
	WORKS(history_asker_add(w->h, 2, 6, SPAN("a"), &w->err));
	WORKS(history_commit(w->h, &w->err));
	WORKS(history_askers(w->h, SPAN("a"), sum_askers, &sum, &w->err));
	assert_int_equal(sum, 3011);
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_asker_add(w->h, 3, 7, SPAN("b"), &w->err));
	WORKS(history_commit(w->h, &w->err));
	sum = 0;
	WORKS(history_askers(w->h, SPAN("a"), sum_askers, &sum, &w->err));
	assert_int_equal(sum, 0);
	WORKS(history_askers(w->h, SPAN("b"), sum_askers, &sum, &w->err));
	assert_int_equal(sum, 3007);
}

static void one_failing_step_fails_the_turn(void **state)
{
	struct world *w = *state;
	unsigned char tuple[HISTORY_HASH] = { 1 };
	int64_t number = record(w, INSTANCE "-1");
	struct history_call none = { .number = 99, .state = LIFE_DENIED }, change = none;
	change.number = number;
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_update(w->h, &change, &w->err));
	assert_false(history_update(w->h, &none, &w->err));
	assert_false(add(w, INSTANCE "-2")); /* nothing slips in behind a failure */
	assert_false(history_trust(
		w->h, tuple, SPAN("x"), SPAN("[]"), SPAN("[]"), SPAN("me"), 1, &w->err));
	assert_false(history_asker_add(w->h, 1, 1, SPAN("b"), &w->err));
	assert_false(history_commit(w->h, &w->err));
	history_rollback(w->h);
	history_rollback(w->h); /* twice does no harm */
	assert_int_equal(find(w, INSTANCE "-1").call.state, LIFE_HELD);
	assert_int_equal(
		ask(w, "SELECT (SELECT count(*) FROM trust)+(SELECT count(*) FROM asker)"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_open, end_one)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_call_is_read_back),
		TEST(decision_and_end_are_read_back),
		TEST(hashes_are_stored_keyed),
		TEST(only_its_own_form_is_an_id),
		TEST(a_call_is_recorded_once),
		TEST(a_row_goes_on_under_another_id),
		TEST(what_is_not_there_cannot_change),
		TEST(a_rolled_back_session_leaves_no_trace),
		TEST(long_texts_are_cut_at_a_character),
		TEST(only_open_calls_are_left_behind),
		TEST(an_old_open_call_is_found),
		TEST(the_latest_come_oldest_first),
		TEST(a_session_is_found_again),
		TEST(ungated_traffic_is_added_up),
		TEST(a_session_needs_an_instance),
		TEST(trust_is_by_hash),
		TEST(askers_of_other_boots_go),
		TEST(one_failing_step_fails_the_turn),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
