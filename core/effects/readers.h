/*
 * Commands that need more than a line of a table; which file they are in, and who calls them from
 * elsewhere than the table. For core/effects/commands_*.c alone.
 */
#ifndef BASCULE_CORE_EFFECTS_READERS_H
#define BASCULE_CORE_EFFECTS_READERS_H

#include "core/effects/spec.h"

/* core/effects/commands_search.c */
command_reader read_grep, read_rg, read_fd, read_find;
/* core/effects/commands_script.c */
command_reader read_sed, read_awk, read_jq, read_yq;
/* core/effects/commands_wrap.c */
command_reader read_timeout, read_time, read_command, read_xargs;
/* core/effects/commands_run.c */
command_reader read_shell, read_python, read_node, read_interpreter;

/* core/effects/command_version.c: `node --version` and the like, alone */
bool command_asks_version(const struct command *command);

/* The word of a tree that is searched for content with all that begins with a dot. */
#define ALL_NAMES "**/*"

/* A command that is run on many files; "{}" as the last word is where their names come in. Reads
 * below `from` as a tree, names like `like`. False: the command does more than read, a name would
 * stand where it means something else, or (unless `prefixed`) could be taken for an option. */
bool command_each(struct command_line *line, const struct command *command,
	const struct shell_word *from, const char *like, bool prefixed);
bool is_placeholder(const struct shell_word *word);
/* The pattern that every name fits which such a find prints, ALL_NAMES if none says. */
const char *find_names(const struct command *command);
/* Does this rg or grep print names of files and nothing else? */
bool rg_names(const struct command *command);
/* Does this rg look at what begins with a dot? */
bool rg_hidden(const struct command *command);
bool grep_names(const struct command *command);

/* Does a program in the little language do nothing but transform text? `why` as in spec.h. */
bool sed_reads(struct span script, char why[160]);
bool awk_reads(struct span script, char why[160]);
bool jq_reads(struct span script, char why[160]);

#endif
