/*
 * Sub-commands of git that reach another repository: push, fetch, pull, clone, ls-remote.
 *
 * `git push` becomes one PUSH for every branch that it could change. A call that is not wholly
 * understood is "wide", because its form may hide a protected branch. Source: git-push(1), and
 * remote.c of git for how the two halves of a refspec are completed.
 */
#include "config.h"

#include "core/effects/commands_git.h"

#include <stdlib.h>
#include <string.h>

/* The host of an address: https://u@host:1/x, ssh://host/x, u@host:x. Lower case; "" if none. */
static char *host_of(const char *url)
{
	const char *scheme = strstr(url, "://");
	const char *at = scheme ? scheme + 3 : url;
	size_t len = strcspn(at, scheme ? "/?#" : ":/");
	if (!scheme && (at[len] != ':' || at[len + 1] == ':')) {
		return xstrdup("");
	}
	const char *user = memrchr(at, '@', len);
	if (user) {
		len -= (size_t)(user + 1 - at);
		at = user + 1;
	}
	char *host = span_dup((struct span){ at, strcspn(at, ":") < len ? strcspn(at, ":") : len });
	for (char *c = host; *c; c++) {
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
	}
	return host;
}

/* Transports that are nothing but a connection: not ext::, which runs a program, nor file:. */
static bool is_plain_transport(const char *url)
{
	static const char *const schemes[] = { "https://", "http://", "ssh://", "git://" };
	for (size_t i = 0; i < COUNT_OF(schemes); i++) {
		if (strncmp(url, schemes[i], strlen(schemes[i])) == 0) {
			return true;
		}
	}
	return !strstr(url, "::") && !strstr(url, "://");
}

/* An address or a path where git takes another repository. */
static void add_address(struct git *git, const char *url)
{
	char *host = host_of(url);
	bool plain = is_plain_transport(url) && host[0] && host[0] != '-';
	command_add(git->line, EFFECT_NET, url, plain ? "remote" : "odd", host);
	free(host);
}

static bool is_current(struct span name)
{
	return span_is(name, "HEAD") || span_is(name, "@");
}

static bool cut_start(struct span *text, const char *start)
{
	if (!span_starts(*text, start)) {
		return false;
	}
	text->at += strlen(start);
	text->len -= strlen(start);
	return true;
}

/* What a refspec does to the remote. */
struct target {
	struct span name; /* "" the current branch; a pattern may hold "*" */
	const char *word; /* as of PUSH */
};

/* refs/heads/x, heads/x and x are one branch; tags are told apart, other refs are not known. */
static bool name_target(struct target *target)
{
	struct span *name = &target->name;
	bool tag = cut_start(name, "refs/tags/") || cut_start(name, "tags/");
	if (!tag && !cut_start(name, "refs/heads/")) {
		cut_start(name, "heads/");
	}
	if (tag && !target->word[0]) {
		target->word = "tags";
	}
	if (memchr(name->at, '*', name->len)) {
		target->word = target->word[0] ? target->word : "all";
		return !span_starts(*name, "refs/");
	}
	return git_branch_name(*name);
}

/* [+]SRC[:DST]; false: not understood. */
static bool read_refspec(struct span text, bool force, bool deletes, struct target *target)
{
	force |= cut_start(&text, "+");
	*target = (struct target){ text, deletes ? "delete" : force ? "force" : "" };
	const char *colon = memchr(text.at, ':', text.len);
	if (text.len == 0 || (colon && deletes)) {
		return false;
	}
	if (colon) {
		size_t source = (size_t)(colon - text.at);
		target->name = (struct span){ colon + 1, text.len - source - 1 };
		if (source == 0 && target->name.len == 0) {
			/* all branches that have the same name on both sides */
			*target = (struct target){ SPAN("*"), force ? "force" : "all" };
			return true;
		}
		if (source == 0) {
			target->word = "delete";
		}
	} else if (is_current(text) && !deletes) {
		target->name = SPAN("");
		return true;
	}
	return name_target(target);
}

static void add_push(struct git *git, struct span name, const char *remote, const char *word)
{
	char *given = span_dup(name);
	command_add(git->line, EFFECT_PUSH, given, remote, word);
	free(given);
}

/* Everything behind the remote's name. False: one is not understood. */
static bool push_refspecs(struct git *git, const char *remote, bool force)
{
	bool deletes = git_has(git, "-d --delete");
	for (size_t i = 1; i < git->count; i++) {
		const struct shell_word *word = git->operands[i];
		struct span text = { word->text, word->len };
		struct target target;
		if (span_is(text, "tag") && i + 1 < git->count && !git->operands[i + 1]->glob) {
			i++;
			add_push(git, span_of(git_operand(git, i)), remote,
				deletes ? "delete" : "tags");
		} else if (word->glob || !read_refspec(text, force, deletes, &target)) {
			git_refuse(git, true, "git push: what %.60s does is not known", word->text);
			return false;
		} else {
			add_push(git, target.name, remote, target.word);
		}
	}
	return true;
}

/* What options push beside the refspecs. */
static void push_options(struct git *git, const char *remote, bool force)
{
	if (git_has(git, "--all --branches --mirror")) {
		add_push(git, SPAN("*"), remote, force ? "force" : "all");
	}
	if (git_has(git, "--mirror --prune")) {
		add_push(git, SPAN("*"), remote, "delete");
	}
	if (git_has(git, "--tags --follow-tags --mirror")) {
		add_push(git, SPAN("*"), remote, "tags");
	}
}

void git_push(struct git *git)
{
	const char *remote = git->count > 0 ? git_operand(git, 0) : "";
	bool force = git_has(git, "-f --force --force-with-lease --force-if-includes --mirror");
	bool named = git->count == 0 || git_remote_name(remote);
	if (git->count > 0 && git->operands[0]->glob) {
		git_refuse(git, true, "git push: the remote is not known");
		return;
	}
	if (!push_refspecs(git, remote, force)) {
		return;
	}
	push_options(git, remote, force);
	if (git->count < 2 && !git_has(git, "--all --branches --mirror")) {
		add_push(git, SPAN(""), remote, force ? "force" : "");
	}
	if (!named) {
		add_address(git, remote);
	}
	git_exec(git, EXEC_LOCAL);
	if (git_has(git, "-u --set-upstream")) {
		git->line->config_changed = true;
	}
}

/* `x:main` moves main; `x:refs/remotes/...` is what fetching is for. */
static bool fetch_refspecs(struct git *git)
{
	bool moves = false;
	for (size_t i = 1; i < git->count; i++) {
		const char *colon = strchr(git_operand(git, i), ':');
		struct span name = span_of(colon ? colon + 1 : "");
		if (name.len == 0 || span_starts(name, "refs/remotes/")) {
			continue;
		}
		cut_start(&name, "refs/");
		cut_start(&name, "heads/");
		char *branch = span_dup(name);
		command_add(git->line, EFFECT_BRANCH, branch, "move", "");
		free(branch);
		moves = true;
	}
	return moves;
}

/* A remote's name is refused as "reaches the remote", which may be granted; an address is NET. */
static void reach(struct git *git)
{
	const char *remote = git->count > 0 ? git_operand(git, 0) : "";
	if (git->count > 0 && (git->operands[0]->glob || !git_remote_name(remote))) {
		add_address(git, remote);
		git_refuse(git, true, "git %s reaches %.60s", git->row->name, remote);
	} else {
		git_refuse(git, false, "git %s reaches the remote %.60s", git->row->name, remote);
	}
}

/* Names that git's configuration or the remote gives a meaning to; no address, path or refspec. */
static bool is_plain_name(const struct shell_word *word, bool remote)
{
	for (size_t i = 0; i < word->len; i++) {
		unsigned char c = (unsigned char)word->text[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9');
		if (!letter && !strchr(remote ? "._-" : "._-/", c)) {
			return false;
		}
	}
	return word->len && !word->glob && !strchr("-./", word->text[0]) &&
		!strstr(word->text, "..");
}

/* Fetches what a remote of the configuration has, into the branches that stand for it. */
static bool only_fetches(const struct git *git)
{
	static const char *const more[] = { "-f", "--force", "-u", "--update-head-ok", "-k",
		"--keep", "-a", "--append", "--multiple", "--recurse-submodules", "--unshallow",
		"--set-upstream", "--refmap" };
	for (size_t i = 0; i < COUNT_OF(more); i++) {
		if (git_has(git, more[i])) {
			return false;
		}
	}
	for (size_t i = 0; i < git->count; i++) {
		if (!is_plain_name(git->operands[i], i == 0)) {
			return false;
		}
	}
	return true;
}

void git_fetch(struct git *git)
{
	bool moves = fetch_refspecs(git);
	if (!moves && only_fetches(git)) {
		command_add(git->line, EFFECT_REMOTE, "git fetch", "read", "git");
		git_exec(git, EXEC_LOCAL);
		return;
	}
	reach(git);
	git->line->branch_changed |= moves;
}

void git_pull(struct git *git)
{
	command_add(git->line, EFFECT_BRANCH, "", "move", "pull");
	fetch_refspecs(git);
	reach(git);
	git_tree_changed(git, true);
}

void git_ls_remote(struct git *git)
{
	if (git_has(git, "--get-url")) {
		git_exec(git, EXEC_READONLY);
	} else {
		reach(git);
	}
}

void git_clone(struct git *git)
{
	if (git->count > 0) {
		add_address(git, git_operand(git, 0));
	}
	if (git->count > 1) {
		command_path(git->line, EFFECT_WRITE, git->operands[1], "tree");
	}
	git_refuse(git, true, "git clone copies a repository from elsewhere");
	git_tree_changed(git, true);
}
