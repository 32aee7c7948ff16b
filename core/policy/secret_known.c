/*
 * Owns the known values. Neither they nor a part of them are kept, only hashes under a key that the
 * caller made: of the first eight bytes, by which a place is found in one pass, and of the whole,
 * which confirms it. Called by secret.c.
 */
#include "config.h"

#include "core/policy/secret_known.h"

#include <stdlib.h>
#include <string.h>

enum { COMPARED_MAX = 4096 }; /* in one scan; a text has to be made for it to need more */

void known_init(struct secret_known *known, const unsigned char key[HASH_BYTES])
{
	memset(known, 0, sizeof(*known));
	memcpy(known->key, key, HASH_BYTES);
	memcpy(&known->mask, key, sizeof(known->mask));
	memcpy(&known->factor, key + sizeof(known->mask), sizeof(known->factor));
	known->factor |= 1;
}

void known_forget(struct secret_known *known)
{
	for (size_t i = 0; i < known->count; i++) {
		free(known->values[i].name);
	}
	memset(known->values, 0, sizeof(known->values));
	memset(known->first, 0, sizeof(known->first));
	known->count = 0;
}

static inline uint64_t head_of(const struct secret_known *known, const char *at)
{
	uint64_t word;
	memcpy(&word, at, sizeof(word));
	return (word ^ known->mask) * known->factor;
}

static struct hash keyed(const struct secret_known *known, struct span value)
{
	struct hash plain = hash_of(value), out;
	hash_keyed(known->key, plain.byte, out.byte);
	return out;
}

static const struct known_value *find(
	const struct secret_known *known, uint64_t head, struct span rest, size_t *compared)
{
	for (unsigned i = known->first[head >> (64 - KNOWN_BITS)]; i;
		i = known->values[i - 1].next) {
		const struct known_value *v = &known->values[i - 1];
		if (v->head != head || v->len > rest.len) {
			continue;
		}
		struct hash hash = keyed(known, (struct span){ rest.at, v->len });
		++*compared;
		if (hash_same(&hash, &v->hash)) {
			return v;
		}
	}
	return NULL;
}

void known_add(struct secret_known *known, const char *name, struct span value)
{
	size_t compared = 0;
	value.len = value.len < KNOWN_LONGEST ? value.len : KNOWN_LONGEST;
	if (value.len < KNOWN_SHORTEST || known->count == KNOWN_MAX) {
		return;
	}
	uint64_t head = head_of(known, value.at);
	const struct known_value *same = find(known, head, value, &compared);
	if (same && same->len == value.len) {
		return;
	}
	uint16_t *first = &known->first[head >> (64 - KNOWN_BITS)];
	known->values[known->count] = (struct known_value){
		.name = xstrdup(name),
		.len = value.len,
		.head = head,
		.hash = keyed(known, value),
		.next = *first,
	};
	*first = (uint16_t)++known->count;
}

bool known_scan(const struct secret_known *known, struct span text, known_hit *hit, void *data)
{
	size_t compared = 0;
	if (!known->count) {
		return true;
	}
	for (size_t at = 0; at + KNOWN_SHORTEST <= text.len; at++) {
		uint64_t head = head_of(known, text.at + at);
		if (!known->first[head >> (64 - KNOWN_BITS)]) {
			continue;
		}
		struct span rest = { text.at + at, text.len - at };
		const struct known_value *v = find(known, head, rest, &compared);
		if (v) {
			hit(data, v->name, at, v->len);
			at += v->len - 1;
		}
		if (compared > COMPARED_MAX) {
			return false;
		}
	}
	return true;
}
