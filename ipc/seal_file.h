/* One step of the chain of seals (core/seal.h), off the broker's loop. */
#ifndef BASCULE_IPC_SEAL_FILE_H
#define BASCULE_IPC_SEAL_FILE_H

#include "core/store.h"
#include "ipc/paths.h"

/* For a worker thread, the only one that writes paths->detail: seals what has settled by now_us,
 * for a fifth of a second at most, and notes the head. Everything that belongs to calls which ended
 * before now_us - SEAL_SETTLE_US must have been written. What goes wrong is logged. True: there is
 * more to seal, or will be within a second or two. */
bool seal_file_feed(const struct paths *paths, int64_t now_us);

#endif
