/*
 * Landlock, where bubblewrap cannot run. It only ever allows: what is hidden or protected is kept
 * so by allowing everything around it, entry by entry. A directory that has something protected in
 * it can therefore not get new entries of its own; those below it that have none can.
 *
 * The numbers are the kernel's own (linux/landlock.h), written here because older headers lack the
 * later ones.
 */
#include "config.h"

#include "ipc/contain.h"

#include "core/diag.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

struct ruleset_attr {
	uint64_t files, network, scope;
};

struct beneath_attr {
	uint64_t access;
	int32_t fd;
} __attribute__((packed));

enum { ASK_VERSION = 1, RULE_BENEATH = 1 };

enum {
	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_DIR = 1 << 4,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_CHAR = 1 << 6,
	FS_MAKE_DIR = 1 << 7,
	FS_MAKE_REG = 1 << 8,
	FS_MAKE_SOCK = 1 << 9,
	FS_MAKE_FIFO = 1 << 10,
	FS_MAKE_BLOCK = 1 << 11,
	FS_MAKE_SYM = 1 << 12,
	FS_REFER = 1 << 13,
	FS_TRUNCATE = 1 << 14,
	FS_IOCTL_DEV = 1 << 15, /* from version 5 */
	FS_OF_FILES = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV,
	FS_LOOK = FS_EXECUTE | FS_READ_FILE | FS_READ_DIR,
	FS_CHANGE = FS_LOOK | FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR |
		FS_MAKE_REG | FS_MAKE_SOCK | FS_MAKE_FIFO | FS_MAKE_SYM | FS_REFER | FS_TRUNCATE,
	FS_ALL = FS_CHANGE | FS_MAKE_CHAR | FS_MAKE_BLOCK,
	NET_TCP = 3, /* bind and connect; from version 4 */
	SCOPE_ABSTRACT = 1, /* from version 6 */
	SCOPE_SIGNALS = 2,
};

int landlock_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
	return version > 0 ? (int)version : 0;
}

/* How many bytes of the attributes this kernel knows. */
static size_t attr_size(int version)
{
	return sizeof(uint64_t) * (version >= 6 ? 3 : version >= 4 ? 2 : 1);
}

struct rules {
	const struct sandbox *sandbox;
	int fd;
	uint64_t files; /* all ways of access that are ruled */
	int depth;
};

static void allow(const struct rules *rules, const char *path, uint64_t access)
{
	struct stat st;
	int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && !S_ISLNK(st.st_mode)) {
		struct beneath_attr attr = { access & rules->files, fd };
		if (!S_ISDIR(st.st_mode)) {
			attr.access &= FS_OF_FILES;
		}
		syscall(SYS_landlock_add_rule, rules->fd, RULE_BENEATH, &attr, 0);
	}
	if (fd >= 0) {
		close(fd);
	}
}

static uint64_t rights(enum sandbox_access access)
{
	return access == SANDBOX_WRITE ? FS_CHANGE : access == SANDBOX_READ ? FS_LOOK : 0;
}

static void allow_entries(struct rules *rules, const char *dir);

static void allow_place(struct rules *rules, const char *path)
{
	enum sandbox_access access = sandbox_access_of(rules->sandbox, path);
	unsigned less = access == SANDBOX_READ ? SANDBOX_PRIVATE | SANDBOX_HIDDEN
					       : SANDBOX_READ | SANDBOX_PRIVATE | SANDBOX_HIDDEN;
	unsigned all = SANDBOX_WRITE | less;
	if (!(access & (SANDBOX_READ | SANDBOX_WRITE))) {
		if (sandbox_has_below(rules->sandbox, path, SANDBOX_READ | SANDBOX_WRITE)) {
			allow_entries(rules, path);
		}
	} else if (!sandbox_has_below(rules->sandbox, path, less)) {
		allow(rules, path, rights(access));
		if (access == SANDBOX_READ && sandbox_has_below(rules->sandbox, path, all)) {
			allow_entries(rules, path);
		}
	} else {
		if (access == SANDBOX_WRITE) {
			allow(rules, path, FS_READ_DIR); /* names of what is hidden do show */
		}
		if (!sandbox_has_below(rules->sandbox, path, SANDBOX_PRIVATE | SANDBOX_HIDDEN)) {
			allow(rules, path, FS_LOOK);
		}
		allow_entries(rules, path);
	}
}

/* Devices have rules of their own. */
static void allow_entries(struct rules *rules, const char *dir)
{
	DIR *entries = rules->depth < 32 ? opendir(dir) : NULL;
	const struct dirent *entry;
	rules->depth++;
	while (entries && (entry = readdir(entries))) {
		bool self = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
		char *path = xasprintf("%s/%s", strcmp(dir, "/") == 0 ? "" : dir, entry->d_name);
		if (!self && strcmp(path, "/dev") != 0) {
			allow_place(rules, path);
		}
		free(path);
	}
	if (entries) {
		closedir(entries);
	}
	rules->depth--;
}

static void allow_devices(const struct rules *rules)
{
	static const char *const devices[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/random",
		"/dev/urandom", "/dev/tty" };
	for (size_t i = 0; i < COUNT_OF(devices); i++) {
		allow(rules, devices[i], FS_READ_FILE | FS_WRITE_FILE | FS_TRUNCATE | FS_IOCTL_DEV);
	}
}

bool landlock_files(const struct sandbox *sandbox, const char *tmp, struct err *err)
{
	int version = landlock_version();
	if (version < LANDLOCK_NEEDED) {
		return fail(err, DIAG_SANDBOX, "Landlock version %d is needed, this kernel has %d",
			LANDLOCK_NEEDED, version);
	}
	struct ruleset_attr attr = { .files = FS_ALL | (version >= 5 ? FS_IOCTL_DEV : 0),
		.network = version >= 4 && !sandbox->network ? NET_TCP : 0,
		.scope = version >= 6 ? SCOPE_ABSTRACT | SCOPE_SIGNALS : 0 };
	struct rules rules = { .sandbox = sandbox, .files = attr.files };
	rules.fd = (int)syscall(SYS_landlock_create_ruleset, &attr, attr_size(version), 0);
	if (rules.fd < 0) {
		return fail(err, DIAG_SANDBOX, "Landlock: %s", strerror(errno));
	}
	allow_entries(&rules, "/");
	allow_devices(&rules);
	if (tmp) {
		allow(&rules, tmp, FS_CHANGE);
	}
	bool ok = syscall(SYS_landlock_restrict_self, rules.fd, 0) == 0 ||
		fail(err, DIAG_SANDBOX, "Landlock: %s", strerror(errno));
	close(rules.fd);
	return ok;
}

void landlock_scope(void)
{
	struct ruleset_attr attr = { .scope = SCOPE_ABSTRACT | SCOPE_SIGNALS };
	int fd = landlock_version() >= 6
		? (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0)
		: -1;
	if (fd >= 0) {
		syscall(SYS_landlock_restrict_self, fd, 0);
		close(fd);
	}
}
