/*
 * `bascule init`: what would be changed in the agents' files, shown, asked, written, read again;
 * and its way back. ipc/init_plan.c looks, init_show.c, init_diff.c and init_json.c tell, init_do.c
 * writes, init_check.c lets an agent look at itself, init_trust.c accepts what a person said yes
 * to, init_undo.c takes back, init_main.c is the command.
 */
#ifndef BASCULE_IPC_INIT_H
#define BASCULE_IPC_INIT_H

#include "core/agent_edit.h"
#include "ipc/journal.h"
#include "ipc/paths.h"

enum {
	INIT_OK = 0,
	INIT_FAILED = 1, /* something was left or went wrong; it was said */
	INIT_USAGE = 2,
	INIT_UNASKED = 3, /* there is something to do, and nobody said yes */
};

enum init_state {
	INIT_ABSENT, /* there is no such file, and none is wanted */
	INIT_SAME, /* nothing is to be done */
	INIT_CHANGE,
	INIT_LEFT, /* something was to be done and cannot be: `why` */
	INIT_WRITTEN, /* and read again */
	INIT_UNWRITTEN, /* `why` */
};

struct init_file {
	const struct agent *agent; /* NULL: the project's rules */
	const struct agent_file *file; /* NULL for those */
	char *path; /* absolute */
	struct replace now;
	struct agent_edit edit; /* of a configuration file */
	struct buf after;
	enum init_state state;
	struct err why;
};

struct init_agent {
	const struct agent *agent;
	bool here; /* installed, or it has files, or it was named */
	char *program; /* on PATH; NULL */
	/* its own look at its servers, after writing */
	bool checked;
	int check_code; /* as of a shell; -1: it did not end in time */
	struct buf check_said;
};

struct init {
	struct paths paths;
	char *home;
	char *project; /* the work tree around the current directory, or that directory */
	bool has_project; /* it is neither the home nor above it */
	struct agent_front front;
	struct init_agent *agents;
	size_t agent_count;
	struct init_file *files;
	size_t file_count, file_cap;
};

int cmd_init(int argc, char **argv); /* the command, for setup_main.c */

/* Fills agents and files; `named` holds those asked for, none means all. */
bool init_plan(struct init *init, char *const *named, size_t named_count, struct err *err);
void init_finish(struct init *init);
/* No process is seen that would write over this file. */
bool init_at_rest(const struct init *init, struct init_file *file);
size_t init_changes(const struct init *init); /* files to change */

void init_show_plan(const struct init *init);
void init_show_list(const struct init *init); /* what will be written, a line each */
void init_print_diff(const struct init_file *file);
void init_show_done(const struct init *init);
void init_print_json(const struct init *init, bool dry, bool done);

/* Writes what is INIT_CHANGE, with the journal; each file's state says what became of it. False:
 * the journal cannot be had, and nothing was written. */
bool init_write(struct init *init, struct err *err);
/* Lets each agent that was changed look at its servers, bounded in time. */
void init_check(struct init *init);

/* Accepts, for this project, what was written: its servers, and the agents' own tools. `decide`: an
 * inherited decision socket, or -1. Says what came of it. */
void init_trust(struct init *init, int decide);

/* Takes back all that the journal holds; `told` is called for each entry. False: something is left,
 * or the journal cannot be had. */
typedef void init_told(
	void *data, const struct journal_entry *entry, enum journal_fate fate, const char *todo);
bool init_take_back(const struct paths *paths, init_told *told, void *data, struct err *err);
/* The same as a command. Returns an exit code. */
int init_undo(const struct paths *paths, bool dry, bool json);

/* Prints foreign text on one line, cleaned. */
void init_print(const char *before, const char *foreign, const char *after);

#endif
