/*
 * Streams and the end of a turn. Built on uv_poll rather than uv_pipe because the gate must be able
 * to say "read this client until nothing is left, now" before it lets a call go, and because
 * inherited descriptors must keep their flags.
 *
 * Called by the gate (client, server, broker), by the broker (every peer) and by the tools that
 * talk to it.
 */
#include "config.h"

#include "ipc/stream.h"

#include "ipc/outbox.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	READ_ROOM = 64 << 10, /* free space before each read */
	LONG_LINE = 256 << 10,
	SPARE_MS = 1000,
	READ_BUDGET = 4 << 20, /* per turn: others get their share */
	TAKE = 256 << 10, /* lines from this size on change owner instead of being copied */
	LOW_MARK = 256 << 10, /* on_room */
};

struct stream {
	uv_poll_t poll;
	uv_idle_t idle; /* instead of poll, for what epoll refuses */
	struct turn *turn;
	struct stream *next_dirty; /* turn.dirty */
	struct stream *next; /* turn.streams */
	struct stream_calls calls;
	struct stream_options options;
	void *data;
	int fd;
	int watched; /* events that poll watches for */
	struct buf in;
	/* of the current line in `in`; how far it was searched for its end */
	size_t line_at, line_len, searched;
	struct outbox out;
	bool found_nonblocking;
	bool polled, dirty, reading, skipping, passing, ended, broken, end_output, wants_room,
		in_line, splitting, closing;
};

static void on_poll(uv_poll_t *poll, int status, int events);
static void on_idle(uv_idle_t *idle);
static void flush(struct stream *s);

static void on_spare(uv_timer_t *timer);

static void run_turn(struct turn *turn)
{
	if (turn->before) {
		turn->before(turn->data);
	}
	while (turn->dirty) {
		struct stream *s = turn->dirty;
		turn->dirty = s->next_dirty;
		s->next_dirty = NULL;
		s->dirty = false;
		flush(s);
	}
	if (turn->spare.data && !uv_is_active((uv_handle_t *)&turn->spare_timer)) {
		uv_timer_start(&turn->spare_timer, on_spare, SPARE_MS, 0);
	}
}

static void on_spare(uv_timer_t *timer)
{
	struct turn *turn = timer->data;
	buf_finish(&turn->spare);
}

static void on_prepare(uv_prepare_t *handle)
{
	run_turn(handle->data);
}

static void on_check(uv_check_t *handle)
{
	run_turn(handle->data);
}

bool turn_init(struct turn *turn, uv_loop_t *loop, void (*before)(void *data), void *data)
{
	*turn = (struct turn){ .before = before, .data = data };
	uv_prepare_init(loop, &turn->prepare);
	uv_check_init(loop, &turn->check);
	uv_timer_init(loop, &turn->spare_timer);
	uv_unref((uv_handle_t *)&turn->spare_timer);
	turn->prepare.data = turn->check.data = turn->spare_timer.data = turn;
	uv_prepare_start(&turn->prepare, on_prepare);
	uv_check_start(&turn->check, on_check);
	uv_unref((uv_handle_t *)&turn->prepare);
	uv_unref((uv_handle_t *)&turn->check);
	return true;
}

void turn_flush(struct turn *turn)
{
	run_turn(turn);
}

void turn_close(struct turn *turn)
{
	uv_close((uv_handle_t *)&turn->prepare, NULL);
	uv_close((uv_handle_t *)&turn->check, NULL);
	uv_close((uv_handle_t *)&turn->spare_timer, NULL);
	buf_finish(&turn->spare);
}

static void mark_dirty(struct stream *s)
{
	if (!s->dirty && !s->closing) {
		s->dirty = true;
		s->next_dirty = s->turn->dirty;
		s->turn->dirty = s;
	}
}

static void unmark_dirty(struct stream *s)
{
	struct stream **link = &s->turn->dirty;
	while (*link && *link != s) {
		link = &(*link)->next_dirty;
	}
	if (*link) {
		*link = s->next_dirty;
	}
	s->dirty = false;
}

/* What the loop should watch for follows from the state; this is the only place that tells it. */
static void watch(struct stream *s)
{
	int events = 0;
	if (s->closing) {
		return;
	}
	if (!s->polled) {
		if (s->reading && !s->ended) {
			uv_idle_start(&s->idle, on_idle);
		} else {
			uv_idle_stop(&s->idle);
		}
		return;
	}
	if (s->reading && !s->ended) {
		events |= UV_READABLE;
	}
	if (s->out.queued && !s->broken) {
		events |= UV_WRITABLE;
	}
	if (events == s->watched) {
		return; /* telling libuv again costs a system call */
	}
	s->watched = events;
	if (events) {
		uv_poll_start(&s->poll, events, on_poll);
	} else {
		uv_poll_stop(&s->poll);
	}
}

static bool same_file(int one, int other)
{
	struct stat a, b;
	return fstat(one, &a) == 0 && fstat(other, &b) == 0 && a.st_dev == b.st_dev &&
		a.st_ino == b.st_ino;
}

/* Another stream of the loop on the same file: a terminal or socket as stdin and stdout has one
 * flag for both. */
static const struct stream *twin(const struct stream *s)
{
	const struct stream *t = s->turn->streams;
	while (t && (t == s || !same_file(s->fd, t->fd))) {
		t = t->next;
	}
	return t;
}

/* The last one to go puts the flag back as the first has found it. */
static void restore_flag(const struct stream *s)
{
	if (!s->found_nonblocking && !twin(s)) {
		fcntl(s->fd, F_SETFL, fcntl(s->fd, F_GETFL) & ~O_NONBLOCK);
	}
}

static void output_done(struct stream *s)
{
	if (!s->end_output || s->broken) {
		return;
	}
	s->broken = true;
	if (shutdown(s->fd, SHUT_WR) != 0 && errno == ENOTSOCK && !s->reading) {
		/* A one-way pipe ends when its descriptor is closed; the number stays ours as a
		 * dead end. */
		int dead = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (s->polled) {
			uv_poll_stop(&s->poll);
			s->watched = 0;
		}
		restore_flag(s);
		s->ended = true; /* epoll refuses the dead end */
		if (dead >= 0) {
			dup3(dead, s->fd, O_CLOEXEC);
			close(dead);
		}
	}
}

static void flush(struct stream *s)
{
	if (!s->broken && !outbox_send(&s->out, s->fd)) {
		s->broken = true;
	}
	if (!s->out.queued) {
		output_done(s);
	}
	watch(s);
	if (s->wants_room && s->out.queued < LOW_MARK) {
		s->wants_room = false;
		if (s->calls.on_room) {
			s->calls.on_room(s->data);
		}
	}
}

static bool takes_output(const struct stream *s)
{
	return !s->closing && !s->broken && !s->end_output;
}

static void note_queued(struct stream *s)
{
	if (s->out.queued >= LOW_MARK) {
		s->wants_room = true;
	}
	mark_dirty(s);
}

void stream_write(struct stream *s, struct span bytes)
{
	if (takes_output(s) && bytes.len) {
		outbox_add(&s->out, bytes);
		note_queued(s);
	}
}

void stream_write_buf(struct stream *s, struct buf *bytes)
{
	if (!takes_output(s) || bytes->len < TAKE) {
		stream_write(s, buf_view(bytes));
		buf_finish(bytes);
		return;
	}
	outbox_add_buf(&s->out, bytes);
	note_queued(s);
	flush(s); /* a large one starts moving at once */
}

void stream_flush(struct stream *s)
{
	if (!s->closing) {
		flush(s);
	}
}

void stream_end_output(struct stream *s)
{
	s->end_output = true;
	mark_dirty(s);
}

bool stream_take_line(struct stream *s, struct buf *out, size_t *at)
{
	assert(s->in_line);
	if (s->line_len < TAKE || s->line_len < s->in.len / 2) {
		return false;
	}
	size_t rest_at = s->line_at + s->line_len + 1;
	struct buf rest = { 0 };
	buf_add(&rest, s->in.data + rest_at, s->in.len - rest_at);
	*out = s->in;
	out->len = rest_at;
	*at = s->line_at;
	s->in = rest;
	s->line_at = 0;
	s->line_len = SIZE_MAX; /* taken */
	return true;
}

static void give_line(struct stream *s, size_t end)
{
	s->line_len = end - s->line_at;
	s->in_line = true;
	s->calls.on_line(s->data, (struct span){ s->in.data + s->line_at, s->line_len });
	s->in_line = false;
	if (s->line_len != SIZE_MAX) {
		s->line_at += s->line_len + 1;
	}
	s->searched = s->line_at;
}

/* A piece, up to `end`, of a line that is over the cap. */
static void over_cap(struct stream *s, size_t end)
{
	bool first = !s->skipping && !s->passing;
	if (first && s->calls.on_over) {
		s->calls.on_over(s->data);
	}
	if (s->closing) {
		return;
	}
	if (s->options.over == STREAM_PASS) {
		s->passing = true;
		s->calls.on_piece(
			s->data, (struct span){ s->in.data + s->line_at, end - s->line_at }, false);
	} else {
		s->skipping = true;
	}
	s->line_at = s->searched = end;
}

static void end_over(struct stream *s, size_t end)
{
	if (s->passing && !s->closing) {
		s->passing = false;
		s->calls.on_piece(s->data,
			(struct span){ s->in.data + s->line_at, end + 1 - s->line_at }, true);
	}
	s->skipping = false;
	s->line_at = s->searched = end + 1;
}

static void split_lines(struct stream *s)
{
	s->splitting = true;
	while (!s->closing && s->searched < s->in.len) {
		char *end = memchr(s->in.data + s->searched, '\n', s->in.len - s->searched);
		if (!end) {
			s->searched = s->in.len;
			break;
		}
		size_t at = (size_t)(end - s->in.data);
		if (s->skipping || s->passing) {
			end_over(s, at);
		} else if (at - s->line_at > s->options.line_cap) {
			over_cap(s, at);
			end_over(s, at);
		} else {
			give_line(s, at);
		}
	}
	if (!s->closing &&
		(s->skipping || s->passing || s->in.len - s->line_at > s->options.line_cap) &&
		s->in.len > s->line_at) {
		over_cap(s, s->in.len);
	}
	s->splitting = false;
	if (s->line_at) {
		buf_drop(&s->in, s->line_at);
		s->searched -= s->line_at;
		s->line_at = 0;
	}
	if (!s->in.len && s->in.cap > LONG_LINE) {
		buf_finish(&s->in); /* one long line must not cost its memory for ever */
	}
}

static void input_ended(struct stream *s)
{
	s->ended = true;
	watch(s);
	s->calls.on_end(s->data);
}

/* A long line gets all the room that it may need at once: what is not touched costs nothing,
 * growing does. */
static size_t room_for(const struct stream *s)
{
	size_t len = s->in.len, cap = s->options.line_cap;
	return len <= LONG_LINE || len >= cap ? READ_ROOM : cap - len + READ_ROOM;
}

/* Fresh memory for every long line would cost more than reading it. */
static void use_spare(struct stream *s)
{
	struct buf *spare = &s->turn->spare;
	if (s->in.len > LONG_LINE && spare->cap > s->in.cap) {
		struct buf small = s->in;
		buf_add(spare, small.data, small.len);
		s->in = *spare;
		*spare = (struct buf){ 0 };
		buf_finish(&small);
	}
}

/* Reads once. False: nothing was there, or an end; *got: what came, *room: what could have come. */
static bool read_once(struct stream *s, size_t *got, size_t *room)
{
	ssize_t n;
	*got = 0;
	use_spare(s);
	buf_room(&s->in, room_for(s));
	*room = s->in.cap - s->in.len;
	do {
		n = read(s->fd, s->in.data + s->in.len, *room);
	} while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN) {
		return false;
	}
	if (n <= 0) {
		input_ended(s);
		return false;
	}
	*got = (size_t)n;
	s->in.len += (size_t)n;
	split_lines(s);
	return !s->closing;
}

static void tell_batch(struct stream *s, size_t got)
{
	if (got && !s->closing && s->calls.on_batch) {
		s->calls.on_batch(s->data);
	}
}

static void read_some(struct stream *s, size_t budget)
{
	size_t got = 0, room = 0, total = 0;
	bool more = true;
	while (more && total < budget && s->reading) {
		more = read_once(s, &got, &room) && got == room;
		total += got;
	}
	tell_batch(s, total);
}

/* All that had arrived when this was called, and the end if it is next. A peer that goes on writing
 * cannot keep us. */
void stream_read_now(struct stream *s)
{
	int there = 0;
	size_t got = 0, room, total = 0;
	if (s->splitting || s->ended || s->closing) {
		return;
	}
	if (ioctl(s->fd, FIONREAD, &there) != 0) {
		there = 0; /* a device that cannot say: one read */
	}
	bool more = true;
	while (more && total <= (size_t)there && !s->ended) {
		more = read_once(s, &got, &room);
		total += got;
	}
	tell_batch(s, total);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct stream *s = poll->data;
	if (status < 0) {
		s->watched = 0; /* libuv has stopped */
	}
	if (status < 0 || (events & UV_WRITABLE)) {
		flush(s); /* what is wrong shows in the write */
	}
	if ((status < 0 || (events & UV_READABLE)) && !s->closing && !s->ended && s->reading) {
		read_some(s, READ_BUDGET);
	}
	if (status < 0) {
		watch(s);
	}
}

static void on_idle(uv_idle_t *idle)
{
	struct stream *s = idle->data;
	read_some(s, READ_ROOM);
}

struct stream *stream_create(struct turn *turn, uv_loop_t *loop, int fd,
	const struct stream_options *options, const struct stream_calls *calls, void *data,
	struct err *err)
{
	struct stream *s = xcalloc(1, sizeof(*s));
	int flags = fcntl(fd, F_GETFL);
	if (flags < 0) {
		fail(err, 0, "descriptor %d is not open", fd);
		free(s);
		return NULL;
	}
	s->turn = turn;
	s->out.spare = &turn->spare;
	s->fd = fd;
	s->options = *options;
	s->calls = *calls;
	s->data = data;
	const struct stream *other = twin(s);
	s->found_nonblocking = other ? other->found_nonblocking : (flags & O_NONBLOCK);
	int rc = uv_poll_init(loop, &s->poll, fd);
	s->polled = rc == 0;
	if (s->polled) {
		s->poll.data = s;
	} else if (rc == UV_EPERM) {
		uv_idle_init(loop, &s->idle);
		s->idle.data = s;
	} else {
		fail(err, 0, "descriptor %d: %s", fd, uv_strerror(rc));
		free(s);
		return NULL;
	}
	s->next = turn->streams;
	turn->streams = s;
	return s;
}

static void leave_turn(struct stream *s)
{
	struct stream **link = &s->turn->streams;
	while (*link != s) {
		link = &(*link)->next;
	}
	*link = s->next;
	if (s->dirty) {
		unmark_dirty(s);
	}
}

static void on_closed(uv_handle_t *handle)
{
	struct stream *s = handle->data;
	s->out.spare = NULL; /* the turn may be gone */
	outbox_finish(&s->out);
	buf_finish(&s->in);
	free(s);
}

void stream_destroy(struct stream *s)
{
	if (!s || s->closing) {
		return;
	}
	s->wants_room = false; /* who destroys is not called any more */
	flush(s);
	s->closing = true;
	leave_turn(s);
	uv_close(s->polled ? (uv_handle_t *)&s->poll : (uv_handle_t *)&s->idle, on_closed);
	restore_flag(s);
	close(s->fd);
}

void stream_start(struct stream *s)
{
	s->reading = true;
	watch(s);
}

void stream_pause(struct stream *s)
{
	s->reading = false;
	watch(s);
}

size_t stream_queued(const struct stream *s)
{
	return s->out.queued;
}

bool stream_broken(const struct stream *s)
{
	return s->broken;
}

bool stream_ended(const struct stream *s)
{
	return s->ended;
}

int stream_fd(const struct stream *s)
{
	return s->fd;
}
