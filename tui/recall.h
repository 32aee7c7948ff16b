/* Lines that were typed earlier, for the arrows in a prompt. Pure; nothing is kept on disk. */
#ifndef BASCULE_TUI_RECALL_H
#define BASCULE_TUI_RECALL_H

#include "core/buf.h"

enum { RECALL_MOST = 50 };

struct recall {
	char *lines[RECALL_MOST]; /* oldest first, none twice */
	size_t count;
	size_t at; /* the one that stands in the prompt; count: the person's own line */
	struct buf own; /* that line, while an earlier one stands there */
};

void recall_finish(struct recall *recall);
void recall_begin(struct recall *recall); /* a prompt opens */
void recall_add(struct recall *recall, struct span line); /* it was submitted; nothing for "" */
/* What stands there instead of `line`: the one before it (older) or after it. False: there is none.
 * Borrowed until the next call. */
bool recall_step(struct recall *recall, bool older, struct span line, struct span *other);

#endif
