/* `bascule uninstall`: what init did is taken back, the broker ends, data stays or, with --purge,
 * goes; and nothing else is touched. */
#include "config.h"

#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OK, LEFT, USAGE, UNASKED };

static const char settings[] = "{\r\n\t\"model\": \"x\"\r\n}";
static const char mcp_json[] = "{\"mcpServers\": {\"s\": {\"command\": \"x\", \"args\": []}}}\n";

static char *home_of(struct world *w)
{
	return world_file(w->dir, "home");
}

static char *at_home(struct world *w, const char *name)
{
	return world_file(home_of(w), name);
}

static void put_home(struct world *w)
{
	mkdir(home_of(w), 0700);
	mkdir(at_home(w, ".claude"), 0700);
	world_put(at_home(w, ".claude/settings.json"), settings);
	world_put(world_file(w->work, ".mcp.json"), mcp_json);
	setenv("PATH", "/nowhere", 1);
}

static void init(struct world *w)
{
	const char *const argv[] = { world_path(w, "bascule-setup"), "init", "--root", w->root,
		"--home", home_of(w), "--program", world_path(w, "bascule"), "--yes", NULL };
	put_home(w);
	CHECK_INT(w, world_run(w, argv, NULL, NULL), 0);
	CHECK(w, !world_file_is(at_home(w, ".claude/settings.json"), settings));
	CHECK(w, !world_file_is(world_file(w->work, ".mcp.json"), mcp_json));
}

/* Runs it with --json; fd: it inherits this decision socket, or -1. */
static cJSON *uninstall(
	struct world *w, int fd, int code, const char *one, const char *two, const char *three)
{
	struct buf out = { 0 };
	char number[16];
	snprintf(number, sizeof(number), "%d", fd);
	const char *argv[16] = { world_path(w, "bascule-setup"), "uninstall", "--root", w->root,
		"--home", home_of(w), "--json" };
	const char *const more[] = { one, two, three };
	size_t n = 7;
	for (size_t i = 0; i < COUNT_OF(more) && more[i]; i++) {
		argv[n++] = more[i];
	}
	if (fd >= 0) {
		argv[n++] = "--decide-fd";
		argv[n++] = number;
	}
	int got = fd >= 0 ? world_run_with(w, argv, fd, &out) : world_run(w, argv, NULL, &out);
	world_note(w, "uninstall", "->", out.data, out.len);
	CHECK_INT(w, got, code);
	cJSON *json = cJSON_Parse(buf_cstr(&out));
	CHECK(w, json);
	CHECK_INT(w, pick_int(json, "exit"), code);
	return json;
}

/* Is there a row in this list whose path ends so, and whose words or fix hold the part? */
static bool has(const cJSON *json, const char *list, const char *path, const char *part)
{
	const cJSON *row = NULL;
	cJSON_ArrayForEach(row, pick(json, list))
	{
		if (span_ends(span_of(pick_text(row, "path")), path) &&
			(strstr(pick_text(row, "what"), part) ||
				strstr(pick_text(row, "todo"), part))) {
			return true;
		}
	}
	return false;
}

static void nothing_happens_without_a_yes(struct world *w)
{
	struct buf before = { 0 }, after = { 0 };
	init(w);
	world_broker(w);
	world_get(at_home(w, ".claude/settings.json"), &before);
	cJSON *said = uninstall(w, -1, UNASKED, "--purge", NULL, NULL);
	CHECK(w, has(said, "would_undo", "settings.json", ""));
	CHECK(w, has(said, "stays", "state", "history"));
	world_get(at_home(w, ".claude/settings.json"), &after);
	CHECK_TEXT(w, buf_cstr(&after), buf_cstr(&before));
	CHECK(w, access(world_file(w->root, "state/key"), F_OK) == 0);
	CHECK_INT(w, (int)person_waiting(w->person), 0);
}

static void what_init_did_is_taken_back_and_the_broker_ends(struct world *w)
{
	init(w);
	world_broker(w);
	cJSON *said = uninstall(w, world_decide_fd(w), OK, "--yes", NULL, NULL);
	world_broker_died(w);
	CHECK(w, world_file_is(at_home(w, ".claude/settings.json"), settings));
	CHECK(w, world_file_is(world_file(w->work, ".mcp.json"), mcp_json));
	CHECK_HAS(w, pick_text(said, "broker"), "stopped");
	CHECK(w, has(said, "undone", "settings.json", "is again what it was"));
	CHECK(w, has(said, "stays", "config", "what you set"));
	CHECK_INT(w, cJSON_GetArraySize(pick(said, "left")), 0);
	CHECK_INT(w, cJSON_GetArraySize(pick(said, "removed")), 0);
	CHECK(w, access(world_file(w->root, "state/log.db"), F_OK) == 0);
	CHECK(w, access(world_file(w->root, "config/config.ini"), F_OK) == 0);
}

static void twice_is_as_good_as_once(struct world *w)
{
	put_home(w);
	for (int i = 0; i < 2; i++) {
		cJSON *said = uninstall(w, -1, OK, "--yes", NULL, NULL);
		CHECK_TEXT(w, pick_text(said, "broker"), "none runs");
		CHECK_INT(w, cJSON_GetArraySize(pick(said, "undone")), 0);
	}
	CHECK(w, access(world_file(w->root, "state"), F_OK) != 0);
}

/* ---- what cannot be done ---- */

static void what_was_changed_since_is_named_and_its_old_bytes_are_kept(struct world *w)
{
	init(w);
	world_put(at_home(w, ".claude/settings.json"), "another [ \n");
	cJSON *said = uninstall(w, -1, LEFT, "--yes", "--purge", NULL);
	CHECK(w, has(said, "left", "settings.json", "was changed since"));
	CHECK(w, has(said, "still_named", "settings.json", "cannot be read"));
	CHECK(w, has(said, "left", "init.journal", "could not be undone"));
	CHECK(w, access(world_file(w->root, "state/init.journal"), F_OK) == 0);
	CHECK(w, world_file_is(world_file(w->work, ".mcp.json"), mcp_json));
}

static void a_broker_that_hangs_keeps_its_files(struct world *w)
{
	world_broker(w);
	put_home(w);
	int fd = world_decide_fd(w);
	kill(w->broker, SIGSTOP);
	cJSON *said = uninstall(w, fd, LEFT, "--yes", "--purge", NULL);
	kill(w->broker, SIGCONT);
	CHECK_HAS(w, pick_text(said, "broker"), "not stopped");
	CHECK_INT(w, cJSON_GetArraySize(pick(said, "removed")), 0);
	CHECK(w, access(world_file(w->root, "state/log.db"), F_OK) == 0);
	world_person_leaves(w);
	world_broker_kill(w);
}

static void entries_made_by_hand_are_named(struct world *w)
{
	put_home(w);
	world_put(at_home(w, ".claude/settings.json"),
		"{\"hooks\": {\"PreToolUse\": [\n{\"hooks\": [\n{\"type\": \"command\", "
		"\"command\": \"/opt/bascule hook claude\"}]}]}}");
	world_put(at_home(w, ".claude.json"),
		"{\"mcpServers\": {\n\"s\": {\"command\": \"/opt/bascule\", \"args\": [\"run\", "
		"\"--\", \"x\"]},\n\"other\": {\"command\": \"x\"},\n\"p\": "
		"{\"command\": \"/opt/bascule\", \"args\": [\"policy-server\"]}}}");
	cJSON *said = uninstall(w, -1, LEFT, "--yes", NULL, NULL);
	CHECK(w, has(said, "still_named", "settings.json:3", "runs its tools without asking"));
	CHECK(w, has(said, "still_named", ".claude.json:2", "does not start"));
	CHECK(w, has(said, "still_named", ".claude.json:4", "is bascule itself"));
	CHECK_INT(w, cJSON_GetArraySize(pick(said, "still_named")), 3);
	said = uninstall(w, -1, LEFT, "--list", "--program", "/opt/bascule");
	CHECK_INT(w, cJSON_GetArraySize(pick(said, "still_named")), 3);
	said = uninstall(w, -1, OK, "--list", "--program", "/opt/other/bascule");
	CHECK_INT(w, cJSON_GetArraySize(pick(said, "still_named")), 0);
}

/* ---- its own files ---- */

static void purging_leaves_nothing_of_its_own(struct world *w)
{
	char *config = world_file(w->root, "config");
	mkdir(world_file(config, "themes"), 0700);
	mkdir(world_file(config, "profiles"), 0700);
	world_put(world_file(config, "themes/mine.ini"), "");
	world_put(world_file(config, "profiles/x.profile"), "");
	world_put(world_file(config, "keys.ini"), "");
	init(w);
	world_broker(w);
	cJSON *said = uninstall(w, world_decide_fd(w), OK, "--yes", "--purge", NULL);
	world_broker_died(w);
	CHECK(w, has(said, "removed", "state/log.db", "removed"));
	CHECK(w, has(said, "removed", "state/key", "removed"));
	CHECK(w, has(said, "removed", "config/themes/mine.ini", "removed"));
	CHECK(w, access(w->root, F_OK) != 0);
	CHECK(w, world_file_is(at_home(w, ".claude/settings.json"), settings));
}

static void purging_touches_nothing_else(struct world *w)
{
	char *config = world_file(w->root, "config"), *state = world_file(w->root, "state");
	char *rules = world_file(w->outside, "my.rules"), *themes = world_file(w->outside, "t");
	put_home(w);
	mkdir(state, 0700);
	mkdir(themes, 0700);
	world_put(rules, "version 1\n");
	world_put(world_file(themes, "a.ini"), "theme");
	world_put(world_file(config, "notes.txt"), "mine");
	mkdir(world_file(state, "log.db"), 0700);
	world_put(world_file(state, "log.db/inside"), "x");
	CHECK_INT(w, symlink(rules, world_file(config, "policy.rules")), 0);
	CHECK_INT(w, symlink(themes, world_file(config, "themes")), 0);
	cJSON *said = uninstall(w, -1, LEFT, "--yes", "--purge", NULL);
	CHECK(w, has(said, "left", "config/policy.rules", "is a link"));
	CHECK(w, has(said, "left", "config/themes", "is a link"));
	CHECK(w, has(said, "left", "state/log.db", "another kind"));
	CHECK(w, has(said, "left", "root/config", "not bascule's"));
	CHECK(w, world_file_is(rules, "version 1\n"));
	CHECK(w, world_file_is(world_file(themes, "a.ini"), "theme"));
	CHECK(w, world_file_is(world_file(config, "notes.txt"), "mine"));
	CHECK(w, world_file_is(world_file(state, "log.db/inside"), "x"));
	CHECK(w, access(world_file(config, "config.ini"), F_OK) != 0);
}

/* A directory that is a link leads elsewhere: nothing there is bascule's. */
static void a_linked_directory_is_not_entered(struct world *w)
{
	char *state = world_file(w->root, "state"), *away = world_file(w->outside, "state");
	put_home(w);
	mkdir(away, 0700);
	world_put(world_file(away, "key"), "precious");
	CHECK_INT(w, symlink(away, state), 0);
	cJSON *said = uninstall(w, -1, LEFT, "--yes", "--purge", NULL);
	CHECK(w, has(said, "left", "root/state", "is a link"));
	CHECK(w, world_file_is(world_file(away, "key"), "precious"));
}

static void another_users_directory_is_refused(struct world *w)
{
	char *state = world_file(w->root, "state");
	put_home(w);
	mkdir(state, 0700);
	world_put(world_file(state, "key"), "precious");
	CHECK_INT(w, chown(state, 12345, 12345), 0);
	cJSON *said = uninstall(w, -1, LEFT, "--yes", "--purge", NULL);
	CHECK(w, has(said, "left", "root/state", "belongs to another user"));
	CHECK(w, world_file_is(world_file(state, "key"), "precious"));
}

/* ---- for people ---- */

static void it_prints_what_it_did(struct world *w)
{
	struct buf out = { 0 };
	const char *const argv[] = { world_path(w, "bascule-setup"), "uninstall", "--root", w->root,
		"--home", home_of(w), "--yes", NULL };
	const char *const ask[] = { world_path(w, "bascule-setup"), "uninstall", "--root", w->root,
		"--home", home_of(w), NULL };
	init(w);
	CHECK_INT(w, world_run(w, ask, NULL, &out), UNASKED);
	CHECK_HAS(w, buf_cstr(&out), "Nothing was done");
	buf_clear(&out);
	CHECK_INT(w, world_run(w, argv, NULL, &out), OK);
	CHECK_HAS(w, buf_cstr(&out), "Taken back, as it was before bascule init:");
	CHECK_HAS(w, buf_cstr(&out), "settings.json: is again what it was");
	CHECK_HAS(w, buf_cstr(&out), "Broker: none runs.");
	CHECK_HAS(w, buf_cstr(&out), "What stays");
	CHECK_HAS(w, buf_cstr(&out), "sudo make uninstall");
}

static const struct e2e_case cases[] = {
#define CASE(name) \
	{ \
#name, name, 0 \
	}
	CASE(nothing_happens_without_a_yes),
	CASE(what_init_did_is_taken_back_and_the_broker_ends),
	CASE(twice_is_as_good_as_once),
	CASE(what_was_changed_since_is_named_and_its_old_bytes_are_kept),
	CASE(a_broker_that_hangs_keeps_its_files),
	CASE(entries_made_by_hand_are_named),
	CASE(purging_leaves_nothing_of_its_own),
	CASE(purging_touches_nothing_else),
	CASE(a_linked_directory_is_not_entered),
	{ "another_users_directory_is_refused", another_users_directory_is_refused, NEEDS_ROOT },
	CASE(it_prints_what_it_did),
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
