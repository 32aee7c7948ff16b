/* The look at agents' configuration files: servers wrapped or not, remote, odd; our hooks among
 * those of others, and what they were told. */
#include "config.h"

#include "core/agent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct agent_file *file_of(const struct agent *agent, const char *path)
{
	const struct agent_file *file = agent->files;
	while (strcmp(file->path, path) != 0) {
		file++;
		assert_non_null(file->path);
	}
	return file;
}

struct seen {
	struct conf conf;
	struct agent_look look;
};

static void see(struct seen *seen, const char *name, const char *path, const char *text)
{
	const struct agent *agent = agent_find(span_of(name));
	const struct agent_file *file = file_of(agent, path);
	struct err err = { 0 };
	*seen = (struct seen){ 0 };
	if (!conf_parse(&seen->conf, file->format, path, span_of(text), &err)) {
		fail_msg("%s", err.text);
	}
	agent_look(&seen->look, agent, file, &seen->conf, "/home/me/project");
}

static void unsee(struct seen *seen)
{
	agent_look_finish(&seen->look);
	conf_finish(&seen->conf);
}

/* A letter each: Plain, Wrapped, Remote, Odd, bascule's own (S). */
static void assert_servers(struct seen *seen, const char *states)
{
	char got[32] = "";
	for (size_t i = 0; i < seen->look.server_count; i++) {
		got[i] = "PWROS"[seen->look.servers[i].state];
	}
	assert_string_equal(got, states);
}

static void the_table_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; agent_at(i); i++) {
		const struct agent *agent = agent_at(i);
		assert_ptr_equal(agent_find(span_of(agent->name)), agent);
		assert_non_null(hook_find(span_of(agent->name)));
		assert_true(agent->title && agent->program && agent->outside && agent->events);
		bool hooks = false;
		for (const struct agent_file *file = agent->files; file->path; file++) {
			hooks = hooks || file->holds & (AGENT_HOOKS | AGENT_PLUGIN);
			assert_int_equal(!!(file->holds & AGENT_SERVERS), !!file->servers[0][0]);
		}
		assert_true(hooks);
	}
}

static void servers_of_each_shape(void **state)
{
	(void)state;
	struct seen s;
	see(&s, "claude", ".mcp.json",
		"{\"mcpServers\":{\"a\":{\"command\":\"npx\",\"args\":[\"-y\",\"x\"]},"
		"\"b\":{\"command\":\"/opt/bin/bascule\",\"args\":[\"run\",\"--\",\"npx\"],"
		"\"timeout\":3600000},"
		"\"c\":{\"type\":\"http\",\"url\":\"https://x\"},\"d\":{\"command\":3},\"e\":[],"
		"\"f\":{\"command\":\"x\",\"args\":\"y\"},"
		"\"g\":{\"command\":\"/x/bascule\",\"args\":[\"--root\",\"/r\",\"run\"]}}}");
	assert_servers(&s, "PWROOOW");
	assert_string_equal(s.look.servers[0].program, "npx");
	assert_string_equal(s.look.servers[0].own[2], "x");
	assert_string_equal(s.look.servers[1].own[0], "npx");
	assert_null(s.look.servers[1].own[1]);
	assert_null(s.look.servers[6].own);
	assert_string_equal(s.look.servers[1].program, "/opt/bin/bascule");
	assert_int_equal(s.look.servers[0].limit_s, -1);
	assert_int_equal(s.look.servers[1].limit_s, 3600);
	unsee(&s);
	see(&s, "codex", ".codex/config.toml",
		"[mcp_servers.one]\ncommand = 'npx'\ntool_timeout_sec = 60\n"
		"[mcp_servers.two]\nurl = 'https://x'\n");
	assert_servers(&s, "PR");
	assert_int_equal(s.look.servers[0].limit_s, 60);
	unsee(&s);
	see(&s, "opencode", "opencode.json",
		"{\"mcp\":{\"a\":{\"type\":\"local\",\"command\":[\"npx\",\"x\"],},"
		"\"b\":{\"type\":\"remote\",\"url\":\"u\"}, // c\n"
		"\"c\":{\"command\":[\"/b/"
		"bascule\",\"run\",\"--\",\"x\"]},\"d\":{\"command\":\"x\"},"
		"\"e\":{\"command\":[]}}}");
	assert_servers(&s, "PRWOO");
	unsee(&s);
}

static void servers_that_are_bascule_itself(void **state)
{
	(void)state;
	struct seen s;
	see(&s, "claude", ".mcp.json",
		"{\"mcpServers\":{\"a\":{\"command\":\"/x/bascule\",\"args\":[\"policy-server\"]},"
		"\"b\":{\"command\":\"/x/bascule\",\"args\":[\"--root\",\"/r\","
		"\"permission-server\"]},"
		"\"c\":{\"command\":\"/x/other\",\"args\":[\"policy-server\"]},"
		"\"d\":{\"command\":\"/x/bascule\",\"args\":[\"what\"]}}}");
	assert_servers(&s, "SSPP");
	unsee(&s);
}

static void servers_of_projects(void **state)
{
	(void)state;
	struct seen s;
	see(&s, "claude", "~/.claude.json",
		"{\"mcpServers\":{\"u\":{\"command\":\"x\"}},\"projects\":{"
		"\"/home/me/project\":{\"mcpServers\":{\"l\":{\"command\":\"x\"}}},"
		"\"/other\":{\"mcpServers\":{\"m\":{\"command\":\"x\"},\"n\":{\"url\":\"u\"}}}}}");
	assert_servers(&s, "PP");
	assert_int_equal(s.look.servers[1].steps, 4);
	assert_string_equal(s.look.servers[1].at[1].key, "/home/me/project");
	assert_int_equal(s.look.elsewhere, 1);
	unsee(&s);
}

static void hooks_of_ours(void **state)
{
	(void)state;
	struct seen s;
	see(&s, "claude", "~/.claude/settings.json",
		"{\"hooks\":{\"PreToolUse\":[{\"matcher\":\"Bash\",\"hooks\":[{\"type\":"
		"\"command\","
		"\"command\":\"/x/lint hook claude\"}]},{\"matcher\":\"*\",\"hooks\":["
		"{\"type\":\"command\",\"command\":\"/o/bascule\",\"args\":[\"hook\",\"claude\","
		"\"--limit\",\"600\"],\"timeout\":700,\"onFailure\":\"block\"}]}]},"
		"\"disableAllHooks\":true}");
	assert_int_equal(s.look.hook_count, 1);
	const struct agent_hook *hook = &s.look.hooks[0];
	assert_true(hook->there && hook->all && hook->fail_closed && s.look.hooks_off);
	assert_string_equal(hook->program, "/o/bascule");
	assert_int_equal(hook->group, 1);
	assert_int_equal(hook->timeout_s, 700);
	assert_int_equal(hook->limit_s, 600);
	unsee(&s);
	see(&s, "gemini", "~/.gemini/settings.json",
		"{\"hooks\":{\"BeforeTool\":[{\"matcher\":\"run_.*\",\"hooks\":[{\"command\":"
		"\"'/a b/bascule' --root /r hook gemini\",\"timeout\":5000}]}]}}");
	hook = &s.look.hooks[0];
	assert_true(hook->there && !hook->all && !hook->fail_closed);
	assert_string_equal(hook->program, "/a b/bascule");
	assert_int_equal(hook->timeout_s, 5);
	unsee(&s);
	see(&s, "codex", "~/.codex/hooks.json",
		"{\"hooks\":{\"PreToolUse\":[{\"hooks\":[{\"command\":"
		"\"'/it'\\\\''s/bascule' hook codex\"}]}]}}");
	assert_string_equal(s.look.hooks[0].program, "/it's/bascule");
	unsee(&s);
	see(&s, "codex", "~/.codex/hooks.json", "{\"hooks\":{\"PreToolUse\":{}}}");
	assert_int_equal(s.look.hook_count, 2);
	assert_false(s.look.hooks[0].there || s.look.hooks[1].there);
	unsee(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_whole),
		cmocka_unit_test(servers_of_each_shape),
		cmocka_unit_test(servers_that_are_bascule_itself),
		cmocka_unit_test(servers_of_projects),
		cmocka_unit_test(hooks_of_ours),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
