/* `bascule doctor`: the agents' files of a scratch home and project, as `bascule init` leaves them
 * and as they must not be. */
#include "config.h"

#include "tests/e2e/examine.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct examined doctor(struct world *w)
{
	struct examined e = { .w = w, .fd = -1 };
	examine(&e);
	return e;
}

/* A file below the home, with @ standing for the program `bascule` of the build. */
static char *put(struct world *w, const char *name, const char *text)
{
	struct buf out = { 0 };
	char *path = world_file(examine_home(w), name), *program = world_path(w, "bascule");
	for (char *slash = strchr(path + strlen(examine_home(w)) + 1, '/'); slash;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	for (const char *c = text; *c; c++) {
		if (*c == '@') {
			buf_text(&out, program);
		} else {
			buf_char(&out, *c);
		}
	}
	world_put(path, buf_cstr(&out));
	buf_finish(&out);
	return path;
}

static void init(struct world *w)
{
	const char *const argv[] = { world_path(w, "bascule-setup"), "init", "--root", w->root,
		"--home", examine_home(w), "--program", world_path(w, "bascule"), "--yes", NULL };
	setenv("PATH", "/nowhere", 1);
	CHECK_INT(w, world_run(w, argv, NULL, NULL), 0);
}

static void no_agent_is_a_note(struct world *w)
{
	struct examined e = doctor(w);
	CHECK_INT(w, e.code, 0);
	examine_has(&e, "agents", "note", "no coding agent");
}

/* ---- what init makes is well, and was not before ---- */

static void plain_home(struct world *w)
{
	put(w, ".claude/settings.json", "{}\n");
	put(w, ".claude.json", "{\"mcpServers\": {\n\"one\": {\"command\": \"npx\"}}}\n");
	put(w, ".codex/config.toml", "[mcp_servers.two]\ncommand = \"npx\"\n");
	put(w, ".gemini/settings.json", "{\"mcpServers\": {\"three\":\n{\"command\": \"x\"}}}\n");
	put(w, ".config/opencode/opencode.json",
		"{\"mcp\": {\n\n\"four\": {\"type\": \"local\", \"command\": [\"x\"]}}}\n");
	world_put(world_file(w->work, ".mcp.json"),
		"{\"mcpServers\": {\"five\": {\"command\": \"x\"}}}");
}

static void an_untouched_home_is_all_warnings(struct world *w)
{
	plain_home(w);
	struct examined e = doctor(w);
	CHECK_INT(w, e.code, 1);
	examine_has(&e, "agents", "warning", "server one is not behind the gate");
	examine_has(&e, "agents", "warning", ".claude.json:2");
	examine_has(&e, "agents", "warning", "server two is not behind the gate");
	examine_has(&e, "agents", "warning", "config.toml:1");
	examine_has(&e, "agents", "warning", "server three is not behind the gate");
	examine_has(&e, "agents", "warning", "server four is not behind the gate");
	examine_has(&e, "agents", "warning", "opencode.json:3");
	examine_has(&e, "agents", "warning", "server five is not behind the gate");
	examine_has(&e, "agents", "warning", "has no hook PreToolUse");
	examine_has(&e, "agents", "warning", "hooks.json");
	examine_has(&e, "agents", "warning", "has no hook BeforeTool");
	examine_has(&e, "agents", "warning", "bascule.js");
	examine_has(&e, "agents", "warning", "bascule init opencode");
}

/* Codex trusts a hook by file, event and place. */
static void trust(struct world *w, const char *event)
{
	char *path = world_file(examine_home(w), ".codex/config.toml");
	struct buf text = { 0 };
	world_get(path, &text);
	char *more = xasprintf("%s\n[hooks.state.\"%s/.codex/hooks.json:%s:0:0\"]\n"
			       "trusted_hash = \"sha256:00\"\n",
		buf_cstr(&text), examine_home(w), event);
	world_put(path, more);
	free(more);
	buf_finish(&text);
}

static void what_init_leaves_is_well_once_codex_trusts_it(struct world *w)
{
	plain_home(w);
	init(w);
	struct examined e = doctor(w);
	CHECK_INT(w, e.code, 2);
	examine_has(&e, "agents", "ok", "Claude Code: 2 servers behind the gate");
	examine_has(&e, "agents", "ok", "Gemini CLI: 1 server behind the gate");
	examine_has(&e, "agents", "ok", "opencode: 1 server behind the gate");
	examine_has(&e, "agents", "failure", "never told to trust hook PreToolUse");
	examine_has(&e, "agents", "failure", "never told to trust hook PermissionRequest");
	trust(w, "pre_tool_use");
	e = doctor(w);
	CHECK_INT(w, e.code, 2);
	examine_lacks(&e, "agents", "failure", "PreToolUse");
	examine_has(&e, "agents", "failure", "PermissionRequest");
	trust(w, "permission_request");
	e = doctor(w);
	CHECK_INT(w, e.code, 0);
	examine_has(&e, "agents", "ok", "Codex: 1 server behind the gate");
	examine_has(&e, "agents", "note", "killed or missing lets the tool run: Codex");
}

/* ---- each entry as it must not be ---- */

#define CLAUDE_HOOK(program, matcher, limit, rest) \
	"{\"hooks\": {\"PreToolUse\": [\n{\"matcher\": \"" matcher "\", \"hooks\": [\n" \
	"{\"type\": \"command\", \"command\": \"" program "\", \"args\": " \
	"[\"hook\", \"claude\", \"--limit\", \"" limit "\"]" rest "}]}]}}"

static void hooks_that_are_not_as_they_should_be(struct world *w)
{
	static const struct {
		const char *text, *level, *says;
	} rows[] = {
		{ CLAUDE_HOOK("@", "*", "3600", ", \"timeout\": 3600, \"onFailure\": \"block\""),
			"ok", "Claude Code: 0 servers" },
		{ CLAUDE_HOOK("@", "*", "3600", ", \"timeout\": 3600"), "warning",
			"has no onFailure" },
		{ CLAUDE_HOOK("@", "Bash", "3600", ", \"timeout\": 3600, \"onFailure\": \"block\""),
			"warning", "for some tools only" },
		{ CLAUDE_HOOK("@", "*", "3600", ""), "failure",
			"waits 600 s for its hook PreToolUse, which was told 3600 s" },
		{ CLAUDE_HOOK("@", "*", "60", ", \"timeout\": 60, \"onFailure\": \"block\""),
			"warning", "you have 60 s" },
		{ CLAUDE_HOOK("/gone/bascule", "*", "3600", ", \"timeout\": 3600"), "failure",
			"runs its tools without asking" },
		{ CLAUDE_HOOK("/gone/bascule", "*", "3600",
			  ", \"timeout\": 3600, \"onFailure\": \"block\""),
			"warning", "every call is blocked" },
		{ CLAUDE_HOOK("bascule", "*", "3600", ", \"timeout\": 3600"), "warning",
			"without its directory" },
		{ "{\"disableAllHooks\": true}", "failure", "disableAllHooks" },
		{ "{ // mine\n}", "failure", "settings.json:1" },
		{ "{\n\"hooks\": {\"PreToolUse\": [\n}", "failure", "settings.json:3" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		put(w, ".claude/settings.json", rows[i].text);
		struct examined e = doctor(w);
		examine_has(&e, "agents", rows[i].level, rows[i].says);
		examine_lacks(&e, "agents", "warning", "is not there: Claude");
		CHECK_INT(w, e.code,
			strcmp(rows[i].level, "ok") == 0                ? 0
				: strcmp(rows[i].level, "warning") == 0 ? 1
									: 2);
	}
}

static void the_line_of_a_hook_is_named(struct world *w)
{
	put(w, ".claude/settings.json",
		CLAUDE_HOOK("/gone/bascule", "*", "3600", ", \"timeout\": 3600"));
	struct examined e = doctor(w);
	examine_has(&e, "agents", "failure", "settings.json:3");
}

static void another_installation_is_said(struct world *w)
{
	char *bin = world_file(w->dir, "bin");
	mkdir(bin, 0700);
	char *other = world_file(bin, "bascule");
	world_put(other, "#!/bin/sh\n");
	chmod(other, 0755);
	char *text = xasprintf("{\"mcpServers\": {\"s\": {\"command\": \"%s\", \"args\": "
			       "[\"run\", \"--\", \"x\"]}}}",
		other);
	put(w, ".claude.json", text);
	struct examined e = doctor(w);
	examine_has(&e, "agents", "warning", "which is not this installation");
	unlink(other);
	e = doctor(w);
	examine_has(&e, "agents", "failure", "the server does not start");
	free(text);
}

static void servers_that_are_not_as_they_should_be(struct world *w)
{
	put(w, ".gemini/settings.json",
		"{\"mcpServers\": {\n"
		"\"short\": {\"command\": \"@\", \"args\": [\"run\", \"--\", \"x\"], "
		"\"timeout\": 60000},\n"
		"\"none\": {\"command\": \"@\", \"args\": [\"run\", \"--\", \"x\"]},\n"
		"\"middle\": {\"command\": \"@\", \"args\": [\"run\", \"--\", \"x\"], "
		"\"timeout\": 1200000},\n"
		"\"far\": {\"httpUrl\": \"https://example.com\"},\n"
		"\"odd\": {\"command\": 3},\n"
		"\"bad\\u001b[2J\\u202ename\": {\"command\": \"x\"}}}");
	struct examined e = doctor(w);
	examine_has(&e, "agents", "warning", "server short end after 60 s");
	examine_has(&e, "agents", "warning", "server none has no time limit");
	examine_has(&e, "agents", "note", "server middle end after 1200 s");
	examine_has(&e, "agents", "note", "server far is reached by URL");
	examine_has(&e, "agents", "warning", "entry of server odd is not understood");
	examine_has(&e, "agents", "warning", "settings.json:7");
	CHECK_LACKS(w, e.text, "\033");
	CHECK_LACKS(w, e.text, "\xe2\x80\xae");
}

/* Bascule as a server needs no gate; it must be there all the same. */
static void bascule_as_a_server_needs_no_gate(struct world *w)
{
	put(w, ".claude/settings.json",
		CLAUDE_HOOK("@", "*", "3600", ", \"timeout\": 3600, \"onFailure\": \"block\""));
	put(w, ".claude.json",
		"{\"mcpServers\": {\"p\": {\"command\": \"@\", \"args\": [\"policy-server\"]}}}");
	struct examined e = doctor(w);
	CHECK_INT(w, e.code, 0);
	put(w, ".claude.json",
		"{\"mcpServers\": {\"p\": {\"command\": \"/gone/bascule\", \"args\": "
		"[\"policy-server\"]}}}");
	e = doctor(w);
	CHECK_INT(w, e.code, 2);
	examine_has(&e, "agents", "failure", "server p names /gone/bascule");
}

static void servers_of_other_projects_are_counted(struct world *w)
{
	put(w, ".claude.json",
		"{\"projects\": {\"/else\": {\"mcpServers\": {\"a\": {\"command\": \"x\"}}}}}");
	struct examined e = doctor(w);
	examine_has(&e, "agents", "note", "1 of other projects");
}

static void a_plugin_that_is_another_is_a_failure(struct world *w)
{
	put(w, ".config/opencode/plugin/bascule.js", "export const Nothing = 1\n");
	struct examined e = doctor(w);
	CHECK_INT(w, e.code, 2);
	examine_has(&e, "agents", "failure", "is not bascule's plug-in");
	put(w, ".config/opencode/plugin/bascule.js",
		"const [program, ...words] = [\"/gone/bascule\",\"hook\",\"opencode\"]\n");
	e = doctor(w);
	examine_has(&e, "agents", "failure", "every call is an error");
}

/* A pipe in a file's place is not waited for. */
static void a_pipe_is_no_file(struct world *w)
{
	char *path = put(w, ".claude/settings.json", "");
	unlink(path);
	CHECK_INT(w, mkfifo(path, 0600), 0);
	struct examined e = doctor(w);
	CHECK_INT(w, e.code, 2);
	examine_has(&e, "agents", "failure", "settings.json");
}

/* ---- credentials in the files ---- */

#define GITHUB \
	"ghp_" \
	"x7Kq2mVb9RtYw4LcZ8NpD3sHf6JgA1uEo5Ti"
#define PLAIN "9f8Jq2LmVx7Rt4Yw"

/* Each with the key that is named, and where; the value never. */
static void secrets_are_named_and_never_shown(struct world *w)
{
	put(w, ".claude.json",
		"{\"mcpServers\": {\n\"a\": {\"command\": \"x\", \"env\": {\n"
		"\"GITHUB_TOKEN\": \"" GITHUB "\",\n"
		"\"DB_PASSWORD\": \"" PLAIN "\"}},\n"
		"\"b\": {\"command\": \"x\", \"args\": [\"--api-key\",\n\"" PLAIN "\", "
		"\"--token=" PLAIN "\"]},\n"
		"\"c\": {\"url\": \"https://x\", \"headers\": {\n"
		"\"Authorization\": \"Bearer " PLAIN "\"}}}}");
	put(w, ".gemini/settings.json", "{ // " GITHUB "\n}");
	put(w, ".codex/config.toml",
		"[mcp_servers.d]\ncommand = \"x\"\n[mcp_servers.d.env]\nAPI_KEY = \"" PLAIN "\"\n");
	struct examined e = doctor(w);
	examine_has(&e, "secrets", "warning", "mcpServers.a.env.GITHUB_TOKEN: a github");
	examine_has(&e, "secrets", "warning", ".claude.json:3");
	examine_has(&e, "secrets", "warning", "mcpServers.a.env.DB_PASSWORD: ");
	examine_has(&e, "secrets", "warning", ".claude.json:4");
	examine_has(&e, "secrets", "warning", "mcpServers.b.args: ");
	examine_has(&e, "secrets", "warning", ".claude.json:6");
	examine_has(&e, "secrets", "warning", "mcpServers.c.headers.Authorization: ");
	examine_has(&e, "secrets", "warning", "a comment or key: a github");
	examine_has(&e, "secrets", "warning", "mcp_servers.d.env.API_KEY: ");
	examine_has(&e, "secrets", "warning", "config.toml:4");
	examine_lacks(&e, "secrets", "ok", "");
	CHECK_LACKS(w, e.text, GITHUB);
	CHECK_LACKS(w, e.text, PLAIN);
}

static void what_is_filled_in_is_no_secret(struct world *w)
{
	put(w, ".claude.json",
		"{\"mcpServers\": {\"a\": {\"command\": \"npx\", \"args\": [\"-y\", "
		"\"@scope/server-token-thing@1.2.3\", \"--config=/etc/server.conf\"], \"env\": {"
		"\"A_TOKEN\": \"${A_TOKEN}\", \"B_TOKEN\": \"$B_TOKEN_FROM_SHELL\", "
		"\"C_TOKEN\": \"{env:C_TOKEN}\", \"D_TOKEN\": \"your-token-here\", "
		"\"NODE_ENV\": \"production\", \"PORT\": \"8080\"}}}}");
	struct examined e = doctor(w);
	examine_has(&e, "secrets", "ok", "none is seen");
	examine_lacks(&e, "secrets", "warning", "");
}

/* A name is foreign text too, and so is what a reader says of a file. */
static void a_secret_in_a_name_is_masked(struct world *w)
{
	put(w, ".gemini/settings.json", "{\"mcpServers\": {\"" GITHUB "\": {\"command\": \"x\"}}}");
	struct examined e = doctor(w);
	examine_has(&e, "agents", "warning", "\xe2\x9f\xa8github");
	CHECK_LACKS(w, e.text, GITHUB);
}

static void who_else_can_read_it_is_said(struct world *w)
{
	char *path = put(w, ".gemini/settings.json",
		"{\"mcpServers\": {\"s\": {\"command\": \"x\", \"env\": {\"K\": \"" GITHUB
		"\"}}}}");
	chmod(path, 0644);
	world_put(world_file(w->work, ".mcp.json"),
		"{\"mcpServers\": {\"s\": {\"command\": \"x\", \"env\": {\"K\": \"" GITHUB
		"\"}}}}");
	put(w, ".claude/settings.json", "{}");
	struct examined e = doctor(w);
	examine_has(&e, "secrets", "warning", "other users can read");
	examine_has(&e, "secrets", "warning", "in the project's file");
}

static const struct e2e_case cases[] = {
#define CASE(name) \
	{ \
#name, name, 0 \
	}
	CASE(no_agent_is_a_note),
	CASE(an_untouched_home_is_all_warnings),
	CASE(what_init_leaves_is_well_once_codex_trusts_it),
	CASE(hooks_that_are_not_as_they_should_be),
	CASE(the_line_of_a_hook_is_named),
	CASE(another_installation_is_said),
	CASE(servers_that_are_not_as_they_should_be),
	CASE(bascule_as_a_server_needs_no_gate),
	CASE(servers_of_other_projects_are_counted),
	CASE(a_plugin_that_is_another_is_a_failure),
	CASE(a_pipe_is_no_file),
	CASE(secrets_are_named_and_never_shown),
	CASE(what_is_filled_in_is_no_secret),
	CASE(a_secret_in_a_name_is_masked),
	CASE(who_else_can_read_it_is_said),
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
