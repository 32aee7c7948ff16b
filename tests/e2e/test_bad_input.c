/*
 * Lines that a client must not send: each is refused with a JSON-RPC error, the server's log shows
 * nothing of it, and the connection goes on. Every line of the table bears the word "wicked", which
 * must never reach the server.
 */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE(bytes) bytes, sizeof(bytes) - 1
#define CALL_HEAD "{\"jsonrpc\":\"2.0\",\"method\":\"ping\","
#define NONE NULL

/* what, the bytes, the error's code, the id it must echo (raw; NONE: none can be) */
static const struct bad {
	const char *what, *bytes;
	size_t len;
	int code;
	const char *id;
} table[] = {
	{ "no JSON", LINE("wicked"), -32700, NONE },
	{ "cut short", LINE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"wicked\""), -32700, NONE },
	{ "two values", LINE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"} \"wicked\""),
		-32700, NONE },
	{ "single quotes", LINE("{'jsonrpc':'2.0','wicked':1}"), -32700, NONE },
	{ "comment", LINE(CALL_HEAD "/*wicked*/\"id\":1}"), -32700, NONE },
	{ "trailing comma", LINE(CALL_HEAD "\"id\":1,\"wicked\":1,}"), -32700, NONE },
	{ "leading zero", LINE(CALL_HEAD "\"id\":01,\"wicked\":1}"), -32700, NONE },
	{ "bare point", LINE(CALL_HEAD "\"id\":1,\"wicked\":1.}"), -32700, NONE },
	{ "NaN", LINE(CALL_HEAD "\"id\":1,\"wicked\":NaN}"), -32700, NONE },
	{ "control character in a string", LINE(CALL_HEAD "\"id\":1,\"wicked\":\"a\x01\"}"), -32700,
		NONE },
	{ "raw NUL", LINE(CALL_HEAD "\"id\":1,\"wicked\":\"a\0b\"}"), -32700, NONE },
	{ "NUL after the end", LINE(CALL_HEAD "\"id\":1,\"wicked\":1}\0"), -32700, NONE },
	{ "escaped NUL", LINE(CALL_HEAD "\"id\":1,\"wicked\":\"a\\u0000b\"}"), -32700, NONE },
	{ "escaped NUL in an argument",
		LINE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/"
		     "call\",\"params\":{\"name\":\"read_text_file\","
		     "\"arguments\":{\"path\":\"/wicked\\u0000.txt\"}}}"),
		-32700, "1" },
	{ "lone surrogate", LINE(CALL_HEAD "\"id\":1,\"wicked\":\"\\ud800x\"}"), -32700, NONE },
	{ "byte order mark", LINE("\xef\xbb\xbf" CALL_HEAD "\"id\":1,\"wicked\":1}"), -32700,
		NONE },
	{ "invalid UTF-8", LINE(CALL_HEAD "\"id\":1,\"wicked\":\"\xff\"}"), -32700, NONE },
	{ "overlong UTF-8", LINE(CALL_HEAD "\"id\":1,\"wicked\":\"\xc0\xaf\"}"), -32700, NONE },
	{ "UTF-8 surrogate", LINE(CALL_HEAD "\"id\":1,\"wicked\":\"\xed\xa0\x80\"}"), -32700,
		NONE },
	{ "duplicate method",
		LINE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"wicked\",\"method\":\"ping\"}"),
		-32700, NONE },
	{ "duplicate name in params",
		LINE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/"
		     "call\",\"params\":{\"name\":\"read_text_file\","
		     "\"name\":\"wicked\"}}"),
		-32700, "1" },
	{ "duplicate key after unescaping",
		LINE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/"
		     "call\",\"params\":{\"name\":\"read_text_file\","
		     "\"n\\u0061me\":\"wicked\"}}"),
		-32700, "1" },
	{ "duplicate key deep inside",
		LINE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/"
		     "call\",\"params\":{\"name\":\"x\",\"arguments\":"
		     "{\"a\":[{\"b\":{\"path\":\"/a\",\"path\":\"/wicked\"}}]}}}"),
		-32700, "1" },
	{ "a key that differs in case",
		LINE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/"
		     "call\",\"params\":{\"name\":\"read_text_file\","
		     "\"Name\":\"wicked\"}}"),
		-32602, "1" },
	{ "batch", LINE("[{\"jsonrpc\":\"2.0\",\"id\":\"b1\",\"method\":\"wicked\"}]"), -32600,
		NONE },
	{ "a string", LINE("\"wicked\""), -32600, NONE },
	{ "wrong version", LINE("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"wicked\"}"), -32600,
		"1" },
	{ "wrong version and id",
		LINE("{\"jsonrpc\":\"1.0\",\"id\":{\"a\":1},\"method\":\"wicked\"}"), -32600,
		NONE },
	{ "no version", LINE("{\"id\":1,\"method\":\"wicked\"}"), -32600, "1" },
	{ "id null", LINE("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"wicked\"}"), -32600,
		NONE },
	{ "id true", LINE("{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"wicked\"}"), -32600,
		NONE },
	{ "id 1.5", LINE("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"wicked\"}"), -32600, NONE },
	{ "id 1e2", LINE("{\"jsonrpc\":\"2.0\",\"id\":1e2,\"method\":\"wicked\"}"), -32600, NONE },
	{ "id -0", LINE("{\"jsonrpc\":\"2.0\",\"id\":-0,\"method\":\"wicked\"}"), -32600, NONE },
	{ "id 2^53+1", LINE("{\"jsonrpc\":\"2.0\",\"id\":9007199254740993,\"method\":\"wicked\"}"),
		-32600, NONE },
	{ "id of 20 digits",
		LINE("{\"jsonrpc\":\"2.0\",\"id\":12345678901234567890,\"method\":\"wicked\"}"),
		-32600, NONE },
	{ "id object", LINE("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"wicked\"}"), -32600,
		NONE },
	{ "id array", LINE("{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"wicked\"}"), -32600,
		NONE },
	{ "method and result",
		LINE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"wicked\",\"result\":{}}"), -32600,
		"1" },
	{ "neither", LINE("{\"jsonrpc\":\"2.0\",\"id\":1,\"wicked\":1}"), -32600, "1" },
	{ "method a number", LINE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":5,\"wicked\":1}"),
		-32600, "1" },
	{ "params an array",
		LINE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[\"wicked\"]}"),
		-32602, "1" },
	{ "call without name",
		LINE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/"
		     "call\",\"params\":{\"wicked\":1}}"),
		-32602, "1" },
	{ "name a number",
		LINE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/"
		     "call\",\"params\":{\"name\":7,\"wicked\":1}}"),
		-32602, "1" },
	{ "arguments an array",
		LINE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/"
		     "call\",\"params\":{\"name\":\"x\",\"arguments\":"
		     "[\"wicked\"]}}"),
		-32602, "1" },
};

static bool match_error(const struct line *line, const void *data)
{
	(void)data;
	const cJSON *first = cJSON_IsArray(line->json) ? pick(line->json, "0") : line->json;
	return pick(first, "error") != NULL;
}

static void refuse_one(struct world *w, struct client *c, const struct bad *bad)
{
	world_note(w, "case", ":", bad->what, strlen(bad->what));
	peer_write(&c->peer, bad->bytes, bad->len);
	peer_write(&c->peer, "\n", 1);
	const struct line *line = peer_wait(&c->peer, match_error, NULL, bad->what);
	const cJSON *error = cJSON_IsArray(line->json) ? pick(line->json, "0") : line->json;
	CHECK_TEXT(w, pick_text(error, "jsonrpc"), "2.0");
	CHECK_INT(w, pick_int(error, "error.code"), bad->code);
	CHECK(w, *pick_text(error, "error.message"));
	struct span id = line_raw(line, "id");
	if (!cJSON_IsArray(line->json)) {
		CHECK(w, bad->id ? span_is(id, bad->id) : !id.at);
	}
}

static void each_is_refused(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		refuse_one(w, c, &table[i]);
	}
	client_ping(c, "\"after\"");
	CHECK(w, !world_seen(w, "wicked"));
	CHECK_INT(w, (int64_t)person_waiting(w->person), 0);
	CHECK_INT(w, (int64_t)peer_count(&c->peer, match_error, NULL), (int64_t)COUNT_OF(table));
}

/* The same in pieces and without waiting: no answer depends on how the bytes arrive. */
static void all_at_once_and_in_pieces(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ .pipes = true });
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		peer_write(&c->peer, table[i].bytes, table[i].len / 2);
		peer_write(&c->peer, table[i].bytes + table[i].len / 2,
			table[i].len - table[i].len / 2);
		peer_write(&c->peer, "\r\n\n", 3);
	}
	client_ping(c, "\"after\"");
	CHECK(w, !world_seen(w, "wicked"));
	CHECK_INT(w, (int64_t)peer_count(&c->peer, match_error, NULL), (int64_t)COUNT_OF(table));
}

static void batch_answers_each_id(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	peer_send(&c->peer,
		"[{\"jsonrpc\":\"2.0\",\"id\":\"b1\",\"method\":\"ping\"},{\"jsonrpc\":\"2.0\","
		"\"method\":\"x\"},"
		"{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\"}]");
	const struct line *line = peer_wait(&c->peer, match_error, NULL, "the refusal of a batch");
	CHECK_TEXT(w, pick_text(line->json, "0.id"), "b1");
	CHECK_INT(w, pick_int(line->json, "1.id"), 2);
	CHECK_INT(w, cJSON_GetArraySize(line->json), 2);
	client_ping(c, "3");
	CHECK_INT(w, (int64_t)world_seen_times(w, "\"id\":2,"), 0);
}

static void deep_nesting_is_refused(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	struct buf line = { 0 };
	buf_text(
		&line, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"wicked\":");
	for (int i = 0; i < 100000; i++) {
		buf_char(&line, '[');
	}
	for (int i = 0; i < 100000; i++) {
		buf_char(&line, ']');
	}
	buf_text(&line, "}}\n");
	peer_write(&c->peer, line.data, line.len);
	CHECK_INT(w,
		pick_int(peer_wait(&c->peer, match_error, NULL, "the refusal")->json, "error.code"),
		-32700);
	client_ping(c, "2");
	CHECK(w, !world_seen(w, "wicked"));
}

/* Past the cap of 20 MiB: refused once, skipped to its end, whatever it holds. */
static void line_over_the_cap_is_refused(struct world *w)
{
	enum { SIZE = 21 << 20 };
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	char *line = xmalloc(SIZE);
	memset(line, 'w', SIZE);
	memcpy(line, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"wicked\",\"params\":{\"a\":\"",
		58);
	memcpy(line + SIZE - 5, "\"}}\n", 4);
	peer_write(&c->peer, line, SIZE - 1);
	CHECK(w, peer_wait(&c->peer, match_error, NULL, "the refusal") != NULL);
	client_ping(c, "2");
	CHECK(w, !world_seen(w, "wicked"));
	CHECK_INT(w, (int64_t)peer_count(&c->peer, match_error, NULL), 1);
	free(line);
}

/* Just under it is a call like any other. */
static void large_arguments_pass(struct world *w)
{
	enum { SIZE = 8 << 20 };
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	char *path = world_file(w->outside, "large.txt");
	char *content = xmalloc(SIZE + 1);
	memset(content, 'z', SIZE);
	content[SIZE] = '\0';
	client_call(c, "1", "write_file", args_write(path, content));
	const cJSON *item = person_item(w->person, "write_file", "held");
	CHECK(w, pick_true(person_show(w->person, item), "cut"));
	person_approve(w->person, item);
	client_expect_text(c, "1", "written");
	CHECK(w, world_file_is(path, content));
}

static const struct e2e_case cases[] = {
	{ "each_is_refused", each_is_refused, 0 },
	{ "all_at_once_and_in_pieces", all_at_once_and_in_pieces, 0 },
	{ "batch_answers_each_id", batch_answers_each_id, 0 },
	{ "deep_nesting_is_refused", deep_nesting_is_refused, 0 },
	{ "line_over_the_cap_is_refused", line_over_the_cap_is_refused, 0 },
	{ "large_arguments_pass", large_arguments_pass, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
