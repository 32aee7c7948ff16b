/*
 * Files that the user has written and a program of ours trusts. What is read is judged by its
 * descriptor, never by its name: owner, kind and mode are those of the bytes that are parsed.
 */
#include "config.h"

#include "ipc/own_file.h"

#include "core/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool trusted(const struct stat *st, const char **why)
{
	*why = !S_ISREG(st->st_mode)                        ? "is not a regular file"
		: st->st_uid != 0 && st->st_uid != getuid() ? "belongs to another user"
		: (st->st_mode & (S_IWGRP | S_IWOTH)) != 0  ? "may be written by others"
							    : NULL;
	return *why == NULL;
}

static bool read_whole(int fd, size_t max, struct buf *out)
{
	ssize_t n;
	do {
		buf_room(out, 8192);
		n = read(fd, out->data + out->len, 8192);
		out->len += n > 0 ? (size_t)n : 0;
	} while ((n > 0 || (n < 0 && errno == EINTR)) && out->len <= max);
	return n == 0;
}

bool own_file_read(const char *path, size_t max, struct buf *out, bool *missing, struct err *err)
{
	struct stat st;
	const char *why = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	*missing = fd < 0 && (errno == ENOENT || errno == ENOTDIR);
	if (fd < 0) {
		return fail(err, DIAG_CONFIG, "%s: %s", path,
			errno == ELOOP ? "is a symbolic link" : strerror(errno));
	}
	bool ok = fstat(fd, &st) == 0 && trusted(&st, &why);
	if (!ok) {
		fail(err, DIAG_CONFIG, "%s: %s", path, why ? why : strerror(errno));
	} else if (!read_whole(fd, max, out)) {
		ok = fail(err, DIAG_CONFIG, "%s: %s", path,
			out->len > max ? "is too large" : strerror(errno));
	}
	close(fd);
	return ok;
}

bool own_file_put(int fd, struct span text)
{
	while (text.len) {
		ssize_t n = write(fd, text.at, text.len);
		if (n < 0 && errno != EINTR) {
			return false;
		}
		text.at += n > 0 ? n : 0;
		text.len -= n > 0 ? (size_t)n : 0;
	}
	return true;
}

bool own_file_write(const char *path, struct span text, struct err *err)
{
	char *fresh = xasprintf("%s.XXXXXX", path);
	int fd = mkostemp(fresh, O_CLOEXEC); /* 0600 */
	bool ok = fd >= 0 && own_file_put(fd, text) && fsync(fd) == 0;
	int code = errno;
	if (fd >= 0 && close(fd) != 0 && ok) {
		ok = false;
		code = errno;
	}
	if (ok && rename(fresh, path) != 0) {
		ok = false;
		code = errno;
	}
	if (!ok) {
		fail(err, DIAG_CONFIG, "%s: %s", path, strerror(code));
		if (fd >= 0) {
			unlink(fresh);
		}
	}
	free(fresh);
	return ok;
}
