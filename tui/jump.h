/*
 * To the tmux pane that asks, when a person wants it: the console's own tmux is told to show it.
 * Nothing else is started, no shell reads anything, and the loop does not wait for it.
 */
#ifndef BASCULE_TUI_JUMP_H
#define BASCULE_TUI_JUMP_H

#include <uv.h>

#include "tui/app.h"

struct jump {
	uv_process_t process;
	struct app *app;
	uv_loop_t *loop;
	bool runs;
};

void jump_init(struct jump *jump, uv_loop_t *loop, struct app *app);
/* To the pane of the selected call's agent; says on the status line why not, or what came of it. */
void jump_go(struct jump *jump);

#endif
