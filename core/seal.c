/*
 * Adding to the chain: what has settled since the last time, in the order of numbers. Called by the
 * broker's writer thread about once a second, and when it starts and ends.
 *
 * A call that has not ended gets a seal of what does not change any more, and is noted (table
 * `unsealed`) until its end is sealed. Should calls be gone that were sealed, that is sealed too:
 * the numbers above begin anew, and the chain says so for ever.
 */
#include "config.h"

#include "core/seal_impl.h"

#include "core/history_impl.h"
#include "core/store_impl.h"

#include <stdio.h>
#include <stdlib.h>

enum { END = -1 /* in the place of a part: the call's end */ };

struct waiting {
	int64_t number, part;
};

struct sealing {
	struct store *detail;
	struct seal_reader *reader;
	struct seal_pass *pass;
	int64_t now_us, settled_us, most;
	int64_t calls, events; /* sealed up to here */
	struct waiting *list;
	size_t count, cap;
	struct err *err;
};

/* A clock that was set back makes a time lie ahead: waiting for it would leave the call out for as
 * long. */
static bool settled(const struct sealing *z, int64_t us)
{
	return us <= z->settled_us || us >= z->now_us + SEAL_SETTLE_US;
}

static bool full(const struct sealing *z)
{
	return z->pass->sealed >= z->most;
}

static bool add(struct sealing *z, const char *kind, int64_t number, const struct hash *digest)
{
	struct store_seal *head = &z->pass->head;
	struct store_seal seal = { .seq = head->seq + 1,
		.at_us = z->now_us,
		.kind = span_of(kind),
		.number = number,
		.digest = *digest };
	seal.hash = seal_link(&head->hash, &seal);
	if (!store_seal_add(z->detail, &seal, z->err)) {
		return false;
	}
	*head = seal;
	z->pass->sealed++;
	return true;
}

/* ---- what waits ---- */

static bool sql_failed(struct sealing *z)
{
	return fail(z->err, DIAG_HISTORY, "cannot seal the history: %.200s",
		sqlite3_errmsg(store_db(z->detail)));
}

static bool run(struct sealing *z, const char *sql, int64_t one, int64_t other)
{
	sqlite3_stmt *s = NULL;
	bool ok = sqlite3_prepare_v2(store_db(z->detail), sql, -1, &s, NULL) == SQLITE_OK &&
		sqlite3_bind_int64(s, 1, one) == SQLITE_OK &&
		(sqlite3_bind_parameter_count(s) < 2 ||
			sqlite3_bind_int64(s, 2, other) == SQLITE_OK) &&
		sqlite3_step(s) == SQLITE_DONE;
	ok = ok || sql_failed(z);
	sqlite3_finalize(s);
	return ok;
}

static bool wait_for(struct sealing *z, int64_t number)
{
	return run(z, "INSERT OR IGNORE INTO unsealed(number,part) VALUES(?1,?2)", number, END);
}

static bool wait_no_more(struct sealing *z, const struct waiting *w)
{
	return run(z, "DELETE FROM unsealed WHERE number=?1 AND part=?2", w->number, w->part);
}

static bool read_waiting(struct sealing *z)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(store_db(z->detail),
		"SELECT number,part FROM unsealed ORDER BY number,part", -1, &s, NULL);
	while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
		rc = SQLITE_OK;
		z->list = xgrow(z->list, &z->cap, z->count + 1, sizeof(*z->list));
		z->list[z->count++] = (struct waiting){ sqlite3_column_int64(s, 0),
			sqlite3_column_int64(s, 1) };
	}
	bool ok = rc == SQLITE_DONE || sql_failed(z);
	sqlite3_finalize(s);
	return ok;
}

/* ---- sealing ---- */

static bool seal_late(struct sealing *z, const struct waiting *w)
{
	static const char *const kinds[] = {
#define X(id, text, most) [STORE_##id] = "late-" text,
		STORE_PARTS(X)
#undef X
	};
	struct hash digest;
	if (w->part < 0 || w->part >= STORE_PART_COUNT ||
		!seal_part_digest(z->reader, w->number, (enum store_part)w->part, &digest)) {
		return wait_no_more(z, w);
	}
	return add(z, kinds[w->part], w->number, &digest) && wait_no_more(z, w);
}

static bool seal_end(struct sealing *z, const struct waiting *w)
{
	struct seal_call call = seal_read_call(z->reader, w->number);
	if (call.there && !(call.ended && settled(z, call.ended_us))) {
		z->pass->soon = z->pass->soon || call.ended;
		return true;
	}
	if (!call.there) {
		return seal_reader_failed(z->reader) || wait_no_more(z, w);
	}
	struct hash digest = seal_call_digest(z->reader, w->number, 0, false);
	return add(z, "call", w->number, &digest) && wait_no_more(z, w);
}

static bool seal_waiting(struct sealing *z)
{
	bool ok = read_waiting(z);
	for (size_t i = 0; i < z->count && ok && !full(z); i++) {
		const struct waiting *w = &z->list[i];
		ok = w->part == END ? seal_end(z, w) : seal_late(z, w);
	}
	return ok;
}

/* False: this call and those behind it have to wait. */
static bool seal_call(struct sealing *z, int64_t number, bool *ok)
{
	struct seal_call call = seal_read_call(z->reader, number);
	if (call.ended && settled(z, call.ended_us)) {
		struct hash digest = seal_call_digest(z->reader, number, 0, false);
		*ok = add(z, "call", number, &digest);
	} else if (!call.ended && settled(z, call.arrived_us)) {
		struct hash digest = seal_opened_digest(z->reader, number);
		*ok = add(z, "opened", number, &digest) && wait_for(z, number);
	} else {
		z->pass->soon = true;
		return false;
	}
	return *ok;
}

static bool seal_calls(struct sealing *z)
{
	int64_t number;
	bool ok = true;
	while (!full(z) && seal_next_call(z->reader, z->calls, &number) &&
		seal_call(z, number, &ok)) {
		z->calls = number;
	}
	return ok;
}

static bool note_event(void *data, const struct store_event *event)
{
	struct sealing *z = data;
	z->list = xgrow(z->list, &z->cap, z->count + 1, sizeof(*z->list));
	z->list[z->count++] = (struct waiting){ event->id, 0 };
	return true;
}

static bool seal_events(struct sealing *z)
{
	z->count = 0;
	bool ok = store_events(z->detail, z->events, 0, z->most, note_event, z, z->err);
	for (size_t i = 0; i < z->count && ok && !full(z); i++) {
		struct hash digest;
		int64_t id = z->list[i].number;
		ok = !seal_event_digest(z->reader, id, &digest) || add(z, "event", id, &digest);
		z->events = id;
	}
	return ok;
}

/* What belonged to calls that are gone: under numbers that no call has, or it would belong to those
 * that get their numbers. */
static bool put_away(struct sealing *z, int64_t last)
{
	return run(z, "DELETE FROM unsealed WHERE number>?1", last, 0) &&
		run(z, "UPDATE OR REPLACE body SET number=-number WHERE number>?1", last, 0) &&
		run(z, "UPDATE OR REPLACE before SET number=-number WHERE number>?1", last, 0);
}

/* The numbers of calls only rise: what was sealed above the highest one is gone, by a hand or with
 * a damaged file. */
static bool see_cut(struct sealing *z, int64_t last)
{
	static const struct hash none;
	int64_t cuts = 0;
	if (last >= z->calls) {
		return true;
	}
	z->calls = last;
	z->pass->cut = true;
	return add(z, "cut", last, &none) && put_away(z, last) &&
		store_place(z->detail, SEAL_PLACE_CUTS, &cuts, z->err) &&
		store_place_set(z->detail, SEAL_PLACE_CUTS, cuts + 1, z->err);
}

static bool read_places(struct sealing *z)
{
	return store_place(z->detail, SEAL_PLACE_CALLS, &z->calls, z->err) &&
		store_place(z->detail, SEAL_PLACE_EVENTS, &z->events, z->err) &&
		store_seal_last(z->detail, &z->pass->head, z->err);
}

static bool write_places(struct sealing *z)
{
	return !z->pass->sealed ||
		(store_place_set(z->detail, SEAL_PLACE_CALLS, z->calls, z->err) &&
			store_place_set(z->detail, SEAL_PLACE_EVENTS, z->events, z->err));
}

static bool seal_all(struct sealing *z, struct history *log)
{
	int64_t last = 0;
	bool ok = read_places(z) && history_last(log, &last, z->err) && see_cut(z, last) &&
		seal_waiting(z) && seal_calls(z) && seal_events(z);
	return ok && !seal_reader_failed(z->reader) && write_places(z);
}

static void point(struct store *detail, const char *sql)
{
	sqlite3_exec(
		store_db(detail), sql, NULL, NULL, NULL); /* may be gone with its transaction */
}

static bool end(struct store *detail, bool ok)
{
	if (!ok) {
		point(detail, "ROLLBACK TO seal");
	}
	point(detail, "RELEASE seal");
	return ok;
}

bool seal_begin(
	struct store *detail, int64_t now_us, int64_t last, struct seal_pass *pass, struct err *err)
{
	struct sealing z = { .detail = detail, .pass = pass, .now_us = now_us, .err = err };
	*pass = (struct seal_pass){ 0 };
	point(detail, "SAVEPOINT seal");
	return end(detail, read_places(&z) && see_cut(&z, last) && write_places(&z));
}

bool seal_catch_up(struct history *log, struct store *detail, int64_t now_us, int64_t settled_us,
	int64_t most, struct seal_pass *pass, struct err *err)
{
	struct sealing z = { .detail = detail,
		.pass = pass,
		.now_us = now_us,
		.settled_us = settled_us,
		.most = most,
		.err = err };
	*pass = (struct seal_pass){ 0 };
	point(detail, "SAVEPOINT seal");
	z.reader = seal_reader_open(log, detail);
	bool ok = seal_all(&z, log);
	ok = seal_reader_close(z.reader, err) && ok;
	pass->more = ok && full(&z);
	free(z.list);
	return end(detail, ok);
}
