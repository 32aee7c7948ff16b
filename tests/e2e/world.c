/*
 * Builds and ends the world of a case. Everything lies under one scratch directory; what programs
 * say on stderr goes to files there. Ends strictly: a case that leaves a process behind has failed.
 */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

char *world_file(const char *dir, const char *name)
{
	return xasprintf("%s/%s", dir, name);
}

char *world_path(struct world *w, const char *name)
{
	bool ours = w->faulty && strncmp(name, "bascule-", 8) == 0;
	return xasprintf("%s/%s%s", w->bin, ours ? "tests/faulty/" : "", name);
}

void world_put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	size_t len = strlen(text);
	if (fd < 0 || write(fd, text, len) != (ssize_t)len) {
		perror(path);
		exit(99);
	}
	close(fd);
}

void world_get(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 0;
	do {
		out->len += (size_t)n;
		buf_room(out, 65536);
		n = fd < 0 ? 0 : read(fd, out->data + out->len, 65536);
	} while (n > 0);
	if (fd >= 0) {
		close(fd);
	}
}

void world_config(struct world *w, const char *text)
{
	char *dir = world_file(w->root, "config");
	char *path = world_file(dir, "config.ini");
	mkdir(w->root, 0700);
	mkdir(dir, 0700);
	world_put(path, text);
	free(path);
	free(dir);
}

void world_note(struct world *w, const char *who, const char *arrow, const void *bytes, size_t len)
{
	enum { SHOWN = 1500 };
	struct buf text = { 0 };
	buf_printf(&text, "%6lld %s%s ", (long long)(now_ms() - w->began_ms), who, arrow);
	buf_add(&text, bytes, len < SHOWN ? len : SHOWN);
	if (len > SHOWN) {
		buf_printf(&text, "... (%zu bytes)", len);
	}
	if (text.data[text.len - 1] != '\n') {
		buf_char(&text, '\n');
	}
	if (write(w->record, text.data, text.len) < 0) {
		perror("record");
	}
	buf_finish(&text);
}

void world_fail(struct world *w, const char *format, ...)
{
	char text[2000];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	world_note(w, "FAILED", ":", text, strlen(text));
	fprintf(stderr, "FAILED: %s\n", text);
	_exit(1);
}

int world_err_file(struct world *w, const char *name)
{
	char *path = xasprintf("%s/%u-%s.err", w->dir, w->files++, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	free(path);
	return fd;
}

bool world_err_has(struct world *w, const char *text)
{
	DIR *dir = opendir(w->dir);
	struct dirent *entry;
	bool has = false;
	while (!has && (entry = readdir(dir))) {
		size_t len = strlen(entry->d_name);
		if (len > 4 && strcmp(entry->d_name + len - 4, ".err") == 0) {
			char *path = world_file(w->dir, entry->d_name);
			struct buf said = { 0 };
			world_get(path, &said);
			has = strstr(buf_cstr(&said), text) != NULL;
			buf_finish(&said);
			free(path);
		}
	}
	closedir(dir);
	return has;
}

static void start_broker(struct world *w)
{
	char numbers[WORLD_DECIDERS][16];
	const char *argv[8 + 2 * WORLD_DECIDERS] = { world_path(w, "bascule-broker"), "broker",
		"--root", w->root };
	struct proc proc = {
		.argv = argv, .cwd = "/", .in = -1, .out = -1, .err = world_err_file(w, "broker")
	};
	size_t words = 4;
	for (int i = 0; i < WORLD_DECIDERS; i++) {
		int pair[2];
		CHECK(w, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
		w->decide[i] = pair[0];
		proc.keep[proc.keep_count++] = pair[1];
		snprintf(numbers[i], sizeof numbers[i], "%d", pair[1]);
		argv[words++] = "--decide-fd";
		argv[words++] = numbers[i];
	}
	w->broker = proc_start(&proc);
	for (size_t i = 0; i < proc.keep_count; i++) {
		close(proc.keep[i]);
	}
	close(proc.err);
}

int world_decide_fd(struct world *w)
{
	for (int i = 0; i < WORLD_DECIDERS; i++) {
		int fd = w->decide[i];
		if (fd >= 0) {
			w->decide[i] = -1;
			return fd;
		}
	}
	world_fail(w, "the case needs more than %d decision sockets", WORLD_DECIDERS);
}

void world_broker(struct world *w)
{
	start_broker(w);
	w->person = xcalloc(1, sizeof *w->person);
	person_open(w->person, w, world_decide_fd(w));
}

void world_person_leaves(struct world *w)
{
	for (int i = 0; i < WORLD_DECIDERS; i++) {
		if (w->decide[i] >= 0) {
			close(w->decide[i]);
			w->decide[i] = -1;
		}
	}
	if (w->person) {
		peer_close(&w->person->peer);
	}
	w->person = NULL;
}

void world_broker_died(struct world *w)
{
	int status;
	if (!proc_wait(w->broker, WORLD_BOUND_MS, &status)) {
		world_fail(w, "the broker lives on");
	}
	w->broker = 0;
	world_person_leaves(w);
	world_note(w, "world", ":", "the broker is dead", 18);
}

void world_broker_kill(struct world *w)
{
	kill(w->broker, SIGKILL);
	world_broker_died(w);
}

void world_adopt_broker(struct world *w)
{
	w->broker = proc_find("bascule-broker", w->root);
	CHECK(w, w->broker > 0);
}

void world_fill_disk(struct world *w, bool full)
{
	struct rlimit limit = { .rlim_cur = full ? 1 : RLIM_INFINITY, .rlim_max = RLIM_INFINITY };
	CHECK(w, prlimit(w->broker, RLIMIT_FSIZE, &limit, NULL) == 0);
}

int world_knock(struct world *w, const char *socket_name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char *lock = world_file(w->root, "state/lock");
	struct buf dir = { 0 };
	world_get(lock, &dir);
	buf_cstr(&dir)[strcspn(buf_cstr(&dir), "\n")] = '\0';
	snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", buf_cstr(&dir), socket_name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK(w, connect(fd, (struct sockaddr *)&address, sizeof address) == 0);
	return fd;
}

/* Reads to the end, then reaps. */
static int run(struct world *w, struct proc *proc, struct buf *out)
{
	int fds[2], status = 0;
	CHECK(w, pipe2(fds, O_CLOEXEC) == 0);
	proc->in = -1;
	proc->out = fds[1];
	proc->err = world_err_file(w, "run");
	pid_t pid = proc_start(proc);
	close(proc->out);
	close(proc->err);
	struct peer peer;
	peer_open(&peer, w, proc->argv[1], fds[0], fds[0]);
	peer_expect_end(&peer);
	CHECK(w, proc_wait(pid, WORLD_BOUND_MS, &status));
	for (size_t i = 0; out && i < peer.count; i++) {
		buf_add(out, peer.lines[i]->text, peer.lines[i]->len);
		buf_char(out, '\n');
	}
	if (out) {
		buf_add(out, peer.rest.data, peer.rest.len);
	}
	peer_close(&peer);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int world_run(struct world *w, const char *const *argv, const char *cwd, struct buf *out)
{
	return run(w, &(struct proc){ .argv = argv, .cwd = cwd ? cwd : w->work }, out);
}

int world_run_with(struct world *w, const char *const *argv, int fd, struct buf *out)
{
	int status = run(w,
		&(struct proc){ .argv = argv, .cwd = w->work, .keep = { fd }, .keep_count = 1 },
		out);
	close(fd);
	return status;
}

static void stop_broker(struct world *w)
{
	int status = 0;
	if (w->person) {
		person_ask(w->person, "stop", "{}");
	} else {
		kill(w->broker, SIGTERM);
	}
	if (!proc_wait(w->broker, WORLD_BOUND_MS, &status)) {
		world_fail(w, "the broker (pid %d) did not end when asked to", (int)w->broker);
	}
	w->broker = 0;
	CHECK_INT(w, status, 0);
}

void world_finish(struct world *w)
{
	struct buf who = { 0 };
	for (size_t i = 0; i < w->client_count; i++) {
		struct client *c = w->clients[i];
		if (c->peer.in >= 0) {
			client_end(c);
		} else if (!c->reaped) {
			client_wait_exit(c, WORLD_BOUND_MS);
		}
	}
	if (w->broker) {
		stop_broker(w);
	}
	world_person_leaves(w);
	if (!proc_none_left(WORLD_BOUND_MS, &who)) {
		world_fail(w, "left behind: %s", buf_cstr(&who));
	}
}
