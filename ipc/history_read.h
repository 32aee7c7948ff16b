/* Opening the history to read it, for the commands under `bascule history`. */
#ifndef BASCULE_IPC_HISTORY_READ_H
#define BASCULE_IPC_HISTORY_READ_H

#include "core/history.h"
#include "ipc/paths.h"

/* NULL: it could not be opened, or there is none yet, which is said on stderr and then *none. */
struct history *history_read(const struct paths *paths, bool *none, struct err *err);

#endif
