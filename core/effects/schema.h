/*
 * Arguments against the inputSchema that a server has listed for its tool (JSON Schema, as far as
 * servers use it).
 *
 * A call that does not fit its schema is one that the server was not made for: it may ignore what
 * does not fit, or use it in a way that nobody has described.
 */
#ifndef BASCULE_CORE_EFFECTS_SCHEMA_H
#define BASCULE_CORE_EFFECTS_SCHEMA_H

#include "core/json.h"

/* `schema` is a validated object, `arguments` a validated value; absent means an empty object.
 * False: they do not fit, and `why` says in words what does not. True with *understood false: the
 * schema has parts that are not known here, which say nothing against the arguments. */
bool schema_check(struct span schema, struct span arguments, bool *understood, char why[160]);

#endif
