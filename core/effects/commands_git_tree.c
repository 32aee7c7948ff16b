/*
 * Sub-commands of git that change the index, the work tree or what is stashed: add, commit,
 * restore, reset, rm, mv, clean, init, stash, apply, worktree add; and those that are only held or
 * destroy.
 *
 * What git keeps nowhere else (uncommitted changes, untracked files, stashes, commits that no
 * branch holds) is destroyed; what it can give back is not.
 */
#include "config.h"

#include "core/effects/commands_git.h"

#include <stdlib.h>
#include <string.h>

void git_held(struct git *git)
{
	git_refuse(git, false, "git %s %s", git->row->name, git->row->why);
}

void git_runs(struct git *git)
{
	git_refuse(git, true, "git %s %s", git->row->name, git->row->why);
}

void git_destroys(struct git *git)
{
	command_add(git->line, EFFECT_DESTRUCTIVE, git->row->why, "git", "");
	git_exec(git, EXEC_LOCAL);
	git_tree_changed(git, false);
}

void git_discard(struct git *git, size_t from, bool branch)
{
	struct buf lost = { 0 };
	buf_text(&lost, "uncommitted changes");
	for (size_t i = from; i < git->count; i++) {
		buf_text(&lost, i == from ? " of " : ", ");
		buf_text(&lost, git_operand(git, i));
	}
	command_add(git->line, EFFECT_DESTRUCTIVE, buf_cstr(&lost), "git", "");
	buf_finish(&lost);
	git_exec(git, EXEC_LOCAL);
	git_tree_changed(git, branch);
}

/* A directory is staged with all that lies below and is not ignored. */
static bool is_directory_name(const struct shell_word *word)
{
	return word->len == 0 || word->text[word->len - 1] == '/' || strcmp(word->text, ".") == 0 ||
		strcmp(word->text, "..") == 0;
}

void git_add_files(struct git *git)
{
	for (size_t i = 0; i < git->count; i++) {
		const struct shell_word *word = git->operands[i];
		if (!git_pathspec(git, word, is_directory_name(word) ? "tree" : "")) {
			git_refuse(git, false, "%.60s is a form of path that is not known",
				word->text);
			return;
		}
	}
	if (git->count == 0 && git_has(git, "-A --all -u --update")) {
		command_add(git->line, EFFECT_READ, ".", "tree", "");
	}
	git_exec(git, git_has(git, "-n --dry-run") ? EXEC_READONLY : EXEC_LOCAL);
}

static bool has_message(const struct git *git)
{
	struct span fixup = git_value(git, "--fixup");
	return git_has(git, "-m --message -F --file -C --reuse-message --no-edit --dry-run") ||
		(fixup.at && !span_starts(fixup, "amend:") && !span_starts(fixup, "reword:"));
}

void git_commit(struct git *git)
{
	if (!git_pathspecs(git, 0, "")) {
		return;
	}
	if (git_has(git, "--dry-run")) {
		git_exec(git, EXEC_READONLY);
		return;
	}
	if (!has_message(git)) {
		git_refuse(git, true, "git commit without a message opens an editor");
	} else {
		git_exec(git, EXEC_LOCAL);
	}
	command_add(git->line, EFFECT_BRANCH, "", "commit", git_has(git, "--amend") ? "amend" : "");
}

void git_restore(struct git *git)
{
	bool staged = git_has(git, "-S --staged") && !git_has(git, "-W --worktree");
	if (!staged) {
		git_discard(git, 0, false);
	} else if (git_pathspecs(git, 0, "list")) {
		git_exec(git, EXEC_LOCAL);
	}
}

/* What can be no name of a branch or commit. */
static bool surely_path(const char *text)
{
	size_t len = strlen(text);
	return strchr("./", text[0]) || text[len - 1] == '/';
}

/* Whether only the index changes: `git reset`, `git reset HEAD`, `git reset [REV] -- FILE`. */
static bool only_unstages(const struct git *git)
{
	if (git_has(git, "--soft --keep")) {
		return git->count == 0;
	}
	if (git->count == 0 || git->count > 1 || git->before == 0) {
		return true;
	}
	const char *word = git_operand(git, 0);
	return strcmp(word, "HEAD") == 0 || strcmp(word, "@") == 0 || surely_path(word);
}

void git_reset(struct git *git)
{
	if (git_has(git, "--hard --merge")) {
		if (git->count > 0) {
			command_add(git->line, EFFECT_BRANCH, "", "move", "reset");
		}
		git_discard(git, git->count, false);
		return;
	}
	bool unstages = only_unstages(git);
	bool revision = git->before > 0 && (git->count > 1 || !surely_path(git_operand(git, 0)));
	if (unstages && !git_pathspecs(git, revision, "list")) {
		return;
	}
	git_exec(git, EXEC_LOCAL);
	if (!unstages) {
		command_add(git->line, EFFECT_BRANCH, "", "move", "reset");
	}
}

void git_rm(struct git *git)
{
	if (git_has(git, "--cached -n --dry-run")) {
		if (git->count == 1 && strcmp(git_operand(git, 0), ".") == 0) {
			git_refuse(git, false, "git %s of the whole directory", git->row->name);
			return;
		}
		if (git_pathspecs(git, 0, "list")) {
			git_exec(git, EXEC_LOCAL);
		}
		return;
	}
	bool tree = git_has(git, "-r");
	for (size_t i = 0; i < git->count; i++) {
		struct shell_word word = *git->operands[i];
		if (word.text[0] == ':' || strpbrk(word.text, "*?[")) {
			git_refuse(
				git, false, "%.60s is a form of path that is not known", word.text);
			return;
		}
		command_path(git->line, EFFECT_DELETE, &word, tree ? "tree" : "file");
	}
	git_exec(git, EXEC_LOCAL);
	if (tree) {
		git_tree_changed(git, false);
	}
}

/* Into a directory each file keeps its name. */
static void move_into(struct git *git, const struct shell_word *from, const struct shell_word *to)
{
	size_t end = from->len;
	while (end > 1 && from->text[end - 1] == '/') {
		end--;
	}
	size_t start = end;
	while (start > 0 && from->text[start - 1] != '/') {
		start--;
	}
	bool slash = to->len > 0 && to->text[to->len - 1] == '/';
	char *path = xasprintf(
		"%s%s%.*s", to->text, slash ? "" : "/", (int)(end - start), from->text + start);
	struct shell_word word = *to;
	word.text = path;
	word.len = strlen(path);
	command_path(git->line, EFFECT_WRITE, &word, "edit");
	free(path);
}

/* git itself refuses to replace a file, unless it is told to. */
void git_mv(struct git *git)
{
	if (git->count < 2 || git->operands[git->count - 1]->glob) {
		git_refuse(git, false, "git mv without two plain names");
		return;
	}
	if (git_has(git, "-n --dry-run")) {
		git_exec(git, EXEC_READONLY);
		return;
	}
	const struct shell_word *to = git->operands[git->count - 1];
	bool into = git->count > 2 || is_directory_name(to);
	for (size_t i = 0; i + 1 < git->count; i++) {
		command_path(git->line, EFFECT_WRITE, git->operands[i], "away");
		if (into) {
			move_into(git, git->operands[i], to);
		}
	}
	if (!into) {
		command_path(git->line, EFFECT_WRITE, to,
			git_has(git, "-f --force") ? "replace" : "edit");
	}
	git_exec(git, EXEC_LOCAL);
	git->line->tree_changed = true;
}

void git_clean(struct git *git)
{
	if (git_has(git, "-n --dry-run") && !git_has(git, "-i --interactive")) {
		git_read_paths(git);
		return;
	}
	command_add(git->line, EFFECT_DESTRUCTIVE, "untracked files", "git", "");
	git_exec(git, EXEC_LOCAL);
	git_tree_changed(git, false);
}

void git_init(struct git *git)
{
	struct buf path = { 0 };
	if (git->count > 0) {
		buf_text(&path, git_operand(git, 0));
		buf_char(&path, '/');
	}
	buf_text(&path, ".git");
	struct shell_word word = { 0 };
	if (git->count > 0) {
		word = *git->operands[0];
	}
	word.text = buf_cstr(&path);
	word.len = path.len;
	command_path(git->line, EFFECT_WRITE, &word, "tree");
	buf_finish(&path);
	git_exec(git, EXEC_LOCAL);
	git_tree_changed(git, true);
}

void git_stash(struct git *git)
{
	git_held(git);
	git_tree_changed(git, true);
}

/* With --check, --stat and the like a patch is only looked at. */
void git_apply(struct git *git)
{
	for (size_t i = 0; i < git->count; i++) {
		command_path(git->line, EFFECT_READ, git->operands[i], "");
	}
	if (git_has(git, "--check --stat --numstat --summary")) {
		git_exec(git, EXEC_READONLY);
		return;
	}
	git_refuse(git, true, "git apply changes the files that the patch names");
	git_tree_changed(git, false);
}

void git_worktree_add(struct git *git)
{
	if (git->count > 0) {
		command_path(git->line, EFFECT_WRITE, git->operands[0], "tree");
	}
	struct span name = git_value(git, "-b -B");
	if (name.at) {
		char *branch = span_dup(name);
		command_add(git->line, EFFECT_BRANCH, branch,
			git_has(git, "-B") ? "move" : "create", "");
		free(branch);
	}
	git_refuse(git, false, "git worktree add makes another work tree");
}
