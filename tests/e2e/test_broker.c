/*
 * The broker comes, goes, and is killed. Calls survive it in the gates; nothing runs without a
 * recorded verdict, and nothing runs twice.
 */
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

#define AUTOSTART "[broker]\nautostart = yes\nidle_seconds = 60\n[notify]\ndesktop = no\n"

/* Ten gates find no broker, all at the same moment. */
static void ten_gates_start_one_broker(struct world *w)
{
	enum { GATES = 10 };
	struct client *c[GATES];
	world_config(w, AUTOSTART);
	for (int i = 0; i < GATES; i++) {
		c[i] = client_start(w, &(struct launch){ 0 });
	}
	for (int i = 0; i < GATES; i++) {
		client_initialize(c[i], "e2e");
		client_call(c[i], "1", "list_allowed_directories", "{}");
	}
	/* Nobody has accepted the server yet, so all of them are held: recorded, and shown by the
	 * one broker. */
	history_wait(w, "list_allowed_directories", GATES);
	CHECK_INT(w, (int64_t)proc_count("bascule-broker", w->root), 1);
	world_adopt_broker(w);
}

static void no_broker_fails_closed(struct world *w)
{
	struct client *c = client_open(w, &(struct launch){ 0 });
	char *path = world_file(w->work, "a.txt");
	world_put(path, "text");
	client_call(c, "1", "read_text_file", args_path(path));
	const char *words = client_expect_refusal(c, "1");
	CHECK_HAS(w, words, "NOT executed");
	CHECK_HAS(w, words, "bascule");
	client_ping(c, "2");
	CHECK(w, !world_seen(w, "a.txt"));
}

/* Held, running and undecided calls when the broker is killed; another one comes afterwards. */
static void killed_broker_loses_nothing(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	struct client *other = client_open(w, &(struct launch){ .as = "other" });
	char *path = world_file(w->outside, "a.txt");
	client_call(c, "1", "write_file", args_write(path, "survived"));
	client_call(c, "2", "hang", "{}");
	client_call(other, "1", "create_directory", args_path("/outside/b"));
	const cJSON *hang = person_item(w->person, "hang", "held");
	person_approve(w->person, hang);
	const cJSON *item = person_item(w->person, "write_file", "held");
	person_item(w->person, "create_directory", "held");
	while (!world_seen(w, "\"hang\"")) {
		client_ping(c, "9");
	}
	world_broker_kill(w);
	client_ping(c, "3");
	world_broker(w);
	const cJSON *again = person_item(w->person, "write_file", "held");
	person_item(w->person, "create_directory", "held");
	CHECK_INT(w, (int64_t)person_waiting(w->person), 2);
	CHECK_TEXT(w, pick_text(again, "call"), pick_text(item, "call"));
	CHECK_INT(w, pick_int(again, "number"), pick_int(item, "number"));
	person_approve(w->person, again);
	client_expect_text(c, "1", "written");
	CHECK(w, world_file_is(path, "survived"));
	CHECK_INT(w, (int64_t)world_seen_times(w, "\"write_file\""), 1);
	CHECK_INT(w, (int64_t)world_seen_times(w, "\"hang\""), 1);
}

static void kill_found_broker(struct world *w)
{
	pid_t pid = proc_find("bascule-broker", w->root);
	CHECK(w, pid > 0);
	kill(pid, SIGKILL);
	CHECK(w, proc_gone(pid, WORLD_BOUND_MS));
	w->broker = 0;
}

/* Calls on their way when the broker is killed, again and again; the gate starts the next one by
 * itself. Each call runs once and is recorded. */
static void nothing_runs_twice(struct world *w)
{
	enum { ROUNDS = 3, CALLS = 20 };
	world_config(w, AUTOSTART);
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	world_person_leaves(w);
	for (int i = 0; i < ROUNDS * CALLS; i++) {
		char *id = xasprintf("%d", i), *path = xasprintf("%s/m%d.txt", w->work, i);
		world_put(path, id);
		client_call(c, id, "read_text_file", args_path(path));
		if (i % CALLS == CALLS / 2) {
			kill_found_broker(w);
		}
		if (i % CALLS == CALLS - 1) {
			client_expect_text(c, id, id);
		}
	}
	for (int i = 0; i < ROUNDS * CALLS; i++) {
		char *id = xasprintf("%d", i), *marker = xasprintf("/m%d.txt", i);
		if (i % CALLS != CALLS - 1) {
			client_expect_text(c, id, id);
		}
		CHECK_INT(w, (int64_t)world_seen_times(w, marker), 1);
	}
	history_wait(w, "read_text_file", ROUNDS * CALLS);
	world_adopt_broker(w);
}

/* An acknowledged decision holds after a crash: the yes to a parked call is still good, once. */
static void decision_is_kept_over_a_crash(struct world *w)
{
	const char *const soon[] = { "--hold-max", "1", NULL };
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ .gate = soon });
	char *path = world_file(w->outside, "a.txt");
	char *arguments = args_write(path, "kept");
	client_call(c, "1", "write_file", arguments);
	client_expect_refusal(c, "1");
	person_approve(w->person, person_item(w->person, "write_file", "parked"));
	world_broker_kill(w);
	world_broker(w);
	person_item(w->person, "write_file", "armed");
	client_call(c, "2", "write_file", arguments);
	client_expect_text(c, "2", "written");
	CHECK(w, world_file_is(path, "kept"));
	CHECK_INT(w, (int64_t)world_seen_times(w, "\"write_file\""), 1);
}

static void denial_is_kept_over_a_crash(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	client_call(c, "1", "write_file", args_write("/outside/a", "x"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	/* The gate is stopped, so that the broker dies with the decision undelivered. */
	kill(c->pid, SIGSTOP);
	person_decide(
		w->person, pick_text(item, "call"), pick_int(item, "revision"), "deny", "for good");
	world_broker_kill(w);
	kill(c->pid, SIGCONT);
	world_broker(w);
	CHECK_HAS(w, client_expect_refusal(c, "1"), "for good");
	CHECK(w, !world_seen(w, "write_file"));
}

static void killed_gate_withdraws(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	client_call(c, "1", "write_file", args_write("/outside/a", "x"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	int64_t began = now_ms();
	client_kill(c, SIGKILL);
	CHECK_TEXT(w, person_gone(w->person, item), "withdrawn");
	CHECK(w, now_ms() - began < 1000);
}

/* Asked to stop, it says goodbye; what was held goes on waiting for the next one. */
static void stop_and_start_again(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	char *path = world_file(w->outside, "a.txt");
	client_call(c, "1", "write_file", args_write(path, "patient"));
	person_item(w->person, "write_file", "held");
	person_ask(w->person, "stop", "{}");
	peer_method(&w->person->peer, "goodbye");
	int status;
	CHECK(w, proc_wait(w->broker, WORLD_BOUND_MS, &status));
	CHECK_INT(w, status, 0);
	world_broker(w);
	person_approve(w->person, person_item(w->person, "write_file", "held"));
	client_expect_text(c, "1", "written");
	CHECK_INT(w, (int64_t)world_seen_times(w, "\"write_file\""), 1);
}

static void second_broker_is_turned_away(struct world *w)
{
	const char *const argv[] = { world_path(w, "bascule-broker"), "broker", "--root", w->root,
		NULL };
	world_broker(w);
	CHECK(w, world_run(w, argv, NULL, NULL) != 0);
	CHECK_INT(w, (int64_t)proc_count("bascule-broker", w->root), 1);
	person_ask(w->person, "queue", "{}");
}

static void idle_broker_ends(struct world *w)
{
	const char *const argv[] = { world_path(w, "bascule-broker"), "broker", "--root", w->root,
		"--idle", "1", NULL };
	CHECK_INT(w, world_run(w, argv, NULL, NULL), 0);
}

static void commands_read_the_queue(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	client_call(c, "1", "write_file", args_write("/outside/a", "x"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	char fd[16];
	int mine = world_decide_fd(w);
	snprintf(fd, sizeof fd, "%d", mine);
	const char *const argv[] = { world_path(w, "bascule-broker"), "queue", "--json", "--root",
		w->root, "--decide-fd", fd, NULL };
	struct buf out = { 0 };
	CHECK_INT(w, world_run_with(w, argv, mine, &out), 0);
	cJSON *queue = cJSON_Parse(buf_cstr(&out));
	CHECK_TEXT(w, pick_text(queue, "items.0.call"), pick_text(item, "call"));
}

/* Whoever started a gate may not decide, and hears so: never by a signal. */
static void refused_commands_end_with_words(struct world *w)
{
	const char *const queue[] = { world_path(w, "bascule-broker"), "queue", "--root", w->root,
		NULL };
	const char *const stop[] = { world_path(w, "bascule-broker"), "broker", "stop", "--root",
		w->root, NULL };
	world_broker(w);
	client_open(w, &(struct launch){ 0 });
	for (int i = 0; i < 20; i++) {
		CHECK_INT(w, world_run(w, i % 2 ? queue : stop, NULL, NULL), 1);
	}
}

static const struct e2e_case cases[] = {
	{ "refused_commands_end_with_words", refused_commands_end_with_words, 0 },
	{ "ten_gates_start_one_broker", ten_gates_start_one_broker, 0 },
	{ "no_broker_fails_closed", no_broker_fails_closed, 0 },
	{ "killed_broker_loses_nothing", killed_broker_loses_nothing, 0 },
	{ "nothing_runs_twice", nothing_runs_twice, 0 },
	{ "decision_is_kept_over_a_crash", decision_is_kept_over_a_crash, 0 },
	{ "denial_is_kept_over_a_crash", denial_is_kept_over_a_crash, 0 },
	{ "killed_gate_withdraws", killed_gate_withdraws, 0 },
	{ "stop_and_start_again", stop_and_start_again, 0 },
	{ "second_broker_is_turned_away", second_broker_is_turned_away, 0 },
	{ "idle_broker_ends", idle_broker_ends, 0 },
	{ "commands_read_the_queue", commands_read_the_queue, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
