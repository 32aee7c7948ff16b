/*
 * The command line of the person's editor. No shell reads it: words are parted at blanks, and 'one
 * word' or "one word" may hold some. What stands in the text that is opened is told to nobody:
 * where an editor obeys lines of a text (modelines, local variables), or keeps copies of it
 * elsewhere, it is asked not to.
 */
#ifndef BASCULE_TUI_EDITOR_ARGV_H
#define BASCULE_TUI_EDITOR_ARGV_H

#include "core/base.h"

struct editor_ask {
	const char *visual,
		*editor; /* the variables; NULL or "": not set; then the other, then vi */
	const char *path; /* where programs lie: PATH */
	const char *file;
	bool read_only;
};

/* Ends with NULL; its first word is the path of a program that is there. NULL, with *err: there is
 * none. */
char **editor_argv(const struct editor_ask *ask, struct err *err);
void editor_argv_free(char **argv);

#endif
