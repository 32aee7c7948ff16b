/* What opening an address would do. */
#include "config.h"

#include "core/effects/url.h"

void url_effect(struct effects *out, const char *arg, struct span url)
{
	(void)url;
	effects_add(out, EFFECT_UNKNOWN, arg, "addresses are not read yet", NULL, NULL);
}
