/*
 * Arguments that a person changes before a held call is released: what arrives at the server is
 * what was shown last and approved, byte for byte, and the history has both. An edit alone releases
 * nothing, and leaves nothing half changed, whoever dies.
 */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/history.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { NOT_UNDERSTOOD = 4003, CHANGED = 4006, NOT_WAITING = 4007 };

struct play {
	struct world *w;
	struct client *c;
	char *proposed, *path; /* arguments, and where they write */
	char call[80];
	int64_t number, revision;
};

static const char *const soon[] = { "--hold-max", "2", NULL };

static void take(struct play *p, const cJSON *item)
{
	snprintf(p->call, sizeof(p->call), "%s", pick_text(item, "call"));
	p->number = pick_int(item, "number");
	p->revision = pick_int(item, "revision");
}

/* Call 1 waits: it would write "proposed" to a file outside. */
static struct play begin(struct world *w, const char *const *gate)
{
	world_broker(w);
	struct play p = { .w = w, .c = client_open(w, &(struct launch){ .gate = gate }) };
	p.path = world_file(w->outside, "a.txt");
	p.proposed = args_write(p.path, "proposed");
	client_call(p.c, "1", "write_file", p.proposed);
	take(&p, person_item(w->person, "write_file", "held"));
	return p;
}

static const cJSON *edit(const struct play *p, const char *arguments)
{
	char *params = xasprintf("{\"call\":\"%s\",\"revision\":%lld,\"arguments\":%s}", p->call,
		(long long)p->revision, arguments);
	const cJSON *answer = person_ask(p->w->person, "edit", params);
	free(params);
	return answer;
}

/* Edits, and waits until the call is a new question. */
static void edited(struct play *p, const char *arguments)
{
	int64_t end = now_ms() + WORLD_BOUND_MS;
	const cJSON *item, *answer = edit(p, arguments);
	CHECK_TEXT(p->w, pick_text(answer, "result.state"), "held");
	while (!(item = person_look(p->w->person, "write_file", "held")) ||
		pick_int(item, "revision") == p->revision) {
		CHECK(p->w, now_ms() < end);
		peer_pump(&p->w->person->peer, 20);
	}
	CHECK(p->w, pick_text(item, "edited_by")[0]);
	CHECK_INT(p->w, pick_int(item, "number"), p->number);
	take(p, item);
}

static const cJSON *decide(const struct play *p, const char *decision)
{
	return person_decide(p->w->person, p->call, p->revision, decision, NULL);
}

static int64_t approve(const struct play *p)
{
	const cJSON *answer = decide(p, "approve");
	return pick(answer, "result") ? 0 : pick_int(answer, "error.code");
}

static void nothing_ran(const struct play *p)
{
	client_ping(p->c, "\"still\"");
	CHECK(p->w, !world_seen(p->w, "write_file"));
}

static const cJSON *event(const struct play *p)
{
	char *params = xasprintf("{\"number\":%lld}", (long long)p->number);
	const cJSON *answer = person_ask(p->w->person, "event", params);
	free(params);
	return pick(answer, "result");
}

static void history_has_both(const struct play *p, const char *effective)
{
	cJSON *want[2] = { cJSON_Parse(p->proposed), cJSON_Parse(effective) };
	const cJSON *kept = pick(event(p), "edit");
	CHECK(p->w, cJSON_Compare(pick(kept, "proposed"), want[0], true));
	CHECK(p->w, cJSON_Compare(pick(kept, "effective"), want[1], true));
	CHECK(p->w, pick_text(kept, "by")[0]);
	cJSON_Delete(want[0]);
	cJSON_Delete(want[1]);
}

static void inv02_edited_bytes_are_the_bytes_forwarded(struct world *w)
{
	struct play p = begin(w, NULL);
	struct play before = p;
	char *other = world_file(w->outside, "b.txt");
	char *effective = xasprintf(
		"{\"content\":\"effec\\u0074ive\",\"path\":\"%s\",\"n\":1.50e3}", other);
	edited(&p, effective);
	nothing_ran(&p);
	CHECK_INT(w, approve(&before), CHANGED);
	const cJSON *shown = person_show(w->person, person_item(w->person, "write_file", "held"));
	CHECK_TEXT(w, pick_text(shown, "proposed.content"), "proposed");
	CHECK_TEXT(w, pick_text(shown, "params.arguments.content"), "effective");
	CHECK_TEXT(w, pick_text(shown, "files.0.path"), other);
	CHECK_INT(w, approve(&p), 0);
	client_expect_text(p.c, "1", "written");
	CHECK(w, world_file_is(other, "effective"));
	CHECK(w, world_file_is(p.path, ""));
	char *sent = xasprintf("\"arguments\":%s", effective);
	CHECK_INT(w, (int64_t)world_seen_times(w, sent), 1);
	CHECK_INT(w, (int64_t)world_seen_times(w, "write_file"), 1);
	const cJSON *row = history_row(w, "write_file", "done");
	CHECK_TEXT(w, pick_text(row, "target"), other);
	history_has_both(&p, effective);
}

static void a_second_edit_keeps_what_the_client_sent(struct world *w)
{
	struct play p = begin(w, NULL);
	edited(&p, args_write(p.path, "first"));
	char *second = args_write(p.path, "second");
	edited(&p, second);
	CHECK_INT(w, approve(&p), 0);
	client_expect_text(p.c, "1", "written");
	CHECK(w, world_file_is(p.path, "second"));
	history_row(w, "write_file", "done");
	history_has_both(&p, second);
}

/* Within the scope the rules would let it pass: leaving the editor still releases nothing. */
static void an_edit_releases_nothing(struct world *w)
{
	struct play p = begin(w, NULL);
	char *inside = world_file(w->work, "new.txt");
	edited(&p, args_write(inside, "x"));
	nothing_ran(&p);
	const cJSON *item = person_item(w->person, "write_file", "held");
	CHECK_HAS(w, pick_text(item, "said"), "the rules would allow it now");
	CHECK_INT(w, approve(&p), 0);
	client_expect_text(p.c, "1", "written");
	CHECK(w, world_file_is(inside, "x"));
}

static void put_rules(struct world *w, const char *text)
{
	char *dir = world_file(w->root, "config"), *path = world_file(dir, "policy.rules");
	mkdir(dir, 0700);
	world_put(path, text);
	chmod(path, 0600);
	free(dir);
	free(path);
}

static void what_the_rules_deny_stays_denied(struct world *w)
{
	char *rule = xasprintf("version 1\ndeny write %s/never.txt  # never\n", w->outside);
	put_rules(w, rule);
	struct play p = begin(w, NULL);
	edited(&p, args_write(world_file(w->outside, "never.txt"), "x"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	CHECK_HAS(w, pick_text(item, "said"), "the rules deny it like this");
	CHECK_INT(w, approve(&p), NOT_WAITING);
	nothing_ran(&p);
	edited(&p, args_write(p.path, "y"));
	CHECK_INT(w, approve(&p), 0);
	client_expect_text(p.c, "1", "written");
	CHECK(w, world_file_is(p.path, "y"));
}

static void what_is_no_object_is_refused(struct world *w)
{
	struct play p = begin(w, NULL);
	CHECK_INT(w, pick_int(edit(&p, "[1]"), "error.code"), NOT_UNDERSTOOD);
	CHECK_INT(w, pick_int(edit(&p, "null"), "error.code"), NOT_UNDERSTOOD);
	CHECK_INT(w, pick_int(edit(&p, "{\"path\":\r1}"), "error.code"), NOT_UNDERSTOOD);
	p.revision++;
	CHECK_INT(w, pick_int(edit(&p, "{}"), "error.code"), CHANGED);
	p.revision--;
	CHECK_INT(w, approve(&p), 0);
	client_expect_text(p.c, "1", "written");
	CHECK(w, world_file_is(p.path, "proposed"));
	CHECK(w, !pick(event(&p), "edit"));
}

static void what_was_withdrawn_is_not_edited(struct world *w)
{
	struct play p = begin(w, NULL);
	const cJSON *item = person_item(w->person, "write_file", "held");
	client_cancel(p.c, "1");
	CHECK_TEXT(w, person_gone(w->person, item), "withdrawn");
	CHECK_INT(w, pick_int(edit(&p, "{}"), "error.code"), NOT_WAITING);
	nothing_ran(&p);
}

static void a_parked_call_is_not_edited(struct world *w)
{
	struct play p = begin(w, soon);
	client_expect_refusal(p.c, "1");
	take(&p, person_item(w->person, "write_file", "parked"));
	CHECK_INT(w, pick_int(edit(&p, "{}"), "error.code"), NOT_WAITING);
	nothing_ran(&p);
}

/* What is armed is what was approved: the edited call, which the agent is told. */
static void an_edited_call_that_parks_stays_edited(struct world *w)
{
	struct play p = begin(w, soon);
	char *effective = args_write(p.path, "edited");
	edited(&p, effective);
	const char *words = client_expect_refusal(p.c, "1");
	CHECK_HAS(w, words, "changed the arguments");
	CHECK_HAS(w, words, effective);
	take(&p, person_item(w->person, "write_file", "parked"));
	CHECK_INT(w, approve(&p), 0);
	client_call(p.c, "2", "write_file", p.proposed);
	const cJSON *again = person_item(w->person, "write_file", "held");
	CHECK(w, pick_int(again, "number") != p.number);
	nothing_ran(&p);
	client_call(p.c, "3", "write_file", effective);
	client_expect_text(p.c, "3", "written");
	CHECK(w, world_file_is(p.path, "edited"));
}

static void it_outlives_the_broker(struct world *w)
{
	struct play p = begin(w, NULL);
	char *effective = args_write(p.path, "edited");
	edited(&p, effective);
	world_broker_kill(w);
	world_broker(w);
	const cJSON *item = person_item(w->person, "write_file", "held");
	CHECK(w, pick_text(item, "edited_by")[0]);
	take(&p, item);
	nothing_ran(&p);
	CHECK_INT(w, approve(&p), 0);
	client_expect_text(p.c, "1", "written");
	CHECK(w, world_file_is(p.path, "edited"));
	history_row(w, "write_file", "done");
	history_has_both(&p, effective);
}

/* The broker dies when the edit is recorded, and before; what comes back is the edited call, or the
 * proposed one, and what is approved is what was shown. */
static void a_death_in_between_mixes_nothing(struct world *w)
{
	struct play p = begin(w, NULL);
	char *params = xasprintf("{\"call\":\"%s\",\"revision\":%lld,\"arguments\":%s}", p.call,
		(long long)p.revision, args_write(p.path, "edited"));
	peer_send(&w->person->peer,
		"{\"jsonrpc\":\"2.0\",\"id\":\"e\",\"method\":\"edit\",\"params\":%s}", params);
	world_broker_kill(w);
	world_broker(w);
	const cJSON *item = person_item(w->person, "write_file", "held");
	bool is_edited = pick_text(item, "edited_by")[0];
	const cJSON *shown = person_show(w->person, item);
	CHECK_TEXT(
		w, pick_text(shown, "params.arguments.content"), is_edited ? "edited" : "proposed");
	take(&p, item);
	CHECK_INT(w, approve(&p), 0);
	client_expect_text(p.c, "1", "written");
	CHECK(w, world_file_is(p.path, is_edited ? "edited" : "proposed"));
}

/* Nothing that a secret was found in is kept. */
static void secrets_are_not_kept(struct world *w)
{
	struct play p = begin(w, NULL);
	edited(&p, args_write(p.path, "ghp_R7kd92LmQx0ZbVt4HsYw1PcJ8uNfAe3GiT6o"));
	const cJSON *kept = pick(event(&p), "edit");
	CHECK(w, pick_text(kept, "by")[0]);
	CHECK(w, cJSON_IsNull(pick(kept, "proposed")));
	CHECK(w, cJSON_IsNull(pick(kept, "effective")));
}

static const struct e2e_case cases[] = {
	{ "inv02_edited_bytes_are_the_bytes_forwarded", inv02_edited_bytes_are_the_bytes_forwarded,
		0 },
	{ "a_second_edit_keeps_what_the_client_sent", a_second_edit_keeps_what_the_client_sent, 0 },
	{ "an_edit_releases_nothing", an_edit_releases_nothing, 0 },
	{ "what_the_rules_deny_stays_denied", what_the_rules_deny_stays_denied, 0 },
	{ "what_is_no_object_is_refused", what_is_no_object_is_refused, 0 },
	{ "what_was_withdrawn_is_not_edited", what_was_withdrawn_is_not_edited, 0 },
	{ "a_parked_call_is_not_edited", a_parked_call_is_not_edited, 0 },
	{ "an_edited_call_that_parks_stays_edited", an_edited_call_that_parks_stays_edited, 0 },
	{ "it_outlives_the_broker", it_outlives_the_broker, 0 },
	{ "a_death_in_between_mixes_nothing", a_death_in_between_mixes_nothing, 0 },
	{ "secrets_are_not_kept", secrets_are_not_kept, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
