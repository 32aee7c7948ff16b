/*
 * git: from the words of a call to its effects. Finds the sub-command behind the global options,
 * and leaves the rest to its row (core/effects/commands_git_rows.c).
 *
 * Promises: every call adds EXEC, and READ of the directory in which git looks for its repository,
 * so that a repository outside the scope, whose configuration may run programs, is held. What a
 * global option changes about that is followed only for -C; configuration given on the command line
 * is taken only if it can do no more than colour or name. An unknown sub-command may be an alias.
 */
#include "config.h"

#include "core/effects/commands_git.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Global options without a value that change nothing but the output. */
static const char *const plain_options[] = {
	"--no-pager",
	"-P",
	"--no-optional-locks",
	"--no-replace-objects",
	"--no-lazy-fetch",
	"--no-advice",
};

/* Configuration that a call may bring along: how the key begins or, without a dot at the end, the
 * key; and the values, NULL: any that are a word of letters, digits and a few marks. */
struct setting {
	const char *key;
	const char *const *values;
};

static const char *const no_pager[] = { "cat", "", NULL };
static const char *const truth[] = { "true", "false", "on", "off", "yes", "no", "0", "1", NULL };
static const char *const colours[] = { "always", "never", "auto", "true", "false", NULL };

// clang-format off
static const struct setting settings[] = {
	{ "color.", colours },
	{ "advice.", truth },
	{ "core.quotepath", truth },
	{ "core.pager", no_pager },
	{ "core.abbrev", NULL },
	{ "diff.renamelimit", NULL },
	{ "log.date", NULL },
	{ "log.decorate", NULL },
	{ "log.showsignature", truth },
	{ "gc.auto", NULL },
	{ "user.name", NULL },
	{ "user.email", NULL },
	{ "init.defaultbranch", NULL },
	{ "column.ui", NULL },
};
// clang-format on

static bool is_plain_value(const char *text)
{
	return text[0] != '!' &&
		strspn(text,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"0123456789 ._@+:-[]") == strlen(text);
}

static bool key_fits(const char *key, size_t len, const char *pattern)
{
	size_t want = strlen(pattern);
	bool section = pattern[want - 1] == '.';
	if (section ? len <= want : len != want) {
		return false;
	}
	for (size_t i = 0; i < want; i++) {
		char c = key[i] >= 'A' && key[i] <= 'Z' ? (char)(key[i] + 32) : key[i];
		if (c != pattern[i]) {
			return false;
		}
	}
	return true;
}

/* KEY=VALUE of -c; KEY alone means true, and is not proven for most. */
static bool setting_is_plain(const char *text)
{
	size_t len = strcspn(text, "=");
	if (!text[len]) {
		return false;
	}
	for (size_t i = 0; i < COUNT_OF(settings); i++) {
		if (!key_fits(text, len, settings[i].key)) {
			continue;
		}
		const char *const *values = settings[i].values;
		if (!values) {
			return is_plain_value(text + len + 1);
		}
		while (*values && strcmp(*values, text + len + 1) != 0) {
			values++;
		}
		return *values;
	}
	return false;
}

static bool is_plain_option(const char *text)
{
	for (size_t i = 0; i < COUNT_OF(plain_options); i++) {
		if (strcmp(plain_options[i], text) == 0) {
			return true;
		}
	}
	return false;
}

/* The directory as seen from another, not collapsed: what stands between may be links. */
static char *directory_from(const char *cwd, const struct shell_word *word)
{
	if (word->home) {
		return NULL; /* it is not known here what "~" means */
	}
	if (word->text[0] == '/') {
		return xstrdup(word->text);
	}
	return cwd ? xasprintf("%s/%s", cwd, word->text) : NULL;
}

/* Moves on to the sub-command; -C becomes the line's directory. False: git->why. */
static bool read_globals(struct git *git)
{
	const struct command *command = git->command;
	for (; git->at < command->argc; git->at++) {
		const struct shell_word *word = &command->argv[git->at];
		const struct shell_word *next = git->at + 1 < command->argc
			? &command->argv[git->at + 1]
			: NULL;
		if (word->text[0] != '-') {
			return true;
		}
		if (strcmp(word->text, "-C") == 0 && next && !next->glob && !next->status) {
			if (next->home) {
				command_path(git->line, EFFECT_READ, next, "list");
			}
			char *cwd = next->text[0] ? directory_from(git->line->cwd, next)
						  : xstrdup(git->line->cwd);
			free(git->line->cwd);
			git->line->cwd = cwd;
			git->at++;
		} else if (strcmp(word->text, "-c") == 0 && next && !next->glob && !next->status &&
			setting_is_plain(next->text)) {
			git->at++;
		} else if (!is_plain_option(word->text)) {
			snprintf(git->why, sizeof git->why,
				"%.40s in front of git's sub-command changes what it does",
				word->text);
			return false;
		}
	}
	return true;
}

static void add_repository(struct git *git)
{
	command_add(git->line, EFFECT_READ, ".", "list", "");
}

void git_exec(struct git *git, enum exec_how how)
{
	command_exec(git->line, git->command, how);
	add_repository(git);
}

void git_refuse(struct git *git, bool runs, const char *format, ...)
{
	char why[200];
	va_list args;
	va_start(args, format);
	vsnprintf(why, sizeof why, format, args);
	va_end(args);
	if (runs) {
		command_wide(git->line, git->command, "%s", why);
	} else {
		command_unproven(git->line, git->command, "%s", why);
	}
	add_repository(git);
}

void git_tree_changed(struct git *git, bool branch)
{
	struct command_line *line = git->line;
	line->tree_changed = line->tasks_changed = line->config_changed = true;
	line->branch_changed = line->branch_changed || branch;
}

/* "stash list" of `git stash list`, "log" of `git log`; NULL: no row. */
static const struct git_row *find_row(const char *name, const char *second)
{
	size_t len = strlen(name);
	const struct git_row *found = NULL;
	for (const struct git_row *row = git_rows; row->name; row++) {
		if (row->name[0] != name[0] || strncmp(row->name, name, len) != 0) {
			continue;
		}
		if (row->name[len] == ' ' && second && strcmp(row->name + len + 1, second) == 0) {
			return row;
		}
		if (!row->name[len]) {
			found = row;
		}
	}
	return found;
}

/* `git reflog -5 expire`: the second word of a name, hidden behind options. */
static bool hides_name(const struct git *git)
{
	for (size_t i = 0; i < git->count && !strchr(git->row->name, ' '); i++) {
		if (find_row(git->row->name, git_operand(git, i)) != git->row) {
			return true;
		}
	}
	return false;
}

static bool is_one_of(git_reader *read, git_reader *const *list)
{
	while (*list && *list != read) {
		list++;
	}
	return *list;
}

/* Sub-commands that only look, or stage, whatever their operands are. */
static git_reader *const looking_at_paths[] = { git_read_only, git_read_paths, git_read_grep,
	git_read_hash, git_add_files, NULL };
static git_reader *const looking[] = { git_read_words, git_read_config, git_read_var,
	git_read_remote_show, git_read_help, NULL };

/* What is not proven may still be known to touch something: every other word counts as a path.
 * What moves or sends is not granted by a form that nobody understands. */
static void refuse_row(struct git *git)
{
	bool paths = is_one_of(git->row->read, looking_at_paths);
	for (size_t i = git->at; paths && i < git->command->argc; i++) {
		if (git->command->argv[i].text[0] != '-') {
			git_revision(git, &git->command->argv[i]);
		}
	}
	bool moves = !paths && !is_one_of(git->row->read, looking);
	git_refuse(git, git->runs || moves, "%s", git->why);
}

/* `git log -h` and `git help log` print a text. */
static bool asks_help(const struct git *git)
{
	const struct command *command = git->command;
	return git->at + 1 == command->argc &&
		(strcmp(command->argv[git->at].text, "-h") == 0 ||
			strcmp(command->argv[git->at].text, "--help") == 0);
}

static void read_row(struct git *git)
{
	if (asks_help(git)) {
		git_exec(git, EXEC_READONLY);
	} else if (!git->row->options) {
		git->row->read(git);
	} else if (!git_parse(git)) {
		refuse_row(git);
	} else if (hides_name(git)) {
		git_refuse(git, true, "git %s has another sub-command behind its options",
			git->row->name);
	} else {
		git->row->read(git);
	}
	git_finish(git);
}

static void read_sub_command(struct git *git)
{
	const struct command *command = git->command;
	const struct shell_word *name = &command->argv[git->at++];
	const char *second = git->at < command->argc ? command->argv[git->at].text : NULL;
	git->row = name->glob || name->status ? NULL : find_row(name->text, second);
	if (!git->row) {
		git_refuse(git, false,
			"git %.40s is not known; it may be an alias that runs a program",
			name->text);
		return;
	}
	git->at += strchr(git->row->name, ' ') != NULL;
	read_row(git);
}

/* `git --version` and the like, which look at no repository. */
static bool only_prints(const struct command *command)
{
	return command->argc == 1 ||
		(command->argc == 2 &&
			(strcmp(command->argv[1].text, "--version") == 0 ||
				strcmp(command->argv[1].text, "-v") == 0 ||
				strcmp(command->argv[1].text, "--help") == 0 ||
				strcmp(command->argv[1].text, "-h") == 0));
}

static void read_git(struct command_line *line, const struct command *command)
{
	if (only_prints(command)) {
		command_exec(line, command, EXEC_READONLY);
		return;
	}
	struct git git = { .line = line, .command = command, .at = 1 };
	char *cwd = xstrdup(line->cwd);
	if (!read_globals(&git)) {
		git_refuse(&git, true, "%s", git.why);
	} else if (git.at == command->argc) {
		git_exec(&git, EXEC_READONLY);
	} else {
		read_sub_command(&git);
	}
	free(line->cwd);
	line->cwd = cwd;
}

/* hub acts on GitHub with the user's own rights, and passes the rest on to git. */
static void read_hub(struct command_line *line, const struct command *command)
{
	command_wide(line, command, "hub acts on GitHub as you");
}

const struct command_row commands_git[] = {
	{ "git", read_git, NULL },
	{ "hub", read_hub, NULL },
	{ NULL, NULL, NULL },
};
