/*
 * Lines in, rows out. A line that is wider than the width goes on in further rows, marked in front;
 * nothing is cut. What passes the bounds is counted and said at the end: a person must know what
 * was not shown. Called by card.c, preview_doc.c, args_doc.c and the help view to write, by the
 * views to paint.
 */
#include "config.h"

#include "tui/doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void doc_init(struct doc *doc, const struct paint *paint)
{
	*doc = (struct doc){ .paint = paint };
}

static void finish_line(struct doc_line *line)
{
	safe_finish(&line->text);
	free(line->parts);
	if (line->right) {
		finish_line(line->right);
		free(line->right);
	}
}

void doc_finish(struct doc *doc)
{
	if (!doc) {
		return;
	}
	for (size_t i = 0; i < doc->count; i++) {
		finish_line(&doc->lines[i]);
	}
	free(doc->lines);
	free(doc->rows);
	*doc = (struct doc){ .paint = doc->paint, .made = doc->made + 1 };
}

void doc_add(
	struct doc *doc, enum role role, unsigned indent, const char *mark, struct safe_text text)
{
	if (doc->count >= DOC_LINES_MAX || doc->bytes + text.bytes > DOC_BYTES_MAX) {
		doc->dropped++;
		safe_finish(&text);
		return;
	}
	doc->lines = xgrow(doc->lines, &doc->cap, doc->count + 1, sizeof(*doc->lines));
	struct doc_line *line = &doc->lines[doc->count++];
	*line = (struct doc_line){ .role = role, .indent = indent, .text = text };
	snprintf(line->mark, sizeof(line->mark), "%s", mark);
	doc->bytes += text.bytes;
	doc->width = 0;
}

void doc_say(struct doc *doc, enum role role, unsigned indent, const char *literal)
{
	size_t before = doc->count;
	doc_add(doc, role, indent, "", safe_printf("%s", literal));
	if (doc->count > before) {
		doc->lines[before].prose = true;
	}
}

void doc_mark(struct doc *doc, const char *mark)
{
	if (doc->count) {
		snprintf(doc->lines[doc->count - 1].mark, sizeof(doc->lines[0].mark), "%s", mark);
	}
}

void doc_blank(struct doc *doc)
{
	doc_say(doc, ROLE_TEXT, 0, "");
}

struct safe_text doc_safe(const struct doc *doc, const char *foreign)
{
	return paint_foreign(doc->paint, span_of(foreign ? foreign : ""), SAFE_ONE_LINE);
}

void doc_foreign(
	struct doc *doc, enum role role, unsigned indent, const char *mark, struct span line)
{
	doc_add(doc, role, indent, mark, paint_foreign(doc->paint, line, SAFE_MANY_LINES));
}

/* Where a byte of the foreign line stands in its safe form: behind the safe form of what is before.
 */
static size_t safe_offset(const struct doc *doc, struct span line, size_t at)
{
	struct safe_text before = paint_foreign(
		doc->paint, (struct span){ line.at, at }, SAFE_MANY_LINES);
	size_t offset = before.bytes;
	safe_finish(&before);
	return offset;
}

void doc_part(struct doc *doc, enum role role, struct span line, size_t from, size_t to)
{
	struct doc_line *last = doc->count ? &doc->lines[doc->count - 1] : NULL;
	if (!last || doc->dropped) {
		return;
	}
	size_t cap = last->part_count;
	last->parts = xgrow(last->parts, &cap, last->part_count + 1, sizeof(*last->parts));
	last->parts[last->part_count++] = (struct doc_part){ safe_offset(doc, line, from),
		safe_offset(doc, line, to) };
	last->part_role = role;
}

void doc_beside(struct doc *doc)
{
	if (doc->count < 2 || doc->dropped) {
		return;
	}
	struct doc_line *left = &doc->lines[doc->count - 2];
	left->right = xmalloc(sizeof(*left->right));
	*left->right = doc->lines[--doc->count];
	doc->width = 0;
}

int doc_half(int width)
{
	return (width - 1) / 2;
}

void doc_labelled(struct doc *doc, const char *label, enum role role, struct safe_text value)
{
	size_t before = doc->count;
	doc_add(doc, role, 0, "", safe_printf("%-*s%s", DOC_LABEL, label, safe_cstr(&value)));
	if (doc->count > before) {
		doc->lines[before].hang = DOC_LABEL;
		doc->lines[before].prose = true;
	}
	safe_finish(&value);
}

void doc_field(struct doc *doc, const char *label, enum role role, struct span value)
{
	if (value.at && value.len) {
		doc_labelled(doc, label, role, paint_foreign(doc->paint, value, SAFE_ONE_LINE));
	}
}

/* Where the row that begins at `from` ends; at least one character. */
static size_t row_end(const struct safe_text *text, size_t from, unsigned width)
{
	const char *at = safe_cstr(text);
	unsigned used = 0;
	size_t end = from;
	while (end < text->bytes) {
		unsigned bytes = 1, columns = 1;
		if (at[end] == '\t') {
			columns = PAINT_TAB - used % PAINT_TAB;
		} else {
			safe_next(at + end, &bytes, &columns);
		}
		if (used + columns > width && end > from) {
			break;
		}
		used += columns;
		end += bytes;
	}
	return end;
}

/* Back to behind the last space, unless that leaves less than half a row. */
static size_t word_end(const struct safe_text *text, size_t from, size_t to)
{
	const char *at = safe_cstr(text);
	if (to < text->bytes) {
		for (size_t end = to; end > from + (to - from) / 2; end--) {
			if (at[end - 1] == ' ') {
				return end;
			}
		}
	}
	return to;
}

/* Where the row of a line that begins at `from` ends. */
static size_t line_end(const struct doc_line *line, size_t from, bool further, unsigned width)
{
	unsigned left = line->indent + (further ? line->hang : 0);
	size_t to = row_end(&line->text, from, width > left + 1 ? width - left : 1);
	return line->prose ? word_end(&line->text, from, to) : to;
}

static void wrap_line(struct doc *doc, size_t index, unsigned width)
{
	const struct doc_line *line = &doc->lines[index], *right = line->right;
	struct doc_row row = { .line = index };
	unsigned half = right ? (unsigned)doc_half((int)width) : width;
	do {
		row.to = line_end(line, row.from, row.further, half);
		row.right_to = right ? line_end(right, row.right_from, row.right_further, half) : 0;
		doc->rows = xgrow(doc->rows, &doc->row_cap, doc->row_count + 1, sizeof(*doc->rows));
		doc->rows[doc->row_count++] = row;
		row.from = row.to;
		row.right_from = row.right_to;
		row.further = row.right_further = true;
		if (doc->cut_lines && !line->prose) {
			doc->cut = doc->cut || row.from < line->text.bytes ||
				(right && row.right_from < right->text.bytes);
			break;
		}
	} while (row.from < line->text.bytes || (right && row.right_from < right->text.bytes));
}

void doc_wrap(struct doc *doc, int width)
{
	if (doc->width == width || width < 1) {
		return;
	}
	if (doc->dropped) {
		size_t dropped = doc->dropped;
		doc->dropped = 0;
		doc->count -= doc->count == DOC_LINES_MAX;
		doc->bytes = 0;
		doc_add(doc, ROLE_WARNING, 0, "",
			safe_printf("%zu more lines are not shown", dropped));
	}
	doc->row_count = 0;
	doc->cut = false;
	for (size_t i = 0; i < doc->count; i++) {
		wrap_line(doc, i, (unsigned)width);
	}
	doc->width = width;
}

/* The rows of one line anew; those of the others stay as they are. */
static void wrap_again(struct doc *doc, size_t line)
{
	struct doc new = { .lines = doc->lines, .width = doc->width, .cut_lines = doc->cut_lines };
	size_t from = 0, to;
	while (from < doc->row_count && doc->rows[from].line < line) {
		from++;
	}
	for (to = from; to < doc->row_count && doc->rows[to].line == line; to++) {
	}
	wrap_line(&new, line, (unsigned)doc->width);
	size_t count = doc->row_count - (to - from) + new.row_count;
	doc->rows = xgrow(doc->rows, &doc->row_cap, count, sizeof(*doc->rows));
	memmove(doc->rows + from + new.row_count, doc->rows + to,
		(doc->row_count - to) * sizeof(*doc->rows));
	memcpy(doc->rows + from, new.rows, new.row_count * sizeof(*doc->rows));
	doc->row_count = count;
	free(new.rows);
}

void doc_relabel(
	struct doc *doc, size_t line, const char *label, enum role role, struct safe_text value)
{
	struct doc_line *l = &doc->lines[line];
	struct safe_text text = safe_printf("%-*s%s", DOC_LABEL, label, safe_cstr(&value));
	bool same = strcmp(safe_cstr(&text), safe_cstr(&l->text)) == 0;
	safe_finish(&value);
	safe_finish(&l->text);
	l->text = text;
	l->role = role;
	doc->made += !same;
	if (!same && doc->width) {
		wrap_again(doc, line);
	}
}

/* Columns of a row's text up to a byte of it, as paint_part counts them. */
static int columns_to(const struct safe_text *text, size_t from, size_t to)
{
	const char *at = safe_cstr(text);
	unsigned used = 0;
	while (from < to) {
		unsigned bytes = 1, columns = 1;
		if (at[from] == '\t') {
			columns = PAINT_TAB - used % PAINT_TAB;
		} else {
			safe_next(at + from, &bytes, &columns);
		}
		used += columns;
		from += bytes;
	}
	return (int)used;
}

/* What of a line is on a row. */
struct piece {
	const struct doc_line *line;
	size_t from, to;
	bool further;
};

/* The part of a row that stands out, once more and in its own role, piece by piece between tabs. */
static void paint_over(struct paint *paint, int y, int x, int cols, const struct piece *piece,
	const struct doc_part *part, enum role role)
{
	const struct doc_line *line = piece->line;
	size_t from = part->from > piece->from ? part->from : piece->from;
	size_t to = part->to < piece->to ? part->to : piece->to;
	const char *text = safe_cstr(&line->text);
	while (from < to) {
		const char *tab = memchr(text + from, '\t', to - from);
		size_t end = tab == text + from ? from + 1 : tab ? (size_t)(tab - text) : to;
		int first = columns_to(&line->text, piece->from, from);
		int next = columns_to(&line->text, piece->from, end);
		int room = (next < cols ? next : cols) - first;
		if (room > 0) {
			paint_fill(paint, (struct rect){ y, x + first, 1, room }, role);
			paint_part(paint, y, x + first, room, role, &line->text, from, end);
		}
		from = end;
	}
}

static void paint_piece(struct paint *paint, struct rect r, const struct piece *piece)
{
	const struct doc_line *line = piece->line;
	int indent = (int)line->indent + (piece->further ? (int)line->hang : 0);
	indent = indent < r.cols ? indent : 0;
	bool nothing = piece->further && piece->from == piece->to; /* the other half goes on */
	if (line->mark[0] && !piece->further) {
		paint_own(paint, r.y, r.x, indent, line->role, safe_printf("%s", line->mark));
	}
	if (piece->further && indent > 1 && !line->prose && !nothing) {
		paint_own(paint, r.y, r.x + indent - 1, 1, ROLE_DIM, safe_printf("%s", "↪"));
	}
	paint_part(paint, r.y, r.x + indent, r.cols - indent, line->role, &line->text, piece->from,
		piece->to);
	for (size_t i = 0; i < line->part_count; i++) {
		paint_over(paint, r.y, r.x + indent, r.cols - indent, piece, &line->parts[i],
			line->part_role);
	}
}

/* The row is all of the line that is shown, and not all of the line. */
static void paint_cut(struct paint *paint, struct rect r, const struct doc_line *line, size_t to)
{
	if (!line->prose && to < line->text.bytes) {
		paint_own(paint, r.y, r.x + r.cols - 1, 1, ROLE_WARNING, safe_printf("%s", "…"));
	}
}

static void paint_row(const struct doc *doc, struct paint *paint, struct rect rect, int y,
	const struct doc_row *row)
{
	const struct doc_line *line = &doc->lines[row->line];
	struct rect left = { y, rect.x, 1, line->right ? doc_half(rect.cols) : rect.cols };
	struct rect right = { y, rect.x + left.cols + 1, 1, left.cols };
	paint_piece(paint, left, &(struct piece){ line, row->from, row->to, row->further });
	if (line->right) {
		paint_own(paint, y, rect.x + left.cols, 1, ROLE_RULE, safe_printf("%s", "│"));
		paint_piece(paint, right,
			&(struct piece){
				line->right, row->right_from, row->right_to, row->right_further });
	}
	if (doc->cut_lines) {
		paint_cut(paint, left, line, row->to);
		if (line->right) {
			paint_cut(paint, right, line->right, row->right_to);
		}
	}
}

void doc_paint(const struct doc *doc, struct paint *paint, struct rect rect, size_t top)
{
	for (int i = 0; i < rect.rows && top + (size_t)i < doc->row_count; i++) {
		paint_row(doc, paint, rect, rect.y + i, &doc->rows[top + (size_t)i]);
	}
}

static void paint_place(const struct doc *doc, struct paint *paint, struct rect rect, int y,
	const struct doc_row *row, const struct doc_place *place, enum role role)
{
	const struct doc_line *line = &doc->lines[row->line];
	const struct doc_part part = { place->from, place->to };
	struct piece piece = { line, row->from, row->to, row->further };
	int x = rect.x, cols = line->right ? doc_half(rect.cols) : rect.cols;
	if (place->right) {
		x += cols + 1;
		piece = (struct piece){ line->right, row->right_from, row->right_to,
			row->right_further };
	}
	int indent = (int)piece.line->indent + (piece.further ? (int)piece.line->hang : 0);
	indent = indent < cols ? indent : 0;
	paint_over(paint, y, x + indent, cols - indent, &piece, &part, role);
}

void doc_paint_place(const struct doc *doc, struct paint *paint, struct rect rect, size_t top,
	const struct doc_place *place, enum role role)
{
	for (int i = 0; i < rect.rows && top + (size_t)i < doc->row_count; i++) {
		const struct doc_row *row = &doc->rows[top + (size_t)i];
		if (row->line == place->line && (!place->right || doc->lines[row->line].right)) {
			paint_place(doc, paint, rect, rect.y + i, row, place, role);
		}
	}
}

size_t doc_row_of(const struct doc *doc, const struct doc_place *place)
{
	size_t low = 0, high = doc->row_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct doc_row *row = &doc->rows[middle];
		size_t to = place->right ? row->right_to : row->to;
		if (row->line < place->line || (row->line == place->line && to <= place->from)) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}
