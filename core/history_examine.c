/*
 * Is a history file sound? For `bascule doctor`, beside a broker that may be writing it: only ever
 * reads, and makes no file beside it unless SQLite's own log is there already. See history.h.
 */
#include "config.h"

#include "core/history_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { STEPS = 1000 /* of SQLite's machine between two questions */ };

struct patience {
	bool (*go_on)(void *data);
	void *data;
	bool ended;
};

static int on_progress(void *data)
{
	struct patience *p = data;
	p->ended = p->ended || !p->go_on(p->data);
	return p->ended;
}

/* Without a log beside it nobody writes, and what SQLite would make for readers is not needed. */
static char *address(const char *path)
{
	struct buf uri = { 0 };
	struct stat st;
	char *log = xasprintf("%s-wal", path);
	bool quiet = stat(log, &st) != 0 || !st.st_size;
	buf_text(&uri, "file:");
	for (const char *c = path; *c; c++) {
		if (strchr("?#%", *c)) {
			buf_printf(&uri, "%%%02X", (unsigned char)*c);
		} else {
			buf_char(&uri, *c);
		}
	}
	buf_text(&uri, quiet ? "?immutable=1" : "?mode=ro");
	char *text = xstrdup(buf_cstr(&uri));
	buf_finish(&uri);
	free(log);
	return text;
}

static enum history_health read_through(sqlite3 *db, struct patience *p, struct err *err)
{
	sqlite3_stmt *s = NULL;
	enum history_health health = HISTORY_DAMAGED;
	int rc = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &s, NULL);
	rc = rc == SQLITE_OK ? sqlite3_step(s) : rc;
	const char *said = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(s, 0) : NULL;
	if (said && strcmp(said, "ok") == 0) {
		health = HISTORY_SOUND;
	} else if (rc == SQLITE_INTERRUPT || rc == SQLITE_BUSY) {
		health = HISTORY_PARTLY;
	} else {
		fail(err, DIAG_HISTORY, "is damaged: %.160s", said ? said : sqlite3_errmsg(db));
	}
	sqlite3_finalize(s);
	return p->ended ? HISTORY_PARTLY : health;
}

enum history_health history_examine(
	const char *path, bool (*go_on)(void *data), void *data, struct err *err)
{
	struct patience p = { go_on, data, false };
	char *uri = address(path);
	sqlite3 *db = NULL;
	int64_t version = 0;
	struct err why = { 0 };
	enum history_health health = HISTORY_DAMAGED;
	int rc = sqlite3_open_v2(uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
	if (rc == SQLITE_OK) {
		rc = history_settings(db, true);
		sqlite3_progress_handler(db, STEPS, on_progress, &p);
	}
	if (rc == SQLITE_OK) {
		rc = history_ask_int(db, "PRAGMA user_version", &version);
	}
	if (rc == SQLITE_OK && version > 0 && version < HISTORY_VERSION) {
		health = HISTORY_OLDER;
	} else if (rc == SQLITE_OK && history_schema_up(db, true, &why) != SQLITE_OK) {
		fail(err, DIAG_HISTORY, "%s", why.text[0] ? why.text : sqlite3_errmsg(db));
	} else if (rc != SQLITE_OK) {
		fail(err, DIAG_HISTORY, "cannot be read: %.160s", sqlite3_errmsg(db));
	} else {
		health = read_through(db, &p, err);
	}
	sqlite3_close(db);
	free(uri);
	return health;
}
