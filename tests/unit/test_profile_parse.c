/* The text of profiles: what is read, what is refused and how that is said; and the shipped ones.
 */
#include "config.h"

#include "core/effects/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define P "profile p\n"

static const struct {
	const char *text, *error; /* NULL: none */
} rows[] = {
	{ P, NULL },
	{ "# c\n\n  \nprofile p # c\n", NULL },
	{ P "tool a nothing", NULL },
	{ P "tool a path=read\n\tmore=text\n\n  x,y=number\ntool b nothing\n", NULL },
	{ P "tool a* remote-read *=text\n", NULL },
	{ P "agent mcp__SERVER__TOOL\nrelative cwd\ndialect sqlite\nalias q r\ncommand c\n", NULL },
	{ P "sandbox allow-net env=A_TOKEN env=B2\n", NULL },
	{ P "sandbox\n", "p.profile:2: nothing behind: sandbox, expected allow-net or env=NAME" },
	{ P "sandbox net\n", "p.profile:2: unknown word: net, expected allow-net or env=NAME" },
	{ P "sandbox env=\n", "p.profile:2: unknown word: env=, expected allow-net or env=NAME" },
	{ P "sandbox env=a-b\n",
		"p.profile:2: unknown word: env=a-b, expected allow-net or env=NAME" },
	{ "", "p.profile:1: no profile here, expected `profile NAME` first" },
	{ "profile\n", "p.profile:1: expected `profile NAME`, once" },
	{ "profile a b\n", "p.profile:1: expected `profile NAME`, once" },
	{ P P, "p.profile:2: expected `profile NAME`, once" },
	{ "tool a nothing\n", "p.profile:1: expected `profile NAME` first" },
	{ P "\n\ntol a nothing\n",
		"p.profile:4: unknown word: tol, expected a keyword (did you mean tool?)" },
	{ P "tool\n",
		"p.profile:2: tool without a name, expected tool NAME EFFECT... ARGUMENT=ROLE..." },
	{ P "tool a\n",
		"p.profile:2: tool of which nothing is said: a, expected an effect or a role that "
		"has one (`nothing` if it does nothing)" },
	{ P "tool a x=text y=name\n",
		"p.profile:2: tool of which nothing is said: a, expected an effect or a role that "
		"has one (`nothing` if it does nothing)" },
	{ P "tool a nothing\ntool a nothing\n", "p.profile:3: tool twice: a, expected each once" },
	{ P "tool a x=read x=read\n", "p.profile:2: argument twice: x, expected each once" },
	{ P "tool a nothing\ntool b\n\tx,x=read\n",
		"p.profile:3: argument twice: x, expected each once" },
	{ P "tool a x=raed\n",
		"p.profile:2: unknown role: raed, expected a role (did you mean read?)" },
	{ P "tool a x=\n", "p.profile:2: unknown role: , expected a role" },
	{ P "tool a x=read??\n",
		"p.profile:2: unknown role: read?, expected a role (did you mean read?)" },
	{ P "tool a =read\n", "p.profile:2: an argument without a name, expected ARGUMENT=ROLE" },
	{ P "tool a x,=read\n", "p.profile:2: an argument without a name, expected ARGUMENT=ROLE" },
	{ P "tool a *=read\n",
		"p.profile:2: any argument with a role of its own: *, expected *=text" },
	{ P "tool a remote-raed\n",
		"p.profile:2: unknown effect: remote-raed, expected an effect, or ARGUMENT=ROLE "
		"(did you mean remote-read?)" },
	{ P "tool a nothing nothing\n", "p.profile:2: effect twice: nothing, expected each once" },
	{ P "relative here\n", "p.profile:2: unknown word: here, expected scope, cwd or unknown" },
	{ P "relative cwd\nrelative cwd\n", "p.profile:3: twice: relative, expected once" },
	{ P "relative\n",
		"p.profile:2: not one word behind: relative, expected scope, cwd or unknown" },
	{ P "dialect oracle\n",
		"p.profile:2: unknown word: oracle, expected postgres, sqlite, mysql or any" },
	{ P "package\n", "p.profile:2: nothing behind: package, expected a name" },
	{ P "agent mcp__TOOL\n",
		"p.profile:2: expected `agent` and the form of a name, as in mcp__SERVER__TOOL, "
		"once" },
	{ P "agent SERVERTOOL\n",
		"p.profile:2: expected `agent` and the form of a name, as in mcp__SERVER__TOOL, "
		"once" },
	{ P "agent SERVER_TOOLx\n",
		"p.profile:2: expected `agent` and the form of a name, as in mcp__SERVER__TOOL, "
		"once" },
	{ P "tool a\x01 nothing\n", "p.profile:2: expected words of printable ASCII" },
	{ P "tool \xc3\xa9 nothing\n", "p.profile:2: expected words of printable ASCII" },
	{ P "tool a nothing\r\n", "p.profile:2: expected words of printable ASCII" },
};

static void parse_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct profile profile;
		struct err err = { 0 };
		bool ok = profile_parse(&profile, "p.profile", span_of(rows[i].text), &err);
		if (ok) {
			assert_null(rows[i].error);
			assert_string_equal(profile.name, "p");
			profile_finish(&profile);
		} else {
			assert_string_equal(err.text, rows[i].error ? rows[i].error : "");
		}
	}
}

static void meaning_test(void **state)
{
	struct profile profile;
	(void)state;
	assert_true(profile_parse(&profile, "f",
		SPAN(P "tool a remote-read web x,y=read*? # tool b nothing\n z=text\n"
		       "tool b_* nothing\ntool b_c_* cloud\ntool b_d publish\n"
		       "package q@1 r\npackage s\nagent x_SERVER--TOOL"),
		NULL));
	assert_int_equal(profile.tool_count, 4);
	const struct profile_tool *a = profile_tool(&profile, SPAN("a"));
	assert_int_equal(a->effects, 1U << TOOL_REMOTE_READ | 1U << TOOL_WEB);
	assert_int_equal(a->arg_count, 3);
	assert_int_equal(a->line, 2);
	assert_string_equal(a->args[1].name, "y");
	assert_int_equal(a->args[1].role, ARG_READ);
	assert_true(a->args[1].many && a->args[1].optional);
	assert_true(!a->args[2].many && a->args[2].optional);
	assert_string_equal(profile_tool(&profile, SPAN("b_x"))->name, "b_*");
	assert_string_equal(profile_tool(&profile, SPAN("b_c_x"))->name, "b_c_*");
	assert_string_equal(profile_tool(&profile, SPAN("b_d"))->name, "b_d");
	assert_null(profile_tool(&profile, SPAN("b_")));
	assert_string_equal(profile.packages[2], "s");
	assert_null(profile.packages[3]);
	assert_string_equal(profile.agent_prefix, "x_");
	assert_string_equal(profile.agent_between, "--");
	profile_finish(&profile);
}

static void limits_test(void **state)
{
	struct buf text = { 0 };
	struct profile profile;
	(void)state;
	for (int tools = PROFILE_TOOLS_MAX; tools <= PROFILE_TOOLS_MAX + 1; tools++) {
		buf_clear(&text);
		buf_text(&text, P);
		for (int i = 0; i < tools; i++) {
			buf_printf(&text, "tool t%d nothing\n", i);
		}
		bool ok = profile_parse(&profile, "f", buf_view(&text), NULL);
		assert_int_equal(ok, tools == PROFILE_TOOLS_MAX);
		profile_finish(&profile);
	}
	for (int args = PROFILE_ARGS_MAX; args <= PROFILE_ARGS_MAX + 1; args++) {
		buf_clear(&text);
		buf_text(&text, P "tool t nothing");
		for (int i = 0; i < args; i++) {
			buf_printf(&text, " a%d=text", i);
		}
		bool ok = profile_parse(&profile, "f", buf_view(&text), NULL);
		assert_int_equal(ok, args == PROFILE_ARGS_MAX);
		profile_finish(&profile);
	}
	buf_clear(&text);
	buf_room(&text, PROFILE_TEXT_MAX + 1);
	memset(text.data, '\n', PROFILE_TEXT_MAX + 1);
	text.len = PROFILE_TEXT_MAX + 1;
	assert_false(profile_parse(&profile, "f", buf_view(&text), NULL));
	buf_finish(&text);
}

/* Every shipped profile parses and is called as its file is; every word of the language is used by
 * one of them, or is among those that are only for the user's. */
static void shipped_test(void **state)
{
	unsigned long roles = 0, effects = 0;
	size_t count = 0;
	(void)state;
	for (const struct profile_text *t = profile_texts; t->name; t++, count++) {
		struct profile profile;
		struct err err = { 0 };
		bool ok = profile_parse(&profile, t->name, span_of(t->text), &err);
		assert_string_equal(err.text, "");
		assert_true(ok);
		size_t n = strlen(profile.name);
		assert_memory_equal(profile.name, t->name, n);
		assert_string_equal(t->name + n, ".profile");
		assert_true(profile.tool_count);
		for (size_t i = 0; i < profile.tool_count; i++) {
			effects |= profile.tools[i].effects;
			for (size_t k = 0; k < profile.tools[i].arg_count; k++) {
				roles |= 1UL << profile.tools[i].args[k].role;
			}
		}
		profile_finish(&profile);
	}
	assert_true(count >= 23);
	for (int i = 0; i < ARG_ROLE_COUNT; i++) {
		bool free_for_users = i == ARG_DELETE || i == ARG_ARGS;
		if (!free_for_users && !(roles & 1UL << i)) {
			print_error("no shipped profile uses %s\n", arg_role_name(i));
			fail();
		}
		assert_true(arg_role_meaning((enum arg_role)i)[0]);
	}
	for (int i = 0; i < TOOL_EFFECT_COUNT; i++) {
		bool free_for_users = i == TOOL_DEV_DB || i == TOOL_CLOUD_READ;
		if (!free_for_users && !(effects & 1UL << i)) {
			print_error("no shipped profile uses %s\n", tool_effect_name(i));
			fail();
		}
		assert_true(tool_effect_meaning((enum tool_effect)i)[0]);
	}
}

static const struct profile *choose(const struct profiles *profiles, const char *command)
{
	char text[128], *words[8] = { NULL }, *rest = text;
	strncpy(text, command, sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (size_t n = 0; rest && n + 1 < COUNT_OF(words); n++) {
		words[n] = strsep(&rest, " ");
	}
	return profiles_choose(profiles, NULL, words, NULL);
}

static void user_test(void **state)
{
	struct profiles *profiles = profiles_create();
	struct err err = { 0 };
	bool user = false;
	size_t before = 0, after = 0, own = 0;
	(void)state;
	while (profiles_at(profiles, before, &user)) {
		assert_false(user);
		before++;
	}
	assert_true(profiles_add(profiles, "a", SPAN("profile mine\ntool a nothing\n"), &err));
	assert_true(profiles_add(profiles, "b", SPAN("profile git\ntool a nothing\n"), &err));
	assert_true(profiles_add(profiles, "c", SPAN("profile git\ntool b nothing\n"), &err));
	assert_false(profiles_add(profiles, "d", SPAN("profile git\ntool c\n"), &err));
	for (; profiles_at(profiles, after, &user); after++) {
		own += user;
	}
	assert_int_equal(after, before + 2);
	assert_int_equal(own, 2);
	const struct profile *git = profiles_find(profiles, SPAN("git"));
	assert_non_null(profile_tool(git, SPAN("b")));
	assert_null(profile_tool(git, SPAN("a")));
	assert_null(profile_tool(git, SPAN("git_status")));
	assert_non_null(profiles_find(profiles, SPAN("mine")));
	assert_string_equal(profiles_find(profiles, SPAN("linear-server"))->name, "linear");
	assert_null(profiles_find(profiles, SPAN("")));
	/* the user's has no package: the command still leads to the shipped one */
	assert_non_null(profile_tool(choose(profiles, "uvx mcp-server-git"), SPAN("git_status")));
	profiles_destroy(profiles);
	profiles_destroy(NULL);
}

static void command_test(void **state)
{
	static const struct {
		const char *command, *profile;
	} cases[] = {
		{ "uvx mcp-server-git", "git" },
		{ "uvx mcp-server-git@2026.1.1 --repository /w", "git" },
		{ "uv tool run mcp-server-git", "git" }, { "pipx run mcp-server-fetch", "fetch" },
		{ "npx -y @playwright/mcp@latest --headless", "playwright" },
		{ "npx -y mcp-server-commands", "commands" },
		{ "npx @agent-infra/mcp-server-commands", "agent-infra-commands" },
		{ "npm x mcp-server-kubernetes", "kubernetes" },
		{ "/usr/local/bin/github-mcp-server stdio", "github" },
		{ "npx mcp-server-git", NULL }, /* anybody's name in the other registry */
		{ "uvx @playwright/mcp", NULL }, { "uvx mcp-server-git-evil", NULL },
		{ "uvx --from evil mcp-server-git", NULL },
		{ "uvx --index-url https://evil mcp-server-git", NULL },
		{ "uv run mcp-server-git", NULL }, { "npx exec mcp-server-kubernetes", NULL },
		{ "npm mcp-server-kubernetes", NULL },
		{ "mcp-server-commands", NULL }, /* two packages install it */
	};
	struct profiles *profiles = profiles_create();
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct profile *found = choose(profiles, cases[i].command);
		assert_string_equal(
			found ? found->name : "none", cases[i].profile ? cases[i].profile : "none");
	}
	profiles_destroy(profiles);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse_test),
		cmocka_unit_test(meaning_test),
		cmocka_unit_test(limits_test),
		cmocka_unit_test(shipped_test),
		cmocka_unit_test(user_test),
		cmocka_unit_test(command_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
