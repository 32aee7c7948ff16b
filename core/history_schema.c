/*
 * The tables of log.db and how they came to be: one step of SQL for each version, run in order,
 * never edited once released. A file says its version (user_version) and whose it is
 * (application_id).
 *
 * Also here: the settings that every connection of ours has, and the question whether a file is
 * whole. Called by history.c alone (the settings also by the checkpoint).
 */
#include "config.h"

#include "core/history_impl.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { APPLICATION_ID = 0x62617363 /* "basc" */, SETTLE_TRIES = 25, SETTLE_MS = 10 };

/* steps[v] leads from version v to v + 1. */
static const char *const steps[HISTORY_VERSION] = {
	"CREATE TABLE session("
	" id INTEGER PRIMARY KEY, agent_pid INTEGER NOT NULL, agent_start INTEGER NOT NULL,"
	" started_us INTEGER NOT NULL, ended_us INTEGER, instance TEXT NOT NULL UNIQUE,"
	" client TEXT, client_version TEXT, server TEXT, profile TEXT, program TEXT, argv_json "
	"TEXT,"
	" scope_json TEXT, cwd TEXT, tuple BLOB, boot TEXT) STRICT;"

	/* `n` is the number in the gate's id INSTANCE-N; the instance is the session's. */
	"CREATE TABLE call("
	" number INTEGER PRIMARY KEY, session INTEGER NOT NULL REFERENCES session(id),"
	" n INTEGER NOT NULL, arrived_us INTEGER NOT NULL, decided_us INTEGER, finished_us INTEGER,"
	" size INTEGER, took_us INTEGER, state TEXT NOT NULL, verdict TEXT, outcome TEXT,"
	" method TEXT, tool TEXT, era TEXT, toward TEXT, rule TEXT, reason TEXT, decision TEXT,"
	" decider TEXT, decision_reason TEXT, branch TEXT, bytes BLOB, same BLOB, facts BLOB,"
	" target TEXT) STRICT;"
	"CREATE UNIQUE INDEX call_id ON call(session, n);"

	/* open_from: no call with a smaller number is open. An index of the open calls would say it
	 * without a table, and would cost every call 12 us alone, 1.2 us among 16. */
	"CREATE TABLE place(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"INSERT INTO place VALUES('open_from', 1);"

	"CREATE TABLE passed("
	" session INTEGER NOT NULL REFERENCES session(id), method TEXT NOT NULL,"
	" count INTEGER NOT NULL, PRIMARY KEY(session, method)) STRICT, WITHOUT ROWID;"

	"CREATE TABLE trust("
	" tuple BLOB PRIMARY KEY, name TEXT, argv_json TEXT, scope_json TEXT, accepted_by TEXT,"
	" accepted_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;"

	"CREATE TABLE asker("
	" boot TEXT NOT NULL, pid INTEGER NOT NULL, start INTEGER NOT NULL,"
	" PRIMARY KEY(boot, pid, start)) STRICT, WITHOUT ROWID;",

	/* What a person accepted once: tools' definitions, tasks' texts. And what each call would
	 * have done, apart from its row: that one is written while the call waits for it. */
	"CREATE TABLE remembered("
	" kind TEXT NOT NULL, key BLOB NOT NULL, value BLOB, said_by TEXT,"
	" said_us INTEGER NOT NULL, PRIMARY KEY(kind, key)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE effects(number INTEGER PRIMARY KEY, json TEXT) STRICT;",

	/* Arguments that a person changed before the call was released. */
	"CREATE TABLE edit("
	" number INTEGER PRIMARY KEY REFERENCES call(number), said_by TEXT,"
	" said_us INTEGER NOT NULL, proposed TEXT, effective TEXT) STRICT;",

	/* What the agent said of itself beside the call, and where it sat. */
	"CREATE TABLE who(number INTEGER PRIMARY KEY, json TEXT) STRICT;",
};

static int run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

int history_ask_int(sqlite3 *db, const char *sql, int64_t *value)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &s, NULL);
	if (rc == SQLITE_OK) {
		rc = sqlite3_step(s);
		*value = rc == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
		rc = rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
	}
	sqlite3_finalize(s);
	return rc;
}

static int ask_text_is(sqlite3 *db, const char *sql, const char *expected, bool *same)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &s, NULL);
	*same = false;
	if (rc == SQLITE_OK) {
		rc = sqlite3_step(s);
		const char *answer = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(s, 0)
						      : NULL;
		*same = answer && strcmp(answer, expected) == 0;
		rc = rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
	}
	sqlite3_finalize(s);
	return rc;
}

/* SQLite answers "busy" to this one without waiting when another opener does the same; so the
 * waiting is ours. */
static int use_wal(sqlite3 *db)
{
	bool wal = false;
	int rc = SQLITE_BUSY;
	for (int i = 0; i < SETTLE_TRIES && rc == SQLITE_BUSY; i++) {
		if (i) {
			sqlite3_sleep(SETTLE_MS);
		}
		rc = ask_text_is(db, "PRAGMA journal_mode=WAL", "wal", &wal);
	}
	return rc == SQLITE_OK && !wal ? SQLITE_CANTOPEN : rc;
}

int history_settings(sqlite3 *db, bool readonly)
{
	/* secure_delete: what is overwritten or removed shall not be left in the file.
	 * cell_size_check: damage is met where it is, not later. The cache is small because the hot
	 * path touches the last pages only. */
	static const char common[] =
		"PRAGMA mmap_size=0; PRAGMA cache_size=-1024; PRAGMA temp_store=MEMORY;"
		"PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA foreign_keys=ON;";
	static const char writing[] = "PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=0;"
				      "PRAGMA secure_delete=ON; PRAGMA journal_size_limit=4194304";
	sqlite3_busy_timeout(db, HISTORY_BUSY_MS);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	int rc = run(db, common);
	if (rc == SQLITE_OK && !readonly) {
		rc = run(db, writing);
	}
	return rc;
}

static int refuse(struct err *err, const char *why)
{
	fail(err, DIAG_HISTORY, "%s", why);
	return SQLITE_MISMATCH;
}

static int check_owner(sqlite3 *db, int64_t *version, struct err *err)
{
	int64_t owner = 0, tables = 0;
	int rc = history_ask_int(db, "PRAGMA user_version", version);
	if (rc == SQLITE_OK) {
		rc = history_ask_int(db, "PRAGMA application_id", &owner);
	}
	if (rc == SQLITE_OK) {
		rc = history_ask_int(db, "SELECT count(*) FROM sqlite_schema", &tables);
	}
	if (rc != SQLITE_OK) {
		return rc;
	}
	if (owner != APPLICATION_ID && (owner || *version || tables)) {
		return refuse(err, "the history file is some other program's database");
	}
	if (*version > HISTORY_VERSION) {
		return refuse(err, "the history was written by a newer bascule: use that one");
	}
	return SQLITE_OK;
}

/* In one reading transaction: another opener may be making the tables just now. */
static int look(sqlite3 *db, int64_t *version, struct err *err)
{
	int rc = run(db, "BEGIN");
	if (rc == SQLITE_OK) {
		rc = check_owner(db, version, err);
		run(db, "COMMIT");
	}
	return rc;
}

static int climb(sqlite3 *db, int64_t version)
{
	char mark[96];
	int rc = SQLITE_OK;
	for (; rc == SQLITE_OK && version < HISTORY_VERSION; version++) {
		rc = run(db, steps[version]);
	}
	if (rc == SQLITE_OK) {
		snprintf(mark, sizeof(mark), "PRAGMA application_id=%d; PRAGMA user_version=%d",
			APPLICATION_ID, HISTORY_VERSION);
		rc = run(db, mark);
	}
	return rc;
}

int history_schema_up(sqlite3 *db, bool readonly, struct err *err)
{
	int64_t version = 0;
	int rc = look(db, &version, err);
	if (rc != SQLITE_OK || version == HISTORY_VERSION) {
		return rc == SQLITE_OK && !readonly ? use_wal(db) : rc;
	}
	if (readonly && version) {
		return refuse(err, "the history is of an older bascule: open `bascule` once");
	}
	if (readonly) {
		/* a broker is making it just now */
		fail(err, DIAG_NONE, "nothing was recorded yet");
		return SQLITE_MISMATCH;
	}
	rc = use_wal(db);
	if (rc == SQLITE_OK) {
		rc = run(db, "BEGIN IMMEDIATE");
	}
	if (rc != SQLITE_OK) {
		return rc;
	}
	rc = check_owner(db, &version, err); /* again: another opener may have been first */
	if (rc == SQLITE_OK && version < HISTORY_VERSION) {
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

/* Left for the next open when damage was met in the middle of work: reading all of a large file
 * costs a second, which is paid only then. If it cannot be written, the damage is met again. */
void history_suspect(const char *path)
{
	char *mark = xasprintf("%s.suspect", path);
	int fd = open(mark, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0) {
		close(fd);
	}
	free(mark);
}

static int check_all(sqlite3 *db)
{
	bool ok = false;
	int rc = ask_text_is(db, "PRAGMA quick_check(1)", "ok", &ok);
	return rc == SQLITE_OK && !ok ? SQLITE_CORRUPT : rc;
}

int history_inspect(sqlite3 *db, const char *path)
{
	int64_t last = 0;
	char *mark = xasprintf("%s.suspect", path);
	/* The edge of the tree, where the next row goes. */
	int rc = history_ask_int(db, "SELECT max(number) FROM call", &last);
	if (rc == SQLITE_OK && access(mark, F_OK) == 0) {
		rc = check_all(db);
	}
	if (rc == SQLITE_OK || rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB) {
		unlink(mark); /* answered */
	}
	free(mark);
	return rc;
}
