/*
 * Whether what an install takes from the project is what HEAD holds: the lockfile, the manifest
 * beside it, and the package manager's own settings, from the directory up to the scope's. Only of
 * installs that say that the lockfile decides; nothing else about an install can be looked up.
 */
#include "config.h"

#include "ipc/facts_impl.h"

#include "core/git_object.h"
#include "ipc/git_file.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 16 << 20, FILE_QUICK = 256 << 10, NAMES_MAX = 8 };

/* One of the locks has to be there; of the rest what is there has to be committed as well. */
static const struct install_files {
	const char *manager;
	const char *locks[NAMES_MAX], *settings[NAMES_MAX];
} managers[] = {
	{ "npm", { "npm-shrinkwrap.json", "package-lock.json" }, { "package.json", ".npmrc" } },
	{ "pnpm", { "pnpm-lock.yaml" },
		{ "package.json", ".npmrc", "pnpm-workspace.yaml", ".pnpmfile.cjs",
			".pnpmfile.mjs" } },
	{ "yarn", { "yarn.lock" }, { "package.json", ".npmrc", ".yarnrc", ".yarnrc.yml" } },
	{ "bun", { "bun.lock", "bun.lockb" }, { "package.json", ".npmrc", "bunfig.toml" } },
	{ "uv", { "uv.lock" }, { "pyproject.toml", "uv.toml" } },
	{ "poetry", { "poetry.lock" }, { "pyproject.toml", "poetry.toml" } },
	{ "composer", { "composer.lock" }, { "composer.json" } },
};

struct install_look {
	const struct facts *facts;
	struct git_repo repo;
	bool quick, later;
};

enum install_file { INSTALL_ABSENT, INSTALL_SAME, INSTALL_OTHER };

static const struct install_files *files_of(const char *manager)
{
	for (size_t i = 0; i < COUNT_OF(managers); i++) {
		if (strcmp(managers[i].manager, manager) == 0) {
			return &managers[i];
		}
	}
	return NULL;
}

static bool held_by_head(struct install_look *look, const char *path, struct span text)
{
	unsigned char have[GIT_ID_BYTES], held[GIT_ID_BYTES];
	size_t tree = strlen(look->repo.tree);
	bool there = false;
	if (strncmp(path, look->repo.tree, tree) != 0 || path[tree] != '/') {
		return false;
	}
	enum git_answer answer = git_repo_head_blob(
		look->facts->git, &look->repo, path + tree + 1, look->quick, &there, held);
	look->later |= answer == GIT_LATER;
	git_object_id(GIT_BLOB, text, have);
	return answer == GIT_KNOWN && there && memcmp(have, held, GIT_ID_BYTES) == 0;
}

static enum install_file look_at(struct install_look *look, const char *dir, const char *name)
{
	struct stat st;
	struct buf text = { 0 };
	char *path = xasprintf("%s/%s", dir, name);
	enum install_file found = INSTALL_ABSENT;
	if (lstat(path, &st) == 0) {
		look->later |= look->quick && st.st_size > FILE_QUICK;
		bool same = !look->later &&
			git_file_read(path, FILE_MOST, &text, NULL) == GIT_FILE_READ &&
			held_by_head(look, path, buf_view(&text));
		found = same ? INSTALL_SAME : INSTALL_OTHER;
	}
	buf_finish(&text);
	free(path);
	return found;
}

/* The manager's settings here and in every directory above, up to `top`. */
static bool settings_same(struct install_look *look, const struct install_files *files,
	const char *dir, const char *top)
{
	char *at = xstrdup(dir);
	bool same = true;
	do {
		for (size_t i = 0; same && i < NAMES_MAX && files->settings[i]; i++) {
			same = look_at(look, at, files->settings[i]) != INSTALL_OTHER;
		}
	} while (same && facts_up(at, top));
	free(at);
	return same;
}

static bool locks_same(
	struct install_look *look, const struct install_files *files, const char *dir)
{
	bool there = false, same = true;
	for (size_t i = 0; i < NAMES_MAX && files->locks[i]; i++) {
		enum install_file found = look_at(look, dir, files->locks[i]);
		there = there || found != INSTALL_ABSENT;
		same = same && found != INSTALL_OTHER;
	}
	return there && same;
}

bool facts_install(const struct facts *facts, struct effect *effect, bool quick)
{
	const struct install_files *files = files_of(effect->how);
	struct install_look look = { .facts = facts, .quick = quick };
	const char *top = NULL;
	char *dir = NULL;
	if (!files || effect->late || facts->odd_git ||
		strncmp(effect->word, "lockfile", strlen("lockfile")) != 0) {
		return true;
	}
	if (!facts_base(facts, effect, quick, &dir, &top)) {
		return false;
	}
	if (dir && top) {
		enum git_answer answer = git_repo_find(facts->git, dir, top, quick, &look.repo);
		look.later |= answer == GIT_LATER;
		bool same = answer == GIT_KNOWN && locks_same(&look, files, dir) &&
			settings_same(&look, files, dir, top);
		effect->fact.marks = same && !look.later ? MARK_REPO | MARK_COMMITTED : 0;
		git_repo_finish(&look.repo);
	}
	free(dir);
	return !look.later;
}
