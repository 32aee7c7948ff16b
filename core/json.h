/*
 * Strict JSON without a tree: one pass validates a text and notes its top-level members; afterwards
 * the walk functions read the same bytes in place. Nothing is ever printed again from what was
 * read.
 *
 * Source: RFC 8259 for the grammar; the additional refusals are this project's (see enum
 * json_rule).
 */
#ifndef BASCULE_CORE_JSON_H
#define BASCULE_CORE_JSON_H

#include "core/base.h"
#include "core/buf.h"

enum json_rule {
	/* What a client sends: UTF-8, no duplicate key at any depth after unescaping, no NUL in any
	 * form, no lone surrogate, at most JSON_DEPTH_STRICT levels. */
	JSON_STRICT,
	/* What a server sends: the grammar and the top-level members are held to the same, the
	 * inside of nested values may hold what lenient readers accept (duplicate keys, \u0000,
	 * lone surrogates, raw bytes >= 0x80), at most JSON_DEPTH_LOOSE levels. */
	JSON_LOOSE,
};

enum { JSON_DEPTH_STRICT = 128, JSON_DEPTH_LOOSE = 1024, JSON_TOP_MAX = 24 };

enum json_type {
	JSON_NONE,
	JSON_OBJECT,
	JSON_ARRAY,
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL
};

struct json_member {
	struct span key; /* the raw text between the quotes */
	struct span value; /* the raw value, quotes or brackets included */
};

/* Scratch and result of a validation; zero-initialise once, reuse for many texts, json_finish at
 * the end. */
struct json_scan {
	struct json_member top[JSON_TOP_MAX]; /* members of the outermost object, in their order */
	size_t top_count;
	bool top_more; /* there were more than fit */
	bool returns; /* a carriage return stands between tokens */
	enum json_type type; /* of the outermost value */
	struct span value; /* the outermost value without surrounding space */
	const char *fault; /* static text: what is wrong */
	size_t fault_at; /* byte offset of it */
	uint64_t *hashes; /* of keys of the objects still open */
	size_t hash_count, hash_cap;
};

void json_finish(struct json_scan *scan);

/* True if `text` is exactly one JSON value under `rule`; else scan->fault and fault_at say what and
 * where. */
bool json_validate(struct json_scan *scan, struct span text, enum json_rule rule);

/* All of the following expect bytes that json_validate has accepted. */
enum json_type json_type(struct span value);
/* exact, case-sensitive, decoded; the last */
bool json_member(struct span object, const char *name, struct span *value);
/* The decoded text of a member; NULL if it is not there or no string. The caller frees it. */
char *json_member_text(struct span object, const char *name);
bool json_key_is(struct span raw_key, const char *name); /* compares the decoded key */
/* the same, but as a case-folding reader would */
bool json_key_folds_to(struct span raw_key, const char *name);
/* Appends the decoded text of "..."; false if it has no UTF-8 (loose rule) and U+FFFD stands for
 * what lacks it. */
bool json_decode(struct span string, struct buf *out);
/* decoded, terminated, U+FFFD for a NUL; NULL if not a string */
char *json_strdup(struct span string);
bool json_is(struct span string, const char *text); /* is a string whose decoded text is this */
bool json_int(struct span number, int64_t *out); /* only -?[0-9]+ within +-(2^53-1) and not -0 */
bool json_bool(struct span value, bool *out);

/* Iteration: struct json_walk w = json_walk_of(value); while (json_next(&w, &key, &value)) ...
 * For an array `key` is absent. Both may be NULL. */
struct json_walk {
	const char *at, *end;
	bool object;
};
struct json_walk json_walk_of(struct span container);
bool json_next(struct json_walk *walk, struct span *key, struct span *value);

/* Several members of one object in a single pass; a span whose member is not there is left as it
 * was. */
struct json_want {
	const char *name;
	size_t len; /* of name */
	struct span *value;
};
#define JSON_WANT(name, value) \
	{ \
		name, sizeof(name) - 1, value \
	}
void json_pick(struct span object, const struct json_want *wants, size_t count);

#endif
