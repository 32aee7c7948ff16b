/*
 * The broker's side of desktop notifications: says on the desktop that calls wait, through
 * bascule-notifier, a process of its own, because a desktop bus can block for 25 s, for ever, or
 * end its clients with a signal.
 *
 * One notification at most. It tells how many calls wait, and the riskiest of those that came since
 * it was last shown: tool, server, risk, never arguments. What becomes of it (seen, dismissed,
 * clicked) is not reported: it means nothing. Nothing here blocks, fails or wakes up while there is
 * nothing to tell.
 *
 * The program that uses this ignores SIGPIPE: a helper that died leaves a broken pipe. A NULL
 * notifier is one that is switched off: every function accepts it and does nothing.
 */
#ifndef BASCULE_IPC_NOTIFY_H
#define BASCULE_IPC_NOTIFY_H

#include "core/option.h"

#include <uv.h>

struct notify;

/* `program`: full path of bascule-notifier, started at the first need; if there is none, everything
 * here does nothing. `bus`: a D-Bus address, or "" for the environment's, else the user's own bus.
 * Both are copied. What `detail` leaves out never reaches
 * the helper. */
struct notify *notify_create(
	uv_loop_t *loop, const char *program, const char *bus, enum option_detail detail);

/* To be called for each newly held call, with `tool` and `server` as foreign text, and for each
 * change of the number of waiting calls, with `tool` absent. `risk` is "low", "medium" or "high";
 * anything else counts as high. A burst becomes one notification, 400 ms after its first call. A
 * new call that waits updates it; fewer calls leave it as it is; none closes it at once. */
void notify_waiting(
	struct notify *n, unsigned waiting, struct span tool, struct span server, const char *risk);

/* True while a person looks at a console: an open notification is closed and none is shown.
 * Afterwards only what came meanwhile and still waits is told. */
void notify_mute(struct notify *n, bool mute);

/* Closes an open notification if the desktop answers within 500 ms. Frees itself while the loop
 * runs on: it may not be used any more. */
void notify_destroy(struct notify *n);

#endif
