/*
 * `bascule uninstall`: takes back what `init` did, stops the broker, says what stays, and with
 * --purge removes bascule's own files. uninstall.c is the command, uninstall_purge.c removes,
 * uninstall_named.c looks for entries of agents that still name a bascule.
 */
#ifndef BASCULE_IPC_UNINSTALL_H
#define BASCULE_IPC_UNINSTALL_H

#include "ipc/paths.h"

enum {
	UNINSTALL_OK = 0,
	UNINSTALL_LEFT = 1, /* something could not be done, and was named */
	UNINSTALL_USAGE = 2,
	UNINSTALL_UNASKED = 3, /* nobody said yes */
};

/* What was found or done to a file. Texts may hold foreign bytes. */
struct uninstall_row {
	char *path, *what;
	char *todo; /* NULL: nothing */
};

/* Zero-initialised is empty. */
struct uninstall_rows {
	struct uninstall_row *list;
	size_t count, cap;
};

/* Takes `what`; copies the others. */
void uninstall_add(struct uninstall_rows *rows, const char *path, char *what, const char *todo);
void uninstall_rows_finish(struct uninstall_rows *rows);

/* Every entry in the agents' files of this home, and of the project around the current directory,
 * that starts a bascule; `program` not NULL: this one alone. Files that cannot be read are rows
 * too: what they name is not known. */
void uninstall_named(struct uninstall_rows *rows, const char *home, const char *program);

/*
 * Removes what bascule keeps, and its directories where nothing else is in them. Holds the broker's
 * lock meanwhile, so that none begins; with `*keep_journal` the journal stays. What is removed goes
 * to `gone`, what is not, and why, to `left`. Never follows a link, and touches nothing that has
 * not one of bascule's names, kinds and the user as owner.
 */
void uninstall_purge(const struct paths *paths, bool keep_journal, struct uninstall_rows *gone,
	struct uninstall_rows *left);

int cmd_uninstall(int argc, char **argv);

#endif
