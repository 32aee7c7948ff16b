/*
 * From a call to its effects, by the profile of its server. Pure: the same bytes give the same list
 * in the gate and in the broker.
 *
 * Every argument must be one that the profile names, in a form that its role expects; everything
 * else becomes an effect of kind unknown, in words.
 */
#ifndef BASCULE_CORE_EFFECTS_EXTRACT_H
#define BASCULE_CORE_EFFECTS_EXTRACT_H

#include "core/effects/effect.h"
#include "core/effects/profile.h"

struct extract {
	const struct profiles *profiles;
	struct span profile; /* by name; "" or absent: none */
	struct span method, tool;
	struct span arguments; /* validated params.arguments, absent if the call has none */
	const char *server; /* its name, for effects of tools that no profile knows; may be NULL */
	const char *cwd; /* of the server, absolute; NULL or "": not known */
	/* `server` is what a person has accepted: a tool of an agent's server is read by that
	 * server's profile only if `server` names it behind the agent, as in claude/NAME */
	bool named;
	bool dev_db; /* the person has said that its database is for development */
};

/* Initialises `out`, which has at least one effect afterwards. */
void effects_extract(struct effects *out, const struct extract *call);

#endif
