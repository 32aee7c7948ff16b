/*
 * Tries one thing and says by its exit status whether that was possible: 0 yes, 13 no. Run inside
 * of a sandbox and outside, by test_contain.c. Leaves by _exit: a sanitizer's last look at memory
 * would itself be one of the things that are refused.
 */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NO = 13, USAGE = 2 };

static bool opens(const char *path, int flags)
{
	char byte;
	int fd = open(path, flags | O_CLOEXEC, 0600);
	return fd >= 0 && ((flags & (O_WRONLY | O_RDWR)) || read(fd, &byte, 1) == 1);
}

static bool do_read(char **a)
{
	return opens(a[0], O_RDONLY);
}

static bool do_append(char **a)
{
	return opens(a[0], O_WRONLY | O_APPEND);
}

/* What it makes it takes away again. */
static bool do_create(char **a)
{
	return opens(a[0], O_WRONLY | O_CREAT | O_EXCL) && unlink(a[0]) == 0;
}

static bool do_empty(char **a)
{
	return truncate(a[0], 1) == 0;
}

static bool do_rename(char **a)
{
	return rename(a[0], a[1]) == 0 && rename(a[1], a[0]) == 0;
}

static bool do_list(char **a)
{
	DIR *dir = opendir(a[0]);
	const struct dirent *entry;
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] != '.') {
			return true;
		}
	}
	return false;
}

static bool connects(const char *path, bool abstract)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t n = strlen(path);
	if (n + 1 >= sizeof(to.sun_path)) {
		return false;
	}
	memcpy(to.sun_path + abstract, path, n);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + 1);
	return fd >= 0 && connect(fd, (struct sockaddr *)&to, len) == 0;
}

static bool do_connect(char **a)
{
	return connects(a[0], false);
}

static bool do_abstract(char **a)
{
	return connects(a[0], true);
}

static struct sockaddr_in loopback(int port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
}

static bool do_tcp(char **a)
{
	struct sockaddr_in to = loopback(atoi(a[0]));
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	return fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0;
}

/* A server and a client, both in here. */
static bool do_loopback(char **a)
{
	struct sockaddr_in at = loopback(0);
	socklen_t len = sizeof(at);
	int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
	(void)a;
	return bind(server, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(server, 1) == 0 &&
		getsockname(server, (struct sockaddr *)&at, &len) == 0 &&
		connect(client, (struct sockaddr *)&at, sizeof(at)) == 0;
}

static bool do_process(char **a)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/environ", atoi(a[0]));
	return kill(atoi(a[0]), 0) == 0 && opens(path, O_RDONLY);
}

static bool do_ptrace(char **a)
{
	(void)a;
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static bool do_peek(char **a)
{
	char from = 1, to = 0;
	struct iovec local = { &to, 1 }, remote = { &from, 1 };
	(void)a;
	return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == 1;
}

static bool do_namespace(char **a)
{
	(void)a;
	return unshare(CLONE_NEWUSER) == 0;
}

static bool do_clone_namespace(char **a)
{
	(void)a;
	long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL);
	if (pid == 0) {
		_exit(0);
	}
	return pid > 0;
}

static bool do_keys(char **a)
{
	(void)a;
	return syscall(SYS_keyctl, 0 /* the number of a ring */, -3 /* the session's */, 1) >= 0;
}

static bool do_io_uring(char **a)
{
	unsigned char params[120] = { 0 };
	(void)a;
	return syscall(425 /* io_uring_setup */, 1, params) >= 0;
}

/* Into a terminal of its own. */
static bool do_type(char **a)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	char byte = 'x';
	(void)a;
	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) {
		return false;
	}
	int fd = open(ptsname(master), O_RDWR | O_NOCTTY);
	return fd >= 0 && ioctl(fd, TIOCSTI, &byte) == 0;
}

static bool do_privileges(char **a)
{
	(void)a;
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0;
}

static bool do_env(char **a)
{
	return getenv(a[0]) != NULL;
}

static bool do_scratch(char **a)
{
	char path[300];
	(void)a;
	snprintf(path, sizeof(path), "%s/made", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	return opens(path, O_WRONLY | O_CREAT);
}

static bool do_fill(char **a)
{
	size_t bytes = (size_t)atoi(a[0]) << 20;
	char *block = malloc(bytes);
	if (block) {
		memset(block, 1, bytes);
	}
	return block != NULL;
}

static bool do_fork(char **a)
{
	int wanted = atoi(a[0]), made = 0;
	for (; made < wanted; made++) {
		pid_t pid = fork();
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			pause();
			_exit(0);
		}
		if (pid < 0) {
			break;
		}
	}
	return made == wanted;
}

/* A signal to everybody in the process group; who tries it looks whether it came. */
static bool do_group(char **a)
{
	(void)a;
	signal(SIGUSR2, SIG_IGN);
	return kill(0, SIGUSR2) == 0;
}

static void on_signal(int number)
{
	_exit(100 + number);
}

/* Says that it runs, holds a lock on the file, and waits for a signal. */
static bool do_hold(char **a)
{
	int fd = open(a[0], O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	signal(SIGUSR1, on_signal);
	signal(SIGTERM, on_signal);
	if (fd < 0 || flock(fd, LOCK_EX) != 0 || write(1, "held\n", 5) != 5) {
		return false;
	}
	while (true) {
		pause();
	}
}

static const struct {
	const char *name;
	bool (*tried)(char **arguments);
	int arguments;
} things[] = {
	{ "read", do_read, 1 },
	{ "append", do_append, 1 },
	{ "create", do_create, 1 },
	{ "empty", do_empty, 1 },
	{ "rename", do_rename, 2 },
	{ "list", do_list, 1 },
	{ "connect", do_connect, 1 },
	{ "abstract", do_abstract, 1 },
	{ "tcp", do_tcp, 1 },
	{ "loopback", do_loopback, 0 },
	{ "process", do_process, 1 },
	{ "ptrace", do_ptrace, 0 },
	{ "peek", do_peek, 0 },
	{ "namespace", do_namespace, 0 },
	{ "clone-namespace", do_clone_namespace, 0 },
	{ "keys", do_keys, 0 },
	{ "io-uring", do_io_uring, 0 },
	{ "type", do_type, 0 },
	{ "privileges", do_privileges, 0 },
	{ "env", do_env, 1 },
	{ "scratch", do_scratch, 0 },
	{ "fill", do_fill, 1 },
	{ "fork", do_fork, 1 },
	{ "group", do_group, 0 },
	{ "hold", do_hold, 1 },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(things) / sizeof(things[0]); i++) {
		if (strcmp(argv[1], things[i].name) == 0 && argc - 2 == things[i].arguments) {
			_exit(things[i].tried(argv + 2) ? 0 : NO);
		}
	}
	_exit(USAGE);
}
