/*
 * The edits of a configuration file, and the proof of each.
 *
 * Owns what is spliced where, and the comparison: the new text is read again and must be the old
 * tree with the one change that was asked for; else nothing is handed out. So a mistake in the
 * layout can lose an edit, never a user's file. Called by what changes the configuration of agents.
 */
#include "config.h"

#include "core/conf_impl.h"

#include "core/diag.h"

#include <string.h>

static bool same_text(const struct conf *a, conf_id ia, const struct conf *b, conf_id ib)
{
	struct buf ta = { 0 }, tb = { 0 };
	bool good = conf_text(a, ia, &ta) && conf_text(b, ib, &tb) &&
		span_same(buf_view(&ta), buf_view(&tb));
	good = good || (span_same(conf_value(a, ia), conf_value(b, ib)));
	buf_finish(&ta);
	buf_finish(&tb);
	return good;
}

/* The member of b with the key of a's, or the element that follows `turn`. */
static conf_id twin(
	const struct conf *a, conf_id ia, const struct conf *b, conf_id box, conf_id turn)
{
	return a->nodes[ia].key == CONF_NOWHERE ? turn : conf_member(b, box, conf_key(a, ia));
}

bool conf_same(const struct conf *a, conf_id ia, const struct conf *b, conf_id ib)
{
	const struct conf_node *na = &a->nodes[ia], *nb = &b->nodes[ib];
	if (na->type != nb->type || na->count != nb->count) {
		return false;
	}
	if (na->type == CONF_STRING) {
		return same_text(a, ia, b, ib);
	}
	if (na->type > CONF_ARRAY) {
		return span_same(conf_value(a, ia), conf_value(b, ib));
	}
	conf_id turn = nb->first;
	for (conf_id i = na->first; i != CONF_NOWHERE; i = a->nodes[i].next) {
		conf_id j = twin(a, i, b, ib, turn);
		if (j == CONF_NOWHERE || !conf_same(a, i, b, j)) {
			return false;
		}
		turn = b->nodes[j].next;
	}
	return true;
}

/* The child of a container that a step names. */
static conf_id step_to(const struct conf *c, conf_id id, const struct conf_step *step)
{
	const struct conf_node *n = &c->nodes[id];
	if (step->key) {
		return conf_member(c, id, span_of(step->key));
	}
	conf_id i = n->type == CONF_ARRAY ? n->first : CONF_NOWHERE;
	for (size_t k = 0; i != CONF_NOWHERE && k < step->index; k++) {
		i = c->nodes[i].next;
	}
	return i;
}

/* What is compared: `big` must be `small` with a value at the path. */
struct proof {
	const struct conf *small, *big;
	struct conf_path path;
	const struct conf *value; /* which one; NULL: any */
};

/* Nothing but the way to the value, in a part that the small one lacks. */
static bool only_way(const struct proof *p, conf_id id, size_t i)
{
	for (; i < p->path.count; i++) {
		conf_id next = step_to(p->big, id, &p->path.at[i]);
		if (p->big->nodes[id].count != 1 || next == CONF_NOWHERE) {
			return false;
		}
		id = next;
	}
	return !p->value || conf_same(p->value, CONF_ROOT, p->big, id);
}

static bool proves(const struct proof *p, conf_id is, conf_id ib, size_t i)
{
	const struct conf_node *ns = &p->small->nodes[is], *nb = &p->big->nodes[ib];
	if (i == p->path.count || ns->type != nb->type) {
		return false;
	}
	const struct conf_step *step = &p->path.at[i];
	conf_id there = step_to(p->big, ib, step);
	bool descend = i + 1 < p->path.count && step_to(p->small, is, step) != CONF_NOWHERE;
	if (there == CONF_NOWHERE || nb->count != ns->count + !descend) {
		return false;
	}
	conf_id turn = ns->first;
	for (conf_id j = nb->first; j != CONF_NOWHERE; j = p->big->nodes[j].next) {
		if (j == there && !descend) {
			continue;
		}
		conf_id k = twin(p->big, j, p->small, is, turn);
		if (k == CONF_NOWHERE ||
			!(j == there ? proves(p, k, j, i + 1)
				     : conf_same(p->small, k, p->big, j))) {
			return false;
		}
		turn = p->small->nodes[k].next;
	}
	return descend || only_way(p, there, i + 1);
}

/* All is the same, but the value at the path is that one. */
static bool replaced(const struct proof *p, conf_id is, conf_id ib, size_t i)
{
	const struct conf_node *ns = &p->small->nodes[is], *nb = &p->big->nodes[ib];
	if (i == p->path.count) {
		return conf_same(p->value, CONF_ROOT, p->big, ib);
	}
	conf_id there = step_to(p->small, is, &p->path.at[i]), turn = nb->first;
	if (ns->type != nb->type || ns->count != nb->count) {
		return false;
	}
	for (conf_id j = ns->first; j != CONF_NOWHERE; j = p->small->nodes[j].next) {
		conf_id k = twin(p->small, j, p->big, ib, turn);
		if (k == CONF_NOWHERE ||
			!(j == there ? replaced(p, j, k, i + 1)
				     : conf_same(p->small, j, p->big, k))) {
			return false;
		}
		turn = p->big->nodes[k].next;
	}
	return true;
}

static void apply(const struct conf *conf, struct conf_plan *plan, struct buf *out)
{
	size_t at = 0;
	buf_clear(out);
	for (size_t i = 0; i < plan->count; i++) {
		struct conf_change *c = &plan->change[i];
		buf_add(out, conf->text.at + at, c->at - at);
		buf_span(out, buf_view(&c->add));
		at = c->at + c->cut;
		buf_finish(&c->add);
	}
	if (at < conf->text.len) {
		buf_add(out, conf->text.at + at, conf->text.len - at);
	}
}

enum edit { EDIT_REPLACE, EDIT_ADD, EDIT_REMOVE };

/* Writes the plan to `out`, reads that, and compares. */
static bool carry_out(const struct conf *conf, struct conf_plan *plan, enum edit edit,
	struct proof proof, struct buf *out, struct err *err)
{
	struct conf after = { 0 };
	apply(conf, plan, out);
	bool good = conf_parse(&after, conf->format, conf->name, buf_view(out), err);
	proof.small = edit == EDIT_REMOVE ? &after : conf;
	proof.big = edit == EDIT_REMOVE ? conf : &after;
	if (good && edit == EDIT_REMOVE && !proof.path.count) {
		good = after.blank || fail(err, DIAG_NONE, "%s: it holds more", conf->name);
	} else if (good &&
		!(edit == EDIT_REPLACE ? replaced : proves)(&proof, CONF_ROOT, CONF_ROOT, 0)) {
		good = fail(err, DIAG_NONE,
			"%s: the change cannot be made without changing something else",
			conf->name);
	}
	conf_finish(&after);
	if (!good) {
		buf_clear(out);
	}
	return good;
}

static bool missing(const struct conf *conf, struct err *err)
{
	return fail(err, DIAG_NONE, "%s: there is no such value to change", conf->name);
}

bool conf_replace(const struct conf *conf, struct conf_path path, struct span raw, struct buf *out,
	struct err *err)
{
	struct conf value = { 0 };
	struct conf_plan plan = { 0 };
	conf_id id = conf_find(conf, path);
	bool good = id != CONF_NOWHERE && !conf->blank ? true : missing(conf, err);
	good = good && conf_parse_value(&value, conf->format, "the new value", raw, err);
	if (good && value.blank) {
		good = fail(err, DIAG_NONE, "%s: the new value is none", conf->name);
	}
	if (good && conf->nodes[id].form != CONF_PLAIN) {
		good = fail(err, DIAG_NONE, "%s: that table is not in one piece", conf->name);
	}
	if (good) {
		const struct conf_node *n = &conf->nodes[id];
		buf_span(conf_change(&plan, n->at, n->end - n->at), raw);
		good = carry_out(conf, &plan, EDIT_REPLACE,
			(struct proof){ .path = path, .value = &value }, out, err);
	}
	conf_finish(&value);
	return good;
}

/* The value in the containers that the steps behind `have` name, as compact text. */
static bool wrap(const struct conf *conf, struct conf_path path, size_t have, struct span raw,
	struct buf *out, struct err *err)
{
	for (size_t i = have; i < path.count; i++) {
		if (path.at[i].key) {
			buf_char(out, '{');
			conf_put_key(conf->format, span_of(path.at[i].key), out);
			buf_text(out, conf->format == CONF_TOML ? " = " : ":");
		} else if (path.at[i].index == 0) {
			buf_char(out, '[');
		} else {
			return missing(conf, err);
		}
	}
	buf_span(out, raw);
	for (size_t i = path.count; i > have; i--) {
		buf_char(out, path.at[i - 1].key ? '}' : ']');
	}
	return true;
}

/* The innermost container on the way that is there; *have is the number of steps to it. */
static conf_id reach(const struct conf *conf, struct conf_path path, size_t *have)
{
	conf_id id = CONF_ROOT, next;
	for (*have = 0; *have < path.count; ++*have, id = next) {
		next = step_to(conf, id, &path.at[*have]);
		if (next == CONF_NOWHERE) {
			break;
		}
	}
	return id;
}

static bool may_add(
	const struct conf *conf, struct conf_path path, conf_id box, size_t have, struct err *err)
{
	const struct conf_node *n = &conf->nodes[box];
	if (have == path.count) {
		return fail(err, DIAG_NONE, "%s: it is there already", conf->name);
	}
	const struct conf_step *step = &path.at[have];
	if (step->key ? n->type != CONF_OBJECT : n->type != CONF_ARRAY || step->index != n->count) {
		return missing(conf, err);
	}
	return true;
}

bool conf_add(const struct conf *conf, struct conf_path path, struct span raw, size_t *made,
	struct buf *out, struct err *err)
{
	size_t have = 0;
	struct conf value = { 0 }, whole = { 0 };
	struct buf text = { 0 };
	struct conf_plan plan = { 0 };
	conf_id box = reach(conf, path, &have);
	bool good = may_add(conf, path, box, have, err) &&
		conf_parse_value(&value, conf->format, "the new value", raw, err) &&
		wrap(conf, path, have + 1, raw, &text, err) &&
		conf_parse_value(&whole, conf->format, "the new value", buf_view(&text), err);
	if (good && value.blank) {
		good = fail(err, DIAG_NONE, "%s: the new value is none", conf->name);
	}
	if (good && conf->format == CONF_TOML) {
		good = conf_section_add(conf, box, path, have, &value, &whole, &plan, err);
	} else if (good) {
		conf_splice_add(conf, box, span_of(path.at[have].key), &whole, &plan);
	}
	if (good) {
		good = carry_out(conf, &plan, EDIT_ADD,
			(struct proof){ .path = path, .value = &value }, out, err);
	}
	if (good && made) {
		*made = conf->blank ? 0 : have + 1;
	}
	conf_finish(&value);
	conf_finish(&whole);
	buf_finish(&text);
	return good;
}

bool conf_remove(const struct conf *conf, struct conf_path path, struct buf *out, struct err *err)
{
	struct conf_plan plan = { 0 };
	conf_id id = conf_find(conf, path);
	if (id == CONF_NOWHERE || conf->blank) {
		return missing(conf, err);
	}
	if (conf->format != CONF_TOML) {
		conf_splice_remove(conf, id, &plan);
	} else if (!conf_section_remove(conf, id, &plan, err)) {
		return false;
	}
	return carry_out(conf, &plan, EDIT_REMOVE, (struct proof){ .path = path }, out, err);
}
