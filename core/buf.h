/* A growable run of bytes. Zero-initialised is empty; buf_finish leaves it empty again. */
#ifndef BASCULE_CORE_BUF_H
#define BASCULE_CORE_BUF_H

#include "core/base.h"

struct buf {
	char *data;
	size_t len;
	size_t cap;
};

void buf_finish(struct buf *b);
void buf_clear(struct buf *b); /* keeps the memory */
void buf_room(struct buf *b, size_t more); /* afterwards `more` bytes fit behind len */
void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_char(struct buf *b, char c);
void buf_text(struct buf *b, const char *text);
void buf_span(struct buf *b, struct span s);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_drop(struct buf *b, size_t n); /* forgets the first n bytes */
/* terminates without counting the NUL; borrowed until the next change */
char *buf_cstr(struct buf *b);
struct span buf_view(const struct buf *b);

#endif
