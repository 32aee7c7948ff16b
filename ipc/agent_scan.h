/* The agents' configuration files that are there, read and looked at one after the other: for
 * `doctor` and `uninstall`, which only look. Nothing but the files of the table (core/agent.h) is
 * opened. */
#ifndef BASCULE_IPC_AGENT_SCAN_H
#define BASCULE_IPC_AGENT_SCAN_H

#include "core/agent.h"
#include "ipc/replace.h"

/* All of it is lent to the callback. */
struct agent_scan {
	const struct agent *agent;
	const struct agent_file *file;
	char *path; /* absolute, as the table has it */
	struct replace now; /* its bytes */
	struct conf conf; /* of a configuration file */
	struct agent_look look;
	struct err err; /* empty: it was read, and parsed if it is one to parse */
};

typedef void agent_scan_fn(void *data, const struct agent_scan *scan);

/* Calls `each` with every file of the agent that is there or cannot be read; `project` NULL: the
 * home's alone. */
void agent_scan(const struct agent *agent, const char *home, const char *project,
	agent_scan_fn *each, void *data);

/* The work tree around the current directory, or that directory; NULL if it is the home, above it,
 * or not known. The caller frees it. */
char *agent_project(const char *home);

/* PATH:LINE of a value; the caller frees it. */
char *agent_scan_where(const struct agent_scan *scan, struct conf_path at);
/* The program that our plug-in starts, as its text says; NULL: it is none of ours. The caller frees
 * it. */
char *agent_plugin_program(struct span text);

#endif
