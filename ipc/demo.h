/*
 * The demo's inside, shared by the demo_*.c files only.
 *
 *   demo_main.c       options, the beginning and the end of everything that is started
 *   demo_check.c      --check: decides over the wire and compares
 *   demo_script.c     the calls, one line each, and what is made of a line (pure)
 *   demo_workspace.c  the scratch directory: its files, its removal
 *   demo_child.c      processes of ours, each with a bounded end
 *   demo_loop.c       waits for anything: lines, signals, the next call of the script
 *   demo_client.c     the scripted agent: one MCP client before each gate
 *   demo_wire.c       the conversation with the broker over the inherited socket
 *   demo_history.c    what the history says afterwards
 *   demo_server.c     the servers behind the gates: MCP over stdio
 *   demo_tools.c      what their tools do, never outside the scratch directory
 *   demo_jail.c       the only way by which a tool opens a file
 */
#ifndef BASCULE_IPC_DEMO_H
#define BASCULE_IPC_DEMO_H

#include "core/buf.h"
#include "core/effects/profile.h"
#include "core/json.h"

#include <sys/types.h>

enum {
	DEMO_SERVERS = 2,
	DEMO_LINE_CAP = 4 << 20,
	DEMO_STEP_MS = 5000, /* one thing that is waited for */
	DEMO_CHECK_MS = 14000, /* the whole of --check, but for the end */
	DEMO_END_MS = 2500, /* a gate's own shutdown takes up to 1.9 s */
};

/* ---- demo_script.c ---- */

/* id, what the check says of it */
#define DEMO_FATES(X) \
	X(ALLOWED, "allowed") \
	X(APPROVED, "held -> approved") \
	X(DENIED, "held -> denied") \
	X(CANCELLED, "held -> cancelled")

enum demo_fate {
#define X(id, words) DEMO_##id,
	DEMO_FATES(X)
#undef X
};

struct demo_server {
	const char *name;
	const char *profile; /* NULL: none is known for it */
};

/* One call of the script. */
struct demo_call {
	unsigned at_ms; /* since the console was opened; --check sends all at once */
	const char *server, *tool;
	/* JSON; @WS@ and @HOME@ stand for the workspace and the pretended home */
	const char *arguments;
	enum demo_fate fate; /* what the check does with it; in the console a person decides */
	const char *says; /* what the agent's answer must contain; the reason of a denial */
};

extern const struct demo_server demo_servers[DEMO_SERVERS];
extern const struct demo_call demo_calls[];
extern const size_t demo_call_count;

const char *demo_fate_words(enum demo_fate fate);
size_t demo_server_of(const struct demo_call *call); /* index into demo_servers */
void demo_arguments(const struct demo_call *call, const char *scratch, struct buf *out);
/* as queue and history name it */
char *demo_target(
	const struct profiles *profiles, const struct demo_call *call, const char *scratch);
void demo_text_of(struct span result, struct buf *out, bool *is_error); /* of a tools/call result */

/* ---- demo_workspace.c ---- */

struct demo_scratch {
	char *dir; /* resolved; NULL: not made */
	char *workspace, *root; /* the scope; bascule's own files */
};

bool demo_scratch_make(struct demo_scratch *s, struct err *err); /* all but the repository */
/* by hand: where git is missing */
bool demo_scratch_repository(const struct demo_scratch *s, struct err *err);
bool demo_scratch_remove(struct demo_scratch *s, struct err *err);
void demo_scratch_finish(struct demo_scratch *s);

/* ---- demo_jail.c ---- */

struct demo_jail {
	int root;
	char *path; /* absolute, resolved */
};

bool demo_jail_init(struct demo_jail *jail, const char *dir, struct err *err);
void demo_jail_finish(struct demo_jail *jail);
/* The path below the scratch directory that `given` names; NULL if it is not one that a tool may
 * touch. Pure. */
char *demo_jail_path(const char *root, const char *given);
/* -1 on failure. No link is followed. */
int demo_jail_open(const struct demo_jail *jail, const char *given, int flags, struct err *err);
bool demo_jail_note(
	const struct demo_jail *jail, const char *tool, struct span arguments, struct err *err);

/* ---- demo_tools.c, demo_server.c ---- */

struct demo_tool {
	const char *server, *name, *description, *schema;
	/* Appends what the agent is told. */
	bool (*run)(const struct demo_jail *jail, struct span arguments, struct buf *out,
		struct err *err);
};

extern const struct demo_tool demo_tools[];
extern const size_t demo_tool_count;
#define DEMO_LOG "ws-log.txt" /* in the scratch directory: what would have run */

int demo_serve(const char *server, const char *dir); /* the exit code */
/* The answer to one line of a client; nothing is appended to what needs none. */
void demo_serve_line(const struct demo_jail *jail, const char *server, struct json_scan *scan,
	struct span line, struct buf *out);

/* ---- the running demo ---- */

struct demo_child {
	pid_t pid; /* 0: none, or ended */
	int status; /* of the one that ended */
};

/* Lines that come in over a descriptor. */
struct demo_input {
	int fd; /* -1: closed */
	struct buf bytes;
	struct json_scan scan;
};

enum demo_stage { DEMO_GREETED, DEMO_LISTING, DEMO_READY };

struct demo_gate {
	const struct demo_server *server;
	struct demo_child child;
	int to; /* its stdin; -1: closed */
	struct demo_input from;
	enum demo_stage stage;
};

/* What became of a call of the script. */
struct demo_deed {
	bool sent, answered, is_error, held, gone;
	struct buf answer;
	char *target;
	char *id; /* the broker's, once held */
	int64_t revision;
	char state[16]; /* with which it left the queue */
	bool reported;
};

struct demo_wire {
	struct demo_input from;
	int64_t asked, answered; /* ids */
	int code; /* of an error; 0: a result */
	struct buf result; /* or the error's message */
};

struct demo {
	bool check, keep, verbose;
	struct profiles *profiles;
	struct demo_scratch scratch;
	int signals; /* signalfd */
	int stop_signal; /* that asked us to end; 0: none */
	bool ending; /* nothing interrupts any more */
	int noise; /* where the stderr of children goes */
	int console_socket; /* the console's decision socket, until it has been started; -1: none */
	struct demo_child broker, console, helper;
	struct demo_wire wire;
	struct demo_gate gates[DEMO_SERVERS];
	struct demo_deed *deeds; /* one for each of demo_calls */
	int64_t began_ms; /* of the script; 0: not yet */
	int64_t ends_ms; /* monotonic; 0: no end */
	unsigned differences;
};

/* demo_child.c */
struct demo_spawn {
	char *const *argv;
	char *const *env; /* NULL: ours */
	int in, out, err; /* -1: /dev/null */
	int keep[2]; /* stay open under their numbers; -1: none */
	bool foreground; /* shares the terminal with us */
};
bool demo_spawn(struct demo_child *child, const struct demo_spawn *how, struct err *err);
void demo_reap(struct demo *d);
/* SIGKILL when they are over */
void demo_end_child(struct demo *d, struct demo_child *child, int signal, int64_t ms);
/* Runs it to its end; appends its output to *out (may be NULL). False: did not end with 0, or not
 * in time. */
bool demo_run(
	struct demo *d, char *const *argv, char *const *env, struct buf *out, struct err *err);

/* demo_loop.c */
int64_t demo_now(void);
bool demo_pair(int pair[2], bool socket, struct err *err); /* both close on exec */
void demo_close(int *fd);
bool demo_write(int fd, struct span bytes); /* false: the other side is gone */
/* Takes what is there; calls `line` for every whole line. Closes the descriptor at the end of
 * input. */
void demo_read(struct demo *d, struct demo_input *input,
	void (*line)(struct demo *d, void *data, struct span text), void *data);
void demo_turn(struct demo *d, int64_t until_ms);
/* Until `met` says so. False: not within `ms`, or we are to end. */
bool demo_until(struct demo *d, bool (*met)(const struct demo *d, const void *data),
	const void *data, int64_t ms);

/* demo_client.c */
bool demo_client_start(
	struct demo *d, struct demo_gate *gate, const struct demo_server *server, struct err *err);
void demo_client_line(struct demo *d, void *gate, struct span line);
/* sends what is due; when the next call is, 0: none is left */
int64_t demo_client_due(struct demo *d);
void demo_client_cancel(struct demo *d, size_t which); /* notifications/cancelled */

/* demo_wire.c */
bool demo_broker_start(struct demo *d, struct err *err);
bool demo_trust(struct demo *d, const struct demo_server *server, struct err *err);
bool demo_watch(struct demo *d, struct err *err);
/* The answer is in d->wire.result; false: an error (its code in d->wire.code), or no answer. */
bool demo_ask(struct demo *d, const char *method, struct span params, struct err *err);
bool demo_decide(struct demo *d, size_t which, bool approve, const char *reason, struct err *err);
void demo_wire_line(struct demo *d, void *unused, struct span line);
/* freed by demo_argv_free */
char **demo_server_argv(const struct demo *d, const struct demo_server *server);
void demo_argv_free(char **argv);

/* demo_history.c */
#define DEMO_COLUMNS(X) \
	X(server) X(tool) X(target) X(verdict) X(decision) X(decision_reason) X(state) X(outcome)
struct demo_row {
#define X(name) char *name; /* "" for null */
	DEMO_COLUMNS(X)
#undef X
};
struct demo_rows {
	struct demo_row *list;
	size_t count, cap;
};
/* JSON lines; pure */
bool demo_history_parse(struct demo_rows *rows, struct span text, struct err *err);
bool demo_history_read(struct demo *d, struct demo_rows *rows, struct err *err);
void demo_history_finish(struct demo_rows *rows);
/* How the row differs from what the call should have left; NULL: not at all. Pure, static text. */
const char *demo_history_fault(const struct demo_row *row, const struct demo_call *call);
void demo_history_summary(const struct demo_rows *rows); /* for a person, on stdout */

/* demo_check.c */
void demo_check(struct demo *d); /* while everything runs */
void demo_check_after(struct demo *d); /* when all has ended */
void demo_differs(struct demo *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
