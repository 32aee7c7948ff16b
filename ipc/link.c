/*
 * Connecting and connecting again. Back-off doubles from 5 ms to 5 s; a launch is tried at most
 * once a second, because several gates may do so at the same time and the lock lets one broker win.
 */
#include "config.h"

#include "ipc/link.h"

#include "core/diag.h"
#include "ipc/launch.h"
#include "ipc/log.h"

#include <stdlib.h>
#include <unistd.h>

enum {
	RETRY_FIRST_MS = 5,
	RETRY_ASKED_MS = 160,
	RETRY_LAST_MS = 5000,
	LAUNCH_EVERY_MS = 1000,
	LINE_CAP = 24 << 20
};

struct link {
	uv_loop_t *loop;
	struct turn *turn;
	const struct paths *paths;
	struct link_options options;
	struct link_calls calls;
	void *data;
	struct stream *stream; /* NULL while down */
	uv_timer_t retry;
	unsigned wait_ms;
	uint64_t launched_at; /* 0: not yet */
	uint64_t up_at; /* when the last connection was made */
	bool hopeless_told, closing;
};

static void attempt(struct link *link);

static void on_retry(uv_timer_t *timer)
{
	attempt(timer->data);
}

static void retry_later(struct link *link)
{
	if (link->options.fd < 0 && !link->closing) {
		uv_timer_start(&link->retry, on_retry, link->wait_ms, 0);
		link->wait_ms = link->wait_ms * 2 > RETRY_LAST_MS ? RETRY_LAST_MS
								  : link->wait_ms * 2;
	}
}

static void on_line(void *data, struct span line)
{
	struct link *link = data;
	link->calls.on_line(link->data, line);
}

static void on_batch(void *data)
{
	struct link *link = data;
	if (link->calls.on_batch && link->stream) {
		link->calls.on_batch(link->data);
	}
}

static void go_down(struct link *link, const char *why)
{
	struct stream *stream = link->stream;
	link->stream = NULL;
	stream_destroy(stream);
	if (!link->closing) {
		if (uv_now(link->loop) - link->up_at > 1000) {
			/* one that is cut at once must not be asked in a loop */
			link->wait_ms = RETRY_FIRST_MS;
		}
		retry_later(link);
		link->calls.on_down(link->data, why);
	}
}

static void on_end(void *data)
{
	go_down(data, "the broker closed the connection");
}

static void on_over(void *data)
{
	log_line("a line of the broker is too long");
	(void)data;
}

static bool go_up(struct link *link, int fd)
{
	static const struct stream_options options = { .line_cap = LINE_CAP, .over = STREAM_SKIP };
	static const struct stream_calls calls = {
		.on_line = on_line, .on_end = on_end, .on_over = on_over, .on_batch = on_batch
	};
	struct err err;
	link->stream = stream_create(link->turn, link->loop, fd, &options, &calls, link, &err);
	if (!link->stream) {
		log_line("%s", err.text);
		close(fd);
		return false;
	}
	link->hopeless_told = false;
	link->up_at = uv_now(link->loop);
	stream_start(link->stream);
	link->calls.on_up(link->data);
	return true;
}

static void hopeless(struct link *link, const char *why)
{
	if (!link->hopeless_told) {
		link->hopeless_told = true;
		link->calls.on_hopeless(link->data, why);
	}
}

static void launch(struct link *link)
{
	struct err err;
	uint64_t now = uv_now(link->loop);
	if (link->launched_at && now < link->launched_at + LAUNCH_EVERY_MS) {
		return;
	}
	if (!link->options.launch) {
		hopeless(link, "no broker is running");
		return;
	}
	link->launched_at = now;
	/* it is there in milliseconds; the next launch is not before a second */
	link->wait_ms = RETRY_FIRST_MS;
	if (!launch_allowed(&err) || !launch_broker(link->loop, link->paths, &err)) {
		log_line("%s", err.text);
		hopeless(link, err.text);
	}
}

static void attempt(struct link *link)
{
	struct err err;
	if (link->options.fd >= 0) {
		if (!go_up(link, link->options.fd)) {
			hopeless(link, "the inherited descriptor is not a connection");
		}
		return;
	}
	char *path = link->options.socket ? xstrdup(link->options.socket)
					  : home_find(link->paths, link->options.which);
	int fd = path ? home_connect(path, &err) : -1;
	if (fd >= 0 && go_up(link, fd)) {
		free(path);
		return;
	}
	if (path && err.code == DIAG_PATHS && link->options.socket) {
		hopeless(link, err.text);
	} else if (link->options.socket) {
		hopeless(link, "no broker answers at that socket");
	} else {
		launch(link);
	}
	free(path);
	retry_later(link);
}

static void on_first(uv_timer_t *timer)
{
	attempt(timer->data);
}

struct link *link_create(uv_loop_t *loop, struct turn *turn, const struct paths *paths,
	const struct link_options *options, const struct link_calls *calls, void *data)
{
	struct link *link = xcalloc(1, sizeof(*link));
	link->loop = loop;
	link->turn = turn;
	link->paths = paths;
	link->options = *options;
	link->calls = *calls;
	link->data = data;
	link->wait_ms = RETRY_FIRST_MS;
	uv_timer_init(loop, &link->retry);
	link->retry.data = link;
	/* from the loop, so that no callback comes before we return */
	uv_timer_start(&link->retry, on_first, 0, 0);
	return link;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void link_destroy(struct link *link)
{
	if (link && !link->closing) {
		link->closing = true;
		stream_destroy(link->stream);
		link->stream = NULL;
		uv_close((uv_handle_t *)&link->retry, on_closed);
	}
}

bool link_is_up(const struct link *link)
{
	return link && link->stream;
}

void link_send(struct link *link, struct span line)
{
	if (link_is_up(link)) {
		stream_write(link->stream, line);
	}
}

void link_send_buf(struct link *link, struct buf *line)
{
	if (link_is_up(link)) {
		stream_write_buf(link->stream, line);
	} else {
		buf_finish(line);
	}
}

void link_flush(struct link *link)
{
	if (link_is_up(link)) {
		stream_flush(link->stream);
	}
}

void link_retry(struct link *link)
{
	if (!link->stream && !link->closing && link->options.fd < 0 &&
		link->wait_ms > RETRY_ASKED_MS) {
		link->wait_ms = RETRY_FIRST_MS;
		uv_timer_start(&link->retry, on_retry, 0, 0);
	}
}

void link_drop(struct link *link, const char *why)
{
	if (link_is_up(link)) {
		go_down(link, why);
	}
}
