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

enum {
	ITEMS_MAX = EFFECTS_MAX,
	LIST_MAX = 4096,
	TEXT_MAX = 8192,
	SQL_TEXT_MAX = 64 << 10,
	LONG_TEXT_MAX = 20 << 20
};

static const char scope_base[] = "scope:";

/* The text of a value; NULL and an effect UNKNOWN if it is none, or longer than `max` as written.
 */
static char *text_up_to(
	struct reading *r, const char *arg, struct span value, const char *what, size_t max)
{
	if (json_type(value) == JSON_STRING && value.len > max) {
		reading_unknown(r->out, arg, "%s that is very long", what);
		return NULL;
	}
	if (json_type(value) != JSON_STRING) {
		reading_unknown(r->out, arg, "%s that is not a text", what);
		return NULL;
	}
	return json_strdup(value);
}

static char *text_of(struct reading *r, const char *arg, struct span value, const char *what)
{
	return text_up_to(r, arg, value, what, TEXT_MAX);
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

static void read_pattern(struct reading *r, const char *arg, struct span value, bool content)
{
	char *pattern = text_of(r, arg, value, "a pattern");
	if (pattern) {
		reading_glob(r, arg, pattern, content);
	}
	free(pattern);
}

static void read_filter(struct reading *r, const char *arg, struct span value)
{
	char *patterns = text_of(r, arg, value, "a pattern");
	if (patterns) {
		reading_filter(r, arg, patterns);
	}
	free(patterns);
}

/* ---- commands ---- */

static bool is_known_shell(const char *name)
{
	static const char *const known[] = { "sh", "bash", "zsh", "/bin/sh", "/bin/bash",
		"/bin/zsh", "/usr/bin/sh", "/usr/bin/bash", "/usr/bin/zsh" };
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		if (strcmp(name, known[i]) == 0) {
			return true;
		}
	}
	return false;
}

static void read_shell(struct reading *r, const char *arg, struct span value)
{
	char *text = text_up_to(r, arg, value, "a command", LONG_TEXT_MAX);
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
		char *text = *count < ITEMS_MAX ? text_up_to(r, arg, item, "a word", LONG_TEXT_MAX)
						: NULL;
		if (!text) {
			return false;
		}
		words[(*count)++] = (struct shell_word){
			.text = text, .len = strlen(text), .plain = true
		};
	}
	return true;
}

/* sh -c LINE and its like, in exactly three words: the line itself is what runs. */
static bool is_shell_line(const struct shell_word *words, size_t count)
{
	return count == 3 && is_known_shell(words[0].text) &&
		(strcmp(words[1].text, "-c") == 0 || strcmp(words[1].text, "-lc") == 0);
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
	if (!ok || !count || !r->cwd) {
		reading_unknown(r->out, arg, "a program whose words are not known");
	} else if (is_shell_line(words, count)) {
		shell_effects(r->out, arg, span_of(words[2].text), r->cwd);
	} else {
		argv_effects(r->out, arg, words, count, r->cwd);
	}
	for (size_t i = 0; i < count; i++) {
		free((char *)(uintptr_t)words[i].text);
	}
	free(words);
}

static void read_program(struct reading *r, const char *arg, struct span value)
{
	char *text = text_of(r, arg, value, "a shell");
	if (text && !is_known_shell(text)) {
		reading_unknown(r->out, arg, "a shell that is none of sh, bash and zsh");
	}
	free(text);
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

/* As git check-ref-format has it. A tool may take what is none for a commit, or for a file whose
 * changes it throws away. */
static bool is_branch(const char *name)
{
	size_t n = strlen(name);
	bool plain = n && strcmp(name, "@") != 0 && strcmp(name, "HEAD") != 0 &&
		!strpbrk(name, " ~^:?*[\\\t\n\177") && !strstr(name, "..") && !strstr(name, "@{") &&
		!strstr(name, "//") && !strstr(name, "/.") && !strstr(name, ".lock/");
	return plain && name[0] != '/' && name[0] != '.' && !strchr("/.", name[n - 1]) &&
		(n < 5 || strcmp(name + n - 5, ".lock") != 0);
}

static void read_branch(struct reading *r, const char *arg, struct span value)
{
	char *text = text_of(r, arg, value, "a branch");
	if (text && text[0] == '-') {
		reading_unknown(r->out, arg, "a name that reads like an option");
	} else if (text && !is_branch(text)) {
		reading_unknown(r->out, arg, "a name that no branch can have");
	}
	free(text);
}

/* Kinds whose description carries no secret, and the forms in which it comes. */
static void read_resource(struct reading *r, const char *arg, struct span value)
{
	static const char *const harmless[] = { "cj", "cronjob", "custom", "daemonset", "deploy",
		"deployment", "ds", "endpoint", "endpoints", "ep", "ev", "event",
		"horizontalpodautoscaler", "hpa", "ing", "ingress", "ingresses", "job", "json",
		"name", "namespace", "netpol", "networkpolicies", "networkpolicy", "no", "node",
		"ns", "pdb", "persistentvolume", "persistentvolumeclaim", "po", "pod", "pv", "pvc",
		"replicaset", "rs", "sc", "service", "statefulset", "storageclass",
		"storageclasses", "sts", "svc", "wide", "yaml" };
	char *text = text_of(r, arg, value, "a kind of resource");
	size_t n = text ? strlen(text) : 0;
	for (size_t i = 0; text && i < COUNT_OF(harmless); i++) {
		size_t m = strlen(harmless[i]);
		bool plural = n == m + 1 && text[m] == 's';
		if (strncmp(text, harmless[i], m) == 0 && (n == m || plural)) {
			free(text);
			return;
		}
	}
	if (text) {
		effects_add(r->out, EFFECT_CLOUD, arg, text, r->profile->name, "read");
	}
	free(text);
}

static void read_number(struct reading *r, const char *arg, struct span value)
{
	if (json_type(value) != JSON_NUMBER) {
		reading_unknown(r->out, arg, "a number that is none");
	}
}

static void read_flag(struct reading *r, const char *arg, struct span value)
{
	bool flag;
	if (!json_bool(value, &flag)) {
		reading_unknown(r->out, arg, "neither true nor false");
	}
}

static bool is_off(struct span value)
{
	bool flag = true;
	return (json_bool(value, &flag) && !flag) ||
		(json_type(value) == JSON_STRING && json_is(value, ""));
}

/* Whatever runs with it may reach more than it says: nobody else bounds it any more. */
static void read_outside(struct reading *r, const char *arg, struct span value)
{
	if (!is_off(value) && !(json_type(value) == JSON_STRING && json_is(value, "use_default"))) {
		effects_add(r->out, EFFECT_EXEC, arg, "outside of the agent's own sandbox", "wide",
			NULL);
	}
}

static void read_held(struct reading *r, const char *arg, struct span value)
{
	if (!is_off(value)) {
		reading_unknown(r->out, arg, "an argument whose effect is not known: %s", arg);
	}
}

static void read_sql(struct reading *r, const char *arg, struct span value)
{
	char *text = text_up_to(r, arg, value, "a statement", SQL_TEXT_MAX);
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
	char *text = text_up_to(r, arg, value, "a patch", LONG_TEXT_MAX);
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
		[ARG_BRANCH] = read_branch,
		[ARG_RESOURCE] = read_resource,
		[ARG_PATCH] = read_patch,
		[ARG_SHELL] = read_shell,
		[ARG_ARGV] = read_argv,
		[ARG_PROGRAM] = read_program,
		[ARG_URL] = read_url,
		[ARG_SQL] = read_sql,
		[ARG_HELD] = read_held,
		[ARG_OUTSIDE] = read_outside,
	};
	if (path) {
		read_path(r, arg->name, value, path);
	} else if (arg->role == ARG_GLOB || arg->role == ARG_READ_GLOB) {
		read_pattern(r, arg->name, value, arg->role == ARG_READ_GLOB);
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
	while (json_next(&walk, &key, &item) && items < LIST_MAX) {
		read_value(r, arg, item);
		for (; items && arg->role == ARG_SHELL && before < r->out->count; before++) {
			r->out->list[before].late = true;
		}
		before = r->out->count;
		items++;
	}
	if (items == LIST_MAX) {
		reading_unknown(r->out, arg->name, "a list that is very long");
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
		bool later = arg->role == ARG_FILTER && value.at && !null;
		if (later || (is_place(arg->role) && (value.at || arg->optional))) {
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
	for (size_t i = 0; i < r->tool->arg_count; i++) {
		if (r->tool->args[i].role == ARG_FILTER && r->values[i].at &&
			json_type(r->values[i]) != JSON_NULL) {
			read_filter(r, r->tool->args[i].name, r->values[i]);
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
		} else if (arg->role == ARG_REPO) {
			add(r, EFFECT_READ, arg->name, ".", "list"); /* a place to run git in */
		}
	}
}
