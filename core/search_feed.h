/*
 * What search.db is made of, and how it is asked together with the calls that it does not reach:
 * between core/search.h, which knows no calls, and core/history.h, which knows no index.
 */
#ifndef BASCULE_CORE_SEARCH_FEED_H
#define BASCULE_CORE_SEARCH_FEED_H

#include "core/history.h"
#include "core/search.h"

/* A call is entered once it has ended and its texts have had time to come; one that does not end
 * keeps those behind it out no longer than this, and is entered open. */
enum { SEARCH_SETTLE_US = 2000000, SEARCH_WAIT_US = 60000000 };

/* Enters SEARCH_BATCH calls at most, in one transaction. *more: there are others that could be;
 * *soon: others wait for their end or their texts.
 * An index that is damaged, or of another log.db, is thrown away and begun anew. `h` is a reader's
 * handle of the thread that calls this. A failure leaves the index as it was. */
bool search_catch_up(struct search *s, struct history *h, int64_t now_us, bool *more, bool *soon,
	struct err *err);

/* As history_latest, newest calls first in the asking and oldest first in the telling: those within
 * reach by the index, the newer ones by reading them. `s` may be NULL: all by reading. */
bool search_latest(struct search *s, struct history *h, struct span text, int64_t before,
	int64_t limit, history_row *each, void *data, struct err *err);

#endif
