/*
 * Finds and reads a file of the user's. His links are followed here, one by one, and what was found
 * is a directory without a link in its path, held open, and a name in it: whoever writes later goes
 * by these and follows nothing any more.
 *
 * A directory that is missing is found too, as the nearest one above it that is there. Nothing is
 * made or changed. Called by what shows a change before it is made, and by replace.c again before
 * it writes.
 */
#include "config.h"

#include "ipc/replace.h"
#include "ipc/replace_impl.h"

#include "core/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LINKS_MOST = 40, PIECE = 65536 };

/* ---- where it is ---- */

static bool plain_name(struct span name)
{
	return name.len && !span_is(name, ".") && !span_is(name, "..");
}

/* Of directories that are to be made: a ".." among them would mean something else once they are. */
static bool plain_names(const char *below)
{
	struct span rest = span_of(below);
	while (rest.len) {
		const char *slash = memchr(rest.at, '/', rest.len);
		size_t len = slash ? (size_t)(slash - rest.at) : rest.len;
		if (!plain_name((struct span){ rest.at, len })) {
			return false;
		}
		rest.at += len + (slash != NULL);
		rest.len -= len + (slash != NULL);
	}
	return true;
}

static void forget_place(struct replace *r)
{
	free(r->file);
	free(r->there);
	free(r->below);
	if (r->dir >= 0) {
		close(r->dir);
	}
	r->file = r->there = r->below = NULL;
	r->dir = -1;
}

static int open_dir(const char *path)
{
	struct open_how how = { .flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS };
	return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
}

/* Sets there, below and dir for the directory `path`. */
static bool find_dir(struct replace *r, const char *path, struct err *err)
{
	char *up = xstrdup(path);
	size_t len = strlen(up);
	struct stat st;
	bool ok = true;
	while (ok && !(r->there = realpath(len ? up : "/", NULL))) {
		int why = errno;
		ok = why == ENOENT && lstat(up, &st) != 0;
		if (!ok) {
			fail(err, DIAG_FILE, "%s: %s", up,
				why == ENOENT ? "is a link that leads nowhere" : strerror(why));
			break;
		}
		while (len && up[--len] != '/') {
		}
		up[len] = '\0';
	}
	if (ok) {
		const char *rest = path + len;
		r->below = xstrdup(rest + strspn(rest, "/"));
		ok = plain_names(r->below) || fail(err, DIAG_FILE, "%s: is not there", path);
	}
	if (ok) {
		r->dir = open_dir(r->there);
		ok = r->dir >= 0 || fail(err, DIAG_FILE, "%s: %s", r->there, strerror(errno));
	}
	free(up);
	return ok;
}

/* Sets file, there, below and dir for `path`, whose last name may be a link. */
static bool find_one(struct replace *r, const char *path, struct err *err)
{
	const char *name = path_name(path);
	if (path[0] != '/' || !plain_name(span_of(name))) {
		return fail(err, DIAG_FILE, "%s: expected the full path of a file", path);
	}
	char *dir = span_dup((struct span){ path, (size_t)(name - path - 1) });
	bool ok = find_dir(r, dir, err);
	if (ok) {
		const char *top = strcmp(r->there, "/") == 0 ? "" : r->there;
		r->file = xasprintf("%s/%s%s%s", top, r->below, *r->below ? "/" : "", name);
	}
	free(dir);
	return ok;
}

/* The text of the link that r->file is; NULL if it is none. The caller frees it. */
static char *link_text(const struct replace *r)
{
	char text[PATH_MAX];
	if (*r->below) {
		return NULL;
	}
	ssize_t n = readlinkat(r->dir, path_name(r->file), text, sizeof(text));
	return n > 0 && (size_t)n < sizeof(text) ? span_dup((struct span){ text, (size_t)n })
						 : NULL;
}

static bool find(struct replace *r, struct err *err)
{
	char *path = xstrdup(r->path), *text = NULL;
	bool ok = find_one(r, path, err);
	for (int n = 0; ok && (text = link_text(r)); n++) {
		char *next = text[0] == '/' ? xstrdup(text) : xasprintf("%s/%s", r->there, text);
		free(text);
		free(path);
		path = next;
		forget_place(r);
		ok = n < LINKS_MOST
			? find_one(r, path, err)
			: fail(err, DIAG_FILE, "%s: too many links, perhaps in a circle", r->path);
	}
	if (ok && *r->below && strcmp(path, r->path) != 0) {
		/* perhaps a disk that is not mounted: nothing is to be made in its place */
		ok = fail(err, DIAG_FILE, "%s: its link leads to %s, whose directory is not there",
			r->path, path);
	}
	free(path);
	return ok;
}

/* ---- what it is ---- */

static struct replace_id id_of(const struct stat *st)
{
	return (struct replace_id){ .dev = st->st_dev,
		.ino = st->st_ino,
		.size = st->st_size,
		.seconds = st->st_mtim.tv_sec,
		.nanoseconds = st->st_mtim.tv_nsec };
}

bool replace_same(const struct replace_id *a, const struct replace_id *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
		a->seconds == b->seconds && a->nanoseconds == b->nanoseconds &&
		hash_same(&a->hash, &b->hash);
}

static bool read_whole(int fd, struct buf *out)
{
	ssize_t n;
	do {
		buf_room(out, PIECE);
		n = read(fd, out->data + out->len, PIECE);
		out->len += n > 0 ? (size_t)n : 0;
	} while ((n > 0 || (n < 0 && errno == EINTR)) && out->len <= REPLACE_MAX);
	return n == 0;
}

/* All of an open file, if it stood still. */
static bool take_open(struct replace *r, int fd, struct err *err)
{
	struct stat st, later;
	if (fstat(fd, &st) != 0) {
		return fail(err, DIAG_FILE, "%s: %s", r->file, strerror(errno));
	}
	if (!S_ISREG(st.st_mode)) {
		return fail(err, DIAG_FILE, "%s: is not a regular file", r->file);
	}
	buf_clear(&r->bytes);
	if (st.st_size > REPLACE_MAX || !read_whole(fd, &r->bytes) || fstat(fd, &later) != 0) {
		bool large = st.st_size > REPLACE_MAX || r->bytes.len > REPLACE_MAX;
		return fail(err, DIAG_FILE, "%s: %s", r->file,
			large ? "is larger than 8 MiB" : strerror(errno));
	}
	struct replace_id before = id_of(&st), after = id_of(&later);
	if (!replace_same(&before, &after) || (size_t)st.st_size != r->bytes.len) {
		return fail(err, DIAG_FILE_CHANGED, "%s: changed while it was read", r->file);
	}
	r->id = before;
	r->id.hash = hash_of(buf_view(&r->bytes));
	r->mode = st.st_mode & 07777;
	r->owner = st.st_uid;
	r->group = st.st_gid;
	r->names = st.st_nlink;
	r->exists = true;
	return true;
}

bool replace_take(struct replace *r, int dir, const char *name, struct err *err)
{
	struct stat st;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		return errno != ENOENT && fail(err, DIAG_FILE, "%s: %s", r->file, strerror(errno));
	}
	/* opening a device may do something */
	int fd = S_ISREG(st.st_mode)
		? openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
		: -1;
	if (fd < 0) {
		const char *why = S_ISREG(st.st_mode) ? strerror(errno) : "is not a regular file";
		fail(err, DIAG_FILE, "%s: %s", r->file, why);
		errno = EIO;
		return false;
	}
	bool ok = take_open(r, fd, err);
	close(fd);
	errno = EIO;
	return ok;
}

bool replace_read(struct replace *r, const char *path, struct err *err)
{
	*r = (struct replace){ .path = xstrdup(path), .dir = -1, .mode = 0600 };
	r->id.hash = hash_of((struct span){ "", 0 });
	if (!find(r, err)) {
		return false;
	}
	return *r->below || replace_take(r, r->dir, path_name(r->file), err) || errno == ENOENT;
}

void replace_finish(struct replace *r)
{
	if (r && r->path) {
		forget_place(r);
		free(r->path);
		buf_finish(&r->bytes);
		*r = (struct replace){ .dir = -1 };
	}
}
