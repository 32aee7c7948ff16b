/* Chained buckets that double; enough for the tables of pending ids and calls. */
#include "config.h"

#include "core/map.h"

#include <stdlib.h>
#include <string.h>

struct map_node {
	struct map_node *next; /* map.buckets */
	uint64_t hash;
	void *value;
	size_t len;
	char key[];
};

static uint64_t hash_key(struct span key)
{
	uint64_t h = 1469598103934665603u;
	for (size_t i = 0; i < key.len; i++) {
		h = (h ^ (unsigned char)key.at[i]) * 1099511628211u;
	}
	return h ^ (h >> 29);
}

static struct map_node **find(const struct map *map, struct span key, uint64_t hash)
{
	struct map_node **link = &map->buckets[hash & (map->bucket_count - 1)];
	while (*link &&
		!((*link)->hash == hash && (*link)->len == key.len &&
			memcmp((*link)->key, key.at, key.len) == 0)) {
		link = &(*link)->next;
	}
	return link;
}

static void grow(struct map *map)
{
	size_t count = map->bucket_count ? map->bucket_count * 2 : 16;
	struct map_node **buckets = xcalloc(count, sizeof(struct map_node *));
	for (size_t i = 0; i < map->bucket_count; i++) {
		struct map_node *node = map->buckets[i];
		while (node) {
			struct map_node *next = node->next;
			node->next = buckets[node->hash & (count - 1)];
			buckets[node->hash & (count - 1)] = node;
			node = next;
		}
	}
	free(map->buckets);
	map->buckets = buckets;
	map->bucket_count = count;
}

void map_finish(struct map *map)
{
	for (size_t i = 0; i < map->bucket_count; i++) {
		struct map_node *node = map->buckets[i];
		while (node) {
			struct map_node *next = node->next;
			free(node);
			node = next;
		}
	}
	free(map->buckets);
	*map = (struct map){ 0 };
}

void *map_get(const struct map *map, struct span key)
{
	if (!map->count) {
		return NULL;
	}
	struct map_node *node = *find(map, key, hash_key(key));
	return node ? node->value : NULL;
}

void map_put(struct map *map, struct span key, void *value)
{
	uint64_t hash = hash_key(key);
	if (map->count >= map->bucket_count) {
		grow(map);
	}
	struct map_node **link = find(map, key, hash);
	if (*link) {
		(*link)->value = value;
		return;
	}
	struct map_node *node = xmalloc(sizeof(*node) + key.len);
	*node = (struct map_node){ .hash = hash, .value = value, .len = key.len };
	memcpy(node->key, key.at, key.len);
	*link = node;
	map->count++;
}

void *map_take(struct map *map, struct span key)
{
	if (!map->count) {
		return NULL;
	}
	struct map_node **link = find(map, key, hash_key(key));
	struct map_node *node = *link;
	if (!node) {
		return NULL;
	}
	void *value = node->value;
	*link = node->next;
	free(node);
	map->count--;
	return value;
}

void map_each(
	const struct map *map, void (*visit)(void *data, struct span key, void *value), void *data)
{
	for (size_t i = 0; i < map->bucket_count; i++) {
		for (struct map_node *node = map->buckets[i]; node; node = node->next) {
			visit(data, (struct span){ node->key, node->len }, node->value);
		}
	}
}
