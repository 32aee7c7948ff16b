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

bool facts_bare(const char *from, const char *top)
{
	char *dir = xstrdup(from);
	bool bare = false;
	do {
		bare = facts_there(dir, "HEAD") &&
			(facts_there(dir, "objects") || facts_there(dir, "commondir"));
	} while (!bare && !facts_there(dir, ".git") && facts_up(dir, top));
	free(dir);
	return bare;
}
