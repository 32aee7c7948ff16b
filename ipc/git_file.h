/* Files that others may have put there: regular ones only, never through a link at the end, without
 * waiting, and no more than a bound. */
#ifndef BASCULE_IPC_GIT_FILE_H
#define BASCULE_IPC_GIT_FILE_H

#include "core/buf.h"

#include <sys/stat.h>

/* The descriptor of a regular file; -1: it is none, or not there (errno says ENOENT then). */
int git_file_open(const char *path, struct stat *st);

enum git_file { GIT_FILE_READ, GIT_FILE_ABSENT, GIT_FILE_ODD /* too large, no file, unreadable */ };

/* All of it. `out` is emptied first; `st` may be NULL. What changes while it is read is odd. */
enum git_file git_file_read(const char *path, size_t most, struct buf *out, struct stat *st);

/* Does it lie on a file system that answers from this machine's own memory or disks? */
bool git_file_is_local(int fd);
bool git_file_is_local_path(const char *path);

/* What tells one content of a file from another without reading it. */
struct git_stamp {
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec mtime, ctime;
	bool there;
};
struct git_stamp git_stamp_of(const struct stat *st); /* NULL: not there */
struct git_stamp git_stamp_at(const char *dir, const char *name);
bool git_stamp_same(const struct git_stamp *a, const struct git_stamp *b);

#endif
