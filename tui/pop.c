/* Called by main.c. tmux gets an argv, and starts it without a shell. */
#include "config.h"

#include "tui/pop.h"

#include <stdlib.h>
#include <unistd.h>

void pop_in_tmux(const char *program, const char *root)
{
	const char *argv[] = { "tmux", "display-popup", "-E", "-w", "90%", "-h", "90%", "--",
		program, "console", "--pop", root ? "--root" : NULL, root, NULL };
	if (getenv("TMUX")) {
		execvp(argv[0], (char *const *)argv);
	}
}
