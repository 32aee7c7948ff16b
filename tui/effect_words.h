/* What an effect is called when a person reads of it, and how much it matters to them. */
#ifndef BASCULE_TUI_EFFECT_WORDS_H
#define BASCULE_TUI_EFFECT_WORDS_H

#include "tui/model.h"

/* Only for order and colour; whether something passes is policy's. */
enum effect_weight {
	WEIGHT_CALM, /* looks at something in its place, or does nothing else than its others say */
	WEIGHT_PLAIN, /* changes something in its place */
	WEIGHT_RISKY,
};

struct effect_words {
	const char *kind, *how, *word, *state; /* NULL fits everything */
	enum effect_weight weight; /* at least */
	const char *verb; /* EFFECT_VERB_COLS at most */
	const char *before, *note; /* around what it acts on */
};

enum { EFFECT_VERB_COLS = 10 };

const struct effect_words *effect_words_of(const struct model_effect *effect);
/* with the facts of the effect */
enum effect_weight effect_weight_of(const struct model_effect *effect);
bool effect_is(const struct model_effect *effect, const char *kind);
bool effect_has_place(const struct model_effect *effect); /* acts on a path */

#endif
