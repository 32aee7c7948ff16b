/* What a call would install or remove, a package a row. */
#ifndef BASCULE_TUI_PACKAGES_DOC_H
#define BASCULE_TUI_PACKAGES_DOC_H

#include "tui/doc.h"
#include "tui/model.h"

/* Adds nothing for a call that installs nothing. */
void packages_doc(struct doc *doc, const struct model_item *item);

#endif
