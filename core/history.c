/*
 * The handle of log.db: opening, setting a damaged file aside, transactions, and what went wrong in
 * words.
 *
 * Promises: what history_commit returned true for survives this process; what it did not is not
 * there. After any failure the transaction is rolled back at once and stays failed until
 * history_rollback, so that nothing slips in behind a failure; then the next history_begin works as
 * if nothing had been.
 *
 * Does not: know a clock, fsync (see history_file.c), or decide anything. The caller is the
 * broker's loop; readers open their own handle.
 */
#include "config.h"

#include "core/db_file.h"
#include "core/history_impl.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const statements[SQL_COUNT] = {
#define X(id, sql) [SQL_##id] = sql,
	HISTORY_SQL(X)
#undef X
};

/* What SQLite's code means for a person. The rest is SQLite's own text. */
static const struct {
	int rc;
	const char *words;
} troubles[] = {
	{ SQLITE_BUSY, "another process is writing it" },
	{ SQLITE_FULL, "the disk is full" },
	{ SQLITE_READONLY, "the file or its directory cannot be written" },
	{ SQLITE_CANTOPEN, "the file or its directory cannot be opened" },
	{ SQLITE_CORRUPT, "the file is damaged" },
	{ SQLITE_NOTADB, "the file is damaged" },
	{ SQLITE_CONSTRAINT, "it belongs to nothing that is recorded" },
};

static bool is_damage(int rc)
{
	return rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB;
}

bool history_say(sqlite3 *db, const char *path, int rc, const char *doing, struct err *err)
{
	const char *words = sqlite3_errstr(rc);
	for (size_t i = 0; i < COUNT_OF(troubles); i++) {
		if (troubles[i].rc == rc) {
			words = troubles[i].words;
		}
	}
	int system = db ? sqlite3_system_errno(db) : 0;
	bool known = rc == SQLITE_IOERR && system;
	return fail(err, DIAG_HISTORY, "cannot %s the history %.200s: %s%s%s", doing, path, words,
		known ? ": " : "", known ? strerror(system) : "");
}

/* ---- transactions ---- */

static int step(sqlite3_stmt *s)
{
	int rc = sqlite3_step(s);
	sqlite3_reset(s);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static void back_out(struct history *h)
{
	if (!sqlite3_get_autocommit(h->db)) {
		step(h->sql[SQL_ROLLBACK]);
	}
	/* Session ids that were never committed may be given again. */
	memset(h->seen, 0, sizeof(h->seen));
}

bool history_fail(struct history *h, int rc, const char *doing, struct err *err)
{
	history_say(h->db, h->path, rc, doing, err);
	if (is_damage(rc) && !sqlite3_db_readonly(h->db, "main")) {
		history_suspect(h->path);
	}
	if (h->tx == TX_OPEN) {
		back_out(h);
		h->tx = TX_FAILED;
	}
	return false;
}

bool history_begin(struct history *h, struct err *err)
{
	assert(h->tx != TX_OPEN);
	h->tx = TX_NONE;
	int rc = step(h->sql[SQL_BEGIN]);
	if (rc != SQLITE_OK) {
		return history_fail(h, rc, "write", err);
	}
	h->tx = TX_OPEN;
	return true;
}

bool history_commit(struct history *h, struct err *err)
{
	assert(h->tx != TX_NONE);
	if (h->tx == TX_FAILED) {
		return fail(err, DIAG_HISTORY, "cannot write the history: an earlier step failed");
	}
	int rc = step(h->sql[SQL_COMMIT]);
	if (rc != SQLITE_OK) {
		return history_fail(h, rc, "write", err);
	}
	h->tx = TX_NONE;
	return true;
}

void history_rollback(struct history *h)
{
	if (h->tx == TX_OPEN) {
		back_out(h);
	}
	h->tx = TX_NONE;
}

/* ---- opening ---- */

static int prepare_all(struct history *h)
{
	int rc = SQLITE_OK;
	for (int i = 0; i < SQL_COUNT && rc == SQLITE_OK; i++) {
		rc = sqlite3_prepare_v3(
			h->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &h->sql[i], NULL);
	}
	return rc;
}

/* On failure *rc is SQLite's code, so that the caller can tell damage from the rest. */
static struct history *open_once(const char *path, bool readonly, int *rc, struct err *err)
{
	struct history *h = xcalloc(1, sizeof(*h));
	int flags = (readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX;
	h->path = xstrdup(path);
	*rc = sqlite3_open_v2(path, &h->db, flags, NULL);
	if (*rc == SQLITE_OK && !readonly && sqlite3_db_readonly(h->db, "main")) {
		*rc = SQLITE_READONLY; /* SQLite falls back to reading without a word */
	}
	if (*rc == SQLITE_OK) {
		*rc = history_settings(h->db, readonly);
	}
	if (*rc == SQLITE_OK) {
		*rc = history_schema_up(h->db, readonly, err);
	}
	if (*rc == SQLITE_OK && !readonly) {
		*rc = history_inspect(h->db, path);
	}
	if (*rc == SQLITE_OK) {
		*rc = prepare_all(h);
	}
	if (*rc == SQLITE_OK) {
		return h;
	}
	if (*rc != SQLITE_MISMATCH) {
		history_say(h->db, path, *rc, "open", err);
	}
	history_close(h);
	return NULL;
}

struct history *history_open(const char *path, const unsigned char key[32], bool readonly,
	int64_t now_us, char **note, struct err *err)
{
	struct stat found;
	int rc = SQLITE_OK;
	if (note) {
		*note = NULL;
	}
	if (!readonly && !db_file_claim(path, err)) {
		return NULL;
	}
	bool there = lstat(path, &found) == 0;
	struct history *h = open_once(path, readonly, &rc, err);
	if (!h && !readonly && there && is_damage(rc)) {
		if (!db_file_set_aside(path, &found, now_us, note, err) ||
			!db_file_claim(path, err)) {
			return NULL;
		}
		h = open_once(path, readonly, &rc, err);
	}
	if (h) {
		memcpy(h->key, key, sizeof(h->key));
	}
	return h;
}

void history_close(struct history *h)
{
	if (!h) {
		return;
	}
	for (int i = 0; i < SQL_COUNT; i++) {
		sqlite3_finalize(h->sql[i]);
	}
	int rc = sqlite3_close(h->db);
	assert(rc == SQLITE_OK);
	(void)rc;
	free(h->path);
	explicit_bzero(h->key, sizeof(h->key));
	free(h);
}
