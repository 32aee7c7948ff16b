/* Real SDK clients, driven over their stdin by the commands of tests/node/driver.mjs. */
#ifndef BASCULE_TESTS_E2E_NODE_H
#define BASCULE_TESTS_E2E_NODE_H

#include "tests/e2e/client.h"

/* A kind of client: which SDK, and how it agrees on a protocol revision. */
struct node_kind {
	const char *script; /* client_v1.mjs, client_v2.mjs */
	const char *era; /* legacy, auto, or the revision to pin */
	bool modern; /* what a server of both eras makes of it */
};

/* Starts it with the server of `launch` (behind a gate, accepted beforehand, as launch says) and
 * waits until it is connected. */
struct client *node_open(
	struct world *w, const struct node_kind *kind, const struct launch *launch);
struct client *node_start(
	struct world *w, const struct node_kind *kind, const struct launch *launch);
/* The dual-era fixture server as a command; its counters lie in the world's directory. */
const char *const *node_fixture(struct world *w);

/* {"tag": TAG, MEMBERS}: MEMBERS is raw JSON, such as "op":"list". */
void node_do(struct client *c, const char *tag, const char *members);
/* A call; `more` is further members, "" for none. */
void node_call(struct client *c, const char *tag, const char *tool, const char *arguments,
	const char *more);
const cJSON *node_answer(struct client *c, const char *tag); /* the whole {tag, ok, ...}; waits */
const cJSON *node_look(struct client *c, const char *tag); /* NULL: none yet */
size_t node_progress(struct client *c, const char *tag); /* how many notifications came */
void node_wait_progress(struct client *c, const char *tag);

void node_expect_text(
	struct client *c, const char *tag, const char *part); /* a result without isError */
const char *node_expect_refusal(
	struct client *c, const char *tag); /* a result with isError; its text */
/* How often the fixture's `count` ran under this name. */
size_t node_counted(struct world *w, const char *name);

#endif
