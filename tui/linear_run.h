/* The console line by line, on stdin and stdout. */
#ifndef BASCULE_TUI_LINEAR_RUN_H
#define BASCULE_TUI_LINEAR_RUN_H

#include "tui/settings.h"

struct paths;

struct linear_run {
	const struct paths *paths;
	int decide_fd;
	const struct app_settings *settings;
	bool launch; /* may start a broker */
	bool read_only;
	bool ascii;
	bool pop; /* ends when nothing waits */
	const char *why; /* it was not asked for; said in a line of its own. NULL: it was */
};

/* Until the person leaves, stdin's terminal ends, or nobody takes the output any more. */
void linear_run(const struct linear_run *options);

#endif
