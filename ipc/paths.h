/*
 * Where everything lies. The home directory is the password database's, never $HOME; XDG variables
 * are not read, so that a broker judges alike whoever started it.
 */
#ifndef BASCULE_IPC_PATHS_H
#define BASCULE_IPC_PATHS_H

#include "core/base.h"

struct paths {
	char *root; /* NULL: the default places; else all of the following lie under it */
	char *home; /* of the user, from the password database */
	char *config; /* directory: config.ini, policy.rules, keys.ini, themes/, profiles/ */
	char *state; /* directory: log.db, bascule.log, lock, key */
	char *config_ini;
	char *log;
	char *lock;
	char *history; /* log.db */
	char *detail; /* detail.db */
	char *search; /* search.db */
	char *heads; /* of the chain of seals in detail.db */
};

/* `root` NULL: BASCULE_ROOT from the environment, else the default places. Does not touch the file
 * system. */
bool paths_init(struct paths *paths, const char *root, struct err *err);
void paths_finish(struct paths *paths);

/* Makes state and config directories (0700) and checks that they are the user's own. */
bool paths_prepare(const struct paths *paths, struct err *err);
/* Makes, or checks, a directory of mode 0700 that is the user's own and no link. */
bool paths_own_dir(const char *dir, struct err *err);
/* Where a new broker puts its sockets: /run/user/UID/bascule if there is such a directory, else
 * STATE/run, or ROOT/run. The caller frees it. */
char *paths_socket_dir(const struct paths *paths);
/* The full path of a program of ours: beside this one in a build tree, else in libexec. The caller
 * frees it. */
char *paths_program(const char *name);
/* The path by which others may start us for years: the installed `bascule`. NULL: this program runs
 * from a build tree, or its installation has no such file. The caller frees it. */
char *paths_installed(void);

#endif
