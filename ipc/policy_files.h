/*
 * The policy in force: rule files of every level and the user's profiles, read, joined, and read
 * again when they change. A broken file leaves what was in force before it; with nothing before,
 * everything is held. Used by the broker and by `bascule policy`.
 */
#ifndef BASCULE_IPC_POLICY_FILES_H
#define BASCULE_IPC_POLICY_FILES_H

#include "core/effects/profile.h"
#include "core/policy/rules.h"
#include "ipc/paths.h"

enum { POLICY_FILE_MAX = 1 << 20 };

struct policy_files {
	struct rules *builtin;
	struct rules *system, *user; /* NULL: there is no such file */
	struct rules *joined; /* what is in force where no project has rules of its own */
	bool held; /* no good file yet: everything is held */
	struct profiles *profiles;
	struct buf user_profiles; /* JSON: [{file, text}], for gates */
	unsigned generation; /* counts up with every change */
	char *trouble; /* what is broken, in a sentence; NULL: nothing is */
	char **self; /* what is bascule's own; ends with NULL */
	char *system_path, *user_path, *profiles_path;
	struct file_stamp {
		int64_t ino, mtime_ns, size;
	} stamps[3]; /* of those, as last read */
};

void policy_files_init(struct policy_files *files, const struct paths *paths);
void policy_files_finish(struct policy_files *files);
/* Looks whether a file changed and reads what did. True: something is other than before (look at
 * trouble too). */
bool policy_files_refresh(struct policy_files *files);

/* The policy in force for one project: `project` are its own rules, which apply below `scope`. NULL
 * if there are none to add: then files->joined is in force. The caller destroys it before the next
 * refresh. */
struct rules *policy_files_project(
	const struct policy_files *files, const struct rules *project, const char *scope);

#endif
