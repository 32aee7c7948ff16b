/* The server that an agent asks before it acts: over its real stdio, beside a real broker. */
#include "config.h"

#include "tests/e2e/asked.h"
#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct client *start(struct world *w, const char *agent)
{
	const char **words = xcalloc(7, sizeof(*words));
	words[0] = world_path(w, "bascule-policy");
	words[1] = "policy-server";
	words[2] = "--root";
	words[3] = w->root;
	words[4] = agent ? "--agent" : NULL;
	words[5] = agent;
	return client_start(
		w, &(struct launch){ .direct = true, .command = words, .as = "claude" });
}

static struct client *open_server(struct world *w)
{
	struct client *c = start(w, NULL);
	client_initialize(c, "claude-code");
	return c;
}

/* The answer's object; valid until the next question. */
static const cJSON *ask(struct world *w, struct client *c, const char *question)
{
	static int number;
	static cJSON *answer;
	char *id = xasprintf("%d", ++number);
	client_call(c, id, "bascule_policy", question);
	const struct line *line = peer_reply(&c->peer, id);
	CHECK(w, !pick(line->json, "result.isError"));
	cJSON_Delete(answer);
	answer = cJSON_Parse(pick_text(line->json, "result.content.0.text"));
	CHECK(w, answer != NULL);
	free(id);
	return answer;
}

static const cJSON *ask_bash(struct world *w, struct client *c, const char *command)
{
	char *question = xasprintf(
		"{\"tool\":\"Bash\",\"arguments\":{\"command\":\"%s\"}}", command);
	const cJSON *answer = ask(w, c, question);
	free(question);
	return answer;
}

static void expect(struct world *w, const cJSON *answer, const char *verdict, const char *reason)
{
	CHECK_TEXT(w, pick_text(answer, "verdict"), verdict);
	CHECK_HAS(w, pick_text(answer, "reason"), reason);
	CHECK_HAS(w, pick_text(answer, "note"), "judged anew");
}

static void it_offers_one_tool(struct world *w)
{
	struct client *c = open_server(w);
	peer_send(&c->peer, "{\"jsonrpc\":\"2.0\",\"id\":\"l\",\"method\":\"tools/list\"}");
	const struct line *line = peer_reply(&c->peer, "\"l\"");
	CHECK_TEXT(w, pick_text(line->json, "result.tools.0.name"), "bascule_policy");
	CHECK(w, !pick(line->json, "result.tools.1"));
	client_call(c, "\"x\"", "write_file", "{}");
	client_expect_error(c, "\"x\"", -32602);
	client_ping(c, "\"p\"");
	CHECK_INT(w, client_end(c), 0);
}

static void it_speaks_the_new_era(struct world *w)
{
	struct client *c = start(w, "claude");
	client_call_meta(c, "1", "bascule_policy",
		"{\"tool\":\"Bash\",\"arguments\":{\"command\":\"ls\"}}", MODERN_META);
	const struct line *line = peer_reply(&c->peer, "1");
	CHECK_TEXT(w, pick_text(line->json, "result.resultType"), "complete");
	CHECK_HAS(w, pick_text(line->json, "result.content.0.text"), "\"verdict\":\"allow\"");
}

static void it_says_what_the_rules_say(struct world *w)
{
	struct client *c = open_server(w);
	expect(w, ask_bash(w, c, "git status"), "allow", "");
	const cJSON *answer = ask_bash(w, c, "git commit -m x");
	expect(w, answer, "hold", "commits on main");
	CHECK_TEXT(w, pick_text(answer, "rule"), "built-in:default");
	CHECK_HAS(w, pick_text(answer, "instead.0"), "feature/change");
	expect(w, ask_bash(w, c, "git switch -c feature/change"), "allow", "");
	char *file = world_file(w->root, "config/policy.rules"),
	     *question = xasprintf("{\"tool\":\"Write\",\"arguments\":{\"file_path\":\"%s\","
				   "\"content\":\"\"}}",
		     file);
	expect(w, ask(w, c, question), "deny", "outside the scope");
}

static void a_server_is_named(struct world *w)
{
	struct client *c = open_server(w);
	expect(w,
		ask(w, c,
			"{\"server\":\"filesystem\",\"tool\":\"create_directory\","
			"\"arguments\":{\"path\":\"new\"}}"),
		"allow", "new");
	expect(w,
		ask(w, c,
			"{\"server\":\"nobody-knows\",\"tool\":\"create_directory\","
			"\"arguments\":{\"path\":\"new\"}}"),
		"hold", "");
}

/* Whether something is there must not be learned from what is said of it. */
static void outside_nothing_is_described(struct world *w)
{
	struct client *c = open_server(w);
	char *path = world_file(w->outside, "there"), *said[2];
	char *question = xasprintf("{\"tool\":\"Write\",\"arguments\":{\"file_path\":\"%s\","
				   "\"content\":\"\"}}",
		path);
	for (int i = 0; i < 2; i++) {
		said[i] = cJSON_Print(ask(w, c, question));
		world_put(path, "x");
	}
	CHECK_TEXT(w, said[0], said[1]);
	CHECK_HAS(w, said[0], "outside the scope");
	CHECK(w, world_file_is(path, "x"));
}

static void what_is_not_understood_waits(struct world *w)
{
	static const char *const questions[] = { "{}", "{\"tool\":3,\"arguments\":{}}",
		"{\"tool\":\"Bash\",\"arguments\":[]}", "{\"tool\":\"Bash\",\"server\":{}}",
		"{\"tool\":\"Nothing\",\"arguments\":{}}", "{\"tool\":\"Bash\"}" };
	struct client *c = open_server(w);
	for (size_t i = 0; i < COUNT_OF(questions); i++) {
		CHECK_TEXT(w, pick_text(ask(w, c, questions[i]), "verdict"), "hold");
	}
	struct client *nobody = start(w, NULL);
	client_initialize(nobody, "some-client");
	expect(w, ask_bash(w, nobody, "ls"), "hold", "say of which MCP server");
}

static void put_rules(struct world *w, const char *rules)
{
	char *dir = world_file(w->root, "config"), *path = world_file(dir, "policy.rules");
	mkdir(dir, 0700);
	world_put(path, rules);
	chmod(path, 0600);
	free(path);
	free(dir);
}

static void rules_are_those_of_now(struct world *w)
{
	struct client *c = open_server(w);
	expect(w, ask_bash(w, c, "ls"), "allow", "");
	put_rules(w, "version 1\ndeny exec argv ls\n");
	const cJSON *answer = ask_bash(w, c, "ls");
	expect(w, answer, "deny", "runs ls");
	CHECK_HAS(w, pick_text(answer, "rule"), "policy.rules:2");
	put_rules(w, "version 1\nwhat\n");
	expect(w, ask_bash(w, c, "cat a"), "hold", "");
}

static void the_master_switch_counts(struct world *w)
{
	world_broker(w);
	struct client *c = open_server(w);
	expect(w, ask_bash(w, c, "ls"), "allow", "");
	person_ask(w->person, "master", "{\"mode\":\"hold\"}");
	expect(w, ask_bash(w, c, "ls"), "hold", "everything is held");
	person_ask(w->person, "master", "{\"mode\":\"deny\"}");
	const cJSON *answer = ask_bash(w, c, "git commit -m x");
	expect(w, answer, "deny", "stopped all calls");
	CHECK(w, !pick(answer, "instead.0"));
	person_ask(w->person, "master", "{\"mode\":\"policy\"}");
	expect(w, ask_bash(w, c, "ls"), "allow", "");
}

/* No row, nothing waiting, nothing run. */
static void nothing_is_recorded_but_a_count(struct world *w)
{
	world_broker(w);
	struct client *c = open_server(w);
	char *made = world_file(w->work, "made");
	ask_bash(w, c, "mkdir made");
	ask_bash(w, c, "rm -rf /outside");
	CHECK_INT(w, client_end(c), 0);
	CHECK(w, access(made, F_OK) != 0);
	CHECK_INT(w, (int)person_waiting(w->person), 0);
	const cJSON *answer = person_ask(w->person, "history", "{}");
	CHECK_INT(w, cJSON_GetArraySize(pick(answer, "result.calls")), 0);
	struct buf log = { 0 };
	world_get(world_file(w->root, "state/bascule.log"), &log);
	CHECK_HAS(w, buf_cstr(&log), "asked 2 times beforehand: 1 allow, 1 hold, 0 deny");
}

/* The agent's hook is asked about this call as about any other: asking is free there, too. */
static void a_hook_lets_it_be_asked(struct world *w)
{
	static const char question[] =
		"{\"tool\":\"Bash\",\"arguments\":{\"command\":\"rm -rf /outside\"}}";
	world_broker(w);
	char *text = asked_claude(w, "s-1", "mcp__bascule-policy__bascule_policy", question);
	struct asked asked = asked_start(w, "claude", text);
	asked_accept(w);
	CHECK_HAS(w, asked_said(&asked, 0), "\"permissionDecision\":\"allow\"");
	free(text);
}

static const struct e2e_case cases[] = {
	{ "it_offers_one_tool", it_offers_one_tool, 0 },
	{ "it_speaks_the_new_era", it_speaks_the_new_era, 0 },
	{ "it_says_what_the_rules_say", it_says_what_the_rules_say, 0 },
	{ "a_server_is_named", a_server_is_named, 0 },
	{ "outside_nothing_is_described", outside_nothing_is_described, 0 },
	{ "what_is_not_understood_waits", what_is_not_understood_waits, 0 },
	{ "rules_are_those_of_now", rules_are_those_of_now, 0 },
	{ "the_master_switch_counts", the_master_switch_counts, 0 },
	{ "nothing_is_recorded_but_a_count", nothing_is_recorded_but_a_count, 0 },
	{ "a_hook_lets_it_be_asked", a_hook_lets_it_be_asked, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
