/*
 * Which files define what a task runner does: the one table of them, for facts (what does this task
 * run, and is it what HEAD holds) and for policy (writing such a file changes what a task does).
 * Pure.
 */
#ifndef BASCULE_CORE_EFFECTS_TASK_FILES_H
#define BASCULE_CORE_EFFECTS_TASK_FILES_H

#include "core/buf.h"

enum { TASK_FILES_MAX = 16 };

enum task_where {
	TASK_HERE, /* in the directory where the runner is started */
	TASK_NEAREST, /* the first of them in the nearest directory upwards; all others on the way
			 up */
	TASK_UPWARDS, /* all of them in that directory and every one above */
};

enum task_form {
	TASK_WHOLE, /* nothing in it is known to be one task alone */
	TASK_JSON, /* an object of scripts in the member `section` */
	TASK_MAKE, /* rules */
	TASK_JUST, /* recipes */
	TASK_YAML, /* keys below `section` */
	TASK_TOML, /* keys of the table `section`, or tables below it */
	TASK_RAKE,
};

struct task_files {
	const char *runner;
	enum task_where where;
	bool first; /* the runner reads the first of them that exists, no other */
	enum task_form form; /* of the files that may define a task */
	const char *section;
	const char *files[TASK_FILES_MAX + 1]; /* relative; ends with NULL. "*" stands for the task:
						  that file is the task itself */
};

/* NULL: nothing is known of this runner. A path counts as its last component. */
const struct task_files *task_files_of(const char *runner);
/* Does any runner read a file of this name (its last components)? */
bool task_files_have(struct span path);

/* Appends what defines `task` in the text of such a file: of TASK_JSON its script and those that
 * run before and after it, each as NAME NUL VALUE NUL; else the lines. `words` gets the same for
 * people. False: it is not defined there, or the text cannot be read so. */
bool task_text(const struct task_files *files, struct span text, const char *task, struct buf *out,
	struct buf *words);

#endif
