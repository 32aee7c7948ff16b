/*
 * The method table: every method of every protocol revision from 2024-11-05 to 2026-07-28, who may
 * send it, and what the gate does with it.
 *
 * Source: the five published schemas. Columns of `revisions`: A=2024-11-05 B=2025-03-26
 * C=2025-06-18 D=2025-11-25 E=2026-07-28, x = an extension.
 */
#ifndef BASCULE_CORE_METHOD_H
#define BASCULE_CORE_METHOD_H

#include "core/base.h"

enum method_action {
	METHOD_PASS, /* forward the bytes, count it */
	METHOD_INSPECT, /* forward, and keep what is learned from it */
	METHOD_GATE, /* a person or a rule decides first */
	METHOD_REFUSE, /* answered by the gate, or dropped if a notification */
};

enum method_special {
	METHOD_PLAIN,
	METHOD_INITIALIZE,
	METHOD_INITIALIZED,
	METHOD_DISCOVER,
	METHOD_PING,
	METHOD_CANCELLED,
	METHOD_PROGRESS,
	METHOD_TOOLS_LIST,
	METHOD_TOOLS_CHANGED,
	METHOD_TOOLS_CALL,
	METHOD_SAMPLING,
	METHOD_ELICITATION,
};

enum method_from { METHOD_CLIENT = 1, METHOD_SERVER = 2, METHOD_BOTH = 3 };

struct method {
	const char *name;
	const char *revisions;
	enum method_from from;
	bool notification;
	enum method_action action;
	enum method_special special;
};

/* `name` is the decoded method. Never NULL: an unknown request of a client is gated, of a server
 * refused; an unknown notification of a client is held back, of a server passed. */
const struct method *method_find(struct span name, enum method_from from, bool notification);

#endif
