/* Keeps the queue as a console would, from snapshot, item and gone; asks and decides. */
#include "config.h"

#include "tests/e2e/person.h"
#include "tests/e2e/pick.h"
#include "tests/e2e/procs.h"

#include <stdlib.h>
#include <string.h>

/* A call keeps its number when a retry takes it up under another id; a server's question has none.
 */
static char *item_key(const cJSON *item)
{
	return pick_copy(item, pick_int(item, "number") > 0 ? "number" : "call");
}

static void put_item(struct person *p, const cJSON *item)
{
	char *key = item_key(item);
	cJSON_DeleteItemFromObjectCaseSensitive(p->items, key);
	cJSON_AddItemToObject(p->items, key, cJSON_Duplicate(item, true));
	free(key);
}

static void take_snapshot(struct person *p, const cJSON *snapshot)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, pick(snapshot, "items"))
	{
		put_item(p, item);
	}
}

/* Brings `items` up to what has been read. */
static void digest(struct person *p)
{
	for (; p->read < p->peer.count; p->read++) {
		struct line *line = p->peer.lines[p->read];
		const char *method = pick_text(line->json, "method");
		if (strcmp(method, "item") == 0 || strcmp(method, "gone") == 0) {
			put_item(p, pick(line->json, "params"));
			line->taken = true;
		} else if (strcmp(method, "snapshot") == 0) {
			take_snapshot(p, pick(line->json, "params"));
			line->taken = true;
		}
	}
}

const cJSON *person_ask(struct person *p, const char *method, const char *params)
{
	char *id = xasprintf("%u", p->next_id++);
	peer_send(&p->peer, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"%s\",\"params\":%s}", id,
		method, params);
	const struct line *line = peer_reply(&p->peer, id);
	free(id);
	digest(p);
	return line->json;
}

void person_open(struct person *p, struct world *w, int fd)
{
	*p = (struct person){ .next_id = 1, .items = cJSON_CreateObject() };
	peer_open(&p->peer, w, "person", fd, fd);
	const char *hello = w->remote
		? "{\"protocol\":\"1.0\",\"role\":\"console\",\"version\":\"e2e\",\"remote\":true}"
		: "{\"protocol\":\"1.0\",\"role\":\"console\",\"version\":\"e2e\"}";
	p->hello = cJSON_Duplicate(person_ask(p, "hello", hello), true);
	CHECK_TEXT(w, pick_text(p->hello, "result.protocol"), "1.0");
	take_snapshot(p, pick(person_ask(p, "watch", "{}"), "result"));
}

static const cJSON *find_item(struct person *p, const char *tool, const char *state)
{
	const cJSON *found = NULL, *item;
	cJSON_ArrayForEach(item, p->items)
	{
		bool fits = !*tool || strcmp(pick_text(item, "tool"), tool) == 0;
		if (fits && strcmp(pick_text(item, "state"), state) == 0 &&
			pick(item, "revision")) {
			found = item;
		}
	}
	return found;
}

const cJSON *person_item(struct person *p, const char *tool, const char *state)
{
	int64_t end = now_ms() + WORLD_BOUND_MS;
	const cJSON *item;
	for (digest(p); !(item = find_item(p, tool, state)); digest(p)) {
		if (now_ms() >= end || !peer_pump(&p->peer, (int)(end - now_ms()))) {
			world_fail(p->peer.world, "waited for %s %s in the queue in vain", state,
				*tool ? tool : "item");
		}
	}
	return cJSON_Duplicate(item, true); /* outlives the next change of it */
}

const cJSON *person_server(struct person *p, int behind)
{
	const cJSON *item;
	do {
		item = person_item(p, "", "held");
	} while (cJSON_GetArraySize(pick(item, "behind")) != behind &&
		peer_pump(&p->peer, WORLD_BOUND_MS));
	CHECK_TEXT(p->peer.world, pick_text(item, "kind"), "server");
	return item;
}

const cJSON *person_look(struct person *p, const char *tool, const char *state)
{
	peer_pump(&p->peer, 0);
	digest(p);
	return find_item(p, tool, state);
}

const char *person_gone(struct person *p, const cJSON *item)
{
	int64_t end = now_ms() + WORLD_BOUND_MS;
	char *key = item_key(item);
	for (digest(p);
		(item = cJSON_GetObjectItemCaseSensitive(p->items, key)) && pick(item, "revision");
		digest(p)) {
		if (now_ms() >= end || !peer_pump(&p->peer, (int)(end - now_ms()))) {
			world_fail(p->peer.world, "waited for %s to leave the queue in vain", key);
		}
	}
	free(key);
	return pick_text(item, "state");
}

size_t person_waiting(struct person *p)
{
	return (size_t)cJSON_GetArraySize(pick(person_ask(p, "queue", "{}"), "result.items"));
}

const cJSON *person_show(struct person *p, const cJSON *item)
{
	char *params = xasprintf("{\"call\":\"%s\"}", pick_text(item, "call"));
	const cJSON *answer = person_ask(p, "show", params);
	free(params);
	if (!pick(answer, "result")) {
		world_fail(p->peer.world, "show: %s", pick_text(answer, "error.message"));
	}
	return pick(answer, "result");
}

const cJSON *person_decide(struct person *p, const char *call, int64_t revision,
	const char *decision, const char *reason)
{
	cJSON *params = cJSON_CreateObject();
	cJSON_AddStringToObject(params, "call", call);
	cJSON_AddNumberToObject(params, "revision", (double)revision);
	cJSON_AddStringToObject(params, "decision", decision);
	if (reason) {
		cJSON_AddStringToObject(params, "reason", reason);
	}
	char *text = cJSON_PrintUnformatted(params);
	const cJSON *answer = person_ask(p, "decide", text);
	free(text);
	cJSON_Delete(params);
	return answer;
}

static const char *decide_shown(
	struct person *p, const cJSON *item, const char *decision, const char *reason)
{
	int64_t revision = pick_int(person_show(p, item), "revision");
	const cJSON *answer = person_decide(p, pick_text(item, "call"), revision, decision, reason);
	if (!pick(answer, "result")) {
		world_fail(p->peer.world, "%s: %s", decision, pick_text(answer, "error.message"));
	}
	return pick_text(answer, "result.state");
}

const char *person_approve(struct person *p, const cJSON *item)
{
	return decide_shown(p, item, "approve", NULL);
}

const char *person_deny(struct person *p, const cJSON *item, const char *reason)
{
	return decide_shown(p, item, "deny", reason);
}
