/*
 * A peer's connection to the broker: finds it, starts one if there is none and that is allowed,
 * connects again with back-off when it goes away. Speaks no protocol: the owner says hello in
 * on_up.
 */
#ifndef BASCULE_IPC_LINK_H
#define BASCULE_IPC_LINK_H

#include "ipc/home.h"
#include "ipc/stream.h"

struct link;

struct link_calls {
	void (*on_up)(void *data); /* connected: send hello */
	void (*on_line)(void *data, struct span line);
	/* the connection went away; the link goes on trying */
	void (*on_down)(void *data, const char *why);
	/* there is no broker and none can be started from here; the link
		goes on looking */
	void (*on_hopeless)(void *data, const char *why);
	void (*on_batch)(void *data); /* all lines of one read were given; may be NULL */
};

struct link_options {
	enum home_socket which;
	/* instead of the lock file's address; then none is started. NULL: look it up */
	const char *socket;
	int fd; /* an inherited, connected socket: no search, no retry; -1: none */
	bool launch; /* may start a broker */
};

/* Borrows paths. Tries at once. */
struct link *link_create(uv_loop_t *loop, struct turn *turn, const struct paths *paths,
	const struct link_options *options, const struct link_calls *calls, void *data);
void link_destroy(struct link *link); /* asynchronous; no callback comes any more */

bool link_is_up(const struct link *link);
void link_send(struct link *link, struct span line); /* with its "\n"; dropped while down */
void link_send_buf(struct link *link, struct buf *line); /* the same; *line is empty afterwards */
void link_flush(struct link *link);
void link_retry(struct link *link); /* somebody waits: try now, and often again */
/* closes this connection and tries again later */
void link_drop(struct link *link, const char *why);

#endif
