/*
 * Keeps the chain of seals (core/seal.h) going: steps run on the writer's thread, behind everything
 * that was queued for detail.db before. The functions are for the loop's thread.
 */
#ifndef BASCULE_IPC_SEALER_H
#define BASCULE_IPC_SEALER_H

#include "ipc/paths.h"
#include "ipc/writer.h"

struct sealer;

/* `more` is called on the loop after a step that left something for a second later. */
struct sealer *sealer_create(
	uv_loop_t *loop, const struct paths *paths, void (*more)(void *data), void *data);
/* The first thing that is queued for a writer: a log.db that was set aside or put back begins its
 * numbers anew, and what is queued from now on belongs to the new ones. `last`: its highest. */
void sealer_begin(struct sealer *s, struct writer *w, int64_t last);
/* Queues a step, unless one is under way: seals the calls whose end has settled. Everything that
 * belongs to them must be in log.db, or be queued. */
void sealer_step(struct sealer *s, struct writer *w);
/* Something was queued that has a seal of its own: has `more` called, as if a step had ended. NULL
 * is fine. */
void sealer_soon(struct sealer *s);
/* The last step before the writer is stopped: there is nothing to settle any more. */
void sealer_last(struct sealer *s, struct writer *w);
/* After the writer and the loop have ended. NULL is fine. */
void sealer_destroy(struct sealer *s);

#endif
