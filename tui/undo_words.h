/* Whether what a call does could be taken back afterwards, in words. Pure; nothing is judged by it.
 */
#ifndef BASCULE_TUI_UNDO_WORDS_H
#define BASCULE_TUI_UNDO_WORDS_H

#include "tui/model.h"

enum undo {
	UNDO_NOTHING, /* it changes nothing */
	UNDO_REMOVE, /* what it makes was not there before */
	UNDO_GIT, /* git has the content as it is now */
	UNDO_ASK, /* nobody can say */
	UNDO_NEVER,
};

enum undo undo_of(const struct model_effect *effect);
/* The worst of all effects, as a sentence; "" if nothing changes. */
const char *undo_words(const struct model_item *item, enum undo *worst);

#endif
