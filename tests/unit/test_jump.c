/* From where a pane can be shown, and what is said where it cannot. */
#include "config.h"

#include "tui/jump_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HERE "/tmp/tmux-7/default"
#define UNKNOWN "its agent sits in no tmux pane that is known"

static const struct {
	const char *socket, *pane; /* the agent's, as told */
	const char *tmux, *own; /* the console's */
	const char *says;
} rows[] = {
	{ HERE, "%7", HERE ",1,0", "%8", "" },
	{ HERE, "%7", HERE ",1,0", NULL, "" },
	{ HERE, "%7", HERE ",1,0", "%7", "its agent is in this very pane" },
	{ "/tmp/a,b", "%7", "/tmp/a,b,1,0", "%8", "" },
	{ NULL, "%7", HERE ",1,0", "%8", UNKNOWN },
	{ HERE, NULL, HERE ",1,0", "%8", UNKNOWN },
	{ NULL, NULL, NULL, NULL, UNKNOWN },
	{ HERE, "", HERE ",1,0", "%8", UNKNOWN },
	{ HERE, "7", HERE ",1,0", "%8", UNKNOWN },
	{ HERE, "%7;kill-server", HERE ",1,0", "%8", UNKNOWN },
	{ HERE, "%7\n", HERE ",1,0", "%8", UNKNOWN },
	{ HERE, "-t", HERE ",1,0", "%8", UNKNOWN },
	{ HERE, "%7", NULL, NULL, "this console is not in tmux; its agent is in pane %7 of one" },
	{ HERE, "%7", "", NULL, "this console is not in tmux; its agent is in pane %7 of one" },
	{ HERE, "%7", "nonsense", "%8",
		"this console is not in tmux; its agent is in pane %7 of one" },
	{ HERE "2", "%7", HERE ",1,0", "%7", "its agent is in pane %7 of another tmux: " HERE "2" },
	{ "/tmp/\033[2J", "%7", HERE ",1,0", "%8",
		"its agent is in pane %7 of another tmux: /tmp/\xe2\x9f\xa8U+001B\xe2\x9f\xa9[2J" },
};

static void each_is_said(void **state)
{
	const struct paint paint = { .rows = 24, .cols = 80 };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct model_who who = { .tmux = (char *)(uintptr_t)rows[i].socket,
			.pane = (char *)(uintptr_t)rows[i].pane };
		const struct jump_own own = { rows[i].tmux, rows[i].own };
		struct safe_text says = jump_cannot(&paint, &who, &own);
		if (strcmp(safe_cstr(&says), rows[i].says) != 0) {
			fail_msg("row %zu: %s", i, safe_cstr(&says));
		}
		safe_finish(&says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_is_said) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
