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

static const struct {
	const char *params, *session, *turn;
} rows[] = {
	{ "{}", NULL, NULL },
	{ "{\"_meta\":null}", NULL, NULL },
	{ "{\"_meta\":[\"threadId\"]}", NULL, NULL },
	{ "{\"_meta\":{\"claudecode/toolUseId\":\"toolu_01\"}}", NULL, "toolu_01" },
	{ "{\"_meta\":{\"x-codex-turn-metadata\":{\"session_id\":\"s\",\"turn_id\":\"t\"},"
	  "\"callId\":\"c\",\"threadId\":\"h\"}}",
		"s", "t" },
	{ "{\"_meta\":{\"x-codex-turn-metadata\":\"{}\",\"callId\":\"c\",\"threadId\":\"h\"}}", "h",
		"c" },
	{ "{\"_meta\":{\"callId\":7,\"threadId\":\"\"}}", NULL, NULL },
	{ "{\"_meta\":{\"callId\":\"\\u001b[2J\"}}", NULL, "\033[2J" },
	{ "{\"_meta\":{\"callId\":\"" TEN TEN TEN TEN TEN TEN TEN TEN "\"}}", NULL, NULL },
	{ "{\"callId\":\"c\"}", NULL, NULL },
};

static void same(const char *is, const char *wanted)
{
	assert_string_equal(is ? is : "(none)", wanted ? wanted : "(none)");
}

static void the_members_that_clients_send(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct caller caller;
		caller_read(&caller, span_of(rows[i].params));
		same(caller.session, rows[i].session);
		same(caller.turn, rows[i].turn);
		caller_finish(&caller);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(the_members_that_clients_send) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
