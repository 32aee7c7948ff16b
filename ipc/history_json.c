/* Made from the one list of columns. Called by cmd_history.c and broker_query.c. */
#include "config.h"

#include "ipc/history_json.h"

#include "core/json.h"

#include "core/hash.h"
#include "core/history_columns.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static void put_time(struct jsonw *w, const char *name, int64_t us)
{
	char short_name[32], at_name[40], text[48], seconds[32];
	time_t whole = (time_t)(us / 1000000);
	struct tm tm;
	bool there = us > 0 && gmtime_r(&whole, &tm);
	snprintf(short_name, sizeof(short_name), "%.*s", (int)(strlen(name) - strlen("_us")), name);
	snprintf(at_name, sizeof(at_name), "%s_at", short_name);
	if (!there) {
		jw_kv_text(w, short_name, NULL);
		jw_kv_text(w, name, NULL);
		jw_kv_text(w, at_name, NULL);
		return;
	}
	strftime(seconds, sizeof(seconds), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text, sizeof(text), "%s.%06dZ", seconds, (int)(us % 1000000));
	jw_kv_int(w, short_name, us / 1000);
	jw_kv_int(w, name, us);
	jw_kv_text(w, at_name, text);
}

static void put_size(struct jsonw *w, const char *name, int64_t size)
{
	if (size < 0) {
		jw_kv_text(w, name, NULL);
	} else {
		jw_kv_int(w, name, size);
	}
}

static void put_hash(struct jsonw *w, const char *name, const unsigned char stored[HISTORY_HASH])
{
	static const struct hash none;
	struct hash hash;
	char hex[HASH_HEX + 1];
	memcpy(hash.byte, stored, sizeof(hash.byte));
	hash_hex(&hash, hex);
	jw_kv_text(w, name, hash_same(&hash, &none) ? NULL : hex);
}

#define PUT_TEXT(w, name, value) jw_kv_span(w, name, value)
#define PUT_JSON(w, name, value) jw_kv_span(w, name, value)
#define PUT_INT(w, name, value) jw_kv_int(w, name, value)
#define PUT_MOMENT(w, name, value) put_time(w, name, value)
#define PUT_TIME(w, name, value) put_time(w, name, value)
#define PUT_SIZE(w, name, value) put_size(w, name, value)
#define PUT_HASH(w, name, value) put_hash(w, name, value)
#define PUT_STATE(w, name, value) jw_kv_text(w, name, life_state_name(value))

void history_json_row(
	struct jsonw *w, const struct history_call *call, const struct history_session *session)
{
	jw_kv_int(w, "number", call->number);
	jw_kv_span(w, "call", call->call);
#define X(name, kind) PUT_##kind(w, #name, call->name);
	CALL_COLUMNS(X)
#undef X
#define X(name, kind) PUT_##kind(w, #name, session->name);
	SESSION_COLUMNS(X)
#undef X
}

void history_json_raw(struct jsonw *w, const char *name, struct history *h, int64_t number,
	bool (*read)(struct history *h, int64_t number, struct buf *out, struct err *err))
{
	struct buf text = { 0 };
	struct json_scan scan = { 0 };
	struct err err;
	bool ok = read(h, number, &text, &err) &&
		json_validate(&scan, buf_view(&text), JSON_STRICT);
	jw_kv_raw(w, name, ok ? scan.value : (struct span){ 0 });
	json_finish(&scan);
	buf_finish(&text);
}
