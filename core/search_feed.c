/*
 * From calls to the index and back: which calls are entered when, and questions that the index
 * answers as far as it reaches. What the index names is compared here, so that both ways give the
 * same calls.
 */
#include "config.h"

#include "core/search_feed.h"

#include "core/buf.h"
#include "core/life.h"

#include <stdlib.h>

/* ---- entering ---- */

struct feed {
	struct search *search;
	int64_t now_us, count;
	bool *more, *soon;
	bool ok;
	bool found; /* the row that was asked for */
	int64_t arrived_us;
	struct buf text;
	struct err *err;
};

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* A time to come is of a clock that was set back: nothing waits for it. */
static bool is_past(int64_t time_us, int64_t wait_us, int64_t now_us)
{
	return time_us > now_us || now_us - time_us >= wait_us;
}

static bool is_settled(const struct history_call *c, int64_t now_us)
{
	int64_t last = later(c->arrived_us, later(c->decided_us, c->finished_us));
	return life_is_end(c->state) && is_past(last, SEARCH_SETTLE_US, now_us);
}

static void put(struct buf *text, struct span part)
{
	if (part.at) {
		buf_span(text, part);
		buf_char(text, '\n');
	}
}

static bool enter(
	struct feed *f, const struct history_call *c, const struct history_session *s, bool open)
{
	const struct span parts[] = { c->tool, c->target, s->server, s->client, c->rule, c->reason,
		c->decision_reason };
	buf_clear(&f->text);
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		put(&f->text, parts[i]);
	}
	f->ok = search_add(f->search, c->number, c->arrived_us, buf_view(&f->text), open, f->err);
	return f->ok;
}

/* In order, so that one number says how far the index reaches. */
static bool next_row(
	void *data, const struct history_call *call, const struct history_session *session)
{
	struct feed *f = data;
	bool settled = is_settled(call, f->now_us);
	if (f->count == SEARCH_BATCH) {
		*f->more = true;
		return false;
	}
	if (!settled && !is_past(call->arrived_us, SEARCH_WAIT_US, f->now_us)) {
		*f->soon = true;
		return false;
	}
	f->count++;
	return enter(f, call, session, !settled);
}

static bool open_row(
	void *data, const struct history_call *call, const struct history_session *session)
{
	struct feed *f = data;
	f->found = true;
	if (is_settled(call, f->now_us)) {
		return enter(f, call, session, false);
	}
	*f->soon = *f->soon || life_is_end(call->state);
	return true;
}

struct numbers {
	int64_t *list;
	size_t count, cap;
};

static void keep_number(struct numbers *n, int64_t number)
{
	n->list = xgrow(n->list, &n->cap, n->count + 1, sizeof(*n->list));
	n->list[n->count++] = number;
}

static bool take_open(void *data, int64_t number)
{
	struct numbers *n = data;
	keep_number(n, number);
	return n->count < SEARCH_BATCH;
}

static bool enter_open(struct feed *f, struct history *h)
{
	struct numbers open = { 0 };
	bool ok = search_open_calls(f->search, take_open, &open, f->err);
	for (size_t i = 0; ok && i < open.count; i++) {
		f->found = false;
		ok = history_numbered(h, open.list[i], open_row, f, f->err) && f->ok &&
			(f->found || search_forget(f->search, open.list[i], f->err));
	}
	free(open.list);
	return ok;
}

static bool note_arrival(
	void *data, const struct history_call *call, const struct history_session *session)
{
	struct feed *f = data;
	(void)session;
	f->found = true;
	f->arrived_us = call->arrived_us;
	return false;
}

/* Is the index of this log.db? Rows may have been removed from its beginning since. */
static bool is_of(struct feed *f, struct history *h, bool *same)
{
	int64_t reach = 0, arrived_us = 0, last = 0;
	if (!search_reach(f->search, &reach, f->err) ||
		!search_reach_time(f->search, &arrived_us, f->err) ||
		!history_last(h, &last, f->err) ||
		!history_numbered(h, reach, note_arrival, f, f->err)) {
		return false;
	}
	*same = reach == 0 || (reach <= last && (!f->found || f->arrived_us == arrived_us));
	return true;
}

static bool make_sure(struct feed *f, struct history *h)
{
	bool same = false;
	if (!search_is_damaged(f->search) && !is_of(f, h, &same) && !search_is_damaged(f->search)) {
		return false;
	}
	return (same && !search_is_damaged(f->search)) || search_reset(f->search, f->err);
}

bool search_catch_up(struct search *s, struct history *h, int64_t now_us, bool *more, bool *soon,
	struct err *err)
{
	struct feed f = {
		.search = s, .now_us = now_us, .more = more, .soon = soon, .ok = true, .err = err
	};
	int64_t reach = 0;
	*more = *soon = false;
	if (!make_sure(&f, h) || !search_begin(s, err)) {
		return false;
	}
	bool ok = enter_open(&f, h) && search_reach(s, &reach, err) &&
		history_after(h, reach, next_row, &f, err) && f.ok;
	ok = ok && search_commit(s, err);
	if (!ok) {
		search_rollback(s);
	}
	buf_finish(&f.text);
	return ok;
}

/* ---- asking ---- */

struct asking {
	struct history *history;
	struct span text;
	struct numbers found; /* newest first */
	int64_t limit;
	bool ok;
	struct err *err;
};

static bool keep_row(
	void *data, const struct history_call *call, const struct history_session *session)
{
	struct asking *a = data;
	(void)session;
	keep_number(&a->found, call->number);
	return true;
}

static bool compare(void *data, int64_t number)
{
	struct asking *a = data;
	a->ok = history_contains(a->history, number, a->text, keep_row, a, a->err);
	return a->ok && (int64_t)a->found.count < a->limit;
}

static void turn_round(struct numbers *n)
{
	for (size_t i = 0, j = n->count; i + 1 < j; i++) {
		int64_t number = n->list[i];
		n->list[i] = n->list[--j];
		n->list[j] = number;
	}
}

/* False: the index is of no use for this; nothing was told. */
static bool by_index(struct search *s, struct asking *a, int64_t before)
{
	int64_t reach = 0;
	bool narrow = false;
	struct err unused;
	if (!search_reach(s, &reach, &unused) || !reach ||
		!history_latest_above(
			a->history, a->text, reach, before, a->limit, keep_row, a, a->err)) {
		return false;
	}
	turn_round(&a->found);
	int64_t within = before <= reach ? before : reach + 1;
	return ((int64_t)a->found.count >= a->limit ||
		       (search_find(s, &a->text, 1, within, compare, a, &narrow, &unused) &&
			       narrow)) &&
		a->ok;
}

struct telling {
	history_row *each;
	void *data;
	bool more;
};

static bool tell(void *data, const struct history_call *call, const struct history_session *session)
{
	struct telling *t = data;
	t->more = t->each(t->data, call, session);
	return false;
}

bool search_latest(struct search *s, struct history *h, struct span text, int64_t before,
	int64_t limit, history_row *each, void *data, struct err *err)
{
	struct asking a = { .history = h, .text = text, .limit = limit, .ok = true, .err = err };
	struct telling t = { each, data, true };
	if (!s || !text.at || !text.len || limit <= 0 || !by_index(s, &a, before)) {
		free(a.found.list);
		return history_latest(h, text, before, limit, each, data, err);
	}
	bool ok = true;
	for (size_t i = a.found.count; ok && t.more && i-- > 0;) {
		ok = history_numbered(h, a.found.list[i], tell, &t, err);
	}
	free(a.found.list);
	return ok;
}
