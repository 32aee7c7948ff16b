/*
 * Real clients in front, real servers behind: the SDK clients of both generations against the
 * fixture server, and the inspector against server-everything and server-filesystem.
 */
#include "config.h"

#include "tests/e2e/history.h"
#include "tests/e2e/node.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <stdlib.h>
#include <string.h>

static const struct node_kind v1 = { "client_v1.mjs", "legacy", false };
static const struct node_kind v2 = { "client_v2.mjs", "legacy", false };
static const struct node_kind v2_auto = { "client_v2.mjs", "auto", true };
static const struct node_kind v2_modern = { "client_v2.mjs", "2026-07-28", true };

/* Hold, approve, deny, cancel, and what passes: the same for every kind of client. */
static void main_job(struct world *w, const struct node_kind *kind)
{
	struct launch launch = { .command = node_fixture(w) };
	char *path = world_file(w->work, "readable.txt");
	world_put(path, "in scope");
	world_broker(w);
	struct client *c = node_open(w, kind, &launch);
	node_do(c, "list", "\"op\":\"list\"");
	CHECK_INT(w, cJSON_GetArraySize(pick(node_answer(c, "list"), "result")), 7);
	node_call(c, "read", "read_text_file", args_path(path), "");
	node_expect_text(c, "read", "in scope");

	node_call(c, "yes", "count", "{\"name\":\"yes\"}", "");
	const cJSON *item = person_item(w->person, "count", "held");
	CHECK_TEXT(w, pick_text(item, "client.name"), kind == &v1 ? "test-v1" : "test-v2");
	CHECK_INT(w, (int64_t)node_counted(w, "yes"), 0);
	person_approve(w->person, item);
	node_expect_text(c, "yes", "counted");
	CHECK_INT(w, (int64_t)node_counted(w, "yes"), 1);

	node_call(c, "no", "count", "{\"name\":\"no\"}", "");
	person_deny(w->person, person_item(w->person, "count", "held"), "because of the tests");
	CHECK_HAS(w, node_expect_refusal(c, "no"), "because of the tests");

	node_call(c, "back", "write_file", args_write("/nonexistent/a", "x"), "");
	item = person_item(w->person, "write_file", "held");
	node_do(c, "stop", "\"op\":\"cancel\",\"of\":\"back\"");
	CHECK(w, pick(node_answer(c, "back"), "error") != NULL);
	CHECK_TEXT(w, person_gone(w->person, item), "withdrawn");

	node_do(c, "close", "\"op\":\"close\"");
	CHECK(w, pick_int(node_answer(c, "close"), "result.took") < 1500);
	CHECK_INT(w, (int64_t)node_counted(w, "no"), 0);
}

static void main_job_v1(struct world *w)
{
	main_job(w, &v1);
}

static void main_job_v2(struct world *w)
{
	main_job(w, &v2);
}

static void main_job_v2_auto(struct world *w)
{
	main_job(w, &v2_auto);
}

static void main_job_v2_modern(struct world *w)
{
	main_job(w, &v2_modern);
}

static const char *const soon[] = { "--hold-max", "1", NULL };

/* Legacy: told "still waiting" before the time-out; approved later, the same call passes. */
static void legacy_clients_park(struct world *w)
{
	const struct node_kind *kinds[] = { &v1, &v2 };
	world_broker(w);
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		char *arguments = xasprintf("{\"name\":\"parked%zu\"}", i);
		char *name = xasprintf("parked%zu", i);
		struct client *c = node_open(
			w, kinds[i], &(struct launch){ .command = node_fixture(w), .gate = soon });
		node_call(c, "one", "count", arguments, "\"timeout\":3000");
		CHECK_HAS(w, node_expect_refusal(c, "one"), "waiting");
		person_approve(w->person, person_item(w->person, "count", "parked"));
		CHECK_INT(w, (int64_t)node_counted(w, name), 0);
		node_call(c, "two", "count", arguments, "\"timeout\":3000");
		node_expect_text(c, "two", "counted");
		CHECK_INT(w, (int64_t)node_counted(w, name), 1);
		client_end(c);
	}
}

/* Modern: the SDK's own driver comes back by itself, with a time-out far below the time that the
 * person takes. */
static void modern_clients_come_back_by_themselves(struct world *w)
{
	world_broker(w);
	struct client *c = node_open(
		w, &v2_modern, &(struct launch){ .command = node_fixture(w), .gate = soon });
	node_call(c, "one", "count", "{\"name\":\"rounds\"}", "\"timeout\":1500");
	const cJSON *item = person_item(w->person, "count", "held");
	int64_t end = now_ms() + 3500;
	while (now_ms() < end) {
		peer_pump(&c->peer, (int)(end - now_ms()));
	}
	CHECK(w, !node_look(c, "one"));
	person_approve(w->person, item);
	node_expect_text(c, "one", "counted");
	CHECK_INT(w, (int64_t)node_counted(w, "rounds"), 1);
}

/* Asked for progress, and made to reset its clock by it: a hold longer than the time-out. */
static void progress_keeps_a_client_waiting(struct world *w)
{
	const struct node_kind *kinds[] = { &v1, &v2_modern };
	world_config(
		w, "[broker]\nautostart = no\n[notify]\ndesktop = no\n[gate]\nprogress_ms = 200\n");
	world_broker(w);
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		char *arguments = xasprintf("{\"name\":\"told%zu\"}", i);
		struct client *c = node_open(
			w, kinds[i], &(struct launch){ .command = node_fixture(w) });
		node_call(c, "one", "count", arguments,
			"\"timeout\":600,\"progress\":true,\"reset\":true");
		const cJSON *item = person_item(w->person, "count", "held");
		for (int n = 0; n < 5; n++) {
			node_wait_progress(c, "one");
		}
		person_approve(w->person, item);
		node_expect_text(c, "one", "counted");
		client_end(c);
	}
}

/* A round that the server itself asks for goes through the gate like any other. */
static void elicitation_works_in_both_eras(struct world *w)
{
	const struct node_kind *kinds[] = { &v2, &v2_modern };
	world_broker(w);
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct client *c = node_open(
			w, kinds[i], &(struct launch){ .command = node_fixture(w) });
		node_call(c, "ask", "confirm", "{\"what\":\"travel\"}", "");
		person_approve(w->person, person_item(w->person, "confirm", "held"));
		if (kinds[i]->modern) {
			person_approve(w->person, person_item(w->person, "confirm", "held"));
		}
		node_expect_text(c, "ask", "confirmed travel");
		client_end(c);
	}
}

/* The probe of an "auto" client is a process of its own that says nothing else: no session of it is
 * seen. */
static void probes_leave_no_trace(struct world *w)
{
	world_broker(w);
	struct client *c = node_open(w, &v2_auto, &(struct launch){ .command = node_fixture(w) });
	client_end(c);
	history_wait(w, NULL, 0);
}

static struct buf inspect(
	struct world *w, int status, const char *const *options, const char *const *command)
{
	const char *argv[40] = { "node",
		world_path(w,
			"tests/node/node_modules/@modelcontextprotocol/inspector/clients/"
			"launcher/build/index.js"),
		"--cli" };
	size_t n = 3;
	struct buf out = { 0 };
	for (; *options; options++) {
		argv[n++] = *options;
	}
	argv[n++] = "--";
	for (; *command; command++) {
		argv[n++] = *command;
	}
	CHECK_INT(w, world_run(w, argv, NULL, &out), status);
	return out;
}

#define EVERYTHING "tests/node/node_modules/@modelcontextprotocol/server-everything/dist/index.js"
#define FILESYSTEM "tests/node/node_modules/@modelcontextprotocol/server-filesystem/dist/index.js"

static void inspector_lists_and_reads_files(struct world *w)
{
	const char *const server[] = { "node", world_path(w, FILESYSTEM), w->work, NULL };
	const char *const list[] = { "--method", "tools/list", NULL };
	char *path = world_file(w->work, "a.txt");
	char *tool_arg = xasprintf("path=%s", path);
	const char *const call[] = { "--method", "tools/call", "--tool-name", "read_text_file",
		"--tool-arg", tool_arg, NULL };
	struct launch launch = { .command = server, .front = true };
	world_put(path, "seen by the inspector");
	world_broker(w);
	client_trust(w, &launch);
	const char *const *command = client_command(w, &launch);
	struct buf out = inspect(w, 0, list, command);
	CHECK_HAS(w, buf_cstr(&out), "read_text_file");
	out = inspect(w, 0, call, command);
	CHECK_HAS(w, buf_cstr(&out), "seen by the inspector");
	CHECK_TEXT(w, pick_text(history_row(w, NULL, "done"), "verdict"), "allow");
}

/* A call that waits long enough to be answered: exit status 5 is the inspector's "the tool says it
 * failed". */
static void inspector_shows_the_refusal(struct world *w)
{
	const char *const server[] = { "node", world_path(w, EVERYTHING), "stdio", NULL };
	const char *const list[] = { "--method", "tools/list", NULL };
	const char *const call[] = { "--method", "tools/call", "--tool-name", "echo", "--tool-arg",
		"message=hi", NULL };
	struct launch launch = {
		.command = server, .gate = soon, .name = "everything", .profile = "", .front = true
	};
	world_broker(w);
	client_trust(w, &launch);
	const char *const *command = client_command(w, &launch);
	struct buf out = inspect(w, 0, list, command);
	CHECK_HAS(w, buf_cstr(&out), "\"echo\"");
	out = inspect(w, 5, call, command);
	CHECK_HAS(w, buf_cstr(&out), "still waiting");
}

/* server-everything behind the gate with a client that stays: the approved call comes back from the
 * real server. */
static void everything_answers_an_approved_call(struct world *w)
{
	const char *const server[] = { "node", world_path(w, EVERYTHING), "stdio", NULL };
	struct launch launch = { .command = server, .name = "everything", .profile = "" };
	world_broker(w);
	struct client *c = node_open(w, &v1, &launch);
	node_call(c, "e", "echo", "{\"message\":\"through the gate\"}", "");
	person_approve(w->person, person_item(w->person, "echo", "held"));
	node_expect_text(c, "e", "Echo: through the gate");
}

/* The sentence of the README: outside the scope it waits with its diff, approved the file changes,
 * denied not. */
static void filesystem_write_waits(struct world *w)
{
	const char *const server[] = { "node", world_path(w, FILESYSTEM), w->dir, NULL };
	char *path = world_file(w->outside, "a.txt");
	world_put(path, "before");
	world_broker(w);
	struct client *c = node_open(w, &v1, &(struct launch){ .command = server });
	node_call(c, "one", "write_file", args_write(path, "after"), "");
	const cJSON *item = person_item(w->person, "write_file", "held");
	CHECK_TEXT(w, pick_text(person_show(w->person, item), "files.0.text"), "before");
	CHECK(w, world_file_is(path, "before"));
	person_approve(w->person, item);
	node_expect_text(c, "one", "Successfully wrote");
	CHECK(w, world_file_is(path, "after"));
	node_call(c, "two", "write_file", args_write(path, "never"), "");
	person_deny(w->person, person_item(w->person, "write_file", "held"), "enough");
	CHECK_HAS(w, node_expect_refusal(c, "two"), "enough");
	CHECK(w, world_file_is(path, "after"));
}

static const struct e2e_case cases[] = {
	{ "main_job_v1", main_job_v1, NEEDS_NODE },
	{ "main_job_v2", main_job_v2, NEEDS_NODE },
	{ "main_job_v2_auto", main_job_v2_auto, NEEDS_NODE },
	{ "main_job_v2_modern", main_job_v2_modern, NEEDS_NODE },
	{ "legacy_clients_park", legacy_clients_park, NEEDS_NODE },
	{ "modern_clients_come_back_by_themselves", modern_clients_come_back_by_themselves,
		NEEDS_NODE },
	{ "progress_keeps_a_client_waiting", progress_keeps_a_client_waiting, NEEDS_NODE },
	{ "elicitation_works_in_both_eras", elicitation_works_in_both_eras, NEEDS_NODE },
	{ "probes_leave_no_trace", probes_leave_no_trace, NEEDS_NODE },
	{ "inspector_lists_and_reads_files", inspector_lists_and_reads_files, NEEDS_NODE },
	{ "inspector_shows_the_refusal", inspector_shows_the_refusal, NEEDS_NODE },
	{ "everything_answers_an_approved_call", everything_answers_an_approved_call, NEEDS_NODE },
	{ "filesystem_write_waits", filesystem_write_waits, NEEDS_NODE },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
