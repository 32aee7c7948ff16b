/*
 * What the person has written for the console beside config.ini: keys and themes, in CONFIG. Called
 * by main.c.
 */
#include "config.h"

#include "tui/own.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/diag.h"
#include "core/safe_text.h"
#include "tui/themes.h"

enum { OWN_FILE_MAX = 32768 };

/* A file of the user's own, laid over what is built in. A wrong one is said and changes nothing.
 * `there`: may be NULL. */
static bool load_own(const char *config, const char *name,
	bool (*read_it)(void *data, const char *file, struct span text, struct err *err),
	void *data, bool *there, struct err *err)
{
	char text[OWN_FILE_MAX];
	char *path = xasprintf("%s/%s", config, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd >= 0 ? read(fd, text, sizeof(text)) : 0;
	if (there) {
		*there = fd >= 0;
	}
	bool ok = n == 0 ||
		(n > 0 && n < (ssize_t)sizeof(text) &&
			read_it(data, name, (struct span){ text, (size_t)n }, err));
	if (!ok && !err->text[0]) {
		fail(err, DIAG_CONFIG, "%s cannot be read, or is longer than %d bytes", name,
			OWN_FILE_MAX);
	}
	if (fd >= 0) {
		close(fd);
	}
	free(path);
	return ok;
}

static bool read_theme(void *data, const char *file, struct span text, struct err *err)
{
	return theme_read(data, file, text, err);
}

/* The shipped one of that name, and over it the user's own; one of both has to be there. */
bool own_theme(const char *config, const char *name, const char *option, struct theme *theme,
	struct err *err)
{
	struct err none = { 0 };
	bool there = false, plain = strchr(name, '/') == NULL && name[0] != '.';
	char *file = xasprintf("themes/%s.ini", name);
	bool shipped = theme_load(theme, name, &none);
	bool ok = plain && load_own(config, file, read_theme, theme, &there, err);
	if (ok && !shipped && !there) {
		*err = none;
		ok = false;
	}
	free(file);
	return ok || (err->text[0] ? false : fail(err, DIAG_CONFIG, "%s: %s", option, none.text));
}

static bool read_keymap(void *data, const char *file, struct span text, struct err *err)
{
	return keymap_read(data, file, text, err);
}

bool own_keys(const char *config, struct keymap *map, struct err *err)
{
	return load_own(config, "keys.ini", read_keymap, map, NULL, err);
}

bool own_keys_again(const char *config, struct keymap *map, struct err *err)
{
	struct keymap fresh;
	keymap_init(&fresh);
	if (!own_keys(config, &fresh, err)) {
		keymap_finish(&fresh);
		return false;
	}
	keymap_finish(map);
	*map = fresh;
	return true;
}

/* As they are in force: what keys.ini says is in it. */
static void print_keys(const struct keymap *map)
{
	for (int id = 1; id < COMMAND_COUNT; id++) {
		char name[32];
		command_name((enum command)id, name);
		printf("%-16s %-16s %s\n", name, map->keys[id], command_specs[id].help);
	}
}

bool own_list_keys(const char *config, struct err *err)
{
	struct keymap map;
	keymap_init(&map);
	bool ok = own_keys(config, &map, err);
	if (ok) {
		print_keys(&map);
	}
	keymap_finish(&map);
	return ok;
}

struct listing {
	const char *config;
	int colours;
	own_use_fn *use;
	const void *data;
};

/* One that cannot be read is said at the end, and the others are listed all the same. */
static void list_theme(const struct listing *list, const char *name, struct err *err)
{
	struct theme theme;
	theme_builtin(&theme);
	if (own_theme(list->config, name, "theme", &theme, err)) {
		struct safe_text safe = safe_make(span_of(name), SAFE_ONE_LINE);
		themes_print(safe_cstr(&safe), list->use(list->data, name), &theme, list->colours);
		safe_finish(&safe);
	}
}

static void list_own_themes(const struct listing *list, struct err *err)
{
	char *path = xasprintf("%s/themes", list->config);
	DIR *dir = opendir(path);
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		struct span file = span_of(entry->d_name);
		struct theme theme;
		struct err not_shipped;
		char *name = span_dup((struct span){ file.at, file.len > 4 ? file.len - 4 : 0 });
		if (span_ends(file, ".ini") && file.at[0] != '.' &&
			!theme_load(&theme, name, &not_shipped)) {
			list_theme(list, name, err);
		}
		free(name);
	}
	if (dir) {
		closedir(dir);
	}
	free(path);
}

bool own_list_themes(
	const char *config, int colours, own_use_fn *use, const void *data, struct err *err)
{
	const struct listing list = { config, colours, use, data };
	for (const struct theme_text *t = theme_texts; t->name; t++) {
		char *name = span_dup((struct span){ t->name, strlen(t->name) - strlen(".ini") });
		list_theme(&list, name, err);
		free(name);
	}
	list_own_themes(&list, err);
	return !err->text[0];
}
