/*
 * One call, one question: what is approved at an agent's hook passes the gate in front of the
 * server.
 */
#include "config.h"

#include "tests/e2e/history.h"
#include "tests/e2e/once.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>

/* ---- once ---- */

static void asked_at_the_hook_alone(struct world *w)
{
	struct scene s = once_scene(w);
	struct asked hook = once_claude(w, "toolu_1", s.arguments);
	int64_t number = once_approve(w, &hook);
	client_call_meta(s.server, "1", "write_file", s.arguments, once_meta("toolu_1"));
	client_expect_text(s.server, "1", "written");
	CHECK(w, world_file_is(s.path, "new"));
	CHECK_INT(w, (int64_t)person_waiting(w->person), 0);
	CHECK_INT(w, (int64_t)once_grants(w), 0);
	const cJSON *row = history_row(w, "write_file", "done");
	char *rule = xasprintf("hook:%lld", (long long)number),
	     *reason = xasprintf("asked as #%lld at the hook", (long long)number);
	CHECK_TEXT(w, pick_text(row, "rule"), rule);
	CHECK_HAS(w, pick_text(row, "reason"), reason);
	CHECK_TEXT(w, pick_text(row, "server"), "files");
	const cJSON *rows = history_wait(w, "write_file", 2);
	CHECK_TEXT(w, pick_text(rows, "0.server"), "files");
	CHECK_TEXT(w, pick_text(rows, "0.decision"), "approved");
}

static void without_ids_the_form_is_enough(struct world *w)
{
	struct scene s = once_scene(w);
	struct asked hook = once_gemini(w, s.arguments);
	once_approve(w, &hook);
	client_call(s.server, "1", "write_file", s.arguments);
	client_expect_text(s.server, "1", "written");
	CHECK_INT(w, (int64_t)world_seen_times(w, "write_file"), 1);
}

static void a_tool_is_known_by_the_lists_of_servers(struct world *w)
{
	struct scene s = once_scene(w);
	struct asked hook = once_opencode(w, "files_write_file", s.arguments);
	once_approve(w, &hook);
	client_call(s.server, "1", "write_file", s.arguments);
	client_expect_text(s.server, "1", "written");
	CHECK_INT(w, (int64_t)world_seen_times(w, "write_file"), 1);
}

static void a_tool_of_no_server_is_the_agents_own(struct world *w)
{
	static const char *const tools[] = { "files_no_such_tool", "files_", "write_file" };
	struct scene s = once_scene(w);
	for (size_t i = 0; i < COUNT_OF(tools); i++) {
		struct asked hook = once_opencode(w, tools[i], s.arguments);
		if (i == 0) {
			asked_accept(w);
		}
		const cJSON *item = person_item(w->person, tools[i], "held");
		CHECK_TEXT(w, pick_text(item, "server"), "opencode");
		person_deny(w->person, item, "nobody's");
		asked_said(&hook, 2);
	}
}

static void a_denial_leaves_nothing(struct world *w)
{
	struct scene s = once_scene(w);
	struct asked hook = once_claude(w, "toolu_1", s.arguments);
	person_deny(w->person, once_held(w), "use another file");
	CHECK_HAS(w, asked_said(&hook, 2), "use another file");
	CHECK_INT(w, (int64_t)once_grants(w), 0);
	client_call_meta(s.server, "1", "write_file", s.arguments, once_meta("toolu_1"));
	once_expect_asked(w, s.server, "1");
}

static void a_withdrawn_hook_leaves_nothing(struct world *w)
{
	struct scene s = once_scene(w);
	struct asked hook = once_claude(w, "toolu_1", s.arguments);
	int status = 0;
	const cJSON *item = once_held(w);
	kill(hook.pid, SIGKILL);
	CHECK(w, proc_wait(hook.pid, WORLD_BOUND_MS, &status));
	CHECK_TEXT(w, person_gone(w->person, item), "withdrawn");
	client_call_meta(s.server, "1", "write_file", s.arguments, once_meta("toolu_1"));
	once_expect_asked(w, s.server, "1");
}

static void a_call_without_a_hook_is_asked(struct world *w)
{
	struct scene s = once_scene(w);
	client_call(s.server, "1", "write_file", s.arguments);
	once_expect_asked(w, s.server, "1");
}

/* What a rule lets pass at the hook is judged by the rules again, and nothing more. */
static void a_rule_leaves_nothing(struct world *w)
{
	struct scene s = once_scene(w);
	char *inside = world_file(w->work, "b.txt"), *arguments = args_write(inside, "x");
	struct asked hook = once_claude(w, "toolu_1", arguments);
	CHECK_HAS(w, asked_said(&hook, 0), "allow");
	CHECK_INT(w, (int64_t)once_grants(w), 0);
	client_call_meta(s.server, "1", "write_file", arguments, once_meta("toolu_1"));
	client_expect_text(s.server, "1", "written");
	CHECK_INT(w, (int64_t)person_waiting(w->person), 0);
}

/* ---- what else a person may do ---- */

static void edited_arguments_are_what_was_approved(struct world *w)
{
	struct scene s = once_scene(w);
	char *edited = args_write(s.path, "edited");
	struct asked hook = once_claude(w, "toolu_1", s.arguments);
	const cJSON *item = once_held(w);
	char *params = xasprintf("{\"call\":\"%s\",\"revision\":%lld,\"arguments\":%s}",
		pick_text(item, "call"), (long long)pick_int(item, "revision"), edited);
	CHECK(w, pick(person_ask(w->person, "edit", params), "result"));
	while (!*pick_text(item = once_held(w), "edited_by")) {
		CHECK(w, peer_pump(&w->person->peer, WORLD_BOUND_MS));
	}
	person_approve(w->person, item);
	CHECK_HAS(w, asked_said(&hook, 0), "edited");
	client_call_meta(s.server, "1", "write_file", s.arguments, once_meta("toolu_1"));
	once_expect_asked(w, s.server, "1");
	client_call_meta(s.server, "2", "write_file", edited, once_meta("toolu_1"));
	client_expect_text(s.server, "2", "written");
	CHECK(w, world_file_is(s.path, "edited"));
}

static void a_grant_stands_in_for_the_person(struct world *w)
{
	struct scene s = once_scene(w);
	char *path = world_file(w->outside, "r.txt"), *reads = args_path(path);
	world_put(path, "outside");
	for (int i = 0; i < 2; i++) {
		char *text = xasprintf(
			"{\"session_id\":\"s-1\",\"cwd\":\"%s\",\"hook_event_name\":\"PreToolUse\","
			"\"tool_name\":\"mcp__files__read_text_file\",\"tool_input\":%s,"
			"\"tool_use_id\":\"toolu_%d\"}",
			w->work, reads, i);
		struct asked hook = asked_start(w, "claude", text);
		if (i == 0) {
			const cJSON *item = person_item(w->person, "read_text_file", "held");
			const cJSON *shown = person_show(w->person, item);
			char *params = xasprintf("{\"call\":\"%s\",\"revision\":%lld,\"decision\":"
						 "\"approve\",\"grant\":{\"width\":\"exact\"}}",
				pick_text(item, "call"), (long long)pick_int(shown, "revision"));
			CHECK(w, pick(person_ask(w->person, "decide", params), "result.state"));
		}
		CHECK_HAS(w, asked_said(&hook, 0), "allow");
		char *id = xasprintf("%d", i), *named = xasprintf("toolu_%d", i);
		client_call_meta(s.server, id, "read_text_file", reads, once_meta(named));
		client_expect_text(s.server, id, "outside");
		CHECK_INT(w, (int64_t)person_waiting(w->person), 0);
	}
	CHECK_INT(w, (int64_t)once_grants(w), 1);
}

static void put_rules(struct world *w, const char *text)
{
	char *dir = world_file(w->root, "config"), *path = world_file(dir, "policy.rules");
	world_put(path, text);
	chmod(path, 0600);
	CHECK(w, pick(person_ask(w->person, "reload", "{}"), "result"));
}

static void a_rule_that_denies_is_stronger(struct world *w)
{
	struct scene s = once_scene(w);
	struct asked hook = once_claude(w, "toolu_1", s.arguments);
	once_approve(w, &hook);
	put_rules(w, xasprintf("version 1\ndeny write %s/**\n", w->outside));
	client_call_meta(s.server, "1", "write_file", s.arguments, once_meta("toolu_1"));
	client_expect_refusal(s.server, "1");
	CHECK_INT(w, (int64_t)person_waiting(w->person), 0);
	CHECK_INT(w, (int64_t)once_grants(w), 0);
	CHECK(w, world_file_is(s.path, ""));
}

static void under_hold_all_one_yes_is_enough(struct world *w)
{
	struct scene s = once_scene(w);
	char *inside = world_file(w->work, "b.txt"), *arguments = args_write(inside, "x");
	CHECK(w, pick(person_ask(w->person, "master", "{\"mode\":\"hold\"}"), "result"));
	struct asked hook = once_claude(w, "toolu_1", arguments);
	once_approve(w, &hook);
	client_call_meta(s.server, "1", "write_file", arguments, once_meta("toolu_1"));
	client_expect_text(s.server, "1", "written");
	CHECK_INT(w, (int64_t)person_waiting(w->person), 0);
}

/* ---- when it cannot be told ---- */

/* Two servers of one name: the hook's call is the agent's own, and the gate asks as ever. */
static void in_doubt_it_is_asked_twice(struct world *w)
{
	static const char *const other[] = { "--page", "50", NULL };
	struct scene s = once_scene(w);
	client_open(w, &(struct launch){ .server = other, .as = "other" });
	once_until_told(w, 2);
	struct asked hook = once_claude(w, "toolu_1", s.arguments);
	asked_accept(w);
	person_approve(w->person, person_item(w->person, "mcp__files__write_file", "held"));
	CHECK_HAS(w, asked_said(&hook, 0), "allow");
	client_call_meta(s.server, "1", "write_file", s.arguments, once_meta("toolu_1"));
	once_expect_asked(w, s.server, "1");
}

static void a_server_that_was_not_accepted_is_asked_about(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ .untrusted = true });
	once_until_told(w, 1);
	char *arguments = args_write(world_file(w->outside, "a.txt"), "new");
	struct asked hook = once_claude(w, "toolu_1", arguments);
	asked_accept(w);
	person_approve(w->person, person_item(w->person, "mcp__files__write_file", "held"));
	CHECK_HAS(w, asked_said(&hook, 0), "allow");
	client_call_meta(c, "1", "write_file", arguments, once_meta("toolu_1"));
	CHECK_TEXT(w, pick_text(person_item(w->person, "", "held"), "kind"), "server");
	CHECK(w, !peer_look(&c->peer, match_reply, "1"));
}

/* The broker dies while it waits at the hook: hook and gate come back, in whatever order. */
static void it_waits_through_a_new_broker(struct world *w)
{
	struct scene s = once_scene(w);
	struct asked hook = once_claude(w, "toolu_1", s.arguments);
	once_held(w);
	world_broker_kill(w);
	world_broker(w);
	once_approve(w, &hook);
	client_call_meta(s.server, "1", "write_file", s.arguments, once_meta("toolu_1"));
	client_expect_text(s.server, "1", "written");
}

static struct asked codex(
	struct world *w, const char *event, const char *path, const char *beside, const char *id)
{
	return asked_start(w, "codex",
		xasprintf("{\"session_id\":\"s-1\",\"cwd\":\"%s\",\"hook_event_name\":\"%s\","
			  "\"tool_name\":\"mcp__files__write_file\",\"tool_input\":{\"path\":"
			  "\"%s\",\"content\":\"new\"%s}%s}",
			w->work, event, path, beside, id));
}

/* Hook, dialog and gate: one question, one execution. */
static void a_dialog_between_is_not_asked(struct world *w)
{
	struct scene s = once_scene(w);
	struct asked hook = codex(w, "PreToolUse", s.path, "", ",\"tool_use_id\":\"call_1\"");
	person_approve(w->person, once_held(w));
	CHECK_TEXT(w, asked_said(&hook, 0), ""); /* it grants by silence there */
	struct asked dialog = codex(w, "PermissionRequest", s.path, ",\"description\":\"why\"", "");
	CHECK_HAS(w, asked_said(&dialog, 0), "\"behavior\":\"allow\"");
	client_call_meta(s.server, "1", "write_file", s.arguments, "{\"callId\":\"call_1\"}");
	client_expect_text(s.server, "1", "written");
	CHECK_INT(w, (int64_t)once_grants(w), 0);
	client_call_meta(s.server, "2", "write_file", s.arguments, "{\"callId\":\"call_1\"}");
	once_expect_asked(w, s.server, "2");
	CHECK_INT(w, (int64_t)world_seen_times(w, "write_file"), 1);
}

/* With the match switched off it is asked at both. */
static void once0_is_asked_twice(struct world *w)
{
	setenv("BASCULE_TEST_GUARD_OFF", "once0", 1);
	struct scene s = once_scene(w);
	struct asked hook = once_claude(w, "toolu_1", s.arguments);
	once_approve(w, &hook);
	client_call_meta(s.server, "1", "write_file", s.arguments, once_meta("toolu_1"));
	once_expect_asked(w, s.server, "1");
	unsetenv("BASCULE_TEST_GUARD_OFF");
}

static const struct e2e_case cases[] = {
	{ "asked_at_the_hook_alone", asked_at_the_hook_alone, 0 },
	{ "without_ids_the_form_is_enough", without_ids_the_form_is_enough, 0 },
	{ "a_tool_is_known_by_the_lists_of_servers", a_tool_is_known_by_the_lists_of_servers, 0 },
	{ "a_tool_of_no_server_is_the_agents_own", a_tool_of_no_server_is_the_agents_own, 0 },
	{ "a_denial_leaves_nothing", a_denial_leaves_nothing, 0 },
	{ "a_withdrawn_hook_leaves_nothing", a_withdrawn_hook_leaves_nothing, 0 },
	{ "a_call_without_a_hook_is_asked", a_call_without_a_hook_is_asked, 0 },
	{ "a_rule_leaves_nothing", a_rule_leaves_nothing, 0 },
	{ "edited_arguments_are_what_was_approved", edited_arguments_are_what_was_approved, 0 },
	{ "a_grant_stands_in_for_the_person", a_grant_stands_in_for_the_person, 0 },
	{ "a_rule_that_denies_is_stronger", a_rule_that_denies_is_stronger, 0 },
	{ "under_hold_all_one_yes_is_enough", under_hold_all_one_yes_is_enough, 0 },
	{ "in_doubt_it_is_asked_twice", in_doubt_it_is_asked_twice, 0 },
	{ "a_server_that_was_not_accepted_is_asked_about",
		a_server_that_was_not_accepted_is_asked_about, 0 },
	{ "it_waits_through_a_new_broker", it_waits_through_a_new_broker, 0 },
	{ "a_dialog_between_is_not_asked", a_dialog_between_is_not_asked, 0 },
	{ "once0_is_asked_twice", once0_is_asked_twice, FAULTY },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
