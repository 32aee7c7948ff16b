/*
 * What bascule changed in the user's files, so that all of it can be undone byte for byte. A change
 * is in the journal, on the disk, before the file is touched: a crash leaves an entry that undoing
 * can tell from one that was done.
 *
 * STATE/init.journal, 0600, one JSON object a line. The first line of an entry says everything:
 *   {"id","time","state":"begun","agent","what","path","file","there","existed","mode",
 *    "before":{"size","sha256","bytes"},"after":{"size","sha256"}}
 * `path` is what was named, `file` what it leads to behind links, `there` the nearest directory
 * that was there, "bytes" base64. Later lines of the same id say {"id","time","state"} with "done"
 * or "undone". When nothing is left to undo the file is emptied.
 */
#ifndef BASCULE_IPC_JOURNAL_H
#define BASCULE_IPC_JOURNAL_H

#include "ipc/replace.h"

enum { JOURNAL_MAX = 64 << 20 }; /* bytes of it; then it must be undone first */

#define JOURNAL_STATES(X) X(BEGUN, "begun") X(DONE, "done") X(UNDONE, "undone")

enum journal_state {
#define X(id, name) JOURNAL_##id,
	JOURNAL_STATES(X)
#undef X
};

struct journal_entry {
	enum journal_state state;
	char *id;
	char *time; /* UTC, "2026-11-23T13:40:12Z" */
	char *agent; /* whose file it is */
	char *what; /* in words */
	char *added; /* what take_out needs, the caller's own form; NULL: only the bytes count */
	char *path, *file, *there; /* see struct replace */
	bool existed;
	mode_t mode;
	bool kept; /* `before` is there */
	struct buf before;
	struct hash before_hash, after_hash;
	int64_t before_size, after_size;
};

/* A line that is not understood; the others count. */
struct journal_broken {
	size_t line; /* from 1 */
	const char *why; /* static text */
};

/* Opaque but for what it holds, oldest first; borrowed until the next call. */
struct journal {
	char *path;
	int fd, lock; /* -1: read only */
	size_t size; /* of the file */
	bool torn; /* it ends within a line */
	struct journal_entry *entries;
	size_t count, cap;
	struct journal_broken *broken;
	size_t broken_count, broken_cap;
};

/* Opens the journal of a state directory for changing, made if it is not there. DIAG_JOURNAL_BUSY
 * if another process has it, with who that is. journal_close it in any case. */
bool journal_open(struct journal *j, const char *state, struct err *err);
/* For looking only: takes no lock and makes nothing; without a journal it is empty. */
bool journal_look(struct journal *j, const char *state, struct err *err);
void journal_close(struct journal *j);

struct journal_note {
	const char *agent, *what;
	const char *added; /* may be NULL */
	bool without_bytes; /* keep `added` alone: the file is the agent's, and holds more than ours
			     */
};
/* Replaces the file with an entry before and a mark behind. If `bytes` are what the file holds
 * there is nothing to do or note. False: the file is as it was. */
bool journal_write(struct journal *j, struct replace *r, struct span bytes,
	const struct journal_note *note, struct err *err);

/* id, what became of an entry that was to be undone, in words */
#define JOURNAL_FATES(X) \
	X(RESTORED, "is again what it was") \
	X(REMOVED, "was new, and is removed") \
	X(TAKEN_OUT, "has what was added taken out, and keeps what was changed since") \
	X(UNTOUCHED, "is what it was already") \
	X(CHANGED, "was changed since, and is left as it is") \
	X(FAILED, "could not be put back")

enum journal_fate {
#define X(id, words) JOURNAL_##id,
	JOURNAL_FATES(X)
#undef X
};
const char *journal_fate_words(enum journal_fate fate);

struct journal_undoing {
	/* `todo` says what to do about one that is left or failed; "" for the others. */
	void (*told)(void *data, const struct journal_entry *entry, enum journal_fate fate,
		const char *todo);
	/* For an entry with `added` whose file is not what we left, or whose bytes were not kept:
	 * appends the file without what was added. False with *err: it is left. May be NULL. */
	bool (*take_out)(void *data, const struct journal_entry *entry, struct span now,
		struct buf *out, struct err *err);
	void *data;
};

/* Undoes what is not undone, newest first. False with *err if something is left or the journal
 * cannot be written; what could be undone is. */
bool journal_undo(struct journal *j, const struct journal_undoing *how, struct err *err);

#endif
