/* The growable byte run behind every message that is built or received. */
#include "config.h"

#include "core/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_finish(struct buf *b)
{
	if (b) {
		free(b->data);
		*b = (struct buf){ 0 };
	}
}

void buf_clear(struct buf *b)
{
	b->len = 0;
}

void buf_room(struct buf *b, size_t more)
{
	b->data = xgrow(b->data, &b->cap, b->len + more, 1);
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
	if (len) {
		buf_room(b, len);
		memcpy(b->data + b->len, bytes, len);
		b->len += len;
	}
}

void buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void buf_span(struct buf *b, struct span s)
{
	buf_add(b, s.at, s.len);
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int need = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (need > 0) {
		buf_room(b, (size_t)need + 1);
		va_start(args, format);
		vsnprintf(b->data + b->len, (size_t)need + 1, format, args);
		va_end(args);
		b->len += (size_t)need;
	}
}

void buf_drop(struct buf *b, size_t n)
{
	if (n >= b->len) {
		b->len = 0;
	} else if (n) {
		memmove(b->data, b->data + n, b->len - n);
		b->len -= n;
	}
}

char *buf_cstr(struct buf *b)
{
	buf_room(b, 1);
	b->data[b->len] = '\0';
	return b->data;
}

struct span buf_view(const struct buf *b)
{
	return (struct span){ b->data ? b->data : "", b->len };
}
