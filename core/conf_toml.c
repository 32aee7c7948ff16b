/*
 * TOML as a tree with places: lines, headers, keys, arrays and inline tables.
 *
 * Owns the structure of TOML 1.0.0: which table a header or a dotted key means, and which may still
 * be extended. Promises: what is not surely understood is an error; among it is one thing that TOML
 * allows, a dotted key in an inline table. Strings and scalars are in conf_toml_value.c. Called by
 * conf.c.
 */
#include "config.h"

#include "core/conf_impl.h"

#include <string.h>

static void blanks(struct conf_reader *r)
{
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\t')) {
		r->at++;
	}
}

static bool next_is(const struct conf_reader *r, unsigned char c)
{
	return r->at < r->end && *r->at == c;
}

static bool at_break(const struct conf_reader *r)
{
	return next_is(r, '\n') || (next_is(r, '\r') && r->end - r->at > 1 && r->at[1] == '\n');
}

/* To the end of the line, which is not passed. */
static bool comment(struct conf_reader *r)
{
	while (r->at < r->end && !at_break(r)) {
		if ((*r->at < ' ' && *r->at != '\t') || *r->at == 0x7f) {
			return conf_fault(r, r->at, "a control character in a comment");
		}
		r->at++;
	}
	return true;
}

/* White space, line ends and comments, as an array may have. */
static bool skip(struct conf_reader *r)
{
	r->gap = conf_offset(r);
	r->line = false;
	while (r->at < r->end) {
		if (*r->at == '#') {
			if (!comment(r)) {
				return false;
			}
			r->gap = conf_offset(r);
			r->line = true;
		} else if (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r') {
			r->at++;
		} else {
			break;
		}
	}
	return true;
}

static bool bare(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		c == '_' || c == '-';
}

/* One part of a key, onto conf->keys; then the blanks behind it. */
static bool key_part(struct conf_reader *r)
{
	const unsigned char *from = r->at;
	if (next_is(r, '"') || next_is(r, '\'')) {
		if (r->end - r->at > 2 && r->at[1] == *r->at && r->at[2] == *r->at) {
			return conf_fault(r, from, "a key over several lines");
		}
		if (!conf_toml_string(r, &r->conf->keys)) {
			return false;
		}
	} else {
		while (r->at < r->end && bare(*r->at)) {
			r->at++;
		}
		if (r->at == from) {
			return conf_fault(r, from, "expected a key");
		}
		buf_add(&r->conf->keys, from, (size_t)(r->at - from));
	}
	blanks(r);
	return true;
}

static bool extend_fault(struct conf_reader *r, const unsigned char *at)
{
	return conf_fault(r, at, "a table that is defined elsewhere already");
}

/* The member with the key that stands in conf->keys from `from` on; it is made if it is not there
 * (*made). */
static bool enter(
	struct conf_reader *r, conf_id *table, size_t from, const unsigned char *at, bool *made)
{
	struct conf *c = r->conf;
	struct span key = { c->keys.data ? c->keys.data + from : "", c->keys.len - from };
	conf_id id = conf_member(c, *table, key);
	*made = id == CONF_NOWHERE;
	if (*made) {
		id = conf_push(r, *table, CONF_OBJECT);
		if (id == CONF_NOWHERE || !conf_name(r, id, from, at)) {
			return false;
		}
		c->nodes[id].start = (uint32_t)(at - r->begin);
	} else {
		c->keys.len = from;
	}
	*table = id;
	return true;
}

/* A part of a header that is not the last. */
static bool pass(struct conf_reader *r, conf_id *table, size_t from, const unsigned char *at)
{
	struct conf *c = r->conf;
	bool made;
	if (!enter(r, table, from, at, &made)) {
		return false;
	}
	struct conf_node *n = &c->nodes[*table];
	if (made) {
		n->form = CONF_IMPLIED;
	} else if (n->form == CONF_PLAIN) {
		return extend_fault(r, at);
	} else if (n->form == CONF_SECTIONS) {
		*table = n->last;
	}
	return true;
}

/* The last part: *table becomes the table that the lines below it fill. */
static bool open_table(
	struct conf_reader *r, conf_id *table, size_t from, const unsigned char *at, bool array)
{
	struct conf *c = r->conf;
	bool made;
	if (!enter(r, table, from, at, &made)) {
		return false;
	}
	enum conf_form form = c->nodes[*table].form;
	if (!made && form != (array ? CONF_SECTIONS : CONF_IMPLIED)) {
		return extend_fault(r, at);
	}
	if (array) {
		c->nodes[*table].type = CONF_ARRAY;
		c->nodes[*table].form = CONF_SECTIONS;
		*table = conf_push(r, *table, CONF_OBJECT);
		if (*table == CONF_NOWHERE) {
			return false;
		}
	}
	c->nodes[*table].form = CONF_SECTION;
	return true;
}

static bool header(struct conf_reader *r, conf_id *section)
{
	const unsigned char *open = r->at++;
	bool array = next_is(r, '[');
	conf_id table = CONF_ROOT;
	r->at += array;
	for (;;) {
		size_t from = r->conf->keys.len;
		blanks(r);
		const unsigned char *at = r->at;
		if (!key_part(r)) {
			return false;
		}
		if (!next_is(r, '.')) {
			if (!open_table(r, &table, from, at, array)) {
				return false;
			}
			break;
		}
		r->at++;
		if (!pass(r, &table, from, at)) {
			return false;
		}
	}
	for (int i = 0; i <= array; i++, r->at++) {
		if (!next_is(r, ']')) {
			return conf_fault(r, r->at, "expected %s", array ? "]]" : "]");
		}
	}
	r->conf->nodes[table].start = (uint32_t)(open - r->begin);
	*section = table;
	return true;
}

static bool value(struct conf_reader *r, conf_id id);

/* KEY = VALUE into a table; in an inline table a key has one part. */
static bool pair(struct conf_reader *r, conf_id table, bool inside)
{
	struct conf *c = r->conf;
	uint32_t start = conf_offset(r), gap = r->gap;
	bool made;
	for (;;) {
		size_t from = c->keys.len;
		const unsigned char *at = r->at;
		if (!key_part(r)) {
			return false;
		}
		if (!next_is(r, '.')) {
			conf_id id = conf_push(r, table, CONF_NULL);
			if (id == CONF_NOWHERE || !conf_name(r, id, from, at)) {
				return false;
			}
			c->nodes[id].start = start;
			c->nodes[id].gap = gap;
			if (!next_is(r, '=')) {
				return conf_fault(r, r->at, "expected = behind the key");
			}
			r->at++;
			blanks(r);
			return value(r, id);
		}
		if (inside) {
			return conf_fault(
				r, at, "a dotted key in an inline table is not read here");
		}
		if (!enter(r, &table, from, at, &made)) {
			return false;
		}
		if (made) {
			c->nodes[table].form = CONF_DOTTED;
		} else if (c->nodes[table].form != CONF_DOTTED) {
			return extend_fault(r, at);
		}
		r->at++;
		blanks(r);
	}
}

static bool array(struct conf_reader *r, conf_id id)
{
	struct conf *c = r->conf;
	const unsigned char *open = r->at++;
	bool comma = true;
	if (!skip(r)) {
		return false;
	}
	while (r->at < r->end && *r->at != ']') {
		if (!comma) {
			return conf_fault(r, r->at, "expected a comma or ]");
		}
		conf_id item = conf_push(r, id, CONF_NULL);
		if (item == CONF_NOWHERE) {
			return false;
		}
		c->nodes[item].start = conf_offset(r);
		c->nodes[item].gap = r->gap;
		c->nodes[item].gap_line = r->line;
		if (!value(r, item) || !skip(r)) {
			return false;
		}
		comma = next_is(r, ',');
		if (comma) {
			c->nodes[item].comma = conf_offset(r);
			r->at++;
			if (!skip(r)) {
				return false;
			}
		}
	}
	if (r->at == r->end) {
		return conf_fault(r, open, "a bracket without its ]");
	}
	c->nodes[id].tail = r->gap;
	c->nodes[id].tail_line = r->line;
	r->at++;
	return true;
}

static bool inline_table(struct conf_reader *r, conf_id id)
{
	struct conf *c = r->conf;
	r->at++;
	r->gap = conf_offset(r);
	blanks(r);
	while (!next_is(r, '}') || c->nodes[id].count) {
		if (!pair(r, id, true)) {
			return false;
		}
		r->gap = conf_offset(r);
		blanks(r);
		if (!next_is(r, ',')) {
			break;
		}
		c->nodes[c->nodes[id].last].comma = conf_offset(r);
		r->at++;
		r->gap = conf_offset(r);
		blanks(r);
	}
	if (!next_is(r, '}')) {
		return conf_fault(r, r->at, "expected a comma or } on the same line");
	}
	c->nodes[id].tail = r->gap;
	r->at++;
	return true;
}

static bool value(struct conf_reader *r, conf_id id)
{
	struct conf *conf = r->conf;
	unsigned char c = r->at < r->end ? *r->at : 0;
	enum conf_type type = c == '{' ? CONF_OBJECT : c == '[' ? CONF_ARRAY : CONF_STRING;
	bool good;
	conf->nodes[id].at = conf_offset(r);
	conf->nodes[id].type = type;
	if (type != CONF_STRING) {
		good = c == '{' ? inline_table(r, id) : array(r, id);
	} else if (c == '"' || c == '\'') {
		good = conf_toml_string(r, NULL);
	} else {
		good = conf_toml_scalar(r, &conf->nodes[id].type);
	}
	conf->nodes[id].end = conf_offset(r);
	return good;
}

bool conf_read_toml_value(struct conf_reader *r)
{
	blanks(r);
	if (conf_push(r, CONF_NOWHERE, CONF_OBJECT) == CONF_NOWHERE) {
		return false;
	}
	r->conf->nodes[CONF_ROOT].start = conf_offset(r);
	if (!value(r, CONF_ROOT)) {
		return false;
	}
	blanks(r);
	return r->at == r->end || conf_fault(r, r->at, "something behind the value");
}

/* One line that is not empty, with the comment and without the end. */
static bool line(struct conf_reader *r, conf_id *section)
{
	bool head = next_is(r, '[');
	r->gap = conf_offset(r);
	if (!(head ? header(r, section) : pair(r, *section, false))) {
		return false;
	}
	blanks(r);
	if (next_is(r, '#') && !comment(r)) {
		return false;
	}
	if (r->at < r->end && !at_break(r)) {
		return conf_fault(r, r->at, "expected the end of the line");
	}
	r->conf->nodes[*section].tail = conf_offset(r);
	r->conf->nodes[*section].lines += !head;
	return true;
}

bool conf_read_toml(struct conf_reader *r)
{
	conf_id section = CONF_ROOT;
	if (conf_push(r, CONF_NOWHERE, CONF_OBJECT) == CONF_NOWHERE) {
		return false;
	}
	r->conf->nodes[CONF_ROOT].form = CONF_SECTION;
	r->conf->nodes[CONF_ROOT].tail = conf_offset(r);
	while (skip(r)) {
		if (r->at == r->end) {
			return true;
		}
		if (!line(r, &section)) {
			return false;
		}
	}
	return false;
}
