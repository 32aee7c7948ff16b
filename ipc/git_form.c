/*
 * The form of a repository: which directory belongs to a work tree, and whether git's own
 * configuration says that it is one that we read. Used by ipc/git_repo.c, which keeps the answer.
 */
#include "config.h"

#include "ipc/git_form.h"

#include "core/git_config.h"

#include <stdlib.h>
#include <string.h>

enum { CONFIG_MAX = 1 << 20, LINE_MAX_BYTES = 4096 };

/* A short file's first line, if that is all there is to it; NULL otherwise. */
static char *read_line(const char *path, const char *prefix, enum git_file *got)
{
	struct buf text = { 0 };
	char *line = NULL;
	*got = git_file_read(path, LINE_MAX_BYTES, &text, NULL);
	if (*got == GIT_FILE_READ) {
		char *all = buf_cstr(&text);
		size_t n = strlen(prefix), end = strcspn(all, "\r\n");
		if (strncmp(all, prefix, n) == 0 && strspn(all + end, "\r\n") + end == text.len &&
			end > n) {
			all[end] = '\0';
			line = xstrdup(all + n);
		}
	}
	buf_finish(&text);
	return line;
}

/* `path` as seen from the directory `base`, resolved; NULL: it is not there. */
static char *resolve(const char *base, const char *path)
{
	char *full = path[0] == '/' ? xstrdup(path) : xasprintf("%s/%s", base, path);
	char *real = realpath(full, NULL);
	free(full);
	return real;
}

char *git_form_dir(const char *tree, bool *linked)
{
	struct stat st;
	enum git_file got;
	char *git = xasprintf("%s/.git", strcmp(tree, "/") == 0 ? "" : tree);
	bool found = lstat(git, &st) == 0;
	*linked = false;
	if (found && S_ISDIR(st.st_mode)) {
		return git;
	}
	char *line = found ? read_line(git, "gitdir: ", &got) : NULL;
	char *dir = line ? resolve(tree, line) : NULL;
	*linked = true;
	free(line);
	free(git);
	return dir;
}

struct form {
	bool odd, bare, own_config, folds_case;
	char *worktree;
};

static bool is(const struct git_setting *s, const char *section, const char *key)
{
	return !s->sub[0] && strcmp(s->section, section) == 0 && strcmp(s->key, key) == 0;
}

static void set_bool(struct form *form, const struct git_setting *s, bool *out)
{
	if (!git_config_bool(s->value, out)) {
		form->odd = true;
	}
}

static void form_extension(struct form *form, const struct git_setting *s)
{
	static const char *const harmless[] = { "noop", "partialclone", "preciousobjects",
		"relativeworktrees" };
	if (strcmp(s->key, "worktreeconfig") == 0) {
		set_bool(form, s, &form->own_config);
		return;
	}
	if (strcmp(s->key, "objectformat") == 0) {
		form->odd |= !s->value || strcmp(s->value, "sha1") != 0;
		return;
	}
	for (size_t i = 0; i < COUNT_OF(harmless); i++) {
		if (strcmp(s->key, harmless[i]) == 0) {
			return;
		}
	}
	form->odd = true;
}

static void on_form(void *data, const struct git_setting *s)
{
	struct form *form = data;
	if (strcmp(s->section, "extensions") == 0) {
		form_extension(form, s);
	} else if (is(s, "core", "bare")) {
		set_bool(form, s, &form->bare);
	} else if (is(s, "core", "ignorecase")) {
		set_bool(form, s, &form->folds_case);
	} else if (is(s, "core", "worktree")) {
		free(form->worktree);
		form->worktree = xstrdup(s->value ? s->value : "");
	} else if (is(s, "core", "repositoryformatversion")) {
		form->odd |= !s->value ||
			(strcmp(s->value, "0") != 0 && strcmp(s->value, "1") != 0);
	}
}

static void read_form(const char *path, struct form *form, struct git_stamp *stamp)
{
	struct buf text = { 0 };
	struct stat st = { 0 };
	enum git_file got = git_file_read(path, CONFIG_MAX, &text, &st);
	*stamp = git_stamp_of(got == GIT_FILE_ABSENT ? NULL : &st);
	if (got == GIT_FILE_ODD ||
		(got == GIT_FILE_READ && !git_config_parse(buf_view(&text), on_form, form))) {
		form->odd = true;
	}
	buf_finish(&text);
}

static bool is_dir(const char *base, const char *name)
{
	struct stat st;
	char *path = xasprintf("%s/%s", base, name);
	bool dir = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
	free(path);
	return dir;
}

/* A work tree that is linked from elsewhere names this one as its own; without that, its index may
 * be that of other files. */
static bool links_back(const char *tree, const char *dir)
{
	enum git_file got;
	char *file = xasprintf("%s/gitdir", dir), *line = read_line(file, "", &got);
	char *real = line ? resolve(dir, line) : NULL;
	size_t n = strlen(tree);
	bool back = real && strncmp(real, tree, n) == 0 && strcmp(real + n, "/.git") == 0;
	free(file);
	free(line);
	free(real);
	return back;
}

/* core.worktree, as submodules have it, must lead back to where we came from. */
static bool is_its_tree(
	const char *tree, const char *dir, const char *common, const struct form *form, bool linked)
{
	bool shared = strcmp(common, dir) != 0;
	if (shared) {
		return linked && !form->worktree && links_back(tree, dir);
	}
	if (form->bare) {
		return false;
	}
	if (!form->worktree) {
		return !linked;
	}
	char *real = resolve(dir, form->worktree);
	bool same = real && strcmp(real, tree) == 0;
	free(real);
	return same;
}

static char *find_common(const char *dir)
{
	enum git_file got;
	char *file = xasprintf("%s/commondir", dir), *line = read_line(file, "", &got);
	char *common = line ? resolve(dir, line) : got == GIT_FILE_ABSENT ? xstrdup(dir) : NULL;
	free(file);
	free(line);
	return common;
}

void git_form_read(const char *tree, const char *dir, bool linked, struct git_form *out)
{
	struct form form = { .odd = false };
	char *common = find_common(dir), *file = NULL;
	*out = (struct git_form){ .common = common ? common : xstrdup("") };
	if (!common) {
		return;
	}
	file = xasprintf("%s/config", common);
	read_form(file, &form, &out->config);
	free(file);
	if (form.own_config) {
		file = xasprintf("%s/config.worktree", dir);
		read_form(file, &form, &out->config2);
		free(file);
	}
	out->own_config = form.own_config;
	out->folds_case = form.folds_case;
	out->usable = !form.odd && is_dir(common, "objects") && is_dir(common, "refs") &&
		is_its_tree(tree, dir, common, &form, linked);
	out->local = out->usable && git_file_is_local_path(dir) && git_file_is_local_path(common);
	free(form.worktree);
}

bool git_form_fresh(const char *dir, const struct git_form *form)
{
	struct git_stamp now = git_stamp_at(form->common, "config");
	if (!git_stamp_same(&now, &form->config)) {
		return false;
	}
	now = form->own_config ? git_stamp_at(dir, "config.worktree") : form->config2;
	return git_stamp_same(&now, &form->config2);
}
