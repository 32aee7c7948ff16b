/* What our small MCP server says to each line, to the byte. */
#include "config.h"

#include "core/serve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ENVELOPE(version) \
	"\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"" version "\"," \
	"\"io.modelcontextprotocol/clientCapabilities\":{}}"
#define MODERN ENVELOPE("2026-07-28")
#define ASK(id, method, params) \
	"{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"" method "\",\"params\":{" params "}}"
#define RESULT(id, members) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"result\":{" members "}}\n"
#define ERROR(id, code, words) \
	"{\"jsonrpc\":\"2.0\",\"id\":" id ",\"error\":{\"code\":" code ",\"message\":\"" words \
	"\"}}\n"
#define SERVER \
	"\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"s\",\"version\":" \
	"\"" PACKAGE_VERSION "\"}"
#define KEEP "\"ttlMs\":3600000,\"cacheScope\":\"private\""

static const struct {
	const char *line, *said;
	enum serve_next next;
} rows[] = {
	{ ASK("0", "initialize", "\"protocolVersion\":\"2025-06-18\""),
		RESULT("0", "\"protocolVersion\":\"2025-06-18\"," SERVER), SERVE_DONE },
	{ ASK("0", "initialize", "\"protocolVersion\":\"1999-01-01\""),
		RESULT("0", "\"protocolVersion\":\"2025-11-25\"," SERVER), SERVE_DONE },
	{ ASK("0", "initialize", ""), RESULT("0", "\"protocolVersion\":\"2025-11-25\"," SERVER),
		SERVE_DONE },
	{ ASK("\"a\"", "tools/list", ""), RESULT("\"a\"", "\"tools\":[7]"), SERVE_DONE },
	{ ASK("1", "ping", ""), RESULT("1", ""), SERVE_DONE },
	{ ASK("1", "server/discover", ""), ERROR("1", "-32601", "Method not found"), SERVE_DONE },
	{ ASK("1", "prompts/list", ""), ERROR("1", "-32601", "Method not found"), SERVE_DONE },
	{ ASK("1", "tools/call", "\"name\":\"x\""), "", SERVE_CALL },
	{ ASK("1", "tools/call", "\"name\":7"),
		ERROR("1", "-32602", "params.name must be a string"), SERVE_DONE },
	/* of the modern era */
	{ ASK("1", "server/discover", MODERN),
		RESULT("1",
			"\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"]," SERVER
			"," KEEP),
		SERVE_DONE },
	{ ASK("1", "tools/list", MODERN),
		RESULT("1", "\"resultType\":\"complete\",\"tools\":[7]," KEEP), SERVE_DONE },
	{ ASK("1", "ping", MODERN), ERROR("1", "-32601", "Method not found"), SERVE_DONE },
	{ ASK("1", "tools/call", "\"name\":\"x\"," MODERN), "", SERVE_CALL },
	{ ASK("1", "tools/call", "\"name\":\"x\"," ENVELOPE("2027-01-01")),
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32022,\"message\":"
		"\"Unsupported "
		"protocol version\",\"data\":{\"supported\":[\"2026-07-28\"],\"requested\":"
		"\"2027-01-01\"}}}\n",
		SERVE_DONE },
	{ ASK("1", "tools/call",
		  "\"name\":\"x\",\"_meta\":{\"io.modelcontextprotocol/"
		  "protocolVersion\":\"2026-07-28\"}"),
		ERROR("1", "-32602", "_meta lacks io.modelcontextprotocol/clientCapabilities"),
		SERVE_DONE },
	/* what is no request */
	{ "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}"
	  "}",
		"", SERVE_CANCEL },
	{ "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{}}", "",
		SERVE_DONE },
	{ "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", "", SERVE_DONE },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", "", SERVE_DONE },
	{ "", "", SERVE_DONE },
	{ "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
		"{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32600,\"message\":\"id must be a string "
		"or an "
		"integer within 2^53-1\"}}\n",
		SERVE_DONE },
	{ "[{\"id\":1}]",
		"[{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32600,\"message\":\"batches "
		"are not "
		"accepted; send one message a line\"}}]\n",
		SERVE_DONE },
};

static void each_line_has_its_answer(void **state)
{
	static const struct serve_offer offer = { .name = "s", .tools = { "[7]", 3 } };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct json_scan scan = { 0 };
		struct message m;
		struct buf out = { 0 };
		message_parse(&m, &scan, span_of(rows[i].line), METHOD_CLIENT);
		assert_int_equal(serve_line(&offer, &scan, &m, &out), rows[i].next);
		assert_string_equal(buf_cstr(&out), rows[i].said);
		buf_finish(&out);
		json_finish(&scan);
	}
}

static void a_text_is_a_whole_result(void **state)
{
	struct buf out = { 0 };
	(void)state;
	serve_text(&out, SPAN("1"), SPAN("a\"\n"));
	assert_string_equal(buf_cstr(&out),
		RESULT("1",
			"\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":"
			"\"a\\\"\\n\"}"
			"]"));
	buf_finish(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_has_its_answer),
		cmocka_unit_test(a_text_is_a_whole_result),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
