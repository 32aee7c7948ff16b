/* The word that has to be typed before a call of the highest class is approved. Pure. */
#ifndef BASCULE_TUI_TYPED_WORD_H
#define BASCULE_TUI_TYPED_WORD_H

#include "tui/model.h"

enum { TYPED_WORD_MAX = 40 };

/* The branch that would be pushed to, else the tool's name; "approve" where neither is short and
 * made of letters, digits and . _ - / alone, so that what has to be typed is what is read. */
void typed_word(const struct model_item *item, char out[TYPED_WORD_MAX + 1]);

#endif
