/* What tells somebody who looks elsewhere: the terminal's bell, its notification and its title. */
#ifndef BASCULE_TUI_NOTICE_H
#define BASCULE_TUI_NOTICE_H

#include "tui/model.h"

struct notice {
	bool bell, notify; /* what a ring is */
	size_t titled; /* the number in the title; (size_t)-1: there is none yet */
};

void notice_ring(const struct notice *notice, const struct model *model);
void notice_title(struct notice *notice, const struct model *model); /* only when it changes */

#endif
