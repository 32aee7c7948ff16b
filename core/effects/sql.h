/* What a statement would do. */
#ifndef BASCULE_CORE_EFFECTS_SQL_H
#define BASCULE_CORE_EFFECTS_SQL_H

#include "core/effects/effect.h"

enum sql_dialect { SQL_ANY, SQL_POSTGRES, SQL_SQLITE, SQL_MYSQL }; /* ANY: what all agree on */

/* True: exactly one statement that reads and nothing else: SELECT, VALUES, WITH over such, SHOW,
 * EXPLAIN without ANALYZE, a listed PRAGMA or DESCRIBE, whose functions are all known to be without
 * side effect, without INTO or FOR UPDATE, and whose quotes and comments read the same way in every
 * server. Else `why` says what is not proven, in words. */
bool sql_reads(struct span text, enum sql_dialect dialect, char why[160]);

/* SQL "read", "write" or "odd" with word "dev" or "": "write" if a word that changes
 * data stands in it, "odd" if it is only not proven. */
void sql_effect(
	struct effects *out, const char *arg, struct span text, enum sql_dialect dialect, bool dev);

#endif
