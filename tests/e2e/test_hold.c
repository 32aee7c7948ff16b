/* While a call is held: everything else flows, progress is told where it was asked for, and its id
 * belongs to it. */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUICK "[broker]\nautostart = no\n[notify]\ndesktop = no\n[gate]\nprogress_ms = 50\n"

static struct client *open_client(struct world *w)
{
	world_broker(w);
	return client_open(w, &(struct launch){ 0 });
}

static void nothing_else_is_blocked(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->work, "a.txt");
	world_put(path, "free to read");
	client_call(c, "1", "write_file", args_write("/outside/1", "x"));
	const cJSON *first = person_item(w->person, "write_file", "held");
	client_ping(c, "2");
	client_list(c);
	client_call(c, "3", "read_text_file", args_path(path));
	client_expect_text(c, "3", "free to read");
	client_call(c, "4", "create_directory", args_path("/outside/2"));
	person_approve(w->person, person_item(w->person, "create_directory", "held"));
	client_expect_text(c, "4", "create_directory");
	CHECK(w, !peer_look(&c->peer, match_reply, "1"));
	person_deny(w->person, first, "no");
	client_expect_refusal(c, "1");
}

static void a_second_gate_is_not_blocked(struct world *w)
{
	struct client *one = open_client(w);
	struct client *two = client_open(w, &(struct launch){ .name = "other", .as = "two" });
	client_call(one, "1", "write_file", args_write("/outside/1", "x"));
	person_item(w->person, "write_file", "held");
	client_call(two, "1", "list_allowed_directories", "{}");
	client_ping(two, "2");
	CHECK(w, !peer_look(&one->peer, match_reply, "1"));
}

static bool match_progress(const struct line *line, const void *token)
{
	return match_method(line, "notifications/progress") &&
		span_is(line_raw(line, "params.progressToken"), token);
}

/* Three notifications for this token, rising; then the answer, and no more after it. */
static void expect_progress(struct world *w, struct client *c, const char *token)
{
	double last = -1;
	for (int i = 0; i < 3; i++) {
		const struct line *line = peer_wait(&c->peer, match_progress, token, "progress");
		double now = pick(line->json, "params.progress")->valuedouble;
		CHECK(w, now > last);
		last = now;
	}
}

static void progress_for_every_kind_of_token(struct world *w)
{
	static const char *const tokens[] = { "\"a\\u0062 c\"", "7", "0", "-3" };
	world_config(w, QUICK);
	struct client *c = open_client(w);
	for (size_t i = 0; i < COUNT_OF(tokens); i++) {
		char *meta = xasprintf("{\"progressToken\":%s}", tokens[i]);
		char *id = xasprintf("%zu", 10 + i);
		client_call_meta(c, id, "create_directory", args_path("/outside/x"), meta);
		const cJSON *item = person_item(w->person, "create_directory", "held");
		expect_progress(w, c, tokens[i]);
		person_deny(w->person, item, "no");
		client_expect_refusal(c, id);
		size_t told = peer_count(&c->peer, match_progress, tokens[i]);
		person_gone(w->person, item);
		client_call_meta(c, "1", "create_directory", args_path("/outside/y"),
			"{\"progressToken\":\"clock\"}");
		expect_progress(w, c, "\"clock\"");
		CHECK_INT(
			w, (int64_t)peer_count(&c->peer, match_progress, tokens[i]), (int64_t)told);
		person_deny(w->person, person_item(w->person, "create_directory", "held"), "no");
		client_expect_refusal(c, "1");
	}
}

/* A call without a token is told nothing while one beside it with a token is told three times. */
static void no_progress_without_token(struct world *w)
{
	world_config(w, QUICK);
	struct client *c = open_client(w);
	client_call(c, "1", "write_file", args_write("/outside/1", "x"));
	client_call_meta(c, "2", "create_directory", args_path("/outside/2"), "{\"other\":1}");
	client_call_meta(c, "3", "move_file", "{\"source\":\"/a\",\"destination\":\"/b\"}",
		"{\"progressToken\":\"t\"}");
	expect_progress(w, c, "\"t\"");
	CHECK_INT(w, (int64_t)peer_count(&c->peer, match_method, "notifications/progress"),
		(int64_t)peer_count(&c->peer, match_progress, "\"t\""));
}

/* The server's own progress after the release goes on rising above ours. */
static void progress_goes_on_after_release(struct world *w)
{
	world_config(w, QUICK);
	struct client *c = open_client(w);
	client_call_meta(c, "1", "progress", "{\"steps\":2}", "{\"progressToken\":5}");
	const cJSON *item = person_item(w->person, "progress", "held");
	expect_progress(w, c, "5");
	person_approve(w->person, item);
	client_expect_text(c, "1", "progressed");
	double last = -1;
	for (size_t i = 0; i < c->peer.count; i++) {
		if (match_progress(c->peer.lines[i], "5")) {
			double now = pick(c->peer.lines[i]->json, "params.progress")->valuedouble;
			CHECK(w, now > last);
			last = now;
		}
	}
	CHECK(w, last == 2);
}

static void duplicate_id_is_refused(struct world *w)
{
	struct client *c = open_client(w);
	client_call(c, "1", "move_file", "{\"source\":\"/first\",\"destination\":\"/b\"}");
	const cJSON *item = person_item(w->person, "move_file", "held");
	client_call(c, "1", "create_directory", args_path("/outside/second"));
	client_ping(c, "2");
	const struct line *refusal = peer_look(&c->peer, match_text, "\"error\"");
	CHECK(w, refusal && !pick(refusal->json, "id"));
	CHECK_INT(w, pick_int(refusal->json, "error.code"), -32600);
	CHECK(w, !world_seen(w, "second"));
	CHECK_INT(w, (int64_t)person_waiting(w->person), 1);
	person_approve(w->person, item);
	client_expect_text(c, "1", "move_file");
	CHECK_INT(w, (int64_t)world_seen_times(w, "/first"), 1);
}

/* "1" and 1 could be taken for each other by a client: they are one id. */
static void coerced_id_is_a_duplicate(struct world *w)
{
	struct client *c = open_client(w);
	client_call(c, "1", "write_file", args_write("/outside/first", "x"));
	person_item(w->person, "write_file", "held");
	client_call(c, "\"1\"", "create_directory", args_path("/outside/second"));
	client_ping(c, "2");
	CHECK(w, peer_look(&c->peer, match_text, "\"error\"") != NULL);
	CHECK(w, !world_seen(w, "second"));
}

/* A server answers a call that it was not given: nobody sees that; the real answer comes once. */
static void server_cannot_answer_a_held_call(struct world *w)
{
	struct client *c = open_client(w);
	client_call(c, "9", "create_directory", args_path("/outside/x"));
	const cJSON *held = person_item(w->person, "create_directory", "held");
	client_call(c, "10", "say_and_end",
		"{\"line\":\"{\\\"result\\\":{\\\"forged\\\":1},\\\"jsonrpc\\\":\\\"2.0\\\","
		"\\\"id\\\":9}\"}");
	person_approve(w->person, person_item(w->person, "say_and_end", "held"));
	client_expect_text(c, "10", "said");
	CHECK_INT(w, (int64_t)peer_count(&c->peer, match_text, "forged"), 0);
	person_approve(w->person, held);
	client_expect_text(c, "9", "create_directory");
	CHECK_INT(w, (int64_t)peer_count(&c->peer, match_reply, "9"), 1);
}

static void second_answers_are_dropped(struct world *w)
{
	struct client *c = open_client(w);
	client_call(c, "1", "twice", "{}");
	person_approve(w->person, person_item(w->person, "twice", "held"));
	client_expect_text(c, "1", "first");
	client_ping(c, "2");
	CHECK_INT(w, (int64_t)peer_count(&c->peer, match_reply, "1"), 1);
}

/* Progress that a server tells for a call it does not have yet. */
static void server_progress_for_a_held_call_is_dropped(struct world *w)
{
	struct client *c = open_client(w);
	client_call_meta(c, "1", "create_directory", args_path("/outside/x"),
		"{\"progressToken\":\"mine\"}");
	person_item(w->person, "create_directory", "held");
	client_call(c, "2", "say_and_end",
		"{\"line\":\"{\\\"jsonrpc\\\":\\\"2.0\\\",\\\"method\\\":"
		"\\\"notifications/progress\\\","
		"\\\"params\\\":{\\\"progressToken\\\":\\\"mine\\\",\\\"progress\\\":50}}\"}");
	person_approve(w->person, person_item(w->person, "say_and_end", "held"));
	client_expect_text(c, "2", "said");
	CHECK_INT(w, (int64_t)peer_count(&c->peer, match_text, "\"progress\":50"), 0);
}

static void too_many_waiting_are_refused_at_once(struct world *w)
{
	world_config(w, QUICK "[queue]\npending_max = 3\n");
	struct client *c = open_client(w);
	for (int i = 1; i <= 4; i++) {
		char id[16];
		snprintf(id, sizeof id, "%d", i);
		client_call(c, id, "create_directory", args_path("/outside/x"));
	}
	CHECK_HAS(w, client_expect_refusal(c, "4"), "too many");
	person_item(w->person, "create_directory", "held");
	client_ping(c, "5");
	CHECK(w, !world_seen(w, "create_directory"));
}

static const struct e2e_case cases[] = {
	{ "nothing_else_is_blocked", nothing_else_is_blocked, 0 },
	{ "a_second_gate_is_not_blocked", a_second_gate_is_not_blocked, 0 },
	{ "progress_for_every_kind_of_token", progress_for_every_kind_of_token, 0 },
	{ "no_progress_without_token", no_progress_without_token, 0 },
	{ "progress_goes_on_after_release", progress_goes_on_after_release, 0 },
	{ "duplicate_id_is_refused", duplicate_id_is_refused, 0 },
	{ "coerced_id_is_a_duplicate", coerced_id_is_a_duplicate, 0 },
	{ "server_cannot_answer_a_held_call", server_cannot_answer_a_held_call, 0 },
	{ "second_answers_are_dropped", second_answers_are_dropped, 0 },
	{ "server_progress_for_a_held_call_is_dropped", server_progress_for_a_held_call_is_dropped,
		0 },
	{ "too_many_waiting_are_refused_at_once", too_many_waiting_are_refused_at_once, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
