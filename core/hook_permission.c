/*
 * Claude Code without a screen: --permission-prompt-tool names a tool of an MCP server, which is
 * called in the place of its dialog, with {"tool_name","input","tool_use_id"}, and answers in the
 * text of its result.
 *
 * Seen on 2.1.330: {"behavior":"allow","updatedInput":{...}} runs the tool with that input, which
 * it must hold even where it is what was asked; {"behavior":"deny","message":TEXT} does not, and
 * the model reads the text. It says neither session nor directory: the server is started in it.
 */
#include "config.h"

#include "core/hook_impl.h"

static const struct hook_want wants[] = {
	HOOK_TEXT("tool_name", true, struct hook_call, tool),
	HOOK_RAW("input", JSON_OBJECT, true, struct hook_call, arguments),
	HOOK_TEXT("tool_use_id", false, struct hook_call, call_id),
};

static bool read_call(struct hook_call *call, struct span object, struct err *err)
{
	if (!hook_members(call, object, wants, COUNT_OF(wants), err)) {
		return false;
	}
	call->event = HOOK_PERMISSION;
	call->cwd = xstrdup("/"); /* it means nothing */
	call->session = xstrdup("");
	hook_split(call, "mcp__");
	return true;
}

static int say(const struct hook_call *call, const struct hook_answer *answer, struct buf *out)
{
	struct jsonw w = jw_start(out);
	bool allow = answer->kind == HOOK_ALLOW && call->arguments.at;
	jw_open(&w, '{');
	jw_kv_text(&w, "behavior", allow ? "allow" : "deny");
	if (allow) {
		struct span input = answer->edited.at ? answer->edited : call->arguments;
		jw_kv_raw(&w, "updatedInput", input);
	} else {
		jw_kv_span(&w, "message", answer->reason);
	}
	jw_close(&w, '}');
	return 0;
}

const struct hook_form hook_form_permission = {
	.name = "claude",
	.profile = "claude-code",
	.limit_ms = 1800000, /* without a sign of life; with one 100000 s */
	.edits = 1u << HOOK_PERMISSION,
	.read = read_call,
	.say = say,
};
