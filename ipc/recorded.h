/*
 * A call of the history as policy sees it: the effects and facts that were recorded with it, to be
 * judged by the rules of now. Used by `bascule policy explain` and `replay`, and by the broker when
 * a rule is tried.
 */
#ifndef BASCULE_IPC_RECORDED_H
#define BASCULE_IPC_RECORDED_H

#include "core/history.h"
#include "core/policy/policy.h"

enum { RECORDED_SCOPE_MAX = 32 };

struct recorded {
	struct effects effects;
	struct policy_call call; /* its rules, self and home are the caller's to set */
	char *scope[RECORDED_SCOPE_MAX + 1]; /* as the gate was accepted for; ends with NULL */
	char same[HASH_HEX + 1];
};

/* `row` and `session` must outlive it, and it may not be moved. False: what the call would have
 * done was not kept, or cannot be read; nothing is left to finish. */
bool recorded_read(struct recorded *out, struct history *history, const struct history_call *row,
	const struct history_session *session);
void recorded_finish(struct recorded *recorded);

/* A person said no to it. */
bool recorded_denied(const struct history_call *row);

#endif
