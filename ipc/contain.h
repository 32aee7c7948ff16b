/*
 * The container's inside, shared by the contain_*.c files, container_main.c and sandbox_check.c.
 *
 *   contain_places.c    what is shown, hidden and protected: looked up on this machine
 *   contain_run.c       outside: starts the sandbox, waits, passes signals on, ends it in time
 *   contain_inside.c    inside: the limits and the filter, then the command
 *   contain_seccomp.c   the filter of system calls
 *   contain_landlock.c  what bounds files where bubblewrap cannot run
 */
#ifndef BASCULE_IPC_CONTAIN_H
#define BASCULE_IPC_CONTAIN_H

#include "core/contain/sandbox.h"
#include "ipc/paths.h"

enum {
	CONTAIN_TIMED_OUT = 124, /* as of timeout(1) */
	CONTAIN_NO_SANDBOX = 125, /* it could not be set up: the command was not run */
	CONTAIN_CANNOT_RUN = 126, /* as of env(1) */
	CONTAIN_NOT_FOUND = 127,
};

enum contain_by { CONTAIN_BY_ANY, CONTAIN_BY_BWRAP, CONTAIN_BY_LANDLOCK };

/* A list of texts that are borrowed. */
struct contain_list {
	const char **at; /* ends with NULL once there is one */
	size_t count;
};

/* What is asked for. */
struct contain {
	const struct paths *paths;
	struct contain_list scope, write, read, env;
	bool network;
	uint64_t memory_mb, processes, seconds; /* 0: no limit */
	enum contain_by by;
	char *const *command; /* ends with NULL */
};

/* What a process inside puts on itself. */
struct contain_inner {
	int status; /* socket to the one outside */
	uint64_t memory_mb, processes;
	bool network;
	const struct sandbox *landlock; /* NULL: what is mounted bounds the files */
};

/* contain_places.c: *sandbox is settled. `cwd` is resolved. */
bool contain_places(
	const struct contain *asked, const char *cwd, struct sandbox *sandbox, struct err *err);

/* contain_run.c: runs it to its end; the exit status. What went wrong was said on stderr. */
int contain_run(const struct contain *asked);
/* The full path of bubblewrap, NULL if there is none. PATH is not asked. */
const char *contain_bwrap(void);
/* Can bubblewrap make a sandbox here? Really tried. */
bool contain_bwrap_works(void);

/* contain_inside.c */
/* The body of `bascule-container inside ...`, which bubblewrap starts. Does not return. */
_Noreturn void contain_inside_main(int argc, char **argv);
/* Bounds this process, says so outside, and becomes the command. */
_Noreturn void contain_inside(const struct contain_inner *inner, char *const *command);
/* The words that make contain_inside_main of it, before the command; status is the descriptor's
 * number. */
enum { CONTAIN_INSIDE_WORDS = 7 };

/* contain_seccomp.c: `unix_sockets`: may it make sockets that connect by a path? `inet`: those of
 * the network? */
bool contain_filter(bool unix_sockets, bool inet, struct err *err);

/* contain_landlock.c */
enum { LANDLOCK_NEEDED = 3 }; /* older ones do not keep a file from being emptied */
int landlock_version(void); /* 0: there is none */
/* Only what the sandbox shows, from now on; `tmp` is a directory to write in, or NULL. */
bool landlock_files(const struct sandbox *sandbox, const char *tmp, struct err *err);
/* No abstract sockets of others and no signals to them, where the kernel can: a process group
 * reaches across namespaces. */
void landlock_scope(void);

/* sandbox_check.c: `sandbox check [--json]`; the exit status. */
int sandbox_check(int argc, char **argv);

#endif
