/*
 * Private to core/history*.c: the handle, and every statement that is kept prepared.
 */
#ifndef BASCULE_CORE_HISTORY_IMPL_H
#define BASCULE_CORE_HISTORY_IMPL_H

#include "core/diag.h"
#include "core/history_columns.h"

#include <sqlite3.h>

#define COLUMN_NAME(name, kind) "," #name
#define COLUMN_MARK(name, kind) ",?"
#define COLUMN_OF_CALL(name, kind) ",c." #name
#define COLUMN_OF_SESSION(name, kind) ",s." #name

#define ROWS_OF(where) \
	"SELECT c.number,s.instance||'-'||c.n" CALL_COLUMNS(COLUMN_OF_CALL) SESSION_COLUMNS( \
		COLUMN_OF_SESSION) " FROM call c JOIN session s ON s.id=c.session WHERE " where \
				   " ORDER BY c.number"

/* Ends are never left (core/life.c): the place before which no call is open only moves forward. */
#define CALL_IS_OPEN \
	"c.number>=(SELECT value FROM place WHERE name='open_from')" \
	" AND c.state NOT IN ('done','denied','withdrawn','expired','unknown')"

/* clang-format off */
#define HAS_TEXT(column) column " LIKE ?1 ESCAPE '\\'"
#define CALL_CONTAINS \
	"(?1 IS NULL OR " HAS_TEXT("c.tool") " OR " HAS_TEXT("c.target") " OR " \
		HAS_TEXT("s.server") " OR " HAS_TEXT("s.client") " OR " HAS_TEXT("c.rule") " OR " \
		HAS_TEXT("c.reason") ")"
/* clang-format on */

/* id, SQL */
#define HISTORY_SQL(X) \
	X(BEGIN, "BEGIN IMMEDIATE") \
	X(COMMIT, "COMMIT") \
	X(ROLLBACK, "ROLLBACK") \
	X(ADD, \
		"INSERT INTO call(n" CALL_COLUMNS(COLUMN_NAME) ")" \
							       " VALUES(?" CALL_COLUMNS( \
								       COLUMN_MARK) ")") \
	X(UPDATE, \
		"UPDATE call SET state=?2,verdict=coalesce(?3,verdict),rule=coalesce(?4,rule)," \
		"reason=coalesce(?5,reason),facts=coalesce(?6,facts),branch=coalesce(?7,branch)," \
		"decision=coalesce(?8,decision),decider=coalesce(?9,decider)," \
		"decision_reason=coalesce(?10,decision_reason)," \
		"decided_us=coalesce(?11,decided_us),finished_us=coalesce(?12,finished_us)" \
		" WHERE number=?1") \
	X(RENEW, "UPDATE call SET session=?2,n=?3,bytes=?4 WHERE number=?1") \
	X(FINISH, \
		"UPDATE call SET state=?2,outcome=?3,size=?4,took_us=?5,finished_us=?6" \
		" WHERE number=?1") \
	X(SESSION, \
		"INSERT INTO session(ended_us" SESSION_COLUMNS( \
			COLUMN_NAME) ")" \
				     " VALUES(NULL" SESSION_COLUMNS( \
					     COLUMN_MARK) ")" \
							  " ON CONFLICT(instance) DO UPDATE SET " \
							  "ended_us=NULL RETURNING id") \
	X(INSTANCE, "SELECT instance FROM session WHERE id=?1") \
	X(CLIENT, \
		"UPDATE session SET client=coalesce(client,?2)," \
		"client_version=CASE WHEN client IS NULL THEN ?3 ELSE client_version END" \
		" WHERE id=?1") \
	X(PASSED, \
		"INSERT INTO passed(session,method,count) SELECT ?1,key,min(value,1000000000)" \
		" FROM json_each(CASE WHEN json_valid(?2) THEN ?2 ELSE '{}' END)" \
		" WHERE typeof(key)='text' AND length(key)<=128" \
		" AND type='integer' AND typeof(value)='integer' AND value>0" \
		" ON CONFLICT DO UPDATE SET count=count+excluded.count") \
	X(ENDED, "UPDATE session SET ended_us=?2 WHERE id=?1") \
	X(TRUST, \
		"INSERT OR REPLACE INTO trust" \
		"(tuple,name,argv_json,scope_json,accepted_by,accepted_us)" \
		" VALUES(?1,?2,?3,?4,?5,?6)") \
	X(TRUSTED, "SELECT 1 FROM trust WHERE tuple=?1") \
	X(ASKER_ADD, "INSERT OR IGNORE INTO asker(boot,pid,start) VALUES(?1,?2,?3)") \
	X(ASKER_TIDY, "DELETE FROM asker WHERE boot<>?1") \
	X(ASKERS, "SELECT pid,start FROM asker WHERE boot=?1") \
	X(REMEMBER, \
		"INSERT OR REPLACE INTO remembered(kind,key,value,said_by,said_us)" \
		" VALUES(?1,?2,?3,?4,?5)") \
	X(REMEMBERED, "SELECT key,value FROM remembered WHERE kind=?1") \
	X(EFFECTS_ADD, "INSERT OR REPLACE INTO effects(number,json) VALUES(?1,?2)") \
	X(EFFECTS, "SELECT json FROM effects WHERE number=?1") \
	X(WHO_ADD, "INSERT OR REPLACE INTO who(number,json) VALUES(?1,?2)") \
	X(WHO, "SELECT json FROM who WHERE number=?1") \
	X(EDIT_CALL, "UPDATE call SET bytes=?2,same=?3,target=?4 WHERE number=?1") \
	X(EDIT, \
		"INSERT OR REPLACE INTO edit(number,said_by,said_us,proposed,effective)" \
		" VALUES(?1,?2,?3,?4,?5)") \
	X(EDITED, "SELECT said_by,said_us,proposed,effective FROM edit WHERE number=?1") \
	X(NUMBERED, ROWS_OF("c.number=?1")) \
	X(NEIGHBOURS, \
		"SELECT coalesce((SELECT number FROM call WHERE +session=?1 AND number<?2" \
		" ORDER BY number DESC LIMIT 1),0)," \
		" coalesce((SELECT number FROM call WHERE +session=?1 AND number>?2" \
		" ORDER BY number LIMIT 1),0)") \
	X(SINCE, ROWS_OF("c.arrived_us>=?1")) \
	X(FIND, ROWS_OF("s.instance=?1 AND c.n=?2")) \
	X(OPEN_CALLS, ROWS_OF(CALL_IS_OPEN)) \
	X(RULED, \
		ROWS_OF("c.number>=(SELECT min(number) FROM (SELECT number FROM call" \
			" WHERE number<?3 AND rule=?1 AND arrived_us>=?4" \
			" ORDER BY number DESC LIMIT ?2))" \
			" AND c.number<?3 AND c.rule=?1 AND c.arrived_us>=?4")) \
	X(DECIDED, \
		"SELECT c.number,c.arrived_us,c.rule,c.verdict,c.tool,s.server FROM call c" \
		" JOIN session s ON s.id=c.session" \
		" WHERE c.number>(SELECT max(number) FROM call)-?1 ORDER BY c.number") \
	X(LATEST, \
		ROWS_OF("c.number>=(SELECT min(number) FROM (SELECT c.number FROM call c" \
			" JOIN session s ON s.id=c.session WHERE c.number<?3 AND " CALL_CONTAINS \
			" AND c.number>?4 ORDER BY c.number DESC LIMIT ?2))" \
			" AND c.number<?3 AND " CALL_CONTAINS)) \
	X(CONTAINS, ROWS_OF("c.number=?2 AND " CALL_CONTAINS)) \
	X(AFTER, ROWS_OF("c.number>?1")) \
	X(LAST, "SELECT coalesce(max(number),0) FROM call")

enum history_sql {
#define X(id, sql) SQL_##id,
	HISTORY_SQL(X)
#undef X
		SQL_COUNT
};

enum { HISTORY_INSTANCE_MAX = 40, HISTORY_SEEN = 64 };

struct history {
	sqlite3 *db;
	sqlite3_stmt *sql[SQL_COUNT];
	char *path;
	unsigned char key[HISTORY_HASH];
	enum { TX_NONE, TX_OPEN, TX_FAILED } tx;
	/* Instances by session id, so that the hot path need not look up what the gate's id must
	 * begin with. */
	struct {
		int64_t id;
		size_t len;
		char text[HISTORY_INSTANCE_MAX];
	} seen[HISTORY_SEEN];
};

/* The gate's id of a call, INSTANCE-N, in its two parts; false if it has not exactly that form. */
bool history_id_split(struct span call, struct span *instance, int64_t *n);

/* Absent is NULL. The bytes are borrowed until the statement's next use. */
void history_bind_text(sqlite3_stmt *s, int at, struct span text);

/* What SQLite's code means, in words: "cannot DOING the history PATH: ...". Returns false. */
bool history_say(sqlite3 *db, const char *path, int rc, const char *doing, struct err *err);
/* The same for an open history. Damage is noted for the next open; a transaction is rolled back and
 * stays failed until history_rollback. Returns false. */
bool history_fail(struct history *h, int rc, const char *doing, struct err *err);

/* A prepared statement inside the transaction that is open; NULL: there is none, err says why. */
sqlite3_stmt *history_ready(struct history *h, enum history_sql id, struct err *err);
/* Runs it to its end. */
bool history_done(struct history *h, sqlite3_stmt *s, struct err *err);

/* Brings an open database up to HISTORY_VERSION, or checks that it is there (readonly). Returns an
 * SQLite code; SQLITE_MISMATCH with a reason in err for a file that is sound and not for us. */
int history_schema_up(sqlite3 *db, bool readonly, struct err *err);
/* Settings of a connection: each of ours has the same. */
int history_settings(sqlite3 *db, bool readonly);
/* The first column of the first row, 0 if there is none. Returns an SQLite code. */
int history_ask_int(sqlite3 *db, const char *sql, int64_t *value);
/* Is the file whole? Cheap, unless somebody met damage before (PATH.suspect). Returns an SQLite
 * code. */
int history_inspect(sqlite3 *db, const char *path);
void history_suspect(const char *path);

#endif
