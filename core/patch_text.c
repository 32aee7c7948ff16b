/*
 * The sections of a patch, and the chunks of one of them put into a text.
 *
 * Owns where a chunk's lines stand. Promises: bounded work; what cannot be placed is said, never
 * guessed. Does not judge the grammar (core/effects/patch.c does: a patch that is in doubt is held
 * as unknown, whatever is foretold here). Called by core/preview.c.
 */
#include "config.h"

#include "core/patch_text.h"

#include <stdlib.h>
#include <string.h>

enum { BUDGET = 4000000 /* lines compared */ };

/* ---- sections ---- */

enum section { SECTION_ADD, SECTION_DELETE, SECTION_UPDATE, SECTION_NONE };

static const char *const openings[] = {
	"*** Add File: ", "*** Delete File: ", "*** Update File: "
};
static const char moves_to[] = "*** Move to: ", ends[] = "*** End Patch",
		  end_of_file[] = "*** End of File";

static enum section opens(struct span line, struct span *path)
{
	for (size_t i = 0; i < COUNT_OF(openings); i++) {
		size_t n = strlen(openings[i]);
		if (span_starts(line, openings[i])) {
			*path = (struct span){ line.at + n, line.len - n };
			return (enum section)i;
		}
	}
	return SECTION_NONE;
}

static void set(struct patch_text *p, enum patch_fate fate, struct span source, struct span other)
{
	free(p->source);
	free(p->other);
	p->fate = fate;
	p->source = source.at ? span_dup(source) : NULL;
	p->other = other.at ? span_dup(other) : NULL;
}

/* What this section makes of the file, if it names it. */
static bool take(struct patch_text *p, enum section section, struct span path, struct span to,
	struct span body, struct span given)
{
	const struct span none = { NULL, 0 };
	if (to.at && span_same(to, given)) {
		set(p, PATCH_ARRIVES, path, path);
	} else if (!span_same(path, given)) {
		return false;
	} else if (to.at || section == SECTION_DELETE) {
		set(p, PATCH_GOES, none, to);
	} else {
		set(p, section == SECTION_ADD ? PATCH_ADD : PATCH_UPDATE,
			section == SECTION_ADD ? none : path, none);
	}
	p->body = body;
	return true;
}

bool patch_text_find(struct patch_text *p, struct span patch, struct span given)
{
	enum section section = SECTION_NONE, next;
	struct span line, path = { 0 }, to = { 0 }, other, body = { 0 };
	bool found = false;
	*p = (struct patch_text){ 0 };
	while (span_line(&patch, &line)) {
		next = opens(line, &other);
		bool end = span_is(line, ends);
		if (section != SECTION_NONE && (next != SECTION_NONE || end)) {
			found = take(p, section, path, to, body, given) || found;
		}
		if (next != SECTION_NONE || end) {
			section = end ? SECTION_NONE : next;
			path = other;
			to = (struct span){ 0 };
			body = (struct span){ patch.at, 0 };
		} else if (span_starts(line, moves_to) && !body.len) {
			size_t n = strlen(moves_to);
			to = (struct span){ line.at + n, line.len - n };
			body = (struct span){ patch.at, 0 };
		} else if (body.at) {
			body.len = (size_t)(line.at + line.len - body.at);
		}
	}
	return (section != SECTION_NONE && take(p, section, path, to, body, given)) || found;
}

/* ---- the text as lines ---- */

struct rows {
	struct span *at;
	size_t count, cap;
};

static void rows_add(struct rows *rows, struct span line)
{
	rows->at = xgrow(rows->at, &rows->cap, rows->count + 1, sizeof(*rows->at));
	rows->at[rows->count++] = line;
}

static struct span trimmed(struct span s, bool both)
{
	while (s.len && strchr(" \t\r", s.at[s.len - 1])) {
		s.len--;
	}
	while (both && s.len && strchr(" \t", s.at[0])) {
		s.at++;
		s.len--;
	}
	return s;
}

enum how { TO_THE_LETTER, ENDS_ASIDE, SPACE_ASIDE };

static bool alike(struct span a, struct span b, enum how how)
{
	if (how != TO_THE_LETTER) {
		a = trimmed(a, how == SPACE_ASIDE);
		b = trimmed(b, how == SPACE_ASIDE);
	}
	return span_same(a, b);
}

/* ---- chunks ---- */

struct work {
	struct patch_text *p;
	struct rows text, old, new;
	size_t done; /* lines of the text that are behind us */
	size_t budget;
	bool at_end;
};

static bool stands_at(struct work *w, const struct rows *want, size_t at, enum how how)
{
	for (size_t i = 0; i < want->count; i++) {
		if (!w->budget || !alike(w->text.at[at + i], want->at[i], how)) {
			return false;
		}
		w->budget--;
	}
	return true;
}

static bool find(struct work *w, const struct rows *want, size_t *at)
{
	for (enum how how = TO_THE_LETTER; how <= SPACE_ASIDE; how++) {
		size_t from = w->done, last = w->text.count;
		if (want->count > last || from > last - want->count) {
			return false;
		}
		from = w->at_end ? last - want->count : from;
		for (size_t i = from; i + want->count <= last; i++) {
			if (stands_at(w, want, i, how)) {
				w->p->note = how == TO_THE_LETTER
					? w->p->note
					: "white space was put aside to place a part of the patch";
				*at = i;
				return true;
			}
			if (!w->budget) {
				return false;
			}
			w->budget--;
		}
	}
	return false;
}

static void put(struct work *w, struct span line)
{
	buf_span(&w->p->after, line);
	buf_char(&w->p->after, '\n');
}

/* Puts the lines of the text up to `to` out as they are. */
static void keep(struct work *w, size_t to)
{
	for (; w->done < to; w->done++) {
		put(w, w->text.at[w->done]);
	}
}

static void end_chunk(struct work *w)
{
	size_t at = w->text.count;
	bool empty = !w->old.count && !w->new.count;
	if (empty || w->p->fails) {
		return;
	}
	if (w->old.count && !find(w, &w->old, &at)) {
		w->p->fails = w->budget ? "a part of the patch does not fit the file"
					: "where the patch fits is too much work to find out";
		return;
	}
	keep(w, at);
	for (size_t i = 0; i < w->new.count; i++) {
		put(w, w->new.at[i]);
	}
	w->done = at + w->old.count;
	w->old.count = w->new.count = 0;
	w->at_end = false;
}

/* "@@ the line of a heading": the chunk stands behind it. */
static void go_behind(struct work *w, struct span line)
{
	struct span heading = { line.at + 3, line.len > 3 ? line.len - 3 : 0 };
	struct rows want = { &heading, 1, 1 };
	size_t at;
	if (line.len > 3 && !w->p->fails) {
		if (find(w, &want, &at)) {
			keep(w, at + 1);
		} else {
			w->p->fails = "a part of the patch does not fit the file";
		}
	}
}

static void read_line(struct work *w, struct span line)
{
	struct span rest = { line.at + 1, line.len ? line.len - 1 : 0 };
	char sign = line.len ? line.at[0] : ' ';
	if (span_starts(line, "@@")) {
		end_chunk(w);
		go_behind(w, line);
	} else if (span_is(line, end_of_file)) {
		w->at_end = true;
		end_chunk(w);
	} else {
		rest = line.len ? rest : (struct span){ line.at, 0 };
		if (sign != '+') {
			rows_add(&w->old, rest);
		}
		if (sign != '-') {
			rows_add(&w->new, rest);
		}
	}
}

void patch_text_apply(struct patch_text *p, struct span before)
{
	struct work w = { .p = p, .budget = BUDGET };
	struct span body = p->body, line;
	bool add = p->fate == PATCH_ADD;
	while (before.at && span_line(&before, &line)) {
		rows_add(&w.text, line);
	}
	while (span_line(&body, &line)) {
		if (add) {
			put(&w, (struct span){ line.at + 1, line.len ? line.len - 1 : 0 });
		} else {
			read_line(&w, line);
		}
	}
	end_chunk(&w);
	keep(&w, w.text.count);
	free(w.text.at);
	free(w.old.at);
	free(w.new.at);
}

void patch_text_finish(struct patch_text *p)
{
	free(p->source);
	free(p->other);
	buf_finish(&p->after);
	*p = (struct patch_text){ 0 };
}
