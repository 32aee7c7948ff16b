/*
 * What a "git push" without a branch name would move, by the configuration of the repository and of
 * the user (git-push(1), git-config(1): push.default, remote.*, branch.*). Whoever cannot be sure
 * that it is the current branch alone, under its own name, says no.
 */
#include "config.h"

#include "ipc/facts_impl.h"

#include "core/git_config.h"
#include "ipc/git_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONFIG_MOST = 1 << 20, WORD_MOST = 256 };

struct push {
	const char *branch;
	bool odd; /* something else may be moved, or there is more that we do not read */
	char how[WORD_MOST]; /* push.default */
	char branch_remote[WORD_MOST], branch_push[WORD_MOST], branch_merge[WORD_MOST],
		push_default[WORD_MOST];
};

static void keep(struct push *push, char to[WORD_MOST], const char *value)
{
	if (!value || strlen(value) >= WORD_MOST) {
		push->odd = true;
		return;
	}
	memcpy(to, value, strlen(value) + 1);
}

static void on_branch(struct push *push, const struct git_setting *s)
{
	if (strcmp(s->sub, push->branch) != 0) {
		return;
	}
	if (strcmp(s->key, "remote") == 0) {
		keep(push, push->branch_remote, s->value);
	} else if (strcmp(s->key, "pushremote") == 0) {
		keep(push, push->branch_push, s->value);
	} else if (strcmp(s->key, "merge") == 0) {
		push->odd |= push->branch_merge[0] != '\0'; /* several: not a plain upstream */
		keep(push, push->branch_merge, s->value);
	}
}

/* A remote that says what is pushed to it says more than we want to know, whichever it is. */
static void on_remote(struct push *push, const struct git_setting *s)
{
	bool mirror = false;
	if (!s->sub[0] && strcmp(s->key, "pushdefault") == 0) {
		keep(push, push->push_default, s->value);
	} else if (strcmp(s->key, "push") == 0) {
		push->odd = true;
	} else if (strcmp(s->key, "mirror") == 0) {
		push->odd |= !git_config_bool(s->value, &mirror) || mirror;
	}
}

static void on_push(struct push *push, const struct git_setting *s)
{
	bool on = false;
	if (s->sub[0]) {
		return;
	}
	if (strcmp(s->key, "default") == 0) {
		keep(push, push->how, s->value);
	} else if (strcmp(s->key, "followtags") == 0) {
		push->odd |= !git_config_bool(s->value, &on) || on;
	} else if (strcmp(s->key, "recursesubmodules") == 0) {
		push->odd |= !s->value ||
			(strcmp(s->value, "no") != 0 && strcmp(s->value, "check") != 0);
	}
}

static void on_setting(void *data, const struct git_setting *s)
{
	struct push *push = data;
	if (strcmp(s->section, "include") == 0 || strcmp(s->section, "includeif") == 0 ||
		strcmp(s->section, "remotes") == 0 || strcmp(s->section, "submodule") == 0) {
		push->odd |= strcmp(s->section, "submodule") != 0 || strcmp(s->key, "recurse") == 0;
	} else if (strcmp(s->section, "push") == 0) {
		on_push(push, s);
	} else if (strcmp(s->section, "remote") == 0) {
		on_remote(push, s);
	} else if (strcmp(s->section, "branch") == 0) {
		on_branch(push, s);
	}
}

/* Takes `path`; NULL: no such place. */
static void read_config(struct push *push, char *path)
{
	struct buf text = { 0 };
	if (path) {
		enum git_file got = git_file_read(path, CONFIG_MOST, &text, NULL);
		/* a link to dotfiles kept elsewhere is odd as well */
		push->odd |= got == GIT_FILE_ODD ||
			(got == GIT_FILE_READ &&
				!git_config_parse(buf_view(&text), on_setting, push));
	}
	buf_finish(&text);
	free(path);
}

static void read_all(struct push *push, const struct facts *facts, const struct git_repo *repo)
{
	static const char *const environment[] = { "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM",
		"GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG" };
	const char *xdg = getenv("XDG_CONFIG_HOME");
	for (size_t i = 0; i < COUNT_OF(environment); i++) {
		push->odd |= getenv(environment[i]) != NULL;
	}
	push->odd |= !facts->home;
	read_config(push, xstrdup("/etc/gitconfig"));
	read_config(push, xstrdup("/usr/local/etc/gitconfig"));
	if (facts->home) {
		read_config(push,
			xdg && xdg[0] ? xasprintf("%s/git/config", xdg)
				      : xasprintf("%s/.config/git/config", facts->home));
		read_config(push, xasprintf("%s/.gitconfig", facts->home));
	}
	read_config(push, xasprintf("%s/config", repo->common));
	read_config(push, xasprintf("%s/config.worktree", repo->dir));
}

static bool is_there(const char *dir, const char *folder, const char *name)
{
	char *path = xasprintf("%s/%s/%s", dir, folder, name);
	bool there = access(path, F_OK) == 0;
	free(path);
	return there;
}

static const char *first_of(const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (texts[i][0]) {
			return texts[i];
		}
	}
	return "origin";
}

static bool merges_itself(const struct push *push)
{
	static const char prefix[] = "refs/heads/";
	return strncmp(push->branch_merge, prefix, sizeof(prefix) - 1) == 0 &&
		strcmp(push->branch_merge + sizeof(prefix) - 1, push->branch) == 0;
}

bool facts_push_is_plain(const struct facts *facts, const struct git_repo *repo, const char *branch,
	const char *remote)
{
	struct push push = { .branch = branch };
	if (!branch[0]) {
		return false;
	}
	read_all(&push, facts, repo);
	const char *const remotes[] = { remote, push.branch_push, push.push_default,
		push.branch_remote };
	const char *to = first_of(remotes, COUNT_OF(remotes));
	/* the old places where a remote could say what is pushed to it */
	if (push.odd || strchr(to, '/') || is_there(repo->common, "remotes", to) ||
		is_there(repo->common, "branches", to)) {
		return false;
	}
	const char *how = push.how[0] ? push.how : "simple";
	/* "simple" refuses where the names differ, and moves the branch of the same name otherwise
	 */
	return strcmp(how, "simple") == 0 || strcmp(how, "current") == 0 ||
		((strcmp(how, "upstream") == 0 || strcmp(how, "tracking") == 0) &&
			merges_itself(&push) && strcmp(to, push.branch_remote) == 0);
}
