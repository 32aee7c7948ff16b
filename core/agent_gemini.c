/*
 * Gemini CLI 0.61: servers and hooks in settings.json, the user's and the project's.
 *
 * Seen on 0.61.0: comments are accepted; a hook is a line for a shell, its limit is milliseconds; a
 * call may take 600 s unless `timeout` says more, and progress does not extend that. Its own dialog
 * comes behind an allow all the same, and we do not switch it off: then a hook that fails would be
 * a yes.
 */
#include "config.h"

#include "core/agent_impl.h"

static const struct agent_file files[] = {
	{ "~/.gemini/settings.json", CONF_JSONC, AGENT_HOOKS | AGENT_SERVERS, false,
		{ { "mcpServers" } } },
	{ ".gemini/settings.json", CONF_JSONC, AGENT_SERVERS, false, { { "mcpServers" } } },
	{ NULL, CONF_JSON, 0, false, { { NULL } } },
};

static const char *const events[] = { "BeforeTool", NULL };
static const char *const check[] = { "mcp", "list", NULL };

static void group(const struct agent_front *front, struct buf *out)
{
	buf_text(out,
		"{\"matcher\": \".*\", \"hooks\": [{\"name\": \"bascule\", "
		"\"type\": \"command\", \"command\": ");
	agent_hook_line(front, "gemini", out);
	buf_printf(out, ", \"timeout\": %d}]}", AGENT_HOOK_S * 1000);
}

const struct agent agent_gemini = {
	.name = "gemini",
	.title = "Gemini CLI",
	.program = "gemini",
	.files = files,
	.shape = AGENT_COMMAND_ARGS,
	.remote = { "url", "httpUrl" },
	.limit_key = "timeout",
	.limit_unit_ms = 1,
	.limit_needed = true,
	.events = events,
	.group = group,
	.check = check,
	.outside =
		"servers of extensions, and servers that are reached by URL: the hook sees their "
		"calls, the gate does not",
	.after =
		"gemini asks in a dialog of its own too, behind bascule's yes; in a folder that it "
		"does not trust it starts no servers",
};
