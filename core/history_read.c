/*
 * Reading log.db back: one call by the gate's id, what is still open, the latest rows, accepted
 * servers, known askers. Rows are lent to the caller's function and are gone when it returns.
 * Hashes come as stored, that is keyed.
 */
#include "config.h"

#include "core/buf.h"
#include "core/hash.h"
#include "core/history_impl.h"

#include <string.h>

/* ---- one row ---- */

static struct span text_at(sqlite3_stmt *s, int at)
{
	const char *text = (const char *)sqlite3_column_text(s, at);
	return (struct span){ text, text ? (size_t)sqlite3_column_bytes(s, at) : 0 };
}

static void hash_at(sqlite3_stmt *s, int at, unsigned char out[HISTORY_HASH])
{
	const void *blob = sqlite3_column_blob(s, at);
	memset(out, 0, HISTORY_HASH);
	if (blob && sqlite3_column_bytes(s, at) == HISTORY_HASH) {
		memcpy(out, blob, HISTORY_HASH);
	}
}

static enum life_state state_at(sqlite3_stmt *s, int at)
{
	const char *name = (const char *)sqlite3_column_text(s, at);
	/* A name that we do not know counts as an end, so that it never runs. */
	enum life_state state = LIFE_UNKNOWN;
	if (name) {
		life_state_parse(name, &state);
	}
	return state;
}

static int64_t size_at(sqlite3_stmt *s, int at)
{
	return sqlite3_column_type(s, at) == SQLITE_NULL ? -1 : sqlite3_column_int64(s, at);
}

#define READ_TEXT(into, s, at) into = text_at(s, at)
#define READ_JSON(into, s, at) into = text_at(s, at)
#define READ_INT(into, s, at) into = sqlite3_column_int64(s, at)
#define READ_MOMENT(into, s, at) into = sqlite3_column_int64(s, at)
#define READ_TIME(into, s, at) into = sqlite3_column_int64(s, at)
#define READ_SIZE(into, s, at) into = size_at(s, at)
#define READ_HASH(into, s, at) hash_at(s, at, into)
#define READ_STATE(into, s, at) into = state_at(s, at)

static void read_row(sqlite3_stmt *s, struct history_call *call, struct history_session *session)
{
	int at = 0;
	call->number = sqlite3_column_int64(s, at++);
	call->call = text_at(s, at++);
#define X(name, kind) READ_##kind(call->name, s, at++);
	CALL_COLUMNS(X)
#undef X
#define X(name, kind) READ_##kind(session->name, s, at++);
	SESSION_COLUMNS(X)
#undef X
}

static bool each_row(struct history *h, sqlite3_stmt *s, history_row *each, void *data,
	size_t *count, struct err *err)
{
	int rc;
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		struct history_call call;
		struct history_session session;
		read_row(s, &call, &session);
		++*count;
		if (!each(data, &call, &session)) {
			rc = SQLITE_DONE;
			break;
		}
	}
	sqlite3_reset(s);
	return rc == SQLITE_DONE || history_fail(h, rc, "read", err);
}

/* ---- calls ---- */

bool history_find(struct history *h, struct span call, history_row *each, void *data, bool *found,
	struct err *err)
{
	sqlite3_stmt *s = h->sql[SQL_FIND];
	struct span instance;
	size_t count = 0;
	int64_t n;
	*found = false;
	if (!history_id_split(call, &instance, &n)) {
		return true;
	}
	history_bind_text(s, 1, instance);
	sqlite3_bind_int64(s, 2, n);
	bool ok = each_row(h, s, each, data, &count, err);
	*found = ok && count > 0;
	return ok;
}

bool history_open_calls(struct history *h, history_row *each, void *data, struct err *err)
{
	size_t count = 0;
	return each_row(h, h->sql[SQL_OPEN_CALLS], each, data, &count, err);
}

bool history_numbered(
	struct history *h, int64_t number, history_row *each, void *data, struct err *err)
{
	size_t count = 0;
	sqlite3_bind_int64(h->sql[SQL_NUMBERED], 1, number);
	return each_row(h, h->sql[SQL_NUMBERED], each, data, &count, err);
}

/* Walked by number, not by the index of sessions: the next one of a session is rarely far. */
bool history_neighbours(struct history *h, int64_t session, int64_t number, int64_t *before,
	int64_t *after, struct err *err)
{
	sqlite3_stmt *s = h->sql[SQL_NEIGHBOURS];
	sqlite3_bind_int64(s, 1, session);
	sqlite3_bind_int64(s, 2, number);
	int rc = sqlite3_step(s);
	*before = rc == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
	*after = rc == SQLITE_ROW ? sqlite3_column_int64(s, 1) : 0;
	sqlite3_reset(s);
	return rc == SQLITE_ROW || history_fail(h, rc, "read", err);
}

bool history_since(
	struct history *h, int64_t since_us, history_row *each, void *data, struct err *err)
{
	size_t count = 0;
	sqlite3_bind_int64(h->sql[SQL_SINCE], 1, since_us);
	return each_row(h, h->sql[SQL_SINCE], each, data, &count, err);
}

/* The text as a pattern of LIKE: the user's own % and _ are letters. */
static void contains(struct buf *pattern, struct span text)
{
	buf_char(pattern, '%');
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '%' || text.at[i] == '_' || text.at[i] == '\\') {
			buf_char(pattern, '\\');
		}
		buf_char(pattern, text.at[i]);
	}
	buf_char(pattern, '%');
}

/* Runs a statement whose first parameter is the text. */
static bool each_with(struct history *h, sqlite3_stmt *s, struct span text, history_row *each,
	void *data, struct err *err)
{
	struct buf pattern = { 0 };
	size_t count = 0;
	if (text.at && text.len) {
		contains(&pattern, text);
		sqlite3_bind_text(s, 1, pattern.data, (int)pattern.len, SQLITE_STATIC);
	} else {
		sqlite3_bind_null(s, 1);
	}
	bool ok = each_row(h, s, each, data, &count, err);
	sqlite3_bind_null(s, 1);
	buf_finish(&pattern);
	return ok;
}

bool history_latest_above(struct history *h, struct span text, int64_t above, int64_t before,
	int64_t limit, history_row *each, void *data, struct err *err)
{
	sqlite3_stmt *s = h->sql[SQL_LATEST];
	sqlite3_bind_int64(s, 2, limit > 0 ? limit : 0);
	sqlite3_bind_int64(s, 3, before);
	sqlite3_bind_int64(s, 4, above);
	return each_with(h, s, text, each, data, err);
}

bool history_latest(struct history *h, struct span text, int64_t before, int64_t limit,
	history_row *each, void *data, struct err *err)
{
	return history_latest_above(h, text, 0, before, limit, each, data, err);
}

bool history_contains(struct history *h, int64_t number, struct span text, history_row *each,
	void *data, struct err *err)
{
	sqlite3_stmt *s = h->sql[SQL_CONTAINS];
	sqlite3_bind_int64(s, 2, number);
	return each_with(h, s, text, each, data, err);
}

bool history_after(
	struct history *h, int64_t number, history_row *each, void *data, struct err *err)
{
	size_t count = 0;
	sqlite3_bind_int64(h->sql[SQL_AFTER], 1, number);
	return each_row(h, h->sql[SQL_AFTER], each, data, &count, err);
}

bool history_last(struct history *h, int64_t *number, struct err *err)
{
	sqlite3_stmt *s = h->sql[SQL_LAST];
	int rc = sqlite3_step(s);
	*number = rc == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
	sqlite3_reset(s);
	return rc == SQLITE_ROW || history_fail(h, rc, "read", err);
}

bool history_ruled(struct history *h, struct span rule, int64_t since_us, int64_t before,
	int64_t limit, history_row *each, void *data, struct err *err)
{
	sqlite3_stmt *s = h->sql[SQL_RULED];
	size_t count = 0;
	history_bind_text(s, 1, rule);
	sqlite3_bind_int64(s, 2, limit > 0 ? limit : 0);
	sqlite3_bind_int64(s, 3, before);
	sqlite3_bind_int64(s, 4, since_us);
	return each_row(h, s, each, data, &count, err);
}

bool history_decided(
	struct history *h, int64_t most, history_decided_row *each, void *data, struct err *err)
{
	sqlite3_stmt *s = h->sql[SQL_DECIDED];
	int rc;
	sqlite3_bind_int64(s, 1, most);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		const struct history_decided row = { .number = sqlite3_column_int64(s, 0),
			.arrived_us = sqlite3_column_int64(s, 1),
			.rule = text_at(s, 2),
			.verdict = text_at(s, 3),
			.tool = text_at(s, 4),
			.server = text_at(s, 5) };
		each(data, &row);
	}
	sqlite3_reset(s);
	return rc == SQLITE_DONE || history_fail(h, rc, "read", err);
}

bool history_hash_same(struct history *h, const unsigned char plain[HISTORY_HASH],
	const unsigned char stored[HISTORY_HASH])
{
	struct hash keyed, given;
	hash_keyed(h->key, plain, keyed.byte);
	memcpy(given.byte, stored, sizeof(given.byte));
	return hash_same(&keyed, &given);
}

/* ---- accepted servers, known askers ---- */

bool history_trusted(
	struct history *h, const unsigned char tuple[HISTORY_HASH], bool *yes, struct err *err)
{
	sqlite3_stmt *s = h->sql[SQL_TRUSTED];
	unsigned char keyed[HISTORY_HASH];
	hash_keyed(h->key, tuple, keyed);
	sqlite3_bind_blob(s, 1, keyed, sizeof(keyed), SQLITE_STATIC);
	int rc = sqlite3_step(s);
	sqlite3_reset(s);
	*yes = rc == SQLITE_ROW;
	return rc == SQLITE_ROW || rc == SQLITE_DONE || history_fail(h, rc, "read", err);
}

bool history_askers(
	struct history *h, struct span boot, history_asker *each, void *data, struct err *err)
{
	sqlite3_stmt *s = h->sql[SQL_ASKERS];
	int rc;
	history_bind_text(s, 1, boot);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		if (!each(data, sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1))) {
			rc = SQLITE_DONE;
			break;
		}
	}
	sqlite3_reset(s);
	return rc == SQLITE_DONE || history_fail(h, rc, "read", err);
}
