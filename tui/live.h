/* The grants that are in force, as the broker listed them last. Pure: JSON in, records out. */
#ifndef BASCULE_TUI_LIVE_H
#define BASCULE_TUI_LIVE_H

#include "core/base.h"

struct live_grant {
	int64_t id, number, used;
	int64_t uses_left, seconds_left; /* -1: no end of that kind */
	char *words, *server, *by; /* NULL: not said */
};

struct live {
	struct live_grant *list;
	size_t count;
	int64_t selected; /* id, 0: none */
	bool asked; /* the answer is not in yet */
	char *why; /* why there is no list, in the broker's words */
	int64_t painted; /* the one that the last frame showed as selected, 0: none */
	size_t top;
};

void live_finish(struct live *live); /* zero-initialised is ready */
/* The result of `grants`. The selection stays on its grant; when that is gone, near its place. */
void live_read(struct live *live, struct span json);
size_t live_index(const struct live *live); /* of the selected one; `count` if there is none */

#endif
