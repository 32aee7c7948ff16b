/* For feed.c and feed_ask.c: what a console asks, and how a line to the broker is made. */
#ifndef BASCULE_TUI_FEED_IMPL_H
#define BASCULE_TUI_FEED_IMPL_H

#include "core/jsonw.h"
#include "tui/feed.h"

/* id, method, what its answer and its refusal are told as; the first three are not told as they are
 */
#define REQUESTS(X) \
	X(HELLO, "hello", UP, DOWN) \
	X(WATCH, "watch", UP, DOWN) \
	X(HANDOVER, "handover", UP, DOWN) \
	X(SHOW, "show", SHOWN, SHOW_FAILED) \
	X(DECIDE, "decide", DECIDED, REFUSED) \
	X(EDIT, "edit", EDITED, EDIT_FAILED) \
	X(RELOAD, "reload", RELOADED, RELOAD_FAILED) \
	X(UNDO, "undo", UNDONE, UNDO_FAILED) \
	X(OFFERS, "offers", OFFERS, OFFERS_FAILED) \
	X(TRY, "try_rule", TRIED, TRY_FAILED) \
	X(SAVE, "save_rule", SAVED, SAVE_FAILED) \
	X(DROP, "drop_rule", DROPPED, DROP_FAILED) \
	X(RULES, "rules", RULES, RULES_FAILED) \
	X(SERVERS, "servers", SERVERS, SERVERS_FAILED) \
	X(REVOKE, "revoke", REVOKED, REVOKE_FAILED) \
	X(MASTER, "master", SWITCHED, SWITCH_FAILED) \
	X(MUTE, "mute", MUTED_NOW, MUTE_FAILED) \
	X(HISTORY, "history", HISTORY, HISTORY_FAILED) \
	X(EVENT, "event", EVENT, EVENT_FAILED) \
	X(LIKE, "like", LIKE, LIKE_FAILED)

enum feed_request {
#define X(id, method, answer, refusal) ASK_##id,
	REQUESTS(X)
#undef X
};

/* What a request is remembered by until its answer comes. */
struct feed_about {
	enum feed_request kind;
	const char *call; /* said as its first member; NULL: about none */
	int64_t revision; /* is not said */
	bool approve;
};

/* A line on its way: members of its params are written between begin and end. */
struct feed_line {
	struct buf text;
	struct jsonw w;
};

/* Both false, with nothing to end: there is no connection. */
bool feed_ask(struct feed *feed, struct feed_line *line, const struct feed_about *about);
bool feed_tell(struct feed *feed, struct feed_line *line, const char *method); /* no answer */
void feed_end(struct feed *feed, struct feed_line *line); /* sends it */

#endif
