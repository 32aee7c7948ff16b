/* An agent's own tools: its hook is a gate for one call, and answers in the agent's own form. */
#include "config.h"

#include "tests/e2e/asked.h"
#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *call_of(struct world *w, const char *tool, const char *input)
{
	return asked_claude(w, "s-1", tool, input);
}

static struct asked ask(struct world *w, const char *text)
{
	return asked_start(w, "claude", text);
}

static void reading_passes_once_accepted(struct world *w)
{
	world_broker(w);
	char *path = world_file(w->work, "a.txt"),
	     *input = xasprintf("{\"file_path\":\"%s\"}", path);
	world_put(path, "readable");
	char *text = call_of(w, "Read", input);
	struct asked first = ask(w, text);
	asked_accept(w);
	char *answer = asked_said(&first, 0);
	CHECK_HAS(w, answer, "\"permissionDecision\":\"allow\"");
	struct asked second = ask(w, text);
	CHECK_HAS(w, asked_said(&second, 0), "\"permissionDecision\":\"allow\"");
	CHECK_INT(w, (int)person_waiting(w->person), 0);
}

static struct asked ask_to_delete(struct world *w)
{
	struct asked asked = ask(w, call_of(w, "Bash", "{\n \"command\": \"rm -rf /outside\"\n}"));
	asked_accept(w);
	person_item(w->person, "Bash", "held");
	return asked;
}

static void a_no_reaches_the_model(struct world *w)
{
	world_broker(w);
	struct asked asked = ask_to_delete(w);
	person_deny(w->person, person_item(w->person, "Bash", "held"), "use make clean");
	char *answer = asked_said(&asked, 2);
	CHECK_HAS(w, answer, "\"permissionDecision\":\"deny\"");
	CHECK_HAS(w, answer, "use make clean");
}

static void a_yes_lets_it_run(struct world *w)
{
	world_broker(w);
	struct asked asked = ask_to_delete(w);
	person_approve(w->person, person_item(w->person, "Bash", "held"));
	CHECK_HAS(w, asked_said(&asked, 0), "\"permissionDecision\":\"allow\"");
	CHECK_INT(w, (int)person_waiting(w->person), 0);
}

static void without_a_broker_it_is_a_no(struct world *w)
{
	struct asked asked = ask(w, call_of(w, "Bash", "{\"command\":\"true\"}"));
	CHECK_HAS(w, asked_said(&asked, 2), "\"permissionDecision\":\"deny\"");
}

static void what_cannot_be_read_is_a_no(struct world *w)
{
	static const char *const texts[] = { "", "{", "[]", "{\"hook_event_name\":\"PreToolUse\"}",
		"{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Bash\",\"tool_input\":3}" };
	world_broker(w);
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct asked asked = ask(w, texts[i]);
		asked_said(&asked, 2);
	}
}

static void who_is_killed_leaves_nothing_waiting(struct world *w)
{
	world_broker(w);
	struct asked asked = ask_to_delete(w);
	int status = 0;
	kill(asked.pid, SIGKILL);
	/* though its agent has not asked yet how it ended */
	CHECK_TEXT(w, person_gone(w->person, person_item(w->person, "Bash", "held")), "withdrawn");
	CHECK(w, proc_wait(asked.pid, WORLD_BOUND_MS, &status));
}

/* What a model may choose for one command, is not where its agent is at home. */
static void a_command_elsewhere_takes_no_scope_along(struct world *w)
{
	world_broker(w);
	char *text = xasprintf("{\"session_id\":\"s\",\"cwd\":\"%s\",\"hook_event_name\":"
			       "\"PreToolUse\",\"tool_name\":\"Bash\",\"tool_input\":{\"command\":"
			       "\"touch made\"},\"tool_use_id\":\"call_1\"}",
		w->outside);
	struct asked codex = asked_start(w, "codex", text);
	asked_accept(w); /* of the workspace, where the hook was started */
	person_deny(w->person, person_item(w->person, "Bash", "held"), "not there");
	CHECK_HAS(w, asked_said(&codex, 2), "not there");
	setenv("CLAUDE_PROJECT_DIR", w->work, 1);
	struct asked claude = asked_start(w, "claude", text);
	asked_accept(w);
	person_deny(w->person, person_item(w->person, "Bash", "held"), "nor there");
	CHECK_HAS(w, asked_said(&claude, 2), "nor there");
}

/* Accepts the server of this name, which is asked about by that alone. */
static void accept_server(struct world *w, const char *name, const char *says)
{
	const cJSON *item;
	while (!*pick_text(item = person_item(w->person, "", "held"), "reason")) {
		CHECK(w, peer_pump(&w->person->peer, WORLD_BOUND_MS));
	}
	CHECK_TEXT(w, pick_text(item, "server"), name);
	CHECK_HAS(w, pick_text(item, "reason"), says);
	asked_accept(w);
}

static void expect_unasked(struct world *w, const char *text)
{
	struct asked asked = ask(w, text);
	CHECK_HAS(w, asked_said(&asked, 0), "\"permissionDecision\":\"allow\"");
	CHECK_INT(w, (int)person_waiting(w->person), 0);
}

/* Any server may call itself like one that has a profile. */
static void a_server_without_a_gate_is_asked_about(struct world *w)
{
	world_broker(w);
	char *path = world_file(w->work, "a.txt");
	world_put(path, "readable");
	char *own = call_of(w, "Read", xasprintf("{\"file_path\":\"%s\"}", path)),
	     *reads = call_of(w, "mcp__filesystem__read_text_file", args_path(path)),
	     *asks = call_of(w, "mcp__bascule-policy__bascule_policy",
		     "{\"tool\":\"Read\",\"arguments\":{}}");
	struct asked first = ask(w, own);
	accept_server(w, "claude", "never accepted");
	asked_said(&first, 0);
	struct asked second = ask(w, reads);
	accept_server(w, "claude/filesystem",
		"server filesystem as claude calls it (not behind bascule)");
	CHECK_HAS(w, asked_said(&second, 0), "\"permissionDecision\":\"allow\"");
	expect_unasked(w, reads);
	struct asked third = ask(w, asks);
	const cJSON *item = person_item(w->person, "", "held");
	CHECK_TEXT(w, pick_text(item, "server"), "claude/bascule-policy");
	person_deny(w->person, item, "unknown");
	CHECK_HAS(w, asked_said(&third, 2), "\"permissionDecision\":\"deny\"");
	expect_unasked(w, own);
	expect_unasked(w, reads);
}

/* Codex asks its hook before the tool, and again in the place of its dialog, with words of the
 * model's beside the arguments and no id. */
static struct asked codex(struct world *w, const char *event, const char *input, const char *id)
{
	return asked_start(w, "codex",
		xasprintf("{\"session_id\":\"s\",\"turn_id\":\"t\",\"transcript_path\":null,"
			  "\"cwd\":\"%s\",\"hook_event_name\":\"%s\",\"model\":\"m\","
			  "\"permission_mode\":\"default\",\"tool_name\":\"Bash\","
			  "\"tool_input\":%s%s}",
			w->work, event, input, id));
}

static const char plain[] = "{\"command\":\"rm -rf /outside\"}",
		  described[] = "{\"command\":\"rm -rf /outside\",\"description\":\"why\"}";

static void approve_before(struct world *w, const char *id, bool first)
{
	struct asked before = codex(w, "PreToolUse", plain, id);
	if (first) {
		asked_accept(w);
	}
	person_approve(w->person, person_item(w->person, "Bash", "held"));
	asked_said(&before, 0);
	CHECK_INT(w, (int)person_waiting(w->person), 0);
}

static void expect_no(struct world *w, struct asked asked)
{
	person_deny(w->person, person_item(w->person, "Bash", "held"), "not twice");
	CHECK_HAS(w, asked_said(&asked, 2), "not twice");
}

static void expect_answered(struct world *w)
{
	struct asked asked = codex(w, "PermissionRequest", described, "");
	CHECK_HAS(w, asked_said(&asked, 0), "\"behavior\":\"allow\"");
	CHECK_INT(w, (int)person_waiting(w->person), 0);
}

static void the_dialog_of_a_call_is_not_asked_again(struct world *w)
{
	world_broker(w);
	approve_before(w, ",\"tool_use_id\":\"call_1\"", true);
	expect_answered(w);
	expect_no(w, codex(w, "PermissionRequest", described, "")); /* once */
	approve_before(w, ",\"tool_use_id\":\"call_2\"", false); /* an equal call: a second yes */
	expect_answered(w);
	expect_no(w, codex(w, "PreToolUse", plain, ",\"tool_use_id\":\"call_3\""));
	expect_no(w, codex(w, "PermissionRequest", described, ""));
}

static void another_dialog_is_asked(struct world *w)
{
	static const char other[] = "{\"command\":\"rm -rf /other\",\"description\":\"why\"}";
	world_broker(w);
	approve_before(w, ",\"tool_use_id\":\"call_1\"", true);
	expect_no(w, codex(w, "PermissionRequest", other, ""));
	expect_no(w, codex(w, "PermissionRequest", plain, ",\"tool_use_id\":\"call_2\""));
	expect_no(w, codex(w, "PreToolUse", plain, ",\"tool_use_id\":\"call_1\""));
	expect_answered(w); /* it was kept for this one */
}

/* The dialog first leaves nothing behind. */
static void a_dialog_before_it_counts_for_itself(struct world *w)
{
	world_broker(w);
	struct asked asked = codex(w, "PermissionRequest", described, "");
	asked_accept(w);
	person_approve(w->person, person_item(w->person, "Bash", "held"));
	CHECK_HAS(w, asked_said(&asked, 0), "\"behavior\":\"allow\"");
	expect_no(w, codex(w, "PreToolUse", plain, ""));
	expect_no(w, codex(w, "PermissionRequest", described, ""));
}

static const struct e2e_case cases[] = {
	{ "reading_passes_once_accepted", reading_passes_once_accepted, 0 },
	{ "a_no_reaches_the_model", a_no_reaches_the_model, 0 },
	{ "a_yes_lets_it_run", a_yes_lets_it_run, 0 },
	{ "without_a_broker_it_is_a_no", without_a_broker_it_is_a_no, 0 },
	{ "what_cannot_be_read_is_a_no", what_cannot_be_read_is_a_no, 0 },
	{ "a_command_elsewhere_takes_no_scope_along", a_command_elsewhere_takes_no_scope_along, 0 },
	{ "a_server_without_a_gate_is_asked_about", a_server_without_a_gate_is_asked_about, 0 },
	{ "the_dialog_of_a_call_is_not_asked_again", the_dialog_of_a_call_is_not_asked_again, 0 },
	{ "another_dialog_is_asked", another_dialog_is_asked, 0 },
	{ "a_dialog_before_it_counts_for_itself", a_dialog_before_it_counts_for_itself, 0 },
	{ "who_is_killed_leaves_nothing_waiting", who_is_killed_leaves_nothing_waiting, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
