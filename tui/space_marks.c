/*
 * Only what differs is marked: a file full of tabs is not a page of signs. A tab keeps its width
 * behind its mark. Pure; called by diff_doc.c.
 */
#include "config.h"

#include "tui/space_marks.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Where the white space at the end begins. */
static size_t end_of_text(struct span text)
{
	size_t n = text.len;
	while (n && is_blank(text.at[n - 1])) {
		n--;
	}
	return n;
}

/* From where on the part is to be marked; its end if nowhere. */
static size_t marked_from(struct span text, struct diff_range part, size_t end)
{
	size_t at = part.from;
	while (at < part.to && is_blank(text.at[at])) {
		at++;
	}
	if (at == part.to) {
		return part.from;
	}
	return part.to == text.len && end > part.from ? end : part.to;
}

static void put(struct buf *out, char c, bool ascii)
{
	if (c == ' ') {
		buf_text(out, ascii ? "." : "·");
	} else {
		buf_text(out, ascii ? ">\t" : "»\t");
	}
}

static void put_part(
	struct marked_line *out, struct span text, struct diff_range part, size_t end, bool ascii)
{
	size_t marked = marked_from(text, part, end);
	struct diff_range *to = &out->parts[out->count++];
	to->from = out->text.len;
	buf_add(&out->text, text.at + part.from, marked - part.from);
	for (size_t i = marked; i < part.to; i++) {
		put(&out->text, text.at[i], ascii);
	}
	to->to = out->text.len;
}

void space_marks(struct marked_line *out, struct span text, const struct diff_range *parts,
	size_t count, bool new, bool cr, bool ascii)
{
	size_t end = end_of_text(text), at = 0;
	const struct diff_range rest = { end, text.len };
	*out = (struct marked_line){ .count = 0 };
	if (!count && new &&end < text.len) {
		parts = &rest;
		count = 1;
	}
	for (size_t i = 0; i < count && i < DIFF_WORDS_RANGES; i++) {
		buf_add(&out->text, text.at + at, parts[i].from - at);
		put_part(out, text, parts[i], end, ascii);
		at = parts[i].to;
	}
	buf_add(&out->text, text.at + at, text.len - at);
	if (cr) {
		out->parts[out->count].from = out->text.len;
		buf_text(&out->text, ascii ? "^M" : "␍");
		out->parts[out->count++].to = out->text.len;
	}
}

void space_marks_finish(struct marked_line *line)
{
	buf_finish(&line->text);
}
