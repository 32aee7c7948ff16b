/* The parts of a call that are kept beside its row: their names and bounds, for all who make, store
 * or print them. */
#ifndef BASCULE_CORE_STORE_PART_H
#define BASCULE_CORE_STORE_PART_H

#include <stddef.h>

/* id, name in JSON and in `part`, bytes that are kept at most: head and tail of what is longer */
#define STORE_PARTS(X) \
	X(ARGUMENTS, "arguments", 65536) \
	X(EFFECTIVE, "effective", 65536) \
	X(RESULT, "result", 16384) \
	X(DIFF, "diff", 65536) \
	X(DECISION, "decision", 8192)

enum store_part {
#define X(id, name, most) STORE_##id,
	STORE_PARTS(X)
#undef X
		STORE_PART_COUNT
};

static inline const char *store_part_name(enum store_part part)
{
	static const char *const names[STORE_PART_COUNT] = {
#define X(id, name, most) [STORE_##id] = name,
		STORE_PARTS(X)
#undef X
	};
	return names[part];
}

/* Bytes that are kept of it. */
static inline size_t store_part_most(enum store_part part)
{
	static const size_t most_of[STORE_PART_COUNT] = {
#define X(id, name, most) [STORE_##id] = (most),
		STORE_PARTS(X)
#undef X
	};
	return most_of[part];
}

#endif
