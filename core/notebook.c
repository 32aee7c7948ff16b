/*
 * A cell of a notebook (.ipynb, nbformat 4), and its source.
 *
 * Owns how a cell is found. Promises: one pass over the file, and no more known of it than was
 * read: what is no JSON, or has no list of cells, is said to be that. Called by core/preview.c.
 */
#include "config.h"

#include "core/notebook.h"

#include "core/json.h"

#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 9 };

static const char no_notebook[] = "the file is no notebook that can be read here";

/* N of "cell-N"; SIZE_MAX: it is not of that form, or larger than any index. */
static size_t index_of(const char *cell)
{
	static const char prefix[] = "cell-";
	struct span name = span_of(cell);
	if (!span_starts(name, prefix)) {
		return SIZE_MAX;
	}
	const char *digits = cell + sizeof(prefix) - 1;
	while (digits[0] == '0' && digits[1]) {
		digits++;
	}
	bool good = span_digits(span_of(digits)) && strlen(digits) <= DIGITS_MAX;
	return good ? (size_t)strtoul(digits, NULL, 10) : SIZE_MAX;
}

/* Counts the cells; *found is the one that is named: by its id, else by its place. */
static void find(struct notebook *n, const char *cell, struct span cells, struct span *found)
{
	struct json_walk walk = json_walk_of(cells);
	struct span value, id, placed = { 0 };
	size_t place = cell ? index_of(cell) : SIZE_MAX;
	bool good = true;
	for (n->count = 0; json_next(&walk, NULL, &value); n->count++) {
		bool object = json_type(value) == JSON_OBJECT;
		bool named = cell && object && json_member(value, "id", &id) && json_is(id, cell);
		good = good && object;
		n->several = n->several || (named && found->at);
		if (named && !found->at) {
			*found = value;
			n->number = n->count + 1;
		}
		placed = n->count == place ? value : placed;
	}
	if (!found->at && placed.at) {
		*found = placed;
		n->number = place + 1;
	}
	n->unknown = good ? NULL : no_notebook;
}

/* A text, or a list of texts that follow each other. */
static bool read_source(struct span cell, struct buf *out)
{
	struct span source, line;
	if (!json_member(cell, "source", &source)) {
		return false;
	}
	if (json_type(source) == JSON_STRING) {
		return json_decode(source, out);
	}
	struct json_walk walk = json_walk_of(json_type(source) == JSON_ARRAY ? source : SPAN("[]"));
	bool good = json_type(source) == JSON_ARRAY;
	while (good && json_next(&walk, NULL, &line)) {
		good = json_type(line) == JSON_STRING && json_decode(line, out);
	}
	return good;
}

/* A source has no newline at its end as a rule; of a diff that would be remarkable. */
static void close_lines(struct buf *a, struct buf *b)
{
	if (!span_ends(buf_view(a), "\n") && !span_ends(buf_view(b), "\n")) {
		buf_text(a, a->len ? "\n" : "");
		buf_text(b, b->len ? "\n" : "");
	}
}

static void edit(struct notebook *n, const struct notebook_ask *ask, struct span cells)
{
	struct span cell = { 0 }, type;
	find(n, ask->cell, cells, &cell);
	if (n->unknown) {
		return;
	}
	if (ask->cell && !cell.at) {
		n->fails = "the notebook has no such cell";
		return;
	}
	if (ask->mode != NOTEBOOK_INSERT && !read_source(cell, &n->before)) {
		n->unknown = no_notebook;
		return;
	}
	if (ask->mode != NOTEBOOK_DELETE) {
		buf_span(&n->after, ask->source);
	}
	n->retyped = ask->mode == NOTEBOOK_REPLACE && ask->type &&
		!(json_member(cell, "cell_type", &type) && json_is(type, ask->type));
	close_lines(&n->before, &n->after);
}

void notebook_edit(struct notebook *n, const struct notebook_ask *ask, struct span file)
{
	struct json_scan scan = { 0 };
	struct span cells;
	*n = (struct notebook){ 0 };
	if (!file.at) {
		n->fails = "there is no such file to edit";
	} else if (ask->mode == NOTEBOOK_INSERT && !ask->type) {
		n->fails = "a new cell needs a cell_type";
	} else if (ask->mode != NOTEBOOK_INSERT && !ask->cell) {
		n->fails = "it names no cell";
	} else if (!json_validate(&scan, file, JSON_LOOSE) || scan.type != JSON_OBJECT ||
		!json_member(scan.value, "cells", &cells) || json_type(cells) != JSON_ARRAY) {
		n->unknown = no_notebook;
	} else {
		edit(n, ask, cells);
	}
	json_finish(&scan);
}

void notebook_finish(struct notebook *n)
{
	buf_finish(&n->before);
	buf_finish(&n->after);
	*n = (struct notebook){ 0 };
}
