/*
 * Effects: extraction by profile, their form on the wire, and the hash that binds a decision to
 * them. Called by the gate (to gather facts) and by the broker (to judge); neither trusts the
 * other's reading.
 */
#include "config.h"

#include "core/effect.h"

#include "core/profile.h"
#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *verb;
} kinds[] = {
#define X(id, name, verb) { name, verb },
	EFFECT_KINDS(X)
#undef X
};

static const char *const states[] = {
#define X(id, name) name,
	FACT_STATES(X)
#undef X
};

const char *effect_kind_name(enum effect_kind kind)
{
	return kinds[kind].name;
}

const char *effect_kind_verb(enum effect_kind kind)
{
	return kinds[kind].verb;
}

const char *fact_state_name(enum fact_state state)
{
	return states[state];
}

/* Takes `given`. */
static struct effect *add(struct effects *out, enum effect_kind kind, const char *arg, char *given)
{
	if (out->count >= EFFECTS_MAX) {
		struct effect *last = &out->list[EFFECTS_MAX - 1];
		free(last->given);
		last->kind = EFFECT_UNKNOWN;
		last->given = xstrdup("more effects than are judged in one call");
		free(given);
		return last;
	}
	out->list = xgrow(out->list, &out->cap, out->count + 1, sizeof(*out->list));
	struct effect *effect = &out->list[out->count++];
	*effect = (struct effect){ .kind = kind, .arg = xstrdup(arg), .given = given };
	return effect;
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
	while (json_next(&walk, &key, &item) && out->count <= EFFECTS_MAX) {
		add_path(out, EFFECT_READ, arg, item);
		if (out->count == EFFECTS_MAX) {
			add_unknown(out, arg, "");
			return;
		}
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
		while (json_next(&walk, &key, &value) && out->count < EFFECTS_MAX) {
			extract_arg(out, entry, key, value);
		}
	}
	require_args(out, entry, arguments);
	if (!out->count) {
		add(out, EFFECT_NOTHING, "", xstrdup(""));
	}
}

void effects_finish(struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++) {
		free(effects->list[i].arg);
		free(effects->list[i].given);
		free(effects->list[i].fact.path);
	}
	free(effects->list);
	*effects = (struct effects){ 0 };
}

void effects_copy(struct effects *to, const struct effects *from)
{
	*to = (struct effects){ .list = xcalloc(from->count, sizeof(*from->list)),
		.count = from->count,
		.cap = from->count };
	for (size_t i = 0; i < from->count; i++) {
		to->list[i] = from->list[i];
		to->list[i].arg = xstrdup(from->list[i].arg);
		to->list[i].given = xstrdup(from->list[i].given);
		to->list[i].fact.path = xstrdup(from->list[i].fact.path);
	}
}

void effects_write(const struct effects *effects, struct jsonw *w)
{
	jw_open(w, '[');
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *e = &effects->list[i];
		jw_open(w, '{');
		jw_kv_text(w, "kind", kinds[e->kind].name);
		jw_kv_text(w, "arg", e->arg);
		jw_kv_text(w, "given", e->given);
		if (e->fact.path) {
			jw_kv_text(w, "path", e->fact.path);
		}
		jw_kv_bool(w, "inside", e->fact.inside);
		jw_kv_text(w, "state", states[e->fact.state]);
		if (e->fact.state == FACT_FILE) {
			jw_kv_int(w, "links", e->fact.links);
			jw_kv_int(w, "size", e->fact.size);
			jw_kv_int(w, "mtime_us", e->fact.mtime_us);
		}
		if (e->fact.ino) {
			jw_kv_int(w, "dev", e->fact.dev);
			jw_kv_int(w, "ino", e->fact.ino);
		}
		jw_close(w, '}');
	}
	jw_close(w, ']');
}

static bool read_number(struct span value, int64_t *out)
{
	return !value.at || json_int(value, out);
}

static bool read_kind(struct span value, enum effect_kind *kind)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (json_is(value, kinds[i].name)) {
			*kind = (enum effect_kind)i;
			return true;
		}
	}
	return false;
}

static bool read_state(struct span value, enum fact_state *state)
{
	for (size_t i = 0; i < COUNT_OF(states); i++) {
		if (json_is(value, states[i])) {
			*state = (enum fact_state)i;
			return true;
		}
	}
	return false;
}

static bool read_one(struct effects *out, struct span object)
{
	struct span kind_text = { 0 }, arg = { 0 }, given = { 0 }, path = { 0 }, state = { 0 },
		    inside = { 0 }, links = { 0 }, size = { 0 }, mtime = { 0 }, dev = { 0 },
		    ino = { 0 };
	const struct json_want wants[] = { JSON_WANT("kind", &kind_text), JSON_WANT("arg", &arg),
		JSON_WANT("given", &given), JSON_WANT("path", &path), JSON_WANT("state", &state),
		JSON_WANT("inside", &inside), JSON_WANT("links", &links), JSON_WANT("size", &size),
		JSON_WANT("mtime_us", &mtime), JSON_WANT("dev", &dev), JSON_WANT("ino", &ino) };
	enum effect_kind kind;
	json_pick(object, wants, COUNT_OF(wants));
	if (!kind_text.at || !read_kind(kind_text, &kind) || json_type(arg) != JSON_STRING ||
		json_type(given) != JSON_STRING) {
		return false;
	}
	char *name = json_strdup(arg);
	struct effect *e = add(out, kind, name, json_strdup(given));
	free(name);
	e->fact.path = path.at ? json_strdup(path) : NULL;
	if (inside.at) {
		json_bool(inside, &e->fact.inside);
	}
	return state.at && read_state(state, &e->fact.state) &&
		read_number(links, &e->fact.links) && read_number(size, &e->fact.size) &&
		read_number(mtime, &e->fact.mtime_us) && read_number(dev, &e->fact.dev) &&
		read_number(ino, &e->fact.ino);
}

bool effects_read(struct effects *effects, struct span json, struct err *err)
{
	struct json_walk walk = json_walk_of(json);
	struct span key, value;
	*effects = (struct effects){ 0 };
	bool ok = json_type(json) == JSON_ARRAY;
	while (ok && json_next(&walk, &key, &value)) {
		ok = effects->count < EFFECTS_MAX && read_one(effects, value);
	}
	if (!ok) {
		effects_finish(effects);
		return fail(err, 0, "effects are not a list as the protocol describes it");
	}
	return true;
}

bool effects_same(const struct effects *a, const struct effects *b)
{
	if (a->count != b->count) {
		return false;
	}
	for (size_t i = 0; i < a->count; i++) {
		const struct effect *x = &a->list[i], *y = &b->list[i];
		if (x->kind != y->kind || strcmp(x->arg, y->arg) != 0 ||
			strcmp(x->given, y->given) != 0) {
			return false;
		}
	}
	return true;
}

struct hash effects_hash(const struct effects *effects, struct span branch)
{
	struct hash_run run;
	hash_begin(&run);
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *e = &effects->list[i];
		const int64_t numbers[] = { e->kind, e->fact.inside, e->fact.state, e->fact.links,
			e->fact.size, e->fact.mtime_us, e->fact.dev, e->fact.ino };
		hash_part(&run, span_of(e->arg));
		hash_part(&run, span_of(e->given));
		hash_part(&run, span_of(e->fact.path));
		hash_part(&run, (struct span){ (const char *)numbers, sizeof(numbers) });
	}
	hash_part(&run, branch);
	return hash_end(&run);
}

const char *effects_target(const struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++) {
		if (effects->list[i].kind == EFFECT_READ || effects->list[i].kind == EFFECT_WRITE) {
			return effects->list[i].given;
		}
	}
	return "";
}
