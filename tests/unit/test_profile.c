/* Which profile a command gets: what looks like a known package and starts something else gets
 * none. */
#include "config.h"

#include "core/effects/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define PKG "@modelcontextprotocol/server-filesystem"

static const struct {
	bool fits;
	const char *command; /* words, one space between */
} commands[] = {
	{ true, "npx " PKG " /work" },
	{ true, "npx -y " PKG " /work" },
	{ true, "/usr/bin/npx --yes -- " PKG },
	{ true, "npx -y " PKG "@latest /work" },
	{ true, "npx -y " PKG "@2026.8.31" },
	{ true, "npx -y " PKG "@^2025.1.0" },
	{ true, "npm exec -- " PKG " /work" },
	{ true, "pnpm dlx " PKG },
	{ true, "yarn dlx -q " PKG },
	{ true, "bunx " PKG },
	{ true, "bun x " PKG },
	{ true, "node node_modules/" PKG "/dist/index.js /work" },
	{ true, "node /usr/lib/node_modules/" PKG "/dist/index.js" },
	{ true, "nodejs /w/node_modules/.pnpm/x@1/node_modules/" PKG "/dist/index.js" },
	{ true, "node /w/node_modules/.bin/mcp-server-filesystem /work" },
	{ true, "/w/node_modules/.bin/mcp-server-filesystem /work" },
	{ true, "mcp-server-filesystem /work" },
	{ true, "/usr/local/bin/mcp-server-filesystem" },
	/* names that only look alike */
	{ false, "npx evil-mcp-server-filesystem" },
	{ false, "npx mcp-server-filesystem" }, /* of npm's open name space: anybody's */
	{ false, "npx mcp-server-filesystem-evil" },
	{ false, "npx @evil/mcp-server-filesystem" },
	{ false, "npx @evil/server-filesystem" },
	{ false, "npx " PKG "-evil" },
	{ false, "npx evil/" PKG },
	{ false, "npx x" PKG },
	{ false, "npx " PKG "/evil" },
	{ false, "npx @ModelContextProtocol/server-filesystem" },
	{ false, "mcp-server-filesystem-evil" },
	{ false, "/evil-mcp-server-filesystem" },
	{ false, "/bin/mcp-server-filesystem/evil" },
	/* other addresses behind the name */
	{ false, "npx " PKG "@npm:evil" },
	{ false, "npx " PKG "@npm:evil@1.0.0" },
	{ false, "npx " PKG "@file:../evil" },
	{ false, "npx " PKG "@https://evil/x.tgz" },
	{ false, "npx " PKG "@git+ssh://evil/x" },
	{ false, "npx " PKG "@evil/x" },
	{ false, "npx github:evil/" PKG },
	{ false, "npx https://evil/node_modules-" PKG },
	/* another package or file starts, and the name stands somewhere else */
	{ false, "npx -p evil mcp-server-filesystem" },
	{ false, "npx --package=evil " PKG },
	{ false, "npx --package evil " PKG },
	{ false, "npx -c " PKG },
	{ false, "npx evil " PKG },
	{ false, "node evil.js " PKG },
	{ false, "node evil.js /w/node_modules/" PKG "/dist/index.js" },
	{ false, "node -r ./evil.js node_modules/" PKG "/dist/index.js" },
	{ false, "node --import=./evil.js node_modules/" PKG "/dist/index.js" },
	{ false, "node " PKG }, /* a file of that name below the current directory */
	{ false, "node ./" PKG "/dist/index.js" },
	{ false, "evil /w/node_modules/" PKG },
	{ false, "evil mcp-server-filesystem" },
	{ false, "npm run " PKG },
	{ false, "sh -c npx " PKG },
	{ false, "env X=1 npx " PKG },
	{ false, "node /w/node_modules/" PKG "/../../evil.js" },
	{ false, "node /w/node_modules/" PKG "/.." },
	{ false, "node /w/node_modules/" PKG "-evil/index.js" },
	{ false, "node /w/node_modules/evil/" PKG "/index.js" },
	{ false, "node /w/node_modules/" PKG "/node_modules/evil/index.js" },
	{ false, "node /w/evil_node_modules/" PKG "/index.js" },
	{ false, "node /w/node_modules/.bin/mcp-server-filesystem-evil" },
	{ false, "node /w/node_modules/.bin/mcp-server-filesystem/evil.js" },
	{ false, "npx" },
	{ false, "npx -y" },
	{ false, "node" },
	{ false, "" },
};

static const struct profile *choose(
	const struct profiles *profiles, const char *asked, const char *command, const char *name)
{
	char text[256], *words[16] = { NULL }, *rest = text;
	strncpy(text, command, sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (size_t n = 0; rest && n + 1 < COUNT_OF(words); n++) {
		words[n] = strsep(&rest, " ");
	}
	return profiles_choose(profiles, asked, words, name);
}

static void command_test(void **state)
{
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		const struct profile *profile = choose(*state, NULL, commands[i].command, NULL);
		if (!profile != !commands[i].fits) {
			print_error(
				"%s: %s\n", commands[i].command, profile ? profile->name : "none");
			fail();
		}
	}
}

/* --profile decides; a name decides only where the command says nothing. */
static void order_test(void **state)
{
	char *none[] = { NULL };
	assert_string_equal(choose(*state, "filesystem", "evil", NULL)->name, "filesystem");
	assert_null(choose(*state, "", "npx " PKG, "filesystem"));
	assert_null(choose(*state, "other", "npx " PKG, "filesystem"));
	assert_string_equal(choose(*state, NULL, "evil", "filesystem")->name, "filesystem");
	assert_null(choose(*state, NULL, "evil", "files"));
	assert_null(choose(*state, NULL, "evil", NULL));
	assert_null(profiles_choose(*state, NULL, NULL, NULL));
	assert_null(profiles_choose(*state, NULL, none, NULL));
}

static void find_test(void **state)
{
	const struct profile *files = profiles_find(*state, SPAN("filesystem"));
	assert_non_null(files);
	assert_null(profiles_find(*state, SPAN("Filesystem")));
	assert_null(profiles_find(*state, SPAN("filesystem\0")));
	assert_null(profiles_find(*state, SPAN("")));
	assert_null(profiles_find(*state, (struct span){ 0 }));
	assert_non_null(profile_tool(files, SPAN("read_file")));
	assert_null(profile_tool(files, SPAN("read_fil")));
	assert_null(profile_tool(files, SPAN("read_file\0")));
	assert_null(profile_tool(files, SPAN("")));
	assert_null(profile_tool(NULL, SPAN("read_file")));
}

static int set_up(void **state)
{
	*state = profiles_create();
	return 0;
}

static int tear_down(void **state)
{
	profiles_destroy(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(command_test),
		cmocka_unit_test(order_test),
		cmocka_unit_test(find_test),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
