/*
 * What is not understood is left out or absent; nothing here decides anything. Hits are joined to
 * the rules that they name; of what names no rule in force only the built-in ways are listed, and a
 * grant's own counter is taken, since another broker's grant may have had its number. Called by
 * app_book.c; view_rules.c reads.
 */
#include "config.h"

#include "tui/book.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/model_read.h"

enum { ROWS_MAX = 20000, NAME_MOST = 4096, TEXT_MOST = 64 << 10 };

static const struct {
	const char *name;
	size_t offset;
} texts[] = {
#define X(name) { #name, offsetof(struct book_row, name) },
	BOOK_TEXTS(X)
#undef X
};

static void finish_row(struct book_row *row)
{
	free(row->rule);
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		free(*(char **)((char *)row + texts[i].offset));
	}
	for (size_t i = 0; i < row->call_count; i++) {
		free(row->calls[i].state);
		free(row->calls[i].tool);
		free(row->calls[i].target);
		free(row->calls[i].server);
	}
	for (size_t i = 0; i < row->example_count; i++) {
		free(row->examples[i].text);
	}
}

static void drop_list(struct book *book)
{
	for (size_t i = 0; i < book->count; i++) {
		finish_row(&book->list[i]);
	}
	book->count = book->grants = 0;
}

void book_finish(struct book *book)
{
	drop_list(book);
	free(book->list);
	free(book->selected);
	free(book->no_hits);
	free(book->why);
	*book = (struct book){ 0 };
}

/* ---- reading ---- */

static struct book_row *add(struct book *book, enum book_kind kind)
{
	if (book->count == ROWS_MAX) {
		return NULL;
	}
	book->list = xgrow(book->list, &book->cap, book->count + 1, sizeof(*book->list));
	struct book_row *row = &book->list[book->count++];
	*row = (struct book_row){ .kind = kind, .uses_left = -1, .until = -1 };
	return row;
}

static void read_texts(struct book_row *row, struct span json)
{
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		*(char **)((char *)row + texts[i].offset) = model_read_text(
			json, texts[i].name, TEXT_MOST);
	}
}

static void read_examples(struct book_row *row, struct span json)
{
	struct span list = model_read_member(json, "examples"), value;
	struct json_walk walk = json_walk_of(list);
	while (json_type(list) == JSON_ARRAY && row->example_count < BOOK_EXAMPLES &&
		json_next(&walk, NULL, &value)) {
		row->examples[row->example_count++] = (struct book_example){
			.ok = json_type(model_read_member(value, "ok")) == JSON_TRUE,
			.text = model_read_text(value, "text", NAME_MOST),
		};
	}
}

static void read_rule(struct book *book, struct span json, int64_t now)
{
	char *name = json_strdup(model_read_member(json, "rule"));
	struct book_row *row = name ? add(book, BOOK_RULE) : NULL;
	(void)now;
	if (!row) {
		free(name);
		return;
	}
	row->rule = name;
	row->line = model_read_int(json, "line", 0);
	row->since = model_read_int(json, "since", 0);
	read_texts(row, json);
	read_examples(row, json);
}

static void read_grant(struct book *book, struct span json, int64_t now)
{
	struct book_row *row = add(book, BOOK_GRANT);
	if (!row) {
		return;
	}
	int64_t seconds = model_read_int(json, "seconds_left", -1);
	row->grant = model_read_int(json, "grant", 0);
	row->rule = xasprintf("grant:%lld", (long long)row->grant);
	row->number = model_read_int(json, "number", 0);
	row->agent = model_read_int(json, "agent", 0);
	row->count = model_read_int(json, "used", 0);
	row->uses_left = model_read_int(json, "uses_left", -1);
	row->until = seconds < 0 || seconds > INT64_MAX / 2000 ? -1 : now + seconds * 1000;
	read_texts(row, json);
	book->grants++;
}

static void read_broken(struct book *book, struct span json, int64_t now)
{
	struct book_row *row = add(book, BOOK_BROKEN);
	(void)now;
	if (row) {
		row->rule = xasprintf("broken:%zu", book->count);
		row->text = json_strdup(json);
	}
}

static void read_calls(struct book_row *row, struct span json)
{
	struct span list = model_read_member(json, "calls"), value;
	struct json_walk walk = json_walk_of(list);
	while (json_type(list) == JSON_ARRAY && row->call_count < BOOK_CALLS &&
		json_next(&walk, NULL, &value)) {
		int64_t number = model_read_int(value, "number", 0);
		if (row->kind == BOOK_GRANT && number <= row->number) {
			continue; /* of another grant that had this number */
		}
		row->calls[row->call_count++] = (struct book_call){
			.number = number,
			.at = model_read_int(value, "at", 0),
			.state = model_read_text(value, "state", NAME_MOST),
			.tool = model_read_text(value, "tool", NAME_MOST),
			.target = model_read_text(value, "target", NAME_MOST),
			.server = model_read_text(value, "server", NAME_MOST),
		};
	}
	row->last = row->call_count ? row->calls[0].at : 0;
}

static void read_hit(struct book *book, struct span json, int64_t now)
{
	char *name = json_strdup(model_read_member(json, "rule"));
	struct book_row *row = name ? book_find(book, name) : NULL;
	(void)now;
	if (!row && name && strncmp(name, "built-in:", 9) == 0) {
		row = add(book, BOOK_OTHER);
		if (row) {
			row->rule = xstrdup(name);
		}
	}
	if (row) {
		row->count = row->kind == BOOK_GRANT ? row->count
						     : model_read_int(json, "count", 0);
		read_calls(row, json);
	}
	free(name);
}

typedef void read_fn(struct book *book, struct span json, int64_t now);

static void read_list(
	struct book *book, struct span json, const char *name, read_fn *each, int64_t now)
{
	struct span list = model_read_member(json, name), value;
	struct json_walk walk = json_walk_of(list);
	while (json_type(list) == JSON_ARRAY && json_next(&walk, NULL, &value)) {
		each(book, value, now);
	}
}

void book_read(struct book *book, struct span json, int64_t now)
{
	size_t place = book_place(book);
	drop_list(book);
	read_list(book, json, "broken", read_broken, now);
	read_list(book, json, "grants", read_grant, now);
	read_list(book, json, "rules", read_rule, now);
	read_list(book, json, "hits", read_hit, now);
	free(book->no_hits);
	free(book->why);
	book->no_hits = model_read_text(json, "no_hits", NAME_MOST);
	book->why = NULL;
	book->looked = model_read_int(json, "looked", 0);
	book->from = model_read_int(json, "from", 0);
	book->here = true;
	if (!book_selected(book)) {
		book_select(
			book, book->count ? &book->list[place < book->count ? place : 0] : NULL);
	}
}

/* ---- which are listed ---- */

static const char *row_value(const void *record, enum query_field field)
{
	const struct book_row *row = record;
	switch (field) {
	case QUERY_RULE:
		return row->rule;
	case QUERY_PATH:
		return row->text ? row->text : row->words;
	case QUERY_REASON:
		return row->comment;
	case QUERY_SERVER:
		return row->server;
	case QUERY_STATE:
		return row->kind == BOOK_GRANT ? "grant" : row->verdict;
	default:
		return NULL;
	}
}

void book_filter(struct book *book, const struct query *query)
{
	size_t place = book_place(book);
	for (size_t i = 0; i < book->count; i++) {
		struct book_row *row = &book->list[i];
		row->hidden = query && !query_fits(query, row_value, row);
	}
	if (!book_selected(book)) {
		size_t shown = book_shown(book);
		book_select(book, book_at(book, place < shown ? place : shown ? shown - 1 : 0));
	}
}

struct book_row *book_find(const struct book *book, const char *rule)
{
	for (size_t i = 0; rule && i < book->count; i++) {
		if (strcmp(book->list[i].rule, rule) == 0) {
			return &book->list[i];
		}
	}
	return NULL;
}

struct book_row *book_selected(const struct book *book)
{
	struct book_row *row = book_find(book, book->selected);
	return row && !row->hidden ? row : NULL;
}

void book_select(struct book *book, const struct book_row *row)
{
	char *name = row ? xstrdup(row->rule) : NULL;
	free(book->selected);
	book->selected = name;
}

size_t book_shown(const struct book *book)
{
	size_t shown = 0;
	for (size_t i = 0; i < book->count; i++) {
		shown += !book->list[i].hidden;
	}
	return shown;
}

size_t book_place(const struct book *book)
{
	size_t place = 0;
	for (size_t i = 0; book->selected && i < book->count; i++) {
		if (strcmp(book->list[i].rule, book->selected) == 0) {
			return place;
		}
		place += !book->list[i].hidden;
	}
	return 0;
}

struct book_row *book_at(const struct book *book, size_t place)
{
	for (size_t i = 0; i < book->count; i++) {
		if (!book->list[i].hidden && place-- == 0) {
			return &book->list[i];
		}
	}
	return NULL;
}
