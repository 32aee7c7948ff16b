/*
 * What a call wrote over comes back, byte for byte, if a person says so and nobody has changed it
 * since; what may hold secrets is not kept at all.
 */
#include "config.h"

#include "tests/e2e/client.h"
#include "tests/e2e/history.h"
#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include "core/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* In halves: this file is no place for whole ones. */
#define TOKEN \
	"ghp_" \
	"x7Kq2mVb9RtYw4LcZ8NpD3sHf6JgA1uEo5Ti"
#define PLAIN "walrus and carpenter"

struct kept {
	bool found, content, after;
	char why[80];
};

static bool see(void *data, const struct store_before *b)
{
	static const struct hash none;
	struct kept *kept = data;
	kept->found = true;
	kept->content = b->content.len > 0;
	kept->after = !hash_same(&b->after, &none);
	snprintf(kept->why, sizeof(kept->why), "%.*s", (int)b->why.len, b->why.at ? b->why.at : "");
	return true;
}

/* Waits until the call's end is known too. */
static struct kept kept_of(struct world *w, int64_t number)
{
	char *path = world_file(w->root, "state/detail.db");
	int64_t end = now_ms() + WORLD_BOUND_MS;
	struct kept kept = { 0 };
	while (!kept.after) {
		struct err err = { 0 };
		struct store *s = store_open(path, true, 0, NULL, &err);
		CHECK(w, !s || store_befores(s, number, see, &kept, &err));
		store_close(s);
		CHECK(w, now_ms() < end);
		peer_pump(&w->person->peer, 10);
	}
	free(path);
	return kept;
}

struct scene {
	struct client *c;
	unsigned calls;
};

static struct scene begin(struct world *w)
{
	world_broker(w);
	return (struct scene){ .c = client_open(w, &(struct launch){ 0 }) };
}

/* The agent writes it; a person says yes if one is asked. The number of the call. */
static int64_t agent_writes(struct world *w, struct scene *s, const char *path)
{
	char *id = xasprintf("%u", ++s->calls + 100);
	bool asked = access(path, F_OK) == 0;
	client_call(s->c, id, "write_file", args_write(path, "the agent's text"));
	if (asked) {
		person_approve(w->person, person_item(w->person, "write_file", "held"));
	}
	client_expect_text(s->c, id, "");
	const cJSON *page = person_ask(w->person, "history", "{\"limit\":1}");
	int64_t number = pick_int(page, "result.calls.0.number");
	CHECK(w, world_file_is(path, "the agent's text"));
	return number;
}

static int restore(struct world *w, int64_t number, bool by_person, struct buf *out)
{
	int fd = by_person ? world_decide_fd(w) : -1;
	char *text = xasprintf("%lld", (long long)number), *fd_text = xasprintf("%d", fd);
	const char *argv[] = { world_path(w, "bascule-broker"), "restore", text, "--yes", "--root",
		w->root, by_person ? "--decide-fd" : NULL, fd_text, NULL };
	int code = by_person ? world_run_with(w, argv, fd, out) : world_run(w, argv, NULL, out);
	world_note(w, "restore", ">", out->data, out->len);
	return code;
}

static void expect_refused(struct world *w, int64_t number, const char *words)
{
	struct buf out = { 0 };
	CHECK_INT(w, restore(w, number, true, &out), 1);
	CHECK_HAS(w, buf_cstr(&out), words);
}

static char *events(struct world *w)
{
	const char *argv[] = { world_path(w, "bascule-broker"), "history", "events", "--json",
		"--kind", "restore", "--root", w->root, NULL };
	struct buf out = { 0 };
	world_run(w, argv, NULL, &out);
	return buf_cstr(&out);
}

static void old_bytes_come_back(struct world *w)
{
	static const char bytes[] = "old \0 bytes \xff\xfe\r\n no end";
	struct scene s = begin(w);
	struct buf out = { 0 }, now = { 0 };
	struct stat st;
	char *path = world_file(w->work, "old.bin");
	FILE *file = fopen(path, "w");
	CHECK_INT(w, fwrite(bytes, 1, sizeof(bytes), file), sizeof(bytes));
	fclose(file);
	CHECK_INT(w, chmod(path, 0640), 0);
	int64_t number = agent_writes(w, &s, path);
	CHECK(w, kept_of(w, number).content);
	CHECK_INT(w, restore(w, number, true, &out), 0);
	CHECK_HAS(w, buf_cstr(&out), "old.bin: restored");
	world_get(path, &now);
	CHECK_INT(w, now.len, sizeof(bytes));
	CHECK(w, memcmp(now.data, bytes, sizeof(bytes)) == 0);
	CHECK(w, stat(path, &st) == 0 && (st.st_mode & 07777) == 0640);
	int64_t end = now_ms() + WORLD_BOUND_MS;
	while (!strstr(events(w), "\"done\"")) {
		CHECK(w, now_ms() < end);
		peer_pump(&w->person->peer, 10);
	}
	CHECK_HAS(w, events(w), "\"begins\"");
	CHECK_HAS(w, events(w), "old.bin");
	const char *verify[] = { world_path(w, "bascule-broker"), "history", "verify", "--root",
		w->root, NULL };
	CHECK_INT(w, world_run(w, verify, NULL, NULL), 0);
	buf_clear(&out);
	CHECK_INT(w, restore(w, number, true, &out), 0);
	CHECK_HAS(w, buf_cstr(&out), "is as it was already");
}

static void a_new_file_is_removed(struct world *w)
{
	struct scene s = begin(w);
	struct buf out = { 0 };
	char *path = world_file(w->work, "new.txt");
	int64_t number = agent_writes(w, &s, path);
	kept_of(w, number);
	CHECK_INT(w, restore(w, number, true, &out), 0);
	CHECK_HAS(w, buf_cstr(&out), "-the agent's text");
	CHECK_HAS(w, buf_cstr(&out), "removed, as before");
	CHECK_INT(w, access(path, F_OK), -1);
}

static void what_was_changed_since_stays(struct world *w)
{
	struct scene s = begin(w);
	char *path = world_file(w->work, "mine.txt"), *aside = world_file(w->work, "aside.txt");
	world_put(path, PLAIN);
	int64_t number = agent_writes(w, &s, path);
	kept_of(w, number);
	world_put(path, "my own later text");
	expect_refused(w, number, "changed since by somebody else");
	CHECK(w, world_file_is(path, "my own later text"));
	world_put(path, "the agent's text");
	CHECK_INT(w, rename(path, aside), 0);
	CHECK_INT(w, symlink(aside, path), 0);
	expect_refused(w, number, "a link leads elsewhere now");
	CHECK(w, world_file_is(aside, "the agent's text"));
	CHECK_LACKS(w, events(w), "mine.txt");
}

static void a_linked_directory_is_refused(struct world *w)
{
	struct scene s = begin(w);
	char *dir = world_file(w->work, "dir"), *other = world_file(w->work, "other");
	char *path = world_file(dir, "a.txt"), *there = world_file(other, "a.txt");
	CHECK_INT(w, mkdir(dir, 0755), 0);
	world_put(path, PLAIN);
	int64_t number = agent_writes(w, &s, path);
	kept_of(w, number);
	CHECK_INT(w, rename(dir, other), 0);
	CHECK_INT(w, symlink(other, dir), 0);
	expect_refused(w, number, "a link leads elsewhere now");
	CHECK(w, world_file_is(there, "the agent's text"));
}

static bool state_holds(struct world *w, const char *text)
{
	static const char *const names[] = { "state/detail.db", "state/detail.db-wal" };
	bool holds = false;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct buf bytes = { 0 };
		char *path = world_file(w->root, names[i]);
		world_get(path, &bytes);
		holds |= bytes.len && memmem(bytes.data, bytes.len, text, strlen(text));
		buf_finish(&bytes);
		free(path);
	}
	return holds;
}

static void secrets_are_not_kept(struct world *w)
{
	struct scene s = begin(w);
	char *token = world_file(w->work, "notes.txt"), *env = world_file(w->work, ".env");
	char *plain = world_file(w->work, "plain.txt");
	world_put(token, "deploy with " TOKEN "\n");
	world_put(env, "COLOUR=turquoise-mongoose\n");
	world_put(plain, PLAIN);
	int64_t first = agent_writes(w, &s, token), second = agent_writes(w, &s, env);
	int64_t third = agent_writes(w, &s, plain);
	struct kept kept = kept_of(w, first);
	CHECK(w, !kept.content);
	CHECK_HAS(w, kept.why, "a secret was found in it");
	kept = kept_of(w, second);
	CHECK(w, !kept.content);
	CHECK_HAS(w, kept.why, "it may hold secrets");
	CHECK(w, kept_of(w, third).content);
	CHECK(w, state_holds(w, PLAIN));
	CHECK(w, !state_holds(w, TOKEN));
	expect_refused(w, first, "a secret was found in it");
	CHECK(w, world_file_is(token, "the agent's text"));
}

static void a_large_file_is_not_kept(struct world *w)
{
	struct scene s = begin(w);
	char *path = world_file(w->work, "large.txt");
	world_put(path, "x");
	CHECK_INT(w, truncate(path, (1 << 20) + 1), 0);
	int64_t number = agent_writes(w, &s, path);
	struct kept kept = kept_of(w, number);
	CHECK(w, !kept.content);
	expect_refused(w, number, "larger than 1 MiB");
	CHECK(w, world_file_is(path, "the agent's text"));
}

/* The test is the parent of the gate: what it starts is below the agent. */
static void an_agent_cannot_restore(struct world *w)
{
	struct scene s = begin(w);
	struct buf out = { 0 };
	char *path = world_file(w->work, "theirs.txt");
	world_put(path, PLAIN);
	int64_t number = agent_writes(w, &s, path);
	kept_of(w, number);
	CHECK_INT(w, restore(w, number, false, &out), 1);
	CHECK(w, world_file_is(path, "the agent's text"));
	CHECK_LACKS(w, events(w), "theirs.txt");
	buf_clear(&out);
	CHECK_INT(w, restore(w, number, true, &out), 0);
	CHECK(w, world_file_is(path, PLAIN));
}

int main(int argc, char **argv)
{
	static const struct e2e_case cases[] = {
		{ "old_bytes_come_back", old_bytes_come_back, 0 },
		{ "a_new_file_is_removed", a_new_file_is_removed, 0 },
		{ "what_was_changed_since_stays", what_was_changed_since_stays, 0 },
		{ "a_linked_directory_is_refused", a_linked_directory_is_refused, 0 },
		{ "secrets_are_not_kept", secrets_are_not_kept, 0 },
		{ "a_large_file_is_not_kept", a_large_file_is_not_kept, 0 },
		{ "an_agent_cannot_restore", an_agent_cannot_restore, 0 },
	};
	return world_main(argc, argv, cases, COUNT_OF(cases));
}
