/*
 * How long clients wait for the answer to a call, by the name they give in initialize: data,
 * overridable. The name only labels; a client that lies about it shortens or lengthens its own
 * wait.
 */
#ifndef BASCULE_CORE_DEADLINE_H
#define BASCULE_CORE_DEADLINE_H

#include "core/base.h"

struct deadline {
	const char *client; /* prefix of clientInfo.name */
	unsigned seconds; /* until it gives up; 0: never by itself */
	bool progress_extends; /* a progress notification starts the time afresh */
};

enum { DEADLINE_MARGIN = 10 /* seconds before the client's end at which a held call is parked */ };

/* never NULL: the last entry is for everybody else */
const struct deadline *deadline_for(struct span client);

#endif
