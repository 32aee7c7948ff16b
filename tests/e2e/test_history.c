/* One row for every gated call, written before anything moves; and what happens when it cannot be
 * written. */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/history.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <fcntl.h>
#include <sched.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static struct client *open_client(struct world *w)
{
	world_broker(w);
	return client_open(w, &(struct launch){ 0 });
}

static void allowed_call_has_its_row(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->work, "a.txt");
	world_put(path, "text");
	client_call(c, "1", "read_text_file", args_path(path));
	client_expect_text(c, "1", "text");
	const cJSON *row = history_row(w, NULL, "done");
	CHECK_TEXT(w, pick_text(row, "method"), "tools/call");
	CHECK_TEXT(w, pick_text(row, "tool"), "read_text_file");
	CHECK_TEXT(w, pick_text(row, "verdict"), "allow");
	CHECK(w, *pick_text(row, "rule"));
	CHECK_TEXT(w, pick_text(row, "outcome"), "result");
	CHECK_TEXT(w, pick_text(row, "server"), "files");
	CHECK_TEXT(w, pick_text(row, "client"), "e2e");
	CHECK_TEXT(w, pick_text(row, "cwd"), w->work);
	CHECK_TEXT(w, pick_text(row, "branch"), "main");
	CHECK(w, pick_int(row, "arrived_us") > 1700000000000000);
	CHECK(w, pick_int(row, "finished_us") >= pick_int(row, "arrived_us"));
	CHECK(w, !*pick_text(row, "decision"));
}

/* What a console gets to page through: the newest first asked for, then what is older. */
static void a_console_pages_through_it(struct world *w)
{
	struct client *c = open_client(w);
	for (int i = 1; i <= 3; i++) {
		char *name = xasprintf("%d.txt", i), *id = xasprintf("%d", i);
		char *path = world_file(w->work, name);
		world_put(path, "text");
		client_call(c, id, "read_text_file", args_path(path));
		client_expect_text(c, id, "text");
	}
	history_row(w, "3.txt", "done");
	const cJSON *page = person_ask(w->person, "history", "{\"limit\":2}");
	CHECK_INT(w, cJSON_GetArraySize(pick(page, "result.calls")), 2);
	CHECK(w, strstr(pick_text(page, "result.calls.1.target"), "3.txt"));
	CHECK_TEXT(w, pick_text(page, "result.calls.1.state"), "done");
	page = person_ask(w->person, "history", "{\"limit\":2,\"before\":2}");
	CHECK_INT(w, cJSON_GetArraySize(pick(page, "result.calls")), 1);
	CHECK_INT(w, pick_int(page, "result.calls.0.number"), 1);
	page = person_ask(w->person, "history", "{\"text\":\"2.TXT\"}");
	CHECK_INT(w, cJSON_GetArraySize(pick(page, "result.calls")), 1);
	/* as the console asks for the calls around one, and for those of the same file */
	char *params = xasprintf(
		"{\"text\":\"session:%lld\"}", (long long)pick_int(page, "result.calls.0.session"));
	page = person_ask(w->person, "history", params);
	CHECK_INT(w, cJSON_GetArraySize(pick(page, "result.calls")), 3);
	page = person_ask(w->person, "history", "{\"text\":\"session:999\"}");
	CHECK_INT(w, cJSON_GetArraySize(pick(page, "result.calls")), 0);
	page = person_ask(w->person, "history", "{\"text\":\"path:\\\"/2.txt\\\"\"}");
	CHECK_INT(w, cJSON_GetArraySize(pick(page, "result.calls")), 1);
	page = person_ask(w->person, "history", "{\"text\":\"path:\\\"*/2?txt\\\"\"}");
	CHECK_INT(w, cJSON_GetArraySize(pick(page, "result.calls")), 1);
	page = person_ask(w->person, "event", "{\"number\":2}");
	CHECK_INT(w, pick_int(page, "result.number"), 2);
	CHECK_TEXT(w, pick_text(page, "result.effects.0.kind"), "read");
	page = person_ask(w->person, "event", "{\"number\":99}");
	CHECK_INT(w, cJSON_GetArraySize(pick(page, "result.effects")), 0);
}

/* What was decided of calls much like the one that waits. */
static void alike_calls_are_remembered(struct world *w)
{
	static const char *const names[] = { "a.txt", "b.txt", "c.txt" };
	struct client *c = open_client(w);
	const cJSON *item = NULL;
	for (int i = 0; i < 3; i++) {
		char *id = xasprintf("%d", i + 1);
		client_call(c, id, "create_directory", args_path(world_file(w->outside, names[i])));
		item = person_item(w->person, "create_directory", "held");
		if (i == 0) {
			person_approve(w->person, item);
			client_expect_text(c, id, "");
			person_gone(w->person, item);
		} else if (i == 1) {
			person_deny(w->person, item, "no");
			client_expect_refusal(c, id);
			person_gone(w->person, item);
		}
	}
	char *params = xasprintf("{\"call\":\"%s\"}", pick_text(item, "call"));
	const cJSON *like = person_ask(w->person, "like", params);
	int64_t end = now_ms() + WORLD_BOUND_MS;
	while (pick_int(like, "result.number") != 2 && now_ms() < end) { /* effects come later */
		like = person_ask(w->person, "like", params);
	}
	CHECK_INT(w, pick_int(like, "result.number"), 2);
	CHECK_TEXT(w, pick_text(like, "result.decision"), "denied");
	CHECK_TEXT(w, pick_text(like, "result.except"), "path");
	CHECK_INT(w, pick_int(like, "result.approved"), 1);
	CHECK_INT(w, pick_int(like, "result.denied"), 1);
	client_call(c, "9", "write_file", args_write("/outside/x", "y"));
	item = person_item(w->person, "write_file", "held");
	params = xasprintf("{\"call\":\"%s\"}", pick_text(item, "call"));
	like = person_ask(w->person, "like", params);
	CHECK(w, pick(like, "result") && !pick(like, "result.number"));
}

static void approved_call_has_its_row(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->outside, "a.txt");
	client_call(c, "1", "write_file", args_write(path, "x"));
	person_approve(w->person, person_item(w->person, "write_file", "held"));
	client_expect_text(c, "1", "written");
	const cJSON *row = history_row(w, "write_file", "done");
	CHECK_TEXT(w, pick_text(row, "verdict"), "hold");
	CHECK_TEXT(w, pick_text(row, "decision"), "approved");
	CHECK(w, *pick_text(row, "decider"));
	CHECK_TEXT(w, pick_text(row, "outcome"), "result");
	CHECK(w, pick_int(row, "decided_us") >= pick_int(row, "arrived_us"));
	CHECK(w, pick_int(row, "finished_us") >= pick_int(row, "decided_us"));
}

static void denied_and_withdrawn_calls_have_theirs(struct world *w)
{
	struct client *c = open_client(w);
	client_call(c, "1", "write_file", args_write("/outside/a", "x"));
	person_deny(w->person, person_item(w->person, "write_file", "held"), "not there");
	client_expect_refusal(c, "1");
	const cJSON *row = history_row(w, "write_file", "denied");
	CHECK_TEXT(w, pick_text(row, "decision"), "denied");
	CHECK_TEXT(w, pick_text(row, "decision_reason"), "not there");
	client_call(c, "2", "create_directory", args_path("/outside/b"));
	person_item(w->person, "create_directory", "held");
	client_cancel(c, "2");
	row = history_row(w, "create_directory", "withdrawn");
	CHECK(w, !*pick_text(row, "decision"));
}

static const struct outcome {
	const char *tool, *arguments, *outcome;
} outcomes[] = {
	{ "echo", "{\"a\":1}", "result" },
	{ "write_file", "{\"path\":\"/nonexistent/dir/x\",\"content\":\"y\"}", "tool_error" },
	{ "say",
		"{\"line\":\"{\\\"error\\\":{\\\"code\\\":-1,\\\"message\\\":\\\"m\\\"},"
		"\\\"jsonrpc\\\":\\\"2.0\\\",\\\"id\\\":$ID}\"}",
		"error" },
	{ "exit", "{\"code\":0}", "server_gone" },
};

static void outcomes_are_told_apart(struct world *w)
{
	struct client *c = open_client(w);
	for (size_t i = 0; i < COUNT_OF(outcomes); i++) {
		const struct outcome *o = &outcomes[i];
		client_call(c, "1", o->tool, o->arguments);
		person_approve(w->person, person_item(w->person, o->tool, "held"));
		peer_reply(&c->peer, "1");
		CHECK_TEXT(w, pick_text(history_row(w, o->tool, "done"), "outcome"), o->outcome);
	}
}

/* A client that gives up on a running call. */
static void given_up_is_an_outcome(struct world *w)
{
	struct client *c = open_client(w);
	client_call(c, "1", "hang", "{}");
	person_approve(w->person, person_item(w->person, "hang", "held"));
	while (!world_seen(w, "\"hang\"")) {
		client_ping(c, "2");
	}
	client_cancel(c, "1");
	CHECK_TEXT(w, pick_text(history_row(w, "hang", "done"), "outcome"), "cancelled");
}

/* Arguments are not in the rows: only their keyed hash is. */
static void ungated_traffic_is_not_stored(struct world *w)
{
	struct client *c = open_client(w);
	for (int i = 0; i < 20; i++) {
		client_ping(c, "1");
	}
	client_call(c, "2", "list_allowed_directories", "{}");
	peer_reply(&c->peer, "2");
	history_wait(w, NULL, 1);
}

/* As the reason, or, if it had another one before, as what a person should know first. */
static bool names_history(const cJSON *item)
{
	return strstr(pick_text(item, "said"), "history cannot be written") ||
		strstr(pick_text(item, "reason"), "history cannot be written");
}

static char *database(struct world *w)
{
	return world_file(w->root, "state/log.db");
}

/* Somebody else keeps the write lock: what comes meanwhile is held with that reason, and nothing
 * runs unrecorded. */
static void locked_history_holds(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->work, "a.txt");
	sqlite3 *db;
	world_put(path, "text");
	CHECK_INT(w, sqlite3_open(database(w), &db), SQLITE_OK);
	sqlite3_busy_timeout(db, WORLD_BOUND_MS); /* the broker may be writing just now */
	CHECK_INT(w, sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	client_call(c, "1", "read_text_file", args_path(path));
	const cJSON *item = person_item(w->person, "read_text_file", "held");
	CHECK(w, names_history(item));
	client_ping(c, "2");
	CHECK(w, !world_seen(w, "a.txt"));
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	sqlite3_close(db);
	while (!cJSON_IsNull(pick(peer_method(&w->person->peer, "trouble")->json, "params.text"))) {
	}
	person_approve(w->person, item);
	client_expect_text(c, "1", "text");
	CHECK_INT(w, cJSON_GetArraySize(history_wait(w, "read_text_file", 1)), 1);
}

/* Approving while nothing can be recorded releases nothing. */
static void approval_waits_for_the_history(struct world *w)
{
	struct client *c = open_client(w);
	sqlite3 *db;
	client_call(c, "1", "write_file", args_write(world_file(w->outside, "a.txt"), "x"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	int64_t revision = pick_int(person_show(w->person, item), "revision");
	CHECK_INT(w, sqlite3_open(database(w), &db), SQLITE_OK);
	CHECK_INT(w, sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	person_decide(w->person, pick_text(item, "call"), revision, "approve", NULL);
	client_ping(c, "2");
	CHECK(w, !world_seen(w, "write_file"));
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	sqlite3_close(db);
}

static void fill_disk(struct world *w, const char *path)
{
	static char block[4096];
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CHECK(w, fd >= 0);
	while (write(fd, block, sizeof block) > 0) {
	}
	while (write(fd, block, 1) > 0) {
	}
	close(fd);
}

/* The state directory is a small file system of its own, in a name space that ends with the case.
 */
static void full_disk_holds(struct world *w)
{
	char *state = world_file(w->root, "state"), *filler = world_file(state, "filler");
	char *path = world_file(w->work, "a.txt");
	CHECK(w, unshare(CLONE_NEWNS) == 0);
	CHECK(w, mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	CHECK(w, mkdir(state, 0700) == 0);
	CHECK(w, mount("tmpfs", state, "tmpfs", 0, "size=1m,mode=0700") == 0);
	world_put(path, "text");
	struct client *c = open_client(w);
	fill_disk(w, filler);
	client_call(c, "1", "read_text_file", args_path(path));
	const cJSON *item = person_item(w->person, "read_text_file", "held");
	CHECK(w, names_history(item));
	client_ping(c, "2");
	CHECK(w, !world_seen(w, "a.txt"));
	CHECK(w, unlink(filler) == 0);
	while (!cJSON_IsNull(pick(peer_method(&w->person->peer, "trouble")->json, "params.text"))) {
	}
	person_approve(w->person, item);
	client_expect_text(c, "1", "text");
	history_wait(w, "read_text_file", 1);
}

static const struct e2e_case cases[] = {
	{ "allowed_call_has_its_row", allowed_call_has_its_row, 0 },
	{ "a_console_pages_through_it", a_console_pages_through_it, 0 },
	{ "alike_calls_are_remembered", alike_calls_are_remembered, 0 },
	{ "approved_call_has_its_row", approved_call_has_its_row, 0 },
	{ "denied_and_withdrawn_calls_have_theirs", denied_and_withdrawn_calls_have_theirs, 0 },
	{ "outcomes_are_told_apart", outcomes_are_told_apart, 0 },
	{ "given_up_is_an_outcome", given_up_is_an_outcome, 0 },
	{ "ungated_traffic_is_not_stored", ungated_traffic_is_not_stored, 0 },
	{ "locked_history_holds", locked_history_holds, 0 },
	{ "approval_waits_for_the_history", approval_waits_for_the_history, 0 },
	{ "full_disk_holds", full_disk_holds, NEEDS_ROOT },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
