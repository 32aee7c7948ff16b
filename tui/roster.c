/* What is not understood is left out or absent; nothing here decides anything. Called by
 * app_roster.c; view_servers.c reads. */
#include "config.h"

#include "tui/roster.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "tui/model_read.h"

enum { SERVERS_MAX = 256, TOOLS_MAX = 4096, TEXT_MOST = 4096 };

static const struct {
	const char *name;
	size_t offset;
} texts[] = {
#define X(name) { #name, offsetof(struct roster_server, name) },
	ROSTER_TEXTS(X)
#undef X
};

static void free_all(char **list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(list[i]);
	}
}

static void finish_server(struct roster_server *server)
{
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		free(*(char **)((char *)server + texts[i].offset));
	}
	free(server->client);
	free(server->client_version);
	free(server->says);
	free(server->says_version);
	free_all(server->argv, server->argc);
	free_all(server->scope, server->scope_count);
	for (size_t i = 0; i < server->tool_count; i++) {
		struct roster_tool *tool = &server->tools[i];
		free(tool->name);
		free(tool->title);
		free_all(tool->says, tool->says_count);
		free_all(tool->changed, tool->changed_count);
	}
	free(server->tools);
}

static void drop_list(struct roster *roster)
{
	for (size_t i = 0; i < roster->count; i++) {
		finish_server(&roster->list[i]);
	}
	roster->count = 0;
}

void roster_finish(struct roster *roster)
{
	drop_list(roster);
	free(roster->list);
	free(roster->selected);
	free(roster->why);
	*roster = (struct roster){ 0 };
}

/* ---- reading ---- */

static size_t read_texts(struct span json, const char *name, char **list, size_t most)
{
	struct span array = model_read_member(json, name), value;
	struct json_walk walk = json_walk_of(array);
	size_t count = 0;
	while (json_type(array) == JSON_ARRAY && count < most && json_next(&walk, NULL, &value)) {
		char *text = model_read_string(value, TEXT_MOST);
		if (text) {
			list[count++] = text;
		}
	}
	return count;
}

static bool is_true(struct span json, const char *name)
{
	return json_type(model_read_member(json, name)) == JSON_TRUE;
}

static struct roster_tool read_tool(struct span json)
{
	struct roster_tool tool = {
		.name = model_read_text(json, "name", TEXT_MOST),
		.title = model_read_text(json, "title", TEXT_MOST),
		.known = is_true(json, "known"),
		.seen_at = model_read_int(json, "seen_at", 0),
		.accepted_at = model_read_int(json, "accepted_at", 0),
	};
	struct span pin = model_read_member(json, "pin");
	tool.pin = json_is(pin, "same")   ? PIN_SAME
		: json_is(pin, "changed") ? PIN_CHANGED
					  : PIN_NEW;
	tool.says_count = read_texts(json, "says", tool.says, ROSTER_HINTS);
	tool.changed_count = read_texts(json, "changed", tool.changed, ROSTER_PARTS);
	return tool;
}

static int by_pin_and_name(const void *a, const void *b)
{
	const struct roster_tool *x = a, *y = b;
	bool changed = x->pin == PIN_CHANGED, other = y->pin == PIN_CHANGED;
	return changed != other ? (changed ? -1 : 1)
				: strcmp(x->name ? x->name : "", y->name ? y->name : "");
}

static void read_tools(struct roster_server *server, struct span json)
{
	struct span list = model_read_member(json, "tools"), value;
	struct json_walk walk = json_walk_of(list);
	size_t cap = 0;
	while (json_type(list) == JSON_ARRAY && server->tool_count < TOOLS_MAX &&
		json_next(&walk, NULL, &value)) {
		server->tools = xgrow(
			server->tools, &cap, server->tool_count + 1, sizeof(*server->tools));
		server->tools[server->tool_count] = read_tool(value);
		server->changed += server->tools[server->tool_count++].pin == PIN_CHANGED;
	}
	if (server->tool_count) {
		qsort(server->tools, server->tool_count, sizeof(*server->tools), by_pin_and_name);
	}
}

static void read_server(struct roster *roster, struct span json)
{
	char *gate = model_read_text(json, "gate", TEXT_MOST);
	if (!gate || roster->count == SERVERS_MAX) {
		free(gate);
		return;
	}
	roster->list = xgrow(roster->list, &roster->cap, roster->count + 1, sizeof(*roster->list));
	struct roster_server *server = &roster->list[roster->count++];
	struct span client = model_read_member(json, "client");
	struct span says = model_read_member(json, "says");
	*server = (struct roster_server){
		.client = model_read_text(client, "name", TEXT_MOST),
		.client_version = model_read_text(client, "version", TEXT_MOST),
		.client_pid = model_read_int(client, "pid", 0),
		.says = model_read_text(says, "name", TEXT_MOST),
		.says_version = model_read_text(says, "version", TEXT_MOST),
		.pid = model_read_int(json, "pid", 0),
		.since = model_read_int(json, "since", 0),
		.calls = model_read_int(json, "calls", 0),
		.waiting = model_read_int(json, "waiting", 0),
		.tools_all = model_read_int(json, "tools_all", 0),
		.listed = is_true(json, "listed"),
	};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		*(char **)((char *)server + texts[i].offset) = model_read_text(
			json, texts[i].name, TEXT_MOST);
	}
	server->argc = read_texts(json, "argv", server->argv, ROSTER_ARGV);
	server->scope_count = read_texts(json, "scope", server->scope, ROSTER_ARGV);
	read_tools(server, json);
	free(gate);
}

/* Who came first stands first, however the broker keeps them. */
static int by_arrival(const void *a, const void *b)
{
	const struct roster_server *x = a, *y = b;
	return x->since != y->since ? (x->since < y->since ? -1 : 1) : strcmp(x->gate, y->gate);
}

static void select_near(struct roster *roster, size_t place)
{
	size_t shown = roster_shown(roster);
	if (!roster_selected(roster)) {
		roster_select(roster,
			roster_at(roster,
				place < shown   ? place
					: shown ? shown - 1
						: 0));
	}
}

void roster_read(struct roster *roster, struct span json)
{
	size_t place = roster_place(roster);
	struct span list = model_read_member(json, "servers"), value;
	struct json_walk walk = json_walk_of(list);
	drop_list(roster);
	while (json_type(list) == JSON_ARRAY && json_next(&walk, NULL, &value)) {
		read_server(roster, value);
	}
	if (roster->count) {
		qsort(roster->list, roster->count, sizeof(*roster->list), by_arrival);
	}
	roster->all = model_read_int(json, "servers_all", (int64_t)roster->count);
	roster->here = true;
	free(roster->why);
	roster->why = NULL;
	select_near(roster, place);
}

/* ---- which are listed ---- */

static const char *server_value(const void *record, enum query_field field)
{
	const struct roster_server *server = record;
	switch (field) {
	case QUERY_SERVER:
		return server->name;
	case QUERY_PATH:
		return server->cwd;
	case QUERY_CLIENT:
		return server->client;
	case QUERY_TOOL:
		return server->program;
	case QUERY_STATE:
		return server->changed ? "changed" : server->accepted;
	default:
		return NULL;
	}
}

void roster_filter(struct roster *roster, const struct query *query)
{
	size_t place = roster_place(roster);
	for (size_t i = 0; i < roster->count; i++) {
		struct roster_server *server = &roster->list[i];
		server->hidden = query && !query_fits(query, server_value, server);
	}
	select_near(roster, place);
}

static bool is_selected(const struct roster *roster, const struct roster_server *server)
{
	return roster->selected && strcmp(server->gate, roster->selected) == 0;
}

struct roster_server *roster_selected(const struct roster *roster)
{
	for (size_t i = 0; i < roster->count; i++) {
		struct roster_server *server = &roster->list[i];
		if (!server->hidden && is_selected(roster, server)) {
			return server;
		}
	}
	return NULL;
}

void roster_select(struct roster *roster, const struct roster_server *server)
{
	char *gate = server ? xstrdup(server->gate) : NULL;
	free(roster->selected);
	roster->selected = gate;
}

size_t roster_shown(const struct roster *roster)
{
	size_t shown = 0;
	for (size_t i = 0; i < roster->count; i++) {
		shown += !roster->list[i].hidden;
	}
	return shown;
}

size_t roster_place(const struct roster *roster)
{
	size_t place = 0;
	for (size_t i = 0; i < roster->count; i++) {
		if (is_selected(roster, &roster->list[i])) {
			return place;
		}
		place += !roster->list[i].hidden;
	}
	return 0;
}

struct roster_server *roster_at(const struct roster *roster, size_t place)
{
	for (size_t i = 0; i < roster->count; i++) {
		if (!roster->list[i].hidden && place-- == 0) {
			return &roster->list[i];
		}
	}
	return NULL;
}
