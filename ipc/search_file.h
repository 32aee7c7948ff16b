/* Keeping search.db up with log.db, from a worker thread. */
#ifndef BASCULE_IPC_SEARCH_FILE_H
#define BASCULE_IPC_SEARCH_FILE_H

#include <stdbool.h>

/* Enters calls for a fifth of a second at most. True: there is more to enter, now or soon. What
 * fails is logged and tried again by the next call of this. */
bool search_file_feed(const char *search, const char *history);

#endif
