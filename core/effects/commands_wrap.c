/*
 * Commands that run another one which stands in their words: timeout, time, xargs, find's -exec.
 *
 * Only what is read through completely is allowed: the inner command is judged as if it stood
 * alone. Where names of files come from a pipe, it must be certain which files they can be: those
 * below the directories that an earlier command of the pipe lists (and its effects name).
 */
#include "config.h"

#include "core/effects/readers.h"

#include <stdlib.h>
#include <string.h>

/* ---- timeout, time, command ---- */

/* The command that begins at argv[at]. What changes the shell itself is not meant by a wrapper. */
static void read_inner(struct command_line *line, const struct command *command, size_t at)
{
	static const char *const shell[] = { "cd", "pushd", "popd", "exit", "set", NULL };
	if (at >= command->argc) {
		command_unproven(line, command, "%s: a command is missing", command->argv[0].text);
		return;
	}
	if (text_in(command->argv[at].text, shell)) {
		command_unproven(line, command, "%s: %s is a part of the shell",
			command->argv[0].text, command->argv[at].text);
		return;
	}
	struct command inner = *command;
	inner.argv += at;
	inner.argc -= at;
	command_effects(line, &inner);
}

/* "90", "1.5m" */
static bool is_duration(const struct shell_word *word)
{
	size_t len = strspn(word->text, "0123456789.");
	return len > 0 &&
		(len == word->len || (len + 1 == word->len && strchr("smhd", word->text[len])));
}

void read_timeout(struct command_line *line, const struct command *command)
{
	static const char spec[] = "<-k:w -s:w -v --kill-after:w --signal:w --foreground "
				   "--preserve-status --verbose | w*";
	char why[160];
	struct spec_walk walk = spec_walk_of(command, spec, 1, why);
	struct spec_item item;
	while (spec_next(&walk, &item)) {
		if (spec_is_operand(&item)) {
			if (!is_duration(&item.word)) {
				break;
			}
			read_inner(line, command, item.index + 1);
			return;
		}
	}
	command_unproven(line, command, "timeout: this use of it is not proven");
}

void read_time(struct command_line *line, const struct command *command)
{
	bool portable = command->argc > 1 && strcmp(command->argv[1].text, "-p") == 0;
	read_inner(line, command, portable ? 2 : 1);
}

/* Only what is found under a name. */
void read_command(struct command_line *line, const struct command *command)
{
	const char *option = command->argc > 1 ? command->argv[1].text : "";
	if (strcmp(option, "-v") == 0 || strcmp(option, "-V") == 0) {
		spec_effects(line, command, "-[vV] | w+", 1);
	} else {
		command_wide(line, command, "command runs what it is given");
	}
}

/* ---- a command for each of many files ---- */

bool is_placeholder(const struct shell_word *word)
{
	return !word->glob && strcmp(word->text, "{}") == 0;
}

/* Programs whose file operands are only read, and which no name could turn into something else. */
static bool takes_names(const char *name, bool prefixed, bool *silent)
{
	/* a name that begins with "-" is no harm */
	static const char *const any[] = { "cat", "grep", "egrep", "fgrep", "head", "tail", "wc",
		"ls", "stat", "du", "nl", "md5sum", "sha1sum", "sha256sum", NULL };
	static const char *const below[] = { "sed", "rg", "file", "cut", "sort", "strings", "jq",
		"xxd", "od", NULL };
	static const char *const none[] = { "echo", "basename", "dirname", NULL };
	*silent = text_in(name, none);
	return *silent || text_in(name, any) || (prefixed && text_in(name, below));
}

/* Exactly one placeholder, at the end, and no word that holds one. */
static bool placed_last(const struct command *command)
{
	for (size_t i = 0; i + 1 < command->argc; i++) {
		if (strstr(command->argv[i].text, "{}")) {
			return false;
		}
	}
	return command->argc > 1 && is_placeholder(&command->argv[command->argc - 1]);
}

/* The pattern of what is read: what shows whole files must not meet one of any name, what only
 * counts shows nothing. */
static const char *pattern_for(const char *program, const char *like)
{
	static const char *const shows[] = { "cat", "head", "tail", "sed", "nl", "strings", "cut",
		"sort", "xxd", "od", "jq", NULL };
	static const char *const counts[] = { "wc", "md5sum", "sha1sum", "sha256sum", NULL };
	if (text_in(program, counts)) {
		return "";
	}
	bool any = !like[0] || strcmp(like, ALL_NAMES) == 0;
	return any && text_in(program, shows) ? "*" : like;
}

/* Takes over what was read, the files' own as a tree. False: it is more than reading. */
static bool take_reads(struct command_line *line, const struct effects *inner,
	const struct shell_word *from, const char *like, bool silent)
{
	bool found = silent;
	for (size_t i = 0; i < inner->count; i++) {
		const struct effect *e = &inner->list[i];
		if (e->kind != EFFECT_READ &&
			(e->kind != EFFECT_EXEC || strcmp(e->how, "readonly") != 0)) {
			return false;
		}
		found |= e->kind == EFFECT_READ && strcmp(e->given, from->text) == 0;
	}
	for (size_t i = 0; found && i < inner->count; i++) {
		const struct effect *e = &inner->list[i];
		if (e->kind != EFFECT_READ) {
			continue;
		}
		bool file = !e->how[0] && strcmp(e->given, from->text) == 0;
		struct effect *copy = command_add(
			line, EFFECT_READ, e->given, file ? "tree" : e->how, file ? like : e->word);
		free(copy->base);
		copy->base = xstrdup(e->base);
	}
	return found;
}

bool command_each(struct command_line *line, const struct command *command,
	const struct shell_word *from, const char *like, bool prefixed)
{
	bool silent;
	if (!placed_last(command) || from->glob || from->status || from->text[0] == '-' ||
		!takes_names(command->argv[0].text, prefixed, &silent)) {
		return false;
	}
	struct effects read = { 0 };
	struct command_line apart = *line;
	struct shell_word *argv = xcalloc(command->argc, sizeof(*argv));
	memcpy(argv, command->argv, command->argc * sizeof(*argv));
	argv[command->argc - 1] = *from;
	struct command inner = *command;
	inner.argv = argv;
	apart.out = &read;
	command_effects(&apart, &inner);
	bool ok = take_reads(line, &read, from, pattern_for(command->argv[0].text, like), silent);
	effects_finish(&read);
	free(argv);
	return ok;
}

/* ---- xargs ---- */

/* The inner command with the place of the names as "{}": where -I says, or at the end. */
static bool inner_argv(const struct command *command, size_t at, const char *replace,
	struct shell_word *argv, size_t *count)
{
	static const struct shell_word place = { .text = "{}", .len = 2 };
	static const struct shell_word echo = { .text = "echo", .len = 4, .plain = true };
	*count = 0;
	for (size_t i = at; i < command->argc; i++) {
		bool whole = replace && strcmp(command->argv[i].text, replace) == 0;
		if (replace && !whole && strstr(command->argv[i].text, replace)) {
			return false;
		}
		argv[(*count)++] = whole ? place : command->argv[i];
	}
	if (*count == 0) {
		argv[(*count)++] = echo;
	}
	if (!replace) {
		argv[(*count)++] = place;
	}
	return true;
}

static bool for_each_name(struct command_line *line, const struct command *inner)
{
	size_t to = line->names_to;
	bool ok = line->names != NAMES_NONE && line->names_from < to;
	for (size_t i = line->names_from; ok && i < to; i++) {
		const struct effect *e = &line->out->list[i];
		if (e->kind != EFFECT_READ || strcmp(e->how, "") == 0) {
			continue;
		}
		char *given = xstrdup(e->given);
		char *like = xstrdup(
			line->names_like && line->names_like[0] ? line->names_like : e->word);
		struct shell_word from = { .text = given, .len = strlen(given) };
		from.home = given[0] == '~' && !e->base[0];
		ok = command_each(line, inner, &from, like, line->names == NAMES_PREFIXED);
		free(given);
		free(like);
	}
	return ok;
}

void read_xargs(struct command_line *line, const struct command *command)
{
	static const char spec[] = "<-[0rt] -n:n -P:n -L:n -I:w -d:w --null --no-run-if-empty "
				   "--max-args:n --max-procs:n --delimiter:w --verbose | w*";
	char why[160];
	const char *replace = NULL;
	size_t at = command->argc, count;
	struct spec_walk walk = spec_walk_of(command, spec, 1, why);
	struct spec_item item;
	while (at == command->argc && spec_next(&walk, &item)) {
		if (spec_is(&item, "-I")) {
			replace = item.word.text;
		} else if (spec_is_operand(&item)) {
			at = item.index;
		}
	}
	struct shell_word *argv = xcalloc(command->argc + 2, sizeof(*argv));
	struct command inner = *command;
	bool ok = !walk.failed && (!replace || replace[0]) &&
		inner_argv(command, at, replace, argv, &count);
	inner.argv = argv;
	inner.argc = ok ? count : 0;
	if (ok && for_each_name(line, &inner)) {
		command_exec(line, command, EXEC_READONLY);
	} else {
		command_wide(line, command, "xargs: what it runs, and on what, is not proven");
	}
	free(argv);
}

/* ---- what a command pipes on ---- */

static enum names_piped prints_names(const struct command *command)
{
	const char *name = command->argv[0].text;
	const char *sub = command->argc > 1 ? command->argv[1].text : "";
	if (strcmp(name, "find") == 0) {
		static const char *const other[] = { "-exec", "-ls", "-printf", NULL };
		for (size_t i = 1; i < command->argc; i++) {
			if (text_in(command->argv[i].text, other)) {
				return NAMES_NONE;
			}
		}
		return NAMES_PREFIXED;
	}
	bool names = strcmp(name, "fd") == 0 || (strcmp(name, "rg") == 0 && rg_names(command)) ||
		(strcmp(name, "grep") == 0 && grep_names(command)) ||
		(strcmp(name, "git") == 0 && strcmp(sub, "ls-files") == 0) ||
		(strcmp(name, "ls") == 0 && sub[0] == '-' && strchr(sub, 'd') &&
			strspn(sub, "-1dtrS") == strlen(sub));
	return names ? NAMES_ANY : NAMES_NONE;
}

/* Passes on lines as they are, or leaves some out. */
static bool is_filter(const struct command *command)
{
	static const char *const filters[] = { "head", "tail", "sort", "uniq", "grep", NULL };
	if (!text_in(command->argv[0].text, filters)) {
		return false;
	}
	for (size_t i = 1; i < command->argc; i++) {
		const char *text = command->argv[i].text;
		if (strcmp(command->argv[0].text, "grep") == 0 && text[0] == '-' &&
			(text[1] == '-' || strspn(text + 1, "EFivwxP") != strlen(text + 1))) {
			return false;
		}
	}
	return true;
}

static bool all_read_only(const struct command_line *line, size_t from)
{
	for (size_t i = from; i < line->out->count; i++) {
		const struct effect *e = &line->out->list[i];
		if (e->kind != EFFECT_READ &&
			(e->kind != EFFECT_EXEC || strcmp(e->how, "readonly") != 0)) {
			return false;
		}
	}
	return true;
}

/* Every directory was given with a name, which all that is found there begins with. */
static bool all_named(const struct command_line *line, size_t from)
{
	for (size_t i = from; i < line->out->count; i++) {
		const struct effect *e = &line->out->list[i];
		if (e->kind == EFFECT_READ && (strcmp(e->given, ".") == 0 || e->given[0] == '-')) {
			return false;
		}
	}
	return true;
}

/* What the printed names look like: as find says, or any at all. */
static const char *names_like(const struct command *command)
{
	const char *name = command->argv[0].text;
	bool hidden = (strcmp(name, "rg") == 0 && rg_hidden(command)) || strcmp(name, "fd") == 0;
	return strcmp(name, "find") == 0 ? find_names(command) : hidden ? ALL_NAMES : "";
}

void command_names(struct command_line *line, const struct command *command, size_t from)
{
	bool reads = false;
	for (size_t i = from; i < line->out->count; i++) {
		reads |= line->out->list[i].kind == EFFECT_READ;
	}
	if (command->join == JOIN_PIPE && line->names && is_filter(command) && !reads) {
		return;
	}
	line->names = all_read_only(line, from) ? prints_names(command) : NAMES_NONE;
	if (line->names == NAMES_ANY && strcmp(command->argv[0].text, "fd") != 0 &&
		all_named(line, from)) {
		line->names = NAMES_PREFIXED;
	}
	line->names_from = from;
	line->names_to = line->out->count;
	free(line->names_like);
	line->names_like = xstrdup(names_like(command));
}
