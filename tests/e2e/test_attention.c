/* Who is rung, how often, and by whom it is silenced. */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_attention(const struct line *line, const void *unused)
{
	(void)unused;
	return match_method(line, "attention");
}

static size_t count(struct person *p)
{
	size_t n = 0;
	for (size_t i = 0; i < p->peer.count; i++) {
		n += is_attention(p->peer.lines[i], NULL);
	}
	return n;
}

static void hold_calls(struct world *w, struct client *c, int from, int to)
{
	for (int i = from; i <= to; i++) {
		char *id = xasprintf("%d", i), *path = xasprintf("/outside/%d", i);
		client_call(c, id, "create_directory", args_path(path));
	}
	int64_t end = now_ms() + WORLD_BOUND_MS;
	while (person_waiting(w->person) != (size_t)to) {
		CHECK(w, now_ms() < end);
	}
}

/* A burst rings once, and tells how many and how risky, never what. */
static void a_burst_rings_once(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	hold_calls(w, c, 1, 5);
	const struct line *ring = peer_wait(&w->person->peer, is_attention, NULL, "attention");
	CHECK_INT(w, pick_int(ring->json, "params.waiting"), 5);
	CHECK_TEXT(w, pick_text(ring->json, "params.risk"), "high");
	CHECK_INT(w, cJSON_GetArraySize(pick(ring->json, "params")), 2);
	CHECK_INT(w, (int64_t)count(w->person), 1);
}

/* Of two consoles the one that was used last is rung. */
static void the_console_used_last_is_rung(struct world *w)
{
	struct person other;
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	person_open(&other, w, world_decide_fd(w));
	peer_send(&other.peer, "{\"jsonrpc\":\"2.0\",\"method\":\"active\"}");
	person_ask(&other, "queue", "{}");
	hold_calls(w, c, 1, 1);
	peer_wait(&other.peer, is_attention, NULL, "attention");
	CHECK_INT(w, (int64_t)count(w->person), 0);
}

static void muted_is_silent_and_said(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	const cJSON *answer = person_ask(w->person, "mute", "{\"minutes\":5}");
	CHECK(w, pick_int(answer, "result.muted_until") > 0);
	hold_calls(w, c, 1, 1);
	answer = person_ask(w->person, "mute", "{\"minutes\":0}");
	CHECK_INT(w, pick_int(answer, "result.muted_until"), 0);
	answer = person_ask(w->person, "mute", "{\"minutes\":1441}");
	CHECK_INT(w, pick_int(answer, "error.code"), 4003);
	hold_calls(w, c, 2, 2);
	peer_wait(&w->person->peer, is_attention, NULL, "attention");
}

static const struct e2e_case cases[] = {
	{ "a_burst_rings_once", a_burst_rings_once, 0 },
	{ "the_console_used_last_is_rung", the_console_used_last_is_rung, 0 },
	{ "muted_is_silent_and_said", muted_is_silent_and_said, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
