/*
 * The words of one call of git: options by the list of the sub-command, operands, and the reason
 * when an option is in no list.
 *
 * Option names must be exact: git takes any beginning of a long option that fits only one, and such
 * a word is not proven. What the lists do not name is refused; the table of reasons only says it in
 * better words.
 */
#include "config.h"

#include "core/effects/commands_git.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Options that are in no list for a reason worth saying. */
struct reason {
	const char *option;
	bool runs;
	const char *what; /* "--output makes git diff ..." */
};

// clang-format off
static const struct reason reasons[] = {
	{ "--output", false, "write a file" },
	{ "--output-directory", false, "write files" },
	{ "--no-index", false, "read any two files" },
	{ "--contents", false, "read any file" },
	{ "--file", false, "use any file" },
	{ "--blob", false, "read configuration from elsewhere" },
	{ "--pathspec-from-file", false, "take its paths from a file" },
	{ "--pathspec-file-nul", false, "take its paths from a file" },
	{ "--list", false, "show every value" },
	{ "-l", false, "show every value" },
	{ "--get-regexp", false, "show many values" },
	{ "--stdin", false, "take its words from what is piped in" },
	{ "--batch", false, "take its words from what is piped in" },
	{ "--batch-command", false, "take its words from what is piped in" },
	{ "--ext-diff", true, "run a program" },
	{ "--textconv", true, "run a program" },
	{ "--filters", true, "run a program" },
	{ "--open-files-in-pager", true, "run a program" },
	{ "-O", true, "run a program" },
	{ "--upload-pack", true, "run a program" },
	{ "--receive-pack", true, "run a program" },
	{ "--exec", true, "run a program" },
	{ "-x", true, "run a program" },
	{ "--extcmd", true, "run a program" },
	{ "--tool", true, "run a program" },
	{ "--config", true, "use another configuration" },
	{ "-c", true, "use another configuration" },
	{ "--template", true, "copy hooks from elsewhere" },
	{ "--edit-description", true, "open an editor" },
	{ "--strategy", true, "run a program" },
	{ "--show-signature", false, "run gpg" },
	{ "--verify-signatures", false, "run gpg" },
	{ "--gpg-sign", false, "sign with your key" },
	{ "--sign", false, "sign with your key" },
	{ "--local-user", false, "sign with your key" },
	{ "--signed", false, "sign with your key" },
	{ "-S", false, "sign with your key" },
	{ "--no-verify", false, "skip the hooks" },
	{ "--edit", false, "open an editor" },
	{ "-e", false, "open an editor" },
	{ "--reedit-message", false, "open an editor" },
	{ "--patch", false, "ask at a terminal" },
	{ "-p", false, "ask at a terminal" },
	{ "--interactive", false, "ask at a terminal" },
	{ "-i", false, "ask at a terminal" },
	{ "--force", false, "leave out a safeguard" },
	{ "-f", false, "leave out a safeguard" },
	{ "--unsafe-paths", false, "write outside the work tree" },
	{ "--directory", false, "write elsewhere" },
	{ "--lost-found", false, "write files" },
	{ "--push-option", false, "tell the server to do more" },
	{ "--repo", false, "use another remote" },
	{ "--recurse-submodules", false, "reach into other repositories" },
	{ "--separate-git-dir", false, "put the repository elsewhere" },
	{ "--bare", false, "make a repository that looks like a plain directory" },
};
// clang-format on

static bool next_word(const char **list, struct span *word)
{
	*list += strspn(*list, " ");
	*word = (struct span){ *list, strcspn(*list, " ") };
	*list += word->len;
	return word->len > 0;
}

/* An entry of the list, taken apart. */
struct entry {
	struct span name;
	char mark; /* ':', '=' or 0 */
	char kind; /* 't', 'n', 'r', '?' or 0 */
};

static struct entry entry_of(struct span word)
{
	size_t len = 0;
	while (len < word.len && word.at[len] != ':' && word.at[len] != '=') {
		len++;
	}
	return (struct entry){
		.name = { word.at, len },
		.mark = len < word.len ? word.at[len] : 0,
		.kind = len + 1 < word.len ? word.at[len + 1] : 0,
	};
}

static bool entry_find(const char *list, struct span name, struct entry *entry)
{
	for (struct span word; next_word(&list, &word);) {
		*entry = entry_of(word);
		if (span_same(entry->name, name)) {
			return true;
		}
	}
	return false;
}

static bool not_proven(struct git *git, const struct reason *reason, struct span option, bool whole)
{
	int len = option.len < 40 ? (int)option.len : 40;
	git->runs = reason && reason->runs;
	if (!reason) {
		snprintf(git->why, sizeof git->why, "the option %.*s of git %s is not known", len,
			option.at, git->row->name);
	} else if (whole) {
		snprintf(git->why, sizeof git->why, "%.*s makes git %s %s", len, option.at,
			git->row->name, reason->what);
	} else {
		snprintf(git->why, sizeof git->why,
			"%.*s may be short for %s, which makes git %s %s", len, option.at,
			reason->option, git->row->name, reason->what);
	}
	return false;
}

/* `name` without its value, "--outp" or "-O". */
static bool unknown_option(struct git *git, struct span name)
{
	const struct reason *begins = NULL;
	for (size_t i = 0; i < COUNT_OF(reasons); i++) {
		const char *option = reasons[i].option;
		if (span_is(name, option)) {
			return not_proven(git, &reasons[i], name, true);
		}
		if (name.len > 2 && name.len < strlen(option) &&
			strncmp(option, name.at, name.len) == 0 &&
			(!begins || (reasons[i].runs && !begins->runs))) {
			begins = &reasons[i];
		}
	}
	return not_proven(git, begins, name, false);
}

static bool bad_value(struct git *git, struct span name)
{
	snprintf(git->why, sizeof git->why, "the value of %.*s of git %s is not proven",
		name.len < 40 ? (int)name.len : 40, name.at, git->row->name);
	return false;
}

/* Formats can make git check signatures, by a program. */
static bool format_runs(struct span name, struct span value)
{
	if (!span_is(name, "--format") && !span_is(name, "--pretty")) {
		return false;
	}
	for (size_t i = 0; i + 1 < value.len; i++) {
		if (value.at[i] == '%' && (value.at[i + 1] == 'G' || value.at[i + 1] == '(') &&
			(value.at[i + 1] == 'G' ||
				strncmp(value.at + i + 2, "signature", 9) == 0)) {
			return true;
		}
	}
	return false;
}

static bool take_option(struct git *git, const struct entry *entry, struct span value,
	const struct shell_word *word)
{
	if (value.at &&
		((entry->kind == 'n' && !span_digits(value)) || format_runs(entry->name, value))) {
		return bad_value(git, entry->name);
	}
	if (value.at && entry->kind == 'r') {
		struct shell_word path = { .text = value.at, .len = value.len };
		command_path(git->line, EFFECT_READ, value.at == word->text ? word : &path, "");
	}
	git->options[git->option_count++] = (struct git_option){ entry->name, value };
	return true;
}

/* The value of an option that has one behind it: the rest of the word, or the next word. */
static bool take_value(struct git *git, const struct entry *entry, struct span rest, size_t *i)
{
	const struct command *command = git->command;
	if (rest.at || entry->mark == '=') {
		return take_option(git, entry, rest, &command->argv[*i]);
	}
	if (*i + 1 < command->argc) {
		const struct shell_word *word = &command->argv[++*i];
		bool dash = word->text[0] == '-' && word->len > 1;
		if (word->glob || ((word->status || dash) && entry->kind != 't')) {
			return bad_value(git, entry->name);
		}
		return take_option(git, entry, (struct span){ word->text, word->len }, word);
	}
	if (entry->kind == '?') {
		return take_option(git, entry, (struct span){ 0 }, NULL);
	}
	return bad_value(git, entry->name);
}

static bool take_long(struct git *git, const char *list, size_t *i)
{
	const struct shell_word *word = &git->command->argv[*i];
	size_t len = strcspn(word->text, "=");
	struct span name = { word->text, len };
	struct entry entry;
	if (!entry_find(list, name, &entry)) {
		return unknown_option(git, name);
	}
	struct span rest = { 0 };
	if (len < word->len) {
		rest = (struct span){ word->text + len + 1, word->len - len - 1 };
	}
	if (!entry.mark) {
		return rest.at ? bad_value(git, name)
			       : take_option(git, &entry, (struct span){ 0 }, word);
	}
	return take_value(git, &entry, rest, i);
}

static bool take_short(struct git *git, const char *list, size_t *i)
{
	const struct shell_word *word = &git->command->argv[*i];
	struct entry entry;
	if (span_digits((struct span){ word->text + 1, word->len - 1 }) &&
		entry_find(list, SPAN("-#"), &entry)) {
		return take_option(git, &entry, (struct span){ 0 }, word);
	}
	for (size_t k = 1; k < word->len; k++) {
		char name[3] = { '-', word->text[k], '\0' };
		if (!entry_find(list, span_of(name), &entry)) {
			return unknown_option(git, span_of(name));
		}
		if (entry.mark) {
			struct span rest = { 0 };
			if (k + 1 < word->len) {
				rest = (struct span){ word->text + k + 1, word->len - k - 1 };
			}
			return take_value(git, &entry, rest, i);
		}
		if (!take_option(git, &entry, (struct span){ 0 }, word)) {
			return false;
		}
	}
	return true;
}

/* A pattern of the shell could become a file name that git takes for an option. */
static bool may_be_option(const struct shell_word *word)
{
	return word->glob && strchr("-*?[", word->text[0]);
}

static bool take_word(struct git *git, const char *list, bool ordered, size_t *i)
{
	const struct shell_word *word = &git->command->argv[*i];
	if (word->status || (!git->dashed && may_be_option(word)) ||
		strlen(word->text) != word->len) {
		snprintf(git->why, sizeof git->why, "a word of git %s is not known before it runs",
			git->row->name);
		return false;
	}
	if (git->dashed || word->text[0] != '-' || word->len == 1 || (ordered && git->count > 0)) {
		git->operands[git->count++] = word;
		return true;
	}
	if (strcmp(word->text, "--") == 0) {
		git->dashed = true;
		git->before = git->count;
		return true;
	}
	return word->text[1] == '-' ? take_long(git, list, i) : take_short(git, list, i);
}

bool git_parse(struct git *git)
{
	const struct command *command = git->command;
	const char *list = git->row->options;
	bool ordered = list[0] == '<';
	/* a word of letters is at most one option each */
	size_t most = 1;
	for (size_t i = git->at; i < command->argc; i++) {
		most += command->argv[i].len + 1;
	}
	git->options = xcalloc(most, sizeof *git->options);
	git->operands = xcalloc(command->argc + 1, sizeof *git->operands);
	for (size_t i = git->at; i < command->argc; i++) {
		if (!take_word(git, list + ordered, ordered, &i)) {
			return false;
		}
	}
	if (!git->dashed) {
		git->before = git->count;
	}
	if (git->row->most >= 0 && git->count > (size_t)git->row->most) {
		snprintf(git->why, sizeof git->why, "git %s has more words than are known",
			git->row->name);
		return false;
	}
	return true;
}

void git_finish(struct git *git)
{
	free(git->options);
	free(git->operands);
}

static const struct git_option *find_option(const struct git *git, const char *names)
{
	const struct git_option *found = NULL;
	for (struct span name; next_word(&names, &name);) {
		for (size_t i = 0; i < git->option_count; i++) {
			if (span_same(git->options[i].name, name) &&
				(!found || found < &git->options[i])) {
				found = &git->options[i];
			}
		}
	}
	return found;
}

bool git_has(const struct git *git, const char *names)
{
	return find_option(git, names);
}

struct span git_value(const struct git *git, const char *names)
{
	const struct git_option *option = find_option(git, names);
	return option ? option->value : (struct span){ 0 };
}

const char *git_operand(const struct git *git, size_t i)
{
	return git->operands[i]->text;
}
