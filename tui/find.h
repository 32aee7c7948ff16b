/* Where a doc contains a text. Pure. */
#ifndef BASCULE_TUI_FIND_H
#define BASCULE_TUI_FIND_H

#include "tui/doc.h"

enum { FIND_MOST = 10000 };

struct find {
	char *text; /* NULL: nothing is searched for */
	struct doc_place *list; /* in order */
	size_t count, cap;
	size_t at; /* the one that was jumped to */
	unsigned made; /* doc->made when it was searched */
};

void find_finish(struct find *find); /* nothing is searched for any more */
/* Letters of either case, unless the text has a capital. Nothing for "". */
void find_set(struct find *find, const struct doc *doc, struct span text);
void find_check(struct find *find, const struct doc *doc); /* the doc may be another one now */
/* The first place from this row on, else the first of all. */
void find_from(struct find *find, const struct doc *doc, size_t row);
void find_next(struct find *find, bool back); /* round at the ends */

#endif
