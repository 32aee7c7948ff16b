/* The starter policy of a directory's project: reads what core/policy/starter.h wants to see. */
#ifndef BASCULE_IPC_STARTER_H
#define BASCULE_IPC_STARTER_H

#include "core/buf.h"

/* Appends the rule file for the project around `dir` (absolute): its git work tree, else `dir`
 * itself; `top`, if not NULL, becomes that directory, which the caller frees. What is no regular
 * file, too long or not readable counts as not there. False: `dir` is no directory. */
bool starter_write(const char *dir, struct buf *out, char **top, struct err *err);

#endif
