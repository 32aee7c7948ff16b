/*
 * Times as people write them: "2d" ago, "yesterday", "2026-11-01", "2026-11-01T10:30". The
 * caller says what time it is; days and hours of the clock are local ones (TZ).
 */
#ifndef BASCULE_IPC_WHEN_H
#define BASCULE_IPC_WHEN_H

#include "core/base.h"

#define WHEN_EXPECTED "2d, 3h, 45m, 90s, 2w, today, yesterday, 2026-11-01 or 2026-11-01T10:30"

/* Unix microseconds. False: not understood, or not a time that there is. A time in the future is
 * one, too. */
bool when_parse(struct span text, int64_t now_us, int64_t *at_us);

#endif
