/*
 * What judgement looks at beside the effects that a profile names: secrets and hidden characters in
 * the arguments, a definition that changed. Found by the broker, appended to the effects.
 */
#ifndef BASCULE_CORE_POLICY_FINDINGS_H
#define BASCULE_CORE_POLICY_FINDINGS_H

#include "core/effects/effect.h"
#include "core/policy/secret.h"

struct findings_in {
	struct secrets *secrets; /* NULL: nothing is scanned (tests) */
	struct span arguments; /* validated; absent if there are none */
	const char *schema; /* how the arguments differ from the listed schema; NULL: they do not */
	const char *tool_pin; /* how the tool is not what was accepted; NULL: it is */
	const char *server_pin; /* the same of the server */
};

/* Appends effects of kind SECRET, HIDDEN and PIN, and UNKNOWN for a manifest that may get a script
 * which the package manager runs. */
void findings_add(struct effects *effects, const struct findings_in *in);
/* Copies those from one list to another: for a list gathered again about the same bytes. */
void findings_copy(struct effects *to, const struct effects *from);
bool is_finding(const struct effect *effect);

#endif
