/* What is too old goes from the history of a running broker, and what is left verifies. */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include "core/history.h"
#include "core/store.h"
#include "ipc/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { OLD = 300 };

#define INSTANCE "0123456789abcdef"

static void add_call(struct world *w, struct history *h, int64_t session, int n, int64_t at_us)
{
	struct err err;
	char id[40];
	snprintf(id, sizeof(id), INSTANCE "-%d", n);
	struct history_call c = { .call = span_of(id),
		.session = session,
		.state = LIFE_RELEASED,
		.method = SPAN("tools/call"),
		.tool = SPAN("write_file"),
		.target = SPAN("/old/a.c"),
		.verdict = SPAN("allow"),
		.rule = SPAN("built-in:write"),
		.arrived_us = at_us,
		.size = -1,
		.took_us = -1 };
	CHECK(w, history_add(h, &c, &err));
	CHECK(w, history_effects_add(h, c.number, SPAN("[]"), &err));
	CHECK(w, history_finish(h, c.number, LIFE_DONE, SPAN("result"), 1, 1, at_us, &err));
}

/* As a broker of ten days ago has left it. */
static void fill(struct world *w)
{
	static const unsigned char key[HISTORY_HASH] = { 1 };
	char *state = world_file(w->root, "state"), *log = world_file(state, "log.db"),
	     *detail = world_file(state, "detail.db");
	int64_t at_us = (clock_wall_ms() - INT64_C(10) * 86400 * 1000) * 1000, session;
	struct err err;
	mkdir(w->root, 0700);
	CHECK_INT(w, mkdir(state, 0700), 0);
	struct history *h = history_open(log, key, false, at_us, NULL, &err);
	struct store *s = store_open(detail, false, at_us, NULL, &err);
	CHECK(w, h && s && history_begin(h, &err) && store_begin(s, &err));
	const struct history_session gate = {
		.instance = SPAN(INSTANCE), .server = SPAN("old"), .started_us = at_us
	};
	CHECK(w, history_session(h, &gate, &session, &err));
	for (int n = 1; n <= OLD; n++) {
		const struct store_body body = { .text = SPAN("{\"path\":\"/old/a.c\"}"),
			.size = 19 };
		add_call(w, h, session, n, at_us + n);
		CHECK(w, store_put(s, n, STORE_ARGUMENTS, &body, &err));
	}
	CHECK(w, history_commit(h, &err) && store_commit(s, &err));
	history_close(h);
	store_close(s);
	free(state);
	free(log);
	free(detail);
}

static void keep(struct world *w, const char *setting)
{
	char *text = xasprintf(
		"[broker]\nautostart = no\n[notify]\ndesktop = no\n[history]\n%s\n", setting);
	world_config(w, text);
	free(text);
}

/* Rows as `bascule history` prints them (tests/e2e/history.h has another history_row). */
static cJSON *rows_of(struct world *w, const char *filter)
{
	char *bascule = world_path(w, "bascule");
	const char *const argv[] = { bascule, "history", filter, "--json", "--root", w->root,
		NULL };
	struct buf out = { 0 };
	cJSON *rows = cJSON_CreateArray();
	CHECK_INT(w, world_run(w, argv, NULL, &out), 0);
	for (char *line = strtok(buf_cstr(&out), "\n"); line; line = strtok(NULL, "\n")) {
		cJSON_AddItemToArray(rows, cJSON_Parse(line));
	}
	return rows;
}

static int verify(struct world *w, struct buf *out)
{
	char *bascule = world_path(w, "bascule");
	const char *const argv[] = { bascule, "history", "verify", "--json", "--root", w->root,
		NULL };
	buf_clear(out);
	return world_run(w, argv, NULL, out);
}

static void one_call(struct world *w)
{
	struct client *c = client_open(w, &(struct launch){ 0 });
	char *path = world_file(w->work, "a.txt");
	world_put(path, "text");
	client_call(c, "1", "read_text_file", args_path(path));
	client_expect_text(c, "1", "text");
	free(path);
}

/* Of the old calls nothing is left, not even their texts; of the new one all. */
static void the_old_go(struct world *w)
{
	struct buf out = { 0 };
	fill(w);
	keep(w, "keep_days = 5");
	world_broker(w);
	one_call(w);
	int64_t end = now_ms() + WORLD_BOUND_MS;
	cJSON *rows = rows_of(w, "-tool:nothing");
	while (cJSON_GetArraySize(rows) != 1) {
		CHECK(w, now_ms() < end);
		rows = rows_of(w, "-tool:nothing");
	}
	CHECK_INT(w, pick_int(cJSON_GetArrayItem(rows, 0), "number"), OLD + 1);
	char *detail = world_file(w->root, "state/detail.db");
	for (bool found = true; found;) { /* details follow a little later */
		struct err err;
		struct buf text = { 0 };
		struct store *s = store_open(detail, true, 0, NULL, &err);
		CHECK(w, s && store_get(s, OLD, STORE_ARGUMENTS, &text, NULL, &found, &err));
		store_close(s);
		buf_finish(&text);
		CHECK(w, now_ms() < end);
	}
	char *bascule = world_path(w, "bascule");
	const char *const events[] = { bascule, "history", "events", "--json", "--kind",
		"retention", "--root", w->root, NULL };
	CHECK_INT(w, world_run(w, events, NULL, &out), 0);
	const cJSON *event = cJSON_Parse(buf_cstr(&out));
	CHECK_INT(w, pick_int(event, "event.below"), OLD + 1);
	CHECK_INT(w, verify(w, &out), 0);
}

/* Without a setting everything stays. */
static void without_a_bound_all_stays(struct world *w)
{
	struct buf out = { 0 };
	fill(w);
	world_broker(w);
	one_call(w);
	person_ask(w->person, "stop", "{}");
	world_broker_died(w);
	CHECK_INT(w, cJSON_GetArraySize(rows_of(w, "server:old")), 50); /* the list's limit */
	CHECK_INT(w, verify(w, &out), 0);
}

static void answers_are_left_out_on_request(struct world *w)
{
	world_config(
		w, "[broker]\nautostart = no\n[notify]\ndesktop = no\n[history]\nanswers = no\n");
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	char *path = world_file(w->work, "a.txt"), *detail = world_file(w->root, "state/detail.db");
	bool found = true;
	struct buf text = { 0 };
	struct err err;
	world_put(path, "what the file says");
	client_call(c, "1", "read_text_file", args_path(path));
	client_expect_text(c, "1", "what the file says");
	client_call(c, "2", "read_text_file", args_path(path));
	client_expect_text(c, "2", "what the file says");
	person_ask(w->person, "stop", "{}"); /* all that was queued is written by then */
	world_broker_died(w);
	struct store *s = store_open(detail, true, 0, NULL, &err);
	CHECK(w, s && store_get(s, 1, STORE_RESULT, &text, NULL, &found, &err));
	CHECK(w, !found);
	CHECK(w, store_get(s, 1, STORE_ARGUMENTS, &text, NULL, &found, &err));
	CHECK(w, found);
	store_close(s);
}

int main(int argc, char **argv)
{
	static const struct e2e_case cases[] = {
		{ "the_old_go", the_old_go, 0 },
		{ "answers_are_left_out_on_request", answers_are_left_out_on_request, 0 },
		{ "without_a_bound_all_stays", without_a_bound_all_stays, 0 },
	};
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
