/*
 * What must always hold: an approving key acts only on what has been shown, for long enough, and
 * was meant for this window. Each play is one key that must not act; with a console whose guard is
 * off the same key does, which shows that the play would notice.
 */
#include "config.h"

#include "tests/tui/items.h"
#include "tests/tui/vt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SHOWN_MS = 700, SETTLE_MS = 300 };

static const char faulty[] = "tests/faulty/bascule-console";

static const struct wire_show shows[] = {
	{ "c-1", SHOW_WRITE(4, "a.c", "new\\n", "old\\n") },
	{ "c-2", SHOW_WRITE(1, "b.c", "two\\n", "old\\n") },
	{ NULL, NULL },
};

static struct vt *start(const char *program, const char *snapshot)
{
	struct vt_options options = { .rows = 30, .cols = 80, .program = program };
	struct vt *vt = vt_start(&options, snapshot, shows);
	assert_true(vt_wait(vt, "+1 -1", VT_MS));
	return vt;
}

static size_t count(struct vt *vt)
{
	vt_pump(vt, SETTLE_MS);
	size_t decided = vt->wire.decide_count;
	vt_stop(vt);
	return decided;
}

/* A call took the place of another one a moment before the key. */
static size_t just_appeared(const char *program)
{
	struct vt *vt = start(program, SNAPSHOT("" ITEM(1, 4, "medium", WRITES("a.c"))));
	vt_pump(vt, SHOWN_MS);
	wire_tell(&vt->wire, "gone",
		"{\"call\":\"c-1\",\"number\":1,\"state\":\"done\",\"by\":\"other\"}");
	wire_tell(&vt->wire, "item", ITEM(2, 1, "medium", WRITES("b.c")));
	assert_true(vt_wait(vt, "two", VT_MS)); /* its preview */
	vt_send(vt, "a");
	return count(vt);
}

/* Words that were typed for another window. */
static size_t typed_in_a_row(const char *program)
{
	struct vt *vt = start(program, SNAPSHOT("" ITEM(1, 4, "medium", WRITES("a.c"))));
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "cz.a");
	return count(vt);
}

/* The window has lost the focus. */
static size_t without_focus(const char *program)
{
	struct vt *vt = start(program, SNAPSHOT("" ITEM(1, 4, "medium", WRITES("a.c"))));
	vt_send(vt, "\033[O");
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "a");
	return count(vt);
}

/* What a yes would leave behind has only just been told. */
static size_t just_offered(const char *program)
{
	static const struct wire_answer answers[] = {
		{ "offers",
			"{\"revision\":4,\"grants\":[{\"width\":\"exact\",\"words\":\"writes "
			"a.c\"}],"
			"\"rule\":null,\"no_rule\":\"none\"}" },
		{ NULL, NULL },
	};
	struct vt *vt = start(program, SNAPSHOT("" ITEM(1, 4, "medium", WRITES("a.c"))));
	vt->wire.answers = answers;
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, "s");
	assert_true(vt_wait(vt, "1     writes a.c", VT_MS));
	vt_send(vt, "1");
	return count(vt);
}

/* The list of marked calls has only just been painted. */
static size_t just_listed(const char *program)
{
	struct vt *vt = start(program, SNAPSHOT("" ITEM(1, 4, "medium", WRITES("a.c"))));
	vt_pump(vt, SHOWN_MS);
	vt_send(vt, " a");
	assert_true(vt_wait(vt, "a approves 1", VT_MS));
	vt_send(vt, "a");
	return count(vt);
}

static size_t (*const plays[])(const char *program) = { just_appeared, typed_in_a_row,
	without_focus, just_offered, just_listed };

static void inv07_a_key_that_was_not_meant_does_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(plays); i++) {
		assert_int_equal(plays[i](NULL), 0);
		assert_int_equal(plays[i](faulty), 0); /* its guard is on */
	}
}

static void inv07_without_its_guard_it_acts(void **state)
{
	(void)state;
	setenv("BASCULE_TEST_GUARD_OFF", "inv07", 1);
	for (size_t i = 0; i < COUNT_OF(plays); i++) {
		assert_true(plays[i](faulty) > 0);
	}
	unsetenv("BASCULE_TEST_GUARD_OFF");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inv07_a_key_that_was_not_meant_does_nothing),
		cmocka_unit_test(inv07_without_its_guard_it_acts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
