/*
 * What a call would change, as the text of a unified diff: for the record. Made of the same parts
 * as what the console paints (core/preview.h, core/diff.h), from what the gate said of the files.
 */
#ifndef BASCULE_CORE_PREVIEW_TEXT_H
#define BASCULE_CORE_PREVIEW_TEXT_H

#include "core/buf.h"

/* `json`: a result of `preview` (ipc/PROTOCOL.md), validated. Appends nothing if the call changes
 * no file, or its arguments are not in there whole. Foreign text: not sanitised. */
void preview_text(struct span profile, struct span tool, struct span json, struct buf *out);

#endif
