/* What the console may write to a terminal: text, and the sequences of curses and its own.
 * Everything else is somebody else's speaking through it. */
#include "config.h"

#include "tests/tui/vt.h"

#include <stdio.h>
#include <string.h>

static const char title[] = "\033]2;bascule", copy[] = "\033]52;c;",
		  background[] = "\033]11;?\033\\";

/* Bidi controls, invisible characters, tags, C1: beginnings in UTF-8 that must never be there. */
static const char *const forbidden[] = { "\xe2\x80\xaa", "\xe2\x80\xae", "\xe2\x81\xa6",
	"\xe2\x81\xa9", "\xe2\x80\x8b", "\xe2\x80\x8d", "\xef\xbb\xbf", "\xf3\xa0\x81", "\xc2\x9b",
	"\xc2\x9d", "\xc2\x90" };

static bool one_of(char c, const char *set)
{
	return c && strchr(set, c);
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
	if (left > n && strncmp(at, title, n) == 0) {
		while (n < left && at[n] != '\033') {
			n++;
		}
		return n + 2 <= left && at[n + 1] == '\\' ? n + 2 : 0;
	}
	if (left >= 3 && at[1] == '[') {
		for (n = 2; n < left && one_of(at[n], "0123456789;?"); n++) {
		}
		return n < left && one_of(at[n], "ABCDGHJKLMPSTX@bcdhlmrt") ? n + 1 : 0;
	}
	return 0;
}

bool vt_clean(const struct vt *vt, char why[128])
{
	struct span raw = buf_view(&vt->raw);
	for (size_t i = 0; i < raw.len; i++) {
		size_t n = raw.at[i] == '\033' ? sequence(raw.at + i, raw.len - i) : 1;
		if (!n ||
			(n == 1 && (unsigned char)raw.at[i] < 0x20 &&
				!one_of(raw.at[i], "\r\n\b\016\017\a"))) {
			snprintf(why, 128, "byte %zu: \\x%02x and then %.20s", i,
				(unsigned char)raw.at[i], raw.at + i + 1);
			return false;
		}
		i += n - 1;
	}
	for (size_t i = 0; i < COUNT_OF(forbidden); i++) {
		if (memmem(raw.at, raw.len, forbidden[i], strlen(forbidden[i]))) {
			snprintf(why, 128, "forbidden character %zu", i);
			return false;
		}
	}
	return true;
}
