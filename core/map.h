/* A small hash map from byte strings to pointers; keys are copied, values are the caller's.
 * Zero-initialised is empty. */
#ifndef BASCULE_CORE_MAP_H
#define BASCULE_CORE_MAP_H

#include "core/base.h"

struct map {
	struct map_node **buckets;
	size_t bucket_count, count;
};

void map_finish(struct map *map); /* values are not touched */
void *map_get(const struct map *map, struct span key); /* NULL: not there */
void map_put(struct map *map, struct span key, void *value); /* replaces */
void *map_take(struct map *map, struct span key); /* removes and returns, NULL: not there */

/* Visits every pair in no particular order; the map must not change meanwhile. */
void map_each(
	const struct map *map, void (*visit)(void *data, struct span key, void *value), void *data);

#endif
