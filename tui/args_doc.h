/* JSON for people: members a line each, texts of many lines as blocks, numbers as their raw digits.
 */
#ifndef BASCULE_TUI_ARGS_DOC_H
#define BASCULE_TUI_ARGS_DOC_H

#include "tui/doc.h"

/* In the top members named in `told` (ends with NULL; NULL: none) strings over a line's length are
 * only sized, because a diff shows what they do. */
void args_doc(struct doc *doc, struct span json, unsigned indent, const char *const *told);
/* Splits at line ends; each line behind `mark`. */
void args_doc_lines(
	struct doc *doc, enum role role, unsigned indent, const char *mark, struct span text);

#endif
