/*
 * Sub-commands of git that only look: their rows say which options are known, these readers what
 * their operands mean.
 */
#include "config.h"

#include "core/effects/commands_git.h"
#include "core/effects/readers.h"

#include <stdio.h>
#include <string.h>

/* `-L 10,20:FILE` of log reads FILE. */
static void read_line_range(struct git *git)
{
	for (size_t i = 0; i < git->option_count; i++) {
		const struct git_option *option = &git->options[i];
		if (!span_is(option->name, "-L") || strncmp(git->row->name, "blame", 5) == 0) {
			continue;
		}
		size_t at = option->value.len;
		while (at > 0 && option->value.at[at - 1] != ':') {
			at--;
		}
		struct shell_word word = { .text = option->value.at + at,
			.len = option->value.len - at };
		if (at > 0 && word.len > 0) {
			git_pathspec(git, &word, "");
		}
	}
}

/* diff, log, show, blame and the like: revisions, objects and paths whose content is shown. */
void git_read_only(struct git *git)
{
	read_line_range(git);
	/* `git cat-file blob HEAD:a.c` begins with a type */
	bool type = git->count == 2 && strcmp(git->row->name, "cat-file") == 0;
	if (git_revisions(git, type)) {
		git_exec(git, EXEC_READONLY);
	}
}

/* status, ls-files: paths, whose names alone are shown. */
void git_read_paths(struct git *git)
{
	if (git_pathspecs(git, 0, "list")) {
		git_exec(git, EXEC_READONLY);
	}
}

/* rev-parse, describe: names and hashes go in, names and hashes come out. */
void git_read_words(struct git *git)
{
	git_exec(git, EXEC_READONLY);
}

/* The pattern, unless an option holds it, then revisions and paths; "(" and ")" are of patterns. */
void git_read_grep(struct git *git)
{
	size_t first = git_has(git, "-e -f") ? 0 : 1;
	if (git_has(git, "--untracked --no-exclude-standard") && git->count <= first) {
		command_add(git->line, EFFECT_READ, ".", "tree", ALL_NAMES);
	}
	for (size_t i = first; i < git->count; i++) {
		const struct shell_word *word = git->operands[i];
		bool bracket = i < git->before &&
			(strcmp(word->text, "(") == 0 || strcmp(word->text, ")") == 0);
		if (bracket || (i < git->before && git_only_revision(word->text))) {
			continue;
		}
		bool known = i < git->before ? git_revision(git, word)
					     : git_pathspec(git, word, "tree");
		if (!known) {
			git_refuse(git, false, "%.60s is a form of path that is not known",
				word->text);
			return;
		}
	}
	git_exec(git, EXEC_READONLY);
}

/* hash-object without -w */
void git_read_hash(struct git *git)
{
	for (size_t i = 0; i < git->count; i++) {
		command_path(git->line, EFFECT_READ, git->operands[i], "");
	}
	git_exec(git, EXEC_READONLY);
}

/* format-patch writes a file for each commit unless it is told to print. */
void git_read_format_patch(struct git *git)
{
	if (git_has(git, "--stdout")) {
		git_read_only(git);
	} else {
		git_refuse(
			git, false, "git %s writes files unless --stdout is given", git->row->name);
	}
}

/* Read-only with the one option that the row names in `why`. */
void git_read_stdout_only(struct git *git)
{
	if (git_has(git, git->row->why)) {
		git_read_hash(git);
	} else {
		git_refuse(git, false, "git %s without %s changes something", git->row->name,
			git->row->why);
	}
}

/* Asks the remote unless -n is given. */
void git_read_remote_show(struct git *git)
{
	if (git->count == 0 || git_has(git, "-n")) {
		git_exec(git, EXEC_READONLY);
	} else {
		git_refuse(git, false, "git %s asks the remote %.60s", git->row->name,
			git_operand(git, 0));
	}
}

/* Keys whose values are shown: not those that hold tokens, helpers or addresses of others. */
static bool key_is_plain(const char *key)
{
	static const char *const sections[] = { "user.", "core.", "branch.", "init.", "pull.",
		"push.", "merge.", "rebase.", "color.", "diff.", "commit.", "tag.", "fetch.",
		"advice.", "format.", "log.", "status.", "i18n.", "gpg.", "rerere.", "submodule.",
		"extensions.", "pager.", "index.", "feature.", "gc.", "column.", "grep.", "help.",
		"author.", "committer.", "stash.", "worktree.", "checkout.", "lfs." };
	size_t len = strlen(key);
	if (strncmp(key, "remote.", 7) == 0) {
		return len > 11 &&
			(strcmp(key + len - 4, ".url") == 0 ||
				strcmp(key + len - 6, ".fetch") == 0 ||
				strcmp(key + len - 8, ".pushurl") == 0 ||
				strcmp(key + len - 5, ".push") == 0);
	}
	for (size_t i = 0; i < COUNT_OF(sections); i++) {
		if (strncmp(key, sections[i], strlen(sections[i])) == 0) {
			return true;
		}
	}
	return false;
}

/* Writes to git's configuration, which names programs that git runs. */
static void write_config(struct git *git)
{
	struct shell_word file = { .text = ".git/config" };
	if (git_has(git, "--global")) {
		file = (struct shell_word){ .text = "~/.gitconfig", .home = true };
	} else if (git_has(git, "--system")) {
		file.text = "/etc/gitconfig";
	}
	file.len = strlen(file.text);
	command_path(git->line, EFFECT_WRITE, &file, "edit");
	git_refuse(git, false, "git %s changes git's configuration, which may name programs to run",
		git->row->name);
	git->line->config_changed = true;
}

/* `git config KEY` and `git config --get KEY` read, `git config KEY VALUE` writes. */
void git_read_config(struct git *git)
{
	bool get = git_has(git, "--get --get-all") || git->row->why;
	bool writes = git_has(git,
		"--unset --unset-all --add --replace-all --rename-section "
		"--remove-section --edit -e");
	if (writes || (!get && git->count > 1)) {
		write_config(git);
	} else if (git->count == 0) {
		git_refuse(git, false, "git %s would show every value", git->row->name);
	} else if (!key_is_plain(git_operand(git, 0))) {
		git_refuse(git, false, "the value of %.60s may be a secret", git_operand(git, 0));
	} else {
		git_exec(git, EXEC_READONLY);
	}
}

/* `git remote add`, `git remote set-url` and the like */
void git_remote_config(struct git *git)
{
	write_config(git);
}

void git_read_var(struct git *git)
{
	static const char *const names[] = { "GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT",
		"GIT_EDITOR", "GIT_SEQUENCE_EDITOR", "GIT_PAGER", "GIT_DEFAULT_BRANCH",
		"GIT_SHELL_PATH" };
	for (size_t i = 0; i < COUNT_OF(names) && git->count == 1; i++) {
		if (strcmp(git_operand(git, 0), names[i]) == 0) {
			git_exec(git, EXEC_READONLY);
			return;
		}
	}
	git_refuse(git, false, "git %s would show every value", git->row->name);
}

/* A page of the manual; a word with a slash in it would be any file. */
void git_read_help(struct git *git)
{
	const char *name = git->count ? git_operand(git, 0) : "";
	if (strspn(name, "abcdefghijklmnopqrstuvwxyz-") == strlen(name)) {
		git_exec(git, EXEC_READONLY);
	} else {
		git_refuse(git, false, "git help of %.60s is not known", name);
	}
}
