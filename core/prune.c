/*
 * Owns the SQL of retention. The order of things is the caller's (ipc/retention.c): an event says
 * what will go, it is sealed, and only then anything goes.
 */
#include "config.h"

#include "core/prune.h"

#include "core/diag.h"
#include "core/history_impl.h"
#include "core/store_impl.h"

#include <stdio.h>

#define HOUR_US (3600 * INT64_C(1000000))

enum { BUSY_MS = 50, EASE_PERCENT = 90 /* of the bound, so that it is not met again at once */ };

static sqlite3 *open_file(const char *path, bool write, struct err *err)
{
	sqlite3 *db = NULL;
	int flags = (write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX;
	int rc = sqlite3_open_v2(path, &db, flags, NULL);
	if (rc == SQLITE_OK) {
		rc = sqlite3_busy_timeout(db, BUSY_MS);
	}
	if (rc != SQLITE_OK) {
		history_say(db, path, rc, "open", err);
		sqlite3_close(db);
		return NULL;
	}
	return db;
}

/* One number, with up to two numbers bound. */
static int ask(sqlite3 *db, const char *sql, int64_t first, int64_t second, int64_t *out)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &s, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_bind_int64(s, 1, first);
		sqlite3_bind_int64(s, 2, second);
		rc = sqlite3_step(s);
	}
	*out = rc == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
	rc = rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
	sqlite3_finalize(s);
	return rc;
}

/* ---- how far ---- */

/* Bytes that are in use: pages but the free ones. */
static int used_bytes(sqlite3 *db, int64_t *bytes)
{
	int64_t pages = 0, free_pages = 0, size = 0;
	int rc = ask(db, "PRAGMA page_count", 0, 0, &pages);
	rc = rc ? rc : ask(db, "PRAGMA freelist_count", 0, 0, &free_pages);
	rc = rc ? rc : ask(db, "PRAGMA page_size", 0, 0, &size);
	*bytes += (pages - free_pages) * size;
	return rc;
}

/* The number at which so much of the calls lies behind that the rest fits; calls are taken to be
 * of one size. */
static int64_t by_size(int64_t first, int64_t last, int64_t used, int64_t keep)
{
	if (!keep || used <= keep || last <= first) {
		return 0;
	}
	double part = (double)keep / 100 * EASE_PERCENT / (double)used;
	return last - (int64_t)((double)(last - first) * part);
}

/* No call before it waits for its end. */
static const char first_open[] = "SELECT coalesce((SELECT c.number FROM call c WHERE " CALL_IS_OPEN
				 " ORDER BY c.number LIMIT 1),(SELECT max(number) FROM call),0)";

static int plan(sqlite3 *log, const struct prune_want *want, int64_t used, int64_t *below)
{
	int64_t first = 0, last = 0, open_from = 0, young = 0, old = 0;
	int rc = ask(log, "SELECT coalesce(min(number),0) FROM call", 0, 0, &first);
	rc = rc ? rc : ask(log, "SELECT coalesce(max(number),0) FROM call", 0, 0, &last);
	rc = rc ? rc : ask(log, first_open, 0, 0, &open_from);
	static const char since[] =
		"SELECT number FROM call WHERE arrived_us>=?1 ORDER BY number LIMIT 1";
	rc = rc ? rc : ask(log, since, want->now_us - HOUR_US, 0, &young);
	if (!rc && want->keep_us) {
		rc = ask(log, since, want->now_us - want->keep_us, 0, &old);
		old = old ? old : last;
	}
	int64_t size = by_size(first, last, used, want->keep_bytes);
	int64_t to = old > size ? old : size;
	int64_t most = young && young < last ? young : last;
	most = open_from < most ? open_from : most;
	to = to < most ? to : most;
	*below = to > first ? to : 0;
	return rc;
}

bool prune_plan(const char *log, const char *detail, const struct prune_want *want, int64_t *below,
	struct err *err)
{
	int64_t used = 0;
	int rc = SQLITE_OK;
	*below = 0;
	sqlite3 *db = open_file(log, false, err);
	sqlite3 *other = db && want->keep_bytes ? open_file(detail, false, err) : NULL;
	bool ok = db && (!want->keep_bytes || other);
	if (ok && other) {
		rc = used_bytes(db, &used);
		rc = rc ? rc : used_bytes(other, &used);
	}
	if (ok && rc == SQLITE_OK) {
		rc = plan(db, want, used, below);
	}
	if (ok && rc != SQLITE_OK) {
		ok = history_say(db, log, rc, "read", err);
	}
	sqlite3_close(other);
	sqlite3_close(db);
	return ok;
}

bool prune_said(const char *detail, int64_t *below, struct err *err)
{
	sqlite3 *db = open_file(detail, false, err);
	int rc = db ? ask(db,
			      "SELECT coalesce(max(json_extract(e.json,'$.below')),0) FROM event e"
			      " WHERE e.kind='retention' AND EXISTS(SELECT 1 FROM seal s"
			      " WHERE s.kind='event' AND s.number=e.id)",
			      0, 0, below)
		    : SQLITE_OK;
	bool ok = db && rc == SQLITE_OK;
	if (db && !ok) {
		history_say(db, detail, rc, "read", err);
	}
	sqlite3_close(db);
	return ok;
}

/* ---- removing ---- */

static int remove_below(sqlite3 *db, const char *sql, int64_t below)
{
	int64_t unused;
	return ask(db, sql, below, PRUNE_STEP, &unused);
}

#define OLDEST(table) \
	"DELETE FROM " table " WHERE number IN (SELECT number FROM " table \
	" WHERE number>0 AND number<?1 ORDER BY number LIMIT ?2)"

/* What refers to a call goes before it. */
static int remove_calls(sqlite3 *db, int64_t below, bool *more)
{
	/* the end of this step, so that no call keeps less than belongs to it */
	int64_t end = 0;
	int rc = ask(db,
		"SELECT coalesce(max(number),0)+1 FROM (SELECT number FROM call WHERE number<?1"
		" ORDER BY number LIMIT ?2)",
		below, PRUNE_STEP, &end);
	static const char *const tables[] = { "DELETE FROM effects WHERE number<?1",
		"DELETE FROM who WHERE number<?1", "DELETE FROM edit WHERE number<?1",
		"DELETE FROM call WHERE number<?1" };
	for (size_t i = 0; rc == SQLITE_OK && end > 1 && i < COUNT_OF(tables); i++) {
		rc = remove_below(db, tables[i], end);
	}
	*more = end > 1;
	return rc;
}

bool prune_log(const char *log, int64_t below, bool *more, struct err *err)
{
	*more = false;
	sqlite3 *db = open_file(log, true, err);
	if (!db) {
		return false;
	}
	int rc = history_settings(db, false);
	rc = rc ? rc : sqlite3_busy_timeout(db, BUSY_MS);
	rc = rc ? rc : sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	rc = rc ? rc : remove_calls(db, below, more);
	rc = rc ? rc : sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	if (rc != SQLITE_OK) {
		*more = rc == SQLITE_BUSY; /* somebody writes: next time */
		if (rc != SQLITE_BUSY) {
			history_say(db, log, rc, "tidy", err);
		}
	}
	sqlite3_close(db);
	return rc == SQLITE_OK || rc == SQLITE_BUSY;
}

bool prune_detail(struct store *store, int64_t below, bool *more, struct err *err)
{
	sqlite3 *db = store_db(store);
	int rc = remove_below(db, OLDEST("body"), below);
	int64_t bodies = sqlite3_changes64(db);
	rc = rc ? rc : remove_below(db, OLDEST("before"), below);
	*more = bodies > 0 || (rc == SQLITE_OK && sqlite3_changes64(db) > 0);
	return rc == SQLITE_OK || fail(err, DIAG_HISTORY, "details: %s", sqlite3_errmsg(db));
}
