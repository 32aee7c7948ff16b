/*
 * Where a path leads. The fast path is one openat2 below the scope; whatever it refuses (links out,
 * other mounts, paths outside) goes through the slow half below. Where two readers of the same text
 * could mean different files, nothing is known.
 */
#include "config.h"

#include "ipc/facts_impl.h"

#include "ipc/scope.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PATH_MOST = 4096 };

static int open_beneath(int dir, const char *path, uint64_t flags, uint64_t more)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC | flags,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | more,
	};
	return (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));
}

static int open_anywhere(const char *path, uint64_t flags)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC | flags,
		.resolve = RESOLVE_NO_MAGICLINKS };
	return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
}

void facts_clear(struct fact *fact)
{
	free(fact->path);
	free(fact->text);
	free(fact->more);
	*fact = (struct fact){ 0 };
}

/* ---- what a file is ---- */

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

/* A link that is meant itself, not what it points to, is a small file of its own. */
static enum fact_state state_of(mode_t mode)
{
	return S_ISREG(mode) || S_ISLNK(mode) ? FACT_FILE
		: S_ISDIR(mode)               ? FACT_DIRECTORY
					      : FACT_SPECIAL;
}

void facts_fill(struct fact *fact, int fd, bool inside, char *path)
{
	struct stat st;
	free(fact->path);
	fact->path = path ? path : scope_path_of_fd(fd);
	if (!fact->path || fstat(fd, &st) != 0) {
		return;
	}
	fact->inside = inside;
	fact->state = state_of(st.st_mode);
	fact->dev = folded(st.st_dev);
	fact->ino = folded(st.st_ino);
	if (fact->state == FACT_FILE) { /* of a directory they change with every file in it */
		fact->links = clamped((int64_t)st.st_nlink);
		fact->size = clamped(st.st_size);
		fact->mtime_us = micros(st.st_mtim);
	}
}

/* ---- what the text means ---- */

/* "C:", "file:": an argument of a server that begins so may be read as more than a path. */
static bool has_scheme(const char *given)
{
	size_t n = strcspn(given, ":/");
	return given[n] == ':';
}

static bool is_escaped(const char *given)
{
	return strcasestr(given, "%2e") || strcasestr(given, "%2f") || strcasestr(given, "%5c");
}

/* A path that this kernel resolves as whoever is asked does. A word of a shell line is what stands
 * there; a server may expand, unescape or trim its argument first. */
static bool is_plain_path(const char *given, bool of_shell)
{
	for (const char *p = given; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f) {
			return false;
		}
	}
	size_t n = strlen(given);
	if (!n || n >= PATH_MOST || of_shell) {
		return n && n < PATH_MOST;
	}
	return !strpbrk(given, "\\$") && !strchr("\"'` ", given[0]) && given[n - 1] != ' ' &&
		!is_escaped(given) && !has_scheme(given);
}

/* The directory that relative paths are seen from, absolute but not resolved; NULL: not known. */
static char *base_path(const struct facts *facts, const struct effect *effect)
{
	const char *base = effect->base ? effect->base : "";
	if (strcmp(base, "scope:") == 0) {
		bool only = facts->count == 1 && strcmp(facts->dirs[0].path, facts->cwd) == 0;
		return only ? xstrdup(facts->cwd) : NULL;
	}
	if (base[0] == '~' && (base[1] == '/' || !base[1]) && effect->part && facts->home) {
		return xasprintf("%s%s", facts->home, base + 1);
	}
	return base[0] == '/' && is_plain_path(base, true) ? xstrdup(base) : NULL;
}

/* `given` as an absolute path, not resolved; NULL: nothing is known of it. */
static char *full_path(const struct facts *facts, const struct effect *effect, const char *given)
{
	bool of_shell = effect->part != 0;
	if (!is_plain_path(given, of_shell)) {
		return NULL;
	}
	if (given[0] == '/') {
		return xstrdup(given);
	}
	char *base = base_path(facts, effect), *full = NULL;
	if (base && given[0] == '~') {
		bool home = of_shell && facts->home && (given[1] == '/' || !given[1]);
		full = home ? xasprintf("%s%s", facts->home, given + 1) : NULL;
	} else if (base) {
		/* slashes at the end would make two of one */
		size_t n = strlen(base);
		full = xasprintf("%s%s%s", base, base[n - 1] == '/' ? "" : "/", given);
	}
	free(base);
	if (full && strlen(full) >= PATH_MOST) {
		free(full);
		full = NULL;
	}
	return full;
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
static char *collapse(const char *path)
{
	char *full = xstrdup(path);
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

/* ---- the fast half ---- */

const char *facts_below(const struct scope_dir *dir, const char *path)
{
	size_t n = strlen(dir->path);
	if (strncmp(path, dir->path, n) != 0 || (path[n] != '/' && path[n])) {
		return NULL;
	}
	path += n;
	while (*path == '/') {
		path++;
	}
	return *path ? path : ".";
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

/* A name means the same place to the server only as long as the scope still lies where it lay. */
static bool lies_where_it_lay(const struct scope_dir *dir)
{
	struct stat st;
	return stat(dir->path, &st) == 0 && st.st_ino == dir->ino && st.st_dev == dir->dev;
}

int facts_open_in(const struct scope_dir *dir, const char *path, bool follow, char **resolved)
{
	const uint64_t leaf = follow ? 0 : O_NOFOLLOW;
	*resolved = NULL;
	if (is_literal(path) && lies_where_it_lay(dir)) {
		int fd = open_beneath(dir->fd, path, leaf, RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS);
		if (fd >= 0) {
			*resolved = xasprintf("%s/%s", dir->path, path);
			return fd;
		}
		if (errno == ENOENT) {
			return -1;
		}
	}
	return open_beneath(dir->fd, path, leaf, RESOLVE_NO_XDEV);
}

/* The place of a name that does not exist, plain words below a directory of the scope that does. */
static bool absent_fast(const struct scope_dir *dir, const char *path, struct fact *fact)
{
	struct stat st;
	if (!is_literal(path) || !lies_where_it_lay(dir)) {
		return false;
	}
	char *parent = xstrdup(path), *slash = NULL;
	const char *leaf = path;
	int fd = -1;
	while (fd < 0 && (slash = strrchr(parent, '/'))) {
		*slash = '\0';
		leaf = path + (slash - parent) + 1;
		fd = open_beneath(
			dir->fd, parent, O_DIRECTORY, RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS);
		if (fd < 0 && errno != ENOENT) {
			break;
		}
	}
	if (!slash) { /* not one directory of it exists */
		leaf = path;
		fd = fcntl(dir->fd, F_DUPFD_CLOEXEC, 0);
	}
	char *first = span_dup((struct span){ leaf, strcspn(leaf, "/") });
	bool absent = fd >= 0 && fstatat(fd, first, &st, AT_SYMLINK_NOFOLLOW) != 0 &&
		errno == ENOENT;
	if (absent) {
		fact->path = xasprintf("%s/%s", dir->path, path);
		fact->inside = true;
		fact->state = FACT_ABSENT;
	}
	if (fd >= 0) {
		close(fd);
	}
	free(first);
	free(parent);
	return absent;
}

static bool find_fast(const struct facts *facts, const char *full, bool follow, struct fact *fact)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct scope_dir *dir = &facts->dirs[i];
		const char *path = dir->local ? facts_below(dir, full) : NULL;
		char *resolved = NULL;
		int fd = path ? facts_open_in(dir, path, follow, &resolved) : -1;
		if (fd >= 0) {
			facts_fill(fact, fd, true, resolved);
			close(fd);
			if (fact->path && !facts_below(dir, fact->path)) {
				/* the scope was moved: its name means another place now */
				facts_clear(fact);
				return false;
			}
			return true;
		}
		if (path && errno == ENOENT && absent_fast(dir, path, fact)) {
			return true;
		}
	}
	return false;
}

/* ---- the slow half ---- */

/* The path has been resolved by the kernel; finding the same file from the scope makes the proof
 * its own. */
static bool inside_scope(const struct facts *facts, const char *path, int found)
{
	bool inside = false;
	struct stat want, have;
	for (size_t i = 0; i < facts->count && !inside && fstat(found, &want) == 0; i++) {
		const char *rest = facts_below(&facts->dirs[i], path);
		int fd = rest ? open_beneath(facts->dirs[i].fd, rest, O_NOFOLLOW, 0) : -1;
		inside = fd >= 0 && fstat(fd, &have) == 0 && have.st_dev == want.st_dev &&
			have.st_ino == want.st_ino;
		if (fd >= 0) {
			close(fd);
		}
	}
	return inside;
}

/* The last component of `dir` moves to the front of `rest`; "." is dropped, ".." and what stands
 * behind a slash at the end refuse. */
static bool move_leaf(char *dir, struct buf *rest)
{
	char *slash = strrchr(dir, '/');
	if (!slash || strcmp(slash + 1, "..") == 0 || (!slash[1] && !rest->len)) {
		return false;
	}
	if (slash[1] && strcmp(slash + 1, ".") != 0) {
		char *tail = span_dup(buf_view(rest));
		buf_clear(rest);
		buf_text(rest, slash + 1);
		buf_text(rest, tail[0] ? "/" : "");
		buf_text(rest, tail);
		free(tail);
	}
	*slash = '\0';
	return true;
}

/* Nothing has this name: the nearest directory above that exists is resolved, and the rest must be
 * plain names. */
static void find_absent(const struct facts *facts, const char *full, struct fact *fact)
{
	char *dir = xstrdup(full);
	struct buf rest = { 0 };
	struct stat st;
	int fd = -1;
	while (fd < 0 && move_leaf(dir, &rest)) {
		fd = open_anywhere(dir[0] ? dir : "/", O_DIRECTORY);
		if (fd < 0 && errno != ENOENT) {
			break;
		}
	}
	char *real = fd >= 0 ? scope_path_of_fd(fd) : NULL;
	const char *tail = buf_cstr(&rest);
	char *first = rest.len ? span_dup((struct span){ tail, strcspn(tail, "/") }) : NULL;
	/* a link that points nowhere is there */
	if (real && first && fstatat(fd, first, &st, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT) {
		fact->path = xasprintf("%s/%s", strcmp(real, "/") == 0 ? "" : real, tail);
		fact->inside = inside_scope(facts, real, fd);
		fact->state = FACT_ABSENT;
	}
	free(first);
	free(real);
	if (fd >= 0) {
		close(fd);
	}
	buf_finish(&rest);
	free(dir);
}

static void find_slow(const struct facts *facts, const char *full, bool follow, struct fact *fact)
{
	int fd = open_anywhere(full, follow ? 0 : O_NOFOLLOW);
	if (fd >= 0) {
		facts_fill(fact, fd, false, NULL);
		if (fact->path) {
			fact->inside = inside_scope(facts, fact->path, fd);
		}
		close(fd);
	} else if (errno == ENOENT) {
		find_absent(facts, full, fact);
	}
}

static bool find(
	const struct facts *facts, const char *full, bool follow, bool quick, struct fact *fact)
{
	if (find_fast(facts, full, follow, fact)) {
		return true;
	}
	if (!quick) {
		find_slow(facts, full, follow, fact);
	}
	return !quick;
}

/* ".." means different things to a kernel and to a server that collapses it as text, if a link
 * stands before it. Only where both readings name the same file is anything known about it. */
static bool find_both(
	const struct facts *facts, const char *full, bool follow, bool quick, struct fact *fact)
{
	if (!find(facts, full, follow, quick, fact)) {
		return false;
	}
	if (!has_dotdot(full)) {
		return true;
	}
	struct fact other = { 0 };
	char *flat = collapse(full);
	bool done = find(facts, flat, follow, quick, &other);
	if (!fact->path || !other.path || strcmp(fact->path, other.path) != 0 ||
		fact->state != other.state) {
		facts_clear(fact);
	}
	facts_clear(&other);
	free(flat);
	return done;
}

/* ---- effects ---- */

static bool is_write(const struct effect *effect, enum write_how how)
{
	return effect->kind == EFFECT_WRITE && strcmp(effect->how, write_how_name(how)) == 0;
}

/* A command that takes a name away takes the link away, not what it points to; servers resolve
 * first. */
static bool follows(const struct effect *effect, const char *full)
{
	bool takes_away = effect->kind == EFFECT_DELETE || is_write(effect, WRITE_AWAY);
	size_t n = strlen(full);
	return !effect->part || !takes_away || full[n - 1] == '/' ||
		(n > 1 && strcmp(full + n - 2, "/.") == 0);
}

/* Where a new link would point: for a symbolic one the word is seen from the link's directory, for
 * a hard one from where the command runs. Which of both it is nobody says; if the second reading
 * names something that could be linked to, both must be the same. */
static bool find_target(const struct facts *facts, struct effect *effect, bool quick)
{
	const char *word = effect->word ? effect->word : "";
	struct fact soft = { 0 }, hard = { 0 };
	struct effect from_link = *effect;
	char *dir = xstrdup(effect->fact.path);
	if (effect->fact.state != FACT_DIRECTORY && strrchr(dir, '/') > dir) {
		*strrchr(dir, '/') = '\0';
	}
	from_link.base = dir;
	char *full = full_path(facts, &from_link, word), *seen = full_path(facts, effect, word);
	bool done = (!full || find_both(facts, full, true, quick, &soft)) &&
		(!seen || find_both(facts, seen, true, quick, &hard));
	bool same = hard.path && soft.path && strcmp(hard.path, soft.path) == 0;
	bool proven = full && seen && soft.path && soft.inside &&
		(same || hard.state == FACT_ABSENT || hard.state == FACT_DIRECTORY);
	effect->fact.more = xstrdup(proven ? soft.path : "");
	facts_clear(&soft);
	facts_clear(&hard);
	free(full);
	free(seen);
	free(dir);
	return done;
}

/* Another file system, or another place of this one, is mounted on the way, and neither it nor what
 * lies below was named as the scope. It may be read, as what is there anyway. */
static bool crosses_mount(const struct facts *facts, const char *path)
{
	bool crosses = false;
	for (size_t i = 0; i < facts->count; i++) {
		const char *rest = facts_below(&facts->dirs[i], path);
		char *name = rest ? xstrdup(rest) : NULL, *slash = name;
		int fd = -1;
		while (name && fd < 0 && slash) {
			fd = open_beneath(facts->dirs[i].fd, name, O_NOFOLLOW, RESOLVE_NO_XDEV);
			slash = fd < 0 && errno == ENOENT ? strrchr(name, '/') : NULL;
			if (slash) {
				*slash = '\0';
			}
		}
		crosses = crosses || (rest && fd < 0 && errno == EXDEV);
		bool stays = rest && !(fd < 0 && errno == EXDEV);
		if (fd >= 0) {
			close(fd);
		}
		free(name);
		if (stays) {
			return false;
		}
	}
	return crosses;
}

bool facts_path(const struct facts *facts, struct effect *effect, bool quick)
{
	char *full = full_path(facts, effect, effect->given);
	if (!full) {
		return true;
	}
	bool follow = follows(effect, full);
	size_t n = strlen(full), end = n;
	while (is_write(effect, WRITE_MKDIR) && n > 1 && full[n - 1] == '/') {
		full[--n] = '\0'; /* the directory that is made may be written so */
	}
	bool done = find_both(facts, full, follow, quick, &effect->fact);
	struct fact *fact = &effect->fact;
	if (done && n < end && fact->state != FACT_ABSENT && fact->state != FACT_DIRECTORY) {
		facts_clear(fact);
	}
	if (done && fact->state == FACT_ABSENT && facts_respelled(fact->path, effect->given)) {
		facts_clear(fact);
	}
	if (done && fact->inside && effect->kind != EFFECT_READ) {
		fact->inside = !crosses_mount(facts, fact->path);
	}
	if (done && effect->fact.path && is_write(effect, WRITE_LINK)) {
		done = find_target(facts, effect, quick);
	}
	free(full);
	return done;
}

bool facts_there(const char *dir, const char *name)
{
	struct stat st;
	char *path = xasprintf("%s/%s", dir, name);
	bool there = lstat(path, &st) == 0;
	free(path);
	return there;
}

bool facts_up(char *dir, const char *top)
{
	char *slash = strrchr(dir, '/');
	if (strcmp(dir, top) == 0 || !slash || slash == dir) {
		return false;
	}
	*slash = '\0';
	return true;
}

const char *facts_top(const struct facts *facts, const char *path)
{
	const char *top = NULL;
	for (size_t i = 0; i < facts->count; i++) {
		const char *dir = facts->dirs[i].path;
		if (facts_below(&facts->dirs[i], path) && (!top || strlen(dir) < strlen(top))) {
			top = dir;
		}
	}
	return top;
}

bool facts_base(const struct facts *facts, const struct effect *effect, bool quick, char **dir,
	const char **top)
{
	struct fact fact = { 0 };
	char *full = base_path(facts, effect);
	bool done = !full || find_both(facts, full, true, quick, &fact);
	bool known = done && fact.path && fact.inside && fact.state == FACT_DIRECTORY;
	*dir = known ? xstrdup(fact.path) : NULL;
	*top = known ? facts_top(facts, fact.path) : NULL;
	facts_clear(&fact);
	free(full);
	return done;
}
