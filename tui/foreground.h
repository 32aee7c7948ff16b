/*
 * Whose the terminal is: ours, the shell's while we are stopped, an editor's. Whoever had it, what
 * comes back is a screen to be painted anew, and keys that were meant for somebody else are
 * forgotten.
 */
#ifndef BASCULE_TUI_FOREGROUND_H
#define BASCULE_TUI_FOREGROUND_H

#include "tui/editor.h"

struct foreground_ops {
	void (*resized)(void *data);
	void (*lend)(void *data); /* nothing is to be read or painted until `back` */
	void (*back)(void *data); /* we are in front again */
	editor_fn *edited; /* after `back` */
};

struct foreground {
	uv_loop_t *loop;
	uv_signal_t winch, cont, tstp;
	struct editor editor;
	/* the next SIGCONT is that of our own suspension, and has been dealt with */
	bool continued;
	const struct foreground_ops *ops;
	void *data;
};

/* Its handles are closed with the loop's others. */
void foreground_start(
	struct foreground *f, uv_loop_t *loop, const struct foreground_ops *ops, void *data);
void foreground_suspend(struct foreground *f); /* to the shell; returns when continued */
/* As editor_start; false: it is ours still. */
bool foreground_lend(struct foreground *f, const char *const *dirs, const struct editor_file *file,
	struct err *err);
bool foreground_lent(const struct foreground *f);

#endif
