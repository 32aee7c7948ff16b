/*
 * The built-in theme is the table in theme.h, read by the same parser as theme files. It uses the
 * sixteen ANSI colours on the terminal's own background, so it follows the person's palette, light
 * or dark. Pure; paint.c makes colour pairs.
 */
#include "config.h"

#include "tui/theme.h"

#include <string.h>

#include "core/diag.h"
#include "core/ini.h"

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

static bool find_colour(struct span word, int *colour, struct err *err)
{
	*colour = THEME_DEFAULT_COLOUR;
	if (span_is(word, "default")) {
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(colours); i++) {
		if (span_is(word, colours[i])) {
			*colour = (int)i;
			return true;
		}
	}
	const char *near = ini_nearest(word, colours, COUNT_OF(colours));
	return fail(err, DIAG_CONFIG, "unknown colour, expected default or an ANSI name%s%s",
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

bool theme_style_parse(struct span text, struct theme_style *style, struct err *err)
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
		} else if (!find_colour(
				   word, colours_seen++ ? &out.background : &out.foreground, err)) {
			return false;
		}
	}
	*style = out;
	return true;
}

void theme_builtin(struct theme *theme)
{
	for (size_t i = 0; i < ROLE_COUNT; i++) {
		theme_style_parse(span_of(roles[i].rich), &theme->rich[i], NULL);
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

static bool apply(struct theme *theme, const struct ini_entry *entry, struct err *err)
{
	size_t role = 0;
	bool mono = span_is(entry->section, "style:mono");
	if (!mono && !span_is(entry->section, "style")) {
		return fail(err, DIAG_CONFIG, "unknown section, expected [style] or [style:mono]");
	}
	return find_role(entry->key, &role, err) &&
		theme_style_parse(
			entry->value, mono ? &theme->mono[role] : &theme->rich[role], err);
}

bool theme_read(struct theme *theme, const char *file, struct span text, struct err *err)
{
	struct ini ini = { 0 };
	struct theme next = *theme;
	struct err why = { 0 };
	bool ok = ini_parse(&ini, file, text, err);
	for (size_t i = 0; ok && i < ini.count; i++) {
		ok = apply(&next, &ini.entries[i], &why) ||
			fail(err, DIAG_CONFIG, "%s:%u: %s", file, ini.entries[i].line, why.text);
	}
	ini_finish(&ini);
	if (ok) {
		*theme = next;
	}
	return ok;
}
