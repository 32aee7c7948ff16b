/*
 * Option allow-lists as text, one line a command, and the engine that reads an argv by one.
 *
 *   "-[alh1] --color= --sort=:w -n:n -f:r --arg:ww --files0-from:! | r*"
 *
 * Before "|": the options. "-x" a flag, "-[xyz]" one for each letter; letters may be combined as
 * the real program combines them. "-n:T" takes a value, attached or as the next word; "-i=" an
 * optional attached value. "--long" a flag, "--long=" or "--long=T" an optional attached value,
 * "--long:T" a value attached by "=" or as the next word. Several letters T take as many words,
 * none attached. Long names must be exact: abbreviations are not proven. "-#" a number as in `head
 * -20`. "-name",
 * "-name:T" with a single dash and more than one letter are matched as a whole word (go, java);
 * "-name=V" is taken for ":T" as well.
 * T, the value's or operand's kind: w any word, n number, r a path that is read, d a path that is
 * listed, t a tree that is searched, W a path that is replaced, E edited, M made as a directory,
 * P its permissions changed, A moved away, X deleted, Y a tree deleted, T any file below it
 * written, ! never proven.
 * After "|": the operands in order, each T with "?" (optional) or "*" (any number) or "+" behind;
 * the last written may be preceded by others: "A+ W" is `mv SOURCE... TARGET`. "d*." stands for "."
 * if there is none. What a spec may begin with:
 *   "!"  "--" does not end the options
 *   "<"  the first operand does
 *   "="  letters are not combined; a value may be attached
 *   "@"  a word that begins with "@" names a file of further words: refused
 *   "*"  no option of the program does harm, so that a glob may begin with its wildcard ("*.c");
 *        else only behind "--"
 */
#ifndef BASCULE_CORE_EFFECTS_SPEC_H
#define BASCULE_CORE_EFFECTS_SPEC_H

#include "core/effects/command.h"

/* Adds the effects of options and operands. False: something is not accounted for, `why` says what
 * in words (the effects added so far stay); the caller adds no EXEC then. */
bool spec_read(struct command_line *line, const struct command *command, const char *spec,
	size_t skip, char why[160]);
/* spec_read and then EXEC: readonly, local if anything is written, or unproven. */
void spec_effects(
	struct command_line *line, const struct command *command, const char *spec, size_t skip);

/* One option or operand, for readers that want more than a table says. */
struct spec_item {
	struct span option; /* as the spec spells it: "--lines", "-name"; absent: see letter */
	char letter; /* of "-n"; 0 and no option: an operand */
	struct span kinds; /* of the values */
	struct shell_word word; /* the first value, or the operand; text NULL: none */
	const struct shell_word *more; /* the other values, kinds.len - 1 of them */
	size_t index; /* of the word in argv that it begins in */
};

struct spec_walk {
	const struct command *command;
	const char *spec;
	size_t at, letter; /* next word; next letter of a cluster in it, 0: a new word */
	bool ended; /* by "--" */
	char *why; /* 160 bytes */
	bool failed;
};

/* Goes through argv from argv[skip] on, by the options of the spec alone. */
struct spec_walk spec_walk_of(
	const struct command *command, const char *spec, size_t skip, char why[160]);
bool spec_next(struct spec_walk *walk, struct spec_item *item);
/* Is the word one of a list with spaces between? */
bool word_in(const char *list, const char *word);
bool spec_is_operand(const struct spec_item *item);
/* Is it one of these options? As below. */
bool spec_is(const struct spec_item *item, const char *names);
/* Is one of these options given? `names` is separated by spaces: "-r -R --recursive". */
bool spec_has(const struct command *command, const char *spec, size_t skip, const char *names);

#endif
