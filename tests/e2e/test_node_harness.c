/* The SDK client scripts, the stub and the fixture server against each other: no gate between. */
#include "config.h"

#include "tests/e2e/node.h"
#include "tests/e2e/pick.h"

static const struct node_kind kinds[] = {
	{ "client_v1.mjs", "legacy", false },
	{ "client_v2.mjs", "legacy", false },
	{ "client_v2.mjs", "auto", true },
	{ "client_v2.mjs", "2026-07-28", true },
};

static void talk(struct world *w, const struct node_kind *kind, const struct launch *launch)
{
	struct client *c = node_open(w, kind, launch);
	node_do(c, "list", "\"op\":\"list\"");
	CHECK(w, pick_true(node_answer(c, "list"), "ok"));
	node_call(c, "a", "echo", "{\"text\":\"hello\"}", "");
	node_expect_text(c, "a", "hello");
	node_call(c, "b", "nonesuch", "{}", "");
	node_answer(c, "b");
	node_do(c, "close", "\"op\":\"close\"");
	CHECK(w, pick_int(node_answer(c, "close"), "result.took") < 1500);
}

static void every_kind_talks_to_the_stub(struct world *w)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		talk(w, &kinds[i], &(struct launch){ .direct = true });
	}
}

static void every_kind_talks_to_the_fixture(struct world *w)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		talk(w, &kinds[i], &(struct launch){ .direct = true, .command = node_fixture(w) });
	}
}

static void calls_time_out_and_are_cancelled(struct world *w)
{
	struct client *c = node_open(
		w, &kinds[3], &(struct launch){ .direct = true, .command = node_fixture(w) });
	node_call(c, "slow", "wait", "{\"ms\":5000,\"steps\":100}", "\"progress\":true");
	node_wait_progress(c, "slow");
	node_call(c, "late", "wait", "{\"ms\":5000,\"steps\":1}", "\"timeout\":100");
	CHECK(w, pick(node_answer(c, "late"), "error") != NULL);
	node_call(c, "once", "count", "{\"name\":\"once\"}", "");
	node_expect_text(c, "once", "counted");
	CHECK_INT(w, (int64_t)node_counted(w, "once"), 1);
	CHECK(w, !node_look(c, "slow"));
	node_do(c, "stop", "\"op\":\"cancel\",\"of\":\"slow\"");
	CHECK(w, pick(node_answer(c, "slow"), "error") != NULL);
}

static const struct e2e_case cases[] = {
	{ "every_kind_talks_to_the_stub", every_kind_talks_to_the_stub, NEEDS_NODE },
	{ "every_kind_talks_to_the_fixture", every_kind_talks_to_the_fixture, NEEDS_NODE },
	{ "calls_time_out_and_are_cancelled", calls_time_out_and_are_cancelled, NEEDS_NODE },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
