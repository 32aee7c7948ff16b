/*
 * opencode: it has no hooks that are commands. A plug-in of ours starts this one from its
 * tool.execute.before, so both sides of the form are ours:
 *
 *   stdin   {"hook":"tool.execute.before","directory":DIR,"tool":NAME,"sessionID":ID,"callID":ID,
 *           "args":{...}}, and what opencode adds to the input beside them
 *   stdout  {"decision":"allow"}, with "args":{...} if they were edited; {"decision":"deny",
 *           "reason":TEXT} with exit code 2; or {"decision":"none"}
 *
 * The plug-in lets a tool run only after exit code 0 and one of the decisions "allow" and "none",
 * and throws in every other case. It takes the members of args out before it puts the edited ones
 * in. Seen on 1.18.33: what it throws is what the model reads, and it is waited for without limit.
 */
#include "config.h"

#include "core/hook_impl.h"

static const struct hook_event_name events[] = {
	{ "tool.execute.before", HOOK_BEFORE_TOOL },
	{ "tool.execute.after", HOOK_OTHER },
	{ NULL, HOOK_UNREAD },
};

static const struct hook_want wants[] = {
	HOOK_TEXT("directory", true, struct hook_call, cwd),
	HOOK_TEXT("tool", true, struct hook_call, tool),
	HOOK_TEXT("sessionID", true, struct hook_call, session),
	HOOK_TEXT("callID", true, struct hook_call, call_id),
	HOOK_RAW("args", JSON_OBJECT, true, struct hook_call, arguments),
};

static bool read_call(struct hook_call *call, struct span object, struct err *err)
{
	return hook_event_of(call, object, "hook", events, err) &&
		(call->event == HOOK_OTHER ||
			hook_members(call, object, wants, COUNT_OF(wants), err));
}

static int say(const struct hook_call *call, const struct hook_answer *answer, struct buf *out)
{
	static const char *const words[] = {
		[HOOK_DENY] = "deny", [HOOK_ALLOW] = "allow", [HOOK_NO_OPINION] = "none"
	};
	struct jsonw w = jw_start(out);
	(void)call;
	jw_open(&w, '{');
	jw_kv_text(&w, "decision", words[answer->kind]);
	if (answer->kind == HOOK_DENY) {
		jw_kv_span(&w, "reason", answer->reason);
	} else if (answer->kind == HOOK_ALLOW && answer->edited.at) {
		jw_kv_raw(&w, "args", answer->edited);
	}
	jw_close(&w, '}');
	return answer->kind == HOOK_DENY ? HOOK_EXIT_DENY : 0;
}

const struct hook_form hook_form_opencode = {
	.name = "opencode",
	.profile = "opencode",
	.joint = "_",
	.edits = 1u << HOOK_BEFORE_TOOL,
	.read = read_call,
	.say = say,
};
