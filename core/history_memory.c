/*
 * What is remembered beside calls: accepted definitions and tasks, the effects of each call, and
 * who asked. These are written with the outcomes, not on the path that a call waits for.
 */
#include "config.h"

#include "core/history_impl.h"

enum { BESIDE_JSON_MAX = 64 << 10 };

static void bind_blob(sqlite3_stmt *s, int at, struct span bytes)
{
	if (bytes.at) {
		sqlite3_bind_blob(s, at, bytes.at, (int)bytes.len, SQLITE_STATIC);
	} else {
		sqlite3_bind_null(s, at);
	}
}

bool history_remember(struct history *h, const char *kind, struct span key, struct span value,
	struct span by, int64_t at_us, struct err *err)
{
	sqlite3_stmt *s = history_ready(h, SQL_REMEMBER, err);
	if (!s) {
		return false;
	}
	history_bind_text(s, 1, span_of(kind));
	bind_blob(s, 2, key);
	bind_blob(s, 3, value);
	history_bind_text(s, 4, by);
	sqlite3_bind_int64(s, 5, at_us);
	return history_done(h, s, err);
}

static struct span blob_of(sqlite3_stmt *s, int column)
{
	const void *at = sqlite3_column_blob(s, column);
	return (struct span){ at ? at : "", (size_t)sqlite3_column_bytes(s, column) };
}

bool history_remembered(
	struct history *h, const char *kind, history_memory *each, void *data, struct err *err)
{
	sqlite3_stmt *s = h->sql[SQL_REMEMBERED];
	int rc;
	history_bind_text(s, 1, span_of(kind));
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		each(data, blob_of(s, 0), blob_of(s, 1));
	}
	sqlite3_reset(s);
	return rc == SQLITE_DONE || history_fail(h, rc, "read", err);
}

static bool add_json(
	struct history *h, enum history_sql id, int64_t number, struct span json, struct err *err)
{
	sqlite3_stmt *s = history_ready(h, id, err);
	if (!s) {
		return false;
	}
	sqlite3_bind_int64(s, 1, number);
	if (json.len <= BESIDE_JSON_MAX) {
		sqlite3_bind_text(s, 2, json.at, (int)json.len, SQLITE_STATIC);
	} else {
		sqlite3_bind_null(s, 2);
	}
	return history_done(h, s, err);
}

static bool read_json(
	struct history *h, enum history_sql id, int64_t number, struct buf *out, struct err *err)
{
	sqlite3_stmt *s = h->sql[id];
	sqlite3_bind_int64(s, 1, number);
	int rc = sqlite3_step(s);
	if (rc == SQLITE_ROW) {
		buf_span(out, blob_of(s, 0));
	}
	sqlite3_reset(s);
	return rc == SQLITE_ROW || rc == SQLITE_DONE || history_fail(h, rc, "read", err);
}

bool history_effects_add(struct history *h, int64_t number, struct span json, struct err *err)
{
	return add_json(h, SQL_EFFECTS_ADD, number, json, err);
}

bool history_effects(struct history *h, int64_t number, struct buf *out, struct err *err)
{
	return read_json(h, SQL_EFFECTS, number, out, err);
}

bool history_who_add(struct history *h, int64_t number, struct span json, struct err *err)
{
	return add_json(h, SQL_WHO_ADD, number, json, err);
}

bool history_who(struct history *h, int64_t number, struct buf *out, struct err *err)
{
	return read_json(h, SQL_WHO, number, out, err);
}

static struct span text_of(sqlite3_stmt *s, int column)
{
	bool there = sqlite3_column_type(s, column) != SQLITE_NULL;
	return there ? blob_of(s, column) : (struct span){ 0 };
}

bool history_edited(
	struct history *h, int64_t number, history_edit_row *each, void *data, struct err *err)
{
	sqlite3_stmt *s = h->sql[SQL_EDITED];
	sqlite3_bind_int64(s, 1, number);
	int rc = sqlite3_step(s);
	if (rc == SQLITE_ROW) {
		struct history_edit edit = { .number = number,
			.by = text_of(s, 0),
			.at_us = sqlite3_column_int64(s, 1),
			.proposed = text_of(s, 2),
			.effective = text_of(s, 3) };
		each(data, &edit);
	}
	sqlite3_reset(s);
	return rc == SQLITE_ROW || rc == SQLITE_DONE || history_fail(h, rc, "read", err);
}
