/*
 * What is in a directory that a call would delete: how many files, how much, and the first names.
 * No link is followed and no other file system entered. Bounded in entries, depth and time: where
 * that does not suffice, what was counted is said to be not all. Called by facts_preview.c.
 */
#include "config.h"

#include "ipc/facts.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ENTRIES_MAX = 20000, DEPTH_MAX = 40, NAMES_MAX = 20, WALK_MS = 50 };

struct walk {
	int64_t files, directories, bytes, until_ms;
	dev_t dev;
	bool cut;
	struct buf path; /* below the directory, of what is looked at */
	struct buf names; /* JSON strings with commas between */
	size_t named;
};

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void add_name(struct walk *walk)
{
	if (walk->named < NAMES_MAX) {
		struct jsonw w = jw_start(&walk->names);
		if (walk->named++) {
			buf_char(&walk->names, ',');
		}
		jw_span(&w, buf_view(&walk->path));
	}
}

static void walk_in(struct walk *walk, int parent, const char *name, int depth);

static void walk_entry(struct walk *walk, int fd, const char *name, int depth)
{
	struct stat st;
	size_t len = walk->path.len;
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		walk->cut = true;
		return;
	}
	if (len) {
		buf_char(&walk->path, '/');
	}
	buf_text(&walk->path, name);
	if (!S_ISDIR(st.st_mode)) {
		walk->files++;
		walk->bytes += S_ISREG(st.st_mode) ? st.st_size : 0;
		add_name(walk);
	} else if (st.st_dev != walk->dev || depth == DEPTH_MAX) {
		walk->cut = true;
	} else {
		walk->directories++;
		walk_in(walk, fd, name, depth + 1);
	}
	walk->path.len = len;
}

static bool is_spent(const struct walk *walk)
{
	return walk->files + walk->directories >= ENTRIES_MAX || now_ms() >= walk->until_ms;
}

static void walk_in(struct walk *walk, int parent, const char *name, int depth)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	if (!dir) {
		walk->cut = true;
		if (fd >= 0) {
			close(fd);
		}
		return;
	}
	while ((entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
			continue;
		}
		if (is_spent(walk)) {
			walk->cut = true;
			break;
		}
		walk_entry(walk, dirfd(dir), entry->d_name, depth);
	}
	closedir(dir);
}

void facts_tree(const char *path, struct jsonw *w)
{
	struct walk walk = { .until_ms = now_ms() + WALK_MS };
	struct stat st;
	if (lstat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
		return;
	}
	walk.dev = st.st_dev;
	walk_in(&walk, AT_FDCWD, path, 0);
	jw_key(w, "tree");
	jw_open(w, '{');
	jw_kv_int(w, "files", walk.files);
	jw_kv_int(w, "directories", walk.directories);
	jw_kv_int(w, "bytes", walk.bytes);
	jw_kv_bool(w, "cut", walk.cut);
	struct buf names = { 0 };
	buf_char(&names, '[');
	buf_span(&names, buf_view(&walk.names));
	buf_char(&names, ']');
	jw_kv_raw(w, "names", buf_view(&names));
	jw_close(w, '}');
	buf_finish(&names);
	buf_finish(&walk.names);
	buf_finish(&walk.path);
}
