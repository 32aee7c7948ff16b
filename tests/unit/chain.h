/* What the tests of the chain of seals share: both databases with calls that come, end and settle,
 * and a hand that changes the files. */
#ifndef BASCULE_TESTS_UNIT_CHAIN_H
#define BASCULE_TESTS_UNIT_CHAIN_H

#include "core/seal.h"
#include "tests/unit/history_world.h"

#include <sqlite3.h>

enum { MOST = 100000, SECOND = 1000000 };

struct chain {
	struct world w;
	char *detail;
	struct store *s;
	struct heads heads;
	struct seal_report r;
	int64_t now;
	struct seal_pass pass;
};

static inline int set_up(void **state)
{
	struct chain *c = xcalloc(1, sizeof(*c));
	begin_world(&c->w, true);
	c->detail = xasprintf("%s/detail.db", c->w.dir);
	c->s = store_open(c->detail, false, test_now, NULL, &c->w.err);
	assert_non_null(c->s);
	c->now = test_now;
	*state = c;
	return 0;
}

static inline int tear_down(void **state)
{
	struct chain *c = *state;
	store_close(c->s);
	end_world(&c->w);
	heads_finish(&c->heads);
	free(c->detail);
	free(c);
	return 0;
}

/* ---- recording ---- */

static inline void put(struct chain *c, int64_t number, enum store_part part, const char *text)
{
	const struct store_body body = { .text = span_of(text), .size = (int64_t)strlen(text) };
	assert_true(store_begin(c->s, &c->w.err));
	assert_true(store_put(c->s, number, part, &body, &c->w.err));
	assert_true(store_commit(c->s, &c->w.err));
}

static inline void event(struct chain *c, const char *kind, const char *json)
{
	const struct store_event e = {
		.at_us = c->now, .kind = span_of(kind), .json = span_of(json)
	};
	assert_true(store_begin(c->s, &c->w.err));
	assert_true(store_event_add(c->s, &e, NULL, &c->w.err));
	assert_true(store_commit(c->s, &c->w.err));
}

static inline int64_t open_call(struct chain *c, int n)
{
	struct world *w = &c->w;
	char id[40];
	snprintf(id, sizeof(id), INSTANCE "-%d", n);
	struct history_call call = a_call(w, id);
	call.arrived_us = c->now;
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_add(w->h, &call, &w->err));
	WORKS(history_effects_add(w->h, call.number, SPAN("[{\"kind\":\"write\"}]"), &w->err));
	WORKS(history_commit(w->h, &w->err));
	put(c, call.number, STORE_ARGUMENTS, "{\"path\":\"a.c\"}");
	return call.number;
}

static inline void end_call(struct chain *c, int64_t number)
{
	struct world *w = &c->w;
	WORKS(history_begin(w->h, &w->err));
	WORKS(history_finish(w->h, number, LIFE_DONE, SPAN("result"), 12, 34, c->now, &w->err));
	WORKS(history_commit(w->h, &w->err));
	put(c, number, STORE_RESULT, "written");
}

static inline void wait_seconds(struct chain *c, int seconds)
{
	c->now += (int64_t)seconds * SECOND;
}

static inline void seal_most(struct chain *c, int64_t most)
{
	struct err err = { 0 };
	assert_true(store_begin(c->s, &err));
	if (!seal_catch_up(c->w.h, c->s, c->now, c->now - SEAL_SETTLE_US, most, &c->pass, &err) ||
		!store_commit(c->s, &err)) {
		fail_msg("%s", err.text);
	}
	if (c->pass.sealed) {
		struct head head = { c->pass.head.seq, c->now, c->pass.head.hash };
		c->heads.list = xgrow(
			c->heads.list, &c->heads.cap, c->heads.count + 1, sizeof(*c->heads.list));
		c->heads.list[c->heads.count++] = head;
	}
}

static inline void seal(struct chain *c)
{
	seal_most(c, MOST);
}

/* So many calls that have come, ended and settled; sealed one by one, so that there are heads. */
static inline void calls(struct chain *c, int from, int to)
{
	for (int n = from; n <= to; n++) {
		end_call(c, open_call(c, n));
		wait_seconds(c, 2);
		seal(c);
	}
}

/* ---- a hand that changes the files ---- */

static inline void change(const char *path, const char *sql)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 1000);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	}
	sqlite3_close(db);
}

static inline void verify_with(struct chain *c, const struct heads *heads)
{
	struct err err = { 0 };
	struct store *reader = store_open(c->detail, true, 0, NULL, &err);
	struct history *log = history_open(c->w.path, test_key, true, 0, NULL, &err);
	assert_non_null(reader);
	assert_non_null(log);
	if (!seal_verify(log, reader, heads, NULL, &c->r, &err)) {
		fail_msg("%s", err.text);
	}
	store_close(reader);
	history_close(log);
}

static inline void verify(struct chain *c)
{
	verify_with(c, &c->heads);
}

static inline void expect_whole(struct chain *c, int64_t ended, int64_t open, int64_t young)
{
	verify(c);
	if (c->r.break_total) {
		const struct seal_break *b = &c->r.breaks[0];
		fail_msg("%s: seal %lld, number %lld", seal_break_name(b->kind), (long long)b->seq,
			(long long)b->number);
	}
	assert_int_equal(c->r.calls, ended);
	assert_int_equal(c->r.open, open);
	assert_int_equal(c->r.young_calls, young);
}

/* The first break, and that it is the only one. */
static inline const struct seal_break *expect_one(
	struct chain *c, enum seal_break_kind kind, int64_t seq, int64_t number)
{
	verify(c);
	assert_int_equal(c->r.break_total, 1);
	const struct seal_break *b = &c->r.breaks[0];
	assert_string_equal(seal_break_name(b->kind), seal_break_name(kind));
	assert_int_equal(b->seq, seq);
	assert_int_equal(b->number, number);
	return b;
}

#endif
