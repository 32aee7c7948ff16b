/*
 * Walking the chain: every seal follows from the one before, every record is as it was sealed, no
 * record stands between sealed ones without a seal, and the heads that were kept elsewhere lie on
 * the chain. Goes on behind a break, to say what else there is. Called by `bascule history verify`.
 */
#include "config.h"

#include "core/seal_impl.h"

#include "core/history_impl.h"
#include "core/json.h"
#include "core/store_impl.h"

#include <stdlib.h>
#include <string.h>

enum { PENDING_MAX = 10000 };

static const int64_t hour_us = 3600000000;

struct numbers {
	int64_t *list;
	size_t count, cap;
	bool unsorted;
};

/* A call that is not as it was sealed, unless a part of it came later. */
struct pending {
	struct store_seal seal; /* without its kind */
};

struct late {
	int64_t number;
	unsigned parts;
};

struct cut {
	int64_t seq, number;
};

struct walk {
	struct history *log;
	struct store *detail;
	struct seal_reader *reader;
	struct seal_report *report;
	struct err *err;
	struct head *heads; /* by seq */
	size_t head_count, head_at;
	const struct hash *noted; /* NULL: none, or it was met */
	struct cut *cuts;
	size_t cut_count, cut_cap;
	struct pending *pending;
	size_t pending_count, pending_cap;
	struct late *late;
	size_t late_count, late_cap;
	struct numbers calls, ended, events; /* that have a seal and a row */
	int64_t seq, kept_from; /* calls below this one may be gone */
	int64_t highest, highest_event, highest_ever; /* numbers that were sealed */
	struct hash hash;
};

const char *seal_break_name(enum seal_break_kind kind)
{
	static const char *const names[] = {
#define X(id, name) [SEAL_BREAK_##id] = name,
		SEAL_BREAKS(X)
#undef X
	};
	return names[kind];
}

static void broken(struct walk *v, const struct seal_break *b)
{
	struct seal_report *r = v->report;
	if (r->break_count < SEAL_BREAKS_MAX) {
		r->breaks[r->break_count++] = *b;
	}
	r->break_total++;
}

static void broken_at(
	struct walk *v, enum seal_break_kind kind, const struct store_seal *seal, bool event)
{
	broken(v,
		&(struct seal_break){ .kind = kind,
			.event = event,
			.seq = seal->seq,
			.at_us = seal->at_us,
			.number = seal->number });
}

/* ---- numbers ---- */

static void note(struct numbers *n, int64_t number)
{
	n->list = xgrow(n->list, &n->cap, n->count + 1, sizeof(*n->list));
	n->unsorted = n->unsorted || (n->count && n->list[n->count - 1] >= number);
	n->list[n->count++] = number;
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* Each once, rising. */
static void sort_numbers(struct numbers *n)
{
	size_t kept = 0;
	if (!n->unsorted) {
		return;
	}
	qsort(n->list, n->count, sizeof(*n->list), by_number);
	for (size_t i = 0; i < n->count; i++) {
		if (!kept || n->list[kept - 1] != n->list[i]) {
			n->list[kept++] = n->list[i];
		}
	}
	n->count = kept;
	n->unsorted = false;
}

/* ---- before the walk ---- */

typedef bool on_row(struct walk *v, sqlite3_stmt *s);

static bool each_row(struct walk *v, sqlite3 *db, const char *sql, on_row *each)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &s, NULL);
	while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
		rc = each(v, s) ? SQLITE_OK : SQLITE_ABORT;
	}
	bool ok = rc == SQLITE_DONE || rc == SQLITE_ABORT ||
		fail(v->err, DIAG_HISTORY, "cannot read what is sealed: %.200s",
			sqlite3_errmsg(db));
	sqlite3_finalize(s);
	return ok;
}

static bool take_cut(struct walk *v, sqlite3_stmt *s)
{
	v->cuts = xgrow(v->cuts, &v->cut_cap, v->cut_count + 1, sizeof(*v->cuts));
	v->cuts[v->cut_count++] = (struct cut){ sqlite3_column_int64(s, 0),
		sqlite3_column_int64(s, 1) };
	return true;
}

static void note_late(struct walk *v, int64_t number, int64_t part)
{
	if (part >= 0 && part < STORE_PART_COUNT) {
		v->late = xgrow(v->late, &v->late_cap, v->late_count + 1, sizeof(*v->late));
		v->late[v->late_count++] = (struct late){ number, 1u << part };
	}
}

static bool take_late(struct walk *v, sqlite3_stmt *s)
{
	note_late(v, sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1));
	return true;
}

/* {"below":N} of an event: so far retention may have gone. */
static bool take_retention(struct walk *v, sqlite3_stmt *s)
{
	struct json_scan scan = { 0 };
	struct span value,
		json = { (const char *)sqlite3_column_text(s, 0),
			(size_t)sqlite3_column_bytes(s, 0) };
	int64_t below = 0;
	if (json.at && json_validate(&scan, json, JSON_STRICT) && scan.type == JSON_OBJECT &&
		json_member(scan.value, "below", &value) && json_int(value, &below) &&
		below > v->kept_from) {
		v->kept_from = below;
	}
	json_finish(&scan);
	return true;
}

static bool look_around(struct walk *v)
{
	sqlite3 *db = store_db(v->detail);
	int64_t cuts = 0, point = 0;
	bool ok = each_row(v, db, "SELECT number,part FROM unsealed WHERE part>=0", take_late) &&
		each_row(v, db, "SELECT json FROM event WHERE kind='retention'", take_retention) &&
		store_place(v->detail, SEAL_PLACE_RETENTION, &point, v->err) &&
		store_place(v->detail, SEAL_PLACE_CUTS, &cuts, v->err) &&
		(!cuts ||
			each_row(v, db, "SELECT seq,number FROM seal WHERE kind='cut'", take_cut));
	if (ok && point > v->kept_from) {
		broken(v, &(struct seal_break){ .kind = SEAL_BREAK_RETENTION, .number = point });
	}
	return ok;
}

static int by_seq(const void *a, const void *b)
{
	const struct head *x = a, *y = b;
	return (x->seq > y->seq) - (x->seq < y->seq);
}

static void take_heads(struct walk *v, const struct heads *heads)
{
	if (heads && heads->count) {
		v->heads = xcalloc(heads->count, sizeof(*v->heads));
		memcpy(v->heads, heads->list, heads->count * sizeof(*v->heads));
		v->head_count = heads->count;
		qsort(v->heads, v->head_count, sizeof(*v->heads), by_seq);
	}
}

/* ---- the walk ---- */

static bool is_cut_off(const struct walk *v, const struct store_seal *seal)
{
	for (size_t i = 0; i < v->cut_count; i++) {
		if (v->cuts[i].seq > seal->seq && v->cuts[i].number < seal->number) {
			return true;
		}
	}
	return false;
}

static void keep_pending(struct walk *v, const struct store_seal *seal)
{
	if (v->pending_count == PENDING_MAX) {
		broken_at(v, SEAL_BREAK_CHANGED, seal, false);
		return;
	}
	v->pending = xgrow(v->pending, &v->pending_cap, v->pending_count + 1, sizeof(*v->pending));
	v->pending[v->pending_count++] = (struct pending){ *seal };
}

static void check_end(struct walk *v, const struct store_seal *seal, const struct seal_call *call)
{
	struct hash digest = seal_call_digest(v->reader, seal->number, 0, false);
	if (!hash_same(&digest, &seal->digest)) {
		keep_pending(v, seal);
	}
	v->report->late += call->ended_us < seal->at_us - hour_us;
	note(&v->ended, seal->number);
}

static void check_call(struct walk *v, const struct store_seal *seal, bool ended)
{
	v->highest_ever = seal->number > v->highest_ever ? seal->number : v->highest_ever;
	if (is_cut_off(v, seal)) {
		return;
	}
	v->highest = seal->number > v->highest ? seal->number : v->highest;
	struct seal_call call = seal_read_call(v->reader, seal->number);
	if (!call.there) {
		v->report->gone += seal->number < v->kept_from;
		if (seal->number >= v->kept_from) {
			broken_at(v, SEAL_BREAK_REMOVED, seal, false);
		}
		return;
	}
	note(&v->calls, seal->number);
	if (ended) {
		check_end(v, seal, &call);
		return;
	}
	struct hash digest = seal_opened_digest(v->reader, seal->number);
	if (!hash_same(&digest, &seal->digest)) {
		broken_at(v, SEAL_BREAK_CHANGED, seal, false);
	}
}

static void check_late(struct walk *v, const struct store_seal *seal, enum store_part part)
{
	struct hash digest;
	if (is_cut_off(v, seal) || seal->number < v->kept_from) {
		return;
	}
	note_late(v, seal->number, part);
	if (!seal_part_digest(v->reader, seal->number, part, &digest)) {
		broken_at(v, SEAL_BREAK_REMOVED, seal, false);
	} else if (!hash_same(&digest, &seal->digest)) {
		broken_at(v, SEAL_BREAK_CHANGED, seal, false);
	}
}

static void check_event(struct walk *v, const struct store_seal *seal)
{
	struct hash digest;
	v->highest_event = seal->number > v->highest_event ? seal->number : v->highest_event;
	if (!seal_event_digest(v->reader, seal->number, &digest)) {
		broken_at(v, SEAL_BREAK_REMOVED, seal, true);
		return;
	}
	note(&v->events, seal->number);
	if (!hash_same(&digest, &seal->digest)) {
		broken_at(v, SEAL_BREAK_CHANGED, seal, true);
	}
}

static void check_cut(struct walk *v, const struct store_seal *seal)
{
	broken(v,
		&(struct seal_break){ .kind = SEAL_BREAK_CUT,
			.seq = seal->seq,
			.at_us = seal->at_us,
			.number = seal->number + 1,
			.to = v->highest_ever });
	v->highest_ever = seal->number;
}

static void check_link(struct walk *v, const struct store_seal *seal)
{
	struct hash expected = seal_link(&v->hash, seal);
	if (seal->seq != v->seq + 1) {
		broken(v,
			&(struct seal_break){ .kind = SEAL_BREAK_GAP,
				.at_us = seal->at_us,
				.seq = v->seq + 1,
				.to = seal->seq - 1 });
	} else if (!hash_same(&expected, &seal->hash)) {
		broken_at(v, SEAL_BREAK_LINK, seal, false);
	}
	v->seq = seal->seq;
	v->hash = seal->hash;
}

static void check_heads(struct walk *v, const struct store_seal *seal)
{
	if (v->noted && hash_same(v->noted, &seal->hash)) {
		v->noted = NULL;
	}
	while (v->head_at < v->head_count && v->heads[v->head_at].seq <= seal->seq) {
		const struct head *head = &v->heads[v->head_at++];
		if (head->seq == seal->seq && !hash_same(&head->hash, &seal->hash)) {
			broken(v,
				&(struct seal_break){ .kind = SEAL_BREAK_HEAD,
					.seq = head->seq,
					.at_us = head->at_us });
		}
	}
}

static bool on_seal(void *data, const struct store_seal *seal)
{
	struct walk *v = data;
	struct seal_report *r = v->report;
	enum store_part part = STORE_ARGUMENTS;
	check_link(v, seal);
	check_heads(v, seal);
	r->first_us = r->seals++ ? r->first_us : seal->at_us;
	r->last_us = seal->at_us;
	switch (seal_kind_of(seal->kind, &part)) {
	case SEAL_CALL:
		check_call(v, seal, true);
		break;
	case SEAL_OPENED:
		check_call(v, seal, false);
		break;
	case SEAL_LATE:
		check_late(v, seal, part);
		break;
	case SEAL_EVENT:
		check_event(v, seal);
		break;
	case SEAL_CUT:
		check_cut(v, seal);
		break;
	case SEAL_ODD:
		broken_at(v, SEAL_BREAK_KIND, seal, false);
		break;
	}
	return !seal_reader_failed(v->reader);
}

/* ---- behind the walk ---- */

static unsigned late_parts(const struct walk *v, int64_t number)
{
	unsigned parts = 0;
	for (size_t i = 0; i < v->late_count; i++) {
		parts |= v->late[i].number == number ? v->late[i].parts : 0;
	}
	return parts;
}

/* It may have been sealed before its session's client was known, or before a part came. */
static bool was_sealed_before(struct walk *v, const struct store_seal *seal)
{
	unsigned late = late_parts(v, seal->number);
	for (int way = late ? 0 : 2; way < 4; way++) {
		struct hash digest = seal_call_digest(
			v->reader, seal->number, way < 2 ? late : 0, way & 1);
		if (hash_same(&digest, &seal->digest)) {
			return true;
		}
	}
	return false;
}

static void judge_pending(struct walk *v)
{
	for (size_t i = 0; i < v->pending_count; i++) {
		const struct store_seal *seal = &v->pending[i].seal;
		if (!was_sealed_before(v, seal)) {
			broken_at(v, SEAL_BREAK_CHANGED, seal, false);
		}
	}
}

static bool has(const struct numbers *n, int64_t number)
{
	return n->count && bsearch(&number, n->list, n->count, sizeof(*n->list), by_number) != NULL;
}

static bool take_call(struct walk *v, sqlite3_stmt *s)
{
	int64_t number = sqlite3_column_int64(s, 0), at_us = sqlite3_column_int64(s, 1);
	struct seal_report *r = v->report;
	if (has(&v->calls, number)) {
		return true;
	}
	if (number > v->highest) {
		r->oldest_us = r->young_calls++ && r->oldest_us <= at_us ? r->oldest_us : at_us;
	} else {
		broken(v, &(struct seal_break){ .kind = SEAL_BREAK_UNSEALED, .number = number });
	}
	return true;
}

static bool take_event(struct walk *v, sqlite3_stmt *s)
{
	int64_t id = sqlite3_column_int64(s, 0);
	if (has(&v->events, id)) {
		return true;
	}
	v->report->young_events += id > v->highest_event;
	if (id <= v->highest_event) {
		broken(v,
			&(struct seal_break){
				.kind = SEAL_BREAK_UNSEALED, .event = true, .number = id });
	}
	return true;
}

/* Rows are read one by one only if there are others than the sealed ones. */
static bool find_unsealed(struct walk *v)
{
	int64_t calls = 0, events = 0;
	sqlite3 *detail = store_db(v->detail);
	int rc = history_ask_int(v->log->db, "SELECT count(*) FROM call", &calls);
	if (rc == SQLITE_OK) {
		rc = history_ask_int(detail, "SELECT count(*) FROM event", &events);
	}
	if (rc != SQLITE_OK) {
		return fail(v->err, DIAG_HISTORY, "cannot count what is recorded");
	}
	sort_numbers(&v->calls);
	sort_numbers(&v->ended);
	sort_numbers(&v->events);
	v->report->calls = (int64_t)v->ended.count;
	v->report->open = (int64_t)(v->calls.count - v->ended.count);
	v->report->events = (int64_t)v->events.count;
	return ((int64_t)v->calls.count == calls ||
		       each_row(v, v->log->db, "SELECT number,arrived_us FROM call ORDER BY number",
			       take_call)) &&
		((int64_t)v->events.count == events ||
			each_row(v, detail, "SELECT id FROM event ORDER BY id", take_event));
}

static void judge_end(struct walk *v, const struct heads *heads)
{
	if (v->head_at < v->head_count) {
		const struct head *head = &v->heads[v->head_count - 1];
		broken(v,
			&(struct seal_break){ .kind = SEAL_BREAK_END,
				.seq = head->seq,
				.at_us = head->at_us,
				.number = v->seq });
	}
	if (v->noted) {
		broken(v, &(struct seal_break){ .kind = SEAL_BREAK_NOTED });
	}
	if (!heads && v->report->seals) {
		broken(v, &(struct seal_break){ .kind = SEAL_BREAK_NO_HEADS });
	}
}

static bool walk(struct walk *v, const struct heads *heads)
{
	take_heads(v, heads);
	if (!look_around(v) || !store_seals(v->detail, 0, on_seal, v, v->err)) {
		return false;
	}
	v->report->head = v->hash;
	judge_pending(v);
	judge_end(v, heads);
	return find_unsealed(v);
}

/* One state of both files: of detail.db first, for a seal is written behind what it covers. */
static bool hold_still(struct walk *v)
{
	int64_t any;
	sqlite3 *detail = store_db(v->detail);
	bool ok = sqlite3_exec(detail, "BEGIN", NULL, NULL, NULL) == SQLITE_OK &&
		history_ask_int(detail, "SELECT max(seq) FROM seal", &any) == SQLITE_OK &&
		sqlite3_exec(v->log->db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK &&
		history_ask_int(v->log->db, "SELECT max(number) FROM call", &any) == SQLITE_OK;
	return ok || fail(v->err, DIAG_HISTORY, "cannot begin to read the history");
}

static void let_go(struct walk *v)
{
	sqlite3 *db[] = { store_db(v->detail), v->log->db };
	for (size_t i = 0; i < COUNT_OF(db); i++) {
		if (!sqlite3_get_autocommit(db[i])) {
			sqlite3_exec(db[i], "ROLLBACK", NULL, NULL, NULL);
		}
	}
}

bool seal_verify(struct history *log, struct store *detail, const struct heads *heads,
	const struct hash *noted, struct seal_report *report, struct err *err)
{
	struct walk v = {
		.log = log, .detail = detail, .noted = noted, .report = report, .err = err
	};
	*report = (struct seal_report){ 0 };
	bool ok = hold_still(&v);
	v.reader = seal_reader_open(log, detail);
	ok = ok && walk(&v, heads);
	ok = seal_reader_close(v.reader, err) && ok;
	let_go(&v);
	free(v.heads);
	free(v.cuts);
	free(v.pending);
	free(v.late);
	free(v.calls.list);
	free(v.ended.list);
	free(v.events.list);
	return ok;
}
