/*
 * Lock first, then unlink and bind: a second broker can never take the sockets of a living one. The
 * lock file's content is the directory of the sockets, because who finds a broker must not depend
 * on an environment.
 */
#include "config.h"

#include "ipc/home.h"

#include "core/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char *const socket_names[HOME_SOCKETS] = { "calls.sock", "decide.sock" };

static bool fill_address(struct sockaddr_un *address, const char *path, struct err *err)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address->sun_path)) {
		return fail(err, DIAG_PATHS, "%s: too long for a socket's path", path);
	}
	memcpy(address->sun_path, path, strlen(path));
	return true;
}

static int bind_one(const char *path, struct err *err)
{
	struct sockaddr_un address;
	if (!fill_address(&address, path, err)) {
		return -1;
	}
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	unlink(path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
		chmod(path, 0600) != 0 || listen(fd, 128) != 0) {
		fail(err, DIAG_PATHS, "%s: %s", path, strerror(errno));
		if (fd >= 0) {
			close(fd);
		}
		return -1;
	}
	return fd;
}

static uint64_t socket_inode(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0 && S_ISSOCK(st.st_mode) && st.st_uid == getuid() ? st.st_ino
										      : 0;
}

static void unbind(struct home *home)
{
	for (int i = 0; i < HOME_SOCKETS; i++) {
		if (home->listener[i] >= 0) {
			close(home->listener[i]);
			home->listener[i] = -1;
		}
	}
}

static bool lock_is_ours(const struct home *home)
{
	struct stat held, there;
	return fstat(home->lock, &held) == 0 && lstat(home->lock_path, &there) == 0 &&
		held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

bool home_bind(struct home *home, struct err *err)
{
	unbind(home);
	if (!lock_is_ours(home)) {
		return fail(err, DIAG_PATHS,
			"%s was taken away: another broker is found from now on", home->lock_path);
	}
	if (!paths_own_dir(home->dir, err)) {
		return false;
	}
	for (int i = 0; i < HOME_SOCKETS; i++) {
		home->listener[i] = bind_one(home->path[i], err);
		if (home->listener[i] < 0) {
			return false;
		}
		home->inode[i] = socket_inode(home->path[i]);
	}
	return true;
}

static bool write_address(struct home *home, struct err *err)
{
	size_t n = strlen(home->dir);
	if (ftruncate(home->lock, 0) != 0 || pwrite(home->lock, home->dir, n, 0) != (ssize_t)n) {
		return fail(
			err, DIAG_PATHS, "the lock file cannot be written: %s", strerror(errno));
	}
	return true;
}

bool home_take(struct home *home, const struct paths *paths, bool *taken, struct err *err)
{
	*home = (struct home){ .lock = -1, .listener = { -1, -1 } };
	*taken = false;
	home->lock = open(paths->lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (home->lock < 0) {
		return fail(err, DIAG_PATHS, "%s: %s", paths->lock, strerror(errno));
	}
	if (flock(home->lock, LOCK_EX | LOCK_NB) != 0) {
		close(home->lock);
		home->lock = -1;
		return true;
	}
	home->lock_path = xstrdup(paths->lock);
	home->dir = paths_socket_dir(paths);
	for (int i = 0; i < HOME_SOCKETS; i++) {
		home->path[i] = xasprintf("%s/%s", home->dir, socket_names[i]);
	}
	if (!home_bind(home, err) || !write_address(home, err)) {
		home_leave(home);
		return false;
	}
	*taken = true;
	return true;
}

bool home_intact(const struct home *home)
{
	for (int i = 0; i < HOME_SOCKETS; i++) {
		if (home->listener[i] < 0 || socket_inode(home->path[i]) != home->inode[i]) {
			return false;
		}
	}
	return true;
}

void home_leave(struct home *home)
{
	for (int i = 0; i < HOME_SOCKETS; i++) {
		if (home->path[i] && home->listener[i] >= 0 &&
			socket_inode(home->path[i]) == home->inode[i]) {
			unlink(home->path[i]);
		}
	}
	unbind(home);
	for (int i = 0; i < HOME_SOCKETS; i++) {
		free(home->path[i]);
		home->path[i] = NULL;
	}
	free(home->dir);
	free(home->lock_path);
	home->dir = home->lock_path = NULL;
	if (home->lock >= 0) {
		close(home->lock);
		home->lock = -1;
	}
}

char *home_find(const struct paths *paths, enum home_socket which)
{
	char dir[256];
	struct stat st;
	int fd = open(paths->lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0) {
		return NULL;
	}
	ssize_t n = fstat(fd, &st) == 0 && st.st_uid == getuid() ? read(fd, dir, sizeof(dir) - 1)
								 : -1;
	close(fd);
	if (n <= 0 || dir[0] != '/') {
		return NULL;
	}
	dir[n] = '\0';
	return xasprintf("%s/%s", dir, socket_names[which]);
}

static bool is_ours(const char *path, struct err *err)
{
	struct stat st;
	char *dir = xstrdup(path);
	*strrchr(dir, '/') = '\0';
	bool ok = lstat(dir, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == getuid() &&
		!(st.st_mode & 077) && lstat(path, &st) == 0 && S_ISSOCK(st.st_mode) &&
		st.st_uid == getuid();
	if (!ok) {
		fail(err, DIAG_PATHS, "%s is not a socket in a private directory of this user",
			path);
	}
	free(dir);
	return ok;
}

int home_connect(const char *path, struct err *err)
{
	struct sockaddr_un address;
	if (path[0] != '/') {
		fail(err, DIAG_PATHS, "%s: a socket's path must be absolute", path);
		return -1;
	}
	if (!is_ours(path, err) || !fill_address(&address, path, err)) {
		return -1;
	}
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
		fail(err, DIAG_NO_BROKER, "%s: %s", path, strerror(errno));
		if (fd >= 0) {
			close(fd);
		}
		return -1;
	}
	return fd;
}

/* Flocks have no other register than this. */
pid_t home_holder(const struct paths *paths)
{
	char line[256];
	struct stat st;
	long found = 0;
	FILE *locks = lstat(paths->lock, &st) == 0 ? fopen("/proc/locks", "re") : NULL;
	while (locks && !found && fgets(line, sizeof(line), locks)) {
		long pid = 0;
		unsigned long long inode = 0;
		if (sscanf(line, "%*d: FLOCK %*s %*s %ld %*x:%*x:%llu", &pid, &inode) == 2 &&
			pid > 0 && inode == (unsigned long long)st.st_ino) {
			found = pid;
		}
	}
	if (locks) {
		fclose(locks);
	}
	return (pid_t)found;
}
