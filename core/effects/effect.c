/*
 * Effects: how they are kept, their form on the wire, and the hash that binds a decision to them.
 */
#include "config.h"

#include "core/effects/effect.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *verb;
} kinds[] = {
#define X(id, name, verb) { name, verb },
	EFFECT_KINDS(X)
#undef X
};

static const char *const write_hows[] = {
#define X(id, name) name,
	WRITE_HOWS(X)
#undef X
};

static const char *const exec_hows[] = {
#define X(id, name) name,
	EXEC_HOWS(X)
#undef X
};

static const char *const states[] = {
#define X(id, name) name,
	FACT_STATES(X)
#undef X
};

static const char *const marks[] = {
#define X(id, bit, name) name,
	FACT_MARKS(X)
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

const char *write_how_name(enum write_how how)
{
	return write_hows[how];
}

const char *exec_how_name(enum exec_how how)
{
	return exec_hows[how];
}

const char *fact_state_name(enum fact_state state)
{
	return states[state];
}

const char *fact_mark_name(unsigned bit)
{
	return bit < COUNT_OF(marks) ? marks[bit] : NULL;
}

bool effect_kind_parse(struct span name, enum effect_kind *kind)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (span_is(name, kinds[i].name)) {
			*kind = (enum effect_kind)i;
			return true;
		}
	}
	return false;
}

bool effect_has_path(enum effect_kind kind)
{
	return kind == EFFECT_READ || kind == EFFECT_WRITE || kind == EFFECT_DELETE;
}

bool effect_has_repo(enum effect_kind kind)
{
	return kind == EFFECT_PUSH || kind == EFFECT_BRANCH;
}

static char **texts_of(struct effect *e, size_t i)
{
	char **const texts[] = { &e->arg, &e->given, &e->how, &e->word, &e->base, &e->fact.path,
		&e->fact.text, &e->fact.more };
	return i < COUNT_OF(texts) ? texts[i] : NULL;
}

static void finish_one(struct effect *effect)
{
	char **text;
	for (size_t i = 0; (text = texts_of(effect, i)); i++) {
		free(*text);
	}
}

struct effect *effects_add(struct effects *out, enum effect_kind kind, const char *arg,
	const char *given, const char *how, const char *word)
{
	if (out->count >= EFFECTS_MAX) {
		finish_one(&out->list[--out->count]);
		kind = EFFECT_UNKNOWN;
		arg = "";
		given = "more effects than are judged in one call";
		how = word = NULL;
	}
	out->list = xgrow(out->list, &out->cap, out->count + 1, sizeof(*out->list));
	struct effect *effect = &out->list[out->count++];
	*effect = (struct effect){ .kind = kind,
		.arg = xstrdup(arg),
		.given = xstrdup(given),
		.how = xstrdup(how ? how : ""),
		.word = xstrdup(word ? word : ""),
		.base = xstrdup("") };
	return effect;
}

void effects_finish(struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++) {
		finish_one(&effects->list[i]);
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
		char **text;
		to->list[i] = from->list[i];
		for (size_t k = 0; (text = texts_of(&to->list[i], k)); k++) {
			*text = xstrdup(*text);
		}
	}
}

/* ---- on the wire ---- */

static void write_text(struct jsonw *w, const char *name, const char *text)
{
	if (text && text[0]) {
		jw_kv_text(w, name, text);
	}
}

static void write_fact(const struct fact *fact, struct jsonw *w)
{
	write_text(w, "path", fact->path);
	if (fact->inside) {
		jw_kv_bool(w, "inside", true);
	}
	if (fact->state != FACT_UNKNOWN) {
		jw_kv_text(w, "state", states[fact->state]);
	}
	if (fact->marks) {
		jw_kv_int(w, "marks", fact->marks);
	}
	if (fact->state == FACT_FILE) {
		jw_kv_int(w, "links", fact->links);
		jw_kv_int(w, "size", fact->size);
		jw_kv_int(w, "mtime_us", fact->mtime_us);
	}
	if (fact->ino) {
		jw_kv_int(w, "dev", fact->dev);
		jw_kv_int(w, "ino", fact->ino);
	}
	if (fact->text) {
		jw_kv_text(w, "text", fact->text);
	}
	if (fact->more) {
		jw_kv_text(w, "more", fact->more);
	}
}

void effects_write(const struct effects *effects, struct jsonw *w)
{
	jw_open(w, '[');
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *e = &effects->list[i];
		jw_open(w, '{');
		jw_kv_text(w, "kind", kinds[e->kind].name);
		write_text(w, "arg", e->arg);
		write_text(w, "given", e->given);
		write_text(w, "how", e->how);
		write_text(w, "word", e->word);
		write_text(w, "base", e->base);
		if (e->part) {
			jw_kv_int(w, "part", e->part);
		}
		if (e->late) {
			jw_kv_bool(w, "late", true);
		}
		write_fact(&e->fact, w);
		jw_close(w, '}');
	}
	jw_close(w, ']');
}

static bool read_number(struct span value, int64_t *out)
{
	return !value.at || json_int(value, out);
}

static bool read_unsigned(struct span value, unsigned *out)
{
	int64_t n = 0;
	bool ok = read_number(value, &n) && n >= 0 && n <= INT32_MAX;
	*out = (unsigned)n;
	return ok;
}

static bool read_flag(struct span value, bool *out)
{
	return !value.at || json_bool(value, out);
}

/* Absent stays what it was. */
static bool read_text(struct span value, char **out)
{
	if (!value.at) {
		return true;
	}
	free(*out);
	*out = json_strdup(value);
	return *out != NULL;
}

static bool read_state(struct span value, enum fact_state *state)
{
	for (size_t i = 0; i < COUNT_OF(states); i++) {
		if (value.at && json_is(value, states[i])) {
			*state = (enum fact_state)i;
			return true;
		}
	}
	return !value.at;
}

static bool read_fact(struct fact *fact, struct span object)
{
	struct span path = { 0 }, state = { 0 }, inside = { 0 }, links = { 0 }, size = { 0 },
		    mtime = { 0 }, dev = { 0 }, ino = { 0 }, fact_marks = { 0 }, text = { 0 },
		    more = { 0 };
	const struct json_want wants[] = { JSON_WANT("path", &path), JSON_WANT("state", &state),
		JSON_WANT("inside", &inside), JSON_WANT("links", &links), JSON_WANT("size", &size),
		JSON_WANT("mtime_us", &mtime), JSON_WANT("dev", &dev), JSON_WANT("ino", &ino),
		JSON_WANT("marks", &fact_marks), JSON_WANT("text", &text),
		JSON_WANT("more", &more) };
	json_pick(object, wants, COUNT_OF(wants));
	return read_text(path, &fact->path) && read_text(text, &fact->text) &&
		read_text(more, &fact->more) && read_flag(inside, &fact->inside) &&
		read_state(state, &fact->state) && read_unsigned(fact_marks, &fact->marks) &&
		read_number(links, &fact->links) && read_number(size, &fact->size) &&
		read_number(mtime, &fact->mtime_us) && read_number(dev, &fact->dev) &&
		read_number(ino, &fact->ino);
}

static bool read_one(struct effects *out, struct span object)
{
	struct span kind_text = { 0 }, arg = { 0 }, given = { 0 }, how = { 0 }, word = { 0 },
		    base = { 0 }, part = { 0 }, late = { 0 };
	const struct json_want wants[] = { JSON_WANT("kind", &kind_text), JSON_WANT("arg", &arg),
		JSON_WANT("given", &given), JSON_WANT("how", &how), JSON_WANT("word", &word),
		JSON_WANT("base", &base), JSON_WANT("part", &part), JSON_WANT("late", &late) };
	enum effect_kind kind;
	json_pick(object, wants, COUNT_OF(wants));
	char *name = kind_text.at ? json_strdup(kind_text) : NULL;
	bool known = name && effect_kind_parse(span_of(name), &kind);
	free(name);
	if (!known) {
		return false;
	}
	struct effect *e = effects_add(out, kind, "", "", "", "");
	return read_text(arg, &e->arg) && read_text(given, &e->given) && read_text(how, &e->how) &&
		read_text(word, &e->word) && read_text(base, &e->base) &&
		read_unsigned(part, &e->part) && read_flag(late, &e->late) &&
		read_fact(&e->fact, object);
}

bool effects_read(struct effects *effects, struct span json, struct err *err)
{
	struct json_walk walk = json_walk_of(json);
	struct span key, value;
	*effects = (struct effects){ 0 };
	bool ok = json_type(json) == JSON_ARRAY;
	while (ok && json_next(&walk, &key, &value)) {
		ok = effects->count < EFFECTS_MAX && json_type(value) == JSON_OBJECT &&
			read_one(effects, value);
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
		if (x->kind != y->kind || x->part != y->part || x->late != y->late ||
			strcmp(x->arg, y->arg) != 0 || strcmp(x->given, y->given) != 0 ||
			strcmp(x->how, y->how) != 0 || strcmp(x->word, y->word) != 0 ||
			strcmp(x->base, y->base) != 0) {
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
		struct effect e = effects->list[i];
		const int64_t numbers[] = { e.kind, e.part, e.late, e.fact.inside, e.fact.state,
			e.fact.marks, e.fact.links, e.fact.size, e.fact.mtime_us, e.fact.dev,
			e.fact.ino };
		char **text;
		for (size_t k = 0; (text = texts_of(&e, k)); k++) {
			hash_part(&run, span_of(*text));
		}
		hash_part(&run, (struct span){ (const char *)numbers, sizeof(numbers) });
	}
	hash_part(&run, branch);
	return hash_end(&run);
}

const char *effects_target(const struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++) {
		if (effects->list[i].kind == EFFECT_EXEC || effects->list[i].kind == EFFECT_TASK) {
			return effects->list[i].given;
		}
	}
	for (size_t i = 0; i < effects->count; i++) {
		if (effects->list[i].kind != EFFECT_UNKNOWN &&
			effects->list[i].kind != EFFECT_NOTHING) {
			return effects->list[i].given;
		}
	}
	return "";
}
