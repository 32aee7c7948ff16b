/* The exact lines that stand in for a server's answer, and the words that agents read. */
#include "config.h"

#include "core/refusal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define V "\"jsonrpc\":\"2.0\""
#define TOOL_RESULT(words) \
	"\"result\":{\"resultType\":\"complete\",\"isError\":true,\"content\":[{\"type\":" \
	"\"text\",\"text\":" \
	"\"" words "\"}]}}\n"
#define DENIED(words) "\"error\":{\"code\":4030,\"message\":\"" words "\"}}\n"

/* Every line is one valid JSON text, whatever went in. */
static void check_line(struct buf *out, const char *expected)
{
	struct json_scan scan = { 0 };
	assert_true(out->len > 1 && memchr(out->data, '\n', out->len) == out->data + out->len - 1);
	assert_true(json_validate(&scan, (struct span){ out->data, out->len - 1 }, JSON_STRICT));
	assert_string_equal(buf_cstr(out), expected);
	json_finish(&scan);
	buf_clear(out);
}

static void error_test(void **state)
{
	(void)state;
	struct buf out = { 0 };
	refusal_error(&out, SPAN("7"), RPC_PARSE, "no \"JSON\"\n");
	check_line(&out,
		"{" V
		",\"id\":7,\"error\":{\"code\":-32700,\"message\":\"no \\\"JSON\\\"\\n\"}}\n");
	refusal_error(&out, SPAN("\"a\\u00e9\""), RPC_INVALID, "x");
	check_line(&out,
		"{" V ",\"id\":\"a\\u00e9\",\"error\":{\"code\":-32600,\"message\":\"x\"}}\n");
	refusal_error(&out, (struct span){ 0 }, RPC_PARAMS, "x");
	check_line(&out, "{" V ",\"error\":{\"code\":-32602,\"message\":\"x\"}}\n");
	buf_text(&out, "before\n"); /* appends */
	refusal_error(&out, SPAN("0"), -1, "");
	assert_string_equal(buf_cstr(&out),
		"before\n{" V ",\"id\":0,\"error\":{\"code\":-1,\"message\":\"\"}}\n");
	buf_finish(&out);
}

#define ONE(id) "{" V ",\"id\":" id ",\"error\":{\"code\":-32600,\"message\":\"no\"}}"

static void batch_test(void **state)
{
	(void)state;
	static const struct {
		const char *array, *expected;
	} rows[] = {
		{ "[]", "{" V ",\"error\":{\"code\":-32600,\"message\":\"no\"}}\n" },
		{ "[1,null,[{\"id\":1}],{\"method\":\"x\"},{\"id\":null},{\"id\":1.5}]",
			"{" V ",\"error\":{\"code\":-32600,\"message\":\"no\"}}\n" },
		{ "[{\"id\":1}]", "[" ONE("1") "]\n" },
		{ " [ {\"id\":1} , {\"x\":{\"id\":9},\"id\":\"\\u0062\"} , {\"ID\":3} ] ",
			"[" ONE("1") "," ONE("\"\\u0062\"") "]\n" },
	};
	struct buf out = { 0 };
	struct json_scan scan = { 0 };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		assert_true(json_validate(&scan, span_of(rows[i].array), JSON_STRICT));
		refusal_batch(&out, scan.value, "no");
		check_line(&out, rows[i].expected);
	}
	struct buf many = { 0 };
	buf_char(&many, '[');
	for (int i = 0; i < 1000; i++) {
		buf_printf(&many, "%s{\"id\":%d}", i ? "," : "", i);
	}
	buf_char(&many, ']');
	refusal_batch(&out, buf_view(&many), "no");
	assert_true(json_validate(&scan, (struct span){ out.data, out.len - 1 }, JSON_STRICT));
	assert_true(out.len < 64 * 100);
	buf_finish(&many);
	json_finish(&scan);
	buf_finish(&out);
}

static void answer_test(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		enum method_from from;
		const char *expected;
	} rows[] = {
		{ "{" V ",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"x\"}}",
			METHOD_CLIENT, "{" V ",\"id\":1," TOOL_RESULT("no\\u0001w") },
		{ "{" V ",\"id\":\"a\\/b\",\"method\":\"tools/"
		  "call\",\"params\":{\"name\":\"x\",\"_meta\":{"
		  "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}}",
			METHOD_CLIENT, "{" V ",\"id\":\"a\\/b\"," TOOL_RESULT("no\\u0001w") },
		/* A call that asked for a task expects one as its result: only an error is
		   understood. */
		{ "{" V ",\"id\":1,\"method\":\"tools/"
		  "call\",\"params\":{\"name\":\"x\",\"task\":{\"ttl\":1}}}",
			METHOD_CLIENT, "{" V ",\"id\":1," DENIED("no\\u0001w") },
		{ "{" V ",\"id\":1,\"method\":\"resources/read\",\"params\":{\"uri\":\"x:\"}}",
			METHOD_CLIENT, "{" V ",\"id\":1," DENIED("no\\u0001w") },
		{ "{" V ",\"id\":1,\"method\":\"vendor/x\"}", METHOD_CLIENT,
			"{" V ",\"id\":1," DENIED("no\\u0001w") },
		{ "{" V ",\"id\":1,\"method\":\"sampling/createMessage\",\"params\":{}}",
			METHOD_SERVER,
			"{" V ",\"id\":1,\"error\":{\"code\":-1,\"message\":\"User rejected "
			"sampling request\"}}\n" },
		{ "{" V ",\"id\":1,\"method\":\"elicitation/create\",\"params\":{}}", METHOD_SERVER,
			"{" V ",\"id\":1,\"result\":{\"action\":\"decline\"}}\n" },
	};
	struct buf out = { 0 };
	struct json_scan scan = { 0 };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct message m;
		message_parse(&m, &scan, span_of(rows[i].line), rows[i].from);
		assert_int_equal(m.kind, MESSAGE_REQUEST);
		refusal_answer(&out, &m, m.id, "no\001w");
		check_line(&out, rows[i].expected);
	}
	json_finish(&scan);
	buf_finish(&out);
}

static void rounds_test(void **state)
{
	(void)state;
	struct buf out = { 0 };
	refusal_again(&out, SPAN("\"x\""), "s\"1");
	check_line(&out,
		"{" V ",\"id\":\"x\",\"result\":{\"resultType\":\"input_required\","
		"\"requestState\":\"s\\\"1\"}}\n");
	refusal_progress(&out, SPAN("0"), 1, "waiting");
	check_line(&out,
		"{" V ",\"method\":\"notifications/"
		"progress\",\"params\":{\"progressToken\":0,\"progress\":0.000001,"
		"\"message\":\"waiting\"}}\n");
	refusal_progress(&out, SPAN("\"\\u0061\""), 1234567, "w");
	check_line(&out,
		"{" V
		",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":\"\\u0061\","
		"\"progress\":1.234567,\"message\":\"w\"}}\n");
	buf_finish(&out);
}

/* Steps that a client compares as numbers go up, across the carry too. */
static void progress_test(void **state)
{
	(void)state;
	static const unsigned steps[] = { 1, 2, 9, 10, 99, 999999, 1000000, 1000001, 4294967295u };
	double before = 0;
	struct buf out = { 0 };
	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		refusal_progress(&out, SPAN("1"), steps[i], "");
		double now = strtod(strstr(buf_cstr(&out), "\"progress\":") + 11, NULL);
		assert_true(now > before);
		before = now;
		buf_clear(&out);
	}
	buf_finish(&out);
}

#define DO_NOT \
	" Do not retry this call or try to reach the same effect another way; tell the user or " \
	"choose a " \
	"different " \
	"approach."

static char *no(struct span reason, bool by_person, int64_t times)
{
	const struct refusal_no said = {
		.reason = reason, .by_person = by_person, .times = times, .number = 12
	};
	return refusal_denied(&said);
}

static char *instead(const char *first, const char *second)
{
	const struct refusal_no said = { .instead = { span_of(first), span_of(second) } };
	return refusal_denied(&said);
}

#define BY_POLICY "Denied by the user's approval policy. The tool was NOT executed."

static void words_test(void **state)
{
	(void)state;
	const struct {
		char *words;
		const char *expected;
	} rows[] = {
		{ no(SPAN(""), true, 0), "Denied by the user. The tool was NOT executed." DO_NOT },
		{ no(SPAN(""), false, 0),
			"Denied by the user's approval policy. The tool was NOT executed." DO_NOT },
		{ no(SPAN("not today"), true, 0),
			"Denied by the user. The tool was NOT executed. Reason: not "
			"today." DO_NOT },
		{ no(SPAN("why?"), true, 0),
			"Denied by the user. The tool was NOT executed. Reason: why?" DO_NOT },
		/* What the agent must not do is said whatever the reason holds. */
		{ no(SPAN("a\0b"), true, 0),
			"Denied by the user. The tool was NOT executed. Reason: a b." DO_NOT },
		{ no(SPAN("no."), true, 1),
			"Denied by the user. The tool was NOT executed. Reason: no. This was "
			"denied before (#12, 1 time). Do not retry it; ask the user. Do not try "
			"to reach the same effect another way." },
		{ no(SPAN(""), false, 3),
			BY_POLICY " This was denied before (#12, 3 times). Do not retry it; ask "
				  "the user. Do not try to reach the same effect another way." },
		{ instead("a", NULL), BY_POLICY DO_NOT " Allowed without asking: a." },
		{ instead("a", "b"), BY_POLICY DO_NOT " Allowed without asking: a; or b." },
		{ refusal_waiting(12, true),
			"NOT executed, still waiting for the user's approval (#12). Call again "
			"with exactly "
			"the "
			"same arguments to go on waiting; once approved, that call passes." },
		{ refusal_waiting(12, false),
			"NOT executed, still waiting for the user's approval (#12). Call again "
			"with exactly "
			"the same arguments "
			"to go on waiting; once approved, that call passes. Nobody is looking at "
			"the queue: "
			"tell the user that "
			"you are waiting for your approval; open a terminal and run: bascule" },
		{ refusal_approved_late(3),
			"NOT executed yet: the user approved it (#3), but too late for this call "
			"to finish in "
			"time. Call again now with exactly the same arguments; it will pass." },
		{ refusal_gone("the MCP server ended"), "NOT executed: the MCP server ended." },
		{ refusal_no_broker(),
			"NOT executed: the approval broker is not running and could not be "
			"started from here. Ask "
			"the user to open a terminal and run: bascule" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		assert_string_equal(rows[i].words, rows[i].expected);
		free(rows[i].words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(error_test),
		cmocka_unit_test(batch_test),
		cmocka_unit_test(answer_test),
		cmocka_unit_test(rounds_test),
		cmocka_unit_test(progress_test),
		cmocka_unit_test(words_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
