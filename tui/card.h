/* Everything a person should know of one call before deciding, always in the same order: risk and
 * why, what it is now, who asks, what it acts on, what it would do, then the preview. */
#ifndef BASCULE_TUI_CARD_H
#define BASCULE_TUI_CARD_H

#include "tui/diff_doc.h"
#include "tui/model.h"

void card_doc(struct doc *doc, const struct model_item *item, const struct diff_form *form);
const char *card_risk(enum model_risk risk); /* "high", … */
const char *card_sigil(enum model_risk risk); /* "!!!", "!!", "! ", ". " */
enum role card_risk_role(enum model_risk risk);
/* What a row says instead of its target while the call does not simply wait; "" then. Our own
 * words. */
const char *card_state_words(const struct model_item *item);

#endif
