/*
 * An answer that nobody asked for, that comes too late or that is not understood changes nothing.
 * Called by main.c.
 *
 * Sources: xterm ctlseqs (OSC 11, DA1; XParseColor's rgb:), contour's "dark and light mode
 * detection" (mode 2031, CSI ? 997 n), rxvt(1) for COLORFGBG.
 */
#include "config.h"

#include "tui/appearance.h"

#include <string.h>

enum { ANSWER_MS = 2000, LIGHT_FROM = 128 };

static int hex(char c)
{
	const char *digits = "0123456789abcdef", *at = NULL;
	if (c) {
		at = strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
	}
	return at ? (int)(at - digits) : -1;
}

/* One to four hexadecimal digits and what ends them, as 0 to 255. */
static bool channel(struct span *rest, int *value)
{
	int n = 0, most = 0;
	size_t i = 0;
	for (; i < rest->len && i < 4 && hex(rest->at[i]) >= 0; i++) {
		n = n * 16 + hex(rest->at[i]);
		most = most * 16 + 15;
	}
	bool ended = i > 0 && (i == rest->len || rest->at[i] == '/');
	if (ended) {
		*value = n * 255 / most;
		i += i < rest->len;
		*rest = (struct span){ rest->at + i, rest->len - i };
	}
	return ended;
}

static bool read_background(struct span text, bool *light)
{
	int red = 0, green = 0, blue = 0;
	size_t skip = span_starts(text, "rgba:") ? 5 : span_starts(text, "rgb:") ? 4 : 0;
	struct span rest = { text.at + skip, text.len - skip };
	if (!skip || !channel(&rest, &red) || !channel(&rest, &green) || !channel(&rest, &blue)) {
		return false;
	}
	*light = (299 * red + 587 * green + 114 * blue) / 1000 >= LIGHT_FROM;
	return true;
}

/* "15;0", "0;default;15": the last is the background, of the sixteen; 7 and from 9 on are light. */
static bool is_light_number(const char *colorfgbg)
{
	const char *last = strrchr(colorfgbg, ';');
	struct span number = span_of(last ? last + 1 : "");
	static const char *const light[] = { "7", "9", "10", "11", "12", "13", "14", "15" };
	for (size_t i = 0; i < COUNT_OF(light); i++) {
		if (span_is(number, light[i])) {
			return true;
		}
	}
	return false;
}

void appearance_init(struct appearance *a, const char *colorfgbg)
{
	*a = (struct appearance){ .light = colorfgbg && is_light_number(colorfgbg) };
}

void appearance_ask(struct appearance *a, int64_t now)
{
	a->asked = a->waiting = true;
	a->asked_at = now;
}

bool appearance_reply(struct appearance *a, struct span reply, int64_t now)
{
	bool was = a->light, in_time = a->waiting && now - a->asked_at < ANSWER_MS;
	if (!a->asked) {
		return false;
	}
	if (span_is(reply, "?997;1n") || span_is(reply, "?997;2n")) {
		a->light = span_is(reply, "?997;2n");
	} else if (in_time && span_starts(reply, "11;")) {
		struct span colour = { reply.at + 3, reply.len - 3 };
		a->waiting = !read_background(colour, &a->light);
	} else if (span_starts(reply, "?") && span_ends(reply, "c")) {
		a->waiting = false;
	}
	return a->light != was;
}
