/*
 * The only way by which a tool of the demo's servers opens a file: below the workspace or the
 * pretended home of the scratch directory, by openat2, following no link. Everything else is
 * refused here, whatever the gate let through: a demo that harms nobody must not depend on what it
 * demonstrates.
 */
#include "config.h"

#include "ipc/demo.h"

#include "core/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *const rooms[] = { "ws", "home" };

bool demo_jail_init(struct demo_jail *jail, const char *dir, struct err *err)
{
	struct stat st;
	*jail = (struct demo_jail){ .root = open(
					    dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) };
	if (jail->root < 0 || fstat(jail->root, &st) != 0) {
		return fail(err, DIAG_PATHS, "%s: %s", dir, strerror(errno));
	}
	jail->path = realpath(dir, NULL);
	if (!jail->path || st.st_uid != getuid() || (st.st_mode & 077)) {
		demo_jail_finish(jail);
		return fail(err, DIAG_PATHS, "%s: not a private directory of this user", dir);
	}
	return true;
}

void demo_jail_finish(struct demo_jail *jail)
{
	if (jail->root >= 0) {
		close(jail->root);
	}
	free(jail->path);
	*jail = (struct demo_jail){ .root = -1 };
}

static bool has_parent_step(const char *path)
{
	for (const char *at = path; (at = strstr(at, "..")); at += 2) {
		bool starts = at == path || at[-1] == '/', ends = !at[2] || at[2] == '/';
		if (starts && ends) {
			return true;
		}
	}
	return false;
}

static bool in_a_room(const char *path)
{
	for (size_t i = 0; i < COUNT_OF(rooms); i++) {
		size_t n = strlen(rooms[i]);
		if (strncmp(path, rooms[i], n) == 0 && (!path[n] || path[n] == '/')) {
			return true;
		}
	}
	return false;
}

char *demo_jail_path(const char *root, const char *given)
{
	size_t n = strlen(root);
	char *path;
	if (!given[0] || has_parent_step(given)) {
		return NULL;
	}
	if (given[0] != '/') {
		path = xasprintf("%s/%s", rooms[0], given);
	} else if (strncmp(given, root, n) == 0 && given[n] == '/') {
		path = xstrdup(given + n + 1);
	} else {
		return NULL;
	}
	if (!in_a_room(path)) {
		free(path);
		return NULL;
	}
	return path;
}

int demo_jail_open(const struct demo_jail *jail, const char *given, int flags, struct err *err)
{
	char *path = demo_jail_path(jail->path, given);
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY),
		.mode = flags & O_CREAT ? 0644 : 0,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	if (!path) {
		fail(err, DIAG_PATHS, "%.200s: outside the demo's scratch directory", given);
		return -1;
	}
	int fd = (int)syscall(SYS_openat2, jail->root, path, &how, sizeof(how));
	if (fd < 0) {
		fail(err, DIAG_PATHS, "%.200s: %s", given, strerror(errno));
	}
	free(path);
	return fd;
}

bool demo_jail_note(
	const struct demo_jail *jail, const char *tool, struct span arguments, struct err *err)
{
	int fd = openat(
		jail->root, DEMO_LOG, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct buf line = { 0 };
	buf_printf(&line, "%s %.*s\n", tool, (int)(arguments.len < 1000 ? arguments.len : 1000),
		arguments.at);
	bool ok = fd >= 0 && write(fd, line.data, line.len) == (ssize_t)line.len;
	if (!ok) {
		fail(err, DIAG_PATHS, DEMO_LOG ": %s", strerror(errno));
	}
	if (fd >= 0) {
		close(fd);
	}
	buf_finish(&line);
	return ok;
}
