/*
 * The main job: a call comes from a client, passes by policy or waits, is decided, and runs or does
 * not. What ran is read from the files and from the server's own log.
 */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/history.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"

#include <string.h>

static struct client *open_client(struct world *w)
{
	world_broker(w);
	return client_open(w, &(struct launch){ 0 });
}

static void read_in_scope_passes(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->work, "notes.txt");
	world_put(path, "remember the milk");
	client_call(c, "1", "read_text_file", args_path(path));
	client_expect_text(c, "1", "remember the milk");
	CHECK_INT(w, (int64_t)person_waiting(w->person), 0);
}

static void read_outside_waits(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->outside, "secret.txt");
	world_put(path, "not for agents");
	client_call(c, "1", "read_text_file", args_path(path));
	const cJSON *item = person_item(w->person, "read_text_file", "held");
	client_ping(c, "2");
	CHECK(w, !world_seen(w, "secret.txt"));
	CHECK_TEXT(w, person_deny(w->person, item, "private"), "denied");
	CHECK_HAS(w, client_expect_refusal(c, "1"), "private");
	CHECK(w, !world_seen(w, "secret.txt"));
}

/* A link inside the scope that leads out of it is judged by where it leads. */
static void link_out_of_scope_waits(struct world *w)
{
	struct client *c = open_client(w);
	char *target = world_file(w->outside, "target.txt");
	char *link = world_file(w->work, "link.txt");
	world_put(target, "outside");
	const char *const ln[] = { "ln", "-s", target, link, NULL };
	CHECK_INT(w, world_run(w, ln, NULL, NULL), 0);
	client_call(c, "1", "read_text_file", args_path(link));
	const cJSON *item = person_item(w->person, "read_text_file", "held");
	CHECK(w, !world_seen(w, "link.txt"));
	CHECK_HAS(w, pick_text(item, "effects.0.path"), "outside/target.txt");
}

static void write_waits_and_runs_once_approved(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->outside, "a.txt");
	client_call(c, "1", "write_file", args_write(path, "new text"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	CHECK_TEXT(w, pick_text(item, "method"), "tools/call");
	CHECK_TEXT(w, pick_text(item, "server"), "files");
	CHECK_TEXT(w, pick_text(item, "client.name"), "e2e");
	CHECK_TEXT(w, pick_text(item, "effects.0.kind"), "write");
	CHECK_TEXT(w, pick_text(item, "effects.0.given"), path);
	CHECK_TEXT(w, pick_text(item, "effects.0.state"), "absent");
	CHECK_TEXT(w, pick_text(item, "branch"), "main");
	CHECK(w, world_file_is(path, ""));
	CHECK(w, !world_seen(w, "a.txt"));
	person_approve(w->person, item);
	client_expect_text(c, "1", "written");
	CHECK(w, world_file_is(path, "new text"));
	CHECK_INT(w, (int64_t)world_seen_times(w, "a.txt"), 1);
	person_gone(w->person, item);
	history_row(w, "write_file", "done");
}

static void denied_write_does_not_run(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->work, "b.txt");
	world_put(path, "old");
	client_call(c, "\"x\"", "write_file", args_write(path, "new"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	person_deny(w->person, item, "use the other file");
	const char *words = client_expect_refusal(c, "\"x\"");
	CHECK_HAS(w, words, "NOT executed");
	CHECK_HAS(w, words, "use the other file");
	client_ping(c, "2");
	CHECK(w, world_file_is(path, "old"));
	CHECK(w, !world_seen(w, "b.txt"));
	CHECK_TEXT(w, person_gone(w->person, item), "denied");
}

/* What is shown is what the gate reads now: the arguments byte for byte and the content on disk. */
static void person_sees_arguments_and_file(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->work, "c.txt");
	world_put(path, "on disk");
	client_call(c, "1", "write_file", args_write(path, "proposed"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	const cJSON *shown = person_show(w->person, item);
	CHECK_INT(w, pick_int(shown, "revision"), pick_int(item, "revision"));
	CHECK_TEXT(w, pick_text(shown, "params.arguments.content"), "proposed");
	CHECK_TEXT(w, pick_text(shown, "files.0.state"), "file");
	CHECK_TEXT(w, pick_text(shown, "files.0.text"), "on disk");
	CHECK_TEXT(w, pick_text(shown, "files.0.path"), path);
}

/* Facts are gathered again at release: what changed since the approval goes back to the queue. */
static void changed_file_comes_back(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->work, "d.txt");
	char *elsewhere = world_file(w->outside, "d.txt");
	world_put(path, "before");
	world_put(elsewhere, "elsewhere");
	client_call(c, "1", "write_file", args_write(path, "after"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	int64_t revision = pick_int(person_show(w->person, item), "revision");
	const char *const ln[] = { "ln", "-sf", elsewhere, path, NULL };
	CHECK_INT(w, world_run(w, ln, NULL, NULL), 0);
	person_decide(w->person, pick_text(item, "call"), revision, "approve", NULL);
	const cJSON *again = person_item(w->person, "write_file", "held");
	while (pick_int(again, "revision") == pick_int(item, "revision")) {
		CHECK(w, peer_pump(&w->person->peer, WORLD_BOUND_MS));
		again = person_item(w->person, "write_file", "held");
	}
	CHECK(w, *pick_text(again, "said"));
	CHECK(w, world_file_is(elsewhere, "elsewhere"));
	CHECK(w, !world_seen(w, "d.txt"));
	person_deny(w->person, again, NULL);
	client_expect_refusal(c, "1");
}

/* Deciding on what was not shown, or twice, is refused. */
static void decisions_bind_to_the_revision(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->outside, "e.txt");
	client_call(c, "1", "write_file", args_write(path, "x"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	const char *call = pick_text(item, "call");
	int64_t revision = pick_int(item, "revision");
	CHECK_INT(w,
		pick_int(person_decide(w->person, call, revision + 1, "approve", NULL),
			"error.code"),
		4006);
	CHECK_INT(w,
		pick_int(person_decide(w->person, "nonesuch-1", 1, "approve", NULL), "error.code"),
		4007);
	client_ping(c, "2");
	CHECK(w, !world_seen(w, "e.txt"));
	person_deny(w->person, item, "no");
	client_expect_refusal(c, "1");
	CHECK_INT(w,
		pick_int(person_decide(w->person, call, revision, "approve", NULL), "error.code"),
		4007);
	client_ping(c, "3");
	CHECK(w, !world_seen(w, "e.txt"));
}

/* A client that asked for a task gets a protocol error: a result would break it. */
static void denied_task_is_an_error(struct world *w)
{
	struct client *c = open_client(w);
	peer_send(&c->peer,
		"{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/"
		"call\",\"params\":{\"name\":\"write_file\","
		"\"arguments\":{\"path\":\"/x\",\"content\":\"y\"},\"task\":{\"ttl\":60000}}}");
	person_deny(w->person, person_item(w->person, "write_file", "held"), "not as a task");
	const struct line *line = client_expect_error(c, "5", 4030);
	CHECK_HAS(w, pick_text(line->json, "error.message"), "not as a task");
}

static const char *const gated[] = { "x/custom", "resources/read", "tasks/update" };

static void other_gated_methods_wait(struct world *w)
{
	struct client *c = open_client(w);
	for (size_t i = 0; i < COUNT_OF(gated); i++) {
		char *id = xasprintf("%zu", 100 + i);
		peer_send(&c->peer,
			"{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"%s\",\"params\":{\"uri\":\"x:%"
			"s\"}}",
			id, gated[i], id);
		const cJSON *item = person_item(w->person, "", "held");
		CHECK_TEXT(w, pick_text(item, "method"), gated[i]);
		CHECK(w, !world_seen(w, gated[i]));
		person_deny(w->person, item, "no");
		client_expect_error(c, id, 4030);
		person_gone(w->person, item);
		peer_send(&c->peer,
			"{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"%s\",\"params\":{\"uri\":\"y:%"
			"s\"}}",
			id, gated[i], id);
		person_approve(w->person, person_item(w->person, "", "held"));
		client_expect_error(c, id, -32601); /* the stub's own */
		CHECK_INT(w, (int64_t)world_seen_times(w, gated[i]), 1);
	}
}

static void unknown_notifications_are_kept_back(struct world *w)
{
	struct client *c = open_client(w);
	peer_send(&c->peer, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\",\"params\":{}}");
	peer_send(&c->peer,
		"{\"jsonrpc\":\"2.0\",\"method\":\"tools/"
		"call\",\"params\":{\"name\":\"write_file\","
		"\"arguments\":{\"path\":\"/x\"}}}");
	peer_send(
		&c->peer, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}");
	client_ping(c, "1");
	CHECK(w, !world_seen(w, "notifications/x"));
	CHECK(w, !world_seen(w, "tools/call"));
	CHECK(w, world_seen(w, "roots/list_changed"));
}

static const struct e2e_case cases[] = {
	{ "read_in_scope_passes", read_in_scope_passes, 0 },
	{ "read_outside_waits", read_outside_waits, 0 },
	{ "link_out_of_scope_waits", link_out_of_scope_waits, 0 },
	{ "write_waits_and_runs_once_approved", write_waits_and_runs_once_approved, 0 },
	{ "denied_write_does_not_run", denied_write_does_not_run, 0 },
	{ "person_sees_arguments_and_file", person_sees_arguments_and_file, 0 },
	{ "changed_file_comes_back", changed_file_comes_back, 0 },
	{ "decisions_bind_to_the_revision", decisions_bind_to_the_revision, 0 },
	{ "denied_task_is_an_error", denied_task_is_an_error, 0 },
	{ "other_gated_methods_wait", other_gated_methods_wait, 0 },
	{ "unknown_notifications_are_kept_back", unknown_notifications_are_kept_back, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
