/*
 * The plug-in for opencode, loaded by node as opencode loads it: a tool runs only after an answer
 * that says so, and with the arguments that were approved.
 */
#include "config.h"

#include "core/hook_plugin.h"
#include "tests/e2e/node.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <stdlib.h>
#include <string.h>

static struct client *host(struct world *w, const char *plugin)
{
	char *path = world_file(w->dir, "plugin.mjs");
	world_put(path, plugin);
	const char *const words[] = { "node", world_path(w, "tests/node/plugin_host.mjs"), path,
		w->work, NULL };
	struct client *c = client_start(
		w, &(struct launch){ .direct = true, .command = words, .as = "opencode" });
	CHECK(w, pick_true(node_answer(c, "connect"), "ok"));
	return c;
}

/* As it is printed, with the options that it was asked for. */
static struct client *open_plugin(struct world *w)
{
	const char *const argv[] = { world_path(w, "bascule-gate"), "hook", "opencode", "--plugin",
		"--root", w->root, NULL };
	struct buf text = { 0 };
	CHECK_INT(w, world_run(w, argv, w->work, &text), 0);
	return host(w, buf_cstr(&text));
}

static struct client *open_with(struct world *w, const char *const *argv)
{
	struct buf text = { 0 };
	struct err err = { 0 };
	CHECK(w, hook_opencode_plugin(argv, &text, &err));
	return host(w, buf_cstr(&text));
}

static void call(struct client *c, const char *tag, const char *tool, const char *args)
{
	char *members = xasprintf("\"op\":\"call\",\"tool\":\"%s\",\"args\":%s", tool, args);
	node_do(c, tag, members);
	free(members);
}

static void ran(struct client *c, const char *tag, const char *args)
{
	const cJSON *answer = node_answer(c, tag);
	CHECK(c->peer.world, pick_true(answer, "ok") && pick_true(answer, "same"));
	CHECK_TEXT(c->peer.world, pick_copy(answer, "args"), args);
}

static void threw(struct client *c, const char *tag, const char *why)
{
	const cJSON *answer = node_answer(c, tag);
	CHECK(c->peer.world, !pick_true(answer, "ok"));
	CHECK_HAS(c->peer.world, pick_text(answer, "error"), why);
}

/* The agent's tools in this scope are one question first. */
static void accept(struct world *w)
{
	const cJSON *item = person_server(w->person, 1);
	CHECK_TEXT(w, pick_text(item, "argv.2"), "opencode");
	person_decide(
		w->person, pick_text(item, "call"), pick_int(item, "revision"), "approve", NULL);
}

static const char delete_it[] = "{\"command\":\"rm -rf /outside\"}";

static struct client *ask_to_delete(struct world *w)
{
	world_broker(w);
	struct client *c = open_plugin(w);
	call(c, "1", "bash", delete_it);
	accept(w);
	person_item(w->person, "bash", "held");
	return c;
}

static void what_is_allowed_runs(struct world *w)
{
	struct client *c = ask_to_delete(w);
	call(c, "2", "bash", "{\"command\":\"git status\"}");
	ran(c, "2", "{\"command\":\"git status\"}");
	person_approve(w->person, person_item(w->person, "bash", "held"));
	ran(c, "1", delete_it);
}

static void a_no_is_thrown(struct world *w)
{
	struct client *c = ask_to_delete(w);
	person_deny(w->person, person_item(w->person, "bash", "held"), "use make clean");
	threw(c, "1", "use make clean");
}

static void edited_arguments_are_what_runs(struct world *w)
{
	struct client *c = ask_to_delete(w);
	const cJSON *item = person_item(w->person, "bash", "held");
	int64_t revision = pick_int(item, "revision");
	char *params = xasprintf("{\"call\":\"%s\",\"revision\":%lld,\"arguments\":"
				 "{\"command\":\"ls\",\"timeout\":5}}",
		pick_text(item, "call"), (long long)revision);
	CHECK_TEXT(w, pick_text(person_ask(w->person, "edit", params), "result.state"), "held");
	while (pick_int(item = person_item(w->person, "bash", "held"), "revision") == revision) {
		CHECK(w, peer_pump(&w->person->peer, WORLD_BOUND_MS));
	}
	person_approve(w->person, item);
	ran(c, "1", "{\"command\":\"ls\",\"timeout\":5}");
}

static void what_changes_meanwhile_does_not_run(struct world *w)
{
	struct client *c = ask_to_delete(w);
	node_do(c, "2", "\"op\":\"change\",\"of\":\"1\",\"name\":\"command\",\"value\":\"rm b\"");
	CHECK(w, pick_true(node_answer(c, "2"), "ok"));
	person_approve(w->person, person_item(w->person, "bash", "held"));
	threw(c, "1", "changed while it waited");
}

static void who_interrupts_leaves_nothing_waiting(struct world *w)
{
	struct client *c = ask_to_delete(w);
	const cJSON *item = person_item(w->person, "bash", "held");
	node_do(c, "2",
		"\"op\":\"event\",\"event\":{\"type\":\"session.idle\",\"properties\":"
		"{\"sessionID\":\"ses_2\"}}");
	CHECK(w, pick_true(node_answer(c, "2"), "ok"));
	CHECK_INT(w, (int)person_waiting(w->person), 1); /* of another session */
	node_do(c, "3",
		"\"op\":\"event\",\"event\":{\"type\":\"session.idle\",\"properties\":"
		"{\"sessionID\":\"ses_1\"}}");
	threw(c, "1", "NOT executed");
	CHECK_TEXT(w, person_gone(w->person, item), "withdrawn");
}

static void without_a_broker_it_throws(struct world *w)
{
	struct client *c = open_plugin(w);
	call(c, "1", "bash", "{\"command\":\"true\"}");
	threw(c, "1", "bascule");
}

static void what_is_too_long_throws(struct world *w)
{
	struct buf args = { 0 };
	world_broker(w);
	struct client *c = open_plugin(w);
	buf_text(&args, "{\"command\":\"true #");
	for (size_t i = 0; i < 17u << 20; i++) {
		buf_char(&args, 'x');
	}
	buf_text(&args, "\"}");
	call(c, "1", "bash", buf_cstr(&args));
	threw(c, "1", "too long");
}

/* What a hook may say and how it may end; `why` NULL: the tool runs with `args`. */
static const struct ending {
	const char *script, *why, *args;
} endings[] = {
	{ "cat >/dev/null; echo '{\"decision\":\"allow\"}'", NULL, "{\"a\":1}" },
	{ "cat >/dev/null; echo '{\"decision\":\"none\"}'", NULL, "{\"a\":1}" },
	{ "echo '{\"decision\":\"allow\"}'", NULL, "{\"a\":1}" },
	{ "echo '{\"decision\":\"allow\",\"args\":{\"b\":2,\"__proto__\":{\"x\":1}}}'", NULL,
		"{\"b\":2,\"__proto__\":{\"x\":1}}" },
	{ "echo '{\"decision\":\"allow\",\"args\":{}}'", NULL, "{}" },
	{ "echo '{\"decision\":\"allow\",\"args\":null}'", "", NULL },
	{ "echo '{\"decision\":\"allow\",\"args\":[1]}'", "cannot be changed", NULL },
	{ "echo '{\"decision\":\"allow\",\"args\":\"x\"}'", "cannot be changed", NULL },
	{ "echo '{\"decision\":\"allow\"}'; exit 1", "no answer", NULL },
	{ "echo '{\"decision\":\"allow\"}'; kill -9 $$", "no answer", NULL },
	{ "echo '{\"decision\":\"deny\",\"reason\":\"not that\"}'", "not that", NULL },
	{ "echo '{\"decision\":\"deny\",\"reason\":\"not that\"}'; exit 2", "not that", NULL },
	{ "echo '{\"decision\":\"ask\"}'", "no answer", NULL },
	{ "echo '{\"decision\":[\"allow\"]}'", "no answer", NULL },
	{ "echo allow", "no answer", NULL },
	{ "echo '{\"decision\":\"allow\"}{'", "no answer", NULL },
	{ "echo null", "no answer", NULL },
	{ "exit 0", "no answer", NULL },
	{ "echo broken >&2; exit 126", "broken", NULL },
	{ "exec yes", "no answer", NULL },
};

static void only_a_whole_yes_lets_it_run(struct world *w)
{
	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		const char *const argv[] = { "/bin/sh", "-c", endings[i].script, NULL };
		struct client *c = open_with(w, argv);
		call(c, "1", "bash", "{\"a\":1}");
		if (endings[i].why) {
			threw(c, "1", endings[i].why);
		} else {
			ran(c, "1", endings[i].args);
		}
		client_end(c);
	}
}

static void a_missing_program_throws(struct world *w)
{
	static const char *const argv[] = { "/no/\"such'\\\n\xe2\x80\xa8", "hook", NULL };
	struct client *c = open_with(w, argv);
	call(c, "1", "bash", "{}");
	threw(c, "1", "ENOENT");
}

static void what_cannot_be_changed_throws(struct world *w)
{
	static const char *const argv[] = { "/bin/sh", "-c",
		"echo '{\"decision\":\"allow\",\"args\":{\"b\":2}}'", NULL };
	struct client *c = open_with(w, argv);
	node_do(c, "1", "\"op\":\"call\",\"tool\":\"bash\",\"args\":{\"a\":1},\"frozen\":true");
	threw(c, "1", "");
}

static void what_javascript_cannot_say_is_refused(struct world *w)
{
	static const char *const words[][2] = { { "/opt/\xff", NULL }, { "bascule", NULL },
		{ "", NULL }, { NULL, NULL } };
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		struct buf text = { 0 };
		struct err err = { 0 };
		CHECK(w, !hook_opencode_plugin(words[i], &text, &err));
		CHECK(w, !text.len && err.text[0]);
	}
}

static const struct e2e_case cases[] = {
	{ "what_is_allowed_runs", what_is_allowed_runs, NEEDS_NODE },
	{ "a_no_is_thrown", a_no_is_thrown, NEEDS_NODE },
	{ "edited_arguments_are_what_runs", edited_arguments_are_what_runs, NEEDS_NODE },
	{ "what_changes_meanwhile_does_not_run", what_changes_meanwhile_does_not_run, NEEDS_NODE },
	{ "who_interrupts_leaves_nothing_waiting", who_interrupts_leaves_nothing_waiting,
		NEEDS_NODE },
	{ "without_a_broker_it_throws", without_a_broker_it_throws, NEEDS_NODE },
	{ "what_is_too_long_throws", what_is_too_long_throws, NEEDS_NODE },
	{ "only_a_whole_yes_lets_it_run", only_a_whole_yes_lets_it_run, NEEDS_NODE },
	{ "a_missing_program_throws", a_missing_program_throws, NEEDS_NODE },
	{ "what_cannot_be_changed_throws", what_cannot_be_changed_throws, NEEDS_NODE },
	{ "what_javascript_cannot_say_is_refused", what_javascript_cannot_say_is_refused, 0 },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
