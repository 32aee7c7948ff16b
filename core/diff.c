/*
 * Compares two texts line by line and gives hunks.
 *
 * The order of work: what needs no lines (nothing differs, binary, line ends), then the common head
 * and tail by bytes, so that one changed line in a large file costs one pass over it; then
 * core/lines.c numbers the lines, core/match.c says which have no partner, and the hunks are laid
 * out.
 *
 * Promises: bounded time and memory for any input; applying the lines to `before` gives `after`,
 * unless `cut`. Called for every preview of a write.
 */
#include "config.h"

#include "core/diff.h"

#include "core/lines.h"
#include "core/match.h"
#include "core/unicode.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct side {
	struct span whole, part; /* part: without what is common at head and tail */
	unsigned number; /* of the first line of part */
	struct lines lines;
	bool *changed; /* for each line: it has no partner */
};

struct work {
	struct diff *diff;
	struct side old, new;
	size_t line_cap, hunk_cap;
};

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool is_binary(struct span s)
{
	return s.len && (memchr(s.at, '\0', s.len) || !unicode_valid(s));
}

static size_t common_head(struct span a, struct span b)
{
	enum { STEP = 4096 };
	size_t n = 0, most = least(a.len, b.len);
	while (most - n >= STEP && memcmp(a.at + n, b.at + n, STEP) == 0) {
		n += STEP;
	}
	while (n < most && a.at[n] == b.at[n]) {
		n++;
	}
	return n == 0 || a.at[n - 1] == '\n' ? n : line_start(a, n);
}

static bool at_line_start(struct span s, size_t head, size_t at)
{
	return at == head || s.at[at - 1] == '\n';
}

static size_t common_tail(struct span a, struct span b, size_t head)
{
	size_t n = 0, most = least(a.len, b.len) - head;
	while (n < most && a.at[a.len - 1 - n] == b.at[b.len - 1 - n]) {
		n++;
	}
	if (!at_line_start(a, head, a.len - n) || !at_line_start(b, head, b.len - n)) {
		n -= line_bytes((struct span){ a.at + a.len - n, n });
	}
	return n;
}

static void set_part(struct side *side, size_t head, size_t tail, unsigned number)
{
	if (side->whole.len) {
		side->part = (struct span){ side->whole.at + head, side->whole.len - head - tail };
	}
	side->number = number;
}

/* Leaves out the lines that are common at head and tail, but for `context` of them. */
static void trim(struct work *w, size_t context)
{
	struct span a = w->old.whole, b = w->new.whole;
	size_t head = common_head(a, b), tail = a.len && b.len ? common_tail(a, b, head) : 0;
	for (size_t i = 0; i < context && head; i++) {
		head = line_start(a, head);
	}
	for (size_t i = 0; i < context && tail; i++) {
		tail -= line_bytes((struct span){ a.at + a.len - tail, tail });
	}
	unsigned number = 1 + (unsigned)line_count((struct span){ a.at, head });
	set_part(&w->old, head, tail, number);
	set_part(&w->new, head, tail, number);
}

static bool is_large(const struct work *w)
{
	return w->old.part.len > DIFF_MAX_BYTES || w->new.part.len > DIFF_MAX_BYTES ||
		line_count(w->old.part) > DIFF_MAX_LINES ||
		line_count(w->new.part) > DIFF_MAX_LINES;
}

static void add_line(
	struct work *w, enum diff_sign sign, const struct line *old, const struct line *new)
{
	struct diff *diff = w->diff;
	struct diff_hunk *hunk = &diff->hunks[diff->hunk_count - 1];
	const struct line *line = new ? new : old;
	diff->lines = xgrow(diff->lines, &w->line_cap, diff->line_count + 1, sizeof(*diff->lines));
	diff->lines[diff->line_count++] = (struct diff_line){
		.sign = sign,
		.text = line->text,
		.old_number = old ? old->number : 0,
		.new_number = new ? new->number : 0,
		.cr = line->end == END_CRLF,
		.no_newline = line->end == END_NONE,
	};
	hunk->count++;
	hunk->old_count += old != NULL;
	hunk->new_count += new != NULL;
}

static unsigned number_at(const struct side *side, size_t i)
{
	const struct lines *lines = &side->lines;
	return i < lines->count ? lines->at[i].number : side->number + (unsigned)lines->count;
}

static void open_hunk(struct work *w, size_t i, size_t j)
{
	struct diff *diff = w->diff;
	diff->hunks = xgrow(diff->hunks, &w->hunk_cap, diff->hunk_count + 1, sizeof(*diff->hunks));
	diff->hunks[diff->hunk_count++] = (struct diff_hunk){
		.first = diff->line_count,
		.old_start = number_at(&w->old, i),
		.new_start = number_at(&w->new, j),
	};
}

/* A side of which no line is in the hunk is given by the line before it, as diff -u does. */
static void close_hunk(struct diff *diff)
{
	struct diff_hunk *hunk = &diff->hunks[diff->hunk_count - 1];
	hunk->old_start -= hunk->old_count == 0;
	hunk->new_start -= hunk->new_count == 0;
}

static void add_same(struct work *w, size_t i, size_t j, size_t count)
{
	for (size_t n = 0; n < count; n++) {
		add_line(w, DIFF_SAME, &w->old.lines.at[i + n], &w->new.lines.at[j + n]);
	}
}

static void add_change(struct work *w, size_t i, size_t i_end, size_t j, size_t j_end)
{
	for (; i < i_end; i++) {
		add_line(w, DIFF_OLD, &w->old.lines.at[i], NULL);
	}
	for (; j < j_end; j++) {
		add_line(w, DIFF_NEW, NULL, &w->new.lines.at[j]);
	}
}

static size_t run_end(const struct side *side, size_t at, bool changed)
{
	while (at < side->lines.count && side->changed[at] == changed) {
		at++;
	}
	return at;
}

/* Lays the marked lines out in hunks: each change with its context, near ones together. */
static void lay_out(struct work *w, size_t context)
{
	bool open = false;
	size_t i = 0, j = 0, i_end, j_end;
	while (i < w->old.lines.count || j < w->new.lines.count) {
		size_t same = least(run_end(&w->old, i, false) - i, run_end(&w->new, j, false) - j);
		size_t near = least(same, context);
		bool last = i + same == w->old.lines.count && j + same == w->new.lines.count;
		if (open && !last && same - near <= near) {
			add_same(w, i, j, same);
		} else {
			if (open) {
				add_same(w, i, j, near);
				close_hunk(w->diff);
			}
			if (last) {
				return;
			}
			open_hunk(w, i + same - near, j + same - near);
			add_same(w, i + same - near, j + same - near, near);
			open = true;
		}
		i += same;
		j += same;
		i_end = run_end(&w->old, i, true);
		j_end = run_end(&w->new, j, true);
		assert(i_end > i || j_end > j); /* else the two sides do not match */
		add_change(w, i, i_end, j, j_end);
		w->diff->removed += (unsigned)(i_end - i);
		w->diff->added += (unsigned)(j_end - j);
		i = i_end;
		j = j_end;
	}
	if (open) {
		close_hunk(w->diff);
	}
}

static void compare(struct work *w, size_t context)
{
	struct side *old = &w->old, *new = &w->new;
	lines_add(&old->lines, old->part, SIZE_MAX, old->number);
	lines_add(&new->lines, new->part, SIZE_MAX, new->number);
	uint32_t *old_ids = xcalloc(old->lines.count, sizeof(*old_ids));
	uint32_t *new_ids = xcalloc(new->lines.count, sizeof(*new_ids));
	old->changed = xcalloc(old->lines.count, sizeof(*old->changed));
	new->changed = xcalloc(new->lines.count, sizeof(*new->changed));
	size_t kinds = lines_number(
		&old->lines, old_ids, &new->lines, new_ids, w->diff->line_ends_change);
	struct match_side old_match = { old_ids, old->lines.count, old->changed };
	struct match_side new_match = { new_ids, new->lines.count, new->changed };
	w->diff->coarse = !match_sides(&old_match, &new_match, kinds, DIFF_BUDGET);
	lay_out(w, context);
	free(old_ids);
	free(new_ids);
}

/* Takes the first and the last lines of a side; returns how many the first are, and in *total how
 * many there are. */
static size_t sample_side(struct side *side, unsigned *total)
{
	size_t head = lines_add(&side->lines, side->part, DIFF_SAMPLE, side->number);
	size_t first = side->lines.count, tail = side->part.len;
	unsigned last = 0;
	*total = (unsigned)line_count(side->part);
	for (; last < DIFF_SAMPLE && tail > head; last++) {
		tail = line_start(side->part, tail);
	}
	if (last) {
		struct span rest = { side->part.at + tail, side->part.len - tail };
		lines_add(&side->lines, rest, SIZE_MAX, side->number + *total - last);
	}
	return first;
}

static void sample(struct work *w)
{
	struct diff *diff = w->diff;
	size_t i = sample_side(&w->old, &diff->removed), i_end = w->old.lines.count;
	size_t j = sample_side(&w->new, &diff->added), j_end = w->new.lines.count;
	diff->coarse = true;
	diff->cut = diff->removed > i_end || diff->added > j_end;
	open_hunk(w, 0, 0);
	add_change(w, 0, i, 0, j);
	close_hunk(diff);
	if (i < i_end || j < j_end) {
		open_hunk(w, i, j);
		add_change(w, i, i_end, j, j_end);
		close_hunk(diff);
	}
}

void diff_make(struct diff *diff, struct span before, struct span after, unsigned context)
{
	struct work w = {
		.diff = diff,
		.old = { .whole = before, .part = before, .number = 1 },
		.new = { .whole = after, .part = after, .number = 1 },
	};
	*diff = (struct diff){ 0 };
	diff->same = before.at && after.at ? span_same(before, after) : before.at == after.at;
	diff->binary = !diff->same && (is_binary(before) || is_binary(after));
	if (diff->same || diff->binary) {
		return;
	}
	diff->line_ends_change = line_ends_change(before, after);
	if (diff->line_ends_change) {
		diff->to_crlf = line_ends_count(after, END_CRLF) > 0;
		diff->line_ends = (unsigned)line_ends_count(
			before, diff->to_crlf ? END_LF : END_CRLF);
	} else {
		trim(&w, context);
	}
	if (is_large(&w) && !diff->line_ends_change) {
		trim(&w, 0);
	}
	if (is_large(&w)) {
		sample(&w);
	} else {
		compare(&w, context);
	}
	lines_finish(&w.old.lines);
	lines_finish(&w.new.lines);
	free(w.old.changed);
	free(w.new.changed);
}

void diff_finish(struct diff *diff)
{
	if (diff) {
		free(diff->lines);
		free(diff->hunks);
		*diff = (struct diff){ 0 };
	}
}
