/*
 * The grammar of apply_patch ("*** Begin Patch" ... "*** End Patch"): which files it adds, updates,
 * moves and deletes.
 *
 * Source: openai/codex, codex-rs/apply-patch, its parser's grammar comment.
 */
#ifndef BASCULE_CORE_EFFECTS_PATCH_H
#define BASCULE_CORE_EFFECTS_PATCH_H

#include "core/effects/effect.h"

/* WRITE and DELETE effects for its files, seen from `base` (as in struct effect); a patch that is
 * not wholly understood adds UNKNOWN. */
void patch_effects(struct effects *out, const char *arg, struct span text, const char *base);

#endif
