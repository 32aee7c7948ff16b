/*
 * The one broker: the lock that makes it one, the sockets it listens on, and how everybody else
 * finds them.
 */
#ifndef BASCULE_IPC_HOME_H
#define BASCULE_IPC_HOME_H

#include "ipc/paths.h"

#include <sys/types.h>

enum home_socket { HOME_CALLS, HOME_DECISIONS, HOME_SOCKETS };

/* For the broker. */
struct home {
	int lock; /* held for life */
	char *lock_path;
	char *dir; /* of the sockets, 0700 */
	char *path[HOME_SOCKETS];
	int listener[HOME_SOCKETS];
	uint64_t inode[HOME_SOCKETS]; /* of the socket files, as bound */
};

/* Takes the lock, then unlinks and binds both sockets and writes their directory into the lock
 * file. *taken is false if another broker holds the lock (then the result is true: nothing is
 * wrong). */
bool home_take(struct home *home, const struct paths *paths, bool *taken, struct err *err);
/* Again, when the sockets have vanished. Fails when the lock file is not the one that is held any
 * more: then another broker is, or will be, the one that is found. */
bool home_bind(struct home *home, struct err *err);
bool home_intact(const struct home *home); /* the socket files are still ours */
void home_leave(struct home *home); /* unlinks, closes the listeners, frees the lock last */

/* For everybody else: the path of a socket as the lock file tells; the caller frees it. NULL: none
 * was here. */
char *home_find(const struct paths *paths, enum home_socket which);
/* The process that holds the lock, a broker; 0: none that is seen. */
pid_t home_holder(const struct paths *paths);
/* Connects without blocking; refuses a directory or socket that is not the user's own. -1 on
 * failure. */
int home_connect(const char *path, struct err *err);

#endif
