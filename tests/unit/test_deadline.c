/* Which wait is assumed of which client, by the names they really give. */
#include "config.h"

#include "core/deadline.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void clients_test(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		unsigned seconds;
		bool extends;
	} rows[] = {
		{ "claude-code", 1800, true },
		{ "codex-mcp-client", 300, false },
		{ "copilot-cli", 180, true },
		{ "github-copilot-developer", 180, true },
		{ "gemini-cli-mcp-client", 600, false },
		{ "qwen-cli-mcp-client-x", 600, false },
		{ "opencode", 60, true },
		{ "mcpc", 300, false },
		{ "Visual Studio Code", 300, false },
		{ "inspector-cli", 60, false },
		{ "Claude Code", 60, false },
		{ "claude", 60, false },
		{ "", 60, false },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct deadline *d = deadline_for(span_of(rows[i].name));
		if (d->seconds != rows[i].seconds || d->progress_extends != rows[i].extends) {
			print_error("%s: %u s\n", rows[i].name, d->seconds);
			fail();
		}
		assert_true(d->seconds > DEADLINE_MARGIN);
	}
	assert_int_equal(deadline_for((struct span){ 0 })->seconds, 60);
	assert_int_equal(deadline_for(SPAN("mcpc\0x"))->seconds, 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(clients_test) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
