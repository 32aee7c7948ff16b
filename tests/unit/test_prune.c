/* Retention: which calls may go, and that the chain still says that the rest is as it was. */
#include "config.h"

#include "core/prune.h"
#include "tests/unit/chain.h"

#define HOUR (3600 * INT64_C(1000000))

static int64_t plan(struct chain *c, int64_t now_us, int64_t keep_us, int64_t keep_bytes)
{
	const struct prune_want want = { now_us, keep_us, keep_bytes };
	int64_t below = -1;
	struct err err = { 0 };
	if (!prune_plan(c->w.path, c->detail, &want, &below, &err)) {
		fail_msg("%s", err.text);
	}
	return below;
}

/* Calls come every two seconds from test_now on. */
static void the_old_go(void **state)
{
	struct chain *c = *state;
	calls(c, 1, 20);
	assert_int_equal(plan(c, c->now + 240 * HOUR, 24 * HOUR, 0), 20); /* never the latest */
	assert_int_equal(plan(c, c->now + 240 * HOUR, 480 * HOUR, 0), 0);
	/* call 11 came 20 seconds after the first */
	int64_t now = test_now + 20 * SECOND + 24 * HOUR;
	assert_int_equal(plan(c, now, 24 * HOUR, 0), 11);
	assert_int_equal(plan(c, now - 1, 24 * HOUR, 0), 11);
	assert_int_equal(plan(c, now + 1, 24 * HOUR, 0), 12);
	assert_int_equal(plan(c, test_now + 24 * HOUR, 24 * HOUR, 0), 0);
}

static void the_young_stay(void **state)
{
	struct chain *c = *state;
	calls(c, 1, 20);
	assert_int_equal(plan(c, c->now + HOUR / 2, 1, 1), 0);
	assert_int_equal(plan(c, test_now + 20 * SECOND + HOUR, 1, 1), 11);
}

static void the_open_stay(void **state)
{
	struct chain *c = *state;
	calls(c, 1, 4);
	open_call(c, 5);
	calls(c, 6, 9);
	assert_int_equal(plan(c, c->now + 240 * HOUR, 24 * HOUR, 0), 5);
}

static void nothing_goes_unasked(void **state)
{
	struct chain *c = *state;
	assert_int_equal(plan(c, c->now + 240 * HOUR, 24 * HOUR, 1), 0); /* there is nothing */
	calls(c, 1, 3);
	assert_int_equal(plan(c, c->now + 240 * HOUR, 0, 0), 0);
	assert_int_equal(plan(c, c->now + 240 * HOUR, 0, INT64_C(1) << 40), 0);
}

/* Pages are counted, not the file: what was freed is free. */
static void the_size_is_bounded(void **state)
{
	struct chain *c = *state;
	calls(c, 1, 40);
	int64_t now = c->now + 240 * HOUR;
	int64_t below = plan(c, now, 0, 1);
	assert_true(below > 30 && below <= 40);
	int64_t half = plan(c, now, 0, 60 << 10);
	assert_true(half == 0 || half < below);
}

static void remove_all(struct chain *c, int64_t below)
{
	struct err err = { 0 };
	bool more = true;
	for (int i = 0; more; i++) {
		assert_true(i < 100);
		if (!prune_log(c->w.path, below, &more, &err)) {
			fail_msg("%s", err.text);
		}
	}
	more = true;
	while (more) {
		assert_true(store_begin(c->s, &err));
		assert_true(prune_detail(c->s, below, &more, &err));
		assert_true(store_commit(c->s, &err));
	}
}

static int64_t said(struct chain *c)
{
	int64_t below = -1;
	struct err err = { 0 };
	assert_true(prune_said(c->detail, &below, &err));
	return below;
}

static int64_t ask(const char *path, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *s;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return n;
}

static void what_went_was_said_and_the_rest_is_whole(void **state)
{
	struct chain *c = *state;
	calls(c, 1, 450);
	assert_int_equal(said(c), 0);
	event(c, "retention", "{\"below\":401}");
	assert_int_equal(said(c), 0); /* not before it is sealed */
	wait_seconds(c, 2);
	seal(c);
	assert_int_equal(said(c), 401);
	remove_all(c, 401);
	assert_int_equal(ask(c->w.path, "SELECT min(number) FROM call"), 401);
	assert_int_equal(ask(c->w.path, "SELECT count(*) FROM effects"), 50);
	assert_int_equal(ask(c->detail, "SELECT min(number) FROM body"), 401);
	expect_whole(c, 50, 0, 0);
	assert_int_equal(c->r.gone, 400);
	calls(c, 451, 452);
	expect_whole(c, 52, 0, 0);
}

/* So nobody can remove a call and call it retention. */
static void what_went_unsaid_shows(void **state)
{
	struct chain *c = *state;
	calls(c, 1, 9);
	remove_all(c, 4);
	verify(c);
	assert_true(c->r.break_total > 0);
}

/* Parts of an older log.db lie under negative numbers: they belong to its calls, not to these. */
static void other_parts_stay(void **state)
{
	struct chain *c = *state;
	calls(c, 1, 3);
	put(c, -2, STORE_ARGUMENTS, "{}");
	remove_all(c, 3);
	assert_int_equal(ask(c->detail, "SELECT count(*) FROM body WHERE number=-2"), 1);
}

static void somebody_who_writes_is_waited_for(void **state)
{
	struct chain *c = *state;
	struct err err = { 0 };
	bool more = false;
	calls(c, 1, 3);
	sqlite3 *db;
	assert_int_equal(sqlite3_open(c->w.path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_true(prune_log(c->w.path, 3, &more, &err));
	assert_true(more);
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	sqlite3_close(db);
	assert_int_equal(ask(c->w.path, "SELECT count(*) FROM call"), 3);
	assert_true(prune_log(c->w.path, 3, &more, &err));
	assert_int_equal(ask(c->w.path, "SELECT count(*) FROM call"), 1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(the_old_go),
		TEST(the_young_stay),
		TEST(the_open_stay),
		TEST(nothing_goes_unasked),
		TEST(the_size_is_bounded),
		TEST(what_went_was_said_and_the_rest_is_whole),
		TEST(what_went_unsaid_shows),
		TEST(other_parts_stay),
		TEST(somebody_who_writes_is_waited_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
