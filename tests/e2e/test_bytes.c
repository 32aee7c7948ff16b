/* What is forwarded is the bytes that came, both ways: spacing, key order, numbers, escapes, ids,
 * unknown members. */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Requests that the stub answers, with the raw id of the answer. */
static const struct odd {
	const char *line, *id;
} passing[] = {
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}", "1" },
	{ "  { \"method\" : \"ping\" ,\t\"id\" : -1 , \"jsonrpc\" : \"2.0\" }  ", "-1" },
	{ "{\"id\":\"\",\"jsonrpc\":\"2.0\",\"method\":\"ping\"}", "\"\"" },
	{ "{\"id\":\"a\\u00e9\\/\\n\",\"jsonrpc\":\"2.0\",\"method\":\"ping\"}",
		"\"a\\u00e9\\/\\n\"" },
	{ "{\"id\":\"\xc3\xa9\xf0\x9f\x8e\x89\",\"jsonrpc\":\"2.0\",\"method\":\"ping\"}",
		"\"\xc3\xa9\xf0\x9f\x8e\x89\"" },
	{ "{\"id\":9007199254740991,\"jsonrpc\":\"2.0\",\"method\":\"ping\"}", "9007199254740991" },
	{ "{\"id\":0,\"jsonrpc\":\"2\\u002e0\",\"method\":\"p\\u0069ng\",\"params\":{}}", "0" },
	{ "{\"x\":1.0,\"y\":1e400,\"z\":12345678901234567890,\"id\":5,\"jsonrpc\":\"2.0\","
	  "\"method\":\"ping\",\"params\":"
	  "{\"_meta\":{\"vendor/odd.key\":[1E+2,-0.0]}}}",
		"5" },
};

static void requests_reach_the_server_as_they_came(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	for (size_t i = 0; i < COUNT_OF(passing); i++) {
		peer_send(&c->peer, "%s", passing[i].line);
		peer_reply(&c->peer, passing[i].id);
	}
	for (size_t i = 0; i < COUNT_OF(passing); i++) {
		char *whole = xasprintf("\n%s\n", passing[i].line);
		CHECK_INT(w, (int64_t)world_seen_times(w, whole), 1);
		free(whole);
	}
}

static void allowed_calls_reach_it_as_they_came(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	char *path = world_file(w->work, "a.txt");
	world_put(path, "content");
	char *line = xasprintf(
		"{ "
		"\"params\":{\"_meta\":{\"claudecode/toolUseId\":\"t\\u0031\",\"progressToken\":0},"
		"\"arguments\":{\"path\":\"%s\" , \"head\" :15 },\"extra\":[ "
		"],\"name\":\"read_text_file\"},"
		"\"id\":\"s-2\",\"vendor\":{\"b\":1,\"a\":2},\"method\":\"tools/"
		"call\",\"jsonrpc\":\"2.0\"}",
		path);
	peer_send(&c->peer, "%s", line);
	client_expect_text(c, "\"s-2\"", "content");
	CHECK_INT(w, (int64_t)world_seen_times(w, line), 1);
}

static void approved_calls_reach_it_as_they_came(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	const char *line =
		"{\"method\":\"tools/call\",\"params\":{ "
		"\"name\":\"create_direct\\u006fry\",\"arguments\":"
		"{\"path\":\"/outside/"
		"\\u00fc\",\"n\":[1.0,1e2,123456789012345678901234567890]}},\"jsonrpc\":\"2.0\","
		"\"id\":3, \"x\":null}";
	peer_send(&c->peer, "%s", line);
	const cJSON *item = person_item(w->person, "create_directory", "held");
	person_approve(w->person, item);
	client_expect_text(c, "3", "create_directory");
	CHECK_INT(w, (int64_t)world_seen_times(w, line), 1);
}

/* The modern envelope and the result's unknown members survive too. */
static void modern_envelopes_survive(struct world *w)
{
	world_broker(w);
	struct client *c = client_start(w, &(struct launch){ 0 });
	const char *discover = "{\"params\":{\"_meta\":{" MODERN_ENVELOPE
			       ",\"x\":1.0}},\"method\":\"server/discover\","
			       "\"id\":\"server-discover-probe-1\",\"jsonrpc\":\"2.0\"}";
	peer_send(&c->peer, "%s", discover);
	peer_reply(&c->peer, "\"server-discover-probe-1\"");
	CHECK_INT(w, (int64_t)world_seen_times(w, discover), 1);
}

/* Lines of the server, said verbatim by the tool `say`; $ID is the call's id. */
static const char *const results[] = {
	"{\"result\":{\"content\":[],\"n\":1.0,\"big\":12345678901234567890,\"e\":1E5},\"jsonrpc\":"
	"\"2.0\",\"id\":$ID}",
	" { \"jsonrpc\" : \"2.0\" , \"id\" : $ID , \"result\" : { \"a\" : \"\\u0041\\/\" } , "
	"\"unknown\" : [ ] } ",
	"{\"id\":$ID,\"error\":{\"code\":-32042,\"message\":\"x\",\"data\":{\"k\":0.10}},"
	"\"jsonrpc\":\"2.0\"}",
	"{\"id\":$ID,\"jsonrpc\":\"2.0\",\"result\":"
	"{\"twice\":1,\"twice\":2,\"nul\":\"\\u0000\",\"lone\":\"\\ud800\"}}",
};

static char *with_id(const char *text, const char *id)
{
	const char *at = strstr(text, "$ID");
	return xasprintf("%.*s%s%s", (int)(at - text), text, id, at + 3);
}

static void answers_reach_the_client_as_they_came(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	for (size_t i = 0; i < COUNT_OF(results); i++) {
		char *id = xasprintf("\"r\\u002d%zu\"", i);
		cJSON *arguments = cJSON_CreateObject();
		cJSON_AddStringToObject(arguments, "line", results[i]);
		client_call(c, id, "say", cJSON_PrintUnformatted(arguments));
		const cJSON *item = person_item(w->person, "say", "held");
		person_approve(w->person, item);
		char *expected = with_id(results[i], id);
		const struct line *line = peer_wait(&c->peer, match_text, expected, expected);
		CHECK_INT(w, (int64_t)line->len, (int64_t)strlen(expected));
		person_gone(w->person, item);
	}
}

static void big_results_survive(struct world *w)
{
	enum { MIB = 9 };
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	client_call(c, "1", "big", "{\"mib\":9}");
	person_approve(w->person, person_item(w->person, "big", "held"));
	const struct line *line = peer_reply(&c->peer, "1");
	CHECK_INT(w, (int64_t)strlen(pick_text(line->json, "result.content.0.text")), MIB << 20);
}

/* Beyond 16 MiB a line is streamed; it arrives whole, and what comes afterwards does too. */
static void streamed_results_survive(struct world *w)
{
	enum { MIB = 18 };
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	client_call(c, "1", "big", "{\"mib\":18}");
	person_approve(w->person, person_item(w->person, "big", "held"));
	const struct line *line = peer_reply(&c->peer, "1");
	CHECK_INT(w, (int64_t)strlen(pick_text(line->json, "result.content.0.text")), MIB << 20);
	client_ping(c, "2");
}

static const struct e2e_case cases[] = {
	{ "requests_reach_the_server_as_they_came", requests_reach_the_server_as_they_came, 0 },
	{ "allowed_calls_reach_it_as_they_came", allowed_calls_reach_it_as_they_came, 0 },
	{ "approved_calls_reach_it_as_they_came", approved_calls_reach_it_as_they_came, 0 },
	{ "modern_envelopes_survive", modern_envelopes_survive, 0 },
	{ "answers_reach_the_client_as_they_came", answers_reach_the_client_as_they_came, 0 },
	{ "big_results_survive", big_results_survive, 0 },
	{ "streamed_results_survive", streamed_results_survive, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
