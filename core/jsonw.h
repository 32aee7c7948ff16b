/*
 * Writes JSON into a buf: commas and escapes are its business, nesting is the caller's.
 * Output is one line, valid UTF-8 (a byte that is not becomes U+FFFD).
 */
#ifndef BASCULE_CORE_JSONW_H
#define BASCULE_CORE_JSONW_H

#include "core/buf.h"

struct jsonw {
	struct buf *out; /* borrowed */
	bool comma; /* the next value needs one before it */
};

struct jsonw jw_start(struct buf *out);
void jw_open(struct jsonw *w, char bracket); /* '{' or '[' */
void jw_close(struct jsonw *w, char bracket); /* '}' or ']' */
void jw_key(struct jsonw *w, const char *name); /* name needs no escape */
void jw_text(struct jsonw *w, const char *text); /* NULL writes null */
void jw_span(struct jsonw *w, struct span text); /* absent writes null */
void jw_raw(struct jsonw *w, struct span json); /* already JSON; absent writes null */
void jw_int(struct jsonw *w, int64_t n);
void jw_bool(struct jsonw *w, bool b);

/* "name":value in one call each */
void jw_kv_text(struct jsonw *w, const char *name, const char *text);
void jw_kv_span(struct jsonw *w, const char *name, struct span text);
void jw_kv_raw(struct jsonw *w, const char *name, struct span json);
void jw_kv_int(struct jsonw *w, const char *name, int64_t n);
void jw_kv_bool(struct jsonw *w, const char *name, bool b);

#endif
