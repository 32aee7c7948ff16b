/*
 * `bascule policy replay` and `explain` over a history that a gate and a broker have written: what
 * rules that came later would change, and what a person denied is said first.
 */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { WORDS_MAX = 12 };

static void put_rules(struct world *w, const char *dir_of, const char *dir, const char *text)
{
	char *folder = world_file(dir_of, dir), *path = world_file(folder, "policy.rules");
	mkdir(folder, 0700);
	world_put(path, text);
	CHECK(w, chmod(path, 0600) == 0);
	free(folder);
	free(path);
}

static void user_rules(struct world *w, const char *format, const char *dir)
{
	char *text = xasprintf("version 1\n%s%s/**\n", format, dir);
	put_rules(w, w->root, "config", text);
	free(text);
}

/* `words` are further ones, up to a NULL. */
static int run_policy(struct world *w, const char *const *words, struct buf *out)
{
	char *program = world_path(w, "bascule-policy");
	const char *argv[WORDS_MAX + 6] = { program, "policy", words[0], "--root", w->root };
	for (size_t i = 1; words[i]; i++) {
		argv[4 + i] = words[i];
	}
	int status = world_run(w, argv, NULL, out);
	free(program);
	return status;
}

/* The effects are written a moment after the verdicts: waits for so many calls. */
static cJSON *replay(struct world *w, int calls, const char *since, const char *grants)
{
	const char *words[] = { "replay", "--json", "--list", "--since", since, "--grants", grants,
		NULL };
	int64_t end = now_ms() + WORLD_BOUND_MS;
	for (;;) {
		struct buf out = { 0 };
		CHECK_INT(w, run_policy(w, words, &out), 0);
		cJSON *result = cJSON_Parse(buf_cstr(&out));
		CHECK(w, result != NULL);
		buf_finish(&out);
		if (pick_int(result, "calls") == calls) {
			return result;
		}
		CHECK(w, now_ms() < end);
		cJSON_Delete(result);
	}
}

static void read_denied(struct world *w, struct client *c, const char *id, const char *path)
{
	client_call(c, id, "read_text_file", args_path(path));
	person_deny(w->person, person_item(w->person, "read_text_file", "held"), "private");
	client_expect_refusal(c, id);
}

static void read_approved(struct world *w, struct client *c, const char *id, const char *path)
{
	client_call(c, id, "read_text_file", args_path(path));
	person_approve(w->person, person_item(w->person, "read_text_file", "held"));
	client_expect_text(c, id, "text");
}

static struct client *open_client(struct world *w)
{
	world_broker(w);
	return client_open(w, &(struct launch){ 0 });
}

static void what_was_denied_is_said_first(struct world *w)
{
	char *one = world_file(w->outside, "one.txt"), *two = world_file(w->outside, "two.txt");
	char *inside = world_file(w->work, "a.txt");
	const char *const words[] = { "replay", NULL };
	static const char loud[] = "!! DENIED BEFORE: 1 ";
	struct buf out = { 0 };
	world_put(one, "text");
	world_put(two, "text");
	world_put(inside, "text");
	struct client *c = open_client(w);
	client_call(c, "1", "read_text_file", args_path(inside));
	client_expect_text(c, "1", "text");
	read_approved(w, c, "2", one);
	read_denied(w, c, "3", two);
	cJSON *before = replay(w, 3, "1d", "none");
	CHECK_INT(w, pick_int(before, "still_asked"), 2);
	CHECK_INT(w, pick_int(before, "newly_allowed"), 0);
	CHECK_INT(w, pick_int(before, "asks"), 2);
	user_rules(w, "hold read a.txt\nallow read ", w->outside);
	cJSON *after = replay(w, 3, "1d", "none");
	CHECK_INT(w, pick_int(after, "denied_before"), 1);
	CHECK_INT(w, pick_int(after, "newly_allowed"), 2);
	CHECK_INT(w, pick_int(after, "newly_held"), 1);
	CHECK_INT(w, pick_int(after, "still_asked"), 0);
	CHECK_INT(w, pick_int(after, "asks"), 1);
	CHECK_INT(w, pick_int(after, "list.0.number"), 3);
	CHECK_TEXT(w, pick_text(after, "list.0.change"), "denied_before");
	CHECK_HAS(w, pick_text(after, "list.0.words"), "private");
	CHECK_HAS(w, pick_text(after, "list.0.words"), "two.txt");
	CHECK_INT(w, run_policy(w, words, &out), 0);
	CHECK(w, strncmp(buf_cstr(&out), loud, strlen(loud)) == 0);
	buf_finish(&out);
	cJSON_Delete(before);
	cJSON_Delete(after);
	free(one);
	free(two);
	free(inside);
}

/* Relative globs of rules, and the project's own file, are those of each call's scope. */
static void rules_are_seen_from_the_scope(struct world *w)
{
	char *ci = world_file(w->work, ".gitlab-ci.yml"), *inside = world_file(w->work, "a.txt");
	const char *const words[] = { "explain", "1", NULL };
	struct buf out = { 0 };
	world_put(inside, "text");
	struct client *c = open_client(w);
	client_call(c, "1", "write_file", args_write(ci, "x"));
	person_approve(w->person, person_item(w->person, "write_file", "held"));
	client_expect_text(c, "1", "written");
	client_call(c, "2", "read_text_file", args_path(inside));
	client_expect_text(c, "2", "text");
	put_rules(w, w->root, "config", "version 1\nallow write ./.gitlab-ci.yml even control\n");
	cJSON *result = replay(w, 2, "1d", "none");
	CHECK_INT(w, pick_int(result, "newly_allowed"), 1);
	CHECK_INT(w, pick_int(result, "newly_held"), 0);
	cJSON_Delete(result);
	CHECK_INT(w, run_policy(w, words, &out), 0);
	CHECK_HAS(w, buf_cstr(&out), "policy.rules:2]");
	buf_finish(&out);
	put_rules(w, w->work, ".bascule", "version 1\nhold read a.txt\n");
	result = replay(w, 2, "1d", "none");
	CHECK_INT(w, pick_int(result, "newly_allowed"), 1);
	CHECK_INT(w, pick_int(result, "newly_held"), 1);
	cJSON_Delete(result);
	free(inside);
	free(ci);
}

static void a_no_leaves_no_grant(struct world *w)
{
	char *yes = world_file(w->outside, "yes.txt");
	char *no = world_file(w->dir, "no.txt");
	world_put(yes, "text");
	world_put(no, "text");
	struct client *c = open_client(w);
	read_approved(w, c, "1", yes);
	read_approved(w, c, "2", yes);
	read_denied(w, c, "3", no);
	read_denied(w, c, "4", no);
	cJSON *none = replay(w, 4, "1d", "none"), *session = replay(w, 4, "1d", "session");
	CHECK_INT(w, pick_int(none, "asks"), 4);
	CHECK_INT(w, pick_int(none, "sessions"), 1);
	CHECK_INT(w, pick_int(none, "session_median"), 4);
	CHECK_INT(w, pick_int(session, "asks"), 3);
	CHECK_INT(w, pick_int(session, "granted"), 1);
	cJSON_Delete(none);
	cJSON_Delete(session);
	free(yes);
	free(no);
}

static void only_what_came_since_counts(struct world *w)
{
	static const struct {
		const char *since;
		int calls;
	} times[] = { { "30m", 1 }, { "2d", 1 }, { "2020-01-01", 1 }, { "2999-01-01", 0 } };
	const char *const wrong[] = { "replay", "--since", "yesterday", NULL };
	char *inside = world_file(w->work, "a.txt");
	world_put(inside, "text");
	struct client *c = open_client(w);
	client_call(c, "1", "read_text_file", args_path(inside));
	client_expect_text(c, "1", "text");
	for (size_t i = 0; i < COUNT_OF(times); i++) {
		cJSON_Delete(replay(w, times[i].calls, times[i].since, "none"));
	}
	CHECK_INT(w, run_policy(w, wrong, NULL), 2);
	free(inside);
}

int main(int argc, char **argv)
{
	static const struct e2e_case cases[] = {
		{ "what_was_denied_is_said_first", what_was_denied_is_said_first, 0 },
		{ "rules_are_seen_from_the_scope", rules_are_seen_from_the_scope, 0 },
		{ "a_no_leaves_no_grant", a_no_leaves_no_grant, 0 },
		{ "only_what_came_since_counts", only_what_came_since_counts, 0 },
	};
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
