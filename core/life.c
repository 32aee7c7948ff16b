/*
 * The table itself. Reading it from top to bottom is reading every promise that is made about a
 * call: what was withdrawn never runs (no row leads out of withdrawn), what was answered is
 * answered once (no row leads out of an end), and nothing is released but from approved or armed.
 */
#include "config.h"

#include "core/life.h"

#include <string.h>

struct row {
	enum life_state state;
	enum life_event event;
	struct life_step step;
};

/* clang-format off */
#define ROW(state, event, next, effect) \
	{ LIFE_##state, LIFE_EV_##event, { LIFE_##next, LIFE_##effect } }
/* clang-format on */

static const struct row rows[] = {
	ROW(HELD, ALLOW, RELEASED, GO),
	ROW(HELD, APPROVE, APPROVED, CHECK),
	ROW(HELD, DENY, DENIED, TELL_DENIED),
	ROW(HELD, PARK, PARKED, RECORD),
	ROW(HELD, WITHDRAW, WITHDRAWN, RECORD),
	ROW(HELD, LOSE, WITHDRAWN, RECORD),
	/* after a reconnect: the same call, still undecided */
	ROW(HELD, RESUBMIT, HELD, RECORD),

	ROW(APPROVED, READY, RELEASED, GO),
	ROW(APPROVED, CHANGED, HELD, ASK_AGAIN),
	ROW(APPROVED, DENY, DENIED, TELL_DENIED), /* policy judged anew */
	ROW(APPROVED, PARK, ARMED, GRANT), /* no room left before the client's deadline */
	ROW(APPROVED, WITHDRAW, WITHDRAWN, RECORD),
	ROW(APPROVED, LOSE, WITHDRAWN, RECORD),
	/* after a reconnect: the decision is kept */
	ROW(APPROVED, RESUBMIT, APPROVED, CHECK),

	ROW(RELEASED, FORWARD, FORWARDED, RECORD),
	/* answered so fast that "forwarded" was left out */
	ROW(RELEASED, FINISH, DONE, RECORD),
	ROW(RELEASED, PARK, ARMED, GRANT), /* the gate's state decides every race */
	ROW(RELEASED, WITHDRAW, WITHDRAWN, RECORD),
	ROW(RELEASED, LOSE, UNKNOWN, RECORD),
	/* the gate never got its "go": it has not run */
	ROW(RELEASED, RESUBMIT, APPROVED, REJUDGE),

	ROW(FORWARDED, FORWARD, FORWARDED, RECORD), /* said again after a reconnect */
	ROW(FORWARDED, FINISH, DONE, RECORD),
	ROW(FORWARDED, LOSE, UNKNOWN, RECORD),

	ROW(PARKED, APPROVE, ARMED, GRANT),
	ROW(PARKED, DENY, DENIED, RECORD), /* the agent has its answer already */
	ROW(PARKED, RESUBMIT, HELD, RECORD),
	ROW(PARKED, WITHDRAW, WITHDRAWN, RECORD),
	ROW(PARKED, EXPIRE, EXPIRED, RECORD),
	ROW(PARKED, LOSE, WITHDRAWN, RECORD),

	ROW(ARMED, RESUBMIT, APPROVED, REJUDGE),
	ROW(ARMED, DENY, DENIED, RECORD), /* taken back in time */
	ROW(ARMED, WITHDRAW, WITHDRAWN, RECORD),
	ROW(ARMED, EXPIRE, EXPIRED, RECORD),
	ROW(ARMED, LOSE, WITHDRAWN, RECORD),
};

static const struct {
	const char *name;
	bool end;
} states[] = {
#define X(id, name, end) [LIFE_##id] = { name, end },
	LIFE_STATES(X)
#undef X
};

static const char *const events[] = {
#define X(id, name) [LIFE_EV_##id] = name,
	LIFE_EVENTS(X)
#undef X
};

struct life_step life_next(enum life_state state, enum life_event event)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (rows[i].state == state && rows[i].event == event) {
			return rows[i].step;
		}
	}
	return (struct life_step){ state, LIFE_REFUSED };
}

bool life_is_end(enum life_state state)
{
	return states[state].end;
}

const char *life_state_name(enum life_state state)
{
	return states[state].name;
}

const char *life_event_name(enum life_event event)
{
	return events[event];
}

bool life_state_parse(const char *name, enum life_state *state)
{
	for (size_t i = 0; i < COUNT_OF(states); i++) {
		if (strcmp(states[i].name, name) == 0) {
			*state = (enum life_state)i;
			return true;
		}
	}
	return false;
}
