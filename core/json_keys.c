/*
 * Are two keys of one object the same after unescaping? Eight bytes of hash a key answer that
 * without a copy of any key. Two different keys with one hash refuse the text as well: that fails
 * closed, is never met by accident (a million keys: 1 in 37 million), and a sender who arranges for
 * it refuses only itself. So the hash needs no secret.
 *
 * Few keys are compared in pairs. Many are radix-sorted: linear whatever the keys are, where a
 * hash table or a quicksort could be made quadratic by a hostile sender.
 */
#include "config.h"

#include "core/json_keys.h"
#include "core/json_text.h"
#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { FEW = 40, KEPT = 4096, DIGITS = 8, RADIX = 256 };

/* Every bit of word and hash reaches every bit of the result (MurmurHash3's finaliser): with less,
 * numbered keys of one pattern do share hashes. */
static inline uint64_t mix(uint64_t hash, uint64_t word)
{
	hash ^= word;
	hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
	hash = (hash ^ hash >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return hash ^ hash >> 33;
}

static inline uint64_t load8(const char *at)
{
	uint64_t word;
	memcpy(&word, at, sizeof(word));
	return word;
}

static inline uint64_t load4(const char *at)
{
	uint32_t word;
	memcpy(&word, at, sizeof(word));
	return word;
}

/* Up to 7 bytes as one word, without reading behind them. */
static inline uint64_t load_short(const char *at, size_t len)
{
	const unsigned char *byte = (const unsigned char *)at;
	if (len >= 4) {
		return load4(at) << 32 | load4(at + len - 4);
	}
	return len ? (uint64_t)byte[0] << 16 | (uint64_t)byte[len / 2] << 8 | byte[len - 1] : 0;
}

/* The last two words overlap those before them, so that no length needs a loop over bytes. */
static uint64_t hash_of_key(const char *at, size_t len)
{
	uint64_t hash = len * UINT64_C(0x9e3779b97f4a7c15);
	if (len < 8) {
		return mix(hash, load_short(at, len));
	}
	const char *last = at + len - 8;
	for (; at < last; at += 8) {
		hash = mix(hash, load8(at));
	}
	return mix(hash, load8(last));
}

/* Decodes behind the hashes that are kept: the decoded text is never longer than the raw. */
static uint64_t hash_escaped(struct json_scan *scan, struct span key)
{
	size_t words = key.len / sizeof(*scan->hashes) + 1;
	scan->hashes = xgrow(
		scan->hashes, &scan->hash_cap, scan->hash_count + words, sizeof(*scan->hashes));
	char *text = (char *)(scan->hashes + scan->hash_count);
	const unsigned char *at = (const unsigned char *)key.at, *end = at + key.len;
	size_t len = 0;
	while (at < end) {
		uint32_t code = 0;
		size_t escape = *at == '\\' ? json_escape(at, end, &code) : 0;
		if (escape) {
			char one[4];
			size_t count = utf8_put(code, one);
			memcpy(text + len, one, count);
			len += count;
			at += escape;
		} else {
			text[len++] = (char)*at++;
		}
	}
	return hash_of_key(text, len);
}

void json_keys_add(struct json_scan *scan, struct span raw, bool escaped)
{
	uint64_t hash = escaped ? hash_escaped(scan, raw) : hash_of_key(raw.at, raw.len);
	if (scan->hash_count == scan->hash_cap) {
		scan->hashes = xgrow(
			scan->hashes, &scan->hash_cap, scan->hash_count + 1, sizeof(*scan->hashes));
	}
	scan->hashes[scan->hash_count++] = hash;
}

static bool unique_few(const uint64_t *hash, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		for (size_t j = 0; j < i; j++) {
			if (hash[i] == hash[j]) {
				return false;
			}
		}
	}
	return true;
}

/* Sorts by one byte of the hashes, keeping the order of what is equal in it. */
static void sort_by_digit(const uint64_t *from, uint64_t *to, size_t count, int digit)
{
	size_t place[RADIX] = { 0 };
	size_t sum = 0;
	for (size_t i = 0; i < count; i++) {
		place[from[i] >> (digit * 8) & 0xff]++;
	}
	for (size_t i = 0; i < RADIX; i++) {
		size_t here = place[i];
		place[i] = sum;
		sum += here;
	}
	for (size_t i = 0; i < count; i++) {
		to[place[from[i] >> (digit * 8) & 0xff]++] = from[i];
	}
}

static bool unique_many(struct json_scan *scan, size_t first)
{
	size_t count = scan->hash_count - first;
	scan->hashes = xgrow(
		scan->hashes, &scan->hash_cap, scan->hash_count + count, sizeof(*scan->hashes));
	uint64_t *hash = scan->hashes + first, *spare = hash + count;
	for (int digit = 0; digit < DIGITS; digit += 2) {
		sort_by_digit(hash, spare, count, digit);
		sort_by_digit(spare, hash, count, digit + 1);
	}
	for (size_t i = 1; i < count; i++) {
		if (hash[i] == hash[i - 1]) {
			return false;
		}
	}
	return true;
}

bool json_keys_close(struct json_scan *scan, size_t first)
{
	size_t count = scan->hash_count - first;
	bool unique = true;
	if (count > FEW) {
		unique = unique_many(scan, first);
	} else if (count > 1) {
		unique = unique_few(scan->hashes + first, count);
	}
	scan->hash_count = first;
	return unique;
}

void json_keys_trim(struct json_scan *scan)
{
	if (scan->hash_cap > KEPT) {
		free(scan->hashes);
		scan->hashes = NULL;
		scan->hash_cap = 0;
	}
}
