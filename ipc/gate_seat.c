/*
 * Where this gate's agent sits, by the environment that the agent was started with: what a gate
 * itself inherits says less, because agents scrub it. A label: the broker looks at the processes
 * above the agent by itself, and believes a pane only where a tmux server is one of them.
 */
#include "config.h"

#include "ipc/gate.h"

#include "core/seat.h"
#include "ipc/peer.h"

#include <unistd.h>

void gate_write_seat(struct jsonw *j)
{
	struct process agent;
	struct buf environment = { 0 };
	if (peer_session(getpid(), &agent) && process_environment(&agent, &environment)) {
		struct seat seat;
		seat_read(&seat, buf_view(&environment));
		jw_key(j, "seat");
		jw_open(j, '{');
		seat_write(&seat, j);
		jw_close(j, '}');
		seat_finish(&seat);
	}
	buf_finish(&environment);
}
