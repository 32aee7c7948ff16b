/* From a call to its effects, by the profile of its server. */
#ifndef BASCULE_CORE_EFFECTS_EXTRACT_H
#define BASCULE_CORE_EFFECTS_EXTRACT_H

#include "core/effects/effect.h"

/* `arguments` is the validated params.arguments, absent if the call has none. */
void effects_extract(struct effects *out, struct span profile, struct span method, struct span tool,
	struct span arguments);

#endif
