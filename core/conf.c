/*
 * The tree of a configuration file: its values with their places, found by path.
 *
 * Owns the nodes, the decoded keys and the table that finds a member in constant time. Promises:
 * memory and time linear in the text, whatever it holds (a table on which many keys collide is
 * refused); no byte outside the text is read. The grammars are in conf_json.c and conf_toml.c; the
 * edits in conf_edit.c. Called by what looks into and changes the configuration of agents.
 */
#include "config.h"

#include "core/conf_impl.h"

#include "core/diag.h"
#include "core/json.h"
#include "core/jsonw.h"
#include "core/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROBES_MAX = 1024, TABLE_FIRST = 64 };

uint32_t conf_after_bom(const struct conf *conf)
{
	return span_starts(conf->text, "\xef\xbb\xbf") ? 3 : 0;
}

/* Columns count what begins a character. */
static void place(struct conf *conf, size_t offset)
{
	size_t start = conf_after_bom(conf);
	conf->line = conf->column = 1;
	for (size_t i = start; i < offset; i++) {
		char c = conf->text.at[i];
		bool follows = utf8_follows((unsigned char)c);
		conf->line += c == '\n';
		conf->column = c == '\n' ? 1 : conf->column + !follows;
	}
}

bool conf_fault(struct conf_reader *r, const unsigned char *at, const char *format, ...)
{
	char what[200];
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	place(r->conf, (size_t)(at - r->begin));
	return fail(r->err, DIAG_NONE, "%s:%u:%u: %s", r->conf->name, r->conf->line,
		r->conf->column, what);
}

conf_id conf_push(struct conf_reader *r, conf_id parent, enum conf_type type)
{
	struct conf *c = r->conf;
	uint32_t depth = parent == CONF_NOWHERE ? 0 : c->nodes[parent].depth + 1;
	if (depth > CONF_DEPTH) {
		conf_fault(r, r->at, "nested deeper than %d levels", CONF_DEPTH);
		return CONF_NOWHERE;
	}
	if (c->count == CONF_NODES) {
		conf_fault(r, r->at, "more than %d values", CONF_NODES);
		return CONF_NOWHERE;
	}
	c->nodes = xgrow(c->nodes, &c->cap, c->count + 1, sizeof(*c->nodes));
	conf_id id = (conf_id)c->count++;
	struct conf_node *n = &c->nodes[id];
	*n = (struct conf_node){ .type = type,
		.parent = parent,
		.depth = depth,
		.first = CONF_NOWHERE,
		.last = CONF_NOWHERE,
		.prev = CONF_NOWHERE,
		.next = CONF_NOWHERE,
		.key = CONF_NOWHERE,
		.comma = CONF_NOWHERE };
	if (parent != CONF_NOWHERE) {
		struct conf_node *p = &c->nodes[parent];
		n->prev = p->last;
		*(p->last == CONF_NOWHERE ? &p->first : &c->nodes[p->last].next) = id;
		p->last = id;
		p->count++;
	}
	return id;
}

static uint32_t hash_of_key(conf_id parent, struct span key)
{
	uint64_t h = 1469598103934665603u ^ parent * UINT64_C(0x9e3779b97f4a7c15);
	for (size_t i = 0; i < key.len; i++) {
		h = (h ^ (unsigned char)key.at[i]) * 1099511628211u;
	}
	return (uint32_t)(h ^ h >> 32);
}

/* The place of the key, or the free one where it belongs; NULL: too many others are in the way. */
static conf_id *slot(const struct conf *c, conf_id parent, struct span key, uint32_t hash)
{
	size_t mask = c->table_size - 1;
	for (size_t i = 0; i < PROBES_MAX; i++) {
		conf_id *at = &c->table[(hash + i) & mask];
		if (*at == CONF_NOWHERE ||
			(c->nodes[*at].hash == hash && c->nodes[*at].parent == parent &&
				span_same(conf_key(c, *at), key))) {
			return at;
		}
	}
	return NULL;
}

static bool grow(struct conf *c)
{
	conf_id *old = c->table;
	size_t size = c->table_size, more = size ? size * 2 : TABLE_FIRST;
	bool good = true;
	c->table = xmalloc(more * sizeof(*c->table));
	memset(c->table, 0xff, more * sizeof(*c->table));
	c->table_size = more;
	for (size_t i = 0; i < size && good; i++) {
		if (old[i] != CONF_NOWHERE) {
			const struct conf_node *n = &c->nodes[old[i]];
			conf_id *at = slot(c, n->parent, conf_key(c, old[i]), n->hash);
			good = at != NULL;
			*(good ? at : &old[i]) = old[i];
		}
	}
	free(old);
	return good;
}

bool conf_name(struct conf_reader *r, conf_id id, size_t from, const unsigned char *at)
{
	struct conf *c = r->conf;
	struct conf_node *n = &c->nodes[id];
	struct span key = { c->keys.data ? c->keys.data + from : "", c->keys.len - from };
	n->key = (uint32_t)from;
	n->key_len = (uint32_t)key.len;
	n->hash = hash_of_key(n->parent, key);
	bool room = c->table_used * 2 < c->table_size || grow(c);
	conf_id *place = room ? slot(c, n->parent, key, n->hash) : NULL;
	if (!place) {
		return conf_fault(r, at, "too many keys that are alike");
	}
	if (*place != CONF_NOWHERE) {
		char shown[41];
		size_t len = key.len < sizeof(shown) - 1 ? key.len : sizeof(shown) - 1;
		for (size_t i = 0; i < len; i++) {
			shown[i] = key.at[i] >= ' ' && key.at[i] < 0x7f ? key.at[i] : '?';
		}
		shown[len] = 0;
		return conf_fault(r, at, "the key \"%s\" is given twice", shown);
	}
	*place = id;
	c->table_used++;
	return true;
}

/* Characters alone, and line ends that every program agrees on. */
static bool clean(struct conf_reader *r)
{
	for (const unsigned char *at = r->at; at < r->end;) {
		size_t len = utf8_length(at, r->end);
		if (!len || !*at) {
			return conf_fault(r, at, len ? "a NUL" : "bytes that are not UTF-8");
		}
		if (*at == '\r' && (r->end - at < 2 || at[1] != '\n')) {
			return conf_fault(r, at, "a carriage return without a line feed");
		}
		at += len;
	}
	return true;
}

static bool parse(struct conf *conf, enum conf_format format, const char *name, struct span text,
	bool (*read)(struct conf_reader *), struct err *err)
{
	*conf = (struct conf){ .text = text, .name = name, .format = format };
	struct conf_reader r = {
		.conf = conf, .begin = (const unsigned char *)text.at, .err = err
	};
	r.at = r.begin + conf_after_bom(conf);
	r.end = r.begin + text.len;
	r.gap = conf_offset(&r);
	if (text.len > CONF_BYTES) {
		return conf_fault(&r, r.at, "larger than %d MiB", CONF_BYTES >> 20);
	}
	return clean(&r) && read(&r);
}

bool conf_parse(struct conf *conf, enum conf_format format, const char *name, struct span text,
	struct err *err)
{
	return parse(conf, format, name, text.at ? text : SPAN(""),
		format == CONF_TOML ? conf_read_toml : conf_read_json, err);
}

bool conf_parse_value(struct conf *conf, enum conf_format format, const char *name,
	struct span text, struct err *err)
{
	return parse(conf, format, name, text.at ? text : SPAN(""),
		format == CONF_TOML ? conf_read_toml_value : conf_read_json, err);
}

void conf_finish(struct conf *conf)
{
	if (conf) {
		free(conf->nodes);
		free(conf->table);
		buf_finish(&conf->keys);
		*conf = (struct conf){ 0 };
	}
}

const struct conf_node *conf_node(const struct conf *conf, conf_id id)
{
	return &conf->nodes[id];
}

struct span conf_key(const struct conf *conf, conf_id id)
{
	const struct conf_node *n = &conf->nodes[id];
	if (n->key == CONF_NOWHERE) {
		return (struct span){ NULL, 0 };
	}
	return (struct span){ n->key_len ? conf->keys.data + n->key : "", n->key_len };
}

struct span conf_value(const struct conf *conf, conf_id id)
{
	const struct conf_node *n = &conf->nodes[id];
	return (struct span){ conf->text.at + n->at, n->end - n->at };
}

conf_id conf_member(const struct conf *conf, conf_id object, struct span key)
{
	if (conf->nodes[object].type != CONF_OBJECT || !conf->table_size) {
		return CONF_NOWHERE;
	}
	const conf_id *at = slot(conf, object, key, hash_of_key(object, key));
	return at ? *at : CONF_NOWHERE;
}

conf_id conf_find(const struct conf *conf, struct conf_path path)
{
	conf_id id = CONF_ROOT;
	for (size_t i = 0; i < path.count && id != CONF_NOWHERE; i++) {
		const struct conf_node *n = &conf->nodes[id];
		if (path.at[i].key) {
			id = conf_member(conf, id, span_of(path.at[i].key));
			continue;
		}
		id = n->type == CONF_ARRAY && path.at[i].index < n->count ? n->first : CONF_NOWHERE;
		for (size_t k = 0; id != CONF_NOWHERE && k < path.at[i].index; k++) {
			id = conf->nodes[id].next;
		}
	}
	return id;
}

bool conf_text(const struct conf *conf, conf_id id, struct buf *out)
{
	if (conf->nodes[id].type != CONF_STRING) {
		return false;
	}
	struct span value = conf_value(conf, id);
	if (conf->format != CONF_TOML) {
		return json_decode(value, out);
	}
	const unsigned char *at = (const unsigned char *)value.at;
	struct conf_reader r = { .begin = at, .at = at, .end = at + value.len };
	return conf_toml_string(&r, out); /* which it has passed before */
}

void conf_quote(enum conf_format format, struct span text, struct buf *out)
{
	struct jsonw w = jw_start(out);
	(void)format;
	jw_span(&w, text.at ? text : SPAN(""));
}

void conf_put_key(enum conf_format format, struct span key, struct buf *out)
{
	bool bare = format == CONF_TOML && key.len > 0;
	for (size_t i = 0; bare && i < key.len; i++) {
		char c = key.at[i], low = c | 0x20;
		bare = (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
	}
	if (bare) {
		buf_span(out, key);
	} else {
		conf_quote(format, key, out);
	}
}
