/*
 * One question to the broker from a command that waits for the answer: connects, says hello, sends
 * a request, reads its answer. Blocking, bounded in time; for commands, never for anything that
 * serves.
 */
#ifndef BASCULE_IPC_ASK_H
#define BASCULE_IPC_ASK_H

#include "core/buf.h"
#include "ipc/paths.h"

enum { ASK_NO_BROKER = 1 /* err.code is DIAG_NO_BROKER */, ASK_MS = 5000 };

/* `fd`: an inherited, connected decision socket, or -1: find the broker. `launch`: start one if
 * there is none. The answer is waited for ASK_MS, or `ms` if that is not 0. `params` is a JSON
 * object. On success *result holds the raw JSON of the result. */
bool ask_broker(const struct paths *paths, int fd, bool launch, int ms, const char *method,
	struct span params, struct buf *result, struct err *err);

/* The same over a connected socket, which stays open; *hello gets the raw JSON of what the broker
 * said of itself. */
bool ask_connected(int fd, int ms, const char *method, struct span params, struct buf *hello,
	struct buf *result, struct err *err);
/* One more over a socket that has said hello. */
bool ask_again(int fd, int ms, const char *method, struct span params, struct buf *result,
	struct err *err);

#endif
