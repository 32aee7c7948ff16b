/* What the readers of the formats and the editor share. Private to conf*.c. */
#ifndef BASCULE_CORE_CONF_IMPL_H
#define BASCULE_CORE_CONF_IMPL_H

#include "core/conf.h"

/* A place in the text being read. `line` is whether the white space that begins at `gap` follows a
 * comment that ends with its line. */
struct conf_reader {
	struct conf *conf;
	const unsigned char *begin, *at, *end;
	uint32_t gap;
	bool line;
	unsigned depth;
	struct err *err;
};

static inline uint32_t conf_offset(const struct conf_reader *r)
{
	return (uint32_t)(r->at - r->begin);
}

/* Notes the place of the fault and what it is; returns false. */
bool conf_fault(struct conf_reader *r, const unsigned char *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds a value behind the others of its parent; CONF_NOWHERE (with a fault) if there are too many.
 * Key and offsets are the caller's. */
conf_id conf_push(struct conf_reader *r, conf_id parent, enum conf_type type);
/* Makes what stands in conf->keys from `from` on the key of the value; false (with a fault at `at`)
 * if the parent has it already. */
bool conf_name(struct conf_reader *r, conf_id id, size_t from, const unsigned char *at);

bool conf_read_json(struct conf_reader *r);
bool conf_read_toml(struct conf_reader *r);
bool conf_read_toml_value(struct conf_reader *r);
/* Over the string at r->at, which begins with a quote; appends what it means to `out`, which may be
 * NULL. */
bool conf_toml_string(struct conf_reader *r, struct buf *out);
bool conf_toml_scalar(struct conf_reader *r, enum conf_type *type);

/* A text that is one value and nothing else. */
bool conf_parse_value(struct conf *conf, enum conf_format format, const char *name,
	struct span text, struct err *err);
void conf_put_key(enum conf_format format, struct span key, struct buf *out);
void conf_put_value(const struct conf *value, conf_id id, struct buf *out); /* on one line */

/* One or two places where bytes go and come. */
struct conf_plan {
	struct conf_change {
		uint32_t at, cut;
		struct buf add;
	} change[2];
	size_t count;
};
/* In the order of the text. */
struct buf *conf_change(struct conf_plan *plan, uint32_t at, uint32_t cut);

/* How the file is written. */
struct span conf_newline(const struct conf *conf);
/* The white space at the begin of the line of this place. */
struct span conf_indent(const struct conf *conf, uint32_t at);
bool conf_breaks(const struct conf *conf, uint32_t from, uint32_t to); /* is there a line's end? */
/* How many bytes a line's end at this place has; 0: there is none. */
uint32_t conf_break(const struct conf *conf, uint32_t at);
uint32_t conf_after_bom(const struct conf *conf);

/* A member (with its key) or an element (key absent) behind the last in brackets; out of them. */
void conf_splice_add(const struct conf *conf, conf_id container, struct span key,
	const struct conf *value, struct conf_plan *plan);
void conf_splice_remove(const struct conf *conf, conf_id id, struct conf_plan *plan);

/* The same where a value is a line or a section. `path` is the way to the value from the outermost
 * table, `have` steps of it to `box` are there; `whole` is the value in the containers that lack.
 */
bool conf_section_add(const struct conf *conf, conf_id box, struct conf_path path, size_t have,
	const struct conf *value, const struct conf *whole, struct conf_plan *plan,
	struct err *err);
bool conf_section_remove(
	const struct conf *conf, conf_id id, struct conf_plan *plan, struct err *err);

#endif
