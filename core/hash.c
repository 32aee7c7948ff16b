/*
 * SHA-256 and HMAC by libnettle. What is hashed here binds an approval to the bytes that will
 * run, so parts are framed by their length and hashes are compared in constant time.
 */
#include "config.h"

#include "core/hash.h"

#include <string.h>

#include <nettle/hmac.h>
#include <nettle/memops.h>

_Static_assert(HASH_BYTES == SHA256_DIGEST_SIZE, "a hash is a SHA-256");

struct hash hash_of(struct span bytes)
{
	struct hash_run run;
	sha256_init(&run.context);
	if (bytes.len) {
		sha256_update(&run.context, bytes.len, (const uint8_t *)bytes.at);
	}
	return hash_end(&run);
}

void hash_begin(struct hash_run *run)
{
	sha256_init(&run->context);
}

void hash_part(struct hash_run *run, struct span bytes)
{
	uint64_t len = bytes.at ? bytes.len : 0;
	uint8_t prefix[8];
	for (int i = 0; i < 8; i++) {
		prefix[i] = (uint8_t)(len >> (56 - 8 * i));
	}
	sha256_update(&run->context, sizeof(prefix), prefix);
	if (len) {
		sha256_update(&run->context, len, (const uint8_t *)bytes.at);
	}
}

struct hash hash_end(struct hash_run *run)
{
	struct hash hash;
	sha256_digest(&run->context, sizeof(hash.byte), hash.byte);
	return hash;
}

void hash_keyed(const unsigned char key[HASH_BYTES], const unsigned char plain[HASH_BYTES],
	unsigned char out[HASH_BYTES])
{
	struct hmac_sha256_ctx context;
	hmac_sha256_set_key(&context, HASH_BYTES, key);
	hmac_sha256_update(&context, HASH_BYTES, plain);
	hmac_sha256_digest(&context, HASH_BYTES, out);
}

bool hash_same(const struct hash *a, const struct hash *b)
{
	return memeql_sec(a->byte, b->byte, HASH_BYTES) != 0;
}

void hash_hex(const struct hash *hash, char out[HASH_HEX + 1])
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < HASH_BYTES; i++) {
		out[2 * i] = digits[hash->byte[i] >> 4];
		out[2 * i + 1] = digits[hash->byte[i] & 15];
	}
	out[HASH_HEX] = '\0';
}

static int digit(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	if (c >= 'a' && c <= 'f') {
		return c - 'a' + 10;
	}
	return -1;
}

bool hash_from_hex(struct span hex, struct hash *out)
{
	struct hash hash;
	if (!hex.at || hex.len != HASH_HEX) {
		return false;
	}
	for (size_t i = 0; i < HASH_BYTES; i++) {
		int high = digit(hex.at[2 * i]), low = digit(hex.at[2 * i + 1]);
		if (high < 0 || low < 0) {
			return false;
		}
		hash.byte[i] = (unsigned char)(high << 4 | low);
	}
	*out = hash;
	return true;
}
