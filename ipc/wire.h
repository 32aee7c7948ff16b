/* Numbers of ipc/PROTOCOL.md that both sides need. */
#ifndef BASCULE_IPC_WIRE_H
#define BASCULE_IPC_WIRE_H

#define WIRE_PROTOCOL "1.0"

enum {
	WIRE_BAD_VERSION = 4001,
	WIRE_REFUSED_PEER = 4002,
	WIRE_NOT_UNDERSTOOD = 4003,
	WIRE_TOO_MANY = 4004,
	WIRE_NO_PREVIEW = 4005,
	WIRE_CHANGED = 4006,
	WIRE_NOT_WAITING = 4007,
	WIRE_NOT_RECORDED = 4008, /* submit again: it will be held, with the reason */
};

#endif
