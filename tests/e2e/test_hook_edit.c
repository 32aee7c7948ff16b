/*
 * Arguments that a person changes before an agent's own tool runs: they reach the agent in its own
 * form, where it takes any, and the history has both. Where it takes none the person is told, and
 * what was asked for still waits.
 */
#include "config.h"

#include "tests/e2e/asked.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char proposed[] = "{\"command\":\"rm -rf /outside\",\"description\":\"clean\"}";
static const char effective[] = "{\"command\":\"ls /outside\",\"description\":\"l\\u006fok\"}";

/* The inputs of the four, of a shell command. */
static char *input_of(struct world *w, const char *event, const char *tool)
{
	return xasprintf("{\"session_id\":\"s-1\",\"turn_id\":\"t-1\",\"transcript_path\":\"/t\","
			 "\"cwd\":\"%s\",\"hook_event_name\":\"%s\",\"model\":\"m\","
			 "\"permission_mode\":\"default\",\"tool_name\":\"%s\",\"tool_input\":%s}",
		w->work, event, tool, proposed);
}

static char *opencode(struct world *w)
{
	return xasprintf("{\"hook\":\"tool.execute.before\",\"directory\":\"%s\",\"tool\":\"bash\","
			 "\"sessionID\":\"s-1\",\"callID\":\"c-1\",\"args\":%s}",
		w->work, proposed);
}

struct play {
	struct world *w;
	struct asked asked;
	const char *tool;
	int64_t number;
};

static struct play begin(struct world *w, const char *agent, const char *text, const char *tool)
{
	world_broker(w);
	struct play p = { w, asked_start(w, agent, text), tool, 0 };
	asked_accept(w);
	p.number = pick_int(person_item(w->person, tool, "held"), "number");
	return p;
}

/* Edits, and waits until the call is a question again. */
static const cJSON *edit(const struct play *p, const char *arguments)
{
	struct person *person = p->w->person;
	const cJSON *item = person_item(person, p->tool, "held");
	int64_t revision = pick_int(item, "revision"), end = now_ms() + WORLD_BOUND_MS;
	char *params = xasprintf("{\"call\":\"%s\",\"revision\":%lld,\"arguments\":%s}",
		pick_text(item, "call"), (long long)revision, arguments);
	CHECK_TEXT(p->w, pick_text(person_ask(person, "edit", params), "result.state"), "held");
	while (!(item = person_look(person, p->tool, "held")) ||
		pick_int(item, "revision") == revision) {
		CHECK(p->w, now_ms() < end);
		peer_pump(&person->peer, 20);
	}
	free(params);
	return item;
}

static const cJSON *event(const struct play *p)
{
	char *params = xasprintf("{\"number\":%lld}", (long long)p->number);
	const cJSON *answer = pick(person_ask(p->w->person, "event", params), "result");
	free(params);
	return answer;
}

/* What the agent is told when the call with the edited arguments is approved; the record has both.
 */
static char *told(struct play *p)
{
	const cJSON *item = edit(p, effective);
	CHECK(p->w, pick_text(item, "edited_by")[0]);
	CHECK_TEXT(p->w, pick_text(item, "said"), "");
	person_approve(p->w->person, item);
	char *text = asked_said(&p->asked, 0);
	cJSON *want[2] = { cJSON_Parse(proposed), cJSON_Parse(effective) };
	const cJSON *kept = pick(event(p), "edit");
	CHECK(p->w, cJSON_Compare(pick(kept, "proposed"), want[0], true));
	CHECK(p->w, cJSON_Compare(pick(kept, "effective"), want[1], true));
	CHECK(p->w, pick_text(kept, "by")[0]);
	CHECK_TEXT(p->w, pick_text(event(p), "decision"), "approved");
	return text;
}

static void has(struct world *w, const char *text, const char *before)
{
	char *whole = xasprintf("%s%s", before, effective);
	CHECK_HAS(w, text, whole);
	CHECK_LACKS(w, text, "rm -rf");
	free(whole);
}

static void claude_gets_them_as_updated_input(struct world *w)
{
	struct play p = begin(w, "claude", input_of(w, "PreToolUse", "Bash"), "Bash");
	char *text = told(&p);
	CHECK_HAS(w, text, "\"permissionDecision\":\"allow\"");
	has(w, text, "\"updatedInput\":");
}

static void claude_gets_them_at_its_dialog_too(struct world *w)
{
	struct play p = begin(w, "claude", input_of(w, "PermissionRequest", "Bash"), "Bash");
	char *text = told(&p);
	CHECK_HAS(w, text, "\"behavior\":\"allow\"");
	has(w, text, "\"updatedInput\":");
}

static void codex_gets_them_as_updated_input(struct world *w)
{
	struct play p = begin(w, "codex", input_of(w, "PreToolUse", "Bash"), "Bash");
	has(w, told(&p), "\"updatedInput\":");
}

static void gemini_gets_them_as_tool_input(struct world *w)
{
	struct play p = begin(
		w, "gemini", input_of(w, "BeforeTool", "run_shell_command"), "run_shell_command");
	char *text = told(&p);
	CHECK_HAS(w, text, "\"decision\":\"allow\"");
	has(w, text, "\"tool_input\":");
}

static void opencode_gets_them_as_args(struct world *w)
{
	struct play p = begin(w, "opencode", opencode(w), "bash");
	has(w, told(&p), "\"args\":");
}

/* The person is told, nothing has changed, and it can still be approved as it was asked for. */
static void refused(struct play *p, const char *arguments, const char *why)
{
	const cJSON *item = edit(p, arguments);
	CHECK_HAS(p->w, pick_text(item, "said"), why);
	CHECK_HAS(p->w, pick_text(item, "said"), "the arguments are as before");
	CHECK_TEXT(p->w, pick_text(item, "edited_by"), "");
	const cJSON *shown = person_show(p->w->person, item);
	CHECK_TEXT(p->w, pick_text(shown, "params.arguments.command"), "rm -rf /outside");
	person_approve(p->w->person, item);
	char *text = asked_said(&p->asked, 0);
	CHECK_HAS(p->w, text, "\"allow\"");
	CHECK_LACKS(p->w, text, "ls /outside");
	CHECK(p->w, !cJSON_IsObject(pick(event(p), "edit")));
}

static void codex_takes_none_at_its_dialog(struct world *w)
{
	struct play p = begin(w, "codex", input_of(w, "PermissionRequest", "Bash"), "Bash");
	refused(&p, effective, "this agent takes no other arguments here");
}

/* It would keep the one that was left out. */
static void gemini_cannot_leave_one_out(struct world *w)
{
	struct play p = begin(
		w, "gemini", input_of(w, "BeforeTool", "run_shell_command"), "run_shell_command");
	refused(&p, "{\"command\":\"ls /outside\"}", "none of these can be left out");
}

static const struct e2e_case cases[] = {
	{ "claude_gets_them_as_updated_input", claude_gets_them_as_updated_input, 0 },
	{ "claude_gets_them_at_its_dialog_too", claude_gets_them_at_its_dialog_too, 0 },
	{ "codex_gets_them_as_updated_input", codex_gets_them_as_updated_input, 0 },
	{ "gemini_gets_them_as_tool_input", gemini_gets_them_as_tool_input, 0 },
	{ "opencode_gets_them_as_args", opencode_gets_them_as_args, 0 },
	{ "codex_takes_none_at_its_dialog", codex_takes_none_at_its_dialog, 0 },
	{ "gemini_cannot_leave_one_out", gemini_cannot_leave_one_out, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
