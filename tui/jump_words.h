/* Whether the pane that a call's agent sits in can be shown from this console. */
#ifndef BASCULE_TUI_JUMP_WORDS_H
#define BASCULE_TUI_JUMP_WORDS_H

#include "tui/model.h"
#include "tui/paint.h"

/* What a console knows of where it sits itself: TMUX and TMUX_PANE, or NULL. */
struct jump_own {
	const char *tmux, *pane;
};

/* Why that pane cannot be shown from here; empty: it can. */
struct safe_text jump_cannot(
	const struct paint *paint, const struct model_who *who, const struct jump_own *own);

#endif
