/*
 * Finds the shortest edit between two rows of numbers.
 *
 * Common head and tail are left alone, numbers that only one side has are changed without further
 * question (this alone settles two texts that share nothing), and what remains is searched
 * greedily. The search keeps each round's furthest points, so its memory is bounded by the same
 * budget as its time. At last runs that only add or only remove are moved down as far as they go,
 * where people expect them: behind the brace, not before it.
 */
#include "config.h"

#include "core/match.h"

#include <stdlib.h>
#include <string.h>

/* What takes part in the search: where numbers stand that both sides have, head and tail apart. */
struct row {
	struct match_side *side;
	uint32_t *at;
	size_t count;
};

struct search {
	struct row old, new;
	/* Round d has d + 1 points, diagonals -d to d by twos: the furthest position in old. */
	uint32_t *points;
	size_t points_cap;
	size_t steps, budget;
};

static size_t first_of_round(size_t d)
{
	return d * (d + 1) / 2;
}

static uint32_t id_at(const struct row *row, size_t position)
{
	return row->side->ids[row->at[position]];
}

/* Where the best way to point `i` of round d comes from: from above (a new line) or from the left
 * (an old one). */
static bool is_insert(const uint32_t *previous, size_t d, size_t i)
{
	return i == 0 || (i != d && previous[i - 1] < previous[i]);
}

/* Follows equal lines from (x, x - k). */
static size_t follow(struct search *s, size_t x, long k)
{
	size_t y = (size_t)((long)x - k);
	while (x < s->old.count && y < s->new.count &&id_at(&s->old, x) == id_at(&s->new, y)) {
		x++;
		y++;
		s->steps++;
	}
	return x;
}

/* Computes round d; true when the end was reached. */
static bool run_round(struct search *s, size_t d)
{
	uint32_t *points = s->points + first_of_round(d);
	const uint32_t *previous = d ? s->points + first_of_round(d - 1) : NULL;
	long goal = (long)s->old.count - (long)s->new.count;
	for (size_t i = 0; i <= d && s->steps <= s->budget; i++) {
		long k = 2 * (long)i - (long)d;
		size_t x = !d ? 0 : is_insert(previous, d, i) ? previous[i] : previous[i - 1] + 1u;
		x = follow(s, x, k);
		points[i] = (uint32_t)x;
		s->steps++;
		if (k == goal && x >= s->old.count) {
			return true;
		}
	}
	return false;
}

/* Walks back from the end, reached in round d, and marks each step that was not a match. */
static void mark_path(struct search *s, size_t d)
{
	long x = (long)s->old.count, y = (long)s->new.count;
	for (; d; d--) {
		const uint32_t *previous = s->points + first_of_round(d - 1);
		long k = x - y;
		size_t i = (size_t)(k + (long)d) / 2;
		if (is_insert(previous, d, i)) {
			x = previous[i];
			y = x - (k + 1);
			s->new.side->changed[s->new.at[y]] = true;
		} else {
			x = previous[i - 1];
			y = x - (k - 1);
			s->old.side->changed[s->old.at[x]] = true;
		}
	}
}

static bool find_path(struct search *s)
{
	for (size_t d = 0; d <= s->old.count + s->new.count; d++) {
		size_t need = first_of_round(d + 1);
		if (need > s->budget || s->steps > s->budget) {
			return false;
		}
		s->points = xgrow(s->points, &s->points_cap, need, sizeof(*s->points));
		if (run_round(s, d)) {
			mark_path(s, d);
			return true;
		}
	}
	return false;
}

static void mark_range(struct match_side *side, size_t first, size_t end)
{
	memset(side->changed + first, true, end - first);
}

/* Puts what `other` has too into the row; the rest is changed. `seen` has a zeroed place for every
 * number. */
static void fill_row(
	struct row *row, const struct match_side *other, bool *seen, size_t head, size_t tail)
{
	struct match_side *side = row->side;
	for (size_t i = head; i < other->count - tail; i++) {
		seen[other->ids[i]] = true;
	}
	row->at = xcalloc(side->count, sizeof(*row->at));
	for (size_t i = head; i < side->count - tail; i++) {
		if (seen[side->ids[i]]) {
			row->at[row->count++] = (uint32_t)i;
		} else {
			side->changed[i] = true;
		}
	}
}

static size_t run_end(const struct match_side *side, size_t at)
{
	while (at < side->count && side->changed[at]) {
		at++;
	}
	return at;
}

/* Moves the run from `start` to *end down while that leaves the same text; *at is the partner of
 * *end. */
static void slide_run(struct match_side *side, size_t start, size_t *end,
	const struct match_side *other, size_t *at)
{
	while (*end < side->count && *at < other->count && !other->changed[*at] &&
		side->ids[start] == side->ids[*end]) {
		side->changed[start++] = false;
		side->changed[*end] = true;
		*end = run_end(side, *end);
		(*at)++;
	}
}

static void slide(struct match_side *old, struct match_side *new)
{
	size_t i = 0, j = 0;
	while (i < old->count || j < new->count) {
		size_t i_start = i, j_start = j;
		i = run_end(old, i);
		j = run_end(new, j);
		if (i == i_start && j == j_start) {
			i++;
			j++;
		} else if (j == j_start) {
			slide_run(old, i_start, &i, new, &j);
		} else if (i == i_start) {
			slide_run(new, j_start, &j, old, &i);
		}
	}
}

bool match_sides(struct match_side *old, struct match_side *new, size_t kinds, size_t budget)
{
	size_t least = old->count < new->count ? old->count : new->count, head = 0, tail = 0;
	struct search s = { .old.side = old, .new.side = new, .budget = budget };
	while (head < least && old->ids[head] == new->ids[head]) {
		head++;
	}
	while (tail < least - head &&
		old->ids[old->count - 1 - tail] == new->ids[new->count - 1 - tail]) {
		tail++;
	}
	bool *seen = xcalloc(kinds, sizeof(*seen));
	fill_row(&s.old, new, seen, head, tail);
	memset(seen, 0, kinds * sizeof(*seen));
	fill_row(&s.new, old, seen, head, tail);
	bool found = find_path(&s);
	if (found) {
		slide(old, new);
	} else {
		mark_range(old, head, old->count - tail);
		mark_range(new, head, new->count - tail);
	}
	free(seen);
	free(s.old.at);
	free(s.new.at);
	free(s.points);
	return found;
}
