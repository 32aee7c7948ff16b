/*
 * What the machine says about the targets of a call, gathered in the gate, where the files are.
 *
 * Containment is the kernel's word: openat2 with RESOLVE_BENEATH from a descriptor of the scope,
 * opened once. What is local and inside is answered at once; everything else may lie on a file
 * system that hangs, and goes to the thread pool with a bound.
 */
#ifndef BASCULE_IPC_FACTS_H
#define BASCULE_IPC_FACTS_H

#include "core/buf.h"
#include "core/effects/effect.h"
#include "core/hash.h"
#include "core/jsonw.h"

#include <uv.h>

struct scope_dir {
	int fd; /* O_PATH */
	char *path; /* resolved */
	bool local; /* on a file system that cannot hang */
	uint64_t dev, ino;
};

struct facts {
	struct scope_dir *dirs;
	size_t count;
	char *cwd; /* resolved */
	char *home; /* of the user, resolved: what "~" of a shell line means; NULL: not sure */
	char *git_head; /* path of HEAD of the repository around cwd; NULL: none */
	bool odd_git; /* the environment tells git of other places: nothing is known of any
			 repository */
	struct git_cache *git; /* ipc/git_repo.h */
	struct own_files *own; /* what this session's calls wrote */
};

/* `scope`: directories as given, relative to cwd; none: the git work tree around cwd, else cwd.
 * "/", the home directory itself and what holds it are refused. The resolved list is in
 * facts->dirs. `home` is the password database's; NULL: none. */
bool facts_init(
	struct facts *facts, char *const *scope, size_t count, const char *home, struct err *err);
void facts_finish(struct facts *facts);

/* Fills the facts of paths, repositories (of the directory they are used from) and tasks, as the
 * protocol's "Effects" describes them. True: done. False: some may be slow, use facts_work; then
 * what was quick is filled already. */
bool facts_gather(const struct facts *facts, struct effects *effects);

/* The whole of it, however long it takes: for commands. */
void facts_gather_now(const struct facts *facts, struct effects *effects);

/* The same on the thread pool; `done` is called on the loop after at most two seconds, then with
 * what is known. Takes the effects; done gets them back. */
typedef void facts_done(void *data, struct effects *effects);
void facts_work(uv_loop_t *loop, const struct facts *facts, struct effects *effects,
	facts_done *done, void *data);

/* A call with these effects, and the facts it was forwarded with, has been answered: what it wrote
 * is this session's own from now on, as long as it stays as it is now. */
void facts_remember(struct facts *facts, const struct effects *effects);

/* The branch of the repository around cwd, read from HEAD now. "" if there is none, "?" if it
 * cannot be read; detached:
 * "(detached)". Valid until the next call. */
const char *facts_branch(const struct facts *facts, char out[256]);

/* What is on disk for a person to see, as a file in the protocol's `preview`; of its text at most
 * so many bytes. */
void facts_preview(const struct effect *effect, size_t most, struct jsonw *w);
/* What is in a directory, bounded: member `tree` of the same; nothing if it is none. */
void facts_tree(const char *path, struct jsonw *w);
/* Adds what tells that file from itself after a change: cheap, the content is not read. */
void facts_preview_mark(const struct effect *effect, struct hash_run *run);

#endif
