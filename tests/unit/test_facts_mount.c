/* What is mounted below the scope is read as what is there, and not written; and a name that is not
 * there is known unless some file beside it may be the same in another form of Unicode. */
#include "config.h"

#include "ipc/facts.h"
#include "tests/unit/loop.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* In a child, which may mount something where nobody else sees it. Returns what it exits with. */
static int look_across_mount(const char *scope)
{
	static const struct {
		enum effect_kind kind;
		const char *name, *how;
		bool inside;
	} rows[] = {
		{ EFFECT_READ, "m", "list", true },
		{ EFFECT_WRITE, "m/x", "replace", false },
		{ EFFECT_WRITE, "m", "tree", false },
		{ EFFECT_DELETE, "m", "tree", false },
		{ EFFECT_WRITE, "m/../x", "replace", true },
		{ EFFECT_WRITE, "x", "replace", true },
	};
	struct facts facts;
	struct err err;
	char *m = xasprintf("%s/m", scope), *const dirs[] = { (char *)(uintptr_t)scope, NULL };
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0 || mount("none", m, "tmpfs", 0, NULL) != 0) {
		return 77;
	}
	if (!facts_init(&facts, dirs, 1, "/", &err)) {
		return 1;
	}
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct effects effects = { 0 };
		char *path = xasprintf("%s/%s", scope, rows[i].name);
		effects_add(&effects, rows[i].kind, "", path, rows[i].how, NULL);
		facts_gather_now(&facts, &effects);
		if (effects.list[0].fact.inside != rows[i].inside) {
			return 2 + (int)i;
		}
	}
	return 0;
}

static void mount_test(void **state)
{
	char scope[] = "/tmp/bascule-mount-XXXXXX";
	int status = 0;
	(void)state;
	assert_non_null(mkdtemp(scope));
	char *m = xasprintf("%s/m", scope);
	assert_int_equal(mkdir(m, 0777), 0);
	pid_t child = fork();
	if (!child) {
		_exit(look_across_mount(scope));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	rmdir(m);
	rmdir(scope);
	free(m);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77) {
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

static enum fact_state state_of(const struct facts *facts, const char *path)
{
	struct effects effects = { 0 };
	effects_add(&effects, EFFECT_WRITE, "", path, "replace", NULL);
	facts_gather_now(facts, &effects);
	enum fact_state state = effects.list[0].fact.state;
	effects_finish(&effects);
	return state;
}

static void spelling_test(void **state)
{
	static const struct {
		const char *there;
		enum fact_state state;
	} rows[] = {
		{ "e", FACT_ABSENT },
		{ "\u00e9", FACT_ABSENT },
		{ "\u0e01\u8a2d\u30c6\uac00", FACT_ABSENT },
		{ "e\u0301", FACT_UNKNOWN },
		{ "u\u0308", FACT_UNKNOWN },
		{ "\u30db\u309a", FACT_UNKNOWN },
		{ "\u1112\u1161", FACT_UNKNOWN },
	};
	char scope[] = "/tmp/bascule-spell-XXXXXX", *const dirs[] = { scope, NULL };
	struct facts facts;
	struct err err;
	(void)state;
	assert_non_null(mkdtemp(scope));
	assert_true(facts_init(&facts, dirs, 1, "/", &err));
	char *one = xasprintf("%s/\u00fc", scope), *below = xasprintf("%s/\u00fc/n", scope);
	char *plain = xasprintf("%s/n", scope);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *there = xasprintf("%s/%s", scope, rows[i].there);
		assert_int_equal(mkdir(there, 0777), 0);
		assert_int_equal(state_of(&facts, one), rows[i].state);
		assert_int_equal(state_of(&facts, below), rows[i].state);
		assert_int_equal(state_of(&facts, plain), FACT_ABSENT);
		assert_int_equal(rmdir(there), 0);
		free(there);
	}
	facts_finish(&facts);
	rmdir(scope);
	free(one);
	free(below);
	free(plain);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(mount_test),
		cmocka_unit_test(spelling_test) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
