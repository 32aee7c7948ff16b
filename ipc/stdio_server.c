/*
 * Lines in, lines out. Called by permission_main.c and policy_serve.c.
 */
#include "config.h"

#include "ipc/stdio_server.h"

#include "core/refusal.h"

#include <signal.h>
#include <unistd.h>

void stdio_server_send(struct stdio_server *s, struct buf *line)
{
	stream_write_buf(s->out, line);
}

void stdio_server_fail(struct stdio_server *s, struct span id, int code, const char *why)
{
	struct buf line = { 0 };
	refusal_error(&line, id, code, why);
	stdio_server_send(s, &line);
}

static void on_line(void *data, struct span line)
{
	struct stdio_server *s = data;
	struct message m;
	struct buf out = { 0 };
	message_parse(&m, &s->scan, line, METHOD_CLIENT);
	if (s->calls->seen) {
		s->calls->seen(s->data, &m);
	}
	enum serve_next next = serve_line(&s->calls->offer, &s->scan, &m, &out);
	if (out.len) {
		stdio_server_send(s, &out);
	}
	if (next == SERVE_CALL) {
		s->calls->call(s->data, &m);
	} else if (next == SERVE_CANCEL) {
		s->calls->cancel(s->data, &m);
	}
}

static void on_over_cap(void *data)
{
	stdio_server_fail(data, (struct span){ 0 }, RPC_INVALID, "the message is too long");
}

static void on_end(void *data)
{
	struct stdio_server *s = data;
	s->calls->ended(s->data);
}

static void on_nobody(void *data)
{
	struct stdio_server *s = data;
	s->calls->left(s->data);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct stdio_server *s = handle->data;
	s->calls->signalled(s->data, number);
}

bool stdio_server_open(
	struct stdio_server *s, const struct stdio_server_calls *calls, void *data, struct err *err)
{
	static const struct stream_calls in = { .on_line = on_line,
		.on_end = on_end,
		.on_over = on_over_cap },
					 out = { .on_end = on_nobody };
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };
	const struct stream_options lines = { calls->line_cap, STREAM_SKIP },
				    none = { 0, STREAM_SKIP };
	s->calls = calls;
	s->data = data;
	uv_loop_init(&s->loop);
	turn_init(&s->turn, &s->loop, NULL, NULL);
	uv_timer_init(&s->loop, &s->clock);
	s->clock.data = data;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		uv_signal_init(&s->loop, &s->signals[i]);
		s->signals[i].data = s;
		uv_signal_start(&s->signals[i], on_signal, numbers[i]);
	}
	s->in = stream_create(&s->turn, &s->loop, STDIN_FILENO, &lines, &in, s, err);
	s->out = s->in ? stream_create(&s->turn, &s->loop, STDOUT_FILENO, &none, &out, s, err)
		       : NULL;
	if (s->out) {
		stream_start(s->in);
	}
	return s->out != NULL;
}
