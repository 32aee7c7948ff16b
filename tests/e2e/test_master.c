/* The switch over the policy: it tightens at once, survives the broker, and releases nothing. */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/history.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct client *open_client(struct world *w)
{
	world_broker(w);
	return client_open(w, &(struct launch){ 0 });
}

static void switch_to(struct world *w, const char *mode)
{
	char *params = xasprintf("{\"mode\":\"%s\"}", mode);
	const cJSON *answer = person_ask(w->person, "master", params);
	CHECK_TEXT(w, pick_text(answer, "result.master.mode"), mode);
	CHECK(w, *pick_text(answer, "result.master.by"));
	free(params);
}

static void read_file(struct world *w, struct client *c, const char *id)
{
	char *path = world_file(w->work, "a.txt");
	world_put(path, "plain text");
	client_call(c, id, "read_text_file", args_path(path));
}

/* What policy would let pass waits; back at the policy it is marked and still waits. */
static void holding_holds_what_would_pass(struct world *w)
{
	struct client *c = open_client(w);
	switch_to(w, "hold");
	read_file(w, c, "1");
	const cJSON *item = person_item(w->person, "read_text_file", "held");
	CHECK_TEXT(w, pick_text(item, "rule"), "built-in:hold-all");
	CHECK(w, !world_seen(w, "a.txt"));
	switch_to(w, "policy");
	int64_t end = now_ms() + WORLD_BOUND_MS;
	while (!strstr(pick_text(person_look(w->person, "read_text_file", "held"), "said"),
		"the rules would allow it now")) {
		CHECK(w, now_ms() < end);
		peer_pump(&w->person->peer, 20);
	}
	client_ping(c, "2");
	CHECK(w, !world_seen(w, "a.txt"));
	person_approve(w->person, person_item(w->person, "read_text_file", "held"));
	client_expect_text(c, "1", "plain text");
	read_file(w, c, "3");
	client_expect_text(c, "3", "plain text");
}

static void a_person_releases_while_everything_is_held(struct world *w)
{
	struct client *c = open_client(w);
	switch_to(w, "hold");
	read_file(w, c, "1");
	person_approve(w->person, person_item(w->person, "read_text_file", "held"));
	client_expect_text(c, "1", "plain text");
}

static void denying_denies_what_comes(struct world *w)
{
	struct client *c = open_client(w);
	client_call(c, "1", "create_directory", args_path("/outside/1"));
	const cJSON *before = person_item(w->person, "create_directory", "held");
	switch_to(w, "deny");
	read_file(w, c, "2");
	CHECK(w, strstr(client_expect_refusal(c, "2"), "stopped all calls"));
	const cJSON *row = history_row(w, "read_text_file", "denied");
	CHECK_TEXT(w, pick_text(row, "rule"), "built-in:deny-all");
	/* what waited still waits, and a yes does not outrun the switch */
	person_decide(w->person, pick_text(before, "call"), pick_int(before, "revision"), "approve",
		NULL);
	client_expect_refusal(c, "1");
	CHECK(w, !world_seen(w, "create_directory"));
	switch_to(w, "policy");
	read_file(w, c, "3");
	client_expect_text(c, "3", "plain text");
}

static void it_outlives_the_broker(struct world *w)
{
	struct client *c = open_client(w);
	switch_to(w, "hold");
	world_broker_kill(w);
	world_broker(w);
	const cJSON *queue = person_ask(w->person, "queue", "{}");
	CHECK_TEXT(w, pick_text(queue, "result.master.mode"), "hold");
	read_file(w, c, "1");
	person_item(w->person, "read_text_file", "held");
}

/* The calls behind a server's question are no way around it. */
static void an_accepted_server_is_held_too(struct world *w)
{
	world_broker(w);
	switch_to(w, "hold");
	struct client *c = client_open(w, &(struct launch){ .untrusted = true });
	read_file(w, c, "1");
	person_approve(w->person, person_item(w->person, "", "held"));
	person_item(w->person, "read_text_file", "held");
	CHECK(w, !world_seen(w, "a.txt"));
}

static void an_unknown_mode_changes_nothing(struct world *w)
{
	struct client *c = open_client(w);
	const cJSON *answer = person_ask(w->person, "master", "{\"mode\":\"open\"}");
	CHECK_INT(w, pick_int(answer, "error.code"), 4003);
	read_file(w, c, "1");
	client_expect_text(c, "1", "plain text");
}

/* For a prompt: one line, also when nobody answers. */
static void the_status_is_one_line(struct world *w)
{
	const char *const nobody[] = { world_path(w, "bascule-broker"), "status", "--line",
		"--root", w->root, NULL };
	struct buf out = { 0 };
	CHECK_INT(w, world_run(w, nobody, NULL, &out), 0);
	CHECK_TEXT(w, buf_cstr(&out), "-\n");
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	client_call(c, "1", "create_directory", args_path("/outside/1"));
	person_item(w->person, "create_directory", "held");
	switch_to(w, "hold");
	const cJSON *status = person_ask(w->person, "status", "{}");
	CHECK_INT(w, pick_int(status, "result.waiting_all"), 1);
	CHECK_INT(w, pick_int(status, "result.waiting.high"), 1);
	CHECK_INT(w, pick_int(status, "result.waiting.low"), 0);
	CHECK_TEXT(w, pick_text(status, "result.master.mode"), "hold");
	buf_clear(&out);
	world_run(w, nobody, NULL, &out); /* a test is no terminal: it is refused */
	CHECK_TEXT(w, buf_cstr(&out), "-\n");
	char fd[16];
	int mine = world_decide_fd(w);
	snprintf(fd, sizeof(fd), "%d", mine);
	const char *const somebody[] = { world_path(w, "bascule-broker"), "status", "--line",
		"--root", w->root, "--decide-fd", fd, NULL };
	buf_clear(&out);
	CHECK_INT(w, world_run_with(w, somebody, mine, &out), 0);
	CHECK_TEXT(w, buf_cstr(&out), "HOLD 1 waiting !!1\n");
	buf_finish(&out);
}

static const struct e2e_case cases[] = {
	{ "holding_holds_what_would_pass", holding_holds_what_would_pass, 0 },
	{ "a_person_releases_while_everything_is_held", a_person_releases_while_everything_is_held,
		0 },
	{ "denying_denies_what_comes", denying_denies_what_comes, 0 },
	{ "it_outlives_the_broker", it_outlives_the_broker, 0 },
	{ "an_accepted_server_is_held_too", an_accepted_server_is_held_too, 0 },
	{ "the_status_is_one_line", the_status_is_one_line, 0 },
	{ "an_unknown_mode_changes_nothing", an_unknown_mode_changes_nothing, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
