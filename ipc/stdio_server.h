/*
 * A small MCP server of ours on standard input and output: the loop, both streams, the signals, and
 * what core/serve.h answers by itself. What a call does is its owner's.
 */
#ifndef BASCULE_IPC_STDIO_SERVER_H
#define BASCULE_IPC_STDIO_SERVER_H

#include "core/serve.h"
#include "ipc/stream.h"

struct stdio_server_calls {
	struct serve_offer offer;
	size_t line_cap; /* bytes of a line; a longer one gets an error without an id */
	void (*seen)(
		void *data, const struct message *m); /* each line, before it counts; or NULL */
	void (*call)(void *data, const struct message *m); /* tools/call, to be answered */
	void (*cancel)(void *data, const struct message *m); /* m->request_id is not waited for */
	void (*ended)(void *data); /* nothing more will be asked */
	void (*left)(void *data); /* nobody reads any more */
	void (*signalled)(void *data, int number); /* SIGTERM, SIGINT, SIGHUP */
};

struct stdio_server {
	uv_loop_t loop;
	struct turn turn;
	struct stream *in, *out;
	uv_timer_t clock; /* the owner's to start; its data is that of the calls */
	uv_signal_t signals[3];
	struct json_scan scan; /* of the line that is being read */
	const struct stdio_server_calls *calls;
	void *data;
};

/* `calls` is borrowed for good. False: *err says why. It is never taken apart: the process ends. */
bool stdio_server_open(struct stdio_server *s, const struct stdio_server_calls *calls, void *data,
	struct err *err);
/* The line's content is taken. */
void stdio_server_send(struct stdio_server *s, struct buf *line);
/* Answers with an error; an absent id stands for a message whose id is not known. */
void stdio_server_fail(struct stdio_server *s, struct span id, int code, const char *why);

#endif
