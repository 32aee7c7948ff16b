/*
 * Waiting: for lines of gates and broker, for signals, for the next call of the script; always with
 * a bound. A poll loop of its own suits a program that does one thing after another; nothing in
 * here knows what the lines mean.
 */
#include "config.h"

#include "ipc/demo.h"

#include "core/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { POLL_MAX_MS = 60000 };

int64_t demo_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool demo_pair(int pair[2], bool socket, struct err *err)
{
	int failed = socket ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)
			    : pipe2(pair, O_CLOEXEC);
	return failed == 0 ||
		fail(err, DIAG_NONE, "%s: %s", socket ? "socketpair" : "pipe", strerror(errno));
}

void demo_close(int *fd)
{
	if (*fd >= 0) {
		close(*fd);
		*fd = -1;
	}
}

bool demo_write(int fd, struct span bytes)
{
	while (fd >= 0 && bytes.len) {
		ssize_t n = write(fd, bytes.at, bytes.len);
		if (n < 0 && errno != EINTR) {
			return false;
		}
		bytes.at += n > 0 ? n : 0;
		bytes.len -= n > 0 ? (size_t)n : 0;
	}
	return fd >= 0;
}

void demo_read(struct demo *d, struct demo_input *input,
	void (*line)(struct demo *d, void *data, struct span text), void *data)
{
	buf_room(&input->bytes, 64 << 10);
	struct buf *in = &input->bytes;
	ssize_t n = read(input->fd, in->data + in->len, in->cap - in->len);
	size_t used = 0;
	if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN) || in->len > DEMO_LINE_CAP) {
		demo_close(&input->fd);
		return;
	}
	in->len += n > 0 ? (size_t)n : 0;
	for (char *end; (end = memchr(in->data + used, '\n', in->len - used));
		used = (size_t)(end - in->data) + 1) {
		line(d, data, (struct span){ in->data + used, (size_t)(end - in->data) - used });
	}
	buf_drop(in, used);
}

static void read_signals(struct demo *d)
{
	struct signalfd_siginfo info;
	while (read(d->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo != SIGCHLD && !d->stop_signal) {
			d->stop_signal = (int)info.ssi_signo;
		}
	}
	demo_reap(d);
}

void demo_turn(struct demo *d, int64_t until_ms)
{
	struct pollfd p[2 + DEMO_SERVERS] = { { d->signals, POLLIN, 0 },
		{ d->wire.from.fd, POLLIN, 0 } };
	int64_t next = demo_client_due(d),
		wait = (next && next < until_ms ? next : until_ms) - demo_now();
	for (size_t i = 0; i < DEMO_SERVERS; i++) {
		p[2 + i] = (struct pollfd){ d->gates[i].from.fd, POLLIN, 0 };
	}
	wait = wait < 0 ? 0 : wait > POLL_MAX_MS ? POLL_MAX_MS : wait;
	if (poll(p, COUNT_OF(p), (int)wait) <= 0) {
		return;
	}
	if (p[0].revents) {
		read_signals(d);
	}
	if (p[1].revents) {
		demo_read(d, &d->wire.from, demo_wire_line, NULL);
	}
	for (size_t i = 0; i < DEMO_SERVERS; i++) {
		if (p[2 + i].revents) {
			demo_read(d, &d->gates[i].from, demo_client_line, &d->gates[i]);
		}
	}
}

bool demo_until(struct demo *d, bool (*met)(const struct demo *d, const void *data),
	const void *data, int64_t ms)
{
	int64_t until = ms < 0 ? INT64_MAX : demo_now() + ms;
	if (d->ends_ms && d->ends_ms < until && !d->ending) {
		until = d->ends_ms;
	}
	while (!met(d, data)) {
		if (demo_now() >= until || (d->stop_signal && !d->ending)) {
			return false;
		}
		demo_turn(d, until);
	}
	return true;
}
