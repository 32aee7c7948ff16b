/*
 * Answering before the client gives up: "not executed, still waiting", and what a later yes or an
 * identical retry then does. --hold-max 1 stands in for the clients' own deadlines.
 */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/history.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"

#include <string.h>

static const char *const soon[] = { "--hold-max", "1", NULL };

static struct client *open_client(struct world *w)
{
	world_broker(w);
	return client_open(w, &(struct launch){ .gate = soon });
}

/* Calls, lets it park, and hands back the item as it was held. */
static const cJSON *park(struct world *w, struct client *c, const char *id, const char *arguments)
{
	client_call(c, id, "write_file", arguments);
	const cJSON *item = person_item(w->person, "write_file", "held");
	CHECK_HAS(w, client_expect_refusal(c, id), "waiting");
	person_item(w->person, "write_file", "parked");
	CHECK(w, !world_seen(w, "write_file"));
	return item;
}

static void approval_serves_the_retry_once(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->outside, "a.txt");
	char *arguments = args_write(path, "late");
	const cJSON *item = park(w, c, "1", arguments);
	CHECK_TEXT(w, person_approve(w->person, item), "armed");
	CHECK(w, world_file_is(path, ""));
	client_call(c, "2", "write_file", arguments);
	client_expect_text(c, "2", "written");
	CHECK(w, world_file_is(path, "late"));
	person_gone(w->person, item);
	history_row(w, "write_file", "done");
	client_call(c, "3", "write_file", arguments);
	const cJSON *second = person_item(w->person, "write_file", "held");
	CHECK(w, strcmp(pick_text(second, "call"), pick_text(item, "call")) != 0);
	CHECK_INT(w, (int64_t)world_seen_times(w, "write_file"), 1);
}

/* Another order of members, other spacing, escapes and id, another _meta: the same call. */
static void retry_may_be_spelled_otherwise(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->outside, "a.txt");
	person_approve(w->person, park(w, c, "1", args_write(path, "late")));
	peer_send(&c->peer,
		"{\"id\":\"two\", \"params\":{\"arguments\":{ "
		"\"content\":\"l\\u0061te\",\"path\":\"%s\"},"
		"\"_meta\":{\"progressToken\":9},\"name\":\"write_file\"},"
		"\"method\":\"tools/call\",\"jsonrpc\":\"2.0\"}",
		path);
	client_expect_text(c, "\"two\"", "written");
	CHECK(w, world_file_is(path, "late"));
}

static void other_arguments_are_another_call(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->outside, "a.txt");
	const cJSON *item = park(w, c, "1", args_write(path, "one"));
	person_approve(w->person, item);
	client_call(c, "2", "write_file", args_write(path, "two"));
	const cJSON *other = person_item(w->person, "write_file", "held");
	CHECK(w, strcmp(pick_text(other, "call"), pick_text(item, "call")) != 0);
	client_ping(c, "3");
	CHECK(w, !world_seen(w, "write_file"));
}

static void retry_takes_up_the_same_item(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->outside, "a.txt");
	char *arguments = args_write(path, "again");
	const cJSON *item = park(w, c, "1", arguments);
	client_call(c, "2", "write_file", arguments);
	const cJSON *again = person_item(w->person, "write_file", "held");
	CHECK_INT(w, pick_int(again, "number"), pick_int(item, "number"));
	CHECK_INT(w, (int64_t)person_waiting(w->person), 1);
	person_approve(w->person, again);
	client_expect_text(c, "2", "written");
	client_ping(c, "3");
	CHECK_INT(w, (int64_t)world_seen_times(w, "write_file"), 1);
	CHECK_INT(w, (int64_t)person_waiting(w->person), 0);
}

static void denied_while_parked_does_not_run(struct world *w)
{
	struct client *c = open_client(w);
	char *arguments = args_write("/outside/a", "x");
	const cJSON *item = park(w, c, "1", arguments);
	CHECK_TEXT(w, person_deny(w->person, item, "never"), "denied");
	client_call(c, "2", "write_file", arguments);
	client_ping(c, "3");
	CHECK(w, !world_seen(w, "write_file"));
}

static void agent_is_told_when_nobody_watches(struct world *w)
{
	struct client *c = open_client(w);
	char *arguments = args_write("/outside/a", "x");
	client_call(c, "1", "write_file", arguments);
	CHECK_LACKS(w, client_expect_refusal(c, "1"), "run: bascule");
	peer_close(&w->person->peer);
	w->person = NULL;
	client_call(c, "2", "write_file", args_write("/outside/b", "y"));
	CHECK_HAS(w, client_expect_refusal(c, "2"),
		"waiting for your approval; open a terminal and run: bascule");
}

/* A session is the agent's process, not the gate's: servers are started anew all the time. */
static void grant_survives_the_gate(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->outside, "a.txt");
	char *arguments = args_write(path, "again");
	person_approve(w->person, park(w, c, "1", arguments));
	CHECK_INT(w, client_end(c), 0);
	c = client_open(w, &(struct launch){ .gate = soon });
	client_call(c, "1", "write_file", arguments);
	client_expect_text(c, "1", "written");
	CHECK_INT(w, (int64_t)world_seen_times(w, "write_file"), 1);
}

static void grant_ends_with_the_agent(struct world *w)
{
	const struct launch launch = { .gate = soon, .own_agent = true };
	world_broker(w);
	struct client *c = client_open(w, &launch);
	char *arguments = args_write("/outside/a", "x");
	const cJSON *item = park(w, c, "1", arguments);
	person_approve(w->person, item);
	CHECK_INT(w, client_end(c), 0);
	CHECK_TEXT(w, person_gone(w->person, item), "withdrawn");
	c = client_open(w, &launch);
	client_call(c, "1", "write_file", arguments);
	person_item(w->person, "write_file", "held");
	CHECK(w, !world_seen(w, "write_file"));
}

static void parked_calls_expire(struct world *w)
{
	world_config(
		w, "[broker]\nautostart = no\n[notify]\ndesktop = no\n[queue]\npark_seconds = 1\n");
	struct client *c = open_client(w);
	char *arguments = args_write("/outside/a", "x");
	const cJSON *item = park(w, c, "1", arguments);
	CHECK_TEXT(w, person_gone(w->person, item), "expired");
	const cJSON *answer = person_decide(
		w->person, pick_text(item, "call"), pick_int(item, "revision"), "approve", NULL);
	CHECK_INT(w, pick_int(answer, "error.code"), 4007);
	client_call(c, "2", "write_file", arguments);
	person_item(w->person, "write_file", "held");
	CHECK(w, !world_seen(w, "write_file"));
}

static const struct e2e_case cases[] = {
	{ "approval_serves_the_retry_once", approval_serves_the_retry_once, 0 },
	{ "retry_may_be_spelled_otherwise", retry_may_be_spelled_otherwise, 0 },
	{ "other_arguments_are_another_call", other_arguments_are_another_call, 0 },
	{ "retry_takes_up_the_same_item", retry_takes_up_the_same_item, 0 },
	{ "denied_while_parked_does_not_run", denied_while_parked_does_not_run, 0 },
	{ "agent_is_told_when_nobody_watches", agent_is_told_when_nobody_watches, 0 },
	{ "grant_survives_the_gate", grant_survives_the_gate, 0 },
	{ "grant_ends_with_the_agent", grant_ends_with_the_agent, 0 },
	{ "parked_calls_expire", parked_calls_expire, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
