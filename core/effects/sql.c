/* What a statement would do. */
#include "config.h"

#include "core/effects/sql.h"

void sql_effect(
	struct effects *out, const char *arg, struct span text, enum sql_dialect dialect, bool dev)
{
	(void)text, (void)dialect, (void)dev;
	effects_add(out, EFFECT_UNKNOWN, arg, "statements are not read yet", NULL, NULL);
}
