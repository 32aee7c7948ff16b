/* The files of our databases, before SQLite opens them. */
#ifndef BASCULE_CORE_DB_FILE_H
#define BASCULE_CORE_DB_FILE_H

#include "core/base.h"

#include <sys/stat.h>

/* Makes the file where there is none, 0600 whatever the umask: SQLite would give it the umask's
 * mode, and gives -wal and -shm the mode of the file. Never opens a file that exists: closing it
 * would drop the locks of another handle in this process. */
bool db_file_claim(const char *path, struct err *err);

/* Renames the damaged file with its -wal and -shm to PATH.damaged-TIME; said in `note` (may be
 * NULL, the caller frees). Only the very file that was `found` damaged: another opener may have put
 * a new one in its place meanwhile, and then nothing is done. */
bool db_file_set_aside(
	const char *path, const struct stat *found, int64_t now_us, char **note, struct err *err);

#endif
