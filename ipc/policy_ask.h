/* One question of an agent: what would become of this call? For `bascule policy-server`. */
#ifndef BASCULE_IPC_POLICY_ASK_H
#define BASCULE_IPC_POLICY_ASK_H

#include "core/policy/policy.h"

struct policy_asker {
	const char *root; /* NULL: the default places */
	const char *server, *profile; /* of the agent's own tools; "" if not known */
	char *const *scope; /* as given; none: the git work tree around the current directory */
	size_t scope_count;
};

/* `question`: raw JSON {tool, arguments, server}, or absent. Appends one JSON object: {verdict,
 * rule, reason, instead, note}. Executes nothing, changes no file. May take long where a file
 * system does; whoever calls it bounds that. */
enum verdict policy_ask(const struct policy_asker *asker, struct span question, struct buf *answer);
/* The same object, for what was not found out: hold. */
void policy_ask_unknown(const char *why, struct buf *answer);

#endif
