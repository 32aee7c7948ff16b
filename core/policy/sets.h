/*
 * The built-in sets of paths: which names hold secrets, which are control files (what makes other
 * programs run something, or agents and editors behave), compared case-folded, with ignorable
 * characters stripped and compatibility forms folded, on the path as given and as resolved.
 */
#ifndef BASCULE_CORE_POLICY_SETS_H
#define BASCULE_CORE_POLICY_SETS_H

#include "core/base.h"

enum path_set {
	SET_SECRET = 1, /* reading gives away a credential */
	SET_CONTROL = 2, /* writing makes something else run, or changes what agents may do */
	SET_TASK = 4, /* may define a task of the project: package.json, Makefile, … */
	SET_BUILD = 8, /* output of a build: dist/, build/, target/, node_modules/.cache, … */
};

/* Bits of enum path_set for an absolute or relative path. */
unsigned path_sets(struct span path);
/* Folds for comparing with lists that hold or deny, never with those that allow: lower case, NFKC
 * of what the sets may contain, ignorable characters taken out, a trailing dot or space too. False:
 * no valid UTF-8. */
bool path_fold(struct span path, char *out, size_t size);
/* The same for a path that path_fold gave. */
unsigned sets_of_folded(struct span path);
/* Which sets a directory holds because of its name: .git has a configuration with tokens. */
unsigned sets_of_folded_tree(struct span path);
/* Whether a shell's pattern might name a member of secret: what its literal beginning and end rule
 * out, or an extension of sources, cannot. */
bool sets_pattern_may_be_secret(struct span pattern);
/* The same for the names that a search below a directory is restricted to, braces included: whether
 * it asks for what is secret, and not only for every file of an extension. */
bool sets_pattern_seeks_secret(struct span pattern);
/* For `policy sets`: the i-th line "NAME PATTERN"; NULL past the last. */
const char *path_sets_line(size_t i);

/* Globs of rule files: `*` and `?` within a component, `**` for any number of them (also none:
 * a trailing "/" and two stars fit the directory too), `[...]` closed within a component, a
 * pattern without "/" fits the last component anywhere. */
bool glob_match(struct span pattern, struct span path);
/* A quick no: a bit for every component of a path, and for every component of a pattern that stands
 * for itself alone. What the pattern fits has all of its bits. */
uint64_t glob_parts(struct span path);
uint64_t glob_needs(struct span pattern);

#endif
