/*
 * What the broker's loop writes: sessions, calls, what became of them, accepted servers, known
 * askers.
 *
 * The hot path is history_add and history_finish: prepared statements, one integer index for the
 * gate's id, short texts as they are (looking them up to store numbers would cost more than it
 * saves here). Everything here expects an open transaction.
 */
#include "config.h"

#include "core/hash.h"
#include "core/history_impl.h"

#include <assert.h>
#include <string.h>

enum { TEXT_MAX = 4096, JSON_MAX = 65536 };

struct column {
	size_t at;
	enum history_kind kind;
};

#define COLUMN_IN(type, name, kind) { offsetof(struct type, name), KIND_##kind },
#define CALL_COLUMN(name, kind) COLUMN_IN(history_call, name, kind)
#define SESSION_COLUMN(name, kind) COLUMN_IN(history_session, name, kind)

static const struct column call_columns[] = { CALL_COLUMNS(CALL_COLUMN) };
static const struct column session_columns[] = { SESSION_COLUMNS(SESSION_COLUMN) };

/* ---- binding ---- */

/* A text from outside must not fill the disk or fail the whole turn: cut, on a character's edge. */
static struct span clip(struct span text)
{
	if (text.at && text.len > TEXT_MAX) {
		text.len = TEXT_MAX;
		while (text.len && ((unsigned char)text.at[text.len] & 0xc0) == 0x80) {
			text.len--;
		}
	}
	return text;
}

void history_bind_text(sqlite3_stmt *s, int at, struct span text)
{
	if (text.at) {
		text = clip(text);
		sqlite3_bind_text(s, at, text.at, (int)text.len, SQLITE_STATIC);
	} else {
		sqlite3_bind_null(s, at);
	}
}

static void bind_json(sqlite3_stmt *s, int at, struct span json)
{
	if (json.at && json.len <= JSON_MAX) {
		sqlite3_bind_text(s, at, json.at, (int)json.len, SQLITE_STATIC);
	} else {
		sqlite3_bind_null(s, at);
	}
}

static void bind_int_or_null(sqlite3_stmt *s, int at, int64_t value, bool is_null)
{
	if (is_null) {
		sqlite3_bind_null(s, at);
	} else {
		sqlite3_bind_int64(s, at, value);
	}
}

static void bind_hash(const struct history *h, sqlite3_stmt *s, int at, const unsigned char *plain)
{
	static const unsigned char none[HISTORY_HASH];
	unsigned char keyed[HISTORY_HASH];
	if (memcmp(plain, none, sizeof(none)) == 0) {
		sqlite3_bind_null(s, at);
	} else {
		hash_keyed(h->key, plain, keyed);
		sqlite3_bind_blob(s, at, keyed, sizeof(keyed), SQLITE_TRANSIENT);
	}
}

static void bind(
	const struct history *h, sqlite3_stmt *s, int at, enum history_kind kind, const void *value)
{
	const int64_t *number = value;
	switch (kind) {
	case KIND_TEXT:
		history_bind_text(s, at, *(const struct span *)value);
		break;
	case KIND_JSON:
		bind_json(s, at, *(const struct span *)value);
		break;
	case KIND_INT:
	case KIND_MOMENT:
		sqlite3_bind_int64(s, at, *number);
		break;
	case KIND_TIME:
		bind_int_or_null(s, at, *number, *number == 0);
		break;
	case KIND_SIZE:
		bind_int_or_null(s, at, *number, *number < 0);
		break;
	case KIND_HASH:
		bind_hash(h, s, at, value);
		break;
	case KIND_STATE:
		history_bind_text(s, at, span_of(life_state_name(*(const enum life_state *)value)));
		break;
	}
}

static void bind_all(const struct history *h, sqlite3_stmt *s, int first,
	const struct column *columns, size_t count, const void *record)
{
	for (size_t i = 0; i < count; i++) {
		bind(h, s, first + (int)i, columns[i].kind, (const char *)record + columns[i].at);
	}
}

/* ---- running ---- */

/* The statement to bind, or NULL after a failure in this transaction: nothing may slip in behind
 * it. */
sqlite3_stmt *history_ready(struct history *h, enum history_sql id, struct err *err)
{
	assert(h->tx != TX_NONE);
	if (h->tx == TX_FAILED) {
		fail(err, DIAG_HISTORY, "cannot write the history: an earlier step failed");
		return NULL;
	}
	return h->sql[id];
}

static bool refuse(struct history *h, const char *why, struct err *err)
{
	history_fail(h, SQLITE_MISUSE, "write", NULL);
	return fail(err, DIAG_HISTORY, "%s", why);
}

bool history_done(struct history *h, sqlite3_stmt *s, struct err *err)
{
	int rc = sqlite3_step(s);
	sqlite3_reset(s);
	return rc == SQLITE_DONE || history_fail(h, rc, "write", err);
}

static bool done_to_one(struct history *h, sqlite3_stmt *s, struct err *err)
{
	return history_done(h, s, err) &&
		(sqlite3_changes(h->db) == 1 || refuse(h, "no such row in the history", err));
}

/* ---- sessions ---- */

bool history_session(
	struct history *h, const struct history_session *session, int64_t *id, struct err *err)
{
	sqlite3_stmt *s = history_ready(h, SQL_SESSION, err);
	if (!s) {
		return false;
	}
	if (!session->instance.at || !session->instance.len ||
		session->instance.len > HISTORY_INSTANCE_MAX) {
		return refuse(h, "a session needs an instance", err);
	}
	bind_all(h, s, 1, session_columns, COUNT_OF(session_columns), session);
	int rc = sqlite3_step(s);
	if (rc == SQLITE_ROW) {
		*id = sqlite3_column_int64(s, 0);
		rc = sqlite3_step(s);
	}
	sqlite3_reset(s);
	return rc == SQLITE_DONE || history_fail(h, rc, "write", err);
}

bool history_session_client(
	struct history *h, int64_t id, struct span client, struct span version, struct err *err)
{
	sqlite3_stmt *s = history_ready(h, SQL_CLIENT, err);
	if (!s) {
		return false;
	}
	sqlite3_bind_int64(s, 1, id);
	history_bind_text(s, 2, client);
	history_bind_text(s, 3, version);
	return done_to_one(h, s, err);
}

bool history_session_passed(
	struct history *h, int64_t id, struct span methods_json, int64_t ended_us, struct err *err)
{
	sqlite3_stmt *s = history_ready(h, SQL_PASSED, err);
	if (!s) {
		return false;
	}
	if (methods_json.at) {
		sqlite3_bind_int64(s, 1, id);
		bind_json(s, 2, methods_json);
		if (!history_done(h, s, err)) {
			return false;
		}
	}
	if (ended_us <= 0) {
		return true;
	}
	s = h->sql[SQL_ENDED];
	sqlite3_bind_int64(s, 1, id);
	sqlite3_bind_int64(s, 2, ended_us);
	return done_to_one(h, s, err);
}

/* ---- calls ---- */

bool history_id_split(struct span call, struct span *instance, int64_t *n)
{
	size_t at = call.at ? call.len : 0;
	int64_t value = 0;
	while (at > 0 && call.at[at - 1] != '-') {
		at--;
	}
	size_t digits = call.len - at;
	if (at < 2 || digits < 1 || digits > 15 || (digits > 1 && call.at[at] == '0')) {
		return false;
	}
	for (size_t i = at; i < call.len; i++) {
		if (call.at[i] < '0' || call.at[i] > '9') {
			return false;
		}
		value = value * 10 + (call.at[i] - '0');
	}
	*instance = (struct span){ call.at, at - 1 };
	*n = value;
	return true;
}

/* A call may only be recorded under the instance that its session has: the id is found again by it.
 */
static bool belongs(struct history *h, int64_t session, struct span instance)
{
	size_t slot = (uint64_t)session % HISTORY_SEEN;
	if (h->seen[slot].id != session || !session) {
		sqlite3_stmt *s = h->sql[SQL_INSTANCE];
		sqlite3_bind_int64(s, 1, session);
		h->seen[slot].id = 0;
		if (sqlite3_step(s) == SQLITE_ROW) {
			size_t len = (size_t)sqlite3_column_bytes(s, 0);
			if (len <= HISTORY_INSTANCE_MAX) {
				memcpy(h->seen[slot].text, sqlite3_column_text(s, 0), len);
				h->seen[slot].len = len;
				h->seen[slot].id = session;
			}
		}
		sqlite3_reset(s);
	}
	return h->seen[slot].id == session && session && h->seen[slot].len == instance.len &&
		memcmp(h->seen[slot].text, instance.at, instance.len) == 0;
}

/* One call's mistake must not undo what the turn holds of others: SQLite undid the statement alone.
 */
static bool never(struct err *err)
{
	return fail(err, DIAG_BAD_MESSAGE,
		"this call's id is recorded already, or is not its session's");
}

bool history_add(struct history *h, struct history_call *c, struct err *err)
{
	struct span instance;
	int64_t n;
	sqlite3_stmt *s = history_ready(h, SQL_ADD, err);
	if (!s) {
		return false;
	}
	if (!history_id_split(c->call, &instance, &n) || !belongs(h, c->session, instance)) {
		return never(err);
	}
	sqlite3_bind_int64(s, 1, n);
	bind_all(h, s, 2, call_columns, COUNT_OF(call_columns), c);
	int rc = sqlite3_step(s);
	sqlite3_reset(s);
	if (rc != SQLITE_DONE) {
		return rc == SQLITE_CONSTRAINT ? never(err) : history_fail(h, rc, "write", err);
	}
	c->number = sqlite3_last_insert_rowid(h->db);
	return true;
}

bool history_update(struct history *h, const struct history_call *c, struct err *err)
{
	sqlite3_stmt *s = history_ready(h, SQL_UPDATE, err);
	if (!s) {
		return false;
	}
	sqlite3_bind_int64(s, 1, c->number);
	bind(h, s, 2, KIND_STATE, &c->state);
	history_bind_text(s, 3, c->verdict);
	history_bind_text(s, 4, c->rule);
	history_bind_text(s, 5, c->reason);
	bind(h, s, 6, KIND_HASH, c->facts);
	history_bind_text(s, 7, c->branch);
	history_bind_text(s, 8, c->decision);
	history_bind_text(s, 9, c->decider);
	history_bind_text(s, 10, c->decision_reason);
	bind(h, s, 11, KIND_TIME, &c->decided_us);
	bind(h, s, 12, KIND_TIME, &c->finished_us);
	return done_to_one(h, s, err);
}

bool history_renew(struct history *h, const struct history_call *c, struct err *err)
{
	struct span instance;
	int64_t n;
	sqlite3_stmt *s = history_ready(h, SQL_RENEW, err);
	if (!s) {
		return false;
	}
	if (!history_id_split(c->call, &instance, &n) || !belongs(h, c->session, instance)) {
		return never(err);
	}
	sqlite3_bind_int64(s, 1, c->number);
	sqlite3_bind_int64(s, 2, c->session);
	sqlite3_bind_int64(s, 3, n);
	bind_hash(h, s, 4, c->bytes);
	int rc = sqlite3_step(s);
	sqlite3_reset(s);
	if (rc != SQLITE_DONE) {
		return rc == SQLITE_CONSTRAINT ? never(err) : history_fail(h, rc, "write", err);
	}
	return true;
}

bool history_finish(struct history *h, int64_t number, enum life_state state, struct span outcome,
	int64_t size, int64_t took_us, int64_t finished_us, struct err *err)
{
	sqlite3_stmt *s = history_ready(h, SQL_FINISH, err);
	if (!s) {
		return false;
	}
	sqlite3_bind_int64(s, 1, number);
	bind(h, s, 2, KIND_STATE, &state);
	history_bind_text(s, 3, outcome);
	bind(h, s, 4, KIND_SIZE, &size);
	bind(h, s, 5, KIND_SIZE, &took_us);
	bind(h, s, 6, KIND_TIME, &finished_us);
	return done_to_one(h, s, err);
}

/* A text that the caller has bounded; absent is NULL. */
static void bind_whole(sqlite3_stmt *s, int at, struct span text)
{
	if (text.at) {
		sqlite3_bind_text(s, at, text.at, (int)text.len, SQLITE_STATIC);
	} else {
		sqlite3_bind_null(s, at);
	}
}

bool history_edit(struct history *h, const struct history_edit *edit, struct err *err)
{
	sqlite3_stmt *s = history_ready(h, SQL_EDIT_CALL, err);
	if (!s) {
		return false;
	}
	sqlite3_bind_int64(s, 1, edit->number);
	bind_hash(h, s, 2, edit->bytes);
	bind_hash(h, s, 3, edit->same);
	history_bind_text(s, 4, edit->target);
	if (!done_to_one(h, s, err)) {
		return false;
	}
	s = h->sql[SQL_EDIT];
	sqlite3_bind_int64(s, 1, edit->number);
	history_bind_text(s, 2, edit->by);
	sqlite3_bind_int64(s, 3, edit->at_us);
	bind_whole(s, 4, edit->proposed);
	bind_whole(s, 5, edit->effective);
	return history_done(h, s, err);
}

/* ---- accepted servers, known askers ---- */

bool history_trust(struct history *h, const unsigned char tuple[HISTORY_HASH], struct span name,
	struct span argv_json, struct span scope_json, struct span by, int64_t at_us,
	struct err *err)
{
	sqlite3_stmt *s = history_ready(h, SQL_TRUST, err);
	if (!s) {
		return false;
	}
	bind_hash(h, s, 1, tuple);
	history_bind_text(s, 2, name);
	bind_json(s, 3, argv_json);
	bind_json(s, 4, scope_json);
	history_bind_text(s, 5, by);
	sqlite3_bind_int64(s, 6, at_us);
	return history_done(h, s, err);
}

bool history_asker_add(
	struct history *h, int64_t pid, int64_t start, struct span boot, struct err *err)
{
	sqlite3_stmt *s = history_ready(h, SQL_ASKER_TIDY, err);
	if (!s) {
		return false;
	}
	history_bind_text(s, 1, boot);
	if (!history_done(h, s, err)) {
		return false;
	}
	s = h->sql[SQL_ASKER_ADD];
	history_bind_text(s, 1, boot);
	sqlite3_bind_int64(s, 2, pid);
	sqlite3_bind_int64(s, 3, start);
	return history_done(h, s, err);
}
