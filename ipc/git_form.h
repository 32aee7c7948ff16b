/* The form of a repository on disk, as git-config(1) and gitrepository-layout(5) have it. What is
 * odd is not usable. For ipc/git_repo.c. */
#ifndef BASCULE_IPC_GIT_FORM_H
#define BASCULE_IPC_GIT_FORM_H

#include "ipc/git_file.h"

struct git_form {
	char *common; /* where objects, references and the configuration are; the owner frees it */
	bool usable; /* a form that we read, and the work tree's own */
	bool folds_case; /* core.ignoreCase */
	bool own_config; /* config.worktree counts as well */
	bool local; /* on file systems that cannot hang */
	struct git_stamp config, config2;
};

/* The git directory of a work tree; NULL: none. `linked`: by a file ".git". The caller frees it. */
char *git_form_dir(const char *tree, bool *linked);
void git_form_read(const char *tree, const char *dir, bool linked, struct git_form *out);
/* Is it still what the configuration says? */
bool git_form_fresh(const char *dir, const struct git_form *form);

#endif
