/*
 * Turns foreign bytes into text that a terminal can only draw.
 *
 * Promises: the result is valid UTF-8 of printable characters (and newline and tab, if asked for);
 * what was escaped is counted; an escape that is seen was made here, because foreign look-alikes of
 * it are escaped themselves; a mark never stands without a letter, nor more than MARKS_MAX on one.
 * Every function takes time linear in its input.
 *
 * Does not reorder or judge: letters of right-to-left scripts pass as they are, and so do letters
 * that look alike. Called by everything that paints, logs, notifies or copies to a clipboard.
 */
#include "config.h"

#include "core/safe_text.h"

#include "core/buf.h"
#include "core/unicode.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MARKS_MAX = 3, ESCAPE_MAX = 16 /* bytes of the longest escape, rounded up */ };

enum { OPEN = 0x27e8, CLOSE = 0x27e9, NEWLINE_MARK = 0x23ce, TAB_MARK = 0x21e5 };

static const unsigned char columns_of[] = {
	[UNICODE_HIDDEN] = 1,
	[UNICODE_ONE] = 1,
	[UNICODE_WIDE] = 2,
	[UNICODE_MARK] = 0,
	[UNICODE_SIDE] = 1,
	[UNICODE_JAMO] = 0,
};

/* What stands around an escape and where something was cut, in either kind of text. */
static const struct dress {
	const char *open, *close, *cut;
	unsigned cut_columns;
} dresses[] = {
	[false] = { "⟨", "⟩", "…", 1 },
	[true] = { "<", ">", "...", 3 },
};

struct maker {
	struct buf out;
	enum safe_lines lines;
	bool ascii;
	bool ours; /* our own words around text already safe: its marks and brackets are genuine */
	uint32_t base; /* the character that a mark would join; 0: none */
	unsigned marks; /* already on it */
	unsigned column, widest, escaped;
};

static bool joins(enum unicode_class class)
{
	return class == UNICODE_MARK || class == UNICODE_SIDE || class == UNICODE_JAMO;
}

static bool is_hangul(uint32_t c)
{
	return (c >= 0x1100 && c <= 0x115e) || (c >= 0xa960 && c <= 0xa97c) ||
		(c >= 0xac00 && c <= 0xd7a3);
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

/* Length of the escape in this dress that begins at `at`; 0 if none does. */
static size_t escape_length(const struct dress *dress, const char *at, size_t left)
{
	size_t n = strlen(dress->open), close = strlen(dress->close), digits = 0, most;
	if (left < n + 2 || memcmp(at, dress->open, n) != 0) {
		return 0;
	}
	if (at[n] == 'x') {
		n++;
		most = 2;
	} else if (at[n] == 'U' && at[n + 1] == '+') {
		n += 2;
		most = 6;
	} else {
		return 0;
	}
	while (digits < most && n < left && is_hex(at[n])) {
		n++;
		digits++;
	}
	bool closed = left - n >= close && memcmp(at + n, dress->close, close) == 0;
	return closed && digits >= (most == 2 ? 2 : 4) ? n + close : 0;
}

static void add_ours(struct maker *m, const char *text, unsigned columns)
{
	buf_text(&m->out, text);
	m->column += columns;
	m->base = 0;
}

/* By hand, because a megabyte of invalid bytes would otherwise spend its time in snprintf. */
static void add_escape(struct maker *m, const char *prefix, int least, uint32_t value)
{
	const struct dress *dress = &dresses[m->ascii];
	char digits[8];
	int n = 0;
	do {
		digits[n++] = "0123456789ABCDEF"[value & 15];
		value >>= 4;
	} while (value || n < least);
	buf_text(&m->out, dress->open);
	buf_text(&m->out, prefix);
	m->column += (unsigned)(2 + strlen(prefix) + (size_t)n);
	while (n) {
		buf_char(&m->out, digits[--n]);
	}
	buf_text(&m->out, dress->close);
	m->base = 0;
	m->escaped++;
}

static void end_line(struct maker *m)
{
	if (m->column > m->widest) {
		m->widest = m->column;
	}
	m->column = 0;
}

/* The characters that have a form of their own; false if `c` is none of them. */
static bool add_special(struct maker *m, uint32_t c)
{
	bool one_line = m->lines == SAFE_ONE_LINE;
	if (c == '\\' && m->ascii && one_line) {
		add_ours(m, "\\\\", 2); /* so that \n always means a newline */
	} else if (c == '\n' && one_line) {
		add_ours(m, m->ascii ? "\\n" : "⏎", m->ascii ? 2 : 1);
	} else if (c == '\t' && one_line) {
		add_ours(m, m->ascii ? "\\t" : "⇥", m->ascii ? 2 : 1);
	} else if (c == '\n') {
		add_ours(m, "\n", 0);
		end_line(m);
	} else if (c == '\t') {
		add_ours(m, "\t", 1);
	} else {
		return false;
	}
	return true;
}

/* True if what is at `at` would pass for something that we make. */
static bool is_forged(const struct maker *m, uint32_t c, const char *at, size_t left)
{
	if (m->ours) {
		return false;
	}
	if (m->ascii) {
		return escape_length(&dresses[true], at, left) != 0;
	}
	return c == OPEN || c == CLOSE ||
		(m->lines == SAFE_ONE_LINE && (c == NEWLINE_MARK || c == TAB_MARK));
}

/* Whether `c` may be drawn behind what is there already. */
static bool is_drawable(struct maker *m, uint32_t c, enum unicode_class class)
{
	if (class == UNICODE_HIDDEN || (m->ascii && c >= 0x80)) {
		return false;
	}
	if (!joins(class)) {
		m->base = c;
		m->marks = 0;
		return true;
	}
	return m->base && (class != UNICODE_JAMO || is_hangul(m->base)) && ++m->marks <= MARKS_MAX;
}

/* A surrogate in the three bytes that lax encoders write for it: named, because it is one. */
static bool is_surrogate(const unsigned char *at, size_t left)
{
	return left >= 3 && at[0] == 0xed && at[1] >= 0xa0 && at[1] <= 0xbf && at[2] >= 0x80 &&
		at[2] <= 0xbf;
}

static size_t add_invalid(struct maker *m, const char *at, size_t left)
{
	const unsigned char *byte = (const unsigned char *)at;
	if (is_surrogate(byte, left)) {
		add_escape(m, "U+", 4, 0xd000u | (byte[1] & 0x3fu) << 6 | (byte[2] & 0x3fu));
		return 3;
	}
	add_escape(m, "x", 2, byte[0]);
	return 1;
}

/* Adds what stands at `at`, and returns how many bytes that took. */
static size_t add_char(struct maker *m, const char *at, size_t left)
{
	struct unicode_char u = unicode_read(at, left);
	if (!u.valid) {
		return add_invalid(m, at, left);
	}
	if (add_special(m, u.c)) {
		return u.bytes;
	}
	enum unicode_class class = unicode_class(u.c);
	if (is_forged(m, u.c, at, left) || !is_drawable(m, u.c, class)) {
		add_escape(m, "U+", 4, u.c);
	} else {
		buf_add(&m->out, at, u.bytes);
		m->column += columns_of[class];
	}
	return u.bytes;
}

/* The fast path: printable ASCII, which is nearly everything. In ASCII text two of it need a closer
 * look. */
static size_t add_plain(struct maker *m, const char *at, size_t left)
{
	size_t n = 0;
	while (n < left && (unsigned char)(at[n] - ' ') < 0x7f - ' ') {
		if (m->ascii && (at[n] == '<' || at[n] == '\\')) {
			break;
		}
		n++;
	}
	if (n) {
		buf_add(&m->out, at, n);
		m->column += (unsigned)n;
		m->base = at[n - 1] == ' ' ? 0 : (unsigned char)at[n - 1];
		m->marks = 0;
	}
	return n;
}

static struct safe_text make(struct maker *m, struct span foreign)
{
	size_t at = 0;
	buf_room(&m->out, foreign.len + 1);
	while (at < foreign.len) {
		at += add_plain(m, foreign.at + at, foreign.len - at);
		if (at < foreign.len) {
			at += add_char(m, foreign.at + at, foreign.len - at);
		}
	}
	end_line(m);
	return (struct safe_text){
		.safe_text_only_ = buf_cstr(&m->out),
		.bytes = m->out.len,
		.columns = m->widest,
		.escaped = m->escaped,
		.ascii = m->ascii,
	};
}

struct safe_text safe_make(struct span foreign, enum safe_lines lines)
{
	struct maker m = { .lines = lines };
	return make(&m, foreign);
}

struct safe_text safe_ascii(struct span foreign, enum safe_lines lines)
{
	struct maker m = { .lines = lines, .ascii = true };
	return make(&m, foreign);
}

struct safe_text safe_printf(const char *format, ...)
{
	struct maker m = { .lines = SAFE_MANY_LINES, .ours = true };
	struct safe_text text;
	char *words = NULL;
	va_list args;
	va_start(args, format);
	int length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	assert(length >= 0);
	words = xmalloc((size_t)length + 1);
	va_start(args, format);
	vsnprintf(words, (size_t)length + 1, format, args);
	va_end(args);
	text = make(&m, (struct span){ words, (size_t)length });
	free(words);
	assert(text.escaped == 0);
	return text;
}

void safe_finish(struct safe_text *text)
{
	if (text) {
		free(text->safe_text_only_);
		*text = (struct safe_text){ 0 };
	}
}

const char *safe_cstr(const struct safe_text *text)
{
	return text && text->safe_text_only_ ? text->safe_text_only_ : "";
}

uint32_t safe_next(const char *at, unsigned *bytes, unsigned *columns)
{
	unsigned char first = (unsigned char)*at;
	if (first < 0x80) {
		*bytes = first ? 1 : 0;
		*columns = first && first != '\n' ? 1 : 0;
		return first;
	}
	struct unicode_char u = unicode_read(at, strnlen(at, 4));
	*bytes = u.bytes;
	*columns = columns_of[unicode_class(u.c)];
	return u.c;
}

/* The piece at `at` that a cut must not split: an escape, or a character with its marks. Bytes; 0
 * at the end. */
static size_t next_piece(const char *at, unsigned *columns)
{
	unsigned bytes, width;
	size_t left, n;
	if (*at >= ' ' && *at < 0x7f && *at != '<' && !(at[1] & 0x80)) {
		*columns = 1;
		return 1;
	}
	left = strnlen(at, ESCAPE_MAX);
	for (int ascii = 0; ascii <= 1; ascii++) {
		n = escape_length(&dresses[ascii], at, left);
		if (n) {
			*columns = (unsigned)(ascii ? n : n - strlen("⟨⟩") + 2);
			return n;
		}
	}
	safe_next(at, &bytes, columns);
	n = bytes;
	while (at[n] && joins(unicode_class(safe_next(at + n, &bytes, &width)))) {
		n += bytes;
		*columns += width;
	}
	return n;
}

/* Bytes of the longest start that is at most `columns` wide; *used says how wide it is. */
static size_t fitting(const char *text, unsigned columns, unsigned *used)
{
	size_t at = 0, n;
	unsigned width;
	*used = 0;
	while ((n = next_piece(text + at, &width)) != 0 && *used + width <= columns) {
		at += n;
		*used += width;
	}
	return at;
}

static struct safe_text copy(const struct safe_text *text)
{
	struct safe_text same = *text;
	same.safe_text_only_ = xstrdup(safe_cstr(text));
	return same;
}

/* The first `head` columns and what stands from byte `tail` on, with the mark of a cut between. */
static struct safe_text cut(const struct safe_text *text, unsigned head, size_t tail,
	unsigned tail_columns, unsigned columns)
{
	const struct dress *dress = &dresses[text->ascii];
	struct buf out = { 0 };
	unsigned used, mark = dress->cut_columns < columns ? dress->cut_columns : columns;
	buf_add(&out, safe_cstr(text), fitting(safe_cstr(text), head, &used));
	buf_add(&out, dress->cut, dress->cut_columns == 1 && mark ? strlen(dress->cut) : mark);
	buf_add(&out, safe_cstr(text) + tail, text->bytes - tail);
	return (struct safe_text){
		.safe_text_only_ = buf_cstr(&out),
		.bytes = out.len,
		.columns = used + mark + tail_columns,
		.escaped = text->escaped,
		.ascii = text->ascii,
	};
}

struct safe_text safe_clip(const struct safe_text *text, unsigned columns)
{
	unsigned used, mark = dresses[text->ascii].cut_columns;
	if (fitting(safe_cstr(text), columns, &used) == text->bytes) {
		return copy(text);
	}
	return cut(text, columns > mark ? columns - mark : 0, text->bytes, 0, columns);
}

struct safe_text safe_middle(const struct safe_text *text, unsigned columns)
{
	unsigned used, total, width, mark = dresses[text->ascii].cut_columns;
	unsigned room = columns > mark ? columns - mark : 0;
	const char *all = safe_cstr(text);
	size_t tail = 0;
	if (fitting(all, columns, &used) == text->bytes) {
		return copy(text);
	}
	fitting(all, UINT32_MAX, &total);
	while (total > room - room / 2) {
		tail += next_piece(all + tail, &width);
		total -= width;
	}
	return cut(text, room / 2, tail, total, columns);
}
