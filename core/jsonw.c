/*
 * The writer of every JSON line that is ours. Whatever the text handed in, the output stays one
 * line of valid UTF-8 without control characters, so that it can neither end a message early
 * nor move a terminal's cursor.
 */
#include "config.h"

#include "core/jsonw.h"
#include "core/json_text.h"
#include "core/utf8.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

struct jsonw jw_start(struct buf *out)
{
	return (struct jsonw){ out, false };
}

static void before_value(struct jsonw *w)
{
	if (w->comma) {
		buf_char(w->out, ',');
	}
	w->comma = true;
}

void jw_open(struct jsonw *w, char bracket)
{
	assert(bracket == '{' || bracket == '[');
	before_value(w);
	buf_char(w->out, bracket);
	w->comma = false;
}

void jw_close(struct jsonw *w, char bracket)
{
	assert(bracket == '}' || bracket == ']');
	buf_char(w->out, bracket);
	w->comma = true;
}

void jw_key(struct jsonw *w, const char *name)
{
	assert(!strpbrk(name, "\"\\"));
	before_value(w);
	buf_char(w->out, '"');
	buf_text(w->out, name);
	buf_add(w->out, "\":", 2);
	w->comma = false;
}

static void add_ascii(struct buf *out, unsigned char c)
{
	static const char names[] = "\"\\bfnrt", meant[] = "\"\\\b\f\n\r\t";
	const char *found = memchr(meant, c, sizeof(meant) - 1);
	if (found) {
		buf_char(out, '\\');
		buf_char(out, names[found - meant]);
	} else if (c < 0x20 || c == 0x7f) {
		buf_printf(out, "\\u%04x", c);
	} else {
		buf_char(out, (char)c);
	}
}

/* One character that may need care; returns how many bytes it was. */
static size_t add_char(struct buf *out, const unsigned char *at, const unsigned char *end)
{
	size_t len = utf8_length(at, end);
	if (len == 0) {
		buf_text(out, UTF8_REPLACEMENT);
		return 1;
	}
	if (len == 1) {
		add_ascii(out, *at);
	} else if (len == 2 && at[0] == 0xc2 &&
		at[1] < 0xa0) { /* C1: controls for some terminals */
		buf_printf(out, "\\u%04x", at[1]);
	} else {
		buf_add(out, at, len);
	}
	return len;
}

/* A run without quotes, backslashes, controls and foreign letters; only DEL can still need care. */
static void add_plain(struct buf *out, const unsigned char *at, const unsigned char *end)
{
	const unsigned char *del;
	while (at < end && (del = memchr(at, 0x7f, (size_t)(end - at)))) {
		buf_add(out, at, (size_t)(del - at));
		add_ascii(out, *del);
		at = del + 1;
	}
	buf_add(out, at, (size_t)(end - at));
}

void jw_span(struct jsonw *w, struct span text)
{
	if (!text.at) {
		jw_raw(w, text);
		return;
	}
	const unsigned char *at = (const unsigned char *)text.at, *end = at + text.len;
	before_value(w);
	buf_char(w->out, '"');
	while (at < end) {
		const unsigned char *plain = json_skip_plain(at, end);
		add_plain(w->out, at, plain);
		at = plain;
		if (at < end) {
			at += add_char(w->out, at, end);
		}
	}
	buf_char(w->out, '"');
}

void jw_text(struct jsonw *w, const char *text)
{
	jw_span(w, span_of(text));
}

/* Between tokens a line feed is only space, and inside strings JSON has none: a space for it
 * changes nothing. */
void jw_raw(struct jsonw *w, struct span json)
{
	before_value(w);
	if (!json.at || !json.len) {
		buf_text(w->out, "null");
		return;
	}
	buf_span(w->out, json);
	char *end = w->out->data + w->out->len, *feed = end - json.len;
	while ((feed = memchr(feed, '\n', (size_t)(end - feed)))) {
		*feed++ = ' ';
	}
}

void jw_int(struct jsonw *w, int64_t n)
{
	before_value(w);
	buf_printf(w->out, "%" PRId64, n);
}

void jw_bool(struct jsonw *w, bool b)
{
	before_value(w);
	buf_text(w->out, b ? "true" : "false");
}

void jw_kv_text(struct jsonw *w, const char *name, const char *text)
{
	jw_key(w, name);
	jw_text(w, text);
}

void jw_kv_span(struct jsonw *w, const char *name, struct span text)
{
	jw_key(w, name);
	jw_span(w, text);
}

void jw_kv_raw(struct jsonw *w, const char *name, struct span json)
{
	jw_key(w, name);
	jw_raw(w, json);
}

void jw_kv_int(struct jsonw *w, const char *name, int64_t n)
{
	jw_key(w, name);
	jw_int(w, n);
}

void jw_kv_bool(struct jsonw *w, const char *name, bool b)
{
	jw_key(w, name);
	jw_bool(w, b);
}
