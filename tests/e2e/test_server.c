/*
 * Servers that do not start, end early, shout, or do not want to end; clients that kill. The gate
 * says what happened, keeps the exit code, and leaves nothing behind (the harness fails a case that
 * does).
 */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static void cannot_be_started(struct world *w)
{
	const char *const command[] = { "/nonexistent/server", "--option", NULL };
	world_broker(w);
	struct client *c = client_start(
		w, &(struct launch){ .command = command, .untrusted = true });
	CHECK_INT(w, client_wait_exit(c, WORLD_BOUND_MS), 127);
	CHECK(w, world_err_has(w, "/nonexistent/server"));
}

/* A request that is on its way when the server turns out not to exist gets an answer before the
 * end. */
static void client_is_told_that_it_cannot_be_started(struct world *w)
{
	const char *const command[] = { "/nonexistent/server", NULL };
	world_broker(w);
	struct client *c = client_start(
		w, &(struct launch){ .command = command, .untrusted = true });
	if (peer_try_write(
		    &c->peer, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}\n", 47)) {
		peer_expect_end(&c->peer);
		const struct line *line = peer_look(&c->peer, match_reply, "1");
		CHECK(w, !line || pick(line->json, "error"));
	}
	CHECK_INT(w, client_wait_exit(c, WORLD_BOUND_MS), 127);
}

static const struct end {
	const char *arguments;
	int status;
} ends[] = {
	{ "{\"code\":0}", 0 },
	{ "{\"code\":42}", 42 },
	{ "{\"signal\":15}", 128 + SIGTERM },
	{ "{\"signal\":11}", 128 + SIGSEGV },
	{ "{\"signal\":9}", 128 + SIGKILL },
};

static void exit_codes_are_kept(struct world *w)
{
	world_broker(w);
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		struct client *c = client_open(w, &(struct launch){ 0 });
		client_call(c, "1", "exit", ends[i].arguments);
		const cJSON *item = person_item(w->person, "exit", "held");
		person_approve(w->person, item);
		CHECK_INT(w, client_wait_exit(c, WORLD_BOUND_MS), ends[i].status);
		person_gone(w->person, item);
	}
}

static void ends_on_the_first_message(struct world *w)
{
	const char *const at_once[] = { "--exit-first", "3", NULL };
	world_broker(w);
	struct client *c = client_start(w, &(struct launch){ .server = at_once });
	peer_send(&c->peer, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\"}");
	peer_expect_end(&c->peer);
	CHECK_INT(w, client_wait_exit(c, WORLD_BOUND_MS), 3);
}

/* The server dies while one call runs and one is held: both are answered, the held one is
 * withdrawn. */
static void held_calls_are_answered_when_it_dies(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	client_call(c, "1", "write_file", args_write("/outside/a", "x"));
	const cJSON *held = person_item(w->person, "write_file", "held");
	client_call(c, "2", "hang", "{}");
	person_approve(w->person, person_item(w->person, "hang", "held"));
	client_call(c, "3", "exit", "{\"code\":5}");
	person_approve(w->person, person_item(w->person, "exit", "held"));
	CHECK_HAS(w, client_expect_refusal(c, "1"), "NOT executed");
	CHECK_HAS(w, client_expect_refusal(c, "2"), "may or may not have been executed");
	CHECK_INT(w, client_wait_exit(c, WORLD_BOUND_MS), 5);
	CHECK_TEXT(w, person_gone(w->person, held), "withdrawn");
}

static void garbage_is_harmless(struct world *w)
{
	const char *const noisy[] = { "--noise", NULL };
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ .server = noisy });
	client_call(c, "1", "garbage", "{\"lines\":50000}");
	person_approve(w->person, person_item(w->person, "garbage", "held"));
	client_expect_text(c, "1", "made noise");
	client_ping(c, "2");
	for (size_t i = 0; i < c->peer.count; i++) {
		CHECK(w, !strchr(c->peer.lines[i]->text, '\x1b'));
	}
}

static void stderr_is_the_servers_own(struct world *w)
{
	world_broker(w);
	client_open(w, &(struct launch){ 0 });
	CHECK(w, world_err_has(w, "stub server ready"));
}

/* The client goes away in an orderly manner; the server does not care. The gate ends it all the
 * same, in time. */
static void stubborn_server_is_ended(struct world *w)
{
	const char *const stubborn[] = { "--stubborn", NULL };
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ .server = stubborn });
	int64_t began = now_ms();
	peer_close_out(&c->peer);
	peer_expect_end(&c->peer);
	client_wait_exit(c, WORLD_BOUND_MS);
	CHECK(w, now_ms() - began < 6000);
	CHECK(w, proc_find("stub_server", w->seen) == 0);
}

static void sigterm_is_passed_on(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	client_kill(c, SIGTERM);
	CHECK_INT(w, client_wait_exit(c, WORLD_BOUND_MS), 128 + SIGTERM);
}

/* `sh -c` in between, as npx would be, and the gate killed without a chance to say goodbye. */
static void killed_gate_leaves_no_orphan(struct world *w)
{
	const char *const command[] = { "sh", "-c", "\"$0\" --stubborn --log \"$1\"; true",
		world_path(w, "tests/e2e/stub_server"), w->seen, NULL };
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ .command = command });
	pid_t server = proc_find("stub_server --stubborn --log", w->seen);
	CHECK(w, server > 0);
	client_kill(c, SIGKILL);
	CHECK(w, proc_gone(server, 2000));
}

/* After the end nobody holds the client's output open: its close() would wait for that. */
static void output_ends_with_the_gate(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ .pipes = true });
	int64_t began = now_ms();
	peer_close_out(&c->peer);
	peer_expect_end(&c->peer);
	CHECK(w, now_ms() - began < 1000);
	CHECK_INT(w, client_wait_exit(c, WORLD_BOUND_MS), 0);
}

static void tool_list_is_asked_for_when_missing(struct world *w)
{
	const char *const pages[] = { "--page", "4", NULL };
	world_broker(w);
	struct client *c = client_start(w, &(struct launch){ .server = pages });
	char *path = world_file(w->work, "a.txt");
	world_put(path, "listed");
	client_initialize(c, "e2e");
	client_call(c, "1", "read_text_file", args_path(path));
	client_expect_text(c, "1", "listed");
	CHECK(w, world_seen(w, "\"bascule/"));
	CHECK_INT(w, (int64_t)peer_count(&c->peer, match_text, "bascule/"), 0);
}

/* A server that never lists its tools: the call is judged without, and held. */
static void silent_tool_list_holds(struct world *w)
{
	const char *const silent[] = { "--silent-list", NULL };
	world_broker(w);
	struct client *c = client_start(w, &(struct launch){ .server = silent });
	char *path = world_file(w->work, "a.txt");
	client_initialize(c, "e2e");
	client_call(c, "1", "read_text_file", args_path(path));
	client_ping(c, "2");
	person_item(w->person, "read_text_file", "held");
	CHECK(w, !world_seen(w, "a.txt"));
}

/* list_changed makes the list stale; the next call is judged on a new one. */
static void changed_lists_are_read_again(struct world *w)
{
	const char *const options[] = { "--changing", "--burst", "3", NULL };
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ .server = options });
	client_call(c, "1", "say_and_end",
		"{\"line\":\"{\\\"method\\\":\\\"notifications/tools/"
		"list_changed\\\",\\\"jsonrpc\\\":\\\"2.0\\\"}\"}");
	person_approve(w->person, person_item(w->person, "say_and_end", "held"));
	client_expect_text(c, "1", "said");
	size_t lists = world_seen_times(w, "tools/list");
	client_call(c, "2", "list_allowed_directories", "{}");
	peer_reply(&c->peer, "2");
	CHECK_INT(w, (int64_t)world_seen_times(w, "tools/list"), (int64_t)lists + 1);
}

static const struct e2e_case cases[] = {
	{ "cannot_be_started", cannot_be_started, 0 },
	{ "client_is_told_that_it_cannot_be_started", client_is_told_that_it_cannot_be_started, 0 },
	{ "exit_codes_are_kept", exit_codes_are_kept, 0 },
	{ "ends_on_the_first_message", ends_on_the_first_message, 0 },
	{ "held_calls_are_answered_when_it_dies", held_calls_are_answered_when_it_dies, 0 },
	{ "garbage_is_harmless", garbage_is_harmless, 0 },
	{ "stderr_is_the_servers_own", stderr_is_the_servers_own, 0 },
	{ "stubborn_server_is_ended", stubborn_server_is_ended, 0 },
	{ "sigterm_is_passed_on", sigterm_is_passed_on, 0 },
	{ "killed_gate_leaves_no_orphan", killed_gate_leaves_no_orphan, 0 },
	{ "output_ends_with_the_gate", output_ends_with_the_gate, 0 },
	{ "tool_list_is_asked_for_when_missing", tool_list_is_asked_for_when_missing, 0 },
	{ "silent_tool_list_holds", silent_tool_list_holds, 0 },
	{ "changed_lists_are_read_again", changed_lists_are_read_again, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
