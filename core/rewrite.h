/*
 * The arguments of a call as a person edits them: laid out to be read, and read back.
 *
 * Pure. Tokens stay what they were: numbers never go through a double, nothing is sorted. A
 * character that nobody would see in an editor stands there as its \u escape.
 */
#ifndef BASCULE_CORE_REWRITE_H
#define BASCULE_CORE_REWRITE_H

#include "core/json.h"

enum { REWRITE_MAX = 256 << 10 }; /* bytes of arguments that can be edited, before and after */

/* Appends validated JSON over many lines, two spaces a level, with a newline at the end. */
void rewrite_layout(struct span json, struct buf *out);
/* Appends validated JSON as one line, without space between its tokens. */
void rewrite_close(struct span json, struct buf *out);
/* Appends a validated object without its member of this name, if it has one. */
void rewrite_without(struct span object, const char *name, struct buf *out);
/* The text an editor left, as one line without space between its tokens. False: it is not exactly
 * one object by JSON_STRICT, or larger than REWRITE_MAX; err says what and at which line and
 * column. */
bool rewrite_read(struct span text, struct buf *out, struct err *err);
/* Both are params: nothing but the bytes of the member `arguments`, an object in both, differs. */
bool rewrite_is_of(struct span proposed, struct span effective);

#endif
