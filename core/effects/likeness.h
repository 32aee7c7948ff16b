/* How much one call of a tool is like another: the same effects but for the values of some
 * arguments. Pure; nothing is judged by it. */
#ifndef BASCULE_CORE_EFFECTS_LIKENESS_H
#define BASCULE_CORE_EFFECTS_LIKENESS_H

#include "core/buf.h"
#include "core/effects/effect.h"

enum { LIKENESS_ARGS_MAX = 3 };

/* True: kind by kind they do the same, and no more than LIKENESS_ARGS_MAX arguments differ; their
 * names are added to `except`, with ", " between, each once. Facts are left out of it. */
bool effects_alike(const struct effects *a, const struct effects *b, struct buf *except);

#endif
