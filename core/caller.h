/* What a client says of itself beside a call: the session and the turn that it belongs to, in the
 * `_meta` of its params. A label for a person: nothing is decided by it. */
#ifndef BASCULE_CORE_CALLER_H
#define BASCULE_CORE_CALLER_H

#include "core/base.h"

struct caller {
	char *session, *turn; /* decoded; NULL: not said */
};

/* `params`: a validated JSON object. */
void caller_read(struct caller *caller, struct span params);
void caller_finish(struct caller *caller);

#endif
