/* Writes commands for, and reads outcomes from, the client scripts in tests/node. */
#include "config.h"

#include "tests/e2e/node.h"
#include "tests/e2e/pick.h"

#include <stdlib.h>
#include <string.h>

static char *node_path(struct world *w, const char *name)
{
	char *relative = world_file("tests/node", name);
	char *path = world_path(w, relative);
	free(relative);
	return path;
}

const char *const *node_fixture(struct world *w)
{
	const char **words = xcalloc(4, sizeof *words);
	words[0] = "node";
	words[1] = node_path(w, "fixture_server.mjs");
	words[2] = w->dir;
	return words;
}

/* The script's argument: the server's command, and what kind of client to be. */
static char *make_spec(struct world *w, const struct node_kind *kind, const char *const *command)
{
	cJSON *spec = cJSON_CreateObject();
	cJSON *args = cJSON_CreateArray();
	cJSON_AddStringToObject(spec, "command", command[0]);
	for (size_t i = 1; command[i]; i++) {
		cJSON_AddItemToArray(args, cJSON_CreateString(command[i]));
	}
	cJSON_AddItemToObject(spec, "args", args);
	cJSON_AddStringToObject(spec, "cwd", w->work);
	cJSON_AddStringToObject(spec, "era", kind->era);
	char *text = cJSON_PrintUnformatted(spec);
	cJSON_Delete(spec);
	return text;
}

struct client *node_start(
	struct world *w, const struct node_kind *kind, const struct launch *launch)
{
	const char *words[] = { "node", node_path(w, kind->script), NULL, NULL };
	if (!launch->direct && !launch->untrusted) {
		client_trust(w, launch);
	}
	words[2] = make_spec(w, kind, client_command(w, launch));
	return client_start(w, &(struct launch){ .direct = true, .command = words, .as = "node" });
}

struct client *node_open(struct world *w, const struct node_kind *kind, const struct launch *launch)
{
	struct client *c = node_start(w, kind, launch);
	CHECK(w, pick_true(node_answer(c, "connect"), "ok"));
	return c;
}

void node_do(struct client *c, const char *tag, const char *members)
{
	peer_send(&c->peer, "{\"tag\":\"%s\",%s}", tag, members);
}

void node_call(struct client *c, const char *tag, const char *tool, const char *arguments,
	const char *more)
{
	peer_send(&c->peer, "{\"tag\":\"%s\",\"op\":\"call\",\"name\":\"%s\",\"arguments\":%s%s%s}",
		tag, tool, arguments, *more ? "," : "", more);
}

static bool match_answer(const struct line *line, const void *tag)
{
	return strcmp(pick_text(line->json, "tag"), tag) == 0 && pick(line->json, "ok");
}

static bool match_progress(const struct line *line, const void *tag)
{
	return strcmp(pick_text(line->json, "tag"), tag) == 0 && pick(line->json, "progress");
}

const cJSON *node_answer(struct client *c, const char *tag)
{
	return peer_wait(&c->peer, match_answer, tag, tag)->json;
}

const cJSON *node_look(struct client *c, const char *tag)
{
	const struct line *line = peer_look(&c->peer, match_answer, tag);
	return line ? line->json : NULL;
}

size_t node_progress(struct client *c, const char *tag)
{
	return peer_count(&c->peer, match_progress, tag);
}

void node_wait_progress(struct client *c, const char *tag)
{
	peer_wait(&c->peer, match_progress, tag, "progress");
}

void node_expect_text(struct client *c, const char *tag, const char *part)
{
	const cJSON *answer = node_answer(c, tag);
	CHECK(c->peer.world, pick_true(answer, "ok"));
	CHECK(c->peer.world, !pick_true(answer, "result.isError"));
	CHECK_HAS(c->peer.world, pick_text(answer, "result.content.0.text"), part);
}

const char *node_expect_refusal(struct client *c, const char *tag)
{
	const cJSON *answer = node_answer(c, tag);
	CHECK(c->peer.world, pick_true(answer, "ok"));
	CHECK(c->peer.world, pick_true(answer, "result.isError"));
	return pick_text(answer, "result.content.0.text");
}

size_t node_counted(struct world *w, const char *name)
{
	char *path = world_file(w->dir, name);
	struct buf text = { 0 };
	world_get(path, &text);
	size_t count = text.len / strlen("ran\n");
	buf_finish(&text);
	free(path);
	return count;
}
