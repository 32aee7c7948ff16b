/* Processes of a test: starting them with exact descriptors, waiting with a bound, and seeing what
 * is left of them. */
#ifndef BASCULE_TESTS_E2E_PROCS_H
#define BASCULE_TESTS_E2E_PROCS_H

#include "core/buf.h"

#include <sys/types.h>

enum { PROC_KEEP_MAX = 8 };

struct proc {
	const char *const *argv; /* argv[0] is looked up in PATH */
	const char *cwd; /* NULL: ours */
	int in, out, err; /* become 0, 1, 2; -1: /dev/null */
	int keep[PROC_KEEP_MAX]; /* inherited under their own numbers */
	size_t keep_count;
};

/* All other descriptors of ours are close-on-exec. A program that cannot be run exits with 127. */
pid_t proc_start(const struct proc *proc);
/* Reaps a child; false if it has not ended after `ms`. `status` as of waitpid. */
bool proc_wait(pid_t pid, int ms, int *status);
/* Waits for a process that is not our child; true once it is gone. */
bool proc_gone(pid_t pid, int ms);

size_t proc_children(pid_t parent, pid_t *out, size_t cap);
void proc_command(pid_t pid, struct buf *out); /* its command line, words apart by spaces */
/* The first process, whoever's child, whose command line holds both texts; 0 if there is none. */
pid_t proc_find(const char *one, const char *other);
size_t proc_count(const char *one, const char *other);
int64_t proc_figure(pid_t pid, const char *file,
	const char *key); /* "KEY: N" in /proc/PID/FILE; -1 if absent */

/* Reaps until we have no child left (we adopt orphans: see the runner); false, and who, if some
 * live on after `ms`. */
bool proc_none_left(int ms, struct buf *who);
void proc_kill_rest(void);

int64_t now_ms(void); /* monotonic */

#endif
