/*
 * The rule by which one text takes the place of another.
 *
 * Literally, and only the first time it stands there; else by whole lines, white space around them
 * aside, where the new lines take over the indentation. Lines, white space and lengths are those of
 * JavaScript strings, because the server that this foretells is written in it. A text can be made
 * for which this takes hours or gigabytes: so whatever is looked at or written is paid from a
 * budget. Called by core/preview.c.
 */
#include "config.h"

#include "core/edit_text.h"

#include "core/unicode.h"

#include <string.h>

enum { BUDGET = 128 << 20 /* bytes */, LINE_COST = 32 };

/* What String.trim and \s in a RegExp take for white space (ECMA-262, WhiteSpace and
 * LineTerminator). */
static bool is_space(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 || c == 0x1680 ||
		(c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
		c == 0x205f || c == 0x3000 || c == 0xfeff;
}

/* Bytes of the white space at the start, and how many characters that is. */
static size_t indent_of(struct span line, size_t *characters)
{
	size_t n = 0;
	*characters = 0;
	while (n < line.len) {
		struct unicode_char u = unicode_read(line.at + n, line.len - n);
		if (!is_space(u.c)) {
			break;
		}
		n += u.bytes;
		++*characters;
	}
	return n;
}

static struct span without_indent(struct span line)
{
	size_t characters, n = indent_of(line, &characters);
	return (struct span){ line.at + n, line.len - n };
}

struct span edit_text_trim(struct span line)
{
	struct span s = without_indent(line);
	while (s.len) {
		size_t n = 1;
		while (n < s.len && n < 4 && (s.at[s.len - n] & 0xc0) == 0x80) {
			n++;
		}
		if (!is_space(unicode_read(s.at + s.len - n, n).c)) {
			break;
		}
		s.len -= n;
	}
	return s;
}

static void add_with_lf(struct buf *out, struct span text)
{
	while (text.len) {
		const char *cr = memchr(text.at, '\r', text.len);
		size_t n = cr ? (size_t)(cr - text.at) : text.len;
		buf_add(out, text.at, n);
		if (cr && !(n + 1 < text.len && cr[1] == '\n')) {
			buf_char(out, '\r');
		}
		n += cr != NULL;
		text.at += n;
		text.len -= n;
	}
}

/* As a decoder does it that replaces what is not UTF-8. */
static void add_replaced(struct buf *out, struct span text)
{
	for (size_t at = 0; at < text.len;) {
		struct unicode_char u = unicode_read(text.at + at, text.len - at);
		if (u.valid) {
			buf_add(out, text.at + at, u.bytes);
		} else {
			buf_text(out, "\xef\xbf\xbd");
		}
		at += u.bytes;
	}
}

/* The pieces of a text between its newlines; there is always one more than there are newlines. */
struct split {
	struct span left;
	bool ended;
};

static bool next_piece(struct split *split, struct span *piece)
{
	if (split->ended) {
		return false;
	}
	const char *lf = split->left.len ? memchr(split->left.at, '\n', split->left.len) : NULL;
	size_t n = lf ? (size_t)(lf - split->left.at) : split->left.len;
	*piece = (struct span){ split->left.at, n };
	split->ended = !lf;
	split->left.at += n + (lf != NULL);
	split->left.len -= n + (lf != NULL);
	return true;
}

static bool spend(struct edit_text *e, size_t cost)
{
	if (cost > e->budget) {
		e->gave_up = true;
		return false;
	}
	e->budget -= cost;
	return true;
}

static void splice(struct buf *text, size_t at, size_t len, struct span with)
{
	struct span all = buf_view(text);
	struct buf result = { 0 };
	buf_room(&result, all.len - len + with.len);
	buf_add(&result, all.at, at);
	buf_span(&result, with);
	buf_add(&result, all.at + at + len, all.len - at - len);
	buf_finish(text);
	*text = result;
}

static bool replace_literal(struct edit_text *e)
{
	struct span content = buf_view(&e->content), old = buf_view(&e->old);
	if (!spend(e, content.len + e->new.len + LINE_COST)) {
		return false;
	}
	const char *found = memmem(content.at, content.len, old.at, old.len);
	if (!found) {
		return false;
	}
	size_t behind = (size_t)(found - content.at) + old.len;
	e->several = e->several ||
		(old.len && memmem(content.at + behind, content.len - behind, old.at, old.len));
	splice(&e->content, behind - old.len, old.len, buf_view(&e->new));
	return true;
}

/* True if the lines of `old` are, white space aside, those at the start of `content`; *bytes are
 * then theirs. */
static bool starts_with_lines(struct edit_text *e, struct split content, size_t *bytes)
{
	const char *start = content.left.at;
	struct split old = { .left = buf_view(&e->old) };
	struct span want, have;
	*bytes = 0;
	while (next_piece(&old, &want)) {
		if (!next_piece(&content, &have) || !spend(e, want.len + have.len + LINE_COST)) {
			return false;
		}
		have = edit_text_trim(have);
		want = edit_text_trim(want);
		if (!span_same(have, want)) {
			return false;
		}
		*bytes = (size_t)(content.left.at - start) - !content.ended;
	}
	return true;
}

/* Gives the new lines the indentation of the line that they replace, deeper ones by as much as they
 * were deeper. */
static bool indent_new(struct edit_text *e, struct span indent, struct buf *out)
{
	struct split old = { .left = buf_view(&e->old) }, new = { .left = buf_view(&e->new) };
	struct span old_line = { 0 }, line;
	size_t old_depth = 0, depth;
	for (size_t i = 0; next_piece(&new, &line); i++) {
		bool has_old = next_piece(&old, &old_line);
		size_t old_indent = has_old ? indent_of(old_line, &old_depth) : 0;
		size_t new_indent = indent_of(line, &depth);
		if (!spend(e, line.len + indent.len + old_line.len + LINE_COST)) {
			return false;
		}
		if (i) {
			buf_char(out, '\n');
		}
		if (i && (!old_indent || !new_indent)) {
			buf_span(out, line);
			continue;
		}
		buf_span(out, indent);
		for (size_t n = old_depth; i && n < depth; n++) {
			buf_char(out, ' ');
		}
		buf_span(out, without_indent(line));
	}
	return true;
}

static bool replace_lines(struct edit_text *e)
{
	struct split content = { .left = buf_view(&e->content) };
	const char *start = content.left.at;
	struct span line;
	size_t len, depth;
	do {
		size_t at = (size_t)(content.left.at - start);
		if (starts_with_lines(e, content, &len)) {
			struct buf lines = { 0 };
			bool done;
			next_piece(&content, &line);
			line.len = indent_of(line, &depth);
			done = indent_new(e, line, &lines) && spend(e, e->content.len + lines.len);
			if (done) {
				splice(&e->content, at, len, buf_view(&lines));
			}
			buf_finish(&lines);
			e->loose = e->loose || done;
			return done;
		}
	} while (!e->gave_up && next_piece(&content, &line) && !content.ended);
	return false;
}

void edit_text_load(struct edit_text *e, struct span file)
{
	struct buf text = { 0 };
	*e = (struct edit_text){ .budget = BUDGET,
		.crlf = memmem(file.at, file.len, "\r\n", 2) != NULL };
	e->replaced = !unicode_valid(file);
	if (e->replaced) {
		add_replaced(&text, file);
		file = buf_view(&text);
	}
	add_with_lf(&e->content, file);
	buf_finish(&text);
}

bool edit_text_apply(struct edit_text *e, struct span old, struct span new)
{
	buf_clear(&e->old);
	buf_clear(&e->new);
	add_with_lf(&e->old, old);
	add_with_lf(&e->new, new);
	return replace_literal(e) || (!e->gave_up && replace_lines(e));
}

void edit_text_finish(struct edit_text *e)
{
	buf_finish(&e->old);
	buf_finish(&e->new);
	buf_finish(&e->content);
}
