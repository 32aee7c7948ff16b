/* A doc as plain lines: for who reads with the ears, or on a terminal that can do nothing else. */
#ifndef BASCULE_TUI_DOC_TEXT_H
#define BASCULE_TUI_DOC_TEXT_H

#include "core/buf.h"
#include "tui/doc.h"

/* The rows of the lines from `from` up to `to`, at most `most` of them, each indented by two spaces
 * and none wider than `width` columns: what is foreign never begins a line. No escape, no tab, no
 * box drawing. Returns how many rows were left out. */
size_t doc_text(struct doc *doc, size_t from, size_t to, size_t most, int width, struct buf *out);
/* The same for one text of ours or of others, without indent and line end. */
void doc_text_safe(const struct paint *paint, const struct safe_text *text, struct buf *out);

#endif
