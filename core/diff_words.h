/*
 * Within two lines that stand for each other: which bytes differ, by words. Pure and bounded.
 */
#ifndef BASCULE_CORE_DIFF_WORDS_H
#define BASCULE_CORE_DIFF_WORDS_H

#include "core/base.h"

enum {
	DIFF_WORDS_BYTES = 2000, /* longer lines are not looked into */
	DIFF_WORDS_RANGES = 32,
};

struct diff_range {
	size_t from, to; /* bytes of the line */
};

struct diff_words {
	struct diff_range old[DIFF_WORDS_RANGES], new[DIFF_WORDS_RANGES];
	size_t old_count, new_count;
};

/* False: the lines have too little in common to be called the same line changed, or are too long,
 * or differ in more places than can be kept. */
bool diff_words(struct diff_words *out, struct span old, struct span new);

#endif
