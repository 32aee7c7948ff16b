/*
 * JSON, and JSON with comments and trailing commas, as a tree with places.
 *
 * Owns the two grammars (RFC 8259; JSONC as Visual Studio Code reads it: comments of both kinds, a
 * comma behind the last member). What the second adds is an error in the first, and called so: some
 * agents drop a whole file, hooks included, for one comment. Called by conf.c.
 */
#include "config.h"

#include "core/conf_impl.h"

#include "core/json.h"
#include "core/json_text.h"

#include <string.h>

static bool value(struct conf_reader *r, conf_id id);

/* From behind the opening mark to behind the comment. */
static bool comment(struct conf_reader *r)
{
	const unsigned char *from = r->at;
	if (r->conf->format == CONF_JSON) {
		return conf_fault(r, from, "a comment, which strict JSON does not have");
	}
	r->line = r->at[1] == '/';
	r->at += 2;
	if (r->line) {
		while (r->at < r->end && *r->at != '\n' && *r->at != '\r') {
			r->at++;
		}
	} else {
		while (r->at < r->end &&
			!(r->at[0] == '*' && r->end - r->at > 1 && r->at[1] == '/')) {
			r->at++;
		}
		if (r->at == r->end) {
			return conf_fault(r, from, "a comment that does not end");
		}
		r->at += 2;
	}
	r->gap = conf_offset(r);
	return true;
}

/* White space and comments; afterwards r->gap is where the last white space begins. */
static bool skip(struct conf_reader *r)
{
	r->gap = conf_offset(r);
	r->line = false;
	while (r->at < r->end) {
		unsigned char c = *r->at;
		if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
			r->at++;
		} else if (c == '/' && r->end - r->at > 1 && (r->at[1] == '/' || r->at[1] == '*')) {
			if (!comment(r)) {
				return false;
			}
		} else {
			break;
		}
	}
	return true;
}

static bool next_is(const struct conf_reader *r, unsigned char c)
{
	return r->at < r->end && *r->at == c;
}

/* Over the string at r->at; what it means is read from the bytes again when it is asked. */
static bool string(struct conf_reader *r)
{
	const unsigned char *from = r->at++;
	while (r->at < r->end && *r->at != '"') {
		uint32_t code;
		size_t len = 1;
		if (*r->at < 0x20) {
			return conf_fault(r, r->at, "a control character in a string");
		}
		if (*r->at == '\\') {
			len = json_escape(r->at, r->end, &code);
			if (!len || !code || json_is_surrogate(code)) {
				return conf_fault(r, r->at, "an escape that means no character");
			}
		}
		r->at += len;
	}
	if (r->at == r->end) {
		return conf_fault(r, from, "a string that does not end");
	}
	r->at++;
	return true;
}

static const unsigned char *digits(const unsigned char *at, const unsigned char *end)
{
	while (at < end && *at >= '0' && *at <= '9') {
		at++;
	}
	return at;
}

/* [-] 0 | 1-9 digits [. digits] [e [+-] digits]; NULL if it is none. */
static const unsigned char *number(const unsigned char *at, const unsigned char *end)
{
	at += at < end && *at == '-';
	const unsigned char *whole = at;
	at = digits(at, end);
	if (at == whole || (*whole == '0' && at - whole > 1)) {
		return NULL;
	}
	if (at < end && *at == '.') {
		const unsigned char *part = ++at;
		at = digits(at, end);
		if (at == part) {
			return NULL;
		}
	}
	if (at < end && (*at | 0x20) == 'e') {
		at++;
		at += at < end && (*at == '+' || *at == '-');
		const unsigned char *power = at;
		at = digits(at, end);
		if (at == power) {
			return NULL;
		}
	}
	return at;
}

/* Over a word or number; its type. */
static bool scalar(struct conf_reader *r, enum conf_type *type)
{
	static const struct {
		struct span word;
		enum conf_type type;
	} words[] = { { SPAN("true"), CONF_BOOL }, { SPAN("false"), CONF_BOOL },
		{ SPAN("null"), CONF_NULL } };
	size_t left = (size_t)(r->end - r->at);
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		struct span word = words[i].word;
		if (left >= word.len && memcmp(r->at, word.at, word.len) == 0) {
			r->at += word.len;
			*type = words[i].type;
			return true;
		}
	}
	const unsigned char *end = number(r->at, r->end);
	if (!end) {
		return conf_fault(r, r->at, left ? "expected a value" : "the file ends too early");
	}
	r->at = end;
	*type = CONF_NUMBER;
	return true;
}

/* KEY and colon; the key is appended to conf->keys. */
static bool key(struct conf_reader *r)
{
	const unsigned char *from = r->at;
	if (!next_is(r, '"')) {
		return conf_fault(r, r->at, "expected a key in quotes");
	}
	if (!string(r)) {
		return false;
	}
	json_decode((struct span){ (const char *)from, (size_t)(r->at - from) }, &r->conf->keys);
	if (!skip(r)) {
		return false;
	}
	if (!next_is(r, ':')) {
		return conf_fault(r, r->at, "expected a colon behind the key");
	}
	r->at++;
	return true;
}

/* One member or element at r->at, and the comma behind it. */
static bool member(struct conf_reader *r, conf_id parent, bool object)
{
	struct conf *c = r->conf;
	const unsigned char *from = r->at;
	size_t name = c->keys.len;
	conf_id id = conf_push(r, parent, CONF_NULL);
	if (id == CONF_NOWHERE) {
		return false;
	}
	c->nodes[id].start = conf_offset(r);
	c->nodes[id].gap = r->gap;
	c->nodes[id].gap_line = r->line;
	if (object && !(key(r) && conf_name(r, id, name, from) && skip(r))) {
		return false;
	}
	if (!value(r, id) || !skip(r)) {
		return false;
	}
	if (next_is(r, ',')) {
		c->nodes[id].comma = conf_offset(r);
		r->at++;
		return skip(r);
	}
	return true;
}

/* Behind the opening bracket: members and the closing one. */
static bool members(struct conf_reader *r, conf_id id, unsigned char close)
{
	bool object = close == '}', comma = true;
	const unsigned char *open = r->at - 1;
	if (++r->depth > CONF_DEPTH) {
		return conf_fault(r, open, "nested deeper than %d levels", CONF_DEPTH);
	}
	if (!skip(r)) {
		return false;
	}
	while (r->at < r->end && *r->at != close) {
		if (!comma) {
			return conf_fault(r, r->at, "expected a comma or %c", close);
		}
		if (!member(r, id, object)) {
			return false;
		}
		const struct conf_node *last = &r->conf->nodes[r->conf->nodes[id].last];
		comma = last->comma != CONF_NOWHERE;
		if (comma && next_is(r, close) && r->conf->format == CONF_JSON) {
			return conf_fault(r, r->begin + last->comma,
				"a comma behind the last one, which strict JSON does not have");
		}
	}
	if (r->at == r->end) {
		return conf_fault(r, open, "a bracket without its %c", close);
	}
	r->conf->nodes[id].tail = r->gap;
	r->conf->nodes[id].tail_line = r->line;
	r->at++;
	r->depth--;
	return true;
}

static bool value(struct conf_reader *r, conf_id id)
{
	struct conf *conf = r->conf;
	unsigned char c = r->at < r->end ? *r->at : 0;
	enum conf_type type = c == '{' ? CONF_OBJECT : c == '[' ? CONF_ARRAY : CONF_STRING;
	conf->nodes[id].at = conf_offset(r);
	if (c != '{' && c != '[' && !(c == '"' ? string(r) : scalar(r, &type))) {
		return false;
	}
	conf->nodes[id].type = type;
	if (c == '{' || c == '[') {
		r->at++;
		if (!members(r, id, c == '{' ? '}' : ']')) {
			return false;
		}
	}
	conf->nodes[id].end = conf_offset(r);
	return true;
}

bool conf_read_json(struct conf_reader *r)
{
	struct conf *c = r->conf;
	if (conf_push(r, CONF_NOWHERE, CONF_OBJECT) == CONF_NOWHERE || !skip(r)) {
		return false;
	}
	struct conf_node *root = &c->nodes[CONF_ROOT];
	root->gap = r->gap;
	root->gap_line = r->line;
	root->start = root->at = root->end = root->tail = conf_offset(r);
	c->blank = r->at == r->end;
	if (!c->blank && !(value(r, CONF_ROOT) && skip(r))) {
		return false;
	}
	return r->at == r->end || conf_fault(r, r->at, "something behind the value");
}
