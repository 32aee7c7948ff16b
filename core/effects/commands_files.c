/*
 * Commands that change files: what each writes, moves, links or deletes.
 *
 * A target that may be an existing directory is given as written ("replace"): whether it is one,
 * the facts say. Where it must be one, the effect is on the names below it. Extracting, shredding
 * and owners are left out: they are held.
 */
#include "config.h"

#include "core/effects/readers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static command_reader read_rm, read_cp, read_mv, read_ln, read_chmod, read_tee;

// clang-format off
const struct command_row commands_files[] = {
	{ "mkdir", NULL, "-[pv] -m:w --parents --verbose --mode:w | M+" },
	{ "touch", NULL,
		"-[acfhm] -d:w -t:w -r:d --date:w --time:w --no-create --no-dereference "
		"--reference:d | E+" },
	{ "rm", read_rm, NULL },
	{ "rmdir", NULL, "-v --verbose --ignore-fail-on-non-empty | X+" },
	{ "unlink", NULL, "| X" }, { "cp", read_cp, NULL }, { "mv", read_mv, NULL },
	{ "ln", read_ln, NULL }, { "chmod", read_chmod, NULL }, { "tee", read_tee, NULL },
	{ NULL, NULL, NULL },
};
// clang-format on

static void read_rm(struct command_line *line, const struct command *command)
{
#define RM \
	"-[dfiIrRv] --dir --force --interactive= --one-file-system --preserve-root= --recursive " \
	"--verbose |"
	bool tree = spec_has(command, RM, 1, "-r -R --recursive");
	spec_effects(line, command, tree ? RM " Y+" : RM " X+", 1);
#undef RM
}

/* ---- several sources, one target ---- */

struct operands {
	const struct shell_word *list[128];
	size_t count;
	char why[160];
};

/* The operands by the options of `spec`; options' values have no effects here. */
static bool collect(const struct command *command, const char *spec, struct operands *out)
{
	struct spec_walk walk = spec_walk_of(command, spec, 1, out->why);
	struct spec_item item;
	out->count = 0;
	while (spec_next(&walk, &item)) {
		if (spec_is_operand(&item)) {
			if (out->count == COUNT_OF(out->list)) {
				snprintf(out->why, sizeof(out->why), "too many operands");
				return false;
			}
			out->list[out->count++] = &command->argv[item.index];
		}
	}
	if (!walk.failed && out->count == 0) {
		snprintf(out->why, sizeof(out->why), "an operand is missing");
	}
	return !walk.failed && out->count > 0;
}

static bool ends_as_directory(const struct shell_word *word)
{
	const char *slash = strrchr(word->text, '/');
	const char *name = slash ? slash + 1 : word->text;
	return !name[0] || strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* The name of a source below a directory; NULL: it is not certain. */
static char *name_below(const struct shell_word *directory, const struct shell_word *source)
{
	if (source->glob || source->home || source->status || ends_as_directory(source)) {
		return NULL;
	}
	const char *slash = strrchr(source->text, '/');
	size_t len = directory->len;
	bool joined = len > 0 && directory->text[len - 1] == '/';
	return xasprintf(
		"%s%s%s", directory->text, joined ? "" : "/", slash ? slash + 1 : source->text);
}

/* What the target becomes by one source. */
static void add_target(struct command_line *line, const struct shell_word *target,
	const struct shell_word *source, const char *how, bool below)
{
	char *name = below ? name_below(target, source) : NULL;
	if (name) {
		struct shell_word word = *target;
		word.text = name;
		word.len = strlen(name);
		command_path(line, EFFECT_WRITE, &word, how);
		free(name);
	} else {
		command_path(line, EFFECT_WRITE, target, below ? "tree" : how);
	}
}

/* Sources and targets of cp and mv; false: the operands are not as these need them. */
static bool transfer(struct command_line *line, const struct command *command, const char *spec,
	enum effect_kind kind, const char *source_how, const char *target_how)
{
	struct operands all;
	if (!collect(command, spec, &all) || all.count < 2 || all.list[all.count - 1]->glob) {
		if (all.count == 1) {
			snprintf(all.why, sizeof(all.why), "an operand is missing");
		}
		command_unproven(line, command, "%s: %s", command->argv[0].text,
			all.why[0] ? all.why : "the target is a glob");
		return false;
	}
	const struct shell_word *target = all.list[--all.count];
	if (kind == EFFECT_WRITE && strncmp(target->text, "/dev/", 5) == 0) {
		command_unproven(
			line, command, "%s: what is moved there is lost", command->argv[0].text);
		return false;
	}
	bool below = all.count > 1 || ends_as_directory(target) || all.list[0]->glob;
	for (size_t i = 0; i < all.count; i++) {
		command_path(line, kind, all.list[i], source_how);
	}
	for (size_t i = 0; i < all.count; i++) {
		add_target(line, target, all.list[i], target_how, below);
	}
	command_exec(line, command, EXEC_LOCAL);
	return true;
}

static void read_cp(struct command_line *line, const struct command *command)
{
	static const char spec[] =
		"-[afnpPrRTuvX] --archive --force --no-clobber --preserve= --no-preserve:w "
		"--recursive --no-target-directory --update= --verbose --reflink= "
		"--no-dereference --one-file-system |";
	bool tree = spec_has(command, spec, 1, "-a -r -R --archive --recursive");
	bool links = tree || spec_has(command, spec, 1, "-P --no-dereference");
	/* A copied tree may bring links, and files of any name. */
	bool read = transfer(
		line, command, spec, EFFECT_READ, tree ? "tree" : "", tree ? "tree" : "replace");
	line->tree_changed |= read && links;
}

static void read_mv(struct command_line *line, const struct command *command)
{
	static const char spec[] = "-[fnTuv] --force --no-clobber --no-target-directory --update= "
				   "--verbose |";
	line->tree_changed |= transfer(line, command, spec, EFFECT_WRITE, "away", "replace");
}

/* ---- links ---- */

/* Where a link would point, from the root if that is known: a symbolic link is read from its own
 * directory, a hard link's target from the working directory. */
static char *link_target(
	const struct command_line *line, const char *link, const char *target, bool symbolic)
{
	const char *slash = symbolic ? strrchr(link, '/') : NULL;
	int len = slash ? (int)(slash - link) : 0;
	if (target[0] == '/') {
		return xstrdup(target);
	}
	if (slash && link[0] == '/') {
		return xasprintf("%.*s/%s", len, link, target);
	}
	if (!line->cwd || line->cwd[0] != '/') {
		return xstrdup("");
	}
	return slash ? xasprintf("%s/%.*s/%s", line->cwd, len, link, target)
		     : xasprintf("%s/%s", line->cwd, target);
}

static void add_link(struct command_line *line, const struct shell_word *target,
	const struct shell_word *link, bool symbolic)
{
	size_t at = line->out->count;
	command_path(line, EFFECT_WRITE, link, "link");
	struct effect *effect = &line->out->list[at];
	if (line->out->count == at + 1 && effect->kind == EFFECT_WRITE) {
		char *word = target->home ? xstrdup(target->text)
					  : link_target(line, link->text, target->text, symbolic);
		free(effect->word);
		effect->word = word;
	}
	if (!symbolic) {
		command_path(line, EFFECT_READ, target, "");
	}
}

/* One target; a link that is given, below a directory, or named like the target. */
static void read_ln(struct command_line *line, const struct command *command)
{
	static const char spec[] = "-[fnsTv] --force --symbolic --no-dereference "
				   "--no-target-directory --verbose |";
	static const struct shell_word here = { .text = ".", .len = 1, .plain = true };
	struct operands all;
	if (!collect(command, spec, &all) || all.count > 2 || all.list[0]->glob ||
		all.list[all.count - 1]->glob || all.list[0]->status) {
		command_unproven(line, command, "ln: these operands are not proven");
		return;
	}
	bool symbolic = spec_has(command, spec, 1, "-s --symbolic");
	const struct shell_word *link = all.count == 2 ? all.list[1] : &here;
	char *name = ends_as_directory(link) ? name_below(link, all.list[0]) : NULL;
	struct shell_word word = *link;
	if (name) {
		word.text = name;
		word.len = strlen(name);
	}
	add_link(line, all.list[0], &word, symbolic);
	free(name);
	command_exec(line, command, EXEC_LOCAL);
	line->tree_changed = true;
}

/* ---- modes ---- */

/* "644", "u+x,g=rw": without the bits that make a program run as somebody else. */
static bool is_mode(const char *mode)
{
	size_t octal = strspn(mode, "01234567");
	if (octal == strlen(mode) && octal > 0) {
		return octal <= 3 || (octal == 4 && mode[0] == '0');
	}
	while (*mode) {
		mode += strspn(mode, "ugoa");
		if (!*mode || !strchr("+-=", *mode)) {
			return false;
		}
		mode += 1 + strspn(mode + 1, "rwxX");
		if (*mode == ',') {
			mode++;
		} else if (*mode) {
			return false;
		}
	}
	return true;
}

static void read_chmod(struct command_line *line, const struct command *command)
{
	size_t at = 1;
	bool tree = false;
	for (; at < command->argc; at++) {
		const char *text = command->argv[at].text;
		if (strcmp(text, "-R") == 0) {
			tree = true;
		} else if (strcmp(text, "-v") != 0 && strcmp(text, "-f") != 0 &&
			strcmp(text, "-c") != 0) {
			break;
		}
	}
	if (at >= command->argc || command->argv[at].glob || !command->argv[at].len ||
		!is_mode(command->argv[at].text)) {
		command_unproven(line, command, "chmod: the mode is not proven");
		return;
	}
	spec_effects(line, command, tree ? "| T+" : "| P+", at + 1);
}

/* ---- tee ---- */

static void read_tee(struct command_line *line, const struct command *command)
{
	static const char spec[] = "-[aip] --append --ignore-interrupts --output-error= |";
	static const char *const streams[] = { "/dev/null", "/dev/stderr", "/dev/stdout" };
	bool append = spec_has(command, spec, 1, "-a --append");
	struct operands all;
	if (!collect(command, spec, &all)) {
		command_unproven(line, command, "tee: %s", all.why);
		return;
	}
	for (size_t i = 0; i < all.count; i++) {
		bool stream = false;
		for (size_t k = 0; k < COUNT_OF(streams); k++) {
			stream |= strcmp(all.list[i]->text, streams[k]) == 0;
		}
		if (!stream) {
			command_path(line, EFFECT_WRITE, all.list[i], append ? "edit" : "replace");
		}
	}
	command_exec(line, command, EXEC_LOCAL);
}
