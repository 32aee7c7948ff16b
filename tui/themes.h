/* `bascule themes [NAME]`: which themes there are, and how they look. */
#ifndef BASCULE_TUI_THEMES_H
#define BASCULE_TUI_THEMES_H

#include "tui/theme.h"

/* Prints one line for a theme: its name, whether it is in use, and how its roles look, with colours
 * (1) or without (0); -1: no looks, for what is no terminal. */
void themes_print(const char *name, const char *use, const struct theme *theme, int colours);

#endif
