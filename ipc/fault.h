/*
 * Faults on purpose, in test builds only (-DBASCULE_TESTING): die at a step of a call's life, or
 * run with one of the guards off, so that the tests of the invariants are seen to fail without it.
 * In the product both are nothing.
 */
#ifndef BASCULE_IPC_FAULT_H
#define BASCULE_IPC_FAULT_H

#include "core/life.h"

/* Who dies at a step: the gate or the broker before it is taken, or the broker when it is recorded
 * and nobody was told. */
#define FAULT_WHOS(X) X(GATE, "gate") X(BROKER, "broker") X(KEPT, "kept")

enum fault_who {
#define X(id, name) FAULT_##id,
	FAULT_WHOS(X)
#undef X
};

/* One for each promise that is a check somewhere; the names are those of the tests that turn them
 * off. */
#define GUARDS(X) \
	X(RECORD, "inv01") /* commit before the verdict leaves */ \
	X(BYTES, "inv02") /* the released bytes are the held ones */ \
	X(CLOSED, "inv03") /* not recorded means not allowed */ \
	X(WITHDRAWN, "inv04") /* read the client before letting go */ \
	X(ANCESTRY, "inv08") /* who may decide */

enum fault_guard {
#define X(id, name) GUARD_##id,
	GUARDS(X)
#undef X
};

/* Where a program that replaces a file of the user's can die: each is behind what it names. */
#define FAULT_STEPS(X) \
	X("dirs") /* missing directories were made */ \
	X("aside") /* the new file is there and empty */ \
	X("written") /* it is whole, perhaps not yet on the disk */ \
	X("synced") \
	X("swapped") /* the names were exchanged, the old one is still there */ \
	X("replaced") \
	X("moved") /* the file that goes has another name */ \
	X("removed")
/* The same for its entry in the journal. */
#define FAULT_JOURNAL_STEPS(X) \
	X("noted") \
	X("marked")

#ifdef BASCULE_TESTING
enum { FAULT_VARIABLES = 2 };
/* BASCULE_TEST_FAULT="gate:forward" or "broker:approve[:2]" kills the process (SIGKILL) at that
 * step, the nth time. */
void fault_at(enum fault_who who, enum life_event event);
/* A program that is given a fresh environment gets these too: `env` has room for FAULT_VARIABLES,
 * the rest stays NULL. */
void fault_pass_on(char **env);
/* BASCULE_TEST_GUARD_OFF="inv02" turns that guard off. */
bool guard_on(enum fault_guard guard);
/* BASCULE_TEST_STEP="synced" ends the process (_exit 99) there. */
void fault_step(const char *step);
#else
enum { FAULT_VARIABLES = 0 };
static inline void fault_pass_on(char **env)
{
	(void)env;
}
static inline void fault_at(enum fault_who who, enum life_event event)
{
	(void)who;
	(void)event;
}
static inline void fault_step(const char *step)
{
	(void)step;
}
static inline bool guard_on(enum fault_guard guard)
{
	(void)guard;
	return true;
}
#endif

#endif
