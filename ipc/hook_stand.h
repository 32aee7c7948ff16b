/*
 * A hook whose call is of an MCP server's tool stands for the gate in front of that server, if the
 * broker knows one (ipc/PROTOCOL.md, `for`): then the call is asked as the server's own, once.
 */
#ifndef BASCULE_IPC_HOOK_STAND_H
#define BASCULE_IPC_HOOK_STAND_H

#include "core/hook.h"
#include "ipc/gate.h"

struct stand {
	struct gate *gate;
	const struct hook_call *call;
	/* both with the gate: the call can be asked now, as this tool; it never can be */
	void (*ask)(struct gate *gate, const char *tool);
	void (*fail)(struct gate *gate, const char *why);
	struct facts own; /* what the gate knew of its own place */
	char *taken; /* JSON: the gate that it stands for; NULL: none */
	const char *tool; /* as it is asked */
	char *why;
	bool asked;
	uv_timer_t timer;
};

/* *s has its first four members set. Asks at once, or when a broker has said whom the call is for.
 */
void stand_begin(struct stand *s, const struct hook_form *form);
/* gate_host.greeted, gate_host.hopeless */
bool stand_greeted(struct stand *s, struct span server);
void stand_hopeless(struct stand *s);

#endif
