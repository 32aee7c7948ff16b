/*
 * A server in a sandbox behind the gate: it does its work as a free one does, cannot do what the
 * sandbox forbids, and is another server than the free one until a person has accepted it.
 */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"

#include <stdlib.h>
#include <string.h>

/* Programs that were built below /tmp are not seen inside by themselves. */
static const char *const *sandbox(struct world *w)
{
	const char **words = xcalloc(6, sizeof(*words));
	words[0] = "--sandbox";
	words[1] = "--sandbox-read";
	words[2] = w->bin;
	return words;
}

static bool bwrap_works(struct world *w)
{
	const char *const argv[] = { world_path(w, "bascule-container"), "sandbox", "check", NULL };
	const char *required = getenv("BASCULE_TEST_REQUIRE");
	bool works = world_run(w, argv, NULL, NULL) == 0;
	if (!works && required && strstr(required, "bwrap")) {
		world_fail(w, "bubblewrap cannot make a sandbox here");
	}
	return works;
}

/* Reads and writes in its scope unasked; outside it is asked about, and denied. */
static void filesystem(struct world *w, const char *const *options, const char *as)
{
	const char *const command[] = { "node",
		world_path(w, "tests/node/node_modules/.bin/mcp-server-filesystem"), w->work,
		NULL };
	struct launch launch = { .command = command, .sandbox = options, .as = as };
	char *path = world_file(w->work, "readable.txt"), *written = world_file(w->work, as);
	world_put(path, "in scope");
	struct client *c = client_open(w, &launch);
	client_call(c, "1", "read_text_file", args_path(path));
	client_expect_text(c, "1", "in scope");
	client_call(c, "2", "write_file", args_write(written, "by the server"));
	client_expect_text(c, "2", "Successfully wrote");
	CHECK(w, world_file_is(written, "by the server"));
	client_call(c, "3", "write_file", args_write(world_file(w->outside, "x"), "x"));
	person_deny(w->person, person_item(w->person, "write_file", "held"), "not there");
	client_expect_refusal(c, "3");
	CHECK_INT(w, client_end(c), 0);
}

static void a_sandboxed_filesystem_server_works_as_a_free_one(struct world *w)
{
	if (!bwrap_works(w)) {
		return;
	}
	world_broker(w);
	filesystem(w, NULL, "free");
	filesystem(w, sandbox(w), "sandboxed");
}

/* The "server" is the probe: its exit status comes through the sandboxed. */
static int probed(struct world *w, const char *const *options, const char *path, const char *as)
{
	const char *const command[] = { world_path(w, "tests/contain/probe"), "read", path, NULL };
	struct client *c = client_start(
		w, &(struct launch){ .command = command, .sandbox = options, .as = as });
	return client_wait_exit(c, WORLD_BOUND_MS);
}

static void what_it_does_is_bounded(struct world *w)
{
	char *outside = world_file(w->outside, "file"), *inside = world_file(w->work, "file");
	char *own = world_file(w->root, "config/config.ini");
	world_put(outside, "text");
	world_put(inside, "text");
	if (!bwrap_works(w)) {
		return;
	}
	world_broker(w);
	CHECK_INT(w, probed(w, NULL, outside, "free"), 0);
	CHECK_INT(w, probed(w, NULL, own, "free own"), 0);
	CHECK_INT(w, probed(w, sandbox(w), inside, "inside"), 0);
	CHECK_INT(w, probed(w, sandbox(w), outside, "outside"), 13);
	CHECK_INT(w, probed(w, sandbox(w), own, "own"), 13);
}

static void asks(struct world *w, const char *const *options, const char *as, bool question)
{
	struct client *c = client_open(
		w, &(struct launch){ .untrusted = true, .sandbox = options, .as = as });
	client_call(c, "1", "list_allowed_directories", "{}");
	if (question) {
		const cJSON *item = person_server(w->person, 1);
		if (options) {
			CHECK_TEXT(w, pick_text(item, "argv.1"), "contain");
		}
		person_decide(w->person, pick_text(item, "call"), pick_int(item, "revision"),
			"deny", NULL);
		client_expect_refusal(c, "1");
	} else {
		client_expect_text(c, "1", "list_allowed_directories");
	}
	client_end(c);
}

static void accepted_free_is_not_accepted_in_a_sandbox(struct world *w)
{
	if (!bwrap_works(w)) {
		return;
	}
	world_broker(w);
	client_trust(w, &(struct launch){ .as = "free" });
	asks(w, NULL, "free", false);
	asks(w, sandbox(w), "sandboxed", true);
}

/* The profile of fetch asks for the network: the person sees that, and trust means the same. */
static void a_profile_says_what_it_needs(struct world *w)
{
	if (!bwrap_works(w)) {
		return;
	}
	world_broker(w);
	struct launch launch = { .profile = "fetch", .untrusted = true, .sandbox = sandbox(w) };
	struct client *c = client_open(w, &launch);
	client_call(c, "1", "list_allowed_directories", "{}");
	const cJSON *item = person_server(w->person, 1);
	CHECK_TEXT(w, pick_text(item, "argv.4"), "--net");
	client_end(c);
	client_trust(w, &launch);
	c = client_open(w, &launch);
	client_call(c, "1", "list_allowed_directories", "{}");
	person_item(w->person, "list_allowed_directories", "held");
	client_end(c);
}

static void without_sandbox_its_options_are_refused(struct world *w)
{
	const char *const argv[] = { world_path(w, "bascule-gate"), "run", "--root", w->root,
		"--allow-net", "--", "/bin/true", NULL };
	CHECK_INT(w, world_run(w, argv, NULL, NULL), 2);
}

static const struct e2e_case cases[] = {
	{ "a_sandboxed_filesystem_server_works_as_a_free_one",
		a_sandboxed_filesystem_server_works_as_a_free_one, NEEDS_NODE },
	{ "what_it_does_is_bounded", what_it_does_is_bounded, 0 },
	{ "accepted_free_is_not_accepted_in_a_sandbox", accepted_free_is_not_accepted_in_a_sandbox,
		0 },
	{ "a_profile_says_what_it_needs", a_profile_says_what_it_needs, 0 },
	{ "without_sandbox_its_options_are_refused", without_sandbox_its_options_are_refused, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
