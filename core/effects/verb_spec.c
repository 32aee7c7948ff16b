/*
 * Reads what may be allowed by its row's spec, and what specs cannot say: words that are harmless
 * as they stand, options behind "--", operands with a tail that is no part of a path, options that
 * are whole words, names of formats.
 *
 * Promises: every word is accounted for, by core/effects/spec.c or here, where a rule here only
 * refuses more.
 */
#include "config.h"

#include "core/effects/spec.h"
#include "core/effects/verb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One with " -- " has another behind it for the words behind "--". */
static bool read_halves(struct command_line *line, const struct command *command, const char *spec,
	size_t skip, char why[160])
{
	const char *cut = strstr(spec, " -- ");
	if (cut == NULL) {
		return spec_read(line, command, spec, skip, why);
	}
	size_t dashes = skip;
	while (dashes < command->argc && strcmp(command->argv[dashes].text, "--") != 0) {
		dashes++;
	}
	char *head = xasprintf("%.*s", (int)(cut - spec), spec);
	struct command part = *command;
	part.argc = dashes;
	bool good = spec_read(line, &part, head, skip, why);
	free(head);
	for (size_t i = dashes + 1; i < command->argc; i++) {
		if (strcmp(command->argv[i].text, "--") == 0) {
			snprintf(why, 160, "-- more than once");
			good = false;
		}
	}
	if (good && dashes < command->argc) {
		good = spec_read(line, command, cut + 4, dashes + 1, why);
	}
	return good;
}

/* Programs whose options are whole words: "-overlay" is not "-o verlay". */
static bool whole_words(const struct command *command, const char *spec, size_t skip, char why[160])
{
	static const char programs[] = "go gofmt goimports staticcheck govulncheck terraform tofu "
				       "actionlint revive tsc vue-tsc tsgo java javac";
	if (!verb_listed(programs, command->argv[0].text)) {
		return true;
	}
	for (size_t i = skip; i < command->argc; i++) {
		char kind;
		const char *value;
		const char *text = command->argv[i].text;
		if (text[0] != '-' || text[1] == 0) {
			continue;
		}
		enum option_form form = option_form(spec, text, &kind, &value);
		if (form == OPTION_NONE ||
			(form == OPTION_ATTACHED && (value[-1] != '=' || text[2] == '='))) {
			snprintf(why, 160, "the option %.80s is not proven", text);
			return false;
		}
		i += form == OPTION_NEXT;
	}
	return true;
}

/* How much of an operand is a path: of "a_test.py::test_a", "a_spec.rb:12" and "./pkg/..." the
 * part in front. */
static size_t path_part(const char *program, const char *text)
{
	static const char go[] = "go golangci-lint staticcheck govulncheck revive errcheck "
				 "ineffassign gotestsum";
	size_t len = strlen(text);
	const char *colon = strchr(text, ':');
	if (text[0] == '-') {
		return len;
	}
	if (verb_listed("pytest py.test", program) && strstr(text, "::") > text) {
		return (size_t)(strstr(text, "::") - text);
	}
	if (verb_listed("rspec bin/rspec rails bin/rails", program) && colon > text &&
		colon[1 + strspn(colon + 1, "0123456789:")] == 0) {
		return (size_t)(colon - text);
	}
	if (verb_listed(go, program) && len > 4 && strcmp(text + len - 4, "/...") == 0) {
		return len - 4;
	}
	return len;
}

/* A name of a format, and no class or file that is loaded to make one. */
static bool names_format(const struct command *command, size_t i)
{
	static const char programs[] = "rubocop standardrb pylint rspec bin/rspec bin/rubocop";
	const char *text = command->argv[i].text;
	const char *before = i > 0 ? command->argv[i - 1].text : "";
	if (!verb_listed(programs, command->argv[0].text)) {
		return true;
	}
	if (strncmp(text, "-f", 2) == 0 && text[2] != 0) {
		text += 2;
	} else if (strncmp(text, "--format=", 9) == 0 ||
		strncmp(text, "--output-format=", 16) == 0) {
		text = strchr(text, '=') + 1;
	} else if (!verb_listed("-f --format --output-format", before)) {
		return true;
	}
	return text[strspn(text, "abcdefghijklmnopqrstuvwxyz-")] == 0;
}

/* The words that its spec is to account for. False: one cannot be. The texts that differ from those
 * of the command are kept in `texts`. */
static bool spec_words(const struct command *command, const char *harmless, bool halves,
	size_t skip, struct shell_word *argv, size_t *argc, char **texts, char why[160])
{
	bool ended = false;
	for (size_t i = 0; i < command->argc; i++) {
		struct shell_word word = command->argv[i];
		/* Not every program takes what stands behind "--" for operands. */
		if (ended && word.text[0] == '-') {
			snprintf(why, 160, "%.60s behind --", word.text);
			return false;
		}
		if (i >= skip && word.text[0] == '@') { /* many read more arguments from it */
			snprintf(why, 160, "%.60s may be a file of more arguments", word.text);
			return false;
		}
		if (i >= skip && !names_format(command, i)) {
			snprintf(why, 160, "the format %.60s may be loaded", word.text);
			return false;
		}
		if (i >= skip && verb_listed(harmless, word.text)) {
			continue;
		}
		size_t len = i < skip ? word.len : path_part(command->argv[0].text, word.text);
		if (len < word.len) {
			texts[i] = xasprintf("%.*s", (int)len, word.text);
			word.text = texts[i];
			word.len = len;
			word.glob = strpbrk(word.text, "*?[") != NULL && word.glob;
		}
		ended = ended || (i >= skip && !halves && strcmp(word.text, "--") == 0);
		argv[(*argc)++] = word;
	}
	return true;
}

/* By the row's spec, without the words that are harmless as they stand. */
bool verb_spec(struct command_line *line, const struct command *command, const char *spec,
	size_t skip, char why[160])
{
	struct shell_word *argv = xcalloc(command->argc, sizeof(*argv));
	char **texts = xcalloc(command->argc, sizeof(*texts));
	struct command rest = *command;
	char *harmless = NULL;
	rest.argv = argv;
	rest.argc = 0;
	if (spec[0] == '[') {
		size_t len = strcspn(spec, "]");
		harmless = xasprintf("%.*s", (int)(len - 1), spec + 1);
		spec += len + 1 + strspn(spec + len + 1, " ");
	}
	bool good = spec_words(command, harmless, strstr(spec, " -- ") != NULL, skip, argv,
			    &rest.argc, texts, why) &&
		whole_words(&rest, spec, skip, why) && read_halves(line, &rest, spec, skip, why);
	for (size_t i = 0; i < command->argc; i++) {
		free(texts[i]);
	}
	free(texts);
	free(harmless);
	free(argv);
	return good;
}
