/*
 * Extraction by profile: finds the tool, walks the arguments once, and leaves what they do to
 * extract_roles.c and what the tool does to extract_tool.c.
 *
 * Promises: every argument is one that the profile names, spelt in one way, with numbers that all
 * readers agree on; else there is an effect of kind unknown. Called by the gate (to gather facts)
 * and by the broker (to judge); neither trusts the other's reading.
 */
#include "config.h"

#include "core/effects/extract_impl.h"

#include "core/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	KEYS_MAX = 256, /* arguments of a call */
	DEPTH_MAX = 24, /* of their values */
	TOOL_MAX = 256, /* bytes of a tool's name */
	DIGITS_MAX = 17, /* that a double keeps */
};

void reading_unknown(struct effects *out, const char *arg, const char *format, ...)
{
	char words[256];
	va_list list;
	va_start(list, format);
	vsnprintf(words, sizeof(words), format, list);
	va_end(list);
	effects_add(out, EFFECT_UNKNOWN, arg, words, NULL, NULL);
}

struct span reading_value(const struct reading *r, enum arg_role role)
{
	for (size_t i = 0; i < r->tool->arg_count; i++) {
		if (r->tool->args[i].role == role && r->values[i].at) {
			return r->values[i];
		}
	}
	return (struct span){ 0 };
}

/* Length of at most `max` bytes of the text that end with a whole character: half of one would come
 * back from the wire as another text. */
static size_t head(struct span text, size_t max)
{
	if (text.len <= max) {
		return text.len;
	}
	while (max && utf8_follows((unsigned char)text.at[max])) {
		max--;
	}
	return max;
}

/* ---- forms that readers of JSON understand differently ---- */

/* Within +-(2^53-1), or a fraction of no more digits than a double keeps. */
static bool is_sane_number(struct span number)
{
	int64_t value;
	size_t digits = 0;
	bool point = false;
	for (size_t i = 0; i < number.len; i++) {
		char c = number.at[i];
		if (c == 'e' || c == 'E') {
			return false;
		}
		point = point || c == '.';
		digits += c >= '0' && c <= '9';
	}
	return point ? digits <= DIGITS_MAX : json_int(number, &value);
}

static uint64_t folded_hash(struct span text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];
		hash = (hash ^ (c >= 'A' && c <= 'Z' ? c + 32U : c)) * UINT64_C(0x100000001b3);
	}
	return hash;
}

static int compare_hashes(const void *a, const void *b)
{
	const uint64_t *one = a, *two = b;
	return (*one > *two) - (*one < *two);
}

/* Two keys that a reader which ignores case takes for one. A collision is taken for that as well.
 */
static bool keys_fold(struct span object)
{
	uint64_t *hashes = NULL;
	size_t count = 0, cap = 0;
	bool folds = false;
	struct buf text = { 0 };
	struct json_walk walk = json_walk_of(object);
	struct span key, value;
	while (json_next(&walk, &key, &value)) {
		buf_clear(&text);
		json_decode((struct span){ key.at - 1, key.len + 2 }, &text);
		hashes = xgrow(hashes, &cap, count + 1, sizeof(*hashes));
		hashes[count++] = folded_hash(buf_view(&text));
	}
	if (count) {
		qsort(hashes, count, sizeof(*hashes), compare_hashes);
	}
	for (size_t i = 1; i < count && !folds; i++) {
		folds = hashes[i] == hashes[i - 1];
	}
	buf_finish(&text);
	free(hashes);
	return folds;
}

/* NULL: every reader sees the same. */
static const char *differs(struct span value, unsigned depth)
{
	enum json_type type = json_type(value);
	const char *why = NULL;
	struct span key, inner;
	if (type == JSON_NUMBER) {
		return is_sane_number(value) ? NULL
					     : "a number that readers understand differently";
	}
	if (type != JSON_OBJECT && type != JSON_ARRAY) {
		return NULL;
	}
	if (depth == DEPTH_MAX) {
		return "arguments that are nested very deep";
	}
	if (type == JSON_OBJECT && keys_fold(value)) {
		return "two arguments that differ only in case";
	}
	struct json_walk walk = json_walk_of(value);
	while (!why && json_next(&walk, &key, &inner)) {
		why = differs(inner, depth + 1);
	}
	return why;
}

/* ---- arguments ---- */

static void take(struct reading *r, struct span key, struct span value)
{
	bool any = false;
	for (size_t i = 0; i < r->tool->arg_count; i++) {
		if (json_key_is(key, r->tool->args[i].name)) {
			r->values[i] = value;
			return;
		}
		any = any || strcmp(r->tool->args[i].name, "*") == 0;
	}
	if (any) {
		return;
	}
	reading_unknown(
		r->out, "", "an argument that is not known: %.*s", (int)head(key, 40), key.at);
}

static void walk(struct reading *r)
{
	struct span arguments = r->call->arguments, key, value;
	if (!arguments.at) {
		return;
	}
	if (json_type(arguments) != JSON_OBJECT) {
		reading_unknown(r->out, "", "arguments that are no object");
		return;
	}
	const char *why = differs(arguments, 0);
	if (why) {
		reading_unknown(r->out, "", "%s", why);
	}
	struct json_walk walk = json_walk_of(arguments);
	size_t count = 0;
	while (json_next(&walk, &key, &value) && count++ < KEYS_MAX) {
		take(r, key, value);
	}
	if (count > KEYS_MAX) {
		reading_unknown(r->out, "", "more arguments than are read");
	}
}

static void read_call(struct effects *out, const struct extract *call,
	const struct profile *profile, const struct profile_tool *tool)
{
	struct reading *r = xcalloc(1, sizeof(*r));
	r->out = out;
	r->call = call;
	r->profile = profile;
	r->tool = tool;
	walk(r);
	reading_place(r);
	reading_arguments(r);
	reading_tool(r);
	free(r->cwd);
	free(r->base);
	free(r);
}

/* ---- tools ---- */

static size_t find(struct span text, const char *part, size_t from)
{
	size_t n = strlen(part);
	for (size_t i = from; i + n <= text.len; i++) {
		if (memcmp(text.at + i, part, n) == 0) {
			return i;
		}
	}
	return text.len;
}

/* Is `tool` a server's, by the form in which the agent calls them? A form with one character in
 * between is not taken apart: a server's name may hold it as well. */
static bool is_servers(
	const struct profile *agent, struct span tool, struct span *server, struct span *inner)
{
	const char *prefix = agent->agent_prefix, *between = agent->agent_between;
	if (!span_starts(tool, prefix)) {
		return false;
	}
	size_t start = strlen(prefix), at = find(tool, between, start + 1);
	*server = *inner = (struct span){ 0 };
	if (at + strlen(between) >= tool.len) {
		return false;
	}
	if (strlen(between) > 1 && find(tool, between, at + 1) == tool.len) {
		*server = (struct span){ tool.at + start, at - start };
		*inner = (struct span){ tool.at + at + strlen(between),
			tool.len - at - strlen(between) };
	}
	return true;
}

/* Is the call made as one of this server's? A profile's name is but a word that any server may
 * have.
 */
static bool is_named(const struct extract *call, struct span server)
{
	const char *cut = call->server ? strchr(call->server, '/') : NULL;
	return !call->named || (cut && span_is(server, cut + 1));
}

/* A tool of a server that an agent calls: by that server's profile, if there is one. */
static void read_servers(struct effects *out, const struct extract *call,
	const struct profile *agent, struct span server, struct span inner)
{
	const struct profile *profile = server.at && is_named(call, server)
		? profiles_find(call->profiles, server)
		: NULL;
	const struct profile_tool *tool = profile ? profile_tool(profile, inner) : NULL;
	if (tool && !profile->agent_prefix) {
		read_call(out, call, profile, tool);
		return;
	}
	char *given = span_dup(inner.at ? inner : call->tool);
	char *word = server.at ? span_dup(server) : xstrdup(agent->name);
	effects_add(out, EFFECT_REMOTE, "", given, "unknown", word);
	guess_effects(out, call);
	free(given);
	free(word);
}

/* A tool that no profile knows. Without any profile it has at least a name and a server, so that a
 * person may let it pass. */
static void read_unknown(
	struct effects *out, const struct extract *call, const struct profile *known)
{
	const char *why = call->arguments.at ? differs(call->arguments, 0) : NULL;
	if (why) {
		reading_unknown(out, "", "%s", why);
	}
	if (known) {
		reading_unknown(out, "", "a tool that its profile does not know");
	} else if (call->server && call->server[0] && call->tool.len) {
		char *tool = span_dup(call->tool);
		effects_add(out, EFFECT_REMOTE, "", tool, "unknown", call->server);
		guess_effects(out, call);
		free(tool);
	} else {
		reading_unknown(out, "", "a server that has no profile");
	}
}

void effects_extract(struct effects *out, const struct extract *call)
{
	const struct profile *known = call->profile.len
		? profiles_find(call->profiles, call->profile)
		: NULL;
	const struct profile_tool *tool = known ? profile_tool(known, call->tool) : NULL;
	struct span server, inner;
	*out = (struct effects){ 0 };
	if (call->tool.len > TOOL_MAX) {
		reading_unknown(out, "", "a tool with a very long name");
	} else if (!span_is(call->method, "tools/call")) {
		reading_unknown(out, "", "what the server does with this method is not known");
	} else if (tool) {
		read_call(out, call, known, tool);
	} else if (known && known->agent_prefix && is_servers(known, call->tool, &server, &inner)) {
		read_servers(out, call, known, server, inner);
	} else {
		read_unknown(out, call, known);
	}
}
