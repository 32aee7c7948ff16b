/*
 * One way to read a file for all that looks into repositories and at what defines tasks. It follows
 * no link at the end of a path, opens no device and no pipe, and gives up on what changes
 * meanwhile.
 */
#include "config.h"

#include "ipc/git_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>

int git_file_open(const char *path, struct stat *st)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		return -1;
	}
	if (fstat(fd, st) != 0 || !S_ISREG(st->st_mode)) {
		close(fd);
		errno = EINVAL;
		return -1;
	}
	return fd;
}

static bool read_whole(int fd, size_t size, struct buf *out)
{
	ssize_t n = 1;
	buf_room(out, size + 1);
	while (n > 0 && out->len <= size) {
		n = read(fd, out->data + out->len, size + 1 - out->len);
		if (n < 0 && errno == EINTR) {
			n = 1;
			continue;
		}
		out->len += n > 0 ? (size_t)n : 0;
	}
	return n == 0 && out->len == size;
}

enum git_file git_file_read(const char *path, size_t most, struct buf *out, struct stat *st)
{
	struct stat mine;
	st = st ? st : &mine;
	buf_clear(out);
	int fd = git_file_open(path, st);
	if (fd < 0) {
		return errno == ENOENT || errno == ENOTDIR ? GIT_FILE_ABSENT : GIT_FILE_ODD;
	}
	bool ok = st->st_size >= 0 && (uint64_t)st->st_size <= most &&
		read_whole(fd, (size_t)st->st_size, out);
	close(fd);
	return ok ? GIT_FILE_READ : GIT_FILE_ODD;
}

static bool is_local(long type)
{
	static const long local[] = { 0xEF53 /* ext */, 0x58465342 /* xfs */,
		0x9123683E /* btrfs */, 0x01021994 /* tmpfs */, 0x794c7630 /* overlay */,
		0xF2F52010 /* f2fs */, 0x2FC12FC1 /* zfs */, 0xCA451A4E /* bcachefs */ };
	for (size_t i = 0; i < COUNT_OF(local); i++) {
		if (type == local[i]) {
			return true;
		}
	}
	return false;
}

bool git_file_is_local(int fd)
{
	struct statfs fs;
	return fstatfs(fd, &fs) == 0 && is_local((long)fs.f_type);
}

bool git_file_is_local_path(const char *path)
{
	struct statfs fs;
	return statfs(path, &fs) == 0 && is_local((long)fs.f_type);
}

struct git_stamp git_stamp_of(const struct stat *st)
{
	if (!st) {
		return (struct git_stamp){ 0 };
	}
	return (struct git_stamp){ .dev = st->st_dev,
		.ino = st->st_ino,
		.size = st->st_size,
		.mtime = st->st_mtim,
		.ctime = st->st_ctim,
		.there = true };
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool git_stamp_same(const struct git_stamp *a, const struct git_stamp *b)
{
	return a->there == b->there &&
		(!a->there ||
			(a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
				same_time(a->mtime, b->mtime) && same_time(a->ctime, b->ctime)));
}

struct git_stamp git_stamp_at(const char *dir, const char *name)
{
	struct stat st;
	char path[PATH_MAX];
	size_t n = strlen(dir), m = strlen(name);
	if (n + m + 2 > sizeof(path)) {
		return (struct git_stamp){ 0 };
	}
	memcpy(path, dir, n);
	path[n] = '/';
	memcpy(path + n + 1, name, m + 1);
	return git_stamp_of(lstat(path, &st) == 0 ? &st : NULL);
}
