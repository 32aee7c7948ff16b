/* The harness and the stub server against each other, with no gate between: what the other tests
 * stand on. */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <signal.h>
#include <string.h>

static struct client *open_stub(struct world *w, const char *const *options)
{
	return client_open(w, &(struct launch){ .direct = true, .server = options });
}

static void tools_do_what_they_say(struct world *w)
{
	struct client *c = open_stub(w, NULL);
	char *path = world_file(w->work, "a.txt");
	char *arguments = xasprintf("{\"path\":\"%s\",\"content\":\"hello\"}", path);
	struct buf text = { 0 };
	client_call(c, "1", "write_file", arguments);
	client_expect_text(c, "1", "written");
	world_get(path, &text);
	CHECK_TEXT(w, buf_cstr(&text), "hello");
	client_call(c, "2", "read_text_file", arguments);
	client_expect_text(c, "2", "hello");
	client_call(c, "3", "nonesuch", "{}");
	CHECK(w, pick_true(peer_reply(&c->peer, "3")->json, "result.isError"));
	CHECK_INT(w, client_end(c), 0);
}

static void lines_arrive_as_they_were(struct world *w)
{
	struct client *c = open_stub(w, NULL);
	const char *odd = "{ \"jsonrpc\" : \"2.0\",\t\"x\":[1.0,1e2], \"id\":\"\\u0041\" , "
			  "\"method\":\"ping\"}";
	peer_send(&c->peer, "%s", odd);
	peer_reply(&c->peer, "\"\\u0041\"");
	CHECK_INT(w, (int64_t)world_seen_times(w, odd), 1);
}

static void lists_come_in_pages_and_change(struct world *w)
{
	const char *const options[] = { "--page", "5", "--burst", "3", "--changing", NULL };
	struct client *c = open_stub(w, options);
	CHECK(w, peer_look(&c->peer, match_text, "tool echo, list 0") == NULL);
	CHECK_INT(w, (int64_t)peer_count(&c->peer, match_text, "nextCursor"), 4);
	CHECK_INT(w,
		(int64_t)peer_count(&c->peer, match_method, "notifications/tools/list_changed"), 3);
	client_list(c);
	CHECK_INT(w, (int64_t)peer_count(&c->peer, match_text, "list 1"), 5);
}

static void misbehaviour_on_request(struct world *w)
{
	struct client *c = open_stub(w, NULL);
	client_call(c, "1", "sleep", "{\"ms\":30}");
	client_ping(c, "2");
	CHECK(w, peer_look(&c->peer, match_reply, "1") == NULL);
	client_expect_text(c, "1", "slept");
	client_call(c, "3", "twice", "{}");
	client_expect_text(c, "3", "first");
	client_expect_text(c, "3", "second");
	client_call(c, "4", "say_and_end",
		"{\"line\":\"{\\\"result\\\":{},\\\"jsonrpc\\\":\\\"2.0\\\",\\\"id\\\":99}\"}");
	client_expect_text(c, "4", "said");
	CHECK(w, peer_look(&c->peer, match_reply, "99") != NULL);
	client_call(c, "5", "garbage", "{\"lines\":4}");
	client_expect_text(c, "5", "made noise");
	CHECK_INT(w, (int64_t)peer_count(&c->peer, match_text, "]]]]"), 4);
	client_call_meta(c, "6", "progress", "{\"steps\":2}", "{\"progressToken\":0}");
	client_expect_text(c, "6", "progressed");
	CHECK_INT(w, (int64_t)peer_count(&c->peer, match_text, "\"progressToken\":0,"), 2);
}

static void big_results_pass_while_we_write(struct world *w)
{
	struct client *c = open_stub(w, NULL);
	char *fill = xasprintf("{\"a\":\"%0200000d\"}", 7);
	client_call(c, "1", "big", "{\"mib\":9}");
	for (int i = 0; i < 10; i++) {
		client_call(c, "\"more\"", "hang", fill);
	}
	client_expect_text(c, "1", "xxxx");
	client_ping(c, "2");
	CHECK_INT(w, (int64_t)world_seen_times(w, fill), 10);
}

static void questions_go_to_the_client(struct world *w)
{
	struct client *c = open_stub(w, NULL);
	client_call(c, "1", "ask", "{\"method\":\"x/unknown\",\"params\":{\"a\":1}}");
	const struct line *question = peer_method(&c->peer, "x/unknown");
	CHECK_INT(w, pick_int(question->json, "id"), 0);
	peer_send(&c->peer,
		"{\"jsonrpc\":\"2.0\",\"id\":0,\"error\":{\"code\":-32601,\"message\":\"no\"}}");
	client_expect_text(c, "1", "-32601");
}

static void both_eras_are_spoken(struct world *w)
{
	const char *const old_only[] = { "--era", "legacy", NULL };
	struct client *c = client_start(w, &(struct launch){ .direct = true });
	peer_send(&c->peer,
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/"
		"discover\",\"params\":{\"_meta\":" MODERN_META "}}");
	CHECK_TEXT(w, pick_text(peer_reply(&c->peer, "1")->json, "result.supportedVersions.0"),
		"2026-07-28");
	client_call_meta(c, "2", "echo", "{}", MODERN_META);
	CHECK_TEXT(w, pick_text(peer_reply(&c->peer, "2")->json, "result.resultType"), "complete");
	struct client *old = client_start(
		w, &(struct launch){ .direct = true, .server = old_only });
	peer_send(&old->peer, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\"}");
	client_expect_error(old, "1", -32601);
}

static void ends_are_reported(struct world *w)
{
	const char *const at_once[] = { "--exit-first", "7", NULL };
	const char *const stubborn[] = { "--stubborn", NULL };
	struct client *c = open_stub(w, NULL);
	client_call(c, "1", "exit", "{\"code\":42}");
	CHECK_INT(w, client_wait_exit(c, WORLD_BOUND_MS), 42);
	c = open_stub(w, NULL);
	client_call(c, "1", "exit", "{\"signal\":11}");
	CHECK_INT(w, client_wait_exit(c, WORLD_BOUND_MS), -SIGSEGV);
	c = client_start(w, &(struct launch){ .direct = true, .server = at_once, .pipes = true });
	peer_send(&c->peer, "{}");
	CHECK_INT(w, client_wait_exit(c, WORLD_BOUND_MS), 7);
	c = open_stub(w, stubborn);
	peer_close_out(&c->peer);
	client_kill(c, SIGTERM);
	CHECK(w, !proc_gone(c->pid, 100));
	client_kill(c, SIGKILL);
	CHECK(w, world_err_has(w, "stub server ready"));
}

/* A server whose parent dies becomes ours, and is seen as left behind. */
static void orphans_are_seen(struct world *w)
{
	const char *const command[] = { "sh", "-c", "\"$0\" --stubborn; true",
		world_path(w, "tests/e2e/stub_server"), NULL };
	struct buf who = { 0 };
	struct client *c = client_start(w, &(struct launch){ .direct = true, .command = command });
	client_ping(c, "1");
	client_kill(c, SIGKILL);
	CHECK(w, !proc_none_left(50, &who));
	CHECK_HAS(w, buf_cstr(&who), "stub_server --stubborn");
	proc_kill_rest();
	CHECK(w, proc_none_left(0, &who));
}

static const struct e2e_case cases[] = {
	{ "tools_do_what_they_say", tools_do_what_they_say, 0 },
	{ "lines_arrive_as_they_were", lines_arrive_as_they_were, 0 },
	{ "lists_come_in_pages_and_change", lists_come_in_pages_and_change, 0 },
	{ "misbehaviour_on_request", misbehaviour_on_request, 0 },
	{ "big_results_pass_while_we_write", big_results_pass_while_we_write, 0 },
	{ "questions_go_to_the_client", questions_go_to_the_client, 0 },
	{ "both_eras_are_spoken", both_eras_are_spoken, 0 },
	{ "ends_are_reported", ends_are_reported, 0 },
	{ "orphans_are_seen", orphans_are_seen, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
