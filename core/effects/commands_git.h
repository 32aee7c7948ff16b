/*
 * What the readers of git's sub-commands share: one call of git cut into sub-command, options and
 * operands, and the words in which a call is refused. Private to core/effects/commands_git*.c.
 */
#ifndef BASCULE_CORE_EFFECTS_COMMANDS_GIT_H
#define BASCULE_CORE_EFFECTS_COMMANDS_GIT_H

#include "core/effects/command.h"

struct git_option {
	struct span name; /* as in the list: "-m", "--message" */
	struct span value; /* absent if it has none */
};

struct git {
	struct command_line *line;
	const struct command *command;
	const struct git_row *row;
	size_t at; /* of the first word behind the sub-command's name */
	struct git_option *options;
	size_t option_count;
	const struct shell_word **operands;
	size_t count;
	size_t before; /* operands in front of "--"; count if there is no "--" */
	bool dashed; /* there is a "--" */
	char why[160];
	bool runs; /* what is not proven may run a program */
};

/* Adds everything that the call does. Called when the options are proven. */
typedef void git_reader(struct git *git);

/*
 * One sub-command. The options are a list of words; what is not in it is not proven:
 *   "-x" "--long"  a flag, letters may be combined; "-#" a number, as in `git log -20`
 *   "-x:" "--long:"  with a value, attached or as the next word, that does not begin with "-"
 *   "-x=" "--long="  with a value that can only be attached, and may be missing
 * and behind ":" or "=": "t" any text, "n" a number, "r" a file that is read, "?" the value is
 * missing if it is the last word. "<" in front of all: options stand before operands.
 */
struct git_row {
	const char *name; /* "log", or with the word behind it: "stash list" */
	git_reader *read;
	const char *options; /* NULL: whatever stands there, it is not proven */
	int most; /* operands; -1: any number */
	const char *why; /* what is not proven about it, or a word for its reader */
};

/* Ends with name NULL. */
extern const struct git_row git_rows[];

/* False: `git->why` says what is not proven. READ effects of option values are added. */
bool git_parse(struct git *git);
void git_finish(struct git *git);
/* One of the names, separated by spaces, was given. */
bool git_has(const struct git *git, const char *names);
/* The value of the last of them; absent if there is none. */
struct span git_value(const struct git *git, const char *names);
const char *git_operand(const struct git *git, size_t i); /* its text */

/* EXEC, and that git works in this directory. */
void git_exec(struct git *git, enum exec_how how);
/* The same of what is not proven, or (`runs`) may run a program; the reason is "git SUB ...". */
void git_refuse(struct git *git, bool runs, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Files may be others behind it: for what later parts of the line rest on. */
void git_tree_changed(struct git *git, bool branch);
/* DESTRUCTIVE: "uncommitted changes of a.c, b.c", the operands from this one on. */
void git_discard(struct git *git, size_t from, bool branch);

/* A pathspec. False: its form is not proven; nothing is added. */
bool git_pathspec(struct git *git, const struct shell_word *word, const char *how);
/* All operands from this one on; refuses the call if one is not proven, and returns false. */
bool git_pathspecs(struct git *git, size_t from, const char *how);
/* A revision, an object, or a path: adds READ unless it can only be a revision. */
bool git_revision(struct git *git, const struct shell_word *word);
/* Every operand as one, behind "--" as a pathspec. */
bool git_revisions(struct git *git, size_t from);
/* A word that can only be a revision, never a file: HEAD~2, a..b, 3f2a91c. */
bool git_only_revision(const char *text);
/* A word that can be the short name of a branch, and nothing that git reads otherwise. */
bool git_branch_name(struct span name);
/* "origin": a remote's name, no address and no path. */
bool git_remote_name(const char *text);

git_reader git_read_only, git_read_paths, git_read_words, git_read_grep, git_read_hash,
	git_read_format_patch, git_read_stdout_only, git_read_config, git_read_remote_show,
	git_read_var, git_read_help, git_read_symbolic_ref;
git_reader git_held, git_runs, git_destroys;
git_reader git_add_files, git_commit, git_restore, git_reset, git_rm, git_mv, git_clean, git_init,
	git_stash, git_apply, git_worktree_add;
git_reader git_branch, git_tag, git_switch, git_checkout, git_moves, git_update_ref;
git_reader git_push, git_fetch, git_pull, git_clone, git_ls_remote, git_remote_config;

#endif
