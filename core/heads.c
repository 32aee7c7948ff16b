/* The file of heads as text. Called by ipc/heads_file.c, which reads and writes it. */
#include "config.h"

#include "core/heads.h"

#include <inttypes.h>
#include <stdlib.h>

enum { DIGITS_MAX = 18 };

/* Takes a word off the line. */
static struct span word_of(struct span *line)
{
	struct span word = { line->at, 0 };
	while (word.len < line->len && line->at[word.len] != ' ') {
		word.len++;
	}
	size_t past = word.len < line->len ? word.len + 1 : word.len;
	*line = (struct span){ line->at + past, line->len - past };
	return word;
}

static bool number_of(struct span digits, int64_t *out)
{
	*out = 0;
	if (!span_digits(digits) || digits.len > DIGITS_MAX) {
		return false;
	}
	for (size_t i = 0; i < digits.len; i++) {
		*out = *out * 10 + (digits.at[i] - '0');
	}
	return true;
}

static bool parse_line(struct span line, struct head *head)
{
	struct span seq = word_of(&line), hash = word_of(&line), at = word_of(&line);
	return number_of(seq, &head->seq) && head->seq > 0 && hash_from_hex(hash, &head->hash) &&
		number_of(at, &head->at_us) && !line.len;
}

void heads_parse(struct heads *heads, struct span text)
{
	struct span line;
	struct head head;
	while (span_line(&text, &line)) {
		bool whole = text.at != line.at + line.len; /* a newline stood behind it */
		if (whole && parse_line(line, &head)) {
			heads->list = xgrow(
				heads->list, &heads->cap, heads->count + 1, sizeof(*heads->list));
			heads->list[heads->count++] = head;
		}
	}
}

void heads_finish(struct heads *heads)
{
	free(heads->list);
	*heads = (struct heads){ 0 };
}

void heads_line(struct buf *out, const struct head *head)
{
	char hex[HASH_HEX + 1];
	hash_hex(&head->hash, hex);
	buf_printf(out, "%" PRId64 " %s %" PRId64 "\n", head->seq, hex, head->at_us);
}

/* Does the chain begin anew behind the first of the two? */
static bool falls(const struct heads *heads, size_t first, size_t second)
{
	return heads->list[first].seq >= heads->list[second].seq;
}

void heads_thin(struct heads *heads)
{
	struct heads thin = { 0 };
	size_t old = heads->count > HEADS_RECENT ? heads->count - HEADS_RECENT : 0;
	thin.list = xcalloc(heads->count + 1, sizeof(*thin.list));
	for (size_t i = 0; i < heads->count; i++) {
		bool fork = (i && falls(heads, i - 1, i)) ||
			(i + 1 < heads->count && falls(heads, i, i + 1));
		if (i >= old || i % 2 == 0 || fork) {
			thin.list[thin.count++] = heads->list[i];
		}
	}
	thin.cap = heads->count + 1;
	heads_finish(heads);
	*heads = thin;
}

void heads_write(const struct heads *heads, struct buf *out)
{
	buf_text(out, HEADS_FIRST_LINE);
	for (size_t i = 0; i < heads->count; i++) {
		heads_line(out, &heads->list[i]);
	}
}
