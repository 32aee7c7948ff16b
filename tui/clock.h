/* What time it is, for the loops; everything else is told. */
#ifndef BASCULE_TUI_CLOCK_H
#define BASCULE_TUI_CLOCK_H

#include <stdint.h>

int64_t clock_monotonic(void); /* ms */
int64_t clock_wall(void); /* Unix ms */

#endif
