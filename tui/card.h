/* Everything a person should know of one call before deciding, always in the same order: risk and
 * why, what it is now, who asks, what it acts on, what it would do, then the preview. */
#ifndef BASCULE_TUI_CARD_H
#define BASCULE_TUI_CARD_H

#include "tui/diff_doc.h"
#include "tui/model.h"

/* The lines of a card that age: which, from 1; 0 where there is none. */
struct card_ages {
	size_t head, changed, before, until, like;
};

void card_doc(struct doc *doc, const struct model_item *item, const struct diff_form *form,
	struct card_ages *ages);
/* Says them as of now (the console's clock and Unix ms); before each frame. */
void card_age(struct doc *doc, const struct model_item *item, const struct card_ages *ages,
	int64_t now, int64_t wall);
/* Why, and by which rule, as the broker says it; both foreign, NULL: not known. */
void card_why(struct doc *doc, const char *why, const char *fitting);
/* The rows "by" and "from": who asks, and where it sits. Takes `process`. */
void card_said(struct doc *doc, const struct model_who *who, const char *name, const char *version,
	struct safe_text process);
void card_from(struct doc *doc, const struct model_who *who);
const char *card_risk(enum model_risk risk); /* "high", … */
const char *card_sigil(enum model_risk risk); /* "!!!", "!!", "! ", ". " */
enum role card_risk_role(enum model_risk risk);
/* What a row says instead of its target while the call does not simply wait; "" then. Our own
 * words. */
const char *card_state_words(const struct model_item *item);

#endif
