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

/* What was read last may end within a sequence: the rest of it is on the way. */
static bool is_begun(const char *at, size_t left)
{
	size_t i = 1;
	while (i < left && one_of(at[i], "[?0123456789;")) {
		i++;
	}
	return *at == '\033' && i == left;
}

/* Also the words in a title. */
bool vt_clean(const struct vt *vt, char why[128])
{
	struct span raw = buf_view(&vt->raw);
	for (size_t i = 0, n; i < raw.len; i += n) {
		const char *at = raw.at + i;
		size_t left = raw.len - i;
		n = *at != '\033' ? character(at, left) : sequence(at, left);
		if (!n && is_begun(at, left)) {
			break;
		}
		if (!n) {
			snprintf(why, 128, "byte %zu: \\x%02x and then %.20s", i,
				(unsigned char)*at, at + 1);
			return false;
		}
	}
	return true;
}
