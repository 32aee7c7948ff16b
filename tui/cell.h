/* A piece of a list's row: foreign text in so many columns. */
#ifndef BASCULE_TUI_CELL_H
#define BASCULE_TUI_CELL_H

#include "tui/paint.h"

/* Shortened in the middle to at most `cols` columns; returns the column behind it and a space. */
int cell_put(struct paint *paint, int y, int x, int cols, enum role role, const char *foreign);
/* "12:41" of the last day, "11-21" before, "" for 0. Unix ms. */
void cell_when(int64_t wall, int64_t ms, char out[8]);
/* "2026-11-23 12:41:07", "" for 0. */
void cell_time(int64_t ms, char out[32]);

#endif
