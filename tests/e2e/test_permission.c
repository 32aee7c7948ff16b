/* The server that Claude Code asks in the place of its dialog: each call waits in the queue. */
#include "config.h"

#include "tests/e2e/asked.h"
#include "tests/e2e/node.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const char *const *command(struct world *w, const char *limit)
{
	const char **words = xcalloc(7, sizeof(*words));
	words[0] = world_path(w, "bascule-gate");
	words[1] = "permission-server";
	words[2] = "--root";
	words[3] = w->root;
	words[4] = limit ? "--limit" : NULL;
	words[5] = limit;
	return words;
}

static struct client *start(struct world *w, const char *limit)
{
	return client_start(w,
		&(struct launch){ .direct = true, .command = command(w, limit), .as = "claude" });
}

static struct client *open_server(struct world *w)
{
	struct client *c = start(w, NULL);
	client_initialize(c, "claude-code");
	return c;
}

static void ask(struct client *c, const char *id, const char *tool, const char *input)
{
	char *arguments = xasprintf(
		"{\"tool_name\":\"%s\",\"input\":%s,\"tool_use_id\":\"toolu_1\"}", tool, input);
	client_call(c, id, "ask", arguments);
	free(arguments);
}

static const char delete_it[] = "{\"command\":\"rm -rf /outside\"}";

static struct client *ask_to_delete(struct world *w)
{
	world_broker(w);
	struct client *c = open_server(w);
	ask(c, "1", "Bash", delete_it);
	asked_accept(w);
	person_item(w->person, "Bash", "held");
	return c;
}

static void it_shakes_hands_in_the_old_way(struct world *w)
{
	struct client *c = open_server(w);
	peer_send(&c->peer, "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"tools/list\"}");
	const struct line *line = peer_reply(&c->peer, "0");
	CHECK_TEXT(w, pick_text(line->json, "result.tools.0.name"), "ask");
	CHECK(w, !pick(line->json, "result.ttlMs"));
	client_ping(c, "\"p\"");
	peer_send(&c->peer, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"server/discover\"}");
	client_expect_error(c, "2", -32601);
	peer_send(&c->peer, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"resources/list\"}");
	client_expect_error(c, "3", -32601);
	client_call(c, "4", "other", "{}");
	client_expect_error(c, "4", -32602);
	peer_send(&c->peer, "[{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"ping\"}]");
	CHECK_HAS(w, peer_any(&c->peer)->text, "-32600");
	peer_send(&c->peer, "{\"jsonrpc\":\"2.0\",\"id\":6,\"id\":7,\"method\":\"ping\"}");
	CHECK_HAS(w, peer_any(&c->peer)->text, "error");
	peer_send(&c->peer, "what");
	CHECK_HAS(w, peer_any(&c->peer)->text, "-32700");
	CHECK_INT(w, client_end(c), 0);
}

static void it_shakes_hands_in_the_new_way(struct world *w)
{
	struct client *c = start(w, NULL);
	peer_send(&c->peer,
		"{\"jsonrpc\":\"2.0\",\"id\":\"server-discover-probe-1\","
		"\"method\":\"server/discover\",\"params\":{\"_meta\":" MODERN_META "}}");
	const struct line *line = peer_reply(&c->peer, "\"server-discover-probe-1\"");
	CHECK_TEXT(w, pick_text(line->json, "result.supportedVersions.0"), "2026-07-28");
	CHECK_TEXT(w, pick_text(line->json, "result.resultType"), "complete");
	CHECK_TEXT(w, pick_text(line->json, "result.serverInfo.name"), "bascule");
	peer_send(&c->peer,
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\","
		"\"params\":{\"_meta\":" MODERN_META "}}");
	line = peer_reply(&c->peer, "1");
	CHECK_TEXT(w, pick_text(line->json, "result.cacheScope"), "private");
	CHECK_TEXT(w, pick_text(line->json, "result.tools.0.name"), "ask");
	peer_send(&c->peer,
		"{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\",\"params\":{\"_meta\":"
		"{\"io.modelcontextprotocol/protocolVersion\":\"2027-01-01\","
		"\"io.modelcontextprotocol/clientCapabilities\":{}}}}");
	CHECK_TEXT(w,
		pick_text(client_expect_error(c, "2", -32022)->json, "error.data.supported.0"),
		"2026-07-28");
	peer_send(&c->peer,
		"{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/list\",\"params\":{\"_meta\":"
		"{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}}}");
	client_expect_error(c, "3", -32602);
	client_call_meta(c, "4", "ask", "{\"tool_name\":3}", MODERN_META);
	CHECK_TEXT(w, pick_text(peer_reply(&c->peer, "4")->json, "result.resultType"), "complete");
	CHECK_INT(w, client_end(c), 0);
}

static void a_yes_carries_the_input(struct world *w)
{
	struct client *c = ask_to_delete(w);
	person_approve(w->person, person_item(w->person, "Bash", "held"));
	client_expect_text(c, "1",
		"{\"behavior\":\"allow\",\"updatedInput\":{\"command\":\"rm -rf /outside\"}}");
	ask(c, "2", "Bash", "{ \"command\": \"rm -rf /outside\" }"); /* one yes, one run */
	person_deny(w->person, person_item(w->person, "Bash", "held"), "use make clean");
	client_expect_text(c, "2", "{\"behavior\":\"deny\",\"message\":\"bascule: ");
	CHECK_INT(w, (int)person_waiting(w->person), 0);
}

static void a_no_carries_the_reason(struct world *w)
{
	struct client *c = ask_to_delete(w);
	person_deny(w->person, person_item(w->person, "Bash", "held"), "use make clean");
	client_expect_text(c, "1", "use make clean");
}

static void several_wait_at_once(struct world *w)
{
	struct client *c = ask_to_delete(w);
	char *path = world_file(w->outside, "a.txt");
	char *input = xasprintf("{\"file_path\":\"%s\",\"content\":\"x\"}", path);
	ask(c, "2", "Write", input);
	ask(c, "3", "Bash", "{\"command\":\"git status\"}");
	client_expect_text(c, "3", "{\"behavior\":\"allow\"");
	const cJSON *write = person_item(w->person, "Write", "held");
	ask(c, "2", "Write", input); /* its id is taken */
	CHECK_HAS(w, peer_any(&c->peer)->text, "-32600");
	person_approve(w->person, write);
	client_expect_text(c, "2", "{\"behavior\":\"allow\",\"updatedInput\":{\"file_path\"");
	CHECK_INT(w, (int)person_waiting(w->person), 1);
	person_deny(w->person, person_item(w->person, "Bash", "held"), "no");
	client_expect_text(c, "1", "{\"behavior\":\"deny\"");
}

/* Its profile counts when a person has accepted that server, and for that one. */
static void a_server_is_asked_about_by_name(struct world *w)
{
	world_broker(w);
	struct client *c = open_server(w);
	char *path = world_file(w->work, "a.txt");
	world_put(path, "readable");
	ask(c, "1", "Bash", "{\"command\":\"git status\"}");
	asked_accept(w);
	client_expect_text(c, "1", "{\"behavior\":\"allow\"");
	ask(c, "2", "mcp__filesystem__read_text_file", args_path(path));
	CHECK_TEXT(w, pick_text(person_item(w->person, "", "held"), "server"), "claude/filesystem");
	asked_accept(w);
	client_expect_text(c, "2", "{\"behavior\":\"allow\"");
	ask(c, "3", "mcp__bascule-policy__bascule_policy", "{\"tool\":\"Read\"}");
	const cJSON *item = person_item(w->person, "", "held");
	CHECK_TEXT(w, pick_text(item, "server"), "claude/bascule-policy");
	client_cancel(c, "3");
	ask(c, "4", "mcp__filesystem__read_text_file", args_path(path));
	client_expect_text(c, "4", "{\"behavior\":\"allow\"");
	ask(c, "5", "mcp__a__b__c", "{}"); /* nobody's, for certain */
	person_deny(w->person, person_item(w->person, "mcp__a__b__c", "held"), "no");
	client_expect_text(c, "5", "{\"behavior\":\"deny\"");
	CHECK_INT(w, client_end(c), 0);
}

/* What was approved at the hook is not asked again here, once. */
static void a_hook_before_it_is_enough(struct world *w)
{
	struct client *c = ask_to_delete(w);
	person_deny(w->person, person_item(w->person, "Bash", "held"), "first the hook");
	client_expect_text(c, "1", "first the hook");
	struct asked hook = asked_start(w, "claude", asked_claude(w, "s", "Bash", delete_it));
	person_approve(w->person, person_item(w->person, "Bash", "held"));
	asked_said(&hook, 0);
	client_call(c, "2", "ask",
		"{\"tool_name\":\"Bash\",\"input\":{\"command\":\"rm -rf /outside\"},"
		"\"tool_use_id\":\"toolu_2\"}");
	person_deny(w->person, person_item(w->person, "Bash", "held"), "another call");
	client_expect_text(c, "2", "another call");
	ask(c, "3", "Bash", delete_it);
	client_expect_text(c, "3", "{\"behavior\":\"allow\"");
	CHECK_INT(w, (int)person_waiting(w->person), 0);
	ask(c, "4", "Bash", delete_it);
	person_deny(w->person, person_item(w->person, "Bash", "held"), "not twice");
	client_expect_text(c, "4", "not twice");
}

static void what_is_taken_back_never_runs(struct world *w)
{
	struct client *c = ask_to_delete(w);
	const cJSON *item = person_item(w->person, "Bash", "held");
	client_cancel(c, "1");
	CHECK_TEXT(w, person_gone(w->person, item), "withdrawn");
	ask(c, "1", "Bash", "{\"command\":\"git status\"}"); /* the id is free again */
	client_expect_text(c, "1", "{\"behavior\":\"allow\"");
	client_cancel(c, "1");
	client_ping(c, "9");
}

static void end_of_input_withdraws_all(struct world *w)
{
	struct client *c = ask_to_delete(w);
	ask(c, "2", "Bash", "{\"command\":\"rm -rf /other\"}");
	while (person_waiting(w->person) < 2) {
		CHECK(w, peer_pump(&w->person->peer, WORLD_BOUND_MS));
	}
	const cJSON *item = person_item(w->person, "Bash", "held");
	CHECK_INT(w, client_end(c), 0);
	CHECK_TEXT(w, person_gone(w->person, item), "withdrawn");
	CHECK_INT(w, (int)person_waiting(w->person), 0);
}

static void who_is_killed_leaves_nothing_waiting(struct world *w)
{
	static const int signals[] = { SIGTERM, SIGKILL };
	world_broker(w);
	for (size_t i = 0; i < COUNT_OF(signals); i++) {
		struct client *c = open_server(w);
		ask(c, "1", "Bash", delete_it);
		if (!i) {
			asked_accept(w);
		}
		const cJSON *item = person_item(w->person, "Bash", "held");
		client_kill(c, signals[i]);
		CHECK_TEXT(w, person_gone(w->person, item), "withdrawn");
	}
}

static void without_a_broker_it_is_a_no(struct world *w)
{
	struct client *c = open_server(w);
	ask(c, "1", "Bash", "{\"command\":\"true\"}");
	client_expect_text(c, "1", "{\"behavior\":\"deny\",\"message\":\"bascule: ");
}

static void what_cannot_be_read_is_a_no(struct world *w)
{
	static const char *const arguments[] = { "{}", "{\"tool_name\":\"Bash\"}",
		"{\"tool_name\":\"Bash\",\"input\":[]}", "{\"tool_name\":\"B a\",\"input\":{}}",
		"{\"tool_name\":\"Bash\",\"Tool_name\":\"Read\",\"input\":{}}" };
	struct client *c = open_server(w);
	for (size_t i = 0; i < COUNT_OF(arguments); i++) {
		char *id = xasprintf("%zu", i);
		client_call(c, id, "ask", arguments[i]);
		client_expect_text(c, id, "{\"behavior\":\"deny\"");
		free(id);
	}
}

static void the_no_comes_before_the_limit(struct world *w)
{
	world_broker(w);
	struct client *c = start(w, "6");
	client_initialize(c, "claude-code");
	ask(c, "0", "Bash", "{\"command\":\"git status\"}");
	asked_accept(w);
	client_expect_text(c, "0", "{\"behavior\":\"allow\"");
	int64_t began = now_ms();
	ask(c, "1", "Bash", delete_it);
	const cJSON *item = person_item(w->person, "Bash", "held");
	client_expect_text(c, "1", "nobody answered before the time limit");
	CHECK(w, now_ms() - began < 6000);
	CHECK_TEXT(w, person_gone(w->person, item), "withdrawn");
}

static void it_shows_that_it_lives(struct world *w)
{
	world_config(w,
		"[broker]\nautostart = no\n[notify]\ndesktop = no\n"
		"[gate]\nprogress_ms = 50\n");
	world_broker(w);
	struct client *c = open_server(w);
	client_call_meta(c, "1", "ask",
		"{\"tool_name\":\"Bash\",\"input\":{\"command\":\"rm -rf /outside\"}}",
		"{\"progressToken\":0}");
	for (int i = 0; i < 3; i++) {
		const struct line *line = peer_method(&c->peer, "notifications/progress");
		CHECK_INT(w, pick_int(line->json, "params.progressToken"), 0);
	}
}

static void real_clients_ask(struct world *w)
{
	static const struct node_kind kinds[] = { { "client_v1.mjs", "legacy", false },
		{ "client_v2.mjs", "auto", true }, { "client_v2.mjs", "2026-07-28", true } };
	world_broker(w);
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		const struct launch launch = { .direct = true, .command = command(w, NULL) };
		struct client *c = node_open(w, &kinds[i], &launch);
		node_call(c, "a", "ask",
			"{\"tool_name\":\"Bash\",\"input\":{\"command\":\"git status\"}}", "");
		if (!i) {
			asked_accept(w);
		}
		node_expect_text(c, "a", "{\"behavior\":\"allow\"");
		client_end(c);
	}
}

static const struct e2e_case cases[] = {
	{ "it_shakes_hands_in_the_old_way", it_shakes_hands_in_the_old_way, 0 },
	{ "it_shakes_hands_in_the_new_way", it_shakes_hands_in_the_new_way, 0 },
	{ "a_yes_carries_the_input", a_yes_carries_the_input, 0 },
	{ "a_no_carries_the_reason", a_no_carries_the_reason, 0 },
	{ "several_wait_at_once", several_wait_at_once, 0 },
	{ "a_server_is_asked_about_by_name", a_server_is_asked_about_by_name, 0 },
	{ "a_hook_before_it_is_enough", a_hook_before_it_is_enough, 0 },
	{ "what_is_taken_back_never_runs", what_is_taken_back_never_runs, 0 },
	{ "end_of_input_withdraws_all", end_of_input_withdraws_all, 0 },
	{ "who_is_killed_leaves_nothing_waiting", who_is_killed_leaves_nothing_waiting, 0 },
	{ "without_a_broker_it_is_a_no", without_a_broker_it_is_a_no, 0 },
	{ "what_cannot_be_read_is_a_no", what_cannot_be_read_is_a_no, 0 },
	{ "the_no_comes_before_the_limit", the_no_comes_before_the_limit, 0 },
	{ "it_shows_that_it_lives", it_shows_that_it_lives, 0 },
	{ "real_clients_ask", real_clients_ask, NEEDS_NODE },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
