/*
 * The built-in theme is the table in theme.h, read by the same parser as theme files. It uses the
 * sixteen ANSI colours on the terminal's own background, so it follows the person's palette, light
 * or dark. Pure; paint.c makes colour pairs.
 */
#include "config.h"

#include "tui/theme.h"

#include <stdio.h>
#include <string.h>

#include "core/diag.h"
#include "core/ini.h"

enum { PALETTE_MAX = 64, THEMES_MAX = 32 };

struct role_spec {
	const char *name, *rich, *mono;
};

static const struct role_spec roles[ROLE_COUNT] = {
#define X(id, name, rich, mono) { name, rich, mono },
	THEME_ROLES(X)
#undef X
};

static const char *const colours[] = { "black", "red", "green", "yellow", "blue", "magenta", "cyan",
	"white", "bright-black", "bright-red", "bright-green", "bright-yellow", "bright-blue",
	"bright-magenta", "bright-cyan", "bright-white" };

struct attr_spec {
	const char *name;
	unsigned bit;
};

static const struct attr_spec attrs[] = {
	{ "+bold", THEME_BOLD },
	{ "+dim", THEME_DIM },
	{ "+reverse", THEME_REVERSE },
	{ "+underline", THEME_UNDERLINE },
	{ "+italic", THEME_ITALIC },
};

static bool add_attr(struct span word, struct theme_style *style, struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(attrs); i++) {
		if (span_is(word, attrs[i].name)) {
			style->attrs |= attrs[i].bit;
			return true;
		}
	}
	return fail(err, DIAG_CONFIG,
		"unknown attribute, expected +bold, +dim, +reverse, +underline or +italic");
}

/* Names of the file's own, given in [palette]. */
struct palette {
	struct {
		struct span name;
		int colour;
	} list[PALETTE_MAX];
	size_t count;
};

static int hex_digit(char c)
{
	return c >= '0' && c <= '9'    ? c - '0'
		: c >= 'a' && c <= 'f' ? c - 'a' + 10
		: c >= 'A' && c <= 'F' ? c - 'A' + 10
				       : -1;
}

static bool read_hex(struct span word, int *colour)
{
	int rgb = 0;
	for (size_t i = 1; i < word.len; i++) {
		int digit = hex_digit(word.at[i]);
		if (digit < 0) {
			return false;
		}
		rgb = rgb * 16 + digit;
	}
	*colour = THEME_RGB | rgb;
	return word.len == 7;
}

static bool find_colour(
	struct span word, const struct palette *palette, int *colour, struct err *err)
{
	*colour = THEME_DEFAULT_COLOUR;
	if (span_is(word, "default")) {
		return true;
	}
	if (word.at[0] == '#') {
		return read_hex(word, colour) ||
			fail(err, DIAG_CONFIG, "expected a colour such as #83a598");
	}
	for (size_t i = 0; palette && i < palette->count; i++) {
		if (span_same(word, palette->list[i].name)) {
			*colour = palette->list[i].colour;
			return true;
		}
	}
	for (size_t i = 0; i < COUNT_OF(colours); i++) {
		if (span_is(word, colours[i])) {
			*colour = (int)i;
			return true;
		}
	}
	const char *near = ini_nearest(word, colours, COUNT_OF(colours));
	return fail(err, DIAG_CONFIG,
		"unknown colour, expected default, #rrggbb, a name of [palette] or an ANSI "
		"name%s%s",
		near ? " such as " : "", near ? near : "");
}

static struct span next_word(struct span *rest)
{
	while (rest->len && strchr(" \t,", rest->at[0])) {
		rest->at++;
		rest->len--;
	}
	struct span word = { rest->at, 0 };
	while (rest->len && !strchr(" \t,", rest->at[0])) {
		rest->at++;
		rest->len--;
		word.len++;
	}
	return word;
}

static bool parse_style(
	struct span text, const struct palette *palette, struct theme_style *style, struct err *err)
{
	struct theme_style out = { THEME_DEFAULT_COLOUR, THEME_DEFAULT_COLOUR, 0 };
	int colours_seen = 0;
	for (struct span word = next_word(&text); word.len; word = next_word(&text)) {
		if (word.at[0] == '+') {
			if (!add_attr(word, &out, err)) {
				return false;
			}
		} else if (colours_seen == 2) {
			return fail(err, DIAG_CONFIG,
				"too many colours, expected \"foreground, background +attribute\"");
		} else if (!find_colour(word, palette,
				   colours_seen++ ? &out.background : &out.foreground, err)) {
			return false;
		}
	}
	*style = out;
	return true;
}

bool theme_style_parse(struct span text, struct theme_style *style, struct err *err)
{
	return parse_style(text, NULL, style, err);
}

void theme_builtin(struct theme *theme)
{
	theme->appearance = THEME_ANY;
	for (size_t i = 0; i < ROLE_COUNT; i++) {
		theme_style_parse(span_of(roles[i].rich), &theme->rich[i], NULL);
		theme->eight[i] = theme->rich[i];
		theme_style_parse(span_of(roles[i].mono), &theme->mono[i], NULL);
	}
}

static bool find_role(struct span name, size_t *role, struct err *err)
{
	const char *names[ROLE_COUNT];
	for (size_t i = 0; i < ROLE_COUNT; i++) {
		names[i] = roles[i].name;
		if (span_is(name, names[i])) {
			*role = i;
			return true;
		}
	}
	const char *near = ini_nearest(name, names, ROLE_COUNT);
	return fail(err, DIAG_CONFIG, "unknown role%s%s", near ? "; the nearest is " : "",
		near ? near : "");
}

static bool name_colour(struct palette *palette, const struct ini_entry *entry, struct err *err)
{
	int colour;
	if (palette->count == PALETTE_MAX) {
		return fail(err, DIAG_CONFIG, "more than %d names", PALETTE_MAX);
	}
	if (!find_colour(entry->value, palette, &colour, err)) {
		return false;
	}
	palette->list[palette->count].name = entry->key;
	palette->list[palette->count++].colour = colour;
	return true;
}

static struct theme_style with_few_colours(struct theme_style style)
{
	style.foreground = theme_nearest_8(style.foreground);
	style.background = theme_nearest_8(style.background);
	return style;
}

struct reading {
	struct theme next;
	struct palette palette;
	bool said_for_eight[ROLE_COUNT], said[ROLE_COUNT];
};

static bool say_theme(struct theme *theme, const struct ini_entry *entry, struct err *err)
{
	if (!span_is(entry->key, "appearance")) {
		return fail(err, DIAG_CONFIG, "unknown, expected appearance");
	}
	theme->appearance = span_is(entry->value, "dark") ? THEME_DARK
		: span_is(entry->value, "light")          ? THEME_LIGHT
							  : THEME_ANY;
	return theme->appearance != THEME_ANY || fail(err, DIAG_CONFIG, "expected dark or light");
}

static bool apply(struct reading *r, const struct ini_entry *entry, struct err *err)
{
	size_t role = 0;
	if (span_is(entry->section, "palette")) {
		return name_colour(&r->palette, entry, err);
	}
	if (span_is(entry->section, "theme")) {
		return say_theme(&r->next, entry, err);
	}
	bool mono = span_is(entry->section, "style:mono"),
	     eight = span_is(entry->section, "style:8");
	if (!mono && !eight && !span_is(entry->section, "style")) {
		return fail(err, DIAG_CONFIG,
			"unknown section, expected [theme], [palette], [style], [style:8] or "
			"[style:mono]");
	}
	if (!find_role(entry->key, &role, err)) {
		return false;
	}
	r->said_for_eight[role] |= eight;
	r->said[role] |= !eight && !mono;
	struct theme_style *style = mono ? &r->next.mono[role]
		: eight                  ? &r->next.eight[role]
					 : &r->next.rich[role];
	return parse_style(entry->value, &r->palette, style, err);
}

bool theme_read(struct theme *theme, const char *file, struct span text, struct err *err)
{
	struct ini ini = { 0 };
	struct reading r = { .next = *theme };
	struct err why = { 0 };
	bool ok = ini_parse(&ini, file, text, err);
	for (size_t i = 0; ok && i < ini.count; i++) {
		ok = apply(&r, &ini.entries[i], &why) ||
			fail(err, DIAG_CONFIG, "%s:%u: %s", file, ini.entries[i].line, why.text);
	}
	ini_finish(&ini);
	for (size_t i = 0; i < ROLE_COUNT; i++) {
		if (r.said[i] && !r.said_for_eight[i]) {
			r.next.eight[i] = with_few_colours(r.next.rich[i]);
		}
	}
	if (ok) {
		*theme = r.next;
	}
	return ok;
}

bool theme_load(struct theme *theme, const char *name, struct err *err)
{
	char names[THEMES_MAX][32];
	const char *list[THEMES_MAX];
	size_t count = 0;
	for (const struct theme_text *t = theme_texts; t->name && count < THEMES_MAX; t++) {
		snprintf(names[count], sizeof(names[0]), "%.*s",
			(int)(strlen(t->name) - strlen(".ini")), t->name);
		if (strcmp(names[count], name) == 0) {
			return theme_read(theme, t->name, span_of(t->text), err);
		}
		list[count] = names[count];
		count++;
	}
	const char *near = ini_nearest(span_of(name), list, count);
	return fail(err, DIAG_CONFIG, "no theme is called %.40s%s%s", name,
		near ? "; the nearest is " : "", near ? near : "");
}

/* ---- fewer colours ---- */

static long square(int a)
{
	return (long)a * a;
}

static long distance(int a, int b)
{
	return square((a >> 16 & 255) - (b >> 16 & 255)) + square((a >> 8 & 255) - (b >> 8 & 255)) +
		square((a & 255) - (b & 255));
}

/* xterm's: a cube of six levels from 16 on, then 24 greys. */
static int colour_256(int index)
{
	static const int levels[] = { 0, 95, 135, 175, 215, 255 };
	if (index >= 232) {
		int grey = 8 + 10 * (index - 232);
		return grey << 16 | grey << 8 | grey;
	}
	index -= 16;
	return levels[index / 36] << 16 | levels[index / 6 % 6] << 8 | levels[index % 6];
}

int theme_nearest_256(int colour)
{
	int best = 16;
	if (colour < THEME_RGB) {
		return colour;
	}
	for (int i = 17; i < 256; i++) {
		if (distance(colour, colour_256(i)) < distance(colour, colour_256(best))) {
			best = i;
		}
	}
	return best;
}

int theme_nearest_8(int colour)
{
	/* as xterm shows them */
	static const int eight[] = { 0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd,
		0x00cdcd, 0xe5e5e5 };
	int best = 0;
	if (colour < THEME_RGB) {
		return colour >= 8 ? colour - 8 : colour;
	}
	for (int i = 1; i < 8; i++) {
		if (distance(colour, eight[i]) < distance(colour, eight[best])) {
			best = i;
		}
	}
	return best;
}
