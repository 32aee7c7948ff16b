/*
 * Owns the look for literals: every three bytes of the text, folded, are looked up in a table of
 * 32 KiB that stays in the fastest cache, six positions for one load; only where it is marked is a
 * literal compared. The three bytes of a literal are the rarest that it has in ordinary text.
 * Called by secret.c.
 */
#include "config.h"

#include "core/policy/secret_gate.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

static const uint64_t fold = UINT64_C(0x2020202020202020);

static unsigned key_of(uint64_t three)
{
	return (uint32_t)(three & 0xffffff) * UINT32_C(2654435761) >> (32 - GATE_BITS);
}

static uint64_t load(const char *at, size_t len)
{
	uint64_t word = 0;
	memcpy(&word, at, len);
	return le64toh(word) | fold;
}

/* From common to rare in source and prose; what is not listed is rarest. */
static unsigned rarity(char c)
{
	static const char common[] = " -etaoinsrlcdupmfhgby_.vwkx\"'(),;:=*/";
	const char *at = strchr(common, c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	return at ? (unsigned)(at - common) : (unsigned)sizeof(common);
}

static size_t rarest(struct span literal)
{
	size_t best = 0;
	unsigned most = 0;
	for (size_t i = 0; i + 3 <= literal.len; i++) {
		unsigned sum = rarity(literal.at[i]) + rarity(literal.at[i + 1]) +
			rarity(literal.at[i + 2]);
		if (sum > most) {
			most = sum;
			best = i;
		}
	}
	return best;
}

void gate_add(struct secret_gate *gate, struct span literal, bool any_case, unsigned rule)
{
	assert(literal.len >= 3 && gate->count < GATE_LITERALS_MAX);
	size_t key_at = rarest(literal);
	unsigned key = key_of(load(literal.at + key_at, 3));
	gate->literals[gate->count] = (struct gate_literal){
		.text = literal.at,
		.len = (uint16_t)literal.len,
		.key = (uint16_t)key_at,
		.rule = (uint16_t)rule,
		.next = gate->first[key],
		.any_case = any_case,
	};
	gate->marked[key] = 1;
	gate->first[key] = (uint16_t)++gate->count;
}

static bool stands(const struct gate_literal *l, const char *at)
{
	if (!l->any_case) {
		return !memcmp(at, l->text, l->len);
	}
	for (size_t i = 0; i < l->len; i++) {
		char c = at[i] >= 'A' && at[i] <= 'Z' ? (char)(at[i] | 0x20) : at[i];
		if (c != l->text[i]) {
			return false;
		}
	}
	return true;
}

static bool look(const struct secret_gate *gate, struct span text, size_t at, unsigned key,
	gate_hit *hit, void *data)
{
	for (unsigned i = gate->first[key]; i; i = gate->literals[i - 1].next) {
		const struct gate_literal *l = &gate->literals[i - 1];
		if (at >= l->key && text.len - (at - l->key) >= l->len &&
			stands(l, text.at + at - l->key) && !hit(data, l->rule, at - l->key)) {
			return false;
		}
	}
	return true;
}

void gate_scan(const struct secret_gate *gate, struct span text, gate_hit *hit, void *data)
{
	const uint8_t *marked = gate->marked;
	size_t at = 0;
	for (; text.len - at >= 8; at += 6) {
		uint64_t w = load(text.at + at, 8);
		unsigned key[6] = { key_of(w), key_of(w >> 8), key_of(w >> 16), key_of(w >> 24),
			key_of(w >> 32), key_of(w >> 40) };
		if (!(marked[key[0]] | marked[key[1]] | marked[key[2]] | marked[key[3]] |
			    marked[key[4]] | marked[key[5]])) {
			continue;
		}
		for (size_t i = 0; i < 6; i++) {
			if (marked[key[i]] && !look(gate, text, at + i, key[i], hit, data)) {
				return;
			}
		}
	}
	for (; text.len - at >= 3; at++) {
		unsigned key = key_of(load(text.at + at, 3));
		if (marked[key] && !look(gate, text, at, key, hit, data)) {
			return;
		}
	}
}
