/*
 * The blocks of replace_in_file, put into a text one behind the other.
 *
 * Owns the form of a block and where its text stands. Promises: bounded work; a result only where
 * every step is certain. A line that some version takes for a marker, blocks out of order, a text
 * that only a loose rule could place: of these it says that the result is not known. That a block
 * does not apply is said where no rule could place it. Called by core/preview.c.
 */
#include "config.h"

#include "core/block_text.h"

#include "core/edit_text.h"

#include <string.h>

enum { BUDGET = 256 << 20 /* bytes looked at */, MARK_MIN = 3 };

static const char not_the_form[] =
	"its blocks are not of the form that is known: what the tool makes of them is not known";
static const char loosely[] =
	"its text does not stand in the file to the letter: where the tool puts it is not known";
static const char too_much[] = "where its blocks fit is too much work to find out";

enum mark { MARK_NONE, MARK_SEARCH, MARK_MIDDLE, MARK_REPLACE, MARK_ODD };

/* Older and newer versions take more than the three lines of the form for markers. */
static bool is_odd(struct span line)
{
	size_t n = 0;
	while (n < line.len && line.at[n] == line.at[0]) {
		n++;
	}
	struct span rest = { line.at + n, line.len - n };
	if (n < MARK_MIN || !strchr("-<+>=", line.at[0])) {
		return false;
	}
	switch (line.at[0]) {
	case '=':
		return !rest.len;
	case '-':
	case '<':
		return span_is(rest, " SEARCH") || span_is(rest, " SEARCH>");
	default:
		return span_is(rest, " REPLACE") || span_is(rest, " REPLACE>");
	}
}

static enum mark mark_of(struct span line)
{
	static const char *const marks[] = { [MARK_SEARCH] = "------- SEARCH",
		[MARK_MIDDLE] = "=======",
		[MARK_REPLACE] = "+++++++ REPLACE" };
	for (size_t i = MARK_SEARCH; i < COUNT_OF(marks); i++) {
		if (span_is(line, marks[i])) {
			return (enum mark)i;
		}
	}
	return is_odd(line) ? MARK_ODD : MARK_NONE;
}

struct work {
	struct block_text *b;
	struct span before;
	size_t done; /* bytes of `before` that are behind us */
	size_t budget;
	enum mark last; /* MARK_REPLACE: between the blocks */
	const char *from; /* where the text behind the last marker begins */
};

static bool spend(struct work *w, size_t cost)
{
	if (cost > w->budget) {
		w->b->unknown = too_much;
		return false;
	}
	w->budget -= cost;
	return true;
}

static bool holds(struct span text, struct span part)
{
	return text.len && memmem(text.at, text.len, part.at, part.len);
}

/* Every loose rule begins with a line that is, white space aside, the first that is looked for. */
static bool could_stand(struct span text, struct span search)
{
	struct span first = { 0 }, line;
	span_line(&search, &first);
	first = edit_text_trim(first);
	bool found = !first.len;
	while (!found && span_line(&text, &line)) {
		found = span_same(edit_text_trim(line), first);
	}
	return found;
}

static void say_why(struct work *w, struct span search)
{
	if (!w->before.at) {
		w->b->fails = "there is no such file to edit";
	} else if (holds(w->before, search) || could_stand(w->before, search)) {
		w->b->unknown = loosely;
	} else {
		w->b->fails = "its text is not in the file";
	}
}

/* Puts out what stands before the place, and goes behind it. */
static void place(struct work *w, struct span search)
{
	struct span rest = { w->before.at + w->done, w->before.len - w->done };
	if (!search.len) {
		w->b->unknown = w->done ? not_the_form : NULL;
		w->done = w->before.len;
		return;
	}
	if (!spend(w, rest.len + search.len)) {
		return;
	}
	const char *found = rest.len ? memmem(rest.at, rest.len, search.at, search.len) : NULL;
	if (!found) {
		say_why(w, search);
		return;
	}
	buf_add(&w->b->after, rest.at, (size_t)(found - rest.at));
	w->done = (size_t)(found - w->before.at) + search.len;
	rest = (struct span){ found + search.len, w->before.len - w->done };
	if (!w->b->several && spend(w, rest.len)) {
		w->b->several = holds(rest, search);
	}
}

static void read_line(struct work *w, struct span line, const char *next)
{
	enum mark mark = mark_of(line);
	struct span text = { w->from, (size_t)(line.at - w->from) };
	bool outside = w->last == MARK_REPLACE;
	if (mark == MARK_NONE) {
		w->b->unknown = outside && edit_text_trim(line).len ? not_the_form : NULL;
		return;
	}
	if (mark != (outside ? MARK_SEARCH : w->last + 1)) {
		w->b->unknown = not_the_form;
	} else if (mark == MARK_MIDDLE) {
		place(w, text);
	} else if (mark == MARK_REPLACE) {
		buf_span(&w->b->after, text);
	}
	w->last = mark;
	w->from = next;
}

/* The tool does this to some models' texts, and not to others'. */
static bool may_be_unescaped(struct span blocks)
{
	static const char *const parts[] = { "&gt;", "&lt;", "&quot;", "&amp;", "&apos;",
		"\xef\xbf\xbd" };
	bool found = false;
	for (size_t i = 0; !found && i < COUNT_OF(parts); i++) {
		found = holds(blocks, span_of(parts[i]));
	}
	return found;
}

/* A file that ended in a newline does so again; some versions drop the other white space there. */
static void end(struct work *w)
{
	struct buf *after = &w->b->after;
	bool newline = span_ends(w->before, "\n");
	buf_add(after, w->before.at + w->done, w->before.len - w->done);
	if (newline && !span_ends(buf_view(after), "\n")) {
		buf_char(after, '\n');
	}
	struct span all = buf_view(after), text = edit_text_trim(all);
	struct span tail = { text.at + text.len, all.len - (size_t)(text.at - all.at) - text.len };
	w->b->ends = text.len ? !span_is(tail, newline ? "\n" : "") : all.len > newline;
}

void block_text_apply(struct block_text *b, struct span blocks, struct span before)
{
	struct work w = { .b = b, .before = before, .budget = BUDGET, .last = MARK_REPLACE };
	struct span line;
	*b = (struct block_text){ 0 };
	if (may_be_unescaped(blocks)) {
		b->unknown = "it holds HTML escapes, which the tool replaces for some models";
	}
	while (!b->unknown && !b->fails && span_line(&blocks, &line)) {
		read_line(&w, line, blocks.at);
	}
	if (!b->unknown && !b->fails && (w.last != MARK_REPLACE || !w.from)) {
		b->unknown = not_the_form;
	}
	if (b->unknown || b->fails) {
		buf_finish(&b->after);
	} else {
		end(&w);
	}
}

void block_text_finish(struct block_text *b)
{
	buf_finish(&b->after);
	*b = (struct block_text){ 0 };
}
