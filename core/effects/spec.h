/*
 * Option allow-lists as text, one line a command, and the engine that reads an argv by one.
 *
 *   "-a -l -h --color= --sort=:w -n:n -f:r --files0-from=:! | r*"
 *
 * Before "|": the options. "-x" a flag; letters may be combined as the real program combines them.
 * "-n:T" takes a value, attached or as the next word. "--long" a flag, "--long=" an optional
 * attached value, "--long:T" a value attached by "=" or as the next word. Long names must be exact:
 * abbreviations are not proven. "-#" a number as in `head -20`. "-name:T" with a single dash and
 * more than one letter is matched as a whole word (find, java).
 * T, the value's or operand's kind: w any word, n number, r a path that is read, d a path that is
 * listed, t a tree that is searched, W a path that is replaced, E edited, M made as a directory,
 * L a link, A moved away, X deleted, Y a tree deleted, ! never proven.
 * After "|": the operands in order, each T with "?" (optional) or "*" (any number) or "+" behind;
 * the last written may be preceded by others: "A+ W" is `mv SOURCE... TARGET`. "--" ends options
 * unless the spec begins with "!--". Options may stand behind operands unless it begins with "<".
 */
#ifndef BASCULE_CORE_EFFECTS_SPEC_H
#define BASCULE_CORE_EFFECTS_SPEC_H

#include "core/effects/command.h"

/* Adds the effects of options and operands. False: something is not accounted for, `why` says what
 * in words (the effects added so far stay); the caller adds no EXEC then. */
bool spec_read(struct command_line *line, const struct command *command, const char *spec,
	size_t skip, char why[160]);

#endif
