/*
 * Rule files and profiles from disk: when to read them again, and what is in force when one of them
 * is broken.
 */
#include "config.h"

#include "ipc/policy_files.h"

#include "core/diag.h"
#include "ipc/own_file.h"
#include "ipc/profile_files.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- what is in force ---- */

static void complain(struct policy_files *files, const struct err *err)
{
	if (!files->trouble) {
		files->trouble = xstrdup(err->text);
	}
}

/* Replaces *rules by what the file says now; keeps it if the file is broken. False: broken. */
static bool load_rules(
	struct policy_files *files, const char *path, enum rule_level level, struct rules **rules)
{
	struct buf text = { 0 };
	struct err err = { 0 };
	bool missing = false;
	struct rules *fresh = NULL;
	bool ok = own_file_read(path, POLICY_FILE_MAX, &text, &missing, &err);
	if (ok) {
		fresh = rules_parse(path, level, buf_view(&text), NULL, &err);
		ok = fresh != NULL;
	}
	if (ok || missing) {
		rules_destroy(*rules);
		*rules = fresh;
	} else {
		complain(files, &err);
	}
	buf_finish(&text);
	return ok || missing;
}

/* All of them or none: a gate and the broker must know the same. */
static void load_profiles(struct policy_files *files)
{
	struct buf json = { 0 };
	struct err err = { 0 };
	struct profiles *profiles = profile_files_read(files->profiles_path, &json, &err);
	if (err.text[0]) {
		complain(files, &err);
	}
	if (!err.text[0] || !files->profiles) {
		profiles_destroy(files->profiles);
		buf_finish(&files->user_profiles);
		files->profiles = profiles;
		files->user_profiles = json;
		return;
	}
	profiles_destroy(profiles);
	buf_finish(&json);
}

/* `good`: every file that is there was read. */
static void join(struct policy_files *files, bool good)
{
	const struct rules *levels[] = { files->builtin, files->system, files->user };
	files->held = !good && (!files->joined || files->held);
	rules_destroy(files->joined);
	files->joined = files->held ? rules_hold_all(files->trouble)
				    : rules_join(levels, COUNT_OF(levels), NULL, NULL);
}

static struct file_stamp stamp_of(const char *path)
{
	struct stat st;
	if (lstat(path, &st) != 0) {
		return (struct file_stamp){ 0 };
	}
	return (struct file_stamp){ (int64_t)st.st_ino,
		st.st_mtim.tv_sec * INT64_C(1000000000) + st.st_mtim.tv_nsec, (int64_t)st.st_size };
}

static bool same_stamp(const struct file_stamp *a, const struct file_stamp *b)
{
	return a->ino == b->ino && a->mtime_ns == b->mtime_ns && a->size == b->size;
}

static const char *stamped(const struct policy_files *files, size_t i)
{
	const char *const paths[] = { files->system_path, files->user_path, files->profiles_path };
	return paths[i];
}

static void load(struct policy_files *files)
{
	free(files->trouble);
	files->trouble = NULL;
	bool good = load_rules(files, files->system_path, LEVEL_SYSTEM, &files->system);
	good = load_rules(files, files->user_path, LEVEL_USER, &files->user) && good;
	load_profiles(files);
	join(files, good);
	files->generation++;
}

bool policy_files_refresh(struct policy_files *files)
{
	bool changed = false;
	for (size_t i = 0; i < COUNT_OF(files->stamps); i++) {
		struct file_stamp now = stamp_of(stamped(files, i));
		changed = changed || !same_stamp(&now, &files->stamps[i]);
		files->stamps[i] = now;
	}
	if (changed) {
		load(files);
	}
	return changed;
}

static char **self_list(const struct paths *paths)
{
	char **list = xcalloc(8, sizeof(*list));
	size_t n = 0;
	list[n++] = xstrdup(paths->config);
	list[n++] = xstrdup(paths->state);
	list[n++] = paths_socket_dir(paths);
	list[n++] = paths_program("bascule");
	list[n++] = paths_program("bascule-broker");
	list[n++] = paths_program("bascule-gate");
	return list;
}

void policy_files_init(struct policy_files *files, const struct paths *paths)
{
	*files = (struct policy_files){ .builtin = rules_builtin(),
		.system_path = paths->root ? xasprintf("%s/etc/policy.rules", paths->root)
					   : xstrdup("/etc/bascule/policy.rules"),
		.user_path = xasprintf("%s/policy.rules", paths->config),
		.profiles_path = xasprintf("%s/profiles", paths->config),
		.self = self_list(paths) };
	for (size_t i = 0; i < COUNT_OF(files->stamps); i++) {
		files->stamps[i] = stamp_of(stamped(files, i));
	}
	load(files);
}

void policy_files_finish(struct policy_files *files)
{
	rules_destroy(files->joined);
	rules_destroy(files->builtin);
	rules_destroy(files->system);
	rules_destroy(files->user);
	profiles_destroy(files->profiles);
	buf_finish(&files->user_profiles);
	free(files->trouble);
	free(files->system_path);
	free(files->user_path);
	free(files->profiles_path);
	for (char **each = files->self; each && *each; each++) {
		free(*each);
	}
	free(files->self);
	*files = (struct policy_files){ 0 };
}

struct rules *policy_files_project(
	const struct policy_files *files, const struct rules *project, const char *scope)
{
	const struct rules *levels[] = { files->builtin, files->system, files->user, project };
	if (!project || files->held) {
		return NULL;
	}
	return rules_join(levels, COUNT_OF(levels), scope, NULL);
}
