/*
 * A small MCP server of ours, as far as it is words: the handshake of both eras, its list of tools,
 * and a no to what it does not know. What a call does is for whoever serves it.
 *
 * Sources: MCP schemas 2024-11-05 to 2026-07-28. A message counts by itself: it is of the modern
 * era if its _meta says so.
 */
#ifndef BASCULE_CORE_SERVE_H
#define BASCULE_CORE_SERVE_H

#include "core/message.h"

struct serve_offer {
	const char *name; /* of the server */
	struct span tools; /* a JSON array, the same for ever */
};

enum serve_next {
	SERVE_DONE, /* *out holds the answer, if there is one */
	SERVE_CALL, /* tools/call of some name, to be answered by the caller */
	SERVE_CANCEL, /* m->request_id is not waited for any more */
};

/* A line of the client, parsed into *m with *scan as METHOD_CLIENT. Appends whole lines. */
enum serve_next serve_line(const struct serve_offer *offer, const struct json_scan *scan,
	const struct message *m, struct buf *out);
/* Appends the answer to a call: one text, that is no error. */
void serve_text(struct buf *out, struct span id, struct span text);

#endif
