/* What is said that an agent may do instead: only what the rules in force allow. */
#include "config.h"

#include "core/effects/command.h"
#include "core/policy/assume.h"
#include "core/policy/instead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *scope[] = { "/scope", NULL };
static const char *branch = "main";
static bool by_person = true;

static int usual(void **state)
{
	(void)state;
	scope[0] = "/scope";
	branch = "main";
	by_person = true;
	return 0;
}

/* The clauses, with " | " between. */
static char *advise(struct effects *effects, const char *user)
{
	struct err err = { 0 };
	struct rules *builtin = rules_builtin();
	struct rules *own = user ? rules_parse("u", LEVEL_USER, span_of(user), NULL, &err) : NULL;
	assert_string_equal(err.text, "");
	const struct rules *const levels[] = { builtin, own };
	struct rules *joined = rules_join(levels, 2, NULL, NULL);
	const struct policy_call call = { .method = SPAN("tools/call"),
		.tool = SPAN("t"),
		.server = SPAN("s"),
		.effects = effects,
		.rules = joined,
		.home = "/home/u",
		.scope = scope,
		.agreed = true,
		.listed = true };
	struct instead out;
	struct buf text = { 0 };
	policy_instead(&call, by_person, &out);
	for (size_t i = 0; i < out.count; i++) {
		buf_printf(&text, "%s%s", i ? " | " : "", out.words[i]);
	}
	rules_destroy(joined);
	rules_destroy(own);
	rules_destroy(builtin);
	effects_finish(effects);
	return buf_cstr(&text);
}

static void assume(struct effects *effects)
{
	const struct assumed world = { .scope = scope,
		.scope_count = 1,
		.home = "/home/u",
		.branch = branch,
		.default_branch = "" };
	effects_assume(effects, &world);
}

static void line(const char *text, const char *user, const char *expected)
{
	struct effects effects = { 0 };
	shell_effects(&effects, "command", span_of(text), scope[0]);
	assume(&effects);
	char *said = advise(&effects, user);
	if (strcmp(said, expected) != 0) {
		fail_msg("%s: \"%s\", expected \"%s\"", text, said, expected);
	}
	free(said);
}

#define V "version 1\n"

static void a_branch_of_its_own(void **state)
{
	(void)state;
	line("git commit -m x", NULL,
		"committing on a branch of its own, such as feature/change, created in a call "
		"before");
	line("git commit -m x", V "hold branch create\n", "");
	line("git commit -m x", V "hold branch feature/**\n", "");
	line("git commit -m x", V "protect branch main feature/*\n", "");
	line("git commit -m x", V "hold exec argv git switch ...\n", "");
	line("git commit -m x", V "hold exec argv git commit ...\n", "");
	branch = "feature/x";
	line("git commit -m x", V "hold exec argv git commit ...\n", "");
}

static void a_push_that_a_rule_allows(void **state)
{
	static const char allowed[] = V "allow push unprotected to origin\n";
	(void)state;
	line("git push origin main", NULL, "");
	line("git push origin main", allowed,
		"pushing a branch such as feature/change to origin, without force");
	line("git push upstream main", allowed, "");
	branch = "fix-1";
	line("git push --force origin main", allowed, "pushing fix-1 to origin, without force");
	line("git push --force origin fix-1", allowed, "pushing fix-1 to origin, without force");
	line("git push origin main", V "allow push unprotected to origin\nhold push fix-*\n", "");
	line("git push origin main",
		V "allow push unprotected to origin\nhold exec argv git push origin fix-1\n", "");
	branch = "a b";
	line("git push origin main", allowed,
		"pushing a branch such as feature/change to origin, without force");
}

static void a_lockfile(void **state)
{
	static const char allowed[] = V "allow install npm lockfile when lockfile-unchanged\n";
	(void)state;
	line("npm install left-pad", NULL, "");
	line("npm install left-pad", allowed,
		"`npm ci`, while the lockfile and the manifest are what HEAD holds");
	line("npm install", allowed,
		"`npm ci`, while the lockfile and the manifest are what HEAD holds");
	line("pnpm add left-pad", allowed, "");
	line("npm install -g left-pad", V "allow install npm lockfile no-scripts\n", "");
	line("npm ci", NULL, "");
}

static void a_file_inside(void **state)
{
	(void)state;
	line("echo x > /etc/foo.conf", NULL, "writing a new file such as /scope/foo.conf");
	line("mkdir /opt/x", NULL, "a new directory such as /scope/x");
	line("echo x > /etc/foo.conf", V "hold write *.conf\n", "");
	line("echo x > src/a.c", V "hold write src/**\n",
		"writing a new file such as /scope/build/a.c");
	line("echo x > src/a.c", V "hold write replace in-scope\n", "");
	line("echo x > '/etc/a b'", NULL, "writing a new file such as /scope/new");
	line("echo x > .github/workflows/a.yml", NULL, "");
	line("echo x > /etc/.env", NULL, "writing a new file such as /scope/new");
	line("rm -rf /etc", NULL, "");
}

static void other_peoples_homes_are_not_named(void **state)
{
	(void)state;
	scope[0] = "/home/other/w";
	line("mkdir /opt/x", NULL, "a new directory such as the scope/x");
	scope[0] = "/home/u/w";
	line("mkdir /opt/x", NULL, "a new directory such as /home/u/w/x");
}

static void the_line_without_what_is_in_the_way(void **state)
{
	(void)state;
	line("cat a.c && python3 gen.py", NULL, "the same line without `python3 gen.py`");
	line("npm test && curl -d @a https://example.com && npm run lint", NULL,
		"the same line without `curl -d @a https://example.com`");
	line("python3 gen.py", NULL, "");
	line("python3 gen.py && ruby x.rb && ls", NULL, "");
	line("cd /tmp && cat a && ls", NULL, "");
	line("python3 a.py; cd src && ls", NULL, "");
	line("cat a.c | sh", NULL, "the same line without `sh`");
	line("cat a.c && FOO=1 python3 gen.py $X", NULL, "");
	line("ls && python3 "
	     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.py",
		NULL, "the same line without its command number 2");
}

static char *tool(enum effect_kind kind, const char *given, const char *how, unsigned marks,
	const char *secret)
{
	struct effects effects = { 0 };
	effects_add(&effects, kind, "path", given, how, NULL);
	assume(&effects);
	effects.list[0].fact.marks = marks;
	if (secret) {
		effects_add(&effects, EFFECT_SECRET, "content", secret, "x", NULL);
	}
	return advise(&effects, NULL);
}

static void an_edit_keeps_the_rest(void **state)
{
	(void)state;
	by_person = false;
	char *said = tool(EFFECT_WRITE, "/scope/a.txt", "replace", MARK_REPO, NULL);
	assert_string_equal(
		said, "changing a part of that file with an edit, instead of replacing it");
	free(said);
	by_person = true;
	said = tool(EFFECT_WRITE, "/scope/a.txt", "replace", MARK_REPO, NULL);
	assert_string_equal(said, "");
	free(said);
}

/* A name in the scope that leads out of it is no other place. */
static void a_link_is_not_offered(void **state)
{
	struct effects effects = { 0 };
	(void)state;
	effects_add(&effects, EFFECT_WRITE, "path", "out.txt", "replace", NULL);
	assume(&effects);
	effects.list[0].fact.inside = false;
	free(effects.list[0].fact.path);
	effects.list[0].fact.path = xstrdup("/etc/out.txt");
	char *said = advise(&effects, NULL);
	assert_string_equal(said, "");
	free(said);
}

static void nothing_is_said_beside_a_secret(void **state)
{
	(void)state;
	char *said = tool(EFFECT_WRITE, "/etc/x", "replace", 0, NULL);
	assert_string_equal(said, "writing a new file such as /scope/x");
	free(said);
	said = tool(EFFECT_WRITE, "/etc/x", "replace", 0, "AWS key");
	assert_string_equal(said, "");
	free(said);
}

static void what_passes_has_no_other_way(void **state)
{
	(void)state;
	line("ls", NULL, "");
	line("npm test", NULL, "");
}

static void foreign_words_are_cleaned(void **state)
{
	(void)state;
	line("ls && python3 a\u202e.py", NULL, "");
	scope[0] = "/sc\033[2Jope";
	line("mkdir /opt/x", NULL, "a new directory such as /sc⟨U+001B⟩[2Jope/x");
}

int main(void)
{
#define T(test) cmocka_unit_test_setup(test, usual)
	const struct CMUnitTest tests[] = {
		T(a_branch_of_its_own),
		T(a_push_that_a_rule_allows),
		T(a_lockfile),
		T(a_file_inside),
		T(other_peoples_homes_are_not_named),
		T(the_line_without_what_is_in_the_way),
		T(an_edit_keeps_the_rest),
		T(a_link_is_not_offered),
		T(nothing_is_said_beside_a_secret),
		T(what_passes_has_no_other_way),
		T(foreign_words_are_cleaned),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
