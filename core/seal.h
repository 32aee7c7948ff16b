/*
 * The chain of seals in detail.db: what was recorded cannot be edited, removed or slipped in later
 * without this being seen.
 *
 * A seal is the SHA-256 of a record, and the SHA-256 of that seal and the one before. Kinds:
 *   "call"    a call that has ended: its whole row in log.db, its effects, who asked, what a person
 *             edited, its parts in detail.db (texts and their hashes), and its session's row
 *   "opened"  a call that has not ended one second after it came: its number, method, tool, era,
 *             direction and arrival, which no later step changes; "call" follows when it ends
 *   "late-P"  the part P of detail.db that came after its call was sealed
 *   "event"   a row of the events
 *   "cut"     said by the sealer itself: it found the calls above this number gone
 *
 * Not covered: of a session its end, counts of ungated methods, and a client's name that came after
 * the call was sealed; accepted servers and definitions; known askers; files as they were before a
 * call wrote them; the search index, which is made from what is covered.
 *
 * Calls are sealed about a second after their end, so what is recorded in the last second before a
 * broker dies is sealed when the next one starts; until then a change to it is not seen. Calls of
 * before there were seals are sealed as they are found then.
 *
 * The hashes have no key: who may write all files of the state directory, and takes the trouble,
 * can make a new chain. The heads that are kept beside it (core/heads.h), or a head that was noted
 * elsewhere, show this.
 */
#ifndef BASCULE_CORE_SEAL_H
#define BASCULE_CORE_SEAL_H

#include "core/heads.h"
#include "core/history.h"
#include "core/store.h"

enum { SEAL_SETTLE_US = 1000000, SEAL_BREAKS_MAX = 100 };

/* Places in detail.db (store_place). */
#define SEAL_PLACE_CALLS \
	"sealed_calls" /* calls up to this number have a seal; the schema reads it */
#define SEAL_PLACE_EVENTS "sealed_events"
#define SEAL_PLACE_CUTS "cuts" /* how often calls were found gone */
/* Calls below this number may have been removed by retention, which says so beforehand in an event
 * of kind "retention", {"below":N}. */
#define SEAL_PLACE_RETENTION "retention"

struct seal_pass {
	int64_t sealed; /* seals that were added */
	bool more; /* `most` were added, others wait */
	bool soon; /* others have not settled yet */
	bool cut; /* calls that were sealed are gone */
	struct store_seal head; /* the last of the chain; seq 0: there is none */
};

/* Seals what has settled, `most` records at most, inside the transaction of `detail` that is open:
 * calls that ended, or that are open and came, no later than `settled_us`, which is now_us -
 * SEAL_SETTLE_US unless nothing can come any more. The caller sees to it that what belongs to them
 * is written, and that log.db is on the disk. `log` is a reader's handle of this thread. A failure
 * leaves the chain, and what else is in the transaction, as it was. */
bool seal_catch_up(struct history *log, struct store *detail, int64_t now_us, int64_t settled_us,
	int64_t most, struct seal_pass *pass, struct err *err);

/* Before anything is put beside calls: `last` is the highest number in log.db, 0 if it is empty. If
 * calls above it were sealed, their numbers begin anew: a "cut" is sealed, and what lies beside
 * them is kept under their negative numbers. Inside a transaction, as above. */
bool seal_begin(struct store *detail, int64_t now_us, int64_t last, struct seal_pass *pass,
	struct err *err);

/* id, name in JSON */
#define SEAL_BREAKS(X) \
	X(CHANGED, "changed") /* what was sealed is not as it was */ \
	X(REMOVED, "removed") /* what was sealed is gone */ \
	X(UNSEALED, "unsealed") /* a row among sealed ones that never was */ \
	X(LINK, "link") /* a seal does not follow from the one before */ \
	X(GAP, "gap") /* seals `seq` to `to` are missing */ \
	X(CUT, "cut") /* calls `number` to `to` were gone when `seq` was written */ \
	X(HEAD, "head") /* seal `seq` is another one than the heads saw */ \
	X(END, "end") /* the chain ends at `number`, the heads saw `seq` */ \
	X(NO_HEADS, "no-heads") /* the heads are gone */ \
	X(NOTED, "noted") /* no seal has the hash that was noted */ \
	X(NO_LOG, "no-log") /* log.db is gone, the chain has `seq` seals */ \
	X(NO_DETAIL, "no-detail") /* detail.db is gone, the heads saw seal `seq` (0: began) */ \
	X(RETENTION, "retention") /* no sealed event speaks of the removal below `number` */ \
	X(KIND, "kind") /* a seal of a kind that is not known */

enum seal_break_kind {
#define X(id, name) SEAL_BREAK_##id,
	SEAL_BREAKS(X)
#undef X
};

struct seal_break {
	enum seal_break_kind kind;
	bool event; /* `number` is that of an event, not of a call */
	int64_t seq, at_us, number, to; /* 0: does not apply */
};

struct seal_report {
	int64_t seals, first_us, last_us; /* of the chain */
	struct hash head;
	int64_t calls, open, events; /* as they were sealed; `open`: their end is not sealed yet */
	int64_t gone; /* calls that retention removed */
	int64_t young_calls, young_events, oldest_us; /* newer than the last seal */
	int64_t late; /* calls that were sealed more than an hour after their end */
	struct seal_break breaks[SEAL_BREAKS_MAX]; /* the first ones, as they are met */
	size_t break_count;
	int64_t break_total;
};

const char *seal_break_name(enum seal_break_kind kind);

/* Walks the chain and everything that it covers. `heads` as read from their file, NULL: there is
 * none. `noted`: the hash of a head that somebody wrote down, or NULL. Both handles are readers'.
 * False: something could not be read. */
bool seal_verify(struct history *log, struct store *detail, const struct heads *heads,
	const struct hash *noted, struct seal_report *report, struct err *err);

#endif
