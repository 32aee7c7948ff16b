/* What is on the screen, as text, and which role of the theme each cell has. */
#ifndef BASCULE_TESTS_TUI_PICTURE_H
#define BASCULE_TESTS_TUI_PICTURE_H

#include "tests/tui/vt.h"

/* Writes the theme that gives each role a background of its own to the configuration in `root`. */
void picture_theme(const char *root);
/* Rows without the blanks at their ends; what counts down is masked. Then the map: a letter a cell,
 * '.' for plain text, '?' for a colour of no role. The caller frees it. */
char *picture_take(struct vt *vt);
/* The name of a role that has no letter yet; NULL: all have one of their own. */
const char *picture_letterless(void);

#endif
