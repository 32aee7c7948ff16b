/*
 * Where the lines and sections of TOML go, and which go when they leave.
 *
 * Owns the layout outside brackets: a value that is no table gets a line behind the last one of its
 * table, a table or an element of an array of tables a section at the end of the file, a blank line
 * before it. Promises: taking out what was put in gives the bytes of before; what stands in several
 * places is not touched. Called by conf_edit.c.
 */
#include "config.h"

#include "core/conf_impl.h"

#include "core/diag.h"

#include <string.h>

static bool scattered(const struct conf *conf, struct err *err)
{
	return fail(err, DIAG_NONE, "%s: that table stands in several places", conf->name);
}

/* a.b.c of the keys on the way; elements are the last of their array. */
static void put_path(struct conf_path path, size_t count, struct buf *out)
{
	bool begun = false;
	for (size_t i = 0; i < count; i++) {
		if (path.at[i].key) {
			buf_text(out, begun ? "." : "");
			conf_put_key(CONF_TOML, span_of(path.at[i].key), out);
			begun = true;
		}
	}
}

static void add_section(const struct conf *conf, struct conf_path path, bool element,
	const struct conf *value, struct conf_plan *plan)
{
	uint32_t end = (uint32_t)conf->text.len;
	bool empty = end == conf_after_bom(conf), open = !empty && conf->text.at[end - 1] != '\n';
	struct span newline = conf_newline(conf);
	struct buf *out = conf_change(plan, end, 0);
	buf_span(out, open ? newline : SPAN(""));
	buf_span(out, empty ? SPAN("") : newline);
	buf_text(out, element ? "[[" : "[");
	put_path(path, path.count, out);
	buf_text(out, element ? "]]" : "]");
	for (conf_id i = value->nodes[CONF_ROOT].first; i != CONF_NOWHERE;
		i = value->nodes[i].next) {
		buf_span(out, newline);
		conf_put_key(CONF_TOML, conf_key(value, i), out);
		buf_text(out, " = ");
		conf_put_value(value, i, out);
	}
	buf_span(out, open ? SPAN("") : newline);
}

/* The keys of dotted tables from the section down to this one. */
static void put_dotted(const struct conf *conf, conf_id id, struct buf *out)
{
	if (conf->nodes[id].form == CONF_DOTTED) {
		put_dotted(conf, conf->nodes[id].parent, out);
		conf_put_key(CONF_TOML, conf_key(conf, id), out);
		buf_char(out, '.');
	}
}

static void add_line(const struct conf *conf, conf_id box, struct span key,
	const struct conf *value, struct conf_plan *plan)
{
	conf_id section = box;
	while (conf->nodes[section].form == CONF_DOTTED) {
		section = conf->nodes[section].parent;
	}
	const struct conf_node *n = &conf->nodes[section];
	bool first = section == CONF_ROOT && !n->lines;
	struct span newline = conf_newline(conf);
	struct buf *out = conf_change(plan, n->tail, 0);
	if (!first) {
		buf_span(out, newline);
		buf_span(out, conf_indent(conf, n->tail));
	}
	put_dotted(conf, box, out);
	conf_put_key(CONF_TOML, key, out);
	buf_text(out, " = ");
	conf_put_value(value, CONF_ROOT, out);
	if (first) {
		buf_span(out, newline);
		buf_span(out, n->tail < conf->text.len ? newline : SPAN(""));
	}
}

/* Only keys but for the last step: can a header name it? */
static bool headed(struct conf_path path)
{
	for (size_t i = 0; i + 1 < path.count; i++) {
		if (!path.at[i].key) {
			return false;
		}
	}
	return true;
}

bool conf_section_add(const struct conf *conf, conf_id box, struct conf_path path, size_t have,
	const struct conf *value, const struct conf *whole, struct conf_plan *plan, struct err *err)
{
	enum conf_form form = conf->nodes[box].form;
	bool table = value->nodes[CONF_ROOT].type == CONF_OBJECT && headed(path);
	bool element = !path.at[path.count - 1].key;
	if (form == CONF_PLAIN) {
		conf_splice_add(conf, box, span_of(path.at[have].key), whole, plan);
	} else if (table && form != CONF_DOTTED) {
		add_section(conf, path, element, value, plan);
	} else if (form == CONF_SECTION || form == CONF_DOTTED) {
		add_line(conf, box, span_of(path.at[have].key), whole, plan);
	} else {
		return scattered(conf, err);
	}
	return true;
}

/* The first place of the line's end before `at`, or `at`. */
static uint32_t before_break(const struct conf *conf, uint32_t at)
{
	uint32_t first = conf_after_bom(conf);
	if (at > first && conf->text.at[at - 1] == '\n') {
		at--;
		at -= at > first && conf->text.at[at - 1] == '\r';
	}
	return at;
}

static uint32_t over_blanks(const struct conf *conf, uint32_t at)
{
	while (at < conf->text.len && (conf->text.at[at] == ' ' || conf->text.at[at] == '\t')) {
		at++;
	}
	return at;
}

static void remove_line(const struct conf *conf, conf_id id, struct conf_plan *plan)
{
	const struct conf_node *n = &conf->nodes[id];
	uint32_t from = n->start - (uint32_t)conf_indent(conf, n->start).len;
	uint32_t to = over_blanks(conf, n->end);
	if (to < conf->text.len && !conf_break(conf, to)) {
		conf_change(plan, n->start, n->end - n->start); /* a comment stays */
		return;
	}
	if (from > conf_after_bom(conf)) {
		from = before_break(conf, from);
	} else {
		to += conf_break(conf, to);
		to += conf->nodes[CONF_ROOT].lines == 1 ? conf_break(conf, to) : 0;
	}
	conf_change(plan, from, to - from);
}

static void remove_section(const struct conf *conf, conf_id id, struct conf_plan *plan)
{
	const struct conf_node *n = &conf->nodes[id];
	uint32_t from = n->start - (uint32_t)conf_indent(conf, n->start).len, to = n->tail;
	uint32_t above = before_break(conf, from), first = conf_after_bom(conf);
	bool blank = above < from && (above == first || before_break(conf, above) < above);
	if (conf_break(conf, to)) {
		to += conf_break(conf, to);
		from = blank ? above : from;
	} else {
		from = before_break(conf, above);
	}
	conf_change(plan, from, to - from);
}

static bool in_one_place(const struct conf *conf, conf_id id)
{
	for (conf_id i = conf->nodes[id].first; i != CONF_NOWHERE; i = conf->nodes[i].next) {
		enum conf_form form = conf->nodes[i].form;
		if (form != CONF_PLAIN && !(form == CONF_DOTTED && in_one_place(conf, i))) {
			return false;
		}
	}
	return true;
}

bool conf_section_remove(
	const struct conf *conf, conf_id id, struct conf_plan *plan, struct err *err)
{
	const struct conf_node *n = &conf->nodes[id];
	while (id != CONF_ROOT && n->form != CONF_PLAIN && n->form != CONF_SECTION &&
		n->count == 1) {
		id = n->first;
		n = &conf->nodes[id];
	}
	bool whole = n->form == CONF_SECTION && id != CONF_ROOT && in_one_place(conf, id);
	if (whole) {
		remove_section(conf, id, plan);
	} else if (n->form != CONF_PLAIN) {
		return scattered(conf, err);
	} else if (conf->nodes[n->parent].form == CONF_PLAIN) {
		conf_splice_remove(conf, id, plan);
	} else {
		remove_line(conf, id, plan);
	}
	return true;
}
