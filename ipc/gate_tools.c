/*
 * What the server says it offers: the pin (hash of the whole definition) of every listed tool,
 * whether the list is complete and fresh, and a question of our own when a gated call arrives and
 * it is not.
 *
 * The list serves the judgement only; the client's own questions and answers pass untouched.
 */
#include "config.h"

#include "ipc/gate.h"

#include "core/canon.h"
#include "core/jsonw.h"
#include "ipc/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { ASK_MS = 2000, TOOLS_MAX = 4096, PAGES_MAX = 64, TOOK_COUNT = 32, SCHEMA_MAX = 256 << 10 };

struct took {
	uint32_t ms[TOOK_COUNT];
	unsigned count;
};

struct tools {
	struct gate *gate;
	struct map listed; /* tool -> struct listed_tool: the list in force */
	struct map coming; /* pages of a list that is not complete yet */
	struct map took; /* tool -> struct took */
	bool fresh, asking;
	unsigned pages;
	/* counts list_changed: an answer to an older question is stale at once */
	unsigned generation;
	unsigned asked_at;
	uint64_t asked_ms;
	char own_id[48]; /* of our question, as JSON */
	struct buf envelope; /* _meta for our questions in the modern era */
	struct json_scan scan;
};

static void free_tool(void *data, struct span key, void *value)
{
	struct listed_tool *tool = value;
	(void)data;
	(void)key;
	free(tool->schema);
	free(tool->title);
	free(tool);
}

static void free_took(void *data, struct span key, void *value)
{
	(void)data;
	(void)key;
	free(value);
}

static void clear(struct map *map)
{
	map_each(map, free_tool, NULL);
	map_finish(map);
}

struct tools *tools_create(struct gate *g)
{
	struct tools *t = xcalloc(1, sizeof(*t));
	t->gate = g;
	return t;
}

void tools_destroy(struct tools *t)
{
	if (t) {
		clear(&t->listed);
		clear(&t->coming);
		map_each(&t->took, free_took, NULL);
		map_finish(&t->took);
		buf_finish(&t->envelope);
		json_finish(&t->scan);
		free(t);
	}
}

bool tools_fresh(const struct tools *t)
{
	return t->fresh;
}

const struct listed_tool *tools_listed(const struct tools *t, struct span name)
{
	return t->fresh ? map_get(&t->listed, name) : NULL;
}

void tools_each(
	const struct tools *t, void (*each)(void *data, struct span name, void *tool), void *data)
{
	map_each(&t->listed, each, data);
}

void tools_stale(struct tools *t)
{
	t->fresh = false;
	t->generation++;
}

static void wake_calls(struct tools *t)
{
	struct call *next;
	for (struct call *call = t->gate->first_call; call; call = next) {
		next = call->next;
		if (call->stage == CALL_LISTING && call->state == LIFE_HELD) {
			call_gather(call);
		}
	}
}

const char *const tool_says[TOOL_SAYS] = { "readOnlyHint", "destructiveHint", "idempotentHint",
	"openWorldHint" };

static struct hash part_hash(struct span part)
{
	struct hash_run run;
	hash_begin(&run);
	if (part.at) {
		canon_hash(&run, part);
	}
	return hash_end(&run);
}

/* What a person may see of it. */
static void keep_looks(struct listed_tool *listed, struct span tool)
{
	struct span title = { 0 }, parts[3] = { 0 }, hint;
	const struct json_want wants[] = { JSON_WANT("title", &title),
		JSON_WANT("description", &parts[0]), JSON_WANT("inputSchema", &parts[1]),
		JSON_WANT("annotations", &parts[2]) };
	json_pick(tool, wants, COUNT_OF(wants));
	free(listed->title);
	listed->title = title.at ? json_strdup(title) : NULL;
	listed->says = 0;
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		listed->parts[i] = part_hash(parts[i]);
	}
	for (unsigned i = 0; parts[2].at && i < TOOL_SAYS; i++) {
		bool yes = json_type(parts[2]) == JSON_OBJECT &&
			json_member(parts[2], tool_says[i], &hint) && json_type(hint) == JSON_TRUE;
		listed->says |= yes ? 1U << i : 0;
	}
}

/* What judgement needs of it. A schema too large to keep counts as none. */
static void keep_definition(struct listed_tool *listed, struct span tool)
{
	struct span schema = { 0 }, annotations = { 0 }, hint = { 0 };
	const struct json_want wants[] = { JSON_WANT("inputSchema", &schema),
		JSON_WANT("annotations", &annotations) };
	json_pick(tool, wants, COUNT_OF(wants));
	free(listed->schema);
	listed->schema = schema.at && schema.len <= SCHEMA_MAX ? span_dup(schema) : NULL;
	listed->destructive = annotations.at && json_type(annotations) == JSON_OBJECT &&
		json_member(annotations, "destructiveHint", &hint) && json_type(hint) == JSON_TRUE;
}

static void add_tool(struct tools *t, struct span tool)
{
	struct span name;
	struct hash_run run;
	/* Server lines were validated loosely; a definition that is not strict JSON counts as not
	 * listed. */
	if (!json_validate(&t->scan, tool, JSON_STRICT) || t->scan.type != JSON_OBJECT ||
		!json_member(tool, "name", &name) || json_type(name) != JSON_STRING ||
		t->coming.count >= TOOLS_MAX) {
		return;
	}
	struct buf text = { 0 };
	json_decode(name, &text);
	struct listed_tool *listed = map_take(&t->coming, buf_view(&text));
	if (!listed) {
		listed = xcalloc(1, sizeof(*listed));
	}
	/* A name listed twice gets a pin of its own kind: the later definition hashed. It changes
	 * when either does. */
	hash_begin(&run);
	canon_hash(&run, tool);
	listed->pin = hash_end(&run);
	keep_definition(listed, tool);
	keep_looks(listed, tool);
	map_put(&t->coming, buf_view(&text), listed);
	buf_finish(&text);
}

void tools_page(struct tools *t, bool first, struct span result)
{
	struct span list, cursor, key, tool;
	if (first) {
		clear(&t->coming);
		t->pages = 0;
		t->asked_at = t->generation;
	}
	if (json_type(result) != JSON_OBJECT || !json_member(result, "tools", &list) ||
		json_type(list) != JSON_ARRAY || ++t->pages > PAGES_MAX) {
		return;
	}
	struct json_walk walk = json_walk_of(list);
	while (json_next(&walk, &key, &tool)) {
		add_tool(t, tool);
	}
	if (json_member(result, "nextCursor", &cursor) && json_type(cursor) == JSON_STRING) {
		return;
	}
	clear(&t->listed);
	t->listed = t->coming;
	t->coming = (struct map){ 0 };
	t->fresh = t->asked_at == t->generation;
	gate_tell_server(t->gate);
	wake_calls(t);
}

static void write_envelope(struct tools *t, struct jsonw *w, struct span cursor)
{
	jw_key(w, "params");
	jw_open(w, '{');
	if (cursor.at) {
		jw_kv_raw(w, "cursor", cursor);
	}
	if (t->envelope.len) {
		jw_kv_raw(w, "_meta", buf_view(&t->envelope));
	}
	jw_close(w, '}');
}

static void send_question(struct tools *t, struct span cursor)
{
	unsigned char random[8];
	struct buf line = { 0 };
	const char *why = NULL;
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random)) {
		return;
	}
	uint64_t number;
	memcpy(&number, random, sizeof(number));
	snprintf(t->own_id, sizeof(t->own_id), "\"bascule/%016llx\"", (unsigned long long)number);
	struct jsonw w = jw_start(&line);
	jw_open(&w, '{');
	jw_kv_text(&w, "jsonrpc", "2.0");
	jw_kv_raw(&w, "id", span_of(t->own_id));
	jw_kv_text(&w, "method", "tools/list");
	write_envelope(t, &w, cursor);
	jw_close(&w, '}');
	buf_char(&line, '\n');
	char key[MESSAGE_KEY];
	message_key(span_of(t->own_id), key);
	struct pending *entry = xcalloc(1, sizeof(*entry));
	entry->own = true;
	entry->first_page = !cursor.at;
	entry->special = METHOD_TOOLS_LIST;
	if (gate_expect(t->gate, SIDE_CLIENT, key, entry, &why)) {
		gate_to_server(t->gate, &line);
	} else {
		pending_destroy(entry);
		buf_finish(&line);
	}
}

/* The parts of a modern envelope that a request of ours must carry too; no token of somebody
 * else's. */
static void keep_envelope(struct tools *t, const struct message *m)
{
	struct jsonw w = jw_start(&t->envelope);
	buf_clear(&t->envelope);
	jw_open(&w, '{');
	jw_kv_raw(&w, "io.modelcontextprotocol/protocolVersion", m->version);
	jw_kv_raw(&w, "io.modelcontextprotocol/clientCapabilities",
		m->capabilities.at ? m->capabilities : SPAN("{}"));
	if (m->client_info.at) {
		jw_kv_raw(&w, "io.modelcontextprotocol/clientInfo", m->client_info);
	}
	jw_close(&w, '}');
}

bool tools_ask(struct tools *t, const struct message *m)
{
	struct gate *g = t->gate;
	if (t->asking) {
		return true;
	}
	/* The first message pins a dual-era server's era; before `initialized` nothing but the
	 * handshake may be sent. */
	if (!g->spoken || (!m->modern && !g->initialized)) {
		return false;
	}
	buf_clear(&t->envelope);
	if (m->modern) {
		keep_envelope(t, m);
	}
	t->asking = true;
	t->asked_ms = uv_now(g->loop);
	gate_tick(g, t->asked_ms + ASK_MS);
	send_question(t, (struct span){ 0 });
	return true;
}

static void stop_asking(struct tools *t)
{
	t->asking = false;
	wake_calls(t);
}

void tools_own_answer(struct tools *t, const struct message *m)
{
	struct span cursor;
	if (!t->asking) {
		return; /* too late */
	}
	if (!m->result.at) {
		log_line("the server did not answer tools/list");
		stop_asking(t);
		return;
	}
	if (json_type(m->result) == JSON_OBJECT && json_member(m->result, "nextCursor", &cursor) &&
		json_type(cursor) == JSON_STRING && t->pages < PAGES_MAX) {
		send_question(t, cursor);
	} else {
		stop_asking(t);
	}
}

void tools_due(struct tools *t, uint64_t now)
{
	if (t->asking && now >= t->asked_ms + ASK_MS) {
		log_line("the server did not list its tools in time");
		stop_asking(t);
	} else if (t->asking) {
		gate_tick(t->gate, t->asked_ms + ASK_MS);
	}
}

void tools_took(struct tools *t, const char *tool, uint64_t us)
{
	struct took *took = map_get(&t->took, span_of(tool));
	if (!took) {
		if (t->took.count >= TOOLS_MAX) {
			return;
		}
		took = xcalloc(1, sizeof(*took));
		map_put(&t->took, span_of(tool), took);
	}
	took->ms[took->count++ % TOOK_COUNT] = us / 1000 > UINT32_MAX ? UINT32_MAX
								      : (uint32_t)(us / 1000);
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

uint64_t tools_p95_ms(const struct tools *t, struct span tool)
{
	const struct took *took = map_get(&t->took, tool);
	if (!took) {
		return 0;
	}
	uint32_t sorted[TOOK_COUNT];
	unsigned n = took->count < TOOK_COUNT ? took->count : TOOK_COUNT;
	memcpy(sorted, took->ms, n * sizeof(sorted[0]));
	qsort(sorted, n, sizeof(sorted[0]), by_value);
	return sorted[(n * 95 + 99) / 100 - 1];
}
