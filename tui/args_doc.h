/* JSON for people: members a line each, texts of many lines as blocks, numbers as their raw digits.
 */
#ifndef BASCULE_TUI_ARGS_DOC_H
#define BASCULE_TUI_ARGS_DOC_H

#include "tui/doc.h"

/* A top member of which strings over a line's length are only sized, because they or what they do
 * stand elsewhere on the card. */
struct args_told {
	const char *name, *where; /* "diff" */
};

/* `told` ends with a name NULL; NULL: none. */
void args_doc(struct doc *doc, struct span json, unsigned indent, const struct args_told *told);
/* Splits at line ends; each line behind `mark`. */
void args_doc_lines(
	struct doc *doc, enum role role, unsigned indent, const char *mark, struct span text);

#endif
