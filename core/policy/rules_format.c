/*
 * The canonical form of a rule file: columns in line within a block, one space between words,
 * comments and blank lines kept. What it gives, it gives back unchanged.
 */
#include "config.h"

#include "core/policy/rule.h"

#include <stdlib.h>
#include <string.h>

struct line {
	struct span words[RULE_WORDS_MAX], comment;
	size_t count;
	bool example, blank;
	struct span text; /* of an example, behind ok or not */
};

/* A line may end with a carriage return too. */
static struct span trim(struct span s)
{
	s.len -= s.len && s.at[s.len - 1] == '\r';
	return span_trim(s);
}

static void line_read(struct span raw, struct line *line)
{
	struct err err;
	struct span text = trim(raw);
	bool indented = raw.len && (raw.at[0] == ' ' || raw.at[0] == '\t');
	size_t n = span_starts(text, "ok ") || span_starts(text, "ok\t")  ? 2
		: span_starts(text, "not ") || span_starts(text, "not\t") ? 3
									  : 0;
	line->example = indented && n;
	line->blank = !text.len;
	line->count = 0;
	line->comment = (struct span){ 0 };
	line->text = text;
	if (line->example) {
		line->words[0] = (struct span){ text.at, n };
		line->text = trim((struct span){ text.at + n, text.len - n });
	} else {
		rule_words(text, line->words, &line->count, &line->comment, &err);
	}
}

static bool is_rule(const struct line *line)
{
	enum verdict verdict;
	return !line->example && line->count > 1 && verdict_parse(line->words[0], &verdict);
}

static void pad(struct buf *out, size_t used, size_t width)
{
	do {
		buf_char(out, ' ');
	} while (++used < width);
}

static void put_word(struct buf *out, struct span word)
{
	bool quote = memchr(word.at, ' ', word.len) || memchr(word.at, '\t', word.len) ||
		word.at[0] == '#';
	buf_text(out, quote ? "\"" : "");
	buf_span(out, word);
	buf_text(out, quote ? "\"" : "");
}

/* `width` of the subjects' column. */
static void put_line(struct buf *out, const struct line *line, size_t width)
{
	if (line->example) {
		buf_text(out, line->words[0].len == 2 ? "  ok   " : "  not  ");
		buf_span(out, line->text);
		return;
	}
	for (size_t i = 0; i < line->count; i++) {
		size_t before = i ? line->words[i - 1].len : 0;
		if (i == 1) {
			pad(out, before, is_rule(line) ? sizeof("allow") : 0);
		} else if (i == 2) {
			pad(out, before, is_rule(line) ? width + 1 : 0);
		} else if (i) {
			buf_char(out, ' ');
		}
		put_word(out, line->words[i]);
	}
	if (line->comment.at) {
		buf_text(out, line->count ? "  " : "");
		buf_span(out, trim(line->comment));
	}
}

/* The widest subject of the rules from here to the next blank line. */
static size_t block_width(struct span text, struct line *line)
{
	size_t width = 0;
	for (struct span raw; span_line(&text, &raw);) {
		line_read(raw, line);
		if (line->blank) {
			break;
		}
		if (is_rule(line) && line->count > 2 && line->words[1].len > width) {
			width = line->words[1].len;
		}
	}
	return width;
}

bool rules_format(struct span text, struct buf *out, struct err *err)
{
	struct rules *rules = rules_read("policy.rules", LEVEL_USER, text, NULL, err);
	struct line *line = xcalloc(1, sizeof(*line));
	bool ok = rules != NULL, fresh = true;
	size_t width = 0;
	rules_destroy(rules);
	for (struct span here = text, raw; ok && span_line(&text, &raw); here = text) {
		width = fresh ? block_width(here, line) : width;
		line_read(raw, line);
		fresh = line->blank;
		if (!line->blank) {
			put_line(out, line, width);
		}
		buf_char(out, '\n');
	}
	free(line);
	return ok;
}
