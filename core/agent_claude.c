/*
 * Claude Code 2.1: servers in ~/.claude.json (for all projects, and for one) and in a project's
 * .mcp.json, hooks in ~/.claude/settings.json.
 *
 * Seen on 2.1.330: a comment in settings.json silently switches the whole file off, a comment in
 * .mcp.json too, so they are read strictly. A hook with `args` is started without a shell.
 * onFailure "block" makes a hook that crashes, is missing or runs out of time a no. A server's
 * `timeout` is the whole time of a call and progress does not extend it; without one a call may
 * wait a day.
 */
#include "config.h"

#include "core/agent_impl.h"

static const struct agent_file files[] = {
	{ "~/.claude/settings.json", CONF_JSON, AGENT_HOOKS, false, { { NULL } } },
	{ "~/.claude.json", CONF_JSON, AGENT_SERVERS, true,
		{ { "mcpServers" }, { "projects", AGENT_PROJECT, "mcpServers" } } },
	{ ".mcp.json", CONF_JSON, AGENT_SERVERS, false, { { "mcpServers" } } },
	{ ".claude/settings.json", CONF_JSON, AGENT_NOTHING, false, { { NULL } } },
	{ ".claude/settings.local.json", CONF_JSON, AGENT_NOTHING, false, { { NULL } } },
	{ NULL, CONF_JSON, 0, false, { { NULL } } },
};

static const char *const events[] = { "PreToolUse", NULL };
static const char *const check[] = { "mcp", "list", NULL };

static void group(const struct agent_front *front, struct buf *out)
{
	buf_text(out, "{\"matcher\": \"*\", \"hooks\": [{\"type\": \"command\", \"command\": ");
	conf_quote(CONF_JSON, span_of(front->program), out);
	buf_text(out, ", \"args\": [");
	agent_hook_args(front, "claude", out);
	buf_printf(out, "], \"timeout\": %d, \"onFailure\": \"block\", ", AGENT_HOOK_S);
	buf_text(out, "\"statusMessage\": \"bascule: waiting for approval\"}]}");
}

const struct agent agent_claude = {
	.name = "claude",
	.title = "Claude Code",
	.program = "claude",
	.moved_by = "CLAUDE_CONFIG_DIR", /* .claude.json is in it then, not beside it */
	.files = files,
	.shape = AGENT_COMMAND_ARGS,
	.remote = { "url" },
	.limit_key = "timeout",
	.limit_unit_ms = 1,
	.events = events,
	.group = group,
	.fail_closed = true,
	.check = check,
	.outside =
		"connectors of claude.ai, servers of plug-ins and of the organisation, and servers "
		"that are reached by URL: the hook sees their calls, the gate does not",
	.after = NULL,
};
