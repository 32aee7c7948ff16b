/*
 * Doctor: the installed programs. Each carries its version as text (core/base.c), so that a mixed
 * installation is seen without starting any of them.
 */
#include <config.h>

#include "ipc/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PROGRAM_MAX = 64 << 20, VERSION_MAX = 64 };

static const struct {
	const char *name;
	bool may_lack; /* an installation without it is whole */
} programs[] = {
	{ "bascule", false },
	{ "bascule-gate", false },
	{ "bascule-broker", false },
	{ "bascule-console", false },
	{ "bascule-policy", false },
	{ "bascule-setup", false },
	{ "bascule-demo", false },
	{ "bascule-notifier", true },
};

/* The version behind the mark; a mark without one is somebody who looks for it, as we do. */
static bool find_version(struct span bytes, char version[VERSION_MAX])
{
	static const char mark[] = "@(#)bascule ";
	while (bytes.len) {
		const char *at = memmem(bytes.at, bytes.len, mark, sizeof(mark) - 1);
		if (!at) {
			return false;
		}
		at += sizeof(mark) - 1;
		bytes = (struct span){ at, bytes.len - (size_t)(at - bytes.at) };
		size_t n = strnlen(at, bytes.len < VERSION_MAX ? bytes.len : VERSION_MAX);
		if (n && n < VERSION_MAX && at[0] >= '0' && at[0] <= '9') {
			memcpy(version, at, n);
			version[n] = '\0';
			return true;
		}
	}
	return false;
}

static bool read_version(int fd, off_t size, char version[VERSION_MAX])
{
	struct buf bytes = { 0 };
	bool ok = false;
	if (size > 0 && size <= PROGRAM_MAX) {
		buf_room(&bytes, (size_t)size);
		ssize_t n = pread(fd, bytes.data, (size_t)size, 0);
		ok = n == size && find_version((struct span){ bytes.data, (size_t)n }, version);
	}
	buf_finish(&bytes);
	return ok;
}

static const char reinstall[] = "install bascule again: sudo make install";

/* One program; true if it is there and of our version. */
static bool look_at(struct doctor *d, const char *path, bool may_lack)
{
	char version[VERSION_MAX] = "";
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	bool ok = false;
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		bool lacks = fd < 0 && errno == ENOENT && may_lack;
		doctor_say(d, lacks ? DIAGNOSIS_NOTE : DIAGNOSIS_FAILURE, path,
			lacks ? "for desktop notifications: install libnotify, build again"
			      : reinstall,
			"%s", fd < 0 ? strerror(errno) : "is not a program");
	} else if (st.st_mode & 0022 || (st.st_uid != 0 && st.st_uid != getuid())) {
		doctor_say(d, DIAGNOSIS_FAILURE, path, "chmod go-w it, and chown it to root",
			"another user may replace it (mode %03o, owner %ld)",
			(unsigned)(st.st_mode & 0777), (long)st.st_uid);
	} else if (access(path, X_OK) != 0) {
		doctor_say(d, DIAGNOSIS_FAILURE, path, reinstall, "cannot be run: %s",
			strerror(errno));
	} else if (!read_version(fd, st.st_size, version)) {
		doctor_say(d, DIAGNOSIS_FAILURE, path, reinstall, "does not say its version");
	} else if (strcmp(version, PACKAGE_VERSION) != 0) {
		doctor_say(d, DIAGNOSIS_FAILURE, path, reinstall,
			"is of version %s, this one is %s: the installation is mixed", version,
			PACKAGE_VERSION);
	} else {
		ok = true;
	}
	if (fd >= 0) {
		close(fd);
	}
	return ok;
}

char *doctor_find_in_path(const char *name)
{
	const char *path = getenv("PATH");
	struct stat st;
	while (path && *path) {
		size_t n = strcspn(path, ":");
		char *file = xasprintf("%.*s/%s", (int)n, path, name);
		if (n && path[0] == '/' && stat(file, &st) == 0 && S_ISREG(st.st_mode) &&
			access(file, X_OK) == 0) {
			return file;
		}
		free(file);
		path += n + (path[n] == ':');
	}
	return NULL;
}

/* What is typed as `bascule` should be this installation. */
static void look_in_path(struct doctor *d, const char *ours)
{
	char *first = doctor_find_in_path("bascule");
	char *real = first ? realpath(first, NULL) : NULL, *own = realpath(ours, NULL);
	if (!first) {
		doctor_say(d, DIAGNOSIS_NOTE, ours, "add its directory to PATH",
			"is not in PATH: `bascule` is not found by its name");
	} else if (!real || !own || strcmp(real, own) != 0) {
		doctor_say(d, DIAGNOSIS_WARNING, first, "remove the one that is not wanted",
			"comes first in PATH, and is not this installation (%s)", ours);
	}
	free(first);
	free(real);
	free(own);
}

void doctor_programs(struct doctor *d)
{
	size_t good = 0;
	char *front = paths_program("bascule"), *installed = paths_installed();
	for (size_t i = 0; i < COUNT_OF(programs); i++) {
		char *path = paths_program(programs[i].name);
		good += look_at(d, path, programs[i].may_lack);
		free(path);
	}
	if (good) {
		doctor_say(d, DIAGNOSIS_OK, front, NULL, "version %s, %zu programs",
			PACKAGE_VERSION, good);
	}
	if (!installed) {
		doctor_say(d, DIAGNOSIS_NOTE, front, "sudo make install",
			"is not installed: agents' configurations should name an installed "
			"bascule");
	}
	look_in_path(d, front);
	free(front);
	free(installed);
}
