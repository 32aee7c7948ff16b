/*
 * Replaces a file of the user's. The new one is written beside it under a name of our own, made
 * like the old one and flushed; then the two exchange their names, and only when what came out is
 * what was read does the old one go. So a change made at any moment is seen before it is lost, a
 * full disk is met before anything is touched, and a crash leaves the old file or the new one.
 *
 * Everything goes by the directory that replace_read found and holds open: a link planted
 * meanwhile is refused, never followed. The file beside is locked while its writer lives, so that
 * the next one can tell what a dead one left. File systems that cannot exchange (NFS) get a
 * comparison and a plain rename.
 */
#include "config.h"

#include "ipc/replace.h"
#include "ipc/replace_impl.h"

#include "core/diag.h"
#include "ipc/fault.h"
#include "ipc/own_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define ACCESS_LIST "system.posix_acl_access"

enum {
	NAMES_MOST = 65536, /* of attributes, and of a value: the kernel's own bounds */
	VALUE_MOST = 65536,
	BACK_MOST = 1000, /* rounds with somebody who never stops writing */
};

/* Where the new file is made, and what is made for it. */
struct aside {
	char *name; /* in `dir` */
	int dir; /* the file's own directory */
	int made; /* directories under r->there that we have made */
	int fd;
};

static char *aside_name(const struct replace *r)
{
	return xasprintf(".%s.bascule", path_name(r->file));
}

/* ---- may it be replaced ---- */

bool replace_may(const struct replace *r, struct err *err)
{
	struct stat st;
	if (r->exists && r->owner != geteuid()) {
		return fail(err, DIAG_FILE, "%s: belongs to user %ld, not to you", r->file,
			(long)r->owner);
	}
	if (r->exists && !(r->mode & S_IWUSR)) {
		return fail(err, DIAG_FILE, "%s: is read-only (mode %04o); chmod u+w it first",
			r->file, (unsigned)r->mode);
	}
	if (r->exists && r->names > 1) {
		return fail(err, DIAG_FILE,
			"%s: has %lu names (hard links), which would part; copy it first", r->file,
			r->names);
	}
	if (fstat(r->dir, &st) != 0 || faccessat(r->dir, ".", W_OK | X_OK, AT_EACCESS) != 0) {
		return fail(err, DIAG_FILE, "%s: nothing can be written into it: %s", r->there,
			strerror(errno));
	}
	if (st.st_uid == geteuid() && !(st.st_mode & S_IWUSR)) { /* root may, and should not */
		return fail(err, DIAG_FILE, "%s: is read-only (mode %04o)", r->there,
			(unsigned)st.st_mode & 07777);
	}
	if (!r->exists && st.st_uid != geteuid()) {
		return fail(err, DIAG_FILE,
			"%s: belongs to user %ld, not to you; nothing new is made in it", r->there,
			(long)st.st_uid);
	}
	return true;
}

/* Reads it anew into *now: is it what *r says? *now is finished on failure. */
static bool read_again(const struct replace *r, struct replace *now, struct err *err)
{
	bool ok = replace_read(now, r->path, err);
	if (ok &&
		(strcmp(now->file, r->file) != 0 || now->exists != r->exists ||
			(r->exists && !replace_same(&now->id, &r->id)))) {
		ok = fail(err, DIAG_FILE_CHANGED,
			"%s: changed since it was looked at; nothing was written", r->file);
	}
	if (!ok) {
		replace_finish(now);
	}
	return ok;
}

/* ---- directories ---- */

/* The directory of r->file, from r->dir down; with `make` the missing ones are made, *made of
 * them. -1 with errno. */
static int enter(const struct replace *r, bool make, int *made)
{
	char *names = xstrdup(r->below), *rest = names, *name;
	int dir = openat(r->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (dir >= 0 && (name = strsep(&rest, "/")) && *name) {
		bool ok = !make || mkdirat(dir, name, 0700) == 0;
		*made += make && ok;
		int next = ok ? openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
			      : -1;
		int why = errno;
		close(dir);
		dir = next;
		errno = why;
	}
	free(names);
	return dir;
}

void replace_remove_dirs(const char *file, const char *there)
{
	char *dir = xstrdup(file), *slash;
	size_t least = strlen(there);
	while ((slash = strrchr(dir, '/')) && (size_t)(slash - dir) > least) {
		*slash = '\0';
		if (strncmp(dir, there, least) != 0 || rmdir(dir) != 0) {
			break;
		}
	}
	free(dir);
}

/* Those that enter() made, innermost first; one into which somebody put something stays. */
static void unmake_dirs(const struct replace *r, int made)
{
	struct span all = span_of(r->below);
	size_t end = all.len;
	int depth = 0, total = 1;
	for (size_t i = 0; i < all.len; i++) {
		total += all.at[i] == '/';
	}
	for (depth = total; depth > 0 && all.len; depth--) {
		char *path = span_dup((struct span){ all.at, end });
		if (depth <= made) {
			unlinkat(r->dir, path, AT_REMOVEDIR);
		}
		free(path);
		while (end && all.at[--end] != '/') {
		}
	}
}

/* ---- the file beside ---- */

/* Removes a file of our name whose writer is dead. False with errno; EBUSY: he lives. */
static bool sweep(int dir, const char *name)
{
	struct stat st;
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		return false;
	}
	bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid();
	if (!ok) {
		errno = EEXIST;
	} else if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
		ok = false;
		errno = EBUSY;
	} else {
		ok = unlinkat(dir, name, 0) == 0;
	}
	int why = errno;
	close(fd);
	errno = why;
	return ok;
}

void replace_sweep(const struct replace *r)
{
	int made = 0, dir = enter(r, false, &made);
	char *name = aside_name(r);
	if (dir >= 0) {
		sweep(dir, name);
		close(dir);
	}
	free(name);
}

static bool make_aside(const struct replace *r, struct aside *a, struct err *err)
{
	const int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	a->fd = openat(a->dir, a->name, flags, 0600);
	if (a->fd < 0 && errno == EEXIST && sweep(a->dir, a->name)) {
		a->fd = openat(a->dir, a->name, flags, 0600);
	}
	if (a->fd < 0) {
		return fail(err, DIAG_FILE, "%s: cannot be written beside it (%s): %s", r->file,
			a->name, errno == EBUSY ? "another process is doing so" : strerror(errno));
	}
	if (flock(a->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
		close(a->fd); /* a sweeper has it and removes it */
		a->fd = -1;
		return fail(err, DIAG_FILE, "%s: another process is replacing it", r->file);
	}
	fault_step("aside");
	return true;
}

static bool write_whole(int fd, struct span text)
{
	if (!own_file_put(fd, text)) {
		return false;
	}
	fault_step("written");
	return fsync(fd) == 0;
}

/* One attribute. The access list must come over; others (a label, a note) where that is allowed. */
static bool copy_attribute(int from, int to, const char *name)
{
	char *value = xmalloc(VALUE_MOST);
	ssize_t n = fgetxattr(from, name, value, VALUE_MOST);
	bool ok = n >= 0 && fsetxattr(to, name, value, (size_t)n, 0) == 0;
	free(value);
	return ok || strcmp(name, ACCESS_LIST) != 0;
}

static bool copy_attributes(int from, int to)
{
	char *names = xmalloc(NAMES_MOST);
	ssize_t n = flistxattr(from, names, NAMES_MOST);
	bool ok = n >= 0 || errno == ENOTSUP;
	fremovexattr(to, ACCESS_LIST); /* the directory may have given it one */
	for (const char *name = names; ok && name < names + (n > 0 ? n : 0);
		name += strlen(name) + 1) {
		ok = copy_attribute(from, to, name);
	}
	free(names);
	return ok;
}

/* Group, mode, access list and attributes of the old file; what it was read from stays as it is. */
static bool dress(const struct replace *r, const struct aside *a, struct err *err)
{
	struct stat st;
	if (!r->exists) {
		return fchmod(a->fd, 0600) == 0 ||
			fail(err, DIAG_FILE, "%s: its mode cannot be set: %s", r->file,
				strerror(errno));
	}
	int from = openat(a->dir, path_name(r->file),
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool ok = from >= 0 && fstat(a->fd, &st) == 0 &&
		(st.st_gid == r->group || fchown(a->fd, (uid_t)-1, r->group) == 0) &&
		fchmod(a->fd, r->mode) == 0 && copy_attributes(from, a->fd);
	if (!ok) {
		fail(err, DIAG_FILE, "%s: its group, mode or access list cannot be kept: %s",
			r->file, strerror(errno));
	}
	if (from >= 0) {
		close(from);
	}
	return ok;
}

/* ---- the exchange ---- */

static bool no_such_rename(void)
{
	return errno == EINVAL || errno == ENOSYS || errno == ENOTSUP;
}

static bool changed(const struct replace *r, struct err *err)
{
	return fail(err, DIAG_FILE_CHANGED,
		"%s: changed at the last moment; what stands there stays", r->file);
}

/* Is the file of that name the one that was read? */
static bool is_still(const struct replace *r, int dir, const char *name)
{
	struct replace now = { .file = r->file, .dir = -1 };
	bool same = replace_take(&now, dir, name, NULL) && replace_same(&now.id, &r->id);
	buf_finish(&now.bytes);
	return same;
}

static bool put_new(const struct replace *r, const struct aside *a, struct err *err)
{
	const char *name = path_name(r->file);
	if (renameat2(a->dir, a->name, a->dir, name, RENAME_NOREPLACE) == 0) {
		return true;
	}
	if (no_such_rename() && linkat(a->dir, a->name, a->dir, name, 0) == 0) {
		unlinkat(a->dir, a->name, 0);
		return true;
	}
	return errno == EEXIST ? changed(r, err)
			       : fail(err, DIAG_FILE, "%s: cannot be put in its place: %s", r->file,
					 strerror(errno));
}

static bool same_inode(int fd, int dir, const char *name)
{
	struct stat a, b;
	return fstat(fd, &a) == 0 && fstatat(dir, name, &b, AT_SYMLINK_NOFOLLOW) == 0 &&
		a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* What stands beside is somebody's change: back to its name with it. If what comes out there is
 * not what we had put in, it is a later change still, and goes back in its turn. */
static void put_back(const struct aside *a, const char *name)
{
	int put = dup(a->fd); /* held open, or its number could be another's soon */
	for (int n = 0; n < BACK_MOST && put >= 0; n++) {
		int now = openat(a->dir, a->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
		if (renameat2(a->dir, a->name, a->dir, name, RENAME_EXCHANGE) != 0) {
			renameat2(a->dir, a->name, a->dir, name, RENAME_NOREPLACE);
			n = BACK_MOST;
		} else if (same_inode(put, a->dir, a->name)) {
			unlinkat(a->dir, a->name, 0);
			n = BACK_MOST;
		}
		close(put);
		put = now;
	}
	if (put >= 0) {
		close(put);
	}
}

static bool put_over(const struct replace *r, const struct aside *a, struct err *err)
{
	const char *name = path_name(r->file);
	if (renameat2(a->dir, a->name, a->dir, name, RENAME_EXCHANGE) == 0) {
		fault_step("swapped");
		if (is_still(r, a->dir, a->name)) {
			unlinkat(a->dir, a->name, 0);
			return true;
		}
		put_back(a, name);
		return changed(r, err);
	}
	bool plain = no_such_rename();
	if (errno == ENOENT || (plain && !is_still(r, a->dir, name))) {
		return changed(r, err);
	}
	return (plain && renameat(a->dir, a->name, a->dir, name) == 0) ||
		fail(err, DIAG_FILE, "%s: cannot be put in its place: %s", r->file,
			strerror(errno));
}

/* What is beside after a failure goes if it is ours: by exchanging it may be another's. */
static void clear_aside(const struct aside *a)
{
	if (same_inode(a->fd, a->dir, a->name)) {
		unlinkat(a->dir, a->name, 0);
	}
}

static bool write_beside(struct replace *r, struct aside *a, struct span bytes, struct err *err)
{
	struct stat st;
	bool ok = write_whole(a->fd, bytes) ||
		fail(err, DIAG_FILE, "%s: cannot be written beside it: %s", r->file,
			strerror(errno));
	ok = ok && dress(r, a, err) &&
		(fsync(a->fd) == 0 || fail(err, DIAG_FILE, "%s: %s", r->file, strerror(errno)));
	if (ok) {
		fault_step("synced");
		ok = r->exists ? put_over(r, a, err) : put_new(r, a, err);
	}
	if (!ok || fstat(a->fd, &st) != 0) {
		return false;
	}
	r->exists = true;
	r->mode = st.st_mode & 07777;
	r->owner = st.st_uid;
	r->group = st.st_gid;
	r->names = 1;
	r->id = (struct replace_id){ st.st_dev, st.st_ino, st.st_size, st.st_mtim.tv_sec,
		st.st_mtim.tv_nsec, hash_of(bytes) };
	return true;
}

static bool write_into(struct replace *now, struct span bytes, struct err *err)
{
	struct aside a = { .name = aside_name(now), .fd = -1 };
	a.dir = enter(now, true, &a.made);
	bool ok = a.dir >= 0 ||
		fail(err, DIAG_FILE, "%s: its directory cannot be made: %s", now->file,
			strerror(errno));
	if (ok) {
		fault_step("dirs");
		ok = make_aside(now, &a, err) && write_beside(now, &a, bytes, err);
	}
	if (ok) {
		fault_step("replaced");
		/* Without it a power failure may bring the old file back, whole: nothing is undone
		 * for that. */
		fsync(a.dir);
	} else {
		if (a.fd >= 0) {
			clear_aside(&a);
		}
		unmake_dirs(now, a.made);
	}
	if (a.fd >= 0) {
		close(a.fd);
	}
	if (a.dir >= 0) {
		close(a.dir);
	}
	free(a.name);
	return ok;
}

bool replace_write(struct replace *r, struct span bytes, struct err *err)
{
	struct replace now;
	struct buf copy = { 0 };
	if (bytes.len > REPLACE_MAX) {
		return fail(err, DIAG_FILE, "%s: would be larger than 8 MiB", r->file);
	}
	if (!read_again(r, &now, err)) {
		return false;
	}
	bool ok = replace_may(&now, err) && write_into(&now, bytes, err);
	if (ok) {
		buf_span(&copy, bytes); /* may be r's own */
		buf_finish(&r->bytes);
		r->bytes = copy;
		r->exists = true;
		r->id = now.id;
		r->mode = now.mode;
		r->owner = now.owner;
		r->group = now.group;
		r->names = now.names;
	}
	replace_finish(&now);
	return ok;
}

/* Another name first: what goes is looked at where nobody writes to it by name any more. */
static bool take_away(const struct replace *r, struct err *err)
{
	const char *name = path_name(r->file);
	char *aside = aside_name(r);
	sweep(r->dir, aside);
	bool moved = renameat2(r->dir, name, r->dir, aside, RENAME_NOREPLACE) == 0, ok = moved;
	if (moved) {
		fault_step("moved");
		if (!is_still(r, r->dir, aside)) {
			renameat2(r->dir, aside, r->dir, name, RENAME_NOREPLACE);
			ok = changed(r, err);
		}
	} else if (no_such_rename()) {
		ok = is_still(r, r->dir, name) || changed(r, err);
	} else {
		fail(err, DIAG_FILE, "%s: cannot be removed: %s", r->file, strerror(errno));
	}
	if (ok && unlinkat(r->dir, moved ? aside : name, 0) != 0) {
		ok = fail(err, DIAG_FILE, "%s: cannot be removed: %s", r->file, strerror(errno));
	}
	free(aside);
	return ok;
}

bool replace_remove(struct replace *r, struct err *err)
{
	struct replace now;
	if (!r->exists) {
		return true;
	}
	if (!read_again(r, &now, err)) {
		return false;
	}
	bool ok = replace_may(&now, err) && take_away(&now, err);
	if (ok) {
		fault_step("removed");
		fsync(now.dir);
		buf_clear(&r->bytes);
		r->exists = false;
		r->id = (struct replace_id){ .hash = hash_of((struct span){ "", 0 }) };
	}
	replace_finish(&now);
	return ok;
}
