/* Values that are secret because of where they stand, kept as keyed hashes. */
#ifndef BASCULE_CORE_POLICY_SECRET_KNOWN_H
#define BASCULE_CORE_POLICY_SECRET_KNOWN_H

#include "core/hash.h"

enum { KNOWN_MAX = 512, KNOWN_SHORTEST = 8, KNOWN_LONGEST = 512, KNOWN_BITS = 14 };

struct known_value {
	char *name;
	size_t len;
	uint64_t head; /* keyed, of the first eight bytes */
	struct hash hash; /* keyed, of all */
	uint16_t next; /* + 1 */
};

struct secret_known {
	unsigned char key[HASH_BYTES];
	uint64_t mask, factor; /* of the key */
	uint16_t first[1 << KNOWN_BITS]; /* index + 1, by the upper bits of head */
	struct known_value values[KNOWN_MAX];
	size_t count;
};

void known_init(struct secret_known *known, const unsigned char key[HASH_BYTES]);
void known_forget(struct secret_known *known);
/* One that is there already, or past KNOWN_MAX, is left out; of a longer one its beginning counts.
 */
void known_add(struct secret_known *known, const char *name, struct span value);
/* Calls `hit` for each place. False: so much had to be compared that it stopped. */
typedef void known_hit(void *data, const char *name, size_t at, size_t len);
bool known_scan(const struct secret_known *known, struct span text, known_hit *hit, void *data);

/* Calls `entry` for each NAME=value of a dotenv file, quotes taken away. */
typedef void dotenv_entry(void *data, struct span name, struct span value);
void dotenv_read(struct span text, dotenv_entry *entry, void *data);

#endif
