/*
 * Sub-commands of git that make, move, leave or remove branches: branch, tag, switch, checkout,
 * merge and its kin, update-ref, symbolic-ref.
 *
 * The current branch is "", and the gate says which that is. A word of `git checkout` may be a path
 * as well, whose changes are lost if there is no such branch: it counts as both, and passes only if
 * nothing lies there.
 */
#include "config.h"

#include "core/effects/commands_git.h"

#include <stdlib.h>
#include <string.h>

/* Every name that becomes an effect goes through here. False: not a plain name; refused. */
static bool add_branch(struct git *git, struct span name, const char *how, const char *word)
{
	char *branch = span_dup(name);
	bool plain = git_branch_name(name);
	if (plain) {
		command_add(git->line, EFFECT_BRANCH, branch, how, word);
	} else {
		git_refuse(git, true, "%.60s is not the plain name of a branch", branch);
	}
	free(branch);
	return plain;
}

static struct span operand_span(const struct git *git, size_t i)
{
	return (struct span){ git_operand(git, i), git->operands[i]->len };
}

static bool has_glob(const struct git *git)
{
	for (size_t i = 0; i < git->count; i++) {
		if (git->operands[i]->glob) {
			return true;
		}
	}
	return false;
}

/* Without one of these, words of `git branch` and `git tag` are names to make. */
#define LISTS "-l --list --contains --no-contains --merged --no-merged --points-at"

static bool lists_branches(const struct git *git)
{
	return git->count == 0 || git_has(git, "--show-current -a --all -r --remotes " LISTS);
}

static void delete_branches(struct git *git)
{
	for (size_t i = 0; i < git->count; i++) {
		if (!add_branch(git, operand_span(git, i), "delete", "")) {
			return;
		}
	}
	git_exec(git, EXEC_LOCAL);
}

/* [OLD] NEW */
static void rename_branch(struct git *git)
{
	const char *new = git_operand(git, git->count - 1);
	if (git->count > 2 || !git_branch_name(span_of(new))) {
		git_refuse(git, true, "%.60s is not the plain name of a branch", new);
	} else if (git->count == 1) {
		command_add(git->line, EFFECT_BRANCH, "", "move", new);
		git_exec(git, EXEC_LOCAL);
	} else if (add_branch(git, operand_span(git, 0), "move", new)) {
		git_exec(git, EXEC_LOCAL);
	}
	git->line->branch_changed = true;
}

static void create_branch(struct git *git)
{
	bool copies = git_has(git, "-c -C --copy");
	size_t name = copies ? git->count - 1 : 0;
	const char *how = git_has(git, "-f --force -C") ? "move" : "create";
	if (git->count > 2) {
		git_refuse(git, true, "git branch has more words than are known");
	} else if (add_branch(git, operand_span(git, name), how, "")) {
		git_exec(git, EXEC_LOCAL);
	}
}

void git_branch(struct git *git)
{
	if (git_has(git, "-u --set-upstream-to --unset-upstream --edit-description")) {
		git_remote_config(git);
	} else if (has_glob(git)) {
		git_refuse(git, true, "the names of the branches are not known");
	} else if (git->count > 0 && git_has(git, "-d -D --delete")) {
		delete_branches(git);
	} else if (git->count > 0 && git_has(git, "-m -M --move")) {
		rename_branch(git);
	} else if (git->count > 0 && git_has(git, "-c -C --copy")) {
		create_branch(git);
	} else if (git_has(git,
			   "-d -D --delete -m -M --move -c -C --copy -f --force "
			   "--recurse-submodules")) {
		if (git->count > 0 && git_has(git, "-f --force")) {
			create_branch(git);
		} else {
			git_refuse(git, true, "git branch without the name of a branch");
		}
	} else if (lists_branches(git)) {
		git_exec(git, EXEC_READONLY);
	} else {
		create_branch(git);
	}
}

void git_tag(struct git *git)
{
	if (git_has(git, "-d --delete")) {
		git_refuse(git, false, "git tag -d removes a tag");
	} else if (git_has(git, "-a -m -F -f --annotate --message --file --force") ||
		(git->count > 0 && !git_has(git, "-n " LISTS))) {
		git_refuse(git, false, "git tag makes a tag");
	} else {
		git_exec(git, EXEC_READONLY);
	}
}

/* The new branch that an option names. */
static void create_and_switch(struct git *git, const char *forced, struct span name)
{
	const char *how = git_has(git, forced) ? "move" : "create";
	if (has_glob(git) || git->count > 1) {
		git_refuse(git, true, "git %s has more words than are known", git->row->name);
	} else if (add_branch(git, name, how, "")) {
		if (git_has(git, "--orphan")) {
			git_refuse(git, false, "git %s --orphan takes every file away",
				git->row->name);
		} else {
			git_exec(git, EXEC_LOCAL);
		}
	}
	if (git->count > 0 || git_has(git, "--orphan")) {
		git_tree_changed(git, true);
	}
	git->line->branch_changed = true;
}

static void detach(struct git *git)
{
	git_refuse(git, false, "git %s leaves no branch checked out", git->row->name);
	git_tree_changed(git, true);
}

void git_switch(struct git *git)
{
	struct span name = git_value(git, "-c -C --create --force-create --orphan");
	if (git_has(git, "-f --force --discard-changes")) {
		git_discard(git, git->count, true);
	} else if (git_has(git, "-m --merge")) {
		git_refuse(git, false, "git switch -m changes files by merging");
		git_tree_changed(git, true);
	} else if (name.at) {
		create_and_switch(git, "-C --force-create", name);
	} else if (git_has(git, "-d --detach")) {
		detach(git);
	} else if (git->count != 1 || git->operands[0]->glob || git_has(git, "-t --track")) {
		git_refuse(git, true, "git switch without the name of a branch");
		git_tree_changed(git, true);
	} else if (strcmp(git_operand(git, 0), "-") == 0) {
		git_refuse(git, false, "which branch was the one before is not known");
		git_tree_changed(git, true);
	} else {
		if (add_branch(git, operand_span(git, 0), "switch", "")) {
			git_exec(git, EXEC_LOCAL);
		}
		git_tree_changed(git, true);
	}
}

/* v1.2, 1.2.3: tags by custom, and then no branch is checked out */
static bool is_version(const char *name)
{
	name += name[0] == 'v';
	return strchr(name, '.') && strspn(name, "0123456789.") >= 3;
}

/* a.c, src/.last-run.json, but not release/1.2 */
static bool has_extension(const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot && dot[1] && !strchr(dot, '/') &&
		strspn(dot + 1, "0123456789") != strlen(dot + 1);
}

/* One word: a branch, a commit, or a file whose changes are lost. */
static void checkout_word(struct git *git)
{
	const char *word = git_operand(git, 0);
	size_t len = strlen(word);
	bool glob = git->operands[0]->glob;
	if (glob || !len || strchr("./:~", word[0]) || word[len - 1] == '/') {
		git_discard(git, 0, true);
	} else if (strcmp(word, "-") == 0) {
		git_refuse(git, false, "which branch was the one before is not known");
		git_tree_changed(git, true);
	} else if (git_only_revision(word) || is_version(word)) {
		detach(git);
	} else if (has_extension(word) && !git->dashed) {
		git_discard(git, 0, true);
	} else {
		/* if no branch is called so, a file or directory loses its changes */
		if (!git->dashed) {
			command_path(git->line, EFFECT_WRITE, git->operands[0], "tree");
		}
		if (add_branch(git, operand_span(git, 0), "switch", "")) {
			git_exec(git, EXEC_LOCAL);
		}
		git_tree_changed(git, true);
	}
}

void git_checkout(struct git *git)
{
	struct span name = git_value(git, "-b -B --orphan");
	if (git_has(git, "-f --force --ours --theirs") || git->count > git->before) {
		git_discard(git, git->before, true);
	} else if (git_has(git, "-m --merge")) {
		git_refuse(git, false, "git checkout -m changes files by merging");
		git_tree_changed(git, true);
	} else if (name.at) {
		create_and_switch(git, "-B", name);
	} else if (git_has(git, "-d --detach")) {
		detach(git);
	} else if (git_has(git, "-t --track")) {
		git_refuse(git, true, "git checkout --track makes a branch that is not named");
		git_tree_changed(git, true);
	} else if (git->count == 0) {
		git_exec(git, EXEC_READONLY);
	} else if (git->count > 1) {
		git_discard(git, 1, true);
	} else {
		checkout_word(git);
	}
}

/* merge, rebase, cherry-pick, revert, am, bisect: new commits on the current branch, or the branch
 * somewhere else. */
void git_moves(struct git *git)
{
	command_add(git->line, EFFECT_BRANCH, "", "move", git->row->name);
	if (git->row->options) {
		git_exec(git, EXEC_LOCAL);
	} else {
		git_refuse(git, true, "git %s makes or leaves commits in ways that are not read",
			git->row->name);
	}
	git_tree_changed(git, true);
}

/* refs/heads/NAME and HEAD are branches; other refs belong to nobody in particular. */
static void move_ref(struct git *git, const char *ref, const char *how, const char *word)
{
	static const char heads[] = "refs/heads/";
	if (strncmp(ref, heads, sizeof heads - 1) == 0) {
		command_add(git->line, EFFECT_BRANCH, ref + sizeof heads - 1, how, word);
	} else if (strcmp(ref, "HEAD") == 0 || strcmp(ref, "@") == 0) {
		command_add(git->line, EFFECT_BRANCH, "", how, word);
	}
	git_refuse(git, true, "git %s moves %.60s without a look at what it held", git->row->name,
		ref);
	git_tree_changed(git, true);
}

void git_update_ref(struct git *git)
{
	move_ref(git, git->count > 0 ? git_operand(git, 0) : "",
		git_has(git, "-d") ? "delete" : "move", "");
}

/* One name is read; a name and its new target is a move. */
void git_read_symbolic_ref(struct git *git)
{
	if (git->count == 1 && !git_has(git, "-d --delete -m")) {
		git_exec(git, EXEC_READONLY);
	} else {
		move_ref(git, git->count > 0 ? git_operand(git, 0) : "",
			git_has(git, "-d --delete") ? "delete" : "move",
			git->count > 1 ? git_operand(git, 1) : "");
	}
}
