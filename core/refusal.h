/*
 * What a client is told instead of a server's answer: shapes by method and era, and words that a
 * model can act on.
 *
 * Sources: MCP schemas 2024-11-05 to 2026-07-28; measured: a modern client rejects a result without
 * resultType, legacy ones ignore the member; -32000 and -32001 mean "connection closed" and "timed
 * out" to clients and are never used.
 */
#ifndef BASCULE_CORE_REFUSAL_H
#define BASCULE_CORE_REFUSAL_H

#include "core/message.h"

/* Each appends one line with its "\n". `id` is raw JSON; absent leaves the member out. */
void refusal_error(struct buf *out, struct span id, int code, const char *message);
/* one error per contained usable id */
void refusal_batch(struct buf *out, struct span array, const char *why);
/* The answer to a gated request that is not forwarded, in the form that its method wants. */
void refusal_answer(struct buf *out, const struct message *m, struct span id, const char *words);
/* Multi-round hold of 2026-07-28: "ask again with this state". */
void refusal_again(struct buf *out, struct span id, const char *state);
void refusal_progress(struct buf *out, struct span token, unsigned step, const char *words);

/* Words; the caller frees them. Foreign parts are plain JSON text here: they go to the agent, not
 * to a terminal. */

/* A denial. The person's reason comes first, as it was given. */
enum { REFUSAL_INSTEAD = 2 };
struct refusal_no {
	struct span reason;
	bool by_person;
	int64_t times, number; /* denied so often before, the last as that call; 0: never */
	struct span instead[REFUSAL_INSTEAD]; /* what the rules allow; those absent are none */
};
char *refusal_denied(const struct refusal_no *no);
char *refusal_waiting(int64_t number, bool watched); /* parked */
char *refusal_approved_late(int64_t number); /* approved, but no room before the deadline */
/* withdrawn by something that still wants an answer: the server ended */
char *refusal_gone(const char *why);
char *refusal_no_broker(void);

#endif
