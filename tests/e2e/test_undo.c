/* A decision that is delivered a little later: until then it can be taken back, and nothing passes.
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

enum { NOT_WAITING = 4007 };

struct play {
	struct world *w;
	struct client *c;
	char call[80];
	int64_t revision;
};

/* Call 1 waits. */
static struct play begin(struct world *w)
{
	world_broker(w);
	struct play p = { .w = w, .c = client_open(w, &(struct launch){ 0 }) };
	client_call(p.c, "1", "create_directory", args_path("/outside/1"));
	const cJSON *item = person_item(w->person, "create_directory", "held");
	snprintf(p.call, sizeof(p.call), "%s", pick_text(item, "call"));
	p.revision = pick_int(item, "revision");
	return p;
}

static const cJSON *later(const struct play *p, const char *decision, int delay_ms)
{
	char *params = xasprintf("{\"call\":\"%s\",\"revision\":%lld,\"decision\":\"%s\","
				 "\"reason\":\"not here\",\"delay_ms\":%d}",
		p->call, (long long)p->revision, decision, delay_ms);
	const cJSON *answer = person_ask(p->w->person, "decide", params);
	free(params);
	return answer;
}

static const cJSON *deny_later(const struct play *p, int delay_ms)
{
	return later(p, "deny", delay_ms);
}

static const cJSON *undo(const struct play *p)
{
	char *params = xasprintf("{\"call\":\"%s\"}", p->call);
	const cJSON *answer = person_ask(p->w->person, "undo", params);
	free(params);
	return answer;
}

static bool has_answer(const struct play *p)
{
	peer_pump(&p->c->peer, 0);
	return peer_look(&p->c->peer, match_reply, "1") != NULL;
}

/* Consoles are told of the decision, or that there is none any more. */
static void expect_at(const struct play *p, const char *member, bool there)
{
	int64_t end = now_ms() + WORLD_BOUND_MS;
	while ((pick_int(person_look(p->w->person, "create_directory", "held"), member) > 0) !=
		there) {
		CHECK(p->w, now_ms() < end);
		peer_pump(&p->w->person->peer, 20);
	}
}

static void expect_denied_at(const struct play *p, bool there)
{
	expect_at(p, "denied_at", there);
}

static void it_can_be_taken_back(struct world *w)
{
	struct play p = begin(w);
	const cJSON *answer = deny_later(&p, 9000);
	CHECK(w, strcmp(pick_text(answer, "result.state"), "held") == 0);
	CHECK(w, pick_int(answer, "result.denied_at") > 0);
	expect_denied_at(&p, true);
	answer = person_decide(w->person, p.call, p.revision, "approve", NULL);
	CHECK_INT(w, pick_int(answer, "error.code"), NOT_WAITING);
	CHECK(w, !has_answer(&p));
	CHECK(w, pick(undo(&p), "result"));
	expect_denied_at(&p, false);
	CHECK_INT(w, pick_int(undo(&p), "error.code"), NOT_WAITING);
	person_approve(w->person, person_item(w->person, "create_directory", "held"));
	client_expect_text(p.c, "1", "create_directory");
}

static void a_yes_can_be_taken_back(struct world *w)
{
	struct play p = begin(w);
	const cJSON *answer = later(&p, "approve", 9000);
	CHECK(w, strcmp(pick_text(answer, "result.state"), "held") == 0);
	CHECK(w, pick_int(answer, "result.approved_at") > 0);
	expect_at(&p, "approved_at", true);
	answer = person_decide(w->person, p.call, p.revision, "approve", NULL);
	CHECK_INT(w, pick_int(answer, "error.code"), NOT_WAITING); /* a key that was held down */
	CHECK(w, pick(undo(&p), "result"));
	expect_at(&p, "approved_at", false);
	client_ping(p.c, "9");
	CHECK(w, !world_seen(w, "create_directory"));
	person_deny(w->person, person_item(w->person, "create_directory", "held"), "no");
	client_expect_refusal(p.c, "1");
}

static void a_yes_is_delivered(struct world *w)
{
	struct play p = begin(w);
	later(&p, "approve", 100);
	client_expect_text(p.c, "1", "create_directory");
	const cJSON *row = history_row(w, "create_directory", "done");
	CHECK(w, strcmp(pick_text(row, "decision"), "approved") == 0);
	CHECK(w, pick_text(row, "decider")[0]);
}

static void a_no_overtakes_a_yes(struct world *w)
{
	struct play p = begin(w);
	later(&p, "approve", 9000);
	const cJSON *answer = person_decide(w->person, p.call, p.revision, "deny", "stop");
	CHECK(w, strcmp(pick_text(answer, "result.state"), "denied") == 0);
	CHECK(w, strstr(client_expect_refusal(p.c, "1"), "stop"));
	CHECK(w, !world_seen(w, "create_directory"));
}

/* The file changes, and a console that looks sees it: the yes was to something else. */
static void a_yes_to_what_has_changed_is_dropped(struct world *w)
{
	char *path = world_file(w->outside, "a.txt");
	world_put(path, "before");
	world_broker(w);
	struct play p = { .w = w, .c = client_open(w, &(struct launch){ 0 }) };
	client_call(p.c, "1", "write_file", args_write(path, "new"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	snprintf(p.call, sizeof(p.call), "%s", pick_text(item, "call"));
	p.revision = pick_int(item, "revision");
	person_show(w->person, item);
	later(&p, "approve", 700);
	world_put(path, "longer than before");
	person_show(w->person, item);
	int64_t end = now_ms() + WORLD_BOUND_MS;
	while (!strstr(pick_text(person_look(w->person, "write_file", "held"), "said"),
		"before the approval was delivered")) {
		CHECK(w, now_ms() < end);
		peer_pump(&w->person->peer, 20);
	}
	client_ping(p.c, "9");
	CHECK(w, !world_seen(w, "write_file"));
	CHECK(w, world_file_is(path, "longer than before"));
}

static void a_yes_dies_with_the_broker(struct world *w)
{
	struct play p = begin(w);
	later(&p, "approve", 9000);
	person_ask(w->person, "stop", "{}");
	world_broker(w);
	const cJSON *item = person_item(w->person, "create_directory", "held");
	CHECK(w, !pick(item, "approved_at"));
	client_ping(p.c, "9");
	CHECK(w, !world_seen(w, "create_directory"));
}

static void it_is_delivered_with_its_reason(struct world *w)
{
	struct play p = begin(w);
	deny_later(&p, 100);
	CHECK(w, strstr(client_expect_refusal(p.c, "1"), "not here"));
	CHECK_INT(w, pick_int(undo(&p), "error.code"), NOT_WAITING);
	const cJSON *row = history_row(w, "create_directory", "denied");
	CHECK(w, strcmp(pick_text(row, "decision_reason"), "not here") == 0);
	CHECK(w, pick_text(row, "decider")[0]);
}

static void a_delay_out_of_bounds_is_none(struct world *w)
{
	struct play p = begin(w);
	const cJSON *answer = deny_later(&p, 10001);
	CHECK(w, strcmp(pick_text(answer, "result.state"), "denied") == 0);
	client_expect_refusal(p.c, "1");
}

static void a_second_no_is_told_at_once(struct world *w)
{
	struct play p = begin(w);
	deny_later(&p, 9000);
	const cJSON *answer = person_decide(w->person, p.call, p.revision, "deny", "now");
	CHECK(w, strcmp(pick_text(answer, "result.state"), "denied") == 0);
	CHECK(w, strstr(client_expect_refusal(p.c, "1"), "now"));
}

static void what_was_taken_away_meanwhile_is_withdrawn(struct world *w)
{
	struct play p = begin(w);
	const cJSON *item = person_item(w->person, "create_directory", "held");
	deny_later(&p, 9000);
	client_cancel(p.c, "1");
	CHECK(w, strcmp(person_gone(w->person, item), "withdrawn") == 0);
	CHECK_INT(w, pick_int(undo(&p), "error.code"), NOT_WAITING);
}

/* Who pressed the key has decided: the end of the broker does not change that. */
static void the_end_of_the_broker_delivers_it(struct world *w)
{
	struct play p = begin(w);
	deny_later(&p, 9000);
	kill(w->broker, SIGTERM);
	world_broker_died(w);
	CHECK(w, strstr(client_expect_refusal(p.c, "1"), "not here"));
}

static const struct e2e_case cases[] = {
	{ "it_can_be_taken_back", it_can_be_taken_back, 0 },
	{ "a_yes_can_be_taken_back", a_yes_can_be_taken_back, 0 },
	{ "a_yes_is_delivered", a_yes_is_delivered, 0 },
	{ "a_no_overtakes_a_yes", a_no_overtakes_a_yes, 0 },
	{ "a_yes_to_what_has_changed_is_dropped", a_yes_to_what_has_changed_is_dropped, 0 },
	{ "a_yes_dies_with_the_broker", a_yes_dies_with_the_broker, 0 },
	{ "it_is_delivered_with_its_reason", it_is_delivered_with_its_reason, 0 },
	{ "a_delay_out_of_bounds_is_none", a_delay_out_of_bounds_is_none, 0 },
	{ "a_second_no_is_told_at_once", a_second_no_is_told_at_once, 0 },
	{ "what_was_taken_away_meanwhile_is_withdrawn", what_was_taken_away_meanwhile_is_withdrawn,
		0 },
	{ "the_end_of_the_broker_delivers_it", the_end_of_the_broker_delivers_it, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
