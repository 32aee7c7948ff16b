/* Scopes by the kernel's word: a path is what an open directory is called, never the text given. */
#include "config.h"

#include "ipc/scope.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_MOST = 4096 };

char *scope_path_of_fd(int fd)
{
	char link[64], path[PATH_MOST];
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, path, sizeof(path) - 1);
	if (n <= 0 || path[0] != '/') {
		return NULL;
	}
	path[n] = '\0';
	return xstrdup(path);
}

char *scope_resolve(const char *dir)
{
	int fd = dir ? open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	char *path = fd >= 0 ? scope_path_of_fd(fd) : NULL;
	if (fd >= 0) {
		close(fd);
	}
	return path;
}

bool scope_too_wide(const char *path, const char *home)
{
	size_t n = strlen(path);
	return strcmp(path, "/") == 0 ||
		(home && strncmp(home, path, n) == 0 && (!home[n] || home[n] == '/'));
}

char *scope_worktree(const char *dir)
{
	char *at = xstrdup(dir);
	while (at[0]) {
		char *git = xasprintf("%s/.git", at);
		bool found = access(git, F_OK) == 0;
		free(git);
		if (found) {
			return at;
		}
		*strrchr(at, '/') = '\0';
	}
	free(at);
	return NULL;
}

char *scope_of(const char *dir, const char *home)
{
	char *real = scope_resolve(dir), *real_home = scope_resolve(home);
	char *worktree = real ? scope_worktree(real) : NULL;
	char *scope = worktree ? worktree : real;
	if (scope != real) {
		free(real);
	}
	if (scope && scope_too_wide(scope, real_home)) {
		free(scope);
		scope = NULL;
	}
	free(real_home);
	return scope;
}
