/*
 * Tokens are words (letters, digits, _ and whatever is not ASCII), runs of spaces, and single
 * signs; core/match.c finds which of them correspond. Called by core/diff's readers for pairs of
 * lines.
 */
#include "config.h"

#include "core/diff_words.h"

#include "core/match.h"

#include <string.h>

enum {
	TOKENS_MAX = 160,
	BUDGET = 10000,
	/* of a hundred bytes that are no space, so many may differ */
	DIFFERENT_MOST = 60,
};

struct tokens {
	struct span text, list[TOKENS_MAX];
	uint32_t ids[TOKENS_MAX];
	bool changed[TOKENS_MAX];
	size_t count;
};

static bool is_word(unsigned char c)
{
	return c >= 0x80 || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		(c >= 'A' && c <= 'Z');
}

static size_t token_end(struct span text, size_t at)
{
	unsigned char c = (unsigned char)text.at[at];
	size_t end = at + 1;
	if (is_word(c)) {
		while (end < text.len && is_word((unsigned char)text.at[end])) {
			end++;
		}
	} else if (c == ' ' || c == '\t') {
		while (end < text.len && text.at[end] == (char)c) {
			end++;
		}
	}
	return end;
}

static bool cut(struct tokens *t, struct span text)
{
	t->text = text;
	for (size_t at = 0, end; at < text.len; at = end) {
		end = token_end(text, at);
		if (t->count == TOKENS_MAX) {
			return false;
		}
		t->list[t->count++] = (struct span){ text.at + at, end - at };
	}
	return true;
}

/* Equal tokens get equal numbers: `kinds` has one of each so far. The lists are short, no table is
 * needed. */
static size_t number(struct tokens *t, struct span kinds[2 * TOKENS_MAX], size_t count)
{
	for (size_t i = 0; i < t->count; i++) {
		size_t k = 0;
		while (k < count && !span_same(kinds[k], t->list[i])) {
			k++;
		}
		if (k == count) {
			kinds[count++] = t->list[i];
		}
		t->ids[i] = (uint32_t)k;
	}
	return count;
}

static bool is_blank(struct span token)
{
	return token.at[0] == ' ' || token.at[0] == '\t';
}

/* Bytes that are no space, and those of them that changed. */
static void weigh(const struct tokens *t, size_t *all, size_t *changed)
{
	for (size_t i = 0; i < t->count; i++) {
		size_t bytes = is_blank(t->list[i]) ? 0 : t->list[i].len;
		*all += bytes;
		*changed += t->changed[i] ? bytes : 0;
	}
}

/* Neighbours become one range, also over a space between them. */
static bool collect(
	const struct tokens *t, struct diff_range ranges[DIFF_WORDS_RANGES], size_t *count)
{
	bool open = false;
	*count = 0;
	for (size_t i = 0; i < t->count; i++) {
		size_t from = (size_t)(t->list[i].at - t->text.at);
		bool bridge = open && is_blank(t->list[i]) && i + 1 < t->count && t->changed[i + 1];
		if (!t->changed[i] && !bridge) {
			open = false;
			continue;
		}
		if (!open && *count == DIFF_WORDS_RANGES) {
			return false;
		}
		if (!open) {
			ranges[(*count)++].from = from;
		}
		ranges[*count - 1].to = from + t->list[i].len;
		open = true;
	}
	return true;
}

bool diff_words(struct diff_words *out, struct span old, struct span new)
{
	struct tokens a = { .count = 0 }, b = { .count = 0 };
	size_t all = 0, changed = 0;
	*out = (struct diff_words){ 0 };
	if (old.len > DIFF_WORDS_BYTES || new.len > DIFF_WORDS_BYTES || !cut(&a, old) ||
		!cut(&b, new)) {
		return false;
	}
	struct span kinds[2 * TOKENS_MAX];
	size_t count = number(&b, kinds, number(&a, kinds, 0));
	struct match_side left = { a.ids, a.count, a.changed },
			  right = { b.ids, b.count, b.changed };
	if (!match_sides(&left, &right, count, BUDGET)) {
		return false;
	}
	weigh(&a, &all, &changed);
	weigh(&b, &all, &changed);
	return all && changed * 100 <= all * DIFFERENT_MOST &&
		collect(&a, out->old, &out->old_count) && collect(&b, out->new, &out->new_count);
}
