/*
 * One call, one question. A call of an MCP server's tool may reach the broker twice: from the
 * agent's hook, before the agent makes it, and from the gate in front of the server. It is asked at
 * the hook, which can wait for hours, as the server's own call; what a yes leaves behind for the
 * gate is a `once`: good for one execution.
 *
 *   state  event                                                   next   the gate's call
 *   -----  ------------------------------------------------------  -----  ----------------
 *   none   a person or a grant releases the hook's call            good
 *   none   a rule allows it, it is denied, withdrawn, lost         none   judged as any
 *   good   the hook says that it told its agent to go on           good
 *   good   the hook was withdrawn or ended without that            gone
 *   good   an equal call at the gate, effects and facts the same   gone   passes, unless denied
 *   good   an equal call at the gate, other effects or facts       gone   asked
 *   good   an equal call at the gate that two of them fit          gone   asked (both are gone)
 *   good   its time is over, the agent's process or the broker     gone   asked
 *          ends, a person revokes it
 *
 * Equal: for the gate of the tuple that the hook stood for, of the same agent process, method,
 * tool, definition and canonical arguments (after an edit: the edited ones), and by the same id if
 * either side has one. An id is what a client says of itself: it can keep apart what would fit, and
 * make nothing fit.
 *
 * An agent's own hooks may ask twice for one execution as well: before the tool, and in the place
 * of its dialog (PermissionRequest, or the permission server). What a yes before the tool leaves
 * for that question is a `once` too, by the same table but for these rows:
 *
 *   state  event                                                   next   the question
 *   -----  ------------------------------------------------------  -----  ----------------
 *   none   a person or a grant releases the permission question    none   -
 *   good   the equal permission question, effects and facts same   gone   answered, unless denied
 *   good   the gate has had its call of it, or a person takes      gone   asked
 *          back what was left for either
 *
 * Equal: of the same agent process, tuple, method, tool, definition and canonical arguments, these
 * with or without the one member that only the permission form has; and ids are the same where both
 * have one. What is left for one of the two is never good for the other.
 *
 * Pure: knows no time and keeps no list: ipc/broker_grant.c does.
 */
#ifndef BASCULE_CORE_POLICY_ONCE_H
#define BASCULE_CORE_POLICY_ONCE_H

#include "core/effects/effect.h"
#include "core/hash.h"

struct once {
	int64_t pid, start; /* the agent's process */
	struct hash tuple; /* of the gate: its claims, as accepted */
	struct hash same; /* method, tuple, definition, tool and canonical arguments */
	struct hash facts; /* once_facts of what was approved */
	char *id; /* the agent's of this call; NULL: it hands none to its servers */
	bool by_person; /* else a grant */
	bool permission; /* for the agent's permission question; else for the gate */
};

/* A call as it comes from a gate, or a permission question from a hook. */
struct once_call {
	int64_t pid, start;
	struct hash tuple, same, facts;
	struct span params; /* of a gate's: a validated object; of it `_meta` */
	bool permission;
	/* of a permission question: as `same`, without the member that only it has; the agent's id
	 * of the call, NULL: it says none */
	struct hash plain;
	const char *id;
};

enum once_fit {
	ONCE_OTHER, /* not this call */
	ONCE_CHANGED, /* this call, but not what was approved */
	ONCE_FITS,
};

enum once_fit once_fits(const struct once *once, const struct once_call *call);
/* Over effects, facts and branch, as effects_hash; without what only one of both sides can know: a
 * gate remembers what it wrote, and a task is accepted by the very yes. */
struct hash once_facts(const struct effects *effects, struct span branch);
/* Do the ids in `_meta`, as agents hand them to servers, say the same as `id`? Each that is there
 * must; none, if `id` is NULL. */
bool once_ids_agree(struct span params, const char *id);

#endif
