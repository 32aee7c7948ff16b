/*
 * A gate of the test's own in front of the real broker: connections that break and come back, calls
 * that change under their id, words about the calls of others, answers that nobody asked for.
 */
#include "config.h"

#include "core/effects/extract.h"
#include "core/effects/effect.h"
#include "core/jsonw.h"
#include "tests/e2e/client.h"
#include "tests/e2e/history.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define INSTANCE "0123456789abcdef"
#define SERVER \
	"{\"name\":\"files\",\"profile\":\"filesystem\",\"program\":\"/bin/true\",\"cwd\":\"/\"," \
	"\"argv\":[\"true\"],\"scope\":[],\"here\":\"\"}"

struct gate {
	struct world *w;
	struct peer peer;
	unsigned seq;
};

static void hello(struct gate *g, struct world *w, const char *instance)
{
	int fd = world_knock(w, "calls.sock");
	*g = (struct gate){ .w = w };
	peer_open(&g->peer, w, "gate", fd, fd);
	peer_send(&g->peer,
		"{\"jsonrpc\":\"2.0\",\"id\":\"hello\",\"method\":\"hello\",\"params\":{"
		"\"protocol\":\"1.0\","
		"\"role\":\"gate\",\"version\":\"1\",\"instance\":\"%s\",\"server\":%s}}",
		instance, SERVER);
}

static void connect_gate(struct gate *g, struct world *w)
{
	hello(g, w, INSTANCE);
	CHECK(w, pick(peer_reply(&g->peer, "\"hello\"")->json, "result") != NULL);
}

static void begin(struct gate *g, struct world *w)
{
	world_broker(w);
	CHECK(w, pick(person_ask(w->person, "trust", "{\"server\":" SERVER "}"), "result") != NULL);
	connect_gate(g, w);
}

/* The effects as the broker reads them, nothing known of the file. */
static char *effects_json(const char *path)
{
	struct buf out = { 0 };
	struct effects effects = { 0 };
	char *arguments = args_write(path, "x");
	struct profiles *profiles = profiles_create();
	effects_extract(&effects,
		&(struct extract){ .profiles = profiles,
			.profile = SPAN("filesystem"),
			.method = SPAN("tools/call"),
			.tool = SPAN("write_file"),
			.arguments = span_of(arguments),
			.server = "files",
			.cwd = "/" });
	profiles_destroy(profiles);
	struct jsonw j = jw_start(&out);
	effects_write(&effects, &j);
	effects_finish(&effects);
	free(arguments);
	return buf_cstr(&out);
}

static void submit(
	struct gate *g, const char *call, const char *path, const char *content, const char *more)
{
	char *effects = effects_json(path), *arguments = args_write(path, content);
	peer_send(&g->peer,
		"{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"method\":\"submit\",\"params\":{\"call\":"
		"\"" INSTANCE "-%s\","
		"\"method\":\"tools/"
		"call\",\"tool\":\"write_file\",\"toward\":\"server\",\"era\":\"legacy\","
		"\"pin\":null,\"effects\":%s,\"branch\":null%s%s,"
		"\"params\":{\"name\":\"write_file\",\"arguments\":%s}}}",
		call, call, effects, strstr(more, "\"deadline\"") ? "" : ",\"deadline\":null", more,
		arguments);
	free(arguments);
	free(effects);
}

static const cJSON *answer(struct gate *g, const char *call)
{
	char *id = xasprintf("\"%s\"", call);
	const cJSON *json = peer_reply(&g->peer, id)->json;
	free(id);
	return json;
}

static const char *verdict(struct gate *g, const char *call)
{
	return pick_text(answer(g, call), "result.verdict");
}

static void note(struct gate *g, const char *method, const char *call, const char *more)
{
	peer_send(&g->peer,
		"{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":{\"seq\":%u,\"call\":\"" INSTANCE
		"-%s\"%s}}",
		method, ++g->seq, call, more);
}

static void say_ready(struct gate *g, const char *call, const char *path)
{
	char *effects = effects_json(path),
	     *more = xasprintf(",\"effects\":%s,\"branch\":null", effects);
	note(g, "ready", call, more);
	free(more);
	free(effects);
}

/* Answers previews while the person looks and decides. */
static void approve(struct gate *g, const cJSON *item)
{
	const cJSON *said = person_decide(
		g->w->person, pick_text(item, "call"), pick_int(item, "revision"), "approve", NULL);
	CHECK(g->w, pick(said, "result") != NULL);
}

static const cJSON *held(struct gate *g)
{
	return person_item(g->w->person, "write_file", "held");
}

/* The yes is to the bytes that were shown; after a crash other bytes come under the same id. */
static void a_decision_is_for_its_bytes(struct world *w)
{
	struct gate g;
	begin(&g, w);
	submit(&g, "1", "/a", "shown", "");
	CHECK_TEXT(w, verdict(&g, "1"), "hold");
	approve(&g, held(&g));
	peer_method(&g.peer, "check");
	world_broker_kill(w);
	peer_close(&g.peer);
	world_broker(w);
	connect_gate(&g, w);
	submit(&g, "1", "/a", "other", ",\"again\":true");
	CHECK_INT(w, pick_int(answer(&g, "1"), "error.code"), 4003);
	submit(&g, "1", "/a", "shown", ",\"again\":true");
	CHECK_TEXT(w, verdict(&g, "1"), "hold");
	peer_method(&g.peer, "check");
	CHECK_INT(w, (int64_t)peer_count(&g.peer, match_method, "check"), 1);
	/* The same while the item is there. */
	peer_close(&g.peer);
	connect_gate(&g, w);
	submit(&g, "1", "/a", "other", ",\"again\":true");
	CHECK_INT(w, pick_int(answer(&g, "1"), "error.code"), 4003);
	peer_close(&g.peer);
}

/* The agent has its answer, the person's yes waits for the next call, and the connection breaks. */
static void a_grant_survives_a_broken_connection(struct world *w)
{
	struct gate g;
	begin(&g, w);
	submit(&g, "1", "/a", "x", "");
	CHECK_TEXT(w, verdict(&g, "1"), "hold");
	note(&g, "parked", "1", "");
	approve(&g, person_item(w->person, "write_file", "parked"));
	person_item(w->person, "write_file", "armed");
	peer_close(&g.peer);
	connect_gate(&g, w);
	submit(&g, "1", "/a", "x", ",\"again\":true,\"parked\":true");
	CHECK_TEXT(w, verdict(&g, "1"), "hold");
	submit(&g, "2", "/a", "x", "");
	CHECK_TEXT(w, verdict(&g, "2"), "allow");
	submit(&g, "3", "/a", "x", "");
	CHECK_TEXT(w, verdict(&g, "3"), "hold");
	peer_close(&g.peer);
}

/* One yes, one run: what a later call has used up is not there again after a crash. */
static void a_used_grant_stays_used(struct world *w)
{
	struct gate g;
	begin(&g, w);
	submit(&g, "1", "/a", "x", "");
	CHECK_TEXT(w, verdict(&g, "1"), "hold");
	note(&g, "parked", "1", "");
	approve(&g, person_item(w->person, "write_file", "parked"));
	person_item(w->person, "write_file", "armed");
	submit(&g, "2", "/a", "x", "");
	CHECK_TEXT(w, verdict(&g, "2"), "allow");
	world_broker_kill(w);
	peer_close(&g.peer);
	world_broker(w);
	connect_gate(&g, w);
	note(&g, "forwarded", "2", "");
	submit(&g, "1", "/a", "x", ",\"again\":true,\"parked\":true");
	CHECK_TEXT(w, verdict(&g, "1"), "deny");
	submit(&g, "3", "/a", "x", "");
	CHECK_TEXT(w, verdict(&g, "3"), "hold");
	note(&g, "done", "2", ",\"outcome\":\"result\",\"size\":1,\"took_us\":1");
	history_wait(w, "write_file", 2);
	peer_close(&g.peer);
}

/* `go` was said into a connection that was gone. */
static void a_call_that_never_heard_go_goes_on(struct world *w)
{
	struct gate g;
	begin(&g, w);
	submit(&g, "1", "/a", "x", "");
	CHECK_TEXT(w, verdict(&g, "1"), "hold");
	approve(&g, held(&g));
	peer_method(&g.peer, "check");
	say_ready(&g, "1", "/a");
	peer_method(&g.peer, "go");
	peer_close(&g.peer);
	connect_gate(&g, w);
	submit(&g, "1", "/a", "x", ",\"again\":true");
	CHECK_TEXT(w, verdict(&g, "1"), "hold");
	peer_method(&g.peer, "check");
	say_ready(&g, "1", "/a");
	peer_method(&g.peer, "go");
	note(&g, "forwarded", "1", "");
	note(&g, "done", "1", ",\"outcome\":\"result\",\"size\":1,\"took_us\":1");
	history_row(w, "write_file", "done");
	peer_close(&g.peer);
}

/* A full disk at each moment of a call; SIGXFSZ is ignored, so that writing fails. */
static void a_yes_is_acknowledged_when_it_is_kept(struct world *w)
{
	struct gate g;
	signal(SIGXFSZ, SIG_IGN);
	begin(&g, w);
	submit(&g, "1", "/a", "x", "");
	CHECK_TEXT(w, verdict(&g, "1"), "hold");
	const cJSON *item = held(&g);
	world_fill_disk(w, true);
	const cJSON *said = person_decide(
		w->person, pick_text(item, "call"), pick_int(item, "revision"), "approve", NULL);
	CHECK_INT(w, pick_int(said, "error.code"), 4008);
	world_fill_disk(w, false);
	submit(&g, "2", "/b", "x", "");
	answer(&g, "2");
	CHECK_INT(w, (int64_t)peer_count(&g.peer, match_method, "check"), 0);
	peer_close(&g.peer);
}

static void wait_for_disk(struct gate *g)
{
	world_fill_disk(g->w, false);
	while (pick_text(peer_method(&g->w->person->peer, "trouble")->json, "params.text")[0]) {
	}
}

/* The facts are as approved, but the release cannot be recorded: the person is asked again. */
static void a_release_that_is_not_kept_asks_again(struct world *w)
{
	struct gate g;
	signal(SIGXFSZ, SIG_IGN);
	begin(&g, w);
	submit(&g, "1", "/a", "x", "");
	CHECK_TEXT(w, verdict(&g, "1"), "hold");
	approve(&g, held(&g));
	peer_method(&g.peer, "check");
	world_fill_disk(w, true);
	say_ready(&g, "1", "/a");
	peer_method(&g.peer, "back");
	CHECK_INT(w, (int64_t)peer_count(&g.peer, match_method, "go"), 0);
	CHECK_HAS(w, pick_text(held(&g), "said"), "history cannot be written");
	wait_for_disk(&g);
	approve(&g, held(&g));
	peer_method(&g.peer, "check");
	say_ready(&g, "1", "/a");
	peer_method(&g.peer, "go");
	peer_close(&g.peer);
}

/* The retry that a grant would serve comes when nothing can be recorded: it does not pass. */
static void a_grant_is_not_used_unrecorded(struct world *w)
{
	struct gate g;
	signal(SIGXFSZ, SIG_IGN);
	begin(&g, w);
	submit(&g, "1", "/a", "x", "");
	CHECK_TEXT(w, verdict(&g, "1"), "hold");
	note(&g, "parked", "1", "");
	approve(&g, person_item(w->person, "write_file", "parked"));
	person_item(w->person, "write_file", "armed");
	world_fill_disk(w, true);
	submit(&g, "2", "/a", "x", "");
	CHECK_INT(w, pick_int(answer(&g, "2"), "error.code"), 4008);
	submit(&g, "2", "/a", "x", ",\"again\":true");
	CHECK(w, strcmp(verdict(&g, "2"), "allow") != 0);
	peer_close(&g.peer);
}

/* Whoever knows another gate's ids can neither end its calls nor take its place. */
static void gates_speak_of_their_own_calls(struct world *w)
{
	static const char *const words[] = { "withdrawn", "parked", "done", "forwarded" };
	struct gate g, thief;
	begin(&g, w);
	submit(&g, "1", "/a", "x", "");
	CHECK_TEXT(w, verdict(&g, "1"), "hold");
	hello(&thief, w, "fedcba9876543210");
	peer_reply(&thief.peer, "\"hello\"");
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		note(&thief, words[i], "1", "");
	}
	peer_method(&thief.peer, "kept"); /* it has read them */
	CHECK_INT(w, (int64_t)person_waiting(w->person), 1);
	CHECK_TEXT(w, pick_text(held(&g), "state"), "held");
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		struct gate other;
		hello(&other, w, INSTANCE);
		bool refused = pick(peer_reply(&other.peer, "\"hello\"")->json, "error") != NULL;
		_exit(refused ? 0 : 1);
	}
	int status = 0;
	CHECK(w, waitpid(pid, &status, 0) == pid);
	CHECK_INT(w, status, 0);
	approve(&g, held(&g));
	peer_method(&g.peer, "check");
	peer_close(&thief.peer);
	peer_close(&g.peer);
}

/* What a person sees is what the gate answers under the protocol's names, and what the broker says
 * of it is the broker's own. */
static void a_preview_adds_nothing(struct world *w)
{
	static const char *const results[] = { "[1,2]", "\"\\\"revision\\\":9\"", "7", "{}",
		"{\"revision\":99,\"cut\":false,\"params\":{\"a\":1},\"files\":[]}" };
	struct gate g;
	begin(&g, w);
	submit(&g, "1", "/a", "x", "");
	CHECK_TEXT(w, verdict(&g, "1"), "hold");
	const cJSON *item = held(&g);
	for (size_t i = 0; i < COUNT_OF(results); i++) {
		peer_send(&w->person->peer,
			"{\"jsonrpc\":\"2.0\",\"id\":\"p%zu\",\"method\":\"show\",\"params\":{"
			"\"call\":\"%s\"}}",
			i, pick_text(item, "call"));
		const struct line *ask = peer_method(&g.peer, "preview");
		char *rpc = pick_copy(ask->json, "id"), *mine = xasprintf("\"p%zu\"", i);
		/* Another gate answers first: that counts for nothing. */
		struct gate thief;
		hello(&thief, w, "fedcba9876543210");
		peer_reply(&thief.peer, "\"hello\"");
		peer_send(&thief.peer, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"cut\":true}}",
			rpc);
		note(&thief, "parked", "1", "");
		peer_method(&thief.peer, "kept");
		peer_close(&thief.peer);
		peer_send(
			&g.peer, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}", rpc, results[i]);
		const struct line *shown = peer_reply(&w->person->peer, mine);
		CHECK(w, shown->json != NULL);
		CHECK_INT(w, pick_int(shown->json, "result.revision"), pick_int(item, "revision"));
		CHECK_LACKS(w, shown->text, "99");
		free(rpc);
		free(mine);
	}
	peer_close(&g.peer);
}

/* The client gives up soon: the denial does not wait. */
static void a_denial_near_the_deadline_is_told_at_once(struct world *w)
{
	struct gate g;
	static const struct {
		int64_t left_ms;
		const char *state;
	} rows[] = { { 11000, "denied" }, { 60000, "held" } };
	begin(&g, w);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *call = xasprintf("%zu", i + 1);
		char *more = xasprintf(",\"deadline\":%lld",
			(long long)((int64_t)time(NULL) * 1000 + rows[i].left_ms));
		submit(&g, call, "/outside/1", "x", more);
		CHECK(w, strcmp(verdict(&g, call), "hold") == 0);
		const cJSON *item = held(&g);
		char *params = xasprintf("{\"call\":\"%s\",\"revision\":%lld,"
					 "\"decision\":\"deny\",\"delay_ms\":1500}",
			pick_text(item, "call"), (long long)pick_int(item, "revision"));
		const cJSON *said = person_ask(w->person, "decide", params);
		CHECK(w, strcmp(pick_text(said, "result.state"), rows[i].state) == 0);
		person_gone(w->person, item);
		free(params);
		free(more);
		free(call);
	}
}

static const struct e2e_case cases[] = {
	{ "a_denial_near_the_deadline_is_told_at_once", a_denial_near_the_deadline_is_told_at_once,
		0 },
	{ "a_decision_is_for_its_bytes", a_decision_is_for_its_bytes, 0 },
	{ "a_grant_survives_a_broken_connection", a_grant_survives_a_broken_connection, 0 },
	{ "a_used_grant_stays_used", a_used_grant_stays_used, 0 },
	{ "a_call_that_never_heard_go_goes_on", a_call_that_never_heard_go_goes_on, 0 },
	{ "a_yes_is_acknowledged_when_it_is_kept", a_yes_is_acknowledged_when_it_is_kept, 0 },
	{ "a_release_that_is_not_kept_asks_again", a_release_that_is_not_kept_asks_again, 0 },
	{ "a_grant_is_not_used_unrecorded", a_grant_is_not_used_unrecorded, 0 },
	{ "gates_speak_of_their_own_calls", gates_speak_of_their_own_calls, 0 },
	{ "a_preview_adds_nothing", a_preview_adds_nothing, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
