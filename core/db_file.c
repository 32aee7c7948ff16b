/*
 * The files of our databases: making them private, and setting a damaged one aside. Called by
 * history.c and store.c before they open one.
 */
#include "config.h"

#include "core/db_file.h"

#include "core/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ASIDE_TRIES = 100 };

bool db_file_claim(const char *path, struct err *err)
{
	static const char *const parts[] = { "", "-wal", "-shm" };
	struct stat st;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0) {
		int rc = fchmod(fd, 0600); /* whatever the umask is */
		close(fd);
		return rc == 0 ||
			fail(err, DIAG_HISTORY, "cannot set the mode of %.200s: %s", path,
				strerror(errno));
	}
	if (errno != EEXIST) {
		return fail(err, DIAG_HISTORY, "cannot create the history %.200s: %s", path,
			strerror(errno));
	}
	if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid()) {
		return fail(
			err, DIAG_HISTORY, "the history %.200s is not a file of this user", path);
	}
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		char *name = xasprintf("%s%s", path, parts[i]);
		if (lstat(name, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 0177)) {
			chmod(name, 0600);
		}
		free(name);
	}
	return true;
}

static bool rename_new(const char *from, const char *to)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0;
}

/* The log goes first: were it left beside a new file, it would be replayed into that one. */
static void follow_aside(const char *path, const char *aside)
{
	static const char *const parts[] = { "-wal", "-shm" };
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		char *from = xasprintf("%s%s", path, parts[i]);
		char *to = xasprintf("%s%s", aside, parts[i]);
		if (!rename_new(from, to) && errno != ENOENT) {
			unlink(from);
		}
		free(from);
		free(to);
	}
}

static bool move_aside(const char *path, const char *aside)
{
	if (access(aside, F_OK) == 0) {
		errno = EEXIST;
		return false;
	}
	follow_aside(path, aside);
	return rename_new(path, aside);
}

static char *aside_name(const char *path, int64_t now_us, int again)
{
	char when[32] = "unknown", more[16] = "";
	time_t seconds = (time_t)(now_us / 1000000);
	struct tm tm;
	if (gmtime_r(&seconds, &tm)) {
		strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", &tm);
	}
	if (again) {
		snprintf(more, sizeof(more), "-%d", again);
	}
	return xasprintf("%s.damaged-%s%s", path, when, more);
}

bool db_file_set_aside(
	const char *path, const struct stat *found, int64_t now_us, char **note, struct err *err)
{
	struct stat now;
	if (lstat(path, &now) != 0 || now.st_ino != found->st_ino || now.st_dev != found->st_dev) {
		return true;
	}
	for (int i = 0; i < ASIDE_TRIES; i++) {
		char *aside = aside_name(path, now_us, i);
		bool moved = move_aside(path, aside);
		if (moved && note) {
			*note = xasprintf("the history was damaged: it is kept as %s", aside);
		}
		free(aside);
		if (moved) {
			return true;
		}
	}
	return fail(err, DIAG_HISTORY, "the history %.200s is damaged and cannot be renamed: %s",
		path, strerror(errno));
}
