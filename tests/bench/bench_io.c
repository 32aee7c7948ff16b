/* Exchanges as tight as they can be: no record, no parsing, one read and one write where that is
 * possible. */
#include "config.h"

#include "tests/bench/bench.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void bench_own(struct client *c)
{
	fcntl(c->peer.in, F_SETFL, fcntl(c->peer.in, F_GETFL) & ~O_NONBLOCK);
	fcntl(c->peer.out, F_SETFL, fcntl(c->peer.out, F_GETFL) & ~O_NONBLOCK);
}

static void put(struct client *c, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(c->peer.out, bytes, len);
		if (n < 0 && errno != EINTR) {
			world_fail(c->peer.world, "%s: write: %s", c->peer.name, strerror(errno));
		}
		bytes += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
}

static size_t get(struct client *c, char *buffer, size_t size)
{
	ssize_t n;
	do {
		n = read(c->peer.in, buffer, size);
	} while (n < 0 && errno == EINTR);
	if (n <= 0) {
		world_fail(c->peer.world, "%s: ended in the middle of a measurement", c->peer.name);
	}
	return (size_t)n;
}

void bench_exchange(struct client *c, const char *line, size_t count, struct sample *s)
{
	enum { SIZE = 1 << 18 };
	char *buffer = xmalloc(SIZE);
	size_t len = strlen(line);
	for (size_t i = 0; i < count; i++) {
		double began = now_us();
		put(c, line, len);
		size_t n = get(c, buffer, SIZE);
		if (i == 0 && memmem(buffer, n, "\"error\"", 7)) {
			world_fail(c->peer.world, "%s: %.*s", c->peer.name, (int)n, buffer);
		}
		while (buffer[n - 1] != '\n') {
			n = get(c, buffer, SIZE);
		}
		if (s) {
			sample_add(s, now_us() - began);
		}
	}
	free(buffer);
}

/* Sends what may be sent, in one write. */
static void top_up(struct client *c, const char *tail, const int *ids, int count)
{
	struct buf out = { 0 };
	for (int i = 0; i < count; i++) {
		buf_printf(&out, "{\"jsonrpc\":\"2.0\",\"id\":%d,%s", ids[i], tail);
	}
	put(c, out.data, out.len);
	buf_finish(&out);
}

double bench_flood(struct client *c, const char *tail, size_t count, int window)
{
	enum { SIZE = 1 << 16 };
	struct buf in = { 0 };
	int ids[64];
	size_t sent = (size_t)window, answered = 0;
	for (int i = 0; i < window; i++) {
		ids[i] = i;
	}
	double began = now_us();
	top_up(c, tail, ids, window);
	while (answered < count) {
		buf_room(&in, SIZE);
		size_t look = in.len, from = 0; /* what came before holds no end of line */
		in.len += get(c, in.data + in.len, SIZE);
		int free_ids = 0;
		char *end;
		while ((end = memchr(in.data + look, '\n', in.len - look))) {
			const char *id = memmem(in.data + from, 64, "\"id\":", 5);
			if (id && sent < count) {
				ids[free_ids++] = atoi(id + 5);
				sent++;
			}
			answered++;
			from = look = (size_t)(end - in.data) + 1;
		}
		buf_drop(&in, from);
		if (free_ids) {
			top_up(c, tail, ids, free_ids);
		}
	}
	buf_finish(&in);
	return (now_us() - began) / 1e6;
}
