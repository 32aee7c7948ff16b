/*
 * The multi-round hold of the modern era: instead of keeping a request waiting past the client's
 * patience, the gate answers "input required" with a state, and the client asks again with a new
 * id. --hold-max 1 makes each round short.
 */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const soon[] = { "--hold-max", "1", NULL };

#define SERVER_SAYS(result) \
	"{\"line\":\"{\\\"result\\\":" result ",\\\"jsonrpc\\\":\\\"2.0\\\",\\\"id\\\":$ID}\"}"

static struct client *open_modern(struct world *w)
{
	world_broker(w);
	struct client *c = client_start(w, &(struct launch){ .gate = soon });
	peer_send(&c->peer,
		"{\"jsonrpc\":\"2.0\",\"id\":\"d\",\"method\":\"server/"
		"discover\",\"params\":{\"_meta\":" MODERN_META "}}");
	CHECK_TEXT(w, pick_text(peer_reply(&c->peer, "\"d\"")->json, "result.supportedVersions.0"),
		"2026-07-28");
	return c;
}

static void call(struct client *c, const char *id, const char *tool, const char *arguments,
	const char *state)
{
	peer_send(&c->peer,
		"{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"tools/"
		"call\",\"params\":{\"name\":\"%s\","
		"\"arguments\":%s%s%s%s,\"_meta\":" MODERN_META "}}",
		id, tool, arguments, state ? ",\"requestState\":\"" : "", state ? state : "",
		state ? "\"" : "");
}

/* Waits for the end of a round: the state to come back with. */
static const char *round_end(struct client *c, const char *id)
{
	const struct line *line = peer_reply(&c->peer, id);
	CHECK_TEXT(c->peer.world, pick_text(line->json, "result.resultType"), "input_required");
	const char *state = pick_text(line->json, "result.requestState");
	CHECK(c->peer.world, *state);
	CHECK(c->peer.world, !pick(line->json, "result.inputRequests"));
	return state;
}

static void approval_in_the_second_round(struct world *w)
{
	struct client *c = open_modern(w);
	char *path = world_file(w->outside, "a.txt");
	char *arguments = args_write(path, "modern");
	call(c, "1", "write_file", arguments, NULL);
	const cJSON *item = person_item(w->person, "write_file", "held");
	const char *state = round_end(c, "1");
	call(c, "\"second\"", "write_file", arguments, state);
	client_ping(c, "9");
	CHECK_INT(w, (int64_t)person_waiting(w->person), 1);
	person_approve(w->person, item);
	client_expect_text(c, "\"second\"", "written");
	CHECK(w, world_file_is(path, "modern"));
	CHECK_INT(w, (int64_t)world_seen_times(w, "write_file"), 1);
	CHECK(w, world_seen(w, "\"id\":\"second\""));
	CHECK(w, !world_seen(w, "requestState"));
}

static void approval_between_two_rounds(struct world *w)
{
	struct client *c = open_modern(w);
	char *path = world_file(w->outside, "a.txt");
	char *arguments = args_write(path, "between");
	call(c, "1", "write_file", arguments, NULL);
	const cJSON *item = person_item(w->person, "write_file", "held");
	const char *state = round_end(c, "1");
	person_approve(w->person, item);
	client_ping(c, "9");
	CHECK(w, !world_seen(w, "write_file"));
	call(c, "2", "write_file", arguments, state);
	client_expect_text(c, "2", "written");
	CHECK_INT(w, (int64_t)world_seen_times(w, "write_file"), 1);
}

/* The client comes back with what it knows; what is forwarded is what a person made of it. */
static void edited_between_two_rounds(struct world *w)
{
	struct client *c = open_modern(w);
	char *path = world_file(w->outside, "a.txt");
	char *arguments = args_write(path, "modern"), *edited = args_write(path, "edited");
	call(c, "1", "write_file", arguments, NULL);
	const cJSON *item = person_item(w->person, "write_file", "held");
	char *params = xasprintf("{\"call\":\"%s\",\"revision\":%lld,\"arguments\":%s}",
		pick_text(item, "call"), (long long)pick_int(item, "revision"), edited);
	person_ask(w->person, "edit", params);
	const char *state = round_end(c, "1");
	call(c, "\"second\"", "write_file", arguments, state);
	client_ping(c, "9");
	person_approve(w->person, person_item(w->person, "write_file", "held"));
	client_expect_text(c, "\"second\"", "written");
	CHECK(w, world_file_is(path, "edited"));
	CHECK(w, world_seen(w, "\"id\":\"second\""));
	CHECK_INT(w, (int64_t)world_seen_times(w, "write_file"), 1);
	free(params);
}

static void denial_in_a_later_round(struct world *w)
{
	struct client *c = open_modern(w);
	char *arguments = args_write("/outside/a", "x");
	call(c, "1", "write_file", arguments, NULL);
	const cJSON *item = person_item(w->person, "write_file", "held");
	call(c, "2", "write_file", arguments, round_end(c, "1"));
	client_ping(c, "9");
	person_deny(w->person, item, "not like this");
	CHECK_HAS(w, client_expect_refusal(c, "2"), "not like this");
	CHECK(w, !world_seen(w, "write_file"));
}

/* A state is good for its own call only, and once. */
static void states_cannot_be_forged(struct world *w)
{
	struct client *c = open_modern(w);
	char *arguments = args_write("/outside/a", "x");
	call(c, "1", "write_file", arguments, NULL);
	const cJSON *item = person_item(w->person, "write_file", "held");
	const char *state = round_end(c, "1");
	call(c, "2", "write_file", args_write("/outside/other", "x"), state);
	CHECK(w, pick(peer_reply(&c->peer, "2")->json, "error") != NULL);
	call(c, "3", "write_file", arguments, "bascule/00000000000000000000000000000000");
	CHECK(w, pick(peer_reply(&c->peer, "3")->json, "error") != NULL);
	call(c, "4", "write_file", arguments, state);
	client_ping(c, "9");
	person_approve(w->person, item);
	peer_reply(&c->peer, "4");
	call(c, "5", "write_file", arguments, state);
	CHECK(w, pick(peer_reply(&c->peer, "5")->json, "error") != NULL);
	CHECK_INT(w, (int64_t)world_seen_times(w, "write_file"), 1);
}

/* A state that the server itself has given out is none of our business. */
static void server_states_pass(struct world *w)
{
	struct client *c = open_modern(w);
	const char *arguments = SERVER_SAYS(
		"{\\\"resultType\\\":\\\"input_required\\\",\\\"requestState\\\":\\\"its own\\\"}");
	call(c, "1", "say", arguments, NULL);
	person_approve(w->person, person_item(w->person, "say", "held"));
	CHECK_TEXT(w, pick_text(peer_reply(&c->peer, "1")->json, "result.requestState"), "its own");
	call(c, "2", "say", arguments, "its own");
	person_approve(w->person, person_item(w->person, "say", "held"));
	CHECK_TEXT(w, pick_text(peer_reply(&c->peer, "2")->json, "result.requestState"), "its own");
	CHECK_INT(w, (int64_t)world_seen_times(w, "\"requestState\":\"its own\""), 1);
}

static void after_nine_rounds_it_parks(struct world *w)
{
	struct client *c = open_modern(w);
	char *path = world_file(w->outside, "a.txt");
	char *arguments = args_write(path, "patient");
	const char *state = NULL;
	char id[16] = "0";
	for (int i = 0; i < 9; i++) {
		snprintf(id, sizeof id, "%d", i);
		call(c, id, "write_file", arguments, state);
		state = round_end(c, id);
	}
	call(c, "10", "write_file", arguments, state);
	CHECK_HAS(w, client_expect_refusal(c, "10"), "waiting");
	person_approve(w->person, person_item(w->person, "write_file", "parked"));
	call(c, "11", "write_file", arguments, NULL);
	client_expect_text(c, "11", "written");
	CHECK_INT(w, (int64_t)world_seen_times(w, "write_file"), 1);
}

/* A legacy client would take the answer for an empty success. */
static void legacy_requests_are_never_asked_again(struct world *w)
{
	struct client *c = open_modern(w);
	client_call(c, "1", "write_file", args_write("/outside/a", "x"));
	client_expect_refusal(c, "1");
	CHECK_INT(w, (int64_t)peer_count(&c->peer, match_text, "input_required"), 0);
}

static const struct e2e_case cases[] = {
	{ "approval_in_the_second_round", approval_in_the_second_round, 0 },
	{ "edited_between_two_rounds", edited_between_two_rounds, 0 },
	{ "approval_between_two_rounds", approval_between_two_rounds, 0 },
	{ "denial_in_a_later_round", denial_in_a_later_round, 0 },
	{ "states_cannot_be_forged", states_cannot_be_forged, 0 },
	{ "server_states_pass", server_states_pass, 0 },
	{ "after_nine_rounds_it_parks", after_nine_rounds_it_parks, 0 },
	{ "legacy_requests_are_never_asked_again", legacy_requests_are_never_asked_again, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
