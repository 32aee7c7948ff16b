/* What a call without a diff would do, by its kind: its commands, statement, request, packages. */
#ifndef BASCULE_TUI_KIND_DOC_H
#define BASCULE_TUI_KIND_DOC_H

#include "tui/args_doc.h"
#include "tui/model.h"

enum { KIND_TOLD_MAX = 8 };

/* `arguments`: validated JSON. Adds nothing for a call of no such kind. `told`, of KIND_TOLD_MAX +
 * 1 members, gets the arguments that stand there in full; their names are the item's. What is left
 * out for its length is said, and is not among them. */
void kind_doc(struct doc *doc, const struct model_item *item, struct span arguments,
	struct args_told *told);

#endif
