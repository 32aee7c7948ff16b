/* Files as they were before a call: shared by the broker_*.c files only. */
#ifndef BASCULE_IPC_BROKER_BEFORE_H
#define BASCULE_IPC_BROKER_BEFORE_H

#include "ipc/broker.h"

void before_note(struct conn *c, int64_t number, struct span params); /* of `before` */
void before_after(struct broker *b, int64_t number, struct span params); /* of `done` */
void before_restored(struct conn *c, const struct message *m); /* `restored`, of a person */

#endif
