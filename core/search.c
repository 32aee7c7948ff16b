/*
 * The file behind search.h: opening, throwing it away, entering and finding. What is entered when
 * is core/search_feed.c.
 *
 * FTS5 with content='' cannot change what it has; but a call that is entered again gets the union
 * of both texts, which is right for an index that may name too much and never too little.
 */
#include "config.h"

#include "core/search.h"

#include "core/buf.h"
#include "core/diag.h"
#include "core/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	APPLICATION_ID = 0x62617366, /* "basf" */
	GROUP = 3, /* characters that are looked up together */
	GROUPS_MAX = 24, /* of one question: more do not narrow it */
	TEXT_MAX = 256 * 1024, /* of one call */
};

/* hashsize: a batch is written as one piece, not as many small ones that are merged at once. */
static const char schema[] = "CREATE VIRTUAL TABLE text USING fts5("
			     " words, tokenize='trigram', content='', columnsize=0, detail=none);"
			     "INSERT INTO text(text, rank) VALUES('hashsize', 16777216);"
			     "CREATE TABLE place(id INTEGER PRIMARY KEY, number INTEGER NOT NULL,"
			     " arrived_us INTEGER NOT NULL) STRICT;"
			     "INSERT INTO place VALUES(1, 0, 0);"
			     "CREATE TABLE open(number INTEGER PRIMARY KEY) STRICT;";

#define SEARCH_SQL(X) \
	X(BEGIN, "BEGIN IMMEDIATE") \
	X(COMMIT, "COMMIT") \
	X(ROLLBACK, "ROLLBACK") \
	X(REACH, "SELECT number, arrived_us FROM place WHERE id=1") \
	X(FIND, "SELECT rowid FROM text WHERE text MATCH ?1 AND rowid<?2 ORDER BY rowid DESC") \
	X(OPEN, "SELECT number FROM open ORDER BY number") \
	X(ADD, "INSERT INTO text(rowid, words) VALUES(?1, ?2)") \
	X(MOVE, "UPDATE place SET number=?1, arrived_us=?2 WHERE id=1 AND number<?1") \
	X(OPEN_ADD, "INSERT OR IGNORE INTO open(number) VALUES(?1)") \
	X(OPEN_DROP, "DELETE FROM open WHERE number=?1")

enum search_sql {
#define X(id, sql) SQL_##id,
	SEARCH_SQL(X)
#undef X
		SQL_COUNT
};

static const char *const statements[SQL_COUNT] = {
#define X(id, sql) sql,
	SEARCH_SQL(X)
#undef X
};

struct search {
	sqlite3 *db;
	sqlite3_stmt *sql[SQL_COUNT];
	char *path, *suspect; /* the second is made by readers that met damage */
	bool readonly, damaged;
	struct buf text; /* of the call that is entered */
};

/* ---- trouble ---- */

static bool is_damage(int rc)
{
	int plain = rc & 0xff;
	return plain == SQLITE_CORRUPT || plain == SQLITE_NOTADB;
}

static void mark_suspect(const char *mark)
{
	int fd = open(mark, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0) {
		close(fd);
	}
}

static bool trouble(struct search *s, int rc, const char *doing, struct err *err)
{
	if (is_damage(rc)) {
		s->damaged = true;
		mark_suspect(s->suspect);
	}
	return fail(err, DIAG_HISTORY, "cannot %s the search index %.200s: %s", doing, s->path,
		sqlite3_errstr(rc & 0xff));
}

bool search_is_damaged(const struct search *s)
{
	return s->damaged || access(s->suspect, F_OK) == 0;
}

/* ---- opening ---- */

static int run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static int ask_int(sqlite3 *db, const char *sql, int64_t *value)
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

static int make_tables(sqlite3 *db)
{
	char mark[96];
	snprintf(mark, sizeof(mark), "PRAGMA application_id=%d; PRAGMA user_version=%d",
		APPLICATION_ID, SEARCH_VERSION);
	int rc = run(db, "BEGIN IMMEDIATE");
	rc = rc == SQLITE_OK ? run(db, schema) : rc;
	rc = rc == SQLITE_OK ? run(db, mark) : rc;
	rc = rc == SQLITE_OK ? run(db, "COMMIT") : rc;
	if (rc != SQLITE_OK && !sqlite3_get_autocommit(db)) {
		run(db, "ROLLBACK");
	}
	return rc;
}

/* Another version, or nobody's, counts as damage: all of it can be had again. */
static int check_tables(struct search *s)
{
	int64_t owner = 0, version = 0, tables = 0;
	int rc = ask_int(s->db, "PRAGMA application_id", &owner);
	rc = rc == SQLITE_OK ? ask_int(s->db, "PRAGMA user_version", &version) : rc;
	rc = rc == SQLITE_OK ? ask_int(s->db, "SELECT count(*) FROM sqlite_schema", &tables) : rc;
	if (rc != SQLITE_OK || (owner == APPLICATION_ID && version == SEARCH_VERSION)) {
		return rc;
	}
	bool empty = !owner && !version && !tables;
	return empty && !s->readonly ? make_tables(s->db) : SQLITE_NOTADB;
}

static int set_up(struct search *s)
{
	static const char common[] = "PRAGMA cache_size=-8192; PRAGMA temp_store=MEMORY;"
				     "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;";
	static const char writing[] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
				      "PRAGMA journal_size_limit=4194304";
	int flags = s->readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	int rc = sqlite3_open_v2(s->path, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_busy_timeout(s->db, SEARCH_BUSY_MS);
		rc = run(s->db, common);
	}
	if (rc == SQLITE_OK && !s->readonly) {
		rc = run(s->db, writing);
	}
	rc = rc == SQLITE_OK ? check_tables(s) : rc;
	for (int i = 0; i < SQL_COUNT && rc == SQLITE_OK; i++) {
		rc = sqlite3_prepare_v3(
			s->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &s->sql[i], NULL);
	}
	return rc;
}

static void shut(struct search *s)
{
	for (int i = 0; i < SQL_COUNT; i++) {
		sqlite3_finalize(s->sql[i]);
		s->sql[i] = NULL;
	}
	sqlite3_close(s->db);
	s->db = NULL;
}

/* Made by us, so that the mode is ours whatever the umask; what others left there is refused. */
static bool claim(const char *path, struct err *err)
{
	struct stat st;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0) {
		int rc = fchmod(fd, 0600);
		close(fd);
		return rc == 0 ||
			fail(err, DIAG_HISTORY, "cannot set the mode of %.200s: %s", path,
				strerror(errno));
	}
	if (errno != EEXIST) {
		return fail(err, DIAG_HISTORY, "cannot create the search index %.200s: %s", path,
			strerror(errno));
	}
	return (lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
		       (!(st.st_mode & 0077) || chmod(path, 0600) == 0)) ||
		fail(err, DIAG_HISTORY, "the search index %.200s is not a file of this user", path);
}

/* Readers that have the old file open go on with it: it has no name any more. */
static void remove_files(const char *path)
{
	static const char *const parts[] = { "-wal", "-shm", "" };
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		char *name = xasprintf("%s%s", path, parts[i]);
		unlink(name);
		free(name);
	}
}

bool search_reset(struct search *s, struct err *err)
{
	shut(s);
	remove_files(s->path);
	if (!claim(s->path, err)) {
		return false;
	}
	int rc = set_up(s);
	if (rc != SQLITE_OK) {
		shut(s);
		s->damaged = true; /* there is nothing to use: the next attempt comes here again */
		return trouble(s, rc, "begin", err);
	}
	unlink(s->suspect);
	s->damaged = false;
	return true;
}

struct search *search_open(const char *path, bool readonly, struct err *err)
{
	struct search *s = xcalloc(1, sizeof(*s));
	s->path = xstrdup(path);
	s->suspect = xasprintf("%s.suspect", path);
	s->readonly = readonly;
	bool ok = readonly || claim(path, err);
	if (ok) {
		int rc = set_up(s);
		ok = rc == SQLITE_OK ||
			(!readonly && is_damage(rc) ? search_reset(s, err)
						    : trouble(s, rc, "open", err));
	}
	if (!ok && readonly) {
		fail(err, DIAG_NONE, "there is no search index yet");
	}
	if (!ok) {
		search_close(s);
		return NULL;
	}
	return s;
}

void search_close(struct search *s)
{
	if (s) {
		shut(s);
		buf_finish(&s->text);
		free(s->path);
		free(s->suspect);
		free(s);
	}
}

/* ---- transactions ---- */

static sqlite3_stmt *ready(struct search *s, enum search_sql id, struct err *err)
{
	if (!s->db || s->damaged) {
		fail(err, DIAG_HISTORY, "the search index %.200s is damaged", s->path);
		return NULL;
	}
	return s->sql[id];
}

static bool done(struct search *s, sqlite3_stmt *statement, struct err *err)
{
	int rc = sqlite3_step(statement);
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return rc == SQLITE_DONE || trouble(s, rc, "write", err);
}

bool search_begin(struct search *s, struct err *err)
{
	sqlite3_stmt *begin = ready(s, SQL_BEGIN, err);
	return begin && done(s, begin, err);
}

bool search_commit(struct search *s, struct err *err)
{
	sqlite3_stmt *commit = ready(s, SQL_COMMIT, err);
	if (commit && done(s, commit, err)) {
		return true;
	}
	search_rollback(s);
	return false;
}

void search_rollback(struct search *s)
{
	if (s->db && !sqlite3_get_autocommit(s->db)) {
		sqlite3_step(s->sql[SQL_ROLLBACK]);
		sqlite3_reset(s->sql[SQL_ROLLBACK]);
	}
}

/* ---- entering ---- */

/* FTS5 ends a text at a NUL, and makes of other bytes what it likes. */
static void clean(struct buf *out, struct span text)
{
	const unsigned char *at = (const unsigned char *)text.at, *end = at + text.len;
	while (at < end) {
		size_t n = *at ? utf8_length(at, end) : 0;
		if (n) {
			buf_add(out, at, n);
		} else {
			buf_text(out, UTF8_REPLACEMENT);
		}
		at += n ? n : 1;
	}
}

static bool one_number(struct search *s, enum search_sql id, int64_t number, struct err *err)
{
	sqlite3_stmt *statement = ready(s, id, err);
	if (!statement) {
		return false;
	}
	sqlite3_bind_int64(statement, 1, number);
	return done(s, statement, err);
}

bool search_add(struct search *s, int64_t number, int64_t arrived_us, struct span text, bool open,
	struct err *err)
{
	sqlite3_stmt *add = ready(s, SQL_ADD, err), *move = ready(s, SQL_MOVE, err);
	if (!add || !move) {
		return false;
	}
	if (text.len > TEXT_MAX) {
		text.len = TEXT_MAX;
	}
	buf_clear(&s->text);
	clean(&s->text, text);
	sqlite3_bind_int64(add, 1, number);
	sqlite3_bind_text(add, 2, buf_cstr(&s->text), (int)s->text.len, SQLITE_STATIC);
	sqlite3_bind_int64(move, 1, number);
	sqlite3_bind_int64(move, 2, arrived_us);
	return done(s, add, err) && done(s, move, err) &&
		one_number(s, open ? SQL_OPEN_ADD : SQL_OPEN_DROP, number, err);
}

bool search_forget(struct search *s, int64_t number, struct err *err)
{
	return one_number(s, SQL_OPEN_DROP, number, err);
}

/* ---- finding ---- */

static bool ask_place(struct search *s, int column, int64_t *value, struct err *err)
{
	sqlite3_stmt *reach = ready(s, SQL_REACH, err);
	if (!reach) {
		return false;
	}
	int rc = sqlite3_step(reach);
	*value = rc == SQLITE_ROW ? sqlite3_column_int64(reach, column) : 0;
	sqlite3_reset(reach);
	return rc == SQLITE_ROW || trouble(s, rc == SQLITE_DONE ? SQLITE_CORRUPT : rc, "read", err);
}

bool search_reach(struct search *s, int64_t *number, struct err *err)
{
	return ask_place(s, 0, number, err);
}

bool search_reach_time(struct search *s, int64_t *arrived_us, struct err *err)
{
	return ask_place(s, 1, arrived_us, err);
}

bool search_open_calls(struct search *s, search_number *each, void *data, struct err *err)
{
	sqlite3_stmt *open = ready(s, SQL_OPEN, err);
	int rc = SQLITE_ERROR;
	if (!open) {
		return false;
	}
	while ((rc = sqlite3_step(open)) == SQLITE_ROW) {
		if (!each(data, sqlite3_column_int64(open, 0))) {
			rc = SQLITE_DONE;
			break;
		}
	}
	sqlite3_reset(open);
	return rc == SQLITE_DONE || trouble(s, rc, "read", err);
}

struct groups {
	struct buf match; /* FTS5's language: strings in quotes, joined by AND */
	size_t count;
};

static void put_group(struct groups *g, const unsigned char *at, const unsigned char *end)
{
	if (g->count == GROUPS_MAX) {
		return;
	}
	buf_text(&g->match, g->count++ ? " AND \"" : "\"");
	for (; at < end; at++) {
		if (*at == '"') {
			buf_char(&g->match, '"');
		}
		buf_char(&g->match, (char)*at);
	}
	buf_char(&g->match, '"');
}

/* Every group that is in the word: those across the seam of two common syllables are rare, and
 * are what keeps the calls few that have to be read. */
static void put_run(struct groups *g, const unsigned char *at, const unsigned char *end)
{
	const unsigned char *starts[GROUP] = { 0 }; /* of the latest characters */
	size_t count = 0;
	while (at < end) {
		starts[count++ % GROUP] = at;
		at += utf8_length(at, end);
		if (count >= GROUP) {
			put_group(g, starts[count % GROUP], at);
		}
	}
}

static void put_word(struct groups *g, struct span word)
{
	const unsigned char *at = (const unsigned char *)word.at, *end = at + word.len, *run = at;
	while (at < end) {
		size_t n = *at ? utf8_length(at, end) : 0;
		if (!n) {
			put_run(g, run, at);
			run = at + 1;
		}
		at += n ? n : 1;
	}
	put_run(g, run, end);
}

struct merge {
	int64_t *open; /* oldest first */
	size_t count, cap;
	int64_t before;
};

static bool keep_open(void *data, int64_t number)
{
	struct merge *m = data;
	if (number >= m->before) {
		return false;
	}
	m->open = xgrow(m->open, &m->cap, m->count + 1, sizeof(*m->open));
	m->open[m->count++] = number;
	return true;
}

/* Open calls newer than `number` go before it; it itself is not named twice. */
static bool name_open(struct merge *m, int64_t number, search_number *each, void *data)
{
	while (m->count && m->open[m->count - 1] > number) {
		if (!each(data, m->open[--m->count])) {
			return false;
		}
	}
	if (m->count && m->open[m->count - 1] == number) {
		m->count--;
	}
	return true;
}

static bool find_groups(struct search *s, const struct groups *g, struct merge *m,
	search_number *each, void *data, struct err *err)
{
	sqlite3_stmt *find = ready(s, SQL_FIND, err);
	int rc;
	if (!find) {
		return false;
	}
	sqlite3_bind_text(find, 1, g->match.data, (int)g->match.len, SQLITE_STATIC);
	sqlite3_bind_int64(find, 2, m->before);
	bool more = true;
	while (more && (rc = sqlite3_step(find)) == SQLITE_ROW) {
		int64_t number = sqlite3_column_int64(find, 0);
		more = name_open(m, number, each, data) && each(data, number);
	}
	sqlite3_reset(find);
	sqlite3_clear_bindings(find);
	if (more && rc != SQLITE_DONE) {
		return trouble(s, rc, "read", err);
	}
	if (more) {
		name_open(m, INT64_MIN, each, data);
	}
	return true;
}

bool search_find(struct search *s, const struct span *words, size_t count, int64_t before,
	search_number *each, void *data, bool *narrow, struct err *err)
{
	struct groups g = { 0 };
	struct merge m = { .before = before };
	for (size_t i = 0; i < count; i++) {
		put_word(&g, words[i]);
	}
	*narrow = g.count > 0;
	bool ok = !*narrow ||
		(search_open_calls(s, keep_open, &m, err) &&
			find_groups(s, &g, &m, each, data, err));
	buf_finish(&g.match);
	free(m.open);
	return ok;
}
