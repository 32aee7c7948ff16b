/*
 * Gate or broker dies (SIGKILL) at every step that it can take with a call: before the step, or,
 * for the broker, when it is recorded and nobody was told. Each case plays one story by reaction,
 * so that it goes on from whatever is found after the death; then the server's log, the client's
 * answers and the history are held against what was promised.
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
#include <sys/wait.h>
#include <unistd.h>

enum { STORY_MS = 25000, GATE_GONE_MS = 1000, LEFT_MS = 12000, CALLS_MAX = 5 };

/* What the person and the agent do when they see a call held or parked. */
enum hand {
	NOTHING,
	APPROVES,
	DENIES,
	CANCELS, /* the agent */
	CHANGES, /* the file on disk, and then approves */
	CALLS_AGAIN, /* the agent, the same */
	APPROVES_LATE, /* what is parked; then the agent calls again */
	DIES, /* the gate, by another hand */
};

struct scenario {
	const char *fault;
	enum hand held, parked;
	bool reads; /* in scope: policy allows it */
	bool expires; /* parked calls live one second */
};

struct story {
	struct world *w;
	const struct scenario *plan;
	struct client *c;
	const char *tool;
	char *path, *arguments;
	unsigned calls; /* sent: their ids are 1 to this */
	bool fired, cancelled, killed, changed;
	const char *asked; /* raw id of the decision that waits for its answer; NULL */
	bool asked_yes, yes_kept, no_kept; /* acknowledged */
	int64_t gate_gone_ms;
};

/* ---- what is there ---- */

static bool answered(struct story *s, unsigned call)
{
	char id[8];
	snprintf(id, sizeof id, "%u", call);
	return peer_count(&s->c->peer, match_reply, id) > 0;
}

static bool match_no_broker(const struct line *line, const void *id)
{
	return match_reply(line, id) && match_text(line, "broker is not running");
}

/* An agent calls a second time, and again if it was told that no broker was there. */
static bool calls_again(struct story *s)
{
	char id[8];
	snprintf(id, sizeof id, "%u", s->calls);
	return answered(s, s->calls) && s->calls < CALLS_MAX &&
		(s->calls == 1 || peer_count(&s->c->peer, match_no_broker, id));
}

static bool gate_lives(const struct story *s)
{
	return !s->c->peer.ended;
}

static void call_now(struct story *s)
{
	char id[8];
	snprintf(id, sizeof id, "%u", ++s->calls);
	client_call(s->c, id, s->tool, s->arguments);
}

/* ---- deaths ---- */

static void see_deaths(struct story *s)
{
	struct world *w = s->w;
	bool gate = strncmp(s->plan->fault, "gate:", 5) == 0;
	if (w->person->peer.ended) {
		CHECK(w, !gate && !s->fired);
		s->fired = true;
		s->asked = NULL;
		world_broker_died(w);
		world_broker(w);
	}
	if (!gate_lives(s) && !s->gate_gone_ms) {
		CHECK(w, gate || s->killed);
		CHECK_INT(w, client_wait_exit(s->c, WORLD_BOUND_MS), -SIGKILL);
		s->fired = s->fired || gate;
		s->gate_gone_ms = now_ms();
	}
}

/* ---- hands ---- */

static void decide(struct story *s, const cJSON *item, bool yes)
{
	char *line;
	if (s->asked) {
		return;
	}
	/* A decision that was acknowledged is never asked for again, unless what it was about
	 * changed. */
	CHECK(s->w, s->changed || !s->yes_kept);
	CHECK(s->w, !s->no_kept);
	s->asked = "\"decision\"";
	s->asked_yes = yes;
	line = xasprintf("{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"decide\",\"params\":{"
			 "\"call\":\"%s\",\"revision\":%lld,"
			 "\"decision\":\"%s\",\"reason\":\"so be it\"}}\n",
		s->asked, pick_text(item, "call"), (long long)pick_int(item, "revision"),
		yes ? "approve" : "deny");
	peer_try_write(&s->w->person->peer, line, strlen(line));
	free(line);
}

static void hear_answer(struct story *s)
{
	const struct line *line = s->asked ? peer_look(&s->w->person->peer, match_reply, s->asked)
					   : NULL;
	if (line) {
		((struct line *)(uintptr_t)line)->taken = true;
		s->asked = NULL;
		s->yes_kept = s->yes_kept || (s->asked_yes && pick(line->json, "result"));
		s->no_kept = s->no_kept || (!s->asked_yes && pick(line->json, "result"));
	}
}

static void act(struct story *s, enum hand hand, const cJSON *item)
{
	switch (hand) {
	case CHANGES:
		if (!s->changed) {
			s->changed = true;
			world_put(s->path, "somebody else was here");
		}
		decide(s, item, true);
		break;
	case APPROVES:
	case APPROVES_LATE:
		decide(s, item, true);
		break;
	case DENIES:
		decide(s, item, false);
		break;
	case CANCELS:
		if (!s->cancelled && gate_lives(s)) {
			s->cancelled = true;
			client_cancel(s->c, "1");
		}
		break;
	case CALLS_AGAIN:
		if (gate_lives(s) && calls_again(s)) {
			call_now(s);
		}
		break;
	case DIES:
		if (!s->killed) {
			s->killed = true;
			kill(s->c->pid, SIGKILL);
		}
		break;
	case NOTHING:
		break;
	}
}

static void react(struct story *s)
{
	struct person *p = s->w->person;
	const cJSON *item;
	hear_answer(s);
	if ((item = person_look(p, s->tool, "held"))) {
		/* Who has parked it and called again wants it now. */
		act(s, s->calls > 1 ? APPROVES : s->plan->held, item);
	}
	if ((item = person_look(p, s->tool, "parked"))) {
		act(s, s->plan->parked, item);
	}
	if (person_look(p, s->tool, "armed") && s->plan->parked == APPROVES_LATE) {
		act(s, CALLS_AGAIN, NULL);
	}
}

/* ---- the end ---- */

static cJSON *rows(struct story *s)
{
	return history_rows(s->w, s->tool);
}

static bool is_end(const char *state)
{
	static const char *const ends[] = { "done", "denied", "withdrawn", "expired", "unknown" };
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		if (strcmp(state, ends[i]) == 0) {
			return true;
		}
	}
	return false;
}

static bool all_ended(struct story *s)
{
	cJSON *all = rows(s);
	const cJSON *row;
	bool ended = true;
	cJSON_ArrayForEach(row, all)
	{
		ended = ended && is_end(pick_text(row, "state"));
	}
	cJSON_Delete(all);
	return ended;
}

/* Everything that was asked is answered, taken back, or has lost its gate. */
static bool is_over(struct story *s)
{
	bool again = s->plan->parked == CALLS_AGAIN || s->plan->parked == APPROVES_LATE;
	if (!s->fired || !gate_lives(s)) {
		return s->fired;
	}
	if (s->plan->expires) {
		return answered(s, 1);
	}
	return s->cancelled || (answered(s, s->calls) && (!again || !calls_again(s)));
}

static void play(struct story *s)
{
	int64_t end = now_ms() + STORY_MS;
	call_now(s);
	while (!is_over(s)) {
		if (now_ms() > end) {
			world_fail(
				s->w, "%s: %s", s->plan->fault, s->fired ? "no end" : "never came");
		}
		peer_pump(&s->c->peer, gate_lives(s) ? 5 : 0);
		peer_pump(&s->w->person->peer, 5);
		see_deaths(s);
		react(s);
	}
}

/* ---- what was promised ---- */

static size_t ran(struct story *s)
{
	return world_seen_times(s->w, s->path);
}

/* Every row has come to its end, in time; what ran has a row that let it. */
static void prove_rows(struct story *s)
{
	struct world *w = s->w;
	bool same_broker = strncmp(s->plan->fault, "gate:", 5) == 0;
	int64_t end = s->gate_gone_ms && same_broker ? s->gate_gone_ms + GATE_GONE_MS
						     : now_ms() + LEFT_MS;
	while (!all_ended(s)) {
		if (now_ms() > end) {
			world_fail(w, "%s: a row has no end in time", s->plan->fault);
		}
		peer_pump(&w->person->peer, 5);
		react(s);
	}
	cJSON *all = rows(s);
	const cJSON *row;
	bool let = false;
	cJSON_ArrayForEach(row, all)
	{
		const char *state = pick_text(row, "state");
		bool may = strcmp(pick_text(row, "verdict"), "allow") == 0 ||
			strcmp(pick_text(row, "decision"), "approved") == 0;
		bool went = strcmp(state, "done") == 0 || strcmp(state, "unknown") == 0;
		CHECK(w, may || !went);
		let = let || (may && went);
	}
	CHECK(w, let || ran(s) == 0);
}

static bool match_ran(const struct line *line, const void *id)
{
	return match_reply(line, id) && !pick_true(line->json, "result.isError") &&
		pick(line->json, "result");
}

/* Each request of a client that lives is answered once; what was said to have run ran, and nothing
 * else. */
static void prove_answers(struct story *s)
{
	size_t told = 0;
	for (unsigned call = 1; call <= s->calls; call++) {
		char id[8];
		snprintf(id, sizeof id, "%u", call);
		size_t count = peer_count(&s->c->peer, match_reply, id);
		told += peer_count(&s->c->peer, match_ran, id);
		CHECK(s->w, count <= 1);
		CHECK(s->w, count == 1 || s->cancelled || s->gate_gone_ms);
	}
	CHECK(s->w, ran(s) <= 1);
	if (!s->gate_gone_ms) {
		CHECK_INT(s->w, (int64_t)told, (int64_t)ran(s));
	}
	CHECK(s->w, !s->cancelled || ran(s) == 0);
	CHECK(s->w, !s->no_kept || ran(s) == 0);
}

/* Afterwards everything works as if nothing had been. */
static void prove_health(struct story *s)
{
	struct world *w = s->w;
	char *path = world_file(w->work, "afterwards.txt");
	world_put(path, "healthy");
	struct client *c = s->gate_gone_ms ? client_open(w, &(struct launch){ .as = "next" })
					   : s->c;
	client_call(c, "9", "read_file", args_path(path));
	client_expect_text(c, "9", "healthy");
	CHECK_INT(w, (int64_t)person_waiting(w->person), 0);
	free(path);
}

static const struct scenario scenarios[] = {
	{ "broker:allow", .reads = true },
	{ "kept:allow", .reads = true },
	{ "gate:allow", .reads = true },
	{ "gate:forward", .reads = true },
	{ "gate:finish", .reads = true },
	{ "broker:finish", .reads = true },
	{ "broker:approve", .held = APPROVES },
	{ "kept:approve", .held = APPROVES },
	{ "gate:approve", .held = APPROVES },
	{ "broker:ready", .held = APPROVES },
	{ "kept:ready", .held = APPROVES },
	{ "gate:ready", .held = APPROVES },
	{ "broker:forward", .held = APPROVES },
	{ "kept:forward", .held = APPROVES },
	{ "gate:forward", .held = APPROVES },
	{ "broker:finish", .held = APPROVES },
	{ "gate:finish", .held = APPROVES },
	{ "broker:deny", .held = DENIES },
	{ "kept:deny", .held = DENIES },
	{ "gate:deny", .held = DENIES },
	{ "broker:changed", .held = CHANGES },
	{ "kept:changed", .held = CHANGES },
	{ "gate:changed", .held = CHANGES },
	{ "broker:withdraw", .held = CANCELS },
	{ "kept:withdraw", .held = CANCELS },
	{ "gate:withdraw", .held = CANCELS },
	{ "broker:park", .held = NOTHING, .parked = CALLS_AGAIN },
	{ "kept:park", .held = NOTHING, .parked = CALLS_AGAIN },
	{ "gate:park", .held = NOTHING, .parked = CALLS_AGAIN },
	{ "broker:resubmit", .held = NOTHING, .parked = CALLS_AGAIN },
	{ "kept:resubmit", .held = NOTHING, .parked = CALLS_AGAIN },
	{ "broker:approve", .held = NOTHING, .parked = APPROVES_LATE },
	{ "kept:approve", .held = NOTHING, .parked = APPROVES_LATE },
	{ "broker:resubmit", .held = NOTHING, .parked = APPROVES_LATE },
	{ "kept:resubmit", .held = NOTHING, .parked = APPROVES_LATE },
	{ "kept:ready", .held = NOTHING, .parked = APPROVES_LATE },
	{ "broker:deny", .held = NOTHING, .parked = DENIES },
	{ "kept:deny", .held = NOTHING, .parked = DENIES },
	{ "broker:expire", .held = NOTHING, .parked = NOTHING, .expires = true },
	{ "kept:expire", .held = NOTHING, .parked = NOTHING, .expires = true },
	{ "gate:expire", .held = NOTHING, .parked = NOTHING, .expires = true },
	{ "broker:lose", .held = DIES },
	{ "kept:lose", .held = DIES },
};

static char *case_name(const struct scenario *plan)
{
	static const char *const parked[] = { "", "_parked", "_parked_denied", "", "",
		"_parked_again", "_parked_yes", "" };
	char *name = xasprintf("%s%s%s%s", plan->fault, plan->reads ? "_allowed" : "",
		parked[plan->parked], plan->expires ? "_expires" : "");
	*strchr(name, ':') = '_';
	return name;
}

static const struct scenario *find_plan(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(scenarios); i++) {
		char *mine = case_name(&scenarios[i]);
		bool same = strcmp(mine, name) == 0;
		free(mine);
		if (same) {
			return &scenarios[i];
		}
	}
	return NULL;
}

static void run_scenario(struct world *w)
{
	static const char *const soon[] = { "--hold-max", "1", NULL };
	struct story s = { .w = w, .plan = find_plan(w->name) };
	bool parks = s.plan->held == NOTHING && !s.plan->reads;
	s.tool = s.plan->reads ? "read_text_file" : "write_file";
	s.path = world_file(s.plan->reads ? w->work : w->outside, "the-file.txt");
	s.arguments = s.plan->reads ? args_path(s.path) : args_write(s.path, "new");
	world_put(s.path, "old");
	if (s.plan->expires) {
		world_config(w,
			"[broker]\nautostart = no\n[notify]\ndesktop = "
			"no\n[queue]\npark_seconds = 1\n");
	}
	setenv("BASCULE_TEST_FAULT", s.plan->fault, 1);
	world_broker(w);
	s.c = client_open(w, &(struct launch){ .gate = parks ? soon : NULL });
	unsetenv("BASCULE_TEST_FAULT");
	play(&s);
	prove_rows(&s);
	prove_answers(&s);
	prove_health(&s);
}

static bool holds_switches(struct world *w, const char *program)
{
	char *path = world_path(w, program);
	struct buf bytes = { 0 };
	world_get(path, &bytes);
	CHECK(w, bytes.len > 0);
	bool holds = memmem(bytes.data, bytes.len, "BASCULE_TEST_", 13) != NULL;
	buf_finish(&bytes);
	free(path);
	return holds;
}

/* The product reads no variable of the tests; that the search finds them is seen on the programs
 * that do. */
static void products_have_no_switches(struct world *w)
{
	CHECK(w, !holds_switches(w, "bascule"));
	CHECK(w, !holds_switches(w, "bascule-gate"));
	CHECK(w, !holds_switches(w, "bascule-broker"));
	CHECK(w, !holds_switches(w, "bascule-console"));
	w->faulty = true;
	CHECK(w, holds_switches(w, "bascule-gate"));
	CHECK(w, holds_switches(w, "bascule-broker"));
}

int main(int argc, char **argv)
{
	struct e2e_case cases[COUNT_OF(scenarios) + 1] = { { "products_have_no_switches",
		products_have_no_switches, 0 } };
	for (size_t i = 0; i < COUNT_OF(scenarios); i++) {
		cases[i + 1] = (struct e2e_case){ case_name(&scenarios[i]), run_scenario, FAULTY };
	}
	int status = world_main(argc, argv, cases, COUNT_OF(cases));
	for (size_t i = 0; i < COUNT_OF(scenarios); i++) {
		free((char *)(uintptr_t)cases[i + 1].name);
	}
	return status;
}
