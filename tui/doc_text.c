/* Called by linear_say.c. */
#include "config.h"

#include "tui/doc_text.h"

enum { INDENT = 2, LEAST_COLS = 20 };

static void blanks(struct buf *out, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		buf_char(out, ' ');
	}
}

static char drawn(uint32_t point)
{
	return point == 0x2502 ? '|' : point >= 0x2500 && point <= 0x257f ? '-' : '\0';
}

/* Bytes of a safe text; returns the columns that they take. */
static unsigned part(const struct paint *paint, const struct safe_text *text, size_t from,
	size_t to, struct buf *out)
{
	const char *at = safe_cstr(text);
	unsigned used = 0;
	while (from < to) {
		unsigned bytes = 1, columns = 1;
		uint32_t point = safe_next(at + from, &bytes, &columns);
		char plain = drawn(point);
		if (point == '\t' || point == '\n') {
			columns = point == '\t' ? PAINT_TAB - used % PAINT_TAB : 1;
			blanks(out, columns);
		} else if (plain || (paint->ascii && point >= 0x80)) {
			buf_char(out, plain ? plain : (char)paint_glyph(paint, point));
		} else {
			buf_add(out, at + from, bytes);
		}
		used += columns;
		from += bytes;
	}
	return used;
}

void doc_text_safe(const struct paint *paint, const struct safe_text *text, struct buf *out)
{
	part(paint, text, 0, text->bytes, out);
}

/* The mark stands in the indent, as on the screen. */
static void row_text(const struct doc *doc, const struct doc_row *row, struct buf *out)
{
	const struct doc_line *line = &doc->lines[row->line];
	unsigned left = line->indent + (row->further ? line->hang : 0), used = 0;
	blanks(out, INDENT);
	if (line->mark[0] && !row->further) {
		struct safe_text mark = safe_printf("%s", line->mark);
		used = part(doc->paint, &mark, 0, mark.bytes, out);
		safe_finish(&mark);
	}
	blanks(out, left > used ? left - used : 0);
	part(doc->paint, &line->text, row->from, row->to, out);
	buf_char(out, '\n');
}

size_t doc_text(struct doc *doc, size_t from, size_t to, size_t most, int width, struct buf *out)
{
	size_t rows = 0;
	int room = width - INDENT;
	doc_wrap(doc, room > LEAST_COLS ? room : LEAST_COLS);
	for (size_t i = 0; i < doc->row_count; i++) {
		const struct doc_row *row = &doc->rows[i];
		if (row->line >= from && row->line < to && rows++ < most) {
			row_text(doc, row, out);
		}
	}
	return rows > most ? rows - most : 0;
}
