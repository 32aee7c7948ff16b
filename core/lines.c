/*
 * Cuts texts into lines and numbers them. A carriage return alone is part of a line, not its end.
 *
 * Equal lines are found by sorting on a hash and then on the bytes: a text made to collide costs a
 * factor of log n, where it would turn a hash table into a list. Called by core/diff.c.
 */
#include "config.h"

#include "core/lines.h"

#include <stdlib.h>
#include <string.h>

void lines_finish(struct lines *lines)
{
	free(lines->at);
	*lines = (struct lines){ 0 };
}

size_t line_bytes(struct span text)
{
	const char *lf = text.len ? memchr(text.at, '\n', text.len) : NULL;
	return lf ? (size_t)(lf - text.at) + 1 : text.len;
}

size_t line_start(struct span text, size_t end)
{
	const char *lf = end > 1 ? memrchr(text.at, '\n', end - 1) : NULL;
	return lf ? (size_t)(lf - text.at) + 1 : 0;
}

/* Takes the first line off *text; false if there is none. */
static bool next_line(struct span *text, struct span *line)
{
	*line = (struct span){ text->at, line_bytes(*text) };
	if (line->len) {
		text->at += line->len;
		text->len -= line->len;
	}
	return line->len != 0;
}

static enum line_end end_of(struct span line)
{
	if (line.at[line.len - 1] != '\n') {
		return END_NONE;
	}
	return line.len > 1 && line.at[line.len - 2] == '\r' ? END_CRLF : END_LF;
}

size_t line_count(struct span text)
{
	struct span line;
	size_t count = 0;
	while (next_line(&text, &line)) {
		count++;
	}
	return count;
}

size_t lines_add(struct lines *lines, struct span text, size_t most, unsigned number)
{
	struct span left = text, line;
	while (most-- && next_line(&left, &line)) {
		enum line_end end = end_of(line);
		line.len -= (size_t)end;
		lines->at = xgrow(lines->at, &lines->cap, lines->count + 1, sizeof(*lines->at));
		lines->at[lines->count++] = (struct line){ line, number++, end };
	}
	return text.len - left.len;
}

bool line_ends_change(struct span before, struct span after)
{
	size_t old[END_CRLF + 1] = { 0 }, new[END_CRLF + 1] = { 0 };
	struct span line;
	while (next_line(&before, &line)) {
		old[end_of(line)]++;
	}
	while (next_line(&after, &line)) {
		new[end_of(line)]++;
	}
	return (new[END_LF] && !new[END_CRLF] && old[END_CRLF]) ||
		(new[END_CRLF] && !new[END_LF] && old[END_LF]);
}

size_t line_ends_count(struct span text, enum line_end end)
{
	struct span line;
	size_t n = 0;
	while (next_line(&text, &line)) {
		n += end_of(line) == end;
	}
	return n;
}

/* A line on its way to a number. */
struct numbered {
	uint64_t hash;
	struct span text;
	enum line_end end;
	uint32_t *id;
};

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 29;
}

static uint64_t hash_line(struct span text, enum line_end end)
{
	uint64_t hash = mix(text.len, end), word;
	size_t at = 0;
	for (; text.len - at >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, text.at + at, sizeof(word));
		hash = mix(hash, word);
	}
	word = 0;
	memcpy(&word, text.at + at, text.len - at);
	return mix(hash, word);
}

static int compare_lines(const void *left, const void *right)
{
	const struct numbered *a = left, *b = right;
	if (a->hash != b->hash) {
		return a->hash < b->hash ? -1 : 1;
	}
	if (a->text.len != b->text.len) {
		return a->text.len < b->text.len ? -1 : 1;
	}
	if (a->end != b->end) {
		return a->end < b->end ? -1 : 1;
	}
	return memcmp(a->text.at, b->text.at, a->text.len);
}

static void add_numbered(
	struct numbered *all, const struct lines *lines, uint32_t *ids, bool ends_aside)
{
	for (size_t i = 0; i < lines->count; i++) {
		const struct line *line = &lines->at[i];
		enum line_end end = ends_aside && line->end == END_CRLF ? END_LF : line->end;
		all[i] = (struct numbered){ hash_line(line->text, end), line->text, end, &ids[i] };
	}
}

size_t lines_number(const struct lines *a, uint32_t *a_ids, const struct lines *b, uint32_t *b_ids,
	bool ends_aside)
{
	size_t count = a->count + b->count, kinds = 0;
	struct numbered *all = xcalloc(count, sizeof(*all));
	add_numbered(all, a, a_ids, ends_aside);
	add_numbered(all + a->count, b, b_ids, ends_aside);
	qsort(all, count, sizeof(*all), compare_lines);
	for (size_t i = 0; i < count; i++) {
		kinds += i && compare_lines(&all[i - 1], &all[i]) != 0;
		*all[i].id = (uint32_t)kinds;
	}
	free(all);
	return kinds + 1;
}
