/* One server in full: what was started by whom, what it says of itself, its tools, and which of
 * their definitions are not those that were accepted. */
#ifndef BASCULE_TUI_ROSTER_DOC_H
#define BASCULE_TUI_ROSTER_DOC_H

#include "tui/doc.h"
#include "tui/roster.h"

void roster_doc(struct doc *doc, const struct roster_server *server);

#endif
