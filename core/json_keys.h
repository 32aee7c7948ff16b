/* Finds duplicate keys by their hashes. Private to the validator. */
#ifndef BASCULE_CORE_JSON_KEYS_H
#define BASCULE_CORE_JSON_KEYS_H

#include "core/json.h"

/* Notes a key of the object that is open; `raw` is well-formed, `escaped` says whether it holds
 * a backslash. */
void json_keys_add(struct json_scan *scan, struct span raw, bool escaped);
/* Forgets the keys from `first` on, which are one object's; false if two of them are the same. */
bool json_keys_close(struct json_scan *scan, size_t first);
/* Gives back what an unusual text has left behind. */
void json_keys_trim(struct json_scan *scan);

#endif
