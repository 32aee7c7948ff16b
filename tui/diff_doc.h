/* A diff to be read: old above new, or side by side where there is room, with the words that
 * differ. */
#ifndef BASCULE_TUI_DIFF_DOC_H
#define BASCULE_TUI_DIFF_DOC_H

#include "core/diff.h"
#include "tui/doc.h"

enum diff_halves { HALVES_BY_ROOM, HALVES_NEVER, HALVES_ALWAYS };

/* How a call is shown. */
struct diff_form {
	int width; /* columns that there are */
	enum diff_halves halves;
	bool whole; /* all of a diff that is long; else its first and last lines, and that is said
		     */
	bool cut_lines; /* long ones have one row */
	bool raw; /* its parameters byte by byte, as they came */
	unsigned context; /* unchanged lines around a change */
	int half_least; /* by room: columns that a half needs; 0: there never is room */
};

void diff_doc(struct doc *doc, const struct diff *diff, const struct diff_form *form);

#endif
