/* SHA-256 and HMAC (libnettle: 317 KB, 1.6 GB/s here against 0.17 of libmd, which matters for
 * arguments of megabytes). */
#ifndef BASCULE_CORE_HASH_H
#define BASCULE_CORE_HASH_H

#include "core/base.h"

#include <nettle/sha2.h>

enum { HASH_BYTES = 32, HASH_HEX = 64 };

struct hash {
	unsigned char byte[HASH_BYTES];
};

struct hash hash_of(struct span bytes);
/* Hash of several parts, each preceded by its length, so that no two lists of parts hash alike by
 * concatenation. */
struct hash_run {
	struct sha256_ctx context;
};
void hash_begin(struct hash_run *run);
/* 8 bytes of length, then the bytes; absent counts as empty */
void hash_part(struct hash_run *run, struct span bytes);
struct hash hash_end(struct hash_run *run);

void hash_keyed(const unsigned char key[HASH_BYTES], const unsigned char plain[HASH_BYTES],
	unsigned char out[HASH_BYTES]); /* HMAC-SHA256 */
bool hash_same(const struct hash *a, const struct hash *b);
void hash_hex(const struct hash *hash, char out[HASH_HEX + 1]); /* lower case, terminated */
bool hash_from_hex(struct span hex, struct hash *out);

#endif
