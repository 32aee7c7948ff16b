/*
 * What each argument does, by its role.
 *
 * Promises: a value that has not the form of its role is UNKNOWN in words, never skipped; a missing
 * argument is UNKNOWN unless the profile says that it may be missing. Called by extract.c.
 */
#include "config.h"

#include "core/effects/extract_impl.h"

#include "core/effects/command.h"
#include "core/effects/patch.h"
#include "core/effects/url.h"

#include <stdlib.h>
#include <string.h>

enum { ITEMS_MAX = EFFECTS_MAX };

static const char scope_base[] = "scope:";

/* The text of a value; NULL and an effect UNKNOWN if it is none. */
static char *text_of(struct reading *r, const char *arg, struct span value, const char *what)
{
	if (json_type(value) != JSON_STRING) {
		reading_unknown(r->out, arg, "%s that is not a text", what);
		return NULL;
	}
	return json_strdup(value);
}

static struct effect *add(struct reading *r, enum effect_kind kind, const char *arg,
	const char *given, const char *how)
{
	struct effect *e = effects_add(r->out, kind, arg, given, how, NULL);
	if (e->kind == kind) {
		free(e->base);
		e->base = xstrdup(r->base);
	}
	return e;
}

/* ---- paths ---- */

/* Roles that are one path, or several: what becomes of it. */
static const struct path_role {
	enum arg_role role;
	enum effect_kind kind;
	const char *how;
} path_roles[] = {
	// clang-format off
	{ ARG_READ,   EFFECT_READ,   "" },
	{ ARG_LIST,   EFFECT_READ,   "list" },
	{ ARG_SEARCH, EFFECT_READ,   "tree" },
	{ ARG_WRITE,  EFFECT_WRITE,  "replace" },
	{ ARG_EDIT,   EFFECT_WRITE,  "edit" },
	{ ARG_MKDIR,  EFFECT_WRITE,  "mkdir" },
	{ ARG_AWAY,   EFFECT_WRITE,  "away" },
	{ ARG_DELETE, EFFECT_DELETE, "file" },
	{ ARG_REFS,   EFFECT_READ,   "" },
	// clang-format on
};

static const struct path_role *path_role(enum arg_role role)
{
	for (size_t i = 0; i < COUNT_OF(path_roles); i++) {
		if (path_roles[i].role == role) {
			return &path_roles[i];
		}
	}
	return NULL;
}

static void read_path(
	struct reading *r, const char *arg, struct span value, const struct path_role *role)
{
	char *path = text_of(r, arg, value, "a path");
	if (!path) {
		return;
	}
	if (role->role == ARG_REFS && strchr("-:", path[0])) {
		reading_unknown(r->out, arg, "a file that git reads as something else");
	}
	add(r, role->kind, arg, path, role->how);
	free(path);
}

/* The directory that a pattern begins with; NULL: none of its own, it is seen from another. What
 * climbs by ".." may be anywhere. */
static void read_literal(struct reading *r, const char *arg, char *pattern, const char *how)
{
	size_t literal = strcspn(pattern, "*?[{!(");
	if (strstr(pattern, "..") || pattern[0] == '~' || strchr(pattern, '\\')) {
		reading_unknown(r->out, arg, "a pattern that may lead anywhere");
		return;
	}
	if (pattern[0] != '/' && how[0] == 'l') {
		return;
	}
	while (literal && pattern[literal - 1] != '/') {
		literal--;
	}
	while (literal > 1 && pattern[literal - 1] == '/') {
		literal--;
	}
	pattern[literal] = '\0';
	add(r, EFFECT_READ, arg, literal ? pattern : ".", how);
}

static void read_pattern(struct reading *r, const char *arg, struct span value, const char *how)
{
	char *pattern = text_of(r, arg, value, "a pattern");
	if (pattern) {
		read_literal(r, arg, pattern, how);
	}
	free(pattern);
}

/* ---- commands ---- */

static void read_shell(struct reading *r, const char *arg, struct span value)
{
	char *text = text_of(r, arg, value, "a command");
	if (text && r->cwd) {
		shell_effects(r->out, arg, span_of(text), r->cwd);
	} else if (text) {
		reading_unknown(r->out, arg, "a command in a directory that is not known");
	}
	free(text);
}

static bool add_words(struct reading *r, const char *arg, struct span value,
	struct shell_word *words, size_t *count)
{
	struct span key, item;
	struct json_walk walk = json_walk_of(value);
	if (json_type(value) != JSON_ARRAY) {
		char *text = text_of(r, arg, value, "a program");
		if (text) {
			words[(*count)++] = (struct shell_word){
				.text = text, .len = strlen(text), .plain = true
			};
		}
		return text;
	}
	while (json_next(&walk, &key, &item)) {
		char *text = *count < ITEMS_MAX ? text_of(r, arg, item, "a word") : NULL;
		if (!text) {
			return false;
		}
		words[(*count)++] = (struct shell_word){
			.text = text, .len = strlen(text), .plain = true
		};
	}
	return true;
}

static void read_argv(struct reading *r, const char *arg, struct span value)
{
	struct span more = reading_value(r, ARG_ARGS);
	struct shell_word *words = xcalloc(ITEMS_MAX, sizeof(*words));
	size_t count = 0;
	bool ok = add_words(r, arg, value, words, &count);
	if (ok && more.at && json_type(more) == JSON_ARRAY) {
		ok = add_words(r, arg, more, words, &count);
	} else if (ok && more.at && json_type(more) != JSON_NULL) {
		ok = false;
	}
	if (ok && count && r->cwd) {
		argv_effects(r->out, arg, words, count, r->cwd);
	} else {
		reading_unknown(r->out, arg, "a program whose words are not known");
	}
	for (size_t i = 0; i < count; i++) {
		free((char *)(uintptr_t)words[i].text);
	}
	free(words);
}

static void read_program(struct reading *r, const char *arg, struct span value)
{
	static const char *const known[] = { "sh", "bash", "zsh", "/bin/sh", "/bin/bash",
		"/bin/zsh", "/usr/bin/sh", "/usr/bin/bash", "/usr/bin/zsh" };
	for (size_t i = 0; json_type(value) == JSON_STRING && i < COUNT_OF(known); i++) {
		if (json_is(value, known[i])) {
			return;
		}
	}
	reading_unknown(r->out, arg, "a shell that is none of sh, bash and zsh");
}

/* ---- texts ---- */

static void read_name(struct reading *r, const char *arg, struct span value)
{
	char *text = text_of(r, arg, value, "a name");
	if (text && text[0] == '-') {
		reading_unknown(r->out, arg, "a name that reads like an option");
	}
	free(text);
}

static void read_number(struct reading *r, const char *arg, struct span value)
{
	bool number = json_type(value) == JSON_NUMBER;
	if (json_type(value) == JSON_STRING && value.len > 2 && value.len < 18) {
		struct span digits = { value.at + 1, value.len - 2 };
		int64_t n;
		number = json_int(digits, &n);
	}
	if (!number) {
		reading_unknown(r->out, arg, "a number that is none");
	}
}

static void read_flag(struct reading *r, const char *arg, struct span value)
{
	bool flag;
	if (!json_bool(value, &flag) && !json_is(value, "true") && !json_is(value, "false")) {
		reading_unknown(r->out, arg, "neither true nor false");
	}
}

static void read_held(struct reading *r, const char *arg, struct span value)
{
	bool flag = true;
	bool off = json_bool(value, &flag) && !flag;
	if (!off && !(json_type(value) == JSON_STRING && json_is(value, ""))) {
		reading_unknown(r->out, arg, "an argument whose effect is not known: %s", arg);
	}
}

static void read_sql(struct reading *r, const char *arg, struct span value)
{
	char *text = text_of(r, arg, value, "a statement");
	if (text) {
		bool dev = r->call->dev_db || (r->tool->effects & 1U << TOOL_DEV_DB);
		sql_effect(r->out, arg, span_of(text), r->profile->dialect, dev);
	}
	free(text);
}

static void read_url(struct reading *r, const char *arg, struct span value)
{
	char *text = text_of(r, arg, value, "an address");
	if (text) {
		url_effect(r->out, arg, span_of(text));
	}
	free(text);
}

static void read_patch(struct reading *r, const char *arg, struct span value)
{
	char *text = text_of(r, arg, value, "a patch");
	if (text) {
		patch_effects(r->out, arg, span_of(text), r->base);
	}
	free(text);
}

/* ---- all of them ---- */

/* A place is read first, and is a directory that is looked at. */
static bool is_place(enum arg_role role)
{
	return role == ARG_CWD || role == ARG_REPO;
}

static bool is_plain(enum arg_role role)
{
	return role == ARG_TEXT || role == ARG_NUMBER || role == ARG_FLAG;
}

static void read_value(struct reading *r, const struct profile_arg *arg, struct span value)
{
	const struct path_role *path = path_role(arg->role);
	static void (*const readers[ARG_ROLE_COUNT])(
		struct reading *, const char *, struct span) = {
		[ARG_NUMBER] = read_number,
		[ARG_FLAG] = read_flag,
		[ARG_NAME] = read_name,
		[ARG_BRANCH] = read_name,
		[ARG_PATCH] = read_patch,
		[ARG_SHELL] = read_shell,
		[ARG_ARGV] = read_argv,
		[ARG_PROGRAM] = read_program,
		[ARG_URL] = read_url,
		[ARG_SQL] = read_sql,
		[ARG_HELD] = read_held,
	};
	if (path) {
		read_path(r, arg->name, value, path);
	} else if (arg->role == ARG_GLOB || arg->role == ARG_READ_GLOB) {
		read_pattern(r, arg->name, value, arg->role == ARG_GLOB ? "list" : "tree");
	} else if (readers[arg->role]) {
		readers[arg->role](r, arg->name, value);
	}
}

/* Each of a list by itself; what the ones before have changed is not known to the facts of the
 * others. */
static void read_list(struct reading *r, const struct profile_arg *arg, struct span value)
{
	struct span key, item;
	if (json_type(value) != JSON_ARRAY) {
		reading_unknown(r->out, arg->name, "what should be a list is none");
		return;
	}
	struct json_walk walk = json_walk_of(value);
	size_t items = 0, before = r->out->count;
	while (json_next(&walk, &key, &item)) {
		read_value(r, arg, item);
		for (; items && arg->role == ARG_SHELL && before < r->out->count; before++) {
			r->out->list[before].late = true;
		}
		before = r->out->count;
		items++;
	}
	if (!items && !is_plain(arg->role)) {
		reading_unknown(r->out, arg->name, "a list that is empty");
	}
}

/* Without its path such a tool works where it stands. */
static void read_missing(struct reading *r, const struct profile_arg *arg)
{
	const struct path_role *path = path_role(arg->role);
	if (!arg->optional) {
		reading_unknown(r->out, arg->name, "%s that is missing",
			path || is_place(arg->role) ? "a path" : "an argument");
	} else if (path && (r->tool->effects & 1U << TOOL_NO_PATHS)) {
		add(r, path->kind, arg->name, ".", path->how);
	}
}

void reading_arguments(struct reading *r)
{
	for (size_t i = 0; i < r->tool->arg_count; i++) {
		const struct profile_arg *arg = &r->tool->args[i];
		struct span value = r->values[i];
		bool null = value.at && json_type(value) == JSON_NULL;
		if (is_place(arg->role) && (value.at || arg->optional)) {
			continue;
		}
		if (!value.at || (null && arg->optional)) {
			read_missing(r, arg);
		} else if (arg->many) {
			read_list(r, arg, value);
		} else {
			read_value(r, arg, value);
		}
	}
}

/* What a path is seen from before the call says anything. */
static void default_place(struct reading *r)
{
	const char *cwd = r->call->cwd && r->call->cwd[0] == '/' ? r->call->cwd : NULL;
	r->cwd = cwd ? xstrdup(cwd) : NULL;
	r->base = xstrdup(r->profile->relative == RELATIVE_SCOPE      ? scope_base
			: r->profile->relative == RELATIVE_CWD && cwd ? cwd
								      : "");
}

void reading_place(struct reading *r)
{
	default_place(r);
	for (size_t i = 0; i < r->tool->arg_count; i++) {
		const struct profile_arg *arg = &r->tool->args[i];
		struct span value = r->values[i];
		if (!is_place(arg->role) || !value.at ||
			(json_type(value) == JSON_NULL && arg->optional)) {
			continue;
		}
		char *path = text_of(r, arg->name, value, "a directory");
		if (!path) {
			continue;
		}
		add(r, EFFECT_READ, arg->name, path, "list");
		bool known = path[0] == '/' || (r->base[0] == '/' && path[0] != '~');
		char *full = path[0] == '/' ? xstrdup(path) : xasprintf("%s/%s", r->base, path);
		if (!known) {
			reading_unknown(r->out, arg->name,
				"a directory that is seen from a place that is not known");
		}
		free(path);
		free(r->cwd);
		free(r->base);
		r->cwd = known ? full : NULL;
		r->base = xstrdup(known ? full : "");
		if (!known) {
			free(full);
		}
	}
}
