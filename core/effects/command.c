/*
 * From a shell line, or an argv, to effects: which family knows a command, what the working
 * directory is, what an earlier command may have changed, and what redirections do.
 *
 * It knows no command by itself; a word that is in no table is held. Called by the profiles of
 * servers that run commands, in the gate and again in the broker.
 */
#include "config.h"

#include "core/effects/readers.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct command_row *const families[] = {
	commands_view,
	commands_files,
	commands_shell,
	commands_git,
	commands_tasks,
	commands_install,
	commands_remote,
	commands_system,
};

static const struct command_row *find_in(const struct command_row *family, const char *name)
{
	for (; family->name; family++) {
		if (family->name[0] == name[0] && strcmp(family->name, name) == 0) {
			return family;
		}
	}
	return NULL;
}

static const struct command_row *find_row(const char *name)
{
	const struct command_row *row = NULL;
	for (size_t i = 0; !row && i < COUNT_OF(families); i++) {
		row = find_in(families[i], name);
	}
	return row;
}

/* ---- effects ---- */

/* May what an earlier command did make the facts of such an effect wrong? */
static bool is_late(const struct command_line *line, enum effect_kind kind)
{
	switch (kind) {
	case EFFECT_READ:
	case EFFECT_WRITE:
	case EFFECT_DELETE:
		return line->tree_changed;
	case EFFECT_TASK:
	case EFFECT_INSTALL: /* by a lockfile */
		return line->tree_changed || line->tasks_changed || line->config_changed;
	case EFFECT_BRANCH:
	case EFFECT_PUSH:
		return line->branch_changed || line->config_changed || line->tree_changed;
	default:
		return line->config_changed;
	}
}

static struct effect *add_seen_from(struct command_line *line, enum effect_kind kind,
	const char *given, const char *how, const char *word, const char *base)
{
	struct effect *effect = effects_add(line->out, kind, line->arg, given, how, word);
	if (base && base[0]) {
		free(effect->base);
		effect->base = xstrdup(base);
	}
	effect->part = line->part;
	effect->late = is_late(line, kind);
	return effect;
}

struct effect *command_add(struct command_line *line, enum effect_kind kind, const char *given,
	const char *how, const char *word)
{
	bool absolute = effect_has_path(kind) && given[0] == '/';
	return add_seen_from(line, kind, given, how, word, absolute ? NULL : line->cwd);
}

/* A glob keeps its wildcards unquoted, a home its tilde: quoted they would say something else. */
static void add_quoted(struct buf *out, const struct shell_word *word)
{
	if (word->home) {
		buf_char(out, '~');
		if (word->len > 1) {
			buf_char(out, '/');
		}
		if (word->len > 2) {
			shell_quote(out, (struct span){ word->text + 2, word->len - 2 });
		}
		return;
	}
	if (!word->glob) {
		shell_quote(out, (struct span){ word->text, word->len });
		return;
	}
	for (size_t i = 0; i < word->len; i++) {
		size_t run = strcspn(word->text + i, "*?[]");
		if (run) {
			shell_quote(out, (struct span){ word->text + i, run });
			i += run;
		}
		if (i < word->len) {
			buf_char(out, word->text[i]);
		}
	}
}

void command_exec(struct command_line *line, const struct command *command, enum exec_how how)
{
	struct buf text = { 0 };
	for (size_t i = 0; i < command->argc; i++) {
		if (i) {
			buf_char(&text, ' ');
		}
		add_quoted(&text, &command->argv[i]);
	}
	command_add(line, EFFECT_EXEC, buf_cstr(&text), exec_how_name(how), command->argv[0].text);
	buf_finish(&text);
}

static void exec_because(struct command_line *line, const struct command *command,
	enum exec_how how, const char *format, va_list args)
{
	char why[240];
	vsnprintf(why, sizeof(why), format, args);
	command_exec(line, command, how);
	command_add(line, EFFECT_UNKNOWN, why, command->argv[0].text, "");
}

void command_unproven(
	struct command_line *line, const struct command *command, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	exec_because(line, command, EXEC_UNPROVEN, format, args);
	va_end(args);
}

void command_wide(struct command_line *line, const struct command *command, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	exec_because(line, command, EXEC_WIDE, format, args);
	va_end(args);
}

/* ---- paths ---- */

/* What such a file holds is run by no task because of its name. */
static bool defines_no_task(const char *path)
{
	static const char endings[] =
		".c .h .cc .cpp .hpp .rs .go .ts .tsx .jsx .css .scss .html .md .txt .log .svg "
		".o .a .so .class .pyc .tsbuildinfo .png .csv .sql .java .rb .vue .svelte .snap "
		".out .tmp .diff .patch .py .js .mjs";
	static const char *const words[] = { "config", "conf", "setup", "file", "build", "tasks",
		"noxf", "Lists" };
	const char *name = path_name(path), *dot = strrchr(name, '.');
	if (name[0] == '.') {
		return false; /* .eslintrc.js */
	}
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (strstr(name, words[i])) {
			return false;
		}
	}
	return dot && word_in(endings, dot);
}

static bool is_all(struct span path, const char *cwd)
{
	while (path.len > 1 && path.at[path.len - 1] == '/') {
		path.len--;
	}
	const char *slash = memrchr(path.at, '/', path.len);
	struct span last = path;
	if (slash && path.len > 1) {
		last.len -= (size_t)(slash + 1 - path.at);
		last.at = slash + 1;
	}
	return path.len == 0 || span_is(path, "/") || span_is(path, "~") || span_is(last, ".") ||
		span_is(last, "..") || (cwd && span_is(path, cwd));
}

/* The root, a home, the working directory or what is above it, or all that lies in one of these. */
static bool is_everything(const struct command_line *line, const char *path)
{
	const char *name = path_name(path);
	struct span s = span_of(path);
	if (strcmp(name, "*") == 0 || strcmp(name, ".*") == 0) {
		s.len = (size_t)(name - path);
	}
	return is_all(s, line->cwd);
}

/* Removing a tree of build output changes no task; no other tree is removed unasked. */
static bool may_change_task(enum effect_kind kind, const char *path, const char *how)
{
	bool tree = strcmp(how, "tree") == 0;
	switch (kind) {
	case EFFECT_WRITE:
		return strcmp(how, "mkdir") != 0 && (tree || !defines_no_task(path));
	case EFFECT_DELETE:
		return !tree && !defines_no_task(path);
	default:
		return false;
	}
}

static void add_path(struct command_line *line, enum effect_kind kind,
	const struct shell_word *word, const char *given, const char *how, const char *like)
{
	if (kind == EFFECT_DELETE && is_everything(line, word->text)) {
		command_add(line, EFFECT_DESTRUCTIVE, word->text, line->program, "");
	}
	bool relative = !word->home && given[0] != '/';
	add_seen_from(line, kind, given, how, like, relative ? line->cwd : NULL);
	line->tasks_changed |= may_change_task(kind, given, how);
}

/* The literal directory of a glob, and what the rest must look like. A wildcard further up leaves
 * open in which directory the name lies, so of a file only a name with an ending says anything. */
static void add_glob(struct command_line *line, enum effect_kind kind,
	const struct shell_word *word, const char *how)
{
	size_t first = strcspn(word->text, "*?["), dir = first;
	while (dir > 0 && word->text[dir - 1] != '/') {
		dir--;
	}
	const char *name = path_name(word->text);
	bool deep = name != word->text + dir;
	const char *dot = strrchr(name, '.');
	bool ended = dot && dot[1] && !strpbrk(dot, "*?[");
	char *given = dir == 0 ? xstrdup(".")
		: dir == 1     ? xstrdup("/")
			       : span_dup((struct span){ word->text, dir - 1 });
	struct shell_word literal = *word;
	literal.home = word->home && dir > 0;
	bool list = kind == EFFECT_READ && strcmp(how, "list") == 0;
	/* A lone wildcard as a tree is what lies below the directory. */
	bool whole = kind == EFFECT_READ && strcmp(how, "tree") == 0 && strcmp(name, "*") == 0;
	/* Less is searched than all that lies below the directory. */
	bool part = deep && kind == EFFECT_READ && strcmp(how, "tree") == 0 &&
		!strpbrk(name, "*?[");
	const char *like = list || whole ? ""
		: part                   ? name
		: deep && !ended         ? "*"
		: deep                   ? word->text + dir
					 : name;
	add_path(line, kind, &literal, given, list ? "list" : "tree", like);
	free(given);
}

void command_path(struct command_line *line, enum effect_kind kind, const struct shell_word *word,
	const char *how)
{
	static const char streams[] = "- /dev/null /dev/stdin /dev/stdout /dev/stderr";
	if (kind == EFFECT_READ && !word->glob && word_in(streams, word->text)) {
		return;
	}
	if (word->status || !word->text[0]) {
		command_add(line, EFFECT_UNKNOWN,
			word->status ? "a path that is not certain" : "an empty path", word->text,
			"");
		return;
	}
	if (word->glob) {
		add_glob(line, kind, word, how);
		return;
	}
	add_path(line, kind, word, word->text, how, "");
}

/* ---- one command ---- */

static void read_row(
	struct command_line *line, const struct command *command, const struct command_row *row)
{
	line->program = row->name;
	if (command_asks_version(command) ||
		(row->spec && command->argc == 2 &&
			word_in("--help --version", command->argv[1].text))) {
		command_exec(line, command, EXEC_READONLY);
	} else if (row->read) {
		row->read(line, command);
	} else {
		spec_effects(line, command, row->spec, 1);
	}
}

/* The same command under another name. */
static void read_as(
	struct command_line *line, const struct command *command, const struct command_row *row)
{
	struct shell_word *argv = xcalloc(command->argc, sizeof(*argv));
	memcpy(argv, command->argv, command->argc * sizeof(*argv));
	argv[0].text = row->name;
	argv[0].len = strlen(row->name);
	struct command renamed = *command;
	renamed.argv = argv;
	read_row(line, &renamed, row);
	free(argv);
}

/* Where the system's programs are, and where a package manager puts those of the project. */
static const struct command_row *find_placed(const char *path, bool *project)
{
	static const char *const system[] = { "/usr/bin/", "/bin/" };
	static const char *const local[] = { "./node_modules/.bin/", "node_modules/.bin/",
		".venv/bin/", "./.venv/bin/", "venv/bin/", "./venv/bin/", "./vendor/bin/",
		"vendor/bin/" };
	for (size_t i = 0; i < COUNT_OF(system); i++) {
		if (strncmp(path, system[i], strlen(system[i])) == 0) {
			return find_row(path + strlen(system[i]));
		}
	}
	*project = true;
	for (size_t i = 0; i < COUNT_OF(local); i++) {
		const char *name = path + strlen(local[i]);
		if (strncmp(path, local[i], strlen(local[i])) == 0) {
			bool python = strncmp(name, "python", 6) == 0;
			return find_in(python ? commands_shell : commands_tasks, name);
		}
	}
	return NULL;
}

/* A program that lies among the project's files may be another than its name says: only what is
 * judged by its task is taken for what the name says. */
static void distrust(struct command_line *line, const struct command *command, size_t from)
{
	for (size_t i = from; i < line->out->count; i++) {
		struct effect *effect = &line->out->list[i];
		if (effect->kind == EFFECT_EXEC &&
			(strcmp(effect->how, "readonly") == 0 ||
				strcmp(effect->how, "local") == 0)) {
			free(effect->how);
			effect->how = xstrdup("unproven");
			command_add(line, EFFECT_UNKNOWN, "a program of the project",
				command->argv[0].text, "");
			return;
		}
	}
}

static void read_by_path(struct command_line *line, const struct command *command)
{
	const struct shell_word *word = &command->argv[0];
	bool project = false;
	size_t from = line->out->count;
	const struct command_row *row = word->home ? NULL : find_placed(word->text, &project);
	if (!row || project) {
		command_path(line, EFFECT_READ, word, "");
	}
	if (!row) {
		command_unproven(line, command, "%.160s is a program of its own", word->text);
		return;
	}
	read_as(line, command, row);
	if (project) {
		distrust(line, command, from);
	}
}

void command_effects(struct command_line *line, const struct command *command)
{
	const struct shell_word *word = &command->argv[0];
	if (word->glob || word->status || (command->shell && !word->plain && !word->home)) {
		command_unproven(line, command, "the name of the command is not written plainly");
		return;
	}
	const struct command_row *row = find_row(word->text);
	line->program = word->text;
	if (row) {
		read_row(line, command, row);
	} else if (strchr(word->text, '/') || word->home) {
		read_by_path(line, command);
	} else if (command_asks_version(command)) {
		command_exec(line, command, EXEC_READONLY);
	} else {
		command_unproven(
			line, command, "%.160s is not a command that is known", word->text);
	}
}

/* ---- a line ---- */

static void read_redirect(struct command_line *line, const struct shell_redirect *redirect)
{
	static const char streams[] = "/dev/null /dev/stdout /dev/stderr /dev/stdin";
	const struct shell_word *word = &redirect->word;
	if (redirect->kind == REDIRECT_TEXT || redirect->kind == REDIRECT_DUP ||
		(!word->glob && word_in(streams, word->text))) {
		return;
	}
	if (word->glob) {
		command_add(line, EFFECT_UNKNOWN, "a glob as the target of a redirection",
			word->text, "");
		return;
	}
	bool reads = redirect->kind == REDIRECT_READ;
	if (!reads && strncmp(word->text, "/dev/pts/", 9) == 0) {
		command_add(line, EFFECT_SELF, "writes to a terminal", "", "");
	}
	if (strcmp(word->text, "-") == 0) {
		/* To a redirection it is a name like any other. */
		static const struct shell_word dash = { .text = "./-", .len = 3 };
		word = &dash;
	}
	command_path(line, reads ? EFFECT_READ : EFFECT_WRITE, word,
		reads                                       ? ""
			: redirect->kind == REDIRECT_APPEND ? "edit"
							    : "replace");
}

static bool reads_input(const struct shell_command *shell)
{
	bool reads = shell->join == JOIN_PIPE;
	for (size_t i = 0; i < shell->redirect_count; i++) {
		enum shell_redirect_kind kind = shell->redirects[i].kind;
		reads |= kind == REDIRECT_READ || kind == REDIRECT_TEXT;
	}
	return reads;
}

/* After "||" and ";" it is not known whether a `cd` took place: what follows is read for both
 * directories, and allowed only if both allow it. */
static void settle_cwd(struct command_line *line, enum shell_join join)
{
	if (!line->cwd_before || join == JOIN_AND || join == JOIN_PIPE) {
		return;
	}
	char *before = line->cwd_before;
	line->cwd_before = NULL;
	if (line->cwd && strcmp(line->cwd, before) == 0) {
		free(before);
	} else if (line->cwd && before[0] == '/' && !line->cwd_other) {
		line->cwd_other = before;
	} else {
		free(before);
		free(line->cwd);
		line->cwd = NULL;
	}
}

/* They are opened before the command runs: those of a cd are seen from where it began. */
static void read_redirects(
	struct command_line *line, const struct command *command, const char *began)
{
	char *led = line->cwd;
	line->cwd = xstrdup(began);
	for (size_t i = 0; i < command->shell->redirect_count; i++) {
		read_redirect(line, &command->shell->redirects[i]);
	}
	free(line->cwd);
	line->cwd = led;
}

static void read_once(struct command_line *line, const struct command *command)
{
	char *began = xstrdup(line->cwd);
	command_effects(line, command);
	read_redirects(line, command, began);
	free(began);
}

static void swap_cwd(struct command_line *line)
{
	char *cwd = line->cwd;
	line->cwd = line->cwd_other;
	line->cwd_other = cwd;
}

static void read_one(struct command_line *line, const struct shell_line *shell, size_t index)
{
	const struct shell_command *at = &shell->commands[index];
	struct command command = { .shell = at,
		.argv = at->words,
		.argc = at->count,
		.reads_input = reads_input(at),
		.join = at->join,
		.next = index + 1 < shell->count ? shell->commands[index + 1].join : JOIN_FIRST };
	line->part = (unsigned)index + 1;
	settle_cwd(line, at->join);
	if (at->join != JOIN_PIPE) {
		line->names = NAMES_NONE;
	}
	size_t before = line->out->count;
	char *other = xstrdup(line->cwd_other);
	read_once(line, &command);
	if (line->cwd_other) { /* a further cd would have settled it */
		swap_cwd(line);
		read_once(line, &command);
		swap_cwd(line);
	} else if (other) {
		read_redirects(line, &command, other);
	}
	free(other);
	command_names(line, &command, before);
}

static void line_finish(struct command_line *line)
{
	free(line->cwd);
	free(line->cwd_before);
	free(line->cwd_other);
	free(line->names_like);
}

void shell_effects(struct effects *out, const char *arg, struct span text, const char *cwd)
{
	struct command_line line = { .out = out, .arg = arg, .cwd = xstrdup(cwd) };
	struct shell_line shell;
	if (!shell_parse(&shell, text)) {
		command_add(&line, EFFECT_UNKNOWN, shell.fault, "", "");
	}
	for (size_t i = 0; i < shell.count; i++) {
		read_one(&line, &shell, i);
	}
	if (!out->count) {
		command_add(&line, EFFECT_UNKNOWN, "no command", "", "");
	}
	shell_finish(&shell);
	line_finish(&line);
}

void argv_effects(struct effects *out, const char *arg, const struct shell_word *argv, size_t argc,
	const char *cwd)
{
	struct command_line line = { .out = out, .arg = arg, .cwd = xstrdup(cwd) };
	struct command command = { .argv = argv, .argc = argc };
	if (argc) {
		command_effects(&line, &command);
	} else {
		command_add(&line, EFFECT_UNKNOWN, "no command", "", "");
	}
	line_finish(&line);
}
