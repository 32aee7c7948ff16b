/*
 * Inside of the front program `bascule`: the table of commands as data, and what is made from it.
 * Nothing else includes this.
 */
#ifndef BASCULE_IPC_FRONT_H
#define BASCULE_IPC_FRONT_H

#include "core/base.h"

#include <stdio.h>

struct front_command {
	const char *name, *program, *synopsis, *line, *more, *options;
};

enum { FRONT_WIDTH = 79 };

extern const struct front_command front_commands[];
extern const size_t front_command_count;
extern const char front_common_options[];
extern const char front_summary[]; /* what bascule is, in one line */

const struct front_command *front_find(const char *name); /* NULL: no such command */

/* One line of an options text: "--name ARG\tmeaning\n". Start with *at at the text; false at its
 * end. */
struct front_option {
	struct span flag; /* "--name" */
	struct span arg; /* "ARG", absent if it takes none */
	struct span meaning;
};
bool front_next_option(const char **at, struct front_option *option);

void front_print_help(FILE *out); /* of bascule itself */
void front_print_command_help(FILE *out, const struct front_command *command);
void front_print_man(FILE *out); /* bascule(1) in roff */
void front_print_command_man(FILE *out, const struct front_command *command);
bool front_print_completion(FILE *out, const char *shell); /* false: no such shell */

#endif
