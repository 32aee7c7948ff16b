/*
 * The lines of the journal: how an entry is written and read back. A line is taken whole or not at
 * all: its bytes must have the hash that it gives for them, its paths must be absolute. Called by
 * journal.c, which knows the file.
 */
#include "config.h"

#include "ipc/journal.h"
#include "ipc/journal_impl.h"

#include "core/json.h"
#include "core/jsonw.h"

#include <nettle/base64.h>
#include <stdlib.h>
#include <string.h>

const char *const journal_state_names[] = {
#define X(id, name) name,
	JOURNAL_STATES(X)
#undef X
};

void journal_entry_finish(struct journal_entry *e)
{
	free(e->id);
	free(e->time);
	free(e->agent);
	free(e->what);
	free(e->added);
	free(e->path);
	free(e->file);
	free(e->there);
	buf_finish(&e->before);
	*e = (struct journal_entry){ 0 };
}

/* ---- writing ---- */

static void put_hash(struct jsonw *w, int64_t size, const struct hash *hash)
{
	char hex[HASH_HEX + 1];
	hash_hex(hash, hex);
	jw_kv_int(w, "size", size);
	jw_kv_text(w, "sha256", hex);
}

/* Base64 needs no escape. */
static void put_bytes(struct jsonw *w, const struct buf *bytes)
{
	size_t len = BASE64_ENCODE_RAW_LENGTH(bytes->len);
	struct span from = buf_view(bytes);
	jw_key(w, "bytes");
	buf_room(w->out, len + 2);
	buf_char(w->out, '"');
	base64_encode_raw(w->out->data + w->out->len, from.len, (const uint8_t *)from.at);
	w->out->len += len;
	buf_char(w->out, '"');
	w->comma = true;
}

void journal_put_entry(struct buf *out, const struct journal_entry *e)
{
	struct jsonw w = jw_start(out);
	jw_open(&w, '{');
	jw_kv_text(&w, "id", e->id);
	jw_kv_text(&w, "time", e->time);
	jw_kv_text(&w, "state", journal_state_names[JOURNAL_BEGUN]);
	jw_kv_text(&w, "agent", e->agent);
	jw_kv_text(&w, "what", e->what);
	if (e->added) {
		jw_kv_text(&w, "added", e->added);
	}
	jw_kv_text(&w, "path", e->path);
	jw_kv_text(&w, "file", e->file);
	jw_kv_text(&w, "there", e->there);
	jw_kv_bool(&w, "existed", e->existed);
	jw_kv_int(&w, "mode", e->mode);
	jw_key(&w, "before");
	jw_open(&w, '{');
	put_hash(&w, e->before_size, &e->before_hash);
	if (e->kept) {
		put_bytes(&w, &e->before);
	}
	jw_close(&w, '}');
	jw_key(&w, "after");
	jw_open(&w, '{');
	put_hash(&w, e->after_size, &e->after_hash);
	jw_close(&w, '}');
	jw_close(&w, '}');
	buf_char(out, '\n');
}

/* ---- reading ---- */

static bool read_hash(struct span object, int64_t *size, struct hash *hash)
{
	struct span value;
	char *hex = json_member_text(object, "sha256");
	bool ok = hex && hash_from_hex(span_of(hex), hash) && json_member(object, "size", &value) &&
		json_int(value, size) && *size >= 0 && *size <= REPLACE_MAX;
	free(hex);
	return ok;
}

static bool read_bytes(struct span object, struct buf *out)
{
	struct base64_decode_ctx context;
	char *text = json_member_text(object, "bytes");
	size_t len = text ? strlen(text) : 0, n = 0;
	base64_decode_init(&context);
	buf_room(out, BASE64_DECODE_LENGTH(len));
	bool ok = text &&
		base64_decode_update(&context, &n, (uint8_t *)out->data + out->len, len, text) &&
		base64_decode_final(&context);
	out->len += ok ? n : 0;
	free(text);
	return ok;
}

static bool full_path(const char *path)
{
	return path && path[0] == '/';
}

/* The bytes that were there, if they were kept. */
static const char *read_before(struct span before, struct journal_entry *e)
{
	struct span bytes;
	if (!read_hash(before, &e->before_size, &e->before_hash)) {
		return "before is wrong";
	}
	e->kept = json_member(before, "bytes", &bytes);
	if (!e->kept) {
		return e->added ? NULL : "has neither bytes nor what was added";
	}
	if (!read_bytes(before, &e->before)) {
		return "before is wrong";
	}
	struct hash hash = hash_of(buf_view(&e->before));
	return (size_t)e->before_size == e->before.len && hash_same(&hash, &e->before_hash)
		? NULL
		: "the bytes are not those that its hash is of";
}

static const char *read_entry(struct span object, struct journal_entry *e)
{
	struct span before = { 0 }, after = { 0 }, value = { 0 };
	int64_t mode = 0;
	e->time = json_member_text(object, "time");
	e->agent = json_member_text(object, "agent");
	e->what = json_member_text(object, "what");
	e->added = json_member_text(object, "added");
	e->path = json_member_text(object, "path");
	e->file = json_member_text(object, "file");
	e->there = json_member_text(object, "there");
	if (!e->time || !e->agent || !e->what) {
		return "lacks time, agent or what";
	}
	if (!full_path(e->path) || !full_path(e->file) || !full_path(e->there)) {
		return "expected full paths";
	}
	if (!json_member(object, "existed", &value) || !json_bool(value, &e->existed) ||
		!json_member(object, "mode", &value) || !json_int(value, &mode) || mode < 0 ||
		mode > 07777) {
		return "existed or mode is wrong";
	}
	e->mode = (mode_t)mode;
	if (!json_member(object, "after", &after) ||
		!read_hash(after, &e->after_size, &e->after_hash)) {
		return "after is wrong";
	}
	return json_member(object, "before", &before) ? read_before(before, e) : "before is wrong";
}

static struct journal_entry *known(struct journal *j, const char *id)
{
	for (size_t i = 0; i < j->count; i++) {
		if (strcmp(j->entries[i].id, id) == 0) {
			return &j->entries[i];
		}
	}
	return NULL;
}

static const char *take_object(struct journal *j, struct span object)
{
	struct journal_entry e = { .id = json_member_text(object, "id") };
	struct span state = { 0 };
	struct journal_entry *old = e.id ? known(j, e.id) : NULL;
	const char *why = NULL;
	if (!e.id || !json_member(object, "state", &state)) {
		why = "lacks id or state";
	} else if (json_is(state, journal_state_names[JOURNAL_BEGUN])) {
		why = old ? "its id is taken" : read_entry(object, &e);
		if (!why) {
			j->entries = xgrow(j->entries, &j->cap, j->count + 1, sizeof(e));
			j->entries[j->count++] = e;
			return NULL;
		}
	} else if (!old) {
		why = "its entry is not there";
	} else if (json_is(state, journal_state_names[JOURNAL_DONE])) {
		old->state = JOURNAL_DONE;
	} else if (json_is(state, journal_state_names[JOURNAL_UNDONE])) {
		old->state = JOURNAL_UNDONE;
	} else {
		why = "its state is not known";
	}
	journal_entry_finish(&e);
	return why;
}

const char *journal_take_line(struct journal *j, struct span line)
{
	struct json_scan scan = { 0 };
	const char *why = json_validate(&scan, line, JSON_STRICT) && scan.type == JSON_OBJECT
		? take_object(j, scan.value)
		: "is not a JSON object";
	json_finish(&scan);
	return why;
}
