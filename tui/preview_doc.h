/* What a call would change, made from the broker's `show` result: a diff where that can be
 * predicted, the arguments otherwise. */
#ifndef BASCULE_TUI_PREVIEW_DOC_H
#define BASCULE_TUI_PREVIEW_DOC_H

#include "tui/diff_doc.h"
#include "tui/model.h"

/* Expects item->show == SHOW_HERE. Sets doc->partial if something is left out: then the careful
 * delays hold whatever the risk. */
void preview_doc(struct doc *doc, const struct model_item *item, const struct diff_form *form);

#endif
