/*
 * Where the bytes of a new member go between brackets, and which go when it leaves.
 *
 * Owns the layout: a container that spreads over lines gets a line of its own for what is new, in
 * the indentation and with the line ends of the file; one on a line stays on it; a comma behind the
 * last one is kept if it was there. Promises: taking out what was put in gives the bytes of before.
 * That is why an empty container with a line's end in it is left with a blank line: it can be told
 * from one that had none. Called by conf_edit.c and conf_section.c.
 */
#include "config.h"

#include "core/conf_impl.h"

#include <string.h>

struct buf *conf_change(struct conf_plan *plan, uint32_t at, uint32_t cut)
{
	struct conf_change *change = &plan->change[plan->count++];
	*change = (struct conf_change){ .at = at, .cut = cut };
	return &change->add;
}

struct span conf_newline(const struct conf *conf)
{
	const char *lf = conf->text.len ? memchr(conf->text.at, '\n', conf->text.len) : NULL;
	return lf && lf > conf->text.at && lf[-1] == '\r' ? SPAN("\r\n") : SPAN("\n");
}

uint32_t conf_break(const struct conf *conf, uint32_t at)
{
	struct span rest = { conf->text.at + at, conf->text.len - at };
	return !rest.len ? 0 : rest.at[0] == '\n' ? 1 : span_starts(rest, "\r\n") ? 2 : 0;
}

bool conf_breaks(const struct conf *conf, uint32_t from, uint32_t to)
{
	return to > from && memchr(conf->text.at + from, '\n', to - from);
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

static uint32_t line_of(const struct conf *conf, uint32_t at)
{
	uint32_t first = conf_after_bom(conf);
	while (at > first && conf->text.at[at - 1] != '\n') {
		at--;
	}
	return at;
}

struct span conf_indent(const struct conf *conf, uint32_t at)
{
	uint32_t from = line_of(conf, at), to = from;
	while (to < at && blank(conf->text.at[to])) {
		to++;
	}
	return (struct span){ conf->text.at + from, to - from };
}

/* One step of indentation: what the first member of the outermost value has more than that. */
static struct span unit_of(const struct conf *conf)
{
	const struct conf_node *root = &conf->nodes[CONF_ROOT];
	if (root->first != CONF_NOWHERE) {
		const struct conf_node *n = &conf->nodes[root->first];
		struct span inner = conf_indent(conf, n->start),
			    outer = conf_indent(conf, root->at);
		if (conf_breaks(conf, n->gap, n->start) && inner.len > outer.len) {
			return (struct span){ inner.at + outer.len, inner.len - outer.len };
		}
	}
	return SPAN("  ");
}

/* How a value is printed into the file. */
struct layout {
	const struct conf *value;
	struct span newline, unit;
	bool lines; /* objects and what holds some get a line for each */
	bool tight; /* no space behind comma and colon */
	struct buf indent;
};

static bool holds_containers(const struct conf *v, const struct conf_node *n)
{
	for (conf_id i = n->first; i != CONF_NOWHERE; i = v->nodes[i].next) {
		if (v->nodes[i].type <= CONF_ARRAY) {
			return true;
		}
	}
	return false;
}

static void put_key(const struct layout *l, struct span key, struct buf *out)
{
	bool toml = l->value->format == CONF_TOML;
	conf_put_key(l->value->format, key, out);
	buf_text(out, toml ? " = " : l->tight ? ":" : ": ");
}

static void print(struct layout *l, conf_id id, struct buf *out)
{
	const struct conf *v = l->value;
	const struct conf_node *n = &v->nodes[id];
	bool object = n->type == CONF_OBJECT, begun = false;
	bool lines = l->lines && v->format != CONF_TOML && n->count &&
		(object || holds_containers(v, n));
	size_t depth = l->indent.len;
	if (n->type > CONF_ARRAY) {
		buf_span(out, conf_value(v, id));
		return;
	}
	buf_char(out, object ? '{' : '[');
	buf_span(&l->indent, l->unit);
	for (conf_id i = n->first; i != CONF_NOWHERE; i = v->nodes[i].next, begun = true) {
		buf_text(out, begun ? "," : "");
		if (lines) {
			buf_span(out, l->newline);
			buf_span(out, buf_view(&l->indent));
		} else if (begun && !l->tight) {
			buf_char(out, ' ');
		}
		if (object) {
			put_key(l, conf_key(v, i), out);
		}
		print(l, i, out);
	}
	l->indent.len = depth;
	if (lines) {
		buf_span(out, l->newline);
		buf_span(out, buf_view(&l->indent));
	}
	buf_char(out, object ? '}' : ']');
}

void conf_put_value(const struct conf *value, conf_id id, struct buf *out)
{
	struct layout l = { .value = value, .newline = SPAN("\n"), .unit = SPAN("") };
	print(&l, id, out);
	buf_finish(&l.indent);
}

/* What is new, with its key, as it stands on a line with this indentation. */
static void put(struct layout *l, struct span key, struct buf *out)
{
	if (key.at) {
		put_key(l, key, out);
	}
	print(l, CONF_ROOT, out);
}

static void put_line(struct layout *l, struct span key, struct buf *out)
{
	buf_span(out, l->newline);
	buf_span(out, buf_view(&l->indent));
	put(l, key, out);
}

static void add_first(const struct conf *conf, const struct conf_node *n, struct span key,
	struct layout *l, struct conf_plan *plan)
{
	struct span outer = conf_indent(conf, n->at);
	struct buf *out = conf_change(plan, n->tail, 0);
	l->lines = n->tail_line ||
		(conf->format != CONF_TOML &&
			(conf->nodes[CONF_ROOT].count == 0 ||
				conf_breaks(conf, 0, (uint32_t)conf->text.len)));
	if (!l->lines) {
		buf_text(out, blank(conf->text.at[n->tail]) ? " " : "");
		put(l, key, out);
		return;
	}
	buf_span(&l->indent, outer);
	buf_span(&l->indent, l->unit);
	put_line(l, key, out);
	if (!n->tail_line) {
		buf_span(out, l->newline);
		buf_span(out, conf_break(conf, n->tail) ? SPAN("") : outer);
	}
}

/* Is the space behind the colon or comma left out? */
static bool is_tight(const struct conf *conf, const struct conf_node *last)
{
	if (last->prev != CONF_NOWHERE) {
		return last->gap == last->start;
	}
	return last->key != CONF_NOWHERE && conf->text.at[last->at - 1] == ':';
}

static void add_behind(const struct conf *conf, const struct conf_node *n, struct span key,
	struct layout *l, struct conf_plan *plan)
{
	const struct conf_node *last = &conf->nodes[n->last];
	bool closed = last->comma != CONF_NOWHERE;
	l->lines = conf_breaks(conf, last->gap, last->start) ||
		conf_breaks(conf, last->end, n->end);
	if (!closed) {
		buf_char(conf_change(plan, last->end, 0), ',');
	}
	struct buf *out = conf_change(plan, n->tail, 0);
	if (l->lines) {
		struct span outer = conf_indent(conf, n->at);
		bool own = line_of(conf, last->start) > n->at;
		buf_span(&l->indent, own ? conf_indent(conf, last->start) : outer);
		buf_span(&l->indent, own ? SPAN("") : l->unit);
		put_line(l, key, out);
	} else {
		l->tight = is_tight(conf, last);
		buf_text(out, l->tight ? "" : " ");
		put(l, key, out);
	}
	buf_text(out, closed ? "," : "");
}

/* The outermost value of a text that has none; its last line keeps what it ends with. */
static void add_document(
	const struct conf *conf, struct span key, struct layout *l, struct conf_plan *plan)
{
	uint32_t end = (uint32_t)conf->text.len;
	bool open = end > conf_after_bom(conf) && conf->text.at[end - 1] != '\n';
	struct buf *out = conf_change(plan, end, 0);
	l->lines = true;
	buf_span(out, open ? l->newline : SPAN(""));
	buf_char(out, '{');
	buf_span(&l->indent, l->unit);
	put_line(l, key, out);
	buf_span(out, l->newline);
	buf_char(out, '}');
	buf_span(out, open ? SPAN("") : l->newline);
}

void conf_splice_add(const struct conf *conf, conf_id container, struct span key,
	const struct conf *value, struct conf_plan *plan)
{
	const struct conf_node *n = &conf->nodes[container];
	struct layout l = { .value = value, .newline = conf_newline(conf), .unit = unit_of(conf) };
	if (conf->blank) {
		add_document(conf, key, &l, plan);
	} else if (n->count) {
		add_behind(conf, n, key, &l, plan);
	} else {
		add_first(conf, n, key, &l, plan);
	}
	buf_finish(&l.indent);
}

/* How much of the white space behind an only member came with it. */
static uint32_t came_with(const struct conf *conf, const struct conf_node *box,
	const struct conf_node *n, uint32_t from)
{
	uint32_t first = conf_break(conf, from);
	struct span outer = conf_indent(conf, box->at), rest = { 0 };
	if (n->gap_line || !conf_breaks(conf, n->gap, n->start) || !first || box->tail != from) {
		return 0;
	}
	if (conf_break(conf, from + first)) {
		return first;
	}
	rest = (struct span){ conf->text.at + from + first, conf->text.len - from - first };
	bool same = rest.len >= outer.len && memcmp(rest.at, outer.at, outer.len) == 0;
	return same ? first + (uint32_t)outer.len : 0;
}

static void remove_document(const struct conf *conf, struct conf_plan *plan)
{
	const struct conf_node *n = &conf->nodes[CONF_ROOT];
	uint32_t from = n->start, to = n->end, size = (uint32_t)conf->text.len;
	uint32_t behind = conf_break(conf, to), before = conf_after_bom(conf);
	if (behind && to + behind == size) {
		to = size;
	} else if (to == size && from > before && conf->text.at[from - 1] == '\n') {
		from -= from - before > 1 && conf->text.at[from - 2] == '\r' ? 2 : 1;
	}
	conf_change(plan, from, to - from);
}

void conf_splice_remove(const struct conf *conf, conf_id id, struct conf_plan *plan)
{
	const struct conf_node *n = &conf->nodes[id];
	if (id == CONF_ROOT) {
		remove_document(conf, plan);
		return;
	}
	const struct conf_node *box = &conf->nodes[n->parent];
	bool joined = n->comma == n->end;
	uint32_t from = n->gap, to = n->end + joined;
	if (n->prev == CONF_NOWHERE && n->next != CONF_NOWHERE && joined &&
		!conf_breaks(conf, from, n->start) &&
		!conf_breaks(conf, to, conf->nodes[n->next].start) &&
		conf->nodes[n->next].gap == to) {
		from = n->start;
		to = conf->nodes[n->next].start;
	} else if (box->count == 1) {
		to += came_with(conf, box, n, to);
	}
	uint32_t next = to;
	while (next < conf->text.len && blank(conf->text.at[next])) {
		next++;
	}
	if (n->gap_line && !conf_break(conf, next)) {
		from = n->start; /* the comment before it must end */
	}
	if (n->comma == CONF_NOWHERE && n->prev != CONF_NOWHERE) {
		conf_change(plan, conf->nodes[n->prev].comma, 1);
	}
	conf_change(plan, from, to - from);
	if (n->comma != CONF_NOWHERE && !joined) {
		conf_change(plan, n->comma, 1);
	}
}
