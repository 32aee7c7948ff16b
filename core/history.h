/*
 * log.db: one row for every gated call, written before anything moves; sessions, accepted servers,
 * known askers.
 *
 * SQLite in WAL mode, synchronous=NORMAL, no automatic checkpoint. One writer: the broker's loop,
 * one transaction a turn. Readers (`bascule history`) open it by themselves. Hashes are stored
 * keyed (HMAC-SHA256 with the key file), so that the file does not help to guess short arguments.
 * No clock and no loop in here: times are arguments.
 *
 * Every function that can fail says why in err (code DIAG_HISTORY) and leaves the database as it
 * was.
 */
#ifndef BASCULE_CORE_HISTORY_H
#define BASCULE_CORE_HISTORY_H

#include "core/base.h"
#include "core/buf.h"
#include "core/life.h"

enum { HISTORY_VERSION = 4, HISTORY_BUSY_MS = 250, HISTORY_HASH = 32 };

struct history;

/* Opens or creates `path` (0600) and brings its schema up by the migration table; a newer schema is
 * an error, a damaged file is renamed to PATH.damaged-TIME, said in `note` (may be NULL, caller
 * frees), and a new one begun. `key` is 32 bytes. `readonly` opens for a reader: no creation, no
 * migration. */
struct history *history_open(const char *path, const unsigned char key[32], bool readonly,
	int64_t now_us, char **note, struct err *err);
void history_close(struct history *h);

/* A gate's time with the broker, found again by its instance after a reconnect. Texts may be
 * absent. */
struct history_session {
	struct span instance, client, client_version, server, profile, program, argv_json,
		scope_json, cwd;
	unsigned char tuple[HISTORY_HASH]; /* the server's claims, see `trust` */
	int64_t agent_pid, agent_start; /* the session's process */
	struct span boot; /* boot id */
	int64_t started_us;
};
/* Returns the row id in *id: the row with this instance, or a new one. */
bool history_session(
	struct history *h, const struct history_session *s, int64_t *id, struct err *err);
/* The first client that is said stays: calls are sealed with it (core/seal.h). */
bool history_session_client(
	struct history *h, int64_t id, struct span client, struct span version, struct err *err);
/* Adds to the counts of ungated methods (JSON object {name: n} merged by sum) and sets the end when
 * ended_us > 0. */
bool history_session_passed(
	struct history *h, int64_t id, struct span methods_json, int64_t ended_us, struct err *err);

struct history_call {
	int64_t number; /* row id: what people call the call */
	struct span call; /* the gate's id, unique */
	int64_t session;
	enum life_state state;
	struct span method, tool, target, era, toward;
	struct span verdict; /* "allow", "hold", "deny" as judged at arrival */
	struct span rule, reason;
	struct span decision, decider, decision_reason; /* absent until somebody decided */
	int64_t arrived_us, decided_us, finished_us; /* 0: not yet */
	/* plain hashes: keyed when stored */
	unsigned char bytes[HISTORY_HASH], same[HISTORY_HASH], facts[HISTORY_HASH];
	struct span branch;
	struct span outcome; /* of `done`: result, tool_error, error, cancelled, server_gone */
	int64_t size, took_us; /* of the answer; -1: none */
};

/* All writes happen between begin and commit. begin takes the write lock at once and waits
 * HISTORY_BUSY_MS at most. After any failure everything since begin is rolled back already, and
 * every further step fails until history_rollback. Foreign texts longer than 4 KiB are cut, JSON
 * texts longer than 64 KiB are left out. */
bool history_begin(struct history *h, struct err *err);
bool history_commit(struct history *h, struct err *err);
void history_rollback(struct history *h);

/* Sets c->number. c->call is INSTANCE-N, N decimal of at most 15 digits, with the instance of
 * c->session. An id of another form or session, or one that is recorded already, fails with
 * DIAG_BAD_MESSAGE, and the transaction goes on without it. */
bool history_add(struct history *h, struct history_call *c, struct err *err);
/* Writes state, verdict, rule, reason, facts, branch, decision and times of c->number; absent spans
 * and zero times leave what is there. */
bool history_update(struct history *h, const struct history_call *c, struct err *err);
/* An identical call took the place of a parked one: the row goes on under c->call and c->session
 * with c->bytes. Fails as history_add does. */
bool history_renew(struct history *h, const struct history_call *c, struct err *err);
/* The end of the ordinary call, the hot path: state, outcome, size, took, finished. */
bool history_finish(struct history *h, int64_t number, enum life_state state, struct span outcome,
	int64_t size, int64_t took_us, int64_t finished_us, struct err *err);

/* Rows are lent to the callback for its duration; their hashes are as stored. Return false from it
 * to stop, and do not write from it. */
typedef bool history_row(
	void *data, const struct history_call *call, const struct history_session *session);
bool history_find(struct history *h, struct span call, history_row *each, void *data, bool *found,
	struct err *err);
/* Rows whose state is not an end: what a broker that died left behind. */
bool history_open_calls(struct history *h, history_row *each, void *data, struct err *err);
/* The latest rows with a number below `before`, oldest first; `text` absent or a substring of tool,
 * target, server, client, rule, reason. */
bool history_latest(struct history *h, struct span text, int64_t before, int64_t limit,
	history_row *each, void *data, struct err *err);
/* The same of those with a number above `above`. */
bool history_latest_above(struct history *h, struct span text, int64_t above, int64_t before,
	int64_t limit, history_row *each, void *data, struct err *err);
/* One row, if it contains the text. */
bool history_contains(struct history *h, int64_t number, struct span text, history_row *each,
	void *data, struct err *err);
/* Rows with a higher number, oldest first, and the highest number of all (0: no rows). */
bool history_after(
	struct history *h, int64_t number, history_row *each, void *data, struct err *err);
bool history_last(struct history *h, int64_t *number, struct err *err);
/* As history_latest, of those that this very rule decided, and that came no earlier than
 * `since_us`. */
bool history_ruled(struct history *h, struct span rule, int64_t since_us, int64_t before,
	int64_t limit, history_row *each, void *data, struct err *err);

/* What decided a call, and whose it was. */
struct history_decided {
	int64_t number, arrived_us;
	struct span rule, verdict, tool, server; /* lent */
};
/* The latest `most` calls, oldest first. */
typedef void history_decided_row(void *data, const struct history_decided *row);
bool history_decided(
	struct history *h, int64_t most, history_decided_row *each, void *data, struct err *err);
/* Compares a plain hash with a stored one. */
bool history_hash_same(struct history *h, const unsigned char plain[HISTORY_HASH],
	const unsigned char stored[HISTORY_HASH]);

/* Servers that a person accepted, by the hash of their claims. */
bool history_trust(struct history *h, const unsigned char tuple[HISTORY_HASH], struct span name,
	struct span argv_json, struct span scope_json, struct span by, int64_t at_us,
	struct err *err);
bool history_trusted(
	struct history *h, const unsigned char tuple[HISTORY_HASH], bool *yes, struct err *err);

/* What a person accepted, or was seen first, beside servers: `kind` is ours ("task", "tool"), key
 * and value are bytes. Values are lent to the callback. */
bool history_remember(struct history *h, const char *kind, struct span key, struct span value,
	struct span by, int64_t at_us, struct err *err);
typedef void history_memory(void *data, struct span key, struct span value);
bool history_remembered(
	struct history *h, const char *kind, history_memory *each, void *data, struct err *err);

/* What a call would have done, as JSON (core/effects/effect.h). The text is the caller's; *out is
 * left empty if there is none. */
bool history_effects_add(struct history *h, int64_t number, struct span json, struct err *err);
bool history_effects(struct history *h, int64_t number, struct buf *out, struct err *err);

/* Who asked, as JSON: labels for a person (ipc/PROTOCOL.md, `client`). As the effects above. */
bool history_who_add(struct history *h, int64_t number, struct span json, struct err *err);
bool history_who(struct history *h, int64_t number, struct buf *out, struct err *err);

/* What a person made of a call's arguments: texts are JSON, absent where they are not kept. Edited
 * again, the row has the client's and the last ones. */
struct history_edit {
	int64_t number; /* of the call */
	struct span by;
	int64_t at_us;
	struct span proposed, effective;
	/* of the call from now on; plain, keyed when stored */
	unsigned char bytes[HISTORY_HASH], same[HISTORY_HASH];
	struct span target;
};
/* Replaces bytes, same and target of the call, and keeps both arguments beside it. */
bool history_edit(struct history *h, const struct history_edit *edit, struct err *err);
/* Lent to the callback, without hashes and target; not called if the call was never edited. */
typedef void history_edit_row(void *data, const struct history_edit *edit);
bool history_edited(
	struct history *h, int64_t number, history_edit_row *each, void *data, struct err *err);

/* The calls of the same session right before and after one; 0: there is none. */
bool history_neighbours(struct history *h, int64_t session, int64_t number, int64_t *before,
	int64_t *after, struct err *err);

/* One row, and those since a time, oldest first. */
bool history_numbered(
	struct history *h, int64_t number, history_row *each, void *data, struct err *err);
bool history_since(
	struct history *h, int64_t since_us, history_row *each, void *data, struct err *err);

/* Processes that were ever the parent of a gate: never consoles. Adding one removes those of other
 * boots. */
bool history_asker_add(
	struct history *h, int64_t pid, int64_t start, struct span boot, struct err *err);
typedef bool history_asker(void *data, int64_t pid, int64_t start);
bool history_askers(
	struct history *h, struct span boot, history_asker *each, void *data, struct err *err);

/* For a worker thread: makes what is committed survive a power failure (fdatasync of the WAL,
 * without the write lock), and moves the WAL into the database through a connection of its own.
 * Both are safe beside the writer, whom the second keeps out for two short syncs when a log of more
 * than 4 MiB begins anew; call it about once a second while there are commits, and once when they
 * end. */
bool history_sync_file(const char *path, struct err *err);
bool history_checkpoint_file(const char *path, struct err *err);

/* Reads a file through without a broker, and without changing it. `go_on` is asked again and again
 * whether there is time left. *err says what is wrong with a damaged one (or none of ours, or of a
 * newer bascule). */
enum history_health {
	HISTORY_SOUND,
	HISTORY_PARTLY, /* there was not time for all of it; nothing wrong was met */
	HISTORY_OLDER, /* of an older bascule: the next broker brings it up */
	HISTORY_DAMAGED,
};
enum history_health history_examine(
	const char *path, bool (*go_on)(void *data), void *data, struct err *err);

#endif
