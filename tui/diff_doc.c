/*
 * From hunks to lines. Within a run of lines that go and lines that come, those that stand for each
 * other are found by what they have in common; a bound on how many pairs are looked at keeps any
 * diff from taking long. Called by preview_doc.c.
 */
#include "config.h"

#include "tui/diff_doc.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/diff_words.h"
#include "tui/space_marks.h"

enum {
	PAIRS_MAX = 1000, /* looked at in a diff, and kept of a run */
	PAIR_AHEAD = 8, /* new lines that an old one is compared with */
	NUMBERS_FROM = 60, /* columns */
	LONG_SHARE = 5, /* halves only if no more than one in so many lines would wrap */
	NUMBER_INDENT = 8,
	SIGN_INDENT = 2,
	LONG_FROM = 2000, /* lines of a diff, of which so many are shown: */
	LONG_HEAD = 1000,
	LONG_TAIL = 200,
};

struct writer {
	struct doc *doc;
	unsigned indent;
	bool halves;
	bool mixed_ends; /* some of the changed lines end in CR LF, and some do not */
	unsigned pairs; /* looked at so far */
};

/* One old line and the new one that it became. */
struct pair {
	size_t old, new;
	struct diff_words words;
};

/* ---- one line ---- */

enum side { BOTH, LEFT, RIGHT };

static void line_mark(
	const struct writer *w, const struct diff_line *line, enum side side, char mark[24])
{
	unsigned number = side == LEFT ? line->old_number : line->new_number;
	if (w->indent == SIGN_INDENT) {
		snprintf(mark, 24, "%c", (char)line->sign);
	} else if (number) {
		snprintf(mark, 24, "%5u %c", number, (char)line->sign);
	} else {
		snprintf(mark, 24, "%5s %c", "", (char)line->sign);
	}
}

static void put_line(const struct writer *w, const struct diff_line *line, enum side side,
	const struct diff_range *parts, size_t count)
{
	bool new = line->sign == DIFF_NEW;
	enum role role = new ? ROLE_ADDED : line->sign == DIFF_OLD ? ROLE_REMOVED : ROLE_TEXT;
	char mark[24];
	line_mark(w, line, side, mark);
	if (line->sign == DIFF_SAME) {
		doc_foreign(w->doc, role, w->indent, mark, line->text);
		return;
	}
	struct marked_line marked;
	space_marks(&marked, line->text, parts, count, new, line->cr && w->mixed_ends,
		w->doc->paint->ascii);
	struct span text = buf_view(&marked.text);
	doc_foreign(w->doc, role, w->indent, mark, text);
	for (size_t i = 0; i < marked.count; i++) {
		doc_part(w->doc, new ? ROLE_ADDED_WORD : ROLE_REMOVED_WORD, text,
			marked.parts[i].from, marked.parts[i].to);
	}
	space_marks_finish(&marked);
}

static void put_end(const struct writer *w, const struct diff_line *line)
{
	doc_say(w->doc, ROLE_DIM, w->indent,
		line && line->no_newline ? "\\ No newline at end of file" : "");
}

static void put_whole(const struct writer *w, const struct diff_line *line,
	const struct diff_range *parts, size_t count)
{
	put_line(w, line, BOTH, parts, count);
	if (line->no_newline) {
		put_end(w, line);
	}
}

/* Either may be NULL: nothing stands for the other there. */
static void put_halves(const struct writer *w, const struct diff_line *old,
	const struct diff_line *new, const struct diff_words *words)
{
	if (old) {
		put_line(w, old, LEFT, words ? words->old : NULL, words ? words->old_count : 0);
	} else {
		doc_say(w->doc, ROLE_TEXT, 0, "");
	}
	if (new) {
		put_line(w, new, RIGHT, words ? words->new : NULL, words ? words->new_count : 0);
	} else {
		doc_say(w->doc, ROLE_TEXT, 0, "");
	}
	doc_beside(w->doc);
	if ((old && old->no_newline) || (new &&new->no_newline)) {
		put_end(w, old);
		put_end(w, new);
		doc_beside(w->doc);
	}
}

/* ---- a run of lines that go and lines that come ---- */

/* The new line that an old one became, among the next few that stand for no other. */
static bool find_pair(struct writer *w, const struct diff_line *old, const struct diff_line *new,
	size_t from, size_t count, struct pair *pair)
{
	for (size_t i = from; i < count && i < from + PAIR_AHEAD; i++) {
		if (w->pairs++ >= PAIRS_MAX) {
			return false;
		}
		if (diff_words(&pair->words, old->text, new[i].text)) {
			pair->new = i;
			return true;
		}
	}
	return false;
}

static size_t find_pairs(struct writer *w, const struct diff_line *old, size_t old_count,
	const struct diff_line *new, size_t new_count, struct pair *pairs)
{
	size_t count = 0, next = 0;
	for (size_t i = 0; i < old_count && next < new_count && count < PAIRS_MAX; i++) {
		if (find_pair(w, &old[i], new, next, new_count, &pairs[count])) {
			pairs[count].old = i;
			next = pairs[count++].new + 1;
		}
	}
	return count;
}

static void put_stacked(const struct writer *w, const struct diff_line *old, size_t old_count,
	const struct diff_line *new, size_t new_count, const struct pair *pairs, size_t count)
{
	for (size_t i = 0, p = 0; i < old_count; i++) {
		bool paired = p < count && pairs[p].old == i;
		put_whole(w, &old[i], paired ? pairs[p].words.old : NULL,
			paired ? pairs[p].words.old_count : 0);
		p += paired;
	}
	for (size_t i = 0, p = 0; i < new_count; i++) {
		bool paired = p < count && pairs[p].new == i;
		put_whole(w, &new[i], paired ? pairs[p].words.new : NULL,
			paired ? pairs[p].words.new_count : 0);
		p += paired;
	}
}

/* What stands between two pairs is put beside each other as it comes. */
static void put_beside(const struct writer *w, const struct diff_line *old, size_t old_count,
	const struct diff_line *new, size_t new_count, const struct pair *pairs, size_t count)
{
	size_t i = 0, k = 0;
	for (size_t p = 0; p <= count; p++) {
		size_t old_to = p < count ? pairs[p].old : old_count;
		size_t new_to = p < count ? pairs[p].new : new_count;
		while (i < old_to || k < new_to) {
			const struct diff_line *left = i < old_to ? &old[i++] : NULL;
			put_halves(w, left, k < new_to ? &new[k++] : NULL, NULL);
		}
		if (p < count) {
			put_halves(w, &old[i++], &new[k++], &pairs[p].words);
		}
	}
}

static void put_run(
	struct writer *w, const struct diff_line *lines, size_t old_count, size_t new_count)
{
	size_t least = old_count < new_count ? old_count : new_count;
	struct pair *pairs = xcalloc(least < PAIRS_MAX ? least + 1 : PAIRS_MAX + 1, sizeof(*pairs));
	const struct diff_line *new = lines + old_count;
	size_t count = find_pairs(w, lines, old_count, new, new_count, pairs);
	(w->halves ? put_beside : put_stacked)(w, lines, old_count, new, new_count, pairs, count);
	free(pairs);
}

/* ---- hunks ---- */

static size_t run_of(const struct diff_line *lines, size_t count, enum diff_sign sign)
{
	size_t n = 0;
	while (n < count && lines[n].sign == sign) {
		n++;
	}
	return n;
}

/* Lines of a diff, by their place in it. */
struct stretch {
	size_t from, to;
};

static void put_lines(struct writer *w, const struct diff_line *lines, size_t count)
{
	for (size_t at = 0; at < count;) {
		size_t old = run_of(lines + at, count - at, DIFF_OLD);
		size_t new = run_of(lines + at + old, count - at - old, DIFF_NEW);
		if (old + new) {
			put_run(w, lines + at, old, new);
			at += old + new;
		} else if (w->halves) {
			put_halves(w, &lines[at], &lines[at], NULL);
			at++;
		} else {
			put_whole(w, &lines[at++], NULL, 0);
		}
	}
}

/* What of the hunk is in the stretch. */
static void put_hunk(struct writer *w, const struct diff *diff, const struct diff_hunk *hunk,
	struct stretch stretch)
{
	size_t from = hunk->first, to = hunk->first + hunk->count;
	from = from > stretch.from ? from : stretch.from;
	to = to < stretch.to ? to : stretch.to;
	if (from >= to) {
		return;
	}
	if (from == hunk->first) {
		doc_add(w->doc, ROLE_HUNK, 0, "",
			safe_printf("@@ -%u,%u +%u,%u @@", hunk->old_start, hunk->old_count,
				hunk->new_start, hunk->new_count));
	}
	put_lines(w, diff->lines + from, to - from);
}

static void put_hunks(struct writer *w, const struct diff *diff, struct stretch stretch)
{
	for (size_t i = 0; i < diff->hunk_count; i++) {
		put_hunk(w, diff, &diff->hunks[i], stretch);
	}
}

static void diff_notes(struct doc *doc, const struct diff *diff)
{
	if (diff->binary) {
		doc_say(doc, ROLE_WARNING, 0, "The content is not text: there is no diff to show.");
	}
	if (diff->cut) {
		doc_say(doc, ROLE_WARNING, 0,
			"Too large to compare: only the beginning and the end of the change are "
			"shown.");
	} else if (diff->coarse) {
		doc_say(doc, ROLE_WARNING, 0,
			"Too much differs to align lines: old and new are shown as blocks.");
	}
	if (diff->line_ends_change) {
		doc_add(doc, ROLE_WARNING, 0, "",
			safe_printf("line ends change: %s (%u line%s)",
				diff->to_crlf ? "LF → CR LF" : "CR LF → LF", diff->line_ends,
				diff->line_ends == 1 ? "" : "s"));
	}
	if (diff->same) {
		doc_say(doc, ROLE_STRONG, 0, "The file stays as it is.");
	}
}

/* Would most lines keep to one row of half the width? */
static bool fits_halves(const struct diff *diff, const struct diff_form *form)
{
	int room = doc_half(form->width) - NUMBER_INDENT;
	size_t changed = 0, wrapped = 0;
	for (size_t i = 0; i < diff->line_count; i++) {
		if (diff->lines[i].sign != DIFF_SAME) {
			changed++;
			wrapped += diff->lines[i].text.len > (size_t)room;
		}
	}
	return form->half_least > 0 && doc_half(form->width) >= form->half_least &&
		wrapped * LONG_SHARE <= changed;
}

static bool has_mixed_ends(const struct diff *diff)
{
	bool cr = false, lf = false;
	for (size_t i = 0; i < diff->line_count && !diff->line_ends_change; i++) {
		const struct diff_line *line = &diff->lines[i];
		if (line->sign != DIFF_SAME) {
			cr = cr || line->cr;
			lf = lf || (!line->cr && !line->no_newline);
		}
	}
	return cr && lf;
}

void diff_doc(struct doc *doc, const struct diff *diff, const struct diff_form *form)
{
	struct writer w = { .doc = doc,
		.indent = form->width >= NUMBERS_FROM ? NUMBER_INDENT : SIGN_INDENT,
		.halves = form->halves == HALVES_ALWAYS ||
			(form->halves == HALVES_BY_ROOM && fits_halves(diff, form)) };
	w.mixed_ends = has_mixed_ends(diff);
	diff_notes(doc, diff);
	if (form->whole || diff->line_count <= LONG_FROM) {
		put_hunks(&w, diff, (struct stretch){ 0, diff->line_count });
		return;
	}
	doc->partial = true;
	put_hunks(&w, diff, (struct stretch){ 0, LONG_HEAD });
	doc_add(doc, ROLE_WARNING, 0, "",
		safe_printf("%zu lines of the diff are not shown here: V shows all.",
			diff->line_count - LONG_HEAD - LONG_TAIL));
	put_hunks(&w, diff, (struct stretch){ diff->line_count - LONG_TAIL, diff->line_count });
}
