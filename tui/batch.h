/*
 * The marked calls as they were when they were listed: a frozen set, named by id and revision.
 * Pure. What changes or leaves afterwards is left out, never put in.
 */
#ifndef BASCULE_TUI_BATCH_H
#define BASCULE_TUI_BATCH_H

#include "tui/model.h"

struct batch_entry {
	char *call;
	int64_t revision;
	/* why it is not decided with the others, in our own words; NULL: it is */
	const char *left_out;
	const char *not_approved; /* the same for an approval alone */
};

struct batch {
	struct batch_entry *list;
	size_t count;
	uint64_t stamp; /* new whenever the listing is; 0: nothing is listed */
};

void batch_make(struct batch *batch, struct model *model); /* of what is marked now */
void batch_finish(struct batch *batch); /* zero-initialised is ready */
/* Leaves out what is not as it was listed. True: the listing has changed. */
bool batch_check(struct batch *batch, struct model *model);
/* How many would be decided. */
size_t batch_size(const struct batch *batch, bool approve);

#endif
