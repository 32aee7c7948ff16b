/* Called by app_palette.c. */
#include "config.h"

#include "tui/palette.h"

#include <stdio.h>
#include <string.h>

#include "core/diag.h"
#include "core/ini.h"

static const char set_word[] = "set", console[] = "console.";

/* ---- the list ---- */

static bool contains(const char *text, struct span part)
{
	size_t len = strlen(text);
	for (size_t at = 0; at + part.len <= len; at++) {
		if (!part.len || memcmp(text + at, part.at, part.len) == 0) {
			return true;
		}
	}
	return false;
}

static bool begins(const char *text, struct span part)
{
	return strlen(text) >= part.len && (!part.len || memcmp(text, part.at, part.len) == 0);
}

static void add(struct palette *p, const char *name, const char *keys, const char *help)
{
	struct palette_row *row = &p->rows[p->count++];
	snprintf(row->name, sizeof(row->name), "%s", name);
	row->keys = keys;
	row->help = help;
}

/* One pass takes what begins with it, another what only contains it. */
static void add_if(struct palette *p, const char *name, const char *keys, const char *help,
	struct span typed, bool inside)
{
	bool begin = begins(name, typed);
	if (inside ? !begin && contains(name, typed) : begin) {
		add(p, name, keys, help);
	}
}

static void add_commands(struct palette *p, const struct keymap *keys, enum context context,
	struct span typed, bool inside)
{
	for (int id = 1; id < COMMAND_COUNT; id++) {
		char name[32];
		if ((command_specs[id].contexts & context) && id != COMMAND_PALETTE) {
			command_name((enum command)id, name);
			add_if(p, name, keys->keys[id], command_specs[id].help, typed, inside);
		}
	}
	add_if(p, set_word, "", "NAME VALUE: a setting, for this console alone", typed, inside);
}

static void add_settings(struct palette *p, struct span typed, bool inside)
{
	for (int id = 0; id < OPTION_COUNT; id++) {
		const struct option_spec *spec = &option_specs[id];
		char name[PALETTE_NAME];
		snprintf(name, sizeof(name), "%s %s", set_word, spec->name);
		if (begins(spec->name, span_of(console))) {
			add_if(p, name, "", spec->meaning, typed, inside);
		}
	}
}

void palette_make(
	struct palette *palette, const struct keymap *keys, enum context context, struct span typed)
{
	bool setting = typed.len > strlen(set_word) && begins("set ", (struct span){ typed.at, 4 });
	palette->count = 0;
	for (int inside = 0; inside < 2; inside++) {
		if (setting) {
			add_settings(palette, typed, inside);
		} else {
			add_commands(palette, keys, context, typed, inside);
		}
		palette->begins = inside ? palette->begins : palette->count;
	}
	palette->at = palette->count;
}

/* ---- Tab ---- */

/* How far all that begin with it agree. */
static size_t agreed(const struct palette *p)
{
	size_t len = p->begins ? strlen(p->rows[0].name) : 0;
	for (size_t i = 1; i < p->begins; i++) {
		size_t same = 0;
		while (same < len && p->rows[i].name[same] == p->rows[0].name[same]) {
			same++;
		}
		len = same;
	}
	return len;
}

struct span palette_complete(struct palette *palette, struct span line, bool back)
{
	size_t len = agreed(palette), count = palette->count;
	if (!count) {
		return (struct span){ 0 };
	}
	if (palette->at == count && len > line.len) {
		return (struct span){ palette->rows[0].name, len };
	}
	palette->at = back ? (palette->at ? palette->at : count) - 1
			   : (palette->at >= count - 1 ? 0 : palette->at + 1);
	return span_of(palette->rows[palette->at].name);
}

/* ---- Enter ---- */

static struct span take_word(struct span *rest)
{
	struct span text = span_trim(*rest);
	size_t n = 0;
	while (n < text.len && text.at[n] != ' ') {
		n++;
	}
	*rest = span_trim((struct span){ text.at + n, text.len - n });
	return (struct span){ text.at, n };
}

static bool unknown(struct err *err, const char *what, struct span word, const char *near)
{
	return fail(err, DIAG_USAGE, "no %s is called %.*s%s%s", what,
		(int)(word.len < 40 ? word.len : 40), word.at ? word.at : "",
		near ? "; the nearest is " : "", near ? near : "");
}

static bool parse_set(struct palette_line *parsed, struct err *err)
{
	struct span name = take_word(&parsed->rest);
	const char *near = NULL;
	parsed->set = true;
	if (!option_find(name, &parsed->option, &near)) {
		return unknown(err, "setting", name, near);
	}
	if (!begins(option_specs[parsed->option].name, span_of(console))) {
		return fail(err, DIAG_USAGE, "%s is not the console's: config.ini sets it",
			option_specs[parsed->option].name);
	}
	return true;
}

bool palette_parse(struct palette_line *parsed, struct span line, struct err *err)
{
	char names[COMMAND_COUNT][32];
	const char *list[COMMAND_COUNT];
	*parsed = (struct palette_line){ .rest = line };
	struct span word = take_word(&parsed->rest);
	if (span_is(word, set_word)) {
		return parse_set(parsed, err);
	}
	for (int id = 1; id < COMMAND_COUNT; id++) {
		command_name((enum command)id, names[id]);
		list[id - 1] = names[id];
		if (span_is(word, names[id])) {
			parsed->command = (enum command)id;
			return true;
		}
	}
	return unknown(err, "command", word, ini_nearest(word, list, COMMAND_COUNT - 1));
}
