/*
 * Where agents' files lie, and whether an agent is there at all.
 *
 * Whether one runs is read from /proc, by the name of its program: enough to keep our hands off a
 * file that it would write over, and nothing rests on it otherwise.
 */
#include "config.h"

#include "ipc/agent_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool agent_file_is_users(const struct agent_file *file)
{
	return strncmp(file->path, "~/", 2) == 0;
}

char *agent_file_path(const struct agent_file *file, const char *home, const char *project)
{
	return agent_file_is_users(file) ? xasprintf("%s/%s", home, file->path + 2)
					 : xasprintf("%s/%s", project, file->path);
}

const char *agent_moved(const struct agent *agent, const char *home)
{
	const char *place = agent->moved_by ? getenv(agent->moved_by) : NULL;
	if (!place || !*place) {
		return NULL;
	}
	if (!agent->unmoved) {
		return place;
	}
	char *own = xasprintf("%s/%s", home, agent->unmoved + 2);
	size_t len = strlen(own);
	bool same = strncmp(place, own, len) == 0 && (!place[len] || strcmp(place + len, "/") == 0);
	free(own);
	return same ? NULL : place;
}

char *agent_program(const struct agent *agent)
{
	const char *given = getenv("PATH");
	char *path = xstrdup(given ? given : "/usr/local/bin:/usr/bin:/bin"), *rest = path;
	char *found = NULL;
	for (char *dir = strsep(&rest, ":"); dir && !found; dir = strsep(&rest, ":")) {
		char *full = xasprintf("%s/%s", dir, agent->program);
		struct stat st;
		if (dir[0] == '/' && stat(full, &st) == 0 && S_ISREG(st.st_mode) &&
			access(full, X_OK) == 0) {
			found = full;
		} else {
			free(full);
		}
	}
	free(path);
	return found;
}

bool agent_has_files(const struct agent *agent, const char *home)
{
	bool found = false;
	for (const struct agent_file *file = agent->files; file->path && !found; file++) {
		struct stat st;
		char *path = agent_file_path(file, home, "/");
		found = agent_file_is_users(file) && stat(path, &st) == 0;
		*strrchr(path, '/') = '\0';
		found = found ||
			(agent_file_is_users(file) && strcmp(path, home) != 0 &&
				stat(path, &st) == 0 && S_ISDIR(st.st_mode));
		free(path);
	}
	return found;
}

/* ---- does it run ---- */

static bool read_all(const char *pid, const char *file, struct buf *out)
{
	char *path = xasprintf("/proc/%s/%s", pid, file);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 1;
	free(path);
	buf_clear(out);
	while (fd >= 0 && n > 0 && out->len < 1 << 20) {
		buf_room(out, 4096);
		n = read(fd, out->data + out->len, 4096);
		out->len += n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0) {
		close(fd);
	}
	return fd >= 0 && n == 0;
}

/* Is one of the first two words of the command line the program? (A script's name is the second.)
 */
static bool is_named(const char *pid, const char *program, struct buf *text)
{
	if (!read_all(pid, "cmdline", text)) {
		return false;
	}
	const char *at = buf_cstr(text), *end = at + text->len;
	for (int i = 0; i < 2 && at < end; i++, at += strlen(at) + 1) {
		if (strcmp(path_name(at), program) == 0) {
			return true;
		}
	}
	return false;
}

/* Unless it says another home, it is this one. */
static bool lives_in(const char *pid, const char *home, struct buf *text)
{
	if (!read_all(pid, "environ", text)) {
		return true;
	}
	const char *at = buf_cstr(text), *end = at + text->len;
	for (; at < end; at += strlen(at) + 1) {
		if (strncmp(at, "HOME=", 5) == 0) {
			return strcmp(at + 5, home) == 0;
		}
	}
	return true;
}

pid_t agent_running(const struct agent *agent, const char *home)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	struct buf text = { 0 };
	pid_t found = 0;
	while (proc && !found && (entry = readdir(proc))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
		struct stat st;
		if (pid > 0 && fstatat(dirfd(proc), entry->d_name, &st, 0) == 0 &&
			st.st_uid == getuid() && is_named(entry->d_name, agent->program, &text) &&
			lives_in(entry->d_name, home, &text)) {
			found = pid;
		}
	}
	if (proc) {
		closedir(proc);
	}
	buf_finish(&text);
	return found;
}
