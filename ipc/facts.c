/*
 * Path facts. The fast path is one openat2 below the scope; whatever it refuses (links out, other
 * mounts, missing leaves, paths outside) goes through the slow half below.
 */
#include "config.h"

#include "ipc/facts.h"

#include "core/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SLOW_MS = 2000 };

static int open_beneath(int dir, const char *path, uint64_t more)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | more,
	};
	return (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));
}

static char *path_of_fd(int fd)
{
	char link[64], path[4096];
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, path, sizeof(path) - 1);
	if (n <= 0 || path[0] != '/') {
		return NULL;
	}
	path[n] = '\0';
	return xstrdup(path);
}

/* File systems that answer from this machine's own memory or disks. */
static bool is_local(int fd)
{
	static const long local[] = { 0xEF53 /* ext */, 0x58465342 /* xfs */,
		0x9123683E /* btrfs */, 0x01021994 /* tmpfs */, 0x794c7630 /* overlay */,
		0xF2F52010 /* f2fs */, 0x2FC12FC1 /* zfs */, 0xCA451A4E /* bcachefs */ };
	struct statfs fs;
	if (fstatfs(fd, &fs) != 0) {
		return false;
	}
	for (size_t i = 0; i < COUNT_OF(local); i++) {
		if ((long)fs.f_type == local[i]) {
			return true;
		}
	}
	return false;
}

/* A scope that holds the home directory holds every secret of its user. */
static bool too_wide(const char *path, const char *home)
{
	size_t n = strlen(path);
	return strcmp(path, "/") == 0 ||
		(home && strncmp(home, path, n) == 0 && (!home[n] || home[n] == '/'));
}

static char *resolve_dir(const char *dir)
{
	int fd = dir ? open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	char *path = fd >= 0 ? path_of_fd(fd) : NULL;
	if (fd >= 0) {
		close(fd);
	}
	return path;
}

static bool add_dir(struct facts *facts, const char *dir, const char *home, struct err *err)
{
	int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char *path = fd >= 0 ? path_of_fd(fd) : NULL;
	if (!path) {
		if (fd >= 0) {
			close(fd);
		}
		return fail(err, DIAG_USAGE, "--scope %s: %s", dir, strerror(errno));
	}
	if (too_wide(path, home)) {
		fail(err, DIAG_USAGE,
			"--scope %s: neither / nor the home directory itself can be a scope, nor "
			"what holds it",
			path);
		free(path);
		close(fd);
		return false;
	}
	facts->dirs = xrealloc(facts->dirs, (facts->count + 1) * sizeof(*facts->dirs));
	struct stat st = { 0 };
	fstat(fd, &st);
	facts->dirs[facts->count++] = (struct scope_dir){
		.fd = fd, .path = path, .local = is_local(fd), .dev = st.st_dev, .ino = st.st_ino
	};
	return true;
}

/* The nearest directory upwards that holds .git; NULL if none. */
static char *find_worktree(const char *cwd)
{
	char *dir = xstrdup(cwd);
	while (dir[0]) {
		char *git = xasprintf("%s/.git", dir);
		bool found = access(git, F_OK) == 0;
		free(git);
		if (found) {
			return dir;
		}
		*strrchr(dir, '/') = '\0';
	}
	free(dir);
	return NULL;
}

/* .git is a directory, or in a linked work tree a file "gitdir: PATH". */
static char *find_head(const char *worktree)
{
	char *git = xasprintf("%s/.git", worktree), *head = NULL, line[4096];
	struct stat st;
	if (stat(git, &st) != 0) {
		st.st_mode = 0;
	}
	if (S_ISDIR(st.st_mode)) {
		head = xasprintf("%s/HEAD", git);
	} else if (S_ISREG(st.st_mode)) { /* opening a pipe would wait for its writer */
		FILE *file = fopen(git, "re");
		if (file && fgets(line, sizeof(line), file) && strncmp(line, "gitdir: ", 8) == 0) {
			line[strcspn(line, "\n")] = '\0';
			head = line[8] == '/' ? xasprintf("%s/HEAD", line + 8)
					      : xasprintf("%s/%s/HEAD", worktree, line + 8);
		}
		if (file) {
			fclose(file);
		}
	}
	free(git);
	return head;
}

bool facts_init(
	struct facts *facts, char *const *scope, size_t count, const char *home, struct err *err)
{
	char cwd[4096];
	*facts = (struct facts){ 0 };
	if (!getcwd(cwd, sizeof(cwd))) {
		return fail(err, DIAG_USAGE, "the current directory cannot be read: %s",
			strerror(errno));
	}
	facts->cwd = xstrdup(cwd);
	char *worktree = find_worktree(cwd), *real_home = resolve_dir(home);
	if (worktree) {
		facts->git_head = find_head(worktree);
	}
	bool ok = true;
	for (size_t i = 0; ok && i < count; i++) {
		ok = add_dir(facts, scope[i], real_home, err);
	}
	if (!count) {
		/* No scope can be made out of / or the home directory: then there is none, and
		 * everything is asked. */
		const char *dir = worktree ? worktree : cwd;
		if (!too_wide(dir, real_home)) {
			ok = add_dir(facts, dir, real_home, err);
		}
	}
	free(worktree);
	free(real_home);
	return ok;
}

void facts_finish(struct facts *facts)
{
	for (size_t i = 0; i < facts->count; i++) {
		close(facts->dirs[i].fd);
		free(facts->dirs[i].path);
	}
	free(facts->dirs);
	free(facts->cwd);
	free(facts->git_head);
	*facts = (struct facts){ 0 };
}

static void clear(struct fact *fact)
{
	free(fact->path);
	*fact = (struct fact){ 0 };
}

/* What the wire can carry (2^53-1); numbers of other file systems may be longer and only have to
 * differ. */
static int64_t folded(uint64_t n)
{
	return (int64_t)((n ^ n >> 53) & ((UINT64_C(1) << 53) - 1));
}

static int64_t clamped(int64_t n)
{
	const int64_t most = (INT64_C(1) << 53) - 1;
	return n > most ? most : n < -most ? -most : n;
}

static int64_t micros(struct timespec t)
{
	const int64_t most = INT64_C(1) << 33; /* seconds: the year 2242 */
	return t.tv_sec > most || t.tv_sec < -most ? clamped(t.tv_sec > 0 ? INT64_MAX : INT64_MIN)
						   : (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Takes `path`; NULL: ask the kernel for it. */
static void fill(struct fact *fact, int fd, bool inside, char *path)
{
	struct stat st;
	free(fact->path);
	fact->path = path ? path : path_of_fd(fd);
	if (!fact->path || fstat(fd, &st) != 0) {
		return;
	}
	fact->inside = inside;
	fact->state = S_ISREG(st.st_mode) ? FACT_FILE
		: S_ISDIR(st.st_mode)     ? FACT_DIRECTORY
					  : FACT_SPECIAL;
	fact->dev = folded(st.st_dev);
	fact->ino = folded(st.st_ino);
	if (fact->state == FACT_FILE) { /* of a directory they change with every file in it */
		fact->links = clamped((int64_t)st.st_nlink);
		fact->size = clamped(st.st_size);
		fact->mtime_us = micros(st.st_mtim);
	}
}

/* A path that this kernel resolves as the server does. "~" is expanded, and a relative path stands
 * below a directory of the server's own choice: server-filesystem takes its allowed directories,
 * not the current one. */
static bool is_plain_path(const char *given)
{
	return given[0] == '/' && strlen(given) < 4096;
}

/* The path below a scope directory, if it is written so; NULL otherwise. Only a hint for the
 * kernel. */
static const char *below(const struct scope_dir *dir, const char *given)
{
	size_t n = strlen(dir->path);
	if (strncmp(given, dir->path, n) != 0 || (given[n] != '/' && given[n])) {
		return NULL;
	}
	given += n;
	while (*given == '/') {
		given++;
	}
	return *given ? given : ".";
}

static bool has_dotdot(const char *path)
{
	for (const char *at = path; (at = strstr(at, "..")); at += 2) {
		if ((at == path || at[-1] == '/') && (at[2] == '/' || at[2] == '\0')) {
			return true;
		}
	}
	return false;
}

/* The path with "." and ".." taken away as text, the way many servers do before they open it. */
static char *collapse(const char *given)
{
	char *full = xstrdup(given);
	struct buf out = { 0 };
	char *rest = full;
	for (char *part = strsep(&rest, "/"); part; part = strsep(&rest, "/")) {
		if (strcmp(part, "..") == 0) {
			while (out.len && out.data[--out.len] != '/') {
			}
		} else if (part[0] && strcmp(part, ".") != 0) {
			buf_char(&out, '/');
			buf_text(&out, part);
		}
	}
	free(full);
	if (!out.len) {
		buf_char(&out, '/');
	}
	return buf_cstr(&out);
}

static int open_anywhere(const char *path, uint64_t more)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC | more,
		.resolve = RESOLVE_NO_MAGICLINKS };
	return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
}

/* ".." means different things to a kernel and to a server that collapses it as text, if a link
 * stands before it. Only where both readings name the same file is anything known about it. */
static void settle_dotdot(struct effect *effect)
{
	char *flat = collapse(effect->given);
	int fd = open_anywhere(flat, 0);
	char *path = fd >= 0 ? path_of_fd(fd) : NULL;
	if (!path || !effect->fact.path || strcmp(path, effect->fact.path) != 0) {
		clear(&effect->fact);
	}
	if (fd >= 0) {
		close(fd);
	}
	free(path);
	free(flat);
}

/* Words between single slashes, none of them "." or "..": opened without following a link, such a
 * path is its own resolution, and the kernel need not be asked for it. */
static bool is_literal(const char *path)
{
	for (;;) {
		size_t n = strcspn(path, "/");
		if (!n || (path[0] == '.' && (n == 1 || (n == 2 && path[1] == '.')))) {
			return false;
		}
		if (!path[n]) {
			return true;
		}
		path += n + 1;
	}
}

static int open_in_scope(const struct scope_dir *dir, const char *path, char **resolved)
{
	struct stat st;
	/* A name means the same place to the server only as long as the scope still lies where it
	 * lay. */
	if (is_literal(path) && stat(dir->path, &st) == 0 && st.st_ino == dir->ino &&
		st.st_dev == dir->dev) {
		int fd = open_beneath(dir->fd, path, RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS);
		if (fd >= 0) {
			*resolved = xasprintf("%s/%s", dir->path, path);
			return fd;
		}
	}
	*resolved = NULL;
	return open_beneath(dir->fd, path, RESOLVE_NO_XDEV);
}

static bool gather_fast(const struct facts *facts, struct effect *effect)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct scope_dir *dir = &facts->dirs[i];
		const char *path = dir->local ? below(dir, effect->given) : NULL;
		char *resolved = NULL;
		int fd = path ? open_in_scope(dir, path, &resolved) : -1;
		if (fd >= 0) {
			fill(&effect->fact, fd, true, resolved);
			close(fd);
			if (effect->fact.path && !below(&facts->dirs[i], effect->fact.path)) {
				/* the scope was moved: its name means another place now */
				clear(&effect->fact);
				return false;
			}
			if (has_dotdot(effect->given)) {
				settle_dotdot(effect);
			}
			return true;
		}
	}
	return false;
}

/* The path has been resolved by the kernel; finding the same file from the scope makes the proof
 * its own. */
static bool inside_scope(const struct facts *facts, const char *path, int found)
{
	bool inside = false;
	struct stat want, have;
	for (size_t i = 0; i < facts->count && !inside && fstat(found, &want) == 0; i++) {
		const char *rest = below(&facts->dirs[i], path);
		int fd = rest ? open_beneath(facts->dirs[i].fd, rest, 0) : -1;
		inside = fd >= 0 && fstat(fd, &have) == 0 && have.st_dev == want.st_dev &&
			have.st_ino == want.st_ino;
		if (fd >= 0) {
			close(fd);
		}
	}
	return inside;
}

/* A leaf that does not exist: resolve the directory it would be in; the rest must be one plain
 * name. */
static void gather_absent(const struct facts *facts, const char *full, struct fact *fact)
{
	char *dir = xstrdup(full);
	char *slash = strrchr(dir, '/');
	const char *leaf = slash + 1;
	int fd = -1;
	if (*leaf && strcmp(leaf, ".") != 0 && strcmp(leaf, "..") != 0) {
		*slash = '\0';
		fd = open_anywhere(dir[0] ? dir : "/", O_DIRECTORY);
	}
	char *real = fd >= 0 ? path_of_fd(fd) : NULL;
	if (real) {
		fact->path = xasprintf("%s/%s", strcmp(real, "/") == 0 ? "" : real, leaf);
		fact->inside = inside_scope(facts, real, fd);
		fact->state = FACT_ABSENT;
	}
	free(real);
	if (fd >= 0) {
		close(fd);
	}
	free(dir);
}

static void gather_slow(const struct facts *facts, struct effect *effect)
{
	const char *given = effect->given;
	struct stat st;
	int fd = open_anywhere(given, 0);
	if (fd >= 0) {
		fill(&effect->fact, fd, false, NULL);
		if (effect->fact.path) {
			effect->fact.inside = inside_scope(facts, effect->fact.path, fd);
		}
		close(fd);
	} else if (errno == ENOENT && lstat(given, &st) != 0 &&
		errno == ENOENT) { /* and no link that points nowhere */
		gather_absent(facts, given, &effect->fact);
	}
	if (has_dotdot(given)) {
		settle_dotdot(effect);
	}
}

static bool has_path(const struct effect *effect)
{
	return (effect->kind == EFFECT_READ || effect->kind == EFFECT_WRITE) &&
		is_plain_path(effect->given);
}

bool facts_gather(const struct facts *facts, struct effects *effects)
{
	bool all = true;
	for (size_t i = 0; i < effects->count; i++) {
		struct effect *effect = &effects->list[i];
		clear(&effect->fact);
		if (has_path(effect) && !gather_fast(facts, effect)) {
			all = false;
		}
	}
	return all;
}

/* One look at the slow side. The worker owns its copy: if the loop stops waiting, the late result
 * is thrown away. */
struct look {
	uv_work_t work;
	uv_timer_t timer;
	const struct facts *facts;
	struct effects effects; /* the worker's */
	struct effects shown; /* the caller's, given back untouched if the time is over */
	facts_done *done;
	void *data;
	bool told, worked, timer_closed;
};

static void look_free(struct look *look)
{
	if (look->worked && look->timer_closed) {
		effects_finish(&look->effects);
		free(look);
	}
}

static void look_tell(struct look *look, struct effects *effects)
{
	if (!look->told) {
		look->told = true;
		look->done(look->data, effects);
	}
}

static void on_look_closed(uv_handle_t *handle)
{
	struct look *look = handle->data;
	look->timer_closed = true;
	look_free(look);
}

static void look_stop(struct look *look)
{
	if (!uv_is_closing((uv_handle_t *)&look->timer)) {
		uv_close((uv_handle_t *)&look->timer, on_look_closed);
	}
}

static void on_look_late(uv_timer_t *timer)
{
	struct look *look = timer->data;
	look_tell(look, &look->shown);
	look_stop(look);
}

static void on_look_work(uv_work_t *work)
{
	struct look *look = work->data;
	for (size_t i = 0; i < look->effects.count; i++) {
		struct effect *effect = &look->effects.list[i];
		if (has_path(effect) && !effect->fact.path) {
			gather_slow(look->facts, effect);
		}
	}
}

static void on_look_done(uv_work_t *work, int status)
{
	struct look *look = work->data;
	(void)status;
	if (!look->told) {
		effects_finish(&look->shown);
		struct effects result = look->effects;
		look->effects = (struct effects){ 0 };
		look_tell(look, &result);
	}
	look->worked = true;
	look_stop(look);
	look_free(look);
}

void facts_work(uv_loop_t *loop, const struct facts *facts, struct effects *effects,
	facts_done *done, void *data)
{
	struct look *look = xcalloc(1, sizeof(*look));
	look->facts = facts;
	look->done = done;
	look->data = data;
	effects_copy(&look->effects, effects);
	look->shown = *effects;
	*effects = (struct effects){ 0 };
	uv_timer_init(loop, &look->timer);
	look->timer.data = look->work.data = look;
	uv_timer_start(&look->timer, on_look_late, SLOW_MS, 0);
	uv_queue_work(loop, &look->work, on_look_work, on_look_done);
}

const char *facts_branch(const struct facts *facts, char out[256])
{
	static const char prefix[] = "ref: refs/heads/";
	out[0] = '\0';
	if (!facts->git_head) {
		return out;
	}
	int fd = open(facts->git_head, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	ssize_t n = fd >= 0 ? read(fd, out, 255) : -1;
	if (fd >= 0) {
		close(fd);
	}
	if (n <= 0) {
		memcpy(out, "?", 2);
		return out;
	}
	out[n] = '\0';
	out[strcspn(out, "\n")] = '\0';
	if (strncmp(out, prefix, sizeof(prefix) - 1) == 0) {
		memmove(out, out + sizeof(prefix) - 1, strlen(out + sizeof(prefix) - 1) + 1);
	} else {
		snprintf(out, 256, "(detached)");
	}
	return out;
}
