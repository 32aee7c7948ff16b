/*
 * Line diff between two texts, bounded in work so that no input can freeze a caller.
 *
 * Pure: bytes in, hunks out. Lines are spans into the texts that the caller keeps alive as long as
 * the diff. Method: common head and tail are cut off, then Myers' O(ND) on line numbers within a
 * budget; over the budget the middle is given as one replaced block and `coarse` says so. What is
 * larger than DIFF_MAX_BYTES or DIFF_MAX_LINES even without the common head and tail is `coarse`
 * too, and `cut` if lines of it were left out.
 */
#ifndef BASCULE_CORE_DIFF_H
#define BASCULE_CORE_DIFF_H

#include "core/base.h"

enum diff_sign { DIFF_SAME = ' ', DIFF_OLD = '-', DIFF_NEW = '+' };

struct diff_line {
	enum diff_sign sign;
	struct span text; /* without its line end */
	unsigned old_number, new_number; /* 1-based; 0 where the side does not have it */
	bool cr; /* the line ended in CR LF */
	bool no_newline; /* the last line of its side, without a line end */
};

struct diff_hunk {
	size_t first, count; /* range in diff.lines */
	unsigned old_start, old_count, new_start, new_count; /* as in @@ -a,b +c,d @@ */
};

struct diff {
	struct diff_line *lines;
	size_t line_count;
	struct diff_hunk *hunks;
	size_t hunk_count;
	unsigned added, removed; /* lines, those left out by `cut` included */
	bool coarse; /* the budget was reached: one block replaced */
	bool binary; /* a NUL or invalid UTF-8 on either side: no lines */
	/* some lines ended in the one of LF and CRLF, and now all end in the other; then lines
		that differ in this alone count as the same, and have the `cr` of the new side */
	bool line_ends_change;
	bool to_crlf;
	unsigned line_ends; /* how many lines of the old side ended in the one */
	/* too large: only the first and the last DIFF_SAMPLE lines of the change are given */
	bool cut;
	bool same; /* nothing differs */
};

enum {
	DIFF_CONTEXT = 3,
	DIFF_MAX_BYTES = 4 << 20, /* of a side */
	DIFF_MAX_LINES = 1 << 18,
	DIFF_SAMPLE = 100,
	DIFF_BUDGET = 2000000, /* steps */
};

/* before.at == NULL means "no such file" (everything is new), after.at == NULL "file goes away". */
void diff_make(struct diff *diff, struct span before, struct span after, unsigned context);
void diff_finish(struct diff *diff);

#endif
