/*
 * Owns which characters of an argument a person would not see or a terminal would obey.
 *
 * What may be shown is unicode.h's table; here are the few uses that a hidden character has in
 * ordinary text: joined emoji, the joiners of Arabic and Indian scripts, the byte order mark, the
 * wide space of Chinese and Japanese. None of them is let through in a path.
 *
 * Does not judge look-alikes: a path that does not exist is the facts' business. Pure; called by
 * the broker for every string of a call.
 */
#include "config.h"

#include "core/policy/secret.h"
#include "core/unicode.h"

#include <stdio.h>
#include <string.h>

enum {
	NO_BREAK_SPACE = 0xa0,
	NARROW_NO_BREAK_SPACE = 0x202f,
	ZERO_WIDTH_NON_JOINER = 0x200c,
	ZERO_WIDTH_JOINER = 0x200d,
	TEXT_STYLE = 0xfe0e,
	EMOJI_STYLE = 0xfe0f,
	KEYCAP = 0x20e3,
	WIDE_SPACE = 0x3000,
	BYTE_ORDER_MARK = 0xfeff,
};

enum { MARKS_MAX = 8 /* more than any script puts on a letter */ };

struct name {
	uint32_t first, last;
	const char *words;
};

// clang-format off
static const struct name names[] = {
	{ 0x0000, 0x0000, "NULL" },
	{ 0x0007, 0x0007, "BELL" },
	{ 0x0008, 0x0008, "BACKSPACE" },
	{ 0x0009, 0x0009, "TAB" },
	{ 0x000a, 0x000a, "LINE FEED" },
	{ 0x000c, 0x000c, "FORM FEED" },
	{ 0x000d, 0x000d, "CARRIAGE RETURN" },
	{ 0x001b, 0x001b, "ESCAPE" },
	{ 0x0000, 0x001f, "control character" },
	{ 0x007f, 0x007f, "DELETE" },
	{ 0x0085, 0x0085, "NEXT LINE" },
	{ 0x009b, 0x009b, "CONTROL SEQUENCE INTRODUCER" },
	{ 0x009d, 0x009d, "OPERATING SYSTEM COMMAND" },
	{ 0x0080, 0x009f, "control character" },
	{ 0x00a0, 0x00a0, "NO-BREAK SPACE" },
	{ 0x00ad, 0x00ad, "SOFT HYPHEN" },
	{ 0x034f, 0x034f, "COMBINING GRAPHEME JOINER" },
	{ 0x061c, 0x061c, "ARABIC LETTER MARK" },
	{ 0x115f, 0x1160, "HANGUL FILLER" },
	{ 0x1680, 0x1680, "OGHAM SPACE MARK" },
	{ 0x180b, 0x180f, "MONGOLIAN SELECTOR" },
	{ 0x2000, 0x200a, "space of another width" },
	{ 0x200b, 0x200b, "ZERO WIDTH SPACE" },
	{ 0x200c, 0x200c, "ZERO WIDTH NON-JOINER" },
	{ 0x200d, 0x200d, "ZERO WIDTH JOINER" },
	{ 0x200e, 0x200e, "LEFT-TO-RIGHT MARK" },
	{ 0x200f, 0x200f, "RIGHT-TO-LEFT MARK" },
	{ 0x2028, 0x2028, "LINE SEPARATOR" },
	{ 0x2029, 0x2029, "PARAGRAPH SEPARATOR" },
	{ 0x202a, 0x202a, "LEFT-TO-RIGHT EMBEDDING" },
	{ 0x202b, 0x202b, "RIGHT-TO-LEFT EMBEDDING" },
	{ 0x202c, 0x202c, "POP DIRECTIONAL FORMATTING" },
	{ 0x202d, 0x202d, "LEFT-TO-RIGHT OVERRIDE" },
	{ 0x202e, 0x202e, "RIGHT-TO-LEFT OVERRIDE" },
	{ 0x202f, 0x202f, "NARROW NO-BREAK SPACE" },
	{ 0x205f, 0x205f, "MEDIUM MATHEMATICAL SPACE" },
	{ 0x2060, 0x2060, "WORD JOINER" },
	{ 0x2061, 0x2064, "INVISIBLE OPERATOR" },
	{ 0x2066, 0x2066, "LEFT-TO-RIGHT ISOLATE" },
	{ 0x2067, 0x2067, "RIGHT-TO-LEFT ISOLATE" },
	{ 0x2068, 0x2068, "FIRST STRONG ISOLATE" },
	{ 0x2069, 0x2069, "POP DIRECTIONAL ISOLATE" },
	{ 0x206a, 0x206f, "deprecated format character" },
	{ 0x2800, 0x2800, "BRAILLE PATTERN BLANK" },
	{ 0x3000, 0x3000, "IDEOGRAPHIC SPACE" },
	{ 0x3164, 0x3164, "HANGUL FILLER" },
	{ 0xe000, 0xf8ff, "private use" },
	{ 0xfe00, 0xfe0f, "VARIATION SELECTOR" },
	{ 0xfeff, 0xfeff, "BYTE ORDER MARK" },
	{ 0xffa0, 0xffa0, "HALFWIDTH HANGUL FILLER" },
	{ 0xfff9, 0xfffb, "INTERLINEAR ANNOTATION" },
	{ 0xe0000, 0xe007f, "TAG" },
	{ 0xe0100, 0xe01ef, "VARIATION SELECTOR" },
	{ 0xf0000, 0x10ffff, "private use" },
};
// clang-format on

static void say(uint32_t c, char name[80])
{
	const char *words = "not to be shown";
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (c >= names[i].first && c <= names[i].last) {
			words = names[i].words;
			break;
		}
	}
	snprintf(name, 80, "U+%04X %s", (unsigned)c, words);
}

/* Pictures and symbols that take part in emoji. */
static bool is_emoji(uint32_t c)
{
	static const uint32_t single[] = { 0xa9, 0xae, 0x203c, 0x2049, 0x2122, 0x2139, 0x3030,
		0x303d, 0x3297, 0x3299 };
	for (size_t i = 0; i < COUNT_OF(single); i++) {
		if (c == single[i]) {
			return true;
		}
	}
	return (c >= 0x2190 && c <= 0x2bff && c != 0x2800 && !(c > 0x2800 && c < 0x2900)) ||
		(c >= 0x1f000 && c <= 0x1faff);
}

/* Letters and marks of scripts in which a joiner changes how two of them are written. */
static bool is_joining(uint32_t c)
{
	return ((c >= 0x620 && c <= 0x6ff) || (c >= 0x750 && c <= 0x77f) ||
		       (c >= 0x8a0 && c <= 0x8ff) || (c >= 0x900 && c <= 0xdff)) &&
		unicode_class(c) != UNICODE_HIDDEN;
}

static bool is_wide_or_edge(uint32_t c)
{
	return !c || c == '\n' || c == WIDE_SPACE || unicode_class(c) == UNICODE_WIDE;
}

static bool is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

/* As French sets its marks, and many languages their numbers and units. */
static bool is_set_apart(uint32_t before, uint32_t after)
{
	const uint32_t opening = 0xab, closing = 0xbb, dash = 0x2014, euro = 0x20ac;
	bool mark = after == '!' || after == '?' || after == ';' || after == ':' || after == '%' ||
		after == closing || after == dash || after == euro;
	return before > ' ' && after > ' ' &&
		(mark || before == opening || before == dash ||
			(is_digit(before) && is_digit(after)));
}

/* Hidden, but with a meaning between these two; 0 stands for the text's edge. */
static bool has_use(uint32_t before, uint32_t c, uint32_t after)
{
	switch (c) {
	case ZERO_WIDTH_JOINER:
		return ((is_emoji(before) || before == EMOJI_STYLE) && is_emoji(after)) ||
			(is_joining(before) && is_joining(after));
	case ZERO_WIDTH_NON_JOINER:
		return is_joining(before) && is_joining(after);
	case EMOJI_STYLE:
	case TEXT_STYLE:
		return is_emoji(before) ||
			(before && before < 0x80 && strchr("0123456789#*", (int)before) &&
				after == KEYCAP);
	case NO_BREAK_SPACE:
	case NARROW_NO_BREAK_SPACE:
		return is_set_apart(before, after);
	case WIDE_SPACE:
		return is_wide_or_edge(before) || is_wide_or_edge(after);
	default:
		return false;
	}
}

struct reader {
	struct span text;
	size_t at;
	bool path;
	uint32_t before;
	unsigned marks; /* drawn on the character so far */
};

static uint32_t peek(struct span text, size_t at)
{
	return at < text.len ? unicode_read(text.at + at, text.len - at).c : 0;
}

/* One character; true: it is hidden, and named. */
static bool read_one(struct reader *r, char name[80])
{
	struct unicode_char u = unicode_read(r->text.at + r->at, r->text.len - r->at);
	uint32_t after = peek(r->text, r->at + u.bytes);
	bool first = r->at == 0;
	uint32_t before = r->before;
	r->at += u.bytes;
	r->before = u.c;
	if (!u.valid) {
		snprintf(name, 80, "bytes that are no UTF-8");
		return true;
	}
	r->marks = unicode_class(u.c) == UNICODE_MARK ? r->marks + 1 : 0;
	if (r->marks > MARKS_MAX) {
		snprintf(name, 80, "a pile of marks on one character");
		return true;
	}
	bool line = u.c == '\t' || u.c == '\n' || (u.c == '\r' && after == '\n');
	bool hidden = unicode_class(u.c) == UNICODE_HIDDEN || u.c == 0x2800;
	if (!hidden ||
		(!r->path &&
			(line || (first && u.c == BYTE_ORDER_MARK) ||
				has_use(before, u.c, after)))) {
		return false;
	}
	say(u.c, name);
	return true;
}

enum { BLOCK = 64 };

/* A block without anything to look at closer: shown ASCII, tabs and newlines. Written so that the
 * compiler can take it sixteen bytes at a time. */
static bool plain_block(const char *at, bool path)
{
	unsigned char odd = 0;
	for (size_t i = 0; i < BLOCK; i++) {
		unsigned char c = (unsigned char)at[i];
		odd |= (unsigned char)((c < ' ' && c != '\n' && c != '\t') | (c > '~'));
	}
	if (!path) {
		return !odd;
	}
	return !odd && !memchr(at, '\n', BLOCK) && !memchr(at, '\t', BLOCK);
}

bool hidden_character(struct span text, bool path, char name[80])
{
	struct reader r = { .text = text, .path = path };
	while (r.at < text.len) {
		if (text.len - r.at >= BLOCK && plain_block(text.at + r.at, path)) {
			r.at += BLOCK;
			r.before = (unsigned char)text.at[r.at - 1];
			r.marks = 0;
			continue;
		}
		size_t end = text.len - r.at > BLOCK ? r.at + BLOCK : text.len;
		while (r.at < end) {
			if (read_one(&r, name)) {
				return true;
			}
		}
	}
	return false;
}
