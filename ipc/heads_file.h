/* The file of heads (core/heads.h) on the disk, 0600. Written by the broker's writer thread alone.
 */
#ifndef BASCULE_IPC_HEADS_FILE_H
#define BASCULE_IPC_HEADS_FILE_H

#include "core/heads.h"

enum { HEADS_FILE_LONG = 65536 /* bytes; thinned beyond */, HEADS_FILE_MAX = 1 << 20 };

/* Makes the file where there is none: from then on a chain without it has lost it. */
bool heads_file_claim(const char *path, struct err *err);
/* One more line, on the disk when this returns. */
bool heads_file_add(const char *path, const struct head *head, struct err *err);
/* *missing: there is none; then and on failure the result is false. */
bool heads_file_read(const char *path, struct heads *heads, bool *missing, struct err *err);

#endif
