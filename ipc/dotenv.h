/* The dotenv files of directories, read for the values that are secret because of where they
 * stand. */
#ifndef BASCULE_IPC_DOTENV_H
#define BASCULE_IPC_DOTENV_H

#include "core/buf.h"

enum { DOTENV_DIRS = 16 };

/* Appends the text of all of them, one behind the other; waits for the disk. `dirs` ends with NULL;
 * what is not absolute, and past DOTENV_DIRS, is left out. */
void dotenv_collect(const char *const *dirs, struct buf *out);
/* Frees it, and nothing of it stays in memory. */
void dotenv_wipe(struct buf *text);

#endif
