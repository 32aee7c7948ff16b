/*
 * Where everything lies, and the making and checking of our own directories.
 *
 * Promises: nothing in here asks $HOME, XDG variables or PATH; a directory that somebody else owns
 * or may write to is refused, never mended. Does not open a file in them. Called by every program
 * at start.
 */
#include "config.h"

#include "ipc/paths.h"

#include "core/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool find_home(struct paths *paths, struct err *err)
{
	errno = 0;
	const struct passwd *user = getpwuid(getuid());
	if (!user || !user->pw_dir || user->pw_dir[0] != '/') {
		return fail(err, DIAG_PATHS,
			"user %ld: no home directory in the password database%s%s", (long)getuid(),
			errno ? ": " : "", errno ? strerror(errno) : "");
	}
	paths->home = xstrdup(user->pw_dir);
	return true;
}

/* The root as an absolute path, so that a program started elsewhere means the same. */
static bool find_root(struct paths *paths, const char *root, struct err *err)
{
	if (root && !*root) {
		return fail(err, DIAG_PATHS, "--root: empty, expected a directory");
	}
	if (!root) {
		root = getenv("BASCULE_ROOT");
	}
	if (!root || !*root) {
		return true;
	}
	if (root[0] == '/') {
		paths->root = xstrdup(root);
		return true;
	}
	char *here = getcwd(NULL, 0);
	if (!here) {
		return fail(err, DIAG_PATHS, "%s: the current directory is not known: %s", root,
			strerror(errno));
	}
	paths->root = xasprintf("%s/%s", here, root);
	free(here);
	return true;
}

bool paths_init(struct paths *paths, const char *root, struct err *err)
{
	*paths = (struct paths){ 0 };
	if (!find_home(paths, err) || !find_root(paths, root, err)) {
		paths_finish(paths);
		return false;
	}
	if (paths->root) {
		paths->config = xasprintf("%s/config", paths->root);
		paths->state = xasprintf("%s/state", paths->root);
	} else {
		paths->config = xasprintf("%s/.config/bascule", paths->home);
		paths->state = xasprintf("%s/.local/state/bascule", paths->home);
	}
	paths->config_ini = xasprintf("%s/config.ini", paths->config);
	paths->log = xasprintf("%s/bascule.log", paths->state);
	paths->lock = xasprintf("%s/lock", paths->state);
	paths->history = xasprintf("%s/log.db", paths->state);
	paths->detail = xasprintf("%s/detail.db", paths->state);
	paths->search = xasprintf("%s/search.db", paths->state);
	paths->heads = xasprintf("%s/heads", paths->state);
	return true;
}

void paths_finish(struct paths *paths)
{
	if (paths) {
		free(paths->root);
		free(paths->home);
		free(paths->config);
		free(paths->state);
		free(paths->config_ini);
		free(paths->log);
		free(paths->lock);
		free(paths->history);
		free(paths->detail);
		free(paths->search);
		free(paths->heads);
		*paths = (struct paths){ 0 };
	}
}

/* Makes the directories above `dir` that are missing. What is there is left as it is. */
static bool make_parents(const char *dir, struct err *err)
{
	char *path = xstrdup(dir);
	bool ok = true;
	for (char *slash = strchr(path + 1, '/'); slash && ok; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST) {
			int why = errno;
			struct stat there; /* a read-only place says EROFS even of what exists */
			if (stat(path, &there) != 0) {
				ok = fail(err, DIAG_PATHS, "%s: cannot be made: %s", path,
					strerror(why));
			}
		}
		*slash = '/';
	}
	free(path);
	return ok;
}

/* Makes `dir` if need be, opens it with `flags`, and refuses it if another user owns it or a bit of
 * `never` is set. */
static bool own_dir(const char *dir, int flags, mode_t never, struct err *err)
{
	struct stat st;
	bool ok = true;
	if (mkdir(dir, 0700) != 0 && errno == ENOENT) {
		return fail(err, DIAG_PATHS, "%s: cannot be made: %s", dir, strerror(errno));
	}
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
	if (fd < 0 || fstat(fd, &st) != 0) {
		ok = fail(err, DIAG_PATHS, "%s: not a directory that can be opened: %s", dir,
			strerror(errno));
	} else if (st.st_uid != getuid()) {
		ok = fail(err, DIAG_PATHS, "%s: belongs to user %ld, expected your own (%ld)", dir,
			(long)st.st_uid, (long)getuid());
	} else if (st.st_mode & never) {
		ok = fail(err, DIAG_PATHS,
			"%s: open to others (mode %03o), expected 0700: chmod go-rwx it", dir,
			(unsigned)(st.st_mode & 0777));
	}
	if (fd >= 0) {
		close(fd);
	}
	return ok;
}

bool paths_own_dir(const char *dir, struct err *err)
{
	return own_dir(dir, O_NOFOLLOW, 0077, err);
}

bool paths_prepare(const struct paths *paths, struct err *err)
{
	/* People link their configuration to a dotfiles directory and leave it readable: both do no
	 * harm. */
	return make_parents(paths->config, err) && make_parents(paths->state, err) &&
		(!paths->root || own_dir(paths->root, 0, 0022, err)) &&
		own_dir(paths->config, 0, 0022, err) && paths_own_dir(paths->state, err);
}

char *paths_socket_dir(const struct paths *paths)
{
	struct stat st;
	if (paths->root) {
		return xasprintf("%s/run", paths->root);
	}
	char *runtime = xasprintf("/run/user/%ld", (long)getuid());
	bool usable = lstat(runtime, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == getuid();
	char *dir = usable ? xasprintf("%s/bascule", runtime) : xasprintf("%s/run", paths->state);
	free(runtime);
	return dir;
}

/* The directory that this very program was started from, NULL if /proc does not say. */
static char *own_place(void)
{
	char place[4096];
	ssize_t n = readlink("/proc/self/exe", place, sizeof(place) - 1);
	if (n <= 0 || (size_t)n == sizeof(place) - 1) {
		return NULL;
	}
	place[n] = '\0';
	char *slash = strrchr(place, '/');
	if (!slash) {
		return NULL;
	}
	*slash = '\0';
	return xstrdup(place);
}

static bool is_program(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* What stands before the configured directory when a whole installation was copied elsewhere: "" if
 * nothing. */
static char *staging(const char *place)
{
	static const char *const homes[] = { BASCULE_BINDIR, BASCULE_LIBEXECDIR };
	size_t len = place ? strlen(place) : 0;
	for (size_t i = 0; i < COUNT_OF(homes); i++) {
		size_t tail = strlen(homes[i]);
		if (len >= tail && strcmp(place + len - tail, homes[i]) == 0) {
			return span_dup((struct span){ place, len - tail });
		}
	}
	return xstrdup("");
}

char *paths_program(const char *name)
{
	char *place = own_place();
	char *beside = place ? xasprintf("%s/%s", place, name) : NULL;
	if (!beside || !is_program(beside)) {
		char *prefix = staging(place);
		bool front = strcmp(name, "bascule") == 0; /* the only one in bin */
		free(beside);
		beside = xasprintf(
			"%s%s/%s", prefix, front ? BASCULE_BINDIR : BASCULE_LIBEXECDIR, name);
		free(prefix);
	}
	free(place);
	return beside;
}

char *paths_installed(void)
{
	char *place = own_place(), *front = NULL;
	if (place && span_ends(span_of(place), BASCULE_LIBEXECDIR)) {
		char *prefix = staging(place);
		front = xasprintf("%s%s/bascule", prefix, BASCULE_BINDIR);
		free(prefix);
	}
	if (front && !is_program(front)) {
		free(front);
		front = NULL;
	}
	free(place);
	return front;
}
