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

static bool desktop_was_asked(struct world *w)
{
	struct buf text = { 0 };
	char *path = world_file(w->root, "state/bascule.log");
	world_get(path, &text);
	bool was = text.len && strstr(buf_cstr(&text), "notifier: ");
	buf_finish(&text);
	free(path);
	return was;
}

static struct client *with_a_desktop(struct world *w)
{
	unsetenv("SSH_CONNECTION");
	world_config(w, "[broker]\nautostart = no\n[notify]\nbus = unix:path=/nowhere/bus\n");
	world_broker(w);
	return client_open(w, &(struct launch){ 0 });
}

static void the_desktop_is_asked(struct world *w)
{
	int64_t end = now_ms() + WORLD_BOUND_MS;
	hold_calls(w, with_a_desktop(w), 1, 1);
	while (!desktop_was_asked(w)) {
		CHECK(w, now_ms() < end);
		person_ask(w->person, "queue", "{}");
	}
}

/* There is nobody at it. The console is rung all the same, and again. */
static void over_ssh_it_is_not(struct world *w)
{
	w->remote = true;
	struct client *c = with_a_desktop(w);
	for (int i = 1; i <= 2; i++) {
		hold_calls(w, c, i, i);
		int64_t end = now_ms() + WORLD_BOUND_MS;
		while (count(w->person) < (size_t)i) {
			CHECK(w, now_ms() < end);
			person_ask(w->person, "queue", "{}");
		}
	}
	CHECK(w, !desktop_was_asked(w));
}

static const struct e2e_case cases[] = {
	{ "a_burst_rings_once", a_burst_rings_once, 0 },
	{ "the_console_used_last_is_rung", the_console_used_last_is_rung, 0 },
	{ "muted_is_silent_and_said", muted_is_silent_and_said, 0 },
	{ "the_desktop_is_asked", the_desktop_is_asked, 0 },
	{ "over_ssh_it_is_not", over_ssh_it_is_not, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
