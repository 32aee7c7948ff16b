/*
 * Arguments against a JSON Schema: type, enum, const, required, properties, patternProperties (only
 * that they are there), additionalProperties, items, prefixItems, bounds of numbers, texts and
 * lists, anyOf, oneOf, allOf, not, if, local $ref.
 *
 * Promises: a key that the schema does not name does not fit unless the schema says that it may be
 * there, which is stricter than JSON Schema: servers leave additionalProperties out and mean no
 * others. Bounded in depth and steps; past them, or at a keyword that is not known, nothing is said
 * against the arguments. Patterns and formats are not run. Called when a call is judged.
 */
#include "config.h"

#include "core/effects/schema.h"

#include "core/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 48, STEPS_MAX = 1 << 20, STEP_BYTES = 64, WORD_MAX = 40 };

struct checker {
	struct span root;
	size_t steps; /* each about STEP_BYTES of reading */
	bool understood;
	char *why; /* of the first thing that does not fit; NULL: is only tried */
};

static bool fits(struct checker *c, struct span schema, struct span value, unsigned depth);

/* At most 40 bytes that end with a whole character. */
static int shown(struct span text)
{
	size_t n = text.len < WORD_MAX ? text.len : WORD_MAX;
	while (n && n < text.len && utf8_follows((unsigned char)text.at[n])) {
		n--;
	}
	return (int)n;
}

static bool no(struct checker *c, const char *what, struct span name)
{
	if (c->why && !c->why[0]) {
		snprintf(c->why, 160, "%s%s%.*s", what, name.len ? ": " : "", shown(name), name.at);
	}
	return false;
}

static const struct span nothing = { "", 0 };

static bool doubtful(struct checker *c)
{
	c->understood = false;
	return true;
}

/* False: too much has been read already. */
static bool goes_on(struct checker *c, size_t bytes)
{
	c->steps += 1 + bytes / STEP_BYTES;
	return c->steps <= STEPS_MAX;
}

/* ---- equality ---- */

static bool same_number(struct span a, struct span b)
{
	int64_t x, y;
	if (json_int(a, &x) && json_int(b, &y)) {
		return x == y;
	}
	return span_same(a, b);
}

static bool same_text(struct span a, struct span b)
{
	struct buf one = { 0 }, two = { 0 };
	bool same = json_decode(a, &one) && json_decode(b, &two) &&
		span_same(buf_view(&one), buf_view(&two));
	buf_finish(&one);
	buf_finish(&two);
	return same || span_same(a, b);
}

/* Lists and objects only as the same bytes: enough for the values that schemas hold. */
static bool same_value(struct span a, struct span b)
{
	enum json_type type = json_type(a);
	if (type != json_type(b)) {
		return false;
	}
	return type == JSON_NUMBER    ? same_number(a, b)
		: type == JSON_STRING ? same_text(a, b)
				      : span_same(a, b);
}

/* ---- types ---- */

/* 3.0 is an integer for JSON Schema. */
static bool is_integer(struct span number)
{
	bool point = false, exponent = false, zeros = true;
	for (size_t i = 0; i < number.len; i++) {
		char c = number.at[i];
		exponent = exponent || c == 'e' || c == 'E';
		zeros = zeros && (!point || c == '0');
		point = point || c == '.';
	}
	return zeros || exponent;
}

static bool is_type(struct span name, struct span value)
{
	static const struct {
		const char *name;
		enum json_type type;
	} types[] = { { "object", JSON_OBJECT }, { "array", JSON_ARRAY }, { "string", JSON_STRING },
		{ "number", JSON_NUMBER }, { "integer", JSON_NUMBER }, { "boolean", JSON_TRUE },
		{ "boolean", JSON_FALSE }, { "null", JSON_NULL } };
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (types[i].type == json_type(value) && json_is(name, types[i].name) &&
			(strcmp(types[i].name, "integer") != 0 || is_integer(value))) {
			return true;
		}
	}
	return false;
}

static bool check_type(struct checker *c, struct span type, struct span value)
{
	struct span key, item;
	if (json_type(type) == JSON_STRING) {
		return is_type(type, value) || no(c, "a value of another type than", type);
	}
	struct json_walk walk = json_walk_of(type);
	if (json_type(type) != JSON_ARRAY) {
		return doubtful(c);
	}
	while (json_next(&walk, &key, &item)) {
		if (json_type(item) == JSON_STRING && is_type(item, value)) {
			return true;
		}
	}
	return no(c, "a value of none of the types", type);
}

static bool check_enum(struct checker *c, struct span list, struct span value)
{
	struct span key, item;
	struct json_walk walk = json_walk_of(list);
	if (json_type(list) != JSON_ARRAY) {
		return doubtful(c);
	}
	while (json_next(&walk, &key, &item)) {
		if (!goes_on(c, item.len)) {
			return doubtful(c);
		}
		if (same_value(item, value)) {
			return true;
		}
	}
	return no(c, "a value that is none of the listed ones", value);
}

/* ---- bounds ---- */

static bool to_number(struct span number, double *out)
{
	char text[64];
	if (json_type(number) != JSON_NUMBER || number.len >= sizeof(text)) {
		return false;
	}
	memcpy(text, number.at, number.len);
	text[number.len] = '\0';
	*out = strtod(text, NULL);
	return true;
}

static size_t count_characters(struct span string)
{
	struct buf text = { 0 };
	size_t count = 0;
	json_decode(string, &text);
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		count += !utf8_follows(byte) + (byte >= 0xf0); /* in UTF-16, as servers count */
	}
	buf_finish(&text);
	return count;
}

static size_t count_members(struct span container)
{
	struct json_walk walk = json_walk_of(container);
	struct span key, value;
	size_t count = 0;
	while (json_next(&walk, &key, &value)) {
		count++;
	}
	return count;
}

/* What a bound is compared with. */
static bool measure(struct span value, enum json_type of, double *out)
{
	if (json_type(value) != of) {
		return false;
	}
	if (of == JSON_NUMBER) {
		return to_number(value, out);
	}
	*out = (double)(of == JSON_STRING ? count_characters(value) : count_members(value));
	return true;
}

static const struct bound {
	const char *name;
	enum json_type of;
	bool upper, exclusive;
} bounds[] = {
	// clang-format off
	{ "minimum",          JSON_NUMBER, false, false },
	{ "maximum",          JSON_NUMBER, true,  false },
	{ "exclusiveMinimum", JSON_NUMBER, false, true },
	{ "exclusiveMaximum", JSON_NUMBER, true,  true },
	{ "minLength",        JSON_STRING, false, false },
	{ "maxLength",        JSON_STRING, true,  false },
	{ "minItems",         JSON_ARRAY,  false, false },
	{ "maxItems",         JSON_ARRAY,  true,  false },
	{ "minProperties",    JSON_OBJECT, false, false },
	{ "maxProperties",    JSON_OBJECT, true,  false },
	// clang-format on
};

static bool check_bound(
	struct checker *c, const struct bound *bound, struct span limit, struct span value)
{
	double is, may;
	if (!measure(value, bound->of, &is)) {
		return true;
	}
	if (!to_number(limit, &may)) {
		return doubtful(c);
	}
	bool ok = bound->upper ? is < may : is > may;
	ok = ok || (!bound->exclusive && !(is < may) && !(is > may));
	return ok ||
		no(c,
			bound->upper ? "more than the schema permits"
				     : "less than the schema demands",
			nothing);
}

/* ---- objects and lists ---- */

static bool check_required(struct checker *c, struct span list, struct span value)
{
	struct span key, item, found;
	struct json_walk walk = json_walk_of(list);
	if (json_type(list) != JSON_ARRAY) {
		return doubtful(c);
	}
	while (json_type(value) == JSON_OBJECT && json_next(&walk, &key, &item)) {
		char *name = json_strdup(item);
		bool there = name && json_member(value, name, &found);
		free(name);
		if (!there) {
			return no(c, "an argument is missing", item);
		}
	}
	return true;
}

/* Does any part of the schema that holds for this object name its keys? Then a key that this part
 * does not name may be another's. */
static bool is_shared(struct span schema)
{
	static const char *const others[] = { "allOf", "anyOf", "oneOf", "$ref", "if",
		"patternProperties", "unevaluatedProperties", "dependentSchemas" };
	struct span found;
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		if (json_member(schema, others[i], &found)) {
			return true;
		}
	}
	return false;
}

static bool check_other(
	struct checker *c, struct span schema, struct span key, struct span value, unsigned depth)
{
	struct span more;
	if (!json_member(schema, "additionalProperties", &more)) {
		return is_shared(schema) ? doubtful(c)
					 : no(c, "an argument that the schema does not name", key);
	}
	if (json_type(more) == JSON_FALSE) {
		struct span patterns;
		return json_member(schema, "patternProperties", &patterns)
			? doubtful(c)
			: no(c, "an argument that the schema does not permit", key);
	}
	return json_type(more) == JSON_TRUE || fits(c, more, value, depth + 1);
}

static bool check_member(struct checker *c, struct span schema, struct span properties,
	struct span key, struct span value, unsigned depth)
{
	struct json_walk walk = json_walk_of(properties);
	struct span name, inner;
	char *text = json_strdup((struct span){ key.at - 1, key.len + 2 });
	bool known = false;
	while (!known && text && json_next(&walk, &name, &inner)) {
		known = json_key_is(name, text);
	}
	free(text);
	return known ? fits(c, inner, value, depth + 1) : check_other(c, schema, key, value, depth);
}

static bool check_members(struct checker *c, struct span schema, struct span properties,
	struct span value, unsigned depth)
{
	struct json_walk walk = json_walk_of(value);
	struct span key, inner;
	bool ok = true;
	if (json_type(value) != JSON_OBJECT) {
		return true;
	}
	if (properties.at && json_type(properties) != JSON_OBJECT) {
		return doubtful(c);
	}
	if (depth && properties.at && !count_members(properties)) {
		return doubtful(c); /* an object of which nothing is said */
	}
	while (ok && json_next(&walk, &key, &inner)) {
		ok = goes_on(c, properties.len)
			? check_member(c, schema, properties, key, inner, depth)
			: doubtful(c);
	}
	return ok;
}

static bool check_items(
	struct checker *c, struct span schema, struct span items, struct span value, unsigned depth)
{
	struct json_walk walk = json_walk_of(value);
	struct span key, inner, prefix;
	bool ok = true;
	if (json_type(value) != JSON_ARRAY) {
		return true;
	}
	if (json_type(items) == JSON_ARRAY || json_member(schema, "prefixItems", &prefix)) {
		return doubtful(c); /* one schema for each place */
	}
	while (ok && json_next(&walk, &key, &inner)) {
		ok = fits(c, items, inner, depth + 1);
	}
	return ok;
}

/* ---- combinations ---- */

/* A part that is only tried says nothing to people. */
static bool tries(struct checker *c, struct span schema, struct span value, unsigned depth)
{
	char *why = c->why;
	c->why = NULL;
	bool ok = fits(c, schema, value, depth + 1);
	c->why = why;
	return ok;
}

static bool check_any(struct checker *c, struct span list, struct span value, unsigned depth)
{
	struct json_walk walk = json_walk_of(list);
	struct span key, item;
	if (json_type(list) != JSON_ARRAY) {
		return doubtful(c);
	}
	while (json_next(&walk, &key, &item)) {
		if (tries(c, item, value, depth)) {
			return true;
		}
	}
	return no(c, "a value of none of the forms that the schema has", nothing);
}

static bool check_all(struct checker *c, struct span list, struct span value, unsigned depth)
{
	struct json_walk walk = json_walk_of(list);
	struct span key, item;
	bool ok = json_type(list) == JSON_ARRAY || doubtful(c);
	while (ok && json_next(&walk, &key, &item)) {
		/* each names a part of the keys */
		struct span properties;
		bool part = json_type(item) == JSON_OBJECT &&
			json_member(item, "properties", &properties) &&
			!json_member(item, "additionalProperties", &properties);
		ok = part ? doubtful(c) : fits(c, item, value, depth + 1);
	}
	return ok;
}

/* "#/$defs/NAME", one step at a time; escapes are not taken apart. */
static bool resolve(const struct checker *c, struct span ref, struct span *out)
{
	char *text = json_strdup(ref), *rest = text;
	bool ok = text && text[0] == '#' && !strchr(text, '~') && !strchr(text, '%');
	*out = c->root;
	strsep(&rest, "/");
	ok = ok && strcmp(text, "#") == 0;
	for (char *step; ok && (step = strsep(&rest, "/"));) {
		ok = json_type(*out) == JSON_OBJECT && json_member(*out, step, out);
	}
	free(text);
	return ok;
}

static bool check_ref(struct checker *c, struct span ref, struct span value, unsigned depth)
{
	struct span schema;
	if (json_type(ref) != JSON_STRING || !resolve(c, ref, &schema)) {
		return doubtful(c);
	}
	return fits(c, schema, value, depth + 1);
}

/* ---- keywords ---- */

/* Say nothing about what fits, or only narrow it by what is not run here. */
static const char *const silent[] = { "$schema", "$id", "$defs", "definitions", "$comment", "title",
	"description", "default", "examples", "example", "deprecated", "readOnly", "writeOnly",
	"format", "pattern", "contentEncoding", "contentMediaType", "additionalProperties",
	"markdownDescription", "enumDescriptions", "nullable", "uniqueItems", "multipleOf",
	"prefixItems", "~standard", "x-mcp-header", "propertyNames" };

static bool check_keyword(struct checker *c, struct span schema, struct span name, struct span rule,
	struct span value, unsigned depth)
{
	for (size_t i = 0; i < COUNT_OF(bounds); i++) {
		if (json_key_is(name, bounds[i].name)) {
			return check_bound(c, &bounds[i], rule, value);
		}
	}
	for (size_t i = 0; i < COUNT_OF(silent); i++) {
		if (json_key_is(name, silent[i])) {
			return true;
		}
	}
	if (json_key_is(name, "type")) {
		return check_type(c, rule, value);
	}
	if (json_key_is(name, "enum")) {
		return check_enum(c, rule, value);
	}
	if (json_key_is(name, "const")) {
		return same_value(rule, value) || no(c, "a value that is not the only one", value);
	}
	if (json_key_is(name, "required")) {
		return check_required(c, rule, value);
	}
	if (json_key_is(name, "properties")) {
		return check_members(c, schema, rule, value, depth);
	}
	if (json_key_is(name, "items")) {
		return check_items(c, schema, rule, value, depth);
	}
	if (json_key_is(name, "anyOf") || json_key_is(name, "oneOf")) {
		return check_any(c, rule, value, depth);
	}
	if (json_key_is(name, "allOf")) {
		return check_all(c, rule, value, depth);
	}
	return json_key_is(name, "$ref") ? check_ref(c, rule, value, depth) : doubtful(c);
}

/* An object of the schema that names no property: nothing may be there unless it says so. */
static bool check_bare(struct checker *c, struct span schema, struct span value, unsigned depth)
{
	struct span found;
	bool named = json_member(schema, "properties", &found), more, object;
	if (named || json_type(value) != JSON_OBJECT) {
		return true;
	}
	more = json_member(schema, "additionalProperties", &found);
	object = depth == 0 && json_member(schema, "type", &found);
	if (!more && !object) {
		return true;
	}
	return is_shared(schema) || check_members(c, schema, (struct span){ 0 }, value, depth);
}

static bool fits(struct checker *c, struct span schema, struct span value, unsigned depth)
{
	struct json_walk walk = json_walk_of(schema);
	struct span name, rule;
	bool ok = true;
	if (depth > DEPTH_MAX || !goes_on(c, schema.len)) {
		return doubtful(c);
	}
	if (json_type(schema) == JSON_TRUE || json_type(schema) == JSON_FALSE) {
		return json_type(schema) == JSON_TRUE || no(c, "a value that may not be", nothing);
	}
	if (json_type(schema) != JSON_OBJECT) {
		return doubtful(c);
	}
	if (json_type(value) == JSON_NULL && json_member(schema, "nullable", &rule) &&
		json_type(rule) == JSON_TRUE) {
		return true;
	}
	while (ok && json_next(&walk, &name, &rule)) {
		ok = check_keyword(c, schema, name, rule, value, depth);
	}
	return ok && check_bare(c, schema, value, depth);
}

bool schema_check(struct span schema, struct span arguments, bool *understood, char why[160])
{
	struct checker c = { .root = schema, .understood = true, .why = why };
	why[0] = '\0';
	bool ok = fits(&c, schema, arguments.at ? arguments : SPAN("{}"), 0);
	*understood = c.understood;
	return ok;
}
