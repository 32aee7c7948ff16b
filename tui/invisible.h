/* How many characters of a call a person would not see. */
#ifndef BASCULE_TUI_INVISIBLE_H
#define BASCULE_TUI_INVISIBLE_H

#include "core/base.h"

/* In all names and texts of validated JSON: what a terminal hides, obeys or reorders; space, tab
 * and the ends of lines are not counted. */
size_t invisible_in(struct span json);

#endif
