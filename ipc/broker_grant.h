/*
 * What decisions have left behind, for later calls of the same session, and for the one call of a
 * gate that was asked at a hook (core/policy/once.h). Shared by the broker_*.c files only.
 */
#ifndef BASCULE_IPC_BROKER_GRANT_H
#define BASCULE_IPC_BROKER_GRANT_H

#include "core/policy/once.h"
#include "ipc/broker.h"

struct policy_call grant_call(const struct item *item); /* as it would be judged now */
/* `terms`: {width, uses, minutes} */
bool grant_give(struct item *item, struct span terms, const char *by, int64_t *id, struct err *err);
/* True: *out, which held, allows now by a grant, whose use is counted. */
bool grant_covers(struct conn *c, const struct policy_call *call, struct judgement *out);
void grant_list(struct broker *b, struct jsonw *w); /* member `grants` */
bool grant_revoke(struct broker *b, int64_t id);
void grant_offers(const struct item *item, struct jsonw *w); /* members `grants`, `rule` */
void grant_end(struct broker *b);

/* A hook's call is released: what its gate may let pass, once. */
struct once_left {
	struct hash same;
	const struct effects *effects;
	struct span branch;
	const char *tool, *by;
	int64_t number;
	const char *call_id; /* the agent's; may be NULL */
	bool by_person;
};
/* For the gate that the hook stands for, and for its agent's permission question. */
void grant_leave_once(struct conn *c, const struct once_left *left);
/* The hook has told its agent to go on, or it has not and never will. */
void grant_settle_once(struct conn *c, bool goes_on);
struct once_taken {
	int64_t number; /* of the hook's call */
	size_t count; /* that fitted */
	bool by_person;
	char by[64];
};
/* What was left for this call, if anything: it is gone from now on. */
enum once_fit grant_take_once(
	struct broker *b, const struct once_call *call, struct once_taken *taken);

#endif
