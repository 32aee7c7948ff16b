/*
 * detail.db: bodies of calls, events, seals, files before they were written.
 *
 * One handle writes, the broker's writer thread's; readers open their own. A step that fails rolls
 * the transaction back, and every further step fails until store_rollback: nothing slips in behind
 * a failure.
 */
#include "config.h"

#include "core/store.h"

#include "core/db_file.h"
#include "core/diag.h"
#include "core/history_impl.h"
#include "core/store_impl.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { APPLICATION_ID = 0x62617364 /* "basd" */ };

/* id, SQL */
#define STORE_SQL(X) \
	X(BEGIN, "BEGIN IMMEDIATE") \
	X(COMMIT, "COMMIT") \
	X(ROLLBACK, "ROLLBACK") \
	X(PUT, "INSERT OR REPLACE INTO body(number,part,size,hash,text) VALUES(?1,?2,?3,?4,?5)") \
	X(GET, "SELECT text,size,hash FROM body WHERE number=?1 AND part=?2") \
	X(EVENT_ADD, "INSERT INTO event(at_us,kind,json) VALUES(?1,?2,?3)") \
	X(EVENTS, \
		"SELECT id,at_us,kind,json FROM event WHERE id>?1 AND at_us>=?2 ORDER BY id " \
		"LIMIT " \
		"?3") \
	X(SEAL_ADD, \
		"INSERT INTO seal(seq,at_us,kind,number,digest,hash) VALUES(?1,?2,?3,?4,?5,?6)") \
	X(SEAL_LAST, \
		"SELECT seq,at_us,kind,number,digest,hash FROM seal ORDER BY seq DESC LIMIT 1") \
	X(SEALS, "SELECT seq,at_us,kind,number,digest,hash FROM seal WHERE seq>?1 ORDER BY seq") \
	X(BEFORE_PUT, \
		"INSERT INTO before(number,path,state,mode,content,why,after)" \
		" VALUES(?1,?2,?3,?4,?5,?6,?7)" \
		" ON CONFLICT(number,path) DO UPDATE SET after=coalesce(excluded.after,after)") \
	X(BEFORES, \
		"SELECT number,path,state,mode,content,why,after FROM before WHERE number=?1" \
		" ORDER BY path") \
	X(PLACE, "SELECT value FROM place WHERE name=?1") \
	X(PLACE_SET, "INSERT OR REPLACE INTO place(name,value) VALUES(?1,?2)")

enum store_sql {
#define X(id, sql) SQL_STORE_##id,
	STORE_SQL(X)
#undef X
		SQL_STORE_COUNT
};

static const char *const statements[SQL_STORE_COUNT] = {
#define X(id, sql) [SQL_STORE_##id] = sql,
	STORE_SQL(X)
#undef X
};

/* steps[v] leads from version v to v + 1; never edited once released. */
static const char *const steps[STORE_VERSION] = {
	"CREATE TABLE body("
	" number INTEGER NOT NULL, part INTEGER NOT NULL, size INTEGER NOT NULL, hash BLOB,"
	" text BLOB, PRIMARY KEY(number, part)) STRICT, WITHOUT ROWID;"

	"CREATE TABLE event("
	" id INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, kind TEXT NOT NULL, json TEXT) STRICT;"

	"CREATE TABLE seal("
	" seq INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, kind TEXT NOT NULL,"
	" number INTEGER NOT NULL, digest BLOB NOT NULL, hash BLOB NOT NULL) STRICT;"

	/* `after`: what the call left, known only once it has ended. */
	"CREATE TABLE before("
	" number INTEGER NOT NULL, path TEXT NOT NULL, state TEXT NOT NULL, mode INTEGER NOT NULL,"
	" content BLOB, why TEXT, after BLOB, PRIMARY KEY(number, path)) STRICT;"

	/* How far a worker of the writer thread has come. */
	"CREATE TABLE place(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;",

	/* What has still to be sealed of calls that are sealed in part: their end (-1), parts that
	 * came late (core/seal.h). */
	"CREATE TABLE unsealed("
	" number INTEGER NOT NULL, part INTEGER NOT NULL, PRIMARY KEY(number, part))"
	" STRICT, WITHOUT ROWID;"
	"CREATE TRIGGER body_late BEFORE INSERT ON body"
	" WHEN NEW.number<=(SELECT value FROM place WHERE name='sealed_calls')"
	" AND NOT EXISTS(SELECT 1 FROM unsealed WHERE number=NEW.number AND part=-1) BEGIN"
	" SELECT RAISE(IGNORE) WHERE"
	" EXISTS(SELECT 1 FROM body WHERE number=NEW.number AND part=NEW.part);"
	" INSERT OR IGNORE INTO unsealed VALUES(NEW.number,NEW.part);"
	" END;",
};

struct store {
	sqlite3 *db;
	sqlite3_stmt *sql[SQL_STORE_COUNT];
	char *path;
	enum { TX_STORE_NONE, TX_STORE_OPEN, TX_STORE_FAILED } tx;
};

/* ---- opening ---- */

static int run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static int climb(sqlite3 *db, int64_t version)
{
	char mark[96];
	int rc = SQLITE_OK;
	for (; rc == SQLITE_OK && version < STORE_VERSION; version++) {
		rc = run(db, steps[version]);
	}
	if (rc == SQLITE_OK) {
		snprintf(mark, sizeof(mark), "PRAGMA application_id=%d; PRAGMA user_version=%d",
			APPLICATION_ID, STORE_VERSION);
		rc = run(db, mark);
	}
	return rc;
}

static int refuse(struct err *err, enum diag code, const char *why)
{
	fail(err, code, "%s", why);
	return SQLITE_MISMATCH;
}

static int check_version(sqlite3 *db, bool readonly, int64_t *version, struct err *err)
{
	int64_t owner = 0;
	int rc = history_ask_int(db, "PRAGMA user_version", version);
	if (rc == SQLITE_OK) {
		rc = history_ask_int(db, "PRAGMA application_id", &owner);
	}
	if (rc != SQLITE_OK) {
		return rc;
	}
	if (*version && owner != APPLICATION_ID) {
		return refuse(
			err, DIAG_HISTORY, "the file of details is some other program's database");
	}
	if (*version > STORE_VERSION) {
		return refuse(err, DIAG_HISTORY,
			"the details were written by a newer bascule: use that one");
	}
	if (readonly && *version < STORE_VERSION) {
		return refuse(err, DIAG_NONE, "no details were recorded yet");
	}
	return SQLITE_OK;
}

static int bring_up(sqlite3 *db, bool readonly, struct err *err)
{
	int64_t version = 0;
	int rc = check_version(db, readonly, &version, err);
	if (rc != SQLITE_OK || readonly) {
		return rc;
	}
	rc = run(db, "PRAGMA journal_mode=WAL");
	if (rc != SQLITE_OK || version == STORE_VERSION) {
		return rc;
	}
	rc = run(db, "BEGIN IMMEDIATE");
	if (rc == SQLITE_OK) {
		rc = check_version(
			db, false, &version, err); /* another opener may have been first */
	}
	if (rc == SQLITE_OK) {
		rc = climb(db, version);
	}
	if (rc == SQLITE_OK) {
		rc = run(db, "COMMIT");
	}
	if (rc != SQLITE_OK && !sqlite3_get_autocommit(db)) {
		run(db, "ROLLBACK");
	}
	return rc;
}

static int prepare_all(struct store *s)
{
	int rc = SQLITE_OK;
	for (int i = 0; i < SQL_STORE_COUNT && rc == SQLITE_OK; i++) {
		rc = sqlite3_prepare_v3(
			s->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &s->sql[i], NULL);
	}
	return rc;
}

static struct store *open_once(const char *path, bool readonly, int *rc, struct err *err)
{
	struct store *s = xcalloc(1, sizeof(*s));
	int flags = (readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX;
	s->path = xstrdup(path);
	*rc = sqlite3_open_v2(path, &s->db, flags, NULL);
	if (*rc == SQLITE_OK && !readonly && sqlite3_db_readonly(s->db, "main")) {
		*rc = SQLITE_READONLY;
	}
	if (*rc == SQLITE_OK) {
		*rc = history_settings(s->db, readonly);
	}
	if (*rc == SQLITE_OK) {
		sqlite3_busy_timeout(s->db, STORE_BUSY_MS);
		*rc = bring_up(s->db, readonly, err);
	}
	if (*rc == SQLITE_OK) {
		*rc = prepare_all(s);
	}
	if (*rc == SQLITE_OK && !readonly) {
		sqlite3_wal_autocheckpoint(s->db, 1000); /* its own thread: it may wait */
	}
	if (*rc == SQLITE_OK) {
		return s;
	}
	if (*rc != SQLITE_MISMATCH) {
		history_say(s->db, path, *rc, "open", err);
	}
	store_close(s);
	return NULL;
}

struct store *store_open(
	const char *path, bool readonly, int64_t now_us, char **note, struct err *err)
{
	struct stat found;
	int rc = SQLITE_OK;
	if (note) {
		*note = NULL;
	}
	if (!readonly && !db_file_claim(path, err)) {
		return NULL;
	}
	if (lstat(path, &found) != 0) {
		fail(err, DIAG_NONE, "no details were recorded yet");
		return NULL;
	}
	struct store *s = open_once(path, readonly, &rc, err);
	if (!s && !readonly && (rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB)) {
		if (!db_file_set_aside(path, &found, now_us, note, err) ||
			!db_file_claim(path, err)) {
			return NULL;
		}
		s = open_once(path, readonly, &rc, err);
	}
	return s;
}

void store_close(struct store *s)
{
	if (!s) {
		return;
	}
	for (int i = 0; i < SQL_STORE_COUNT; i++) {
		sqlite3_finalize(s->sql[i]);
	}
	int rc = sqlite3_close(s->db);
	assert(rc == SQLITE_OK);
	(void)rc;
	free(s->path);
	free(s);
}

sqlite3 *store_db(struct store *s)
{
	return s->db;
}

/* ---- transactions ---- */

static bool failed(struct store *s, int rc, const char *doing, struct err *err)
{
	history_say(s->db, s->path, rc, doing, err);
	if (s->tx == TX_STORE_OPEN) {
		if (!sqlite3_get_autocommit(s->db)) {
			run(s->db, "ROLLBACK");
		}
		s->tx = TX_STORE_FAILED;
	}
	return false;
}

static int step(sqlite3_stmt *sql)
{
	int rc = sqlite3_step(sql);
	sqlite3_reset(sql);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

bool store_begin(struct store *s, struct err *err)
{
	assert(s->tx == TX_STORE_NONE);
	int rc = step(s->sql[SQL_STORE_BEGIN]);
	if (rc != SQLITE_OK) {
		return failed(s, rc, "write", err);
	}
	s->tx = TX_STORE_OPEN;
	return true;
}

bool store_commit(struct store *s, struct err *err)
{
	if (s->tx != TX_STORE_OPEN) {
		return fail(err, DIAG_HISTORY, "cannot write the details: an earlier step failed");
	}
	int rc = step(s->sql[SQL_STORE_COMMIT]);
	if (rc != SQLITE_OK) {
		return failed(s, rc, "write", err);
	}
	s->tx = TX_STORE_NONE;
	return true;
}

void store_rollback(struct store *s)
{
	if (s->tx == TX_STORE_OPEN && !sqlite3_get_autocommit(s->db)) {
		step(s->sql[SQL_STORE_ROLLBACK]);
	}
	s->tx = TX_STORE_NONE;
}

/* Only inside a transaction that is whole. */
static sqlite3_stmt *ready(struct store *s, enum store_sql id, struct err *err)
{
	if (s->tx != TX_STORE_OPEN) {
		fail(err, DIAG_HISTORY, "cannot write the details: an earlier step failed");
		return NULL;
	}
	return s->sql[id];
}

static bool done(struct store *s, sqlite3_stmt *sql, struct err *err)
{
	int rc = step(sql);
	sqlite3_clear_bindings(sql);
	return rc == SQLITE_OK || failed(s, rc, "write", err);
}

/* ---- binding and reading ---- */

static void bind_text(sqlite3_stmt *sql, int at, struct span text)
{
	if (text.at) {
		sqlite3_bind_text(sql, at, text.at, (int)text.len, SQLITE_STATIC);
	} else {
		sqlite3_bind_null(sql, at);
	}
}

static void bind_blob(sqlite3_stmt *sql, int at, struct span bytes)
{
	if (bytes.at) {
		sqlite3_bind_blob(sql, at, bytes.at, (int)bytes.len, SQLITE_STATIC);
	} else {
		sqlite3_bind_null(sql, at);
	}
}

static void bind_hash(sqlite3_stmt *sql, int at, const struct hash *hash)
{
	sqlite3_bind_blob(sql, at, hash->byte, sizeof(hash->byte), SQLITE_STATIC);
}

/* All zero is absent. */
static void bind_hash_or_null(sqlite3_stmt *sql, int at, const struct hash *hash)
{
	static const struct hash none;
	if (memcmp(hash, &none, sizeof(none)) == 0) {
		sqlite3_bind_null(sql, at);
	} else {
		bind_hash(sql, at, hash);
	}
}

static struct span bytes_at(sqlite3_stmt *sql, int at)
{
	const char *bytes = sqlite3_column_blob(sql, at);
	size_t len = (size_t)sqlite3_column_bytes(sql, at);
	bool absent = sqlite3_column_type(sql, at) == SQLITE_NULL;
	return (struct span){ absent ? NULL : bytes ? bytes : "", len };
}

static struct hash hash_at(sqlite3_stmt *sql, int at)
{
	struct hash hash = { { 0 } };
	struct span bytes = bytes_at(sql, at);
	if (bytes.len == sizeof(hash.byte)) {
		memcpy(hash.byte, bytes.at, sizeof(hash.byte));
	}
	return hash;
}

static bool read_to_end(struct store *s, sqlite3_stmt *sql, int rc, struct err *err)
{
	sqlite3_reset(sql);
	return rc == SQLITE_DONE || rc == SQLITE_ROW || failed(s, rc, "read", err);
}

/* ---- bodies ---- */

bool store_put(struct store *s, int64_t number, enum store_part part, const struct store_body *body,
	struct err *err)
{
	sqlite3_stmt *sql = ready(s, SQL_STORE_PUT, err);
	if (!sql) {
		return false;
	}
	sqlite3_bind_int64(sql, 1, number);
	sqlite3_bind_int(sql, 2, (int)part);
	sqlite3_bind_int64(sql, 3, body->size);
	bind_hash_or_null(sql, 4, &body->hash);
	bind_blob(sql, 5, body->text);
	return done(s, sql, err);
}

bool store_get(struct store *s, int64_t number, enum store_part part, struct buf *text,
	struct store_body *body, bool *found, struct err *err)
{
	sqlite3_stmt *sql = s->sql[SQL_STORE_GET];
	sqlite3_bind_int64(sql, 1, number);
	sqlite3_bind_int(sql, 2, (int)part);
	int rc = sqlite3_step(sql);
	*found = rc == SQLITE_ROW;
	if (*found) {
		size_t from = text->len;
		buf_span(text, bytes_at(sql, 0));
		if (body) {
			*body = (struct store_body){
				.text = { text->data ? text->data + from : "", text->len - from },
				.size = sqlite3_column_int64(sql, 1),
				.hash = hash_at(sql, 2),
			};
		}
	}
	return read_to_end(s, sql, rc, err);
}

/* ---- events ---- */

bool store_event_add(struct store *s, const struct store_event *event, int64_t *id, struct err *err)
{
	sqlite3_stmt *sql = ready(s, SQL_STORE_EVENT_ADD, err);
	if (!sql) {
		return false;
	}
	sqlite3_bind_int64(sql, 1, event->at_us);
	bind_text(sql, 2, event->kind);
	bind_text(sql, 3, event->json);
	if (!done(s, sql, err)) {
		return false;
	}
	if (id) {
		*id = sqlite3_last_insert_rowid(s->db);
	}
	return true;
}

bool store_events(struct store *s, int64_t after, int64_t since_us, int64_t limit,
	store_event_row *each, void *data, struct err *err)
{
	sqlite3_stmt *sql = s->sql[SQL_STORE_EVENTS];
	int rc;
	sqlite3_bind_int64(sql, 1, after);
	sqlite3_bind_int64(sql, 2, since_us);
	sqlite3_bind_int64(sql, 3, limit);
	while ((rc = sqlite3_step(sql)) == SQLITE_ROW) {
		const struct store_event event = { .id = sqlite3_column_int64(sql, 0),
			.at_us = sqlite3_column_int64(sql, 1),
			.kind = bytes_at(sql, 2),
			.json = bytes_at(sql, 3) };
		if (!each(data, &event)) {
			break;
		}
	}
	return read_to_end(s, sql, rc, err);
}

/* ---- seals ---- */

bool store_seal_add(struct store *s, const struct store_seal *seal, struct err *err)
{
	sqlite3_stmt *sql = ready(s, SQL_STORE_SEAL_ADD, err);
	if (!sql) {
		return false;
	}
	sqlite3_bind_int64(sql, 1, seal->seq);
	sqlite3_bind_int64(sql, 2, seal->at_us);
	bind_text(sql, 3, seal->kind);
	sqlite3_bind_int64(sql, 4, seal->number);
	bind_hash(sql, 5, &seal->digest);
	bind_hash(sql, 6, &seal->hash);
	return done(s, sql, err);
}

static struct store_seal seal_at(sqlite3_stmt *sql)
{
	return (struct store_seal){ .seq = sqlite3_column_int64(sql, 0),
		.at_us = sqlite3_column_int64(sql, 1),
		.kind = bytes_at(sql, 2),
		.number = sqlite3_column_int64(sql, 3),
		.digest = hash_at(sql, 4),
		.hash = hash_at(sql, 5) };
}

bool store_seal_last(struct store *s, struct store_seal *seal, struct err *err)
{
	sqlite3_stmt *sql = s->sql[SQL_STORE_SEAL_LAST];
	int rc = sqlite3_step(sql);
	*seal = (struct store_seal){ 0 };
	if (rc == SQLITE_ROW) {
		*seal = seal_at(sql);
		seal->kind = (struct span){ 0 }; /* it would be gone with the statement */
	}
	return read_to_end(s, sql, rc, err);
}

bool store_seals(struct store *s, int64_t after, store_seal_row *each, void *data, struct err *err)
{
	sqlite3_stmt *sql = s->sql[SQL_STORE_SEALS];
	int rc;
	sqlite3_bind_int64(sql, 1, after);
	while ((rc = sqlite3_step(sql)) == SQLITE_ROW) {
		const struct store_seal seal = seal_at(sql);
		if (!each(data, &seal)) {
			break;
		}
	}
	return read_to_end(s, sql, rc, err);
}

/* ---- files before ---- */

bool store_before_put(struct store *s, const struct store_before *b, struct err *err)
{
	sqlite3_stmt *sql = ready(s, SQL_STORE_BEFORE_PUT, err);
	if (!sql) {
		return false;
	}
	sqlite3_bind_int64(sql, 1, b->number);
	bind_text(sql, 2, b->path);
	bind_text(sql, 3, b->state);
	sqlite3_bind_int64(sql, 4, b->mode);
	bind_blob(sql, 5, b->content);
	bind_text(sql, 6, b->why);
	bind_hash_or_null(sql, 7, &b->after);
	return done(s, sql, err);
}

bool store_befores(
	struct store *s, int64_t number, store_before_row *each, void *data, struct err *err)
{
	sqlite3_stmt *sql = s->sql[SQL_STORE_BEFORES];
	int rc;
	sqlite3_bind_int64(sql, 1, number);
	while ((rc = sqlite3_step(sql)) == SQLITE_ROW) {
		const struct store_before before = { .number = sqlite3_column_int64(sql, 0),
			.path = bytes_at(sql, 1),
			.state = bytes_at(sql, 2),
			.mode = sqlite3_column_int64(sql, 3),
			.content = bytes_at(sql, 4),
			.why = bytes_at(sql, 5),
			.after = hash_at(sql, 6) };
		if (!each(data, &before)) {
			break;
		}
	}
	return read_to_end(s, sql, rc, err);
}

/* ---- places ---- */

bool store_place(struct store *s, const char *name, int64_t *value, struct err *err)
{
	sqlite3_stmt *sql = s->sql[SQL_STORE_PLACE];
	bind_text(sql, 1, span_of(name));
	int rc = sqlite3_step(sql);
	*value = rc == SQLITE_ROW ? sqlite3_column_int64(sql, 0) : 0;
	return read_to_end(s, sql, rc, err);
}

bool store_place_set(struct store *s, const char *name, int64_t value, struct err *err)
{
	sqlite3_stmt *sql = ready(s, SQL_STORE_PLACE_SET, err);
	if (!sql) {
		return false;
	}
	bind_text(sql, 1, span_of(name));
	sqlite3_bind_int64(sql, 2, value);
	return done(s, sql, err);
}
