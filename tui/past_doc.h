/* One call of the history in full, in the same order as a call that waits: what became of it and
 * why, what it was, who asked, when. */
#ifndef BASCULE_TUI_PAST_DOC_H
#define BASCULE_TUI_PAST_DOC_H

#include "tui/doc.h"
#include "tui/edit_doc.h"
#include "tui/past.h"

/* `event`: the same call with its effects, or NULL while it is not here. */
void past_doc(struct doc *doc, const struct past_row *row, const struct model_item *event);
/* What a person changed in its arguments; absent: nothing. */
void past_edit_doc(struct doc *doc, struct span edit, const struct diff_form *form);
/* What became of it, in one word: "passed", "approved", "denied", … */
const char *past_word(const struct past_row *row);
enum role past_role(const struct past_row *row);

#endif
