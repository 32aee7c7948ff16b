/*
 * Reads, in place, what json.c has accepted: types, members, decoded text, small numbers. It
 * trusts the grammar for meaning but not for memory: no function reads outside the span it was
 * given, whatever that holds.
 *
 * Under the loose rule nested values may hold duplicate keys (the last counts, as for the
 * readers of JavaScript and Python) and text that has no UTF-8, for which U+FFFD stands. Called
 * by everything that looks into a message.
 */
#include "config.h"

#include "core/json.h"
#include "core/json_text.h"
#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

static const int64_t int_max = (INT64_C(1) << 53) - 1; /* beyond it doubles lie */

enum json_type json_type(struct span value)
{
	if (!value.at || !value.len) {
		return JSON_NONE;
	}
	switch (value.at[0]) {
	case '{':
		return JSON_OBJECT;
	case '[':
		return JSON_ARRAY;
	case '"':
		return JSON_STRING;
	case 't':
		return JSON_TRUE;
	case 'f':
		return JSON_FALSE;
	case 'n':
		return JSON_NULL;
	default:
		return JSON_NUMBER;
	}
}

/* From behind the opening quote to the closing one. Counting back over backslashes visits each
 * of them once. */
static const char *string_end(const char *at, const char *end)
{
	const char *quote = at;
	while (quote < end && (quote = memchr(quote, '"', (size_t)(end - quote)))) {
		const char *back = quote;
		while (back > at && back[-1] == '\\') {
			back--;
		}
		if ((quote - back) % 2 == 0) {
			return quote;
		}
		quote++;
	}
	return end;
}

static const char *skip_space(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) {
		at++;
	}
	return at;
}

static const char *skip_string(const char *at, const char *end)
{
	at = string_end(at + 1, end);
	return at < end ? at + 1 : end;
}

static const char *skip_container(const char *at, const char *end)
{
	size_t depth = 0;
	while (at < end) {
		if (*at == '"') {
			at = skip_string(at, end);
			continue;
		}
		if (*at == '{' || *at == '[') {
			depth++;
		} else if ((*at == '}' || *at == ']') && --depth == 0) {
			return at + 1;
		}
		at++;
	}
	return end;
}

static bool ends_scalar(char c)
{
	return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *skip_value(const char *at, const char *end)
{
	if (at < end && *at == '"') {
		return skip_string(at, end);
	}
	if (at < end && (*at == '{' || *at == '[')) {
		return skip_container(at, end);
	}
	while (at < end && !ends_scalar(*at)) {
		at++;
	}
	return at;
}

struct json_walk json_walk_of(struct span container)
{
	enum json_type type = json_type(container);
	if ((type != JSON_OBJECT && type != JSON_ARRAY) || container.len < 2) {
		return (struct json_walk){ NULL, NULL, false };
	}
	const char *last = container.at + container.len - 1;
	return (struct json_walk){ container.at + 1, last, type == JSON_OBJECT };
}

bool json_next(struct json_walk *walk, struct span *key, struct span *value)
{
	const char *end = walk->end;
	const char *at = skip_space(walk->at, end);
	struct span name = { NULL, 0 };
	if (at < end && *at == ',') {
		at = skip_space(at + 1, end);
	}
	if (at == end) {
		walk->at = end;
		return false;
	}
	if (walk->object) {
		const char *from = at + 1;
		at = string_end(from, end);
		name = (struct span){ from, (size_t)(at - from) };
		at = skip_space(at < end ? at + 1 : end, end); /* the colon */
		at = skip_space(at < end ? at + 1 : end, end);
	}
	walk->at = skip_value(at, end);
	if (walk->at ==
		at) { /* no value that json_validate knows: end here, or callers might never */
		walk->at = end;
		return false;
	}
	if (key) {
		*key = name;
	}
	if (value) {
		*value = (struct span){ at, (size_t)(walk->at - at) };
	}
	return true;
}

bool json_member(struct span object, const char *name, struct span *value)
{
	struct json_walk walk = json_walk_of(object);
	struct span key, here;
	bool found = false;
	while (walk.object && json_next(&walk, &key, &here)) {
		if (json_key_is(key, name)) {
			*value = here;
			found = true;
		}
	}
	return found;
}

/* One character of raw text and its UTF-8; U+FFFD, and *clean unset, for what has none. */
static size_t read_char(
	const unsigned char **at, const unsigned char *end, char out[4], bool *clean)
{
	uint32_t code = 0;
	size_t len = **at == '\\' ? json_escape(*at, end, &code) : 0;
	if (len) {
		*at += len;
		if (!json_is_surrogate(code)) {
			return utf8_put(code, out);
		}
	} else {
		len = utf8_length(*at, end);
		if (len) {
			memcpy(out, *at, len);
			*at += len;
			return len;
		}
		*at += 1;
	}
	*clean = false;
	memcpy(out, UTF8_REPLACEMENT, 3);
	return 3;
}

bool json_key_is(struct span raw_key, const char *name)
{
	struct span left = span_of(name);
	bool clean = true;
	if (!raw_key.at || !memchr(raw_key.at, '\\', raw_key.len)) {
		return span_is(raw_key, name);
	}
	const unsigned char *at = (const unsigned char *)raw_key.at, *end = at + raw_key.len;
	while (at < end && clean) {
		char text[4];
		size_t len = read_char(&at, end, text, &clean);
		if (len > left.len || memcmp(text, left.at, len) != 0) {
			return false;
		}
		left.at += len;
		left.len -= len;
	}
	return clean && !left.len;
}

static char fold_ascii(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Simple case folding as far as it ends in ASCII. */
static size_t fold(char text[4], size_t len)
{
	if (len == 2 && memcmp(text, "\xc5\xbf", 2) == 0) { /* U+017F, long s */
		text[0] = 's';
		return 1;
	}
	if (len == 3 && memcmp(text, "\xe2\x84\xaa", 3) == 0) { /* U+212A, the Kelvin sign */
		text[0] = 'k';
		return 1;
	}
	text[0] = fold_ascii(text[0]);
	return len;
}

bool json_key_folds_to(struct span raw_key, const char *name)
{
	bool clean = true;
	if (!raw_key.at) {
		return false;
	}
	const unsigned char *at = (const unsigned char *)raw_key.at, *end = at + raw_key.len;
	while (at < end) {
		char text[4];
		size_t len = fold(text, read_char(&at, end, text, &clean));
		for (size_t i = 0; i < len; i++, name++) {
			if (!*name || fold_ascii(*name) != text[i]) {
				return false;
			}
		}
	}
	return !*name;
}

/* The text between the quotes; absent if the value is no string. */
static struct span inside(struct span string)
{
	if (json_type(string) != JSON_STRING || string.len < 2) {
		return (struct span){ NULL, 0 };
	}
	return (struct span){ string.at + 1, string.len - 2 };
}

bool json_decode(struct span string, struct buf *out)
{
	struct span raw = inside(string);
	bool clean = true;
	if (!raw.at) {
		return false;
	}
	const unsigned char *at = (const unsigned char *)raw.at, *end = at + raw.len;
	buf_room(out, raw.len);
	while (at < end) {
		const unsigned char *plain = json_skip_plain(at, end);
		char text[4];
		buf_add(out, at, (size_t)(plain - at));
		at = plain;
		if (at < end) {
			buf_add(out, text, read_char(&at, end, text, &clean));
		}
	}
	return clean;
}

char *json_strdup(struct span string)
{
	struct buf decoded = { 0 }, whole = { 0 };
	if (json_type(string) != JSON_STRING) {
		return NULL;
	}
	json_decode(string, &decoded);
	if (!memchr(buf_view(&decoded).at, '\0', decoded.len)) {
		return buf_cstr(&decoded);
	}
	/* a text must not end where its sender did not end it */
	for (size_t i = 0; i < decoded.len; i++) {
		if (decoded.data[i]) {
			buf_char(&whole, decoded.data[i]);
		} else {
			buf_text(&whole, UTF8_REPLACEMENT);
		}
	}
	buf_finish(&decoded);
	return buf_cstr(&whole);
}

bool json_is(struct span string, const char *text)
{
	return json_key_is(inside(string), text);
}

bool json_int(struct span number, int64_t *out)
{
	size_t at = number.at && number.len && number.at[0] == '-';
	bool negative = at;
	int64_t n = 0;
	if (!number.at || at == number.len || number.len > 17) {
		return false;
	}
	for (; at < number.len; at++) {
		if (number.at[at] < '0' || number.at[at] > '9') {
			return false;
		}
		n = n * 10 + (number.at[at] - '0');
	}
	if (n > int_max || (negative && n == 0)) {
		return false;
	}
	*out = negative ? -n : n;
	return true;
}

bool json_bool(struct span value, bool *out)
{
	enum json_type type = json_type(value);
	if (type != JSON_TRUE && type != JSON_FALSE) {
		return false;
	}
	*out = type == JSON_TRUE;
	return true;
}

void json_pick(struct span object, const struct json_want *wants, size_t count)
{
	struct json_walk walk = json_walk_of(object);
	struct span key, value;
	while (json_next(&walk, &key, &value)) {
		bool escaped = memchr(key.at, '\\', key.len);
		for (size_t i = 0; i < count; i++) {
			if (escaped ? json_key_is(key, wants[i].name)
				    : key.len == wants[i].len &&
						memcmp(key.at, wants[i].name, key.len) == 0) {
				*wants[i].value = value;
				break;
			}
		}
	}
}

char *json_member_text(struct span object, const char *name)
{
	struct span value;
	return object.at && json_member(object, name, &value) ? json_strdup(value) : NULL;
}
