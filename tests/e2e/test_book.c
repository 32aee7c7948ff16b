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

static const cJSON *only_server(struct world *w)
{
	const cJSON *answer = person_ask(w->person, "servers", "{}");
	for (int i = 0; pick_int(answer, "result.servers_all") != 1; i++) {
		CHECK(w, i < 499); /* its gate is on its way back */
		usleep(10000);
		answer = person_ask(w->person, "servers", "{}");
	}
	return pick(answer, "result.servers.0");
}

/* Until its gate has told what is waited for. */
static const cJSON *server_tool(struct world *w, const char *tool, const char *pin)
{
	for (int i = 0; i < 500; i++) {
		const cJSON *found = in_list(pick(only_server(w), "tools"), "name", tool);
		if (found && strcmp(pick_text(found, "pin"), pin) == 0) {
			return found;
		}
		usleep(10000);
	}
	CHECK(w, !"the tool with that pin");
	return NULL;
}

static bool says(const cJSON *list, const char *word)
{
	const cJSON *each;
	cJSON_ArrayForEach(each, list)
	{
		if (cJSON_IsString(each) && strcmp(each->valuestring, word) == 0) {
			return true;
		}
	}
	return false;
}

static void a_server_and_its_tools(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	const cJSON *tool = server_tool(w, "write_file", "new");
	CHECK(w, says(pick(tool, "says"), "destructiveHint"));
	CHECK(w, !says(pick(tool, "says"), "readOnlyHint"));
	CHECK(w, cJSON_IsTrue(pick(tool, "known")));
	CHECK(w, cJSON_IsFalse(pick(server_tool(w, "twice", "new"), "known")));
	client_call(c, "1", "list_allowed_directories", "{}");
	client_expect_text(c, "1", "list_allowed_directories");
	server_tool(w, "list_allowed_directories", "same");
	const cJSON *server = only_server(w);
	CHECK_INT(w, pick_int(server, "calls"), 1);
	CHECK_INT(w, pick_int(server, "pid"), c->pid);
	CHECK_INT(w, pick_int(server, "tools_all"), cJSON_GetArraySize(pick(server, "tools")));
	CHECK_TEXT(w, pick_text(server, "accepted"), "yes");
	CHECK(w, pick_text(server, "protocol")[0] && pick_text(server, "says.name")[0]);
	CHECK(w, pick_text(server, "client.name")[0] && pick_int(server, "client.pid") > 0);
	CHECK(w, pick_text(server, "argv.0")[0] && pick_text(server, "cwd")[0]);
	client_end(c);
	for (int i = 0; pick_int(person_ask(w->person, "servers", "{}"), "result.servers_all");
		i++) {
		CHECK(w, i < 499);
		usleep(10000);
	}
}

/* Which part is another, since when; it outlives gate and broker. */
static void a_changed_tool_is_told_by_its_parts(struct world *w)
{
	static const char *const changing[] = { "--changing", NULL };
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ .server = changing });
	client_call(c, "1", "list_allowed_directories", "{}");
	client_expect_text(c, "1", "list_allowed_directories");
	server_tool(w, "list_allowed_directories", "same");
	client_list(c); /* every list has other descriptions */
	const cJSON *tool = server_tool(w, "list_allowed_directories", "changed");
	CHECK_INT(w, cJSON_GetArraySize(pick(tool, "changed")), 1);
	CHECK_TEXT(w, pick_text(tool, "changed.0"), "description");
	CHECK(w,
		pick_int(tool, "accepted_at") > 0 &&
			pick_int(tool, "accepted_at") <= pick_int(tool, "seen_at"));
	CHECK_TEXT(w, pick_text(server_tool(w, "echo", "new"), "name"), "echo");
	world_broker_kill(w);
	world_broker(w);
	tool = server_tool(w, "list_allowed_directories", "changed");
	CHECK_TEXT(w, pick_text(tool, "changed.0"), "description");
	/* a person's yes accepts it as it is now */
	client_call(c, "2", "list_allowed_directories", "{}");
	person_approve(w->person, person_item(w->person, "list_allowed_directories", "held"));
	client_expect_text(c, "2", "list_allowed_directories");
	server_tool(w, "list_allowed_directories", "same");
}

/* What a gate says of its server is cut, counted and never trusted to be of the right kind. */
static void a_gate_that_tells_too_much(struct world *w)
{
	world_broker(w);
	struct peer gate = { 0 };
	struct buf line = { 0 };
	int fd = world_knock(w, "calls.sock");
	peer_open(&gate, w, "gate", fd, fd);
	peer_send(&gate,
		"{\"jsonrpc\":\"2.0\",\"id\":\"hello\",\"method\":\"hello\",\"params\":{"
		"\"protocol\":\"1.0\",\"role\":\"gate\",\"version\":\"1\",\"instance\":"
		"\"0123456789abcdef\",\"server\":{\"name\":\"files\",\"profile\":\"\","
		"\"program\":\"/bin/true\",\"cwd\":\"/\",\"argv\":[\"true\"],\"scope\":[],"
		"\"here\":\"\"}}}");
	CHECK(w, pick(peer_reply(&gate, "\"hello\"")->json, "result"));
	buf_text(&line, "{\"jsonrpc\":\"2.0\",\"method\":\"server\",\"params\":{\"name\":\"");
	for (int i = 0; i < 1 << 20; i++) {
		buf_text(&line, "\303\266");
	}
	buf_text(&line,
		"\",\"protocol\":7,\"client\":[],\"tools_all\":5000,\"tools\":[7,{},{\"name\":8},"
		"{\"name\":\"\",\"pin\":\"zz\",\"says\":{}}");
	for (int i = 0; i < 5000; i++) {
		buf_printf(
			&line, ",{\"name\":\"t%d\",\"description\":\"../../../../../../..\"}", i);
	}
	buf_text(&line, "]}}\n");
	peer_write(&gate, line.data, line.len);
	const cJSON *server = only_server(w);
	for (int i = 0; !cJSON_GetArraySize(pick(server, "tools")); i++) {
		CHECK(w, i < 499);
		usleep(10000);
		server = only_server(w);
	}
	CHECK_INT(w, cJSON_GetArraySize(pick(server, "tools")), 256);
	CHECK_INT(w, pick_int(server, "tools_all"), 5000);
	CHECK_INT(w, (int64_t)strlen(pick_text(server, "says.name")), 128);
	CHECK_TEXT(w, pick_text(server, "tools.0.pin"), "new");
	buf_finish(&line);
	peer_close(&gate);
}

static const struct e2e_case cases[] = {
	{ "a_rule_counts_its_calls", a_rule_counts_its_calls, 0 },
	{ "a_changed_line_begins_anew", a_changed_line_begins_anew, 0 },
	{ "a_server_and_its_tools", a_server_and_its_tools, 0 },
	{ "a_changed_tool_is_told_by_its_parts", a_changed_tool_is_told_by_its_parts, 0 },
	{ "a_gate_that_tells_too_much", a_gate_that_tells_too_much, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
