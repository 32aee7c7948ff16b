/* A server that nobody has accepted is one question; until it is answered nothing of that server is
 * allowed. */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <stdlib.h>
#include <string.h>

static const struct launch unknown = { .untrusted = true };

static struct client *ask_for_a_file(struct world *w)
{
	struct client *c = client_open(w, &unknown);
	char *path = world_file(w->work, "a.txt");
	world_put(path, "readable");
	client_call(c, "1", "read_text_file", args_path(path));
	return c;
}

static void accepting_releases_what_policy_allows(struct world *w)
{
	world_broker(w);
	struct client *c = ask_for_a_file(w);
	client_call(c, "2", "write_file", args_write("/outside/b", "x"));
	const cJSON *item = person_server(w->person, 2);
	CHECK_HAS(w, pick_text(item, "argv.0"), "stub_server");
	CHECK_TEXT(w, pick_text(item, "scope.0"), w->work);
	CHECK(w, !world_seen(w, "a.txt"));
	person_decide(
		w->person, pick_text(item, "call"), pick_int(item, "revision"), "approve", NULL);
	client_expect_text(c, "1", "readable");
	person_item(w->person, "write_file", "held");
	client_ping(c, "3");
	CHECK(w, !world_seen(w, "/outside/b"));
	c = client_open(w, &unknown);
	client_call(c, "1", "list_allowed_directories", "{}");
	client_expect_text(c, "1", "list_allowed_directories");
}

static void refusing_denies_its_calls(struct world *w)
{
	world_broker(w);
	struct client *c = ask_for_a_file(w);
	const cJSON *item = person_server(w->person, 1);
	person_decide(w->person, pick_text(item, "call"), pick_int(item, "revision"), "deny",
		"do not know it");
	CHECK_HAS(w, client_expect_refusal(c, "1"), "NOT executed");
	client_ping(c, "2");
	CHECK(w, !world_seen(w, "a.txt"));
}

/* Another scope, another command: another server. */
static void acceptance_is_for_the_whole_tuple(struct world *w)
{
	static const char *const other[] = { "--burst", "1", NULL };
	world_broker(w);
	client_trust(w, &unknown);
	struct client *c = client_open(w, &unknown);
	client_call(c, "1", "list_allowed_directories", "{}");
	client_expect_text(c, "1", "list_allowed_directories");
	const struct launch changed[] = {
		{ .untrusted = true, .scope = w->outside, .as = "scope" },
		{ .untrusted = true, .server = other, .as = "argv" },
		{ .untrusted = true, .name = "renamed", .as = "name" },
	};
	for (size_t i = 0; i < COUNT_OF(changed); i++) {
		c = client_open(w, &changed[i]);
		client_call(c, "1", "list_allowed_directories", "{}");
		const cJSON *item = person_server(w->person, 1);
		CHECK(w, !peer_look(&c->peer, match_reply, "1"));
		person_decide(w->person, pick_text(item, "call"), pick_int(item, "revision"),
			"deny", NULL);
		client_expect_refusal(c, "1");
	}
}

static void acceptance_outlives_the_broker(struct world *w)
{
	world_broker(w);
	client_trust(w, &unknown);
	world_broker_kill(w);
	world_broker(w);
	struct client *c = ask_for_a_file(w);
	client_expect_text(c, "1", "readable");
}

/* The agent cannot accept its own server: the decision socket does not take a gate's parent. */
static void the_agents_side_cannot_decide(struct world *w)
{
	world_broker(w);
	client_open(w, &unknown);
	const char *const trust[] = { world_path(w, "bascule-broker"), "trust", "--root", w->root,
		"--name", "files", "--", world_path(w, "tests/e2e/stub_server"), NULL };
	CHECK(w, world_run(w, trust, NULL, NULL) != 0);
}

static const struct e2e_case cases[] = {
	{ "accepting_releases_what_policy_allows", accepting_releases_what_policy_allows, 0 },
	{ "refusing_denies_its_calls", refusing_denies_its_calls, 0 },
	{ "acceptance_is_for_the_whole_tuple", acceptance_is_for_the_whole_tuple, 0 },
	{ "acceptance_outlives_the_broker", acceptance_outlives_the_broker, 0 },
	{ "the_agents_side_cannot_decide", the_agents_side_cannot_decide, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
