/* Parts of lines that the commands under `bascule history` print alike. */
#ifndef BASCULE_IPC_HISTORY_WORDS_H
#define BASCULE_IPC_HISTORY_WORDS_H

#include "core/buf.h"

/* Appends the time of day and its date, local; "?" if it is none. */
void history_put_time(struct buf *out, int64_t us);
/* Appends two spaces and name=value for each member of a JSON object that is set, nested objects as
 * their members; validated, foreign, and made safe for one line. */
void history_put_members(struct buf *out, struct span object);

#endif
