/*
 * Which members of two rows of numbers correspond: the shortest edit between them, within a budget.
 * Knows nothing of text; core/diff.c numbers the lines.
 *
 * Source: E. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), the greedy forward
 * form.
 */
#ifndef BASCULE_CORE_MATCH_H
#define BASCULE_CORE_MATCH_H

#include "core/base.h"

struct match_side {
	const uint32_t *ids; /* equal numbers are equal lines; each below `kinds` */
	size_t count;
	bool *changed; /* out: has no partner; zeroed by the caller */
};

/*
 * Marks what changed. What is left unmarked on the two sides is equal, in order, one to one.
 * False if `budget` steps did not do: then everything between the common head and tail is marked.
 */
bool match_sides(struct match_side *old, struct match_side *new, size_t kinds, size_t budget);

#endif
