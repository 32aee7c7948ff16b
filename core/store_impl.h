/* Private to core/store.c and core/seal*.c: the connection itself, for statements that are theirs
 * alone. */
#ifndef BASCULE_CORE_STORE_IMPL_H
#define BASCULE_CORE_STORE_IMPL_H

#include "core/store.h"

#include <sqlite3.h>

sqlite3 *store_db(struct store *s); /* borrowed */

#endif
