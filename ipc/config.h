/* The settings in force, and where each came from. Loaded once at start by every program; a wrong
 * line is reported with file:line and leaves the other values as they are. */
#ifndef BASCULE_IPC_CONFIG_H
#define BASCULE_IPC_CONFIG_H

/* `#include "config.h"` finds this file first from within this folder, so it brings the build's own
 * config.h along. */
#include <config.h>

#include "core/option.h"
#include "ipc/paths.h"

enum config_source { CONFIG_BUILT_IN, CONFIG_FILE, CONFIG_ENV, CONFIG_FLAG };

struct config {
	int64_t number[OPTION_COUNT];
	char *text[OPTION_COUNT]; /* always set: the value as text */
	enum config_source source[OPTION_COUNT];
	unsigned line[OPTION_COUNT]; /* in config.ini */
};

/* Built-ins, then config.ini (missing is fine), then the environment. False: something in them was
 * wrong (err says what); the config is usable all the same. */
bool config_load(struct config *config, const struct paths *paths, struct err *err);
/* from a flag */
bool config_set(struct config *config, enum option_id id, const char *value, struct err *err);
void config_finish(struct config *config);

#endif
