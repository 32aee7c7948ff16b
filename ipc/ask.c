/* See ask.h. Lines that are no answers (news for consoles) are skipped. */
#include "config.h"

#include "ipc/ask.h"

#include "core/diag.h"
#include "core/json.h"
#include "core/rpc.h"
#include "ipc/home.h"
#include "ipc/launch.h"
#include "ipc/wire.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct asking {
	int fd;
	int64_t until_ms;
	struct buf in;
	size_t used; /* of in: the lines given so far */
	struct json_scan scan;
};

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool wait_for(struct asking *a, short events, struct err *err)
{
	struct pollfd p = { a->fd, events, 0 };
	int64_t left = a->until_ms - now_ms();
	if (left <= 0 || poll(&p, 1, (int)left) <= 0) {
		return fail(err, DIAG_NO_BROKER, "the broker does not answer");
	}
	return true;
}

static bool send_all(struct asking *a, struct span bytes, struct err *err)
{
	while (bytes.len) {
		ssize_t n = send(a->fd, bytes.at, bytes.len, MSG_NOSIGNAL);
		if (n < 0 && (errno == EPIPE || errno == ECONNRESET)) {
			return true; /* turned away: what it says about it is there to be read */
		}
		if (n < 0 && errno != EAGAIN && errno != EINTR) {
			return fail(
				err, DIAG_NO_BROKER, "the broker went away: %s", strerror(errno));
		}
		if (n < 0 && !wait_for(a, POLLOUT, err)) {
			return false;
		}
		if (n > 0) {
			bytes.at += n;
			bytes.len -= (size_t)n;
		}
	}
	return true;
}

static bool next_line(struct asking *a, struct span *line, struct err *err)
{
	buf_drop(&a->in, a->used);
	a->used = 0;
	for (;;) {
		char *end = a->in.len ? memchr(a->in.data, '\n', a->in.len) : NULL;
		if (end) {
			*line = (struct span){ a->in.data, (size_t)(end - a->in.data) };
			a->used = line->len + 1;
			return true;
		}
		if (!wait_for(a, POLLIN, err)) {
			return false;
		}
		buf_room(&a->in, 64 << 10);
		ssize_t n = read(a->fd, a->in.data + a->in.len, a->in.cap - a->in.len);
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
			return fail(err, DIAG_NO_BROKER, "the broker closed the connection");
		}
		a->in.len += n > 0 ? (size_t)n : 0;
	}
}

static bool read_error(struct span error, struct err *err)
{
	struct span message;
	char *text = json_type(error) == JSON_OBJECT && json_member(error, "message", &message)
		? json_strdup(message)
		: NULL;
	fail(err, DIAG_REFUSED_PEER, "%s", text ? text : "the broker refused");
	free(text);
	return false;
}

/* The answer to `id`: its result, or false with the error's words. */
static bool await(struct asking *a, const char *id, struct buf *result, struct err *err)
{
	struct span line;
	while (next_line(a, &line, err)) {
		struct span answer = { 0 }, error = { 0 }, of = { 0 };
		if (!json_validate(&a->scan, line, JSON_STRICT)) {
			return fail(err, DIAG_BAD_MESSAGE, "the broker's answer is not understood");
		}
		if (json_member(a->scan.value, "id", &of) && json_is(of, id)) {
			if (json_member(a->scan.value, "error", &error)) {
				return read_error(error, err);
			}
			if (json_member(a->scan.value, "result", &answer)) {
				buf_clear(result);
				buf_span(result, answer);
				return true;
			}
		}
	}
	return false;
}

static int find(const struct paths *paths, bool launch, struct err *err)
{
	int64_t until = now_ms() + ASK_MS;
	bool launched = false;
	for (;;) {
		char *path = home_find(paths, HOME_DECISIONS);
		int fd = path ? home_connect(path, err) : -1;
		free(path);
		if (fd >= 0 || !launch || now_ms() > until) {
			if (fd < 0) {
				fail(err, DIAG_NO_BROKER, "no broker is running");
			}
			return fd;
		}
		if (!launched) {
			uv_loop_t loop;
			launched = true;
			uv_loop_init(&loop);
			bool ok = launch_allowed(err) && launch_broker(&loop, paths, err);
			uv_run(&loop, UV_RUN_DEFAULT);
			uv_loop_close(&loop);
			if (!ok) {
				return -1;
			}
		}
		poll(NULL, 0, 5);
	}
}

bool ask_connected(int fd, int ms, const char *method, struct span params, struct buf *hello,
	struct buf *result, struct err *err)
{
	struct asking a = { .fd = fd, .until_ms = now_ms() + ms };
	struct buf lines = { 0 };
	rpc_line(&lines, SPAN("\"hello\""), "hello",
		SPAN("{\"protocol\":\"" WIRE_PROTOCOL
		     "\",\"role\":\"tool\",\"version\":\"" PACKAGE_VERSION "\"}"));
	rpc_line(&lines, SPAN("\"ask\""), method, params);
	bool ok = send_all(&a, buf_view(&lines), err) && await(&a, "hello", hello, err) &&
		await(&a, "ask", result, err);
	buf_finish(&lines);
	buf_finish(&a.in);
	json_finish(&a.scan);
	return ok;
}

bool ask_again(
	int fd, int ms, const char *method, struct span params, struct buf *result, struct err *err)
{
	struct asking a = { .fd = fd, .until_ms = now_ms() + ms };
	struct buf line = { 0 };
	rpc_line(&line, SPAN("\"ask\""), method, params);
	bool ok = send_all(&a, buf_view(&line), err) && await(&a, "ask", result, err);
	buf_finish(&line);
	buf_finish(&a.in);
	json_finish(&a.scan);
	return ok;
}

bool ask_broker(const struct paths *paths, int fd, bool launch, int ms, const char *method,
	struct span params, struct buf *result, struct err *err)
{
	int found = fd >= 0 ? fd : find(paths, launch, err);
	struct buf hello = { 0 };
	bool ok = found >= 0 &&
		ask_connected(found, ms ? ms : ASK_MS, method, params, &hello, result, err);
	if (fd < 0 && found >= 0) {
		close(found);
	}
	buf_finish(&hello);
	return ok;
}
