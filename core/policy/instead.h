/*
 * What an agent that was told no might do instead, in words: a call much like the denied one that
 * the same rules allow.
 *
 * Each sentence is true: the changed call was judged, as a whole and by the rules in force, before
 * it is said. Where something had to be supposed (a name that is not there yet, a lockfile that is
 * as HEAD holds it) the words say that. What policy would hold is never promised.
 */
#ifndef BASCULE_CORE_POLICY_INSTEAD_H
#define BASCULE_CORE_POLICY_INSTEAD_H

#include "core/policy/policy.h"

enum { INSTEAD_MAX = 2, INSTEAD_BYTES = 200 };

struct instead {
	size_t count; /* mostly 0 */
	char words[INSTEAD_MAX][INSTEAD_BYTES]; /* clauses, cleaned, on one line */
};

/* `call` as it was judged, facts included. `by_person`: a person said no, so nothing that reaches
 * the very same end is named. */
void policy_instead(const struct policy_call *call, bool by_person, struct instead *out);

#endif
