/*
 * The reader of ini-style files (config.ini, themes, keys): sections, `key = value`, comments by #
 * or ; at the start of a line, values as they stand (surrounding space cut, one pair of double
 * quotes taken off). Pure.
 */
#ifndef BASCULE_CORE_INI_H
#define BASCULE_CORE_INI_H

#include "core/base.h"

struct ini_entry {
	struct span section, key, value; /* into the text */
	unsigned line; /* 1-based */
};

struct ini {
	struct ini_entry *entries;
	size_t count;
};

/* On false `err` holds "FILE:LINE: what is wrong, what was expected"; file is only for that. A key
 * twice in one section, a line without `=`, a control character or invalid UTF-8 are errors. */
bool ini_parse(struct ini *ini, const char *file, struct span text, struct err *err);
void ini_finish(struct ini *ini);

/* The candidate with the smallest edit distance to `word`, NULL if none is near. */
const char *ini_nearest(struct span word, const char *const *candidates, size_t count);

#endif
