/*
 * What is sealed, read in the one form that is hashed: for every column its type, its length and
 * its bytes, so that no two records have the same form. Called by seal.c and seal_verify.c.
 *
 * Each table has a cursor that is asked for numbers which mostly rise: stepping on costs a fraction
 * of looking up.
 */
#include "config.h"

#include "core/seal_impl.h"

#include "core/history_impl.h"
#include "core/store_impl.h"

#include <stdlib.h>
#include <string.h>

enum {
	FORM = 1 /* of what is hashed */,
	NEAR = 64 /* rows, rather stepped over */,
	SESSIONS = 256
};

/* id, database, SQL: rows from ?1 on, their number in the first column */
#define CURSORS(X) \
	X(CALLS, log, "SELECT " SEAL_CALL_COLUMNS " FROM call WHERE number>=?1 ORDER BY number") \
	X(EFFECTS, log, "SELECT number,json FROM effects WHERE number>=?1 ORDER BY number") \
	X(WHO, log, "SELECT number,json FROM who WHERE number>=?1 ORDER BY number") \
	X(EDITS, log, \
		"SELECT number,said_by,said_us,proposed,effective FROM edit WHERE number>=?1" \
		" ORDER BY number") \
	X(SESSIONS, log, \
		"SELECT " SEAL_SESSION_COLUMNS ",client,client_version FROM session WHERE id>=?1" \
		" ORDER BY id") \
	X(BODIES, detail, \
		"SELECT number,part,size,hash,text FROM body WHERE number>=?1" \
		" ORDER BY number,part") \
	X(EVENTS, detail, "SELECT id,at_us,kind,json FROM event WHERE id>=?1 ORDER BY id")

enum cursor_id {
#define X(id, db, sql) CURSOR_##id,
	CURSORS(X)
#undef X
		CURSOR_COUNT
};

/* It stands on the first row that is not below `from`. */
struct cursor {
	sqlite3_stmt *sql;
	sqlite3 *db;
	int64_t from, at;
	bool live, end;
};

struct session_hash {
	int64_t id;
	bool known;
	struct hash named, nameless;
};

struct seal_reader {
	struct cursor cursor[CURSOR_COUNT];
	struct session_hash *sessions;
	struct buf form;
	struct err why;
	bool failed;
};

/* ---- cursors ---- */

static void failed(struct seal_reader *r, const struct cursor *c)
{
	if (!r->failed) {
		r->failed = true;
		fail(&r->why, DIAG_HISTORY, "cannot read what is sealed: %.200s",
			sqlite3_errmsg(c->db));
	}
}

static void next(struct seal_reader *r, struct cursor *c)
{
	int rc = sqlite3_step(c->sql);
	c->end = rc != SQLITE_ROW;
	if (rc == SQLITE_ROW) {
		c->at = sqlite3_column_int64(c->sql, 0);
	} else if (rc != SQLITE_DONE) {
		failed(r, c);
	}
}

static bool is_near(const struct cursor *c, int64_t number)
{
	return c->live && number >= c->from &&
		(c->end || number <= c->at || (uint64_t)number - (uint64_t)c->at <= NEAR);
}

/* Puts it on this number, or on the first one behind. Is it there? */
static bool seek(struct seal_reader *r, enum cursor_id id, int64_t number)
{
	struct cursor *c = &r->cursor[id];
	if (r->failed) {
		return false;
	}
	if (!is_near(c, number)) {
		sqlite3_reset(c->sql);
		sqlite3_bind_int64(c->sql, 1, number);
		c->live = true;
		next(r, c);
	}
	while (!c->end && c->at < number) {
		next(r, c);
	}
	c->from = number;
	return !c->end && c->at == number;
}

struct seal_reader *seal_reader_open(struct history *log, struct store *detail)
{
	struct seal_reader *r = xcalloc(1, sizeof(*r));
	struct {
		sqlite3 *log, *detail;
	} db = { log->db, store_db(detail) };
	r->sessions = xcalloc(SESSIONS, sizeof(*r->sessions));
#define X(id, of, text) \
	r->cursor[CURSOR_##id].db = db.of; \
	if (sqlite3_prepare_v2(db.of, text, -1, &r->cursor[CURSOR_##id].sql, NULL) != SQLITE_OK) { \
		failed(r, &r->cursor[CURSOR_##id]); \
	}
	CURSORS(X)
#undef X
	return r;
}

bool seal_reader_close(struct seal_reader *r, struct err *err)
{
	bool ok = !r->failed || fail(err, r->why.code, "%s", r->why.text);
	for (int i = 0; i < CURSOR_COUNT; i++) {
		sqlite3_finalize(r->cursor[i].sql);
	}
	free(r->sessions);
	buf_finish(&r->form);
	free(r);
	return ok;
}

bool seal_reader_failed(const struct seal_reader *r)
{
	return r->failed;
}

/* ---- the form ---- */

static void put_int(struct buf *b, int64_t value)
{
	uint64_t bits = (uint64_t)value;
	char bytes[8];
	for (int i = 0; i < 8; i++) {
		bytes[i] = (char)(bits >> (56 - 8 * i));
	}
	buf_add(b, bytes, sizeof(bytes));
}

static void put_bytes(struct buf *b, char type, const void *bytes, size_t len)
{
	buf_char(b, type);
	put_int(b, (int64_t)len);
	if (len) {
		buf_add(b, bytes, len);
	}
}

static void put_column(struct buf *b, sqlite3_stmt *sql, int at)
{
	switch (sqlite3_column_type(sql, at)) {
	case SQLITE_INTEGER:
		buf_char(b, 'i');
		put_int(b, sqlite3_column_int64(sql, at));
		break;
	case SQLITE_NULL:
		buf_char(b, 'n');
		break;
	case SQLITE_BLOB: {
		const void *bytes = sqlite3_column_blob(sql, at);
		put_bytes(b, 'b', bytes, (size_t)sqlite3_column_bytes(sql, at));
		break;
	}
	default: { /* a text; a number with a fraction is in no strict table */
		const unsigned char *text = sqlite3_column_text(sql, at);
		put_bytes(b, 't', text, (size_t)sqlite3_column_bytes(sql, at));
		break;
	}
	}
}

static void put_columns(struct buf *b, sqlite3_stmt *sql, int from, int to)
{
	for (int i = from; i < to; i++) {
		put_column(b, sql, i);
	}
}

static struct buf *begin(struct seal_reader *r, const char *kind)
{
	buf_clear(&r->form);
	buf_char(&r->form, FORM);
	put_bytes(&r->form, 'k', kind, strlen(kind));
	return &r->form;
}

/* The row of a table beside the call's, or that there is none. */
static void put_beside(struct seal_reader *r, struct buf *b, enum cursor_id id, int64_t number)
{
	sqlite3_stmt *sql = r->cursor[id].sql;
	if (seek(r, id, number)) {
		buf_char(b, 'r');
		put_columns(b, sql, 1, sqlite3_column_count(sql));
	} else {
		buf_char(b, 'a');
	}
}

static void put_bodies(struct seal_reader *r, struct buf *b, int64_t number, unsigned without)
{
	struct cursor *c = &r->cursor[CURSOR_BODIES];
	bool there = seek(r, CURSOR_BODIES, number);
	while (there && !c->end && c->at == number) {
		int64_t part = sqlite3_column_int64(c->sql, 1);
		if (part < 0 || part >= STORE_PART_COUNT || !(without & 1u << part)) {
			buf_char(b, 'r');
			put_columns(b, c->sql, 1, 5);
		}
		next(r, c);
	}
	if (there) { /* these rows are behind it now */
		c->live = number < INT64_MAX;
		c->from = c->live ? number + 1 : number;
	}
	buf_char(b, 'e');
}

static struct hash session_form(struct seal_reader *r, int64_t id, bool nameless)
{
	struct buf b = { 0 };
	sqlite3_stmt *sql = r->cursor[CURSOR_SESSIONS].sql;
	if (seek(r, CURSOR_SESSIONS, id)) {
		int columns = sqlite3_column_count(sql);
		put_columns(&b, sql, 0, columns - 2);
		if (nameless) {
			buf_text(&b, "nn");
		} else {
			put_columns(&b, sql, columns - 2, columns);
		}
	} else {
		buf_char(&b, 'a');
	}
	struct hash hash = hash_of(buf_view(&b));
	buf_finish(&b);
	return hash;
}

static const struct hash *session_hash(struct seal_reader *r, int64_t id, bool nameless)
{
	struct session_hash *s = &r->sessions[(uint64_t)id % SESSIONS];
	if (!s->known || s->id != id) {
		s->id = id;
		s->known = true;
		s->named = session_form(r, id, false);
		s->nameless = session_form(r, id, true);
	}
	return nameless ? &s->nameless : &s->named;
}

/* ---- records ---- */

/* Places in SEAL_CALL_COLUMNS. */
enum { AT_SESSION = 1, AT_STATE = 3, AT_METHOD = 4, AT_ARRIVED = 15, AT_DECIDED, AT_FINISHED };

static bool is_end(const char *name)
{
	enum life_state state;
	return name && life_state_parse(name, &state) && life_is_end(state);
}

struct seal_call seal_read_call(struct seal_reader *r, int64_t number)
{
	struct seal_call call = { .there = seek(r, CURSOR_CALLS, number) };
	sqlite3_stmt *sql = r->cursor[CURSOR_CALLS].sql;
	if (call.there) {
		int64_t finished = sqlite3_column_int64(sql, AT_FINISHED);
		int64_t decided = sqlite3_column_int64(sql, AT_DECIDED);
		call.ended = is_end((const char *)sqlite3_column_text(sql, AT_STATE));
		call.arrived_us = sqlite3_column_int64(sql, AT_ARRIVED);
		call.ended_us = finished ? finished : decided ? decided : call.arrived_us;
	}
	return call;
}

bool seal_next_call(struct seal_reader *r, int64_t number, int64_t *found)
{
	const struct cursor *c = &r->cursor[CURSOR_CALLS];
	if (number == INT64_MAX) {
		return false;
	}
	seek(r, CURSOR_CALLS, number + 1);
	*found = c->at;
	return !r->failed && !c->end;
}

struct hash seal_call_digest(struct seal_reader *r, int64_t number, unsigned without, bool nameless)
{
	struct buf *b = begin(r, "call");
	sqlite3_stmt *sql = r->cursor[CURSOR_CALLS].sql;
	if (seek(r, CURSOR_CALLS, number)) {
		int64_t session = sqlite3_column_int64(sql, AT_SESSION);
		put_columns(b, sql, 0, sqlite3_column_count(sql));
		const struct hash *hash = session_hash(r, session, nameless);
		buf_add(b, hash->byte, sizeof(hash->byte));
		put_beside(r, b, CURSOR_EFFECTS, number);
		put_beside(r, b, CURSOR_WHO, number);
		put_beside(r, b, CURSOR_EDITS, number);
		put_bodies(r, b, number, without);
	}
	return hash_of(buf_view(b));
}

struct hash seal_opened_digest(struct seal_reader *r, int64_t number)
{
	static const int stays[] = { 0, AT_METHOD, AT_METHOD + 1 /* tool */,
		AT_METHOD + 3 /* era */, AT_METHOD + 4 /* toward */, AT_ARRIVED };
	struct buf *b = begin(r, "opened");
	if (seek(r, CURSOR_CALLS, number)) {
		for (size_t i = 0; i < COUNT_OF(stays); i++) {
			put_column(b, r->cursor[CURSOR_CALLS].sql, stays[i]);
		}
	}
	return hash_of(buf_view(b));
}

bool seal_event_digest(struct seal_reader *r, int64_t id, struct hash *digest)
{
	struct buf *b = begin(r, "event");
	sqlite3_stmt *sql = r->cursor[CURSOR_EVENTS].sql;
	if (!seek(r, CURSOR_EVENTS, id)) {
		return false;
	}
	put_columns(b, sql, 0, sqlite3_column_count(sql));
	*digest = hash_of(buf_view(b));
	return true;
}

bool seal_part_digest(
	struct seal_reader *r, int64_t number, enum store_part part, struct hash *digest)
{
	struct cursor *c = &r->cursor[CURSOR_BODIES];
	struct buf *b = begin(r, "late");
	bool there = false;
	c->live = false; /* it may stand between the rows of this call */
	for (seek(r, CURSOR_BODIES, number); !c->end && c->at == number && !there; next(r, c)) {
		there = sqlite3_column_int64(c->sql, 1) == part;
		if (there) {
			put_columns(b, c->sql, 0, 5);
		}
	}
	c->live = false;
	*digest = hash_of(buf_view(b));
	return there;
}

/* ---- the chain ---- */

struct hash seal_link(const struct hash *before, const struct store_seal *seal)
{
	struct buf b = { 0 };
	buf_char(&b, FORM);
	put_bytes(&b, 'k', "seal", 4);
	buf_add(&b, before->byte, sizeof(before->byte));
	put_int(&b, seal->seq);
	put_int(&b, seal->at_us);
	put_bytes(&b, 't', seal->kind.at, seal->kind.len);
	put_int(&b, seal->number);
	buf_add(&b, seal->digest.byte, sizeof(seal->digest.byte));
	struct hash hash = hash_of(buf_view(&b));
	buf_finish(&b);
	return hash;
}

enum seal_kind seal_kind_of(struct span name, enum store_part *part)
{
	static const char *const kinds[] = {
#define X(id, text) [SEAL_##id] = text,
		SEAL_KINDS(X)
#undef X
	};
	static const char *const late[] = {
#define X(id, text, most) [STORE_##id] = "late-" text,
		STORE_PARTS(X)
#undef X
	};
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (span_is(name, kinds[i])) {
			return (enum seal_kind)i;
		}
	}
	for (size_t i = 0; i < COUNT_OF(late); i++) {
		if (span_is(name, late[i])) {
			*part = (enum store_part)i;
			return SEAL_LATE;
		}
	}
	return SEAL_ODD;
}
