/*
 * One line of MCP traffic: exactly one of request, notification, response, or refused with the
 * reason.
 *
 * All spans point into the line that was parsed; message_rebase moves them when the bytes were
 * copied elsewhere.
 */
#ifndef BASCULE_CORE_MESSAGE_H
#define BASCULE_CORE_MESSAGE_H

#include "core/buf.h"
#include "core/json.h"
#include "core/method.h"

enum message_kind {
	MESSAGE_REQUEST,
	MESSAGE_NOTIFICATION,
	MESSAGE_RESPONSE, /* id is absent for an error that answers nothing in particular */
	MESSAGE_REFUSED, /* code and why are set; id only if it can be echoed */
	MESSAGE_BATCH, /* refused as well: a JSON array */
	MESSAGE_BLANK, /* white space only */
	MESSAGE_NOISE, /* from a server: plainly no JSON (log output); harmless to pass */
};

enum { MESSAGE_KEY = 104, MESSAGE_METHOD = 128 };

/* JSON-RPC error codes of the refusals. */
enum {
	RPC_PARSE = -32700,
	RPC_INVALID = -32600,
	RPC_NO_METHOD = -32601,
	RPC_PARAMS = -32602,
	RPC_DENIED = 4030, /* outside the reserved range, as the specification asks of own codes */
};

struct message {
	enum message_kind kind;
	struct span line; /* without its line end */
	struct span id, method, params, result, error; /* raw JSON; absent where the member is */
	/* members of params */
	struct span name, arguments, uri, meta, task, cursor, request_id, request_state;
	struct span progress_token; /* of params._meta, or of params in notifications/progress */
	/* of initialize, or of the modern envelope in _meta */
	struct span client_info, capabilities, version;
	char key[MESSAGE_KEY]; /* the id as a pending-table key, "" if absent: see message_key */
	char method_name[MESSAGE_METHOD]; /* decoded */
	const struct method *entry; /* of requests and notifications */
	bool modern; /* carries the envelope of 2026-07-28 or later */
	int code; /* of a refusal */
	const char *why; /* static text */
};

/* `line` is without its "\n"; one "\r" before it is tolerated. */
void message_parse(
	struct message *m, struct json_scan *scan, struct span line, enum method_from from);
/* The same for a line that is JSON-RPC but not MCP (the broker's wire): nothing under params is
 * looked at, entry is NULL. */
void message_parse_frame(struct message *m, struct json_scan *scan, struct span line);
void message_rebase(struct message *m, const char *to); /* `to`: where a copy of m->line begins */

/*
 * Ids as keys. "2" and 2 give the same key: clients coerce, so that an answer to either could be
 * taken for the other; the gate treats them as one. Long ids are replaced by their hash. False if
 * `id` is neither a string nor a safe integer (RFC 8259 token -?digits within 2^53-1, not -0).
 */
bool message_key(struct span id, char key[MESSAGE_KEY]);

/* Puts `bytes` in the place of `span` (which lies in `line`) and returns the new line in *out. The
 * only function that ever changes a line. */
void message_splice(struct span line, struct span span, struct span bytes, struct buf *out);

#endif
