/*
 * What was taken back never runs, however late the key comes. That something did not reach the
 * server is proven by a ping sent afterwards: lines keep their order, so once the ping is in the
 * server's log, the log is complete.
 */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"

#include <stdio.h>

static struct client *open_client(struct world *w)
{
	world_broker(w);
	return client_open(w, &(struct launch){ 0 });
}

static void late_approval_never_runs(struct world *w)
{
	struct client *c = open_client(w);
	client_call(c, "1", "write_file", args_write("/outside/a", "x"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	const char *call = pick_text(item, "call");
	client_cancel(c, "1");
	CHECK_TEXT(w, person_gone(w->person, item), "withdrawn");
	const cJSON *answer = person_decide(
		w->person, call, pick_int(item, "revision"), "approve", NULL);
	CHECK_INT(w, pick_int(answer, "error.code"), 4007);
	client_ping(c, "2");
	CHECK(w, !world_seen(w, "write_file"));
	CHECK(w, !world_seen(w, "notifications/cancelled"));
	CHECK(w, !peer_look(&c->peer, match_reply, "1"));
}

/* The cancellation is written before the person decides, but nobody waits for its effect: it must
 * win each time. */
static void cancellation_wins_the_race(struct world *w)
{
	struct client *c = open_client(w);
	for (int i = 0; i < 50; i++) {
		char id[16];
		snprintf(id, sizeof id, "%d", 100 + i);
		client_call(c, id, "write_file", args_write("/outside/a", "x"));
		const cJSON *item = person_item(w->person, "write_file", "held");
		int64_t revision = pick_int(person_show(w->person, item), "revision");
		client_cancel(c, id);
		person_decide(w->person, pick_text(item, "call"), revision, "approve", NULL);
		CHECK_TEXT(w, person_gone(w->person, item), "withdrawn");
	}
	client_ping(c, "1");
	CHECK(w, !world_seen(w, "write_file"));
}

static void running_call_is_cancelled_at_the_server(struct world *w)
{
	struct client *c = open_client(w);
	client_call(c, "1", "hang", "{}");
	const cJSON *item = person_item(w->person, "hang", "held");
	person_approve(w->person, item);
	while (!world_seen(w, "\"hang\"")) {
		client_ping(c, "2");
	}
	client_cancel(c, "1");
	client_ping(c, "3");
	CHECK_INT(w, (int64_t)world_seen_times(w, "notifications/cancelled"), 1);
}

/* Some clients cancel what has ended, or never was, and twice. */
static void spurious_cancellations_do_no_harm(struct world *w)
{
	struct client *c = open_client(w);
	client_ping(c, "1");
	client_cancel(c, "1");
	client_cancel(c, "1");
	client_cancel(c, "\"never\"");
	client_cancel(c, "null");
	client_ping(c, "2");
}

static void end_of_input_withdraws(struct world *w)
{
	struct client *c = open_client(w);
	client_call(c, "1", "write_file", args_write("/outside/a", "x"));
	client_call(c, "2", "create_directory", args_path("/outside/b"));
	const cJSON *one = person_item(w->person, "write_file", "held");
	const cJSON *two = person_item(w->person, "create_directory", "held");
	CHECK_INT(w, client_end(c), 0);
	CHECK_TEXT(w, person_gone(w->person, one), "withdrawn");
	CHECK_TEXT(w, person_gone(w->person, two), "withdrawn");
	CHECK(w, !world_seen(w, "tools/call"));
}

/* The end of input and the approval at the same time: whoever left does not want it any more. */
static void end_of_input_wins_the_race(struct world *w)
{
	struct client *c = open_client(w);
	client_call(c, "1", "write_file", args_write("/outside/a", "x"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	int64_t revision = pick_int(person_show(w->person, item), "revision");
	peer_close_out(&c->peer);
	person_decide(w->person, pick_text(item, "call"), revision, "approve", NULL);
	CHECK_INT(w, client_end(c), 0);
	CHECK(w, !world_seen(w, "write_file"));
}

static const struct e2e_case cases[] = {
	{ "late_approval_never_runs", late_approval_never_runs, 0 },
	{ "cancellation_wins_the_race", cancellation_wins_the_race, 0 },
	{ "running_call_is_cancelled_at_the_server", running_call_is_cancelled_at_the_server, 0 },
	{ "spurious_cancellations_do_no_harm", spurious_cancellations_do_no_harm, 0 },
	{ "end_of_input_withdraws", end_of_input_withdraws, 0 },
	{ "end_of_input_wins_the_race", end_of_input_wins_the_race, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
