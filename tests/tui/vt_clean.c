/* What the console may write to a terminal: text, and the sequences of curses and its own.
 * Everything else is somebody else's speaking through it. */
#include "config.h"

#include "tests/tui/vt.h"

#include <stdio.h>
#include <string.h>

#include "core/unicode.h"

static const char title[] = "\033]2;bascule", notice[] = "\033]9;bascule: ", copy[] = "\033]52;c;",
		  background[] = "\033]11;?\033\\";

static bool one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

/* The length of one character that has a place in a cell, 0 for any other. */
static size_t character(const char *at, size_t left)
{
	struct unicode_char c = unicode_read(at, left);
	if ((unsigned char)*at < 0x20) {
		return one_of(*at, "\r\n\b\016\017\a");
	}
	return c.valid && (c.c == ' ' || unicode_class(c.c) != UNICODE_HIDDEN) ? c.bytes : 0;
}

static size_t notified(const char *at, size_t left)
{
	size_t n = sizeof(notice) - 1;
	for (size_t one; n < left && (unsigned char)at[n] >= ' '; n += one) {
		one = character(at + n, left - n);
		if (!one) {
			return 0;
		}
	}
	return n + 2 <= left && strncmp(at + n, "\033\\", 2) == 0 ? n + 2 : 0;
}

/* The length of a sequence of ours at `at` (an ESC), 0 for any other. */
static size_t sequence(const char *at, size_t left)
{
	size_t n = sizeof(title) - 1;
	if (left >= 3 && one_of(at[1], "()") && one_of(at[2], "B0")) {
		return 3;
	}
	if (left >= 2 && one_of(at[1], "=>78M")) {
		return 2;
	}
	if (left > sizeof(background) - 1 && strncmp(at, background, sizeof(background) - 1) == 0) {
		return sizeof(background) - 1;
	}
	if (left > sizeof(copy) - 1 && strncmp(at, copy, sizeof(copy) - 1) == 0) {
		n = sizeof(copy) - 1;
		n += strspn(at + n,
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");
		return n + 2 <= left && strncmp(at + n, "\033\\", 2) == 0 ? n + 2 : 0;
	}
	if (left > sizeof(notice) - 1 && strncmp(at, notice, sizeof(notice) - 1) == 0) {
		return notified(at, left);
	}
	if (left > n && strncmp(at, title, n) == 0) {
		while (n < left && at[n] >= ' ') {
			n++;
		}
		return n + 2 <= left && at[n] == '\033' && at[n + 1] == '\\' ? n + 2 : 0;
	}
	if (left >= 3 && at[1] == '[') {
		for (n = 2; n < left && one_of(at[n], "0123456789;?"); n++) {
		}
		return n < left && one_of(at[n], "ABCDGHJKLMPSTX@bcdhlmrt") ? n + 1 : 0;
	}
	return 0;
}

/* `at` is how `text` begins, or its whole with printed text after it. */
static bool is_begun_text(const char *at, size_t left, const char *text)
{
	size_t i = strlen(text);
	if (left <= i) {
		return strncmp(at, text, left) == 0;
	}
	if (strncmp(at, text, i) != 0) {
		return false;
	}
	while (i < left && (unsigned char)at[i] >= ' ') {
		i++;
	}
	return i == left || (at[i] == '\033' && i + 1 == left);
}

/* A character's first bytes. */
static bool is_begun_character(const char *at, size_t left)
{
	size_t i = 1, more = (unsigned char)*at >= 0xf0 ? 3 : (unsigned char)*at >= 0xe0 ? 2 : 1;
	while (i < left && ((unsigned char)at[i] & 0xc0) == 0x80) {
		i++;
	}
	return (unsigned char)*at >= 0xc2 && (unsigned char)*at <= 0xf4 && i == left &&
		left <= more;
}

/* What was read last may end within a sequence or a character: the rest is on the way. */
static bool is_begun(const char *at, size_t left)
{
	size_t i = 2;
	if (*at != '\033') {
		return is_begun_character(at, left);
	}
	if (left == 1 || (left == 2 && one_of(at[1], "()"))) {
		return true;
	}
	if (at[1] == ']') {
		return is_begun_text(at, left, title) || is_begun_text(at, left, notice) ||
			is_begun_text(at, left, copy) || is_begun_text(at, left, background);
	}
	while (i < left && one_of(at[i], "?0123456789;")) {
		i++;
	}
	return at[1] == '[' && i == left;
}

bool vt_clean_bytes(struct span raw, char why[128])
{
	for (size_t i = 0, n; i < raw.len; i += n) {
		const char *at = raw.at + i;
		size_t left = raw.len - i;
		n = *at != '\033' ? character(at, left) : sequence(at, left);
		if (!n && is_begun(at, left)) {
			break;
		}
		if (!n) {
			snprintf(why, 128, "byte %zu: \\x%02x and then %.*s", i, (unsigned char)*at,
				(int)(left < 21 ? left - 1 : 20), at + 1);
			return false;
		}
	}
	return true;
}

/* Also the words in a title. */
bool vt_clean(const struct vt *vt, char why[128])
{
	return vt_clean_bytes(buf_view(&vt->raw), why);
}
