/*
 * One pass over the bytes, no tree and no recursion: between tokens there is only space, and inside
 * of a string only what is hidden is written differently. Called by the console (layout, reading)
 * and by gate and broker, which check each other.
 */
#include "config.h"

#include "core/rewrite.h"

#include "core/diag.h"
#include "core/unicode.h"

#include <string.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void put_unit(struct buf *out, unsigned unit)
{
	buf_printf(out, "\\u%04x", unit & 0xffff);
}

static void put_escaped(struct buf *out, uint32_t c)
{
	if (c >= 0x10000) {
		put_unit(out, 0xd800 + ((c - 0x10000) >> 10));
		put_unit(out, 0xdc00 + ((c - 0x10000) & 0x3ff));
	} else {
		put_unit(out, c);
	}
}

/* From the quote at `at` to behind its partner. */
static const char *string_end(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++) {
		at += *at == '\\';
	}
	return at < end ? at + 1 : end;
}

static const char *put_string(struct buf *out, const char *at, const char *end)
{
	const char *stop = string_end(at, end);
	while (at < stop) {
		struct unicode_char c = unicode_read(at, (size_t)(stop - at));
		if (c.valid && unicode_class(c.c) == UNICODE_HIDDEN) {
			put_escaped(out, c.c);
		} else {
			buf_add(out, at, c.bytes);
		}
		at += c.bytes;
	}
	return stop;
}

static void new_line(struct buf *out, unsigned depth)
{
	buf_char(out, '\n');
	for (unsigned i = 0; i < depth; i++) {
		buf_text(out, "  ");
	}
}

static const char *skip_space(const char *at, const char *end)
{
	while (at < end && is_space(*at)) {
		at++;
	}
	return at;
}

void rewrite_layout(struct span json, struct buf *out)
{
	const char *at = json.at, *end = json.at + json.len;
	unsigned depth = 0;
	while ((at = skip_space(at, end)) < end) {
		char c = *at;
		bool opens = c == '{' || c == '[', closes = c == '}' || c == ']';
		const char *next = skip_space(at + 1, end);
		if (c == '"') {
			at = put_string(out, at, end);
			continue;
		}
		if (opens && next < end && (*next == '}' || *next == ']')) {
			buf_char(out, c);
			buf_char(out, *next);
			at = next + 1;
			continue;
		}
		depth += opens;
		depth -= closes && depth;
		if (closes) {
			new_line(out, depth);
		}
		buf_char(out, c);
		if (opens || c == ',') {
			new_line(out, depth);
		} else if (c == ':') {
			buf_char(out, ' ');
		}
		at++;
	}
	buf_char(out, '\n');
}

/* As an editor counts them: from 1, columns in characters. */
struct place {
	unsigned line, column;
};

static struct place place_of(struct span text, size_t at)
{
	struct place place = { 1, 1 };
	for (size_t i = 0; i < at && i < text.len; i++) {
		bool ends = text.at[i] == '\n',
		     continues = ((unsigned char)text.at[i] & 0xc0) == 0x80;
		place.line += ends;
		place.column = ends ? 1 : place.column + !continues;
	}
	return place;
}

static bool bad_json(struct span text, const struct json_scan *scan, struct err *err)
{
	struct place place = place_of(text, scan->fault_at);
	bool twice = strcmp(scan->fault, "duplicate key") == 0;
	return fail(err, DIAG_BAD_MESSAGE, "line %u, column %u: %s%s", place.line, place.column,
		scan->fault, twice ? " in the object that ends here" : "");
}

void rewrite_close(struct span json, struct buf *out)
{
	const char *at = json.at, *end = json.at + json.len;
	while ((at = skip_space(at, end)) < end) {
		const char *stop = *at == '"' ? string_end(at, end) : at + 1;
		buf_add(out, at, (size_t)(stop - at));
		at = stop;
	}
}

bool rewrite_read(struct span text, struct buf *out, struct err *err)
{
	struct json_scan scan = { 0 };
	bool good = false;
	if (text.len > 2 * REWRITE_MAX) { /* the layout may have made it longer */
		fail(err, DIAG_BAD_MESSAGE, "more than %d KiB", REWRITE_MAX >> 10);
	} else if (!json_validate(&scan, text, JSON_STRICT)) {
		bad_json(text, &scan, err);
	} else if (scan.type != JSON_OBJECT) {
		fail(err, DIAG_BAD_MESSAGE, "arguments are one object in braces");
	} else {
		rewrite_close(scan.value, out);
		good = out->len <= REWRITE_MAX ||
			fail(err, DIAG_BAD_MESSAGE, "more than %d KiB", REWRITE_MAX >> 10);
	}
	json_finish(&scan);
	return good;
}

static bool same_bytes(const char *a, const char *b, size_t len)
{
	return len == 0 || memcmp(a, b, len) == 0;
}

bool rewrite_is_of(struct span proposed, struct span effective)
{
	struct span from, to;
	if (json_type(proposed) != JSON_OBJECT || json_type(effective) != JSON_OBJECT ||
		!json_member(proposed, "arguments", &from) ||
		!json_member(effective, "arguments", &to) || json_type(from) != JSON_OBJECT ||
		json_type(to) != JSON_OBJECT) {
		return false;
	}
	size_t before = (size_t)(from.at - proposed.at);
	size_t behind = proposed.len - before - from.len;
	return (size_t)(to.at - effective.at) == before &&
		effective.len - before - to.len == behind &&
		same_bytes(proposed.at, effective.at, before) &&
		same_bytes(from.at + from.len, to.at + to.len, behind);
}

void rewrite_without(struct span object, const char *name, struct buf *out)
{
	struct json_walk walk = json_walk_of(object);
	struct span key, value;
	const char *before = "\"";
	buf_char(out, '{');
	while (json_next(&walk, &key, &value)) {
		if (json_key_is(key, name)) {
			continue;
		}
		buf_text(out, before);
		buf_span(out, key);
		buf_text(out, "\":");
		buf_span(out, value);
		before = ",\"";
	}
	buf_char(out, '}');
}
