/*
 * Why a process of its own: `npx` and shell wrappers put a process between us and the real server
 * that does not pass signals on, and a client may kill the gate with SIGKILL. A subreaper that
 * watches a pipe from the gate cleans up in every case. It leaves the client's process group, so
 * that a signal to that group does not take it along.
 */
#include "config.h"

#include "ipc/guardian.h"

#include "core/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

struct pipes {
	int server_in[2], server_out[2], control[2], report[2];
};

static void tell(int fd, int kind, int value)
{
	struct guardian_report report = { kind, value };
	ssize_t unused = write(fd, &report, sizeof(report));
	(void)unused;
}

static void run_server(const struct pipes *p, char *const *argv, int failed)
{
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (dup2(p->server_in[0], 0) < 0 || dup2(p->server_out[1], 1) < 0) {
		_exit(126);
	}
	execvp(argv[0], argv);
	int code = errno;
	ssize_t unused = write(failed, &code, sizeof(code));
	(void)unused;
	_exit(127);
}

static pid_t start_server(const struct pipes *p, char *const *argv)
{
	int failed[2], code = 0;
	if (pipe2(failed, O_CLOEXEC) != 0) {
		tell(p->report[1], 'f', errno);
		return -1;
	}
	pid_t pid = fork();
	if (pid == 0) {
		run_server(p, argv, failed[1]);
	}
	close(failed[1]);
	if (pid < 0 || read(failed[0], &code, sizeof(code)) > 0) {
		tell(p->report[1], 'f', pid < 0 ? errno : code);
		pid = -1;
	} else {
		tell(p->report[1], 's', pid);
	}
	close(failed[0]);
	return pid;
}

/* SIGKILL for each child of ours. A number that the end of the read may have cut is left for the
 * next time. */
static void kill_children(void)
{
	char path[64], text[4096];
	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, text, sizeof(text) - 1) : -1;
	if (fd >= 0) {
		close(fd);
	}
	text[n > 0 ? n : 0] = '\0';
	char *rest = text;
	for (char *word = strsep(&rest, " "); rest; word = strsep(&rest, " ")) {
		pid_t pid = (pid_t)strtol(word, NULL, 10);
		if (pid > 1) {
			kill(pid, SIGKILL);
		}
	}
}

/* Ends everything that still descends from us: the group, then what left the group. As a subreaper
 * we are the parent of every orphan among them, so waiting until no child is left is waiting for
 * all, however many they were. */
static void end_all(pid_t group)
{
	kill(-group, SIGKILL);
	do {
		kill_children();
		if (waitpid(-1, NULL, 0) < 0) {
			return;
		}
		while (waitpid(-1, NULL, WNOHANG) > 0) {
		}
	} while (true);
}

/* Reaps what is there; true once the server itself has ended. */
static bool reap(pid_t server, int *status)
{
	int s;
	pid_t pid;
	bool ended = false;
	while ((pid = waitpid(-1, &s, WNOHANG)) > 0) {
		if (pid == server) {
			*status = s;
			ended = true;
		}
	}
	return ended;
}

static void watch(const struct pipes *p, pid_t server)
{
	sigset_t children;
	sigemptyset(&children);
	sigaddset(&children, SIGCHLD);
	int fd = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
	struct pollfd polls[2] = { { p->control[0], POLLIN, 0 }, { fd, POLLIN, 0 } };
	int status = 0;
	bool ended = reap(server, &status);
	for (bool gate = true; gate && !ended;) {
		if (poll(polls, 2, -1) < 0 && errno != EINTR) {
			break;
		}
		unsigned char byte;
		struct signalfd_siginfo info;
		while (read(fd, &info, sizeof(info)) > 0) {
		}
		ended = reap(server, &status);
		if (!ended && (polls[0].revents & (POLLIN | POLLHUP))) {
			gate = read(p->control[0], &byte, 1) == 1;
			if (gate) {
				kill(-server, byte);
			}
		}
	}
	end_all(server);
	if (ended) {
		tell(p->report[1], 'e', status);
	}
}

static void guard(const struct pipes *p, char *const *argv)
{
	sigset_t all;
	sigfillset(&all);
	/* only SIGKILL ends a guardian before its work is done */
	sigprocmask(SIG_SETMASK, &all, NULL);
	setpgid(0, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_SET_NAME, "bascule-guard");
	close(p->control[1]);
	close(p->report[0]);
	close(p->server_in[1]);
	close(p->server_out[0]);
	pid_t server = start_server(p, argv);
	/* The client's descriptors and the server's pipes must end when the others let go of them.
	 */
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; null >= 0 && fd <= 2; fd++) {
		dup2(null, fd);
	}
	close(p->server_in[0]);
	close(p->server_out[1]);
	if (server > 0) {
		watch(p, server);
	}
	_exit(0);
}

static bool make_pipes(struct pipes *p)
{
	return pipe2(p->server_in, O_CLOEXEC) == 0 && pipe2(p->server_out, O_CLOEXEC) == 0 &&
		pipe2(p->control, O_CLOEXEC) == 0 && pipe2(p->report, O_CLOEXEC) == 0;
}

bool guardian_start(struct guardian *guardian, char *const *argv, struct err *err)
{
	struct pipes p;
	if (!make_pipes(&p)) {
		return fail(err, DIAG_SERVER, "pipes: %s", strerror(errno));
	}
	/* Long results cross with fewer switches; refusal by the system's limit does not matter. */
	fcntl(p.server_out[0], F_SETPIPE_SZ, 1 << 20);
	pid_t pid = fork();
	if (pid < 0) {
		return fail(err, DIAG_SERVER, "fork: %s", strerror(errno));
	}
	if (pid == 0) {
		guard(&p, argv);
	}
	close(p.server_in[0]);
	close(p.server_out[1]);
	close(p.control[0]);
	close(p.report[1]);
	*guardian = (struct guardian){ .pid = pid,
		.control = p.control[1],
		.report = p.report[0],
		.server_in = p.server_in[1],
		.server_out = p.server_out[0] };
	return true;
}

void guardian_signal(const struct guardian *guardian, int signal)
{
	unsigned char byte = (unsigned char)signal;
	ssize_t unused = write(guardian->control, &byte, 1);
	(void)unused;
}
