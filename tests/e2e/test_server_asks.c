/*
 * Requests from the server to the client: sampling waits for a person, elicitation and roots pass,
 * what is unknown is refused. The tool `ask` of the stub makes the server ask, and answers its own
 * call with the answer it got.
 */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"

#include <stdlib.h>

/* Lets the server ask; the call that makes it ask is approved first. */
static struct client *server_asks(struct world *w, const char *method, const char *params)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	char *arguments = xasprintf("{\"method\":\"%s\",\"params\":%s}", method, params);
	client_call(c, "0", "ask",
		arguments); /* the stub's own first id is 0 too: ids belong to a direction */
	person_approve(w->person, person_item(w->person, "ask", "held"));
	free(arguments);
	return c;
}

static const cJSON *sampling_item(struct world *w)
{
	const cJSON *item = person_item(w->person, "", "held");
	CHECK_TEXT(w, pick_text(item, "method"), "sampling/createMessage");
	CHECK_TEXT(w, pick_text(item, "toward"), "client");
	return item;
}

static void sampling_waits_and_passes(struct world *w)
{
	struct client *c = server_asks(
		w, "sampling/createMessage", "{\"maxTokens\":10,\"messages\":[]}");
	const cJSON *item = sampling_item(w);
	client_ping(c, "2");
	CHECK(w, !peer_look(&c->peer, match_method, "sampling/createMessage"));
	person_approve(w->person, item);
	const struct line *asked = peer_method(&c->peer, "sampling/createMessage");
	CHECK(w, span_is(line_raw(asked, "params"), "{\"maxTokens\":10,\"messages\":[]}"));
	peer_send(&c->peer,
		"{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"role\":\"assistant\",\"content\":{}, "
		"\"x\":1.50}}");
	client_expect_text(c, "0", "\"x\":1.50");
}

static void denied_sampling_is_answered(struct world *w)
{
	struct client *c = server_asks(
		w, "sampling/createMessage", "{\"maxTokens\":10,\"messages\":[]}");
	person_deny(w->person, sampling_item(w), "no");
	client_expect_text(c, "0", "\"code\":-1");
	CHECK(w, !peer_look(&c->peer, match_method, "sampling/createMessage"));
}

static void elicitation_passes(struct world *w)
{
	struct client *c = server_asks(
		w, "elicitation/create", "{\"message\":\"Which?\",\"requestedSchema\":{}}");
	peer_method(&c->peer, "elicitation/create");
	peer_send(&c->peer, "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"action\":\"decline\"}}");
	client_expect_text(c, "0", "decline");
}

static void unknown_request_is_refused(struct world *w)
{
	struct client *c = server_asks(w, "x/unknown", "{}");
	client_expect_text(c, "0", "-32601");
	CHECK(w, !peer_look(&c->peer, match_method, "x/unknown"));
}

/* Nobody asked for this answer: it reaches neither the server nor breaks anything. */
static void unasked_answers_are_dropped(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	peer_send(&c->peer, "{\"jsonrpc\":\"2.0\",\"id\":77,\"result\":{\"unasked\":true}}");
	client_ping(c, "1");
	CHECK(w, !world_seen(w, "unasked"));
}

static const struct e2e_case cases[] = {
	{ "sampling_waits_and_passes", sampling_waits_and_passes, 0 },
	{ "denied_sampling_is_answered", denied_sampling_is_answered, 0 },
	{ "elicitation_passes", elicitation_passes, 0 },
	{ "unknown_request_is_refused", unknown_request_is_refused, 0 },
	{ "unasked_answers_are_dropped", unasked_answers_are_dropped, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
