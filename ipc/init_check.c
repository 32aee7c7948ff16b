/*
 * An agent's own look at its servers after its files were changed (`claude mcp list`): it starts
 * them, so it sees what a session will see. Its program is started with an argv, in the project,
 * with nothing to read, in a process group of its own that ends with the time limit.
 */
#include "config.h"

#include "ipc/init.h"

#include "ipc/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHECK_MS = 30000, SAID_MAX = 16384 };

/* In the child. */
static void become(const struct init *init, const struct init_agent *a, int out)
{
	const char *argv[8] = { a->program };
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	for (size_t i = 0; a->agent->check[i] && i + 2 < COUNT_OF(argv); i++) {
		argv[i + 1] = a->agent->check[i];
	}
	setpgid(0, 0);
	if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0 ||
		chdir(init->project) != 0 || setenv("HOME", init->home, 1) != 0) {
		_exit(126);
	}
	signal(SIGPIPE, SIG_DFL);
	/* POSIX's own promise: not changed */
	execv(a->program, (char *const *)(uintptr_t)argv);
	_exit(127);
}

/* Reads to the end or the limit; false: the limit. */
static bool listen_to(int fd, int64_t end, struct buf *said)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	for (;;) {
		char piece[4096];
		int64_t left = end - clock_boot_us() / 1000;
		int n = left > 0 ? poll(&p, 1, (int)left) : 0;
		if (n == 0) {
			return false;
		}
		ssize_t got = n > 0 ? read(fd, piece, sizeof(piece)) : -1;
		if (got == 0 || (got < 0 && errno != EINTR)) {
			return true;
		}
		if (got > 0 && said->len < SAID_MAX) {
			buf_add(said, piece, (size_t)got);
		}
	}
}

/* Colours that are sent to no terminal. */
static void drop_colours(struct buf *said)
{
	size_t to = 0;
	for (size_t i = 0; i < said->len; i++) {
		size_t end = i + 2;
		if (said->data[i] == '\033' && end <= said->len && said->data[i + 1] == '[') {
			while (end < said->len && strchr("0123456789;", said->data[end])) {
				end++;
			}
			if (end < said->len && said->data[end] == 'm') {
				i = end;
				continue;
			}
		}
		said->data[to++] = said->data[i];
	}
	said->len = to;
}

/* Has it ended by then? It is not asked how, so that its group's number stays its own. */
static bool ends_by(pid_t pid, int64_t end)
{
	siginfo_t info = { 0 };
	while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && !info.si_pid) {
		if (clock_boot_us() / 1000 >= end) {
			return false;
		}
		poll(NULL, 0, 10);
	}
	return true;
}

static void check_one(const struct init *init, struct init_agent *a)
{
	int64_t end = clock_boot_us() / 1000 + CHECK_MS;
	int ends[2], status = 0;
	if (pipe2(ends, O_CLOEXEC) != 0) {
		return;
	}
	pid_t pid = fork();
	if (pid == 0) {
		become(init, a, ends[1]);
	}
	close(ends[1]);
	if (pid > 0) {
		setpgid(pid, pid);
		bool ended = listen_to(ends[0], end, &a->check_said) && ends_by(pid, end);
		kill(-pid, SIGKILL); /* what it left behind, too */
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
		}
		drop_colours(&a->check_said);
		a->checked = true;
		a->check_code = !ended      ? -1
			: WIFEXITED(status) ? WEXITSTATUS(status)
					    : 128 + WTERMSIG(status);
	}
	close(ends[0]);
}

static bool was_changed(const struct init *init, const struct agent *agent)
{
	for (size_t i = 0; i < init->file_count; i++) {
		if (init->files[i].agent == agent && init->files[i].state == INIT_WRITTEN &&
			init->files[i].file->holds & AGENT_SERVERS) {
			return true;
		}
	}
	return false;
}

void init_check(struct init *init)
{
	for (size_t i = 0; i < init->agent_count; i++) {
		struct init_agent *a = &init->agents[i];
		if (a->program && a->agent->check && was_changed(init, a->agent)) {
			check_one(init, a);
		}
	}
}
