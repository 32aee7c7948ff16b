/*
 * What a patch in the form of apply_patch makes of one of its files. Pure.
 *
 * Source: codex 0.169, apply-patch: the lines of a chunk are looked for behind those of the last
 * one, to the letter, then with the space at their ends aside, then with that around them aside;
 * the patch's own lines take their place. A file that is written ends in a newline.
 */
#ifndef BASCULE_CORE_PATCH_TEXT_H
#define BASCULE_CORE_PATCH_TEXT_H

#include "core/base.h"
#include "core/buf.h"

enum patch_fate {
	PATCH_ADD,
	PATCH_UPDATE,
	PATCH_ARRIVES, /* it is what another file, changed or not, becomes */
	PATCH_GOES, /* deleted, or moved to `other` */
};

struct patch_text {
	enum patch_fate fate;
	struct span body; /* its lines in the patch */
	char *source; /* the file whose content is changed; NULL for PATCH_ADD and PATCH_GOES */
	char *other; /* where it comes from or goes to, or NULL */
	struct buf after;
	const char *fails, *note; /* our words, or NULL */
};

/* False: the patch does not name it. The last section that does counts. */
bool patch_text_find(struct patch_text *p, struct span patch, struct span given);
/* `before`: the content of `source`. Fills `after`, or `fails`. */
void patch_text_apply(struct patch_text *p, struct span before);
void patch_text_finish(struct patch_text *p);

#endif
