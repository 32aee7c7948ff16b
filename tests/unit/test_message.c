/* Every shape of line that was seen from real programs, and those that two readers would read
 * differently. */
#include "config.h"

#include "core/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define C METHOD_CLIENT
#define S METHOD_SERVER
#define V "\"jsonrpc\":\"2.0\""
#define ENVELOPE(version) "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"" version "\"}"
#define SIX(p) "\"" p "1\":0,\"" p "2\":0,\"" p "3\":0,\"" p "4\":0,\"" p "5\":0,\"" p "6\":0"

struct row {
	const char *line;
	enum method_from from;
	enum message_kind kind;
	int code; /* of a refusal */
	const char *key;
	bool modern;
};

static const struct row shapes[] = {
	{ "{" V ",\"id\":0,\"method\":\"initialize\",\"params\":{}}", C, MESSAGE_REQUEST, 0, "=0",
		false },
	{ "{" V ",\"id\":1,\"method\":\"tools/list\"}", C, MESSAGE_REQUEST, 0, "=1", false },
	{ "{" V ",\"id\":1,\"method\":\"tools/list\",\"params\":{}}\r", C, MESSAGE_REQUEST, 0, "=1",
		false },
	{ "{\"params\":{\"name\":\"x\"},\"method\":\"tools/call\"," V ",\"id\":7}", C,
		MESSAGE_REQUEST, 0, "=7", false },
	{ "{\"result\":{}," V ",\"id\":7}", S, MESSAGE_RESPONSE, 0, "=7", false },
	{ "{" V ",\"id\":7,\"result\":null}", S, MESSAGE_RESPONSE, 0, "=7", false },
	{ "{" V ",\"id\":7,\"error\":{\"code\":1,\"message\":\"\"}}", S, MESSAGE_RESPONSE, 0, "=7",
		false },
	{ "{" V ",\"id\":null,\"error\":{}}", S, MESSAGE_RESPONSE, 0, "", false },
	{ "{" V ",\"error\":{}}", S, MESSAGE_RESPONSE, 0, "", false },
	{ "{" V ",\"method\":\"notifications/initialized\"}", C, MESSAGE_NOTIFICATION, 0, "",
		false },
	{ "{" V ",\"id\":3,\"method\":\"ping\",\"extra\":1}", C, MESSAGE_REQUEST, 0, "=3", false },
	{ "{" V
	  ",\"id\":3,\"method\":\"ping\"," SIX("a") "," SIX("b") "," SIX("c") "," SIX("d") "}",
		C, MESSAGE_REFUSED, RPC_INVALID, "=3", false },
	{ "", C, MESSAGE_BLANK, 0, "", false },
	{ "\r", C, MESSAGE_BLANK, 0, "", false },
	{ " \t ", S, MESSAGE_BLANK, 0, "", false },
	{ "[]", C, MESSAGE_BATCH, RPC_INVALID, "", false },
	{ "[{" V ",\"id\":1,\"method\":\"ping\"}]", C, MESSAGE_BATCH, RPC_INVALID, "", false },
	{ "[{" V ",\"id\":1,\"result\":{}}]", S, MESSAGE_BATCH, RPC_INVALID, "", false },
	{ "7", C, MESSAGE_REFUSED, RPC_INVALID, "", false },
	{ "hello", C, MESSAGE_REFUSED, RPC_PARSE, "", false },
	{ "\xef\xbb\xbf{" V ",\"id\":1,\"method\":\"ping\"}", C, MESSAGE_REFUSED, RPC_PARSE, "",
		false },
	{ "{" V ",\"id\":1,\"method\":\"ping\"} {" V ",\"id\":2,\"method\":\"ping\"}", C,
		MESSAGE_REFUSED, RPC_PARSE, "", false },
};

/* Which member sets are which kind. */
static const struct row members[] = {
	{ "{\"id\":1,\"method\":\"ping\"}", C, MESSAGE_REFUSED, RPC_INVALID, "=1", false },
	{ "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", C, MESSAGE_REFUSED, RPC_INVALID,
		"=1", false },
	{ "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"ping\"}", C, MESSAGE_REFUSED, RPC_INVALID, "=1",
		false },
	{ "{" V ",\"id\":1,\"method\":\"ping\",\"result\":{}}", C, MESSAGE_REFUSED, RPC_INVALID,
		"=1", false },
	{ "{" V ",\"id\":1,\"method\":\"ping\",\"error\":{}}", S, MESSAGE_REFUSED, RPC_INVALID,
		"=1", false },
	{ "{" V ",\"id\":1}", C, MESSAGE_REFUSED, RPC_INVALID, "=1", false },
	/* That id is one of the other side: an error that carries it would answer somebody else. */
	{ "{" V ",\"id\":1,\"result\":{},\"error\":{}}", C, MESSAGE_REFUSED, RPC_INVALID, "",
		false },
	{ "{" V ",\"id\":1,\"result\":{},\"params\":{}}", S, MESSAGE_REFUSED, RPC_INVALID, "",
		false },
	{ "{" V ",\"id\":1,\"result\":{\"a\":1,\"a\":2}}", C, MESSAGE_REFUSED, RPC_PARSE, "",
		false },
	{ "{" V ",\"result\":{}}", S, MESSAGE_REFUSED, RPC_INVALID, "", false },
	{ "{" V ",\"id\":null,\"result\":{}}", S, MESSAGE_REFUSED, RPC_INVALID, "", false },
	{ "{" V ",\"id\":1,\"method\":7}", C, MESSAGE_REFUSED, RPC_INVALID, "=1", false },
	{ "{" V ",\"id\":1,\"method\":\"ping\",\"params\":[]}", C, MESSAGE_REFUSED, RPC_PARAMS,
		"=1", false },
	{ "{" V ",\"id\":1,\"method\":\"ping\",\"params\":null}", C, MESSAGE_REFUSED, RPC_PARAMS,
		"=1", false },
	{ "{" V ",\"id\":1,\"method\":\"tools/call\"}", C, MESSAGE_REFUSED, RPC_PARAMS, "=1",
		false },
	{ "{" V ",\"id\":1,\"method\":\"tools/call\",\"params\":{}}", C, MESSAGE_REFUSED,
		RPC_PARAMS, "=1", false },
	{ "{" V ",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":1}}", C, MESSAGE_REFUSED,
		RPC_PARAMS, "=1", false },
	{ "{" V ",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"x\",\"arguments\":[]}}",
		C, MESSAGE_REFUSED, RPC_PARAMS, "=1", false },
	/* Nested duplicates: JavaScript takes the last, cJSON the first; the refusal still names
	   the id. */
	{ "{" V
	  ",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"sum\",\"name\":\"echo\"}}",
		C, MESSAGE_REFUSED, RPC_PARSE, "=1", false },
	{ "{" V
	  ",\"method\":\"tools/call\",\"params\":{\"a\":[{\"b\":1,\"\\u0062\":2}]},\"id\":\"z\"}",
		C, MESSAGE_REFUSED, RPC_PARSE, "=z", false },
	{ "{" V ",\"id\":1,\"id\":2,\"method\":\"ping\"}", C, MESSAGE_REFUSED, RPC_PARSE, "",
		false },
	{ "{" V ",\"id\":1,\"id\":2,\"result\":{}}", S, MESSAGE_REFUSED, RPC_PARSE, "", false },
	{ "{" V ",\"id\":1,\"result\":{\"a\":1,\"a\":2}}", S, MESSAGE_RESPONSE, 0, "=1", false },
	{ "{" V ",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"safe\\u0000evil\"}}", C,
		MESSAGE_REFUSED, RPC_PARSE, "=1", false },
	{ "{" V ",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"\\ud800\"}}", C,
		MESSAGE_REFUSED, RPC_PARSE, "=1", false },
};

/* A reader that folds case would see other members than we do. */
static const struct row cases[] = {
	{ "{" V ",\"id\":1,\"Method\":\"ping\"}", C, MESSAGE_REFUSED, RPC_INVALID, "=1", false },
	{ "{" V ",\"id\":1,\"method\":\"ping\",\"METHOD\":\"tools/call\"}", C, MESSAGE_REFUSED,
		RPC_INVALID, "=1", false },
	{ "{" V ",\"ID\":2,\"method\":\"ping\",\"id\":1}", C, MESSAGE_REFUSED, RPC_INVALID, "=1",
		false },
	{ "{" V ",\"Id\":2,\"method\":\"ping\"}", C, MESSAGE_REFUSED, RPC_INVALID, "", false },
	{ "{" V ",\"id\":1,\"method\":\"ping\",\"JsonRpc\":\"2.0\"}", C, MESSAGE_REFUSED,
		RPC_INVALID, "=1", false },
	{ "{" V ",\"id\":1,\"method\":\"ping\",\"j\\u017fonrpc\":\"2.0\"}", C, MESSAGE_REFUSED,
		RPC_INVALID, "=1", false },
	{ "{" V ",\"id\":1,\"method\":\"ping\",\"param\u017f\":{}}", C, MESSAGE_REFUSED,
		RPC_INVALID, "=1", false },
	{ "{" V ",\"id\":1,\"re\\u017fult\":{}}", S, MESSAGE_REFUSED, RPC_INVALID, "=1", false },
	{ "{" V ",\"id\":1,\"method\":\"tools/call\",\"params\":{\"Name\":\"a\",\"name\":\"b\"}}",
		C, MESSAGE_REFUSED, RPC_PARAMS, "=1", false },
	{ "{" V
	  ",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"b\",\"argument\u017f\":{}}}",
		C, MESSAGE_REFUSED, RPC_PARAMS, "=1", false },
	{ "{" V ",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"b\",\"tas\u212a\":{}}}",
		C, MESSAGE_REFUSED, RPC_PARAMS, "=1", false },
	{ "{" V ",\"id\":1,\"method\":\"tools/"
	  "call\",\"params\":{\"name\":\"b\",\"_meta\":{\"progressTo\\u212aen\":1}}}",
		C, MESSAGE_REFUSED, RPC_PARAMS, "=1", false },
	{ "{" V ",\"id\":1,\"method\":\"tools/"
	  "call\",\"params\":{\"name\":\"b\",\"arguments\":{\"Name\":1}}}",
		C, MESSAGE_REQUEST, 0, "=1", false },
	{ "{" V ",\"id\":1,\"m\\u0065thod\":\"ping\"}", C, MESSAGE_REQUEST, 0, "=1", false },
};

static const struct row ids[] = {
	{ "{" V ",\"id\":-1,\"method\":\"ping\"}", C, MESSAGE_REQUEST, 0, "=-1", false },
	{ "{" V ",\"id\":\"\",\"method\":\"ping\"}", C, MESSAGE_REQUEST, 0, "=", false },
	{ "{" V ",\"id\":\"2\",\"method\":\"ping\"}", C, MESSAGE_REQUEST, 0, "=2", false },
	{ "{" V ",\"id\":2,\"method\":\"ping\"}", C, MESSAGE_REQUEST, 0, "=2", false },
	{ "{" V ",\"id\":\"\\u0032\",\"method\":\"ping\"}", C, MESSAGE_REQUEST, 0, "=2", false },
	{ "{" V ",\"id\":\"a\\u00e9\",\"method\":\"ping\"}", C, MESSAGE_REQUEST, 0, "=a\u00e9",
		false },
	{ "{" V ",\"id\":\"a\u00e9\",\"result\":{}}", S, MESSAGE_RESPONSE, 0, "=a\u00e9", false },
	{ "{" V ",\"id\":9007199254740991,\"method\":\"ping\"}", C, MESSAGE_REQUEST, 0,
		"=9007199254740991", false },
	{ "{" V ",\"id\":9007199254740992,\"method\":\"ping\"}", C, MESSAGE_REFUSED, RPC_INVALID,
		"", false },
	{ "{" V ",\"id\":9007199254740993,\"method\":\"ping\"}", C, MESSAGE_REFUSED, RPC_INVALID,
		"", false },
	{ "{" V ",\"id\":12345678901234567890,\"method\":\"ping\"}", C, MESSAGE_REFUSED,
		RPC_INVALID, "", false },
	{ "{" V ",\"id\":-0,\"method\":\"ping\"}", C, MESSAGE_REFUSED, RPC_INVALID, "", false },
	{ "{" V ",\"id\":1.0,\"method\":\"ping\"}", C, MESSAGE_REFUSED, RPC_INVALID, "", false },
	{ "{" V ",\"id\":1.5,\"method\":\"ping\"}", C, MESSAGE_REFUSED, RPC_INVALID, "", false },
	{ "{" V ",\"id\":1e0,\"method\":\"ping\"}", C, MESSAGE_REFUSED, RPC_INVALID, "", false },
	{ "{" V ",\"id\":null,\"method\":\"ping\"}", C, MESSAGE_REFUSED, RPC_INVALID, "", false },
	{ "{" V ",\"id\":true,\"method\":\"ping\"}", C, MESSAGE_REFUSED, RPC_INVALID, "", false },
	{ "{" V ",\"id\":[1],\"method\":\"ping\"}", C, MESSAGE_REFUSED, RPC_INVALID, "", false },
	{ "{" V ",\"id\":{},\"method\":\"ping\"}", C, MESSAGE_REFUSED, RPC_INVALID, "", false },
	{ "{" V ",\"id\":null,\"method\":\"x\",\"error\":{}}", S, MESSAGE_REFUSED, RPC_INVALID, "",
		false },
	{ "{\"jsonrpc\":\"1\",\"id\":[1],\"method\":\"ping\"}", C, MESSAGE_REFUSED, RPC_INVALID, "",
		false },
	{ "{" V ",\"id\":{},\"method\":\"ping\",\"Id\":1}", C, MESSAGE_REFUSED, RPC_INVALID, "",
		false },
	{ "{" V ",\"id\":\"a\\u0000\",\"result\":{}}", S, MESSAGE_REFUSED, RPC_PARSE, "", false },
};

static const struct row eras[] = {
	{ "{" V ",\"id\":1,\"method\":\"tools/list\",\"params\":{" ENVELOPE("2026-07-28") "}}", C,
		MESSAGE_REQUEST, 0, "=1", true },
	{ "{" V ",\"id\":1,\"method\":\"tools/list\",\"params\":{" ENVELOPE("2027-01-01") "}}", C,
		MESSAGE_REQUEST, 0, "=1", true },
	{ "{" V ",\"id\":1,\"method\":\"server/discover\",\"params\":{" ENVELOPE("2026-07-28") "}}",
		C, MESSAGE_REQUEST, 0, "=1", true },
	{ "{" V ",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1," ENVELOPE(
		  "2026-07-28") "}}",
		C, MESSAGE_NOTIFICATION, 0, "", true },
	{ "{" V ",\"id\":1,\"method\":\"tools/list\",\"params\":{" ENVELOPE("2025-11-25") "}}", C,
		MESSAGE_REQUEST, 0, "=1", false },
	{ "{" V ",\"id\":1,\"method\":\"tools/list\",\"params\":{" ENVELOPE("2026-07-28x") "}}", C,
		MESSAGE_REQUEST, 0, "=1", false },
	{ "{" V ",\"id\":1,\"method\":\"tools/list\",\"params\":{" ENVELOPE("") "}}", C,
		MESSAGE_REQUEST, 0, "=1", false },
	/* The version that counts is the one in the envelope, and initialize is always of the old
	   era. */
	{ "{" V
	  ",\"id\":1,\"method\":\"tools/list\",\"params\":{\"protocolVersion\":\"2026-07-28\"}}",
		C, MESSAGE_REQUEST, 0, "=1", false },
	{ "{" V ",\"id\":1,\"method\":\"initialize\",\"params\":{" ENVELOPE("2026-07-28") "}}", C,
		MESSAGE_REQUEST, 0, "=1", false },
	{ "{" V ",\"id\":1,\"method\":\"tools/list\",\"params\":{\"_meta\":\"2026-07-28\"}}", C,
		MESSAGE_REQUEST, 0, "=1", false },
	{ "{" V
	  ",\"id\":1,\"method\":\"tools/list\",\"params\":{\"_meta\":{\"io.modelcontextprotocol/"
	  "ProtocolVersion\":"
	  "\"2026-07-28\"}}}",
		C, MESSAGE_REFUSED, RPC_PARAMS, "=1", false },
};

/* A reader that ends lines at a carriage return would find a whole message between two of them. */
static const struct row returns[] = {
	{ "{" V ",\"id\":1,\"method\":\"ping\",\"params\":\r{" V
	  ",\"id\":9,\"method\":\"tools/call\"}\r}",
		C, MESSAGE_REFUSED, RPC_INVALID, "=1", false },
	{ "\r{" V ",\"id\":1,\"method\":\"ping\"}", C, MESSAGE_REFUSED, RPC_INVALID, "=1", false },
	{ "{" V ",\"id\":1,\"method\":\"ping\"}\r\r", C, MESSAGE_REFUSED, RPC_INVALID, "=1",
		false },
	{ "{" V ",\"id\":1,\"result\":\r{" V ",\"id\":9,\"result\":{}}\r}", S, MESSAGE_REFUSED,
		RPC_INVALID, "", false },
	{ "{" V ",\"id\":1,\"method\":\"ping\",\"params\":{\"a\":\"\\r\"}}", C, MESSAGE_REQUEST, 0,
		"=1", false },
};

static const struct row noise[] = {
	{ "Server listening on port 1", S, MESSAGE_NOISE, 0, "", false },
	{ "  warn: deprecated", S, MESSAGE_NOISE, 0, "", false },
	{ "null", S, MESSAGE_NOISE, 0, "", false },
	{ "\"text\"", S, MESSAGE_NOISE, 0, "", false },
	{ "Server listening", C, MESSAGE_REFUSED, RPC_PARSE, "", false },
	/* What a reader of value after value, or one that ends lines elsewhere, would take for a
	   message. */
	{ "0 {" V ",\"id\":1,\"result\":{}}", S, MESSAGE_REFUSED, RPC_PARSE, "", false },
	{ "null{" V ",\"id\":1,\"result\":{}}", S, MESSAGE_REFUSED, RPC_PARSE, "", false },
	{ "log\r{" V ",\"id\":1,\"result\":{}}", S, MESSAGE_REFUSED, RPC_PARSE, "", false },
	{ "{ not json", S, MESSAGE_REFUSED, RPC_PARSE, "", false },
	{ "[INFO] started", S, MESSAGE_REFUSED, RPC_PARSE, "", false },
	{ "\xef\xbb\xbf{" V ",\"id\":1,\"result\":{}}", S, MESSAGE_REFUSED, RPC_PARSE, "", false },
	{ "\x1b[32mok", S, MESSAGE_REFUSED, RPC_PARSE, "", false },
	{ "\xc2\xa0{" V ",\"id\":1,\"result\":{}}", S, MESSAGE_REFUSED, RPC_PARSE, "", false },
	{ "\x0b{" V ",\"id\":1,\"result\":{}}", S, MESSAGE_REFUSED, RPC_PARSE, "", false },
};

static void check_row(const struct row *row, const struct message *m)
{
	if (m->kind != row->kind || m->code != row->code || strcmp(m->key, row->key) != 0 ||
		m->modern != row->modern) {
		print_error("%s\n  kind %d code %d key %s modern %d: %s\n", row->line, m->kind,
			m->code, m->key, m->modern, m->why ? m->why : "");
		fail();
	}
	bool refused = m->kind == MESSAGE_REFUSED || m->kind == MESSAGE_BATCH;
	assert_true(refused == (m->why != NULL));
	assert_true(!m->key[0] || m->id.at);
	assert_true(m->kind != MESSAGE_REFUSED || !m->id.at == !m->key[0]);
}

static void check_rows(const struct row *rows, size_t count)
{
	struct json_scan scan = { 0 };
	for (size_t i = 0; i < count; i++) {
		struct message m;
		message_parse(&m, &scan, span_of(rows[i].line), rows[i].from);
		check_row(&rows[i], &m);
	}
	json_finish(&scan);
}

static void table_test(void **state)
{
	(void)state;
	check_rows(shapes, COUNT_OF(shapes));
	check_rows(members, COUNT_OF(members));
	check_rows(cases, COUNT_OF(cases));
	check_rows(ids, COUNT_OF(ids));
	check_rows(eras, COUNT_OF(eras));
	check_rows(returns, COUNT_OF(returns));
	check_rows(noise, COUNT_OF(noise));
}

/* The broker's wire is JSON-RPC without MCP's meanings, and as strict. */
static void frame_test(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "{" V ",\"id\":1,\"method\":\"submit\",\"params\":{\"Name\":1}}", C,
			MESSAGE_REQUEST, 0, "=1", false },
		{ "{" V ",\"id\":1,\"method\":\"tools/call\"}", C, MESSAGE_REQUEST, 0, "=1",
			false },
		{ "{" V ",\"method\":\"kept\"}", C, MESSAGE_NOTIFICATION, 0, "", false },
		{ "{" V ",\"id\":1,\"result\":{}}", C, MESSAGE_RESPONSE, 0, "=1", false },
		{ "", C, MESSAGE_BLANK, 0, "", false },
		{ "noise", C, MESSAGE_REFUSED, RPC_PARSE, "", false },
		{ "[]", C, MESSAGE_REFUSED, RPC_INVALID, "", false },
		{ "{" V ",\"id\":1,\"method\":\"x\",\"params\":[]}", C, MESSAGE_REFUSED, RPC_PARAMS,
			"=1", false },
		{ "{" V ",\"id\":{},\"method\":\"x\"}", C, MESSAGE_REFUSED, RPC_INVALID, "",
			false },
		{ "{\"id\":[1],\"method\":\"x\"}", C, MESSAGE_REFUSED, RPC_INVALID, "", false },
		{ "{" V ",\"id\":1,\"method\":\"x\",\"Method\":\"y\"}", C, MESSAGE_REFUSED,
			RPC_INVALID, "=1", false },
	};
	struct json_scan scan = { 0 };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct message m;
		message_parse_frame(&m, &scan, span_of(rows[i].line));
		check_row(&rows[i], &m);
	}
	json_finish(&scan);
}

static void nul_test(void **state)
{
	(void)state;
	struct json_scan scan = { 0 };
	struct message m;
	message_parse(&m, &scan, SPAN("\0"), METHOD_SERVER);
	assert_int_equal(m.kind, MESSAGE_REFUSED);
	message_parse(&m, &scan, SPAN("{" V ",\"id\":1,\"method\":\"ping\"}\0"), METHOD_CLIENT);
	assert_int_equal(m.kind, MESSAGE_REFUSED);
	json_finish(&scan);
}

static void method_test(void **state)
{
	(void)state;
	static const struct {
		const char *line, *name;
		enum method_action action;
	} rows[] = {
		{ "{" V ",\"id\":1,\"method\":\"tools\\/call\",\"params\":{\"name\":\"x\"}}",
			"tools/call", METHOD_GATE },
		{ "{" V ",\"id\":1,\"method\":\"tools\\u002fcall\",\"params\":{\"name\":\"x\"}}",
			"tools/call", METHOD_GATE },
		{ "{" V ",\"id\":1,\"method\":\"Tools/call\"}", "Tools/call", METHOD_GATE },
		{ "{" V ",\"id\":1,\"method\":\"\"}", "", METHOD_GATE },
		{ "{" V ",\"id\":1,\"method\":\"notifications/initialized\"}",
			"notifications/initialized", METHOD_GATE },
		{ "{" V ",\"method\":\"tools/call\",\"params\":{\"name\":\"x\"}}", "tools/call",
			METHOD_REFUSE },
		{ "{" V ",\"method\":\"ping\"}", "ping", METHOD_REFUSE },
		{ "{" V ",\"id\":1,\"method\":\"p\\u0069ng\"}", "ping", METHOD_PASS },
	};
	struct json_scan scan = { 0 };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct message m;
		message_parse(&m, &scan, span_of(rows[i].line), METHOD_CLIENT);
		assert_true(m.kind == MESSAGE_REQUEST || m.kind == MESSAGE_NOTIFICATION);
		assert_string_equal(m.method_name, rows[i].name);
		assert_int_equal(m.entry->action, rows[i].action);
	}
	json_finish(&scan);
}

static void long_method_test(void **state)
{
	(void)state;
	struct json_scan scan = { 0 };
	for (size_t n = MESSAGE_METHOD - 2; n < MESSAGE_METHOD + 2; n++) {
		struct buf line = { 0 };
		buf_text(&line, "{" V ",\"id\":1,\"method\":\"");
		for (size_t i = 0; i < n; i++) {
			buf_char(&line, 'm');
		}
		buf_text(&line, "\"}");
		struct message m;
		message_parse(&m, &scan, buf_view(&line), METHOD_CLIENT);
		assert_int_equal(m.kind, n < MESSAGE_METHOD ? MESSAGE_REQUEST : MESSAGE_REFUSED);
		buf_finish(&line);
	}
	json_finish(&scan);
}

static void key_of(char fill, size_t n, char last, char key[MESSAGE_KEY])
{
	struct buf id = { 0 };
	buf_char(&id, '"');
	for (size_t i = 0; i + 1 < n; i++) {
		buf_char(&id, fill);
	}
	buf_char(&id, last);
	buf_char(&id, '"');
	assert_true(message_key(buf_view(&id), key));
	buf_finish(&id);
}

static void long_id_test(void **state)
{
	(void)state;
	char one[MESSAGE_KEY], other[MESSAGE_KEY];
	for (size_t n = MESSAGE_KEY - 4; n < MESSAGE_KEY + 4; n++) {
		key_of('a', n, 'x', one);
		key_of('a', n, 'y', other);
		assert_string_not_equal(one, other);
		assert_int_equal(strlen(one), n <= MESSAGE_KEY - 2 ? n + 1 : 65);
	}
	key_of('a', 100000, 'x', one);
	assert_int_equal(one[0], '#');
	/* The text of a hashed key is no id that hashes to itself. */
	struct buf id = { 0 };
	buf_printf(&id, "\"%s\"", one);
	assert_true(message_key(buf_view(&id), other));
	assert_string_not_equal(one, other);
	buf_finish(&id);
}

static void check_span(struct span have, const char *expected)
{
	if (!expected) {
		assert_null(have.at);
		return;
	}
	assert_non_null(have.at);
	assert_true(span_is(have, expected));
}

static void token_test(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		enum method_from from;
		const char *token;
	} rows[] = {
		{ "{" V ",\"id\":1,\"method\":\"tools/"
		  "list\",\"params\":{\"_meta\":{\"progressToken\":0}}}",
			C, "0" },
		{ "{" V ",\"id\":1,\"method\":\"tools/"
		  "list\",\"params\":{\"_meta\":{\"progressToken\":\"\\u0061\"}}}",
			C, "\"\\u0061\"" },
		{ "{" V ",\"id\":1,\"method\":\"tools/list\",\"params\":{\"progressToken\":5}}", C,
			NULL },
		{ "{" V ",\"id\":1,\"method\":\"tools/list\"}", C, NULL },
		{ "{" V ",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":5}}",
			S, "5" },
		/* The token that the client reads is that of params: another beside it must not
		   hide it. */
		{ "{" V ",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":5,"
		  "\"_meta\":{\"progressToken\":6}}}",
			S, "5" },
	};
	struct json_scan scan = { 0 };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct message m;
		message_parse(&m, &scan, span_of(rows[i].line), rows[i].from);
		check_span(m.progress_token, rows[i].token);
	}
	json_finish(&scan);
}

static void client_test(void **state)
{
	(void)state;
	struct json_scan scan = { 0 };
	struct message m;
	message_parse(&m, &scan,
		SPAN("{" V ",\"id\":0,\"method\":\"initialize\",\"params\":{\"clientInfo\":{"
		     "\"name\":\"a\"},"
		     "\"capabilities\":"
		     "{},\"protocolVersion\":\"2025-11-25\",\"_meta\":{\"io.modelcontextprotocol/"
		     "clientInfo\":{}}}}"),
		METHOD_CLIENT);
	check_span(m.client_info, "{\"name\":\"a\"}");
	check_span(m.capabilities, "{}");
	check_span(m.version, "\"2025-11-25\"");
	message_parse(&m, &scan,
		SPAN("{" V ",\"id\":0,\"method\":\"tools/"
		     "call\",\"params\":{\"name\":\"n\",\"clientInfo\":1,\"_meta\":{"
		     "\"io.modelcontextprotocol/clientInfo\":{},\"io.modelcontextprotocol/"
		     "clientCapabilities\":{\"x\":1}}}}"),
		METHOD_CLIENT);
	check_span(m.client_info, "{}");
	check_span(m.capabilities, "{\"x\":1}");
	json_finish(&scan);
}

static const char full_line[] =
	"{\"params\":{\"name\":\"n\",\"arguments\":{\"a\":1},\"uri\":\"u\",\"task\":{},\"cursor\":"
	"\"c\","
	"\"requestId\":9,\"requestState\":\"s\",\"_meta\":{\"progressToken\":0,"
	"\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
	"\"io.modelcontextprotocol/clientInfo\":{\"name\":\"x\"},"
	"\"io.modelcontextprotocol/clientCapabilities\":{}}},\"id\":\"i\","
	"\"method\":\"tools/call\"," V "}\r";

/* Spans are compared as bytes after the first copy is gone: one that was forgotten points into
 * freed memory. */
static void rebase_test(void **state)
{
	(void)state;
	struct json_scan scan = { 0 };
	struct message m;
	char *first = xstrdup(full_line), *second = xstrdup(full_line);
	message_parse(&m, &scan, span_of(first), METHOD_CLIENT);
	assert_int_equal(m.kind, MESSAGE_REQUEST);
	message_rebase(&m, second);
	memset(first, '?', strlen(first));
	free(first);
	const struct {
		struct span have;
		const char *expected;
	} rows[] = {
		{ m.line, full_line },
		{ m.id, "\"i\"" },
		{ m.method, "\"tools/call\"" },
		{ m.name, "\"n\"" },
		{ m.arguments, "{\"a\":1}" },
		{ m.uri, "\"u\"" },
		{ m.task, "{}" },
		{ m.cursor, "\"c\"" },
		{ m.request_id, "9" },
		{ m.request_state, "\"s\"" },
		{ m.progress_token, "0" },
		{ m.version, "\"2026-07-28\"" },
		{ m.client_info, "{\"name\":\"x\"}" },
		{ m.capabilities, "{}" },
		{ m.result, NULL },
		{ m.error, NULL },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		check_span(rows[i].have, rows[i].expected);
	}
	assert_true(m.params.at > second && m.params.at < second + strlen(second));
	assert_true(m.meta.at > second && m.meta.at < second + strlen(second));
	free(second);
	json_finish(&scan);
}

static void rebase_answer_test(void **state)
{
	(void)state;
	struct json_scan scan = { 0 };
	struct message m;
	const char one[] = "{" V ",\"id\":1,\"result\":{\"a\":1}}",
		   two[] = "{" V ",\"id\":1,\"error\":{\"b\":1}}";
	char *copy = xstrdup(one);
	message_parse(&m, &scan, span_of(one), METHOD_SERVER);
	message_rebase(&m, copy);
	check_span(m.result, "{\"a\":1}");
	assert_ptr_equal(m.result.at, strstr(copy, "{\"a"));
	free(copy);
	copy = xstrdup(two);
	message_parse(&m, &scan, span_of(two), METHOD_SERVER);
	message_rebase(&m, copy);
	assert_ptr_equal(m.error.at, strstr(copy, "{\"b"));
	free(copy);
	json_finish(&scan);
}

static void splice_test(void **state)
{
	(void)state;
	static const struct {
		size_t at, len;
		const char *bytes, *expected;
	} rows[] = {
		{ 0, 0, "", "abcdef" },
		{ 0, 0, "X", "Xabcdef" },
		{ 6, 0, "X", "abcdefX" },
		{ 2, 2, "", "abef" },
		{ 0, 6, "", "" },
		{ 0, 6, "longer than before", "longer than before" },
		{ 5, 1, "YZ", "abcdeYZ" },
	};
	struct span line = SPAN("abcdef");
	struct buf out = { 0 };
	buf_text(&out, "left over");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		message_splice(line, (struct span){ line.at + rows[i].at, rows[i].len },
			span_of(rows[i].bytes), &out);
		assert_string_equal(buf_cstr(&out), rows[i].expected);
	}
	buf_finish(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_test),
		cmocka_unit_test(frame_test),
		cmocka_unit_test(nul_test),
		cmocka_unit_test(method_test),
		cmocka_unit_test(long_method_test),
		cmocka_unit_test(long_id_test),
		cmocka_unit_test(token_test),
		cmocka_unit_test(client_test),
		cmocka_unit_test(rebase_test),
		cmocka_unit_test(rebase_answer_test),
		cmocka_unit_test(splice_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
