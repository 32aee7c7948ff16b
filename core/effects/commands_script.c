/*
 * Commands that run a script of a little language: sed, awk, jq, yq. A script that core/effects/
 * script.c proves is allowed; what `sed -i` edits is an effect.
 */
#include "config.h"

#include "core/effects/readers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef bool script_check(struct span script, char why[160]);

static bool check_word(const struct shell_word *word, script_check *check, char why[160])
{
	if (word->glob) {
		snprintf(why, 160, "a script that is a glob");
		return false;
	}
	return check((struct span){ word->text, word->len }, why);
}

/* Every script given by one of `options`; *given: there was one. */
static bool check_options(const struct command *command, const char *spec, const char *options,
	script_check *check, bool *given, char why[160])
{
	struct spec_walk walk = spec_walk_of(command, spec, 1, why);
	struct spec_item item;
	*given = false;
	while (spec_next(&walk, &item)) {
		if (spec_is(&item, options)) {
			*given = true;
			if (!check_word(&item.word, check, why)) {
				return false;
			}
		}
	}
	return true;
}

/* The first operand of all. */
static bool check_first(
	const struct command *command, const char *spec, script_check *check, char why[160])
{
	struct spec_walk walk = spec_walk_of(command, spec, 1, why);
	struct spec_item item;
	while (spec_next(&walk, &item)) {
		if (spec_is_operand(&item)) {
			return check_word(&item.word, check, why);
		}
	}
	snprintf(why, 160, "no script");
	return false;
}

/* `with` has the script as its first operand, `without` has it in options. */
static void read_script(struct command_line *line, const struct command *command, const char *with,
	const char *without, const char *options, script_check *check)
{
	char why[160];
	bool given = false;
	bool ok = check_options(command, with, options, check, &given, why) &&
		(given || check_first(command, with, check, why));
	if (ok) {
		spec_effects(line, command, given ? without : with, 1);
	} else {
		command_unproven(line, command, "%s: %s", command->argv[0].text, why);
	}
}

/* ---- sed ---- */

#define SED \
	"-[nErsuz] -e:w --quiet --silent --expression:w --regexp-extended --null-data " \
	"--unbuffered --posix --sandbox --separate "

/* The copies that -i.bak leaves. */
static void add_backups(struct command_line *line, const char *suffix, size_t from)
{
	size_t end = line->out->count;
	for (size_t i = from; suffix[0] && i < end; i++) {
		if (line->out->list[i].kind != EFFECT_WRITE) {
			continue;
		}
		const struct effect *old = &line->out->list[i];
		char *name = xasprintf("%s%s", old->given, suffix);
		command_add(line, EFFECT_WRITE, name, "replace", old->word);
		free(name);
	}
}

/* BSD's sed takes the suffix of -i as the next word: `sed -i '' s/a/b/ FILE`. To GNU's that is an
 * empty script and a file too many, which is harmless; so it is read as BSD's. */
static size_t skip_suffix(const struct command *command)
{
	for (size_t i = 1; i + 1 < command->argc; i++) {
		if (strcmp(command->argv[i].text, "-i") == 0 && command->argv[i + 1].len == 0) {
			return i + 1;
		}
	}
	return 0;
}

static void edit_in_place(
	struct command_line *line, const struct command *command, const char *suffix)
{
	size_t from = line->out->count;
	if (strpbrk(suffix, "*/")) {
		command_unproven(line, command, "sed: a suffix that is not proven");
		return;
	}
	read_script(line, command, SED "-i= --in-place= | w E+", SED "-i= --in-place= | E+",
		"-e --expression", sed_reads);
	add_backups(line, suffix, from);
}

void read_sed(struct command_line *line, const struct command *command)
{
	static const char all[] = SED "-i= --in-place= |";
	char why[160];
	const char *suffix = NULL;
	struct command without = *command;
	size_t empty = skip_suffix(command);
	struct shell_word *argv = xcalloc(command->argc, sizeof(*argv));
	for (size_t i = 0, to = 0; i < command->argc; i++) {
		if (!empty || i != empty) {
			argv[to++] = command->argv[i];
		}
	}
	without.argv = argv;
	without.argc -= empty != 0;
	struct spec_walk walk = spec_walk_of(&without, all, 1, why);
	struct spec_item item;
	while (spec_next(&walk, &item)) {
		if (spec_is(&item, "-i --in-place")) {
			suffix = item.word.text ? item.word.text : "";
		}
	}
	if (suffix) {
		edit_in_place(line, &without, suffix);
	} else {
		read_script(line, &without, SED "| w r*", SED "| r*", "-e --expression", sed_reads);
	}
	free(argv);
}

/* ---- awk ---- */

/* Operands like "FS=:" are assignments. */
static bool is_assignment(const char *text)
{
	size_t name = strspn(
		text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");
	return name > 0 && text[name] == '=';
}

void read_awk(struct command_line *line, const struct command *command)
{
	static const char spec[] = "<-F:w -v:w --field-separator:w --assign:w | w r*";
	char why[160];
	struct spec_walk walk = spec_walk_of(command, spec, 1, why);
	struct spec_item item;
	for (size_t operands = 0; spec_next(&walk, &item); operands += spec_is_operand(&item)) {
		if (operands > 0 && is_assignment(item.word.text)) {
			command_unproven(line, command, "awk: an assignment among the files");
			return;
		}
	}
	read_script(line, command, spec, spec, "", awk_reads);
}

/* ---- jq, yq ---- */

void read_jq(struct command_line *line, const struct command *command)
{
	read_script(line, command,
		"-[acCeMjnrRsS] --arg:ww --argjson:ww --slurpfile:wr --rawfile:wr --indent:n --tab "
		"--raw-output --raw-output0 --raw-input --compact-output --null-input --slurp "
		"--exit-status --sort-keys --join-output --ascii-output --color-output "
		"--monochrome-output --stream --stream-errors --seq --unbuffered | w r*",
		"", "", jq_reads);
}

/* Two programs have this name; these options mean the same or nothing to both. The first operand
 * is taken for a file if there is one of that name. */
void read_yq(struct command_line *line, const struct command *command)
{
	struct command inner = *command;
	const char *first = command->argc > 1 ? command->argv[1].text : "";
	if (strcmp(first, "eval") == 0 || strcmp(first, "e") == 0 || strcmp(first, "ea") == 0 ||
		strcmp(first, "eval-all") == 0) {
		inner.argv++;
		inner.argc--;
	}
	read_script(line, &inner,
		"-[ceMNnPrCy] -p:w -o:w -I:n --raw-output --compact-output --prettyPrint "
		"--no-colors --colors --exit-status --null-input --output-format:w "
		"--input-format:w --indent:n --unwrapScalar= --no-doc | r r*",
		"", "", jq_reads);
}
