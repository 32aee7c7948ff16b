/*
 * Processes that the demo starts: each with an argv, nothing inherited but what is named, told to
 * end when the demo dies however it dies, and with a bounded end of its own.
 *
 * Background children leave the terminal's process group, so that ^C and ^Z in the console's
 * terminal are the demo's affair alone: it ends them in their order.
 */
#include "config.h"

#include "ipc/demo.h"

#include "core/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void become(const struct demo_spawn *how, pid_t parent)
{
	const int wanted[] = { how->in, how->out, how->err };
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (!how->foreground) {
		setpgid(0, 0);
	}
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd <= 2; fd++) {
		if (dup2(wanted[fd] >= 0 ? wanted[fd] : null, fd) < 0) {
			_exit(126);
		}
	}
	for (size_t i = 0; i < COUNT_OF(how->keep); i++) {
		if (how->keep[i] >= 0) {
			fcntl(how->keep[i], F_SETFD, 0);
		}
	}
	if (getppid() != parent) {
		_exit(1); /* it died before the kernel was asked to tell us */
	}
	if (how->env) {
		execvpe(how->argv[0], how->argv, how->env);
	} else {
		execv(how->argv[0], how->argv);
	}
	fprintf(stderr, "bascule demo: cannot start %s: %s\n", how->argv[0], strerror(errno));
	_exit(127);
}

bool demo_spawn(struct demo_child *child, const struct demo_spawn *how, struct err *err)
{
	pid_t parent = getpid(), pid = fork();
	if (pid < 0) {
		return fail(err, DIAG_NONE, "fork: %s", strerror(errno));
	}
	if (pid == 0) {
		become(how, parent);
	}
	*child = (struct demo_child){ .pid = pid };
	return true;
}

/* A stopped console means ^Z: stop with it, so that the shell gets its terminal back, and go on
 * with it. */
static void stop_along(struct demo_child *console)
{
	raise(SIGTSTP);
	kill(console->pid, SIGCONT);
}

static void look(struct demo *d, struct demo_child *child)
{
	int status;
	if (!child->pid || waitpid(child->pid, &status, WNOHANG | WUNTRACED) != child->pid) {
		return;
	}
	if (!WIFSTOPPED(status)) {
		*child = (struct demo_child){ .status = status };
	} else if (child == &d->console && !d->ending) {
		stop_along(child);
	}
}

void demo_reap(struct demo *d)
{
	look(d, &d->broker);
	look(d, &d->console);
	look(d, &d->helper);
	for (size_t i = 0; i < DEMO_SERVERS; i++) {
		look(d, &d->gates[i].child);
	}
}

static bool has_ended(const struct demo *d, const void *data)
{
	const struct demo_child *child = data;
	(void)d;
	return !child->pid;
}

void demo_end_child(struct demo *d, struct demo_child *child, int signal, int64_t ms)
{
	demo_reap(d);
	if (!child->pid) {
		return;
	}
	if (signal) {
		kill(child->pid, signal);
		kill(child->pid, SIGCONT);
	}
	bool ending = d->ending;
	d->ending = true;
	if (!demo_until(d, has_ended, child, ms)) {
		kill(child->pid, SIGKILL);
		while (waitpid(child->pid, &child->status, 0) < 0 && errno == EINTR) {
		}
		child->pid = 0;
	}
	d->ending = ending;
}

/* Until the end of its output. */
static bool collect(int fd, struct buf *out)
{
	int64_t until = demo_now() + DEMO_STEP_MS;
	for (;;) {
		struct pollfd p = { fd, POLLIN, 0 };
		int64_t left = until - demo_now();
		if (left <= 0 || out->len > DEMO_LINE_CAP ||
			(poll(&p, 1, (int)left) <= 0 && errno != EINTR)) {
			return false;
		}
		buf_room(out, 16 << 10);
		ssize_t n = read(fd, out->data + out->len, out->cap - out->len);
		if (n == 0 || (n < 0 && errno != EINTR)) {
			return n == 0;
		}
		out->len += n > 0 ? (size_t)n : 0;
	}
}

bool demo_run(struct demo *d, char *const *argv, char *const *env, struct buf *out, struct err *err)
{
	struct buf unused = { 0 };
	int pipe[2];
	if (!demo_pair(pipe, false, err)) {
		return false;
	}
	struct demo_spawn how = { .argv = argv,
		.env = env,
		.in = -1,
		.out = pipe[1],
		.err = d->noise,
		.keep = { -1, -1 } };
	bool ok = demo_spawn(&d->helper, &how, err);
	demo_close(&pipe[1]);
	if (ok) {
		ok = collect(pipe[0], out ? out : &unused);
		demo_end_child(d, &d->helper, ok ? 0 : SIGTERM, DEMO_STEP_MS);
		if (!ok || d->helper.status) {
			ok = fail(err, DIAG_NONE, "%s %s: did not end well", argv[0],
				argv[1] ? argv[1] : "");
		}
	}
	demo_close(&pipe[0]);
	buf_finish(&unused);
	return ok;
}
