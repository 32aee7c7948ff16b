/*
 * What a worker thread does to log.db beside the writer: making it durable, and keeping its log
 * short. Neither uses the writer's handle, and neither opens the database file itself outside
 * SQLite: POSIX locks belong to the process, and closing any descriptor of the file would drop
 * those that the writer holds.
 */
#include "config.h"

#include "core/history_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	PLACE_STEP = 256, /* rows */
	LOG_MANY = 1024, /* pages: 4 MiB */
	LOG_FORCE = 65536, /* pages: 256 MiB, start anew even under load */
	LOG_REST = 256, /* pages that may be moved while the writer waits */
	PASSES = 6,
	RESTART_MS = 10, /* waiting for the writer to pause, and for readers to end while the writer
			    waits */
};

bool history_sync_file(const char *path, struct err *err)
{
	char *name = xasprintf("%s-wal", path);
	int fd = open(name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	bool ok = true;
	if (fd < 0 && errno != ENOENT) { /* no log: all of it was moved into the database, which
					    SQLite syncs itself */
		ok = fail(err, DIAG_HISTORY, "cannot open %.200s: %s", name, strerror(errno));
	}
	if (fd >= 0) {
		if (fdatasync(fd) != 0) {
			ok = fail(err, DIAG_HISTORY, "cannot write %.200s to the disk: %s", name,
				strerror(errno));
		}
		close(fd);
	}
	free(name);
	return ok;
}

/* One pass moves what was there when it began, without keeping the writer out; the next moves what
 * was written meanwhile. True once little is written during a pass. */
static bool settle(sqlite3 *db, int *rc, int *all)
{
	int before = 0;
	for (int i = 0; i < PASSES; i++) {
		before = *all;
		*rc = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, all, NULL);
		if (*rc != SQLITE_OK || *all < LOG_MANY) {
			return false;
		}
		if (i && *all - before <= LOG_REST) {
			return true;
		}
	}
	return *all >= LOG_FORCE;
}

/* The log starts anew only while nothing is written: that keeps the writer out for two small writes
 * to the disk, so it is done only for a long log with little left to move. A busy answer is none:
 * the next turn does it. */
static int move_log(sqlite3 *db)
{
	int rc = SQLITE_OK, all = 0;
	if (settle(db, &rc, &all)) {
		sqlite3_busy_timeout(db, RESTART_MS);
		rc = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
		sqlite3_busy_timeout(db, 0);
	}
	return rc == SQLITE_BUSY ? SQLITE_OK : rc;
}

/* Looks for the first open call without the write lock, then writes down where; a call that was
 * added meanwhile has a larger number. So a broker that starts after a crash need not read every
 * row there ever was. */
static int note_place(sqlite3 *db)
{
	static const char noted[] = "SELECT value FROM place WHERE name='open_from'";
	static const char first[] =
		"SELECT coalesce((SELECT c.number FROM call c WHERE " CALL_IS_OPEN
		" ORDER BY c.number LIMIT 1), (SELECT max(number) FROM call) + 1, 1)";
	int64_t from = 0, to = 0;
	int rc = history_ask_int(db, noted, &from);
	if (rc == SQLITE_OK) {
		rc = history_ask_int(db, first, &to);
	}
	if (rc == SQLITE_OK && to >= from + PLACE_STEP) {
		char move[96];
		snprintf(move, sizeof(move),
			"UPDATE place SET value=%" PRId64 " WHERE name='open_from'", to);
		rc = sqlite3_exec(db, move, NULL, NULL, NULL);
	}
	return rc == SQLITE_BUSY ? SQLITE_OK : rc;
}

bool history_checkpoint_file(const char *path, struct err *err)
{
	sqlite3 *db = NULL;
	int rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK) {
		rc = history_settings(db, false);
	}
	if (rc == SQLITE_OK) {
		sqlite3_busy_timeout(db, 0);
		rc = move_log(db);
	}
	if (rc == SQLITE_OK) {
		/* Second: the first write to a new log waits for the disk, let it be this one. */
		rc = note_place(db);
	}
	if (rc != SQLITE_OK) {
		history_say(db, path, rc, "tidy", err);
	}
	sqlite3_close(db);
	return rc == SQLITE_OK;
}
