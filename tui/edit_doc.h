/* What a person changed in a call's arguments: - as the agent sent them, + as they would run. */
#ifndef BASCULE_TUI_EDIT_DOC_H
#define BASCULE_TUI_EDIT_DOC_H

#include "tui/diff_doc.h"

/* Raw JSON; adds nothing if one of them is absent. */
void edit_doc(
	struct doc *doc, struct span proposed, struct span effective, const struct diff_form *form);

#endif
