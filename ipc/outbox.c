/*
 * The output half of a stream: blocks of bytes and the writev that empties them. Small writes are
 * gathered, so that many messages of one loop turn cost one system call; large ones keep the memory
 * that they came in.
 *
 * Knows no loop and calls nobody; who waits for the descriptor, and what a broken one means, is the
 * stream's business.
 */
#include "config.h"

#include "ipc/outbox.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/uio.h>

enum {
	BLOCK = 64 << 10, /* a block that has reached this size gets no more */
	PARTS = 16, /* blocks a system call */
};

struct outbox_block {
	struct outbox_block *next;
	struct buf bytes;
	size_t sent;
};

static void append(struct outbox *o, struct buf *bytes)
{
	struct outbox_block *b = xcalloc(1, sizeof(*b));
	b->bytes = *bytes;
	*bytes = (struct buf){ 0 };
	if (o->tail) {
		o->tail->next = b;
	} else {
		o->head = b;
	}
	o->tail = b;
}

void outbox_add(struct outbox *o, struct span bytes)
{
	if (!bytes.len) {
		return;
	}
	if (!o->tail || o->tail->bytes.len >= BLOCK) {
		struct buf fresh = { 0 };
		append(o, &fresh);
	}
	buf_span(&o->tail->bytes, bytes);
	o->queued += bytes.len;
}

void outbox_add_buf(struct outbox *o, struct buf *bytes)
{
	size_t n = bytes->len;
	if (n) {
		append(o, bytes);
		o->queued += n;
	} else {
		buf_finish(bytes);
	}
}

static void drop_head(struct outbox *o)
{
	struct outbox_block *b = o->head;
	o->head = b->next;
	if (!o->head) {
		o->tail = NULL;
	}
	if (o->spare && !o->spare->data && b->bytes.cap >= OUTBOX_SPARE) {
		*o->spare = b->bytes;
		buf_clear(o->spare);
	} else {
		buf_finish(&b->bytes);
	}
	free(b);
}

static void forget(struct outbox *o, size_t n)
{
	o->queued -= n;
	while (n) {
		struct outbox_block *b = o->head;
		size_t left = b->bytes.len - b->sent;
		if (n < left) {
			b->sent += n;
			return;
		}
		n -= left;
		drop_head(o);
	}
}

bool outbox_send(struct outbox *o, int fd)
{
	while (o->queued) {
		struct iovec parts[PARTS];
		int count = 0;
		for (struct outbox_block *b = o->head; b && count < PARTS; b = b->next, count++) {
			parts[count] = (struct iovec){ b->bytes.data + b->sent,
				b->bytes.len - b->sent };
		}
		ssize_t n = writev(fd, parts, count);
		if (n >= 0) {
			forget(o, (size_t)n);
		} else if (errno == EAGAIN) {
			return true;
		} else if (errno != EINTR) {
			outbox_finish(o);
			return false;
		}
	}
	return true;
}

void outbox_finish(struct outbox *o)
{
	while (o->head) {
		drop_head(o);
	}
	o->queued = 0;
}
