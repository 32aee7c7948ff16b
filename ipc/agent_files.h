/* The files of coding agents on this machine: where they lie for a home and a project, whether the
 * agent is installed, whether it runs now. Looks, and changes nothing. */
#ifndef BASCULE_IPC_AGENT_FILES_H
#define BASCULE_IPC_AGENT_FILES_H

#include "core/agent.h"

#include <sys/types.h>

/* Absolute; the caller frees it. */
char *agent_file_path(const struct agent_file *file, const char *home, const char *project);
/* Does it belong to the user, not to the project? */
bool agent_file_is_users(const struct agent_file *file);

/* The directory that this environment makes it read instead of its own below the home; NULL: none.
 * Borrowed. */
const char *agent_moved(const struct agent *agent, const char *home);

/* Where its program is found on PATH; NULL: nowhere. The caller frees it. */
char *agent_program(const struct agent *agent);
/* Is there a file, or a directory for one, of this agent below the home? */
bool agent_has_files(const struct agent *agent, const char *home);
/* A process of this user that is the agent, with this home; 0: none is seen. */
pid_t agent_running(const struct agent *agent, const char *home);

#endif
