/*
 * The calls of log.db that fit a filter (core/query.h): what `bascule history FILTER` and the
 * console's history view ask. Terms become conditions of one statement with bound values; free
 * words are looked up in the index first, where there is one.
 *
 * Words beside those of the queue: `by:` is who decided (`me`, `rule`, `grant`, or part of a name),
 * `since:` and `before:` are times, `took:>2s` and `took:<100ms` how long it ran, `id:` and
 * `session:` numbers, `repo:` part of the directory.
 */
#ifndef BASCULE_CORE_HISTORY_FILTER_H
#define BASCULE_CORE_HISTORY_FILTER_H

#include "core/history.h"
#include "core/query.h"
#include "core/search.h"

struct history_filter {
	const struct query *query;
	int64_t now_us;
	const char *me; /* the user's name: decisions by NAME@... are `by:me` */
	/* reads a time as people write it; false: it is none */
	bool (*when)(struct span text, int64_t now_us, int64_t *at_us);
	const char *when_expected; /* in words, for the error */
};

/* Does every value say something? False: err says what is wrong and at which character ("at N: ").
 */
bool history_filter_check(const struct history_filter *filter, struct err *err);

/* The latest `limit` calls below `before` that fit, oldest first. `search` may be NULL. */
bool history_filter_latest(struct history *h, struct search *search,
	const struct history_filter *filter, int64_t before, int64_t limit, history_row *each,
	void *data, struct err *err);

#endif
