/*
 * Feeds the canonical form of a value into a hash. The form is a row of tokens, each a type
 * byte, eight bytes of length, and text; a container is its opening token, its contents, and
 * its closing token. So every form says itself where it ends, and two different values never
 * share one. A part added by hash_part begins with a zero byte, which is no type: what stands
 * before or after a form cannot be taken for a piece of it.
 *
 * Text that has no UTF-8 (only the loose rule lets it pass) stays raw under a type of its own,
 * because replacing it would make different texts alike. Duplicate keys, loose again, all
 * count, in their order.
 *
 * Scratch: one entry for each member of the objects that are open, and the decoded text of
 * their escaped keys.
 */
#include "config.h"

#include "core/canon.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 's', RAW_TEXT = 'r', WORD = 'w' };

struct member {
	char type; /* TEXT or RAW_TEXT */
	bool owned; /* key.at is ours: decoded */
	struct span key, value;
};

struct canon {
	struct hash_run *run;
	struct member *members; /* of all open objects, innermost last */
	size_t count, cap;
	struct buf text;
};

static void add_token(struct canon *c, char type, struct span text)
{
	sha256_update(&c->run->context, 1, (const uint8_t *)&type);
	hash_part(c->run, text);
}

/* `string` with its quotes; *text is borrowed from it or from c->text. */
static char string_of(struct canon *c, struct span string, struct span *text)
{
	struct span raw = { string.at + 1, string.len - 2 };
	*text = raw;
	if (!memchr(raw.at, '\\', raw.len)) {
		return TEXT;
	}
	buf_clear(&c->text);
	if (!json_decode(string, &c->text)) {
		return RAW_TEXT;
	}
	*text = buf_view(&c->text);
	return TEXT;
}

static void add_string(struct canon *c, struct span string)
{
	struct span text;
	char type = string_of(c, string, &text);
	add_token(c, type, text);
}

static void push_member(struct canon *c, struct span raw_key, struct span value)
{
	struct span quoted = { raw_key.at - 1, raw_key.len + 2 };
	struct member member = { .value = value };
	member.type = string_of(c, quoted, &member.key);
	if (member.key.at != raw_key.at) {
		member.key.at = span_dup(member.key);
		member.owned = true;
	}
	c->members = xgrow(c->members, &c->cap, c->count + 1, sizeof(*c->members));
	c->members[c->count++] = member;
}

static int compare_members(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	size_t shorter = x->key.len < y->key.len ? x->key.len : y->key.len;
	int order = memcmp(x->key.at, y->key.at, shorter);
	if (order || x->key.len != y->key.len) {
		return order ? order : x->key.len < y->key.len ? -1 : 1;
	}
	if (x->type != y->type) {
		return x->type - y->type;
	}
	return x->value.at < y->value.at ? -1 : x->value.at > y->value.at;
}

static void add_value(struct canon *c, struct span value, int depth);

static void add_array(struct canon *c, struct span array, int depth)
{
	struct json_walk walk = json_walk_of(array);
	struct span element;
	add_token(c, '[', SPAN(""));
	while (json_next(&walk, NULL, &element)) {
		add_value(c, element, depth + 1);
	}
	add_token(c, ']', SPAN(""));
}

static void add_object(struct canon *c, struct span object, int depth)
{
	struct json_walk walk = json_walk_of(object);
	struct span key, value;
	size_t first = c->count;
	while (json_next(&walk, &key, &value)) {
		push_member(c, key, value);
	}
	if (c->count > first) {
		qsort(c->members + first, c->count - first, sizeof(*c->members), compare_members);
	}
	add_token(c, '{', SPAN(""));
	for (size_t i = first, end = c->count; i < end; i++) {
		struct member member = c->members[i]; /* a copy: the array may move below */
		add_token(c, member.type, member.key);
		add_value(c, member.value, depth + 1);
		if (member.owned) {
			free((char *)member.key.at);
		}
	}
	add_token(c, '}', SPAN(""));
	c->count = first;
}

static void add_value(struct canon *c, struct span value, int depth)
{
	assert(depth <= JSON_DEPTH_LOOSE);
	switch (json_type(value)) {
	case JSON_OBJECT:
		add_object(c, value, depth);
		break;
	case JSON_ARRAY:
		add_array(c, value, depth);
		break;
	case JSON_STRING:
		add_string(c, value);
		break;
	default: /* numbers as written, true, false, null: their first bytes tell them apart */
		add_token(c, WORD, value);
		break;
	}
}

void canon_hash(struct hash_run *run, struct span json)
{
	struct canon c = { .run = run };
	if (json.at) {
		add_value(&c, json, 0);
	}
	free(c.members);
	buf_finish(&c.text);
}
