/*
 * Policy in the running program: rule files and their reload, the project's own, what a yes leaves
 * behind, definitions that change, arguments that do not fit.
 */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *rules_path(struct world *w)
{
	char *dir = world_file(w->root, "config");
	mkdir(dir, 0700);
	char *path = world_file(dir, "policy.rules");
	free(dir);
	return path;
}

static void put_rules(struct world *w, const char *text)
{
	char *path = rules_path(w), *fresh = xasprintf("%s.new", path);
	world_put(fresh, text);
	chmod(fresh, 0600);
	CHECK(w, rename(fresh, path) == 0);
	free(fresh);
	free(path);
}

static struct client *open_client(struct world *w)
{
	world_broker(w);
	return client_open(w, &(struct launch){ 0 });
}

/* Held, or answered: one of both comes. True: held. */
static bool is_held(struct world *w, struct client *c, const char *id, const char *tool)
{
	for (int i = 0; i < 2000; i++) {
		char *ping = xasprintf("\"ping-%s-%d\"", id, i);
		client_ping(c, ping);
		free(ping);
		if (person_waiting(w->person) && person_look(w->person, tool, "held")) {
			return true;
		}
		if (peer_look(&c->peer, match_reply, id)) {
			return false;
		}
		usleep(1000);
	}
	world_fail(w, "neither held nor answered");
}

/* Reads a file outside until the answer is what is waited for: a reload takes its time. */
static void until_read(struct world *w, struct client *c, const char *path)
{
	for (int i = 0; i < 100; i++) {
		char *id = xasprintf("%d", 1000 + i);
		client_call(c, id, "read_text_file", args_path(path));
		if (!is_held(w, c, id, "read_text_file")) {
			client_expect_text(c, id, "outside");
			free(id);
			return;
		}
		person_deny(w->person, person_look(w->person, "read_text_file", "held"), "not yet");
		client_expect_refusal(c, id);
		free(id);
	}
	world_fail(w, "the rules were never read again");
}

static void a_rule_of_the_user_allows(struct world *w)
{
	char *path = world_file(w->outside, "a.txt");
	char *rules = xasprintf("version 1\nallow read %s/**\n", w->outside);
	world_put(path, "outside");
	put_rules(w, rules);
	struct client *c = open_client(w);
	client_call(c, "1", "read_text_file", args_path(path));
	client_expect_text(c, "1", "outside");
	free(rules);
	free(path);
}

static void rules_are_read_again(struct world *w)
{
	char *path = world_file(w->outside, "a.txt");
	char *rules = xasprintf("version 1\nallow read %s/**\n", w->outside);
	world_put(path, "outside");
	struct client *c = open_client(w);
	client_call(c, "1", "read_text_file", args_path(path));
	const cJSON *item = person_item(w->person, "read_text_file", "held");
	put_rules(w, rules);
	/* what waits is not released by it, but said */
	for (int i = 0; i < 500; i++) {
		const cJSON *now = person_look(w->person, "read_text_file", "held");
		if (now && pick_text(now, "said") &&
			strstr(pick_text(now, "said"), "would allow")) {
			break;
		}
		CHECK(w, i < 499);
		usleep(10000);
	}
	CHECK(w, !peer_look(&c->peer, match_reply, "1"));
	person_approve(w->person, item);
	client_expect_text(c, "1", "outside");
	until_read(w, c, path);
	free(rules);
	free(path);
}

static void a_broken_file_leaves_the_last_good_one(struct world *w)
{
	char *path = world_file(w->outside, "a.txt");
	char *rules = xasprintf("version 1\nallow read %s/**\n", w->outside);
	world_put(path, "outside");
	put_rules(w, rules);
	struct client *c = open_client(w);
	put_rules(w, "version 1\nallow raed src/**\n");
	peer_wait(&w->person->peer, match_text, "policy.rules:2", "the trouble");
	client_call(c, "1", "read_text_file", args_path(path));
	client_expect_text(c, "1", "outside");
	free(rules);
	free(path);
}

static void a_broken_file_at_first_holds_everything(struct world *w)
{
	char *path = world_file(w->work, "a.txt");
	world_put(path, "inside");
	put_rules(w, "version 1\nallow raed src/**\n");
	struct client *c = open_client(w);
	client_call(c, "1", "read_text_file", args_path(path));
	const cJSON *item = person_item(w->person, "read_text_file", "held");
	person_approve(w->person, item);
	client_expect_text(c, "1", "inside");
	free(path);
}

static void a_project_can_only_tighten(struct world *w)
{
	char *path = world_file(w->work, "a.txt"), *dir = world_file(w->work, ".bascule");
	char *rules = world_file(dir, "policy.rules"), *outside = world_file(w->outside, "b.txt");
	char *allow = xasprintf("version 1\nallow read %s/**\n", w->outside);
	world_put(path, "inside");
	world_put(outside, "outside");
	CHECK(w, mkdir(dir, 0700) == 0);
	world_put(rules, "version 1\nhold read a.txt\n");
	chmod(rules, 0600);
	struct client *c = open_client(w);
	client_call(c, "1", "read_text_file", args_path(path));
	const cJSON *item = person_item(w->person, "read_text_file", "held");
	CHECK_HAS(w, pick_text(item, "rule"), ".bascule/policy.rules:2");
	person_deny(w->person, item, "no");
	client_expect_refusal(c, "1");
	/* a file that allows is broken, and what it might have held is held */
	world_put(rules, allow);
	client_call(c, "2", "read_text_file", args_path(outside));
	person_deny(w->person, person_item(w->person, "read_text_file", "held"), "no");
	client_expect_refusal(c, "2");
	client_call(c, "3", "read_text_file", args_path(path));
	person_deny(w->person, person_item(w->person, "read_text_file", "held"), "no");
	client_expect_refusal(c, "3");
	free(path);
	free(dir);
	free(rules);
	free(outside);
	free(allow);
}

static void approve_with(struct world *w, const cJSON *item, const char *grant)
{
	const cJSON *shown = person_show(w->person, item);
	char *params = xasprintf("{\"call\":\"%s\",\"revision\":%lld,\"decision\":\"approve\","
				 "\"grant\":%s}",
		pick_text(item, "call"), (long long)pick_int(shown, "revision"), grant);
	const cJSON *answer = person_ask(w->person, "decide", params);
	CHECK(w, pick(answer, "result.state"));
	free(params);
}

static size_t counted(struct world *w)
{
	person_ask(w->person, "grants", "{}"); /* reads what has come */
	return peer_count(&w->person->peer, match_method, "counters");
}

static void a_grant_covers_its_form_and_no_more(struct world *w)
{
	char *path = world_file(w->outside, "a.txt"), *other = world_file(w->outside, "b.txt");
	world_put(path, "outside");
	world_put(other, "another");
	struct client *c = open_client(w);
	client_call(c, "1", "read_text_file", args_path(path));
	approve_with(w, person_item(w->person, "read_text_file", "held"), "{\"width\":\"exact\"}");
	client_expect_text(c, "1", "outside");
	client_call(c, "2", "read_text_file", args_path(path));
	client_expect_text(c, "2", "outside");
	client_call(c, "3", "read_text_file", args_path(other));
	person_deny(w->person, person_item(w->person, "read_text_file", "held"), "no");
	client_expect_refusal(c, "3");
	const cJSON *grants = person_ask(w->person, "grants", "{}");
	CHECK_INT(w, pick_int(grants, "result.grants.0.used"), 1);
	char *revoke = xasprintf(
		"{\"grant\":%lld}", (long long)pick_int(grants, "result.grants.0.grant"));
	size_t told = counted(w);
	for (int i = 0; i < 40; i++) { /* counters come four times a second while they change */
		usleep(10000);
		i = counted(w) == told ? i : 0;
		told = counted(w);
	}
	CHECK(w, pick(person_ask(w->person, "revoke", revoke), "result"));
	for (int i = 0; counted(w) == told; i++) { /* other consoles list it */
		CHECK(w, i < 300);
		usleep(10000);
	}
	client_call(c, "4", "read_text_file", args_path(path));
	person_deny(w->person, person_item(w->person, "read_text_file", "held"), "no");
	client_expect_refusal(c, "4");
	free(revoke);
	free(path);
	free(other);
}

static void a_grant_is_used_up(struct world *w)
{
	char *path = world_file(w->outside, "a.txt");
	world_put(path, "outside");
	struct client *c = open_client(w);
	client_call(c, "1", "read_text_file", args_path(path));
	approve_with(w, person_item(w->person, "read_text_file", "held"),
		"{\"width\":\"exact\",\"uses\":1}");
	client_expect_text(c, "1", "outside");
	client_call(c, "2", "read_text_file", args_path(path));
	client_expect_text(c, "2", "outside");
	client_call(c, "3", "read_text_file", args_path(path));
	person_item(w->person, "read_text_file", "held");
	free(path);
}

static void a_grant_is_of_its_session(struct world *w)
{
	char *path = world_file(w->outside, "a.txt");
	world_put(path, "outside");
	world_broker(w);
	struct client *one = client_open(w, &(struct launch){ .own_agent = true });
	struct client *two = client_open(w, &(struct launch){ .as = "two", .own_agent = true });
	client_call(one, "1", "read_text_file", args_path(path));
	approve_with(w, person_item(w->person, "read_text_file", "held"), "{\"width\":\"exact\"}");
	client_expect_text(one, "1", "outside");
	client_call(two, "1", "read_text_file", args_path(path));
	person_item(w->person, "read_text_file", "held");
	free(path);
}

/* What was denied before is counted: the effects are written a moment after the verdict. */
static void until_denied(struct world *w, const char *json)
{
	for (int i = 0; i < 500; i++) {
		const cJSON *answer = person_ask(w->person, "try_rule", json);
		CHECK(w, pick(answer, "result"));
		if (pick_int(answer, "result.denied") == 1) {
			return;
		}
		usleep(10000);
	}
	world_fail(w, "the call that was denied is not among those that the rule would allow");
}

static void a_rule_is_offered_tried_and_saved(struct world *w)
{
	char *path = world_file(w->outside, "a.txt"), *file = rules_path(w);
	struct buf text = { 0 };
	world_put(path, "outside");
	struct client *c = open_client(w);
	client_call(c, "0", "read_text_file", args_path(path));
	person_deny(w->person, person_item(w->person, "read_text_file", "held"), "no");
	client_expect_refusal(c, "0");
	client_call(c, "1", "read_text_file", args_path(path));
	const cJSON *item = person_item(w->person, "read_text_file", "held");
	char *params = xasprintf("{\"call\":\"%s\"}", pick_text(item, "call"));
	const cJSON *offers = person_ask(w->person, "offers", params);
	const char *rule = pick_text(offers, "result.rule");
	CHECK(w, rule[0]);
	cJSON *save = cJSON_CreateObject();
	cJSON_AddStringToObject(save, "call", pick_text(item, "call"));
	cJSON_AddStringToObject(save, "rule", rule);
	char *json = cJSON_PrintUnformatted(save);
	until_denied(w, json);
	CHECK(w, pick(person_ask(w->person, "save_rule", json), "result"));
	world_get(file, &text);
	CHECK_HAS(w, buf_cstr(&text), rule);
	cJSON_ReplaceItemInObject(save, "rule", cJSON_CreateString("allow read /**\n"));
	char *other = cJSON_PrintUnformatted(save);
	CHECK(w, pick(person_ask(w->person, "save_rule", other), "error"));
	person_deny(w->person, item, "no");
	client_expect_refusal(c, "1");
	until_read(w, c, path);
	cJSON_free(other);
	cJSON_free(json);
	cJSON_Delete(save);
	buf_finish(&text);
	free(params);
	free(path);
	free(file);
}

static void a_changed_definition_is_held(struct world *w)
{
	static const char *const changing[] = { "--changing", NULL };
	char *path = world_file(w->work, "a.txt");
	world_put(path, "inside");
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ .server = changing });
	client_call(c, "1", "read_text_file", args_path(path));
	client_expect_text(c, "1", "inside");
	client_list(c);
	client_call(c, "2", "read_text_file", args_path(path));
	const cJSON *item = person_item(w->person, "read_text_file", "held");
	CHECK_HAS(w, pick_text(item, "reason"), "changed");
	person_approve(w->person, item);
	client_expect_text(c, "2", "inside");
	client_call(c, "3", "read_text_file", args_path(path));
	client_expect_text(c, "3", "inside");
	free(path);
}

static void hidden_characters_and_secrets_are_held(struct world *w)
{
	char *path = world_file(w->work, "a.txt");
	struct client *c = open_client(w);
	client_call(c, "1", "write_file", args_write(path, "red \\u001b[31m"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	CHECK_HAS(w, pick_text(item, "reason"), "hidden");
	person_deny(w->person, item, "no");
	client_expect_refusal(c, "1");
	client_call(c, "2", "write_file",
		args_write(path, "token ghp_R7kd92LmQx0ZbVt4HsYw1PcJ8uNfAe3GiT6o"));
	item = person_item(w->person, "write_file", "held");
	CHECK_HAS(w, pick_text(item, "reason"), "github");
	CHECK_LACKS(w, pick_text(item, "reason"), "R7kd92");
	person_deny(w->person, item, "no");
	client_expect_refusal(c, "2");
	free(path);
}

/* Learned on a thread when the gate says its scope: asked until it is known. */
static void values_of_dotenv_files_are_secrets(struct world *w)
{
	char *env = world_file(w->work, ".env"), *path = world_file(w->work, "a.txt");
	world_put(env, "PORT=3000\nPAYMENT_TOKEN=q7Zt2mK9xV4bR8sL\n");
	struct client *c = open_client(w);
	const cJSON *item = NULL;
	for (int i = 0; i < 200 && !item; i++) {
		char *id = xasprintf("%d", 10 + i);
		client_call(c, id, "write_file", args_write(path, "x = q7Zt2mK9xV4bR8sL"));
		item = is_held(w, c, id, "write_file")
			? person_look(w->person, "write_file", "held")
			: NULL;
		free(id);
	}
	CHECK(w, item);
	CHECK_HAS(w, pick_text(item, "reason"), "secret");
	CHECK_LACKS(w, pick_text(item, "reason"), "q7Zt2mK9");
	free(env);
	free(path);
}

/* A server of the user's own: its profile is a file. */
static struct client *open_own(struct world *w, const char *tools)
{
	char *config = world_file(w->root, "config"), *dir = world_file(config, "profiles");
	char *path = world_file(dir, "mine.profile");
	char *text = xasprintf("profile mine\nrelative cwd\n%s", tools);
	mkdir(config, 0700);
	CHECK(w, mkdir(dir, 0700) == 0);
	world_put(path, text);
	chmod(path, 0600);
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ .name = "mine", .profile = "mine" });
	free(text);
	free(path);
	free(dir);
	free(config);
	return c;
}

static void a_profile_of_the_user_is_used(struct world *w)
{
	struct client *c = open_own(
		w, "tool echo  nothing\ntool search_files  path=list pattern=text\n");
	client_call(c, "1", "echo", "{}");
	client_expect_text(c, "1", "");
	client_call(c, "2", "search_files", "{\"path\":\"/etc\",\"pattern\":\"x\"}");
	CHECK_HAS(w, pick_text(person_item(w->person, "search_files", "held"), "reason"),
		"outside the scope");
}

/* The second one's branch may be another once the first has run: it is looked at then. */
static void facts_wait_for_what_may_change_them(struct world *w)
{
	const char *const branch[] = { "git", "checkout", "-q", "-b", "feature/x", NULL };
	CHECK_INT(w, world_run(w, branch, w->work, NULL), 0);
	struct client *c = open_own(w, "tool sleep  commit ms=number\ntool echo  commit\n");
	client_call(c, "1", "sleep", "{\"ms\":300}");
	client_call(c, "2", "echo", "{}");
	client_ping(c, "9");
	CHECK(w, !world_seen(w, "\"echo\""));
	client_expect_text(c, "1", "");
	client_expect_text(c, "2", "");
	CHECK(w, world_seen(w, "\"echo\""));
}

/* Asked for, the answer says what is in force by then, or what is wrong with it. */
static void the_rules_are_read_again(struct world *w)
{
	world_broker(w);
	put_rules(w, "version 1\nallow read /x/*\n");
	const cJSON *answer = person_ask(w->person, "reload", "{}");
	CHECK_TEXT(w, pick_text(answer, "result.policy.files"), "policy.rules");
	CHECK_TEXT(w, pick_text(answer, "result.trouble"), "");
	put_rules(w, "version 1\nalow read /x/*\n");
	answer = person_ask(w->person, "reload", "{}");
	CHECK_HAS(w, pick_text(answer, "result.trouble"), "policy.rules:2");
}

int main(int argc, char **argv)
{
	static const struct e2e_case cases[] = {
		{ "the_rules_are_read_again", the_rules_are_read_again, 0 },
		{ "a_rule_of_the_user_allows", a_rule_of_the_user_allows, 0 },
		{ "rules_are_read_again", rules_are_read_again, 0 },
		{ "a_broken_file_leaves_the_last_good_one", a_broken_file_leaves_the_last_good_one,
			0 },
		{ "a_broken_file_at_first_holds_everything",
			a_broken_file_at_first_holds_everything, 0 },
		{ "a_project_can_only_tighten", a_project_can_only_tighten, 0 },
		{ "a_grant_covers_its_form_and_no_more", a_grant_covers_its_form_and_no_more, 0 },
		{ "a_grant_is_used_up", a_grant_is_used_up, 0 },
		{ "a_grant_is_of_its_session", a_grant_is_of_its_session, 0 },
		{ "a_rule_is_offered_tried_and_saved", a_rule_is_offered_tried_and_saved, 0 },
		{ "a_changed_definition_is_held", a_changed_definition_is_held, 0 },
		{ "hidden_characters_and_secrets_are_held", hidden_characters_and_secrets_are_held,
			0 },
		{ "a_profile_of_the_user_is_used", a_profile_of_the_user_is_used, 0 },
		{ "facts_wait_for_what_may_change_them", facts_wait_for_what_may_change_them, 0 },
		{ "values_of_dotenv_files_are_secrets", values_of_dotenv_files_are_secrets, 0 },
	};
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
