/*
 * Removes bascule's own files, by one table of names. Everything is reached from a directory that
 * was opened without following a link and belongs to the user; a name that is a link, another kind
 * or another user's is left and said. See uninstall.h.
 */
#include "config.h"

#include "ipc/uninstall.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum place { IN_CONFIG, IN_THEMES, IN_PROFILES, IN_STATE, IN_SOCKETS, PLACE_COUNT };

enum { LOCK_TRIES = 200, LOCK_STEP_MS = 10 /* a broker that was stopped needs a moment */ };

/* Ours is what has one of these names (fnmatch) in its directory, and this kind. */
static const struct {
	enum place in;
	mode_t kind;
	const char *name;
} own[] = {
	{ IN_CONFIG, S_IFREG, "config.ini" },
	{ IN_CONFIG, S_IFREG, "keys.ini" },
	{ IN_CONFIG, S_IFREG, "policy.rules" },
	{ IN_CONFIG, S_IFREG, "policy.rules.??????" }, /* cut short while it was written */
	{ IN_THEMES, S_IFREG, "*.ini" },
	{ IN_PROFILES, S_IFREG, "*.profile" },
	{ IN_STATE, S_IFREG, "log.db" },
	{ IN_STATE, S_IFREG, "log.db-wal" },
	{ IN_STATE, S_IFREG, "log.db-shm" },
	{ IN_STATE, S_IFREG, "log.db.suspect" },
	{ IN_STATE, S_IFREG, "log.db.damaged-*" },
	{ IN_STATE, S_IFREG, "detail.db" },
	{ IN_STATE, S_IFREG, "detail.db-wal" },
	{ IN_STATE, S_IFREG, "detail.db-shm" },
	{ IN_STATE, S_IFREG, "search.db" },
	{ IN_STATE, S_IFREG, "search.db-wal" },
	{ IN_STATE, S_IFREG, "search.db-shm" },
	{ IN_STATE, S_IFREG, "search.db.suspect" },
	{ IN_STATE, S_IFREG, "detail.db.damaged-*" },
	{ IN_STATE, S_IFREG, "heads" },
	{ IN_STATE, S_IFREG, "heads.??????" }, /* cut short while it was written */
	{ IN_STATE, S_IFREG, "key" },
	{ IN_STATE, S_IFREG, "bascule.log" },
	{ IN_STATE, S_IFREG, "bascule.log.1" },
	{ IN_STATE, S_IFREG, "init.lock" },
	{ IN_STATE, S_IFREG, "init.journal" },
	{ IN_STATE, S_IFREG, "lock" },
	{ IN_SOCKETS, S_IFSOCK, "calls.sock" },
	{ IN_SOCKETS, S_IFSOCK, "decide.sock" },
};

struct purge {
	struct uninstall_rows *gone, *left;
	bool keep_journal;
};

static void leave(struct purge *p, const char *path, const char *why)
{
	uninstall_add(p->left, path, xstrdup(why), "remove it by hand, if you do not want it");
}

/* A directory of the user's, no link; -1: none, which was said unless it is not there. */
static int open_own(struct purge *p, const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno != ENOENT) {
		leave(p, path,
			errno == ELOOP || errno == ENOTDIR
				? "is a link, or no directory: nothing in it was touched"
				: strerror(errno));
	} else if (fd >= 0 && (fstat(fd, &st) != 0 || st.st_uid != getuid())) {
		leave(p, path, "belongs to another user: nothing in it was touched");
		close(fd);
		fd = -1;
	}
	return fd;
}

static const char *why_not(const struct stat *st, mode_t kind)
{
	return S_ISLNK(st->st_mode)              ? "is a link"
		: (st->st_mode & S_IFMT) != kind ? "is of another kind than bascule's"
		: st->st_uid != getuid()         ? "belongs to another user"
						 : NULL;
}

static void remove_one(struct purge *p, int dir, const char *path, const char *name, mode_t kind)
{
	struct stat st;
	char *full = xasprintf("%s/%s", path, name);
	const char *why = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ? strerror(errno)
									    : why_not(&st, kind);
	bool needed = !why && p->keep_journal && strcmp(name, "init.journal") == 0;
	if (!why && !needed && unlinkat(dir, name, 0) != 0) {
		why = strerror(errno);
	}
	if (needed) {
		uninstall_add(p->left, full, xstrdup("holds what could not be undone"),
			"mend the files that are named, then bascule init --undo");
	} else if (why) {
		leave(p, full, why);
	} else {
		uninstall_add(p->gone, full, xstrdup("removed"), NULL);
	}
	free(full);
}

/* Which row of the table a name fits; -1: none, it is not ours. */
static int fits(enum place in, const char *name)
{
	for (size_t i = 0; i < COUNT_OF(own); i++) {
		if (own[i].in == in && fnmatch(own[i].name, name, FNM_PERIOD) == 0) {
			return (int)i;
		}
	}
	return -1;
}

static void remove_files(struct purge *p, enum place in, const char *path)
{
	int fd = open_own(p, path);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	while (dir && (entry = readdir(dir))) {
		int row = fits(in, entry->d_name);
		if (row >= 0) {
			remove_one(p, dirfd(dir), path, entry->d_name, own[row].kind);
		}
	}
	if (dir) {
		closedir(dir);
	} else if (fd >= 0) {
		close(fd);
	}
}

/* An empty one goes; what else is in it is not ours. */
static void remove_dir(struct purge *p, const char *path)
{
	struct stat st;
	if (lstat(path, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != getuid()) {
		return; /* said before, or not there */
	}
	if (rmdir(path) == 0) {
		uninstall_add(p->gone, path, xstrdup("removed"), NULL);
	} else {
		leave(p, path,
			errno == ENOTEMPTY || errno == EEXIST
				? "holds what is not bascule's, or could not be removed"
				: strerror(errno));
	}
}

/* Held until we end: a broker that starts meanwhile finds it taken, and ends. -1: somebody has it.
 */
static int take_lock(const struct paths *paths, bool *there)
{
	int fd = open(paths->lock, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	*there = fd >= 0;
	for (int i = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0; i++) {
		if (errno != EWOULDBLOCK || i >= LOCK_TRIES) {
			close(fd);
			return -1;
		}
		poll(NULL, 0, LOCK_STEP_MS);
	}
	return fd;
}

static void remove_all(struct purge *p, const struct paths *paths)
{
	char *sockets = paths_socket_dir(paths), *run = xasprintf("%s/run", paths->state);
	char *themes = xasprintf("%s/themes", paths->config);
	char *profiles = xasprintf("%s/profiles", paths->config);
	const char *const dirs[PLACE_COUNT + 1] = { [IN_CONFIG] = paths->config,
		[IN_THEMES] = themes,
		[IN_PROFILES] = profiles,
		[IN_STATE] = paths->state,
		[IN_SOCKETS] = sockets,
		[PLACE_COUNT] = run };
	static const int inside_first[] = { IN_SOCKETS, PLACE_COUNT, IN_THEMES, IN_PROFILES,
		IN_CONFIG, IN_STATE };
	for (size_t i = 0; i < COUNT_OF(inside_first); i++) {
		int at = inside_first[i];
		remove_files(p, at == PLACE_COUNT ? IN_SOCKETS : (enum place)at, dirs[at]);
	}
	for (size_t i = 0; i < COUNT_OF(inside_first); i++) {
		remove_dir(p, dirs[inside_first[i]]);
	}
	if (paths->root) {
		remove_dir(p, paths->root);
	}
	free(sockets);
	free(run);
	free(themes);
	free(profiles);
}

void uninstall_purge(const struct paths *paths, bool keep_journal, struct uninstall_rows *gone,
	struct uninstall_rows *left)
{
	struct purge p = { gone, left, keep_journal };
	bool there = false;
	int lock = take_lock(paths, &there);
	if (there && lock < 0) {
		uninstall_add(left, paths->lock,
			xstrdup("a broker runs: nothing of bascule's own files was removed"),
			"bascule broker stop, then again");
		return;
	}
	remove_all(&p, paths);
	if (lock >= 0) {
		close(lock);
	}
}
