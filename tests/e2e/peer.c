/*
 * Lines in and out of a descriptor pair. Writing polls both ways, so that a harness and a program
 * that both have much to say never wait for each other. Bytes go into the record as they are; the
 * runner makes them printable.
 */
#include "config.h"

#include "tests/e2e/peer.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_SIZE = 1 << 16 };

void peer_open(struct peer *p, struct world *w, const char *name, int in, int out)
{
	*p = (struct peer){ .world = w, .name = name, .in = in, .out = out };
	fcntl(in, F_SETFL, fcntl(in, F_GETFL) | O_NONBLOCK);
	fcntl(out, F_SETFL, fcntl(out, F_GETFL) | O_NONBLOCK);
}

void peer_close_out(struct peer *p)
{
	if (p->out >= 0 && p->out != p->in) {
		close(p->out);
	} else if (p->out >= 0) {
		shutdown(p->out, SHUT_WR);
	}
	p->out = -1;
}

void peer_close(struct peer *p)
{
	if (p->out >= 0 && p->out != p->in) {
		close(p->out);
	}
	if (p->in >= 0) {
		close(p->in);
	}
	p->in = p->out = -1;
}

static void keep_line(struct peer *p, const char *text, size_t len)
{
	struct line *line = xcalloc(1, sizeof *line);
	line->text = span_dup((struct span){ text, len });
	line->len = len;
	line->json = cJSON_ParseWithLength(text, len);
	line->at_ms = now_ms();
	p->lines = xgrow(p->lines, &p->cap, p->count + 1, sizeof *p->lines);
	p->lines[p->count++] = line;
	world_note(p->world, p->name, "<", text, len);
}

static void split_lines(struct peer *p, size_t fresh)
{
	size_t from = 0;
	char *end;
	size_t look = p->rest.len - fresh;
	while ((end = memchr(p->rest.data + look, '\n', p->rest.len - look))) {
		size_t at = (size_t)(end - p->rest.data);
		keep_line(p, p->rest.data + from, at - from);
		from = look = at + 1;
	}
	buf_drop(&p->rest, from);
}

static void read_some(struct peer *p)
{
	buf_room(&p->rest, READ_SIZE);
	ssize_t n = read(p->in, p->rest.data + p->rest.len, READ_SIZE);
	if (n > 0) {
		p->rest.len += (size_t)n;
		split_lines(p, (size_t)n);
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		p->ended = true;
		world_note(p->world, p->name, "<", "(end of input)", 14);
	}
}

bool peer_pump(struct peer *p, int ms)
{
	if (p->ended || p->in < 0) {
		return false;
	}
	struct pollfd poll_in = { .fd = p->in, .events = POLLIN };
	if (poll(&poll_in, 1, ms > 0 ? ms : 0) == 1) {
		read_some(p);
	}
	return !p->ended;
}

bool peer_try_write(struct peer *p, const void *bytes, size_t len)
{
	const char *at = bytes;
	int64_t end = now_ms() + WORLD_BOUND_MS;
	world_note(p->world, p->name, ">", bytes, len);
	while (len > 0) {
		struct pollfd both[2] = {
			{ .fd = p->out, .events = POLLOUT },
			{ .fd = p->ended ? -1 : p->in, .events = POLLIN },
		};
		if (poll(both, 2, (int)(end - now_ms())) <= 0) {
			world_fail(p->world, "%s does not read what is written to it", p->name);
		}
		if (both[1].revents) {
			read_some(p);
		}
		ssize_t n = both[0].revents ? write(p->out, at, len) : 0;
		if (n < 0 && errno != EAGAIN && errno != EINTR) {
			return false;
		}
		at += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return true;
}

void peer_write(struct peer *p, const void *bytes, size_t len)
{
	if (!peer_try_write(p, bytes, len)) {
		world_fail(p->world, "writing to %s: %s", p->name, strerror(errno));
	}
}

void peer_send(struct peer *p, const char *format, ...)
{
	va_list args;
	char *text = NULL;
	va_start(args, format);
	int len = vasprintf(&text, format, args);
	va_end(args);
	text = xrealloc(text, (size_t)len + 2);
	text[len] = '\n';
	peer_write(p, text, (size_t)len + 1);
	free(text);
}

static struct line *find(struct peer *p, peer_match *match, const void *data)
{
	for (size_t i = 0; i < p->count; i++) {
		if (!p->lines[i]->taken && match(p->lines[i], data)) {
			return p->lines[i];
		}
	}
	return NULL;
}

const struct line *peer_look(struct peer *p, peer_match *match, const void *data)
{
	peer_pump(p, 0);
	return find(p, match, data);
}

const struct line *peer_wait(struct peer *p, peer_match *match, const void *data, const char *what)
{
	int64_t end = now_ms() + WORLD_BOUND_MS;
	struct line *line;
	while (!(line = find(p, match, data))) {
		if (now_ms() >= end || !peer_pump(p, (int)(end - now_ms()))) {
			world_fail(p->world, "%s: waited for %s in vain (%s)", p->name, what,
				p->ended ? "end of input" : "time is up");
		}
	}
	line->taken = true;
	return line;
}

size_t peer_count(struct peer *p, peer_match *match, const void *data)
{
	size_t count = 0;
	for (size_t i = 0; i < p->count; i++) {
		count += match(p->lines[i], data);
	}
	return count;
}

struct span line_raw(const struct line *line, const char *path)
{
	return pick_raw((struct span){ line->text, line->len }, path);
}

bool match_reply(const struct line *line, const void *raw_id)
{
	return line->json && !pick(line->json, "method") && span_is(line_raw(line, "id"), raw_id);
}

bool match_method(const struct line *line, const void *method)
{
	return strcmp(pick_text(line->json, "method"), method) == 0;
}

bool match_text(const struct line *line, const void *part)
{
	return memmem(line->text, line->len, part, strlen(part)) != NULL;
}

static bool match_any(const struct line *line, const void *data)
{
	(void)line;
	(void)data;
	return true;
}

const struct line *peer_reply(struct peer *p, const char *raw_id)
{
	char *what = xasprintf("the answer to %s", raw_id);
	const struct line *line = peer_wait(p, match_reply, raw_id, what);
	free(what);
	return line;
}

const struct line *peer_method(struct peer *p, const char *method)
{
	return peer_wait(p, match_method, method, method);
}

const struct line *peer_any(struct peer *p)
{
	return peer_wait(p, match_any, NULL, "a line");
}

void peer_expect_end(struct peer *p)
{
	int64_t end = now_ms() + WORLD_BOUND_MS;
	while (!p->ended) {
		if (now_ms() >= end) {
			world_fail(p->world, "%s: waited for the end of input in vain", p->name);
		}
		peer_pump(p, (int)(end - now_ms()));
	}
}
