/*
 * What is kept of a text that may be long: its head and its tail. The halves are copied with a
 * margin on the inner side, so that who redacts them sees what stands across the place where they
 * will end; bounded_keep says which part of a half stays.
 */
#ifndef BASCULE_CORE_BOUNDED_H
#define BASCULE_CORE_BOUNDED_H

#include "core/buf.h"

/* No credential that the scanner's rules know, and nothing that one is told by, is longer. */
enum { BOUNDED_MARGIN = 8192 };

struct bounded {
	struct buf head, tail; /* tail empty and all of it in head: nothing was left out */
	int64_t size; /* of the whole, bytes */
};

/* Copies so much of the text that `most` bytes of it can be kept; cuts between characters. */
void bounded_take(struct bounded *out, struct span text, size_t most);
/* Takes both: as another process has cut them. */
void bounded_from(struct bounded *out, struct buf *head, struct buf *tail, int64_t size);
void bounded_finish(struct bounded *b);
bool bounded_is_whole(const struct bounded *b);

/* The ranges of the halves that stay: of the head up to *head_end, of the tail from *tail_from.
 * What is whole but longer than `most` is cut as a long one would be: *tail_from is then an offset
 * of the head. */
void bounded_keep(const struct bounded *b, size_t most, size_t *head_end, size_t *tail_from);
/* Appends the words that stand for what lies between. */
void bounded_gap(const struct bounded *b, struct buf *out);

#endif
