/* What writing, reading and undoing of journal.h share. */
#ifndef BASCULE_IPC_JOURNAL_IMPL_H
#define BASCULE_IPC_JOURNAL_IMPL_H

#include "ipc/journal.h"

/* Takes one line (without its end) into the journal: a new entry, or a state of one. NULL, or what
 * is wrong with it. */
const char *journal_take_line(struct journal *j, struct span line);
/* Appends the first line of an entry, with its end. */
void journal_put_entry(struct buf *out, const struct journal_entry *e);
void journal_entry_finish(struct journal_entry *e);

/* Notes a state of entry `index` on the disk. */
bool journal_mark(struct journal *j, size_t index, enum journal_state state, struct err *err);
char *journal_now(void); /* the caller frees it */
extern const char *const journal_state_names[];

#endif
