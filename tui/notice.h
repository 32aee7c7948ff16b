/* What tells somebody who looks elsewhere: the terminal's bell, its notification and its title. */
#ifndef BASCULE_TUI_NOTICE_H
#define BASCULE_TUI_NOTICE_H

#include "core/option.h"
#include "tui/model.h"

struct notice {
	bool bell, notify; /* what a ring is */
	bool title; /* the number stands in the title */
	enum option_detail detail; /* how much of it may be told */
	bool ascii; /* the terminal takes nothing else */
	size_t titled; /* the number in the title; (size_t)-1: there is none yet */
};

/* The settings in force; the title follows with the next frame. */
void notice_set(struct notice *notice, const int64_t number[OPTION_COUNT], bool ascii);
void notice_ring(const struct notice *notice, const struct model *model);
void notice_title(struct notice *notice, const struct model *model); /* only when it changes */
/* On stdout, once the screen is left: how many still wait. */
void notice_goodbye(const struct model *model);

#endif
