/*
 * The shell itself: where it is, what changes it, and the programs that run other programs.
 *
 * What changes the shell (variables, functions, aliases) changes what every later word means: held.
 * `cd` is tracked: the directory is certain only for commands that "&&" joins to it.
 */
#include "config.h"

#include "core/effects/readers.h"

#include <stdlib.h>
#include <string.h>

static command_reader read_cd, read_set, changes_shell, runs_others, shows_environment, read_pushd;

// clang-format off
const struct command_row commands_shell[] = {
	{ "cd", read_cd, NULL }, { "pushd", read_pushd, NULL }, { "popd", read_pushd, NULL },
	{ "set", read_set, NULL }, { "exit", NULL, "| n?" }, { "wait", NULL, "| n*" },
	{ "jobs", NULL, "-[lp] |" }, { "umask", NULL, "-[S] |" }, { "ulimit", NULL, "-[a] |" },
	{ "dirs", NULL, "-[v] |" }, { "time", read_time, NULL }, { "timeout", read_timeout, NULL },
	{ "gtimeout", read_timeout, NULL }, { "command", read_command, NULL },
	{ "xargs", read_xargs, NULL }, { "export", changes_shell, NULL },
	{ "alias", changes_shell, NULL }, { "unalias", changes_shell, NULL },
	{ "unset", changes_shell, NULL }, { "declare", changes_shell, NULL },
	{ "typeset", changes_shell, NULL }, { "local", changes_shell, NULL },
	{ "readonly", changes_shell, NULL }, { "hash", changes_shell, NULL },
	{ "enable", changes_shell, NULL }, { "shopt", changes_shell, NULL },
	{ "setopt", changes_shell, NULL }, { "read", changes_shell, NULL },
	{ "mapfile", changes_shell, NULL }, { "let", changes_shell, NULL },
	{ "trap", changes_shell, NULL }, { "function", changes_shell, NULL },
	{ "getopts", changes_shell, NULL }, { "source", runs_others, NULL },
	{ ".", runs_others, NULL }, { "eval", runs_others, NULL }, { "exec", runs_others, NULL },
	{ "builtin", runs_others, NULL }, { "coproc", runs_others, NULL },
	{ "sudo", runs_others, NULL }, { "doas", runs_others, NULL }, { "su", runs_others, NULL },
	{ "pkexec", runs_others, NULL }, { "runuser", runs_others, NULL },
	{ "nohup", runs_others, NULL }, { "setsid", runs_others, NULL },
	{ "nice", runs_others, NULL }, { "ionice", runs_others, NULL },
	{ "chrt", runs_others, NULL }, { "taskset", runs_others, NULL },
	{ "stdbuf", runs_others, NULL }, { "unbuffer", runs_others, NULL },
	{ "watch", runs_others, NULL }, { "parallel", runs_others, NULL },
	{ "script", runs_others, NULL }, { "flock", runs_others, NULL },
	{ "strace", runs_others, NULL }, { "ltrace", runs_others, NULL },
	{ "perf", runs_others, NULL }, { "gdb", runs_others, NULL }, { "lldb", runs_others, NULL },
	{ "valgrind", runs_others, NULL }, { "chroot", runs_others, NULL },
	{ "unshare", runs_others, NULL }, { "nsenter", runs_others, NULL },
	{ "bwrap", runs_others, NULL }, { "firejail", runs_others, NULL },
	{ "fakeroot", runs_others, NULL }, { "busybox", runs_others, NULL },
	{ "toybox", runs_others, NULL }, { "entr", runs_others, NULL },
	{ "nix-shell", runs_others, NULL }, { "direnv", runs_others, NULL },
	{ "xvfb-run", runs_others, NULL }, { "caffeinate", runs_others, NULL },
	{ "open", runs_others, NULL }, { "xdg-open", runs_others, NULL },
	{ "expect", runs_others, NULL }, { "ld.so", runs_others, NULL },
	{ "env", shows_environment, NULL }, { "printenv", shows_environment, NULL },
	{ "bash", read_shell, NULL }, { "sh", read_shell, NULL }, { "zsh", read_shell, NULL },
	{ "dash", read_shell, NULL }, { "ksh", read_shell, NULL }, { "fish", read_shell, NULL },
	{ "python", read_python, NULL }, { "python3", read_python, NULL },
	{ "pypy3", read_python, NULL }, { "python3.10", read_python, NULL },
	{ "python3.11", read_python, NULL }, { "python3.12", read_python, NULL },
	{ "python3.13", read_python, NULL }, { "node", read_node, NULL },
	{ "nodejs", read_node, NULL }, { "tsx", read_interpreter, NULL },
	{ "ts-node", read_interpreter, NULL }, { "perl", read_interpreter, NULL },
	{ "ruby", read_interpreter, NULL }, { "php", read_interpreter, NULL },
	{ "lua", read_interpreter, NULL }, { "luajit", read_interpreter, NULL },
	{ "tclsh", read_interpreter, NULL }, { "Rscript", read_interpreter, NULL },
	{ "julia", read_interpreter, NULL }, { "osascript", read_interpreter, NULL },
	{ "pwsh", read_interpreter, NULL }, { "guile", read_interpreter, NULL },
	{ "irb", read_interpreter, NULL }, { "ipython", read_interpreter, NULL },
	{ "ipython3", read_interpreter, NULL }, { "bpython", read_interpreter, NULL },
	{ "ptpython", read_interpreter, NULL }, { "ghci", read_interpreter, NULL },
	{ "R", read_interpreter, NULL }, { "octave", read_interpreter, NULL },
	{ "iex", read_interpreter, NULL }, { "erl", read_interpreter, NULL },
	{ "jshell", read_interpreter, NULL }, { "scala", read_interpreter, NULL },
	{ "kotlin", read_interpreter, NULL }, { "kotlinc", read_interpreter, NULL },
	{ "ocaml", read_interpreter, NULL }, { "utop", read_interpreter, NULL },
	{ "sbcl", read_interpreter, NULL }, { "clisp", read_interpreter, NULL },
	{ "racket", read_interpreter, NULL }, { "swipl", read_interpreter, NULL },
	{ "wish", read_interpreter, NULL }, { NULL, NULL, NULL },
};
// clang-format on

static void changes_shell(struct command_line *line, const struct command *command)
{
	command_wide(line, command, "%s changes the shell that later commands run in",
		command->argv[0].text);
}

static void runs_others(struct command_line *line, const struct command *command)
{
	command_wide(line, command, "%s runs what it is given", command->argv[0].text);
}

static void shows_environment(struct command_line *line, const struct command *command)
{
	command_wide(line, command, "%s shows the environment, or runs with another",
		command->argv[0].text);
}

/* Options that only make a script stricter or louder. */
static void read_set(struct command_line *line, const struct command *command)
{
	bool ok = command->argc > 1;
	for (size_t i = 1; ok && i < command->argc; i++) {
		const char *text = command->argv[i].text;
		bool option = text[0] == '-' || text[0] == '+';
		size_t len = strlen(text);
		ok = option && len > 1 && strspn(text + 1, "euxo") == len - 1;
		if (ok && text[len - 1] == 'o') {
			ok = ++i < command->argc && strcmp(command->argv[i].text, "pipefail") == 0;
		} else if (ok) {
			ok = !strchr(text, 'o');
		}
	}
	if (ok) {
		command_exec(line, command, EXEC_READONLY);
	} else {
		changes_shell(line, command);
	}
}

/* ---- cd ---- */

static void forget_cwd(struct command_line *line)
{
	free(line->cwd);
	free(line->cwd_other);
	line->cwd = line->cwd_other = NULL;
}

static void read_pushd(struct command_line *line, const struct command *command)
{
	forget_cwd(line);
	command_unproven(line, command, "where %s leads is not tracked", command->argv[0].text);
}

/* The directory after `cd target`; NULL: not known. */
static char *joined(const char *cwd, const char *target)
{
	size_t len = strlen(target);
	while (len > 1 && target[len - 1] == '/') {
		len--;
	}
	if (target[0] == '/') {
		return span_dup((struct span){ target, len });
	}
	if (!cwd || cwd[0] != '/') {
		return NULL;
	}
	if (len == 1 && target[0] == '.') {
		return xstrdup(cwd);
	}
	return xasprintf("%s%s%.*s", cwd, strcmp(cwd, "/") == 0 ? "" : "/", (int)len, target);
}

/* The old directory stays possible until "&&" has shown that the cd took place. */
static void move_cwd(struct command_line *line, const struct command *command, const char *target)
{
	bool certain = command->join != JOIN_OR && command->join != JOIN_PIPE &&
		command->next != JOIN_PIPE;
	bool one = !line->cwd_other; /* from two places, only an absolute path leads to one */
	char *to = certain && target && (one || target[0] == '/') ? joined(line->cwd, target)
								  : NULL;
	if (!line->cwd_before) {
		line->cwd_before = xstrdup(one && line->cwd ? line->cwd : "");
	}
	forget_cwd(line);
	line->cwd = to;
}

static void read_cd(struct command_line *line, const struct command *command)
{
	bool ended = command->argc > 1 && strcmp(command->argv[1].text, "--") == 0;
	size_t at = ended ? 2 : 1;
	const struct shell_word *word = at + 1 == command->argc ? &command->argv[at] : NULL;
	bool known = word && !word->glob && !word->home && !word->status && word->len > 0 &&
		(ended || word->text[0] != '-') && word->text[0] != '+';
	if (!word || !known) {
		move_cwd(line, command, NULL);
	}
	if (word && (word->home || known)) {
		command_path(line, EFFECT_READ, word, "list");
	}
	if (known) {
		move_cwd(line, command, word->text);
		command_exec(line, command, EXEC_READONLY);
	} else {
		command_unproven(line, command, "where this cd leads is not known");
	}
}
