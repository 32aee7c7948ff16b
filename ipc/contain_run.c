/*
 * Outside of the sandbox: starts it, waits for its end, passes signals on, ends it in time.
 *
 * Promises: stdin, stdout, stderr and the terminal are the command's, untouched; the command runs
 * in our process group, so that the terminal's keys reach it as they would without us; when we end,
 * however we end, bubblewrap and all inside end too. With Landlock alone only the command itself
 * does. bubblewrap is given the environment that the command gets, and nothing else of ours.
 */
#include "config.h"

#include "ipc/contain.h"

#include "core/diag.h"
#include "core/safe_text.h"
#include "ipc/clock.h"
#include "ipc/scope.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TERM_MS = 2000 /* from SIGTERM to SIGKILL */, NO_END = -1 };

struct run {
	const struct contain *asked;
	struct sandbox sandbox;
	char cwd[4096];
	char **env; /* owned, ends with NULL */
	char tmp[64]; /* "" unless Landlock alone: a directory of the command's own */
	int signals; /* signalfd */
	int status; /* our end of the status socket */
	pid_t child; /* bubblewrap, or the command */
	int command; /* pidfd of the command; -1: it does not run yet */
	int64_t end_us; /* when time is up; 0: never */
	bool timed_out;
};

static const int passed_on[] = { SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2 };

static int say(const struct err *err, int code)
{
	struct safe_text safe = safe_make(span_of(err->text), SAFE_ONE_LINE);
	fprintf(stderr, "bascule: no sandbox: %s\n", safe_cstr(&safe));
	safe_finish(&safe);
	return code;
}

/* ---- the environment ---- */

static void keep(struct run *run, size_t *count, char *text)
{
	run->env = xrealloc(run->env, (*count + 2) * sizeof(*run->env));
	run->env[(*count)++] = text;
	run->env[*count] = NULL;
}

static void make_env(struct run *run)
{
	extern char **environ;
	size_t count = 0;
	const char *tmp = run->tmp[0] ? run->tmp : "/tmp";
	for (char **at = environ; *at; at++) {
		struct span name = { *at, strcspn(*at, "=") };
		if (sandbox_keeps_variable(name, run->asked->env.at)) {
			keep(run, &count, xstrdup(*at));
		}
	}
	keep(run, &count, xasprintf("TMPDIR=%s", tmp));
	keep(run, &count, xasprintf("XDG_CACHE_HOME=%s/.cache", tmp));
	keep(run, &count, xstrdup("BASCULE_SANDBOX=1"));
	/* Not a cache: playwright keeps its browsers beside them. */
	char *browsers = xasprintf("%s/.cache/ms-playwright", run->asked->paths->home);
	if (!getenv("PLAYWRIGHT_BROWSERS_PATH") && access(browsers, X_OK) == 0) {
		keep(run, &count, xasprintf("PLAYWRIGHT_BROWSERS_PATH=%s", browsers));
	}
	free(browsers);
}

/* ---- starting ---- */

const char *contain_bwrap(void)
{
	static const char *const places[] = { "/usr/bin/bwrap", "/usr/local/bin/bwrap",
		"/bin/bwrap" };
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		if (access(places[i], X_OK) == 0) {
			return places[i];
		}
	}
	return NULL;
}

bool contain_bwrap_works(void)
{
	const char *bwrap = contain_bwrap();
	static const char *const args[] = { "bwrap", "--unshare-user", "--unshare-pid",
		"--unshare-ipc", "--unshare-uts", "--unshare-net", "--cap-drop", "ALL", "--ro-bind",
		"/", "/", "--dev", "/dev", "--proc", "/proc", "--", "/bin/true", NULL };
	int status = 1;
	pid_t pid = bwrap ? fork() : -1;
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);
		for (int fd = 0; null >= 0 && fd <= 2; fd++) {
			dup2(null, fd);
		}
		/* POSIX's own promise: not changed */
		execv(bwrap, (char *const *)(uintptr_t)args);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
	}
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Is there a terminal whose keys go to our group? Then the command must be in it. */
static bool has_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (fd >= 0) {
		close(fd);
	}
	return fd >= 0;
}

/* bubblewrap with this very program inside: by descriptor, for its path may be hidden there. */
static _Noreturn void become_bwrap(struct run *run, int status)
{
	const struct contain *asked = run->asked;
	size_t count = 0;
	while (asked->command[count]) {
		count++;
	}
	const char **words = xcalloc(CONTAIN_INSIDE_WORDS + count + 1, sizeof(*words));
	int self = open("/proc/self/exe", O_PATH);
	words[0] = xasprintf("/proc/self/fd/%d", self);
	words[1] = "inside";
	words[2] = xasprintf("%d", status);
	words[3] = xasprintf("%llu", (unsigned long long)asked->memory_mb);
	words[4] = xasprintf("%llu", (unsigned long long)asked->processes);
	words[5] = asked->network ? "1" : "0";
	words[6] = "--";
	memcpy(words + CONTAIN_INSIDE_WORDS, asked->command, count * sizeof(*words));
	char **argv = sandbox_bwrap(&run->sandbox, contain_bwrap(), run->cwd, words);
	fcntl(status, F_SETFD, 0);
	execve(argv[0], argv, run->env);
	fprintf(stderr, "bascule: no sandbox: %s: %s\n", argv[0], strerror(errno));
	_exit(CONTAIN_NO_SANDBOX);
}

static _Noreturn void become_landlocked(struct run *run, int status)
{
	extern char **environ;
	const struct contain *asked = run->asked;
	struct contain_inner inner = { .status = status,
		.memory_mb = asked->memory_mb,
		.processes = asked->processes,
		.network = asked->network,
		.landlock = &run->sandbox };
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	environ = run->env;
	contain_inside(&inner, asked->command);
}

static bool start(struct run *run, bool landlock, struct err *err)
{
	int ends[2], on = 1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
		return fail(err, DIAG_SANDBOX, "socketpair: %s", strerror(errno));
	}
	setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
	run->status = ends[0];
	run->child = fork();
	if (run->child == 0) {
		close(ends[0]);
		if (!has_terminal()) {
			setpgid(0, 0); /* a signal to its whole group is not one to us */
		}
		if (landlock) {
			become_landlocked(run, ends[1]);
		}
		become_bwrap(run, ends[1]);
	}
	close(ends[1]);
	return run->child > 0 || fail(err, DIAG_SANDBOX, "fork: %s", strerror(errno));
}

/* ---- waiting ---- */

/* The command's word that the sandbox stands; the kernel adds its number as it is out here. False:
 * it never came. */
static bool read_ready(struct run *run)
{
	char byte = 0;
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(struct ucred))];
	} control = { 0 };
	struct iovec part = { &byte, 1 };
	struct msghdr message = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof(control.room) };
	ssize_t n = recvmsg(run->status, &message, MSG_CMSG_CLOEXEC);
	struct cmsghdr *head = n == 1 && byte == 'r' ? CMSG_FIRSTHDR(&message) : NULL;
	struct ucred who = { 0 };
	if (head && head->cmsg_type == SCM_CREDENTIALS) {
		memcpy(&who, CMSG_DATA(head), sizeof(who));
	}
	run->command = who.pid > 0 ? (int)syscall(SYS_pidfd_open, who.pid, 0) : -1;
	if (run->command >= 0 && run->asked->seconds) {
		run->end_us = clock_boot_us() + (int64_t)run->asked->seconds * 1000000;
	}
	return run->command >= 0 && send(run->status, &byte, 1, MSG_NOSIGNAL) == 1;
}

static void pass_on(const struct run *run, int number)
{
	if (run->command >= 0) {
		syscall(SYS_pidfd_send_signal, run->command, number, NULL, 0);
	} else {
		kill(run->child, SIGKILL);
	}
}

/* What the terminal sends has reached the command by itself: it is in our process group. */
static void read_signals(const struct run *run)
{
	struct signalfd_siginfo info;
	while (read(run->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		int number = (int)info.ssi_signo;
		if (number != SIGCHLD && (run->command < 0 || info.ssi_code != SI_KERNEL)) {
			pass_on(run, number);
		}
	}
}

static int left_ms(const struct run *run)
{
	int64_t left = run->end_us ? (run->end_us - clock_boot_us() + 999) / 1000 : NO_END;
	return !run->end_us ? NO_END : left < 0 ? 0 : left > 60000 ? 60000 : (int)left;
}

static void look_at_time(struct run *run)
{
	if (!run->end_us || clock_boot_us() < run->end_us) {
		return;
	}
	if (!run->timed_out) {
		fprintf(stderr, "bascule: ended after %llu s, as --seconds asks\n",
			(unsigned long long)run->asked->seconds);
		pass_on(run, SIGTERM);
		run->timed_out = true;
	} else {
		kill(run->child, SIGKILL);
	}
	run->end_us = clock_boot_us() + (int64_t)TERM_MS * 1000;
}

/* True: it has ended. */
static bool reap(const struct run *run, int *status)
{
	return waitpid(run->child, status, WNOHANG) == run->child;
}

/* The exit status; `ready`: whether the sandbox stood. */
static int wait_for_end(struct run *run, bool *ready)
{
	struct pollfd polls[2] = { { run->signals, POLLIN, 0 }, { run->status, POLLIN, 0 } };
	int status = 0;
	*ready = false;
	while (!reap(run, &status)) {
		if (poll(polls, 2, left_ms(run)) < 0 && errno != EINTR) {
			break;
		}
		if (polls[1].fd >= 0 && polls[1].revents) {
			*ready = read_ready(run);
			polls[1].fd = -1;
		}
		read_signals(run);
		look_at_time(run);
	}
	/* it may have ended between its word and our look */
	*ready = *ready || (polls[1].fd >= 0 && read_ready(run));
	if (!*ready) {
		return CONTAIN_NO_SANDBOX;
	}
	if (run->timed_out) {
		return CONTAIN_TIMED_OUT;
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* ---- the whole of it ---- */

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st;
	(void)kind;
	(void)walk;
	return remove(path);
}

static int attempt(struct run *run, bool landlock, bool *ready)
{
	struct err err = { 0 };
	if (landlock) {
		snprintf(run->tmp, sizeof(run->tmp), "/tmp/bascule-XXXXXX");
		if (!mkdtemp(run->tmp)) {
			run->tmp[0] = '\0';
		}
	}
	make_env(run);
	int code = CONTAIN_NO_SANDBOX;
	if (start(run, landlock, &err)) {
		code = wait_for_end(run, ready);
	} else {
		say(&err, code);
	}
	if (run->tmp[0]) {
		nftw(run->tmp, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	}
	sandbox_free_words(run->env);
	run->env = NULL;
	if (run->command >= 0) {
		close(run->command);
	}
	close(run->status);
	return code;
}

static void open_signals(struct run *run)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (size_t i = 0; i < COUNT_OF(passed_on); i++) {
		sigaddset(&set, passed_on[i]);
	}
	/* Blocked in bubblewrap too, whose end by a signal to the group would be that of all
	 * inside; the command gets its own mask back. */
	sigprocmask(SIG_BLOCK, &set, NULL);
	run->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* bubblewrap that cannot make any sandbox here is as good as none; one that could not make this one
 * has said why. */
static bool falls_back(const struct contain *asked)
{
	if (asked->by != CONTAIN_BY_ANY || contain_bwrap_works() ||
		landlock_version() < LANDLOCK_NEEDED) {
		return false;
	}
	fprintf(stderr, "bascule: bubblewrap cannot run here: Landlock alone bounds the command\n");
	return true;
}

static int run_it(struct run *run)
{
	bool ready = false, by_bwrap = run->asked->by != CONTAIN_BY_LANDLOCK;
	int code = CONTAIN_NO_SANDBOX;
	struct err err = { 0 };
	if (by_bwrap && contain_bwrap()) {
		code = attempt(run, false, &ready);
	}
	if (!ready && (!by_bwrap || falls_back(run->asked))) {
		run->command = -1;
		code = attempt(run, true, &ready);
	} else if (!ready && !contain_bwrap()) {
		fail(&err, DIAG_SANDBOX, "bubblewrap is not installed%s",
			run->asked->by == CONTAIN_BY_ANY
				? ", and this kernel's Landlock does not suffice"
				: "");
		say(&err, code);
	}
	return code;
}

int contain_run(const struct contain *asked)
{
	struct run run = { .asked = asked, .command = -1, .status = -1 };
	struct err err = { 0 };
	char *cwd = scope_resolve(".");
	int code = CONTAIN_NO_SANDBOX;
	close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
	if (!cwd || strlen(cwd) >= sizeof(run.cwd)) {
		fail(&err, DIAG_USAGE, "the current directory cannot be read");
		say(&err, code);
	} else {
		snprintf(run.cwd, sizeof(run.cwd), "%s", cwd);
		if (contain_places(asked, cwd, &run.sandbox, &err)) {
			open_signals(&run);
			code = run_it(&run);
		} else {
			say(&err, code);
		}
	}
	free(cwd);
	sandbox_finish(&run.sandbox);
	return code;
}
