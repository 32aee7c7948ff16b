/* A call that was denied and comes again: the agent is told so, the person sees it. */
#include "config.h"

#include "tests/e2e/asked.h"
#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char outside[] = "create_directory";

static const cJSON *held(struct world *w)
{
	return person_item(w->person, outside, "held");
}

static int count_of(const cJSON *item)
{
	return pick(item, "denied_before") ? (int)pick_int(item, "denied_before.count") : 0;
}

/* Asks, expects so many denials before, denies; what the agent is told, valid until the next. */
static const char *deny(
	struct world *w, struct client *c, const char *id, const char *path, int before)
{
	client_call(c, id, outside, args_path(path));
	const cJSON *item = held(w);
	CHECK_INT(w, count_of(item), before);
	person_deny(w->person, item, "not there");
	return client_expect_refusal(c, id);
}

static void the_third_time_it_is_told(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	CHECK_LACKS(w, deny(w, c, "1", "/outside/1", 0), "before");
	client_call(c, "2", outside, args_path("/outside/1"));
	const cJSON *item = held(w);
	int64_t first = pick_int(item, "denied_before.number");
	CHECK_INT(w, count_of(item), 1);
	CHECK_TEXT(w, pick_text(item, "denied_before.reason"), "not there");
	CHECK(w, pick_int(item, "denied_before.at") > 0 && first > 0);
	CHECK(w, first < pick_int(item, "number"));
	person_deny(w->person, item, "still not");
	char *once = xasprintf("Reason: still not. This was denied before (#%lld, 1 time). Do not "
			       "retry it; ask the user.",
		(long long)first);
	CHECK_HAS(w, client_expect_refusal(c, "2"), once);
	CHECK_HAS(w, deny(w, c, "3", "/outside/1", 2), "2 times). Do not retry it; ask the user.");
	free(once);
}

static void another_call_is_another(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	deny(w, c, "1", "/outside/1", 0);
	CHECK_LACKS(w, deny(w, c, "2", "/outside/2", 0), "before");
}

static void a_yes_takes_it_back(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	deny(w, c, "1", "/outside/1", 0);
	client_call(c, "2", outside, args_path("/outside/1"));
	person_approve(w->person, held(w));
	client_expect_text(c, "2", outside);
	deny(w, c, "3", "/outside/1", 0);
}

static void put_rules(struct world *w, const char *rules)
{
	char *dir = world_file(w->root, "config"), *path = world_file(dir, "policy.rules");
	mkdir(dir, 0700);
	world_put(path, rules);
	chmod(path, 0600);
	free(path);
	free(dir);
}

static void a_rule_that_denies_counts_too(struct world *w)
{
	put_rules(w, "version 1\ndeny write /outside/**\n");
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	client_call(c, "1", outside, args_path("/outside/1"));
	CHECK_LACKS(w, client_expect_refusal(c, "1"), "before");
	client_call(c, "2", outside, args_path("/outside/1"));
	const char *words = client_expect_refusal(c, "2");
	CHECK_HAS(w, words, "Denied by the user's approval policy.");
	CHECK_HAS(w, words, "1 time). Do not retry it; ask the user.");
}

/* What was denied by a rule that is gone is not held against who asks again. */
static void once_allowed_it_is_forgotten(struct world *w)
{
	char *call = args_path("/outside/1");
	put_rules(w, "version 1\ndeny write /outside/**\n");
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	client_call(c, "1", outside, call);
	client_expect_refusal(c, "1");
	put_rules(w, "version 1\nallow write mkdir /outside/*\n");
	person_ask(w->person, "reload", "{}");
	client_call(c, "2", outside, call);
	client_expect_text(c, "2", outside);
	put_rules(w, "version 1\n");
	person_ask(w->person, "reload", "{}");
	client_call(c, "3", outside, call);
	CHECK_INT(w, count_of(held(w)), 0);
}

/* A rule that comes while the call waits. */
static void a_new_rule_is_no_person(struct world *w)
{
	put_rules(w, "version 1\n");
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	client_call(c, "1", outside, args_path("/outside/1"));
	held(w);
	put_rules(w, "version 1\ndeny write /outside/**\n");
	const char *words = client_expect_refusal(c, "1");
	CHECK_HAS(w, words, "Denied by the user's approval policy.");
	CHECK_LACKS(w, words, "Denied by the user.");
}

/* Each of a hook's calls is a gate of its own; the session is the agent's. */
static void a_hook_is_told_the_same(struct world *w)
{
	static const char input[] = "{\"command\":\"rm -rf /outside\"}";
	world_broker(w);
	char *text = asked_claude(w, "s-1", "Bash", input);
	struct asked first = asked_start(w, "claude", text);
	asked_accept(w);
	person_deny(w->person, person_item(w->person, "Bash", "held"), "use make clean");
	char *said = asked_said(&first, 2);
	CHECK_HAS(w, said, "use make clean");
	CHECK_LACKS(w, said, "denied before");
	struct asked second = asked_start(w, "claude", text);
	const cJSON *item = person_item(w->person, "Bash", "held");
	CHECK_INT(w, count_of(item), 1);
	person_deny(w->person, item, "no");
	CHECK_HAS(w, asked_said(&second, 2), "1 time). Do not retry it; ask the user.");
	char *other = asked_claude(w, "s-2", "Bash", input);
	struct asked third = asked_start(w, "claude", other);
	item = person_item(w->person, "Bash", "held");
	CHECK_INT(w, count_of(item), 0);
	person_deny(w->person, item, "no");
	CHECK_LACKS(w, asked_said(&third, 2), "denied before");
}

/* What the refusal names is called next, and passes unasked. */
static void what_is_offered_passes(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	char *inside = world_file(w->work, "offered"),
	     *offer = xasprintf("Allowed without asking: a new directory such as %s.", inside);
	CHECK_HAS(w, deny(w, c, "1", "/outside/offered", 0), offer);
	client_call(c, "2", outside, args_path(inside));
	client_expect_text(c, "2", outside);
	CHECK_INT(w, (int)person_waiting(w->person), 0);
	free(offer);
	free(inside);
}

/* Under a rule that holds it, it is not offered. */
static void what_is_held_is_not_offered(struct world *w)
{
	put_rules(w, "version 1\nhold write mkdir\n");
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	CHECK_LACKS(w, deny(w, c, "1", "/outside/offered", 0), "Allowed without asking");
}

static char *bash(struct world *w, const char *command)
{
	char *input = xasprintf("{\"command\":\"%s\"}", command),
	     *text = asked_claude(w, "s-1", "Bash", input);
	free(input);
	return text;
}

static void passes(struct world *w, const char *command)
{
	struct asked asked = asked_start(w, "claude", bash(w, command));
	CHECK_HAS(w, asked_said(&asked, 0), "\"permissionDecision\":\"allow\"");
}

static void a_branch_is_offered_and_passes(struct world *w)
{
	world_broker(w);
	struct asked asked = asked_start(w, "claude", bash(w, "git commit -m x"));
	asked_accept(w);
	person_deny(w->person, person_item(w->person, "Bash", "held"), "not on main");
	char *said = asked_said(&asked, 2);
	CHECK_HAS(w, said, "Reason: not on main. Do not retry");
	CHECK_HAS(w, said,
		"Allowed without asking: committing on a branch of its own, such as "
		"feature/change, created in a call before.");
	passes(w, "git switch -c feature/change");
	world_put(world_file(w->work, ".git/HEAD"), "ref: refs/heads/feature/change\n");
	passes(w, "git commit -m x");
	CHECK_INT(w, (int)person_waiting(w->person), 0);
}

static const struct e2e_case cases[] = {
	{ "the_third_time_it_is_told", the_third_time_it_is_told, 0 },
	{ "another_call_is_another", another_call_is_another, 0 },
	{ "a_yes_takes_it_back", a_yes_takes_it_back, 0 },
	{ "a_rule_that_denies_counts_too", a_rule_that_denies_counts_too, 0 },
	{ "once_allowed_it_is_forgotten", once_allowed_it_is_forgotten, 0 },
	{ "a_new_rule_is_no_person", a_new_rule_is_no_person, 0 },
	{ "a_hook_is_told_the_same", a_hook_is_told_the_same, 0 },
	{ "what_is_offered_passes", what_is_offered_passes, 0 },
	{ "what_is_held_is_not_offered", what_is_held_is_not_offered, 0 },
	{ "a_branch_is_offered_and_passes", a_branch_is_offered_and_passes, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
