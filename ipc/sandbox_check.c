/*
 * `bascule sandbox check`: what this machine can do to contain a command. Each is really tried, in
 * a child: that a kernel has a thing does not say that it is permitted here.
 */
#include "config.h"

#include "ipc/contain.h"

#include "core/jsonw.h"
#include "core/safe_text.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LANDLOCK_SIGNALS = 6, EXIT_USAGE = 2 };

struct able {
	bool bwrap, users, landlock, seccomp;
	int landlock_version;
	char version[80]; /* of bubblewrap, as it says it */
};

static bool in_child(bool (*tried)(void))
{
	int status = 1;
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		_exit(tried() ? 0 : 1);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
	}
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool try_users(void)
{
	return unshare(CLONE_NEWUSER) == 0;
}

/* Where all can be read, a file that can be made before cannot be made after. */
static bool try_landlock(void)
{
	struct sandbox all = { .network = true };
	int before = open("/tmp", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	return before >= 0 && landlock_files(&all, NULL, NULL) &&
		open("/tmp", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600) < 0 && errno == EACCES;
}

static bool try_seccomp(void)
{
	return contain_filter(true, true, NULL) && ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0 &&
		errno == EPERM;
}

/* The first line of `bwrap --version`. */
static void read_version(char *out, size_t size)
{
	int ends[2], status;
	const char *bwrap = contain_bwrap();
	static const char *const args[] = { "bwrap", "--version", NULL };
	out[0] = '\0';
	if (!bwrap || pipe2(ends, O_CLOEXEC) != 0) {
		return;
	}
	pid_t pid = fork();
	if (pid == 0) {
		dup2(ends[1], 1);
		/* POSIX's own promise: not changed */
		execv(bwrap, (char *const *)(uintptr_t)args);
		_exit(127);
	}
	close(ends[1]);
	ssize_t n = pid > 0 ? read(ends[0], out, size - 1) : 0;
	out[n > 0 ? n : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
	close(ends[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
	}
}

static const char *best(const struct able *a)
{
	return !a->seccomp ? "none" : a->bwrap ? "bwrap" : a->landlock ? "landlock" : "none";
}

static void print_line(bool ok, const char *what)
{
	struct safe_text safe = safe_make(span_of(what), SAFE_ONE_LINE);
	printf("%s  %s\n", ok ? "[ok]" : "[no]", safe_cstr(&safe));
	safe_finish(&safe);
}

static void print_lines(const struct able *a)
{
	char *bwrap = contain_bwrap()
		? xasprintf("%s (%s): %s", a->version[0] ? a->version : "bubblewrap",
			  contain_bwrap(),
			  a->bwrap ? "makes a sandbox" : "cannot make a sandbox here")
		: xstrdup("bubblewrap: not installed");
	char *landlock = xasprintf("Landlock version %d: %s", a->landlock_version,
		!a->landlock ? "does not bound files here; version 3 is needed"
			: a->landlock_version < LANDLOCK_SIGNALS
			? "bounds files; from version 6 also signals and abstract sockets"
			: "bounds files, signals and abstract sockets");
	print_line(a->bwrap, bwrap);
	print_line(a->users,
		a->users ? "user namespaces: can be made"
			 : "user namespaces: not permitted to this user");
	print_line(a->landlock, landlock);
	print_line(a->seccomp,
		a->seccomp ? "seccomp: refuses what it is told to" : "seccomp: cannot be set");
	printf("%s\n",
		strcmp(best(a), "bwrap") == 0 ? "`bascule contain` uses bubblewrap."
			: strcmp(best(a), "landlock") == 0
			? "`bascule contain` uses Landlock alone, which bounds less: see `bascule "
			  "help contain`. Install bubblewrap, or permit user namespaces."
			: "`bascule contain` refuses to run anything here.");
	free(bwrap);
	free(landlock);
}

static void print_json(const struct able *a)
{
	struct buf out = { 0 };
	struct jsonw w = jw_start(&out);
	jw_open(&w, '{');
	jw_kv_text(&w, "by", best(a));
	jw_kv_bool(&w, "bubblewrap", a->bwrap);
	jw_kv_text(&w, "bubblewrap_path", contain_bwrap());
	jw_kv_text(&w, "bubblewrap_version", a->version);
	jw_kv_bool(&w, "user_namespaces", a->users);
	jw_kv_bool(&w, "landlock", a->landlock);
	jw_kv_int(&w, "landlock_version", a->landlock_version);
	jw_kv_bool(&w, "seccomp", a->seccomp);
	jw_close(&w, '}');
	printf("%s\n", buf_cstr(&out));
	buf_finish(&out);
}

int sandbox_check(int argc, char **argv)
{
	bool json = argc == 3 && strcmp(argv[2], "--json") == 0;
	struct able a = { 0 };
	if (argc < 2 || argc > 3 || strcmp(argv[1], "check") != 0 || (argc == 3 && !json)) {
		fprintf(stderr, "usage: bascule sandbox check [--json]\n");
		return EXIT_USAGE;
	}
	read_version(a.version, sizeof(a.version));
	a.landlock_version = landlock_version();
	a.bwrap = contain_bwrap_works();
	a.users = in_child(try_users);
	a.landlock = in_child(try_landlock);
	a.seccomp = in_child(try_seccomp);
	if (json) {
		print_json(&a);
	} else {
		print_lines(&a);
	}
	if (fflush(stdout) != 0) {
		fprintf(stderr, "bascule: cannot write: %s\n", strerror(errno));
		return EXIT_FAILURE;
	}
	return strcmp(best(&a), "bwrap") == 0       ? 0
		: strcmp(best(&a), "landlock") == 0 ? 1
						    : CONTAIN_NO_SANDBOX;
}
