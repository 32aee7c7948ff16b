/*
 * Keeps the history within the bounds that the settings name (history.keep_days, history.keep_mb):
 * looks every ten minutes, says in an event what will go, waits until that is sealed, and removes
 * the oldest calls in small steps. Nothing that a call waits for is in its way. The functions are
 * for the loop's thread.
 */
#ifndef BASCULE_IPC_RETENTION_H
#define BASCULE_IPC_RETENTION_H

#include "ipc/config.h"
#include "ipc/paths.h"
#include "ipc/sealer.h"
#include "ipc/writer.h"

struct retention;

/* NULL: nothing is bounded. The writer outlives it, or retention_stop is called before. */
struct retention *retention_start(uv_loop_t *loop, const struct paths *paths,
	const struct config *config, struct writer *writer, struct sealer *sealer);
void retention_stop(struct retention *r); /* NULL is fine: nothing is queued any more */
void retention_destroy(struct retention *r); /* after the loop; NULL is fine */

#endif
