/* Called by app_find.c. */
#include "config.h"

#include "tui/find.h"

#include <stdlib.h>
#include <string.h>

void find_finish(struct find *find)
{
	free(find->text);
	free(find->list);
	*find = (struct find){ 0 };
}

static unsigned char small(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c - 'A' + 'a') : c;
}

static bool has_capital(const char *text)
{
	for (; *text; text++) {
		if (*text >= 'A' && *text <= 'Z') {
			return true;
		}
	}
	return false;
}

static bool is_at(const char *at, const char *text, size_t len, bool exact)
{
	size_t i = 0;
	while (i < len &&
		(exact ? at[i] == text[i]
		       : small((unsigned char)at[i]) == small((unsigned char)text[i]))) {
		i++;
	}
	return i == len;
}

static void search_line(struct find *find, const struct safe_text *text, size_t line, bool right)
{
	size_t len = strlen(find->text);
	bool exact = has_capital(find->text);
	const char *at = safe_cstr(text);
	for (size_t from = 0; from + len <= text->bytes && find->count < FIND_MOST;) {
		if (is_at(at + from, find->text, len, exact)) {
			find->list = xgrow(
				find->list, &find->cap, find->count + 1, sizeof(*find->list));
			find->list[find->count++] = (struct doc_place){ line, from, from + len,
				right };
			from += len;
		} else {
			from++;
		}
	}
}

static void search(struct find *find, const struct doc *doc)
{
	find->count = 0;
	find->made = doc->made;
	for (size_t i = 0; i < doc->count; i++) {
		search_line(find, &doc->lines[i].text, i, false);
		if (doc->lines[i].right) {
			search_line(find, &doc->lines[i].right->text, i, true);
		}
	}
	find->at = find->at < find->count ? find->at : 0;
}

void find_set(struct find *find, const struct doc *doc, struct span text)
{
	find_finish(find);
	if (text.len) {
		find->text = span_dup(text);
		search(find, doc);
	}
}

void find_check(struct find *find, const struct doc *doc)
{
	if (find->text && find->made != doc->made) {
		search(find, doc);
	}
}

void find_from(struct find *find, const struct doc *doc, size_t row)
{
	find->at = 0;
	for (size_t i = 0; i < find->count; i++) {
		if (doc_row_of(doc, &find->list[i]) >= row) {
			find->at = i;
			return;
		}
	}
}

void find_next(struct find *find, bool back)
{
	if (find->count) {
		find->at = (find->at + (back ? find->count - 1 : 1)) % find->count;
	}
}
