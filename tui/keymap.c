/* Called by main.c at start, by app.c for each key, by the hint bar and the help. */
#include "config.h"

#include "tui/keymap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/diag.h"
#include "core/ini.h"

static const char *const ids[COMMAND_COUNT] = { "",
#define X(id, contexts, keys, class, hint, help) #id,
	CONSOLE_COMMANDS(X)
#undef X
};

void command_name(enum command command, char out[32])
{
	size_t n = 0;
	for (const char *at = ids[command]; *at && n < 31; at++) {
		out[n++] = *at == '_'              ? '-'
			: *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a')
						   : *at;
	}
	out[n] = '\0';
}

void keymap_init(struct keymap *map)
{
	for (int id = 0; id < COMMAND_COUNT; id++) {
		map->keys[id] = xstrdup(command_specs[id].keys);
	}
}

void keymap_finish(struct keymap *map)
{
	for (int id = 0; id < COMMAND_COUNT; id++) {
		free(map->keys[id]);
		map->keys[id] = NULL;
	}
}

static bool has_key(const char *keys, uint32_t key)
{
	for (struct span name = command_next_key(&keys); name.at; name = command_next_key(&keys)) {
		if (keydec_key(name) == key) {
			return true;
		}
	}
	return false;
}

enum command keymap_find(const struct keymap *map, enum context context, uint32_t key)
{
	for (int id = 1; key && id < COMMAND_COUNT; id++) {
		if ((command_specs[id].contexts & context) && has_key(map->keys[id], key)) {
			return (enum command)id;
		}
	}
	return COMMAND_NONE;
}

/* ---- the file ---- */

struct reader {
	struct keymap next;
	unsigned lines[COMMAND_COUNT]; /* that set a command; 0: built in */
	const char *file;
	struct err *err;
};

static bool find_command(struct reader *r, const struct ini_entry *entry, enum command *command)
{
	char names[COMMAND_COUNT][32];
	const char *list[COMMAND_COUNT];
	for (int id = 1; id < COMMAND_COUNT; id++) {
		command_name((enum command)id, names[id]);
		list[id - 1] = names[id];
		if (span_is(entry->key, names[id])) {
			*command = (enum command)id;
			return true;
		}
	}
	const char *near = ini_nearest(entry->key, list, COMMAND_COUNT - 1);
	return fail(r->err, DIAG_CONFIG, "%s:%u: unknown command%s%s", r->file, entry->line,
		near ? "; the nearest is " : "", near ? near : "");
}

/* What people press without meaning it. */
static bool may_approve(uint32_t key)
{
	return key != K_ENTER && key != ' ' && key != K_ESC && key != 'q' && key != K_CTRL('c') &&
		key != K_TAB;
}

static bool read_keys(struct reader *r, const struct ini_entry *entry, enum command command)
{
	struct span rest = entry->value;
	struct buf keys = { 0 };
	bool ok = true;
	while (ok && (rest = span_trim(rest)).len) {
		size_t n = 0;
		while (n < rest.len && rest.at[n] != ' ' && rest.at[n] != '\t') {
			n++;
		}
		struct span name = { rest.at, n };
		uint32_t key = keydec_key(name);
		if (!key) {
			ok = fail(r->err, DIAG_CONFIG,
				"%s:%u: %.*s is no key, expected a character, ^X, or a name such "
				"as Enter",
				r->file, entry->line, (int)(n < 20 ? n : 20), name.at);
		} else if (command_specs[command].class == CLASS_APPROVE && !may_approve(key)) {
			ok = fail(r->err, DIAG_CONFIG,
				"%s:%u: %.*s approves nothing, expected another key", r->file,
				entry->line, (int)n, name.at);
		}
		buf_printf(&keys, "%s%.*s", keys.len ? " " : "", (int)n, name.at);
		rest = (struct span){ rest.at + n, rest.len - n };
	}
	bool needed = command == COMMAND_HELP || command == COMMAND_BACK || command == COMMAND_QUIT;
	if (ok && !keys.len && needed) {
		ok = fail(r->err, DIAG_CONFIG, "%s:%u: this one needs a key", r->file, entry->line);
	}
	free(r->next.keys[command]);
	r->next.keys[command] = xstrdup(keys.len ? buf_cstr(&keys) : "");
	r->lines[command] = entry->line;
	buf_finish(&keys);
	return ok;
}

/* Two commands share a key and a context: said of the line that came last. */
static bool check_pair(struct reader *r, enum command a, enum command b)
{
	const char *keys = r->next.keys[a];
	bool apart = !(command_specs[a].contexts & command_specs[b].contexts);
	unsigned line = r->lines[a] > r->lines[b] ? r->lines[a] : r->lines[b];
	for (struct span name; !apart && line && (name = command_next_key(&keys)).at;) {
		if (has_key(r->next.keys[b], keydec_key(name))) {
			char one[32], other[32];
			command_name(a, one);
			command_name(b, other);
			return fail(r->err, DIAG_CONFIG, "%s:%u: %.*s is both %s and %s", r->file,
				line, (int)name.len, name.at, one, other);
		}
	}
	return true;
}

static bool check(struct reader *r)
{
	for (int a = 1; a < COMMAND_COUNT; a++) {
		for (int b = a + 1; b < COMMAND_COUNT; b++) {
			if (!check_pair(r, (enum command)a, (enum command)b)) {
				return false;
			}
		}
	}
	return true;
}

bool keymap_read(struct keymap *map, const char *file, struct span text, struct err *err)
{
	struct ini ini = { 0 };
	struct reader r = { .file = file, .err = err };
	bool ok = ini_parse(&ini, file, text, err);
	for (int id = 0; id < COMMAND_COUNT; id++) {
		r.next.keys[id] = xstrdup(map->keys[id]);
	}
	for (size_t i = 0; ok && i < ini.count; i++) {
		const struct ini_entry *entry = &ini.entries[i];
		enum command command = COMMAND_NONE;
		ok = span_is(entry->section, "keys")
			? find_command(&r, entry, &command) && read_keys(&r, entry, command)
			: fail(err, DIAG_CONFIG, "%s:%u: unknown section, expected [keys]", file,
				  entry->line);
	}
	ok = ok && check(&r);
	ini_finish(&ini);
	keymap_finish(ok ? map : &r.next);
	if (ok) {
		*map = r.next;
	}
	return ok;
}
