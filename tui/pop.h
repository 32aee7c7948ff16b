/* `bascule pop`: the console over what is there, in tmux a popup; it goes when nothing waits any
 * more. */
#ifndef BASCULE_TUI_POP_H
#define BASCULE_TUI_POP_H

#include "core/base.h"

/* Becomes tmux's popup with the console in it, if this is a tmux; returns if it is none, or cannot.
 * `program` is our own path, `root` the --root or NULL. */
void pop_in_tmux(const char *program, const char *root);

#endif
