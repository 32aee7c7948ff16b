/*
 * The bytes of a git index (gitformat-index(5)): versions 2, 3 and 4 of SHA-1 repositories. What
 * needs more than the one file, or is not understood, is refused as a whole: a split or sparse
 * index, an extension that must be understood, names out of order. Pure.
 */
#ifndef BASCULE_CORE_GIT_INDEX_H
#define BASCULE_CORE_GIT_INDEX_H

#include "core/base.h"

enum { GIT_ID_BYTES = 20 };

enum {
	GIT_MODE_KIND = 0170000,
	GIT_MODE_FILE = 0100000,
	GIT_MODE_LINK = 0120000,
	GIT_MODE_MODULE = 0160000,
	GIT_MODE_TREE = 0040000
};

struct git_entry {
	struct span path; /* relative to the work tree; into the index's own memory */
	uint32_t mode, mtime_s, mtime_ns, size;
	bool added_later; /* only announced ("git add -N"): nothing of it is kept anywhere */
	bool conflict; /* one of several sides of a merge */
	unsigned char id[GIT_ID_BYTES];
};

struct git_index {
	struct git_entry *entries; /* in the order of bytes of their paths */
	size_t count;
	char *names;
};

/* False: nothing is known of it; *out needs no git_index_finish then. `bytes` may go afterwards. */
bool git_index_parse(struct git_index *out, struct span bytes);
void git_index_finish(struct git_index *index);
/* NULL: not in it. Of a conflict, its first side. */
const struct git_entry *git_index_find(const struct git_index *index, struct span path);
/* Is there an entry below this directory, or in its place? "" is the whole work tree. */
bool git_index_below(const struct git_index *index, struct span directory);

#endif
