/*
 * The validator that every line of every session passes before anything else looks at it. It
 * owns the grammar of RFC 8259 and this project's refusals, and promises one pass, no
 * recursion, no read outside the text, and no allocation but the hashes of the keys of open
 * objects. It keeps the places of the outermost members as it goes, so that a line of megabytes
 * is not walked again to find its id.
 *
 * It does not decode, convert or repair: what it accepts is read in place by json_read.c and
 * forwarded as it came. Called by the gate for the lines of client and server, and by whoever
 * reads the wire.
 *
 * Each reading function takes where it stands and returns where it stopped, or NULL after
 * noting the fault.
 */
#include "config.h"

#include "core/json.h"
#include "core/json_keys.h"
#include "core/json_text.h"
#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

/* Kept out of the loops that never take it. */
#define COLD __attribute__((cold, noinline))

typedef const unsigned char *place; /* short for what stands in every second line here */

struct parse {
	struct json_scan *scan;
	place start, end;
	bool strict;
	bool object; /* the innermost open container is one */
	size_t depth, depth_max;
	struct span key; /* of the outermost member that is being read */
	place value; /* of the same */
	uint64_t objects[JSON_DEPTH_LOOSE / 64 + 1]; /* a bit a level: object, or array */
	size_t first_key[JSON_DEPTH_STRICT + 1]; /* a level's first entry in scan->hashes */
};

/* Inside nested values of a loose text, strings and keys may hold what lenient readers accept. */
static bool is_exact(const struct parse *p)
{
	return p->strict || p->depth <= 1;
}

COLD static place refuse(const struct parse *p, place at, const char *fault)
{
	p->scan->fault = fault;
	p->scan->fault_at = (size_t)(at - p->start);
	return NULL;
}

COLD static place refuse_byte(const struct parse *p, place at, const char *fault)
{
	if (at == p->end) {
		return refuse(p, at, "the text ends too early");
	}
	return refuse(p, at, *at ? fault : "NUL byte");
}

static inline place skip_space(const struct parse *p, place at)
{
	while (at < p->end && *at <= ' ' &&
		(*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) {
		p->scan->returns |= *at == '\r';
		at++;
	}
	return at;
}

static place read_escape(const struct parse *p, place at)
{
	uint32_t code = 0;
	size_t len = json_escape(at, p->end, &code);
	if (!len) {
		return refuse(p, at, "bad escape in a string");
	}
	if (is_exact(p) && code == 0) {
		return refuse(p, at, "escaped NUL");
	}
	if (is_exact(p) && json_is_surrogate(code)) {
		return refuse(p, at, "lone surrogate");
	}
	return at + len;
}

static place read_high(const struct parse *p, place at)
{
	bool exact = is_exact(p);
	while (at < p->end && *at >= 0x80) {
		size_t len = exact ? utf8_length(at, p->end) : 1;
		if (!len) {
			return refuse(p, at, "not UTF-8");
		}
		at += len;
	}
	return at;
}

/* From behind the opening quote to behind the closing one. */
static inline place read_string(const struct parse *p, place at, bool *escaped)
{
	while (at) {
		at = json_skip_plain(at, p->end);
		if (at == p->end) {
			return refuse(p, at, "the text ends inside a string");
		}
		if (*at == '"') {
			return at + 1;
		}
		if (*at == '\\') {
			*escaped = true;
			at = read_escape(p, at);
		} else if (*at >= 0x80) {
			at = read_high(p, at);
		} else {
			return refuse_byte(p, at, "raw control character in a string");
		}
	}
	return NULL;
}

static place skip_digits(const struct parse *p, place at)
{
	while (at < p->end && *at >= '0' && *at <= '9') {
		at++;
	}
	return at;
}

static place read_number(const struct parse *p, place at)
{
	at += *at == '-';
	place digits = at;
	at = skip_digits(p, digits);
	if (at == digits) {
		return refuse_byte(p, at, "number without digits");
	}
	if (*digits == '0' && at - digits > 1) {
		return refuse(p, digits, "number with a leading zero");
	}
	if (at < p->end && *at == '.') {
		digits = at + 1;
		at = skip_digits(p, digits);
		if (at == digits) {
			return refuse_byte(p, at, "number without digits after its point");
		}
	}
	if (at < p->end && (*at == 'e' || *at == 'E')) {
		digits = at + 1;
		digits += digits < p->end && (*digits == '+' || *digits == '-');
		at = skip_digits(p, digits);
		if (at == digits) {
			return refuse_byte(p, at, "number without digits in its exponent");
		}
	}
	return at;
}

static place read_word(const struct parse *p, place at, const char *word, size_t len)
{
	if ((size_t)(p->end - at) < len || memcmp(at, word, len) != 0) {
		return refuse(p, at, "value expected");
	}
	return at + len;
}

static place open_level(struct parse *p, place at, bool object)
{
	if (p->depth == p->depth_max) {
		return refuse(p, at, "nested too deeply");
	}
	size_t level = ++p->depth;
	uint64_t bit = UINT64_C(1) << level % 64;
	if (object) {
		p->objects[level / 64] |= bit;
	} else {
		p->objects[level / 64] &= ~bit;
	}
	p->object = object;
	if (is_exact(p)) {
		p->first_key[level] = p->scan->hash_count;
	}
	return at + 1;
}

/* A value has ended at `at`: if it was the outermost one or one of its members, note where. */
static void note_value(struct parse *p, place at)
{
	struct json_scan *scan = p->scan;
	if (p->depth == 0) {
		scan->value.len = (size_t)(at - (place)scan->value.at);
	} else if (p->depth == 1 && p->object) {
		if (scan->top_count == JSON_TOP_MAX) {
			scan->top_more = true;
			return;
		}
		scan->top[scan->top_count++] = (struct json_member){
			p->key,
			{ (const char *)p->value, (size_t)(at - p->value) },
		};
	}
}

static place close_level(struct parse *p, place at)
{
	if (p->object && is_exact(p) && !json_keys_close(p->scan, p->first_key[p->depth])) {
		return refuse(p, at, "duplicate key");
	}
	size_t level = --p->depth;
	p->object = level && (p->objects[level / 64] >> level % 64 & 1);
	note_value(p, at + 1);
	return at + 1;
}

static place read_key(struct parse *p, place at)
{
	bool escaped = false;
	at = skip_space(p, at);
	if (at == p->end || *at != '"') {
		return refuse_byte(p, at, "key expected");
	}
	place from = at + 1;
	at = read_string(p, from, &escaped);
	if (!at) {
		return NULL;
	}
	if (is_exact(p)) {
		struct span raw = { (const char *)from, (size_t)(at - 1 - from) };
		json_keys_add(p->scan, raw, escaped);
		if (p->depth == 1) {
			p->key = raw;
		}
	}
	at = skip_space(p, at);
	if (at == p->end || *at != ':') {
		return refuse_byte(p, at, "colon expected");
	}
	return at + 1;
}

/* A scalar whole, or the opening bracket of a container. */
static place read_value(struct parse *p, place at)
{
	bool escaped;
	if (at == p->end) {
		return refuse_byte(p, at, "");
	}
	switch (*at) {
	case '"':
		return read_string(p, at + 1, &escaped);
	case '{':
		return open_level(p, at, true);
	case '[':
		return open_level(p, at, false);
	case 't':
		return read_word(p, at, "true", 4);
	case 'f':
		return read_word(p, at, "false", 5);
	case 'n':
		return read_word(p, at, "null", 4);
	default:
		if (*at == '-' || (*at >= '0' && *at <= '9')) {
			return read_number(p, at);
		}
		return refuse_byte(p, at, "value expected");
	}
}

/* Behind a value: closes what ends here; stops behind the comma that promises another, or at
 * depth 0. */
static place leave(struct parse *p, place at)
{
	while (at && p->depth) {
		at = skip_space(p, at);
		if (at < p->end && *at == ',') {
			return at + 1;
		}
		if (at == p->end || *at != (p->object ? '}' : ']')) {
			return refuse_byte(
				p, at, p->object ? "comma or } expected" : "comma or ] expected");
		}
		at = close_level(p, at);
	}
	return at;
}

/* One value, from its first byte to behind its last. */
static place read_text(struct parse *p, place at)
{
	do {
		if (p->object && !(at = read_key(p, at))) {
			return NULL;
		}
		at = skip_space(p, at);
		size_t depth = p->depth;
		if (depth <= 1) {
			p->value = at;
		}
		at = read_value(p, at);
		if (!at) {
			return NULL;
		}
		if (p->depth == depth) {
			note_value(p, at);
		} else {
			at = skip_space(p, at);
			if (at == p->end || *at != (p->object ? '}' : ']')) {
				continue;
			}
		}
		at = leave(p, at);
	} while (at && p->depth);
	return at;
}

static place read_all(struct parse *p)
{
	place at = skip_space(p, p->start);
	if (at == p->end) {
		return refuse(p, at, "no value");
	}
	if (p->end - at >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0) {
		return refuse(p, at, "byte order mark");
	}
	p->scan->value.at = (const char *)at;
	at = read_text(p, at);
	if (!at) {
		return NULL;
	}
	at = skip_space(p, at);
	return at == p->end ? at : refuse_byte(p, at, "something follows the value");
}

static void forget(struct json_scan *scan)
{
	scan->top_count = 0;
	scan->top_more = false;
	scan->type = JSON_NONE;
	scan->value = (struct span){ NULL, 0 };
	scan->hash_count = 0;
}

bool json_validate(struct json_scan *scan, struct span text, enum json_rule rule)
{
	/* first_key is written before it is read: to zero it would cost a short line dearly */
	struct parse p;
	p.scan = scan;
	scan->returns = false;
	p.start = (place)(text.at ? text.at : "");
	p.end = p.start + (text.at ? text.len : 0);
	p.strict = rule == JSON_STRICT;
	p.object = false;
	p.depth = 0;
	p.depth_max = p.strict ? JSON_DEPTH_STRICT : JSON_DEPTH_LOOSE;
	p.value = p.start;
	p.key = (struct span){ NULL, 0 };
	memset(p.objects, 0, sizeof(p.objects));
	forget(scan);
	scan->fault = NULL;
	scan->fault_at = 0;
	bool accepted = read_all(&p) != NULL;
	if (accepted) {
		scan->type = json_type(scan->value);
	} else {
		forget(scan); /* nothing half-read may be taken for the whole */
	}
	json_keys_trim(scan);
	return accepted;
}

void json_finish(struct json_scan *scan)
{
	if (scan) {
		free(scan->hashes);
		memset(scan, 0, sizeof(*scan));
	}
}
