/* The person: a console's side of the decision socket (ipc/PROTOCOL.md), reduced to what a hand
 * does. */
#ifndef BASCULE_TESTS_E2E_PERSON_H
#define BASCULE_TESTS_E2E_PERSON_H

#include "tests/e2e/peer.h"

struct person {
	struct peer peer;
	unsigned next_id;
	size_t read; /* lines of the peer that are in `items` already */
	cJSON *items; /* object: number, or id -> the newest item, or that it has gone */
	cJSON *hello; /* what the broker said of itself */
};

/* Says hello and watches. */
void person_open(struct person *p, struct world *w, int fd);

/* Sends a request and waits for the whole answer ({result} or {error}). `params` is JSON. */
const cJSON *person_ask(struct person *p, const char *method, const char *params);

/* The newest item of this tool in this state ("" as tool: any); waits for it. */
const cJSON *person_item(struct person *p, const char *tool, const char *state);
/* The question about a server, once so many calls wait behind it: each one that joins them changes
 * its revision. */
const cJSON *person_server(struct person *p, int behind);
/* The same among what has been read by now; NULL if there is none; borrowed. */
const cJSON *person_look(struct person *p, const char *tool, const char *state);
/* Waits until the item has left the queue; the state it ended in. */
const char *person_gone(struct person *p, const cJSON *item);
size_t person_waiting(struct person *p); /* items in the queue, after asking the broker */

/* Both show the call first and decide on the revision that was shown; the state that the broker
 * answers with. */
const char *person_approve(struct person *p, const cJSON *item);
const char *person_deny(struct person *p, const cJSON *item, const char *reason);
const cJSON *person_show(struct person *p, const cJSON *item); /* the result */
/* The bare request, for what must fail: the whole answer. */
const cJSON *person_decide(struct person *p, const char *call, int64_t revision,
	const char *decision, const char *reason);

#endif
