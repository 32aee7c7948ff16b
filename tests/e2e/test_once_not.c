/* One yes is for one call: what else comes to the gate is asked. */
#include "config.h"

#include "tests/e2e/once.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

/* ---- and nothing else ---- */

static void once1_a_second_equal_call_is_asked(struct world *w)
{
	struct scene s = once_scene(w);
	struct asked hook = once_gemini(w, s.arguments);
	once_approve(w, &hook);
	client_call(s.server, "1", "write_file", s.arguments);
	client_expect_text(s.server, "1", "written");
	client_call(s.server, "2", "write_file", s.arguments);
	once_expect_asked(w, s.server, "2");
	CHECK_INT(w, (int64_t)world_seen_times(w, "write_file"), 1);
}

static void once1_an_id_counts_once(struct world *w)
{
	struct scene s = once_scene(w);
	struct asked hook = once_claude(w, "toolu_1", s.arguments);
	once_approve(w, &hook);
	client_call_meta(s.server, "1", "write_file", s.arguments, once_meta("toolu_1"));
	client_expect_text(s.server, "1", "written");
	client_call_meta(s.server, "2", "write_file", s.arguments, once_meta("toolu_1"));
	once_expect_asked(w, s.server, "2");
}

static void once1_other_ids_are_other_calls(struct world *w)
{
	struct scene s = once_scene(w);
	struct asked hook = once_claude(w, "toolu_1", s.arguments);
	once_approve(w, &hook);
	client_call_meta(s.server, "1", "write_file", s.arguments, once_meta("toolu_2"));
	once_expect_asked(w, s.server, "1");
	client_call(s.server, "2", "write_file", s.arguments);
	once_expect_asked(w, s.server, "2");
	client_call_meta(s.server, "3", "write_file", s.arguments,
		"{\"claudecode/toolUseId\":\"toolu_1\",\"callId\":\"other\"}");
	once_expect_asked(w, s.server, "3");
	client_call_meta(s.server, "4", "write_file", s.arguments, once_meta("toolu_1"));
	client_expect_text(s.server, "4", "written"); /* it was kept for this one */
}

static void once1_an_id_fits_no_call_without_one(struct world *w)
{
	struct scene s = once_scene(w);
	struct asked hook = once_gemini(w, s.arguments);
	once_approve(w, &hook);
	client_call_meta(s.server, "1", "write_file", s.arguments, once_meta("toolu_1"));
	once_expect_asked(w, s.server, "1");
}

static void once1_other_arguments_are_asked(struct world *w)
{
	struct scene s = once_scene(w);
	struct asked hook = once_claude(w, "toolu_1", s.arguments);
	once_approve(w, &hook);
	client_call_meta(
		s.server, "1", "write_file", args_write(s.path, "other"), once_meta("toolu_1"));
	once_expect_asked(w, s.server, "1");
	client_call_meta(s.server, "2", "create_directory", args_path(world_file(w->outside, "d")),
		once_meta("toolu_1"));
	const cJSON *item = person_item(w->person, "create_directory", "held");
	person_deny(w->person, item, "no");
	client_expect_refusal(s.server, "2");
}

static void once1_what_has_changed_is_asked(struct world *w)
{
	struct scene s = once_scene(w);
	struct asked hook = once_claude(w, "toolu_1", s.arguments);
	int64_t number = once_approve(w, &hook);
	world_put(s.path, "somebody else's");
	client_call_meta(s.server, "1", "write_file", s.arguments, once_meta("toolu_1"));
	char *said = xasprintf("asked as #%lld at the hook", (long long)number);
	CHECK_HAS(w, pick_text(once_question(w, s.server, "1"), "said"), said);
	once_expect_asked(w, s.server, "1");
	CHECK_INT(w, (int64_t)once_grants(w), 0);
	CHECK(w, world_file_is(s.path, "somebody else's"));
}

static void once1_another_session_is_asked(struct world *w)
{
	struct scene s = once_scene(w);
	struct client *other = client_open(
		w, &(struct launch){ .own_agent = true, .untrusted = true, .as = "other" });
	once_until_told(w, 2);
	struct asked hook = once_gemini(w, s.arguments);
	once_approve(w, &hook);
	client_call(other, "1", "write_file", s.arguments);
	once_expect_asked(w, other, "1");
	client_call(s.server, "1", "write_file", s.arguments);
	client_expect_text(s.server, "1", "written");
}

static void once1_another_server_of_that_name_is_asked(struct world *w)
{
	static const char *const noise[] = { "--page", "50", NULL };
	struct scene s = once_scene(w);
	struct asked hook = once_gemini(w, s.arguments);
	once_approve(w, &hook);
	client_end(s.server);
	struct client *other = client_open(w, &(struct launch){ .server = noise, .as = "other" });
	client_call(other, "1", "write_file", s.arguments);
	once_expect_asked(w, other, "1");
}

static void two_yeses_for_one_form_are_no_yes(struct world *w)
{
	struct scene s = once_scene(w);
	for (int i = 0; i < 2; i++) {
		struct asked hook = once_gemini(w, s.arguments);
		once_approve(w, &hook);
	}
	client_call(s.server, "1", "write_file", s.arguments);
	CHECK_HAS(w, pick_text(once_held(w), "said"), "more than once");
	once_expect_asked(w, s.server, "1");
	client_call(s.server, "2", "write_file", s.arguments);
	once_expect_asked(w, s.server, "2");
}

static void its_time_ends(struct world *w)
{
	world_config(
		w, "[broker]\nautostart = no\n[notify]\ndesktop = no\n[queue]\nonce_seconds = 1\n");
	struct scene s = once_scene(w);
	struct asked hook = once_claude(w, "toolu_1", s.arguments);
	once_approve(w, &hook);
	int64_t end = now_ms() + WORLD_BOUND_MS;
	while (once_grants(w)) {
		CHECK(w, now_ms() < end);
		peer_pump(&w->person->peer, 50);
	}
	client_call_meta(s.server, "1", "write_file", s.arguments, once_meta("toolu_1"));
	once_expect_asked(w, s.server, "1");
}

static void another_broker_knows_nothing_of_it(struct world *w)
{
	struct scene s = once_scene(w);
	struct asked hook = once_claude(w, "toolu_1", s.arguments);
	once_approve(w, &hook);
	world_broker_kill(w);
	world_broker(w);
	client_call_meta(s.server, "1", "write_file", s.arguments, once_meta("toolu_1"));
	once_expect_asked(w, s.server, "1");
}

static void a_person_can_take_it_back(struct world *w)
{
	struct scene s = once_scene(w);
	struct asked hook = once_claude(w, "toolu_1", s.arguments);
	once_approve(w, &hook);
	const cJSON *said = person_ask(w->person, "grants", "{}");
	CHECK_TEXT(w, pick_text(said, "result.grants.0.width"), "once");
	char *params = xasprintf(
		"{\"grant\":%lld}", (long long)pick_int(said, "result.grants.0.grant"));
	CHECK(w, pick(person_ask(w->person, "revoke", params), "result"));
	client_call_meta(s.server, "1", "write_file", s.arguments, once_meta("toolu_1"));
	once_expect_asked(w, s.server, "1");
}

/* The hook is killed when it was told "go" and has not told its agent. */
static void a_hook_that_dies_at_the_last_leaves_nothing(struct world *w)
{
	struct scene s = once_scene(w);
	int status = 0;
	setenv("BASCULE_TEST_FAULT", "gate:forward", 1);
	struct asked hook = once_claude(w, "toolu_1", s.arguments);
	unsetenv("BASCULE_TEST_FAULT");
	person_approve(w->person, once_held(w));
	CHECK(w, proc_wait(hook.pid, WORLD_BOUND_MS, &status));
	CHECK(w, WIFSIGNALED(status));
	int64_t end = now_ms() + WORLD_BOUND_MS;
	while (once_grants(w)) {
		CHECK(w, now_ms() < end);
	}
	client_call_meta(s.server, "1", "write_file", s.arguments, once_meta("toolu_1"));
	once_expect_asked(w, s.server, "1");
}

/* Whoever is not of the gate's agent process stands for nothing, whatever is said. */
static void another_process_stands_for_nothing(struct world *w)
{
	static const char *const says[] = { "null", "[]", "{}", "\"files\"", "{\"server\":7}",
		"{\"server\":\"files\"}", "{\"server\":\"files\",\"id\":\"toolu_1\"}",
		"{\"server\":null,\"tool\":\"files_write_file\",\"joint\":\"_\"}",
		"{\"tool\":\"files_write_file\",\"joint\":\"\"}", "{\"tool\":[],\"joint\":{}}" };
	once_scene(w);
	for (size_t i = 0; i < COUNT_OF(says); i++) {
		struct peer peer;
		int fd = world_knock(w, "calls.sock");
		peer_open(&peer, w, "hook", fd, fd);
		peer_send(&peer,
			"{\"jsonrpc\":\"2.0\",\"id\":\"hello\",\"method\":\"hello\",\"params\":{"
			"\"protocol\":\"1.0\",\"role\":\"gate\",\"version\":\"1\",\"instance\":"
			"\"00000000000000%02zu\",\"session\":\"s-1\",\"for\":%s,\"server\":{"
			"\"name\":"
			"\"claude\",\"profile\":\"claude-code\",\"program\":\"/bin/"
			"true\",\"cwd\":\"/\","
			"\"argv\":[\"true\"],\"scope\":[],\"here\":\"\"}}}",
			i, says[i]);
		const cJSON *answer = peer_reply(&peer, "\"hello\"")->json;
		CHECK_TEXT(w, pick_text(answer, "result.accepted"), "no");
		CHECK(w, !pick(answer, "result.for"));
		peer_close(&peer);
	}
}

static const struct e2e_case cases[] = {
	{ "once1_a_second_equal_call_is_asked", once1_a_second_equal_call_is_asked, 0 },
	{ "once1_an_id_counts_once", once1_an_id_counts_once, 0 },
	{ "once1_other_ids_are_other_calls", once1_other_ids_are_other_calls, GUARDED },
	{ "once1_an_id_fits_no_call_without_one", once1_an_id_fits_no_call_without_one, GUARDED },
	{ "once1_other_arguments_are_asked", once1_other_arguments_are_asked, GUARDED },
	{ "once1_what_has_changed_is_asked", once1_what_has_changed_is_asked, GUARDED },
	{ "once1_another_session_is_asked", once1_another_session_is_asked, GUARDED },
	{ "two_yeses_for_one_form_are_no_yes", two_yeses_for_one_form_are_no_yes, 0 },
	{ "its_time_ends", its_time_ends, 0 },
	{ "another_broker_knows_nothing_of_it", another_broker_knows_nothing_of_it, 0 },
	{ "a_person_can_take_it_back", a_person_can_take_it_back, 0 },
	{ "a_hook_that_dies_at_the_last_leaves_nothing",
		a_hook_that_dies_at_the_last_leaves_nothing, FAULTY },
	{ "another_process_stands_for_nothing", another_process_stands_for_nothing, 0 },
	{ "once1_another_server_of_that_name_is_asked", once1_another_server_of_that_name_is_asked,
		GUARDED },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
