/* What is read of a client's `_meta`, and what is not. */
#include "config.h"

#include "core/caller.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/json.h"

#define TEN "0123456789"

#define LONG TEN TEN TEN TEN TEN TEN TEN TEN

/* What is said of it, as consoles are told. */
static const struct {
	const char *params, *said;
} rows[] = {
	{ "{}", "" },
	{ "{\"_meta\":null}", "" },
	{ "{\"_meta\":[\"threadId\"]}", "" },
	{ "{\"_meta\":{\"claudecode/toolUseId\":\"toolu_01\"}}", "\"call_id\":\"toolu_01\"" },
	{ "{\"_meta\":{\"x-codex-turn-metadata\":{\"session_id\":\"s\",\"turn_id\":\"t\","
	  "\"sandbox\":\"seccomp\",\"model\":\"m\"},\"callId\":\"c\",\"threadId\":\"h\"}}",
		"\"session\":\"s\",\"turn\":\"t\",\"call_id\":\"c\",\"model\":\"m\","
		"\"sandbox_mode\":\"seccomp\"" },
	{ "{\"_meta\":{\"x-codex-turn-metadata\":\"{}\",\"callId\":\"c\",\"threadId\":\"h\"}}",
		"\"session\":\"h\",\"call_id\":\"c\"" },
	{ "{\"_meta\":{\"callId\":7,\"threadId\":\"\"}}", "" },
	{ "{\"_meta\":{\"callId\":\"\\u001b[2J\"}}", "\"call_id\":\"\\u001b[2J\"" },
	{ "{\"_meta\":{\"callId\":\"" LONG "\"}}", "" },
	{ "{\"callId\":\"c\"}", "" },
	{ "{\"_meta\":{\"bascule/hook\":[],\"threadId\":\"h\"}}", "\"session\":\"h\"" },
	{ "{\"_meta\":{\"bascule/hook\":{\"session\":\"s\",\"turn\":\"t\",\"call_id\":\"c\","
	  "\"agent_id\":\"a\",\"agent_type\":\"k\",\"model\":\"m\",\"permission_mode\":\"p\","
	  "\"sandbox_mode\":\"b\",\"other\":\"o\"},\"threadId\":\"h\"}}",
		"\"session\":\"s\",\"turn\":\"t\",\"call_id\":\"c\",\"agent_id\":\"a\","
		"\"agent_type\":\"k\",\"model\":\"m\",\"permission_mode\":\"p\","
		"\"sandbox_mode\":\"b\"" },
};

static void the_members_that_clients_send(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct caller caller;
		struct buf out = { 0 };
		struct jsonw w = jw_start(&out);
		caller_read(&caller, span_of(rows[i].params));
		caller_write(&caller, &w);
		assert_string_equal(buf_cstr(&out), rows[i].said);
		assert_int_equal(caller_is_empty(&caller), !rows[i].said[0]);
		buf_finish(&out);
		caller_finish(&caller);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(the_members_that_clients_send) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
