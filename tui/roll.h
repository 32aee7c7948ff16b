/* Moving along a list of rows, and the window over it that is painted. Pure. */
#ifndef BASCULE_TUI_ROLL_H
#define BASCULE_TUI_ROLL_H

#include "tui/command.h"

/* Where a moving command leads from row `at` of `count`; stops at the ends. False: it is none. */
bool roll_move(enum command command, size_t *at, size_t count);
/* The first row of a window of `page` rows that shows row `at`, moved no further than it must be.
 */
size_t roll_top(size_t top, size_t at, size_t count, int page);

#endif
