/*
 * From JSON spans to records. Member names are compared exactly, numbers are read as integers or
 * not at all, and what is not understood fails towards care: an unknown risk is high, an unknown
 * state cannot be approved.
 */
#include "config.h"

#include "tui/model_read.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { MEMBERS_MAX = 64 };

/* An object that many members are wanted of, walked once. */
struct members {
	struct span object;
	struct json_member list[MEMBERS_MAX];
	size_t count;
	bool more; /* than are listed */
};

struct text_field {
	const char *name;
	size_t offset;
};

static const struct text_field text_fields[] = {
#define X(name) { #name, offsetof(struct model_item, name) },
	MODEL_TEXTS(X)
#undef X
};

static const struct text_field effect_fields[] = {
	{ "kind", offsetof(struct model_effect, kind) },
	{ "arg", offsetof(struct model_effect, arg) },
	{ "given", offsetof(struct model_effect, given) },
	{ "how", offsetof(struct model_effect, how) },
	{ "word", offsetof(struct model_effect, word) },
	{ "path", offsetof(struct model_effect, path) },
	{ "state", offsetof(struct model_effect, state) },
	{ "text", offsetof(struct model_effect, text) },
};

static const struct text_field who_fields[] = {
#define X(name) { #name, offsetof(struct model_who, name) },
	MODEL_WHO(X)
#undef X
};

/* What grows older without being news; the rest of an item is what a person decides on. */
static const char *const ageing[] = { "deadline", "arrived", "expires" };

struct span model_read_member(struct span object, const char *name)
{
	struct span value = { NULL, 0 };
	return json_type(object) == JSON_OBJECT && json_member(object, name, &value)
		? value
		: (struct span){ NULL, 0 };
}

int64_t model_read_int(struct span object, const char *name, int64_t otherwise)
{
	struct span value = model_read_member(object, name);
	int64_t n = 0;
	return value.at && json_int(value, &n) ? n : otherwise;
}

char *model_read_text(struct span object, const char *name, size_t most)
{
	return model_read_string(model_read_member(object, name), most);
}

char *model_read_string(struct span string, size_t most)
{
	char *text = json_strdup(string);
	size_t len = text ? strlen(text) : 0, end = most;
	if (len <= most) {
		return text;
	}
	while (end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80) {
		end--; /* not inside a character */
	}
	char *cut = xasprintf("%.*s… (%zu bytes more)", (int)end, text, len - end);
	free(text);
	return cut;
}

static void list_members(struct members *m, struct span object)
{
	struct json_walk walk = json_walk_of(object);
	struct span key, value;
	m->object = object;
	m->count = 0;
	m->more = false;
	while (json_type(object) == JSON_OBJECT && !m->more && json_next(&walk, &key, &value)) {
		m->more = m->count == MEMBERS_MAX;
		if (!m->more) {
			m->list[m->count++] = (struct json_member){ key, value };
		}
	}
}

/* The last of that name, as json_member has it. */
static struct span member(const struct members *m, const char *name)
{
	if (m->more) {
		return model_read_member(m->object, name);
	}
	for (size_t i = m->count; i-- > 0;) {
		if (json_key_is(m->list[i].key, name)) {
			return m->list[i].value;
		}
	}
	return (struct span){ NULL, 0 };
}

static int64_t read_int(const struct members *m, const char *name, int64_t otherwise)
{
	struct span value = member(m, name);
	int64_t n = 0;
	return value.at && json_int(value, &n) ? n : otherwise;
}

static void read_texts(
	void *record, const struct text_field *fields, size_t count, const struct members *m)
{
	for (size_t i = 0; i < count; i++) {
		char **field = (char **)((char *)record + fields[i].offset);
		*field = json_strdup(member(m, fields[i].name));
	}
}

static void free_texts(void *record, const struct text_field *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(*(char **)((char *)record + fields[i].offset));
	}
}

static char **read_words(struct span array, size_t *count)
{
	char **words = NULL;
	size_t cap = 0;
	struct json_walk walk = json_walk_of(array);
	struct span value;
	*count = 0;
	while (json_type(array) == JSON_ARRAY && json_next(&walk, NULL, &value)) {
		char *word = json_strdup(value);
		words = xgrow(words, &cap, *count + 1, sizeof(*words));
		words[(*count)++] = word ? word : xstrdup("");
	}
	return words;
}

static void free_words(char **words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(words[i]);
	}
	free(words);
}

static struct model_effect read_effect(struct span json)
{
	struct members m;
	list_members(&m, json);
	struct model_effect effect = {
		.links = read_int(&m, "links", 1),
		.part = (unsigned)read_int(&m, "part", 0),
		.marks = (unsigned)read_int(&m, "marks", 0),
	};
	read_texts(&effect, effect_fields, COUNT_OF(effect_fields), &m);
	json_bool(member(&m, "inside"), &effect.inside);
	json_bool(member(&m, "late"), &effect.late);
	return effect;
}

static void read_effects(struct model_item *item, struct span array)
{
	size_t cap = 0;
	struct json_walk walk = json_walk_of(array);
	struct span value;
	while (json_type(array) == JSON_ARRAY && json_next(&walk, NULL, &value)) {
		if (item->effect_count == MODEL_EFFECTS_MAX) {
			item->effects_more++;
			continue;
		}
		item->effects = xgrow(
			item->effects, &cap, item->effect_count + 1, sizeof(*item->effects));
		item->effects[item->effect_count++] = read_effect(value);
	}
}

static void read_behind(struct model_item *item, struct span array)
{
	size_t cap = 0;
	struct json_walk walk = json_walk_of(array);
	struct span value;
	while (json_type(array) == JSON_ARRAY && json_next(&walk, NULL, &value)) {
		item->behind = xgrow(
			item->behind, &cap, item->behind_count + 1, sizeof(*item->behind));
		item->behind[item->behind_count++] = (struct model_behind){
			.number = model_read_int(value, "number", 0),
			.tool = json_strdup(model_read_member(value, "tool")),
			.target = json_strdup(model_read_member(value, "target")),
			.would = json_strdup(model_read_member(value, "would")),
		};
	}
}

static enum model_risk read_risk(struct span value)
{
	return json_is(value, "low")        ? RISK_LOW
		: json_is(value, "medium")  ? RISK_MEDIUM
		: json_is(value, "highest") ? RISK_HIGHEST
					    : RISK_HIGH;
}

static enum life_state read_state(struct span value)
{
	enum life_state state = LIFE_UNKNOWN;
	char *name = json_strdup(value);
	if (!name || !life_state_parse(name, &state)) {
		state = LIFE_UNKNOWN;
	}
	free(name);
	return state;
}

static bool ages(struct span key)
{
	for (size_t i = 0; i < COUNT_OF(ageing); i++) {
		if (json_key_is(key, ageing[i])) {
			return true;
		}
	}
	return false;
}

static char *read_raw(struct span json)
{
	struct buf raw = { 0 };
	struct json_walk walk = json_walk_of(json);
	struct span key, value;
	while (json_next(&walk, &key, &value)) {
		if (!ages(key)) {
			buf_span(&raw, key);
			buf_char(&raw, ':');
			buf_span(&raw, value);
			buf_char(&raw, '\n');
		}
	}
	char *text = span_dup(buf_view(&raw));
	buf_finish(&raw);
	return text;
}

static struct model_denied read_denied(struct span json)
{
	int64_t count = json.at ? model_read_int(json, "count", 0) : 0;
	return count <= 0 ? (struct model_denied){ 0 }
			  : (struct model_denied){ .count = count,
				    .number = model_read_int(json, "number", 0),
				    .at = model_read_int(json, "at", 0),
				    .reason = json_strdup(model_read_member(json, "reason")) };
}

static char *read_above(struct span array)
{
	struct buf names = { 0 };
	struct json_walk walk = json_walk_of(array);
	struct span value;
	while (json_type(array) == JSON_ARRAY && json_next(&walk, NULL, &value)) {
		char *name = json_strdup(model_read_member(value, "name"));
		buf_printf(&names, "%s%s", names.len ? " < " : "", name ? name : "?");
		free(name);
	}
	char *text = names.len ? span_dup(buf_view(&names)) : NULL;
	buf_finish(&names);
	return text;
}

static void read_who(struct model_who *who, struct span json)
{
	struct members m;
	list_members(&m, json);
	read_texts(who, who_fields, COUNT_OF(who_fields), &m);
	who->above = read_above(member(&m, "above"));
}

struct model_item *model_item_read(struct span json)
{
	struct members m;
	list_members(&m, json);
	char *call = json_strdup(member(&m, "call"));
	if (!call) {
		return NULL;
	}
	struct model_item *item = xcalloc(1, sizeof(*item));
	struct span client = member(&m, "client");
	item->call = call;
	item->number = read_int(&m, "number", 0);
	item->revision = read_int(&m, "revision", 0);
	item->kind = json_is(member(&m, "kind"), "server") ? MODEL_SERVER : MODEL_CALL;
	item->state = read_state(member(&m, "state"));
	item->risk = read_risk(member(&m, "risk"));
	item->arrived = read_int(&m, "arrived", 0);
	item->deadline = read_int(&m, "deadline", 0);
	item->expires = read_int(&m, "expires", 0);
	item->denied_at = read_int(&m, "denied_at", 0);
	item->approved_at = read_int(&m, "approved_at", 0);
	item->client = json_strdup(model_read_member(client, "name"));
	item->client_version = json_strdup(model_read_member(client, "version"));
	item->client_program = json_strdup(model_read_member(client, "program"));
	read_who(&item->who, json_type(client) == JSON_OBJECT ? client : member(&m, "who"));
	item->client_pid = model_read_int(client, "pid", 0);
	read_texts(item, text_fields, COUNT_OF(text_fields), &m);
	read_effects(item, member(&m, "effects"));
	item->argv = read_words(member(&m, "argv"), &item->argc);
	item->scope = read_words(member(&m, "scope"), &item->scope_count);
	item->denied = read_denied(member(&m, "denied_before"));
	read_behind(item, member(&m, "behind"));
	item->behind_all = read_int(&m, "behind_count", (int64_t)item->behind_count);
	item->raw = read_raw(json);
	return item;
}

void model_item_free(struct model_item *item)
{
	if (!item) {
		return;
	}
	free_texts(item, text_fields, COUNT_OF(text_fields));
	for (size_t i = 0; i < item->effect_count; i++) {
		free_texts(&item->effects[i], effect_fields, COUNT_OF(effect_fields));
	}
	for (size_t i = 0; i < item->behind_count; i++) {
		free(item->behind[i].tool);
		free(item->behind[i].target);
		free(item->behind[i].would);
	}
	free_words(item->argv, item->argc);
	free_words(item->scope, item->scope_count);
	free(item->effects);
	free(item->behind);
	free(item->client);
	free(item->client_version);
	free(item->client_program);
	free_texts(&item->who, who_fields, COUNT_OF(who_fields));
	free(item->who.above);
	free(item->ended_by);
	free(item->denied.reason);
	free(item->like.decision);
	free(item->like.except);
	free(item->show_text);
	free(item->mark);
	free(item->raw);
	free(item->call);
	free(item);
}

struct model_passed model_passed_read(struct span json)
{
	return (struct model_passed){
		.number = model_read_int(json, "number", 0),
		.tool = json_strdup(model_read_member(json, "tool")),
		.target = json_strdup(model_read_member(json, "target")),
		.server = json_strdup(model_read_member(json, "server")),
		.rule = json_strdup(model_read_member(json, "rule")),
	};
}

void model_passed_finish(struct model_passed *passed)
{
	free(passed->tool);
	free(passed->target);
	free(passed->server);
	free(passed->rule);
}
