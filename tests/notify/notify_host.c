/*
 * Stands in for the broker: drives ipc/notify.c on a loop of its own, by lines on stdin.
 *
 *   hold N RISK SERVER TOOL    a call was held, N wait now (TOOL may hold spaces)
 *   burst N RISK SERVER TOOL   the same N times, counting up to N
 *   count N                    the number changed
 *   mute 0|1
 *   cadence 0|1                runs a 10 ms timer; at 0 prints "gap MS", its longest pause
 *
 * Each is answered by "done". At the end of stdin it destroys the notifier, runs the loop dry,
 * requires that every handle was closed, and prints "closed". A line of the log is printed as
 * "log ...".
 *
 * usage: notify_host PROGRAM BUS [none|count|tool]
 */
#include "config.h"

#include "core/buf.h"
#include "ipc/log.h"
#include "ipc/notify.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct host {
	uv_loop_t loop;
	uv_pipe_t input;
	uv_timer_t cadence;
	uint64_t last, longest; /* ns */
	struct notify *notify;
	struct buf in;
	char chunk[4096];
};

void log_line(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fputs("log ", stdout);
	vprintf(format, args);
	putchar('\n');
	va_end(args);
}

static void on_cadence(uv_timer_t *timer)
{
	struct host *host = timer->data;
	uint64_t now = uv_hrtime();
	if (host->last && now - host->last > host->longest) {
		host->longest = now - host->last;
	}
	host->last = now;
}

static void set_cadence(struct host *host, bool on)
{
	if (on) {
		host->last = host->longest = 0;
		uv_timer_start(&host->cadence, on_cadence, 10, 10);
	} else {
		uv_timer_stop(&host->cadence);
		printf("gap %llu\n", (unsigned long long)(host->longest / 1000000));
	}
}

static void obey(struct host *host, char *line)
{
	char word[16], risk[16], server[64];
	unsigned number = 0;
	int tool_at = 0;
	int got = sscanf(line, "%15s %u %15s %63s %n", word, &number, risk, server, &tool_at);
	if (got == 4 && tool_at > 0) {
		struct span tool = span_of(line + tool_at);
		for (unsigned i = strcmp(word, "burst") == 0 ? 1 : number; i <= number; i++) {
			notify_waiting(host->notify, i, tool, span_of(server), risk);
		}
	} else if (got == 2 && strcmp(word, "count") == 0) {
		notify_waiting(host->notify, number, span_of(NULL), span_of(NULL), NULL);
	} else if (got == 2 && strcmp(word, "mute") == 0) {
		notify_mute(host->notify, number);
	} else if (got == 2 && strcmp(word, "cadence") == 0) {
		set_cadence(host, number);
	} else {
		puts("what?");
		return;
	}
	puts("done");
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
	struct host *host = handle->data;
	(void)suggested;
	*room = uv_buf_init(host->chunk, sizeof(host->chunk));
}

static void on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *room)
{
	struct host *host = stream->data;
	char *end;
	if (got < 0) {
		notify_destroy(host->notify);
		uv_close((uv_handle_t *)&host->input, NULL);
		uv_close((uv_handle_t *)&host->cadence, NULL);
		return;
	}
	buf_add(&host->in, room->base, (size_t)got);
	while (host->in.len && (end = memchr(host->in.data, '\n', host->in.len))) {
		*end = '\0';
		obey(host, host->in.data);
		buf_drop(&host->in, (size_t)(end - host->in.data) + 1);
	}
}

int main(int argc, char **argv)
{
	struct host host = { .last = 0 };
	int64_t detail = DETAIL_TOOL;
	if (argc < 3 || argc > 4 ||
		(argc == 4 &&
			!option_parse(OPTION_NOTIFY_DETAIL, span_of(argv[3]), &detail, NULL))) {
		fputs("usage: notify_host PROGRAM BUS [none|count|tool]\n", stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	uv_loop_init(&host.loop);
	uv_pipe_init(&host.loop, &host.input, 0);
	uv_timer_init(&host.loop, &host.cadence);
	host.input.data = host.cadence.data = &host;
	host.notify = notify_create(&host.loop, argv[1], argv[2], (enum option_detail)detail);
	if (uv_pipe_open(&host.input, 0) != 0 ||
		uv_read_start((uv_stream_t *)&host.input, on_alloc, on_read) != 0) {
		fputs("notify_host: stdin is no pipe\n", stderr);
		return 2;
	}
	uv_run(&host.loop, UV_RUN_DEFAULT);
	buf_finish(&host.in);
	if (uv_loop_close(&host.loop) != 0) {
		puts("handles are left");
		return 1;
	}
	puts("closed");
	return 0;
}
