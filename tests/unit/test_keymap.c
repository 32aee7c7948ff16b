/* Keys that a file names: what is taken, and what is refused with its line. */
#include "config.h"

#include "tui/keymap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *text, *error; /* NULL: good */
	enum context context;
	uint32_t key;
	enum command command;
} rows[] = {
	{ "", NULL, CTX_QUEUE, 'a', COMMAND_APPROVE },
	{ "[keys]\napprove = b\n", NULL, CTX_QUEUE, 'b', COMMAND_APPROVE },
	{ "[keys]\napprove = b\n", NULL, CTX_QUEUE, 'a', COMMAND_NONE },
	{ "[keys]\napprove = b a\n", NULL, CTX_OPEN, 'a', COMMAND_APPROVE },
	{ "[keys]\ndeny-why = ^R F1\nhelp = ?\n", NULL, CTX_QUEUE, K_CTRL('r'), COMMAND_DENY_WHY },
	{ "[keys]\nmark-range =\n", NULL, CTX_QUEUE, 'v', COMMAND_NONE },
	{ "[keys]\nnext = Down\nprevious = Up\nmark = j\n", NULL, CTX_QUEUE, 'j', COMMAND_MARK },
	{ "[keys]\naprove = b\n", "keys.ini:2: unknown command; the nearest is approve", 0, 0, 0 },
	{ "[keys]\napprove = Foo\n",
		"keys.ini:2: Foo is no key, expected a character, ^X, or a name such as Enter", 0,
		0, 0 },
	{ "[keys]\n\napprove = d\n", "keys.ini:3: d is both approve and deny", 0, 0, 0 },
	{ "[keys]\nbatch-approve = d\n", "keys.ini:2: d is both batch-approve and batch-deny", 0, 0,
		0 },
	{ "[keys]\napprove = Enter\n", "keys.ini:2: Enter approves nothing, expected another key",
		0, 0, 0 },
	{ "[keys]\nstep-1 = Space\n", "keys.ini:2: Space approves nothing, expected another key", 0,
		0, 0 },
	{ "[keys]\nquit =\n", "keys.ini:2: this one needs a key", 0, 0, 0 },
	{ "[queue]\napprove = b\n", "keys.ini:2: unknown section, expected [keys]", 0, 0, 0 },
	{ "[keys]\napprove\n", "keys.ini:2:", 0, 0, 0 },
};

static void files_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct keymap map;
		struct err err = { 0 };
		keymap_init(&map);
		bool ok = keymap_read(&map, "keys.ini", span_of(rows[i].text), &err);
		if (ok != !rows[i].error) {
			fail_msg("row %zu: %s", i, err.text);
		}
		if (rows[i].error) {
			assert_memory_equal(err.text, rows[i].error, strlen(rows[i].error));
			/* nothing has changed */
			assert_int_equal(keymap_find(&map, CTX_QUEUE, 'a'), COMMAND_APPROVE);
		} else {
			assert_int_equal(
				keymap_find(&map, rows[i].context, rows[i].key), rows[i].command);
		}
		keymap_finish(&map);
	}
}

static void names_test(void **state)
{
	(void)state;
	char name[32];
	command_name(COMMAND_BATCH_DENY_WHY, name);
	assert_string_equal(name, "batch-deny-why");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_test),
		cmocka_unit_test(names_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
