/*
 * Prints how fast the validator is on the shapes of line that sessions are made of. Prints only:
 * a machine that is busy fails no test.
 */
#include "config.h"

#include "core/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 7 };

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void call(struct buf *b, size_t size)
{
	(void)size;
	buf_text(b,
		"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{"
		"\"name\":\"write_file\",\"arguments\":{\"path\":\"/home/dev/project/src/main.c\","
		"\"content\":\"int main(void)\\n{\\n\\treturn 0;\\n}\\n\"},"
		"\"_meta\":{\"progressToken\":3}}}");
}

static void tool_list(struct buf *b, size_t size)
{
	static const char tool[] =
		"\"title\":\"Read Text File\",\"description\":\"Read the complete contents of a "
		"file from "
		"the file system as text. Handles various text encodings.\",\"inputSchema\":{"
		"\"type\":\"object\",\"properties\":{\"path\":{\"type\":\"string\"},\"tail\":{"
		"\"type\":\"number\",\"description\":\"If provided, returns only the last N "
		"lines\"},"
		"\"head\":{\"type\":\"number\"}},\"required\":[\"path\"],\"additionalProperties\":"
		"false,"
		"\"$schema\":\"http://json-schema.org/draft-07/schema#\"},\"annotations\":{"
		"\"readOnlyHint\":true,\"destructiveHint\":false}}";
	buf_text(b, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[");
	for (int i = 0; b->len < size; i++) {
		buf_printf(b, "%s{\"name\":\"tool_%d\",%s", i ? "," : "", i, tool);
	}
	buf_text(b, "]}}");
}

static void text_of(struct buf *b, size_t size, const char *piece)
{
	buf_text(b, "{\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"");
	while (b->len < size) {
		buf_text(b, piece);
	}
	buf_text(b, "\"}]},\"jsonrpc\":\"2.0\",\"id\":7}");
}

static void ascii_text(struct buf *b, size_t size)
{
	text_of(b, size, "The quick brown fox jumps over the lazy dog, without an end. ");
}

static void source_text(struct buf *b, size_t size)
{
	text_of(b, size, "\\tif (walk->at == end) {\\n\\t\\treturn \\\"done\\\";\\n\\t}\\n");
}

static void wide_text(struct buf *b, size_t size)
{
	text_of(b, size, "\xe3\x81\x93\xe3\x82\x8c\xe3\x81\xaf\xe6\xa9\x8b");
}

static void many_keys(struct buf *b, size_t size)
{
	buf_char(b, '{');
	for (int i = 0; b->len < size; i++) {
		buf_printf(b, "%s\"%x\":%d", i ? "," : "", i, i);
	}
	buf_char(b, '}');
}

static const struct shape {
	const char *name;
	void (*make)(struct buf *b, size_t size);
	size_t size;
} shapes[] = {
	{ "call", call, 0 },
	{ "tool list 10 KB", tool_list, 10000 },
	{ "tool list 1 MB", tool_list, 1000000 },
	{ "ASCII text 9 MB", ascii_text, 9000000 },
	{ "source text 1 MB", source_text, 1000000 },
	{ "Japanese text 1 MB", wide_text, 1000000 },
	{ "one object 9 MB", many_keys, 9000000 },
};

static double best_time(struct json_scan *scan, struct span text, enum json_rule rule, int times)
{
	double best = 1e9;
	for (int round = 0; round < ROUNDS; round++) {
		double start = now();
		for (int i = 0; i < times; i++) {
			if (!json_validate(scan, text, rule)) {
				fprintf(stderr, "refused: %s at %zu\n", scan->fault,
					scan->fault_at);
				exit(1);
			}
		}
		double took = (now() - start) / times;
		best = took < best ? took : best;
	}
	return best;
}

int main(void)
{
	struct json_scan scan = { 0 };
	for (size_t i = 0; i < COUNT_OF(shapes); i++) {
		struct buf b = { 0 };
		shapes[i].make(&b, shapes[i].size);
		int times = (int)(20000000 / b.len) + 1;
		double strict = best_time(&scan, buf_view(&b), JSON_STRICT, times);
		double loose = best_time(&scan, buf_view(&b), JSON_LOOSE, times);
		double size = (double)b.len;
		printf("%-20s %9zu bytes  strict %7.2f GB/s %10.2f us  loose %7.2f GB/s\n",
			shapes[i].name, b.len, size / strict / 1e9, strict * 1e6,
			size / loose / 1e9);
		buf_finish(&b);
	}
	json_finish(&scan);
	return 0;
}
