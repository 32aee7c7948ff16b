/*
 * search.db: an index that says in which calls a text may stand. It holds no text, only which
 * groups of three characters each call has (FTS5, trigram, detail=none: 500 bytes a call where
 * words alone take 180 and find no parts of paths, and positions take 2100). What it names has
 * still to be read and compared; what it does not name, up to its reach, has not all the words.
 *
 * Everything in it can be had again from log.db and detail.db: a missing, damaged or older file is
 * begun anew. SQLite in WAL mode, 0600. Texts are redacted before they come here. One writer, on
 * a worker thread; readers open it by themselves. No clock and no loop in here.
 *
 * Every function that can fail says why in err (code DIAG_HISTORY).
 */
#ifndef BASCULE_CORE_SEARCH_H
#define BASCULE_CORE_SEARCH_H

#include "core/base.h"
#include "core/history.h"

enum { SEARCH_VERSION = 1, SEARCH_BUSY_MS = 250, SEARCH_BATCH = 1000 };

struct search;

/* A writer makes the file (0600), anew if it is damaged or of another version. A reader gets NULL
 * with err->code DIAG_NONE if there is none that it can use: it reads the calls themselves then. */
struct search *search_open(const char *path, bool readonly, struct err *err);
void search_close(struct search *s);

/* The highest number that is in it; 0: none. */
bool search_reach(struct search *s, int64_t *number, struct err *err);

typedef bool search_number(void *data, int64_t number); /* false: enough */

/* The calls with a number below `before` and within reach that may contain all the words, newest
 * first: a word is some bytes in a row, whatever the case, plain text without any syntax. *narrow
 * false: no word has three characters in a row, nothing was asked, any call may have them. */
bool search_find(struct search *s, const struct span *words, size_t count, int64_t before,
	search_number *each, void *data, bool *narrow, struct err *err);

/* ---- the writer ---- */

bool search_begin(struct search *s, struct err *err);
bool search_commit(struct search *s, struct err *err);
void search_rollback(struct search *s);
/* Enters a call that arrived at that time, and moves the reach there. One that may still change
 * (`open`) is named by every search until it is entered again without. Bytes that are no UTF-8,
 * and NUL, stand for themselves alone: the rest stays searchable. */
bool search_add(struct search *s, int64_t number, int64_t arrived_us, struct span text, bool open,
	struct err *err);
/* Those that were entered open, oldest first. */
bool search_open_calls(struct search *s, search_number *each, void *data, struct err *err);
/* Forgets an open call that is not there any more. */
bool search_forget(struct search *s, int64_t number, struct err *err);

/* When the call that the reach stands at arrived; 0: nothing is in it. */
bool search_reach_time(struct search *s, int64_t *arrived_us, struct err *err);
/* Throws all of it away, outside a transaction. */
bool search_reset(struct search *s, struct err *err);
/* Damage was met, by this handle or a reader since: everything else fails until search_reset. */
bool search_is_damaged(const struct search *s);

#endif
