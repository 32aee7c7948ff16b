/* What the parts of facts.c have in common: paths, repositories, tasks, and what was written by
 * this session. For ipc/facts*.c alone. */
#ifndef BASCULE_IPC_FACTS_IMPL_H
#define BASCULE_IPC_FACTS_IMPL_H

#include "ipc/facts.h"
#include "ipc/git_repo.h"

/* All return false only if `quick`: then nothing is known yet, and a thread has to find out. */

/* facts_path.c */
bool facts_path(const struct facts *facts, struct effect *effect, bool quick);
/* The directory `base` of an effect, resolved; NULL: not known, or not in the scope, whose
 * directory *top is then. */
bool facts_base(const struct facts *facts, const struct effect *effect, bool quick, char **dir,
	const char **top);
/* The widest scope directory that holds this resolved path; NULL: none */
const char *facts_top(const struct facts *facts, const char *path);
int facts_open_in(const struct scope_dir *dir, const char *path, bool follow, char **resolved);
/* The path below a scope directory, if it is written so; NULL otherwise */
const char *facts_below(const struct scope_dir *dir, const char *path);
/* What a descriptor of O_PATH says; takes `path`, NULL: ask the kernel for it. */
void facts_fill(struct fact *fact, int fd, bool inside, char *path);
void facts_clear(struct fact *fact);

/* facts_git.c: what the repository around a path says of it */
bool facts_marks(const struct facts *facts, struct effect *effect, bool quick);
/* PUSH and BRANCH */
bool facts_repo(const struct facts *facts, struct effect *effect, bool quick);

/* facts_spelling.c: may what is not at `path`, given so, be there in another form of Unicode? */
bool facts_respelled(const char *path, const char *given);

/* facts_path.c: has this directory such a name, be it a link that points nowhere? */
bool facts_there(const char *dir, const char *name);
/* Makes `dir` the directory above it, no higher than `top`; false: there is none. */
bool facts_up(char *dir, const char *top);

/* facts_bare.c: would git, started in `from`, take it or a directory above it, no higher than
 * `top`, for a repository because of what lies in it? */
bool facts_bare(const char *from, const char *top);

/* facts_glob.c: does a name in this resolved directory that fits the pattern's first part hold
 * secrets by what the pattern says behind it, or link to what does, or out of the scope? */
bool facts_glob_leads_away(const struct facts *facts, const char *dir, const char *pattern);

/* facts_push.c: would a push without a branch name move the current branch alone, under its own
 * name? `remote`: as given, "" if none. */
bool facts_push_is_plain(const struct facts *facts, const struct git_repo *repo, const char *branch,
	const char *remote);

/* facts_task.c */
bool facts_task(const struct facts *facts, struct effect *effect, bool quick);

/* facts_install.c: COMMITTED if the lockfile and all that goes with it are as HEAD holds them */
bool facts_install(const struct facts *facts, struct effect *effect, bool quick);

/* facts_own.c */
struct own_files *own_create(void);
void own_destroy(struct own_files *own);
bool own_has(struct own_files *own, const struct fact *fact);
void own_add(struct own_files *own, const struct fact *fact);

#endif
