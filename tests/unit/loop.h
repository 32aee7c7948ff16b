/* A loop for tests of streams: runs until something is true, at most twenty seconds; and an ear
 * that notes what it hears. */
#ifndef BASCULE_TESTS_LOOP_H
#define BASCULE_TESTS_LOOP_H

#include "ipc/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { LOOP_TICK_MS = 5, LOOP_TICKS = 20000 / LOOP_TICK_MS };

struct loop {
	uv_loop_t uv;
	struct turn turn;
	/* ticks, so that no condition is waited for longer than a tick after it came true */
	uv_timer_t guard;
	unsigned ticks;
	unsigned turns; /* how often `before` ran */
};

static inline void loop_on_tick(uv_timer_t *timer)
{
	((struct loop *)timer->data)->ticks++;
}

static inline void loop_before(void *data)
{
	((struct loop *)data)->turns++;
}

static inline void loop_start(struct loop *l)
{
	memset(l, 0, sizeof(*l));
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(uv_loop_init(&l->uv), 0);
	turn_init(&l->turn, &l->uv, loop_before, l);
	uv_timer_init(&l->uv, &l->guard);
	l->guard.data = l;
	uv_timer_start(&l->guard, loop_on_tick, LOOP_TICK_MS, LOOP_TICK_MS);
	uv_unref((uv_handle_t *)&l->guard);
}

/* Everything must have been closed: what is left over is a leak. */
static inline void loop_finish(struct loop *l)
{
	turn_close(&l->turn);
	uv_close((uv_handle_t *)&l->guard, NULL);
	uv_run(&l->uv, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&l->uv), 0);
}

#define LOOP_UNTIL(l, condition) \
	do { \
		(l)->ticks = 0; \
		while (!(condition)) { \
			uv_ref((uv_handle_t *)&(l)->guard); \
			uv_run(&(l)->uv, UV_RUN_ONCE); \
			uv_unref((uv_handle_t *)&(l)->guard); \
			assert_true((l)->ticks < LOOP_TICKS); \
		} \
	} while (0)

/* Whatever is ready now. */
static inline void loop_settle(struct loop *l)
{
	uv_ref((uv_handle_t *)&l->guard);
	for (int i = 0; i < 5; i++) {
		uv_run(&l->uv, UV_RUN_NOWAIT);
	}
	uv_unref((uv_handle_t *)&l->guard);
}

struct ear {
	struct stream *stream;
	struct buf text; /* lines and pieces; a line is followed by "|" */
	unsigned lines, ends, overs, pieces, last_pieces, batches, rooms;
	void (*hook)(struct ear *ear); /* called last in each callback */
	const char *hook_at; /* if set: in this callback only */
	void *data;
};

static inline void ear_hook(struct ear *e, const char *where)
{
	if (e->hook && (!e->hook_at || strcmp(e->hook_at, where) == 0)) {
		e->hook(e);
	}
}

static inline void ear_line(void *data, struct span line)
{
	struct ear *e = data;
	buf_span(&e->text, line);
	buf_char(&e->text, '|');
	e->lines++;
	ear_hook(e, "line");
}

static inline void ear_end(void *data)
{
	struct ear *e = data;
	e->ends++;
	ear_hook(e, "end");
}

static inline void ear_over(void *data)
{
	struct ear *e = data;
	e->overs++;
	ear_hook(e, "over");
}

static inline void ear_piece(void *data, struct span piece, bool end)
{
	struct ear *e = data;
	buf_span(&e->text, piece);
	e->pieces++;
	e->last_pieces += end;
	ear_hook(e, "piece");
}

static inline void ear_batch(void *data)
{
	struct ear *e = data;
	e->batches++;
	ear_hook(e, "batch");
}

static inline void ear_room(void *data)
{
	struct ear *e = data;
	e->rooms++;
	ear_hook(e, "room");
}

static inline void ear_open(
	struct ear *e, struct loop *l, int fd, size_t cap, enum stream_over over)
{
	static const struct stream_calls calls = { ear_line, ear_end, ear_over, ear_piece,
		ear_batch, ear_room };
	struct stream_options options = { cap, over };
	struct err err;
	e->stream = stream_create(&l->turn, &l->uv, fd, &options, &calls, e, &err);
	assert_non_null(e->stream);
}

static inline void ear_close(struct ear *e)
{
	stream_destroy(e->stream);
	e->stream = NULL;
	buf_finish(&e->text);
}

static inline void ear_destroy_hook(struct ear *e)
{
	stream_destroy(e->stream);
	e->stream = NULL;
}

/* Reading end, writing end. */
static inline void make_pair(int fds[2], bool sockets)
{
	assert_int_equal(sockets ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds)
				 : pipe2(fds, O_CLOEXEC),
		0);
}

static inline void put(int fd, struct span bytes)
{
	assert_int_equal(write(fd, bytes.at, bytes.len), (ssize_t)bytes.len);
}

static inline void fill_text(struct buf *b, char c, size_t n)
{
	buf_room(b, n);
	memset(b->data + b->len, c, n);
	b->len += n;
}

#endif
