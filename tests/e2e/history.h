/* The history as `bascule history --json` prints it. */
#ifndef BASCULE_TESTS_E2E_HISTORY_H
#define BASCULE_TESTS_E2E_HISTORY_H

#include "tests/e2e/world.h"

#include <cJSON.h>

/* The latest rows that contain `text` (NULL: all), oldest first; an array. */
cJSON *history_rows(struct world *w, const char *text);
/* Waits until there are exactly `count` of them. */
cJSON *history_wait(struct world *w, const char *text, int count);
/* Waits until the newest of them has this state; that row. */
const cJSON *history_row(struct world *w, const char *text, const char *state);

#endif
