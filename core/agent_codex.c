/*
 * Codex 0.169: servers in config.toml, hooks in hooks.json beside it.
 *
 * Seen on 0.169.0: it runs a hook only after its user has looked at it in the TUI, and trusts it by
 * file, event and place in the lists: so ours stand behind the others. Servers get a handful of
 * variables only. A call may take 300 s unless tool_timeout_sec says more, and progress does not
 * extend that. Nothing makes a hook that fails a no; the hook itself answers before its limit.
 */
#include "config.h"

#include "core/agent_impl.h"

static const struct agent_file files[] = {
	{ "~/.codex/hooks.json", CONF_JSON, AGENT_HOOKS, false, { { NULL } } },
	{ "~/.codex/config.toml", CONF_TOML, AGENT_SERVERS, false, { { "mcp_servers" } } },
	{ ".codex/config.toml", CONF_TOML, AGENT_SERVERS, false, { { "mcp_servers" } } },
	{ NULL, CONF_JSON, 0, false, { { NULL } } },
};

static const char *const events[] = { "PreToolUse", "PermissionRequest", NULL };

static const char *const check[] = { "mcp", "list", NULL }; /* reads the file, starts nothing */

static void group(const struct agent_front *front, struct buf *out)
{
	buf_text(out, "{\"matcher\": \"*\", \"hooks\": [{\"type\": \"command\", \"command\": ");
	agent_hook_line(front, "codex", out);
	buf_printf(out, ", \"timeout\": %d, ", AGENT_HOOK_S);
	buf_text(out, "\"statusMessage\": \"bascule: waiting for approval\"}]}");
}

const struct agent agent_codex = {
	.name = "codex",
	.title = "Codex",
	.program = "codex",
	.moved_by = "CODEX_HOME",
	.unmoved = "~/.codex",
	.files = files,
	.shape = AGENT_COMMAND_ARGS,
	.remote = { "url" },
	.limit_key = "tool_timeout_sec",
	.limit_unit_ms = 1000,
	.limit_needed = true,
	.events = events,
	.group = group,
	.check = check,
	.outside =
		"what is typed into a program that runs already (write_stdin), its web search, and "
		"servers that are reached by URL: the hook sees the last, the gate does not",
	.after = "run codex once and trust the hooks (\"Hooks need review\"): until then it skips "
		 "them without a word; codex exec never asks",
};
