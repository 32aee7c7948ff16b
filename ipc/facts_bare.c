/*
 * Whether git, started in a directory, would take it or one above it for a repository of its own,
 * by what lies in it and not by the name ".git".
 *
 * Such a "bare" repository needs no file that is named like a control file: HEAD, config, objects
 * and refs are enough, and its config names programs that `git status` runs. Anything that looks
 * like one counts, because a repository may come with one among its test files.
 */
#include "config.h"

#include "ipc/facts_impl.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool has(const char *dir, const char *name)
{
	struct stat st;
	char *path = xasprintf("%s/%s", dir, name);
	bool there = lstat(path, &st) == 0;
	free(path);
	return there;
}

bool facts_bare(const char *from, const char *top)
{
	char *dir = xstrdup(from);
	bool bare = false;
	for (;;) {
		bare = has(dir, "HEAD") && (has(dir, "objects") || has(dir, "commondir"));
		char *slash = strrchr(dir, '/');
		if (bare || has(dir, ".git") || strcmp(dir, top) == 0 || slash == dir) {
			break;
		}
		*slash = '\0';
	}
	free(dir);
	return bare;
}
