/* The grammar of apply_patch. */
#include "config.h"

#include "core/effects/patch.h"

void patch_effects(struct effects *out, const char *arg, struct span text, const char *base)
{
	(void)text, (void)base;
	effects_add(out, EFFECT_UNKNOWN, arg, "patches are not read yet", NULL, NULL);
}
