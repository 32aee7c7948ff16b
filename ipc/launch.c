/*
 * How a broker comes to life. The environment it gets is built here from nothing: what an agent set
 * for its own children must not reach the process that judges them.
 */
#include "config.h"

#include "ipc/launch.h"

#include "core/diag.h"
#include "ipc/fault.h"
#include "ipc/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static bool status_is_zero(const char *status, const char *field)
{
	const char *at = strstr(status, field);
	return !at || strtol(at + strlen(field), NULL, 10) == 0;
}

static bool read_file(const char *path, char *out, size_t size)
{
	FILE *file = fopen(path, "re");
	if (!file) {
		return false;
	}
	size_t n = fread(out, 1, size - 1, file);
	out[n] = '\0';
	fclose(file);
	return true;
}

static bool same_namespace(pid_t pid, const char *name, bool *known)
{
	char path[64], mine[64], theirs[64];
	snprintf(path, sizeof(path), "/proc/self/ns/%s", name);
	ssize_t a = readlink(path, mine, sizeof(mine) - 1);
	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, name);
	ssize_t b = readlink(path, theirs, sizeof(theirs) - 1);
	*known = a > 0 && b > 0;
	return *known && a == b && memcmp(mine, theirs, (size_t)a) == 0;
}

/* The user's service manager: a process named systemd of this user, whose parent is pid 1. 0 if
 * there is none. */
static pid_t user_manager(void)
{
	pid_t found = 0;
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	while (proc && !found && (entry = readdir(proc))) {
		char path[300], text[600];
		struct stat st;
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
		int parent = 0;
		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		if (pid > 1 && stat(path, &st) == 0 && st.st_uid == getuid() &&
			read_file(path, text, sizeof(text)) && strstr(text, "(systemd)") &&
			sscanf(strrchr(text, ')') + 1, " %*c %d", &parent) == 1 && parent == 1) {
			found = pid;
		}
	}
	if (proc) {
		closedir(proc);
	}
	return found;
}

bool launch_allowed(struct err *err)
{
	static const char *const spaces[] = { "user", "mnt", "pid", "net" };
	char status[4096];
	if (!read_file("/proc/self/status", status, sizeof(status)) ||
		!status_is_zero(status, "NoNewPrivs:") || !status_is_zero(status, "Seccomp:")) {
		return fail(err, DIAG_NO_BROKER, "no broker is started from inside a sandbox");
	}
	pid_t manager = user_manager();
	for (size_t i = 0; i < COUNT_OF(spaces); i++) {
		bool known = false, same = same_namespace(1, spaces[i], &known);
		if (!same && manager) {
			same = same_namespace(manager, spaces[i], &known);
		}
		if (known && !same) {
			return fail(err, DIAG_NO_BROKER,
				"no broker is started from inside a sandbox (%s namespace)",
				spaces[i]);
		}
	}
	return true;
}

/* Where neither pid 1 nor a manager can be looked at, only the flags above speak; that is said in
 * the README. */

struct spawned {
	uv_process_t process;
};

static void on_spawned_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void on_spawned_exit(uv_process_t *process, int64_t status, int signal)
{
	(void)status;
	(void)signal;
	uv_close((uv_handle_t *)process, on_spawned_closed);
}

bool launch_broker(uv_loop_t *loop, const struct paths *paths, struct err *err)
{
	char *program = paths_program("bascule-broker");
	char *home = xasprintf("HOME=%s", paths->home);
	char path[] = "PATH=/usr/local/bin:/usr/bin:/bin", lang[] = "LANG=C.UTF-8";
	char word_broker[] = "broker", word_daemon[] = "--daemon", word_root[] = "--root";
	char *env[3 + FAULT_VARIABLES + 1] = { home, path, lang };
	char *args[] = { program, word_broker, word_daemon, NULL, NULL, NULL };
	struct spawned *s = xcalloc(1, sizeof(*s));
	fault_pass_on(env + 3);
	if (paths->root) {
		args[3] = word_root;
		args[4] = paths->root;
	}
	uv_process_options_t options = {
		.exit_cb = on_spawned_exit,
		.file = program,
		.args = args,
		.env = env,
		.cwd = "/",
		.flags = UV_PROCESS_DETACHED,
	};
	s->process.data = s;
	int rc = uv_spawn(loop, &s->process, &options);
	if (rc != 0) {
		fail(err, DIAG_NO_BROKER, "%s: %s", program, uv_strerror(rc));
		uv_close((uv_handle_t *)&s->process, on_spawned_closed);
	} else {
		uv_unref((uv_handle_t *)&s->process);
	}
	free(home);
	free(program);
	return rc == 0;
}

/* Runs the broker as a unit of the user's manager, so that it lives in a control group of its own.
 */
static bool by_manager(const struct paths *paths, char **argv)
{
	static const char tool[] = "/usr/bin/systemd-run";
	char bus[64];
	struct stat st;
	snprintf(bus, sizeof(bus), "/run/user/%d/systemd/private", (int)getuid());
	if (paths->root || access(tool, X_OK) != 0 || stat(bus, &st) != 0 ||
		st.st_uid != getuid()) {
		return false;
	}
	char *dir = xasprintf("XDG_RUNTIME_DIR=/run/user/%d", (int)getuid());
	const char *const env[] = { dir, "PATH=/usr/bin:/bin", NULL };
	const char *const args[] = { "systemd-run", "--user", "--quiet", "--collect", "--", argv[0],
		"broker", NULL };
	pid_t pid = fork();
	if (pid == 0) {
		/* POSIX's own promise: not changed */
		execve(tool, (char *const *)(uintptr_t)args, (char *const *)(uintptr_t)env);
		_exit(127);
	}
	int status = 1;
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
	}
	free(dir);
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool launch_detach(const struct paths *paths, char **argv, struct err *err)
{
	umask(077);
	if (by_manager(paths, argv)) {
		_exit(0);
	}
	pid_t pid = fork();
	if (pid < 0) {
		return fail(err, DIAG_NO_BROKER, "fork: %s", strerror(errno));
	}
	if (pid > 0) {
		_exit(0);
	}
	setsid();
	int null = open("/dev/null", O_RDWR);
	for (int fd = 0; null >= 0 && fd <= 2; fd++) {
		dup2(null, fd);
	}
	closefrom(3);
	return chdir("/") == 0 || fail(err, DIAG_NO_BROKER, "/: %s", strerror(errno));
}
