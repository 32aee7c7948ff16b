/*
 * The world of one end-to-end case: a scratch root with configuration and state of its own, a
 * scratch workspace that is a git repository, a directory outside of it, a broker that takes
 * decisions from sockets held here, and a record of every line. Each case runs in a process of its
 * own, which ends with the case and takes its memory along; the runner bounds it, prints the record
 * if it fails, and removes what it left.
 */
#ifndef BASCULE_TESTS_E2E_WORLD_H
#define BASCULE_TESTS_E2E_WORLD_H

#include "core/buf.h"

#include <sys/types.h>

enum {
	WORLD_BOUND_MS = 10000, /* what a single wait may take */
	WORLD_DECIDERS = 8,
};

struct client;
struct person;

struct world {
	char *dir; /* all of the following lie under it */
	char *root; /* for --root */
	char *work; /* the workspace */
	char *outside; /* in no scope */
	char *seen; /* what the stub server received, byte for byte */
	const char *bin; /* the build directory */
	bool remote; /* its person says that they sit elsewhere */
	bool faulty; /* gate and broker are those of tests/faulty */
	int record;
	int64_t began_ms;
	pid_t broker; /* 0: none that we know of */
	int decide[WORLD_DECIDERS]; /* our ends; -1: in use or closed */
	struct client **clients;
	size_t client_count, client_cap;
	struct person *person;
	const char *name; /* of the case */
	unsigned files; /* counts names for stderr files */
};

enum case_needs {
	NEEDS_NODE = 1, /* else skipped: the packages of tests/node */
	LONG_RUN = 2, /* a measurement: bounded in minutes, and says nothing when it passes */
	FAULTY = 4, /* with the programs of tests/faulty */
	/* runs again with the guard off that its name begins with ("inv01"), and must then fail by
	 * one of its checks */
	GUARDED = 8,
	NEEDS_ROOT = 16, /* else skipped: mounts */
};

struct e2e_case {
	const char *name;
	void (*run)(struct world *w);
	unsigned needs;
};

/* The body of main: runs all cases, or those that the arguments name; status as of automake. */
int world_main(int argc, char **argv, const struct e2e_case *cases, size_t count);

void world_fail(struct world *w, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));
void world_note(struct world *w, const char *who, const char *arrow, const void *bytes, size_t len);

/* Replaces ROOT/config/config.ini; before a broker or gate starts. The default switches autostart
 * and desktop notifications off. */
void world_config(struct world *w, const char *text);
void world_broker(struct world *w); /* starts one and waits until it answers; its person watches */
void world_person_leaves(struct world *w); /* closes every decision socket of ours */
void world_broker_kill(struct world *w); /* SIGKILL, and reaps it */
void world_broker_died(struct world *w); /* waits until it has ended by itself, and reaps it */
void world_adopt_broker(
	struct world *w); /* one that a gate has started: found by its command line */
/* From here on the broker can write no file, or can again. It dies of it (SIGXFSZ), unless it was
 * started with that signal ignored: then writing fails, as on a full disk. */
void world_fill_disk(struct world *w, bool full);
/* Connects to "calls.sock" or "decide.sock" of the broker as anybody could. */
int world_knock(struct world *w, const char *socket_name);
/* Runs a program to its end: exit status, or -signal. stdout goes to `out` (may be NULL). */
int world_run(struct world *w, const char *const *argv, const char *cwd, struct buf *out);
int world_run_with(struct world *w, const char *const *argv, int fd,
	struct buf *out); /* it inherits fd; closed here */
int world_decide_fd(
	struct world *w); /* one of our ends of a decision socket, not given out before */
/* Ends what the case has started, and fails it if a process is left. */
void world_finish(struct world *w);

/* Of a program in the build directory; "bascule-*" may be one of tests/faulty. */
char *world_path(struct world *w, const char *name);
char *world_file(const char *dir, const char *name); /* joined */
void world_put(const char *path, const char *text);
void world_get(const char *path, struct buf *out); /* empty if there is no such file */
bool world_file_is(const char *path, const char *text); /* "" is also: no such file */
int world_err_file(struct world *w,
	const char *name); /* a descriptor for somebody's stderr; printed on failure */
bool world_err_has(struct world *w, const char *text); /* somebody has said so on stderr */

/* What reached the stub server. */
bool world_seen(struct world *w, const char *part);
size_t world_seen_times(struct world *w, const char *part);

#define CHECK(w, condition) \
	((condition) ? (void)0 \
		     : world_fail((w), "%s:%d: not so: %s", __FILE__, __LINE__, #condition))
#define CHECK_INT(w, got, want) world_check_int((w), __FILE__, __LINE__, #got, (got), (want))
#define CHECK_TEXT(w, got, want) world_check_text((w), __FILE__, __LINE__, #got, (got), (want))
#define CHECK_HAS(w, got, part) world_check_has((w), __FILE__, __LINE__, #got, (got), (part))
#define CHECK_LACKS(w, got, part) world_check_lacks((w), __FILE__, __LINE__, #got, (got), (part))
void world_check_int(
	struct world *w, const char *file, int line, const char *what, int64_t got, int64_t want);
void world_check_text(struct world *w, const char *file, int line, const char *what,
	const char *got, const char *want);
void world_check_has(struct world *w, const char *file, int line, const char *what, const char *got,
	const char *part);
void world_check_lacks(struct world *w, const char *file, int line, const char *what,
	const char *got, const char *part);

#endif
