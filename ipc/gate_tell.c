/*
 * What the gate tells the broker of its server, for people to look at: who speaks on both sides, by
 * which protocol, and the list of tools with a hash of each part of a definition. Nothing is judged
 * by it: verdicts rest on the pin that comes with each submission. Bounded: names are cut, and of
 * very many tools only the first are named.
 */
#include "config.h"

#include "ipc/gate.h"

#include "core/rpc.h"

#include <stdlib.h>
#include <string.h>

enum { TOOLS_TOLD = 256, NAME_MOST = 128 };

static char *member_text(struct span object, const char *name)
{
	struct span value;
	return json_type(object) == JSON_OBJECT && json_member(object, name, &value)
		? json_strdup(value)
		: NULL;
}

void gate_learn_server(struct gate *g, struct span result)
{
	struct span info = { 0 };
	if (json_type(result) != JSON_OBJECT) {
		return;
	}
	struct server_said *said = &g->said;
	gate_forget_server(g);
	said->protocol = member_text(result, "protocolVersion");
	if (json_member(result, "serverInfo", &info)) {
		said->name = member_text(info, "name");
		said->version = member_text(info, "version");
	}
	gate_tell_server(g);
}

void gate_forget_server(struct gate *g)
{
	free(g->said.protocol);
	free(g->said.name);
	free(g->said.version);
	g->said = (struct server_said){ 0 };
}

/* Not inside a character. */
static struct span cut(const char *text)
{
	struct span span = span_of(text);
	size_t end = span.len < NAME_MOST ? span.len : NAME_MOST;
	while (end < span.len && end > 0 && ((unsigned char)span.at[end] & 0xc0) == 0x80) {
		end--;
	}
	return (struct span){ span.at, span.at ? end : 0 };
}

struct telling {
	const struct gate *gate;
	const struct profile *profile;
	struct jsonw *w;
	size_t count;
};

static void write_tool(void *data, struct span name, void *value)
{
	static const char *const parts[] = { "description", "schema", "annotations" };
	struct telling *telling = data;
	const struct listed_tool *tool = value;
	struct jsonw *w = telling->w;
	char hex[HASH_HEX + 1], *text = span_dup(name);
	if (telling->count++ < TOOLS_TOLD) {
		jw_open(w, '{');
		jw_kv_span(w, "name", cut(text));
		jw_kv_span(w, "title", cut(tool->title));
		if (name.len <= NAME_MOST) {
			hash_hex(&tool->pin, hex);
			jw_kv_text(w, "pin", hex);
		}
		for (size_t i = 0; i < COUNT_OF(parts); i++) {
			hash_hex(&tool->parts[i], hex);
			hex[16] = '\0';
			jw_kv_text(w, parts[i], hex);
		}
		jw_kv_bool(w, "known",
			telling->profile && profile_tool(telling->profile, name) != NULL);
		jw_key(w, "says");
		jw_open(w, '[');
		for (size_t i = 0; i < TOOL_SAYS; i++) {
			if (tool->says & 1U << i) {
				jw_text(w, tool_says[i]);
			}
		}
		jw_close(w, ']');
		jw_close(w, '}');
	}
	free(text);
}

void gate_tell_server(struct gate *g)
{
	struct buf line = { 0 };
	struct jsonw w = rpc_open(&line, (struct span){ 0 }, "server");
	struct telling telling = { g, profiles_find(g->profiles, span_of(g->claim.profile)), &w,
		0 };
	jw_kv_span(&w, "protocol", cut(g->said.protocol));
	jw_kv_span(&w, "name", cut(g->said.name));
	jw_kv_span(&w, "version", cut(g->said.version));
	jw_key(&w, "client");
	jw_open(&w, '{');
	jw_kv_span(&w, "name", cut(g->client_name));
	jw_kv_span(&w, "version", cut(g->client_version));
	jw_close(&w, '}');
	jw_key(&w, "tools");
	jw_open(&w, '[');
	tools_each(g->tools, write_tool, &telling);
	jw_close(&w, ']');
	jw_kv_int(&w, "tools_all", (int64_t)telling.count);
	jw_kv_bool(&w, "listed", tools_fresh(g->tools));
	rpc_close(&w);
	wire_tell(g->wire, &line);
}
