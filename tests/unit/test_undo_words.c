/* Whether a call could be taken back: the worst effect counts, and doubt counts against. */
#include "config.h"

#include "core/effects/effect.h"
#include "tui/undo_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *kind, *how, *word, *state;
	unsigned marks;
	enum undo undo;
} rows[] = {
	{ "read", "", "", "file", 0, UNDO_NOTHING },
	{ "read", "tree", "", "directory", 0, UNDO_NOTHING },
	{ "exec", "readonly", "ls", "", 0, UNDO_NOTHING },
	{ "exec", "wide", "sh", "", 0, UNDO_ASK },
	{ "exec", "unproven", "x", "", 0, UNDO_ASK },
	{ "write", "replace", "", "absent", 0, UNDO_REMOVE },
	{ "write", "mkdir", "", "absent", 0, UNDO_REMOVE },
	{ "write", "replace", "", "file", MARK_TRACKED, UNDO_GIT },
	{ "write", "edit", "", "file", MARK_TRACKED, UNDO_GIT },
	{ "write", "edit", "", "file", MARK_TRACKED | MARK_CHANGED, UNDO_NEVER },
	{ "write", "replace", "", "file", 0, UNDO_NEVER },
	{ "write", "replace", "", "file", MARK_IGNORED, UNDO_NEVER },
	{ "write", "replace", "", "unknown", 0, UNDO_ASK },
	{ "write", "tree", "", "directory", 0, UNDO_ASK },
	{ "delete", "file", "", "file", MARK_TRACKED, UNDO_GIT },
	{ "delete", "file", "", "file", 0, UNDO_NEVER },
	{ "delete", "tree", "", "directory", MARK_TRACKED, UNDO_ASK },
	{ "push", "origin", "", "", 0, UNDO_NEVER },
	{ "publish", "npm", "", "", 0, UNDO_NEVER },
	{ "install", "npm", "", "", 0, UNDO_ASK },
	{ "sql", "read", "dev", "", 0, UNDO_NOTHING },
	{ "sql", "write", "dev", "", 0, UNDO_ASK },
	{ "net", "remote", "x", "", 0, UNDO_NEVER },
	{ "tool", "read", "x", "", 0, UNDO_NOTHING },
	{ "cloud", "kubectl", "read", "", 0, UNDO_NOTHING },
	{ "cloud", "kubectl", "write", "", 0, UNDO_ASK },
	{ "unknown", "", "", "", 0, UNDO_ASK },
	{ "invented", "", "", "", 0, UNDO_ASK },
};

static struct model_effect effect_of(size_t i)
{
	return (struct model_effect){ .kind = xstrdup(rows[i].kind),
		.how = xstrdup(rows[i].how),
		.word = xstrdup(rows[i].word),
		.state = xstrdup(rows[i].state),
		.marks = rows[i].marks,
		.links = 1 };
}

static void effect_finish(struct model_effect *effect)
{
	free(effect->kind);
	free(effect->how);
	free(effect->word);
	free(effect->state);
}

static void each_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct model_effect effect = effect_of(i);
		if (undo_of(&effect) != rows[i].undo) {
			fail_msg("%s %s %s: %d", rows[i].kind, rows[i].how, rows[i].state,
				undo_of(&effect));
		}
		effect_finish(&effect);
	}
}

static void doubt_test(void **state)
{
	(void)state;
	struct model_effect effect = effect_of(7);
	effect.links = 2; /* another name of the same file */
	assert_int_equal(undo_of(&effect), UNDO_NEVER);
	effect.links = 1;
	effect.late = true;
	assert_int_equal(undo_of(&effect), UNDO_NEVER);
	effect_finish(&effect);
}

static void worst_test(void **state)
{
	(void)state;
	enum undo worst;
	struct model_effect effects[] = { effect_of(0), effect_of(7), effect_of(5) };
	struct model_item item = { .effects = effects, .effect_count = 1 };
	assert_string_equal(undo_words(&item, &worst), "");
	item.effect_count = 3;
	assert_string_equal(undo_words(&item, &worst), "git has what is there now");
	item.effects_more = 1; /* not all of them are known here */
	undo_words(&item, &worst);
	assert_int_equal(worst, UNDO_ASK);
	for (size_t i = 0; i < COUNT_OF(effects); i++) {
		effect_finish(&effects[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_test),
		cmocka_unit_test(doubt_test),
		cmocka_unit_test(worst_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
