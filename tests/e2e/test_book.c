/* What consoles are told of the rules in force and of the servers: how often a rule decided, since
 * when its line says so, what is known of a server's tools. */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *put_rules(struct world *w, const char *text)
{
	char *dir = world_file(w->root, "config");
	mkdir(dir, 0700);
	char *path = world_file(dir, "policy.rules"), *fresh = xasprintf("%s.new", path);
	world_put(fresh, text);
	chmod(fresh, 0600);
	CHECK(w, rename(fresh, path) == 0);
	free(fresh);
	free(dir);
	return path;
}

static const cJSON *in_list(const cJSON *list, const char *name, const char *value)
{
	const cJSON *each;
	cJSON_ArrayForEach(each, list)
	{
		if (strcmp(pick_text(each, name), value) == 0) {
			return each;
		}
	}
	return NULL;
}

static const cJSON *book(struct world *w)
{
	return pick(person_ask(w->person, "rules", "{}"), "result");
}

static void a_rule_counts_its_calls(struct world *w)
{
	char *path = world_file(w->outside, "a.txt");
	char *rules = xasprintf("version 1\n\n# for the notes\nallow read %s/**  # all of them\n"
				"  ok  %s/x\n",
		w->outside, w->outside);
	world_put(path, "outside");
	char *file = put_rules(w, rules);
	char *id = xasprintf("%s:4", file);
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	client_call(c, "1", "read_text_file", args_path(path));
	client_expect_text(c, "1", "outside");
	client_call(c, "2", "read_text_file", args_path(path));
	client_expect_text(c, "2", "outside");
	const cJSON *b = book(w);
	const cJSON *rule = in_list(pick(b, "rules"), "rule", id);
	CHECK_TEXT(w, pick_text(rule, "level"), "user");
	CHECK_TEXT(w, pick_text(rule, "verdict"), "allow");
	CHECK_TEXT(w, pick_text(rule, "comment"), "for the notes all of them");
	CHECK_HAS(w, pick_text(rule, "examples.0.text"), "/x");
	const cJSON *hits = in_list(pick(b, "hits"), "rule", id);
	CHECK(w, pick_int(hits, "count") == 2);
	CHECK_TEXT(w, pick_text(hits, "calls.0.tool"), "read_text_file");
	CHECK_HAS(w, pick_text(hits, "calls.1.target"), "a.txt");
	CHECK(w, in_list(pick(b, "rules"), "level", "built-in"));
	/* the rule leads to its calls, and to no others */
	client_call(c, "3", "list_allowed_directories", "{}");
	client_expect_text(c, "3", "list_allowed_directories");
	char *ask = xasprintf("{\"rule\":\"%s\"}", id);
	const cJSON *page = person_ask(w->person, "history", ask);
	CHECK(w, cJSON_GetArraySize(pick(page, "result.calls")) == 2);
	CHECK_TEXT(w, pick_text(page, "result.calls.0.rule"), id);
	free(ask);
	free(id);
	free(file);
	free(rules);
	free(path);
}

/* The hits of a line are those of what it says now. */
static void a_changed_line_begins_anew(struct world *w)
{
	char *path = world_file(w->outside, "a.txt");
	char *before = xasprintf("version 1\nallow read %s/**\n", w->outside);
	char *after = xasprintf("version 1\nallow read %s/*\n", w->outside);
	world_put(path, "outside");
	char *id = xasprintf("%s:2", put_rules(w, before));
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	client_call(c, "1", "read_text_file", args_path(path));
	client_expect_text(c, "1", "outside");
	CHECK(w, pick_int(in_list(pick(book(w), "hits"), "rule", id), "count") == 1);
	world_broker_kill(w); /* what is known of the lines outlives the broker */
	world_broker(w);
	CHECK(w, pick_int(in_list(pick(book(w), "hits"), "rule", id), "count") == 1);
	put_rules(w, after);
	for (int i = 0; i < 500; i++) {
		const cJSON *rule = in_list(pick(book(w), "rules"), "rule", id);
		if (rule && strstr(pick_text(rule, "text"), "/*") &&
			!strstr(pick_text(rule, "text"), "/**")) {
			break;
		}
		CHECK(w, i < 499);
		usleep(10000);
	}
	CHECK(w, !in_list(pick(book(w), "hits"), "rule", id));
	put_rules(w, "version 1\nalow read /x\n");
	for (int i = 0; !cJSON_GetArraySize(pick(book(w), "broken")); i++) {
		CHECK(w, i < 499);
		usleep(10000);
	}
	CHECK_HAS(w, pick_text(book(w), "broken.0"), "policy.rules:2");
	CHECK(w, in_list(pick(book(w), "rules"), "rule", id)); /* what was in force still is */
	free(id);
	free(before);
	free(after);
	free(path);
}

static const struct e2e_case cases[] = {
	{ "a_rule_counts_its_calls", a_rule_counts_its_calls, 0 },
	{ "a_changed_line_begins_anew", a_changed_line_begins_anew, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
