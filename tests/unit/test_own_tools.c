/* Agents' own tools: each shape that their documentation or their logs name, and what it does. */
#include "config.h"

#include "core/effects/extract.h"
#include "tests/unit/effect_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* profile, tool, arguments, effects as of effect_text seen from /w */
static const struct {
	const char *profile, *tool, *arguments, *effects;
} rows[] = {
#include "tests/unit/own_tools_table.h"
};

static void tools_do_what_they_say(void **state)
{
	struct profiles *profiles = profiles_create();
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct effects effects = { 0 };
		struct buf text = { 0 };
		effects_extract(&effects,
			&(struct extract){ .profiles = profiles,
				.profile = span_of(rows[i].profile),
				.method = SPAN("tools/call"),
				.tool = span_of(rows[i].tool),
				.arguments = span_of(rows[i].arguments),
				.server = rows[i].profile,
				.cwd = "/w" });
		effect_text(&text, &effects, "/w");
		assert_string_equal(buf_cstr(&text), rows[i].effects);
		buf_finish(&text);
		effects_finish(&effects);
	}
	profiles_destroy(profiles);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tools_do_what_they_say) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
