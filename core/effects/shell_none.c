/* Until commands are read: everything that runs is unknown. */
#include "config.h"

#include "core/effects/command.h"

void shell_effects(struct effects *out, const char *arg, struct span text, const char *cwd)
{
	(void)text, (void)cwd;
	effects_add(out, EFFECT_UNKNOWN, arg, "commands are not read yet", NULL, NULL);
}

void argv_effects(struct effects *out, const char *arg, const struct shell_word *argv, size_t argc,
	const char *cwd)
{
	(void)argv, (void)argc, (void)cwd;
	effects_add(out, EFFECT_UNKNOWN, arg, "commands are not read yet", NULL, NULL);
}
