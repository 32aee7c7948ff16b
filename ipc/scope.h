/*
 * What a scope is: a directory that a server, a hook or a contained command may touch, and which
 * directories are too wide for one.
 */
#ifndef BASCULE_IPC_SCOPE_H
#define BASCULE_IPC_SCOPE_H

#include "core/base.h"

/* The kernel's name of what the descriptor means; owned; NULL: it has none. */
char *scope_path_of_fd(int fd);
/* A directory's path without links; owned; NULL: no directory, or `dir` is. */
char *scope_resolve(const char *dir);
/* "/", the home directory (resolved; NULL: none is known) and what holds it: every secret of its
 * user would be inside. */
bool scope_too_wide(const char *path, const char *home);
/* The nearest directory from `dir` upwards that holds .git; owned; NULL if none. */
char *scope_worktree(const char *dir);
/* The scope of who works in this directory and names none: the work tree around it, else the
 * directory. Owned; NULL: it cannot be one. */
char *scope_of(const char *dir, const char *home);

#endif
