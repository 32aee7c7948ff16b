/*
 * The servers behind the connected gates, for people to look at: who asked for them, what their
 * gates tell of them, and whether a tool's definition is still the one that was accepted, and if
 * not, which parts of it are others. Nothing is judged here. All of it is foreign text and bounded.
 * Told by broker_gate.c and broker_policy.c, asked by broker_console.c.
 */
#include "config.h"

#include "ipc/broker.h"
#include "ipc/broker_event.h"

#include "core/jsonw.h"
#include "core/rpc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TOOLS_KEPT = 256, /* of one gate */
	TOOLS_SAID = 2000, /* in one answer */
	SERVERS_SAID = 64,
	TEXT_MOST = 128,
	CLAIM_MOST = 4096,
	LIST_MOST = 16 << 10, /* bytes of argv, of scope */
	SHORT_HASH = 16,
	PART_COUNT = 3,
	SAYS_COUNT = 4,
};

static const char *const part_names[PART_COUNT] = { "description", "schema", "annotations" };
static const char *const says_words[SAYS_COUNT] = { "readOnlyHint", "destructiveHint",
	"idempotentHint", "openWorldHint" };

struct told_tool {
	char *name, *title;
	struct hash pin;
	bool pinned, known;
	unsigned says;
	char parts[PART_COUNT][SHORT_HASH + 1];
	int64_t seen_ms; /* wall clock: this definition came first */
};

struct told {
	char *client, *client_version, *name, *version, *protocol;
	struct told_tool *tools;
	size_t count;
	int64_t all;
	bool listed;
};

static void told_free(struct told *told)
{
	for (size_t i = 0; told && i < told->count; i++) {
		free(told->tools[i].name);
		free(told->tools[i].title);
	}
	if (told) {
		free(told->tools);
		free(told->client);
		free(told->client_version);
		free(told->name);
		free(told->version);
		free(told->protocol);
	}
	free(told);
}

void servers_forget(struct conn *c)
{
	told_free(c->told);
	c->told = NULL;
}

/* ---- what a gate tells ---- */

static struct span cut(const char *text, size_t most)
{
	struct span span = span_of(text);
	size_t end = span.len < most ? span.len : most;
	while (end < span.len && end > 0 && ((unsigned char)span.at[end] & 0xc0) == 0x80) {
		end--; /* not inside a character */
	}
	return (struct span){ span.at, span.at ? end : 0 };
}

static char *short_text(struct span object, const char *name)
{
	char *text = json_member_text(object, name);
	if (text && strlen(text) > TEXT_MOST) {
		text[cut(text, TEXT_MOST).len] = '\0';
	}
	return text;
}

static void read_says(struct told_tool *tool, struct span json)
{
	struct span list, word;
	if (!json_member(json, "says", &list) || json_type(list) != JSON_ARRAY) {
		return;
	}
	struct json_walk walk = json_walk_of(list);
	while (json_next(&walk, NULL, &word)) {
		for (unsigned i = 0; i < SAYS_COUNT; i++) {
			tool->says |= json_is(word, says_words[i]) ? 1U << i : 0;
		}
	}
}

static struct told_tool read_tool(struct span json)
{
	struct told_tool tool = { .name = short_text(json, "name"),
		.title = short_text(json, "title"),
		.seen_ms = clock_wall_ms() };
	struct span value;
	char *pin = json_member_text(json, "pin");
	tool.pinned = pin && hash_from_hex(span_of(pin), &tool.pin);
	free(pin);
	for (size_t i = 0; i < PART_COUNT; i++) {
		char *part = json_member_text(json, part_names[i]);
		if (part && strlen(part) == SHORT_HASH &&
			strspn(part, "0123456789abcdef") == SHORT_HASH) {
			memcpy(tool.parts[i], part, SHORT_HASH + 1);
		}
		free(part);
	}
	if (json_member(json, "known", &value)) {
		json_bool(value, &tool.known);
	}
	read_says(&tool, json);
	return tool;
}

/* The same definition is not new because the list was read again. */
static void keep_time(struct told_tool *tool, const struct told *before)
{
	for (size_t i = 0; before && tool->pinned && i < before->count; i++) {
		const struct told_tool *old = &before->tools[i];
		if (strcmp(old->name, tool->name) == 0 && old->pinned &&
			hash_same(&old->pin, &tool->pin)) {
			tool->seen_ms = old->seen_ms;
		}
	}
}

static void read_tools(struct told *told, struct span params, const struct told *before)
{
	struct span list, json;
	if (!json_member(params, "tools", &list) || json_type(list) != JSON_ARRAY) {
		return;
	}
	struct json_walk walk = json_walk_of(list);
	told->tools = xcalloc(TOOLS_KEPT, sizeof(*told->tools));
	while (told->count < TOOLS_KEPT && json_next(&walk, NULL, &json)) {
		if (json_type(json) != JSON_OBJECT) {
			continue;
		}
		struct told_tool tool = read_tool(json);
		if (!tool.name) {
			free(tool.title);
			continue;
		}
		keep_time(&tool, before);
		told->tools[told->count++] = tool;
	}
}

/* A definition that is not the accepted one is an event when it is first seen. */
static void note_changes(const struct conn *c, const struct told *before)
{
	for (size_t i = 0; i < c->told->count; i++) {
		const struct told_tool *tool = &c->told->tools[i];
		const char *pin = tool->pinned ? policy_pin(c->broker, &c->claims, tool->name)
					       : NULL;
		bool same = pin && memcmp(pin, tool->pin.byte, HASH_BYTES) == 0;
		for (size_t k = 0; before && !same && k < before->count; k++) {
			const struct told_tool *old = &before->tools[k];
			same = old->pinned && strcmp(old->name, tool->name) == 0 &&
				hash_same(&old->pin, &tool->pin);
		}
		if (pin && !same) {
			event_pin(c->broker, &c->claims, tool->name, "changed", &tool->pin, NULL);
		}
	}
}

void servers_told(struct conn *c, struct span params)
{
	struct told *told = xcalloc(1, sizeof(*told)), *before = c->told;
	struct span client, value;
	told->name = short_text(params, "name");
	told->version = short_text(params, "version");
	told->protocol = short_text(params, "protocol");
	if (json_member(params, "client", &client) && json_type(client) == JSON_OBJECT) {
		told->client = short_text(client, "name");
		told->client_version = short_text(client, "version");
	}
	read_tools(told, params, before);
	told->all = (int64_t)told->count;
	if (json_member(params, "tools_all", &value)) {
		json_int(value, &told->all);
	}
	if (json_member(params, "listed", &value)) {
		json_bool(value, &told->listed);
	}
	c->told = told;
	note_changes(c, before);
	told_free(before);
	servers_pinned(c);
	c->broker->counters_dirty = true;
}

/* ---- pins ---- */

bool servers_pin(const struct conn *gate, const char *tool, struct hash *pin)
{
	const struct told *told = gate->told;
	for (size_t i = 0; told && told->listed && i < told->count; i++) {
		if (told->tools[i].pinned && strcmp(told->tools[i].name, tool) == 0) {
			*pin = told->tools[i].pin;
			return true;
		}
	}
	return false;
}

/* "PIN DESCRIPTION SCHEMA ANNOTATIONS MS" of the accepted definition */
static char *parts_text(const struct told_tool *tool)
{
	char hex[HASH_HEX + 1];
	hash_hex(&tool->pin, hex);
	return xasprintf("%.*s %s %s %s %lld", SHORT_HASH, hex, tool->parts[0], tool->parts[1],
		tool->parts[2], (long long)clock_wall_ms());
}

void servers_pinned(struct conn *c)
{
	const struct told *told = c->told;
	for (size_t i = 0; told && i < told->count; i++) {
		const struct told_tool *tool = &told->tools[i];
		const char *pin = tool->pinned ? policy_pin(c->broker, &c->claims, tool->name)
					       : NULL;
		const char *kept = policy_parts(c->broker, &c->claims, tool->name);
		char hex[HASH_HEX + 1];
		hash_hex(&tool->pin, hex);
		if (pin && memcmp(pin, tool->pin.byte, HASH_BYTES) == 0 &&
			(!kept || strncmp(kept, hex, SHORT_HASH) != 0)) {
			char *text = parts_text(tool);
			policy_keep_parts(c->broker, &c->claims, tool->name, text);
			free(text);
		}
	}
}

/* Which parts of the definition are not what was accepted, and when that was. */
static void write_changes(struct jsonw *w, const struct told_tool *tool, const char *kept)
{
	char pin[SHORT_HASH + 1], parts[PART_COUNT][SHORT_HASH + 1];
	long long at = 0;
	bool known = kept &&
		sscanf(kept, "%16s %16s %16s %16s %lld", pin, parts[0], parts[1], parts[2], &at) ==
			5;
	jw_kv_int(w, "accepted_at", known ? at : 0);
	jw_key(w, "changed");
	jw_open(w, '[');
	for (size_t i = 0; known && i < PART_COUNT; i++) {
		if (strcmp(parts[i], tool->parts[i]) != 0) {
			jw_text(w, part_names[i]);
		}
	}
	jw_close(w, ']');
}

static void write_pin(struct jsonw *w, const struct conn *c, const struct told_tool *tool)
{
	const char *pin = tool->pinned ? policy_pin(c->broker, &c->claims, tool->name) : NULL;
	bool same = pin && memcmp(pin, tool->pin.byte, HASH_BYTES) == 0;
	jw_kv_text(w, "pin", !pin ? "new" : same ? "same" : "changed");
	jw_kv_int(w, "seen_at", tool->seen_ms);
	if (pin && !same) {
		write_changes(w, tool, policy_parts(c->broker, &c->claims, tool->name));
	}
}

/* ---- what consoles ask ---- */

static void write_tool(struct jsonw *w, const struct conn *c, const struct told_tool *tool)
{
	jw_open(w, '{');
	jw_kv_text(w, "name", tool->name);
	jw_kv_text(w, "title", tool->title);
	jw_kv_bool(w, "known", tool->known);
	jw_key(w, "says");
	jw_open(w, '[');
	for (unsigned i = 0; i < SAYS_COUNT; i++) {
		if (tool->says & 1U << i) {
			jw_text(w, says_words[i]);
		}
	}
	jw_close(w, ']');
	write_pin(w, c, tool);
	jw_close(w, '}');
}

static void write_told(struct jsonw *w, const struct conn *c, size_t *room)
{
	static const struct told nothing = { 0 };
	const struct told *told = c->told ? c->told : &nothing;
	jw_key(w, "client");
	jw_open(w, '{');
	jw_kv_text(w, "name", told->client);
	jw_kv_text(w, "version", told->client_version);
	jw_kv_int(w, "pid", c->agent ? c->agent->process.pid : 0);
	jw_close(w, '}');
	jw_key(w, "says");
	jw_open(w, '{');
	jw_kv_text(w, "name", told->name);
	jw_kv_text(w, "version", told->version);
	jw_close(w, '}');
	jw_kv_text(w, "protocol", told->protocol);
	jw_kv_bool(w, "listed", told->listed);
	jw_kv_int(w, "tools_all", told->all);
	jw_key(w, "tools");
	jw_open(w, '[');
	for (size_t i = 0; i < told->count && *room; i++, --*room) {
		write_tool(w, c, &told->tools[i]);
	}
	jw_close(w, ']');
}

/* A list too long to be shown is absent. */
static void write_list(struct jsonw *w, const char *name, const char *json)
{
	jw_kv_raw(w, name, strlen(json) <= LIST_MOST ? span_of(json) : (struct span){ 0 });
}

static void write_server(struct jsonw *w, const struct conn *c, size_t *room)
{
	const struct claims *k = &c->claims;
	jw_open(w, '{');
	jw_kv_text(w, "gate", c->instance);
	jw_kv_int(w, "pid", c->process.pid);
	jw_kv_span(w, "name", cut(k->name, CLAIM_MOST));
	jw_kv_span(w, "profile", cut(k->profile, CLAIM_MOST));
	jw_kv_span(w, "program", cut(k->program, CLAIM_MOST));
	jw_kv_span(w, "cwd", cut(k->cwd, CLAIM_MOST));
	write_list(w, "argv", k->argv_json);
	write_list(w, "scope", k->scope_json);
	jw_kv_text(w, "accepted",
		c->trust == TRUST_YES          ? "yes"
			: c->trust == TRUST_NO ? "denied"
					       : "no");
	jw_kv_int(w, "since", c->since_ms);
	jw_kv_int(w, "calls", c->calls);
	jw_kv_int(w, "waiting", c->waiting);
	jw_kv_text(w, "broken", c->project_trouble);
	write_told(w, c, room);
	jw_close(w, '}');
}

void servers_message(struct conn *c, const struct message *m)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_answer(&line, m->id, "result");
	size_t room = TOOLS_SAID, count = 0;
	jw_key(&w, "servers");
	jw_open(&w, '[');
	for (const struct conn *gate = c->broker->conns; gate; gate = gate->next) {
		if (gate->role == ROLE_GATE && gate->stream && !gate->stands[0] &&
			++count <= SERVERS_SAID) {
			write_server(&w, gate, &room);
		}
	}
	jw_close(&w, ']');
	jw_kv_int(&w, "servers_all", (int64_t)count);
	rpc_close(&w);
	conn_send(c, &line);
}
