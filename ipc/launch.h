/*
 * Starting a broker from a gate or console that found none: as a process of the user's own, not of
 * the agent.
 */
#ifndef BASCULE_IPC_LAUNCH_H
#define BASCULE_IPC_LAUNCH_H

#include "ipc/paths.h"

#include <uv.h>

/* Is this process free enough that a broker started from it would be as free as the user's own? No
 * new privileges and seccomp off, namespaces those of the user's manager or of pid 1. On false err
 * says what confines it. */
bool launch_allowed(struct err *err);

/* Starts `bascule-broker broker --daemon`, which leaves session, group, environment and directory
 * behind, or ends at once if another broker holds the lock. Returns when it was spawned, not when
 * it listens. */
bool launch_broker(uv_loop_t *loop, const struct paths *paths, struct err *err);

/* In the broker itself: become a daemon. Tries the user's service manager first (then never returns
 * in this process); else forks, leaves the session, and returns in the child. argv is the broker's
 * own. */
bool launch_detach(const struct paths *paths, char **argv, struct err *err);

#endif
