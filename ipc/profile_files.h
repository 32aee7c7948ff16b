/* The user's profiles: every *.profile in a directory of the configuration. */
#ifndef BASCULE_IPC_PROFILE_FILES_H
#define BASCULE_IPC_PROFILE_FILES_H

#include "core/buf.h"
#include "core/effects/profile.h"
#include "ipc/paths.h"

/* The shipped profiles and those of `dir`; if one of them is broken, the shipped ones alone, and
 * err->text says why (else it is empty). Appends [{file, text}] to *json: what a gate is told. */
struct profiles *profile_files_read(const char *dir, struct buf *json, struct err *err);
/* The same for the places in use; what is broken is the broker's to say. */
struct profiles *profile_files_of(const struct paths *paths, struct buf *json);

#endif
