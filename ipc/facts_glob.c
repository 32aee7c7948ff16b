/*
 * Whether a pattern finds a link that leads out of the scope, or what holds secrets.
 *
 * A command that is given `docs` and a pattern of names opens what the shell finds there, links as
 * well, while a search below a directory follows none. Only the directory's own entries are looked
 * at, with the pattern's first part. Called by facts.c, for paths that were resolved.
 */
#include "config.h"

#include "core/policy/sets.h"
#include "ipc/facts_impl.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRIES_MOST = 20000 };

static bool leads_away(const struct facts *facts, const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);
	char *to = realpath(path, NULL);
	bool away = to && (!facts_top(facts, to) || (path_sets(span_of(to)) & SET_SECRET));
	free(path);
	free(to);
	return away;
}

/* With what the pattern says behind its first part, is that a secret's name? Two stars are a search
 * of the tree, which the effect says already. */
static bool names_secret(const char *dir, const char *name, const char *rest)
{
	char *path = xasprintf("%s/%s%s", dir, name, rest);
	bool secret = path_sets(span_of(path)) & SET_SECRET;
	free(path);
	return secret;
}

bool facts_glob_leads_away(const struct facts *facts, const char *dir, const char *pattern)
{
	DIR *entries = opendir(dir);
	struct span first = { pattern, strcspn(pattern, "/") };
	const char *rest = strncmp(pattern, "**", 2) == 0 ? "" : pattern + first.len;
	const struct dirent *entry;
	bool away = false;
	size_t count = 0;
	while (entries && !away && (entry = readdir(entries)) != NULL) {
		const char *name = entry->d_name;
		bool link = entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN;
		away = ++count > ENTRIES_MOST ||
			((link || rest[0]) && strcmp(name, "..") != 0 && strcmp(name, ".") != 0 &&
				glob_match(first, span_of(name)) &&
				((link && leads_away(facts, dir, name)) ||
					(rest[0] && names_secret(dir, name, rest))));
	}
	if (entries) {
		closedir(entries);
	}
	return away;
}
