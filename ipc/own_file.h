/* Reading and replacing small files that must be the user's own: rules, profiles. */
#ifndef BASCULE_IPC_OWN_FILE_H
#define BASCULE_IPC_OWN_FILE_H

#include "core/buf.h"

/* Appends the bytes of a file that is regular, no link, the user's own or root's, not writable by
 * others, at most `max`. *missing if it is not there; then and on failure the result is false. */
bool own_file_read(const char *path, size_t max, struct buf *out, bool *missing, struct err *err);
/* Writes a new file beside it, 0600, flushed, then renames. */
bool own_file_write(const char *path, struct span text, struct err *err);
/* All of a text to a descriptor that blocks, whatever interrupts. False with errno: not all of it.
 */
bool own_file_put(int fd, struct span text);

#endif
