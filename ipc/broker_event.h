/* What happens beside calls, in the same record: shared by the broker_*.c files only. Each is an
 * object of a few members, written by the writer and sealed like a call. */
#ifndef BASCULE_IPC_BROKER_EVENT_H
#define BASCULE_IPC_BROKER_EVENT_H

#include "ipc/broker.h"

void event_broker(struct broker *b, bool starts, const char *why);
void event_console(const struct conn *c, bool comes); /* attached, or gone */
void event_refused(struct broker *b, const struct process *peer, const char *why);
void event_rules(struct broker *b); /* were read again */
void event_master(struct broker *b);
void event_server(struct broker *b, const struct claims *claims, const char *by, bool yes);
/* A person restores a file; `told`: the params of `restored` */
void event_restore(const struct conn *c, int64_t number, const char *path, const char *state,
	struct span told);
void event_revoked(struct broker *b, int64_t grant, const char *by);
/* A tool's definition: `what` is "first", "changed" or "accepted"; `by` may be NULL. */
void event_pin(struct broker *b, const struct claims *claims, const char *tool, const char *what,
	const struct hash *now, const char *by);

#endif
