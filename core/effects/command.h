/*
 * What one simple command does. Each family of commands is a file of its own with a table; this
 * header is all that they share. Called by shell_effects for every command of a line, and by
 * command_effects for a server that takes an argv.
 *
 * A command or option that no table accounts for is EXEC "unproven" with the reason in words, and
 * held. Tables list what is allowed, never what is forbidden.
 */
#ifndef BASCULE_CORE_EFFECTS_COMMAND_H
#define BASCULE_CORE_EFFECTS_COMMAND_H

#include "core/effects/effect.h"
#include "core/effects/shell.h"

/* Is it certain that what comes through the pipe are names of files below the directories that are
 * listed by an earlier command of it? */
enum names_piped {
	NAMES_NONE,
	NAMES_ANY, /* a name may begin with "-" */
	NAMES_PREFIXED, /* each begins with a directory's name as given */
};

/* What is known while a line is read from left to right. */
struct command_line {
	struct effects *out;
	const char *arg; /* the argument that the line comes from */
	char *cwd; /* tracked through `cd`; absolute, not collapsed; NULL: not known any more */
	unsigned part; /* of the command that is read */
	/* What earlier parts of this line may have changed, so that later facts cannot rest on it.
	 */
	bool branch_changed; /* the checked out branch */
	bool tree_changed; /* which path means which file: links, moved directories, checkouts */
	bool tasks_changed; /* a file that may define a task */
	bool config_changed; /* git's or a tool's configuration */
	/* What this module alone keeps between commands. */
	char *cwd_before; /* what cwd is if a `cd` of this && chain failed; NULL: none stands open
			   */
	char *cwd_other; /* the directory may as well be this one: a `cd` may have failed */
	const char *program; /* the name of the command that is read */
	enum names_piped names; /* what comes in by the pipe */
	size_t names_from, names_to; /* the effects of the command that these names come from */
	char *names_like; /* the pattern that they all fit, "" if there is none */
};

struct command {
	const struct shell_command *shell; /* redirections; NULL: of a plain argv */
	const struct shell_word *argv; /* wrappers that were read through are taken away */
	size_t argc;
	bool reads_input; /* something is piped or redirected into it */
	enum shell_join join,
		next; /* to the commands before and after; JOIN_FIRST: there is none */
};

/* Adds the effects of one command; argv[0] is the name it was found by. */
typedef void command_reader(struct command_line *line, const struct command *command);

struct command_row {
	const char *name;
	command_reader *read; /* NULL: by `spec` alone */
	const char *spec; /* see core/effects/spec.h; may be NULL with a reader */
};

/* A family; `rows` ends with name NULL. One line each in core/effects/command.c. */
extern const struct command_row commands_view[]; /* read-only: cat, ls, grep, find, jq, … */
extern const struct command_row commands_files[]; /* cp, mv, rm, mkdir, touch, tee, sed, ln, … */
extern const struct command_row commands_shell[]; /* cd, echo, test, true, export, time, xargs, … */
extern const struct command_row commands_git[];
extern const struct command_row commands_tasks[]; /* test, lint and build programs, runners */
extern const struct command_row commands_install[]; /* package managers */
extern const struct command_row commands_remote[]; /* gh, clouds, clusters, databases, ssh, curl */
extern const struct command_row commands_system[]; /* kill, systemctl, dd, mkfs, tmux, bascule, … */

/* The whole line: parses, reads every command, redirections included. A line that cannot be proven
 * gives UNKNOWN in words, and beside it whatever is certain to be dangerous in it. */
void shell_effects(struct effects *out, const char *arg, struct span text, const char *cwd);
/* One program with its arguments, no shell. */
void argv_effects(struct effects *out, const char *arg, const struct shell_word *argv, size_t argc,
	const char *cwd);
/* What is behind a wrapper that was read through (time, timeout, xargs with a fixed command, npx of
 * a runner, `git -C`): the same command line, from this word on. */
void command_effects(struct command_line *line, const struct command *command);

/* After a command was read: what it pipes on, see enum names_piped; its effects begin at `from`. */
void command_names(struct command_line *line, const struct command *command, size_t from);

/* For readers. Each stamps part, base and late. */
/* The path as the command sees it. "-" is no file for READ. "~" gives an effect without a base: it
 * is not known here what it means. A glob is judged by its literal directory as "tree", and `word`
 * becomes what the rest of the path must look like ("*.ts"). What removes the scope, the root or a
 * home adds DESTRUCTIVE. */
void command_path(struct command_line *line, enum effect_kind kind, const struct shell_word *word,
	const char *how);
struct effect *command_add(struct command_line *line, enum effect_kind kind, const char *given,
	const char *how, const char *word);
/* EXEC with the whole argv as `given`. */
void command_exec(struct command_line *line, const struct command *command, enum exec_how how);
/* EXEC unproven and why: "%s" of the reason is kept in an UNKNOWN effect's `given` beside it. */
void command_unproven(struct command_line *line, const struct command *command, const char *format,
	...) __attribute__((format(printf, 3, 4)));
void command_wide(struct command_line *line, const struct command *command, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
