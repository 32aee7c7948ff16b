/* A text as its lines: where they begin, how they end, and which are equal. */
#ifndef BASCULE_CORE_LINES_H
#define BASCULE_CORE_LINES_H

#include "core/base.h"

enum line_end { END_NONE, END_LF, END_CRLF }; /* also: how many bytes that is */

struct line {
	struct span text; /* without its end */
	unsigned number; /* 1-based, in the whole text */
	enum line_end end;
};

/* Zero-initialised is empty. The text must outlive it. */
struct lines {
	struct line *at;
	size_t count, cap;
};

void lines_finish(struct lines *lines);
/* Adds the lines of `text`, at most `most` of them, the first of which has this number; returns
 * their bytes. */
size_t lines_add(struct lines *lines, struct span text, size_t most, unsigned number);

size_t line_bytes(struct span text); /* of the first line with its end; 0 for no text */
/* Where the line begins that ends, or is cut off, at `end`. */
size_t line_start(struct span text, size_t end);
size_t line_count(struct span text);
/* True if `before` has LF or CRLF ends of which `after`, which has the other kind, has none. */
bool line_ends_change(struct span before, struct span after);
size_t line_ends_count(struct span text, enum line_end end); /* how many lines end so */

/*
 * Gives equal lines equal numbers, and returns how many numbers there are. A line's end is part of
 * it; with `ends_aside` LF and CRLF count as the same.
 */
size_t lines_number(const struct lines *a, uint32_t *a_ids, const struct lines *b, uint32_t *b_ids,
	bool ends_aside);

#endif
