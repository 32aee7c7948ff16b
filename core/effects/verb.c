/*
 * Finds a command's row in the tables of programs with sub-commands and adds the effects that the
 * row names.
 *
 * Promises: what only asks is read loosely, what may be allowed is read word for word. An option
 * before the sub-command that is not listed never leads to a row that may be allowed. Does not know
 * any program: that is in the tables. Called for every command of the families tasks, install,
 * remote and system.
 */
#include "config.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/effects/verb.h"

static const struct verb_row *const tables[] = { verbs_tasks, verbs_scripts, verbs_programs,
	verbs_install, verbs_remote, verbs_system };

/* "run|run-script" holds `word`; the alternatives are the `len` bytes at `at`. */
static bool one_of(const char *at, size_t len, const char *word)
{
	size_t want = strlen(word);
	for (const char *end = at + len; at < end;) {
		const char *bar = memchr(at, '|', (size_t)(end - at));
		size_t n = (size_t)((bar == NULL ? end : bar) - at);
		if (n == want && memcmp(at, word, n) == 0) {
			return true;
		}
		at += n + 1;
	}
	return false;
}

/* How many words of `row` stand in argv from the program on; 0: it does not fit. */
static size_t row_fits(const struct verb_row *row, const struct command *command, size_t at)
{
	size_t count = 0;
	for (const char *text = row->words; *text != 0; count++) {
		size_t len = strcspn(text, " ");
		size_t index = count == 0 ? 0 : at + count - 1;
		if (index >= command->argc || !one_of(text, len, command->argv[index].text)) {
			return 0;
		}
		text += len + (text[len] == ' ');
	}
	return count;
}

static const struct verb_row *find_row(const struct command *command, size_t at, size_t *words)
{
	const struct verb_row *best = NULL;
	*words = 0;
	for (size_t t = 0; t < COUNT_OF(tables); t++) {
		for (const struct verb_row *row = tables[t]; row->words != NULL; row++) {
			size_t count = row->act == VERB_PROGRAM ? 0 : row_fits(row, command, at);
			if (count > *words) {
				best = row;
				*words = count;
			}
		}
	}
	return best;
}

static const struct verb_row *find_program(const char *name)
{
	for (size_t t = 0; t < COUNT_OF(tables); t++) {
		for (const struct verb_row *row = tables[t]; row->words != NULL; row++) {
			if (row->act == VERB_PROGRAM &&
				one_of(row->words, strlen(row->words), name)) {
				return row;
			}
		}
	}
	return NULL;
}

/* ---- rows ---- */

/* The command without the options before the sub-command; `memory` is the caller's to free. */
static struct command without_globals(
	const struct command *command, size_t at, struct shell_word **memory)
{
	size_t rest = command->argc - at;
	struct shell_word *argv = xcalloc(1 + rest, sizeof(*argv));
	argv[0] = command->argv[0];
	if (rest > 0) {
		memcpy(argv + 1, command->argv + at, rest * sizeof(*argv));
	}
	*memory = argv;
	struct command bare = *command;
	bare.argv = argv;
	bare.argc = 1 + rest;
	return bare;
}

/* What is read as an operand is edited as well; of a directory, files of the program's language. */
static void add_edits(struct command_line *line, size_t from)
{
	size_t to = line->out->count;
	bool any = false;
	for (size_t i = from; i < to; i++) {
		if (line->out->list[i].kind != EFFECT_READ) {
			continue;
		}
		char *path = xstrdup(line->out->list[i].given);
		struct shell_word word = { .text = path, .len = strlen(path) };
		command_path(line, EFFECT_WRITE, &word, "edit");
		free(path);
		any = true;
	}
	if (!any) {
		struct shell_word here = { .text = ".", .len = 1, .plain = true };
		command_path(line, EFFECT_WRITE, &here, "edit");
	}
}

static bool has_option(const struct command *command, const char *list, bool clustered)
{
	for (size_t i = 1; i < command->argc; i++) {
		const char *word = command->argv[i].text;
		if (word[0] != '-') {
			continue;
		}
		if (verb_listed(list, word)) {
			return true;
		}
		for (const char *letter = word + 1; clustered && word[1] != '-' && *letter;
			letter++) {
			char option[3] = { '-', *letter, 0 };
			if (verb_listed(list, option)) {
				return true;
			}
		}
	}
	return false;
}

static bool does_edit(const struct verb_row *row, const struct command *command)
{
	if (row->edits == NULL || row->edits[0] == 0) {
		return row->edits != NULL;
	}
	bool adds = row->edits[0] == '+';
	return has_option(command, row->edits + 1, adds) == adds;
}

/* Whose configuration, or whose code, decides what such a program does. */
static const char *runner_of(const char *name)
{
	static const char *const others[][2] = { { "py.test", "pytest" }, { "coverage", "pytest" },
		{ "doctest", "unittest" }, { "bazelisk", "bazel" }, { "basedpyright", "pyright" },
		{ "gotestsum", "go" }, { "staticcheck", "go" }, { "govulncheck", "go" },
		{ "revive", "go" }, { "errcheck", "go" }, { "ineffassign", "go" },
		{ "vue-tsc", "tsc" }, { "svelte-check", "tsc" }, { "tsgo", "tsc" },
		{ "standardrb", "rubocop" }, { "bin/rails", "rails" }, { "bin/rspec", "rspec" },
		{ "bin/rubocop", "rubocop" } };
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		if (strcmp(others[i][0], name) == 0) {
			return others[i][1];
		}
	}
	return name;
}

/* `tox -e deploy`, `nox -s release` */
static bool add_reaching(struct command_line *line, const struct command *command)
{
	for (size_t i = 1; i < command->argc; i++) {
		if (verb_reaches(command->argv[i].text)) {
			verb_add_task(line, command, command->argv[0].text, command->argv[i].text);
			return true;
		}
	}
	return false;
}

/* Rows that may lead to something that is allowed. */
static void apply_proven(struct command_line *line, const struct command *command,
	const struct command *bare, size_t skip, const struct verb_row *row)
{
	char why[160] = "";
	size_t before = line->out->count;
	bool tasks_changed = line->tasks_changed;
	if (!verb_spec(line, bare, row->spec == NULL ? "" : row->spec, skip, why)) {
		if (row->act == VERB_READ && row->text != NULL) {
			verb_add_install(line, command, bare, skip, row);
		}
		command_unproven(line, command, "%s", why);
		return;
	}
	if (verb_listed("tox nox", bare->argv[0].text) && add_reaching(line, command)) {
		return;
	}
	bool edits = does_edit(row, bare);
	if (edits) {
		/* A formatter leaves what a file says as it was, so tasks stay what they are. */
		add_edits(line, before);
		line->tasks_changed = tasks_changed;
	}
	if (row->act == VERB_READ) {
		command_exec(line, command, edits ? EXEC_LOCAL : EXEC_READONLY);
		return;
	}
	/* What it writes itself comes too late to change what it runs. */
	bool changes = line->tasks_changed;
	line->tasks_changed = tasks_changed;
	verb_add(line, command, EFFECT_TASK, runner_of(command->argv[0].text), row->text);
	line->tasks_changed = changes;
}

/* Every option is in the list; these are what a reading verb may have. */
static bool only_listed(const struct command *command, size_t from, const char *list)
{
	for (size_t i = from; i < command->argc; i++) {
		char kind;
		const char *value;
		const char *text = command->argv[i].text;
		if (command->argv[i].glob || command->argv[i].status) {
			return false;
		}
		if (text[0] != '-' || text[1] == 0) {
			continue;
		}
		enum option_form form = option_form(list, text, &kind, &value);
		if (form == OPTION_NEXT && i + 1 < command->argc) {
			value = command->argv[++i].text;
		}
		if (form == OPTION_NONE || (kind == 'j' && !verb_jq(value))) {
			return false;
		}
	}
	return true;
}

/* Rows that a person is asked about. */
static void apply_asked(struct command_line *line, const struct command *command,
	const struct command *bare, size_t skip, const struct verb_row *row)
{
	const char *name = command->argv[0].text;
	bool reads;
	switch (row->act) {
	case VERB_PUBLISH:
		verb_add(line, command, EFFECT_PUBLISH, name, "");
		break;
	case VERB_CLOUD:
	case VERB_LOOK:
		reads = row->act == VERB_LOOK && only_listed(bare, skip, row->spec);
		verb_add(line, command, EFFECT_CLOUD, name, reads ? "read" : "write");
		break;
	case VERB_USE:
	case VERB_ASK: {
		struct buf tool = { 0 };
		size_t words = skip;
		while (skip == 1 && words < 3 && words < bare->argc &&
			isalpha((unsigned char)bare->argv[words].text[0])) {
			words++; /* a verb that no row names */
		}
		for (size_t i = 0; i < words; i++) {
			buf_printf(&tool, "%s%s", i > 0 ? " " : "", bare->argv[i].text);
		}
		reads = row->act == VERB_ASK && only_listed(bare, skip, row->spec);
		command_add(line, EFFECT_REMOTE, buf_cstr(&tool), reads ? "read" : "write", name);
		buf_finish(&tool);
		break;
	}
	case VERB_SECRET:
		command_add(line, EFFECT_SECRET, "a credential that it prints", name, "");
		break;
	case VERB_SELF:
		verb_add(line, command, EFFECT_SELF, "", "");
		break;
	case VERB_DESTROY:
		command_add(line, EFFECT_DESTRUCTIVE, row->text, name, "");
		break;
	case VERB_PROCESS:
		verb_add(line, command, EFFECT_PROCESS, row->text, "");
		break;
	case VERB_INSTALL:
	case VERB_LOCKFILE:
	case VERB_FETCH:
	case VERB_REMOVE:
	case VERB_GLOBAL:
		verb_add_install(line, command, bare, skip, row);
		break;
	default:
		break;
	}
	if (row->act == VERB_WIDE) {
		command_wide(line, command, "%s", row->text);
	} else if (row->act == VERB_UNPROVEN) {
		command_unproven(line, command, "%s", row->text);
	} else if (verb_listed("publish secret self destructive process",
			   effect_kind_name(line->out->list[line->out->count - 1].kind))) {
		command_exec(line, command, EXEC_UNPROVEN);
	}
}

static bool is_proven(enum verb_act act)
{
	return act == VERB_READ || act == VERB_TASK;
}

/* An option that is not listed could make a reading verb something else. */
static bool is_asked(enum verb_act act)
{
	return !is_proven(act) && act != VERB_CALL && act != VERB_LOOK && act != VERB_ASK;
}

static void apply(struct command_line *line, const struct command *command, size_t at, size_t words,
	const struct verb_row *row)
{
	struct shell_word *memory;
	struct command bare = without_globals(command, at, &memory);
	if (row->act == VERB_CALL) {
		row->call(line, &bare);
	} else if (is_proven(row->act)) {
		apply_proven(line, command, &bare, words, row);
	} else {
		apply_asked(line, command, &bare, words, row);
	}
	free(memory);
}

/* `rustc --version` and the like, alone. */
static bool asks_version(const struct command *command)
{
	return command->argc == 2 && strcmp(command->argv[1].text, "--version") == 0 &&
		strchr(command->argv[0].text, '/') == NULL;
}

/* An option that nobody lists: only a row that is asked about may be taken, wherever it stands. */
static void apply_hidden(struct command_line *line, const struct command *command, size_t from)
{
	for (size_t at = from; at < command->argc; at++) {
		size_t words;
		const struct verb_row *row = find_row(command, at, &words);
		if (row != NULL && words > 1 && is_asked(row->act)) {
			apply(line, command, at, words, row);
			return;
		}
	}
	size_t words;
	const struct verb_row *row = find_row(command, command->argc, &words);
	if (row != NULL && is_asked(row->act)) {
		apply(line, command, command->argc, words, row);
		return;
	}
	command_unproven(
		line, command, "the option %.60s is not accounted for", command->argv[from].text);
}

/* `-C DIR` before the sub-command; false: more than one of them. */
static bool enter_globals(struct command_line *line, const struct command *command,
	const char *list, size_t at, char **before)
{
	for (size_t i = 1; i < at; i++) {
		char kind;
		const char *value;
		enum option_form form = option_form(list, command->argv[i].text, &kind, &value);
		struct shell_word dir = command->argv[i];
		if (form == OPTION_NEXT && ++i < at) {
			dir = command->argv[i];
		} else if (value != NULL) {
			dir.text = value;
			dir.len = strlen(value);
		}
		if (kind == 'b' && *before != NULL) {
			return false;
		}
		if (kind == 'b') {
			*before = verb_enter(line, &dir);
		}
	}
	return true;
}

void verb_read(struct command_line *line, const struct command *command)
{
	assert(command->argc > 0);
	const struct verb_row *program = find_program(command->argv[0].text);
	const char *list = program == NULL ? "" : program->spec;
	size_t at;
	size_t words;
	if (asks_version(command)) {
		command_exec(line, command, EXEC_READONLY);
		return;
	}
	/* A program without sub-commands has options of its own from the first word on. */
	bool listed = verb_find(list, command, &at);
	if (!listed) { /* `cmake --build` is a sub-command, too */
		find_row(command, at, &words);
		listed = words > 1;
	}
	const struct verb_row *alone = find_row(command, command->argc, &words);
	if (!listed && !(program == NULL && alone != NULL)) {
		apply_hidden(line, command, at);
		return;
	}
	const struct verb_row *row = listed ? find_row(command, at, &words) : alone;
	if (row == NULL) {
		command_unproven(line, command, "%.40s %.60s is not accounted for",
			command->argv[0].text, at < command->argc ? command->argv[at].text : "");
		return;
	}
	char *before = NULL;
	if (!listed || enter_globals(line, command, list, at, &before)) {
		apply(line, command, program == NULL && words == 1 ? 1 : at, words, row);
	} else {
		command_unproven(line, command, "more than one directory to run in");
	}
	if (before != NULL) {
		verb_leave(line, before);
	}
}

bool verb_task(struct command_line *line, const struct command *command)
{
	size_t words;
	size_t at;
	const struct verb_row *program = find_program(command->argv[0].text);
	if (!verb_find(program == NULL ? "" : program->spec, command, &at)) {
		at = 1;
	}
	const struct verb_row *row = find_row(command, at, &words);
	if (row == NULL || !is_proven(row->act)) {
		return false;
	}
	verb_read(line, command);
	return true;
}
