/* The life of a call: every cell of the table, and what must hold along every path through it. */
#include "config.h"

#include "core/life.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { DEPTH = 8 };

#define ROW(state, event, next, effect) \
	{ \
		LIFE_##state, LIFE_EV_##event, LIFE_##next, LIFE_##effect \
	}

/* A second copy of the table, on purpose: a change of a promise has to be made twice. */
static const struct {
	enum life_state state;
	enum life_event event;
	enum life_state next;
	enum life_effect effect;
} steps[] = {
	ROW(HELD, ALLOW, RELEASED, GO),
	ROW(HELD, APPROVE, APPROVED, CHECK),
	ROW(HELD, DENY, DENIED, TELL_DENIED),
	ROW(HELD, PARK, PARKED, RECORD),
	ROW(HELD, WITHDRAW, WITHDRAWN, RECORD),
	ROW(HELD, LOSE, WITHDRAWN, RECORD),
	ROW(HELD, RESUBMIT, HELD, RECORD),
	ROW(APPROVED, READY, RELEASED, GO),
	ROW(APPROVED, CHANGED, HELD, ASK_AGAIN),
	ROW(APPROVED, DENY, DENIED, TELL_DENIED),
	ROW(APPROVED, PARK, ARMED, GRANT),
	ROW(APPROVED, WITHDRAW, WITHDRAWN, RECORD),
	ROW(APPROVED, LOSE, WITHDRAWN, RECORD),
	ROW(APPROVED, RESUBMIT, APPROVED, CHECK),
	ROW(RELEASED, FORWARD, FORWARDED, RECORD),
	ROW(RELEASED, FINISH, DONE, RECORD),
	ROW(RELEASED, PARK, ARMED, GRANT),
	ROW(RELEASED, WITHDRAW, WITHDRAWN, RECORD),
	ROW(RELEASED, LOSE, UNKNOWN, RECORD),
	ROW(RELEASED, RESUBMIT, APPROVED, REJUDGE),
	ROW(FORWARDED, FORWARD, FORWARDED, RECORD),
	ROW(FORWARDED, FINISH, DONE, RECORD),
	ROW(FORWARDED, LOSE, UNKNOWN, RECORD),
	ROW(PARKED, APPROVE, ARMED, GRANT),
	ROW(PARKED, DENY, DENIED, RECORD),
	ROW(PARKED, RESUBMIT, HELD, RECORD),
	ROW(PARKED, WITHDRAW, WITHDRAWN, RECORD),
	ROW(PARKED, EXPIRE, EXPIRED, RECORD),
	ROW(PARKED, LOSE, WITHDRAWN, RECORD),
	ROW(ARMED, RESUBMIT, APPROVED, REJUDGE),
	ROW(ARMED, DENY, DENIED, RECORD),
	ROW(ARMED, WITHDRAW, WITHDRAWN, RECORD),
	ROW(ARMED, EXPIRE, EXPIRED, RECORD),
	ROW(ARMED, LOSE, WITHDRAWN, RECORD),
};

static void table_test(void **state)
{
	(void)state;
	for (int s = 0; s < LIFE_STATE_COUNT; s++) {
		for (int e = 0; e < LIFE_EVENT_COUNT; e++) {
			struct life_step expected = { (enum life_state)s, LIFE_REFUSED };
			for (size_t i = 0; i < COUNT_OF(steps); i++) {
				if ((int)steps[i].state == s && (int)steps[i].event == e) {
					expected = (struct life_step){ steps[i].next,
						steps[i].effect };
				}
			}
			struct life_step step = life_next((enum life_state)s, (enum life_event)e);
			if (step.next != expected.next || step.effect != expected.effect) {
				print_error("%s + %s gives %s\n",
					life_state_name((enum life_state)s),
					life_event_name((enum life_event)e),
					life_state_name(step.next));
				fail();
			}
		}
	}
}

/* What is known of a call from the events that were taken alone. */
struct past {
	bool allowed; /* policy let it pass */
	bool approved; /* a person said yes, and nothing has taken it back since */
	bool over; /* withdrawn, denied or expired */
	bool ran; /* the server has, or may have it */
	unsigned released; /* how often */
	unsigned forwarded; /* since the last release */
};

struct search {
	size_t paths, released, forwarded;
	enum life_event trail[DEPTH];
};

static void check(bool good, const struct search *search, int depth, const char *promise)
{
	if (good) {
		return;
	}
	print_error("%s:", promise);
	for (int i = 0; i <= depth; i++) {
		print_error(" %s", life_event_name(search->trail[i]));
	}
	print_error("\n");
	fail();
}

static struct past take(struct search *search, int depth, enum life_state from,
	enum life_event event, struct life_step step, struct past past)
{
	if (event == LIFE_EV_APPROVE) {
		past.approved = true;
	} else if (event == LIFE_EV_CHANGED) {
		past.approved = false;
	} else if (event == LIFE_EV_ALLOW) {
		past.allowed = true;
	}
	if (step.next == LIFE_RELEASED && from != LIFE_RELEASED) {
		bool yes = event == LIFE_EV_ALLOW ||
			(event == LIFE_EV_READY && (past.approved || past.allowed));
		check(yes, search, depth, "released without a yes");
		check(!past.over, search, depth, "released after its end");
		check(!past.ran, search, depth, "released again after it ran");
		past.released++;
		past.forwarded = 0;
		search->released++;
	}
	if (step.next == LIFE_FORWARDED && from != LIFE_FORWARDED) {
		check(from == LIFE_RELEASED && past.released, search, depth,
			"forwarded without a release");
		check(!past.over && !past.ran, search, depth, "forwarded twice, or after its end");
		past.forwarded++;
		past.ran = true;
		check(past.forwarded == 1, search, depth, "forwarded twice on one release");
		search->forwarded++;
	}
	past.over |= step.next == LIFE_WITHDRAWN || step.next == LIFE_DENIED ||
		step.next == LIFE_EXPIRED;
	past.ran |= step.next == LIFE_DONE || step.next == LIFE_UNKNOWN;
	return past;
}

static void explore(struct search *search, enum life_state at, struct past past, int depth)
{
	for (int e = 0; depth < DEPTH && e < LIFE_EVENT_COUNT; e++) {
		enum life_event event = (enum life_event)e;
		struct life_step step = life_next(at, event);
		search->trail[depth] = event;
		search->paths++;
		if (life_is_end(at)) {
			check(step.next == at && step.effect == LIFE_REFUSED, search, depth,
				"left an end");
		}
		if (step.effect == LIFE_REFUSED) {
			check(step.next == at, search, depth, "refused, and yet moved");
			continue; /* the same state with one step less: seen already */
		}
		explore(search, step.next, take(search, depth, at, event, step, past), depth + 1);
	}
}

static void paths_test(void **state)
{
	(void)state;
	struct search search = { 0 };
	explore(&search, LIFE_HELD, (struct past){ 0 }, 0);
	assert_true(search.paths > 10000);
	assert_true(search.released > 100);
	assert_true(search.forwarded > 10);
}

/* Each effect tells the broker enough: what is released is committed, what was decided is durable.
 */
static void effects_test(void **state)
{
	(void)state;
	for (int s = 0; s < LIFE_STATE_COUNT; s++) {
		for (int e = 0; e < LIFE_EVENT_COUNT; e++) {
			struct life_step step = life_next((enum life_state)s, (enum life_event)e);
			if (step.next == LIFE_RELEASED && s != LIFE_RELEASED) {
				assert_int_equal(step.effect, LIFE_GO);
			} else if (step.effect == LIFE_GO) {
				assert_int_equal(step.next, LIFE_RELEASED);
			}
			if (step.next == LIFE_ARMED && s != LIFE_ARMED) {
				assert_int_equal(step.effect, LIFE_GRANT);
			}
			if (step.next == LIFE_APPROVED && step.effect != LIFE_REFUSED) {
				assert_true(
					step.effect == LIFE_CHECK || step.effect == LIFE_REJUDGE);
			}
		}
	}
}

static void names_test(void **state)
{
	(void)state;
	static const char *const ends[] = { "done", "denied", "withdrawn", "expired", "unknown" };
	unsigned count = 0;
	for (int s = 0; s < LIFE_STATE_COUNT; s++) {
		enum life_state parsed = LIFE_STATE_COUNT;
		assert_true(life_state_parse(life_state_name((enum life_state)s), &parsed));
		assert_int_equal(parsed, s);
		bool end = false;
		for (size_t i = 0; i < COUNT_OF(ends); i++) {
			end |= strcmp(ends[i], life_state_name((enum life_state)s)) == 0;
		}
		assert_int_equal(life_is_end((enum life_state)s), end);
		count += end;
	}
	assert_int_equal(count, COUNT_OF(ends));
	enum life_state untouched = LIFE_HELD;
	assert_false(life_state_parse("", &untouched));
	assert_false(life_state_parse("Held", &untouched));
	assert_int_equal(untouched, LIFE_HELD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_test),
		cmocka_unit_test(paths_test),
		cmocka_unit_test(effects_test),
		cmocka_unit_test(names_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
