/*
 * Lines of .gitignore files, as git reads them (dir.c and wildmatch.c of git 2.39; gitignore(5)).
 * Pure: the caller reads the files and asks for each directory on the way down.
 */
#ifndef BASCULE_CORE_IGNORE_H
#define BASCULE_CORE_IGNORE_H

#include "core/base.h"

enum ignore_answer {
	IGNORE_NONE, /* no line is about it: ask the next file */
	IGNORE_YES,
	IGNORE_NO, /* a line with "!" takes it back */
	IGNORE_UNKNOWN, /* a pattern asks for too much work */
};

/* What the last fitting line of one file says of `path`, which is relative to the directory of that
 * file, without slashes at either end. `directory`: it is one. Case counts. */
enum ignore_answer ignore_match(struct span text, struct span path, bool directory);

#endif
