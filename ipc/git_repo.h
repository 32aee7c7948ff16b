/*
 * Git repositories as they lie on disk, read only: which one a directory belongs to, whether its
 * form is one that we understand, its index, and what its HEAD holds. Never writes, never locks,
 * never runs git.
 *
 * What was parsed is kept, bounded, and looked at again whenever its file may have changed. The
 * loop and a thread may ask at once.
 */
#ifndef BASCULE_IPC_GIT_REPO_H
#define BASCULE_IPC_GIT_REPO_H

#include "core/git_index.h"

#include <sys/stat.h>

struct git_repo {
	char *tree; /* the work tree, resolved */
	char *dir; /* the git directory: HEAD and index */
	char *common; /* objects, refs and configuration; of a linked work tree not dir */
	bool folds_case; /* core.ignoreCase: names are not compared as we do */
};

/* LATER: only a thread may find out, because it takes long; never if `quick` is false. */
enum git_answer { GIT_KNOWN, GIT_UNKNOWN, GIT_LATER };

struct git_cache;
struct git_cache *git_cache_create(void);
void git_cache_destroy(struct git_cache *cache);

/* The repository that the directory `from` (resolved, absolute) belongs to: upwards from it, no
 * higher than `top`. UNKNOWN: there is none, or it is not of a form that we understand. */
enum git_answer git_repo_find(struct git_cache *cache, const char *from, const char *top,
	bool quick, struct git_repo *out);
void git_repo_finish(struct git_repo *repo);

/* A parsed index, shared; git_index_release it. `stamp` is the time of the file itself. */
struct git_index_ref {
	struct git_index index;
	struct timespec mtime;
	struct git_index_shared *shared;
};
enum git_answer git_repo_index(struct git_cache *cache, const struct git_repo *repo, bool quick,
	struct git_index_ref *out);
void git_index_release(struct git_index_ref *ref);

/* The id of the blob that HEAD holds at `path`, relative to the work tree. KNOWN with *there false:
 * HEAD has no such file. */
enum git_answer git_repo_head_blob(struct git_cache *cache, const struct git_repo *repo,
	const char *path, bool quick, bool *there, unsigned char id[GIT_ID_BYTES]);

#endif
