/*
 * Starting and observing processes. Waiting is by pidfd and poll, never by sleeping; reading is
 * from /proc. The runner makes the test a subreaper, so that whatever a program under test leaves
 * behind becomes the test's child and shows.
 */
#include "config.h"

#include "tests/e2e/procs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void put_at(int fd, int number)
{
	if (fd < 0) {
		fd = open("/dev/null", O_RDWR);
	}
	if (fd == number) {
		fcntl(fd, F_SETFD, 0);
	} else if (dup2(fd, number) < 0) {
		_exit(126);
	}
}

/* The standard descriptors may be given in any order, so they are first moved out of the way. */
static void become(const struct proc *proc)
{
	int given[3] = { proc->in, proc->out, proc->err };
	for (int i = 0; i < 3; i++) {
		if (given[i] >= 0 && given[i] < 3) {
			given[i] = fcntl(given[i], F_DUPFD_CLOEXEC, 64);
		}
	}
	for (int i = 0; i < 3; i++) {
		put_at(given[i], i);
	}
	for (size_t i = 0; i < proc->keep_count; i++) {
		fcntl(proc->keep[i], F_SETFD, 0);
	}
	signal(SIGPIPE, SIG_DFL);
	if (proc->cwd && chdir(proc->cwd) < 0) {
		_exit(126);
	}
	execvp(proc->argv[0], (char *const *)(uintptr_t)proc->argv);
	_exit(127);
}

pid_t proc_start(const struct proc *proc)
{
	pid_t pid = fork();
	if (pid == 0) {
		become(proc);
	}
	return pid;
}

static bool wait_fd(pid_t pid, int ms)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (fd < 0) {
		return errno == ESRCH;
	}
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t end = now_ms() + ms;
	int n;
	do {
		int64_t left = end - now_ms();
		n = poll(&p, 1, left > 0 ? (int)left : 0);
	} while (n < 0 && errno == EINTR);
	close(fd);
	return n == 1;
}

bool proc_wait(pid_t pid, int ms, int *status)
{
	return wait_fd(pid, ms) && waitpid(pid, status, 0) == pid;
}

bool proc_gone(pid_t pid, int ms)
{
	return wait_fd(pid, ms);
}

/* Calls `each` for every process until it returns false. */
static void each_process(bool (*each)(pid_t pid, void *data), void *data)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	while (dir && (entry = readdir(dir))) {
		pid_t pid = (pid_t)atoi(entry->d_name);
		if (pid > 0 && !each(pid, data)) {
			break;
		}
	}
	if (dir) {
		closedir(dir);
	}
}

struct kin {
	pid_t parent;
	pid_t *out;
	size_t count, cap;
};

static bool note_child(pid_t pid, void *data)
{
	struct kin *kin = data;
	if (proc_figure(pid, "status", "PPid") == kin->parent && kin->count < kin->cap) {
		kin->out[kin->count++] = pid;
	}
	return true;
}

size_t proc_children(pid_t parent, pid_t *out, size_t cap)
{
	struct kin kin = { parent, out, 0, cap };
	each_process(note_child, &kin);
	return kin.count;
}

static bool read_proc(pid_t pid, const char *file, struct buf *out)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		return false;
	}
	ssize_t n;
	do {
		buf_room(out, 4096);
		n = read(fd, out->data + out->len, 4096);
		out->len += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	close(fd);
	return n == 0;
}

void proc_command(pid_t pid, struct buf *out)
{
	size_t from = out->len;
	read_proc(pid, "cmdline", out);
	for (size_t i = from; i + 1 < out->len; i++) {
		if (out->data[i] == '\0') {
			out->data[i] = ' ';
		}
	}
}

struct hunt {
	const char *one, *other;
	pid_t first;
	size_t count;
};

static bool note_match(pid_t pid, void *data)
{
	struct hunt *hunt = data;
	struct buf command = { 0 };
	proc_command(pid, &command);
	const char *text = buf_cstr(&command);
	if (strstr(text, hunt->one) && strstr(text, hunt->other)) {
		hunt->first = hunt->first ? hunt->first : pid;
		hunt->count++;
	}
	buf_finish(&command);
	return true;
}

pid_t proc_find(const char *one, const char *other)
{
	struct hunt hunt = { one, other, 0, 0 };
	each_process(note_match, &hunt);
	return hunt.first;
}

size_t proc_count(const char *one, const char *other)
{
	struct hunt hunt = { one, other, 0, 0 };
	each_process(note_match, &hunt);
	return hunt.count;
}

int64_t proc_figure(pid_t pid, const char *file, const char *key)
{
	struct buf text = { 0 };
	int64_t figure = -1;
	size_t len = strlen(key);
	read_proc(pid, file, &text);
	for (char *at = buf_cstr(&text); at; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (strncmp(at, key, len) == 0 && at[len] == ':') {
			figure = strtoll(at + len + 1, NULL, 10);
			break;
		}
	}
	buf_finish(&text);
	return figure;
}

bool proc_none_left(int ms, struct buf *who)
{
	int64_t end = now_ms() + ms;
	for (;;) {
		pid_t pid;
		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
		}
		if (pid < 0 && errno == ECHILD) {
			return true;
		}
		pid_t child[1];
		if (proc_children(getpid(), child, 1) &&
			!wait_fd(child[0], (int)(end - now_ms()))) {
			buf_printf(who, "%d: ", (int)child[0]);
			proc_command(child[0], who);
			return false;
		}
	}
}

void proc_kill_rest(void)
{
	pid_t child[64];
	size_t count;
	while ((count = proc_children(getpid(), child, COUNT_OF(child))) > 0) {
		for (size_t i = 0; i < count; i++) {
			kill(child[i], SIGKILL);
			waitpid(child[i], NULL, 0);
		}
	}
}
