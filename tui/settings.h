/* The numbers of config.ini that the console works by. Their built-in values and floors stand in
 * core/option.h alone. */
#ifndef BASCULE_TUI_SETTINGS_H
#define BASCULE_TUI_SETTINGS_H

#include "core/option.h"
#include "tui/guard.h"
#include "tui/layout.h"

struct app_settings {
	int deny_delay_ms; /* how long a denial can be taken back */
	int approve_delay_ms; /* and an approval; 0: not at all */
	struct guard_times guard;
	struct layout_sizes layout;
	int half_least; /* columns of each half of a diff side by side, where room decides */
};

/* `number`: the values in force, as ipc/config.h has them. */
void settings_read(struct app_settings *settings, const int64_t number[OPTION_COUNT]);
void settings_built_in(struct app_settings *settings);

#endif
