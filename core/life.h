/*
 * The life of a call: the one table of state x event -> state, effect. Gate, broker, console and
 * the model test use it; nobody else writes a state.
 *
 *   held -> approved -> released -> forwarded -> done
 *     |        |           |
 *     |        +-> armed   +-> unknown (the gate died between "go" and the answer: never run again)
 *     +-> parked -> armed -> released
 *     +-> denied, withdrawn, expired
 *
 * Armed means approved after the agent was told "still waiting": the next identical call passes,
 * once.
 */
#ifndef BASCULE_CORE_LIFE_H
#define BASCULE_CORE_LIFE_H

#include "core/base.h"

/* id, name (stored and shown), is it an end? */
#define LIFE_STATES(X) \
	X(HELD, "held", false) \
	X(APPROVED, "approved", false) /* by a person; the gate has still to confirm */ \
	X(RELEASED, "released", false) /* recorded; the gate may forward */ \
	X(FORWARDED, "forwarded", false) /* the server has it */ \
	X(PARKED, "parked", false) /* the agent was told "not executed, still waiting" */ \
	X(ARMED, "armed", false) /* approved while parked: a one-shot grant */ \
	X(DONE, "done", true) \
	X(DENIED, "denied", true) \
	X(WITHDRAWN, "withdrawn", true) \
	X(EXPIRED, "expired", true) \
	X(UNKNOWN, "unknown", true) /* released, and the gate ended without a word */

enum life_state {
#define X(id, name, end) LIFE_##id,
	LIFE_STATES(X)
#undef X
		LIFE_STATE_COUNT
};

#define LIFE_EVENTS(X) \
	X(ALLOW, "allow") /* policy allowed it as it came */ \
	X(APPROVE, "approve") /* a person said yes */ \
	X(DENY, "deny") /* a person, or policy judged anew, said no */ \
	X(READY, "ready") /* the gate gathered the facts again: as approved */ \
	X(CHANGED, "changed") /* the facts gathered again differ, or policy now holds */ \
	X(FORWARD, "forward") /* the gate handed the bytes to the server */ \
	X(FINISH, "finish") /* the server answered, or the client gave up on a forwarded call */ \
	X(PARK, "park") /* the gate answered "still waiting" */ \
	X(RESUBMIT, "resubmit") /* the client sent an identical call */ \
	X(WITHDRAW, "withdraw") /* cancelled, or the client left */ \
	X(EXPIRE, "expire") /* nobody came back for it */ \
	X(LOSE, "lose") /* the gate is gone for good */

enum life_event {
#define X(id, name) LIFE_EV_##id,
	LIFE_EVENTS(X)
#undef X
		LIFE_EVENT_COUNT
};

/* What the broker must do on a step, before anything else happens to the call. */
enum life_effect {
	LIFE_REFUSED, /* this event means nothing in this state: no change, answer the sender so */
	LIFE_RECORD, /* write the row */
	LIFE_CHECK, /* make the decision durable, then send `check` */
	LIFE_GO, /* commit `released`, then send `go` */
	LIFE_TELL_DENIED, /* record, then send `denied` */
	LIFE_ASK_AGAIN, /* record, back into the queue with what changed, tell the gate */
	LIFE_GRANT, /* make the decision durable; a later identical call passes once */
	LIFE_REJUDGE, /* judge the identical call: as approved -> READY, else CHANGED */
};

struct life_step {
	enum life_state next;
	enum life_effect effect;
};

/* Pure lookup; a step that is not in the table keeps the state and has effect LIFE_REFUSED. */
struct life_step life_next(enum life_state state, enum life_event event);
bool life_is_end(enum life_state state);
const char *life_state_name(enum life_state state);
const char *life_event_name(enum life_event event);
bool life_state_parse(const char *name, enum life_state *state);

#endif
