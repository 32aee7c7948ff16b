/*
 * The console's side of the decision socket (ipc/PROTOCOL.md): finds a broker, says hello, watches,
 * asks, decides, and comes back after a loss. What it hears it hands on as notes; it keeps no
 * queue.
 */
#ifndef BASCULE_TUI_FEED_H
#define BASCULE_TUI_FEED_H

#include "core/base.h"

struct paths;
struct uv_loop_s;

enum feed_kind {
	FEED_UP, /* said hello; a snapshot follows */
	FEED_DOWN, /* `text`: why; it goes on trying, unless `final` */
	FEED_SNAPSHOT, /* `json` is the object, here and below */
	FEED_ITEM,
	FEED_GONE,
	FEED_COUNTERS,
	FEED_PASSED,
	FEED_MASTER,
	FEED_ATTENTION, /* ring */
	FEED_MUTED,
	FEED_TROUBLE, /* `json`: {text, policy} */
	FEED_SHOWN, /* answer to feed_show: `call`, `json` */
	FEED_SHOW_FAILED, /* `call`, `code`, `text` */
	FEED_DECIDED, /* answer to feed_decide: `call`, `json` */
	FEED_REFUSED, /* `call`, `code`, `text` */
	FEED_EDITED, /* answer to feed_edit; the item follows */
	FEED_EDIT_FAILED,
	FEED_RELOADED, /* answer to feed_reload */
	FEED_RELOAD_FAILED,
	FEED_UNDONE,
	FEED_UNDO_FAILED,
	FEED_OFFERS, /* answer to feed_offers: `call`, `json`; failed as above, here and below */
	FEED_OFFERS_FAILED,
	FEED_TRIED,
	FEED_TRY_FAILED,
	FEED_SAVED,
	FEED_SAVE_FAILED,
	FEED_DROPPED, /* answer to feed_drop_rule */
	FEED_DROP_FAILED,
	FEED_RULES,
	FEED_RULES_FAILED,
	FEED_SERVERS,
	FEED_SERVERS_FAILED,
	FEED_MUTED_NOW, /* answer to feed_mute; `json` is as of the notification */
	FEED_MUTE_FAILED,
	FEED_SWITCHED, /* answer to feed_master; `json` is as of the notification */
	FEED_SWITCH_FAILED,
	FEED_HISTORY,
	FEED_HISTORY_FAILED,
	FEED_LIKE, /* answer to feed_like: `call`, `json` */
	FEED_LIKE_FAILED,
	FEED_EVENT,
	FEED_EVENT_FAILED,
	FEED_REVOKED,
	FEED_REVOKE_FAILED,
	FEED_KIND_COUNT
};

/* What a yes leaves behind: `width` is one that was offered. */
struct feed_grant {
	const char *width;
	int minutes, uses; /* 0: no bound of that kind */
};

/* What a person says of a call. */
struct feed_decision {
	bool approve;
	struct span reason; /* of a denial; absent: none */
	const struct feed_grant *grant; /* of an approval; NULL: none */
	int delay_ms; /* it can be taken back for so long */
	int64_t shown_ms; /* what is decided on was on the screen for so long; 0: not said */
};

/* Which calls of the history. */
struct feed_page {
	const char *text; /* NULL: all */
	const char *rule; /* NULL: all; else those that it decided, and not `text` */
	int64_t since; /* of a rule: not before, Unix ms */
	int64_t before; /* number; 0: the latest */
	int limit;
};

struct feed_note {
	enum feed_kind kind;
	struct span json; /* borrowed for the call */
	const char *call;
	int64_t revision; /* that the request was made for */
	bool approve; /* DECIDED, REFUSED: which way */
	bool asked; /* the answer to a request */
	bool final;
	int code; /* of the protocol: 4005, 4006, 4007 … */
	const char *text;
};

typedef void feed_fn(void *data, const struct feed_note *note);

struct feed_options {
	const struct paths *paths; /* borrowed */
	int decide_fd; /* a connected socket handed down, or -1: find or start a broker */
	bool launch; /* may start one */
	feed_fn *each;
	void *data;
};

struct feed;

struct feed *feed_create(struct uv_loop_s *loop, const struct feed_options *options);
/* no note comes any more; run the loop to its end before feed_destroy */
void feed_close(struct feed *feed);
void feed_destroy(struct feed *feed);

/* Requests are dropped while there is no connection: the notes say so by FEED_DOWN. */
/* How much of a call is asked for. */
struct feed_wish {
	const char *known; /* the mark of what is here; NULL: nothing */
	bool whole; /* however large it is */
};

void feed_show(struct feed *feed, const char *call, int64_t revision, const struct feed_wish *wish);
void feed_decide(struct feed *feed, const char *call, int64_t revision,
	const struct feed_decision *decision);
/* `arguments`: JSON in one line */
void feed_edit(struct feed *feed, const char *call, int64_t revision, struct span arguments);
void feed_undo(struct feed *feed, const char *call); /* a denial that is not delivered yet */
void feed_offers(struct feed *feed, const char *call, int64_t revision);
/* `rule`: as it was offered for the call */
void feed_try_rule(struct feed *feed, const char *call, int64_t revision, const char *rule);
void feed_save_rule(struct feed *feed, const char *call, int64_t revision, const char *rule);
void feed_rules(struct feed *feed);
void feed_drop_rule(struct feed *feed, const char *rule); /* the one that was saved last */
void feed_servers(struct feed *feed);
void feed_revoke(struct feed *feed, int64_t grant);
void feed_reload(struct feed *feed); /* the rules */
void feed_history(struct feed *feed, const struct feed_page *page);
void feed_event(struct feed *feed, int64_t number);
void feed_like(struct feed *feed, const char *call, int64_t revision);
void feed_master(struct feed *feed, const char *mode); /* "policy", "hold", "deny" */
void feed_mute(struct feed *feed, int minutes); /* 0: rings again */
void feed_active(struct feed *feed); /* a key */
void feed_focus(struct feed *feed, bool in);

#endif
