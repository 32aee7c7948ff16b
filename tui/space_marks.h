/* White space that is the change itself, made visible: · for a space, » for a tab, ␍ for a carriage
 * return at the end. */
#ifndef BASCULE_TUI_SPACE_MARKS_H
#define BASCULE_TUI_SPACE_MARKS_H

#include "core/buf.h"
#include "core/diff_words.h"

struct marked_line {
	struct buf text;
	struct diff_range parts[DIFF_WORDS_RANGES + 1]; /* what differs, in this text */
	size_t count;
};

/*
 * `parts`: what differs in the line, in order. Marked are parts that are white space alone, and
 * white space at the end of the line in the last of them; without parts (the line has no partner)
 * all that is at its end if the line is a `new` one. `cr`: it ended in CR LF, and that is to be
 * seen. On an ASCII terminal a dot and > stand for the marks.
 */
void space_marks(struct marked_line *out, struct span text, const struct diff_range *parts,
	size_t count, bool new, bool cr, bool ascii);
void space_marks_finish(struct marked_line *line);

#endif
