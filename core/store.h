/*
 * detail.db: what belongs to a call beside its row, and what happened beside calls; written by one
 * thread only, never by the loop that verdicts wait for. Everything given here is redacted already.
 *
 * Texts (`body`) are parts of a call; events are broker starts, consoles, rules read anew, changed
 * definitions, restored files; seals are the chain (core/seal.h); before-images are files as they
 * were before an approved call wrote them. SQLite in WAL mode, synchronous=NORMAL, 0600.
 *
 * Every function that can fail says why in err (code DIAG_HISTORY).
 */
#ifndef BASCULE_CORE_STORE_H
#define BASCULE_CORE_STORE_H

#include "core/base.h"
#include "core/buf.h"
#include "core/hash.h"
#include "core/store_part.h"

enum { STORE_VERSION = 2, STORE_BUSY_MS = 1000 };

struct store;

/* Opens or creates (0600; not if readonly). A damaged file is renamed to PATH.damaged-TIME, said in
 * `note` (may be NULL, caller frees), and a new one begun. NULL with err->code DIAG_NONE: readonly
 * and there is none yet. */
struct store *store_open(
	const char *path, bool readonly, int64_t now_us, char **note, struct err *err);
void store_close(struct store *s);
bool store_begin(struct store *s, struct err *err);
bool store_commit(struct store *s, struct err *err);
void store_rollback(struct store *s);

struct store_body {
	struct span text; /* whole, or head and tail: core/bounded says how */
	int64_t size; /* of the whole */
	struct hash hash; /* of the whole, as it was before redaction: keyed */
};
/* A part that is there already is replaced, unless its call is sealed: that one stays as it is, and
 * a part that comes later is sealed by itself. */
bool store_put(struct store *s, int64_t number, enum store_part part, const struct store_body *body,
	struct err *err);
/* Appends the text; *body may be NULL; found false if there is none. */
bool store_get(struct store *s, int64_t number, enum store_part part, struct buf *text,
	struct store_body *body, bool *found, struct err *err);

/* kind: "broker-start", "broker-stop", "rules", "console", "pin", "restore", "retention", ... */
struct store_event {
	int64_t id, at_us;
	struct span kind, json; /* lent */
};
bool store_event_add(
	struct store *s, const struct store_event *event, int64_t *id, struct err *err);
typedef bool store_event_row(void *data, const struct store_event *event);
/* Oldest first, id > after. */
bool store_events(struct store *s, int64_t after, int64_t since_us, int64_t limit,
	store_event_row *each, void *data, struct err *err);

/* One link of the chain. */
struct store_seal {
	int64_t seq; /* 1, 2, 3, ... */
	int64_t at_us;
	struct span kind; /* core/seal.h */
	int64_t number; /* of the call or event */
	struct hash digest; /* of what is sealed */
	struct hash hash; /* of this and the one before */
};
bool store_seal_add(struct store *s, const struct store_seal *seal, struct err *err);
bool store_seal_last(struct store *s, struct store_seal *seal, struct err *err); /* seq 0: none */
typedef bool store_seal_row(void *data, const struct store_seal *seal);
bool store_seals(struct store *s, int64_t after, store_seal_row *each, void *data, struct err *err);

/* A file before the call wrote it. */
struct store_before {
	int64_t number;
	struct span path; /* absolute, resolved */
	struct span state; /* "file", "absent" */
	int64_t mode;
	struct span content; /* any bytes; absent: see why */
	struct span why; /* why it cannot be restored, in words; absent if it can */
	struct hash after; /* SHA-256 of what the call left, zero: not known */
};
bool store_before_put(struct store *s, const struct store_before *b, struct err *err);
typedef bool store_before_row(void *data, const struct store_before *b);
bool store_befores(
	struct store *s, int64_t number, store_before_row *each, void *data, struct err *err);

/* How far a worker has come, by its name; 0: it never was there. */
bool store_place(struct store *s, const char *name, int64_t *value, struct err *err);
bool store_place_set(struct store *s, const char *name, int64_t value, struct err *err);

#endif
