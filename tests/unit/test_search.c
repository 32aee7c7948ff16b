/* The index names every call that has the words, whatever bytes are in them; and it comes back
 * from anything that happens to its file. */
#include "config.h"

#include "core/diag.h"
#include "core/search_feed.h"

#include "tests/unit/history_world.h"

#include <sqlite3.h>
#include <sys/resource.h>

static char *index_path(const struct world *w)
{
	return xasprintf("%s/search.db", w->dir);
}

static struct search *open_index(struct world *w, bool readonly)
{
	char *path = index_path(w);
	struct search *s = search_open(path, readonly, &w->err);
	free(path);
	return s;
}

struct named {
	int64_t list[64];
	size_t count, most;
};

static bool note(void *data, int64_t number)
{
	struct named *n = data;
	n->list[n->count++] = number;
	return n->count < n->most;
}

static struct named ask(struct world *w, struct search *s, struct span word, int64_t before)
{
	struct named n = { .most = COUNT_OF(n.list) };
	bool narrow = false;
	WORKS(search_find(s, &word, 1, before, note, &n, &narrow, &w->err));
	assert_true(narrow);
	return n;
}

static bool names(struct world *w, struct search *s, struct span word, int64_t number)
{
	struct named n = ask(w, s, word, INT64_MAX);
	for (size_t i = 0; i < n.count; i++) {
		if (n.list[i] == number) {
			return true;
		}
	}
	return false;
}

static void enter(struct world *w, struct search *s, int64_t number, struct span text, bool open)
{
	WORKS(search_begin(s, &w->err));
	WORKS(search_add(s, number, number, text, open, &w->err));
	WORKS(search_commit(s, &w->err));
}

static void parts_of_words_are_found(void **state)
{
	static const struct {
		struct span text, word;
	} cases[] = {
		{ SPAN("/home/dev/src/payment_intent.ts"), SPAN("ment_int") },
		{ SPAN("/home/dev/src/payment_intent.ts"), SPAN("/src/") },
		{ SPAN("getUserById"), SPAN("USERBY") },
		{ SPAN("\xe8\xaf\xb7\xe5\x88\xa0\xe9\x99\xa4\xe6\x96\x87\xe4\xbb\xb6"),
			SPAN("\xe5\x88\xa0\xe9\x99\xa4\xe6\x96\x87") },
		{ SPAN("\xff\xfe before \0 after \xc3"), SPAN("after") },
		{ SPAN("a word \xc3 broken"), SPAN("word \xc3 broken") },
		{ SPAN("say \"NEAR(a b)\" AND -x* OR (y)"), SPAN("\"NEAR(a") },
		{ SPAN("say \"NEAR(a b)\" AND -x* OR (y)"), SPAN("AND -x* OR (y)") },
		{ SPAN("'; DROP TABLE text; --"), SPAN("'; DROP") },
		{ SPAN("col:umn ^first {a b}"), SPAN("col:umn ^fi") },
		{ SPAN("abcd"), SPAN("bcd") },
	};
	struct world *w = *state;
	struct search *s;
	WORKS((s = open_index(w, false)));
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		enter(w, s, (int64_t)i + 1, cases[i].text, false);
	}
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		if (!names(w, s, cases[i].word, (int64_t)i + 1)) {
			fail_msg("case %zu is not found", i);
		}
	}
	assert_int_equal(ask(w, s, SPAN("nowhere at all"), INT64_MAX).count, 0);
	assert_int_equal(ask(w, s, SPAN("payment_intent.js"), INT64_MAX).count, 0);
	search_close(s);
}

static void newest_come_first_and_in_pages(void **state)
{
	struct world *w = *state;
	struct search *s;
	WORKS((s = open_index(w, false)));
	for (int64_t i = 1; i <= 9; i++) {
		enter(w, s, i, i % 2 ? SPAN("an odd call") : SPAN("an even call"), false);
	}
	struct named n = ask(w, s, SPAN("odd call"), 8);
	assert_int_equal(n.count, 4);
	assert_int_equal(n.list[0], 7);
	assert_int_equal(n.list[3], 1);
	struct named one = { .most = 1 };
	bool narrow;
	WORKS(search_find(s, &SPAN("call"), 1, INT64_MAX, note, &one, &narrow, &w->err));
	assert_int_equal(one.count, 1);
	assert_int_equal(one.list[0], 9);
	WORKS(search_find(s, &SPAN("od"), 1, INT64_MAX, note, &one, &narrow, &w->err));
	assert_false(narrow);
	search_close(s);
}

/* What is entered open is named whatever is asked, once, in its place; afterwards by both texts. */
static void open_calls_are_always_named(void **state)
{
	struct world *w = *state;
	struct search *s;
	WORKS((s = open_index(w, false)));
	enter(w, s, 1, SPAN("reason one"), false);
	enter(w, s, 2, SPAN("waiting"), true);
	enter(w, s, 3, SPAN("reason three"), false);
	struct named n = ask(w, s, SPAN("reason"), INT64_MAX);
	assert_int_equal(n.count, 3);
	assert_int_equal(n.list[1], 2);
	enter(w, s, 2, SPAN("decided"), false);
	assert_int_equal(ask(w, s, SPAN("reason"), INT64_MAX).count, 2);
	assert_true(names(w, s, SPAN("waiting"), 2));
	assert_true(names(w, s, SPAN("decided"), 2));
	int64_t reach = 0;
	WORKS(search_reach(s, &reach, &w->err));
	assert_int_equal(reach, 3);
	search_close(s);
}

/* ---- with a history ---- */

static void record_done(struct world *w, int n, const char *target)
{
	char id[64];
	snprintf(id, sizeof(id), INSTANCE "-%d", n);
	struct history_call c = a_call(w, id);
	c.target = span_of(target);
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_add(w->h, &c, &w->err));
	WORKS(history_finish(
		w->h, c.number, LIFE_DONE, SPAN("result"), 1, 1, test_now + 2, &w->err));
	WORKS(history_commit(w->h, &w->err));
}

static int64_t caught_up(struct world *w, struct search *s, int64_t after_us)
{
	bool more, soon;
	int64_t reach = 0;
	WORKS(search_catch_up(s, w->h, test_now + after_us, &more, &soon, &w->err));
	WORKS(search_reach(s, &reach, &w->err));
	return reach;
}

static bool count_row(
	void *data, const struct history_call *call, const struct history_session *session)
{
	struct named *n = data;
	(void)session;
	n->list[n->count++] = call->number;
	return true;
}

static void index_and_newest_rows_are_asked_together(void **state)
{
	struct world *w = *state;
	struct search *s;
	struct named n = { 0 }, last = { 0 };
	record_done(w, 1, "/src/alpha_1.c");
	record_done(w, 2, "/src/beta.c");
	record_done(w, 3, "/src/ALPHA_3.c");
	WORKS((s = open_index(w, false)));
	assert_int_equal(caught_up(w, s, 1000), 0); /* texts may still come */
	assert_int_equal(caught_up(w, s, SEARCH_SETTLE_US + 2), 3);
	record_done(w, 4, "/src/alpha_4.c");
	WORKS(search_latest(s, w->h, SPAN("alpha_"), INT64_MAX, 9, count_row, &n, &w->err));
	assert_int_equal(n.count, 3);
	assert_int_equal(n.list[0], 1);
	assert_int_equal(n.list[1], 3);
	assert_int_equal(n.list[2], 4);
	WORKS(search_latest(s, w->h, SPAN("alpha_"), 4, 1, count_row, &last, &w->err));
	assert_int_equal(last.count, 1);
	assert_int_equal(last.list[0], 3);
	search_close(s);
}

static void a_call_that_waits_keeps_others_a_minute(void **state)
{
	struct world *w = *state;
	struct search *s;
	record(w, INSTANCE "-1");
	record_done(w, 2, "/src/b.c");
	WORKS((s = open_index(w, false)));
	assert_int_equal(caught_up(w, s, SEARCH_SETTLE_US + 2), 0);
	assert_int_equal(caught_up(w, s, SEARCH_WAIT_US + 2), 2);
	assert_true(names(w, s, SPAN("something else"), 1));
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_finish(
		w->h, 1, LIFE_DONE, SPAN("result"), 1, 1, test_now + SEARCH_WAIT_US, &w->err));
	WORKS(history_commit(w->h, &w->err));
	caught_up(w, s, 2 * SEARCH_WAIT_US);
	assert_false(names(w, s, SPAN("something else"), 1));
	search_close(s);
}

static void scribble(const char *path)
{
	FILE *f = fopen(path, "r+");
	assert_non_null(f);
	for (int i = 0; i < 8192; i++) {
		fputc('x', f);
	}
	fclose(f);
}

static void it_is_begun_anew(void **state)
{
	struct world *w = *state;
	struct search *s;
	struct stat st;
	char *path = index_path(w);
	sqlite3 *db;
	assert_null(open_index(w, true));
	assert_int_equal(w->err.code, DIAG_NONE);
	record_done(w, 1, "/src/a.c");
	for (int damage = 0; damage < 3; damage++) {
		WORKS((s = open_index(w, false)));
		assert_int_equal(caught_up(w, s, SEARCH_WAIT_US), 1);
		assert_true(names(w, s, SPAN("/src/a"), 1));
		search_close(s);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
		if (damage == 0) {
			unlink(path);
		} else if (damage == 1) {
			scribble(path);
		} else {
			assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
			assert_int_equal(
				sqlite3_exec(db, "PRAGMA user_version=99", NULL, NULL, NULL),
				SQLITE_OK);
			sqlite3_close(db);
		}
		assert_null(open_index(w, true));
	}
	WORKS((s = open_index(w, false)));
	assert_int_equal(caught_up(w, s, SEARCH_WAIT_US), 1);
	search_close(s);
	free(path);
}

/* A full disk, here a limit of pages: the batch is not in it, what was there before is, and the
 * next attempt after there is room again enters it. */
static void a_full_disk_loses_nothing(void **state)
{
	static char big[200000];
	struct world *w = *state;
	struct search *s;
	int64_t reach = 0;
	char *path = index_path(w);
	struct rlimit old, small = { .rlim_cur = 65536 };
	for (size_t i = 0; i < sizeof(big); i++) {
		big[i] = (char)('!' + (i * i * 7 + i / 91) % 90);
	}
	WORKS((s = open_index(w, false)));
	enter(w, s, 1, SPAN("before"), false);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_max = old.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	WORKS(search_begin(s, &w->err));
	bool ok = true;
	for (int64_t i = 2; ok && i < 40; i++) {
		ok = search_add(s, i, i, (struct span){ big, sizeof(big) }, false, &w->err);
	}
	ok = ok && search_commit(s, &w->err);
	search_rollback(s);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_false(ok);
	assert_false(search_is_damaged(s));
	WORKS(search_reach(s, &reach, &w->err));
	assert_int_equal(reach, 1);
	assert_true(names(w, s, SPAN("before"), 1));
	enter(w, s, 2, SPAN("afterwards"), false);
	assert_true(names(w, s, SPAN("afterwards"), 2));
	search_close(s);
	free(path);
}

/* A new log.db in the place of the old one: its calls have the same numbers. */
static void an_index_of_another_log_is_thrown_away(void **state)
{
	struct world *w = *state;
	struct search *s;
	WORKS((s = open_index(w, false)));
	enter(w, s, 1, SPAN("of another log"), false);
	record_done(w, 1, "/src/a.c");
	assert_int_equal(caught_up(w, s, SEARCH_WAIT_US), 1);
	assert_false(names(w, s, SPAN("of another log"), 1));
	assert_true(names(w, s, SPAN("/src/a"), 1));
	search_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(parts_of_words_are_found, begin_empty, end_one),
		cmocka_unit_test_setup_teardown(
			newest_come_first_and_in_pages, begin_empty, end_one),
		cmocka_unit_test_setup_teardown(open_calls_are_always_named, begin_empty, end_one),
		cmocka_unit_test_setup_teardown(
			index_and_newest_rows_are_asked_together, begin_open, end_one),
		cmocka_unit_test_setup_teardown(
			a_call_that_waits_keeps_others_a_minute, begin_open, end_one),
		cmocka_unit_test_setup_teardown(a_full_disk_loses_nothing, begin_empty, end_one),
		cmocka_unit_test_setup_teardown(it_is_begun_anew, begin_open, end_one),
		cmocka_unit_test_setup_teardown(
			an_index_of_another_log_is_thrown_away, begin_open, end_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
