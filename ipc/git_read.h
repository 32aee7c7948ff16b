/*
 * References and objects of a repository: loose, packed, deltas, one level of alternates. Bounded
 * in size and depth; every object is checked against its id. For threads: it may read much.
 */
#ifndef BASCULE_IPC_GIT_READ_H
#define BASCULE_IPC_GIT_READ_H

#include "core/buf.h"
#include "core/git_object.h"

struct git_store {
	const char *dir, *common; /* as of struct git_repo */
};

enum { GIT_OBJECT_MAX = 32 << 20 };

/* What the reference's file says: "ref: NAME" gives symbolic NAME, an id gives that. */
enum git_ref { GIT_REF_NONE, GIT_REF_ID, GIT_REF_SYMBOLIC, GIT_REF_ODD };
enum git_ref git_ref_read(const struct git_store *store, const char *name,
	unsigned char id[GIT_ID_BYTES], struct buf *target);
/* Follows it to an id. NONE: it does not exist (as HEAD before the first commit). */
enum git_ref git_ref_resolve(
	const struct git_store *store, const char *name, unsigned char id[GIT_ID_BYTES]);

/* The content of an object of this type; false: not there, or anything odd about it. */
bool git_object_read(const struct git_store *store, const unsigned char id[GIT_ID_BYTES],
	enum git_type type, struct buf *out);

/* The file at `path` in a commit's tree. False: cannot be known; *there says whether it is there
 * and a regular file. */
bool git_commit_blob(const struct git_store *store, const unsigned char commit[GIT_ID_BYTES],
	const char *path, bool *there, unsigned char id[GIT_ID_BYTES]);

#endif
