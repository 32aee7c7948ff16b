/*
 * The pane and the socket are a gate's words. So the socket is only compared with the console's
 * own, which is the one that is used then, and the pane is a "%" and digits or none.
 */
#include "config.h"

#include "tui/jump_words.h"

#include <string.h>

#include "core/seat.h"

/* TMUX is SOCKET,PID,SESSION. */
static struct span socket_of(const char *tmux)
{
	struct span socket = span_of(tmux ? tmux : "");
	for (int commas = 0; socket.len && commas < 2;) {
		commas += socket.at[--socket.len] == ',';
	}
	return socket;
}

struct safe_text jump_cannot(
	const struct paint *paint, const struct model_who *who, const struct jump_own *own)
{
	struct span socket = socket_of(own->tmux);
	if (!who->tmux || !seat_is_pane(who->pane)) {
		return safe_printf("its agent sits in no tmux pane that is known");
	}
	if (!socket.len) {
		return safe_printf(
			"this console is not in tmux; its agent is in pane %s of one", who->pane);
	}
	if (!span_is(socket, who->tmux)) {
		struct safe_text other = paint_foreign(paint, span_of(who->tmux), SAFE_ONE_LINE);
		struct safe_text all = safe_printf("its agent is in pane %s of another tmux: %s",
			who->pane, safe_cstr(&other));
		safe_finish(&other);
		return all;
	}
	return own->pane && strcmp(own->pane, who->pane) == 0
		? safe_printf("its agent is in this very pane")
		: (struct safe_text){ 0 };
}
