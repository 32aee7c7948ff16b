/*
 * What must always hold, promise by promise (the other half is test_inv_bytes.c, inv07 is in
 * tests/tui). Each case runs as the product is, and again with programs in which that promise is
 * not kept: then it must fail.
 */
#include "config.h"

#include "core/effects/extract.h"
#include "core/policy/policy.h"
#include "tests/e2e/client.h"
#include "tests/e2e/history.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"
#include "tests/faulty/mutant.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct client *open_client(struct world *w)
{
	world_broker(w);
	return client_open(w, &(struct launch){ 0 });
}

/* A file in scope that a read of passes. */
static char *readable(struct world *w)
{
	char *path = world_file(w->work, "readable.txt");
	world_put(path, "plain text");
	return path;
}

static bool within(struct client *c, const char *id, int ms)
{
	int64_t end = now_ms() + ms;
	while (!peer_look(&c->peer, match_reply, id) && now_ms() < end && !c->peer.ended) {
		peer_pump(&c->peer, (int)(end - now_ms()));
	}
	return peer_look(&c->peer, match_reply, id) != NULL;
}

/* With the session and an earlier call in the history: the next row that the disk refuses is the
 * next call's, and nothing else's. */
static void fill_disk_after_a_call(struct world *w, struct client *c)
{
	client_call(c, "0", "list_allowed_directories", "{}");
	client_expect_text(c, "0", "");
	history_row(w, "list_allowed_directories", "done");
	world_fill_disk(w, true);
}

/* The broker is killed by writing the row itself (SIGXFSZ). Whoever spoke before has let the call
 * run without one. */
static void inv01_recorded_before_it_runs(struct world *w)
{
	struct client *c = open_client(w);
	char *path = readable(w);
	fill_disk_after_a_call(w, c);
	client_call(c, "1", "read_text_file", args_path(path));
	world_broker_died(w);
	world_broker(w);
	client_expect_text(c, "1", "plain text");
	CHECK_INT(w, (int64_t)world_seen_times(w, path), 1);
	CHECK_INT(w, cJSON_GetArraySize(history_rows(w, "read_text_file")), 1);
}

/* The row cannot be written, and the broker lives on: held with the reason, and only a person's yes
 * to a row that could be written later lets it run. */
static void inv03_a_full_disk_holds(struct world *w)
{
	signal(SIGXFSZ, SIG_IGN); /* the broker inherits it: writing fails with EFBIG instead */
	struct client *c = open_client(w);
	char *path = readable(w);
	int64_t end = now_ms() + WORLD_BOUND_MS;
	fill_disk_after_a_call(w, c);
	client_call(c, "1", "read_text_file", args_path(path));
	while (!person_look(w->person, "read_text_file", "held") &&
		!peer_look(&c->peer, match_reply, "1")) {
		CHECK(w, now_ms() < end);
		peer_pump(&w->person->peer, 5);
		peer_pump(&c->peer, 5);
	}
	CHECK(w, !world_seen(w, path));
	const cJSON *item = person_item(w->person, "read_text_file", "held");
	const cJSON *answer = person_decide(
		w->person, pick_text(item, "call"), pick_int(item, "revision"), "approve", NULL);
	CHECK(w, !pick(answer, "result"));
	client_ping(c, "2");
	CHECK(w, !world_seen(w, path));
	world_fill_disk(w, false);
	while (pick_int(person_item(w->person, "read_text_file", "held"), "number") <= 0) {
		CHECK(w, now_ms() < end + WORLD_BOUND_MS);
		peer_pump(&w->person->peer, 50);
		person_look(w->person, "", "held");
	}
	person_approve(w->person, person_item(w->person, "read_text_file", "held"));
	client_expect_text(c, "1", "plain text");
	CHECK_INT(w, cJSON_GetArraySize(history_wait(w, "read_text_file", 1)), 1);
}

/* Words that a shell would obey are one word of the server's command line. */
static void inv05_words_are_not_obeyed(struct world *w)
{
	static const char hostile[] =
		"a$(touch pwned)`touch pwned`;touch pwned|touch pwned&touch pwned #";
	static const char *const options[] = { "--log", hostile, NULL };
	char *log = world_file(w->work, hostile), *pwned = world_file(w->work, "pwned");
	pid_t children[4];
	world_broker(w);
	struct client *c = client_start(w, &(struct launch){ .server = options });
	peer_send(&c->peer, "{\"method\":\"ping\",\"jsonrpc\":\"2.0\",\"id\":1}");
	within(c, "1", 3000);
	CHECK(w, access(pwned, F_OK) != 0);
	CHECK(w, access(log, F_OK) == 0);
	client_initialize(c, "$(touch pwned)");
	client_call(c, "2", "write_file", args_write("/outside/$(touch pwned)", "`touch pwned`"));
	person_approve(w->person, person_item(w->person, "write_file", "held"));
	peer_reply(&c->peer, "2");
	CHECK(w, access(pwned, F_OK) != 0);
	CHECK_INT(w, (int64_t)proc_children(w->broker, children, COUNT_OF(children)), 0);
}

/* No program of ours imports a function that starts a shell. */
static void inv05_nothing_imports_a_shell(struct world *w)
{
	static const char *const programs[] = { "bascule", "bascule-gate", "bascule-broker",
		"bascule-console" };
	static const char *const shells[] = { " system\n", " system@", " popen\n", " popen@",
		" wordexp\n", " wordexp@" };
	for (size_t i = 0; i < COUNT_OF(programs); i++) {
		const char *const argv[] = { "nm", "-D", "--undefined-only",
			world_path(w, programs[i]), NULL };
		struct buf out = { 0 };
		CHECK_INT(w, world_run(w, argv, NULL, &out), 0);
		CHECK_HAS(w, buf_cstr(&out), " U exec");
		for (size_t j = 0; j < COUNT_OF(shells); j++) {
			CHECK_LACKS(w, buf_cstr(&out), shells[j]);
		}
		buf_finish(&out);
	}
}

/* What a terminal could obey, or would not show: escapes, controls of C0 and C1, characters that
 * turn the order round. */
static void expect_plain(struct world *w, const char *what, struct buf *text)
{
	static const char *const never[] = { "\033", "\a", "\xc2\x9b", "\xe2\x80\xae", "\r" };
	CHECK_HAS(w, buf_cstr(text), what);
	for (size_t i = 0; i < COUNT_OF(never); i++) {
		CHECK_LACKS(w, buf_cstr(text), never[i]);
	}
	buf_finish(text);
}

#define HOSTILE_JSON "evil\\u001b]0;owned\\u0007\\u009b31m\\u202etxt.exe\\r"

static void expect_plain_output(struct world *w, const char *command, bool decides)
{
	struct buf out = { 0 };
	int fd = decides ? world_decide_fd(w) : -1;
	char *number = xasprintf("%d", fd);
	const char *const argv[] = { world_path(w, "bascule-broker"), command, "--root", w->root,
		decides ? "--decide-fd" : NULL, number, NULL };
	CHECK_INT(
		w, decides ? world_run_with(w, argv, fd, &out) : world_run(w, argv, NULL, &out), 0);
	expect_plain(w, "evil", &out);
	free(number);
}

static void inv06_foreign_text_is_data(struct world *w)
{
	struct client *c = open_client(w);
	client_call(c, "1", HOSTILE_JSON, "{\"path\":\"" HOSTILE_JSON "\"}");
	person_item(w->person, "", "held");
	expect_plain_output(w, "queue", true);
	expect_plain_output(w, "history", false);
	/* To stderr and the log, by what it cannot start and by what it cannot understand. */
	static const char *const missing[] = { "/nowhere/evil\033]0;owned\a\xc2\x9b\xe2\x80\xae",
		NULL };
	struct client *broken = client_start(
		w, &(struct launch){ .command = missing, .untrusted = true, .as = "broken" });
	peer_expect_end(&broken->peer);
	CHECK(w, client_wait_exit(broken, WORLD_BOUND_MS) == 127);
	struct buf said = { 0 };
	char *name = xasprintf("%s/%u-broken.err", w->dir, w->files - 1),
	     *log = world_file(w->root, "state/bascule.log");
	world_get(name, &said);
	expect_plain(w, "evil", &said);
	world_get(log, &said);
	expect_plain(w, "evil", &said);
}

/* This process has started a gate, as an agent does: the decision socket refuses it, and what it
 * starts. */
static void inv08_agents_do_not_decide(struct world *w)
{
	struct client *c = open_client(w);
	static const char hello[] =
		"{\"jsonrpc\":\"2.0\",\"id\":\"hello\",\"method\":\"hello\",\"params\":{"
		"\"protocol\":\"1.0\",\"role\":\"console\",\"version\":\"x\"}}\n";
	struct peer thief;
	char *arguments = args_write("/outside/a", "x");
	client_call(c, "1", "write_file", arguments);
	person_item(w->person, "write_file", "held");
	int fd = world_knock(w, "decide.sock");
	peer_open(&thief, w, "thief", fd, fd);
	peer_try_write(
		&thief, hello, sizeof hello - 1); /* it may have been shown the door by now */
	CHECK_INT(w, pick_int(peer_reply(&thief, "\"hello\"")->json, "error.code"), 4002);
	peer_expect_end(&thief);
	const char *const argv[] = { world_path(w, "bascule-broker"), "queue", "--root", w->root,
		NULL };
	CHECK(w, world_run(w, argv, NULL, NULL) != 0);
	CHECK_INT(w, (int64_t)person_waiting(w->person), 1);
	free(arguments);
}

/* The socket of the gates knows no word that decides. */
static void inv08_gates_do_not_decide(struct world *w)
{
	struct client *c = open_client(w);
	struct peer thief;
	client_call(c, "1", "write_file", args_write("/outside/a", "x"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	int fd = world_knock(w, "calls.sock");
	peer_open(&thief, w, "thief", fd, fd);
	peer_send(&thief,
		"{\"jsonrpc\":\"2.0\",\"id\":\"hello\",\"method\":\"hello\",\"params\":{"
		"\"protocol\":\"1.0\",\"role\":\"console\","
		"\"version\":\"x\",\"instance\":\"0123456789abcdef\",\"server\":{"
		"\"name\":\"files\",\"profile\":\"filesystem\","
		"\"program\":\"/bin/true\",\"cwd\":\"/"
		"\",\"argv\":[],\"scope\":[],\"here\":\"\"}}}");
	peer_reply(&thief, "\"hello\"");
	static const char *const words[] = { "decide", "trust", "stop", "handover", "watch" };
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		peer_send(&thief,
			"{\"jsonrpc\":\"2.0\",\"id\":%zu,\"method\":\"%s\",\"params\":{\"call\":\"%"
			"s\",\"revision\":%lld,"
			"\"decision\":\"approve\",\"version\":\"99\"}}",
			i, words[i], pick_text(item, "call"),
			(long long)pick_int(item, "revision"));
		char id[8];
		snprintf(id, sizeof id, "%zu", i);
		CHECK_INT(w, pick_int(peer_reply(&thief, id)->json, "error.code"), -32601);
	}
	/* What belongs to another gate cannot be told to have moved either. */
	peer_send(&thief,
		"{\"jsonrpc\":\"2.0\",\"method\":\"ready\",\"params\":{\"seq\":1,\"call\":\"%s\","
		"\"effects\":[]}}",
		pick_text(item, "call"));
	client_ping(c, "2");
	CHECK_INT(w, (int64_t)person_waiting(w->person), 1);
	CHECK(w, !world_seen(w, "write_file"));
	peer_close(&thief);
}

/* A file that an agent can write loosens nothing. */
static void inv08_the_workspace_allows_nothing(struct world *w)
{
	static const char *const names[] = { "policy.rules", "config.ini", ".bascule",
		".bascule.rules" };
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char *path = world_file(w->work, names[i]);
		world_put(path, "allow write **\nallow *\n[gate]\nhold_max = 0\n");
		free(path);
	}
	struct client *c = open_client(w);
	char *path = world_file(w->outside, "a.txt");
	client_call(c, "1", "write_file", args_write(path, "x"));
	person_item(w->person, "write_file", "held");
	CHECK(w, !world_seen(w, "write_file"));
}

void __real_policy_judge(const struct policy_call *call, struct judgement *out);
void __wrap_policy_judge(const struct policy_call *call, struct judgement *out);

/* A policy that looks around. */
void __wrap_policy_judge(const struct policy_call *call, struct judgement *out)
{
	__real_policy_judge(call, out);
	if (mutant("inv09") && getenv("HOME")) {
		out->verdict = VERDICT_ALLOW;
	}
}

static void inv09_judgement_depends_on_nothing_else(struct world *w)
{
	struct profiles *profiles = profiles_create();
	static const char *const tools[] = { "read_text_file", "write_file",
		"list_allowed_directories", "unheard_of" };
	struct judgement before[COUNT_OF(tools)], after;
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < COUNT_OF(tools); i++) {
			struct effects effects = { 0 };
			effects_extract(&effects,
				&(struct extract){ .profiles = profiles,
					.profile = SPAN("filesystem"),
					.method = SPAN("tools/call"),
					.tool = span_of(tools[i]),
					.arguments = SPAN("{\"path\":\"a.txt\",\"content\":\"x\"}"),
					.server = "files" });
			struct policy_call call = { .method = SPAN("tools/call"),
				.tool = span_of(tools[i]),
				.profile = SPAN("filesystem"),
				.effects = &effects,
				.agreed = true,
				.listed = true };
			policy_judge(&call, round ? &after : &before[i]);
			if (round) {
				CHECK_INT(w, after.verdict, before[i].verdict);
				CHECK_INT(w, after.risk, before[i].risk);
				CHECK_TEXT(w, after.rule, before[i].rule);
				CHECK_TEXT(w, after.reason, before[i].reason);
			}
			effects_finish(&effects);
		}
		CHECK(w, chdir(w->outside) == 0);
		unsetenv("HOME");
		setenv("TZ", "Pacific/Kiritimati", 1);
		setenv("BASCULE_POLICY", "allow", 1);
	}
	profiles_destroy(profiles);
}

/* The objects that judge import no clock, no file, no environment, and keep nothing between two
 * calls. */
static void inv09_judgement_can_reach_nothing_else(struct world *w)
{
	static const char *const pure[] = { "core/libcore_a-canon.o", "core/libcore_a-life.o",
		"core/libcore_a-match.o", "core/libcore_a-method.o",
		"core/effects/libcore_a-effect.o", "core/effects/libcore_a-extract.o",
		"core/effects/libcore_a-extract_roles.o", "core/effects/libcore_a-extract_tool.o",
		"core/effects/libcore_a-profile.o", "core/effects/libcore_a-shell.o",
		"core/policy/libcore_a-policy.o" };
	static const char *const never[] = { "time", "clock_gettime", "gettimeofday", "getenv",
		"secure_getenv", "open", "openat", "fopen", "read", "stat", "lstat", "readlink",
		"access", "getcwd", "socket", "connect", "rand", "random", "getrandom", "localtime",
		"getpid", "getuid" };
	bool other = getenv("BASCULE_TEST_GUARD_OFF") != NULL; /* one that does look around */
	for (size_t i = 0; i < (other ? 1 : COUNT_OF(pure)); i++) {
		const char *object = other ? "ipc/libipc_a-facts.o" : pure[i];
		const char *const argv[] = { "nm", world_file(w->bin, object), NULL };
		struct buf out = { 0 };
		CHECK_INT(w, world_run(w, argv, NULL, &out), 0);
		CHECK(w, out.len > 0);
		for (size_t j = 0; j < COUNT_OF(never); j++) {
			char *import = xasprintf(" U %s\n", never[j]);
			CHECK_LACKS(w, buf_cstr(&out), import);
			free(import);
		}
		CHECK_LACKS(w, buf_cstr(&out), " b ");
		CHECK_LACKS(w, buf_cstr(&out), " B ");
		buf_finish(&out);
	}
}

static void inv10_a_held_call_blocks_nothing(struct world *w)
{
	struct client *c = open_client(w);
	struct client *other = client_open(w, &(struct launch){ .as = "other" });
	char *path = readable(w);
	client_call(c, "1", "write_file", args_write(world_file(w->outside, "a"), "x"));
	const cJSON *first = person_item(w->person, "write_file", "held");
	client_call(c, "2", "read_text_file", args_path(path));
	peer_send(&c->peer, "{\"method\":\"tools/list\",\"jsonrpc\":\"2.0\",\"id\":3}");
	client_call(c, "4", "create_directory", args_path("/outside/b"));
	client_call(other, "1", "read_text_file", args_path(path));
	CHECK(w, within(c, "2", 3000));
	CHECK(w, within(c, "3", 3000));
	CHECK(w, within(other, "1", 3000));
	client_cancel(c, "4");
	client_ping(c, "5");
	person_approve(w->person, first);
	client_expect_text(c, "1", "written");
	CHECK(w, !world_seen(w, "create_directory"));
}

/* A disk that takes seconds to make a decision durable keeps nobody waiting but that call. */
static void inv11_a_slow_disk_stops_nothing(struct world *w)
{
	setenv("BASCULE_TEST_SLOW_MS", "2500", 1);
	struct client *c = open_client(w);
	unsetenv("BASCULE_TEST_SLOW_MS");
	char *path = readable(w);
	client_call(c, "1", "write_file", args_write("/outside/a", "x"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	int64_t began = now_ms();
	person_decide(
		w->person, pick_text(item, "call"), pick_int(item, "revision"), "approve", NULL);
	client_call(c, "2", "read_text_file", args_path(path));
	client_expect_text(c, "2", "plain text");
	CHECK(w, now_ms() - began < 2000);
	CHECK(w, !peer_look(&c->peer, match_reply, "1"));
	peer_reply(&c->peer, "1");
	CHECK(w, now_ms() - began >= 2500);
}

/* What it cannot do is written where people read before they trust it. */
static void inv12_what_it_cannot_do_is_said(struct world *w)
{
	static const char title[] = "\n## What it protects against, and what not\n";
	static const char *const said[] = { "no sandbox", "Processes of the same user",
		"no boundary", "Code that an agent wrote", "**Results.**", "instructions",
		"container" };
	char *path = world_file(SRCDIR, "README.md");
	struct buf readme = { 0 };
	world_get(path, &readme);
	char *from = strstr(buf_cstr(&readme), title), *section = NULL;
	if (from && !mutant("inv12")) {
		char *end = strstr(from + 1, "\n## ");
		section = end ? span_dup((struct span){ from, (size_t)(end - from) })
			      : xstrdup(from);
	}
	for (size_t i = 0; i < COUNT_OF(said); i++) {
		CHECK_HAS(w, section ? section : "", said[i]);
	}
	free(section);
	buf_finish(&readme);
	free(path);
}

static const struct e2e_case cases[] = {
	{ "inv01_recorded_before_it_runs", inv01_recorded_before_it_runs, GUARDED },
	{ "inv03_a_full_disk_holds", inv03_a_full_disk_holds, GUARDED },
	{ "inv05_words_are_not_obeyed", inv05_words_are_not_obeyed, GUARDED },
	{ "inv05_nothing_imports_a_shell", inv05_nothing_imports_a_shell, 0 },
	{ "inv06_foreign_text_is_data", inv06_foreign_text_is_data, GUARDED },
	{ "inv08_agents_do_not_decide", inv08_agents_do_not_decide, GUARDED },
	{ "inv08_gates_do_not_decide", inv08_gates_do_not_decide, 0 },
	{ "inv08_the_workspace_allows_nothing", inv08_the_workspace_allows_nothing, 0 },
	{ "inv09_judgement_depends_on_nothing_else", inv09_judgement_depends_on_nothing_else,
		GUARDED },
	{ "inv09_judgement_can_reach_nothing_else", inv09_judgement_can_reach_nothing_else,
		GUARDED },
	{ "inv10_a_held_call_blocks_nothing", inv10_a_held_call_blocks_nothing, GUARDED },
	{ "inv11_a_slow_disk_stops_nothing", inv11_a_slow_disk_stops_nothing, FAULTY | GUARDED },
	{ "inv12_what_it_cannot_do_is_said", inv12_what_it_cannot_do_is_said, GUARDED },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
