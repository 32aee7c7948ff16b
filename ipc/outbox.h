/* Bytes that wait to be written to a descriptor, in their order. Zero-initialised is empty. */
#ifndef BASCULE_IPC_OUTBOX_H
#define BASCULE_IPC_OUTBOX_H

#include "core/buf.h"

enum { OUTBOX_SPARE = 1 << 20 /* from this size on */ };

struct outbox {
	struct outbox_block *head, *tail;
	size_t queued; /* bytes */
	/* where a large buffer goes once it is sent, if nothing is there; NULL: it is freed */
	struct buf *spare;
};

void outbox_add(struct outbox *o, struct span bytes); /* copied; small ones are gathered */
/* takes the content; *bytes is empty afterwards */
void outbox_add_buf(struct outbox *o, struct buf *bytes);
/* Writes until nothing is left or the descriptor would block. False: it takes nothing any more; the
 * outbox is empty. */
bool outbox_send(struct outbox *o, int fd);
void outbox_finish(struct outbox *o); /* drops what is left */

#endif
