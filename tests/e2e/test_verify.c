/*
 * `bascule history verify` behind real calls: whole as long as nobody touched the files, and after
 * every way of changing them it names what was changed. And the broker, killed at random moments
 * under load: nothing that was answered is missing, and the chain goes on.
 *
 * BASCULE_KILLS=200, as in `make check-kills`, makes the last case that long.
 */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/history.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KILLS = 10, IN_FLIGHT = 16, KILL_WITHIN_MS = 120 };

/* ---- asking ---- */

struct verified {
	int code;
	cJSON *said;
	char *text;
};

static struct buf run_verify(struct world *w, bool json, int *code)
{
	char *program = world_path(w, "bascule-broker");
	const char *argv[] = { program, "history", "verify", "--root", w->root,
		json ? "--json" : NULL, NULL };
	struct buf out = { 0 };
	*code = world_run(w, argv, NULL, &out);
	free(program);
	return out;
}

static struct verified verify(struct world *w)
{
	struct verified v = { 0 };
	int code;
	struct buf json = run_verify(w, true, &v.code), text = run_verify(w, false, &code);
	v.said = cJSON_Parse(buf_cstr(&json));
	v.text = xstrdup(buf_cstr(&text));
	CHECK(w, v.said != NULL);
	world_note(w, "verify", ">", text.data, text.len);
	buf_finish(&json);
	buf_finish(&text);
	return v;
}

static void forget(struct verified *v)
{
	cJSON_Delete(v->said);
	free(v->text);
}

static void expect_whole(struct world *w)
{
	struct verified v = verify(w);
	CHECK_HAS(w, v.text, "The history is whole");
	CHECK_INT(w, v.code, 0);
	forget(&v);
}

static void expect_break(struct world *w, const char *kind, const char *words)
{
	struct verified v = verify(w);
	CHECK_INT(w, v.code, 1);
	CHECK_TEXT(w, pick_text(v.said, "breaks.0.kind"), kind);
	CHECK_HAS(w, v.text, words);
	forget(&v);
}

/* ---- changing ---- */

static char *state_file(struct world *w, const char *name)
{
	char *state = world_file(w->root, "state"), *path = world_file(state, name);
	free(state);
	return path;
}

static bool is_noted(struct world *w, const char *head)
{
	char *path = state_file(w, "heads");
	struct buf text = { 0 };
	world_get(path, &text);
	bool noted = *head && strstr(buf_cstr(&text), head);
	buf_finish(&text);
	free(path);
	return noted;
}

/* Waits until so many calls are sealed with their end, none is left out, and the head is noted. */
static void await_sealed(struct world *w, int64_t calls)
{
	int64_t end = now_ms() + 2 * WORLD_BOUND_MS;
	bool done;
	do {
		int code;
		struct buf json = run_verify(w, true, &code);
		cJSON *said = cJSON_Parse(buf_cstr(&json));
		CHECK_INT(w, code, 0);
		done = pick_int(said, "calls") == calls && !pick_int(said, "younger_calls") &&
			!pick_int(said, "open") && is_noted(w, pick_text(said, "head"));
		if (now_ms() > end) {
			world_fail(w, "not all of %lld calls are sealed: %s", (long long)calls,
				buf_cstr(&json));
		}
		cJSON_Delete(said);
		buf_finish(&json);
	} while (!done);
}

static void change(struct world *w, const char *name, const char *sql)
{
	sqlite3 *db;
	char *path = state_file(w, name);
	CHECK_INT(w, sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, WORLD_BOUND_MS);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
		world_fail(w, "%s: %s", sql, sqlite3_errmsg(db));
	}
	sqlite3_close(db);
	free(path);
}

static void save(struct world *w, const char *name, const char *as)
{
	char *to = state_file(w, as), *sql = xasprintf("VACUUM INTO '%s'", to);
	change(w, name, sql);
	free(sql);
	free(to);
}

/* The file in another's place, as a hand would do it: without what SQLite keeps beside it. */
static void put_back(struct world *w, const char *name, const char *saved)
{
	char *from = state_file(w, saved), *to = state_file(w, name);
	char *log = xasprintf("%s-wal", to), *shared = xasprintf("%s-shm", to);
	unlink(log);
	unlink(shared);
	CHECK_INT(w, rename(from, to), 0);
	free(log);
	free(shared);
	free(from);
	free(to);
}

static void read_files(struct world *w, struct client *c, int from, int to)
{
	for (int i = from; i <= to; i++) {
		char *name = xasprintf("%d.txt", i), *id = xasprintf("%d", i);
		char *path = world_file(w->work, name);
		world_put(path, "text");
		client_call(c, id, "read_text_file", args_path(path));
		client_expect_text(c, id, "text");
	}
}

static void changes_are_named(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	read_files(w, c, 1, 5);
	await_sealed(w, 5);
	expect_whole(w);
	world_broker_kill(w);
	expect_whole(w);
	save(w, "log.db", "log.saved");
	save(w, "detail.db", "detail.saved");
	change(w, "log.db", "UPDATE call SET verdict='deny' WHERE number=3");
	expect_break(w, "changed", "call 3: its row, or what is kept beside it, was edited");
	change(w, "log.db", "UPDATE call SET verdict='allow' WHERE number=3");
	expect_whole(w);
	change(w, "log.db", "DELETE FROM call WHERE number=4");
	expect_break(w, "removed", "call 4: it was removed");
	put_back(w, "log.db", "log.saved");
	expect_whole(w);
	change(w, "log.db",
		"INSERT INTO call(number,session,n,arrived_us,state)"
		" VALUES(0,1,1000,1,'done')");
	expect_break(w, "unsealed", "call 0: it has no seal");
	change(w, "log.db", "DELETE FROM call WHERE number=0");
	change(w, "detail.db", "UPDATE event SET at_us=at_us-1000000 WHERE id=1");
	expect_break(w, "changed", "event 1: it was edited after it was sealed");
	change(w, "detail.db", "UPDATE event SET at_us=at_us+1000000 WHERE id=1");
	change(w, "detail.db", "UPDATE body SET text=x'7b7d' WHERE number=5 AND part=0");
	expect_break(w, "changed", "call 5: its row, or what is kept beside it, was edited");
	put_back(w, "detail.db", "detail.saved");
	save(w, "detail.db", "detail.saved");
	expect_whole(w);
	change(w, "detail.db", "UPDATE seal SET digest=zeroblob(32) WHERE number=2");
	expect_break(w, "link", "does not follow from the one before");
	put_back(w, "detail.db", "detail.saved");
	expect_whole(w);
}

static int verify_noted(struct world *w, const char *head)
{
	const char *argv[] = { world_path(w, "bascule-broker"), "history", "verify", "--root",
		w->root, "--head", head, NULL };
	return world_run(w, argv, NULL, NULL);
}

/* Cut off consistently, in both databases: the heads know. And a broker that then goes on does not
 * make it whole again. */
static void a_cut_end_is_named(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	read_files(w, c, 1, 3);
	await_sealed(w, 3);
	save(w, "log.db", "log.saved");
	save(w, "detail.db", "detail.saved");
	read_files(w, c, 4, 5);
	await_sealed(w, 5);
	struct verified v = verify(w);
	char *head = xstrdup(pick_text(v.said, "head"));
	forget(&v);
	CHECK_INT(w, verify_noted(w, head), 0);
	world_broker_kill(w);
	CHECK_INT(w, verify_noted(w, head), 0);
	put_back(w, "log.db", "log.saved");
	put_back(w, "detail.db", "detail.saved");
	expect_break(w, "end", "its end was cut off, or detail.db is an older copy");
	world_broker(w);
	struct client *other = client_open(w, &(struct launch){ .name = "files" });
	read_files(w, other, 6, 9);
	CHECK_INT(w, verify_noted(w, head), 1);
	CHECK_INT(w, verify_noted(w, "0123"), 2);
	int64_t end = now_ms() + WORLD_BOUND_MS;
	do {
		v = verify(w);
		CHECK_INT(w, v.code, 1);
		CHECK(w, now_ms() < end);
	} while (strcmp(pick_text(v.said, "breaks.0.kind"), "head") != 0);
	CHECK_HAS(w, v.text, "not the one that the file heads noted");
}

/* Nothing is left for the next broker to seal. */
static void a_clean_end_seals_all(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	read_files(w, c, 1, 3);
	client_call(c, "9", "write_file", args_write(world_file(w->outside, "a"), "x"));
	person_item(w->person, "write_file", "held");
	history_row(w, "3.txt", "done");
	person_ask(w->person, "stop", "{}");
	world_broker_died(w);
	struct verified v = verify(w);
	CHECK_INT(w, v.code, 0);
	CHECK_INT(w, pick_int(v.said, "calls"), 3);
	CHECK_INT(w, pick_int(v.said, "open"), 1);
	CHECK_INT(w, pick_int(v.said, "younger_calls"), 0);
	forget(&v);
}

/* A damaged log.db is set aside, and another begun: the new calls are sealed, and what was is told
 * to be gone. */
static void a_log_begun_anew_is_named(struct world *w)
{
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	read_files(w, c, 1, 4);
	await_sealed(w, 4);
	world_broker_kill(w);
	char *log = state_file(w, "log.db"), *shm = state_file(w, "log.db-shm");
	char *wal = state_file(w, "log.db-wal");
	unlink(wal);
	unlink(shm);
	world_put(log, "this is no database at all, and it is long enough to be taken for none");
	world_broker(w);
	struct client *other = client_open(w, &(struct launch){ 0 });
	read_files(w, other, 11, 12);
	person_ask(w->person, "stop", "{}");
	world_broker_died(w);
	expect_break(w, "cut", "calls 1 to 4: gone from log.db");
	struct verified v = verify(w);
	CHECK_INT(w, pick_int(v.said, "break_count"), 1);
	CHECK_INT(w, pick_int(v.said, "calls") + pick_int(v.said, "open"), 2);
	forget(&v);
}

static void a_missing_file_is_named(struct world *w)
{
	int code;
	struct buf out = run_verify(w, false, &code);
	CHECK_INT(w, code, 0);
	CHECK_HAS(w, buf_cstr(&out), "Nothing is sealed yet");
	world_broker(w);
	struct client *c = client_open(w, &(struct launch){ 0 });
	read_files(w, c, 1, 2);
	await_sealed(w, 2);
	world_broker_kill(w);
	char *heads = state_file(w, "heads"), *aside = state_file(w, "heads.aside");
	CHECK_INT(w, rename(heads, aside), 0);
	expect_break(w, "no-heads", "the file heads was removed");
	CHECK_INT(w, rename(aside, heads), 0);
	char *log = state_file(w, "log.db");
	save(w, "log.db", "log.saved");
	CHECK_INT(w, unlink(log), 0);
	expect_break(w, "no-log", "log.db was removed");
	put_back(w, "log.db", "log.saved");
	char *detail = state_file(w, "detail.db");
	CHECK_INT(w, unlink(detail), 0);
	expect_break(w, "no-detail", "detail.db was removed");
	const char *argv[] = { world_path(w, "bascule-broker"), "history", "verify", "--nonsense",
		NULL };
	CHECK_INT(w, world_run(w, argv, NULL, NULL), 2);
}

/* ---- killed ---- */

struct load {
	struct world *w;
	struct client *c;
	unsigned sent, answered, refused;
	char *what; /* of each call, by its id: what is known of it */
	size_t cap;
	uint64_t seed;
};

enum { RAN = 1, SERVED = 2, RECORDED = 4 };

static uint64_t random_next(struct load *l)
{
	uint64_t z = l->seed += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static bool match_any_reply(const struct line *line, const void *data)
{
	(void)data;
	return pick(line->json, "id") && (pick(line->json, "result") || pick(line->json, "error"));
}

/* Files that are not there: the server says so, and that is an answer. */
static void call_one(struct load *l)
{
	char name[32], id[16];
	snprintf(name, sizeof name, "none-%u.txt", ++l->sent);
	snprintf(id, sizeof id, "%u", l->sent);
	char *path = world_file(l->w->work, name), *arguments = args_path(path);
	l->what = xgrow(l->what, &l->cap, l->sent + 1, 1);
	l->what[l->sent] = 0;
	client_call(l->c, id, "read_text_file", arguments);
	free(arguments);
	free(path);
}

static void hear(struct load *l)
{
	const struct line *line;
	while ((line = peer_look(&l->c->peer, match_any_reply, NULL))) {
		bool refused = match_text(line, "NOT executed");
		int64_t id = pick_int(line->json, "id");
		((struct line *)(uintptr_t)line)->taken = true;
		if (id > 0 && id <= (int64_t)l->sent) {
			l->what[id] |= refused ? 0 : RAN;
			l->refused += refused;
			l->answered++;
		}
	}
}

static void keep_busy(struct load *l, int64_t until_ms)
{
	while (now_ms() < until_ms) {
		while (l->sent - l->answered < IN_FLIGHT) {
			call_one(l);
		}
		peer_pump(&l->c->peer, 1);
		hear(l);
	}
}

static void drain(struct load *l)
{
	int64_t end = now_ms() + WORLD_BOUND_MS;
	while (l->answered < l->sent) {
		peer_pump(&l->c->peer, 10);
		hear(l);
		if (now_ms() > end) {
			world_fail(l->w, "%u of %u calls were answered", l->answered, l->sent);
		}
	}
}

/* Marks the calls that a text names. */
static void mark(struct load *l, const char *text, char as)
{
	static const char name[] = "/none-";
	for (const char *at = strstr(text, name); at; at = strstr(at + 1, name)) {
		unsigned long id = strtoul(at + strlen(name), NULL, 10);
		CHECK(l->w, id > 0 && id <= l->sent);
		l->what[id] |= as;
	}
}

static int64_t mark_rows(struct load *l)
{
	sqlite3 *db;
	sqlite3_stmt *s = NULL;
	char *path = state_file(l->w, "log.db");
	int64_t rows = 0;
	CHECK_INT(l->w, sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	CHECK_INT(l->w,
		sqlite3_prepare_v2(
			db, "SELECT target FROM call WHERE verdict='allow'", -1, &s, NULL),
		SQLITE_OK);
	while (sqlite3_step(s) == SQLITE_ROW) {
		mark(l, (const char *)sqlite3_column_text(s, 0), RECORDED);
		rows++;
	}
	sqlite3_finalize(s);
	sqlite3_close(db);
	free(path);
	return rows;
}

/* What was answered has its row, and so has what the server was given: it was let by that. A call
 * that was refused because no broker was there may have one. */
static int64_t prove_rows(struct load *l)
{
	struct buf seen = { 0 };
	int64_t rows = mark_rows(l);
	world_get(l->w->seen, &seen);
	mark(l, buf_cstr(&seen), SERVED);
	for (unsigned id = 1; id <= l->sent; id++) {
		if (l->what[id] && !(l->what[id] & RECORDED)) {
			world_fail(l->w, "call %u was%s and has no row", id,
				l->what[id] & RAN ? " answered" : " given to the server");
		}
	}
	buf_finish(&seen);
	return rows;
}

static int kills(void)
{
	const char *text = getenv("BASCULE_KILLS");
	int n = text ? atoi(text) : 0;
	return n > 0 ? n : KILLS;
}

static void killed_at_random_moments(struct world *w)
{
	struct load l = { .w = w, .seed = (uint64_t)getpid() };
	char *seed = xasprintf("seed %llu", (unsigned long long)l.seed);
	world_note(w, "load", ":", seed, strlen(seed));
	world_broker(w);
	l.c = client_open(w, &(struct launch){ 0 });
	for (int i = 0; i < kills(); i++) {
		keep_busy(&l, now_ms() + 1 + (int64_t)(random_next(&l) % KILL_WITHIN_MS));
		/* now and then long enough that the worker seals at that moment */
		if (i % 4 == 3) {
			keep_busy(&l, now_ms() + 1000 + (int64_t)(random_next(&l) % 200));
		}
		world_broker_kill(w);
		struct verified v = verify(w);
		CHECK_INT(w, v.code, 0); /* perhaps nothing was sealed yet */
		forget(&v);
		world_broker(w);
	}
	drain(&l);
	int64_t rows = prove_rows(&l);
	await_sealed(w, rows);
	expect_whole(w);
	CHECK(w, l.sent - l.refused > (unsigned)kills());
	printf("PASS %s: %d kills, %u calls, %u refused, each other with its row and seal (%lld "
	       "ms)\n",
		w->name, kills(), l.sent, l.refused, (long long)(now_ms() - w->began_ms));
	fflush(stdout);
}

static const struct e2e_case cases[] = {
	{ "changes_are_named", changes_are_named, 0 },
	{ "a_cut_end_is_named", a_cut_end_is_named, 0 },
	{ "a_clean_end_seals_all", a_clean_end_seals_all, 0 },
	{ "a_log_begun_anew_is_named", a_log_begun_anew_is_named, 0 },
	{ "a_missing_file_is_named", a_missing_file_is_named, 0 },
	{ "killed_at_random_moments", killed_at_random_moments, LONG_RUN },
};

int main(int argc, char **argv)
{
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
