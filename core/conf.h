/*
 * Other programs' configuration files: read as a tree that knows where each value stands, and
 * changed by splicing bytes, so that comments, order, spacing, line ends, a byte order mark and
 * unknown keys stay as they are.
 *
 * What cannot be read wholly is an error with its line, and then nothing may be written. Refused
 * in every format: a key given twice, NUL in any form, bytes that are not UTF-8, a carriage return
 * without a line feed, more than CONF_DEPTH levels, CONF_BYTES or CONF_NODES.
 */
#ifndef BASCULE_CORE_CONF_H
#define BASCULE_CORE_CONF_H

#include "core/base.h"
#include "core/buf.h"

enum conf_format {
	CONF_JSON, /* RFC 8259: a comment or a trailing comma is an error */
	CONF_JSONC, /* with both */
	CONF_TOML, /* TOML 1.0.0, but for dotted keys in inline tables */
};

enum conf_type {
	CONF_OBJECT,
	CONF_ARRAY,
	CONF_STRING,
	CONF_NUMBER,
	CONF_BOOL,
	CONF_NULL,
	CONF_TIME
};

/* Where a value stands. All but the first are of TOML. */
enum conf_form {
	CONF_PLAIN, /* in one piece */
	CONF_SECTION, /* a table: the lines below its header, or before the first header */
	CONF_SECTIONS, /* an array of them: [[NAME]] */
	CONF_IMPLIED, /* a table that is only on the way in headers */
	CONF_DOTTED, /* a table that is only on the way in keys of lines */
};

enum { CONF_DEPTH = 128, CONF_BYTES = 8 << 20, CONF_NODES = 1 << 20 };

typedef uint32_t conf_id; /* of a value; the outermost is CONF_ROOT */
#define CONF_ROOT ((conf_id)0)
#define CONF_NOWHERE UINT32_MAX

/* A value and where it stands; offsets into the text. */
struct conf_node {
	enum conf_type type;
	enum conf_form form;
	conf_id parent, first, last, prev, next;
	uint32_t count; /* of members or elements */
	uint32_t key, key_len; /* in conf.keys, decoded; none in an array */
	uint32_t hash; /* of parent and key */
	uint32_t gap; /* the white space before it begins here, behind a token or a comment */
	uint32_t start; /* it begins here: with its key if it has one */
	uint32_t at, end; /* a plain value alone, quotes or brackets included; else nothing */
	uint32_t comma; /* the comma behind it, or CONF_NOWHERE */
	/* The white space before the closing bracket begins here; of a section, the end of its
	 * last line. */
	uint32_t tail;
	uint32_t lines; /* of a section: with a key */
	uint32_t depth;
	bool gap_line, tail_line; /* that white space follows a comment that ends with its line */
};

/* Zero-initialised is empty. */
struct conf {
	struct span text; /* borrowed */
	const char *name; /* borrowed: of the file, for messages */
	enum conf_format format;
	bool blank; /* there is no value at all: an empty object is meant */
	unsigned line, column; /* of the error, from 1; columns count characters */
	struct conf_node *nodes;
	size_t count, cap;
	struct buf keys;
	conf_id *table; /* members by hash, a power of two of places */
	size_t table_size, table_used;
};

/* False: err says NAME:LINE:COLUMN: and what is wrong. A text without any value is accepted. */
bool conf_parse(struct conf *conf, enum conf_format format, const char *name, struct span text,
	struct err *err);
void conf_finish(struct conf *conf);

/* One step into a value: a key, or with key NULL the index of an element. */
struct conf_step {
	const char *key;
	size_t index;
};
struct conf_path {
	const struct conf_step *at;
	size_t count;
};
#define CONF_PATH(...) \
	((struct conf_path){ (const struct conf_step[]){ __VA_ARGS__ }, \
		sizeof((const struct conf_step[]){ __VA_ARGS__ }) / sizeof(struct conf_step) })
#define CONF_KEY(name) \
	{ \
		name, 0 \
	}
#define CONF_INDEX(n) \
	{ \
		NULL, n \
	}

/* CONF_NOWHERE: there is no such value. The members of a container follow each other by first and
 * next. */
conf_id conf_find(const struct conf *conf, struct conf_path path);
conf_id conf_member(const struct conf *conf, conf_id object, struct span key);
const struct conf_node *conf_node(const struct conf *conf, conf_id id);
struct span conf_key(const struct conf *conf, conf_id id); /* decoded; absent for an element */
/* The bytes in the text; empty for what is not in one piece. */
struct span conf_value(const struct conf *conf, conf_id id);
/* Appends the decoded text of a string; false if it is none. */
bool conf_text(const struct conf *conf, conf_id id, struct buf *out);

/* The same value? Order of members and spacing do not count, spelling of numbers does. */
bool conf_same(const struct conf *a, conf_id ia, const struct conf *b, conf_id ib);

/* Appends a text as a string of the format. */
void conf_quote(enum conf_format format, struct span text, struct buf *out);

/*
 * The edits. Each writes a whole new text to `out` (emptied first), reads it again and compares: it
 * must be the old tree with this one change. False: nothing is to be written, err says why.
 * `raw` is one value in the file's own format.
 */

/* `raw` stands where the value stood, byte for byte. */
bool conf_replace(const struct conf *conf, struct conf_path path, struct span raw, struct buf *out,
	struct err *err);
/*
 * The last step names what is new: a key, put behind the other members, or the index that is the
 * number of elements so far. Containers on the way that are missing are made; *made (may be NULL)
 * is the number of steps to the first that was: removing that takes all back. The value is laid
 * out as its surroundings are.
 */
bool conf_add(const struct conf *conf, struct conf_path path, struct span raw, size_t *made,
	struct buf *out, struct err *err);
/* Undoes conf_add byte for byte if nothing else changed. No step at all removes the outermost
 * value, for a text that was blank before. */
bool conf_remove(const struct conf *conf, struct conf_path path, struct buf *out, struct err *err);

#endif
