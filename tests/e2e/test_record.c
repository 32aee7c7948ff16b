/*
 * What is kept of a call beside its row: arguments, answer, the diff that was shown, how it was
 * decided. And what is not: no secret stands in any file of the state, the logs of the databases
 * included.
 */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/history.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include "core/store.h"

#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* In halves: this file is no place for whole ones. */
#define TOKEN \
	"ghp_" \
	"x7Kq2mVb9RtYw4LcZ8NpD3sHf6JgA1uEo5Ti"
#define OTHER \
	"ghp_" \
	"Qw8Zr4Tn6Yb1Mk9Vx3Lc7Hj5Dg2Fs0PaUeIo"
#define FROM_DOTENV "violet-otter-7731-lantern"
#define FROM_ENVIRONMENT "marble-falcon-2089-harbor"
#define KEY_BODY \
	"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj" \
	"MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu"
#define MARK "\xe2\x9f\xa8"

static const char *const secrets[] = { TOKEN, OTHER, FROM_DOTENV, FROM_ENVIRONMENT, "MzEfYyjiWA4R4",
	"7VJTUt9Us8cKj" };

/* ---- the file ---- */

/* The text of a part, once it is there. */
static char *body_of(struct world *w, int64_t number, enum store_part part, int64_t *size)
{
	char *path = world_file(w->root, "state/detail.db");
	int64_t end = now_ms() + WORLD_BOUND_MS;
	struct buf text = { 0 };
	bool found = false;
	while (!found) {
		struct err err = { 0 };
		struct store_body body;
		struct store *s = store_open(path, true, 0, NULL, &err);
		bool ok = s && store_get(s, number, part, &text, &body, &found, &err);
		if (found && size) {
			*size = body.size;
		}
		store_close(s);
		CHECK(w, ok || !err.code || now_ms() < end);
		CHECK(w, found || now_ms() < end);
		if (!found) {
			peer_pump(&w->person->peer, 10);
		}
	}
	free(path);
	return buf_cstr(&text);
}

static int64_t last_number(struct world *w)
{
	const cJSON *page = person_ask(w->person, "history", "{\"limit\":1}");
	return pick_int(page, "result.calls.0.number");
}

/* No file below the state holds one of them. */
static void check_clean(struct world *w)
{
	char *state = world_file(w->root, "state");
	DIR *dir = opendir(state);
	struct dirent *entry;
	int looked = 0;
	CHECK(w, dir);
	while ((entry = readdir(dir))) {
		struct buf bytes = { 0 };
		char *path = world_file(state, entry->d_name);
		if (entry->d_type == DT_REG) {
			world_get(path, &bytes);
			looked++;
		}
		for (size_t i = 0; i < COUNT_OF(secrets); i++) {
			if (memmem(bytes.data ? bytes.data : "", bytes.len, secrets[i],
				    strlen(secrets[i]))) {
				world_fail(w, "%s holds %.12s...", entry->d_name, secrets[i]);
			}
		}
		buf_finish(&bytes);
		free(path);
	}
	closedir(dir);
	free(state);
	CHECK(w, looked >= 4);
}

static struct client *open_client(struct world *w)
{
	world_broker(w);
	return client_open(w, &(struct launch){ 0 });
}

/* ---- what is kept ---- */

static void arguments_and_answer_are_kept(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->work, "a.txt");
	int64_t size = 0;
	world_put(path, "what the file says");
	char *arguments = args_path(path);
	client_call(c, "1", "read_text_file", arguments);
	client_expect_text(c, "1", "what the file says");
	char *kept = body_of(w, 1, STORE_ARGUMENTS, &size);
	CHECK_TEXT(w, kept, arguments);
	CHECK_INT(w, size, (int64_t)strlen(arguments));
	CHECK_HAS(w, body_of(w, 1, STORE_RESULT, &size), "what the file says");
	CHECK(w, size > 20);
}

static void a_long_answer_keeps_its_ends(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->work, "long.txt");
	struct buf text = { 0 };
	int64_t size = 0;
	buf_text(&text, "first words ");
	for (int i = 0; i < 30000; i++) {
		buf_printf(&text, "%d ", i);
	}
	buf_text(&text, "last words");
	world_put(path, buf_cstr(&text));
	client_call(c, "1", "read_text_file", args_path(path));
	client_expect_text(c, "1", "last words");
	char *kept = body_of(w, 1, STORE_RESULT, &size);
	CHECK_HAS(w, kept, "first words");
	CHECK_HAS(w, kept, "last words");
	CHECK_HAS(w, kept, "bytes in all");
	CHECK_LACKS(w, kept, " 15000 ");
	CHECK(w, strlen(kept) < 17000);
	CHECK(w, size > (int64_t)text.len);
}

static void what_was_shown_and_decided_is_kept(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->outside, "a.txt");
	world_put(path, "one\ntwo\n");
	client_call(c, "1", "write_file", args_write(path, "one\\nthree\\n"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	person_approve(w->person, item);
	client_expect_text(c, "1", "");
	char *diff = body_of(w, pick_int(item, "number"), STORE_DIFF, NULL);
	CHECK_HAS(w, diff, "-two\n");
	CHECK_HAS(w, diff, "+three\n");
	CHECK_HAS(w, diff, path);
	char *decision = body_of(w, pick_int(item, "number"), STORE_DECISION, NULL);
	CHECK_HAS(w, decision, "\"decision\":\"approve\"");
	CHECK_HAS(w, decision, "\"waited_ms\":");
	CHECK_HAS(w, decision, "\"by\":\"");
}

static void both_arguments_of_an_edit_are_kept(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->outside, "a.txt");
	client_call(c, "1", "write_file", args_write(path, "proposed"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	int64_t number = pick_int(item, "number");
	char *params = xasprintf("{\"call\":\"%s\",\"revision\":%lld,\"arguments\":%s}",
		pick_text(item, "call"), (long long)pick_int(item, "revision"),
		args_write(path, "effective"));
	person_ask(w->person, "edit", params);
	CHECK_HAS(w, body_of(w, number, STORE_EFFECTIVE, NULL), "effective");
	CHECK_HAS(w, body_of(w, number, STORE_ARGUMENTS, NULL), "proposed");
}

/* A call that was denied at once has arguments too, and no answer. */
static void a_denied_call_keeps_its_arguments(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->root, "config/policy.rules");
	client_call(c, "1", "write_file", args_write(path, "allow everything"));
	client_expect_refusal(c, "1");
	CHECK_HAS(w, body_of(w, 1, STORE_ARGUMENTS, NULL), "allow everything");
}

/* ---- what is not ---- */

/* Held, or not: whatever becomes of it is fine here. */
static void send(struct world *w, struct client *c, const char *tool, const char *arguments)
{
	static int ids;
	char *id = xasprintf("%d", ++ids);
	int64_t before = last_number(w), end = now_ms() + WORLD_BOUND_MS;
	client_call(c, id, tool, arguments);
	while (last_number(w) == before) {
		CHECK(w, now_ms() < end);
	}
	free(id);
}

static void secrets_never_rest(struct world *w)
{
	char *dotenv = world_file(w->work, ".env"), *path = world_file(w->work, "a.txt");
	world_put(dotenv, "PORT=8080\nDATABASE_PASSWORD=" FROM_DOTENV "\n");
	setenv("E2E_SERVICE_TOKEN", FROM_ENVIRONMENT, 1);
	world_put(path, "api: " TOKEN "\nplain\n");
	world_broker(w);
	const char *const command[] = { "env", "SERVICE_TOKEN=" OTHER,
		world_path(w, "tests/e2e/stub_server"), NULL };
	struct client *c = client_open(w, &(struct launch){ .command = command });

	/* in an answer */
	client_call(c, "\"a\"", "read_text_file", args_path(path));
	client_expect_text(c, "\"a\"", "plain");
	char *result = body_of(w, last_number(w), STORE_RESULT, NULL);
	CHECK_HAS(w, result, MARK "github-token:");
	CHECK_HAS(w, result, "plain");

	/* in arguments: of every kind, in a path, in a command, behind escapes */
	char *inside = world_file(w->work, "b.txt");
	send(w, c, "write_file", args_write(inside, "x " TOKEN " y"));
	int64_t first = last_number(w);
	send(w, c, "write_file", args_write(inside, "again " TOKEN));
	int64_t second = last_number(w);
	send(w, c, "write_file", args_write(inside, "other " OTHER));
	int64_t other = last_number(w);
	send(w, c, "write_file", args_write(inside, "x " FROM_DOTENV " y"));
	send(w, c, "write_file", args_write(inside, "x " FROM_ENVIRONMENT " y"));
	int64_t known = last_number(w);
	send(w, c, "write_file",
		args_write(inside,
			"-----BEGIN PRIVATE KEY-----\\n" KEY_BODY
			"\\n-----END PRIVATE KEY-----\\n"));
	int64_t block = last_number(w);
	send(w, c, "read_text_file", args_path(world_file(w->work, TOKEN)));
	send(w, c, "echo", "{\"command\":\"curl -H 'Authorization: Bearer " TOKEN "' x.example\"}");
	send(w, c, "echo", "{\"deep\":[{\"k\":\"" FROM_DOTENV "\"}]}");

	/* in what a person says */
	client_call(c, "\"b\"", "write_file", args_write(world_file(w->outside, "x"), "text"));
	person_deny(w->person, person_item(w->person, "write_file", "held"), "not with " TOKEN);

	char *one = body_of(w, first, STORE_ARGUMENTS, NULL);
	char *two = body_of(w, second, STORE_ARGUMENTS, NULL);
	char *three = body_of(w, other, STORE_ARGUMENTS, NULL);
	const char *mark = strstr(one, MARK "github-token:");
	CHECK(w, mark);
	char same[32];
	snprintf(same, sizeof(same), "%.22s", mark);
	CHECK_HAS(w, two, same); /* equal ones are seen as equal */
	CHECK_LACKS(w, three, same);
	CHECK_HAS(w, body_of(w, known, STORE_ARGUMENTS, NULL), MARK "E2E_SERVICE_TOKEN:");
	char *pem = body_of(w, block, STORE_ARGUMENTS, NULL);
	CHECK_HAS(w, pem, MARK "private-key:");
	CHECK_LACKS(w, pem, "END");
	check_clean(w); /* while the logs of the databases are still there */
	CHECK_INT(w, client_end(c), 0);
	check_clean(w);
}

/* Calls do not wait for it, a person is told, and nothing is lost. */
static void what_cannot_be_written_now_is_written_later(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->work, "a.txt");
	world_put(path, "text");
	client_call(c, "1", "read_text_file", args_path(path));
	client_expect_text(c, "1", "text");
	body_of(w, 1, STORE_RESULT, NULL);
	sqlite3 *db = NULL;
	char *file = world_file(w->root, "state/detail.db");
	CHECK_INT(w, sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	CHECK_INT(w, sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	client_call(c, "2", "read_text_file", args_path(path));
	client_expect_text(c, "2", "text");
	const struct line *told = peer_method(&w->person->peer, "trouble");
	CHECK_HAS(w, pick_text(told->json, "params.text"), "details of calls cannot be kept");
	CHECK_INT(w, sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	CHECK_HAS(w, body_of(w, 2, STORE_ARGUMENTS, NULL), "a.txt");
	CHECK_HAS(w, body_of(w, 2, STORE_RESULT, NULL), "text");
	while (!cJSON_IsNull(pick(peer_method(&w->person->peer, "trouble")->json, "params.text"))) {
	}
}

/* ---- `bascule history show` ---- */

static char *shown(struct world *w, const char *number, bool json, int status)
{
	char *bascule = world_path(w, "bascule");
	const char *const argv[] = { bascule, "history", "show", number, "--root", w->root,
		json ? "--json" : NULL, NULL };
	struct buf out = { 0 };
	CHECK_INT(w, world_run(w, argv, NULL, &out), status);
	return buf_cstr(&out);
}

/* Nothing in it is obeyed by a terminal, whatever the call carried. */
static void a_call_is_shown_whole(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->outside, "a.txt"), *inside = world_file(w->work, "a.txt");
	world_put(path, "one\n");
	world_put(inside, "text");
	client_call(c, "1", "read_text_file", args_path(inside));
	client_expect_text(c, "1", "text");
	client_call(c, "2", "write_file", args_write(path, "two \\u001b[2J\\n"));
	const cJSON *item = person_item(w->person, "write_file", "held");
	person_deny(w->person, item, "not \x1b[31m there");
	client_expect_refusal(c, "2");
	client_call(c, "3", "read_text_file", args_path(inside));
	client_expect_text(c, "3", "text");
	body_of(w, 2, STORE_DIFF, NULL);
	body_of(w, 2, STORE_DECISION, NULL);
	char *text = shown(w, "#2", false, 0);
	for (int64_t end = now_ms() + WORLD_BOUND_MS; !strstr(text, "what it would do");
		text = shown(w, "#2", false, 0)) { /* effects are, too */
		CHECK(w, now_ms() < end);
	}
	static const char *const has[] = { "Call 2: write_file", "verdict    hold by ",
		"denied by ", "@inherited", "not ", "there", "state      denied",
		"server     files", "branch     main", "before it 1", "after it 3",
		"what it would do", "kind=write", "-one\n", "+two ", "\"decision\":\"deny\"" };
	for (size_t i = 0; i < COUNT_OF(has); i++) {
		CHECK_HAS(w, text, has[i]);
	}
	CHECK(w, !strchr(text, '\x1b'));
	CHECK_HAS(w, shown(w, "1", false, 0), "answer (");
	const cJSON *json = cJSON_Parse(shown(w, "2", true, 0));
	CHECK_INT(w, pick_int(json, "number"), 2);
	CHECK_HAS(w, pick_text(json, "kept.diff.text"), "+two ");
	CHECK_HAS(w, pick_text(json, "kept.arguments.text"), "a.txt");
	CHECK_TEXT(w, pick_text(json, "effects.0.kind"), "write");
	shown(w, "99", false, 1);
	shown(w, "x", false, 2);
	shown(w, "0", false, 2);
}

/* ---- `bascule history changed` ---- */

static char *changed(struct world *w, const char *text, bool json)
{
	char *bascule = world_path(w, "bascule");
	const char *argv[9] = { bascule, "history", "changed", "--root", w->root };
	size_t count = 5;
	struct buf out = { 0 };
	if (text) {
		argv[count++] = text;
	}
	if (json) {
		argv[count++] = "--json";
	}
	CHECK_INT(w, world_run(w, argv, NULL, &out), 0);
	return buf_cstr(&out);
}

/* What ran and changed something, and nothing else. */
static void what_was_changed_and_who_let_it(struct world *w)
{
	struct client *c = open_client(w);
	char *inside = world_file(w->work, "new.txt");
	char *outside = world_file(w->outside, "a.txt");
	char *denied = world_file(w->outside, "b.txt");
	char *odd = world_file(w->work, "o\xe2\x80\xae.txt");
	world_put(outside, "text");
	client_call(c, "1", "write_file", args_write(inside, "x"));
	client_expect_text(c, "1", "");
	client_call(c, "2", "read_text_file", args_path(inside));
	client_expect_text(c, "2", "");
	client_call(c, "3", "write_file", args_write(outside, "x"));
	person_approve(w->person, person_item(w->person, "write_file", "held"));
	client_expect_text(c, "3", "");
	client_call(c, "4", "write_file", args_write(denied, "x"));
	person_deny(w->person, person_item(w->person, "write_file", "held"), "no");
	client_expect_refusal(c, "4");
	client_call(c, "5", "write_file", args_write(odd, "x"));
	person_approve(w->person, person_item(w->person, "write_file", "held"));
	client_expect_text(c, "5", "");
	int64_t end = now_ms() + WORLD_BOUND_MS;
	char *text = changed(w, NULL, false);
	/* outcomes are written a little later */
	while (!strstr(text, "#5\n") || strstr(text, "whether it ended")) {
		CHECK(w, now_ms() < end);
		text = changed(w, NULL, false);
	}
	char *first = xasprintf("made %s  e2e, let by built-in:", inside);
	char *second = xasprintf("changed %s  e2e, approved by ", outside);
	CHECK_HAS(w, text, first);
	CHECK_HAS(w, text, second);
	CHECK_HAS(w, text, "@inherited");
	CHECK_HAS(w, text, "#3\n");
	CHECK_LACKS(w, text, "b.txt");
	CHECK_LACKS(w, text, "#2\n");
	CHECK_HAS(w, text, "#5\n");
	CHECK_LACKS(w, text, "\xe2\x80\xae"); /* right to left: it would turn the line round */
	CHECK_LACKS(w, changed(w, "new.txt", false), "a.txt");
	const cJSON *json = cJSON_Parse(changed(w, "new.txt", true));
	CHECK_TEXT(w, pick_text(json, "change"), "made");
	CHECK_TEXT(w, pick_text(json, "what"), inside);
	CHECK_INT(w, pick_int(json, "number"), 1);
}

/* ---- `bascule history stats` ---- */

static void what_is_asked_is_counted(struct world *w)
{
	struct client *c = open_client(w);
	char *bascule = world_path(w, "bascule"), *inside = world_file(w->work, "a.txt");
	char *outside = world_file(w->outside, "a.txt");
	const char *argv[] = { bascule, "history", "stats", "--root", w->root, "--json", NULL };
	world_put(inside, "text");
	client_call(c, "1", "read_text_file", args_path(inside));
	client_expect_text(c, "1", "text");
	for (int i = 2; i < 4; i++) {
		char *id = xasprintf("%d", i);
		client_call(c, id, "write_file", args_write(outside, i == 2 ? "x" : "y"));
		const cJSON *item = person_item(w->person, "write_file", "held");
		i == 2 ? person_approve(w->person, item) : person_deny(w->person, item, "no");
		i == 2 ? client_expect_text(c, id, "") : (void)client_expect_refusal(c, id);
		free(id);
	}
	body_of(w, 3, STORE_DECISION, NULL);
	struct buf out = { 0 };
	CHECK_INT(w, world_run(w, argv, NULL, &out), 0);
	const cJSON *json = cJSON_Parse(buf_cstr(&out));
	CHECK_INT(w, pick_int(json, "all.calls"), 3);
	CHECK_INT(w, pick_int(json, "all.passed"), 1);
	CHECK_INT(w, pick_int(json, "all.asked"), 2);
	CHECK_INT(w, pick_int(json, "all.approved"), 1);
	CHECK_INT(w, pick_int(json, "all.denied"), 1);
	CHECK_INT(w, pick_int(json, "all.hasty"), 1);
	CHECK_INT(w, pick_int(json, "all.days.13"), 3);
	CHECK_TEXT(w, pick_text(json, "tools.0.name"), "files write_file");
	CHECK_INT(w, pick_int(json, "tools.0.asked"), 2);
	CHECK(w, pick_int(json, "tools.0.decide_us_p50") >= 0);
	CHECK_TEXT(w, pick_text(json, "tools.1.name"), "files read_text_file");
	buf_clear(&out);
	argv[5] = NULL;
	CHECK_INT(w, world_run(w, argv, NULL, &out), 0);
	CHECK_HAS(w, buf_cstr(&out),
		"3 calls: 1 passed by rules, 0 by grants, 0 refused by rules, "
		"2 asked (66.6 of 100).");
	CHECK_HAS(w, buf_cstr(&out), "1 of 1 approvals came within 2 s");
}

/* ---- `bascule history export` ---- */

static char *exported(struct world *w, const char *format)
{
	char *bascule = world_path(w, "bascule");
	const char *const argv[] = { bascule, "history", "export", "tool:write_file", "--format",
		format, "--root", w->root, NULL };
	struct buf out = { 0 };
	CHECK_INT(w, world_run(w, argv, NULL, &out), 0);
	return buf_cstr(&out);
}

/* A name that would be a formula, a link, a tag and the end of a code block. */
static void calls_are_exported_and_stay_data(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->outside, "a|[x](http:y)<b>.txt"),
	     *plain = world_file(w->work, "p");
	world_put(plain, "text");
	client_call(c, "1", "read_text_file", args_path(plain));
	client_expect_text(c, "1", "text");
	client_call(c, "2", "write_file", args_write(path, "\\n````\\n# not a title\\n"));
	person_deny(w->person, person_item(w->person, "write_file", "held"), "=1+1,\"x\"");
	client_expect_refusal(c, "2");
	body_of(w, 2, STORE_DIFF, NULL);
	const cJSON *json = cJSON_Parse(exported(w, "jsonl"));
	CHECK_INT(w, pick_int(json, "number"), 2);
	CHECK_TEXT(w, pick_text(json, "decision_reason"), "=1+1,\"x\"");
	CHECK_HAS(w, pick_text(json, "kept.diff"), "+# not a title");
	char *csv = exported(w, "csv");
	CHECK_HAS(w, csv, "number,time,client,");
	CHECK_HAS(w, csv, "\n2,\"20");
	CHECK_HAS(w, csv, ",\"'=1+1,\"\"x\"\"\",");
	CHECK_LACKS(w, csv, "\n1,");
	char *md = exported(w, "md");
	CHECK_HAS(w, md, "a\\|\\[x\\]\\(http\\:y\\)\\<b\\>");
	CHECK_HAS(w, md, "\n`````diff\n");
	CHECK_HAS(w, md, "* because: =1\\+1,\"x\"\n");
	CHECK_LACKS(w, md, "\n# not");
}

/* ---- beside calls ---- */

/* `bascule history events --json`, until `count` of that kind are there: the last one. */
static const cJSON *event_of(struct world *w, const char *kind, int count)
{
	char *bascule = world_path(w, "bascule");
	const char *const argv[] = { bascule, "history", "events", "--json", "--kind", kind,
		"--root", w->root, NULL };
	int64_t end = now_ms() + WORLD_BOUND_MS;
	for (;;) {
		struct buf out = { 0 };
		const cJSON *last = NULL;
		int seen = 0;
		CHECK_INT(w, world_run(w, argv, NULL, &out), 0);
		for (char *line = strtok(buf_cstr(&out), "\n"); line; line = strtok(NULL, "\n")) {
			last = cJSON_Parse(line);
			CHECK(w, last);
			seen++;
		}
		if (seen >= count) {
			CHECK_TEXT(w, pick_text(last, "kind"), kind);
			CHECK(w, pick_int(last, "at_us") > 1700000000000000);
			return last;
		}
		CHECK(w, now_ms() < end);
		buf_finish(&out);
	}
}

static void what_happens_beside_calls_is_recorded(struct world *w)
{
	struct client *c = open_client(w);
	char *rules = world_file(w->root, "config/policy.rules");
	CHECK_TEXT(w, pick_text(event_of(w, "broker-start", 1), "event.version"), PACKAGE_VERSION);
	CHECK_HAS(w, pick_text(event_of(w, "console-attached", 1), "event.by"), "@inherited");
	CHECK_TEXT(w, pick_text(event_of(w, "server-accepted", 1), "event.server"), "files");
	person_ask(w->person, "master", "{\"mode\":\"hold\"}");
	CHECK_TEXT(w, pick_text(event_of(w, "master", 1), "event.master.mode"), "hold");
	person_ask(w->person, "master", "{\"mode\":\"policy\"}");
	world_put(rules, "deny exec *\n");
	person_ask(w->person, "reload", "{}");
	CHECK(w, pick_int(event_of(w, "rules-read", 1), "event.generation") > 0);
	char *path = world_file(w->work, "a.txt");
	world_put(path, "text");
	client_call(c, "1", "read_text_file", args_path(path));
	client_expect_text(c, "1", "text");
	const cJSON *pin = event_of(w, "definition", 1);
	CHECK_TEXT(w, pick_text(pin, "event.tool"), "read_text_file");
	CHECK_TEXT(w, pick_text(pin, "event.what"), "first");
	world_person_leaves(w);
	event_of(w, "console-left", 1);
	int fd = world_knock(w, "decide.sock"); /* this process is the parent of a gate */
	CHECK_HAS(w, pick_text(event_of(w, "decider-refused", 1), "event.why"), "");
	close(fd);
}

/* What was queued when the broker was asked to end is written before it does. */
static void nothing_is_lost_by_ending(struct world *w)
{
	struct client *c = open_client(w);
	char *path = world_file(w->work, "a.txt");
	world_put(path, "text");
	for (int i = 1; i <= 40; i++) {
		char *id = xasprintf("%d", i);
		client_call(c, id, "read_text_file", args_path(path));
		client_expect_text(c, id, "text");
		free(id);
	}
	person_ask(w->person, "stop", "{}");
	world_broker_died(w);
	for (int i = 1; i <= 40; i++) {
		body_of(w, i, STORE_ARGUMENTS, NULL);
	}
}

int main(int argc, char **argv)
{
	static const struct e2e_case cases[] = {
		{ "arguments_and_answer_are_kept", arguments_and_answer_are_kept, 0 },
		{ "a_long_answer_keeps_its_ends", a_long_answer_keeps_its_ends, 0 },
		{ "what_was_shown_and_decided_is_kept", what_was_shown_and_decided_is_kept, 0 },
		{ "both_arguments_of_an_edit_are_kept", both_arguments_of_an_edit_are_kept, 0 },
		{ "a_denied_call_keeps_its_arguments", a_denied_call_keeps_its_arguments, 0 },
		{ "secrets_never_rest", secrets_never_rest, 0 },
		{ "what_cannot_be_written_now_is_written_later",
			what_cannot_be_written_now_is_written_later, 0 },
		{ "calls_are_exported_and_stay_data", calls_are_exported_and_stay_data, 0 },
		{ "what_is_asked_is_counted", what_is_asked_is_counted, 0 },
		{ "what_was_changed_and_who_let_it", what_was_changed_and_who_let_it, 0 },
		{ "a_call_is_shown_whole", a_call_is_shown_whole, 0 },
		{ "what_happens_beside_calls_is_recorded", what_happens_beside_calls_is_recorded,
			0 },
		{ "nothing_is_lost_by_ending", nothing_is_lost_by_ending, 0 },
	};
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
