/* What reading and writing of replace.h share. */
#ifndef BASCULE_IPC_REPLACE_IMPL_H
#define BASCULE_IPC_REPLACE_IMPL_H

#include "ipc/replace.h"

/* Reads `name` in a directory into r->bytes, id, mode, owner; *r is not finished on failure.
 * False with errno ENOENT if nothing is there, and *err is left alone. */
bool replace_take(struct replace *r, int dir, const char *name, struct err *err);

#endif
