/*
 * Gemini CLI: BeforeTool, which denies and rewrites; its own dialog comes after an "allow" all the
 * same, unless a policy of its user lets the tool pass.
 *
 * Seen on 0.61.0: exit code 2 denies, 1, garbage and silence let the tool run. Its source reads
 * stderr as it reads stdout where stdout is empty, JSON included; and it lays a new tool_input over
 * the old one, so that a member cannot be taken away. It sends no id of a call.
 */
#include "config.h"

#include "core/diag.h"
#include "core/hook_impl.h"

#include <stdlib.h>

static const struct hook_event_name events[] = {
	{ "BeforeTool", HOOK_BEFORE_TOOL },
	{ "AfterTool", HOOK_OTHER },
	{ "BeforeAgent", HOOK_OTHER },
	{ "AfterAgent", HOOK_OTHER },
	{ "BeforeModel", HOOK_OTHER },
	{ "AfterModel", HOOK_OTHER },
	{ "BeforeToolSelection", HOOK_OTHER },
	{ "Notification", HOOK_OTHER },
	{ "PreCompress", HOOK_OTHER },
	{ "SessionStart", HOOK_OTHER },
	{ "SessionEnd", HOOK_OTHER },
	{ NULL, HOOK_UNREAD },
};

static const struct hook_want wants[] = {
	HOOK_TEXT("session_id", true, struct hook_call, session),
	HOOK_TEXT("cwd", true, struct hook_call, cwd),
	HOOK_TEXT("tool_name", true, struct hook_call, tool),
	HOOK_RAW("tool_input", JSON_OBJECT, true, struct hook_call, arguments),
};

struct beside {
	struct span server;
};

static const struct hook_want beside_wants[] = {
	HOOK_RAW("mcp_context", JSON_OBJECT, false, struct beside, server),
};

static const struct hook_want server_wants[] = {
	HOOK_TEXT("server_name", true, struct hook_call, server),
	HOOK_TEXT("tool_name", true, struct hook_call, server_tool),
	HOOK_TEXT("command", false, struct hook_call, server_command),
	HOOK_RAW("args", JSON_ARRAY, false, struct hook_call, server_args),
};

/* A server's name may hold a "_" too, so mcp_SERVER_TOOL is not taken apart: mcp_context says it.
 */
static bool read_server(struct hook_call *call, struct span object, struct err *err)
{
	struct beside beside = { 0 };
	if (!hook_members(&beside, object, beside_wants, COUNT_OF(beside_wants), err)) {
		return false;
	}
	call->of_server = span_starts(span_of(call->tool), "mcp_");
	if (!beside.server.at) {
		return true;
	}
	if (!call->of_server) {
		return fail(err, DIAG_JSON,
			"a server is named beside a tool that is none of a server's");
	}
	return hook_members(call, beside.server, server_wants, COUNT_OF(server_wants), err);
}

static bool read_call(struct hook_call *call, struct span object, struct err *err)
{
	if (!hook_event_of(call, object, "hook_event_name", events, err)) {
		return false;
	}
	return call->event == HOOK_OTHER ||
		(hook_members(call, object, wants, COUNT_OF(wants), err) &&
			read_server(call, object, err));
}

static int say(const struct hook_call *call, const struct hook_answer *answer, struct buf *out)
{
	if (answer->kind == HOOK_NO_OPINION) {
		return 0;
	}
	struct jsonw w = jw_start(out);
	bool deny = answer->kind == HOOK_DENY;
	jw_open(&w, '{');
	jw_kv_text(&w, "decision", deny ? "deny" : "allow");
	if (deny) {
		jw_kv_span(&w, "reason", answer->reason);
	} else if (answer->edited.at) {
		jw_key(&w, "hookSpecificOutput");
		jw_open(&w, '{');
		jw_kv_text(&w, "hookEventName", call->event_name);
		jw_kv_raw(&w, "tool_input", answer->edited);
		jw_close(&w, '}');
	}
	jw_close(&w, '}');
	return deny ? HOOK_EXIT_DENY : 0;
}

const struct hook_form hook_form_gemini = {
	.name = "gemini",
	.profile = "gemini-cli",
	.limit_ms = 60000,
	.unit_ms = 1,
	.edits = 1u << HOOK_BEFORE_TOOL,
	.edits_merge = true,
	.read = read_call,
	.say = say,
};
