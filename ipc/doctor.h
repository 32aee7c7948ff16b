/*
 * `bascule doctor`: looks at everything that bascule stands on and says what is not as it should
 * be. Each check is a line of DOCTOR_CHECKS and a function.
 *
 * A check starts nothing, changes nothing, opens no path but those of bascule's own places and of
 * the agents' known configuration files, and waits for nobody longer than DOCTOR_MS.
 */
#ifndef BASCULE_IPC_DOCTOR_H
#define BASCULE_IPC_DOCTOR_H

#include "core/diagnosis.h"
#include "core/policy/secret.h"
#include "ipc/config.h"

enum { DOCTOR_MS = 1000, DOCTOR_BROKEN = 2 /* the exit code of failures, its own too */ };

/* function, name as it is printed, what it looks at */
#define DOCTOR_CHECKS(X) \
	X(programs, "programs", "the installed programs, their versions, and PATH") \
	X(broker, "broker", "does it run and answer, which version, whose sockets") \
	X(places, "places", "own directories: owner, mode, what lies about in them") \
	X(settings, "settings", "config.ini and keys.ini") \
	X(policy, "policy", "rule files and profiles") \
	X(history, "history", "the database, its key, and room on the disk") \
	X(log, "log", "the log file") \
	X(desktop, "desktop", "can notifications be shown") \
	X(terminal, "terminal", "this terminal: its kind, locale, focus reports in tmux") \
	X(sandbox, "sandbox", "what this machine has to contain servers with") \
	X(journal, "journal", "what was changed in your files, and can be undone") \
	X(agents, "agents", "servers behind the gate, hooks, time limits, what failing means") \
	X(secrets, "secrets", "credentials in the agents' files")

struct doctor {
	struct paths paths;
	struct config config;
	struct err config_error; /* empty: there is none */
	const char *home; /* whose agents are looked at; borrowed */
	int decide; /* an inherited decision socket, or -1 */
	const char *check; /* that runs just now */
	struct secrets *secrets; /* the scanner; NULL: it could not be made */
	struct diagnosis found;
};

#define X(function, name, looks_at) void doctor_##function(struct doctor *d);
DOCTOR_CHECKS(X)
#undef X

/* A row of the check that runs. `where` and `fix` may be NULL. */
void doctor_say(struct doctor *d, enum diagnosis_level level, const char *where, const char *fix,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The first program of that name in PATH; NULL: there is none. The caller frees it. */
char *doctor_find_in_path(const char *name);

int cmd_doctor(int argc, char **argv); /* [--json] [--home DIR] [--decide-fd N] */

#endif
