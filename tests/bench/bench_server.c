/*
 * The fastest server that still is one: answers every request from a template, so that a benchmark
 * measures what lies between it and the client. Expects "id" as the second member of a line, as the
 * bench client writes it. A path that ends in /big is answered with a result of as many MiB as the
 * only argument says.
 */
#include "config.h"

#include "core/buf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char list[] =
	"{\"tools\":[{\"name\":\"read_text_file\",\"inputSchema\":{\"type\":\"object\","
	"\"properties\":{\"path\":{\"type\":\"string\"}},\"required\":[\"path\"]}}]}";
static const char welcome[] = "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},"
			      "\"serverInfo\":{\"name\":\"bench\",\"version\":\"1\"}}";
static const char small[] = "{\"content\":[{\"type\":\"text\",\"text\":\"ok\"}]}";

static void put(const struct buf *out)
{
	for (size_t at = 0; at < out->len;) {
		ssize_t n = write(1, out->data + at, out->len - at);
		if (n < 0 && errno != EINTR) {
			exit(1);
		}
		at += n > 0 ? (size_t)n : 0;
	}
}

static bool has(struct span line, const char *part)
{
	return memmem(line.at, line.len, part, strlen(part)) != NULL;
}

/* The raw id, wherever the member stands; absent for a notification. */
static struct span find_id(struct span line)
{
	const char *at = memmem(line.at, line.len, "\"id\":", 5);
	if (!at) {
		return (struct span){ 0 };
	}
	at += 5;
	return (struct span){ at, strcspn(at, ",}") };
}

static void answer(struct span line, struct span big, struct buf *out)
{
	struct span id = find_id(line), body = span_of(small);
	if (!id.at) {
		return;
	}
	if (has(line, "tools/list")) {
		body = span_of(list);
	} else if (has(line, "\"initialize\"")) {
		body = span_of(welcome);
	} else if (has(line, "/big\"")) {
		body = big;
	}
	buf_text(out, "{\"jsonrpc\":\"2.0\",\"id\":");
	buf_span(out, id);
	buf_text(out, ",\"result\":");
	buf_span(out, body);
	buf_text(out, "}\n");
}

static struct span make_big(size_t mib)
{
	struct buf b = { 0 };
	buf_text(&b, "{\"content\":[{\"type\":\"text\",\"text\":\"");
	buf_room(&b, mib << 20);
	memset(b.data + b.len, 'x', mib << 20);
	b.len += mib << 20;
	buf_text(&b, "\"}]}");
	return buf_view(&b);
}

int main(int argc, char **argv)
{
	struct span big = make_big(argc > 1 ? (size_t)atoi(argv[1]) : 0);
	struct buf in = { 0 }, out = { 0 };
	for (;;) {
		buf_room(&in, 1 << 16);
		ssize_t n = read(0, in.data + in.len, 1 << 16);
		if (n <= 0) {
			return 0;
		}
		in.len += (size_t)n;
		size_t from = 0;
		char *end;
		buf_clear(&out);
		while ((end = memchr(in.data + from, '\n', in.len - from))) {
			answer((struct span){ in.data + from, (size_t)(end - in.data) - from }, big,
				&out);
			from = (size_t)(end - in.data) + 1;
		}
		buf_drop(&in, from);
		put(&out);
	}
}
