/*
 * Extraction by profile. Called by the gate (to gather facts) and by the broker (to judge); neither
 * trusts the other's reading.
 */
#include "config.h"

#include "core/effects/extract.h"

#include "core/effects/profile.h"
#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

static void add(struct effects *out, enum effect_kind kind, const char *arg, char *given)
{
	effects_add(out, kind, arg, given, NULL, NULL);
	free(given);
}

static void add_unknown(struct effects *out, const char *arg, const char *words)
{
	add(out, EFFECT_UNKNOWN, arg, xstrdup(words));
}

static void add_path(struct effects *out, enum effect_kind kind, const char *arg, struct span value)
{
	if (json_type(value) == JSON_STRING) {
		add(out, kind, arg, json_strdup(value));
	} else {
		add_unknown(out, arg, "a path that is not a text");
	}
}

static void add_paths(struct effects *out, const char *arg, struct span value)
{
	struct json_walk walk = json_walk_of(value);
	struct span key, item;
	if (json_type(value) != JSON_ARRAY) {
		add_unknown(out, arg, "paths that are not a list");
		return;
	}
	while (json_next(&walk, &key, &item)) {
		add_path(out, EFFECT_READ, arg, item);
	}
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

static void extract_arg(
	struct effects *out, const struct profile_tool *tool, struct span key, struct span value)
{
	for (const struct profile_arg *arg = tool->args; arg->name; arg++) {
		if (!json_key_is(key, arg->name)) {
			continue;
		}
		switch (arg->role) {
		case ARG_READ:
			add_path(out, EFFECT_READ, arg->name, value);
			return;
		case ARG_READS:
			add_paths(out, arg->name, value);
			return;
		case ARG_WRITE:
			add_path(out, EFFECT_WRITE, arg->name, value);
			return;
		case ARG_TEXT:
			return;
		}
	}
	add(out, EFFECT_UNKNOWN, "",
		xasprintf("an argument that is not known: %.*s", (int)head(key, 40), key.at));
}

/* Every path argument of the tool must have been given, or the server's own default would be judged
 * by nobody. */
static void require_args(
	struct effects *out, const struct profile_tool *tool, struct span arguments)
{
	struct span value;
	for (const struct profile_arg *arg = tool->args; arg->name; arg++) {
		if (arg->role != ARG_TEXT &&
			!(arguments.at && json_member(arguments, arg->name, &value))) {
			add_unknown(out, arg->name, "a path that is missing");
		}
	}
}

void effects_extract(struct effects *out, struct span profile, struct span method, struct span tool,
	struct span arguments)
{
	const struct profile *known = profile_find(profile);
	const struct profile_tool *entry = known ? profile_tool(known, tool) : NULL;
	*out = (struct effects){ 0 };
	if (!span_is(method, "tools/call")) {
		add_unknown(out, "", "what the server does with this method is not known");
		return;
	}
	if (!entry) {
		add_unknown(out, "",
			known ? "a tool that its profile does not know"
			      : "a server that has no profile");
		return;
	}
	if (arguments.at) {
		struct json_walk walk = json_walk_of(arguments);
		struct span key, value;
		while (json_next(&walk, &key, &value)) {
			extract_arg(out, entry, key, value);
		}
	}
	require_args(out, entry, arguments);
	if (!out->count) {
		add(out, EFFECT_NOTHING, "", xstrdup(""));
	}
}
