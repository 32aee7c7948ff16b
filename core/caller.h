/* What a client says of itself beside a call: the session and the turn that it belongs to, who of
 * its agents asks and how it is set, in the `_meta` of its params. Labels for a person: nothing is
 * decided by them. */
#ifndef BASCULE_CORE_CALLER_H
#define BASCULE_CORE_CALLER_H

#include "core/jsonw.h"

/* One line a label: the member of struct caller, of `_meta` under CALLER_OWN, and of `client` as
 * consoles are told. */
#define CALLER_LABELS(X) \
	X(session) \
	X(turn) \
	X(call_id) /* the client's own name of this call */ \
	X(agent_id) /* a sub-agent */ \
	X(agent_type) \
	X(model) \
	X(permission_mode) \
	X(sandbox_mode)

#define CALLER_OWN "bascule/hook" /* the member of `_meta` in which a hook says all of them */

struct caller {
#define X(name) char *name; /* decoded; NULL: not said */
	CALLER_LABELS(X)
#undef X
};

/* `params`: a validated JSON object. */
void caller_read(struct caller *caller, struct span params);
void caller_finish(struct caller *caller);
bool caller_is_empty(const struct caller *caller);
/* The members that were said, into an open object. */
void caller_write(const struct caller *caller, struct jsonw *w);

#endif
