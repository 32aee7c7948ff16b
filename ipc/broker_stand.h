/*
 * Hooks that stand for the gate in front of a server. Shared by the broker_*.c files only;
 * core/policy/once.h has the table.
 */
#ifndef BASCULE_IPC_BROKER_STAND_H
#define BASCULE_IPC_BROKER_STAND_H

#include "ipc/broker_submission.h"

/* Reads which event of its agent a hook is, and takes the claims of the gate, if it may. */
void stand_hello(struct conn *c, struct span params);
/* May its calls leave something for another asking of the same? */
bool stand_leaves(const struct conn *c);
void stand_write(const struct conn *c, struct jsonw *w); /* member `for`, if it does */
/* True: this asks for a server that the agent calls by a name of its own, and *out says so. */
bool stand_says(const struct conn *c, char *out, size_t room);
/* The definition as the gate lists it that this hook stands for. */
void stand_pin(const struct conn *c, struct submission *s);
void stand_released(const struct item *item); /* a person has released this call; any gate's */
/* A grant has released this call; any gate's. */
void stand_granted(struct conn *c, const struct submission *s, int64_t number);
/* True: it was asked and released at the agent's hook, and *out says so. In any case that yes is
 * used up. */
bool stand_asked(struct conn *c, struct submission *s, struct judgement *out);

#endif
