/*
 * What is old enough to go: calls are removed from the oldest on, never an open one, never the
 * latest, and none that is younger than an hour. The seals stay (core/seal.h), and so do events.
 *
 * Each step is short and on a connection of its own, so that no call waits for it. What is freed is
 * used again by what comes; the files do not shrink.
 */
#ifndef BASCULE_CORE_PRUNE_H
#define BASCULE_CORE_PRUNE_H

#include "core/store.h"

enum { PRUNE_STEP = 200 /* calls; a millisecond or two */ };

struct prune_want {
	int64_t now_us;
	int64_t keep_us; /* calls that came before now - keep_us go; 0: none for their age */
	int64_t keep_bytes; /* of what both databases hold; 0: no bound */
};

/* Up to which number calls may go: those below *below; 0: none, or nothing new. */
bool prune_plan(const char *log, const char *detail, const struct prune_want *want, int64_t *below,
	struct err *err);
/* What was said in a sealed event: calls below it may be removed. */
bool prune_said(const char *detail, int64_t *below, struct err *err);
/* Removes the oldest PRUNE_STEP calls of those from log.db. *more: there are others. */
bool prune_log(const char *log, int64_t below, bool *more, struct err *err);
/* The same of what belongs to them, inside a transaction of the writer. */
bool prune_detail(struct store *store, int64_t below, bool *more, struct err *err);

#endif
