/*
 * opencode 1.18: servers in opencode.json or opencode.jsonc, the user's and the project's. It has
 * no hooks that are commands: a plug-in of ours starts the hook.
 *
 * Seen on 1.18.33: comments and trailing commas are accepted; "command" is the whole argv;
 * `timeout` is also that of the server's start, and progress extends it, so it is left as it is.
 */
#include "config.h"

#include "core/agent_impl.h"

#include "core/hook_plugin.h"

static const struct agent_file files[] = {
	{ "~/.config/opencode/plugin/bascule.js", CONF_JSON, AGENT_PLUGIN, false, { { NULL } } },
	{ "~/.config/opencode/opencode.json", CONF_JSONC, AGENT_SERVERS, false, { { "mcp" } } },
	{ "~/.config/opencode/opencode.jsonc", CONF_JSONC, AGENT_SERVERS, false, { { "mcp" } } },
	{ "opencode.json", CONF_JSONC, AGENT_SERVERS, false, { { "mcp" } } },
	{ "opencode.jsonc", CONF_JSONC, AGENT_SERVERS, false, { { "mcp" } } },
	{ ".opencode/opencode.json", CONF_JSONC, AGENT_SERVERS, false, { { "mcp" } } },
	{ ".opencode/opencode.jsonc", CONF_JSONC, AGENT_SERVERS, false, { { "mcp" } } },
	{ NULL, CONF_JSON, 0, false, { { NULL } } },
};

static const char *const events[] = { NULL };
static const char *const check[] = { "mcp", "list", NULL };

const struct agent agent_opencode = {
	.name = "opencode",
	.title = "opencode",
	.program = "opencode",
	.moved_by = "XDG_CONFIG_HOME",
	.unmoved = "~/.config",
	.files = files,
	.shape = AGENT_ARGV,
	.remote = { "url" },
	.events = events,
	.check = check,
	.outside =
		"servers that are reached by URL: the plug-in sees their calls, the gate does not; "
		"and all of it if the plug-in cannot be loaded",
	.after = NULL,
};

bool agent_opencode_plugin(const struct agent_front *front, struct buf *out, struct err *err)
{
	const char *words[] = { front->program, "hook", "opencode", NULL, NULL, NULL };
	if (front->root) {
		words[3] = "--root";
		words[4] = front->root;
	}
	return hook_opencode_plugin(words, out, err);
}
