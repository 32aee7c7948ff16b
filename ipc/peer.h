/*
 * Who is at the other end of a local socket, and what it descends from. Reads /proc; holds nothing.
 *
 * One user's processes can only be told apart so far: this slows an agent down and is no boundary
 * (README, Security).
 */
#ifndef BASCULE_IPC_PEER_H
#define BASCULE_IPC_PEER_H

#include "core/buf.h"

#include <sys/types.h>

struct process {
	pid_t pid, parent;
	/* clock ticks since boot: with pid and boot id it names a process for good */
	int64_t start;
	bool has_tty;
	bool ended; /* its parent has not asked how yet */
	char name[32]; /* the kernel's short name */
};

bool process_read(pid_t pid, struct process *out); /* false: no such process */
bool process_alive(pid_t pid, int64_t start);
/* The environment that it was started with, at most 128 KiB: foreign bytes. False: another user's,
 * or not to be seen. */
bool process_environment(const struct process *process, struct buf *out);
/* The program that it runs, as the kernel names it; NULL if that is not to be seen. Owned. */
char *process_program(const struct process *process);
const char *process_boot_id(char out[40]); /* "" if unknown */

/* Credentials of a connected Unix socket. */
bool peer_of(int fd, uid_t *uid, pid_t *pid);

/* The agent behind a gate: the first ancestor of `pid` that is no wrapper (shell, npx, env,
 * timeout, ...); below a login, terminal or tmux server the last wrapper, because those are no
 * agents. */
bool peer_session(pid_t pid, struct process *agent);

/* What is above a process, nearest first: up to the terminal or multiplexer, pid 1 left out, at
 * most `cap`. The number of them. */
size_t peer_above(const struct process *process, struct process *out, size_t cap);

/*
 * May this process decide? Walks its ancestry once. `is_asker` says whether a process was ever the
 * parent of a gate. On false `err` says why, for the person.
 */
bool peer_may_decide(pid_t pid, bool (*is_asker)(void *data, pid_t pid, int64_t start), void *data,
	struct err *err);

#endif
