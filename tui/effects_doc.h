/* What a call would do, a row an effect, in plain words. */
#ifndef BASCULE_TUI_EFFECTS_DOC_H
#define BASCULE_TUI_EFFECTS_DOC_H

#include "tui/doc.h"
#include "tui/model.h"

/* Risky effects first, then what changes something in its place, then what only looks. Of a shell
 * line the effects of one simple command stay together behind its words, and what it only reads in
 * its place is left to them. What could not be shown is counted; where it may matter, the doc is
 * partial. */
void effects_doc(struct doc *doc, const struct model_item *item);

#endif
