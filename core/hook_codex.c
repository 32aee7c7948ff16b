/*
 * Codex: PreToolUse, which can deny and rewrite but grants nothing, and PermissionRequest, whose
 * "allow" takes the place of its dialog.
 *
 * Seen on 0.169.0: exit code 2 with a text on stderr denies, without one the tool runs; so it does
 * after exit code 1, garbage and silence. In a PreToolUse, permissionDecision "ask" runs the tool,
 * and "allow" without updatedInput is reported as a fault of the hook (its source says so), so a
 * plain allow is silence there. In a PermissionRequest, updatedInput voids the answer. Neither
 * fires for write_stdin, which types into a program that runs already.
 */
#include "config.h"

#include "core/hook_impl.h"

static const struct hook_event_name events[] = {
	{ "PreToolUse", HOOK_BEFORE_TOOL },
	{ "PermissionRequest", HOOK_PERMISSION },
	{ "PostToolUse", HOOK_OTHER },
	{ "PreCompact", HOOK_OTHER },
	{ "PostCompact", HOOK_OTHER },
	{ "SessionStart", HOOK_OTHER },
	{ "UserPromptSubmit", HOOK_OTHER },
	{ "SubagentStart", HOOK_OTHER },
	{ "SubagentStop", HOOK_OTHER },
	{ "Stop", HOOK_OTHER },
	{ NULL, HOOK_UNREAD },
};

static const struct hook_want wants[] = {
	HOOK_TEXT("session_id", true, struct hook_call, session),
	HOOK_TEXT("turn_id", false, struct hook_call, turn),
	HOOK_TEXT("cwd", true, struct hook_call, cwd),
	HOOK_TEXT("tool_name", true, struct hook_call, tool),
	HOOK_RAW("tool_input", JSON_OBJECT, true, struct hook_call, arguments),
	HOOK_TEXT("tool_use_id", false, struct hook_call, call_id),
	HOOK_TEXT("agent_id", false, struct hook_call, agent_id),
	HOOK_TEXT("agent_type", false, struct hook_call, agent_type),
	HOOK_TEXT("model", false, struct hook_call, model),
	HOOK_TEXT("permission_mode", false, struct hook_call, permission_mode),
};

static bool read_call(struct hook_call *call, struct span object, struct err *err)
{
	if (!hook_event_of(call, object, "hook_event_name", events, err)) {
		return false;
	}
	if (call->event == HOOK_OTHER) {
		return true;
	}
	if (!hook_members(call, object, wants, COUNT_OF(wants), err)) {
		return false;
	}
	hook_split(call, "mcp__");
	call->beside = call->event == HOOK_PERMISSION ? "description" : NULL;
	return true;
}

static int say_before(const struct hook_answer *answer, struct buf *out)
{
	bool deny = answer->kind == HOOK_DENY;
	if (!deny && !answer->edited.at) {
		return 0;
	}
	struct jsonw w = hook_specific(out, "PreToolUse");
	jw_kv_text(&w, "permissionDecision", deny ? "deny" : "allow");
	if (deny) {
		jw_kv_span(&w, "permissionDecisionReason", answer->reason);
	} else {
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
	}
	jw_close(&w, '}');
	hook_specific_end(&w);
	return deny ? HOOK_EXIT_DENY : 0;
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

const struct hook_form hook_form_codex = {
	.name = "codex",
	.profile = "codex",
	.limit_ms = 600000,
	.unit_ms = 1000,
	.starts_in_project = true, /* cwd is what the model gives the call as workdir */
	.edits = 1u << HOOK_BEFORE_TOOL,
	.asks_again = true,
	.hands_id = true,
	.read = read_call,
	.say = say,
};
