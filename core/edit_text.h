/*
 * One text in the place of another, as the filesystem server's edit_file does it.
 *
 * Source: @modelcontextprotocol/server-filesystem 2026.8.31, applyFileEdits; String.trim and \s of
 * ECMA-262.
 */
#ifndef BASCULE_CORE_EDIT_TEXT_H
#define BASCULE_CORE_EDIT_TEXT_H

#include "core/base.h"
#include "core/buf.h"

struct edit_text {
	struct buf content; /* of the file so far: UTF-8, line ends LF */
	bool crlf, replaced; /* the file had CR LF; had bytes that are not UTF-8, now U+FFFD */
	bool loose; /* an edit was placed with white space aside */
	bool several; /* the text of an edit stood there more than once */
	bool gave_up; /* the budget is spent: what the result would be is not known */
	size_t budget;
	struct buf old, new; /* scratch */
};

void edit_text_load(struct edit_text *e, struct span file);
/* False: not found, or gave_up. */
bool edit_text_apply(struct edit_text *e, struct span old, struct span new);
void edit_text_finish(struct edit_text *e);
/* As String.trim does it. */
struct span edit_text_trim(struct span line);

#endif
