/*
 * Edits that note themselves, and the way back. Each edit is one of core/conf_edit.c and proven
 * there; a note holds the path, the value put there and what stood there before. Called by what
 * plans changes of agents' files, and by the undoing of a file that its agent has rewritten.
 */
#include "config.h"

#include "core/conf_noted.h"

#include "core/diag.h"
#include "core/json.h"
#include "core/jsonw.h"

#include <stdlib.h>

enum { STEPS = 16 };

static const char *const formats[] = {
	[CONF_JSON] = "json",
	[CONF_JSONC] = "jsonc",
	[CONF_TOML] = "toml",
};

/* ---- making them ---- */

static bool take(struct conf_noted *n, struct buf *text, struct err *err)
{
	struct conf fresh = { 0 };
	if (!conf_parse(&fresh, n->conf.format, n->conf.name, buf_view(text), err)) {
		conf_finish(&fresh);
		buf_finish(text);
		return false;
	}
	conf_finish(&n->conf);
	buf_finish(&n->text);
	n->text = *text;
	n->conf = fresh;
	return true;
}

bool conf_noted_begin(struct conf_noted *n, enum conf_format format, const char *name,
	struct span text, struct err *err)
{
	struct buf copy = { 0 };
	*n = (struct conf_noted){ .conf = { .format = format, .name = name } };
	buf_room(&copy, 1);
	buf_span(&copy, text);
	return take(n, &copy, err);
}

void conf_noted_finish(struct conf_noted *n)
{
	conf_finish(&n->conf);
	buf_finish(&n->text);
	buf_finish(&n->notes);
}

static void note(struct conf_noted *n, struct conf_path path, size_t made, struct span was,
	struct span now, const char *mark)
{
	if (n->count++) {
		buf_char(&n->notes, ',');
	}
	struct jsonw w = jw_start(&n->notes);
	jw_open(&w, '{');
	jw_key(&w, "path");
	jw_open(&w, '[');
	for (size_t i = 0; i < path.count; i++) {
		if (path.at[i].key) {
			jw_text(&w, path.at[i].key);
		} else {
			jw_int(&w, (int64_t)path.at[i].index);
		}
	}
	jw_close(&w, ']');
	if (was.at) {
		jw_kv_span(&w, "was", was);
	} else {
		jw_kv_int(&w, "made", (int64_t)made);
	}
	jw_kv_span(&w, "now", now);
	if (mark) {
		jw_kv_text(&w, "mark", mark);
	}
	jw_close(&w, '}');
}

bool conf_noted_replace(
	struct conf_noted *n, struct conf_path path, struct span raw, struct err *err)
{
	struct buf out = { 0 }, was = { 0 };
	conf_id id = conf_find(&n->conf, path);
	if (id != CONF_NOWHERE) {
		buf_span(&was, conf_value(&n->conf, id));
	}
	bool good = conf_replace(&n->conf, path, raw, &out, err);
	if (good) {
		good = take(n, &out, err);
	} else {
		buf_finish(&out);
	}
	if (good) {
		note(n, path, 0, buf_view(&was), raw, NULL);
	}
	buf_finish(&was);
	return good;
}

bool conf_noted_add(struct conf_noted *n, struct conf_path path, struct span raw, const char *mark,
	struct err *err)
{
	struct buf out = { 0 };
	size_t made = 0;
	if (!conf_add(&n->conf, path, raw, &made, &out, err)) {
		buf_finish(&out);
		return false;
	}
	if (!take(n, &out, err)) {
		return false;
	}
	note(n, path, made, (struct span){ 0 }, raw, mark);
	return true;
}

bool conf_noted_remove(struct conf_noted *n, struct conf_path path, struct err *err)
{
	struct buf out = { 0 };
	buf_room(&out, 1);
	if (!conf_remove(&n->conf, path, &out, err)) {
		buf_finish(&out);
		return false;
	}
	return take(n, &out, err);
}

struct conf_noted_mark conf_noted_here(const struct conf_noted *n)
{
	struct conf_noted_mark mark = { .notes = n->notes.len, .count = n->count };
	buf_room(&mark.text, 1);
	buf_span(&mark.text, buf_view(&n->text));
	return mark;
}

void conf_noted_back(struct conf_noted *n, struct conf_noted_mark *mark)
{
	struct err never;
	if (take(n, &mark->text, &never)) {
		n->notes.len = mark->notes;
		n->count = mark->count;
	}
	mark->text = (struct buf){ 0 };
}

void conf_noted_forget(struct conf_noted_mark *mark)
{
	buf_finish(&mark->text);
}

void conf_noted_write(const struct conf_noted *n, struct buf *out)
{
	buf_printf(out, "{\"format\":\"%s\",\"edits\":[", formats[n->conf.format]);
	buf_span(out, buf_view(&n->notes));
	buf_text(out, "]}");
}

/* ---- taking them back ---- */

struct edit {
	struct conf_step at[STEPS];
	size_t count, made;
	char *keys[STEPS], *was, *now, *mark; /* was NULL: it was added */
};

static void edit_finish(struct edit *e)
{
	for (size_t i = 0; i < COUNT_OF(e->keys); i++) {
		free(e->keys[i]);
	}
	free(e->was);
	free(e->now);
	free(e->mark);
}

static bool read_edit(struct edit *e, struct span object)
{
	struct span path = { 0 }, step, made = { 0 };
	int64_t n = 0;
	*e = (struct edit){ .was = json_member_text(object, "was"),
		.now = json_member_text(object, "now"),
		.mark = json_member_text(object, "mark") };
	if (!e->now || !json_member(object, "path", &path) || json_type(path) != JSON_ARRAY) {
		return false;
	}
	struct json_walk walk = json_walk_of(path);
	while (json_next(&walk, NULL, &step)) {
		if (e->count == STEPS) {
			return false;
		}
		char *key = json_type(step) == JSON_STRING ? json_strdup(step) : NULL;
		if (!key && (!json_int(step, &n) || n < 0)) {
			return false;
		}
		e->keys[e->count] = key;
		e->at[e->count++] = (struct conf_step){ key, key ? 0 : (size_t)n };
	}
	if (!e->was && (!json_member(object, "made", &made) || !json_int(made, &n) || n < 0)) {
		return false;
	}
	e->made = (size_t)n;
	return e->count && e->made <= e->count;
}

static struct conf_path path_of(const struct edit *e, size_t count)
{
	return (struct conf_path){ e->at, count };
}

/* Is the value what the text spells? */
static bool is_value(const struct conf *conf, conf_id id, const char *raw)
{
	struct conf value = { 0 };
	struct buf text = { 0 };
	struct err err;
	bool toml = conf->format == CONF_TOML;
	buf_printf(&text, toml ? "v = %s\n" : "{\"v\":%s}", raw);
	bool same = conf_parse(&value, conf->format, "a note", buf_view(&text), &err) &&
		conf_same(&value, conf_find(&value, CONF_PATH(CONF_KEY("v"))), conf, id);
	conf_finish(&value);
	buf_finish(&text);
	return same;
}

static bool changed(const struct conf *conf, const struct edit *e, struct err *err)
{
	const char *key = e->at[e->count - 1].key ? e->at[e->count - 1].key : "an entry";
	const char *of = e->count > 1 && e->at[e->count - 2].key ? e->at[e->count - 2].key : "";
	return fail(err, DIAG_NONE, "%s: %.60s of %.60s was changed since", conf->name, key, of);
}

/* The element that was added, wherever it stands by now. */
static conf_id find_element(const struct conf *conf, conf_id list, struct edit *e)
{
	const struct conf_node *n = conf_node(conf, list);
	conf_id i = n->type == CONF_ARRAY ? n->first : CONF_NOWHERE;
	for (size_t place = 0; i != CONF_NOWHERE; i = conf_node(conf, i)->next, place++) {
		if (is_value(conf, i, e->now)) {
			e->at[e->count - 1].index = place;
			return i;
		}
	}
	return CONF_NOWHERE;
}

static bool bears(const struct conf *conf, conf_id id, const char *mark)
{
	struct span text = conf_value(conf, id);
	return mark && text.len && memmem(text.at, text.len, mark, strlen(mark));
}

/* How many steps are removed: with the containers that were made for it, if they hold no more. */
static size_t all_of_it(const struct conf *conf, const struct edit *e)
{
	size_t count = e->count;
	while (count > e->made && count > 0 &&
		conf_node(conf, conf_find(conf, path_of(e, count - 1)))->count == 1) {
		count--;
	}
	return count;
}

/* True with `out` empty: nothing is to be done. */
static bool take_one(const struct conf *conf, struct edit *e, struct buf *out, struct err *err)
{
	conf_id box = conf_find(conf, path_of(e, e->count - 1)), id;
	bool element = !e->at[e->count - 1].key;
	if (box == CONF_NOWHERE || conf->blank) {
		return true;
	}
	id = element ? find_element(conf, box, e) : conf_find(conf, path_of(e, e->count));
	if (id == CONF_NOWHERE) {
		return !element || !bears(conf, box, e->mark) || changed(conf, e, err);
	}
	if (e->was && is_value(conf, id, e->was)) {
		return true;
	}
	if (!is_value(conf, id, e->now)) {
		return changed(conf, e, err);
	}
	buf_room(out, 1); /* what is left may be nothing */
	return e->was ? conf_replace(conf, path_of(e, e->count), span_of(e->was), out, err)
		      : conf_remove(conf, path_of(e, all_of_it(conf, e)), out, err);
}

static bool take_all(struct conf_noted *n, const struct span *edits, size_t count, struct err *err)
{
	bool good = true;
	while (good && count) {
		struct edit e;
		struct buf out = { 0 };
		good = read_edit(&e, edits[--count])
			? take_one(&n->conf, &e, &out, err)
			: fail(err, DIAG_JOURNAL, "the journal's notes are not understood");
		if (good && out.data) {
			good = take(n, &out, err);
		} else {
			buf_finish(&out);
		}
		edit_finish(&e);
	}
	return good;
}

static bool format_of(struct span notes, enum conf_format *format)
{
	char *name = json_member_text(notes, "format");
	size_t i = 0;
	while (name && i < COUNT_OF(formats) && strcmp(name, formats[i]) != 0) {
		i++;
	}
	*format = (enum conf_format)i;
	bool known = name && i < COUNT_OF(formats);
	free(name);
	return known;
}

bool conf_take_back(
	const char *name, struct span notes, struct span now, struct buf *out, struct err *err)
{
	struct json_scan scan = { 0 };
	struct conf_noted n = { 0 };
	struct span list = { 0 }, *edits = NULL, edit;
	size_t count = 0, cap = 0;
	enum conf_format format = CONF_JSON;
	bool good = json_validate(&scan, notes, JSON_STRICT) && scan.type == JSON_OBJECT &&
			format_of(scan.value, &format) && json_member(scan.value, "edits", &list) &&
			json_type(list) == JSON_ARRAY
		? conf_noted_begin(&n, format, name, now, err)
		: fail(err, DIAG_JOURNAL, "the journal's notes are not understood");
	if (good) {
		struct json_walk walk = json_walk_of(list);
		while (json_next(&walk, NULL, &edit)) {
			edits = xgrow(edits, &cap, count + 1, sizeof(*edits));
			edits[count++] = edit;
		}
		good = take_all(&n, edits, count, err);
	}
	if (good) {
		buf_span(out, buf_view(&n.text));
	}
	free(edits);
	conf_noted_finish(&n);
	json_finish(&scan);
	return good;
}
