/*
 * Owns one level of decoding. Nothing is decoded twice, and all of it is linear in the text. Called
 * by secret.c.
 */
#include "config.h"

#include "core/policy/secret_decode.h"

#include <string.h>

enum {
	RUN_MIN = 24, /* characters of base64 */
	RUN_STEP = 4,
	LINE_MIN = 60, /* so long is a line that goes on in the next one */
	AROUND = 512, /* what is taken with an escape on both sides */
};

/* Base64 digits of both alphabets: 1 + value. */
#define D(c, value) [c] = (value) + 1
// clang-format off
static const unsigned char digits[256] = {
	D('A', 0), D('B', 1), D('C', 2), D('D', 3), D('E', 4), D('F', 5), D('G', 6),
	D('H', 7), D('I', 8), D('J', 9), D('K', 10), D('L', 11), D('M', 12), D('N', 13),
	D('O', 14), D('P', 15), D('Q', 16), D('R', 17), D('S', 18), D('T', 19), D('U', 20),
	D('V', 21), D('W', 22), D('X', 23), D('Y', 24), D('Z', 25), D('a', 26), D('b', 27),
	D('c', 28), D('d', 29), D('e', 30), D('f', 31), D('g', 32), D('h', 33), D('i', 34),
	D('j', 35), D('k', 36), D('l', 37), D('m', 38), D('n', 39), D('o', 40), D('p', 41),
	D('q', 42), D('r', 43), D('s', 44), D('t', 45), D('u', 46), D('v', 47), D('w', 48),
	D('x', 49), D('y', 50), D('z', 51), D('0', 52), D('1', 53), D('2', 54), D('3', 55),
	D('4', 56), D('5', 57), D('6', 58), D('7', 59), D('8', 60), D('9', 61), D('+', 62),
	D('-', 62), D('/', 63), D('_', 63),
};
// clang-format on
#undef D

static bool is_digit(char c)
{
	return digits[(unsigned char)c] != 0;
}

/* The end of the run that begins at `from`; a newline is part of it where the line before is as
 * long as encoders make them. */
static size_t run_end(struct span text, size_t from)
{
	size_t line = from, at = from;
	for (;;) {
		while (at < text.len && is_digit(text.at[at])) {
			at++;
		}
		size_t next = at;
		next += next < text.len && text.at[next] == '\r';
		if (at - line < LINE_MIN || next + 1 >= text.len || text.at[next] != '\n' ||
			!is_digit(text.at[next + 1])) {
			return at;
		}
		at = line = next + 1;
	}
}

static bool is_text_byte(unsigned char c)
{
	return (c >= ' ' && c < 0x7f) || c == '\n' || c == '\r' || c == '\t';
}

/* Up to where it stops being text. False: it is none from the start, which is soon known. */
static bool decode_run(struct span run, struct buf *out)
{
	uint32_t bits = 0;
	unsigned held = 0;
	size_t odd = 0;
	buf_clear(out);
	for (size_t i = 0; i < run.len; i++) {
		unsigned char digit = digits[(unsigned char)run.at[i]];
		if (!digit) {
			continue;
		}
		bits = bits << 6 | (digit - 1U);
		if (++held == 4) {
			char three[3] = { (char)(bits >> 16), (char)(bits >> 8), (char)bits };
			for (size_t k = 0; k < 3; k++) {
				odd += !is_text_byte((unsigned char)three[k]);
			}
			if (odd > 1 + out->len / 10) {
				return out->len >= RUN_MIN / 4 * 3;
			}
			buf_add(out, three, 3);
			held = 0;
		}
	}
	if (held >= 2) {
		bits <<= 6 * (4 - held);
		char rest[2] = { (char)(bits >> 16), (char)(bits >> 8) };
		buf_add(out, rest, held - 1);
	}
	return true;
}

/* What stands in front of the base64 may look like it: "key-", "a/b/". Tries again behind what
 * joins words, a few times. */
static bool decode_somewhere(struct span run, struct buf *out)
{
	size_t tries = 0, at = 0;
	while (!decode_run((struct span){ run.at + at, run.len - at }, out)) {
		do {
			at++;
		} while (at < 64 && at < run.len && !strchr("/-_+", run.at[at - 1]));
		if (++tries == 5 || at >= 64 || run.len - at < RUN_MIN) {
			return false;
		}
	}
	return true;
}

/* A place in the next run that is long enough; the text's length if there is none. Only every
 * fourth byte is looked at, because such a run covers six of them in a row; sixteen of them are one
 * step, without a branch for each. */
static size_t next_run(struct span text, size_t at)
{
	const unsigned char *byte = (const unsigned char *)text.at;
	uint32_t seen = 0; /* the last 32, a bit each */
	while (at < text.len) {
		size_t left = (text.len - at + RUN_STEP - 1) / RUN_STEP,
		       count = left < 16 ? left : 16;
		for (size_t i = 0; i < count; i++) {
			seen = seen << 1 | (digits[byte[at + i * RUN_STEP]] != 0);
		}
		uint32_t two = seen & seen >> 1, six = two & two >> 2 & two >> 4;
		six &= (UINT32_C(1) << count) - 1; /* ends of runs among the new ones */
		if (six) {
			unsigned last = 31 - (unsigned)__builtin_clz(six);
			return at + (count - 1 - last) * RUN_STEP;
		}
		at += count * RUN_STEP;
	}
	return text.len;
}

bool decode_base64_next(struct decode_walk *walk)
{
	struct span text = walk->text;
	while (text.len - walk->at >= RUN_MIN) {
		size_t from = next_run(text, walk->at);
		if (from == text.len) {
			break;
		}
		while (from > walk->at && is_digit(text.at[from - 1])) {
			from--;
		}
		walk->at = run_end(text, from);
		walk->from = from;
		walk->len = walk->at - from;
		if (walk->len >= RUN_MIN &&
			decode_somewhere((struct span){ text.at + from, walk->len }, &walk->out)) {
			return true;
		}
	}
	return false;
}

static int hex(char c)
{
	return c >= '0' && c <= '9'    ? c - '0'
		: c >= 'a' && c <= 'f' ? c - 'a' + 10
		: c >= 'A' && c <= 'F' ? c - 'A' + 10
				       : -1;
}

/* Length of the escape at `at` and the byte it stands for; 0: none. A character beyond a byte is
 * none that a credential has, and stays. */
static size_t escape_at(struct span text, size_t at, char *byte)
{
	static const struct {
		const char *start;
		size_t digits;
	} forms[] = { { "%", 2 }, { "\\x", 2 }, { "\\u00", 2 }, { "\\u{", 2 }, { "\\U000000", 2 } };
	if (text.at[at] != '%' && text.at[at] != '\\') {
		return 0;
	}
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		size_t start = strlen(forms[i].start);
		if (text.len - at < start + 2 || memcmp(text.at + at, forms[i].start, start)) {
			continue;
		}
		int high = hex(text.at[at + start]), low = hex(text.at[at + start + 1]);
		if (high < 0 || low < 0) {
			continue;
		}
		*byte = (char)(high << 4 | low);
		start += 2;
		return start +
			(text.at[at + 2] == '{' && at + start < text.len &&
				text.at[at + start] == '}');
	}
	return 0;
}

/* Something in 64 bytes may begin an escape. Written for the compiler to take many at a time. */
static bool block_may_escape(const char *at)
{
	unsigned char found = 0;
	for (size_t i = 0; i < 64; i++) {
		unsigned char c = (unsigned char)at[i], next = (unsigned char)(at[i + 1] | 0x20);
		unsigned char u = (unsigned char)((next == 'u') | (next == 'x'));
		unsigned char digit = (unsigned char)((next >= '0') & (next <= '9'));
		unsigned char letter = (unsigned char)((next >= 'a') & (next <= 'f'));
		found |= (unsigned char)(((c == '\\') & u) | ((c == '%') & (digit | letter)));
	}
	return found;
}

/* Where the next escape stands; the end if there is none. */
static size_t next_escape(struct span text, size_t at)
{
	char byte;
	while (at < text.len) {
		if (text.len - at > 64 && !block_may_escape(text.at + at)) {
			at += 64;
			continue;
		}
		for (size_t i = 0; i < 64 && at < text.len; i++, at++) {
			if (escape_at(text, at, &byte)) {
				return at;
			}
		}
	}
	return text.len;
}

static void decode_stretch(struct span encoded, struct buf *out)
{
	char byte;
	size_t at = 0;
	buf_clear(out);
	buf_room(out, encoded.len);
	while (at < encoded.len) {
		size_t len = escape_at(encoded, at, &byte);
		buf_char(out, len ? byte : encoded.at[at]);
		at += len ? len : 1;
	}
}

size_t decode_escapes_length(struct span encoded, size_t len)
{
	char byte;
	size_t at = 0;
	while (len-- && at < encoded.len) {
		size_t escape = escape_at(encoded, at, &byte);
		at += escape ? escape : 1;
	}
	return at;
}

bool decode_escapes_next(struct decode_walk *walk)
{
	struct span text = walk->text;
	char byte;
	size_t at = next_escape(text, walk->at);
	if (at == text.len) {
		walk->at = at;
		return false;
	}
	walk->from = at > AROUND ? at - AROUND : 0;
	size_t end;
	do {
		end = at + escape_at(text, at, &byte);
		at = next_escape(text, end);
	} while (at < text.len && at - end <= AROUND);
	walk->at = at;
	end = text.len - end > AROUND ? end + AROUND : text.len;
	walk->len = end - walk->from;
	decode_stretch((struct span){ text.at + walk->from, walk->len }, &walk->out);
	return true;
}
