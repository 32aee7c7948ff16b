/*
 * One end of a pipe or socket on a libuv loop: lines in, queued bytes out, nothing ever blocks.
 *
 * Writes are collected during a loop turn and leave together at its end (struct turn), so that many
 * small messages cost one system call. A stream does not own its meaning: the callbacks do.
 */
#ifndef BASCULE_IPC_STREAM_H
#define BASCULE_IPC_STREAM_H

#include "core/buf.h"

#include <uv.h>

struct stream;

/* The end of a loop turn: `before` runs first (the broker commits there), then every stream with
 * output is flushed. */
struct turn {
	uv_prepare_t prepare;
	uv_check_t check;
	struct stream *dirty; /* stream.next_dirty */
	struct stream *streams; /* stream.next */
	void (*before)(void *data);
	void *data;
	/* the memory of a long line that has left, for the next one; freed when none comes */
	struct buf spare;
	uv_timer_t spare_timer;
};
bool turn_init(struct turn *turn, uv_loop_t *loop, void (*before)(void *data), void *data);
void turn_flush(struct turn *turn); /* now: before exiting */
void turn_close(struct turn *turn); /* closes the handles; they are part of *turn */

/* What to do with a line longer than the cap. */
enum stream_over {
	STREAM_SKIP, /* forget it up to its end; on_over is told once */
	/* on_over is told, then on_piece gets it piece by piece, the last with end = true */
	STREAM_PASS,
	STREAM_CUT, /* on_over is told; the owner closes */
};

struct stream_calls {
	/* A whole line without its "\n". It may call stream_take_line. Do not destroy the stream
	 * from inside but by stream_destroy, which is safe. */
	void (*on_line)(void *data, struct span line);
	void (*on_end)(void *data); /* end of input or a read error; once */
	void (*on_over)(void *data); /* may be NULL */
	void (*on_piece)(void *data, struct span piece, bool end); /* STREAM_PASS only */
	void (*on_batch)(void *data); /* all lines of one read were given; may be NULL */
	void (*on_room)(void *data); /* output fell below the low mark again; may be NULL */
};

struct stream_options {
	size_t line_cap;
	enum stream_over over;
};

/* Takes `fd` (closed in stream_destroy; not taken on failure). Sets it non-blocking; the flag is
 * put back when the last stream on that file ends. A descriptor that epoll refuses (a regular file,
 * /dev/null) is read in loop turns and written at once. */
struct stream *stream_create(struct turn *turn, uv_loop_t *loop, int fd,
	const struct stream_options *options, const struct stream_calls *calls, void *data,
	struct err *err);
/* Stops everything, no callback comes any more; memory goes in the close callback. Output that the
 * kernel does not take at once is dropped. NULL is fine. */
void stream_destroy(struct stream *s);

void stream_start(struct stream *s); /* begin or go on reading */
void stream_pause(struct stream *s); /* lines of the same read are still given */
/* gives all lines that have arrived, and the end; while paused too */
void stream_read_now(struct stream *s);
void stream_write(struct stream *s, struct span bytes); /* copied */
/* now, instead of at the end of the turn: lets the peer begin */
void stream_flush(struct stream *s);
/* Takes the content when large, else copies; *bytes is empty afterwards. */
void stream_write_buf(struct stream *s, struct buf *bytes);
/* Inside on_line only, for a line that fills most of the input buffer: hands over the buffer.
 * False: copy it. On true, *out holds the line followed by its "\n" at offset *at. */
bool stream_take_line(struct stream *s, struct buf *out, size_t *at);
/* after what is queued: shutdown, or close for a one-way pipe */
void stream_end_output(struct stream *s);

size_t stream_queued(const struct stream *s); /* bytes not yet accepted by the kernel */
bool stream_broken(const struct stream *s); /* the peer does not take output any more */
bool stream_ended(const struct stream *s); /* input is at its end */
int stream_fd(const struct stream *s);

#endif
