/*
 * One file of the user's, read and later replaced whole: as it was or as it is meant, nothing in
 * between, and never over a change that somebody else made meanwhile.
 */
#ifndef BASCULE_IPC_REPLACE_H
#define BASCULE_IPC_REPLACE_H

#include "core/buf.h"
#include "core/hash.h"

#include <sys/types.h>

enum { REPLACE_MAX = 8 << 20 }; /* bytes of a file, before and after */

/* What tells a file from another, and from itself after a change. */
struct replace_id {
	uint64_t dev, ino;
	int64_t size, seconds, nanoseconds; /* the times are of the last change of its bytes */
	struct hash hash;
};

/* A file as it was when it was read. All is borrowed by those who look at it. */
struct replace {
	char *path; /* absolute, as the caller named it */
	char *file; /* the file itself, behind the user's links; the same as `path` without one */
	char *there; /* the nearest directory above it that is there */
	char *below; /* the directories under `there` that are not there yet ("a/b"), or "" */
	bool exists;
	struct buf bytes;
	struct replace_id id; /* only `hash` (of nothing) counts of a file that is not there */
	mode_t mode; /* permissions, 0600 of a file that is not there */
	uid_t owner;
	gid_t group;
	unsigned long names; /* hard links */
	int dir; /* `there`, open */
};

/* Reads what the absolute `path` leads to: a regular file of at most REPLACE_MAX bytes, or a place
 * where one could be made. Links are followed, a chain and relative ones too; one that leads to a
 * directory that is not there is refused. Changes nothing. replace_finish it in any case. Errors
 * are DIAG_FILE, and DIAG_FILE_CHANGED if it changed while it was read. */
bool replace_read(struct replace *r, const char *path, struct err *err);
void replace_finish(struct replace *r);

/* May it be replaced? Not a file that belongs to another user, is read-only or has several names
 * (they would part), nor one in a directory that cannot be written; a new file only in a directory
 * of the user's. */
bool replace_may(const struct replace *r, struct err *err);

/* Puts `bytes` in its place if path and file are still what was read (DIAG_FILE_CHANGED if not),
 * with the mode, group, access list and attributes of the old one; a new file is 0600, new
 * directories 0700. True: it is on the disk, and *r describes it (`there` and `below` stay). False:
 * nothing was changed and nothing is left beside it. */
bool replace_write(struct replace *r, struct span bytes, struct err *err);

/* Removes the file if it is still what was read. */
bool replace_remove(struct replace *r, struct err *err);
/* Removes the empty directories above `file` that are below `there`, innermost first. */
void replace_remove_dirs(const char *file, const char *there);

/* Removes what a process that died in replace_write has left beside the file. */
void replace_sweep(const struct replace *r);

/* Is it the same file with the same bytes as when `id` was taken? */
bool replace_same(const struct replace_id *a, const struct replace_id *b);

#endif
