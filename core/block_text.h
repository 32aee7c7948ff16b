/*
 * What the SEARCH/REPLACE blocks of replace_in_file make of a text. Pure.
 *
 * Source: cline/cline, src/core/assistant-message/diff.ts: each SEARCH text is looked for to the
 * letter behind the place of the last one, and its first place is replaced; one that is not there
 * is placed loosely, by rules that are not the same in every version. An empty SEARCH replaces the
 * whole file. Only what all the versions do alike is foretold.
 */
#ifndef BASCULE_CORE_BLOCK_TEXT_H
#define BASCULE_CORE_BLOCK_TEXT_H

#include "core/base.h"
#include "core/buf.h"

struct block_text {
	struct buf after; /* nothing if `fails` or `unknown` */
	const char *fails; /* why it will not apply; our words, or NULL */
	const char *unknown; /* why it cannot be foretold; our words, or NULL */
	bool several; /* a SEARCH text stands there again behind its place */
	bool ends; /* versions differ in the white space at the end of the file */
};

/* `before`: absent if there is no such file. */
void block_text_apply(struct block_text *b, struct span blocks, struct span before);
void block_text_finish(struct block_text *b);

#endif
