/*
 * The form in which two requests are "the same": object members sorted by decoded key, strings
 * decoded, number tokens raw, white space gone. Hashed, never printed, never forwarded.
 */
#ifndef BASCULE_CORE_CANON_H
#define BASCULE_CORE_CANON_H

#include "core/hash.h"
#include "core/json.h"

/* Adds the canonical form of a validated JSON value (absent: nothing) to the run. */
void canon_hash(struct hash_run *run, struct span json);

#endif
