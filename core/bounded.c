/*
 * Owns where a long text is cut. Three quarters of what is kept are its head: a result's beginning
 * says what it is, its end says how it went.
 */
#include "config.h"

#include "core/bounded.h"

static bool is_inside(struct span text, size_t at)
{
	return at > 0 && at < text.len && ((unsigned char)text.at[at] & 0xc0) == 0x80;
}

/* The nearest place between two characters: back, or forth. A character has four bytes at most. */
static size_t boundary(struct span text, size_t at, int step)
{
	for (int i = 0; i < 3 && is_inside(text, at); i++) {
		at = step < 0 ? at - 1 : at + 1;
	}
	return at;
}

static size_t head_of(size_t most)
{
	return most / 4 * 3;
}

void bounded_take(struct bounded *out, struct span text, size_t most)
{
	size_t head = head_of(most) + BOUNDED_MARGIN, tail = most - head_of(most) + BOUNDED_MARGIN;
	*out = (struct bounded){ .size = (int64_t)text.len };
	if (text.len <= head + tail) {
		buf_span(&out->head, text);
		return;
	}
	size_t from = boundary(text, text.len - tail, 1);
	buf_add(&out->head, text.at, boundary(text, head, -1));
	buf_add(&out->tail, text.at + from, text.len - from);
}

void bounded_from(struct bounded *out, struct buf *head, struct buf *tail, int64_t size)
{
	*out = (struct bounded){ *head, *tail, size };
	*head = *tail = (struct buf){ 0 };
}

void bounded_finish(struct bounded *b)
{
	buf_finish(&b->head);
	buf_finish(&b->tail);
}

bool bounded_is_whole(const struct bounded *b)
{
	return !b->tail.len;
}

void bounded_keep(const struct bounded *b, size_t most, size_t *head_end, size_t *tail_from)
{
	struct span head = buf_view(&b->head), tail = buf_view(&b->tail);
	size_t behind = most - head_of(most);
	if (bounded_is_whole(b) && head.len <= most) {
		*head_end = *tail_from = head.len;
		return;
	}
	struct span last = bounded_is_whole(b) ? head : tail;
	*head_end = boundary(head, head.len < head_of(most) ? head.len : head_of(most), -1);
	*tail_from = boundary(last, last.len < behind ? 0 : last.len - behind, 1);
}

void bounded_gap(const struct bounded *b, struct buf *out)
{
	buf_printf(out, "\n⟨cut: %lld bytes in all⟩\n", (long long)b->size);
}
