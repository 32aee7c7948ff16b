/* Effects as one line of text, for tests: "read README.md | exec:readonly cat README.md". */
#ifndef BASCULE_TESTS_EFFECT_TEXT_H
#define BASCULE_TESTS_EFFECT_TEXT_H

#include "core/buf.h"
#include "core/effects/effect.h"

/*
 * Each effect is "KIND:HOW:WORD GIVEN", empty parts left out from the right ("read README.md",
 * "read:tree src", "write:link:/etc/passwd l"). "@BASE" follows if it is not `cwd`, " late" if it
 * is late. The reasons of unknown effects are left out, they are read by people.
 */
void effect_text(struct buf *out, const struct effects *effects, const char *cwd);

#endif
