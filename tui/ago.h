/* How long something is ago or lasts, in few characters and in words. */
#ifndef BASCULE_TUI_AGO_H
#define BASCULE_TUI_AGO_H

#include "core/safe_text.h"

struct safe_text ago_clock(int64_t ms); /* "0:21", "1h02", "3d04h"; what is negative is "0:00" */
struct safe_text ago_words(int64_t ms); /* "just now", "12 minutes ago", "1 day ago" */

#endif
