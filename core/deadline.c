/*
 * The table. Measured with the real clients on a silent server unless marked otherwise.
 */
#include "config.h"

#include "core/deadline.h"

static const struct deadline deadlines[] = {
	{ "claude-code", 1800, true }, /* idle limit; the wall limit is 27 hours */
	{ "codex-mcp-client", 300, false },
	{ "copilot-cli", 180, true },
	{ "github-copilot", 180, true },
	{ "gemini-cli", 600, false }, /* has a token but never resets its timer */
	{ "qwen-cli", 600, false },
	{ "qwen-code", 600, false },
	{ "opencode", 60, true },
	{ "mcpc", 300, false },
	{ "Visual Studio Code", 300, false }, /* reported, not measured */
	/* SDK default: inspector, Cline, Cursor, Claude Desktop and most others */
	{ "", 60, false },
};

const struct deadline *deadline_for(struct span client)
{
	const struct deadline *d = deadlines;
	while (d->client[0] && !span_starts(client, d->client)) {
		d++;
	}
	return d;
}
