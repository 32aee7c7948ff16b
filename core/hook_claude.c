/*
 * Claude Code: PreToolUse, which sees every call, and PermissionRequest, which sees those that its
 * user would be asked.
 *
 * Seen on 2.1.330: exit code 2 with a text on stderr denies a PreToolUse, and so does
 * permissionDecision "deny"; "allow" skips the dialog; updatedInput takes the place of the whole
 * input. A PermissionRequest was seen to obey its JSON with exit code 0, so that is how it is told;
 * that exit code 2 denies it is documented. An exit code of 1, garbage and silence let the tool
 * run, unless its configuration says onFailure "block".
 */
#include "config.h"

#include "core/hook_impl.h"

#include <stdlib.h>

static const struct hook_event_name events[] = {
	{ "PreToolUse", HOOK_BEFORE_TOOL },
	{ "PermissionRequest", HOOK_PERMISSION },
	{ "PostToolUse", HOOK_OTHER },
	{ "PostToolUseFailure", HOOK_OTHER },
	{ "Notification", HOOK_OTHER },
	{ "UserPromptSubmit", HOOK_OTHER },
	{ "Stop", HOOK_OTHER },
	{ "SubagentStart", HOOK_OTHER },
	{ "SubagentStop", HOOK_OTHER },
	{ "PreCompact", HOOK_OTHER },
	{ "SessionStart", HOOK_OTHER },
	{ "SessionEnd", HOOK_OTHER },
	{ NULL, HOOK_UNREAD },
};

/* Of the events that decide. */
static const struct hook_want wants[] = {
	HOOK_TEXT("session_id", true, struct hook_call, session),
	HOOK_TEXT("cwd", true, struct hook_call, cwd),
	HOOK_TEXT("tool_name", true, struct hook_call, tool),
	HOOK_RAW("tool_input", JSON_OBJECT, true, struct hook_call, arguments),
	HOOK_TEXT("tool_use_id", false, struct hook_call, call_id),
	HOOK_TEXT("prompt_id", false, struct hook_call, turn),
	HOOK_TEXT("agent_id", false, struct hook_call, agent_id),
	HOOK_TEXT("agent_type", false, struct hook_call, agent_type),
	HOOK_TEXT("permission_mode", false, struct hook_call, permission_mode),
};

/* The server that a tool is one of. */
struct beside {
	struct span server;
	char *name;
};

static const struct hook_want beside_wants[] = {
	HOOK_RAW("mcp_server", JSON_OBJECT, false, struct beside, server),
};

static const struct hook_want server_wants[] = {
	HOOK_TEXT("name", true, struct beside, name),
};

static bool read_server(struct hook_call *call, struct span object, struct err *err)
{
	struct beside beside = { 0 };
	if (!hook_members(&beside, object, beside_wants, COUNT_OF(beside_wants), err)) {
		return false;
	}
	if (!beside.server.at) {
		hook_split(call, "mcp__");
		return true;
	}
	size_t count = COUNT_OF(server_wants);
	bool good = hook_members(&beside, beside.server, server_wants, count, err) &&
		hook_split_of(call, "mcp__", beside.name, err);
	free(beside.name);
	return good;
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

static int say_before(const struct hook_answer *answer, struct buf *out)
{
	struct jsonw w = hook_specific(out, "PreToolUse");
	bool deny = answer->kind == HOOK_DENY;
	jw_kv_text(&w, "permissionDecision", deny ? "deny" : "allow");
	if (deny) {
		jw_kv_span(&w, "permissionDecisionReason", answer->reason);
	} else if (answer->edited.at) {
		jw_kv_raw(&w, "updatedInput", answer->edited);
	}
	hook_specific_end(&w);
	return deny ? HOOK_EXIT_DENY : 0;
}

static int say_permission(const struct hook_answer *answer, struct buf *out)
{
	struct jsonw w = hook_specific(out, "PermissionRequest");
	bool deny = answer->kind == HOOK_DENY;
	jw_key(&w, "decision");
	jw_open(&w, '{');
	jw_kv_text(&w, "behavior", deny ? "deny" : "allow");
	if (deny) {
		jw_kv_span(&w, "message", answer->reason);
	} else if (answer->edited.at) {
		jw_kv_raw(&w, "updatedInput", answer->edited);
	}
	jw_close(&w, '}');
	hook_specific_end(&w);
	return 0;
}

static int say(const struct hook_call *call, const struct hook_answer *answer, struct buf *out)
{
	if (answer->kind == HOOK_NO_OPINION) {
		return 0;
	}
	if (call->event == HOOK_PERMISSION) {
		return say_permission(answer, out);
	}
	return call->event == HOOK_BEFORE_TOOL ? say_before(answer, out) : HOOK_EXIT_DENY;
}

const struct hook_form hook_form_claude = {
	.name = "claude",
	.profile = "claude-code",
	.limit_ms = 600000,
	.unit_ms = 1000,
	.project = "CLAUDE_PROJECT_DIR", /* cwd follows every cd of its shell */
	.edits = 1u << HOOK_BEFORE_TOOL | 1u << HOOK_PERMISSION,
	.asks_again = true,
	.hands_id = true,
	.read = read_call,
	.say = say,
};
